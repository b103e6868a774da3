//! Markers of action items in a line: `AI @x`, `(AI: @x)`, `AI Kurt: …`, `TODO …`.
//!
//! This module owns the grammar of markers, which distinguishes them from text about artificial intelligence: a marker
//! has an owner or a colon after it, or begins a line before an order. The spellings and words are in the lexicon. It
//! must not know blocks: it reads one line.

use super::note_words::{bare, is_and, leading_handles, split_at_and, trailing_handles};
use crate::lexicon::{Lexicon, Phrases, WordSet};

/// An order in a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Assignment {
    /// The offset of the marker in the line, in bytes.
    pub at: usize,
    /// Empty where the marker stands alone: the task then stands above or below it.
    pub text: String,
    pub owners: Vec<String>,
}

/// The evidence that a marker needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strictness {
    /// In headings and cells: an owner.
    OwnerNeeded,
    /// In notes: an owner, a colon, or a verb.
    Any,
}

/// A marker in a line.
struct ActionMarker<'t> {
    /// Its offset in the line, in bytes.
    start: usize,
    spelling: &'static str,
    word: MarkerWord,
    place: MarkerPosition,
    after: &'t str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MarkerWord {
    Ai,
    ActionItem,
    Action,
    /// `TODO`: one word with a capital letter.
    Todo,
    /// `todo`, `to do`: these stand in sentences as well.
    TodoLabel,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MarkerPosition {
    /// At the beginning of the line.
    Start,
    /// At the beginning of a statement.
    Break,
    Parenthesis,
    /// In the middle of a sentence.
    Within,
}

/// Whether a text holds a marker at all: most do not.
pub(super) fn may_hold_orders(text: &str) -> bool {
    Lexicon::all().markers.are_in(text)
}

/// The orders in a line.
pub(super) fn orders(line: &str, strictness: Strictness) -> Vec<Assignment> {
    let markers = accepted(line, strictness);
    let mut from = 0;
    let mut found = Vec::new();
    // The text between two markers may belong to either, so each one is read up to the next.
    for (number, marker) in markers.iter().enumerate() {
        let until = markers.get(number + 1).map_or(line.len(), |next| next.start);
        let (order, end) = order(&line[from..until], from, marker, strictness);
        found.extend(order);
        from = end;
    }
    found
}

fn accepted(line: &str, strictness: Strictness) -> Vec<ActionMarker<'_>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(marker) = next(line, from) {
        from = line.len() - marker.after.len();
        if meaning(marker.inside(), &marker, strictness).is_some() {
            found.push(marker);
        }
    }
    found
}

/// The next spelling of a marker from byte `from` on that is not part of another word.
fn next(line: &str, from: usize) -> Option<ActionMarker<'_>> {
    let markers = &Lexicon::all().markers;
    let places = line[from..].char_indices().map(|(at, _)| from + at);
    places.filter(|at| markers.may_begin(&line[*at..])).find_map(|at| {
        let (spelling, word) = spelling(&line[at..])?;
        let (before, after) = (&line[..at], &line[at + spelling.len()..]);
        let joined = before.ends_with(|c: char| c.is_alphanumeric() || "/.#@&$'".contains(c))
            || before.ends_with('-')
                && !before.ends_with("--")
                && bare(before).ends_with(char::is_alphanumeric);
        let goes_on = after.starts_with(|c: char| c.is_alphanumeric() || "/.'’&".contains(c))
            || after.starts_with('-') && !after.starts_with("- ");
        let marker = ActionMarker { start: at, spelling, word, place: place(before), after };
        (!joined && !goes_on).then_some(marker)
    })
}

