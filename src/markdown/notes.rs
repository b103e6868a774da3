//! What notes taken in HedgeDoc hold beside Markdown: sizes of images, lines that divide slides.
//!
//! Owns their spelling. Each is masked by text of the same length, so every offset stays true: a size becomes blanks
//! and is remembered, a dividing line becomes a horizontal line that no paragraph can turn into a heading.

use std::borrow::Cow;
use std::ops::Range;

use super::directives::{Masked, cover_with, holds};

/// How a text was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Flavor {
    #[default]
    Plain,
    /// In a pad, as notes.
    Notes,
    /// In a pad, as slides: lines of dashes divide them.
    Slides,
}

/// The width and height that an author wants, in pixels.
pub(super) type Size = (Option<u32>, Option<u32>);

/// The width of a page's text, which shares of it are counted from. In pixels.
const TEXT_WIDTH: u32 = 720;

/// Masks what is no Markdown.
pub(super) fn mask<'t>(masked: Masked<'t>, flavor: Flavor) -> Masked<'t> {
    let text = &masked.text;
    let (mut sizes, mut lines) = (sizes(text), dividers(text, flavor));
    if flavor == Flavor::Plain || sizes.is_empty() && lines.is_empty() {
        return masked;
    }
    let code = super::directives::code_ranges(text);
    sizes.retain(|(range, _)| !holds(&code, range.start));
    lines.retain(|range| !holds(&code, range.start));
    let blank = sizes.iter().map(|(range, _)| (range.clone(), b' '));
    let changes: Vec<(Range<usize>, u8)> =
        blank.chain(lines.into_iter().map(|range| (range, b'_'))).collect();
    let text = Cow::Owned(cover_with(text, &changes));
    Masked { text, sizes: sizes.into_iter().map(|(range, size)| (range.start, size)).collect(), ..masked }
}

/// Whether a text is one of slides, by its front matter.
pub(super) fn are_slides(front: &str) -> bool {
    front.lines().any(|line| line.trim_end() == "type: slide")
}

/// Whether a text means the same as notes and elsewhere.
pub(super) fn is_as_plain(text: &str) -> bool {
    sizes(text).is_empty() && dividers(text, Flavor::Notes).is_empty()
}

/// Where ` =50%x`, ` =300x200` or ` =x80` stands behind the address of an image.
fn sizes(text: &str) -> Vec<(Range<usize>, Size)> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        // Each piece but the first begins with an address.
        let (mut at, mut is_image) = (start, false);
        for (number, piece) in line.split("](").enumerate() {
            if number > 0 && is_image {
                let address = piece.split_inclusive(')').next().unwrap_or(piece);
                found.extend(size(address).map(|(range, size)| (at + range.start..at + range.end, size)));
            }
            is_image |= piece.contains("![");
            at += piece.len() + "](".len();
        }
        start += line.len();
    }
    found
}

/// The size at the end of an address, or before its title.
fn size(address: &str) -> Option<(Range<usize>, Size)> {
    address.match_indices(" =").find_map(|(at, sign)| {
        let rest = &address[at + sign.len()..];
        let (written, _) = rest.split_once([')', ' ', '\n'])?;
        let (width, height) = written.split_once('x')?;
        Some((at..at + sign.len() + written.len(), (length(width)?, length(height)?)))
    })
}

/// A length in pixels, or as a share of the text's width; nothing where none is given.
fn length(text: &str) -> Option<Option<u32>> {
    if text.is_empty() {
        return Some(None);
    }
    let share = text.strip_suffix('%');
    let number: u32 = share.unwrap_or(text.trim_end_matches("px")).parse().ok()?;
    let pixels = if share.is_some() { number.min(100) * TEXT_WIDTH / 100 } else { number };
    (1..=10_000).contains(&pixels).then_some(Some(pixels))
}

/// Lines of dashes that are no underline of a heading, in order.
pub(super) fn dividers(text: &str, flavor: Flavor) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let (mut before, mut last) = ("", "");
    for line in text.split_inclusive('\n') {
        let dashes = line.trim_end();
        let divides = dashes.len() >= 3 && dashes.bytes().all(|b| b == b'-');
        if divides && (flavor == Flavor::Slides || is_no_heading(before, last)) {
            found.push(start..start + dashes.len());
        }
        (before, last) = (last, line.trim());
        start += line.len();
    }
    found
}

/// Whether the line above dashes is no title: it ends a longer paragraph, or is a remark behind an arrow.
fn is_no_heading(before: &str, last: &str) -> bool {
    let long = !before.is_empty() && !before.starts_with(['#', '-', '=', '*', '|', '<']);
    let arrow = ["=>", "->", "-->"].iter().any(|arrow| last.starts_with(arrow));
    !last.is_empty() && !last.starts_with('|') && (long || arrow)
}

/// Whether a line begins with an arrow: notes have their conclusions on lines of their own.
pub(super) fn is_conclusion(line: &str) -> bool {
    let line = line.trim_start();
    ["=> ", "-> ", "--> "].iter().any(|arrow| line.starts_with(arrow))
}

#[cfg(test)]
mod tests {
    use super::super::directives::{self, Dialect};
    use super::*;

    fn masked(text: &str, flavor: Flavor) -> (String, Vec<Size>) {
        let masked = mask(directives::mask(text, Dialect::Plain), flavor);
        assert_eq!(masked.text.len(), text.len());
        (masked.text.into_owned(), masked.sizes.into_values().collect())
    }

    #[test]
    fn sizes_of_images_are_taken_out() {
        let (text, sizes) =
            masked("![](a.png =50%x) ![b](c.png =30x20 \"T\") `![](a =1x)` x =2x)", Flavor::Notes);
        assert_eq!(text, "![](a.png      ) ![b](c.png        \"T\") `![](a    )` x =2x)");
        assert_eq!(sizes[..2], [(Some(360), None), (Some(30), Some(20))]);
        assert_eq!(masked("```\n![](a.png =5x)\n```\n", Flavor::Notes).0, "```\n![](a.png =5x)\n```\n");
        assert_eq!(masked("![](a.png =50%x)", Flavor::Plain).0, "![](a.png =50%x)");
    }

    #[test]
    fn dashes_below_text_divide() {
        let notes = |text: &str| masked(text, Flavor::Notes).0;
        assert_eq!(notes("a\nb\n----\nc\n"), "a\nb\n____\nc\n");
        assert_eq!(notes("=> a\n---\n"), "=> a\n___\n");
        assert_eq!(notes("Title\n-----\n"), "Title\n-----\n");
        assert_eq!(notes("```\na\nb\n---\n```\n"), "```\na\nb\n---\n```\n");
        assert_eq!(notes("| a |\n|---|\n---\n"), "| a |\n|---|\n---\n");
        assert_eq!(masked("Title\n-----\n", Flavor::Slides).0, "Title\n_____\n");
    }
}
