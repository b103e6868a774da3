//! Whether a value is real or a placeholder.
//!
//! Owns the lists of placeholders: words such as `changeme`, brackets of templates, values that repeat one character.
//! Also owns the measure of randomness.

/// Words that make a value a placeholder wherever they are in it, in lower case.
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
/// Values that are placeholders as a whole, in lower case.
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
/// The marks that templates, shells and authors use for a part to fill in.
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

/// Whether a value is a placeholder.
pub(super) fn is_placeholder(value: &[u8]) -> bool {
    let small = value.to_ascii_lowercase();
    let holds = |needle: &[u8]| !needle.is_empty() && small.windows(needle.len()).any(|part| part == needle);
    WORDS.iter().any(|word| holds(word.as_bytes()))
        || WHOLE.iter().any(|word| small == word.as_bytes())
        || SIGNS.iter().any(|sign| holds(sign))
        || is_variable(value)
        || repeats(value)
}

/// Whether a value is a variable: `$NAME`, `%NAME%`, `@name@`, but not the hash `$6$…`.
fn is_variable(value: &[u8]) -> bool {
    match value {
        [b'$', second, ..] => second.is_ascii_alphabetic() || *second == b'_',
        [b'%' | b'@', .., last] => last == &value[0],
        _ => false,
    }
}

/// Whether one byte is repeated six times in a row.
fn repeats(value: &[u8]) -> bool {
    value.windows(6).any(|part| part.iter().all(|byte| *byte == part[0]))
}

/// Whether a value is random: its entropy is at least 68 % of the highest that its length and alphabet allow.
pub(super) fn is_random(value: &[u8]) -> bool {
    let signs = if value.iter().all(u8::is_ascii_hexdigit) { 16 } else { 64 };
    let most = (value.len().min(signs) as f64).log2();
    !is_placeholder(value) && entropy(value) >= most * 0.68
}

/// The Shannon entropy of a value, in bits per byte.
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