/// The longest spelling that a text begins with.
fn spelling(text: &str) -> Option<(&'static str, MarkerWord)> {
    let markers = &Lexicon::all().markers;
    let lists: [(&'static Phrases, MarkerWord); 5] = [
        (&markers.ai, MarkerWord::Ai),
        (&markers.action_item, MarkerWord::ActionItem),
        (&markers.action, MarkerWord::Action),
        (&markers.todo, MarkerWord::Todo),
        (&markers.todo_label, MarkerWord::TodoLabel),
    ];
    let longest = |(list, word): (&'static Phrases, MarkerWord)| Some((list.beginning(text).next()?, word));
    lists.into_iter().filter_map(longest).max_by_key(|(spelling, _)| spelling.len())
}

/// Whether a text is a word for tasks such as `todo`, in any case.
pub(super) fn is_todo(text: &str) -> bool {
    let markers = &Lexicon::all().markers;
    markers.todo.iter().chain(markers.todo_label.iter()).any(|spelling| spelling.eq_ignore_ascii_case(text))
}

fn place(before: &str) -> MarkerPosition {
    let before = before.trim_end_matches(['*', '_', '~', ' ', '[', '\u{a0}']);
    match before.chars().next_back() {
        None => MarkerPosition::Start,
        Some('(') => MarkerPosition::Parenthesis,
        _ if bare(before).is_empty() => MarkerPosition::Start,
        Some(c) if ".;:,!?>→⇒–—|-)".contains(c) => MarkerPosition::Break,
        // An emoji at the beginning of a line is decoration.
        Some(c) if !c.is_ascii() && !c.is_alphanumeric() => MarkerPosition::Start,
        Some(_) => MarkerPosition::Within,
    }
}

/// The order of a marker in a part of a line, and the offset in the line where its text ends. The part begins at byte
/// `from` of the line, after the last marker, and ends before the next one.
fn order(
    part: &str,
    from: usize,
    marker: &ActionMarker<'_>,
    strictness: Strictness,
) -> (Option<Assignment>, usize) {
    let before = &part[..marker.start - from];
    let after = &part[before.len() + marker.spelling.len()..];
    let (inside, behind) =
        if marker.place == MarkerPosition::Parenthesis { closing(after) } else { (after, "") };
    let end = from + part.len() - behind.len();
    let Some((owners, text)) = meaning(inside, marker, strictness) else { return (None, end) };
    let before = tidy(before.trim_end_matches(['(', '[', ' ', '*', '_']));
    let last = from + part.len() == marker.start + marker.spelling.len() + marker.after.len();
    let text = match (tidy(text), before) {
        ("", "") => tidy(behind).to_owned(),
        ("", before) => join(before, if last { behind } else { "" }),
        (text, _) => text.to_owned(),
    };
    (Some(Assignment { at: marker.start, text, owners }), end)
}

/// A text without the characters and words that join it to the marker, or to the next one.
fn tidy(text: &str) -> &str {
    let text = text.trim_start_matches([
        ':', ',', ';', '.', ')', ']', ' ', '\u{a0}', '-', '–', '—', '*', '_', '=', '>', '→',
    ]);
    let words = &Lexicon::all().orders;
    let text = words.infinitive.strip_from(text).or_else(|| words.future.strip_from(text)).unwrap_or(text);
    let text = text
        .trim_end_matches([',', ';', ' ', '\u{a0}', '*', '_', '/', '-', '–', '=', '>', '(', '[', ':', '→']);
    match text.strip_suffix(')') {
        // The marker stood in the parentheses that this character closes.
        Some(inner) if text.matches(')').count() > text.matches('(').count() => inner.trim_end(),
        _ => text,
    }
}

/// The text before and after the parentheses with the marker.
fn join(before: &str, behind: &str) -> String {
    let behind = bare(behind).trim_matches([' ', '.', ',']);
    if behind.is_empty() { before.to_owned() } else { format!("{before} {behind}") }
}

/// The text in the parentheses that are open, and the text after them.
fn closing(text: &str) -> (&str, &str) {
    let mut depth = 1;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (&text[..at], &text[at + c.len_utf8()..]);
        }
    }
    (text, "")
}

/// Owners and text of the order that follows a marker. None if the word is not a marker.
fn meaning<'t>(
    after: &'t str,
    marker: &ActionMarker<'_>,
    strictness: Strictness,
) -> Option<(Vec<String>, &'t str)> {
    let plain = after.trim_start_matches(['*', '_', '`', ']', ' ', '\u{a0}']);
    let colon = plain.starts_with(':') || plain.starts_with('：');
    let rest = plain.trim_start_matches([':', '：', ' ', '*', '_', '\u{a0}']);
    if let Some(found) = handles_first(rest) {
        return (marker.word == MarkerWord::Ai || marker.place != MarkerPosition::Within).then_some(found);
    }
    if strictness == Strictness::OwnerNeeded {
        return None;
    }
    let statement = match marker.word {
        // `Action: restart the service` stands in runbooks and reports.
        MarkerWord::Action => false,
        MarkerWord::ActionItem => marker.place == MarkerPosition::Start,
        MarkerWord::Ai | MarkerWord::Todo | MarkerWord::TodoLabel => marker.place != MarkerPosition::Within,
    };
    if colon && statement {
        return Some(with_trailing(rest));
    }
    match marker.word {
        MarkerWord::Ai if matches!(marker.place, MarkerPosition::Start | MarkerPosition::Parenthesis) => {
            named(rest).or_else(|| commanded(rest))
        }
        MarkerWord::Todo => todo(rest, marker),
        _ => None,
    }
}

