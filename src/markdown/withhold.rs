//! Lists of people that readers may not see, such as those who took part in a meeting.
//!
//! Owns where such a list begins and ends in a text, and which entries of it vanish: those that name people. What is
//! withheld vanishes before the walk, like a comment: it is in no output. What is not clear is reported. Who decides
//! what a text means is not known here.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::Environment;
use super::gather::{Block, Blocks};
use super::syntax::EXTENSIONS;
use super::writer::{Origin, Writer};
use crate::diagnostic::Diagnostic;
use crate::rules::PEOPLE_UNCLEAR;

/// What a text means as a heading, or as the label above or before a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// People are listed beneath.
    People,
    /// People are listed beneath, if the entries look like people.
    Perhaps,
    /// Something else begins.
    Other,
    Nothing,
}

/// What a text means as an entry of a list of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    Empty,
    /// A handle or an address of e-mail.
    Handle,
    /// A full name, or several names.
    Name,
    /// One word, which may be a name.
    Word,
    /// Somebody, with a short remark.
    Remark,
    /// A few words that are hidden with the people, and are not missed.
    Unclear,
    /// Somebody with more than a remark, or words that may name somebody.
    Mixed,
    /// Something that was said: no entry of a list of people.
    Notes,
}

impl Entry {
    fn is_person(self) -> bool {
        matches!(self, Entry::Handle | Entry::Name | Entry::Word | Entry::Remark)
    }

    /// Whether it names somebody wherever it stands.
    fn is_sure(self) -> bool {
        matches!(self, Entry::Handle | Entry::Name | Entry::Remark)
    }
}

/// Who decides what a text means.
#[derive(Clone, Copy)]
pub struct Judge<'a> {
    pub label: &'a (dyn Fn(&str) -> Label + Sync),
    pub entry: &'a (dyn Fn(&str) -> Entry + Sync),
    /// Whether a heading is a date, so that what stands right beneath it precedes the agenda.
    pub dated: &'a (dyn Fn(&str) -> bool + Sync),
}

/// What is withheld, and whether anybody wants to know what it says.
#[derive(Clone, Copy)]
pub struct Withhold<'a> {
    pub judge: Judge<'a>,
    /// Whether [`super::Document::withheld`] is wanted.
    pub blocks: Blocks,
}

/// What is withheld of a text.
#[derive(Debug, Default)]
pub(super) struct Withheld {
    /// In order; none overlaps another.
    pub ranges: Vec<Range<usize>>,
    pub doubts: Vec<Doubt>,
}

/// A place where it is not clear what names people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Doubt {
    why: Why,
    count: usize,
    range: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    /// Hidden, and perhaps not people.
    Hidden,
    /// Shown, although it stands in a list of people.
    Shown,
    /// A list without a label was taken for people.
    Guessed,
    /// A list that looks like people is shown.
    Remains,
}

impl Doubt {
    fn message(&self) -> String {
        let count = self.count;
        let (entries, are) = if count == 1 { ("entry", "is") } else { ("entries", "are") };
        match self.why {
            Why::Hidden => {
                format!("{count} {entries} of a list of people {are} hidden, and may say more than names")
            }
            Why::Shown => format!("{count} {entries} of a list of people {are} shown: this reads like notes"),
            Why::Guessed => format!("a list of {count} {entries} was taken for people, and is hidden"),
            Why::Remains => format!("a list of {count} {entries} looks like people, and is shown"),
        }
    }

    fn help(&self) -> &'static str {
        match self.why {
            Why::Hidden => "put what was said beneath a heading of its own, such as `## Notes`",
            Why::Shown => {
                "put it beneath a heading of its own, such as `## Notes`; remove names that should stay inside"
            }
            Why::Guessed => "write `## Participants` above it, or `## Agenda` if these are topics",
            Why::Remains => "write `## Participants` above it to hide it, or `## Agenda` if these are topics",
        }
    }
}

/// A block at the top of a text.
#[derive(Debug)]
struct Piece {
    sort: Sort,
    text: String,
    range: Range<usize>,
    /// The numbers of the items of a list, or of the rows of a table.
    items: Range<usize>,
}

/// An item of a list, or the first cell of a table's row.
#[derive(Debug)]
struct Item {
    /// Up to the first block within that is no paragraph.
    text: String,
    range: Range<usize>,
    /// The number of the item that it stands in.
    parent: Option<usize>,
    holds_list: bool,
}

