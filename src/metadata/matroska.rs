//! WebM: elements within elements.
//!
//! As with boxes, nothing is moved: an element that shows nothing becomes a void one of the same length. Owns which
//! elements go: tags, attached files, titles, names, dates.

use super::cursor::Cursor;

const HEADER: u64 = 0x1A45_DFA3;
const CLUSTER: u64 = 0x1F43_B675;
/// Segment, its description, tracks, one track, chapters with editions and atoms: their content is walked as well.
const HOLDERS: &[u64] = &[0x1853_8067, 0x1549_A966, 0x1654_AE6B, 0xAE, 0x1043_A770, 0x45B9, 0xB6];
/// Tags; attachments; title, date, names of this, the last and the next file, unique numbers; a track's name; the
/// text of a chapter; checksums, which would no longer hold; void.
const SILENT: &[u64] = &[
    0x1254_C367,
    0x1941_A469,
    0x7BA9,
    0x4461,
    0x7384,
    0x3C_83AB,
    0x3E_83BB,
    0x73A4,
    0x3C_B923,
    0x3E_B923,
    0x536E,
    0x80,
    0xBF,
    0xEC,
];

/// `None` where it is no file of elements.
pub(super) fn clean(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let element = Element::read(&bytes[at..])?;
        if (at == 0) != (element.id == HEADER) {
            return None;
        }
        let known = element.content.filter(|length| *length <= bytes.len() - at - element.head);
        at = match known {
            _ if HOLDERS.contains(&element.id) || (element.id == CLUSTER && element.content.is_none()) => {
                at + element.head
            }
            Some(length) => {
                let end = at + element.head + length;
                if SILENT.contains(&element.id) {
                    silence(&mut out[at..end]);
                }
                end
            }
            None => return None,
        };
    }
    Some(out)
}

struct Element {
    id: u64,
    /// Bytes of name and length.
    head: usize,
    /// Bytes behind them; `None` where the writer did not know.
    content: Option<usize>,
}

impl Element {
    fn read(bytes: &[u8]) -> Option<Element> {
        let mut rest = Cursor(bytes);
        let width = bytes.first()?.leading_zeros() as usize + 1;
        let id = rest.number(width).filter(|_| width <= 4)?;
        let wide = rest.0.first()?.leading_zeros() as usize + 1;
        let most = (1u64 << (7 * wide.min(8))) - 1;
        let length = rest.number(wide)? & most;
        let content = if length == most { None } else { Some(usize::try_from(length).ok()?) };
        Some(Element { id, head: width + wide, content })
    }
}

/// Makes a whole element a void one.
fn silence(element: &mut [u8]) {
    let length = element.len();
    element.fill(0);
    element[0] = 0xEC;
    if length < 9 {
        element[1] = 0x80 | (length - 2) as u8;
    } else {
        element[1..9].copy_from_slice(&((1 << 56) | (length as u64 - 9)).to_be_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::fixtures::{self, TOKEN, holds};

    #[test]
    fn only_what_is_shown_stays_at_its_place() {
        let loud = fixtures::webm_loud();
        assert!(holds(&loud, TOKEN));
        let cleaned = clean(&loud).unwrap();
        assert!(!holds(&cleaned, TOKEN) && holds(&cleaned, "the film"));
        assert_eq!((cleaned.len(), clean(&cleaned)), (loud.len(), Some(cleaned.clone())));
    }

    #[test]
    fn short_elements_can_be_made_void_too() {
        for length in 2..12 {
            let mut element = vec![1; length];
            silence(&mut element);
            let void = Element::read(&element).unwrap();
            assert_eq!((void.id, void.head + void.content.unwrap()), (0xEC, length));
        }
    }
}
