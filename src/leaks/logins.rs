//! Passwords in URLs and on command lines.
//!
//! Owns `scheme://user:password@host`, `sshpass -p` and `--password`.

use std::ops::Range;

use super::placeholder::is_placeholder;
use super::{before, run_end};

/// The password of `user:password@` after the `://` at `at`.
pub(super) fn in_address(text: &[u8], at: Range<usize>) -> Option<Range<usize>> {
    let is_part = |byte: u8| byte.is_ascii_graphic() && !b"/:@\"'<>`\\?#".contains(&byte);
    let user = run_end(text, at.end, is_part);
    let scheme = before(text, at.start, |byte| byte.is_ascii_alphanumeric());
    if text.get(user) != Some(&b':') || user == at.end || !scheme {
        return None;
    }
    // A password may contain colons; the user name ends at the first one.
    let end = run_end(text, user + 1, |byte| is_part(byte) || byte == b':');
    let password = &text[user + 1..end];
    let host = text.get(end) == Some(&b'@')
        && text.get(end + 1).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'[');
    (host && password.len() >= 3 && !is_placeholder(password) && password != &text[at.end..user])
        .then_some(user + 1..end)
}

/// The value of `--password VALUE`, `--password=VALUE` or `sshpass -pVALUE`, after the option at `at`.
pub(super) fn on_command_line(text: &[u8], at: Range<usize>) -> Option<Range<usize>> {
    let glued = text[at.clone()].ends_with(b"-p");
    let gap = run_end(text, at.end, |byte| byte == b' ' || byte == b'=');
    if (gap == at.end && !glued) || gap - at.end > 2 {
        return None;
    }
    let open = run_end(text, gap, |byte| b"\"'".contains(&byte));
    let end = run_end(text, open, |byte| byte.is_ascii_graphic() && !b"\"'`<>\\&;|,".contains(&byte));
    let password = &text[open..end];
    // Words of prose, other options and paths are not passwords: `the option --password asks for it`.
    let letters = password.iter().any(u8::is_ascii_alphabetic);
    let other = password.iter().any(|byte| !byte.is_ascii_alphabetic());
    let sound =
        password.len() >= 6 && letters && other && !password.starts_with(b"-") && !password.starts_with(b"/");
    (sound && !is_placeholder(password)).then_some(open..end)
}

#[cfg(test)]
mod tests {
    use crate::leaks::tests::{assert_found, assert_silent};

    #[test]
    fn passwords_in_addresses_and_commands_are_found() {
        assert_found(
            "leak.password",
            &[
                "https://deploy:«gr3en-tea»@git.example.org/x.git",
                "mysql://root:«Wald1234»@db1/nova",
                "amqp://openstack:«sUmmer»@10.0.0.1:5672//",
                "see <ftp://ops:«letmein!»@files.example>",
                "postgres://app:«a:b:c9»@[::1]/x",
                "sshpass -p «Adm1n!pw» ssh root@host",
                "mysqldump --password=«Tr0ub4dor» nova",
                "openstack --os-password '«k4tze!»' token issue",
                "sshpass -p'«geh31m»' scp x",
            ],
        );
    }

    #[test]
    fn addresses_without_a_password_are_none() {
        assert_silent(
            "leak.password",
            &[
                "https://user:password@host.example/",
                "https://deploy@git.example.org/x.git",
                "https://example.org:8080/@user",
                "https://user:<password>@host/",
                "https://${USER}:${PASSWORD}@host/",
                "postgres://postgres:postgres@localhost/db",
                "sshpass -p \"$PASSWORD\" ssh host",
                "sshpass -p <password> ssh host",
                "mysql --password --user root",
                "--password-file /etc/pw1",
                "--password=changeme1",
                "the option --password asks for it",
                "http://[fe80::1]:80/a:b@c",
            ],
        );
    }
}
