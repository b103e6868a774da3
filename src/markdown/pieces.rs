//! Raw HTML cut into tags, comments and text.
//!
//! Owns where each part begins and ends; html5ever's tokenizer reads names, attributes and entities. Where the
//! two disagree nothing unsafe comes of it: what is written is made of what the tokenizer read. Judges nothing.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

/// A part of raw HTML.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text,
    Tag,
    Comment,
    /// A comment without an end.
    Unclosed,
    /// `<!doctype …>`, `<?…>`.
    Declaration,
}

/// Cuts raw HTML into its parts.
pub(super) fn pieces(text: &str) -> Vec<(Piece, Range<usize>)> {
    let mut pieces = Vec::new();
    let ends = tag_ends(text);
    let mut at = 0;
    while at < text.len() {
        let (piece, end) = piece(text, at, &ends);
        pieces.push((piece, at..end));
        at = end;
    }
    pieces
}

fn piece(text: &str, at: usize, ends: &HashMap<usize, usize>) -> (Piece, usize) {
    let rest = &text[at..];
    let next = |from: usize| at + from + rest[from..].find('<').unwrap_or(rest.len() - from);
    if !rest.starts_with('<') {
        return (Piece::Text, next(0));
    }
    if let Some(comment) = rest.strip_prefix("<!--") {
        if comment.starts_with('>') || comment.starts_with("->") {
            return (Piece::Comment, at + 4 + comment.find('>').unwrap_or(0) + 1);
        }
        return comment
            .find("-->")
            .map_or((Piece::Unclosed, text.len()), |end| (Piece::Comment, at + 4 + end + 3));
    }
    if rest.starts_with("<!") || rest.starts_with("<?") {
        return rest.find('>').map_or((Piece::Text, text.len()), |end| (Piece::Declaration, at + end + 1));
    }
    let name = rest[1..].strip_prefix('/').unwrap_or(&rest[1..]);
    match ends.get(&at).filter(|_| name.starts_with(|c: char| c.is_ascii_alphabetic())) {
        Some(end) => (Piece::Tag, *end),
        None => (Piece::Text, next(1)),
    }
}

/// The length of the tag that a text begins with; quotes hide `>`.
pub(super) fn tag_end(text: &str) -> Option<usize> {
    tag_ends(text).get(&0).copied()
}

/// Where the tag ends that begins at each `<`, if it does; quotes hide `>`. One pass backwards answers for all of them: each
/// by itself might read to the end of the text.
fn tag_ends(text: &str) -> HashMap<usize, usize> {
    let mut ends = HashMap::new();
    // Where a tag ends that goes on at the place that was read last: outside of quotes, and within either sort of them.
    let (mut bare, mut double, mut single) = (None, None, None);
    for (at, byte) in text.bytes().enumerate().rev() {
        match byte {
            b'>' => bare = Some(at + 1),
            b'"' => (bare, double) = (double, bare),
            b'\'' => (bare, single) = (single, bare),
            b'<' => ends.extend(bare.map(|end| (at, end))),
            _ => {}
        }
    }
    ends
}

/// What html5ever reads in a piece.
#[derive(Default)]
pub(super) struct Tokens {
    pub tag: Option<Tag>,
    pub text: String,
}

struct Collect(RefCell<Tokens>);

impl TokenSink for Collect {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) => self.0.borrow_mut().tag = Some(tag),
            Token::CharacterTokens(text) => self.0.borrow_mut().text.push_str(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

pub(super) fn tokens(piece: &str) -> Tokens {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(piece));
    let tokenizer = Tokenizer::new(Collect(RefCell::default()), TokenizerOpts::default());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Reads on from the beginning of one tag, as a browser does.
    fn read_on(text: &str) -> Option<usize> {
        let mut quote = None;
        for (at, c) in text.char_indices() {
            match (quote, c) {
                (None, '>') => return Some(at + c.len_utf8()),
                (None, '"' | '\'') => quote = Some(c),
                (Some(open), _) if open == c => quote = None,
                _ => {}
            }
        }
        None
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn one_pass_backwards_finds_the_end_of_every_tag(text in "[<>\"'a \u{a0}]{0,40}") {
            let ends = tag_ends(&text);
            for (at, _) in text.match_indices('<') {
                prop_assert_eq!(ends.get(&at).copied(), read_on(&text[at..]).map(|length| at + length));
            }
        }
    }

    #[test]
    fn raw_html_is_cut_into_its_parts() {
        let cut =
            |text: &'static str| pieces(text).into_iter().map(|(_, range)| &text[range]).collect::<Vec<_>>();
        assert_eq!(cut("a <b x='>'>c</b> < d"), ["a ", "<b x='>'>", "c", "</b>", " ", "< d"]);
        assert_eq!(cut("<!-- <b> -->x<!-->y"), ["<!-- <b> -->", "x", "<!-->", "y"]);
        assert_eq!(pieces("x<!-- y")[1].0, Piece::Unclosed);
    }
}
