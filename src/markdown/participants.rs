//! Finds lists of people that readers may not see, such as the participants of a meeting.
//!
//! Owns where such a list begins and ends in a text, and which of its entries are withheld: those that name people.
//! Withheld text is removed before the walk, like a comment, so it is in no output. Doubtful cases are reported. Must
//! not decide what a text means: the caller's [`ParticipantClassifier`] does.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::MarkdownContext;
use super::events::Events;
use super::notes::Flavor;
use super::syntax::{Extensions, Syntax};
use super::text_blocks::{Block, Blocks};
use super::writer::{HtmlWriter, TextOrigin};
use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::rules::PEOPLE_UNCLEAR;

/// The meaning of a text as a heading, or as the label of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadingMeaning {
    /// The heading of a list of people.
    People,
    /// The heading of a list of people, if its entries look like people.
    Perhaps,
    /// The heading of something else.
    Other,
    Nothing,
}

/// The meaning of a text as an entry of a list of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonEntry {
    Empty,
    /// A handle or an e-mail address.
    Handle,
    /// A full name, or several names.
    Name,
    /// One word, which may be a name.
    Word,
    /// A person with a short remark.
    Remark,
    /// A few words that are withheld with the people.
    Unclear,
    /// A person with more than a remark, or words that may name someone.
    Mixed,
    /// A statement, which is not an entry of a list of people.
    Notes,
}

impl PersonEntry {
    fn is_person(self) -> bool {
        matches!(self, PersonEntry::Handle | PersonEntry::Name | PersonEntry::Word | PersonEntry::Remark)
    }

    /// Whether it names a person in any list.
    fn is_sure(self) -> bool {
        matches!(self, PersonEntry::Handle | PersonEntry::Name | PersonEntry::Remark)
    }
}

/// The functions that decide what a text means.
#[derive(Clone, Copy)]
pub struct ParticipantClassifier<'a> {
    pub label: &'a (dyn Fn(&str) -> HeadingMeaning + Sync),
    pub entry: &'a (dyn Fn(&str) -> PersonEntry + Sync),
    /// Whether a heading is a date, so that the text directly below it precedes the agenda.
    pub dated: &'a (dyn Fn(&str) -> bool + Sync),
}

/// How participants are withheld, and whether the withheld text is collected.
#[derive(Clone, Copy)]
pub struct ParticipantPolicy<'a> {
    pub judge: ParticipantClassifier<'a>,
    /// Whether [`super::Document::withheld`] is filled.
    pub blocks: Blocks,
}

/// The withheld parts of a text.
#[derive(Debug, Default)]
pub(super) struct WithheldParticipants {
    /// In order, without overlaps.
    pub ranges: Vec<Range<usize>>,
    pub doubts: Vec<Doubt>,
}

/// A range in which it is unclear what names people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Doubt {
    why: DoubtReason,
    count: usize,
    range: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DoubtReason {
    /// Withheld, but possibly not people.
    Hidden,
    /// Shown, although it is in a list of people.
    Shown,
    /// A list without a label was taken for a list of people.
    Guessed,
    /// A list that looks like people is shown.
    Remains,
}

impl Doubt {
    fn message(&self) -> String {
        let count = self.count;
        let (entries, are) = if count == 1 { ("entry", "is") } else { ("entries", "are") };
        match self.why {
            DoubtReason::Hidden => {
                format!("{count} {entries} of a list of people {are} hidden, and may say more than names")
            }
            DoubtReason::Shown => {
                format!("{count} {entries} of a list of people {are} shown: this reads like notes")
            }
            DoubtReason::Guessed => {
                format!("a list of {count} {entries} was taken for people, and is hidden")
            }
            DoubtReason::Remains => format!("a list of {count} {entries} looks like people, and is shown"),
        }
    }

    fn help(&self) -> &'static str {
        match self.why {
            DoubtReason::Hidden => "put what was said beneath a heading of its own, such as `## Notes`",
            DoubtReason::Shown => {
                "put it beneath a heading of its own, such as `## Notes`; remove names that should stay inside"
            }
            DoubtReason::Guessed => "write `## Participants` above it, or `## Agenda` if these are topics",
            DoubtReason::Remains => {
                "write `## Participants` above it to hide it, or `## Agenda` if these are topics"
            }
        }
    }
}

