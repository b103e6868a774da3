//! Facts: statements in the text of a page that registers list, such as action items, decisions and meetings.
//!
//! This module owns how facts are read from blocks of text. Its functions are pure: a fact depends on its page alone. It
//! must not compare pages; the registers of `site` do. The words of languages are in `lexicon`.

mod action_markers;
mod action_state;
mod action_tables;
mod actions;
mod dates;
mod decisions;
mod due_dates;
mod entries;
#[cfg(test)]
mod fixture;
mod front_matter_actions;
mod meetings;
mod mentions;
mod note_words;
mod people;
mod person_names;
mod privacy;
mod sections;
mod statements;

use super::FrontMatter;
use crate::config::Participants;
use crate::diagnostic::Diagnostic;
use crate::kinds::Kind;
use crate::lexicon::EntryWords;
use crate::markdown::{Block, Blocks};
use crate::path::FilePath;
use crate::rules::{ACTION_OWNER, MINUTES_DATE};
use crate::source::Span;

pub use actions::Action;
pub use entries::TextEntry;
pub use meetings::{AgendaItem, GroupSummary, Meeting};
pub use mentions::Mention;
pub use people::People;
pub use privacy::{dated, entry, label, participants, participants_of_file, withhold_names};
pub use statements::Statement;

use actions::NotesGenre;
use meetings::{DateSource, MeetingBlocks};
use sections::SectionIndex;

/// The facts of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Facts {
    pub actions: Vec<Action>,
    pub decisions: Vec<Statement>,
    /// What the registers of entries list that files define.
    pub entries: Vec<TextEntry>,
    /// The meetings of the page, in its order.
    pub meetings: Vec<Meeting>,
    /// The group of the meetings.
    pub group: Option<String>,
    pub mentions: Vec<Mention>,
}

/// The state of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActionState {
    Open,
    Doing,
    Done,
    Dropped,
}

impl ActionState {
    /// Its name in front matter and JSON.
    pub fn name(self) -> &'static str {
        match self {
            ActionState::Open => "open",
            ActionState::Doing => "doing",
            ActionState::Done => "done",
            ActionState::Dropped => "dropped",
        }
    }

    /// Whether the action is done or dropped.
    pub fn is_closed(self) -> bool {
        matches!(self, ActionState::Done | ActionState::Dropped)
    }
}

/// The input of [`read`].
#[derive(Clone, Copy)]
pub struct FactSource<'a> {
    pub file: &'a FilePath,
    /// The folder with all pages.
    pub content: &'a str,
    pub front: &'a FrontMatter,
    pub blocks: &'a [Block],
    /// The withheld blocks of the text.
    pub withheld: &'a [Block],
    /// The setting for the people of a meeting.
    pub participants: Participants,
    /// The words of registers that files define.
    pub entry_words: &'a [EntryWords],
}

/// The day that a file name begins with or consists of.
pub fn day_of_name(stem: &str) -> Option<jiff::civil::Date> {
    dates::of_name(stem)
}

/// Whether pages of a kind are read for facts.
pub fn blocks_to_collect(kind: &Kind, entry_words: &[EntryWords]) -> Blocks {
    let has_entries = || entry_words.iter().any(|words| words.reads(&kind.name));
    if feeds_register_of_texts(kind) || kind.is_blameless() || has_entries() {
        Blocks::Collect
    } else {
        Blocks::Leave
    }
}

fn feeds_register_of_texts(kind: &Kind) -> bool {
    ["actions", "decisions", "meetings", "incidents"].iter().any(|register| kind.feeds(register))
}

/// Reads the facts of a page.
pub fn read(text: &FactSource<'_>) -> (Facts, Vec<Diagnostic>) {
    let kind = &*text.front.kind;
    let mut problems = Vec::new();
    let topics = sections::topics(text.blocks, kind);
    let sections = SectionIndex::new(text.blocks, &topics, kind);
    let mut facts = if kind.feeds("meetings") {
        of_minutes(text, sections, &mut problems)
    } else {
        facts_without_meetings(text, sections)
    };
    if !kind.feeds("actions") {
        facts.actions.clear();
    }
    if !kind.feeds("decisions") {
        facts.decisions.clear();
    }
    if feeds_register_of_texts(kind) {
        facts.mentions = mentions::read(text.blocks);
    }
    problems.extend(facts.actions.iter().filter_map(owner_problem));
    (facts, problems)
}

