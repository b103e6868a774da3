//! Quotes, and the alerts among them: `> [!NOTE]`, also with a title or with text in the same line.
//!
//! Owns the spelling of alerts. The parser knows those of GitHub that stand alone in their line; the others are told
//! by the first text of a quote. So what was taken out of a text before it was parsed is no title either.

use std::ops::Range;

use pulldown_cmark::{BlockQuoteKind, Event, Tag, TagEnd};

use super::blocks::{ADMONITIONS, Admonition};
use super::writer::{Close, Open, Writer};

const QUOTE: (&str, &str) = ("<blockquote>\n", "</blockquote>\n");

/// How far the beginning of a quote has been read.
#[derive(Debug, Default)]
pub(super) enum Quote {
    #[default]
    Elsewhere,
    /// A quote has begun: where its HTML begins, and where it ends in the source.
    Begun { at: usize, end: usize },
    /// The line with the title of an alert has been read.
    Titled,
}

/// The first line of an alert.
struct Head<'t> {
    kind: &'static str,
    admonition: Admonition,
    /// What follows the brackets.
    words: &'t str,
}

impl Writer<'_> {
    pub(super) fn start_quote(&mut self, kind: Option<BlockQuoteKind>, range: Range<usize>) -> Close {
        let name = match kind {
            None => {
                self.quote = Quote::Begun { at: self.out().text.len(), end: range.end };
                return self.plain(QUOTE.0, QUOTE.1);
            }
            Some(BlockQuoteKind::Note) => "note",
            Some(BlockQuoteKind::Tip) => "tip",
            Some(BlockQuoteKind::Important) => "important",
            Some(BlockQuoteKind::Warning) => "warning",
            Some(BlockQuoteKind::Caution) => "caution",
        };
        Close::Html(self.open_admonition(name, Admonition::Box, None))
    }

    /// Reads an event at the beginning of a quote. Nothing is left of the line that makes it an alert.
    pub(super) fn of_quote<'e>(&mut self, event: Event<'e>, range: &Range<usize>) -> Option<Event<'e>> {
        match (std::mem::take(&mut self.quote), event) {
            (begun @ Quote::Begun { .. }, event @ Event::Start(Tag::Paragraph)) => {
                self.quote = begun;
                Some(event)
            }
            (Quote::Begun { at, end }, Event::Text(text)) => {
                let rest = self.origin.text.get(range.end..end).unwrap_or_default();
                self.report_alert(&text, range);
                match self.alert(at, &text, rest) {
                    Some("") => None,
                    Some(words) => Some(Event::Text(words.to_owned().into())),
                    None => Some(Event::Text(text)),
                }
            }
            (Quote::Titled, Event::SoftBreak | Event::HardBreak) => None,
            (Quote::Titled, Event::End(TagEnd::Paragraph)) => {
                self.open.pop();
                let length = self.out().text.len() - "<p>".len();
                self.out().text.truncate(length);
                None
            }
            (_, event) => Some(event),
        }
    }

    /// Makes an alert of the quote whose HTML begins at `at`, if `text` begins one. Returns what is left of the text;
    /// `rest` is the source behind it.
    fn alert<'t>(&mut self, at: usize, text: &'t str, rest: &str) -> Option<&'t str> {
        let head =
            head(text).filter(|head| self.environment.closed_world.levels.find(head.kind).is_none())?;
        let [.., Open::Block(quote), Open::Block(Close::Paragraph)] = self.open.as_mut_slice() else {
            return None;
        };
        let whole_line = rest.trim_start_matches([' ', '\\']).starts_with('\n') || rest.trim().is_empty();
        let followed = rest.contains(|c: char| !c.is_whitespace() && c != '>');
        let url = head.words.contains("://") || head.words.contains("www.");
        let is_title = whole_line && (head.words.is_empty() || followed && !url);
        let title = (is_title && !head.words.is_empty()).then_some(head.words);
        *quote = Close::Html("");
        self.out().text.truncate(at);
        let end = self.open_admonition(head.kind, head.admonition, title);
        if let [.., Open::Block(quote), _] = self.open.as_mut_slice() {
            *quote = Close::Html(end);
        }
        self.out().raw("<p>");
        if is_title {
            self.quote = Quote::Titled;
            return Some("");
        }
        Some(head.words)
    }
}

/// Reads `[!note] Title`; a `-` behind the brackets folds the text.
fn head(text: &str) -> Option<Head<'_>> {
    let (name, rest) = text.strip_prefix("[!")?.split_once(']')?;
    let (kind, _) = ADMONITIONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    let (admonition, rest) = match rest.strip_prefix('-') {
        Some(rest) => (Admonition::Folded, rest),
        None => (Admonition::Box, rest.strip_prefix('+').unwrap_or(rest)),
    };
    let apart = rest.is_empty() || rest.starts_with([' ', '\t']);
    // The rest of the text may go on with emphasis, which begins behind a blank.
    apart.then_some(Head { kind, admonition, words: rest.trim_start() })
}