/// A top-level block of a text.
#[derive(Debug)]
struct TopBlock {
    sort: TopBlockType,
    text: String,
    range: Range<usize>,
    /// The indexes of the items of a list, or of the rows of a table.
    items: Range<usize>,
}

/// An item of a list, or a row of a table with the text of its first cell.
#[derive(Debug)]
struct ListItem {
    /// The text before the first block in the item that is not a paragraph.
    text: String,
    range: Range<usize>,
    /// The index of the item that contains this one.
    parent: Option<usize>,
    holds_list: bool,
}

/// The classification of an item together with its nested items.
#[derive(Debug, Clone, Copy)]
struct WeighedItem {
    entry: PersonEntry,
    /// The number of items directly below it that are not empty.
    entries: usize,
    people: usize,
    notes: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TopBlockType {
    Heading,
    Paragraph,
    List,
    Table,
    /// A block of raw HTML, such as `<details><summary>…</summary>`.
    Html,
    Rule,
    Other,
}

/// The classification of the entries of a section.
#[derive(Debug, Default)]
struct EntryTally {
    people: usize,
    entries: usize,
    /// Withheld with the people, and reported.
    mixed: Vec<Range<usize>>,
    notes: Vec<Range<usize>>,
}

/// Finds the withheld parts of a text.
pub(super) fn find(
    text: &str,
    events: &Events<'_>,
    judge: ParticipantClassifier<'_>,
) -> WithheldParticipants {
    let (tops, items) = pieces(events);
    let weighed = weigh(&items, judge);
    let (tops, items) = (tops.as_slice(), items.as_slice());
    let mut search = Search { text, tops, items, weighed, judge, found: WithheldParticipants::default() };
    let mut at = 0;
    while at < tops.len() {
        at = search.section(at).unwrap_or(at + 1);
    }
    search.labelled_items();
    // `remaining` searches the ranges by their order, and reports only lists that are not withheld.
    search.found.ranges = merged(search.found.ranges);
    search.remaining();
    search.found
}

/// Whether a text lists people that would be withheld.
pub fn lists_people(text: &str, judge: ParticipantClassifier<'_>) -> bool {
    let extensions = Extensions { math: false, smart_punctuation: false };
    let syntax = Syntax { dialect: Dialect::Handbook, flavor: Flavor::Notes, extensions };
    syntax.parse(text, |parsed| !find(parsed.masked, &parsed.events, judge).ranges.is_empty())
}

/// Sorts ranges and merges those that touch or overlap.
fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// Classifies each item. Nested items follow their parent, so the items are classified from last to first.
fn weigh(items: &[ListItem], judge: ParticipantClassifier<'_>) -> Vec<WeighedItem> {
    let nothing = WeighedItem { entry: PersonEntry::Empty, entries: 0, people: 0, notes: 0 };
    let mut weighed = vec![nothing; items.len()];
    for (at, item) in items.iter().enumerate().rev() {
        let beneath = weighed[at];
        let entry = with_beneath((judge.entry)(&item.text), beneath);
        weighed[at].entry = entry;
        if let Some(above) = item.parent.map(|parent| &mut weighed[parent]) {
            above.entries += usize::from(entry != PersonEntry::Empty);
            above.people += usize::from(entry.is_person() || entry == PersonEntry::Mixed);
            above.notes += usize::from(entry == PersonEntry::Notes);
        }
    }
    weighed
}

/// The classification of an entry that has people, notes or both below it.
fn with_beneath(own: PersonEntry, beneath: WeighedItem) -> PersonEntry {
    let (people, notes) = (beneath.people > 0, beneath.notes > 0);
    match own {
        PersonEntry::Notes if people => PersonEntry::Mixed,
        PersonEntry::Handle | PersonEntry::Name | PersonEntry::Remark if notes => PersonEntry::Mixed,
        PersonEntry::Word | PersonEntry::Unclear | PersonEntry::Empty if notes && !people => {
            PersonEntry::Notes
        }
        PersonEntry::Word | PersonEntry::Unclear | PersonEntry::Empty if notes => PersonEntry::Mixed,
        PersonEntry::Unclear | PersonEntry::Empty if people => PersonEntry::Remark,
        own => own,
    }
}

struct Search<'s> {
    text: &'s str,
    tops: &'s [TopBlock],
    items: &'s [ListItem],
    /// The classification of each item.
    weighed: Vec<WeighedItem>,
    judge: ParticipantClassifier<'s>,
    found: WithheldParticipants,
}

