//! Rules that need code to check a match.
//!
//! Owns the mapping from rules of `rules.toml` to functions. The expression of such a rule only finds candidates.

use std::ops::Range;

use super::{addresses, domains, logins, mail, password_assignments};

/// The range of the leak, if the match in the given range is part of one.
pub(super) type Validator = fn(&[u8], Range<usize>) -> Option<Range<usize>>;

/// The function of a built-in rule, by its id.
pub(super) fn find(id: &str) -> Option<Validator> {
    Some(match id {
        "email-address" => mail::address,
        "internal-host" => domains::host,
        "password" => password_assignments::password,
        "password-in-address" => logins::in_address,
        "password-on-command-line" => logins::on_command_line,
        "private-ipv4-address" => addresses::version_4,
        "private-ipv6-address" => addresses::version_6,
        "secret-value" => password_assignments::secret,
        _ => return None,
    })
}
