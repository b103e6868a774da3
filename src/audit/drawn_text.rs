//! The text that a PDF shows.
//!
//! Programs write a word in pieces, with the distances between its letters: `[(Pa) -20 (ris)] TJ`. Owns the joining of
//! these pieces (ISO 32000-1, 9.4.3). Strings in a font with an encoding of its own cannot be read.

use super::view::{DecodeStep, DecodedView, ViewDecoder};

/// The distance above which letters belong to two words, in thousandths of the font size.
const GAP: f64 = 160.0;

/// The text between the operators `BT` and `ET`; `None` where there is none.
pub(super) fn text(view: &DecodedView<'_>) -> Option<DecodedView<'static>> {
    let bytes = &*view.bytes;
    if !["Tj", "TJ"].iter().any(|shows| bytes.windows(2).any(|pair| pair == shows.as_bytes())) {
        return None;
    }
    let mut drawing = DrawnTextReader { bytes, maker: ViewDecoder::new(view), at: 0 };
    let mut shown = false;
    while let Some(word) = drawing.next_word() {
        match &bytes[word.clone()] {
            b"BT" => shown = true,
            b"ET" => shown = false,
            // The text goes on in another line or at another position: these are never one word.
            b"Td" | b"TD" | b"T*" | b"Tm" | b"'" | b"\"" if shown => {
                drawing.maker.push_decoded(word.start, b"\n")
            }
            b"(" if shown => drawing.string(),
            b"<" if shown => drawing.hexadecimal(),
            // `TJ` subtracts a number from the position, so a negative one makes a gap.
            number if shown => {
                let number = std::str::from_utf8(number).ok().and_then(|number| number.parse::<f64>().ok());
                if number.is_some_and(|number| number < -GAP) {
                    drawing.maker.push_decoded(word.start, b" ");
                }
            }
            _ => {}
        }
    }
    drawing.maker.finish(DecodeStep::Drawn)
}

/// Reads the operators and strings of a content stream, word by word.
struct DrawnTextReader<'v, 'a> {
    bytes: &'v [u8],
    maker: ViewDecoder<'v, 'a>,
    /// The offset of the next byte to read.
    at: usize,
}

impl DrawnTextReader<'_, '_> {
    /// The range of the next word. An opening bracket is a word of its own.
    fn next_word(&mut self) -> Option<std::ops::Range<usize>> {
        let is_space =
            |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, 0 | b'[' | b']' | b')' | b'>');
        let start = self.at + self.bytes[self.at..].iter().position(|byte| !is_space(byte))?;
        let is_open = |byte: &u8| matches!(byte, b'(' | b'<');
        let length = match self.bytes[start..].iter().position(|byte| is_space(byte) || is_open(byte)) {
            Some(length) => length.max(1),
            None => self.bytes.len() - start,
        };
        self.at = start + length;
        Some(start..self.at)
    }

    /// Reads a string in round brackets, which may contain balanced pairs of them.
    fn string(&mut self) {
        let mut depth = 1;
        let mut from = self.at;
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'(' => depth += 1,
                b')' => depth -= 1,
                b'\\' => {
                    self.maker.copy(from..self.at);
                    self.escape();
                    from = self.at;
                    continue;
                }
                _ => {}
            }
            if depth == 0 {
                break;
            }
            self.at += 1;
        }
        self.maker.copy(from..self.at);
        self.at = self.bytes.len().min(self.at + 1);
    }

    /// Reads an escape sequence, from its backslash on.
    fn escape(&mut self) {
        let start = self.at;
        let rest = &self.bytes[start + 1..];
        let digits = rest.iter().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
        if digits > 0 {
            let octal = rest[..digits].iter().fold(0_u32, |value, digit| value * 8 + u32::from(digit - b'0'));
            self.maker.push_decoded(start, &[octal as u8]);
            self.at += 1 + digits;
            return;
        }
        match rest.first() {
            Some(byte @ (b'(' | b')' | b'\\')) => self.maker.push_decoded(start, &[*byte]),
            Some(b'n' | b'r' | b't' | b'b' | b'f') => self.maker.push_decoded(start, b" "),
            // A backslash before a line end continues the line, before any other character it is ignored.
            _ => {}
        }
        self.at = self.bytes.len().min(start + 2);
    }

    /// Reads a string of hexadecimal digits, one or two bytes for each letter.
    fn hexadecimal(&mut self) {
        let start = self.at;
        let mut letters = Vec::new();
        let mut high = None;
        while let Some(byte) = self.bytes.get(self.at).filter(|byte| **byte != b'>') {
            self.at += 1;
            let Some(digit) = char::from(*byte).to_digit(16) else {
                if byte.is_ascii_whitespace() { continue } else { return }
            };
            match high.take() {
                None => high = Some(digit),
                Some(high) => letters.push((high * 16 + digit) as u8),
            }
        }
        // The first of two bytes is zero for ASCII letters; without the zeros the letters are one word.
        letters.retain(|letter| *letter != 0);
        self.maker.push_decoded(start, &letters);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(stream: &str) -> Option<String> {
        let view = DecodedView::file(stream.as_bytes());
        text(&view).map(|view| String::from_utf8_lossy(&view.bytes).into_owned())
    }

    #[test]
    fn pieces_of_a_word_are_one_word() {
        let line = |operators: &str| shown(&format!("q BT /F1 12 Tf 20 100 Td {operators} ET Q"));
        assert_eq!(line("[(CANA) -20 (RY)] TJ").as_deref(), Some("\nCANARY"));
        assert_eq!(line("(CANA) Tj (RY) Tj").as_deref(), Some("\nCANARY"));
        assert_eq!(line("(\\103ANA\\\nRY) Tj").as_deref(), Some("\nCANARY"));
        assert_eq!(line("[<43414e41> 3 <0052 0059>] TJ").as_deref(), Some("\nCANARY"));
        assert_eq!(line("(a \\(b\\) \\\\ (c)) Tj").as_deref(), Some("\na (b) \\ (c)"));
    }

    #[test]
    fn words_and_lines_stay_apart() {
        assert_eq!(shown("BT [(One)-333(two)] TJ 0 -14 Td (three) Tj ET").as_deref(), Some("One two\nthree"));
        assert_eq!(shown("(outside) Tj BT ET"), None);
        assert_eq!(shown("BT (no operator) ET"), None);
    }

    #[test]
    fn no_bytes_are_too_odd() {
        for stream in
            ["Tj BT (", "Tj BT (\\", "Tj BT <4", "Tj BT <zz>", "Tj BT (((((", "Tj BT (\\777)", "TjBT"]
        {
            let _ = shown(stream);
        }
    }
}