/// What an item is, with all that stands beneath it.
#[derive(Debug, Clone, Copy)]
struct Weighed {
    entry: Entry,
    /// Of the items right beneath it.
    entries: usize,
    people: usize,
    notes: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Heading,
    Paragraph,
    List,
    Table,
    /// A block of raw HTML, such as `<details><summary>…</summary>`.
    Html,
    Rule,
    Other,
}

/// What the entries of a section are.
#[derive(Debug, Default)]
struct Tally {
    people: usize,
    entries: usize,
    /// Hidden with the people, and worth a report.
    mixed: Vec<Range<usize>>,
    notes: Vec<Range<usize>>,
}

/// What is withheld of a text.
pub(super) fn find(text: &str, judge: Judge<'_>) -> Withheld {
    let (tops, items) = pieces(text);
    let weighed = weigh(&items, judge);
    let (tops, items) = (tops.as_slice(), items.as_slice());
    let mut search = Search { text, tops, items, weighed, judge, found: Withheld::default() };
    let mut at = 0;
    while at < tops.len() {
        at = search.section(at).unwrap_or(at + 1);
    }
    search.labelled_items();
    search.found.ranges = merged(search.found.ranges);
    search.remaining();
    search.found
}

/// Whether a text lists people that would be withheld.
pub fn lists_people(text: &str, judge: Judge<'_>) -> bool {
    !find(text, judge).ranges.is_empty()
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

/// Ranges in order, those that touch or overlap as one.
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

/// What each item is. What stands beneath an item follows it, so the last one is weighed first.
fn weigh(items: &[Item], judge: Judge<'_>) -> Vec<Weighed> {
    let nothing = Weighed { entry: Entry::Empty, entries: 0, people: 0, notes: 0 };
    let mut weighed = vec![nothing; items.len()];
    for (at, item) in items.iter().enumerate().rev() {
        let beneath = weighed[at];
        let entry = with_beneath((judge.entry)(&item.text), beneath);
        weighed[at].entry = entry;
        if let Some(above) = item.parent.map(|parent| &mut weighed[parent]) {
            above.entries += usize::from(entry != Entry::Empty);
            above.people += usize::from(entry.is_person() || entry == Entry::Mixed);
            above.notes += usize::from(entry == Entry::Notes);
        }
    }
    weighed
}

/// What an entry is above people, above notes or above both.
fn with_beneath(own: Entry, beneath: Weighed) -> Entry {
    let (people, notes) = (beneath.people > 0, beneath.notes > 0);
    match own {
        Entry::Notes if people => Entry::Mixed,
        Entry::Handle | Entry::Name | Entry::Remark if notes => Entry::Mixed,
        Entry::Word | Entry::Unclear | Entry::Empty if notes && !people => Entry::Notes,
        Entry::Word | Entry::Unclear | Entry::Empty if notes => Entry::Mixed,
        Entry::Unclear | Entry::Empty if people => Entry::Remark,
        own => own,
    }
}

struct Search<'s> {
    text: &'s str,
    tops: &'s [Piece],
    items: &'s [Item],
    /// What each item is.
    weighed: Vec<Weighed>,
    judge: Judge<'s>,
    found: Withheld,
}

