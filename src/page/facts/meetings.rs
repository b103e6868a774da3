//! Meetings: their dates, agendas and people, and links to the minutes of other groups.
//!
//! This module owns how a page of minutes is split into meetings and which facts each one has. `people` counts the people
//! of a meeting, `sections` knows the meaning of headings.

use std::ops::Range;

use jiff::civil::Date;

use super::dates;
use super::note_words::{bare, leading_handles, trailing_handles};
use super::people::{self, People};
use super::sections::{SectionIndex, Topic};
use crate::lexicon::Lexicon;
use crate::markdown::{Block, TextBlockType};
use crate::path::FilePath;
use crate::source::Span;

/// One meeting.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Meeting {
    pub date: Option<Date>,
    /// The id of the heading with its date.
    pub anchor: Option<String>,
    pub span: Span,
    pub people: People,
    pub agenda: Vec<AgendaItem>,
    pub digests: Vec<GroupSummary>,
}

/// A topic of a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AgendaItem {
    pub title: String,
    /// Handles of the people who raised it.
    pub sponsors: Vec<String>,
    /// The id of its heading, or of the nearest one.
    pub anchor: Option<String>,
    pub span: Span,
}

/// A section that links the minutes of another group.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct GroupSummary {
    /// The heading, which names the group.
    pub title: String,
    /// False if the section says that the minutes are missing.
    pub available: bool,
    /// The URL or the path of the minutes, as written.
    pub link: String,
    pub anchor: Option<String>,
    pub span: Span,
}

/// The sources of the dates of a page of minutes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DateSource {
    /// From front matter.
    pub given: Option<Date>,
    /// From the name of the file, or of its folder.
    pub named: Option<Date>,
    /// From the headings above each meeting, with the span of the heading.
    pub written: Vec<(Date, Span)>,
}

impl DateSource {
    /// The date of a meeting without a date of its own.
    pub fn of_page(&self) -> Option<Date> {
        self.given.or(self.named).or(self.written.first().map(|(date, _)| *date))
    }

    /// The date of the file name, and the first heading with another date, if no heading has the date of the file.
    pub fn disagree(&self) -> Option<(Date, &(Date, Span))> {
        let named = self.named.filter(|_| self.given.is_none())?;
        let first = self.written.first()?;
        self.written.iter().all(|(date, _)| *date != named).then_some((named, first))
    }
}

/// The range of the blocks of one meeting.
pub(super) struct MeetingBlocks {
    pub date: Option<Date>,
    pub range: Range<usize>,
}

/// Splits a page into meetings: at headings of one level that differ only in their date.
pub(super) fn split(
    blocks: &[Block],
    file: &FilePath,
    given: Option<Date>,
) -> (DateSource, Vec<MeetingBlocks>) {
    let starts = dated_headings(blocks);
    let written = starts.iter().map(|(at, date)| (*date, blocks[*at].span.clone())).collect();
    let dates = DateSource { given, named: of_file(file), written };
    if starts.len() < 2 {
        return (dates.clone(), vec![MeetingBlocks { date: dates.of_page(), range: 0..blocks.len() }]);
    }
    let ends = starts[1..].iter().map(|(at, _)| *at).chain([blocks.len()]);
    let first = starts[0].0;
    let parts = starts.iter().zip(ends).map(|((at, date), end)| {
        // The blocks above the first date belong to the first meeting.
        let start = if *at == first { 0 } else { *at };
        MeetingBlocks { date: Some(*date), range: start..end }
    });
    (dates, parts.collect())
}

/// The date in the name of a file, or in that of its folder.
fn of_file(file: &FilePath) -> Option<Date> {
    let folder = file.folder().rsplit('/').next().unwrap_or_default();
    dates::of_name(file.stem()).or_else(|| dates::of_name(folder))
}

/// The headings that begin a meeting, with their dates.
fn dated_headings(blocks: &[Block]) -> Vec<(usize, Date)> {
    let headings = blocks.iter().enumerate().filter_map(|(at, block)| match block.shape {
        TextBlockType::Heading { level, .. } => Some((at, level, block.text.as_str())),
        _ => None,
    });
    let mut found: Vec<(usize, Date)> = Vec::new();
    let mut model: Option<(u8, String)> = None;
    for (number, (at, level, text)) in headings.enumerate() {
        let Some((date, place)) = dates::first(text) else { continue };
        let alone = place.start == 0;
        let around = around(text, place);
        // Later headings begin a meeting if they repeat the form of the first.
        match &model {
            None if number == 0 || alone && level < 3 => model = Some((level, around)),
            Some((known, same)) if *known == level && *same == around && !is_known(&found, date) => {}
            _ => continue,
        }
        found.push((at, date));
    }
    found
}

