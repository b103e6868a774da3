//! AVIF: boxes within boxes (ISO/IEC 14496-12).
//!
//! Owns the choice of boxes. Many boxes refer to others by file offset, so nothing is moved: a box that shows nothing
//! becomes a box `free` of the same length, filled with zeros. The bytes of EXIF and XMP are also replaced by zeros.

use std::ops::Range;

use super::byte_reader::Cursor;

/// The most levels of nested boxes. Real files have six.
const DEEPEST: usize = 12;

/// The boxes at the top level that show something, or that readers need to find the others.
const TOP: &[&[u8; 4]] = &[
    b"ftyp", b"styp", b"moov", b"moof", b"mdat", b"mfra", b"sidx", b"ssix", b"pdin", b"meta", b"emsg",
    b"prft",
];
/// The boxes that contain other boxes, some of which may have to be removed.
const HOLDERS: &[&[u8; 4]] = &[b"moov", b"trak", b"mdia", b"minf", b"moof", b"traf", b"mvex"];
/// The boxes within others that show nothing.
const SILENT: &[&[u8; 4]] = &[b"udta", b"meta", b"uuid", b"free", b"skip", b"wide"];

/// The file without metadata, of the same length. `None` where it is not a complete list of boxes.
pub(super) fn clean(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut file = AvifFile { out: bytes.to_vec(), meta: None, data: Vec::new() };
    file.walk(0, bytes.len(), 0)?;
    if let Some(meta) = file.meta.take() {
        file.items(&meta)?;
    }
    Some(file.out)
}

/// A file that is cleaned in place.
struct AvifFile {
    out: Vec<u8>,
    /// The box with the list of items of an image.
    meta: Option<BmffBox>,
    /// The ranges of data that may contain items, in order.
    data: Vec<Range<usize>>,
}

/// A box, with its offsets in the file.
struct BmffBox {
    kind: [u8; 4],
    /// The offset of its name.
    name: usize,
    /// The offset of its content, after the length and the name.
    content: usize,
    end: usize,
}

impl AvifFile {
    /// The box at offset `at`, within another one that ends at `end`.
    fn part(&self, at: usize, end: usize) -> Option<BmffBox> {
        let mut head = Cursor(self.out.get(at..end)?);
        let (short, kind) = (head.u32_be()?, head.array()?);
        // A length of 0 means up to the end, 1 means that the length follows in 64 bits.
        let (content, length) = match short {
            0 => (8, end - at),
            1 => (16, usize::try_from(head.number(8)?).ok()?),
            length => (8, length),
        };
        let end = at.checked_add(length).filter(|stop| *stop <= end)?;
        (length >= content).then_some(BmffBox { kind, name: at + 4, content: at + content, end })
    }

    fn walk(&mut self, start: usize, end: usize, depth: usize) -> Option<()> {
        (depth < DEEPEST).then_some(())?;
        let mut at = start;
        while at < end {
            // QuickTime ends some lists with a zero of 32 bits.
            if depth > 0 && self.out[at..end].iter().take(8).all(|byte| *byte == 0) && end - at < 8 {
                return Some(());
            }
            let part = self.part(at, end)?;
            let end = part.end;
            self.look(part, depth)?;
            at = end;
        }
        Some(())
    }

    /// Cleans one box, if it must change.
    fn look(&mut self, part: BmffBox, depth: usize) -> Option<()> {
        match &part.kind {
            b"meta" if depth == 0 && self.meta.is_none() && self.is_picture(&part) => self.meta = Some(part),
            b"mdat" if depth == 0 => self.data.push(part.content..part.end),
            kind if depth == 0 && !TOP.contains(&kind) => self.silence(&part),
            b"meta" if depth == 0 => self.silence(&part),
            kind if HOLDERS.contains(&kind) => return self.walk(part.content, part.end, depth + 1),
            kind if depth > 0 && SILENT.contains(&kind) => self.silence(&part),
            b"mvhd" | b"tkhd" | b"mdhd" => self.forget_times(&part)?,
            b"hdlr" => self.handler(&part)?,
            _ => {}
        }
        Some(())
    }

    /// Turns a box into a free one.
    fn silence(&mut self, part: &BmffBox) {
        self.out[part.name..part.name + 4].copy_from_slice(b"free");
        self.out[part.content..part.end].fill(0);
    }

    /// Clears the times at which a film and its tracks were created and changed.
    fn forget_times(&mut self, part: &BmffBox) -> Option<()> {
        let wide = *self.out.get(part.content).filter(|_| part.content < part.end)? == 1;
        let times = part.content + 4..part.content + if wide { 20 } else { 12 };
        (times.end <= part.end).then(|| self.out[times].fill(0))
    }

    /// Clears the name of a handler, which may be the name of a camera. Its type stays.
    fn handler(&mut self, part: &BmffBox) -> Option<()> {
        let kind = part.content + 8..part.content + 12;
        (kind.end <= part.end).then_some(())?;
        let name = (part.content + 24).min(part.end)..part.end;
        self.out[name].fill(0);
        Some(())
    }

    fn is_picture(&self, meta: &BmffBox) -> bool {
        let handler = self.part(meta.content + 4, meta.end).filter(|part| &part.kind == b"hdlr");
        handler.is_some_and(|part| self.out[part.content..part.end].get(8..12) == Some(b"pict"))
    }

