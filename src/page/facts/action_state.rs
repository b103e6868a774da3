//! What a note says about the state of an action.
//!
//! Owns the words for done, doing, open and dropped, in English and German. A word counts only where a statement
//! begins: "done; see #12" says something, "what has to be done" does not.

use super::ActionState::{self, Doing, Done, Dropped, Open};
use super::dates;
use super::note_words::{bare, leading_handles};

/// Phrases that a statement may begin with; those that say no stand before those that they hold.
const PHRASES: &[(&str, ActionState)] = &[
    ("not done", Open),
    ("not yet", Open),
    ("not started", Open),
    ("no progress", Open),
    ("no news", Open),
    ("no update", Open),
    ("still open", Open),
    ("carried over", Open),
    ("carry over", Open),
    ("postponed", Open),
    ("pending", Open),
    ("moved to next", Open),
    ("open", Open),
    ("todo", Open),
    ("offen", Open),
    ("noch offen", Open),
    ("nicht erledigt", Open),
    ("vertagt", Open),
    ("verschoben", Open),
    ("übertragen", Open),
    ("ongoing", Doing),
    ("still ongoing", Doing),
    ("in progress", Doing),
    ("work in progress", Doing),
    ("wip", Doing),
    ("doing", Doing),
    ("started", Doing),
    ("partially done", Doing),
    ("partly done", Doing),
    ("half done", Doing),
    ("in review", Doing),
    ("under review", Doing),
    ("in arbeit", Doing),
    ("läuft", Doing),
    ("teilweise erledigt", Doing),
    ("done", Done),
    ("already done", Done),
    ("is done", Done),
    ("was done", Done),
    ("has been done", Done),
    ("completed", Done),
    ("finished", Done),
    ("fixed", Done),
    ("solved", Done),
    ("resolved", Done),
    ("closed", Done),
    ("merged", Done),
    ("erledigt", Done),
    ("ist erledigt", Done),
    ("bereits erledigt", Done),
    ("fertig", Done),
    ("abgeschlossen", Done),
    ("✅", Done),
    ("✔", Done),
    ("☑", Done),
    (":white_check_mark:", Done),
    (":heavy_check_mark:", Done),
    (":ballot_box_with_check:", Done),
    ("dropped", Dropped),
    ("obsolete", Dropped),
    ("cancelled", Dropped),
    ("canceled", Dropped),
    ("abandoned", Dropped),
    ("discarded", Dropped),
    ("won't do", Dropped),
    ("won’t do", Dropped),
    ("wontfix", Dropped),
    ("no longer needed", Dropped),
    ("not needed", Dropped),
    ("verworfen", Dropped),
    ("hinfällig", Dropped),
    ("entfällt", Dropped),
    ("nicht mehr nötig", Dropped),
];

/// Words that may follow a phrase without making it another statement.
const MAY_FOLLOW: &[&str] = &[
    "already",
    "also",
    "and",
    "as",
    "at",
    "but",
    "by",
    "for",
    "in",
    "last",
    "now",
    "on",
    "see",
    "since",
    "thanks",
    "today",
    "via",
    "with",
    "yesterday",
    "yet",
    "durch",
    "am",
    "im",
    "in",
    "mit",
    "seit",
    "siehe",
    "von",
    "und",
];

/// What a note says about the state of the action above it.
pub(super) fn of_note(note: &str) -> Option<ActionState> {
    statements(note).into_iter().rev().find_map(|statement| begins(statement).map(|(state, _)| state))
}

/// The state that the text of an action carries itself, and the text without it.
pub(super) fn of_text(text: &str) -> (Option<ActionState>, &str) {
    let bracket = |(open, close): (char, char)| {
        let inner = text.strip_prefix(open)?;
        let (inner, rest) = inner.split_once(close)?;
        Some((whole(inner)?, rest))
    };
    if let Some((state, rest)) = [('[', ']'), ('(', ')')].into_iter().find_map(bracket) {
        return (Some(state), rest.trim_start_matches([' ', ':', '-']));
    }
    if let Some((first, rest)) = text.split_once(':').filter(|(_, rest)| rest.starts_with(' '))
        && let Some(state) = whole(first).filter(|_| !first.eq_ignore_ascii_case("todo"))
    {
        return (Some(state), rest.trim_start());
    }
    if let Some(rest) = ["✅", "✔️", "✔", "☑", ":white_check_mark:"].iter().find_map(|m| text.strip_prefix(m))
    {
        return (Some(Done), rest.trim_start());
    }
    at_end(text)
}

