//! What a section is about, told by its heading.
//!
//! Owns the labels that people write above participants, agendas, actions and decisions, in English and German,
//! with their emoji, numbers, remarks and slips of the pen.

use std::borrow::Cow;
use std::ops::Range;

use super::dates;
use crate::kinds::Kind;
use crate::markdown::{Block, TextBlockType};

/// What a section holds.
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

/// Blocks with what each heading among them is about, which is found once for all who read them.
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

    /// What a heading is about; [`Topic::Other`] where the block is none.
    pub fn topic(&self, at: usize) -> Topic {
        self.topics[at]
    }
}

/// What each block is about as a heading.
pub(super) fn topics(blocks: &[Block], kind: &Kind) -> Vec<Topic> {
    let topic = |block: &Block| match block.shape {
        TextBlockType::Heading { .. } => Topic::from_heading(&block.text, kind),
        _ => Topic::Other,
    };
    blocks.iter().map(topic).collect()
}

const PARTICIPANTS: &[&str] = &[
    "participants",
    "participant",
    "attendees",
    "attendee",
    "attendance",
    "attending",
    "teilnehmer",
    "teilnehmende",
    "teilnehmerinnen",
    "teilnehmenden",
    "teilnehmerliste",
    "anwesende",
    "anwesend",
    "anwesenheit",
    "present",
    "excused",
    "entschuldigt",
    "absent",
    "abwesend",
    "abwesende",
    "apologies",
    "regrets",
    "guests",
    "gäste",
];

const AGENDA: &[&str] = &["agenda", "tagesordnung", "topics", "themen", "tops"];

const ACTIONS: &[&str] = &[
    "actions",
    "action items",
    "action item",
    "ais",
    "todos",
    "todo",
    "to do",
    "to dos",
    "to-do",
    "to-dos",
    "tasks",
    "follow-up actions",
    "follow up actions",
    "corrective actions",
    "preventive actions",
    "corrective and preventive actions",
    "aufgaben",
    "maßnahmen",
    "folgemaßnahmen",
];

const DECISIONS: &[&str] = &["decisions", "decision log", "decisions made", "entscheidungen", "beschlüsse"];

/// Words before a label that change nothing.
const BEFORE: &[&str] =
    &["open", "new", "current", "further", "our", "all", "offene", "neue", "unsere", "weitere"];

/// Words that speak of another meeting.
const OF_OTHERS: &[&str] = &[
    "last", "previous", "check", "review", "earlier", "past", "old", "letzten", "letzte", "letzter", "prüfen",
];

impl Topic {
    /// What a heading says, by the sections of the page's kind and by common usage.
    pub fn from_heading(heading: &str, kind: &Kind) -> Topic {
        match kind.section(heading).map(|section| section.heading.as_str()) {
            Some("Participants") => Topic::Participants,
            Some("Agenda") => Topic::Agenda,
            Some("Action items") => Topic::Actions,
            Some("Decisions") => Topic::Decisions,
            _ => Topic::by_usage(heading),
        }
    }

    pub fn by_usage(heading: &str) -> Topic {
        let label = label(heading);
        let core =
            BEFORE.iter().find_map(|word| label.strip_prefix(word)?.strip_prefix(' ')).unwrap_or(&label);
        let is = |list: &[&str]| list.contains(&core);
        if names_participants(&label) {
            Topic::Participants
        } else if is(AGENDA) {
            Topic::Agenda
        } else if is(ACTIONS) {
            Topic::Actions
        } else if is(DECISIONS) {
            Topic::Decisions
        } else if speaks_of_others(&label) {
            Topic::Review
        } else {
            Topic::Other
        }
    }
}

/// Whether a heading stands above the people of a meeting, also where a date stands before it.
pub(super) fn is_participants(heading: &str) -> bool {
    names_participants(&label(heading))
}

fn names_participants(label: &str) -> bool {
    let mut words = label.split_whitespace();
    let Some(first) = words.next() else { return false };
    let first = first.split(['*', ':', '_', '/']).next().unwrap_or(first);
    let small = |word: &str| {
        matches!(word, "list" | "and" | "und" | "guests" | "excused" | "&" | "/" | "online" | "of")
    };
    let named = (PARTICIPANTS.contains(&first) || is_slip(first)) && words.all(small);
    named || label.strip_suffix(" list").is_some_and(|label| PARTICIPANTS.contains(&label))
}

