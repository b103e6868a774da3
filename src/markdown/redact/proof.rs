//! Proves that a text was redacted correctly.
//!
//! Owns the comparison: the redacted text, parsed again, must give the events of the whole text without the hidden
//! ones. If it does not, the removal has changed the meaning of the rest, and nothing of the text may be published.
//!
//! Both sides are compared in a normal form, because deleting words by hand changes these things as well:
//! - the numbers of ordered lists, and whether a list is tight or loose; two lists that become neighbours are one list;
//! - whitespace in prose, and line ends;
//! - alerts (`> [!NOTE]`) are quotes that begin with these words; smart punctuation is as it was typed;
//! - empty lists, table cells and definition lists count as none.
//!
//! Everything else must be equal: text, code, raw HTML, destinations, ids, classes, nesting.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Tag};

use super::hidden::{HiddenNode, HiddenRanges};
use super::marks::{LevelMark, line_end};
use super::nodes::NodeTree;
use crate::markdown::directives::DirectiveLine;
use crate::visibility::{Level, Levels};

/// A token of the normal form.
#[derive(Debug, Clone, PartialEq, Eq)]
enum ProofToken {
    /// The start of a block, with all its properties.
    Open(String),
    /// The end of a block.
    Close(String),
    /// A block without content.
    Line(String),
    /// Prose without whitespace, or verbatim text.
    Text(String),
    /// Any other inline content: code, the start or end of a link.
    Inline(String),
    /// A line break that the author wrote.
    HardBreak,
    /// A break between two paragraphs of an item.
    Break,
}

impl ProofToken {
    fn is_break(&self) -> bool {
        matches!(self, ProofToken::Break | ProofToken::HardBreak)
    }
}

/// A token with its offset in the text.
type PlacedToken = (ProofToken, usize);

/// Everything that is removed from a text: hidden nodes, and the marks of the rest.
pub(super) fn removed_ranges(hidden: &[HiddenNode], marks: &[LevelMark]) -> HiddenRanges {
    let mut removed = HiddenRanges::of_nodes(hidden);
    for sign in marks.iter().flat_map(|mark| &mark.signs) {
        removed.add(sign, Level::default());
    }
    removed
}

/// Compares the redacted text without the `inserted` ranges with the whole text without the `removed` ones. The error is
/// the first offset in the whole text from which on they differ.
pub(super) fn compare(
    whole: &NodeTree<'_>,
    removed: &HiddenRanges,
    left: &NodeTree<'_>,
    inserted: &HiddenRanges,
    levels: &Levels,
) -> Result<(), usize> {
    let wanted = normal_form(whole, removed, levels);
    let found = normal_form(left, inserted, levels);
    let same = wanted.iter().zip(&found).take_while(|((wanted, _), (found, _))| wanted == found).count();
    if same == wanted.len() && same == found.len() {
        return Ok(());
    }
    Err(wanted.get(same).map_or(whole.text.len(), |(_, at)| *at))
}

/// The events of a text without some ranges, in normal form.
fn normal_form(document: &NodeTree<'_>, without: &HiddenRanges, levels: &Levels) -> Vec<PlacedToken> {
    let mut writing =
        NormalFormWriter { document, without, levels, tokens: Vec::new(), open: Vec::new(), alert: None };
    for (event, range) in &document.events {
        // The range of a directive ends before its newline, and the range of the parser's rule after it.
        let end = range.start + document.text[range.clone()].trim_end().len();
        if without.at(range.start).is_none_or(|(removed, _)| removed < end) {
            writing.event(event, range);
        }
    }
    writing.end_text();
    writing.tokens
}

struct NormalFormWriter<'a> {
    document: &'a NodeTree<'a>,
    /// The ranges that take no part in the comparison.
    without: &'a HiddenRanges,
    levels: &'a Levels,
    tokens: Vec<PlacedToken>,
    /// The open tokens, the innermost last.
    open: Vec<OpenToken>,
    /// The words that an alert begins with, until its first text.
    alert: Option<String>,
}

