//! HTML with holes, as it is written.
//!
//! Owns [`Html`], which keeps the offsets of holes correct while pieces are moved. Must not know Markdown.

use super::{Hole, HoleContent};
use crate::html_escape::{escape_attribute, push_text};

/// A piece of HTML with holes.
#[derive(Debug, Default)]
pub(super) struct Html {
    pub text: String,
    pub holes: Vec<Hole>,
}

impl Html {
    /// Appends mark-up without escaping it.
    pub fn raw(&mut self, html: &str) {
        self.text.push_str(html);
    }

    /// Appends text, escaped.
    pub fn text(&mut self, text: &str) {
        push_text(&mut self.text, text);
    }

    /// Appends ` name="value"`.
    pub fn attribute(&mut self, name: &str, value: &str) {
        self.text.push(' ');
        self.text.push_str(name);
        self.text.push_str("=\"");
        self.text.push_str(&escape_attribute(value));
        self.text.push('"');
    }

    /// Appends a hole.
    pub fn hole(&mut self, fill: HoleContent) {
        self.holes.push(Hole { at: offset(self.text.len()), fill });
    }

    /// Appends another piece.
    pub fn append(&mut self, piece: &Html) {
        let base = offset(self.text.len());
        self.holes.extend(piece.holes.iter().map(|hole| Hole { at: hole.at + base, fill: hole.fill }));
        self.text.push_str(&piece.text);
    }

    /// Removes everything from byte offset `at` on and returns it.
    pub fn split_off(&mut self, at: usize) -> Html {
        let first = self.holes.partition_point(|hole| (hole.at as usize) < at);
        let holes = self.holes.split_off(first);
        let holes = holes.into_iter().map(|hole| Hole { at: hole.at - offset(at), fill: hole.fill });
        Html { text: self.text.split_off(at), holes: holes.collect() }
    }

    /// Inserts mark-up at an earlier byte offset.
    pub fn insert(&mut self, at: usize, html: &str) {
        self.text.insert_str(at, html);
        for hole in self.holes.iter_mut().rev().take_while(|hole| hole.at as usize >= at) {
            hole.at += offset(html.len());
        }
    }
}

/// Converts a length to an offset. Pages have at most a few MiB, and their HTML is a small multiple of that.
fn offset(bytes: usize) -> u32 {
    u32::try_from(bytes).expect("a page's HTML stays far below 4 GiB")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_move_with_their_text() {
        let mut html = Html::default();
        html.raw("<p>");
        html.hole(HoleContent::Open(0));
        html.raw(">x");
        let tail = html.split_off(3);
        assert_eq!(tail.holes[0].at, 0);
        html.raw("<b>");
        html.append(&tail);
        assert_eq!(html.holes[0].at, 6);
        html.insert(2, " id=\"a\"");
        assert_eq!(html.holes[0].at, 13);
    }
}