/// `… (done)`, `… – done`, `… => done, see #12`, `… ✅`.
fn at_end(text: &str) -> (Option<ActionState>, &str) {
    let trimmed = text.trim_end_matches([' ', '.', '!']);
    if let Some((before, inner)) =
        trimmed.strip_suffix([')', ']']).and_then(|inner| inner.rsplit_once(['(', '[']))
        && let Some((state, _)) = begins(inner)
    {
        return (Some(state), before.trim_end());
    }
    let marks = [" => ", " -> ", " --> ", " → ", " ⇒ ", " – ", " — ", " - ", " ✅", " ✔", ": "];
    // Every mark holds one of these.
    let may_hold = trimmed.bytes().any(|b| matches!(b, b'=' | b'-' | b':') || !b.is_ascii());
    for mark in marks.into_iter().filter(|_| may_hold) {
        if let Some(at) = trimmed.rfind(mark)
            && let Some((state, _)) =
                begins(trimmed[at..].trim_start_matches([' ', ':', '=', '-', '–', '—', '>', '→', '⇒']))
        {
            return (Some(state), trimmed[..at].trim_end());
        }
    }
    match trimmed.rsplit_once([',', ';']).and_then(|(before, last)| Some((before, whole(last)?))) {
        Some((before, state)) => (Some(state), before.trim_end()),
        None => (None, text),
    }
}

/// The state that a whole text is a word for.
pub(super) fn whole(text: &str) -> Option<ActionState> {
    let (state, rest) = begins(text)?;
    rest.is_empty().then_some(state)
}

/// Where statements begin in a note: at its start, after who or when, and after the last arrow.
fn statements(note: &str) -> Vec<&str> {
    let note = bare(note);
    let (_, after_handles) = leading_handles(note);
    let mut found = vec![note, after_handles.trim_start_matches([':', ',', ' ', '-'])];
    if let Some((before, rest)) = note.split_once(':')
        && (dates::first(before).is_some() || is_label(before))
    {
        found.push(rest.trim_start());
    }
    for arrow in ["=>", "->", "→", "⇒"] {
        found.extend(note.rsplit_once(arrow).map(|(_, rest)| rest.trim_start_matches([' ', '>'])));
    }
    found
}

fn is_label(text: &str) -> bool {
    let label = text.trim().to_lowercase();
    ["update", "status", "state", "stand", "edit", "result", "ergebnis"]
        .iter()
        .any(|known| label.starts_with(known))
}

/// The state that a text begins with, and what follows.
fn begins(text: &str) -> Option<(ActionState, String)> {
    let lower = bare(text).to_lowercase();
    PHRASES.iter().find_map(|(phrase, state)| {
        let rest = lower.strip_prefix(phrase)?;
        ends(phrase, rest).then(|| (*state, rest.trim_matches([' ', '.', '!']).to_owned()))
    })
}

fn ends(phrase: &str, rest: &str) -> bool {
    let Some(next) = rest.chars().next() else { return true };
    if !phrase.ends_with(char::is_alphabetic) {
        return true;
    }
    if ",;:.!?)(]-–—*_✅=>".contains(next) {
        // `open-source` is another word.
        return rest.strip_prefix('-').is_none_or(|behind| behind.starts_with([' ', '>']));
    }
    let word = rest.trim_start().split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    next.is_whitespace()
        && (word.is_empty() || MAY_FOLLOW.contains(&word) || word.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_say_the_state_where_a_statement_begins() {
        for (note, want) in [
            ("done; see issues#12", Some(Done)),
            ("Done, thanks!", Some(Done)),
            ("@a: done", Some(Done)),
            ("2024-05-01: still open", Some(Open)),
            ("Update: in progress", Some(Doing)),
            ("PR is out => merged", Some(Done)),
            ("not done yet", Some(Open)),
            ("carried over", Some(Open)),
            ("dropped in favour of x", Some(Dropped)),
            ("dropped packets on the uplink", None),
            ("dropped, we need it no longer", Some(Dropped)),
            ("open an issue", None),
            ("open-source it", None),
            ("what has to be done", None),
            ("fixed IPs are needed", None),
            ("in Arbeit", Some(Doing)),
            ("erledigt", Some(Done)),
            ("closed by @b", Some(Done)),
        ] {
            assert_eq!(of_note(note), want, "{note}");
        }
    }

    #[test]
    fn a_text_may_carry_its_state() {
        assert_eq!(of_text("[done] write it"), (Some(Done), "write it"));
        assert_eq!(of_text("DONE: write it"), (Some(Done), "write it"));
        assert_eq!(of_text("write it (done)"), (Some(Done), "write it"));
        assert_eq!(of_text("write it => ongoing"), (Some(Doing), "write it"));
        assert_eq!(of_text("write it, done."), (Some(Done), "write it"));
        assert_eq!(of_text("write it ✅"), (Some(Done), "write it"));
        assert_eq!(of_text("get things done"), (None, "get things done"));
        assert_eq!(of_text("keep it (open source)"), (None, "keep it (open source)"));
    }
}