    /// Fills the items that are not pictures with zeros.
    fn items(&mut self, meta: &BmffBox) -> Option<()> {
        let (mut hidden, mut places, mut data) = (Vec::new(), Vec::new(), 0..0);
        let mut at = meta.content + 4;
        while at < meta.end {
            let part = self.part(at, meta.end)?;
            let content = &self.out[part.content..part.end];
            match &part.kind {
                b"iinf" => hidden = hidden_items(content)?,
                b"iloc" => places = content.to_vec(),
                b"idat" => data = part.content..part.end,
                b"udta" | b"uuid" | b"free" | b"skip" => self.silence(&part),
                b"hdlr" => self.handler(&part)?,
                _ => {}
            }
            at = part.end;
        }
        if hidden.is_empty() {
            return Some(());
        }
        // The lists of a small file may name the same bytes again and again: the budget bounds the work.
        let mut budget = self.out.len();
        each_place(&places, |place| {
            if hidden.binary_search(&place.item).is_err() {
                return Some(());
            }
            // An extent of length zero reaches to the end, and so would clear the picture too.
            budget = budget.checked_sub(place.length).filter(|_| place.length > 0)?;
            self.empty(&place, &data)
        })
    }

    /// Fills a part of an item with zeros. `data` is the content of `idat`.
    fn empty(&mut self, place: &ItemLocation, data: &Range<usize>) -> Option<()> {
        let start = match place.method {
            0 => place.offset,
            1 => data.start.checked_add(place.offset)?,
            _ => return None,
        };
        // A part must lie within one box of data: other boxes must not be overwritten.
        let before = self.data.partition_point(|data| data.start <= start);
        let own = if place.method == 0 { self.data.get(before.checked_sub(1)?)? } else { data };
        let end = start.checked_add(place.length).filter(|end| *end <= own.end)?;
        self.out[start..end].fill(0);
        Some(())
    }
}

/// The location of one extent of an item.
struct ItemLocation {
    item: usize,
    /// The base of the offset: 0 for the file, 1 for the box `idat`.
    method: usize,
    offset: usize,
    length: usize,
}

/// The ids of items that are metadata, such as EXIF or XMP, from the box `iinf`, sorted.
fn hidden_items(content: &[u8]) -> Option<Vec<usize>> {
    let mut rest = Cursor(content);
    let version = rest.take(4)?[0];
    let count = if version == 0 { rest.u16_be() } else { rest.u32_be() }?;
    let mut hidden = Vec::new();
    for _ in 0..count {
        let length = rest.u32_be()?.checked_sub(8)?;
        let kind = rest.array::<4>()?;
        let mut entry = Cursor(rest.take(length)?);
        let version = entry.take(4)?[0];
        if &kind != b"infe" || version < 2 {
            continue;
        }
        let item = if version == 2 { entry.u16_be() } else { entry.u32_be() }?;
        entry.take(2)?;
        if matches!(&entry.array()?, b"Exif" | b"mime" | b"uri ") {
            hidden.push(item);
        }
    }
    hidden.sort_unstable();
    Some(hidden)
}

/// Visits each extent that the box `iloc` lists.
fn each_place(content: &[u8], mut visit: impl FnMut(ItemLocation) -> Option<()>) -> Option<()> {
    let mut rest = Cursor(content);
    let version = rest.take(4)?[0];
    let [sizes, more] = rest.array()?;
    let (offset_size, length_size) = (usize::from(sizes >> 4), usize::from(sizes & 15));
    let (base_size, index_size) =
        (usize::from(more >> 4), if version == 0 { 0 } else { usize::from(more & 15) });
    let number = |rest: &mut Cursor<'_>, size: usize| usize::try_from(rest.number(size)?).ok();
    let count = if version < 2 { rest.u16_be() } else { rest.u32_be() }?;
    for _ in 0..count {
        let item = if version < 2 { rest.u16_be() } else { rest.u32_be() }?;
        let method = if version == 0 { 0 } else { rest.u16_be()? & 15 };
        rest.take(2)?;
        let base = number(&mut rest, base_size)?;
        // If an extent took no bytes in this list, a short list could name tens of thousands of extents.
        let extents =
            rest.u16_be().filter(|count| *count == 0 || offset_size + length_size + index_size > 0)?;
        for _ in 0..extents {
            rest.take(index_size)?;
            let offset = base.checked_add(number(&mut rest, offset_size)?)?;
            visit(ItemLocation { item, method, offset, length: number(&mut rest, length_size)? })?;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::fixtures::{self, TOKEN, holds};

    #[test]
    fn an_image_keeps_its_pictures_and_their_places() {
        let loud = fixtures::avif_loud();
        assert!(holds(&loud, TOKEN));
        let cleaned = clean(&loud).unwrap();
        assert!(!holds(&cleaned, TOKEN) && holds(&cleaned, "the picture"));
        assert_eq!(cleaned.len(), loud.len());
        assert_eq!(clean(&cleaned), Some(cleaned));
    }

    #[test]
    fn what_is_cut_off_is_no_file_of_boxes() {
        let whole = fixtures::avif_loud();
        let top = [0, 20, whole.len()];
        for end in (1..whole.len()).filter(|end| !top.contains(end)) {
            assert!(clean(&whole[..end]).is_none_or(|cleaned| !holds(&cleaned, TOKEN)), "{end}");
        }
    }
}