impl<'t> ActionMarker<'t> {
    /// The text after it, up to the end of its parentheses.
    fn inside(&self) -> &'t str {
        if self.place == MarkerPosition::Parenthesis { closing(self.after).0 } else { self.after }
    }
}

/// `@x`, `(@x)`, `for @x`, `to @x`, `on @x`, `- @x`.
fn handles_first(rest: &str) -> Option<(Vec<String>, &str)> {
    let word = || Lexicon::all().orders.before_owner.strip_from(rest);
    let dash = || ["- ", "– "].into_iter().find_map(|dash| rest.strip_prefix(dash));
    let rest = word().or_else(dash).unwrap_or(rest);
    let inner = rest.trim_start_matches(['(', '[', '*', '_', ' ']);
    let (owners, text) = leading_handles(inner);
    (!owners.is_empty()).then_some((owners, text))
}

fn with_trailing(text: &str) -> (Vec<String>, &str) {
    let (owners, before) = trailing_handles(text);
    if !owners.is_empty() {
        return (owners, before);
    }
    match named(text).filter(|(owners, _)| owners.iter().all(|owner| is_everybody(owner))) {
        Some(all) => all,
        None => (owners, text),
    }
}

/// `Kurt: …`, `Kurt & Ada: …`, `SIG IAM: …`, `all: …`, `Kurt to check …`.
fn named(text: &str) -> Option<(Vec<String>, &str)> {
    if let Some((names, rest)) = text.split_once(':').filter(|(names, _)| is_names(names)) {
        return Some((split_names(names), rest));
    }
    let (name, rest) = text.split_once(' ')?;
    let verb = rest.split(' ').next().unwrap_or_default();
    let words = &Lexicon::all().orders;
    let auxiliary = [&words.infinitive, &words.future, &words.duty].iter().any(|list| list.contains(verb));
    let ordered = auxiliary || is_in(&words.verbs, verb);
    let person = is_name(name) && !is_in(&words.verbs, name);
    (person && ordered).then(|| (vec![name.to_owned()], rest))
}

fn is_names(text: &str) -> bool {
    let words: Vec<&str> = words(text).collect();
    let joint = |word: &str| is_and(word) || Lexicon::all().joints.articles.contains(word);
    (1..=5).contains(&words.len())
        && words.iter().all(|word| joint(word) || is_name(word))
        && !words.iter().all(|word| joint(word))
}

/// Whether a word may be a name, or stands for everybody.
fn is_name(word: &str) -> bool {
    let capital = word.starts_with(char::is_uppercase)
        && word.chars().all(|c| c.is_alphanumeric() || ".-'’".contains(c));
    is_everybody(word) || capital && !is_in(&Lexicon::all().orders.after_ai, word)
}

/// Whether a word stands for everybody.
fn is_everybody(word: &str) -> bool {
    is_in(&Lexicon::all().people.everybody, word)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || ",&/+".contains(c)).filter(|word| !word.is_empty())
}

fn split_names(text: &str) -> Vec<String> {
    text.split([',', '&', '/', '+'])
        .flat_map(split_at_and)
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

/// `to check …`, `check …`.
fn commanded(text: &str) -> Option<(Vec<String>, &str)> {
    let words = &Lexicon::all().orders;
    let order = words.infinitive.strip_from(text).unwrap_or(text);
    let verb = order.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let next = order[verb.len()..].split_whitespace().next().unwrap_or_default();
    // `AI talk is on Friday` is a statement.
    let statement = is_in(&words.statement, next);
    (is_in(&words.verbs, verb) && !statement).then(|| with_trailing(order))
}

/// `TODO write …`, without a colon.
fn todo<'t>(rest: &'t str, marker: &ActionMarker<'_>) -> Option<(Vec<String>, &'t str)> {
    let word = rest.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let list = is_in(&Lexicon::all().orders.after_todo, word);
    let stands = marker.place == MarkerPosition::Start
        || marker.place == MarkerPosition::Parenthesis && rest.trim().is_empty();
    (stands && !list).then(|| with_trailing(rest))
}

