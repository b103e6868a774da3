//! The state of an action, as notes below it or its own text tell it.
//!
//! This module owns where a phrase of the lexicon counts as a state: at the beginning of a statement. "done; see #12"
//! is a state, "what has to be done" is not.

use super::ActionState::{self, Doing, Done, Dropped, Open};
use super::action_markers::is_todo;
use super::dates;
use super::note_words::{bare, leading_handles};
use crate::lexicon::{Lexicon, Phrases};

/// Characters and emoji for done. They belong to no language, and stand at the beginning or the end of a text.
const DONE_MARKS: [&str; 6] =
    ["✅", "✔", "☑", ":white_check_mark:", ":heavy_check_mark:", ":ballot_box_with_check:"];

/// The state that a note gives the action above it.
pub(super) fn of_note(note: &str) -> Option<ActionState> {
    // The last statement is the newest: `2026-01-01: open => done`.
    statements(note).into_iter().rev().find_map(|statement| begins(statement).map(|(state, _)| state))
}

/// The state in the text of an action, and the text without it.
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
        // `todo: write it` is a marker.
        && let Some(state) = whole(first).filter(|_| !is_todo(first))
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
    // Each mark has one of these bytes. Most texts have none, and need no search for each mark.
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

/// The state, if a text consists of a phrase for it.
pub(super) fn whole(text: &str) -> Option<ActionState> {
    let (state, rest) = begins(text)?;
    rest.is_empty().then_some(state)
}

/// The statements of a note: from its beginning, after a person or a date, and after the last arrow.
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
    Lexicon::all().states.labels.beginning(&text.trim().to_lowercase()).next().is_some()
}

/// The state that a text begins with, and the text after it in lower case.
fn begins(text: &str) -> Option<(ActionState, String)> {
    let lower = bare(text).to_lowercase();
    let words = &Lexicon::all().states;
    let lists: [(&'static Phrases, ActionState); 4] =
        [(&words.open, Open), (&words.doing, Doing), (&words.done, Done), (&words.dropped, Dropped)];
    let longest = |(phrases, state): (&'static Phrases, ActionState)| {
        let phrase = phrases.beginning(&lower).find(|phrase| ends(phrase, &lower[phrase.len()..]))?;
        Some((phrase, state))
    };
    let mark = || DONE_MARKS.into_iter().find(|mark| lower.starts_with(mark)).map(|mark| (mark, Done));
    let found = lists.into_iter().filter_map(longest).max_by_key(|(phrase, _)| phrase.len());
    let (phrase, state) = found.or_else(mark)?;
    Some((state, lower[phrase.len()..].trim_matches([' ', '.', '!']).to_owned()))
}

/// Whether a phrase is a statement of its own before the rest of a text.
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
        && (word.is_empty()
            || Lexicon::all().states.may_follow.contains(word)
            || word.bytes().all(|b| b.is_ascii_digit()))
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