/// Beginnings of words that speak of those who were there, whatever stands around them.
const OF_PEOPLE: &[&str] =
    &["particip", "attend", "teilnehm", "anwesen", "abwesen", "entschuldig", "excused"];

/// Labels that stand above people as well as above other things.
const MAY_NAME: &[&str] = &[
    "people",
    "personen",
    "who",
    "who's",
    "who attended",
    "who joined",
    "wer",
    "wer dabei",
    "dabei",
    "roll",
    "roll call",
    "rollcall",
    "role call",
    "presence",
    "präsenz",
    "person",
    "on site",
    "onsite",
    "vor ort",
    "remote",
    "remotely",
    "online",
    "virtual",
    "virtually",
    "via video",
    "video",
    "dial-in",
    "on-site",
    "members",
    "members present",
    "present members",
    "mitglieder",
    "present",
    "guest",
    "gast",
    "names",
    "namen",
    "joining",
    "joined",
    "runde",
];

/// Words that such labels may hold without meaning something else.
const FILLERS: &[&str] = &[
    "today", "heute", "were", "was", "waren", "are", "is", "in", "at", "of", "the", "this", "our", "meeting",
    "room", "here", "there", "da", "war", "ist", "sind", "list", "von", "der", "die", "im", "and", "und",
    "mit", "with", "also",
];

/// Whether a heading may stand above the people of a meeting: what stands beneath it decides.
pub(super) fn may_name_participants(heading: &str) -> bool {
    // The whole heading counts: `Minutes (participants: …)` and `Participants, please add yourself`.
    let lower = heading.to_lowercase();
    let words = || lower.split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '\'' | '’')));
    let of_people = |word: &str| OF_PEOPLE.iter().any(|stem| word.starts_with(stem)) || is_slip(word);
    words().take(12).any(of_people) || is_short_label(heading)
}

/// Whether a heading is one of the short labels that stand above people as well as above other things.
pub(super) fn is_short_label(heading: &str) -> bool {
    let label = label(heading);
    let words = label.split(|c: char| c.is_whitespace() || ",/&?!".contains(c));
    let core: Vec<&str> = words.filter(|word| !word.is_empty() && !FILLERS.contains(word)).collect();
    core.len() < 3 && MAY_NAME.contains(&core.join(" ").replace('’', "'").as_str())
        || core.len() > 1 && core.iter().all(|word| MAY_NAME.contains(word))
}

/// Whether a word is a slip of the pen for one of the labels.
fn is_slip(word: &str) -> bool {
    let near =
        |known: &&&str| known.as_bytes()[0] == word.as_bytes()[0] && known.len().abs_diff(word.len()) <= 2;
    word.len() >= 9
        && word != "participates"
        && PARTICIPANTS.iter().filter(near).any(|known| strsim::osa_distance(known, word) <= 2)
}

fn speaks_of_others(label: &str) -> bool {
    let has = |list: &[&str]| label.split(|c: char| !c.is_alphanumeric()).any(|word| list.contains(&word));
    has(OF_OTHERS)
        && (has(&["ai", "ais", "todos", "todo", "actions", "aufgaben"]) || label.contains("action item"))
}

/// A heading in lower case without date, number, emoji, remarks and punctuation around it.
fn label(heading: &str) -> String {
    let text =
        dates::at_start(heading.trim_start()).map_or(heading, |(_, length)| &heading.trim_start()[length..]);
    let text = without_shortcodes(text);
    let remark = text.find(['(', '[', ':']).filter(|at| *at > 0);
    let text = &text[..remark.unwrap_or(text.len())];
    let edge = |c: char| !c.is_alphabetic();
    text[..dash(text).unwrap_or(text.len())].trim_matches(edge).to_lowercase()
}

/// Where a dash between words stands.
fn dash(text: &str) -> Option<usize> {
    let dashes = || [" - ", " – ", " — "].iter().filter_map(|dash| text.find(dash)).filter(|at| *at > 0);
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
