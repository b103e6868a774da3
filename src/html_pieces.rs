//! Reads the HTML of a body as text, references and tags.
//!
//! Owns the only walk over finished HTML. The engine's own writer makes the HTML, so each tag ends and only the
//! references of XML occur. What a tag means for a text is decided by the callers.

use crate::entities;
use crate::html_escape::end_of_tag;

/// A piece of HTML.
#[derive(Debug, PartialEq, Eq)]
pub enum HtmlPiece<'h> {
    Text(&'h str),
    /// The character of a reference, such as `&amp;`.
    Character(char),
    Tag(HtmlTag<'h>),
}

/// A tag.
#[derive(Debug, PartialEq, Eq)]
pub struct HtmlTag<'h> {
    pub name: &'h str,
    /// Whether it is an end tag.
    pub is_end: bool,
    /// The text between `<` and `>`.
    inside: &'h str,
}

/// The pieces of a text, in order.
pub fn html_pieces(html: &str) -> HtmlPieces<'_> {
    HtmlPieces { rest: html, offset: 0 }
}

/// The iterator of [`html_pieces`].
pub struct HtmlPieces<'h> {
    rest: &'h str,
    offset: usize,
}

impl HtmlPieces<'_> {
    /// The offset at which the next piece begins, in bytes.
    pub fn offset(&self) -> usize {
        self.offset
    }
}

impl<'h> Iterator for HtmlPieces<'h> {
    type Item = HtmlPiece<'h>;

    fn next(&mut self) -> Option<HtmlPiece<'h>> {
        let (piece, length) = match self.rest.bytes().position(|byte| byte == b'<' || byte == b'&') {
            _ if self.rest.is_empty() => return None,
            None => (HtmlPiece::Text(self.rest), self.rest.len()),
            Some(0) if self.rest.starts_with('<') => {
                let length = end_of_tag(self.rest);
                (HtmlPiece::Tag(HtmlTag::read(&self.rest[1..length.max(2) - 1])), length)
            }
            Some(0) => {
                let (character, length) = entities::first(self.rest, entities::xml).unwrap_or(('&', 1));
                (HtmlPiece::Character(character), length)
            }
            Some(length) => (HtmlPiece::Text(&self.rest[..length]), length),
        };
        self.rest = &self.rest[length..];
        self.offset += length;
        Some(piece)
    }
}

impl<'h> HtmlTag<'h> {
    fn read(inside: &'h str) -> HtmlTag<'h> {
        let name = inside.trim_start_matches('/').split([' ', '/', '\n']).next().unwrap_or_default();
        HtmlTag { name, is_end: inside.starts_with('/'), inside }
    }

    /// The value of its `id`, if it has one that is not empty.
    pub fn id(&self) -> Option<String> {
        self.attribute(" id=\"")
    }

    /// The value of its `lang`, if it has one that is not empty.
    pub fn lang(&self) -> Option<String> {
        self.attribute(" lang=\"")
    }

    /// The value of the attribute that is written like this, with the space before and the quote after its name.
    fn attribute(&self, start: &str) -> Option<String> {
        let (_, rest) = self.inside.split_once(start)?;
        let (value, _) = rest.split_once('"')?;
        (!value.is_empty()).then(|| entities::decode_xml(value))
    }

    /// Whether it begins or ends a heading.
    pub fn is_heading(&self) -> bool {
        matches!(self.name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_references_and_tags_are_read_in_order() {
        let pieces: Vec<HtmlPiece<'_>> =
            html_pieces("a<h2 id=\"b&amp;c\" x=\">\">&lt;&</h2>\n<br/>").collect();
        let tag = |inside| HtmlPiece::Tag(HtmlTag::read(inside));
        let wanted = [
            HtmlPiece::Text("a"),
            tag("h2 id=\"b&amp;c\" x=\">\""),
            HtmlPiece::Character('<'),
            HtmlPiece::Character('&'),
            tag("/h2"),
            HtmlPiece::Text("\n"),
            tag("br/"),
        ];
        assert_eq!(pieces, wanted);
    }

    #[test]
    fn a_tag_has_a_name_and_an_id() {
        let of = |inside| {
            let tag = HtmlTag::read(inside);
            (tag.name, tag.is_end, tag.is_heading(), tag.id())
        };
        assert_eq!(of("h2 id=\"b&amp;c\""), ("h2", false, true, Some("b&c".to_owned())));
        assert_eq!(of("/h2"), ("h2", true, true, None));
        assert_eq!(of("br/"), ("br", false, false, None));
        assert_eq!(of("p id=\"\""), ("p", false, false, None));
        assert_eq!(HtmlTag::read("i lang=\"de\"").lang().as_deref(), Some("de"));
    }

    #[test]
    fn the_offset_is_that_of_the_next_piece() {
        let mut pieces = html_pieces("a&amp;<b>");
        let mut offsets = Vec::new();
        while pieces.next().is_some() {
            offsets.push(pieces.offset());
        }
        assert_eq!(offsets, [1, 6, 9]);
    }
}