impl Search<'_> {
    /// Withholds the list of people that begins with the block at index `at`, if there is one. Returns the index of the
    /// block after it.
    fn section(&mut self, at: usize) -> Option<usize> {
        let piece = &self.tops[at];
        match piece.sort {
            TopBlockType::Heading | TopBlockType::Html => {
                let label = (self.judge.label)(piece.text.trim());
                if !matches!(label, HeadingMeaning::People | HeadingMeaning::Perhaps) {
                    return None;
                }
                let end = self.section_end(at, label);
                self.decide(label, self.start(piece), at + 1..end).then_some(end)
            }
            TopBlockType::Paragraph => {
                let list = self.tops.get(at + 1).is_some_and(|next| next.sort == TopBlockType::List);
                // A paragraph is a label only if a list follows it directly.
                let label = self.lone_label(&piece.text).filter(|_| list);
                if label.is_some_and(|label| self.decide(label, piece.range.start, at + 1..at + 2)) {
                    return Some(at + 2);
                }
                self.labelled_lines(at);
                self.first_list(at)
            }
            TopBlockType::List => self.first_list(at),
            _ => None,
        }
    }

    /// Withholds the blocks below a label, from byte `start` on, if they are people. Returns whether the section was
    /// handled: it was withheld, or its label means people.
    fn decide(&mut self, label: HeadingMeaning, start: usize, pieces: Range<usize>) -> bool {
        let tally = self.tally(pieces.clone());
        let hides = match label {
            HeadingMeaning::People => tally.people + tally.mixed.len() > 0 || tally.notes.is_empty(),
            HeadingMeaning::Perhaps => tally.people > 0 && tally.people * 2 >= tally.entries,
            HeadingMeaning::Other | HeadingMeaning::Nothing => return false,
        };
        if !hides {
            if label == HeadingMeaning::People {
                self.doubt(DoubtReason::Shown, &tally.notes);
            }
            return label == HeadingMeaning::People;
        }
        let end = self.begins(pieces.end);
        let mut from = start;
        for notes in &tally.notes {
            self.found.ranges.push(from..notes.start);
            from = notes.end;
        }
        // The text after notes keeps its distance from them.
        let kept =
            if tally.notes.is_empty() { end } else { from + self.text[from..end.max(from)].trim_end().len() };
        self.found.ranges.push(from..kept);
        self.doubt(DoubtReason::Hidden, &tally.mixed);
        self.doubt(DoubtReason::Shown, &tally.notes);
        true
    }

    fn doubt(&mut self, why: DoubtReason, places: &[Range<usize>]) {
        if let Some(first) = places.first() {
            self.found.doubts.push(Doubt { why, count: places.len(), range: first.clone() });
        }
    }

    /// Withholds a list of people, or a line of handles, directly below the title or the date.
    fn first_list(&mut self, at: usize) -> Option<usize> {
        let above = &self.tops[..at];
        let title = above.iter().all(|piece| piece.sort == TopBlockType::Heading);
        let dated = above
            .last()
            .is_some_and(|piece| piece.sort == TopBlockType::Heading && (self.judge.dated)(&piece.text));
        if !(title && !above.is_empty() || dated) || self.labels_something(at) {
            return None;
        }
        let piece = &self.tops[at];
        let entries: Vec<PersonEntry> = match piece.sort {
            TopBlockType::List => self.direct(piece).map(|item| self.entry(item)).collect(),
            _ => piece.text.split([',', '\n']).map(|part| (self.judge.entry)(part)).collect(),
        };
        let count = entries.iter().filter(|entry| **entry != PersonEntry::Empty).count();
        let of = |wanted: PersonEntry| entries.iter().filter(|entry| **entry == wanted).count();
        let (handles, sure) = (of(PersonEntry::Handle), of(PersonEntry::Handle) + of(PersonEntry::Name));
        // A list with handles may have one other entry in five. A list of names only is a guess, which is reported.
        if handles > 0
            && (sure + of(PersonEntry::Word)) * 5 >= count * 4
            && (count > 1 || piece.sort == TopBlockType::List)
        {
            self.found.ranges.push(piece.range.clone());
        } else if piece.sort == TopBlockType::List && count > 1 && sure == count {
            self.found.ranges.push(piece.range.clone());
            self.found.doubts.push(Doubt { why: DoubtReason::Guessed, count, range: piece.range.clone() });
        } else {
            return None;
        }
        Some(at + 1)
    }

    /// Whether the heading above a block names something other than people.
    fn labels_something(&self, at: usize) -> bool {
        let above = self.tops[..at].last();
        above.is_some_and(|piece| (self.judge.label)(piece.text.trim()) == HeadingMeaning::Other)
    }

    /// Withholds the lines of a paragraph that begin with a label such as `Participants: …`, and the lines that
    /// continue them.
    fn labelled_lines(&mut self, number: usize) {
        let piece = &self.tops[number];
        let (mut hidden, mut lines) = (false, Vec::new());
        let mut at = piece.range.start;
        let mut mixed = Vec::new();
        for line in self.text[piece.range.clone()].split_inclusive('\n') {
            let range = at..at + line.len();
            at = range.end;
            let (label, rest) = labelled(line);
            hidden = match label {
                Some(label) if self.names_people(label, rest) => true,
                Some(_) => {
                    hidden && !matches!((self.judge.entry)(rest), PersonEntry::Notes | PersonEntry::Empty)
                }
                None => hidden,
            };
            if hidden {
                if matches!((self.judge.entry)(rest), PersonEntry::Notes | PersonEntry::Mixed) {
                    mixed.push(range.clone());
                }
                lines.push(range);
            }
        }
        match merged(lines).as_slice() {
            // The blank lines after a paragraph are withheld with it.
            [all] if *all == piece.range => self.found.ranges.push(all.start..self.begins(number + 1)),
            lines => self.found.ranges.extend_from_slice(lines),
        }
        self.doubt(DoubtReason::Hidden, &mixed);
    }

    /// The offset where a block begins, or the end of the text.
    fn begins(&self, number: usize) -> usize {
        self.tops.get(number).map_or(self.text.len(), |piece| piece.range.start)
    }

    /// Whether the text after a label and a colon names people.
    fn names_people(&self, label: &str, rest: &str) -> bool {
        match (self.judge.label)(label) {
            HeadingMeaning::People => true,
            HeadingMeaning::Perhaps => {
                matches!((self.judge.entry)(rest), PersonEntry::Handle | PersonEntry::Name)
            }
            HeadingMeaning::Other | HeadingMeaning::Nothing => false,
        }
    }

    /// The meaning of a text that consists of a label, with or without a colon.
    fn lone_label(&self, text: &str) -> Option<HeadingMeaning> {
        let text = text.trim().trim_end_matches([':', ' ', '*']);
        let label = (!text.contains(['\n', ':'])).then(|| (self.judge.label)(text))?;
        matches!(label, HeadingMeaning::People | HeadingMeaning::Perhaps).then_some(label)
    }

    /// Withholds items that begin with a label, or are the label of a nested list.
    fn labelled_items(&mut self) {
        for (at, item) in self.items.iter().enumerate() {
            let first = item.text.lines().next().unwrap_or_default();
            let (label, rest) = labelled(first);
            let beneath = self.weighed[at];
            let lone = self.lone_label(&item.text).filter(|_| item.holds_list);
            let hides = label.is_some_and(|label| self.names_people(label, rest))
                || lone == Some(HeadingMeaning::People)
                || lone == Some(HeadingMeaning::Perhaps)
                    && beneath.people > 0
                    && beneath.people * 2 >= beneath.entries;
            if hides {
                self.found.ranges.push(item.range.clone());
                if beneath.notes > 0 {
                    let (why, count, range) = (DoubtReason::Hidden, beneath.notes, item.range.clone());
                    self.found.doubts.push(Doubt { why, count, range });
                }
            }
        }
    }

    /// Reports lists of handles that are not withheld.
    fn remaining(&mut self) {
        let mut other = false;
        for piece in self.tops {
            if piece.sort == TopBlockType::Heading {
                other = (self.judge.label)(piece.text.trim()) == HeadingMeaning::Other;
            }
            let next = self.found.ranges.partition_point(|range| range.end <= piece.range.start);
            let hidden = self.found.ranges.get(next).is_some_and(|range| range.start < piece.range.end);
            if piece.sort != TopBlockType::List || other || hidden {
                continue;
            }
            let entries: Vec<PersonEntry> = self
                .direct(piece)
                .map(|item| self.entry(item))
                .filter(|entry| *entry != PersonEntry::Empty)
                .collect();
            let handles = entries.iter().filter(|entry| **entry == PersonEntry::Handle).count();
            if handles > 1 && handles * 5 >= entries.len() * 4 {
                let (count, range) = (entries.len(), piece.range.clone());
                self.found.doubts.push(Doubt { why: DoubtReason::Remains, count, range });
            }
        }
    }

    /// The index after the last block of a heading's section.
    fn section_end(&self, at: usize, label: HeadingMeaning) -> usize {
        // The content of a `<details>` element ends with it.
        let written = |at: usize| &self.text[self.tops[at].range.clone()];
        let fold = written(at).contains("<details");
        let closed = |at: usize| fold && written(at).starts_with("</details");
        let goes_on = |next: &usize| self.goes_on(*next, label) && !closed(next - 1);
        (at + 1..self.tops.len()).take_while(goes_on).last().map_or(at + 1, |last| last + 1)
    }

    /// Whether a section with label `begun` continues with the block at an index.
    fn goes_on(&self, at: usize, begun: HeadingMeaning) -> bool {
        let piece = &self.tops[at];
        match piece.sort {
            TopBlockType::Rule => false,
            TopBlockType::Heading => match (self.judge.label)(piece.text.trim()) {
                HeadingMeaning::People | HeadingMeaning::Perhaps => begun == HeadingMeaning::People,
                HeadingMeaning::Other => false,
                // A heading such as `### Team A` above more people.
                HeadingMeaning::Nothing => {
                    (self.judge.entry)(&piece.text) == PersonEntry::Handle
                        || self.tops.get(at + 1).is_some_and(|next| {
                            !next.items.is_empty() && self.direct(next).all(|item| self.entry(item).is_sure())
                        })
                }
            },
            _ => (self.judge.label)(&piece.text) != HeadingMeaning::Other,
        }
    }

    /// Classifies the entries of some blocks.
    fn tally(&self, pieces: Range<usize>) -> EntryTally {
        let mut tally = EntryTally::default();
        for at in pieces {
            let piece = &self.tops[at];
            match piece.sort {
                TopBlockType::Paragraph => {
                    // A paragraph above a list of notes introduces that list.
                    let entry = match (self.judge.entry)(&piece.text) {
                        PersonEntry::Unclear if self.notes_follow(at) => PersonEntry::Notes,
                        entry => entry,
                    };
                    tally.add(entry, &piece.text, piece.range.clone());
                }
                TopBlockType::List | TopBlockType::Table => {
                    for item in self.direct(piece) {
                        // A row cannot be shown outside its table.
                        let entry = match self.entry(item) {
                            PersonEntry::Notes if piece.sort == TopBlockType::Table => PersonEntry::Mixed,
                            entry => entry,
                        };
                        tally.add(entry, &self.items[item].text, self.items[item].range.clone());
                    }
                }
                _ => {}
            }
        }
        tally
    }

    fn notes_follow(&self, at: usize) -> bool {
        let next = self.tops.get(at + 1).filter(|next| next.sort == TopBlockType::List);
        next.is_some_and(|next| self.direct(next).all(|item| self.entry(item) == PersonEntry::Notes))
    }

    /// The items of the outermost list of a block, or the rows of a table.
    fn direct(&self, piece: &TopBlock) -> impl Iterator<Item = usize> {
        piece.items.clone().filter(|at| self.items[*at].parent.is_none())
    }

    /// The classification of an item together with its nested items.
    fn entry(&self, at: usize) -> PersonEntry {
        self.weighed[at].entry
    }

    /// The offset where the withheld text begins: after the date in `# 2026-03-01 ## Participants`.
    fn start(&self, piece: &TopBlock) -> usize {
        let written = &self.text[piece.range.clone()];
        let merged = written.match_indices(" #").map(|(at, _)| at).find(|at| {
            let label = written[*at..].trim_start_matches([' ', '#']).trim();
            let names = matches!((self.judge.label)(label), HeadingMeaning::People | HeadingMeaning::Perhaps);
            names && written[..*at].contains(char::is_alphanumeric)
        });
        piece.range.start + merged.unwrap_or(0)
    }
}

