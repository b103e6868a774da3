//! Sections that readers may not see, such as the people of a meeting.
//!
//! Owns where such a section begins and ends in a text. What is withheld vanishes before the walk, like a comment: it
//! is in no output. Who decides what a heading means is not known here.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag};

use super::Environment;
use super::gather::{Block, Blocks};
use super::writer::{EXTENSIONS, Origin, Writer};

/// What a text means for what is withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// What stands beneath this label is withheld, and the label.
    Begins,
    /// It is part of what is withheld, wherever it stands in such a section.
    Belongs,
    /// Something else begins.
    Ends,
    Neither,
}

/// Judges a heading, a paragraph or an item.
pub type Judge<'a> = &'a (dyn Fn(&str) -> Verdict + Sync);

/// What is withheld, and whether anybody wants to know what it says.
#[derive(Clone, Copy)]
pub struct Withhold<'a> {
    pub judge: Judge<'a>,
    /// Whether [`super::Document::withheld`] is wanted.
    pub blocks: Blocks,
}

/// A block at the top of a text, or an item of a list.
#[derive(Debug)]
struct Piece {
    sort: Sort,
    text: String,
    range: Range<usize>,
    /// Whether a list stands in the item.
    holds_list: bool,
    /// Texts of a list's items.
    items: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Heading(u8),
    Paragraph,
    List,
    Item,
    /// A block of raw HTML, such as `<details><summary>…</summary>`.
    Html,
    Rule,
    Other,
}

/// The ranges of a text that are withheld, in order.
pub(super) fn find(text: &str, judge: Judge<'_>) -> Vec<Range<usize>> {
    let (tops, items) = pieces(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tops.len() {
        let end = section_end((text, &tops), at, judge);
        if let Some(end) = end {
            let stop = tops.get(end).map_or(text.len(), |next| next.range.start);
            found.push(start(text, &tops[at], judge)..stop);
        }
        at = end.unwrap_or(at + 1).max(at + 1);
    }
    let labelled =
        |item: &Piece| has_label(&item.text, judge) || item.holds_list && is_label(&item.text, judge);
    let items = items.into_iter().filter(labelled).map(|item| item.range);
    found.extend(items.filter(|item| !item.is_empty()));
    found.sort_by_key(|range| range.start);
    found
}

/// The text without what is withheld, of the same length.
pub(super) fn cover<'t>(text: Cow<'t, str>, withheld: &[Range<usize>]) -> Cow<'t, str> {
    if withheld.is_empty() {
        return text;
    }
    let mut covered = text.into_owned().into_bytes();
    for range in withheld {
        let bytes = &mut covered[range.clone()];
        bytes.iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
    }
    Cow::Owned(String::from_utf8(covered).expect("whole characters became ASCII"))
}

/// Behind which piece the section that begins with a piece ends, if one does.
fn section_end((text, tops): (&str, &[Piece]), at: usize, judge: Judge<'_>) -> Option<usize> {
    let piece = &tops[at];
    match piece.sort {
        Sort::Heading(_) | Sort::Html if judge(piece.text.trim()) == Verdict::Begins => {
            // What a fold holds ends with it.
            let fold = text[piece.range.clone()].contains("<details");
            let closed = |at: usize| fold && text[tops[at].range.clone()].starts_with("</details");
            let goes_on = |next: &usize| goes_on(tops, *next, judge) && !closed(next - 1);
            Some((at + 1..tops.len()).take_while(goes_on).last().map_or(at + 1, |last| last + 1))
        }
        Sort::Paragraph => {
            let list = tops.get(at + 1).is_some_and(|next| next.sort == Sort::List);
            let alone = !piece.text.trim_end_matches([':', ' ', '*']).contains(':');
            let above_list = list && alone && is_label(&piece.text, judge);
            (above_list || has_label(&piece.text, judge)).then_some(if list && alone {
                at + 2
            } else {
                at + 1
            })
        }
        _ => None,
    }
}

