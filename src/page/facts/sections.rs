//! The topics of sections, by their headings.
//!
//! This module owns how a heading is compared with the sections of the page's kind and with the headings of the lexicon:
//! without emoji, numbers and remarks, and with common misspellings of participants.

use std::borrow::Cow;
use std::ops::Range;

use super::dates;
use super::note_words::is_and;
use crate::kinds::Kind;
use crate::lexicon::{Lexicon, SectionHeadings, WordSet};
use crate::markdown::{Block, TextBlockType};

/// The content of a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Topic {
    Participants,
    Agenda,
    Actions,
    /// The action items of another meeting.
    Review,
    Decisions,
    Other,
}

/// Blocks with the topic of each heading. The topics are found once for all readers of the blocks.
#[derive(Clone, Copy)]
pub(super) struct SectionIndex<'b> {
    pub blocks: &'b [Block],
    topics: &'b [Topic],
    pub kind: &'b Kind,
}

impl<'b> SectionIndex<'b> {
    /// `topics` are those of these blocks; see [`topics`].
    pub fn new(blocks: &'b [Block], topics: &'b [Topic], kind: &'b Kind) -> SectionIndex<'b> {
        SectionIndex { blocks, topics, kind }
    }

    pub fn part(&self, range: Range<usize>) -> SectionIndex<'b> {
        SectionIndex { blocks: &self.blocks[range.clone()], topics: &self.topics[range], kind: self.kind }
    }

    /// The topic of a heading; [`Topic::Other`] for other blocks.
    pub fn topic(&self, at: usize) -> Topic {
        self.topics[at]
    }
}

/// The topic of each block as a heading.
pub(super) fn topics(blocks: &[Block], kind: &Kind) -> Vec<Topic> {
    let mut topics = Vec::with_capacity(blocks.len());
    for block in blocks {
        topics.push(match block.shape {
            TextBlockType::Heading { .. } => Topic::from_heading(&block.text, kind),
            _ => Topic::Other,
        });
    }
    topics
}

impl Topic {
    /// The topic of a heading, by the sections of the page's kind, or by common usage.
    pub fn from_heading(heading: &str, kind: &Kind) -> Topic {
        match kind.section(heading).map(|section| section.heading.as_str()) {
            Some("Participants") => Topic::Participants,
            Some("Agenda") => Topic::Agenda,
            Some("Action items") => Topic::Actions,
            Some("Decisions") => Topic::Decisions,
            _ => Topic::by_usage(heading),
        }
    }

    /// The topic of a heading by the lexicon alone, for kinds that do not define such a section.
    pub fn by_usage(heading: &str) -> Topic {
        let words = &Lexicon::all().sections;
        let label = label(heading);
        let core = words.before.strip_from(&label).unwrap_or(&label);
        if names_participants(&label) {
            Topic::Participants
        } else if words.agenda.contains(core) {
            Topic::Agenda
        } else if words.actions.contains(core) {
            Topic::Actions
        } else if words.decisions.contains(core) {
            Topic::Decisions
        } else if speaks_of_others(&label) {
            Topic::Review
        } else {
            Topic::Other
        }
    }
}

/// Whether a heading stands above the people of a meeting, also if it begins with a date.
pub(super) fn is_participants(heading: &str) -> bool {
    names_participants(&label(heading))
}

fn names_participants(label: &str) -> bool {
    let known = &Lexicon::all().sections;
    let mut words = label.split_whitespace();
    let Some(first) = words.next() else { return false };
    // `Teilnehmer*innen`
    let first = first.split(['*', ':', '_', '/']).next().unwrap_or(first);
    if known.participants.contains(first) || is_slip(first) {
        // `Participants and guests`, but not `Participants of the pilot are happy`.
        let is_plain = words
            .all(|word| matches!(word, "&" | "/") || is_and(word) || known.after_participants.contains(word));
        if is_plain {
            return true;
        }
    }
    // `Attendance list`
    match label.rsplit_once(' ') {
        Some((before, last)) => known.list.contains(last) && known.participants.contains(before),
        None => false,
    }
}

