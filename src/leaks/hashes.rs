//! Hashed passwords, as `/etc/shadow` and `htpasswd` hold them.
//!
//! Owns their forms. Whoever has one can try words on it at leisure.

use std::ops::Range;

use crate::rules::LEAK_PASSWORD;

use super::real::is_random;
use super::{Detector, Form, run_end};

pub(super) const DETECTORS: &[Detector] = &[Detector {
    rule: &LEAK_PASSWORD,
    what: "a hashed password",
    triggers: &[
        "$1$", "$5$", "$6$", "$y$", "$2a$", "$2b$", "$2y$", "$apr1$", "$argon2", "$pbkdf2-", "$scrypt$",
        "{SSHA}",
    ],
    form: Form::Found(hash),
}];

/// The last part is the hash, and long.
fn hash(text: &[u8], at: Range<usize>) -> Option<Range<usize>> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"$./+=,-_".contains(&byte);
    let end = run_end(text, at.end, is_part);
    let last = text[at.end..end].rsplit(|byte| *byte == b'$').next()?;
    let digest = last.iter().filter(|byte| byte.is_ascii_alphanumeric() || b"./+".contains(byte)).count();
    (digest >= 22 && is_random(last)).then_some(at.start..end)
}

#[cfg(test)]
mod tests {
    use crate::leaks::tests::{assert_found, assert_silent};
    use crate::leaks::tokens::tests::random;

    #[test]
    fn hashes_are_found() {
        let any = |length, seed| random("Alnum", length, seed);
        let texts = [
            format!("root:«$6$saltsalt${}»:19000:0", any(86, 1)),
            format!("«$5$rounds=5000$salt${}»", any(43, 2)),
            format!("admin:«$apr1$x9y8z7w6${}»", any(22, 3)),
            format!("password: «$2y$10${}»", any(53, 4)),
            format!("«$argon2id$v=19$m=65536,t=3,p=4$c2FsdA${}»", any(43, 5)),
            format!("userPassword: «{{SSHA}}{}=»", any(31, 6)),
        ];
        assert_found("leak.password", &texts.iter().map(String::as_str).collect::<Vec<_>>());
    }

    #[test]
    fn dollars_in_texts_are_none() {
        assert_silent(
            "leak.password",
            &[
                "awk '{print $1$2}'",
                "it costs 5$ or $6$",
                "$6$salt$hash",
                "echo $1$@",
                "$2y$10$…",
                "$1$xxxxxxxxxxxxxxxxxxxxxxxxxx",
            ],
        );
    }
}
