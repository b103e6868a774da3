//! Action items: their tasks, owners, due dates and states.
//!
//! This module owns how markers, task boxes and sections of actions become [`Action`]s, and how the notes below one
//! change its state. `action_markers` reads the markers in a line, `action_state` the states.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::action_markers::{Strictness, may_hold_orders, orders};
use super::note_words::{bare, leading_handles, references, trailing_handles};
use super::sections::{SectionIndex, Topic};
use super::{ActionState, action_state, due_dates};
use crate::lexicon::Lexicon;
use crate::markdown::{Block, TextBlockType};
use crate::source::Span;

/// An action item.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Action {
    pub text: String,
    /// Handles with their `@`, or names or roles as written. May be empty.
    pub owners: Vec<String>,
    pub state: ActionState,
    pub due: Option<Date>,
    pub id: Option<String>,
    /// The type of the action, where an analysis names it.
    pub kind: Option<String>,
    /// The URL or the path with details, as written.
    pub link: Option<String>,
    /// The issues and URLs that it names, each in one spelling: `issues#12`, URLs without scheme.
    pub references: Vec<String>,
    /// The text as it is compared with those of other pages.
    pub key: String,
    /// The day of the meeting.
    pub said: Option<Date>,
    /// The id of the nearest heading.
    pub anchor: Option<String>,
    pub span: Span,
}

/// The type of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotesGenre {
    /// Notes of a meeting, in which every marker and every task box is an action.
    Minutes,
    /// An analysis, in which actions have a section or a table of their own.
    Report,
}

/// The position of a marker among those of a block. The blocks below belong to the last marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MarkerTurn {
    Earlier,
    Last,
}

/// The task of one marker.
struct MarkedTask {
    text: String,
    owners: Vec<String>,
    /// Its state, if it is struck through.
    closed: Option<ActionState>,
}

/// Reads blocks in order, and knows the section that it is in.
struct ActionReader<'b> {
    sections: SectionIndex<'b>,
    blocks: &'b [Block],
    genre: NotesGenre,
    topic: Topic,
    level: u8,
    heading: Option<&'b Block>,
    /// Items below a marker that stands alone, with its owners.
    inherited: BTreeMap<usize, Vec<String>>,
    found: Vec<Action>,
}

/// The actions in a text, in order. `action_tables` reads those in tables.
pub(super) fn read(sections: SectionIndex<'_>, genre: NotesGenre) -> Vec<Action> {
    let mut reading = ActionReader {
        sections,
        blocks: sections.blocks,
        genre,
        topic: Topic::Other,
        level: 0,
        heading: None,
        inherited: BTreeMap::new(),
        found: Vec::new(),
    };
    for at in 0..sections.blocks.len() {
        reading.block(at);
    }
    reading.found
}

impl<'b> ActionReader<'b> {
    fn block(&mut self, at: usize) {
        let block = &self.blocks[at];
        match block.shape {
            TextBlockType::Heading { level, .. } => self.heading(at, level),
            TextBlockType::Cell { .. } => self.marked(at, Strictness::OwnerNeeded),
            TextBlockType::Paragraph { .. } | TextBlockType::Item { .. }
                if self.topic == Topic::Participants => {}
            TextBlockType::Paragraph { .. } => {
                if !self.introduces(at) {
                    self.marked(at, self.strictness());
                }
            }
            TextBlockType::Item { depth, task } => self.item(at, depth, task),
        }
    }

    fn strictness(&self) -> Strictness {
        if self.genre == NotesGenre::Minutes { Strictness::Any } else { Strictness::OwnerNeeded }
    }

    fn heading(&mut self, at: usize, level: u8) {
        let (block, topic) = (&self.blocks[at], self.sections.topic(at));
        // A heading without a meaning of its own groups the actions above which it stands.
        let within = self.topic == Topic::Actions && level > self.level && topic == Topic::Other;
        if !within {
            (self.topic, self.level) = (topic, level);
        }
        self.heading = Some(block);
        if self.genre == NotesGenre::Minutes {
            for order in orders(&block.text, Strictness::OwnerNeeded) {
                let action = self.action(block, &order.text, order.owners);
                self.found.push(action);
            }
        }
    }

    fn item(&mut self, at: usize, depth: u8, task: Option<bool>) {
        let before = self.found.len();
        if self.introduces(at) {
            return;
        }
        self.marked(at, self.strictness());
        let block = &self.blocks[at];
        let listed = match self.topic {
            Topic::Actions => depth == 1 || task.is_some(),
            Topic::Review => depth == 1 && !leading_handles(&block.text).0.is_empty(),
            _ => task.is_some() && self.genre == NotesGenre::Minutes,
        };
        let owners = self.inherited.remove(&at);
        if self.found.len() > before || owners.is_none() && !listed || says_nothing(&block.text) {
            return;
        }
        let action = self.listed(at, owners.unwrap_or_default());
        self.found.push(action);
    }