/// Whether a heading may stand above the people of a meeting. The blocks below it then decide.
pub(super) fn may_name_participants(heading: &str) -> bool {
    // The whole heading counts: `Minutes (participants: …)` and `Participants, please add yourself`.
    let lower = heading.to_lowercase();
    let words = lower.split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '\'' | '’')));
    let stems = &Lexicon::all().sections.of_people;
    // A heading may be as long as a page, and the check for misspellings is slow.
    for word in words.take(12) {
        if stems.beginning(word).next().is_some() || is_slip(word) {
            return true;
        }
    }
    is_short_label(heading)
}

/// Whether a heading is one of the short labels that stand above people and above other things.
pub(super) fn is_short_label(heading: &str) -> bool {
    let SectionHeadings { fillers, may_name_people, .. } = &Lexicon::all().sections;
    let label = label(heading);
    let words = label.split(|c: char| c.is_whitespace() || ",/&?!".contains(c));
    let is_filler = |word: &str| is_and(word) || fillers.contains(word);
    let core: Vec<&str> = words.filter(|word| !word.is_empty() && !is_filler(word)).collect();
    core.len() < 3 && may_name_people.contains(&core.join(" ").replace('’', "'"))
        || core.len() > 1 && core.iter().all(|word| may_name_people.contains(word))
}

/// Whether a word is a misspelling of one of the labels, by its edit distance.
fn is_slip(word: &str) -> bool {
    let words = &Lexicon::all().sections;
    // Among short words, two other characters make another word.
    if word.len() < 9 || words.no_slips.contains(word) {
        return false;
    }
    for known in words.participants.iter() {
        // The distance is computed only for words that may be near enough.
        let may_be_near = known.as_bytes()[0] == word.as_bytes()[0] && known.len().abs_diff(word.len()) <= 2;
        if may_be_near && strsim::osa_distance(known, word) <= 2 {
            return true;
        }
    }
    false
}

/// Whether a label names the actions of another meeting.
fn speaks_of_others(label: &str) -> bool {
    let words = &Lexicon::all().sections;
    let has = |list: &WordSet| label.split(|c: char| !c.is_alphanumeric()).any(|word| list.contains(word));
    has(&words.of_other_meetings)
        && (has(&words.actions_of_other_meetings)
            || words.action_phrases.iter().any(|phrase| label.contains(phrase)))
}

/// A heading in lower case, without date, number, emoji and remark, and without punctuation at its ends.
pub(super) fn label(heading: &str) -> String {
    let text =
        dates::at_start(heading.trim_start()).map_or(heading, |(_, length)| &heading.trim_start()[length..]);
    let text = without_shortcodes(text);
    let remark = text.find(['(', '[', ':']).filter(|at| *at > 0);
    let text = &text[..remark.unwrap_or(text.len())];
    let edge = |c: char| !c.is_alphabetic();
    text[..dash(text).unwrap_or(text.len())].trim_matches(edge).to_lowercase()
}

/// The offset of the first dash between words, in bytes.
fn dash(text: &str) -> Option<usize> {
    let dashes = || [" - ", " – ", " — "].iter().filter_map(|dash| text.find(dash)).filter(|at| *at > 0);
    // Most headings have no dash, and need one search instead of three.
    text.contains(['-', '–', '—']).then(dashes)?.min()
}