impl EntryTally {
    fn add(&mut self, entry: PersonEntry, text: &str, range: Range<usize>) {
        self.entries += usize::from(entry != PersonEntry::Empty);
        match entry {
            PersonEntry::Notes => self.notes.push(range),
            PersonEntry::Mixed => self.mixed.push(range),
            PersonEntry::Unclear if text.split_whitespace().count() > 4 => self.mixed.push(range),
            _ => self.people += usize::from(entry.is_person()),
        }
    }
}

/// Splits a line into its label and the text after the colon. Without a label, returns the whole line.
fn labelled(line: &str) -> (Option<&str>, &str) {
    let marks = |c: char| c.is_whitespace() || matches!(c, '*' | '_' | '\\');
    let line = line.trim_matches(marks);
    match line.split_once(':') {
        Some((label, rest))
            if (1..60).contains(&label.trim_matches(marks).len()) && !rest.starts_with("//") =>
        {
            (Some(label.trim_matches(marks)), rest.trim_start_matches(marks))
        }
        _ => (None, line),
    }
}

/// The top-level blocks of a text, and all items of its lists and rows of its tables.
fn pieces(events: &Events<'_>) -> (Vec<TopBlock>, Vec<ListItem>) {
    let mut reading = ParticipantReader::default();
    for (event, range) in events {
        reading.event(event, range.clone());
    }
    (reading.tops, reading.items)
}

