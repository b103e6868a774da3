//! Writes quotes and alerts: `> [!NOTE]`, also with a title or with text in the same line.
//!
//! Owns the syntax of alerts. The parser knows GitHub's alerts if they are alone on their line. The others are
//! recognised by the first text of a quote, so that text which was masked before parsing cannot become a title.

use std::ops::Range;

use pulldown_cmark::{BlockQuoteKind, Event, Tag, TagEnd};

use super::blocks::Admonition;
use super::directive_names::ADMONITIONS;
use super::open_elements::{Close, OpenElement, QuoteProgress};
use super::writer::HtmlWriter;

const QUOTE: (&str, &str) = ("<blockquote>\n", "</blockquote>\n");

/// The first line of an alert.
struct AlertHead<'t> {
    kind: &'static str,
    admonition: Admonition,
    /// The text after the brackets.
    words: &'t str,
}

impl HtmlWriter<'_> {
    pub(super) fn start_quote(&mut self, kind: Option<BlockQuoteKind>, range: Range<usize>) -> Close {
        let name = match kind {
            None => {
                self.quote = QuoteProgress::Begun { at: self.out().text.len(), end: range.end };
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

    /// Handles an event at the beginning of a quote. Returns `None` for events of the line that makes the quote an
    /// alert.
    pub(super) fn quote_event<'e>(&mut self, event: Event<'e>, range: &Range<usize>) -> Option<Event<'e>> {
        match (std::mem::take(&mut self.quote), event) {
            (begun @ QuoteProgress::Begun { .. }, event @ Event::Start(Tag::Paragraph)) => {
                self.quote = begun;
                Some(event)
            }
            (QuoteProgress::Begun { at, end }, Event::Text(text)) => {
                let rest = self.current.origin.text.get(range.end..end).unwrap_or_default();
                self.report_alert(&text, range);
                match self.alert(at, &text, rest) {
                    Some("") => None,
                    Some(words) => Some(Event::Text(words.to_owned().into())),
                    None => Some(Event::Text(text)),
                }
            }
            (QuoteProgress::Titled, Event::SoftBreak | Event::HardBreak) => None,
            (QuoteProgress::Titled, Event::End(TagEnd::Paragraph)) => {
                // The paragraph had only the title line, so its start tag is removed.
                self.open.pop();
                let length = self.out().text.len() - "<p>".len();
                self.out().text.truncate(length);
                None
            }
            (_, event) => Some(event),
        }
    }

    /// Turns the quote whose HTML begins at `at` into an alert, if `text` begins one. Returns the remaining text.
    /// `rest` is the source after `text`.
    fn alert<'t>(&mut self, at: usize, text: &'t str, rest: &str) -> Option<&'t str> {
        let head = head(text).filter(|head| self.context.closed_world.levels.find(head.kind).is_none())?;
        let [.., OpenElement::Block(quote), OpenElement::Block(Close::Paragraph)] = self.open.as_mut_slice()
        else {
            return None;
        };
        let whole_line = rest.trim_start_matches([' ', '\\']).starts_with('\n') || rest.trim().is_empty();
        let followed = rest.contains(|c: char| !c.is_whitespace() && c != '>');
        // A line without text below it, or with a URL, is the content of the alert and not its title.
        let url = head.words.contains("://") || head.words.contains("www.");
        let is_title = whole_line && (head.words.is_empty() || followed && !url);
        let title = (is_title && !head.words.is_empty()).then_some(head.words);
        *quote = Close::Html("");
        self.out().text.truncate(at);
        let end = self.open_admonition(head.kind, head.admonition, title);
        if let [.., OpenElement::Block(quote), _] = self.open.as_mut_slice() {
            *quote = Close::Html(end);
        }
        self.out().raw("<p>");
        if is_title {
            self.quote = QuoteProgress::Titled;
            return Some("");
        }
        Some(head.words)
    }
}

/// Reads `[!note] Title`. A `-` after the brackets folds the alert.
fn head(text: &str) -> Option<AlertHead<'_>> {
    let (name, rest) = text.strip_prefix("[!")?.split_once(']')?;
    let (kind, _) = ADMONITIONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    let (admonition, rest) = match rest.strip_prefix('-') {
        Some(rest) => (Admonition::Folded, rest),
        None => (Admonition::Box, rest.strip_prefix('+').unwrap_or(rest)),
    };
    let apart = rest.is_empty() || rest.starts_with([' ', '\t']);
    // The text may continue with emphasis, which begins after a space.
    apart.then_some(AlertHead { kind, admonition, words: rest.trim_start() })
}
