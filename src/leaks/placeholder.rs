//! Whether a value is real or stands for one.
//!
//! Owns what is known of placeholders: words such as `changeme`, brackets of templates, values that repeat one sign, and
//! how random a value is.

/// Words that stand for a value, in small letters.
const WORDS: &[&str] = &[
    "example",
    "changeme",
    "change-me",
    "change_me",
    "placeholder",
    "redacted",
    "withheld",
    "censored",
    "dummy",
    "your-",
    "your_",
    "yourpass",
    "yoursecret",
    "yourtoken",
    "insert",
    "replace",
    "xxxx",
    "....",
    "****",
    "0000000",
    "1234567",
    "abcdef12",
    "deadbeef",
    "foobar",
    "lorem",
];
/// Values that stand for another as a whole, in small letters.
const WHOLE: &[&str] = &[
    "password",
    "passwort",
    "passwd",
    "secret",
    "token",
    "user",
    "pass",
    "pwd",
    "none",
    "null",
    "true",
    "false",
    "test",
    "todo",
    "pw",
    "yourpassword",
    "mypassword",
    "p4ssw0rd",
    "passw0rd",
    "password1",
    "password123",
    "secret123",
    "hunter2",
    "key",
    "value",
    "string",
];
/// Signs that templates, shells and authors put around what is to be filled in.
const SIGNS: &[&[u8]] = &[
    b"{",
    b"}",
    b"<",
    b">",
    b"$(",
    b"${",
    b"(",
    b")",
    b"[",
    b"]",
    b"%s",
    b"...",
    "…".as_bytes(),
    b"***",
    "•".as_bytes(),
];

/// Whether a value only stands for one.
pub(super) fn is_placeholder(value: &[u8]) -> bool {
    let small = value.to_ascii_lowercase();
    let holds = |needle: &[u8]| !needle.is_empty() && small.windows(needle.len()).any(|part| part == needle);
    WORDS.iter().any(|word| holds(word.as_bytes()))
        || WHOLE.iter().any(|word| small == word.as_bytes())
        || SIGNS.iter().any(|sign| holds(sign))
        || is_variable(value)
        || repeats(value)
}

/// `$NAME`, `%NAME%`, `@name@`; `$6$…` is none.
fn is_variable(value: &[u8]) -> bool {
    match value {
        [b'$', second, ..] => second.is_ascii_alphabetic() || *second == b'_',
        [b'%' | b'@', .., last] => last == &value[0],
        _ => false,
    }
}

/// Whether one sign stands six times in a row.
fn repeats(value: &[u8]) -> bool {
    value.windows(6).any(|part| part.iter().all(|byte| *byte == part[0]))
}

/// Whether a value was made by chance: so many bits per sign, of as many signs as there are.
pub(super) fn is_random(value: &[u8]) -> bool {
    let signs = if value.iter().all(u8::is_ascii_hexdigit) { 16 } else { 64 };
    let most = (value.len().min(signs) as f64).log2();
    !is_placeholder(value) && entropy(value) >= most * 0.68
}

/// Shannon's entropy in bits per byte.
pub(super) fn entropy(value: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    value.iter().for_each(|byte| counts[usize::from(*byte)] += 1);
    let length = value.len().max(1) as f64;
    let part = |count: &u32| {
        let share = f64::from(*count) / length;
        -share * share.log2()
    };
    counts.iter().filter(|count| **count > 0).map(part).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_a_value_is_known() {
        let stands = [
            "<password>",
            "${DB_PASSWORD}",
            "$PASSWORD",
            "{{ vault_db }}",
            "changeme",
            "xxxxxxxxxx",
            "%PW%",
            "AKIAIOSFODNN7EXAMPLE",
            "********",
            "get_password()",
            "…",
            "1234567890",
            "aaaaaaaaab",
        ];
        for value in stands {
            assert!(is_placeholder(value.as_bytes()), "{value}");
        }
        for value in ["Tr0ub4dor&3", "$6$salt$hash", "s3cr3t!x", "kV8wzP2n"] {
            assert!(!is_placeholder(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn chance_is_told_from_words() {
        for value in ["f3k9Xw2mQ8vL7pRz", "9f86d081884c7d659a2feaa0c55ad015"] {
            assert!(is_random(value.as_bytes()), "{value}");
        }
        for value in ["aaaabbbbccccdddd", "0101010101010101", "nonononononono"] {
            assert!(!is_random(value.as_bytes()), "{value}");
        }
    }
}
