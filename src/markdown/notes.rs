//! Finds the syntax that notes taken in HedgeDoc have besides Markdown: image sizes, and lines that divide slides.
//!
//! Owns this syntax. Each occurrence is masked by text of the same length, so that all offsets stay the same: a size
//! becomes spaces and is remembered, a dividing line becomes a horizontal rule that cannot turn a paragraph into a
//! heading.

use std::ops::Range;

/// The flavor of Markdown that a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Flavor {
    #[default]
    Plain,
    /// Notes in a pad.
    Notes,
    /// Slides in a pad, divided by lines of dashes.
    Slides,
}

/// The width and height that an author asks for, in pixels.
pub(super) type ImageSize = (Option<u32>, Option<u32>);

/// The width of a page's text in pixels. Percentages refer to it.
const TEXT_WIDTH: u32 = 720;

/// Whether a text contains slides, according to its front matter.
pub(super) fn are_slides(front: &str) -> bool {
    front.lines().any(|line| line.trim_end() == "type: slide")
}

/// Whether a text has the same meaning as notes and as plain Markdown.
pub(super) fn is_as_plain(text: &str) -> bool {
    sizes(text).is_empty() && dividers(text, Flavor::Notes).is_empty()
}

/// Finds ` =50%x`, ` =300x200` or ` =x80` after the address of an image.
pub(super) fn sizes(text: &str) -> Vec<(Range<usize>, ImageSize)> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        // Each piece after the first begins with an address.
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

/// The size at the end of an address or before its title.
fn size(address: &str) -> Option<(Range<usize>, ImageSize)> {
    address.match_indices(" =").find_map(|(at, sign)| {
        let rest = &address[at + sign.len()..];
        let (written, _) = rest.split_once([')', ' ', '\n'])?;
        let (width, height) = written.split_once('x')?;
        Some((at..at + sign.len() + written.len(), (length(width)?, length(height)?)))
    })
}

/// Reads a length in pixels, or a percentage of the text's width. `Some(None)` is an empty length, `None` an invalid
/// one.
fn length(text: &str) -> Option<Option<u32>> {
    if text.is_empty() {
        return Some(None);
    }
    let share = text.strip_suffix('%');
    let number: u32 = share.unwrap_or(text.trim_end_matches("px")).parse().ok()?;
    let pixels = if share.is_some() { number.min(100) * TEXT_WIDTH / 100 } else { number };
    (1..=10_000).contains(&pixels).then_some(Some(pixels))
}

/// Finds lines of dashes that do not underline a heading, in order.
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

/// Whether the line above dashes is not a heading: it ends a longer paragraph, or it is a remark after an arrow.
fn is_no_heading(before: &str, last: &str) -> bool {
    let long = !before.is_empty() && !before.starts_with(['#', '-', '=', '*', '|', '<']);
    let arrow = ["=>", "->", "-->"].iter().any(|arrow| last.starts_with(arrow));
    !last.is_empty() && !last.starts_with('|') && (long || arrow)
}

/// Whether a line begins with an arrow. In notes, conclusions are on lines of their own.
pub(super) fn is_conclusion(line: &str) -> bool {
    let line = line.trim_start();
    ["=> ", "-> ", "--> "].iter().any(|arrow| line.starts_with(arrow))
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::Event;

    use super::super::syntax::{Extensions, Syntax};
    use super::*;
    use crate::dialect::Dialect;

    fn masked(text: &str, flavor: Flavor) -> (String, Vec<ImageSize>) {
        let extensions = Extensions { math: false, smart_punctuation: false };
        let syntax = Syntax { dialect: Dialect::Handbook, flavor, extensions };
        let masked = syntax.parse(text, |parsed| {
            let mut seen = parsed.masked.to_owned();
            for (event, range) in &parsed.events {
                // Text in code stays as the author wrote it.
                if let Event::Text(text) = event {
                    seen.replace_range(range.clone(), text);
                }
            }
            assert_eq!(seen.len(), text.len());
            (seen, parsed.extras.sizes.into_values().collect())
        });
        masked.expect("the text is short")
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
