//! Base64, of both alphabets.
//!
//! Owns the table. What is no sign of it ends the text; a rest that makes no whole byte is dropped.

/// The value of each sign; 255 for what is none. `-` and `_` of URLs stand for `+` and `/`.
const VALUES: [u8; 256] = {
    let signs = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut values = [255; 256];
    let mut at = 0;
    while at < 64 {
        values[signs[at] as usize] = at as u8;
        at += 1;
    }
    values[b'-' as usize] = 62;
    values[b'_' as usize] = 63;
    values
};

/// Whether a byte is a sign of either alphabet.
pub fn is_sign(byte: u8) -> bool {
    VALUES[usize::from(byte)] != 255
}

/// Appends what `signs` stand for.
pub fn decode_into(signs: impl IntoIterator<Item = u8>, out: &mut Vec<u8>) {
    let (mut bits, mut count) = (0_u32, 0);
    for value in signs.into_iter().map(|sign| VALUES[usize::from(sign)]).take_while(|value| *value != 255) {
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
        }
    }
}

/// What a text stands for.
pub fn decode(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 3);
    decode_into(text.iter().copied(), &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_alphabets_are_read_with_and_without_padding() {
        assert_eq!(decode(b"SGVsbG8="), b"Hello");
        assert_eq!(decode(b"SGVsbG8"), b"Hello");
        assert_eq!(decode(b"_-8="), decode(b"/+8="));
        assert_eq!(decode(b""), b"");
    }
}
