//! Cuts raw HTML into tags, comments and text.
//!
//! Owns where each piece begins and ends; html5ever's tokenizer reads names, attributes and entities. If the two
//! disagree, the output is still safe, because it is written only from what the tokenizer read. Does not decide what is
//! allowed.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

/// A piece of raw HTML.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum HtmlPiece {
    Text,
    Tag,
    Comment,
    /// A comment without an end.
    Unclosed,
    /// `<!doctype …>`, `<?…>`.
    Declaration,
}

/// Cuts raw HTML into pieces. They cover the whole text.
pub(super) fn pieces(text: &str) -> Vec<(HtmlPiece, Range<usize>)> {
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

fn piece(text: &str, at: usize, ends: &HashMap<usize, usize>) -> (HtmlPiece, usize) {
    let rest = &text[at..];
    let next = |from: usize| at + from + rest[from..].find('<').unwrap_or(rest.len() - from);
    if !rest.starts_with('<') {
        return (HtmlPiece::Text, next(0));
    }
    if let Some(comment) = rest.strip_prefix("<!--") {
        // HTML ends `<!-->` and `<!--->` as empty comments.
        if comment.starts_with('>') || comment.starts_with("->") {
            return (HtmlPiece::Comment, at + 4 + comment.find('>').unwrap_or(0) + 1);
        }
        return comment
            .find("-->")
            .map_or((HtmlPiece::Unclosed, text.len()), |end| (HtmlPiece::Comment, at + 4 + end + 3));
    }
    if rest.starts_with("<!") || rest.starts_with("<?") {
        return rest
            .find('>')
            .map_or((HtmlPiece::Text, text.len()), |end| (HtmlPiece::Declaration, at + end + 1));
    }
    let name = rest[1..].strip_prefix('/').unwrap_or(&rest[1..]);
    match ends.get(&at).filter(|_| name.starts_with(|c: char| c.is_ascii_alphabetic())) {
        Some(end) => (HtmlPiece::Tag, *end),
        None => (HtmlPiece::Text, next(1)),
    }
}

/// The length in bytes of the tag that a text begins with. A `>` in quotes does not end it.
pub(super) fn tag_end(text: &str) -> Option<usize> {
    tag_ends(text).get(&0).copied()
}

/// The end of the tag that begins at each `<`, if there is one. A `>` in quotes does not end a tag. One backward pass
/// finds all ends; a forward search for each tag could read to the end of the text every time.
fn tag_ends(text: &str) -> HashMap<usize, usize> {
    let mut ends = HashMap::new();
    // The end of a tag that continues at the current position: outside quotes, in double quotes and in single quotes.
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

/// The tokens that html5ever reads in a piece.
#[derive(Default)]
pub(super) struct HtmlTokens {
    pub tag: Option<Tag>,
    pub text: String,
}

struct TokenCollector(RefCell<HtmlTokens>);

impl TokenSink for TokenCollector {
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

pub(super) fn tokens(piece: &str) -> HtmlTokens {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(piece));
    let tokenizer = Tokenizer::new(TokenCollector(RefCell::default()), TokenizerOpts::default());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Continues reading from the beginning of one tag, as a browser does.
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
        assert_eq!(pieces("x<!-- y")[1].0, HtmlPiece::Unclosed);
    }
}