    /// The action of an item without a marker.
    fn listed(&self, at: usize, inherited: Vec<String>) -> Action {
        let block = &self.blocks[at];
        let struck = block.struck_beginning(0..block.text.len());
        let (mut owners, rest) = leading_handles(struck.map_or(&block.text, |(text, _)| text));
        let mut text = rest.trim_start_matches([':', ' ', ',', '-', '–']);
        if owners.is_empty() {
            (owners, text) = trailing_handles(text);
        }
        if owners.is_empty() {
            owners = labelled_owner(text);
        }
        let owners = if owners.is_empty() { inherited } else { owners };
        let mut action = self.action(block, text, owners);
        if let Some((_, behind)) = struck {
            action.state = closed(behind);
        }
        self.take_notes(&mut action, at);
        action
    }

    /// Reads the markers in a block's lines.
    fn marked(&mut self, at: usize, strictness: Strictness) {
        let block = &self.blocks[at];
        if !may_hold_orders(&block.text) {
            return;
        }
        let mut before = String::new();
        let mut found: Vec<MarkedTask> = Vec::new();
        let mut end = 0;
        for line in block.text.split_inclusive('\n') {
            let start = end;
            end += line.len();
            let line = line.trim_end();
            let struck = block.struck_beginning(start..start + line.len());
            let mut orders = orders(struck.map_or(line, |(text, _)| text), strictness);
            let skipped = struck.map_or(0, |(text, behind)| line.len() - text.len() - behind.len());
            orders.retain(|order| !in_code(block, start + skipped + order.at));
            // A line without a marker continues the text of the marker above it.
            if orders.is_empty() {
                continue_text(found.last_mut().map(|asked| &mut asked.text).unwrap_or(&mut before), line);
            }
            let closed = struck.map(|(_, behind)| closed(behind));
            found.extend(orders.into_iter().map(|order| MarkedTask {
                text: order.text,
                owners: order.owners,
                closed,
            }));
        }
        let last = found.len().wrapping_sub(1);
        for (number, asked) in found.into_iter().enumerate() {
            let turn = if number == last { MarkerTurn::Last } else { MarkerTurn::Earlier };
            self.ordered(at, asked, &before, turn);
        }
    }

    /// Adds the task of one marker. The text of a marker that stands alone is below or above it.
    fn ordered(&mut self, at: usize, asked: MarkedTask, before: &str, turn: MarkerTurn) {
        let MarkedTask { mut text, owners, closed } = asked;
        if text.is_empty() && turn == MarkerTurn::Last && self.hand_down(at, &owners) {
            return;
        }
        if text.is_empty() {
            text = if before.is_empty() { self.above(at).to_owned() } else { before.to_owned() };
        }
        let mut action = self.action(&self.blocks[at], &text, owners);
        action.state = closed.unwrap_or(action.state);
        if turn == MarkerTurn::Last {
            self.take_notes(&mut action, at);
        }
        self.found.push(action);
    }

    /// Makes the items below a marker actions of its owners. Returns whether there are any.
    fn hand_down(&mut self, at: usize, owners: &[String]) -> bool {
        let items: Vec<usize> = self
            .beneath(at)
            .filter(|child| matches!(self.blocks[*child].shape, TextBlockType::Item { .. }))
            .filter(|child| action_state::of_note(&self.blocks[*child].text).is_none())
            .collect();
        self.inherited.extend(items.iter().map(|item| (*item, owners.to_vec())));
        !items.is_empty()
    }

    /// Whether a block is a label such as `Action items:` above a list.
    fn introduces(&mut self, at: usize) -> bool {
        let text = self.blocks[at].text.as_str();
        // Labels are short, and a search in long texts costs time.
        let colon = text.len() < 40 && text.trim_end_matches(['*', '_']).ends_with(':');
        self.genre == NotesGenre::Minutes
            && colon
            && Topic::from_heading(text, self.sections.kind) == Topic::Actions
            && self.hand_down(at, &[])
    }

