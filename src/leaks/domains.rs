//! Names of hosts that only a network of one's own knows.
//!
//! Owns the domains that are meant for such networks (RFC 6762, 8375, ICANN's `.internal`), and the names in them that
//! are the same everywhere.

use std::ops::Range;

use super::{after, before};

/// Names and ends of names that say nothing.
const EVERYWHERE: &[&str] = &[
    "cluster.local",
    "docker.internal",
    "metadata.google.internal",
    "localhost.localdomain",
    "containers.internal",
];
/// Files that end like a domain.
const FILES: &[&str] = &[
    "rc.local",
    "env.local",
    "settings.local",
    "config.local",
    "php.local",
    "gitconfig.local",
    "jail.local",
    "bashrc.local",
];

/// The longest name of a host. Bytes.
const LONGEST: usize = 255;

pub(super) fn host(text: &[u8], at: Range<usize>) -> Option<Range<usize>> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
    let start =
        at.start - text[..at.start].iter().rev().take(LONGEST).take_while(|byte| is_part(**byte)).count();
    let start = start + text[start..at.start].iter().take_while(|byte| b".-".contains(byte)).count();
    if start >= at.start || !is_end(text, at.end) || is_path(text, start) {
        return None;
    }
    let name = text[start..at.end].to_ascii_lowercase();
    let ends = |known: &&str| {
        name.strip_suffix(known.as_bytes()).is_some_and(|rest| rest.is_empty() || rest.ends_with(b"."))
    };
    let sound = name.split(|byte| *byte == b'.').all(|label| !label.is_empty() && label.len() <= 63);
    (sound && !EVERYWHERE.iter().any(ends) && !FILES.iter().any(ends)).then_some(start..at.end)
}

/// Whether the name ends here: code goes on with a dot and a name, or a bracket.
fn is_end(text: &[u8], end: usize) -> bool {
    let goes_on = |byte: u8| byte.is_ascii_alphanumeric() || b"-_(=@".contains(&byte);
    let dotted = after(text, end, |byte| byte == b'.') && after(text, end + 1, goes_on);
    !after(text, end, goes_on) && !dotted
}

/// Whether the name belongs to a path or a word of a program: `/etc/rc.local`, `$this.local`, `~.local`.
fn is_path(text: &[u8], start: usize) -> bool {
    let slash = before(text, start, |byte| byte == b'/') && !text[..start].ends_with(b"//");
    slash || before(text, start, |byte| b"_$~*\\".contains(&byte))
}

#[cfg(test)]
mod tests {
    use crate::leaks::tests::{assert_found, assert_silent};

    #[test]
    fn internal_hosts_are_found() {
        assert_found(
            "leak.domain",
            &[
                "ssh «node1.internal»",
                "https://«grafana.ops.corp»/d/1",
                "«nas.lan».",
                "(«ldap.acme.intranet»)",
                "«printer.local»:631",
                "«router.home.arpa»",
                "root@«db-1.localdomain»",
                "«NODE7.CORP»",
            ],
        );
    }

    #[test]
    fn files_code_and_common_names_are_none() {
        assert_silent(
            "leak.domain",
            &[
                "/etc/rc.local",
                "~/.local/share",
                ".env.local",
                "x.svc.cluster.local",
                "host.docker.internal",
                "metadata.google.internal",
                "threading.local()",
                "self.internal.value",
                "names end in .internal or .lan",
                "localhost.localdomain",
                "a.corporate.org",
                "docs.localhost",
                "*.internal",
                "$this.local",
                "/srv/app.local/x",
                "settings.local",
            ],
        );
    }
}