fn is_known(found: &[(usize, Date)], date: Date) -> bool {
    found.iter().any(|(_, known)| *known == date)
}

/// The text around the date of a heading, without remarks and people.
fn around(text: &str, place: Range<usize>) -> String {
    let after = text[place.end..].split(['#', '(']).next().unwrap_or_default();
    let words = format!("{} {after}", &text[..place.start]).to_lowercase();
    words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The group of a page of minutes, by its folder.
pub(super) fn group_of(file: &FilePath, content: &str) -> Option<String> {
    let folder = file.beneath(content)?.rsplit_once('/')?.0;
    for name in folder.rsplit('/') {
        // `storage/2026/2026-11` has the group two folders higher.
        let is_period = dates::of_name(name).is_some() || name.parse::<u16>().is_ok();
        if !is_period {
            // A folder `minutes` or `protokolle` names no group.
            let is_general = Lexicon::all().meetings.folders.contains(name);
            return if is_general { None } else { Some(name.to_owned()) };
        }
    }
    None
}

/// Reads one meeting. `withheld` holds the blocks of its people if they are not shown.
pub(super) fn read(part: &MeetingBlocks, all: SectionIndex<'_>, withheld: &[Block]) -> Option<Meeting> {
    let sections = all.part(part.range.clone());
    let blocks = sections.blocks;
    let first = blocks.first()?;
    let heading = blocks.iter().find(|block| is_heading(block) && dates::first(&block.text).is_some());
    let span = Span { end: blocks.last().map_or(first.span.end, |last| last.span.end), ..first.span.clone() };
    let shown = people::read(sections);
    Some(Meeting {
        date: part.date,
        anchor: heading.and_then(id_of),
        span,
        people: if withheld.is_empty() { shown } else { people::of_section(withheld) },
        agenda: agenda(sections),
        digests: digests(blocks),
    })
}

fn is_heading(block: &Block) -> bool {
    matches!(block.shape, TextBlockType::Heading { .. })
}

fn id_of(block: &Block) -> Option<String> {
    match &block.shape {
        TextBlockType::Heading { id, .. } => Some(id.clone()),
        _ => None,
    }
}

fn level_of(block: &Block) -> Option<u8> {
    match block.shape {
        TextBlockType::Heading { level, .. } => Some(level),
        _ => None,
    }
}

/// The topics of a meeting: the headings below `Agenda`, or the items there, or the headings of the page.
fn agenda(sections: SectionIndex<'_>) -> Vec<AgendaItem> {
    let blocks = sections.blocks;
    let start = (0..blocks.len())
        .find(|index| sections.topic(*index) == Topic::Agenda || is_agenda_label(&blocks[*index]));
    let Some(start) = start else { return headings(sections) };
    // A label in the text has no level: the next heading of any level ends the agenda.
    let level = level_of(&blocks[start]).unwrap_or(6);
    let mut end = start + 1;
    while end < blocks.len() && level_of(&blocks[end]).is_none_or(|next| next > level) {
        end += 1;
    }
    let beneath = &blocks[start + 1..end];
    let mut found = headings(sections.part(start + 1..end));
    let items = found.is_empty() && !matches!(blocks[start].shape, TextBlockType::Item { .. });
    if items {
        found = listed(beneath, 1, id_of(&blocks[start]));
    } else if found.is_empty() {
        found = listed(beneath, 2, None);
    }
    // `# Agenda` above a flat row of headings of the same level.
    if found.is_empty() { headings(sections.part(end..blocks.len())) } else { found }
}

/// Whether a paragraph or an item is the label `Agenda` alone, without a heading.
fn is_agenda_label(block: &Block) -> bool {
    match block.shape {
        TextBlockType::Heading { .. } | TextBlockType::Cell { .. } => false,
        // A longer text says something about an agenda.
        _ => block.text.len() < 20 && Topic::by_usage(&block.text) == Topic::Agenda,
    }
}

/// The headings of the highest level that has topics: neither dates nor sections with a meaning of their own.
fn headings(sections: SectionIndex<'_>) -> Vec<AgendaItem> {
    let blocks = sections.blocks;
    let mut all = Vec::new();
    for (index, block) in blocks.iter().enumerate() {
        let may_be_topic = is_heading(block) && sections.topic(index) == Topic::Other;
        if may_be_topic && around_date(&block.text) && !is_meta(&block.text) {
            all.push(index);
        }
    }
    let Some(level) = all.iter().filter_map(|at| level_of(&blocks[*at])).min() else { return Vec::new() };
    let top: Vec<usize> = all.into_iter().filter(|at| level_of(&blocks[*at]) == Some(level)).collect();
    // Templates leave headings without text. These are topics only where all are empty.
    let full: Vec<usize> = top.iter().copied().filter(|at| !is_empty(blocks, *at)).collect();
    let kept = if full.is_empty() { top } else { full };
    kept.into_iter().map(|at| topical(blocks, at, id_of(&blocks[at]))).collect()
}

/// Whether a heading is more than a date.
fn around_date(text: &str) -> bool {
    dates::first(text).is_none_or(|(_, place)| {
        !around(text, place.clone()).is_empty() && place.start > 0 && text.len() > 60
    })
}

/// Whether a heading is not a topic, such as `Any other business`.
fn is_meta(text: &str) -> bool {
    let label = text.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
    Lexicon::all().agenda.no_topics.contains(&label)
}

/// Whether a heading has no text below it.
fn is_empty(blocks: &[Block], at: usize) -> bool {
    let level = level_of(&blocks[at]);
    blocks.get(at + 1).is_none_or(|next| level_of(next).is_some_and(|other| Some(other) <= level))
}

fn listed(blocks: &[Block], wanted: u8, anchor: Option<String>) -> Vec<AgendaItem> {
    let mut items = Vec::new();
    for (index, block) in blocks.iter().enumerate() {
        match block.shape {
            TextBlockType::Heading { .. } => break,
            TextBlockType::Item { depth, .. } if depth == wanted => {
                items.push(topical(blocks, index, anchor.clone()));
            }
            _ => {}
        }
    }
    items
}

fn topical(blocks: &[Block], at: usize, anchor: Option<String>) -> AgendaItem {
    let block = &blocks[at];
    let first = block.text.lines().next().unwrap_or_default();
    let (mut sponsors, mut title) = trailing_handles(first);
    if sponsors.is_empty() && !is_heading(block) {
        let (leading, rest) = leading_handles(first);
        if let Some(rest) = rest.strip_prefix(':') {
            (sponsors, title) = (leading, rest.trim_start());
        }
    }
    let beneath =
        block.text.lines().skip(1).chain(blocks.get(at + 1).into_iter().flat_map(|next| next.text.lines()));
    if sponsors.is_empty() {
        sponsors = beneath.take(2).find_map(sponsored).unwrap_or_default();
    }
    let title = bare(title).trim_end_matches(':').to_owned();
    AgendaItem { title, sponsors, anchor, span: block.span.clone() }
}

/// The handles in a line `sponsor: @x`.
fn sponsored(line: &str) -> Option<Vec<String>> {
    let (label, rest) = bare(line).split_once(':')?;
    let known = Lexicon::all().agenda.sponsors.contains(&label.trim().to_lowercase());
    known.then(|| leading_handles(rest.trim_start()).0).filter(|handles| !handles.is_empty())
}

/// The sections that link the minutes of other groups.
fn digests(blocks: &[Block]) -> Vec<GroupSummary> {
    let mut heading: Option<&Block> = None;
    let mut found = Vec::new();
    for block in blocks {
        if is_heading(block) {
            heading = Some(block);
        } else if let Some(available) = points_to_minutes(block)
            && let Some(link) = block.urls.first().or(block.paths.first())
        {
            found.push(GroupSummary {
                title: heading.map(|heading| heading.text.clone()).unwrap_or_default(),
                available,
                link: link.clone(),
                anchor: heading.and_then(id_of),
                span: block.span.clone(),
            });
        }
    }
    found
}

/// Whether a block links minutes: false if it says that they are missing, none if it is about something else.
fn points_to_minutes(block: &Block) -> Option<bool> {
    let words = &Lexicon::all().meetings;
    let text = bare(&block.text);
    // Most blocks begin with another word, and need no copy in lower case.
    if !words.minutes.may_begin(text) {
        return None;
    }
    let lower = text.to_lowercase();
    let label = words.minutes.beginning(&lower).next()?;
    let (remark, _) = lower[label.len()..].split_once(':')?;
    match remark.trim() {
        "" => Some(true),
        remark => words.missing.contains(remark).then_some(false),
    }
}

#[cfg(test)]
#[path = "meetings_tests.rs"]
mod tests;
