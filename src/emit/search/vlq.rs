//! Numbers as text, in a variable number of characters.
//!
//! Owns the encoding: five bits in each character, the lowest first, and a sixth bit if more follow. JSON does not
//! escape the alphabet. Small numbers, of which an index is full, take one character.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Appends the encoded number to `out`.
pub fn push(out: &mut String, mut number: u32) {
    loop {
        let low = (number & 31) as usize;
        number >>= 5;
        out.push(char::from(ALPHABET[low | if number > 0 { 32 } else { 0 }]));
        if number == 0 {
            return;
        }
    }
}

/// Encodes numbers, which must ascend, as the steps between them.
pub fn ascending(numbers: impl Iterator<Item = u32>) -> String {
    let mut out = String::new();
    push_ascending(&mut out, numbers);
    out
}

/// Appends to `out` what [`ascending`] returns.
pub fn push_ascending(out: &mut String, numbers: impl Iterator<Item = u32>) {
    let mut last = 0;
    for number in numbers {
        push(out, number - last);
        last = number;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_numbers_take_one_character() {
        let spell = |number| {
            let mut out = String::new();
            push(&mut out, number);
            out
        };
        assert_eq!([0, 1, 31, 32, 1023, 1024].map(spell), ["A", "B", "f", "gB", "_f", "ggB"]);
        assert_eq!(ascending([3, 4, 36].into_iter()), "DBgB");
    }
}