impl Search<'_> {
    /// Hides what the piece begins, if that is a list of people. Returns the number of the piece behind it.
    fn section(&mut self, at: usize) -> Option<usize> {
        let piece = &self.tops[at];
        match piece.sort {
            Sort::Heading | Sort::Html => {
                let label = (self.judge.label)(piece.text.trim());
                if !matches!(label, Label::People | Label::Perhaps) {
                    return None;
                }
                let end = self.section_end(at, label);
                self.decide(label, self.start(piece), at + 1..end).then_some(end)
            }
            Sort::Paragraph => {
                let list = self.tops.get(at + 1).is_some_and(|next| next.sort == Sort::List);
                let label = self.lone_label(&piece.text).filter(|_| list);
                if label.is_some_and(|label| self.decide(label, piece.range.start, at + 1..at + 2)) {
                    return Some(at + 2);
                }
                self.labelled_lines(at);
                self.first_list(at)
            }
            Sort::List => self.first_list(at),
            _ => None,
        }
    }

    /// Hides what stands beneath a label, from byte `start` on, if it is people. Returns whether it is.
    fn decide(&mut self, label: Label, start: usize, pieces: Range<usize>) -> bool {
        let tally = self.tally(pieces.clone());
        let hides = match label {
            Label::People => tally.people + tally.mixed.len() > 0 || tally.notes.is_empty(),
            Label::Perhaps => tally.people > 0 && tally.people * 2 >= tally.entries,
            Label::Other | Label::Nothing => return false,
        };
        if !hides {
            if label == Label::People {
                self.doubt(Why::Shown, &tally.notes);
            }
            return label == Label::People;
        }
        let end = self.begins(pieces.end);
        let mut from = start;
        for notes in &tally.notes {
            self.found.ranges.push(from..notes.start);
            from = notes.end;
        }
        // What follows notes keeps its distance from them.
        let kept =
            if tally.notes.is_empty() { end } else { from + self.text[from..end.max(from)].trim_end().len() };
        self.found.ranges.push(from..kept);
        self.doubt(Why::Hidden, &tally.mixed);
        self.doubt(Why::Shown, &tally.notes);
        true
    }

    fn doubt(&mut self, why: Why, places: &[Range<usize>]) {
        if let Some(first) = places.first() {
            self.found.doubts.push(Doubt { why, count: places.len(), range: first.clone() });
        }
    }

    /// Hides a list of people, or a line of handles, that stands right beneath the title or the date.
    fn first_list(&mut self, at: usize) -> Option<usize> {
        let above = &self.tops[..at];
        let title = above.iter().all(|piece| piece.sort == Sort::Heading);
        let dated =
            above.last().is_some_and(|piece| piece.sort == Sort::Heading && (self.judge.dated)(&piece.text));
        if !(title && !above.is_empty() || dated) || self.labels_something(at) {
            return None;
        }
        let piece = &self.tops[at];
        let entries: Vec<Entry> = match piece.sort {
            Sort::List => self.direct(piece).map(|item| self.entry(item)).collect(),
            _ => piece.text.split([',', '\n']).map(|part| (self.judge.entry)(part)).collect(),
        };
        let count = entries.iter().filter(|entry| **entry != Entry::Empty).count();
        let of = |wanted: Entry| entries.iter().filter(|entry| **entry == wanted).count();
        let (handles, sure) = (of(Entry::Handle), of(Entry::Handle) + of(Entry::Name));
        if handles > 0 && (sure + of(Entry::Word)) * 5 >= count * 4 && (count > 1 || piece.sort == Sort::List)
        {
            self.found.ranges.push(piece.range.clone());
        } else if piece.sort == Sort::List && count > 1 && sure == count {
            self.found.ranges.push(piece.range.clone());
            self.found.doubts.push(Doubt { why: Why::Guessed, count, range: piece.range.clone() });
        } else {
            return None;
        }
        Some(at + 1)
    }

    /// Whether the heading above a piece names something else.
    fn labels_something(&self, at: usize) -> bool {
        let above = self.tops[..at].last();
        above.is_some_and(|piece| (self.judge.label)(piece.text.trim()) == Label::Other)
    }

    /// Hides the lines of a paragraph that begin with a label, and those that go on with people: `Participants: …`.
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
                Some(_) => hidden && !matches!((self.judge.entry)(rest), Entry::Notes | Entry::Empty),
                None => hidden,
            };
            if hidden {
                if matches!((self.judge.entry)(rest), Entry::Notes | Entry::Mixed) {
                    mixed.push(range.clone());
                }
                lines.push(range);
            }
        }
        match merged(lines).as_slice() {
            // The blank lines behind a paragraph go with it.
            [all] if *all == piece.range => self.found.ranges.push(all.start..self.begins(number + 1)),
            lines => self.found.ranges.extend_from_slice(lines),
        }
        self.doubt(Why::Hidden, &mixed);
    }

    /// Where a piece begins, or the text ends.
    fn begins(&self, number: usize) -> usize {
        self.tops.get(number).map_or(self.text.len(), |piece| piece.range.start)
    }

    /// Whether what stands behind a label and a colon is people.
    fn names_people(&self, label: &str, rest: &str) -> bool {
        match (self.judge.label)(label) {
            Label::People => true,
            Label::Perhaps => matches!((self.judge.entry)(rest), Entry::Handle | Entry::Name),
            Label::Other | Label::Nothing => false,
        }
    }

    /// What a text says that is nothing but a label, perhaps with a colon.
    fn lone_label(&self, text: &str) -> Option<Label> {
        let text = text.trim().trim_end_matches([':', ' ', '*']);
        let label = (!text.contains(['\n', ':'])).then(|| (self.judge.label)(text))?;
        matches!(label, Label::People | Label::Perhaps).then_some(label)
    }

    /// Hides items that are labels above a list of their own, or begin with one.
    fn labelled_items(&mut self) {
        for (at, item) in self.items.iter().enumerate() {
            let first = item.text.lines().next().unwrap_or_default();
            let (label, rest) = labelled(first);
            let beneath = self.weighed[at];
            let lone = self.lone_label(&item.text).filter(|_| item.holds_list);
            let hides = label.is_some_and(|label| self.names_people(label, rest))
                || lone == Some(Label::People)
                || lone == Some(Label::Perhaps)
                    && beneath.people > 0
                    && beneath.people * 2 >= beneath.entries;
            if hides {
                self.found.ranges.push(item.range.clone());
                if beneath.notes > 0 {
                    let (why, count, range) = (Why::Hidden, beneath.notes, item.range.clone());
                    self.found.doubts.push(Doubt { why, count, range });
                }
            }
        }
    }

    /// Reports lists of handles that are still there.
    fn remaining(&mut self) {
        let mut other = false;
        for piece in self.tops {
            if piece.sort == Sort::Heading {
                other = (self.judge.label)(piece.text.trim()) == Label::Other;
            }
            let next = self.found.ranges.partition_point(|range| range.end <= piece.range.start);
            let hidden = self.found.ranges.get(next).is_some_and(|range| range.start < piece.range.end);
            if piece.sort != Sort::List || other || hidden {
                continue;
            }
            let entries: Vec<Entry> = self
                .direct(piece)
                .map(|item| self.entry(item))
                .filter(|entry| *entry != Entry::Empty)
                .collect();
            let handles = entries.iter().filter(|entry| **entry == Entry::Handle).count();
            if handles > 1 && handles * 5 >= entries.len() * 4 {
                let (count, range) = (entries.len(), piece.range.clone());
                self.found.doubts.push(Doubt { why: Why::Remains, count, range });
            }
        }
    }

    /// Behind which piece the section beneath a heading ends.
    fn section_end(&self, at: usize, label: Label) -> usize {
        // What a fold holds ends with it.
        let written = |at: usize| &self.text[self.tops[at].range.clone()];
        let fold = written(at).contains("<details");
        let closed = |at: usize| fold && written(at).starts_with("</details");
        let goes_on = |next: &usize| self.goes_on(*next, label) && !closed(next - 1);
        (at + 1..self.tops.len()).take_while(goes_on).last().map_or(at + 1, |last| last + 1)
    }

    /// Whether what a label begins goes on with a piece.
    fn goes_on(&self, at: usize, begun: Label) -> bool {
        let piece = &self.tops[at];
        match piece.sort {
            Sort::Rule => false,
            Sort::Heading => match (self.judge.label)(piece.text.trim()) {
                Label::People | Label::Perhaps => begun == Label::People,
                Label::Other => false,
                // `### Team A` above more of the same.
                Label::Nothing => {
                    (self.judge.entry)(&piece.text) == Entry::Handle
                        || self.tops.get(at + 1).is_some_and(|next| {
                            !next.items.is_empty() && self.direct(next).all(|item| self.entry(item).is_sure())
                        })
                }
            },
            _ => (self.judge.label)(&piece.text) != Label::Other,
        }
    }

    /// What the entries of some pieces are.
    fn tally(&self, pieces: Range<usize>) -> Tally {
        let mut tally = Tally::default();
        for at in pieces {
            let piece = &self.tops[at];
            match piece.sort {
                Sort::Paragraph => {
                    // A paragraph above a list of notes introduces it.
                    let entry = match (self.judge.entry)(&piece.text) {
                        Entry::Unclear if self.notes_follow(at) => Entry::Notes,
                        entry => entry,
                    };
                    tally.add(entry, &piece.text, piece.range.clone());
                }
                Sort::List | Sort::Table => {
                    for item in self.direct(piece) {
                        // A row cannot leave its table.
                        let entry = match self.entry(item) {
                            Entry::Notes if piece.sort == Sort::Table => Entry::Mixed,
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
        let next = self.tops.get(at + 1).filter(|next| next.sort == Sort::List);
        next.is_some_and(|next| self.direct(next).all(|item| self.entry(item) == Entry::Notes))
    }

    /// The items of the outermost list of a piece, or the rows of a table.
    fn direct(&self, piece: &Piece) -> impl Iterator<Item = usize> {
        piece.items.clone().filter(|at| self.items[*at].parent.is_none())
    }

    /// What an item is, with all that stands beneath it.
    fn entry(&self, at: usize) -> Entry {
        self.weighed[at].entry
    }

    /// Where what is withheld begins: behind the date in `# 2026-03-01 ## Participants`.
    fn start(&self, piece: &Piece) -> usize {
        let written = &self.text[piece.range.clone()];
        let merged = written.match_indices(" #").map(|(at, _)| at).find(|at| {
            let label = written[*at..].trim_start_matches([' ', '#']).trim();
            let names = matches!((self.judge.label)(label), Label::People | Label::Perhaps);
            names && written[..*at].contains(char::is_alphanumeric)
        });
        piece.range.start + merged.unwrap_or(0)
    }
}

impl Tally {
    fn add(&mut self, entry: Entry, text: &str, range: Range<usize>) {
        self.entries += usize::from(entry != Entry::Empty);
        match entry {
            Entry::Notes => self.notes.push(range),
            Entry::Mixed => self.mixed.push(range),
            Entry::Unclear if text.split_whitespace().count() > 4 => self.mixed.push(range),
            _ => self.people += usize::from(entry.is_person()),
        }
    }
}

/// The label that a line begins with, and what follows the colon; without a label the whole line.
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

/// The blocks at the top of a text, and all items of its lists and rows of its tables.
fn pieces(text: &str) -> (Vec<Piece>, Vec<Item>) {
    let mut reading = Reading::default();
    for (event, range) in Parser::new_ext(text, EXTENSIONS).into_offset_iter() {
        reading.event(&event, range);
    }
    (reading.tops, reading.items)
}

#[derive(Default)]
struct Reading {
    tops: Vec<Piece>,
    items: Vec<Item>,
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
                match end {
                    TagEnd::Item | TagEnd::TableRow => self.close_item(),
                    TagEnd::TableCell => self.complete(),
                    _ => {}
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
            Tag::Heading { .. } => Sort::Heading,
            Tag::Paragraph => Sort::Paragraph,
            Tag::List(_) => Sort::List,
            Tag::Table(_) => Sort::Table,
            Tag::HtmlBlock => Sort::Html,
            _ => Sort::Other,
        };
        match tag {
            Tag::Item | Tag::TableRow => {
                let parent = self.open.last().map(|(item, _)| *item);
                self.open.push((self.items.len(), false));
                self.items.push(Item { text: String::new(), range, parent, holds_list: false });
            }
            _ if self.depth == 0 => {
                let items = self.items.len()..self.items.len();
                self.tops.push(Piece { items, ..piece(sort, range) });
            }
            Tag::List(_) | Tag::CodeBlock(_) | Tag::BlockQuote(_) | Tag::Table(_) => {
                if let Some((item, _)) = self.open.last() {
                    self.items[*item].holds_list |= sort == Sort::List;
                }
                self.complete();
            }
            _ => {}
        }
        self.depth += 1;
    }

    /// The text of the innermost item is complete.
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

fn piece(sort: Sort, range: Range<usize>) -> Piece {
    Piece { sort, text: String::new(), range, items: 0..0 }
}

impl<'a> Writer<'a> {
    /// Reports where it is not clear what names people.
    pub(super) fn report_doubts(&mut self, doubts: Vec<Doubt>, part: Option<&Range<usize>>) {
        let within = |doubt: &Doubt| part.is_none_or(|part| part.contains(&doubt.range.start));
        for doubt in doubts.into_iter().filter(within) {
            let problem = Diagnostic::new(&PEOPLE_UNCLEAR, self.span(doubt.range.clone()), doubt.message());
            self.diagnostics.push(problem.help(doubt.help()));
        }
    }

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

    fn label(text: &str) -> Label {
        match text.trim().trim_start_matches("2026-03-01 ## ") {
            "People" | "Guests" => Label::People,
            "Remote" => Label::Perhaps,
            "Agenda" => Label::Other,
            _ => Label::Nothing,
        }
    }

    fn entry(text: &str) -> Entry {
        match text.trim() {
            "" => Entry::Empty,
            text if text.starts_with('@') && text.split_whitespace().count() > 3 => Entry::Mixed,
            text if text.starts_with('@') => Entry::Handle,
            text if text.len() < 3 => Entry::Word,
            text if text.split_whitespace().count() > 3 => Entry::Notes,
            text if text.contains(' ') && text.chars().all(|c| c == ' ' || c.is_uppercase()) => Entry::Name,
            _ => Entry::Unclear,
        }
    }

    fn judged(text: &str) -> Withheld {
        find(text, Judge { label: &label, entry: &entry, dated: &|text| text.starts_with("2026") })
    }

    fn kept(text: &str) -> String {
        let covered = cover(Cow::Borrowed(text), &judged(text).ranges);
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