fn of_minutes(text: &FactSource<'_>, sections: SectionIndex<'_>, problems: &mut Vec<Diagnostic>) -> Facts {
    let (dates, parts) = meetings::split(text.blocks, text.file, text.front.date);
    problems.extend(date_problem(text, &dates));
    let mut facts = Facts { group: group(text), ..Facts::default() };
    facts.actions = front_matter_actions::read(&text.front.data);
    facts.actions.iter_mut().for_each(|action| action.said = dates.of_page());
    for (number, part) in parts.iter().enumerate() {
        let withheld = withheld(text, part, parts.get(number + 1));
        let meeting = meetings::read(part, sections, &withheld);
        facts.meetings.extend(meeting.map(|meeting| {
            let people = privacy::known(meeting.people, text.participants);
            Meeting { people, ..meeting }
        }));
        let of_part = sections.part(part.range.clone());
        let tables = action_tables::read(of_part.blocks);
        let listed = actions::read(of_part, NotesGenre::Minutes).into_iter().chain(tables);
        facts.actions.extend(listed.map(|action| Action { said: part.date, ..action }));
        let decided = decisions::read(of_part).into_iter();
        facts.decisions.extend(decided.map(|decision| Statement { said: part.date, ..decision }));
        for mut entry in entries::read(of_part, text.entry_words) {
            entry.statement.said = part.date;
            facts.entries.push(entry);
        }
    }
    facts
}

/// The withheld blocks of one meeting.
fn withheld(text: &FactSource<'_>, part: &MeetingBlocks, next: Option<&MeetingBlocks>) -> Vec<Block> {
    let begins = |part: &MeetingBlocks| text.blocks.get(part.range.start).map_or(0, |block| block.span.start);
    let start = if part.range.start == 0 { 0 } else { begins(part) };
    let end = next.map_or(u32::MAX, begins);
    text.withheld.iter().filter(|block| (start..end).contains(&block.span.start)).cloned().collect()
}

fn facts_without_meetings(text: &FactSource<'_>, sections: SectionIndex<'_>) -> Facts {
    let mut actions = front_matter_actions::read(&text.front.data);
    let listed =
        actions::read(sections, NotesGenre::Report).into_iter().chain(action_tables::read(text.blocks));
    // An author may write the same action into front matter and, for readers, into the text.
    let is_known = |action: &Action| {
        actions.iter().any(|known| known.key == action.key || known.id.is_some() && known.id == action.id)
    };
    let more: Vec<Action> = listed.filter(|action| !is_known(action)).collect();
    actions.extend(more);
    let said = text.front.date.or_else(|| dates::of_name(text.file.stem()));
    for action in &mut actions {
        action.said = said;
    }
    let mut entries = entries::read(sections, text.entry_words);
    for entry in &mut entries {
        entry.statement.said = said;
    }
    Facts { actions, decisions: decisions::read(sections), entries, ..Facts::default() }
}

fn group(text: &FactSource<'_>) -> Option<String> {
    let given = text.front.data.text("group").map(str::trim).filter(|group| !group.is_empty());
    given.map(str::to_owned).or_else(|| meetings::group_of(text.file, text.content))
}

fn date_problem(text: &FactSource<'_>, dates: &DateSource) -> Option<Diagnostic> {
    if let Some((named, (written, span))) = dates.disagree() {
        let message = format!("the heading says {written}, the file's name {named}");
        let problem = Diagnostic::new(&MINUTES_DATE, span.clone(), message);
        return Some(problem.help(format!(
            "{named} is used: correct the one that is wrong, or add `date: {named}` to the front matter"
        )));
    }
    if dates.of_page().is_some() || super::section_rank(text.file).is_some() {
        return None;
    }
    let problem =
        Diagnostic::new(&MINUTES_DATE, Span::start_of(text.file), "nothing says when this meeting was");
    Some(problem.help(
        "begin the file's name with the day, such as `2026-11-21.md`, or add `date` to the front matter",
    ))
}

fn owner_problem(action: &Action) -> Option<Diagnostic> {
    let orphan = action.owners.is_empty() && !action.state.is_closed();
    let message = format!("no owner for the action item “{}”", shorten(&action.text));
    let problem = || Diagnostic::new(&ACTION_OWNER, action.span.clone(), message);
    orphan.then(|| problem().help("name who does it, such as `AI @role: …`, or an `owner`"))
}

/// The first 60 characters of a text.
fn shorten(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}
