//! Digests by which programs name things: MD5, SHA-1, SHA-256.
//!
//! Owns the three functions. They protect nothing here: they only tell whether a digest in a file is that of a word, so
//! plain code that the published examples test is enough. BLAKE3 comes from its crate.

/// All digests of a text with their names, as small hexadecimal digits.
pub(super) fn all(text: &[u8]) -> [(&'static str, String); 4] {
    [
        ("MD5", hex(&md5(text))),
        ("SHA-1", hex(&sha1(text))),
        ("SHA-256", hex(&sha256(text))),
        ("BLAKE3", blake3::hash(text).to_hex().to_string()),
    ]
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The text with a one, zeros and its length in bits, in blocks of 64 bytes (RFC 1321 §3.1, FIPS 180-4 §5.1.1).
fn padded(text: &[u8], length: [u8; 8]) -> Vec<u8> {
    let mut bytes = text.to_vec();
    bytes.push(0x80);
    bytes.resize(bytes.len().next_multiple_of(64) + if bytes.len() % 64 > 56 { 64 } else { 0 }, 0);
    let end = bytes.len() - 8;
    bytes[end..].copy_from_slice(&length);
    bytes
}

fn bits(text: &[u8]) -> u64 {
    text.len() as u64 * 8
}

/// The words of a block.
fn words(block: &[u8], read: fn([u8; 4]) -> u32) -> impl Iterator<Item = u32> {
    block.chunks_exact(4).map(move |word| read([word[0], word[1], word[2], word[3]]))
}

/// RFC 1321.
fn md5(text: &[u8]) -> Vec<u8> {
    const TURNS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
    let mut state: [u32; 4] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
    for block in padded(text, bits(text).to_le_bytes()).chunks_exact(64) {
        let words: Vec<u32> = words(block, u32::from_le_bytes).collect();
        let [mut a, mut b, mut c, mut d] = state;
        for step in 0..64 {
            let (mix, word) = match step / 16 {
                0 => ((b & c) | (!b & d), step),
                1 => ((d & b) | (!d & c), 5 * step + 1),
                2 => (b ^ c ^ d, 3 * step + 5),
                _ => (c ^ (b | !d), 7 * step),
            };
            let sine = (((step + 1) as f64).sin().abs() * 4_294_967_296.0) as u32;
            let sum = a.wrapping_add(mix).wrapping_add(sine).wrapping_add(words[word % 16]);
            (a, d, c) = (d, c, b);
            b = b.wrapping_add(sum.rotate_left(TURNS[step / 16][step % 4]));
        }
        add(&mut state, &[a, b, c, d]);
    }
    state.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// FIPS 180-4 §6.1.
fn sha1(text: &[u8]) -> Vec<u8> {
    let mut state: [u32; 5] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
    for block in padded(text, bits(text).to_be_bytes()).chunks_exact(64) {
        let mut words: Vec<u32> = words(block, u32::from_be_bytes).collect();
        for at in 16..80 {
            words.push((words[at - 3] ^ words[at - 8] ^ words[at - 14] ^ words[at - 16]).rotate_left(1));
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (step, word) in words.iter().enumerate() {
            let (mix, constant) = match step / 20 {
                0 => ((b & c) | (!b & d), 0x5a82_7999),
                1 => (b ^ c ^ d, 0x6ed9_eba1),
                2 => ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc_u32),
                _ => (b ^ c ^ d, 0xca62_c1d6),
            };
            let sum = a.rotate_left(5).wrapping_add(mix).wrapping_add(e).wrapping_add(constant);
            (e, d, c, b) = (d, c, b.rotate_left(30), a);
            a = sum.wrapping_add(*word);
        }
        add(&mut state, &[a, b, c, d, e]);
    }
    state.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// The fractions of roots of the first primes, 32 bits of each (FIPS 180-4 §4.2.2 and §5.3.3).
fn roots(count: usize, root: fn(f64) -> f64) -> impl Iterator<Item = u32> {
    let is_prime = |number: &u32| (2..*number).all(|divisor| !number.is_multiple_of(divisor));
    (2..)
        .filter(is_prime)
        .take(count)
        .map(move |prime| (root(f64::from(prime)).fract() * 4_294_967_296.0) as u32)
}

/// FIPS 180-4 §6.2.
fn sha256(text: &[u8]) -> Vec<u8> {
    let constants: Vec<u32> = roots(64, f64::cbrt).collect();
    let mut state: Vec<u32> = roots(8, f64::sqrt).collect();
    for block in padded(text, bits(text).to_be_bytes()).chunks_exact(64) {
        let mut words: Vec<u32> = words(block, u32::from_be_bytes).collect();
        for at in 16..64 {
            let (early, late) = (words[at - 15], words[at - 2]);
            let first = early.rotate_right(7) ^ early.rotate_right(18) ^ (early >> 3);
            let second = late.rotate_right(17) ^ late.rotate_right(19) ^ (late >> 10);
            words.push(words[at - 16].wrapping_add(first).wrapping_add(words[at - 7]).wrapping_add(second));
        }
        let mut s = state.clone();
        for (word, constant) in words.iter().zip(&constants) {
            let (a, e) = (s[0], s[4]);
            let turned = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
            let first = s[7].wrapping_add(turned).wrapping_add((e & s[5]) ^ (!e & s[6]));
            let first = first.wrapping_add(*constant).wrapping_add(*word);
            let turned = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
            let second = turned.wrapping_add((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
            s.rotate_right(1);
            s[4] = s[4].wrapping_add(first);
            s[0] = first.wrapping_add(second);
        }
        add(&mut state, &s);
    }
    state.iter().flat_map(|word| word.to_be_bytes()).collect()
}

fn add(state: &mut [u32], block: &[u32]) {
    state.iter_mut().zip(block).for_each(|(word, other)| *word = word.wrapping_add(*other));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digests(text: &[u8]) -> [String; 3] {
        let [md5, sha1, sha256, _] = all(text).map(|(_, digest)| digest);
        [md5, sha1, sha256]
    }

    #[test]
    fn the_published_examples_come_out() {
        assert_eq!(
            digests(b""),
            [
                "d41d8cd98f00b204e9800998ecf8427e",
                "da39a3ee5e6b4b0d3255bfef95601890afd80709",
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
            ]
        );
        assert_eq!(
            digests(b"abc"),
            [
                "900150983cd24fb0d6963f7d28e17f72",
                "a9993e364706816aba3e25717850c26c9cd0d89d",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
            ]
        );
        let text = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
        assert_eq!(
            digests(text)[1..],
            [
                "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ]
        );
        assert_eq!(digests(&[b'a'; 1000])[0], "cabe45dcc9ae5b66ba86600cca6b8ba8");
    }
}
