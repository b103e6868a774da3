//! Names of hosts in private networks.
//!
//! Owns the checks of such names (RFC 6762, RFC 8375, ICANN's `.internal`), and the list of names that are the same
//! everywhere.

use std::ops::Range;

use super::{after, before};

/// Names, and domains of names, that are the same in every network.
const EVERYWHERE: &[&str] = &[
    "cluster.local",
    "docker.internal",
    "metadata.google.internal",
    "localhost.localdomain",
    "containers.internal",
];
/// Names of files that end like a domain.
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

/// The longest host name, in bytes.
const LONGEST: usize = 255;

/// The host name that ends with the domain at `at`.
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

/// Whether a name ends at `end`. Code goes on with a dot and a name, or with a bracket: `self.internal.value`.
fn is_end(text: &[u8], end: usize) -> bool {
    let goes_on = |byte: u8| byte.is_ascii_alphanumeric() || b"-_(=@".contains(&byte);
    let dotted = after(text, end, |byte| byte == b'.') && after(text, end + 1, goes_on);
    !after(text, end, goes_on) && !dotted
}

/// Whether a name belongs to a path or to code: `/etc/rc.local`, `$this.local`, `~.local`.
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