/// Whether a withheld section goes on with a piece.
fn goes_on(tops: &[Piece], at: usize, judge: Judge<'_>) -> bool {
    match tops[at].sort {
        Sort::Rule => false,
        Sort::Heading(_) => match judge(&tops[at].text) {
            Verdict::Begins | Verdict::Belongs => true,
            // `### Team A` above more of the same.
            Verdict::Neither => tops.get(at + 1).is_some_and(|next| {
                !next.items.is_empty() && next.items.iter().all(|item| judge(item) == Verdict::Belongs)
            }),
            Verdict::Ends => false,
        },
        _ => judge(&tops[at].text) != Verdict::Ends,
    }
}

/// Whether a paragraph or an item begins with a label: `Participants: …`.
fn has_label(text: &str, judge: Judge<'_>) -> bool {
    let label = first_line(text).split_once(':').map_or("", |(label, _)| label.trim());
    (1..60).contains(&label.len()) && judge(label) == Verdict::Begins
}

/// Whether a paragraph or an item is nothing but a label above a list.
fn is_label(text: &str, judge: Judge<'_>) -> bool {
    judge(first_line(text)) == Verdict::Begins && !text.trim().contains('\n')
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// Where what is withheld begins: behind the date in `# 2026-03-01 ## Participants`.
fn start(text: &str, piece: &Piece, judge: Judge<'_>) -> usize {
    let written = &text[piece.range.clone()];
    let merged = written.match_indices(" #").map(|(at, _)| at).find(|at| {
        let label = written[*at..].trim_start_matches([' ', '#']);
        written[..*at].contains(char::is_alphanumeric) && judge(label.trim()) == Verdict::Begins
    });
    piece.range.start + merged.unwrap_or(0)
}

/// The blocks at the top of a text, and all items of its lists.
fn pieces(text: &str) -> (Vec<Piece>, Vec<Piece>) {
    let mut reading = Reading::default();
    for (event, range) in Parser::new_ext(text, EXTENSIONS).into_offset_iter() {
        reading.event(&event, range);
    }
    (reading.tops, reading.items)
}

#[derive(Default)]
struct Reading {
    tops: Vec<Piece>,
    items: Vec<Piece>,
    /// Items that are open: their numbers, and whether their text is complete.
    open: Vec<(usize, bool)>,
    depth: usize,
}

impl Reading {
    fn event(&mut self, event: &Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(end) => {
                self.depth -= 1;
                if matches!(end, pulldown_cmark::TagEnd::Item) {
                    self.close_item();
                }
            }
            Event::Text(text) | Event::Code(text) => self.text(text),
            Event::SoftBreak | Event::HardBreak => self.text("\n"),
            Event::Rule if self.depth == 0 => self.tops.push(piece(Sort::Rule, range)),
            Event::Html(html) if self.depth == 1 => self.text(&without_tags(html)),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        let sort = match tag {
            Tag::Heading { level, .. } => Sort::Heading(*level as u8),
            Tag::Paragraph => Sort::Paragraph,
            Tag::List(_) => Sort::List,
            Tag::HtmlBlock => Sort::Html,
            _ => Sort::Other,
        };
        match tag {
            Tag::Item => {
                self.open.push((self.items.len(), false));
                self.items.push(piece(Sort::Item, range));
            }
            _ if self.depth == 0 => self.tops.push(piece(sort, range)),
            Tag::List(_) | Tag::CodeBlock(_) | Tag::BlockQuote(_) | Tag::Table(_) => {
                if let Some((item, complete)) = self.open.last_mut() {
                    *complete = true;
                    self.items[*item].holds_list |= sort == Sort::List;
                }
            }
            _ => {}
        }
        self.depth += 1;
    }

    fn text(&mut self, text: &str) {
        match self.open.last() {
            Some((item, false)) => self.items[*item].text.push_str(text),
            Some(_) => {}
            None => {
                if let Some(top) = self.tops.last_mut() {
                    top.text.push_str(text);
                }
            }
        }
    }

    fn close_item(&mut self) {
        if let Some((item, _)) = self.open.pop()
            && let Some(top) = self.tops.last_mut()
        {
            top.items.push(self.items[item].text.clone());
        }
    }
}

fn without_tags(html: &str) -> String {
    let pieces = html.split('<').enumerate();
    let text = |(number, piece): (usize, &str)| match (number, piece.split_once('>')) {
        (0, _) => piece.to_owned(),
        (_, Some((_, text))) => text.to_owned(),
        (_, None) => String::new(),
    };
    pieces.map(text).collect()
}

fn piece(sort: Sort, range: Range<usize>) -> Piece {
    Piece { sort, text: String::new(), range, holds_list: false, items: Vec::new() }
}

impl<'a> Writer<'a> {
    /// Reads what is withheld of a text, for those who only count.
    pub(super) fn read_withheld(&mut self, origin: &Origin<'a>, withheld: &[Range<usize>]) {
        let wanted = self.environment.withhold.is_some_and(|withhold| withhold.blocks == Blocks::Collect);
        for range in withheld.iter().filter(|_| wanted) {
            self.withheld.extend(blocks(self.environment, origin.clone(), range.clone()));
        }
    }
}

fn blocks(environment: &Environment<'_>, origin: Origin<'_>, part: Range<usize>) -> Vec<Block> {
    let nothing = std::collections::BTreeMap::new();
    let quiet = Environment {
        checklist: super::Checklist::Leave,
        code: super::code::Setting::PLAIN,
        diagrams: None,
        sources: &nothing,
        blocks: Blocks::Collect,
        withhold: None,
        ..*environment
    };
    let mut writer = Writer::new(&quiet, None);
    writer.walk(origin, Some(part));
    writer.take_blocks()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(text: &str) -> Verdict {
        let text = text.trim();
        match text.trim_start_matches("2026-03-01 ## ") {
            "People" | "Guests" => Verdict::Begins,
            "Agenda" => Verdict::Ends,
            _ if text.starts_with('@') => Verdict::Belongs,
            _ => Verdict::Neither,
        }
    }

    fn kept(text: &str) -> String {
        let covered = cover(Cow::Borrowed(text), &find(text, &judge));
        assert_eq!(covered.len(), text.len());
        covered.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_section_is_withheld_up_to_what_is_something_else() {
        assert_eq!(kept("# A\n\n## People\n\n- @a\n- B\n\n## C\n\nd\n"), "# A ## C d");
        assert_eq!(kept("## People\n\n### Team\n\n- @a\n\n## Guests\n\nB\n\n### C\n\nd\n"), "### C d");
        assert_eq!(kept("## People\n\n@a, @b\n---\n\nc\n"), "", "a setext heading of handles");
        assert_eq!(kept("## People\n\n- @a\n---\nc\n"), "--- c");
        assert_eq!(kept("## People\n\n- @a\n\nAgenda\n\n- c\n"), "Agenda - c");
        assert_eq!(kept("People\n======\n\n| A |\n|-|\n| b |\n\n# C\n"), "# C");
    }

    #[test]
    fn sections_in_raw_html_are_withheld_too() {
        let text = "<details>\n<summary>People</summary>\n\n- @a\n\n</details>\n\nb\n";
        assert_eq!(kept(text), "b");
        assert_eq!(kept("<h2>People</h2>\n\n- @a\n\n## C\n"), "## C");
        assert_eq!(kept("<p>b</p>\n\n- c\n"), "<p>b</p> - c");
    }

    #[test]
    fn a_date_before_the_label_stays() {
        assert_eq!(kept("# 2026-03-01 ## People\n\n- @a\n\n## Agenda\n"), "# 2026-03-01 ## Agenda");
    }

    #[test]
    fn labels_without_a_heading_are_withheld_with_their_lists() {
        assert_eq!(kept("**People:**\n\n- @a\n\nb\n"), "b");
        assert_eq!(kept("People: A, B\n\n- b\n"), "- b");
        assert_eq!(kept("- People\n  - @a\n- b\n  - People: A\n  - c\n"), "- b - c");
        assert_eq!(kept("People are nice.\n\n- People\n"), "People are nice. - People");
    }
}