    /// The text above a marker that stands alone: the item that contains it, or the heading.
    fn above(&self, at: usize) -> &'b str {
        let depth = match self.blocks[at].shape {
            TextBlockType::Item { depth, .. } => depth,
            _ => 0,
        };
        let parent = self.blocks[..at].iter().rev().find(|block| match block.shape {
            TextBlockType::Item { depth: outer, .. } => outer < depth,
            TextBlockType::Heading { .. } => true,
            _ => false,
        });
        let text = parent.map_or("", |block| block.text.as_str());
        text.trim_end_matches([':', ' ', '-', '–', '>', '='])
    }

    /// The blocks directly below an item, or the items of the list directly after a paragraph.
    fn beneath(&self, at: usize) -> impl Iterator<Item = usize> + use<'b> {
        let blocks = self.blocks;
        let outer = match blocks[at].shape {
            TextBlockType::Item { depth, .. } | TextBlockType::Paragraph { depth } => depth,
            _ => u8::MAX,
        };
        let inside = move |at: &usize| match blocks[*at].shape {
            TextBlockType::Item { depth, .. } => depth > outer,
            TextBlockType::Paragraph { depth } => depth > 0 && depth >= outer,
            _ => false,
        };
        let direct = move |at: &usize| match blocks[*at].shape {
            TextBlockType::Item { depth, .. } => depth == outer.saturating_add(1),
            TextBlockType::Paragraph { depth } => depth == outer,
            _ => false,
        };
        (at + 1..blocks.len()).take_while(inside).filter(direct)
    }

    /// Reads state, references and due date from the blocks below an action. Later notes overrule earlier ones.
    fn take_notes(&self, action: &mut Action, at: usize) {
        for child in self.beneath(at) {
            let note = &self.blocks[child];
            if self.inherited.contains_key(&child) || !orders(&note.text, self.strictness()).is_empty() {
                continue;
            }
            action.state = action_state::of_note(&note.text).unwrap_or(action.state);
            let new = references(&note.text, &note.urls);
            action.references.extend(new);
            if let Some((date, place)) = due_dates::find(&note.text).filter(|_| action.due.is_none())
                // A date in the middle of a note is the date of something else.
                && place.start < 4
            {
                action.due = Some(date);
            }
        }
        action.references.sort();
        action.references.dedup();
    }

    fn action(&self, block: &Block, text: &str, owners: Vec<String>) -> Action {
        let (said, text) = action_state::of_text(bare(text));
        let (id, text) = id(text);
        let due = due_dates::find(text);
        let ticked = matches!(block.shape, TextBlockType::Item { task: Some(true), .. });
        let state = match said.unwrap_or(ActionState::Open) {
            _ if ticked => ActionState::Done,
            ActionState::Open if block.is_struck() => ActionState::Dropped,
            state => state,
        };
        let anchor = self.heading.and_then(|heading| match &heading.shape {
            TextBlockType::Heading { id, .. } => Some(id.clone()),
            _ => None,
        });
        Action {
            key: key(text, due.as_ref().map(|(_, range)| range.clone())),
            references: references(text, &block.urls),
            text: text.split_whitespace().collect::<Vec<_>>().join(" "),
            owners,
            state,
            due: due.map(|(date, _)| date),
            id,
            kind: None,
            link: block.urls.first().or(block.paths.first()).cloned(),
            said: None,
            anchor,
            span: block.span.clone(),
        }
    }
}

/// The state of an action that is struck through, by the text after it.
fn closed(behind: &str) -> ActionState {
    action_state::of_note(behind).filter(|state| state.is_closed()).unwrap_or(ActionState::Dropped)
}

/// Whether byte `at` of a block's text is code. A marker in code is an example.
fn in_code(block: &Block, at: usize) -> bool {
    block.code.iter().any(|code| code.contains(&(at as u32)))
}

/// Adds a line to the text before it. A line that begins with an arrow is a remark.
fn continue_text(text: &mut String, line: &str) {
    let line = line.trim();
    if line.is_empty() || line.starts_with("=>") || line.starts_with("->") {
        return;
    }
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(line);
}

/// Whether a text in a list of actions is a word for none, or the state of the action above.
fn says_nothing(text: &str) -> bool {
    let text = bare(text).trim_end_matches('.').to_lowercase();
    matches!(text.as_str(), "" | "…")
        || Lexicon::all().nothing.actions.contains(&text)
        || action_state::whole(&text).is_some()
}

/// The owner in `(owner: Team Ops, …)`.
fn labelled_owner(text: &str) -> Vec<String> {
    let lower = text.to_ascii_lowercase();
    let labels = &Lexicon::all().owners.labels;
    let labelled = |(colon, _): &(usize, &str)| labels.iter().any(|label| lower[..*colon].ends_with(label));
    let Some((colon, _)) = text.match_indices(':').find(labelled) else {
        return Vec::new();
    };
    let rest = &text[colon + 1..];
    let owner = rest[..rest.find([',', ';', ')', ']', '.', '\n']).unwrap_or(rest.len())].trim();
    if owner.is_empty() { Vec::new() } else { vec![owner.to_owned()] }
}

/// The id that a text begins with, such as `A-1: …` or `AP3: …`, and the rest.
fn id(text: &str) -> (Option<String>, &str) {
    let end = text.find([':', ' ']).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let letters = word.bytes().take_while(u8::is_ascii_uppercase).count();
    let number = word[letters..].trim_start_matches('-');
    let sound =
        (1..=4).contains(&letters) && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    let named = rest.starts_with(':') || word.contains('-') && rest.starts_with(" –");
    if !(sound && named) {
        return (None, text);
    }
    (Some(word.to_owned()), rest.trim_start_matches([':', ' ', '–']))
}

/// A text as it is compared: words in lower case, without its due date at the range `without`.
pub(super) fn key(text: &str, without: Option<std::ops::Range<usize>>) -> String {
    let without = without.unwrap_or(text.len()..text.len());
    let mut key = String::with_capacity(text.len());
    for part in [&text[..without.start], &text[without.end..]] {
        for word in part.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            key.push_str(if key.is_empty() { "" } else { " " });
            key.push_str(word);
        }
    }
    // Most keys are ASCII, and are changed in place.
    if key.is_ascii() {
        key.make_ascii_lowercase();
        return key;
    }
    key.to_lowercase()
}

#[cfg(test)]
#[path = "actions_tests.rs"]
mod tests;
