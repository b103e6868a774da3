//! Base64: strict for images inside other images, lenient for the runs that a scan finds in any text.
//!
//! Owns the set of digits and the errors that are tolerated. The crate `base64` does the work.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Decodes as browsers read `data:` URLs: padding and trailing bits are ignored.
const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Whether a byte is a digit of the standard alphabet or of the URL-safe one.
pub fn is_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// Encodes bytes as one line with padding.
pub fn encode(bytes: &[u8]) -> String {
    ENGINE.encode(bytes)
}

/// Decodes a text in the standard alphabet. ASCII whitespace is skipped, and padding may be missing. `None` where the
/// text is not base64.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    ENGINE.decode(digits).ok()
}

/// Decodes the digits of either alphabet up to the first other byte. ASCII whitespace is skipped, and bits that make no
/// whole byte are dropped.
pub fn decode_prefix(text: &[u8]) -> Vec<u8> {
    let mut digits = Vec::with_capacity(text.len());
    for &byte in text {
        match byte {
            b'-' => digits.push(b'+'),
            b'_' => digits.push(b'/'),
            _ if is_digit(byte) => digits.push(byte),
            _ if byte.is_ascii_whitespace() => {}
            _ => break,
        }
    }
    // A single last digit has only six bits, which is less than a byte.
    if digits.len() % 4 == 1 {
        digits.pop();
    }
    ENGINE.decode(digits).unwrap_or_default()
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
    }

    #[test]
    fn strict_decoding_refuses_what_browsers_refuse() {
        assert_eq!(decode("Zm\n 9v"), Some(b"foo".to_vec()));
        assert_eq!(decode("Zg"), decode("Zg=="));
        assert_eq!((decode("Z"), decode("Zm9v*"), decode("Zg==x"), decode("_-8=")), (None, None, None, None));
    }

    #[test]
    fn lenient_decoding_reads_both_alphabets_until_something_else() {
        assert_eq!(decode_prefix(b"SGVsbG8="), b"Hello");
        assert_eq!(decode_prefix(b"SGVsbG8 \n!SGVsbG8"), b"Hello");
        assert_eq!(decode_prefix(b"_-8="), decode_prefix(b"/+8="));
        assert_eq!(decode_prefix(b"SGVsbG8A1"), b"Hello\0");
        assert_eq!(decode_prefix(b""), b"");
    }
}
