//! Proves that a text was redacted correctly.
//!
//! Owns [`Proof`]: the events of the redacted text must be those of the whole text without the hidden ones. Whoever
//! writes a page or an include compares the events that it writes. If they differ, the removal has changed the meaning
//! of the rest, and nothing of the page may be published.
//!
//! Both sides are compared in a normal form, because deleting words by hand changes these things as well:
//! - the numbers of ordered lists, and whether a list is tight or loose; two lists that become neighbours are one list;
//! - whitespace in prose, and line ends;
//! - alerts (`> [!NOTE]`) are quotes that begin with these words; smart punctuation is as it was typed;
//! - empty lists, table cells and definition lists count as none.
//!
//! Everything else must be equal: text, code, raw HTML, destinations, ids, classes, nesting.

use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use super::hidden::{HiddenNode, HiddenRanges};
use super::marks::{LevelMark, line_end};
use super::nodes::{Node, NodeKind, NodeTree};
use crate::diagnostic::Diagnostic;
use crate::markdown::directives::DirectiveLine;
use crate::markdown::notes::Flavor;
use crate::markdown::syntax::ParsedText;
use crate::markdown::text_origin::TextOrigin;
use crate::rules::VISIBILITY_STRAY;
use crate::visibility::{Level, Levels};

/// The message and the help for a text whose rest has another meaning without what is hidden.
pub(super) const CHANGES_MEANING: &str = "removing this would change how the rest of the text is parsed";
pub(super) const SET_APART: &str = "hide the block around it, or set it apart by blank lines";

/// What the events of a redacted text must be.
#[derive(Debug)]
pub(super) struct Proof {
    /// The normal form of the whole text without what is hidden.
    pub form: Vec<ProofToken>,
    /// The same if the text is read as notes of a meeting; `None` if that makes no difference.
    pub form_as_notes: Option<Vec<ProofToken>>,
    /// The ranges of the redacted text that the author did not write.
    pub inserted: HiddenRanges,
    /// The offsets in the redacted text at which something was removed, in order.
    pub joints: Vec<usize>,
}

/// A token of the normal form.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum ProofToken {
    /// The start of a node, with all its properties.
    Open(String),
    /// The end of a node.
    Close(String),
    /// Prose without whitespace, or verbatim text.
    Text(String),
    /// Any other content of a line: code, a raw tag, a reference.
    Inline(String),
    /// A line break that the author wrote.
    HardBreak,
}

/// A token with its offset in the text.
type PlacedToken = (ProofToken, usize);

impl Proof {
    /// Compares the events of a redacted text with the whole text. Where they differ, the problem is at the removed part
    /// before the difference.
    pub fn compare(
        &self,
        origin: &TextOrigin<'_>,
        parsed: &ParsedText<'_>,
        flavor: Flavor,
        levels: &Levels,
    ) -> Option<Diagnostic> {
        let wanted = match &self.form_as_notes {
            Some(form) if flavor == Flavor::Notes => form,
            _ => &self.form,
        };
        let found = normal_form(&NodeTree::new(origin, parsed), &self.inserted, levels);
        let same = wanted.iter().zip(&found).take_while(|(wanted, (found, _))| *wanted == found).count();
        if same == wanted.len() && same == found.len() {
            return None;
        }
        let at = found.get(same).map_or(origin.text.len(), |(_, at)| *at);
        let before = self.joints.partition_point(|joint| *joint <= at).saturating_sub(1);
        let at = self.joints.get(before).copied().unwrap_or(at);
        let problem = Diagnostic::new(&VISIBILITY_STRAY, origin.span(at..at), CHANGES_MEANING);
        Some(problem.help(SET_APART))
    }
}

/// The normal form of a whole text without its hidden nodes and without the marks of the rest.
pub(super) fn form_without(
    document: &NodeTree<'_>,
    hidden: &[HiddenNode],
    marks: &[LevelMark],
    levels: &Levels,
) -> Vec<ProofToken> {
    let mut removed = HiddenRanges::of_nodes(hidden);
    for delimiter in marks.iter().flat_map(|mark| &mark.delimiters) {
        removed.add(delimiter, Level::default());
    }
    normal_form(document, &removed, levels).into_iter().map(|(token, _)| token).collect()
}

/// The nodes of a text without some ranges, in normal form.
fn normal_form(document: &NodeTree<'_>, without: &HiddenRanges, levels: &Levels) -> Vec<PlacedToken> {
    let mut writing =
        NormalFormWriter { document, without, levels, tokens: Vec::new(), open: Vec::new(), alert: None };
    let mut number = 1;
    while let Some(node) = document.nodes.get(number) {
        // The range of a directive ends before its newline, and the range of the parser's rule after it.
        let end = node.range.start + document.text[node.range.clone()].trim_end().len();
        if without.at(node.range.start).is_some_and(|(removed, _)| removed >= end) {
            number = node.end;
            continue;
        }
        writing.close_before(number);
        writing.node(node);
        number += 1;
    }
    writing.close_before(number);
    writing.tokens
}

struct NormalFormWriter<'a> {
    document: &'a NodeTree<'a>,
    /// The ranges that take no part in the comparison.
    without: &'a HiddenRanges,
    levels: &'a Levels,
    tokens: Vec<PlacedToken>,
    /// The open nodes, the innermost last.
    open: Vec<OpenToken<'a>>,
    /// The words that an alert begins with, until its first text.
    alert: Option<String>,
}

