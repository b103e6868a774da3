//! Other inputs made of those that there are.
//!
//! Owns the ways in which an input is changed where no coverage leads: words of the dictionary are put in, pieces are
//! taken out, doubled, moved and taken from other inputs. The same numbers make the same inputs.

/// A small generator of random numbers (xorshift).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `end`; zero where that is zero.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 33) as usize) % end.max(1)
    }
}

/// The largest input that is made: what goes wrong mostly does so in a small one.
const LARGEST: usize = 16 * 1024;

/// What inputs are made of.
pub struct Mutator {
    pub seeds: Vec<Vec<u8>>,
    words: Vec<Vec<u8>>,
    random: Random,
}

impl Mutator {
    pub fn new(seeds: Vec<Vec<u8>>, seed: u64) -> Mutator {
        let words = dictionary(include_str!("../dictionary.txt"));
        Mutator { seeds, words, random: Random::new(seed) }
    }

    /// The next input: one that there is, changed between one and eight times.
    pub fn next(&mut self) -> Vec<u8> {
        let at = self.random.below(self.seeds.len());
        let mut input = self.seeds.get(at).cloned().unwrap_or_default();
        for _ in 0..1 + self.random.below(8) {
            self.change(&mut input);
        }
        input.truncate(LARGEST);
        input
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let range = self.range(input);
        match self.random.below(8) {
            0 | 1 => {
                let word = self.random.below(self.words.len());
                input.splice(range.start..range.start, self.words[word].iter().copied());
            }
            2 => {
                let word = self.random.below(self.words.len());
                input.splice(range, self.words[word].iter().copied());
            }
            3 => drop(input.drain(range)),
            4 => {
                let piece = input[range.clone()].to_vec();
                input.splice(range.start..range.start, piece);
            }
            5 => {
                let piece: Vec<u8> = input.drain(range).collect();
                let at = self.boundary(input);
                input.splice(at..at, piece);
            }
            6 => {
                let other = self.random.below(self.seeds.len());
                let Some(other) = self.seeds.get(other) else { return };
                let other = other.clone();
                let piece = other[self.range(&other)].to_vec();
                input.splice(range, piece);
            }
            _ => {
                if let Some(byte) = input.get_mut(range.start) {
                    let bit = self.random.below(8);
                    *byte ^= 1 << bit;
                }
            }
        }
    }

    /// A piece: some bytes, or some lines.
    fn range(&mut self, input: &[u8]) -> std::ops::Range<usize> {
        let (one, other) = (self.boundary(input), self.boundary(input));
        let (start, end) = (one.min(other), one.max(other));
        if self.random.below(2) == 0 { start..end.min(start + 1 + self.random.below(24)) } else { start..end }
    }

    /// A place between two characters, every other time at the start of a line.
    fn boundary(&mut self, input: &[u8]) -> usize {
        let mut at = self.random.below(input.len() + 1);
        if self.random.below(2) == 0 {
            return input[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        }
        while at < input.len() && input[at] & 0xC0 == 0x80 {
            at += 1;
        }
        at
    }
}

/// The words of a dictionary as libFuzzer reads it: one in quotation marks on a line, bytes as `\xHH`.
fn dictionary(text: &str) -> Vec<Vec<u8>> {
    let quoted = |line: &str| line.strip_prefix('"')?.strip_suffix('"').map(unescape);
    text.lines().filter_map(|line| quoted(line.trim())).collect()
}

fn unescape(word: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = word.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'\\' {
            out.push(*first);
            continue;
        }
        let hex = tail.get(1..3).and_then(|hex| std::str::from_utf8(hex).ok());
        match (tail.first(), hex.and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
            (Some(b'x'), Some(byte)) => {
                out.push(byte);
                rest = &tail[3..];
            }
            (Some(other), _) => {
                out.push(*other);
                rest = &tail[1..];
            }
            (None, _) => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_inputs() {
        let inputs = |seed| {
            let mut mutator =
                Mutator::new(vec![b"# A\n\nWords.\n".to_vec(), "é\n".repeat(40).into_bytes()], seed);
            (0..200).map(|_| mutator.next()).collect::<Vec<_>>()
        };
        assert_eq!(inputs(3), inputs(3));
        assert_ne!(inputs(3), inputs(4));
        assert!(inputs(3).iter().all(|input| input.len() <= LARGEST));
    }

    #[test]
    fn words_are_read_as_libfuzzer_reads_them() {
        assert_eq!(dictionary("# no word\n\"a\\x0a\\\\\\\"\"\n"), [b"a\n\\\""]);
    }
}
