//! Where a line says that somebody shall do something: `AI @x`, `(AI: @x)`, `AI Kurt: …`, `TODO …`.
//!
//! Owns the spellings, and how they are told from talk about artificial intelligence: a marker has an owner or a
//! colon behind it, or begins a line and is followed by an order. Knows no blocks: it reads one line.

use super::note_words::{bare, leading_handles, trailing_handles};

/// What a line asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Assignment {
    /// Where the marker begins in the line.
    pub at: usize,
    /// Empty where the marker stands alone: what is to be done stands above or below it.
    pub text: String,
    pub owners: Vec<String>,
}

/// How much of a line may be a marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strictness {
    /// Headings and cells: only with an owner.
    OwnerNeeded,
    Any,
}

/// A marker in a line.
struct ActionMarker<'t> {
    /// Where it begins in the line.
    start: usize,
    spelling: &'static str,
    word: MarkerWord,
    place: MarkerPosition,
    after: &'t str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MarkerWord {
    Ai,
    /// `Action item`, `Action`.
    Action,
    Todo,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MarkerPosition {
    /// The line begins with it.
    Start,
    /// A statement begins with it.
    Break,
    Parenthesis,
    /// In the middle of a sentence.
    Within,
}

/// Spellings, the longer ones first.
const WORDS: &[(&str, MarkerWord)] = &[
    ("Action items", MarkerWord::Action),
    ("Action item", MarkerWord::Action),
    ("Action Items", MarkerWord::Action),
    ("Action Item", MarkerWord::Action),
    ("ACTION ITEM", MarkerWord::Action),
    ("action item", MarkerWord::Action),
    ("Action", MarkerWord::Action),
    ("ACTION", MarkerWord::Action),
    ("AI", MarkerWord::Ai),
    ("TODO", MarkerWord::Todo),
    ("ToDo", MarkerWord::Todo),
    ("Todo", MarkerWord::Todo),
    ("todo", MarkerWord::Todo),
    ("To Do", MarkerWord::Todo),
    ("To-Do", MarkerWord::Todo),
    ("To-do", MarkerWord::Todo),
    ("To do", MarkerWord::Todo),
    ("TO DO", MarkerWord::Todo),
];

/// Verbs that an order begins with; none of them is a noun that often follows "AI".
const VERBS: &str = " add adapt align announce apply approach arrange ask assess assign attend book bring build call \
cancel check clarify clean clear close collect come compare complete configure consider contact continue convert \
coordinate copy create decide define delete deliver describe determine disable discuss distribute do document draft \
drop enable ensure establish evaluate explain explore extend figure file finalise finalize find finish fix follow \
forward gather get give go identify implement improve include inform initiate install integrate introduce \
investigate invite join keep let look make mention merge migrate move nudge offer open organise organize perform \
pick ping poll post prepare propose provide publish pull push put raise reach read rebase recheck record refine \
remind remove rename replace reply reschedule resolve restart revise revisit rework rewrite schedule send set setup \
share show sketch solve sort speak specify split start submit summarise summarize switch sync take talk tell \
transfer translate try turn unify update upload upgrade verify wait write ";

/// What follows "AI" where it means the technology, or a list of items.
const NOUNS: &str = " act acts agent agents application applications assistant assistants based chip chips cloud code \
conference content day days driven ethics factory factories features follow for from gateway generated governance \
group hub infrastructure initiative is list lists market model models news ops platform platforms policy project \
projects regulation research review safety service services startup startups status strategy summit systems team \
tool tools topics track training usage use wg week working workload workloads workshop ";

/// Words that stand for everybody, as owners.
const ALL: &str = " all alle everybody everyone team group ";

/// Whether a text holds any of the words at all: most do not.
pub(super) fn may_hold_orders(text: &str) -> bool {
    let bytes = text.as_bytes();
    // One look at each byte: this is asked of every text.
    (0..bytes.len()).any(|at| match bytes[at] {
        b'A' => bytes[at + 1..].starts_with(b"I"),
        b'c' => bytes[at + 1..].starts_with(b"tion"),
        b'C' => bytes[at + 1..].starts_with(b"TION"),
        b't' | b'T' => begins_todo(&bytes[at + 1..]),
        _ => false,
    })
}

/// Whether `t` and what follows may be `todo`, `to do` or `to-do`.
fn begins_todo(after: &[u8]) -> bool {
    let [o, second, third, ..] = after else { return false };
    let joined = second | 32 == b'd' && third | 32 == b'o';
    o | 32 == b'o' && (joined || matches!(second, b' ' | b'-') && third | 32 == b'd')
}

/// Everything that a line asks for, in order.
pub(super) fn orders(line: &str, strictness: Strictness) -> Vec<Assignment> {
    let markers = accepted(line, strictness);
    let mut from = 0;
    let mut found = Vec::new();
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

/// The next word from byte `from` on that may be a marker.
fn next(line: &str, from: usize) -> Option<ActionMarker<'_>> {
    let may_begin = |(at, c): (usize, char)| matches!(c, 'A' | 'T' | 'a' | 't').then_some(from + at);
    line[from..].char_indices().filter_map(may_begin).find_map(|at| {
        let (spelling, word) = WORDS.iter().find(|(spelling, _)| line[at..].starts_with(spelling))?;
        let (before, after) = (&line[..at], &line[at + spelling.len()..]);
        let joined = before.ends_with(|c: char| c.is_alphanumeric() || "/.#@&$'".contains(c))
            || before.ends_with('-')
                && !before.ends_with("--")
                && bare(before).ends_with(char::is_alphanumeric);
        let goes_on = after.starts_with(|c: char| c.is_alphanumeric() || "/.'’&".contains(c))
            || after.starts_with('-') && !after.starts_with("- ");
        let marker = ActionMarker { start: at, spelling, word: *word, place: place(before), after };
        (!joined && !goes_on).then_some(marker)
    })
}