struct OpenToken {
    name: String,
    role: TokenRole,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TokenRole {
    /// An item or a definition. Only breaks separate the paragraphs in it.
    Item,
    /// A paragraph of such an item.
    ItemParagraph,
    /// A block whose text is verbatim.
    Verbatim,
    Inline,
    Block,
}

impl NormalFormWriter<'_> {
    fn event(&mut self, event: &Event<'_>, range: &Range<usize>) {
        let at = range.start;
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(_) => self.end(at),
            Event::Text(text) if self.role() == Some(TokenRole::Verbatim) => self.text(text, at),
            Event::Text(text) => self.prose(text, range),
            Event::SoftBreak => {}
            Event::HardBreak => self.separate(ProofToken::HardBreak, at),
            Event::Rule => {
                let line = self.line(range);
                self.block(ProofToken::Line(line), at);
            }
            Event::Html(html) => self.text(html, at),
            other => self.tokens.push((ProofToken::Inline(format!("{other:?}")), at)),
        }
    }

    fn role(&self) -> Option<TokenRole> {
        self.open.last().map(|open| open.role)
    }

    /// A horizontal rule, or the directive that was masked by it.
    fn line(&self, range: &Range<usize>) -> String {
        let Some((_, mark)) = self.document.marks.range(range.clone()).next() else {
            return "---".to_owned();
        };
        match mark {
            // Words in the title may be hidden.
            DirectiveLine::Open { colons, name, title } => format!("{colons} {name} {}", self.kept(title)),
            DirectiveLine::Close { colons } => format!("close {colons}"),
            DirectiveLine::Include { reference } => format!("include {}", self.kept(reference)),
            DirectiveLine::Component { tag } => format!("component {}", self.kept(tag)),
            DirectiveLine::Comment => "comment".to_owned(),
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: &Range<usize>) {
        let at = range.start;
        let (name, role) = match tag {
            Tag::Paragraph if self.role() == Some(TokenRole::Item) => {
                self.separate(ProofToken::Break, at);
                return self.open.push(OpenToken { name: String::new(), role: TokenRole::ItemParagraph });
            }
            Tag::List(first) => (format!("list {}", first.is_some()), TokenRole::Block),
            Tag::Item => ("item".to_owned(), TokenRole::Item),
            Tag::DefinitionListDefinition => ("definition".to_owned(), TokenRole::Item),
            Tag::BlockQuote(None) => ("quote".to_owned(), TokenRole::Block),
            Tag::BlockQuote(Some(_)) => {
                let written = &self.document.text[range.clone()];
                let words = written
                    .find("[!")
                    .and_then(|start| Some(&written[start..=start + written[start..].find(']')?]));
                self.alert = words.map(str::to_owned);
                ("quote".to_owned(), TokenRole::Block)
            }
            Tag::Heading { level, id, classes, attrs } => {
                // A class that names a level is a mark, which redaction removes.
                let own: Vec<_> = classes.iter().filter(|class| self.levels.find(class).is_none()).collect();
                (format!("{level} {id:?} {own:?} {attrs:?}"), TokenRole::Block)
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(_)) => {
                let opening = at..line_end(self.document.text, at).min(range.end);
                (format!("fence {}", self.kept(&opening)), TokenRole::Verbatim)
            }
            Tag::CodeBlock(CodeBlockKind::Indented) => ("indented".to_owned(), TokenRole::Verbatim),
            Tag::HtmlBlock | Tag::MetadataBlock(_) => ("html".to_owned(), TokenRole::Verbatim),
            Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::Link { .. }
            | Tag::Image { .. } => (format!("{tag:?}"), TokenRole::Inline),
            other => (format!("{other:?}"), TokenRole::Block),
        };
        match role {
            TokenRole::Inline => self.tokens.push((ProofToken::Inline(name.clone()), at)),
            _ => self.block(ProofToken::Open(name.clone()), at),
        }
        self.open.push(OpenToken { name, role });
    }

    fn end(&mut self, at: usize) {
        let Some(OpenToken { name, role }) = self.open.pop() else { return };
        match role {
            TokenRole::ItemParagraph => self.separate(ProofToken::Break, at),
            TokenRole::Inline => self.tokens.push((ProofToken::Inline("end".to_owned()), at)),
            _ => {
                self.end_text();
                let may_be_none =
                    name.starts_with("list ") || name == "DefinitionList" || name == "TableCell";
                match self.tokens.last() {
                    Some((ProofToken::Open(_), _)) if may_be_none => _ = self.tokens.pop(),
                    _ => self.tokens.push((ProofToken::Close(name), at)),
                }
            }
        }
    }

    /// Adds the start of a block, or a block without content.
    fn block(&mut self, token: ProofToken, at: usize) {
        self.end_text();
        // Neighbouring lists count as one.
        if let (ProofToken::Open(name), Some((ProofToken::Close(closed), _))) = (&token, self.tokens.last())
            && name == closed
            && name.starts_with("list ")
        {
            self.tokens.pop();
            return;
        }
        self.tokens.push((token, at));
    }

    /// Removes breaks at the end of a text, because they separate nothing.
    fn end_text(&mut self) {
        while self.tokens.last().is_some_and(|(token, _)| token.is_break()) {
            self.tokens.pop();
        }
    }

    /// Adds a break between two texts. A break at the start of a text and a second break are left out.
    fn separate(&mut self, token: ProofToken, at: usize) {
        if matches!(self.tokens.last(), Some((ProofToken::Text(_) | ProofToken::Inline(_), _))) {
            self.tokens.push((token, at));
        }
    }

    fn prose(&mut self, text: &str, range: &Range<usize>) {
        let written = &self.document.text[range.clone()];
        let mut plain = self.alert.take().unwrap_or_default();
        // Entities and escapes are never cut, because no mark contains one.
        let kept = if written == text { self.kept(range) } else { text.to_owned() };
        for c in kept.chars().filter(|c| !c.is_whitespace()) {
            match c {
                '‘' | '’' => plain.push('\''),
                '“' | '”' => plain.push('"'),
                '–' => plain.push_str("--"),
                '—' => plain.push_str("---"),
                '…' => plain.push_str("..."),
                c => plain.push(c),
            }
        }
        if !plain.is_empty() {
            self.text(&plain, range.start);
        }
    }

    fn text(&mut self, text: &str, at: usize) {
        match self.tokens.last_mut() {
            Some((ProofToken::Text(known), _)) => known.push_str(text),
            _ => self.tokens.push((ProofToken::Text(text.to_owned()), at)),
        }
    }

    /// The text of a range that is not removed, without whitespace.
    fn kept(&self, range: &Range<usize>) -> String {
        let mut kept: String =
            self.without.gaps(range.clone()).into_iter().map(|gap| &self.document.text[gap]).collect();
        kept.retain(|c| !c.is_whitespace());
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Dialect;
    use crate::markdown::notes::Flavor;
    use crate::markdown::syntax::{Extensions, Syntax};

    /// Whether two texts have the same normal form when nothing is hidden.
    fn same(one: &str, other: &str) -> bool {
        let extensions = Extensions { math: true, smart_punctuation: true };
        let syntax = Syntax { dialect: Dialect::Handbook, flavor: Flavor::Plain, extensions };
        let levels = Levels::default();
        let nothing = HiddenRanges::default();
        syntax.parse(one, |whole| {
            let whole = NodeTree::new(one, whole);
            syntax.parse(other, |left| {
                compare(&whole, &nothing, &NodeTree::new(other, left), &nothing, &levels).is_ok()
            })
        })
    }

    #[test]
    fn what_deleting_by_hand_changes_does_not_count() {
        for (one, other) in [
            ("1. a\n2. b\n", "4. a\n5. b\n"),
            ("- a\n- b\n", "- a\n\n- b\n"),
            ("- a\n  - b\n- c\n", "- a\n\n  - b\n\n- c\n"),
            ("- a\n\n<!-- -->\n\n- b\n", "- a\n\n<!-- -->\n\n- b\n"),
            ("- a\n\n* b\n", "- a\n- b\n"),
            ("a  b\nc\n", "a b c\n"),
            ("a \"b\" -- c...\n", "a “b” – c…\n"),
            ("> [!NOTE]\n> a\n", "> [!NOTE] \n> a\n"),
            ("## A {.internal}\n", "## A\n"),
            ("| a |\n|---|\n| b | c |\n", "| a |\n|---|\n| b |\n"),
        ] {
            assert!(same(one, other), "{one:?} {other:?}");
        }
    }

    #[test]
    fn everything_else_counts() {
        for (one, other) in [
            ("a\n", "a b\n"),
            ("a\n\nb\n", "a\nb\n"),
            ("- a\n\n  b\n", "- a\n  b\n"),
            ("a\n", "`a`\n"),
            ("`a  b`\n", "`a b`\n"),
            ("```\na  b\n```\n", "```\na b\n```\n"),
            ("```sh\na\n```\n", "```\na\n```\n"),
            ("a\n", "# a\n"),
            ("# a\n", "## a\n"),
            ("# a {#b}\n", "# a {#c}\n"),
            ("# a {.b}\n", "# a\n"),
            ("- a\n", "> a\n"),
            ("- a\n", "1. a\n"),
            ("- a\n- b\n", "- a\n  - b\n"),
            ("[a](b)\n", "[a](c)\n"),
            ("[a](b)\n", "[a](b \"c\")\n"),
            ("![a](b)\n", "[a](b)\n"),
            ("*a*\n", "**a**\n"),
            ("*a* b\n", "*a b*\n"),
            ("a  \nb\n", "a\nb\n"),
            ("<b>a</b>\n", "<i>a</i>\n"),
            ("<div>\n\na\n", "<div>\na\n"),
            ("a<!-- b -->\n", "a<!-- c -->\n"),
            ("$a$\n", "$b$\n"),
            ("| a | b |\n|---|---|\n| c | d |\n", "| a | b |\n|---|---|\n| c d |\n"),
            ("| a |\n|---|\n| b |\n", "| a |\n|:-:|\n| b |\n"),
            ("a[^b]\n\n[^b]: c\n", "a\n\n[^b]: c\n"),
            ("- [ ] a\n", "- [x] a\n"),
            ("---\n", "\n"),
            (":::note\na\n:::\n", ":::tip\na\n:::\n"),
            (":::note A\na\n:::\n", ":::note B\na\n:::\n"),
            (":::note\na\n:::\n", "::::note\na\n::::\n"),
            ("::include a.md\n", "::include b.md\n"),
        ] {
            assert!(!same(one, other), "{one:?} {other:?}");
        }
    }
}