#[derive(Default)]
struct ParticipantReader {
    tops: Vec<TopBlock>,
    items: Vec<ListItem>,
    /// The open items: the index of each, and whether its text is complete.
    open: Vec<(usize, bool)>,
    depth: usize,
}

impl ParticipantReader {
    fn event(&mut self, event: &Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(end) => {
                self.depth -= 1;
                match end {
                    TagEnd::Item | TagEnd::TableRow => self.close_item(),
                    TagEnd::TableCell => self.complete(),
                    _ => {}
                }
            }
            Event::Text(text) | Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.text(text)
            }
            Event::SoftBreak | Event::HardBreak => self.text("\n"),
            Event::Rule if self.depth == 0 => self.tops.push(piece(TopBlockType::Rule, range)),
            // Raw HTML at the top level may be a label, such as a `<summary>`.
            Event::Html(html) if self.depth == 1 => self.text(&without_tags(html)),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        let sort = match tag {
            Tag::Heading { .. } => TopBlockType::Heading,
            Tag::Paragraph => TopBlockType::Paragraph,
            Tag::List(_) => TopBlockType::List,
            Tag::Table(_) => TopBlockType::Table,
            Tag::HtmlBlock => TopBlockType::Html,
            _ => TopBlockType::Other,
        };
        match tag {
            Tag::Item | Tag::TableRow => {
                let parent = self.open.last().map(|(item, _)| *item);
                self.open.push((self.items.len(), false));
                self.items.push(ListItem { text: String::new(), range, parent, holds_list: false });
            }
            _ if self.depth == 0 => {
                let items = self.items.len()..self.items.len();
                self.tops.push(TopBlock { items, ..piece(sort, range) });
            }
            Tag::List(_) | Tag::CodeBlock(_) | Tag::BlockQuote(_) | Tag::Table(_) => {
                if let Some((item, _)) = self.open.last() {
                    self.items[*item].holds_list |= sort == TopBlockType::List;
                }
                self.complete();
            }
            _ => {}
        }
        self.depth += 1;
    }

    /// Marks the text of the innermost item as complete.
    fn complete(&mut self) {
        if let Some((_, complete)) = self.open.last_mut() {
            *complete = true;
        }
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
        self.open.pop();
        if let Some(top) = self.tops.last_mut() {
            top.items.end = self.items.len();
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

fn piece(sort: TopBlockType, range: Range<usize>) -> TopBlock {
    TopBlock { sort, text: String::new(), range, items: 0..0 }
}

impl<'a> HtmlWriter<'a> {
    /// Reports the ranges in which it is unclear what names people.
    pub(super) fn report_doubts(&mut self, doubts: Vec<Doubt>, part: Option<&Range<usize>>) {
        let within = |doubt: &Doubt| part.is_none_or(|part| part.contains(&doubt.range.start));
        for doubt in doubts.into_iter().filter(within) {
            let problem = Diagnostic::new(&PEOPLE_UNCLEAR, self.span(doubt.range.clone()), doubt.message());
            self.document.diagnostics.push(problem.help(doubt.help()));
        }
    }

    /// Collects the withheld text, if the caller wants to count it.
    pub(super) fn read_withheld(&mut self, origin: &TextOrigin<'a>, withheld: &[Range<usize>]) {
        let wanted = self.environment.withhold.is_some_and(|withhold| withhold.blocks == Blocks::Collect);
        for range in withheld.iter().filter(|_| wanted) {
            self.document.withheld.extend(blocks(self.environment, origin.clone(), range.clone()));
        }
    }
}

fn blocks(environment: &MarkdownContext<'_>, origin: TextOrigin<'_>, part: Range<usize>) -> Vec<Block> {
    let nothing = std::collections::BTreeMap::new();
    let quiet = MarkdownContext {
        checklist: super::Checklist::Leave,
        code: super::code::FigureContext::PLAIN,
        diagrams: None,
        sources: &nothing,
        blocks: Blocks::Collect,
        withhold: None,
        ..*environment
    };
    let mut writer = HtmlWriter::new(&quiet, None);
    writer.walk(origin, Some(part));
    writer.take_blocks()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(text: &str) -> HeadingMeaning {
        match text.trim().trim_start_matches("2026-03-01 ## ") {
            "People" | "Guests" => HeadingMeaning::People,
            "Remote" => HeadingMeaning::Perhaps,
            "Agenda" => HeadingMeaning::Other,
            _ => HeadingMeaning::Nothing,
        }
    }

    fn entry(text: &str) -> PersonEntry {
        match text.trim() {
            "" => PersonEntry::Empty,
            text if text.starts_with('@') && text.split_whitespace().count() > 3 => PersonEntry::Mixed,
            text if text.starts_with('@') => PersonEntry::Handle,
            text if text.len() < 3 => PersonEntry::Word,
            text if text.split_whitespace().count() > 3 => PersonEntry::Notes,
            text if text.contains(' ') && text.chars().all(|c| c == ' ' || c.is_uppercase()) => {
                PersonEntry::Name
            }
            _ => PersonEntry::Unclear,
        }
    }

    fn judged(text: &str) -> WithheldParticipants {
        let classifier =
            ParticipantClassifier { label: &label, entry: &entry, dated: &|text| text.starts_with("2026") };
        let extensions = Extensions { math: false, smart_punctuation: false };
        let syntax = Syntax { dialect: Dialect::Handbook, flavor: Flavor::Plain, extensions };
        syntax.parse(text, |parsed| find(text, &parsed.events, classifier))
    }

    fn kept(text: &str) -> String {
        let mut rest = text.to_owned();
        judged(text).ranges.into_iter().rev().for_each(|range| rest.replace_range(range, "\n"));
        rest.split_whitespace().collect::<Vec<_>>().join(" ")
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

    fn doubts(text: &str) -> String {
        let say = |doubt: &Doubt| format!("{:?} {}", doubt.why, doubt.count);
        judged(text).doubts.iter().map(say).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn notes_in_a_list_of_people_stay_and_are_reported() {
        let text = "## People\n\n- @a\n- we spoke of the disks\n- B\n\n## C\n";
        assert_eq!((kept(text), doubts(text)), ("- we spoke of the disks ## C".into(), "Shown 1".into()));
        let text = "## People\n\nA\n\nTalk\n\n- we spoke of the disks\n  - and of the fans\n";
        assert_eq!(kept(text), "Talk - we spoke of the disks - and of the fans");
        let text = "## People\n\nWe spoke of the disks.\n";
        assert_eq!((kept(text), doubts(text)), (text.trim().replace("\n\n", " "), "Shown 1".into()));
        let text = "## People\n\n- @a has to leave at ten\n- who will join us next\n  - @b\n";
        assert_eq!((kept(text), doubts(text)), (String::new(), "Hidden 2".into()));
    }

    #[test]
    fn a_label_that_may_mean_people_needs_people() {
        assert_eq!(kept("## Remote\n\n- @a\n- B\n\n## C\n"), "## C");
        assert_eq!(kept("## Remote\n\n- hands for the racks\n"), "## Remote - hands for the racks");
        assert_eq!(kept("## Remote\n\n### Team\n\n- @a\n\n## C\n"), "## C");
        assert_eq!(kept("Remote: @a\n\nRemote: hands\n"), "Remote: hands");
        assert_eq!(kept("- Remote\n  - @a\n- b\n"), "- b");
        assert_eq!(kept("- Remote\n  - hands for the racks\n"), "- Remote - hands for the racks");
    }

    #[test]
    fn a_list_right_beneath_the_date_is_people_if_it_looks_so() {
        assert_eq!(kept("# T\n\n-\n- @a\n- @b\n\n## C\n"), "# T ## C");
        assert_eq!(kept("# T\n\n## 2026\n\n@a, @b\n\nc\n"), "# T ## 2026 c");
        let text = "# T\n\n- A B\n- C D\n";
        assert_eq!((kept(text), doubts(text)), ("# T".into(), "Guessed 2".into()));
        assert_eq!(kept("# T\n\n- a\n- b\n"), "# T - a - b");
        assert_eq!(kept("# T\n\nText.\n\n- @a\n"), "# T Text. - @a");
        assert_eq!(kept("- @a\n"), "- @a");
        assert_eq!(kept("## Agenda\n\n- @a\n- @b\n"), "## Agenda - @a - @b");
    }

    #[test]
    fn a_list_of_handles_that_remains_is_reported() {
        assert_eq!(doubts("# T\n\nText.\n\n- @a\n- @b\n"), "Remains 2");
        assert_eq!(doubts("# T\n\n## Agenda\n\n- @a\n- @b\n"), "");
        assert_eq!(doubts("# T\n\n## People\n\n- @a\n- @b\n"), "");
    }

    #[test]
    fn only_lines_with_people_vanish_from_a_paragraph() {
        assert_eq!(
            kept("When: ten o'clock on Monday\nPeople: @a,\n@b\nWhere: in the big meeting room\nc\n"),
            "When: ten o'clock on Monday Where: in the big meeting room c"
        );
        assert_eq!(kept("**People:** A\n**Scribe:** @b\n"), "");
    }

    #[test]
    fn tables_of_people_are_withheld_as_a_whole() {
        assert_eq!(kept("## Remote\n\n| Name | At |\n|-|-|\n| @a | c |\n| @b | d |\n\n# C\n"), "# C");
        assert_eq!(
            kept("## Remote\n\n| A |\n|-|\n| hands for |\n\n# C\n"),
            "## Remote | A | |-| | hands for | # C"
        );
    }
}
