//! E-mail addresses.
//!
//! Owns their syntax, and the lists of addresses that are not leaks: examples (RFC 2606), roles and placeholders.

use std::ops::Range;

use super::{before, run_end};

/// Endings that are not public top-level domains: `logo@2x.png`, `getty@tty1.service`, `root@node1.lan`.
const ENDINGS: &[&str] = &[
    "png",
    "jpg",
    "jpeg",
    "gif",
    "svg",
    "webp",
    "avif",
    "js",
    "mjs",
    "css",
    "json",
    "yaml",
    "yml",
    "html",
    "service",
    "socket",
    "timer",
    "target",
    "mount",
    "slice",
    "path",
    "local",
    "internal",
    "lan",
    "localdomain",
    "txt",
    "conf",
];
/// The most letters of a top-level domain. The few longer ones belong to single companies.
const LONGEST: usize = 13;
/// Reserved top-level domains (RFC 2606).
const RESERVED: &[&str] = &["example", "invalid", "test", "localhost"];
/// Mailboxes of roles and services. They are published so that people write to them (RFC 2142), or belong to no person.
const ROLES: &[&str] = &[
    "abuse",
    "community",
    "conduct",
    "contact",
    "feedback",
    "git",
    "hello",
    "help",
    "hg",
    "hostmaster",
    "info",
    "jobs",
    "legal",
    "mailer-daemon",
    "marketing",
    "news",
    "no-reply",
    "noc",
    "noreply",
    "notifications",
    "office",
    "postmaster",
    "press",
    "privacy",
    "sales",
    "security",
    "support",
    "webmaster",
    "xmpp",
];
/// Placeholders of names, in lower case. A mailbox that contains one is not a leak.
const PLACEHOLDERS: &[&str] = &[
    "firstname",
    "lastname",
    "surname",
    "vorname",
    "nachname",
    "yourname",
    "your-name",
    "your.name",
    "username",
];

/// The e-mail address around the `@` at `at`, if it belongs to a person.
pub(super) fn address(text: &[u8], at: Range<usize>) -> Option<Range<usize>> {
    let is_local = |byte: u8| byte.is_ascii_alphanumeric() || b"._%+-".contains(&byte);
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
    let mut start = at.start - text[..at.start].iter().rev().take_while(|byte| is_local(**byte)).count();
    start += text[start..at.start].iter().take_while(|byte| !byte.is_ascii_alphanumeric()).count();
    let run = run_end(text, at.end, is_host);
    let end = at.end + text[at.end..run].iter().rposition(|byte| byte.is_ascii_alphanumeric())? + 1;
    let (local, host) = (&text[start..at.start], &text[at.end..end]);
    // `ssh://root@host`, `user:me@host` and `$USER@host` are logins.
    let login = before(text, start, |byte| b"@/:$}".contains(&byte)) && !text[..start].ends_with(b"mailto:");
    let sound = (1..=64).contains(&local.len()) && !login && is_domain(host);
    (sound && !is_impersonal(local) && !is_example(host) && text.get(run) != Some(&b'@'))
        .then_some(start..end)
}

/// Whether a mailbox belongs to a role, or its name is a placeholder.
fn is_impersonal(local: &[u8]) -> bool {
    let small = String::from_utf8_lossy(local).to_ascii_lowercase();
    let whole = ["name", "you", "user", "me", "someone"];
    whole.contains(&&*small)
        || ROLES.contains(&&*small)
        || PLACEHOLDERS.iter().any(|part| small.contains(part))
}

fn is_domain(host: &[u8]) -> bool {
    let labels: Vec<&[u8]> = host.split(|byte| *byte == b'.').collect();
    let is_label =
        |label: &&[u8]| (1..=63).contains(&label.len()) && !label.starts_with(b"-") && !label.ends_with(b"-");
    let Some((last, others)) = labels.split_last() else { return false };
    let letters = (2..=LONGEST).contains(&last.len()) && last.iter().all(u8::is_ascii_alphabetic);
    // An ending in mixed case is not a top-level domain: `ResetType@Redfish.AllowableValues` is not an address.
    let even = !last.iter().skip(1).any(u8::is_ascii_uppercase) || last.iter().all(u8::is_ascii_uppercase);
    let known = |ending: &&str| last.eq_ignore_ascii_case(ending.as_bytes());
    !others.is_empty() && labels.iter().all(is_label) && letters && even && !ENDINGS.iter().any(known)
}

/// Whether a host is an example: `example.*`, `mail.example.org`, or a name in a reserved domain.
fn is_example(host: &[u8]) -> bool {
    let small = host.to_ascii_lowercase();
    let labels: Vec<&[u8]> = small.split(|byte| *byte == b'.').collect();
    let reserved = RESERVED.iter().any(|top| labels.last() == Some(&top.as_bytes()));
    reserved || labels.len() >= 2 && labels[labels.len() - 2] == b"example"
}

#[cfg(test)]
mod tests {
    use crate::leaks::tests::{assert_found, assert_silent};

    #[test]
    fn addresses_are_found() {
        assert_found(
            "leak.email",
            &[
                "write to «anna.berg@acme-cloud.net».",
                "<a href=\"mailto:«ops+night@acme.io»\">",
                "(«o.k@sub.domain.co.uk»)",
                "From: «MAX@ACME.COM»",
                "«first_last@acme.cloud»,«x@y.org»",
            ],
        );
    }

    #[test]
    fn examples_logins_and_file_names_are_none() {
        assert_silent(
            "leak.email",
            &[
                "anna@example.org",
                "ops@mail.example.com",
                "x@handbook.example",
                "a@b.invalid",
                "a@c.test",
                "git@github.com:x/y",
                "ssh://root@host.acme.io/",
                "logo@2x.png",
                "systemctl status getty@tty1.service",
                "@ansible/core.x",
                "npm i react@18.2.0",
                "@someone@mastodon.social",
                "root@node1",
                "quay.io/x@sha256:abc",
                "user:me@host.acme.io",
                "noreply@acme.io",
                "Security@acme.io",
                "ResetType@Redfish.AllowableValues",
                "firstname.lastname@acme.io",
                "noreply+$CUSTOMER@acme.io",
                "resettype@redfish.allowablevalues",
            ],
        );
    }
}