/// A text without `:emoji:`.
fn without_shortcodes(text: &str) -> Cow<'_, str> {
    if !text.contains(':') {
        return Cow::Borrowed(text);
    }
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(':') {
        kept.push_str(before);
        let beyond = after.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "_+-".contains(c));
        let named = beyond.len() < after.len();
        match beyond.strip_prefix(':').filter(|_| named) {
            Some(behind) => rest = behind,
            None => {
                kept.push(':');
                rest = after;
            }
        }
    }
    Cow::Owned(kept + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortcodes_are_left_out_and_colons_stay() {
        assert_eq!(without_shortcodes(":family: a:b: c :d e::f:"), " a c :d e:");
        assert_eq!(without_shortcodes("10:00 :\u{a0}:x:"), "10:00 :\u{a0}");
    }

    /// Kinds and the lexicon both know some headings: those of a kind hold on its pages alone, those of the lexicon also
    /// with words around them and where a kind has no such section.
    #[test]
    fn kinds_and_the_lexicon_do_not_contradict_each_other() {
        for kind in crate::kinds::Kinds::built_in().all() {
            for heading in kind.sections.iter().flat_map(|section| section.names()) {
                let (topic, usage) = (Topic::from_heading(heading, kind), Topic::by_usage(heading));
                assert!(usage == Topic::Other || usage == topic, "{}: {heading}: {usage:?}", kind.name);
            }
        }
    }

    #[test]
    fn participants_are_known_in_all_their_spellings() {
        for heading in [
            "Participants",
            "Participants:",
            "participants",
            "PARTICIPANTS",
            "Participantst",
            "Partcipants",
            "Attendees",
            ":family: Participants",
            "👪 Participants",
            "Participants (github handles preferred)",
            "Participants - use of github handle is preferred",
            "Participants – use of github handle is preferrred",
            "2023-07-27 ## Participants (github handles preferred)",
            "Attendees / Participants",
            "1. Participants",
            "Participants list",
            "Attendance",
            "List: Participants",
            "Teilnehmer",
            "Teilnehmende",
            "Teilnehmer:innen",
            "Teilnehmer*innen",
            "Anwesend",
            "Anwesende:",
            "Excused",
            "Entschuldigt",
            "Participants and guests",
        ] {
            let list = heading.starts_with("List") || heading.starts_with("Attendees /");
            assert!(is_participants(heading) || list, "{heading}");
        }
        for heading in [
            "Participation in the hackathon",
            "Agenda",
            "Present state of things",
            "2023-07-27",
            "Participant onboarding process",
        ] {
            assert!(!is_participants(heading), "{heading}");
        }
    }

    #[test]
    fn headings_that_may_stand_above_people_are_known() {
        for heading in [
            "Participants, please add yourself",
            "Participants  use of github handle is preferred",
            "Meeting participants",
            "Attendees of the call",
            "Attendees / Participants",
            "Participants in the room",
            "Teilnehmende heute",
            "Anwesend waren",
            "Who?",
            "Who is here?",
            "Who’s here",
            "People",
            "Roll call",
            "Rollcall:",
            "In Presence",
            "In person",
            "On-site",
            "Vor Ort",
            "Remote",
            "Remote / online",
            "2026-03-01 Online",
            "Members present",
        ] {
            assert!(is_participants(heading) || may_name_participants(heading), "{heading}");
        }
        for heading in [
            "Agenda",
            "Present state of things",
            "Remote hands",
            "Online migration of databases",
            "Who does what",
            "People operations",
            "Video encoding",
            "Rolling upgrade",
            "Role model",
            "2026-03-01",
            "",
        ] {
            assert!(!may_name_participants(heading), "{heading}");
        }
    }

    #[test]
    fn sections_are_known_by_their_headings() {
        assert_eq!(Topic::by_usage(":notebook: Agenda"), Topic::Agenda);
        assert_eq!(Topic::by_usage("Agenda:"), Topic::Agenda);
        assert_eq!(Topic::by_usage("Open action items"), Topic::Actions);
        assert_eq!(Topic::by_usage("Check AIs from last time"), Topic::Review);
        assert_eq!(Topic::by_usage("AI from last meeting"), Topic::Review);
        assert_eq!(Topic::by_usage("Decisions"), Topic::Decisions);
        assert_eq!(Topic::by_usage("Maßnahmen"), Topic::Actions);
        assert_eq!(Topic::by_usage("AI"), Topic::Other);
    }
}
