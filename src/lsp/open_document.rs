//! A text that is open in the editor.
//!
//! Owns the text as the client has it, with its line ends, and how changes are applied.

use std::sync::Arc;

use gen_lsp_types as lsp;

use super::text_lines::{ByteOrderMark, PositionUnit, TextLines};
use crate::input::text_edits::normalised;

/// An open document.
#[derive(Debug)]
pub struct OpenDocument {
    /// As the client names it.
    pub uri: lsp::Uri,
    pub version: i32,
    /// The text of the client.
    written: String,
    /// As a source has it: `\n` as line ends, without a byte-order mark.
    pub text: Arc<str>,
}

impl OpenDocument {
    pub fn new(uri: lsp::Uri, version: i32, written: String) -> OpenDocument {
        let text = plain(&written);
        OpenDocument { uri, version, written, text }
    }

    /// Applies changes in their order. A range that ends before its start is empty, one after the end of the text is
    /// its end.
    pub fn change(&mut self, changes: Vec<lsp::TextDocumentContentChangeEvent>, unit: PositionUnit) {
        for change in changes {
            match change {
                lsp::TextDocumentContentChangeEvent::TextDocumentContentChangePartial(change) => {
                    let lines = TextLines::new(&self.written, unit, ByteOrderMark::Absent);
                    let start = lines.offset(change.range.start);
                    let end = lines.offset(change.range.end).max(start);
                    self.written.replace_range(start..end, &change.text);
                }
                lsp::TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(change) => {
                    self.written = change.text;
                }
            }
        }
        self.text = plain(&self.written);
    }

    pub fn mark(&self) -> ByteOrderMark {
        if self.written.starts_with('\u{feff}') { ByteOrderMark::Before } else { ByteOrderMark::Absent }
    }

    /// The line end to write in this document.
    pub fn line_end(&self) -> &'static str {
        line_end(&self.written)
    }
}

/// The first line end of a text.
pub fn line_end(text: &str) -> &'static str {
    match text.find(['\n', '\r']) {
        Some(at) if text[at..].starts_with("\r\n") => "\r\n",
        Some(at) if text[at..].starts_with('\r') => "\r",
        _ => "\n",
    }
}

fn plain(written: &str) -> Arc<str> {
    normalised(written.as_bytes().to_vec()).expect("the text is UTF-8").into()
}

#[cfg(test)]
mod tests {
    use lsp::{TextDocumentContentChangePartial, TextDocumentContentChangeWholeDocument};
    use proptest::prelude::*;

    use super::*;

    fn document(text: &str) -> OpenDocument {
        OpenDocument::new(lsp::Uri("file:///a.md".to_owned()), 1, text.to_owned())
    }

    fn partial(range: lsp::Range, text: &str) -> lsp::TextDocumentContentChangeEvent {
        TextDocumentContentChangePartial { range, text: text.to_owned(), ..Default::default() }.into()
    }

    #[test]
    fn a_whole_text_replaces_everything() {
        let mut document = document("a");
        let change = TextDocumentContentChangeWholeDocument { text: "\u{feff}b\r\nc".to_owned() };
        document.change(vec![change.into()], PositionUnit::Utf16);
        assert_eq!((&*document.text, document.line_end()), ("b\nc", "\r\n"));
        assert_eq!(document.mark(), ByteOrderMark::Before);
    }

    #[test]
    fn a_range_out_of_the_text_changes_its_end() {
        let mut document = document("ab\ncd");
        let far = lsp::Position { line: 9, character: 9 };
        let start = lsp::Position::default();
        document.change(
            vec![
                partial(lsp::Range { start: far, end: far }, "!"),
                partial(lsp::Range { start: far, end: start }, "?"),
            ],
            PositionUnit::Utf16,
        );
        assert_eq!(&*document.text, "ab\ncd!?");
    }

    #[test]
    fn many_changes_of_a_large_text_at_once() {
        let line = "A line of a large text, as long as lines are.\n";
        let mut document = document(&line.repeat(20_000));
        let start = lsp::Position { line: 19_999, character: 0 };
        let changes = (0..500).map(|_| partial(lsp::Range { start, end: start }, "x"));
        document.change(changes.collect(), PositionUnit::Utf16);
        assert!(document.text.ends_with(&format!("\n{}{line}", "x".repeat(500))));
    }

    fn any_piece() -> impl Strategy<Value = String> {
        static PIECES: [&str; 8] = ["a", "\t", "\u{1f600}", "\u{e9}", "\r\n", "\n", "\r", ""];
        prop::collection::vec(prop::sample::select(&PIECES[..]), 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        /// The client edits its own copy, and sends positions in that copy.
        #[test]
        fn the_text_of_the_server_follows_the_client(
            start in any_piece(),
            edits in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any_piece()), 0..12),
            is_utf8 in any::<bool>(),
        ) {
            let unit = if is_utf8 { PositionUnit::Utf8 } else { PositionUnit::Utf16 };
            let mut client = start.clone();
            let mut server = document(&start);
            for (one, other, text) in edits {
                // Editors put no cursor between `\r` and `\n`.
                let places: Vec<usize> = (0..=client.len())
                    .filter(|at| client.is_char_boundary(*at))
                    .filter(|at| !(client[..*at].ends_with('\r') && client[*at..].starts_with('\n')))
                    .collect();
                let (one, other) = (*one.get(&places), *other.get(&places));
                let (from, to) = (one.min(other), one.max(other));
                let range = TextLines::new(&client, unit, ByteOrderMark::Absent).range(from..to);
                client.replace_range(from..to, &text);
                server.change(vec![partial(range, &text)], unit);
                prop_assert_eq!(&server.written, &client);
            }
        }
    }
}