struct OpenToken<'a> {
    node: &'a Node,
    name: String,
}

impl<'a> NormalFormWriter<'a> {
    fn node(&mut self, node: &'a Node) {
        let at = node.range.start;
        match &self.document.events[node.event].0 {
            Event::Text(text) if node.kind == NodeKind::Text => match self.document.nodes[node.parent].kind {
                NodeKind::Code { .. } | NodeKind::Html => self.text(text, at),
                _ => self.prose(text, &node.range),
            },
            Event::SoftBreak if node.kind == NodeKind::Blank => {}
            // A break at the start of a text separates nothing.
            Event::HardBreak if node.kind == NodeKind::Blank => {
                if !matches!(self.tokens.last(), Some((ProofToken::Open(_) | ProofToken::HardBreak, _))) {
                    self.tokens.push((ProofToken::HardBreak, at));
                }
            }
            Event::Html(html) => self.text(html, at),
            event if matches!(node.kind, NodeKind::Blank | NodeKind::Element | NodeKind::Tag) => {
                self.tokens.push((ProofToken::Inline(format!("{event:?}")), at));
            }
            event => {
                let name = self.name(node, event);
                self.open(node, name);
            }
        }
    }

    /// The name of a node with its properties.
    fn name(&mut self, node: &Node, event: &Event<'_>) -> String {
        let (text, start) = (self.document.text, node.range.start);
        match (&node.kind, event) {
            (NodeKind::Paragraph, _) => "paragraph".to_owned(),
            (NodeKind::Quote, _) => "quote".to_owned(),
            (NodeKind::Alert, _) => {
                let words = text[start..].find("[!").and_then(|begin| {
                    let words = &text[start + begin..node.range.end];
                    Some(words[..=words.find(']')?].to_owned())
                });
                self.alert = words;
                "quote".to_owned()
            }
            (NodeKind::Code { fenced: true }, _) => {
                format!("fence {}", self.kept(&(start..line_end(text, start).min(node.range.end))))
            }
            (NodeKind::Directive { closed }, _) => format!("{} {closed}", self.line(node)),
            (NodeKind::Line, _) => self.line(node),
            (_, Event::Start(Tag::List(first))) => format!("list {}", first.is_some()),
            (_, Event::Start(Tag::Heading { level, id, classes, attrs })) => {
                // A class that names a level is a mark, which redaction removes.
                let own: Vec<_> = classes.iter().filter(|class| self.levels.find(class).is_none()).collect();
                format!("{level} {id:?} {own:?} {attrs:?}")
            }
            (_, event) => format!("{event:?}"),
        }
    }

    /// A horizontal rule, or the directive that was masked by it.
    fn line(&self, node: &Node) -> String {
        match self.document.directive(node) {
            // Words in the title may be hidden.
            Some(DirectiveLine::Open { colons, name, title }) => {
                format!("{colons} {name} {}", self.kept(title))
            }
            Some(DirectiveLine::Close { colons }) => format!("close {colons}"),
            Some(DirectiveLine::Include { reference }) => format!("include {}", self.kept(reference)),
            Some(DirectiveLine::Component { tag }) => format!("component {}", self.kept(tag)),
            Some(DirectiveLine::Comment) => "comment".to_owned(),
            None => "---".to_owned(),
        }
    }

    fn open(&mut self, node: &'a Node, name: String) {
        // Neighbouring lists count as one.
        match self.tokens.last() {
            Some((ProofToken::Close(closed), _)) if node.kind == NodeKind::List && *closed == name => {
                self.tokens.pop();
            }
            _ => self.tokens.push((ProofToken::Open(name.clone()), node.range.start)),
        }
        self.open.push(OpenToken { node, name });
    }

    /// Closes the nodes that end before a node.
    fn close_before(&mut self, number: usize) {
        while let Some(OpenToken { node, name }) = self.open.pop_if(|open| open.node.end <= number) {
            if !node.kind.is_inline() {
                // A break at the end of a text separates nothing.
                self.tokens.pop_if(|(token, _)| *token == ProofToken::HardBreak);
            }
            let may_be_none = matches!(node.kind, NodeKind::List | NodeKind::Cell | NodeKind::Paragraph);
            match self.tokens.last() {
                Some((ProofToken::Open(_), _)) if may_be_none => _ = self.tokens.pop(),
                _ => self.tokens.push((ProofToken::Close(name), node.range.start)),
            }
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
    use crate::markdown::syntax::{Extensions, Syntax};
    use crate::path::FilePath;
    use crate::source::Source;

    /// Whether two texts have the same normal form when nothing is hidden.
    fn same(one: &str, other: &str) -> bool {
        let extensions = Extensions { math: true, smart_punctuation: true };
        let syntax = Syntax { dialect: Dialect::Handbook, flavor: Flavor::Plain, extensions };
        let levels = Levels::default();
        let [one, other] = [one, other].map(|text| {
            let source = Source::new(FilePath::new("content/a.md").expect("it is a path"), text);
            let origin = TextOrigin::new(&source, 0);
            let form =
                |parsed: ParsedText<'_>| form_without(&NodeTree::new(&origin, &parsed), &[], &[], &levels);
            syntax.parse(text, form).expect("the text is short")
        });
        one == other
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