fn place(before: &str) -> MarkerPosition {
    let before = before.trim_end_matches(['*', '_', '~', ' ', '[', '\u{a0}']);
    match before.chars().next_back() {
        None => MarkerPosition::Start,
        Some('(') => MarkerPosition::Parenthesis,
        _ if bare(before).is_empty() => MarkerPosition::Start,
        Some(c) if ".;:,!?>→⇒–—|-)".contains(c) => MarkerPosition::Break,
        Some(c) if !c.is_ascii() && !c.is_alphanumeric() => MarkerPosition::Start,
        Some(_) => MarkerPosition::Within,
    }
}

/// What a marker in a part of a line asks for, and where what belongs to it ends in the line. The part begins at
/// byte `from` of the line, behind the last marker, and ends before the next one.
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

/// A text without what joins it to the marker, or to the next one.
fn tidy(text: &str) -> &str {
    let text = text.trim_start_matches([
        ':', ',', ';', '.', ')', ']', ' ', '\u{a0}', '-', '–', '—', '*', '_', '=', '>', '→',
    ]);
    let text = text.strip_prefix("to ").or_else(|| text.strip_prefix("will ")).unwrap_or(text);
    let text = text
        .trim_end_matches([',', ';', ' ', '\u{a0}', '*', '_', '/', '-', '–', '=', '>', '(', '[', ':', '→']);
    match text.strip_suffix(')') {
        Some(inner) if text.matches(')').count() > text.matches('(').count() => inner.trim_end(),
        _ => text,
    }
}

/// What was asked for before and behind the parentheses with the marker.
fn join(before: &str, behind: &str) -> String {
    let behind = bare(behind).trim_matches([' ', '.', ',']);
    if behind.is_empty() { before.to_owned() } else { format!("{before} {behind}") }
}

/// What stands in the parentheses that are open, and behind them.
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

/// Owners and text of what follows a marker, if it is one.
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
        MarkerWord::Action => marker.place == MarkerPosition::Start && marker.spelling.len() > "Action".len(),
        MarkerWord::Ai | MarkerWord::Todo => marker.place != MarkerPosition::Within,
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
    /// What follows it, as far as its parentheses reach.
    fn inside(&self) -> &'t str {
        if self.place == MarkerPosition::Parenthesis { closing(self.after).0 } else { self.after }
    }
}

/// `@x`, `(@x)`, `for @x`, `to @x`, `on @x`, `- @x`.
fn handles_first(rest: &str) -> Option<(Vec<String>, &str)> {
    let words = ["for ", "to ", "on ", "an ", "für ", "by ", "- ", "– "];
    let rest = words.iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest);
    let inner = rest.trim_start_matches(['(', '[', '*', '_', ' ']);
    let (owners, text) = leading_handles(inner);
    (!owners.is_empty()).then_some((owners, text))
}

fn with_trailing(text: &str) -> (Vec<String>, &str) {
    let (owners, before) = trailing_handles(text);
    if !owners.is_empty() {
        return (owners, before);
    }
    match named(text).filter(|(owners, _)| owners.iter().all(|owner| is_in(ALL, owner))) {
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
    let ordered = matches!(verb, "to" | "will" | "should" | "soll" | "has") || is_in(VERBS, verb);
    let person = is_name(name) && !is_in(VERBS, name);
    (person && ordered).then(|| (vec![name.to_owned()], rest))
}

fn is_names(text: &str) -> bool {
    let words: Vec<&str> = words(text).collect();
    let joint = |word: &str| matches!(word, "and" | "und" | "the");
    (1..=5).contains(&words.len())
        && words.iter().all(|word| joint(word) || is_name(word))
        && !words.iter().all(|word| joint(word))
}

/// Whether a word may be a name, or stands for everybody.
fn is_name(word: &str) -> bool {
    let capital = word.starts_with(char::is_uppercase)
        && word.chars().all(|c| c.is_alphanumeric() || ".-'’".contains(c));
    (capital || is_in(ALL, word)) && (!is_in(NOUNS, word) || is_in(ALL, word))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || ",&/+".contains(c)).filter(|word| !word.is_empty())
}

fn split_names(text: &str) -> Vec<String> {
    let text = text.replace(" and ", ",").replace(" und ", ",");
    text.split([',', '&', '/', '+'])
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

/// `to check …`, `check …`.
fn commanded(text: &str) -> Option<(Vec<String>, &str)> {
    let order = text.strip_prefix("to ").unwrap_or(text);
    let verb = order.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let next = order[verb.len()..].split_whitespace().next().unwrap_or_default();
    // `AI talk is on Friday` tells, it does not order.
    let tells = is_in(" is are was were has have had will would can could may might ", next);
    (is_in(VERBS, verb) && !tells).then(|| with_trailing(order))
}

/// `TODO write …`: one word with a capital, since `to do` and `todo` stand in sentences too.
fn todo<'t>(rest: &'t str, marker: &ActionMarker<'_>) -> Option<(Vec<String>, &'t str)> {
    let word = rest.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let list = is_in(" app board item items list liste lists ", word);
    let stands = marker.place == MarkerPosition::Start
        || marker.place == MarkerPosition::Parenthesis && rest.trim().is_empty();
    (stands && !list && matches!(marker.spelling, "TODO" | "ToDo" | "Todo")).then(|| with_trailing(rest))
}

fn is_in(list: &str, word: &str) -> bool {
    !word.is_empty() && list.contains(&format!(" {} ", word.to_lowercase()))
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
