//! Base64, as pictures inside of pictures are written.
//!
//! Owns reading it, with white space and without the padding, and writing it. Knows no picture.

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The bytes; white space is passed over. `None` where the text is something else.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut sum, mut digits) = (0u32, 0);
    let mut letters = text.bytes().filter(|byte| !byte.is_ascii_whitespace());
    for byte in letters.by_ref().take_while(|byte| *byte != b'=') {
        sum = sum << 6 | u32::from(value(byte)?);
        digits += 1;
        if digits % 4 == 0 {
            out.extend_from_slice(&sum.to_be_bytes()[1..]);
            sum = 0;
        }
    }
    match digits % 4 {
        1 => return None,
        2 => out.push((sum >> 4) as u8),
        3 => out.extend_from_slice(&(sum << 6).to_be_bytes()[1..3]),
        _ => {}
    }
    letters.all(|byte| byte == b'=').then_some(out)
}

fn value(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

/// The text, on one line.
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let sum =
            chunk.iter().chain([&0, &0]).take(3).fold(0usize, |sum, byte| sum << 8 | usize::from(*byte));
        for digit in 0..4 {
            let letter = DIGITS[sum >> (18 - 6 * digit) & 63];
            out.push(if digit <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back() {
        for length in 0..10u8 {
            let bytes: Vec<u8> = (0..length).map(|byte| byte.wrapping_mul(77)).collect();
            assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }
        assert_eq!(decode("Zm\n 9v"), Some(b"foo".to_vec()));
        assert_eq!((decode("Z"), decode("Zm9v*"), decode("Zg==x")), (None, None, None));
    }
}