/// Whether a word is in a list, in any case.
fn is_in(list: &WordSet, word: &str) -> bool {
    // Most words are lower case already, and need no copy.
    if word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return list.contains(word);
    }
    list.contains(&word.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str) -> Vec<String> {
        let say = |order: Assignment| format!("{}|{}", order.owners.join(" "), order.text);
        orders(line, Strictness::Any).into_iter().map(say).collect()
    }

    #[test]
    fn every_spelling_of_an_action_item_is_found() {
        for (line, want) in [
            ("AI @ada write the page", "@ada|write the page"),
            ("_AI @ada: write the page_", "@ada|write the page"),
            ("write the page (AI @ada)", "@ada|write the page"),
            ("write the page (AI: @ada)", "@ada|write the page"),
            ("AI: @ada write the page", "@ada|write the page"),
            ("AI: write the page", "|write the page"),
            ("AI: write the page (@ada)", "@ada|write the page"),
            ("_AI: @ada_ write the page", "@ada|write the page"),
            ("AI @ada & @bob: write the page", "@ada @bob|write the page"),
            ("=> AI @ada to write the page", "@ada|write the page"),
            ("The page is missing, AI @ada write it", "@ada|write it"),
            ("Page is missing -> AI: write it", "|write it"),
            ("AI (@ada): write the page", "@ada|write the page"),
            ("AI for @ada: write the page", "@ada|write the page"),
            ("AI Kurt: write the page", "Kurt|write the page"),
            ("AI Kurt and Ada: write the page", "Kurt Ada|write the page"),
            ("AI SIG IAM: write the page", "SIG IAM|write the page"),
            ("AI all: write the page", "all|write the page"),
            ("AI Kurt to write the page", "Kurt|write the page"),
            ("AI write the page", "|write the page"),
            ("AI to write the page", "|write the page"),
            ("(AI @ada: write the page)", "@ada|write the page"),
            ("Stale pages (AI @ada: write them)", "@ada|write them"),
            ("Action item: write the page", "|write the page"),
            ("Action: @ada write the page", "@ada|write the page"),
            ("TODO: write the page", "|write the page"),
            ("ToDo @ada write the page", "@ada|write the page"),
            ("TODO write the page", "|write the page"),
            ("To Do: write the page", "|write the page"),
            ("write the page (TODO)", "|write the page"),
            ("AI @ada", "@ada|"),
            ("AI(@ada): write (the) page", "@ada|write (the) page"),
            ("[ ] AI @ada: write the page", "@ada|write the page"),
        ] {
            assert_eq!(found(line), [want], "{line}");
        }
    }

    #[test]
    fn one_line_may_ask_for_several_things() {
        assert_eq!(found("AI @a: write, AI @b: read"), ["@a|write", "@b|read"]);
        assert_eq!(found("write (AI @a), read (AI @b)"), ["@a|write", "@b|read"]);
    }

    #[test]
    fn talk_about_artificial_intelligence_is_no_order() {
        for line in [
            "AI models need power",
            "AI/ML workloads",
            "AIs from last time",
            "AI from last meeting",
            "Ethics of AI: a panel",
            "Artificial intelligence (AI) is a topic",
            "We talked about AI, and ML",
            "AI-based tools",
            "AI Act: what it means for us",
            "AI is here",
            "AI",
            "OpenAI @work",
            "the AI will do it",
            "To do this, we need time",
            "a todo list",
            "TODO list",
            "Action: restart the service",
            "Check AIs",
            "AI infrastructure for everyone",
            "Generative AI",
            "AI talk is on Friday",
        ] {
            assert_eq!(found(line), Vec::<String>::new(), "{line}");
        }
    }

    #[test]
    fn headings_and_cells_need_an_owner() {
        let count = |line: &str| orders(line, Strictness::OwnerNeeded).len();
        assert_eq!([count("Page (AI @ada)"), count("AI: write"), count("TODO")], [1, 0, 0]);
    }
}
