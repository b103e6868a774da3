//! Checks whether a page has the sections that its kind requires.
//!
//! Owns how headings are compared: without case, leading numbers, punctuation, and everything from the first bracket
//! on.

use std::collections::BTreeSet;

use super::{Kind, KindSection, Record};
use crate::diagnostic::{Diagnostic, nearest};
use crate::rules::SECTION_MISSING;
use crate::source::Span;

/// Reports the required sections that are missing, at the span `place`.
pub fn check(kind: &Kind, record: &Record, headings: &[&str], place: &Span) -> Vec<Diagnostic> {
    let there: Vec<String> = headings.iter().map(|heading| plain(heading)).collect();
    let missing = |section: &&KindSection| {
        section.required.holds(record) && !section.known.iter().any(|name| there.contains(name))
    };
    kind.sections.iter().filter(missing).map(|section| problem(kind, section, &there, place)).collect()
}

fn problem(kind: &Kind, section: &KindSection, there: &[String], place: &Span) -> Diagnostic {
    let message = format!("{} needs a section `{}`", kind.with_article(), section.heading);
    let names = &section.known;
    let near = |name: &String| nearest(name, there.iter().map(String::as_str)).map(str::to_owned);
    let help = match (names.iter().find_map(near), section.also.split_first()) {
        (Some(near), _) => format!("is the heading `{near}` meant? write `## {}`", section.heading),
        (None, Some((first, _))) => {
            format!("add `## {}` (or `## {first}`): {}", section.heading, section.help)
        }
        (None, None) => format!("add `## {}`: {}", section.heading, section.help),
    };
    Diagnostic::new(&SECTION_MISSING, place.clone(), message).help(help.trim_end_matches(": ").to_owned())
}

/// The headings of a page in the form in which they are compared, for questions about many sections.
pub struct PlainHeadings(BTreeSet<String>);

impl PlainHeadings {
    pub fn new<'a>(headings: impl Iterator<Item = &'a str>) -> PlainHeadings {
        PlainHeadings(headings.map(plain).collect())
    }

    /// The number of sections of a kind that the page has.
    pub fn count_sections(&self, kind: &Kind) -> usize {
        let is_there = |section: &&KindSection| section.known.iter().any(|name| self.0.contains(name));
        kind.sections.iter().filter(is_there).count()
    }
}

impl KindSection {
    /// The headings that mean this section, the main one first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.heading.as_str()).chain(self.also.iter().map(String::as_str))
    }

    /// Whether a heading means this section.
    pub fn is(&self, heading: &str) -> bool {
        self.known.contains(&plain(heading))
    }
}

impl Kind {
    /// The section that a heading means.
    pub fn section(&self, heading: &str) -> Option<&KindSection> {
        if self.sections.is_empty() {
            return None;
        }
        // Compares first characters before anything else: this rules out most headings without copying them.
        let first = words(heading).next().and_then(|word| word.chars().next());
        let may_be =
            |section: &&KindSection| first.is_none_or(|first| section.initials & initial(first) != 0);
        let mut sections = self.sections.iter().filter(may_be).peekable();
        sections.peek()?;
        let heading = plain(heading);
        sections.find(|section| section.known.contains(&heading))
    }

    /// The title with its article, for messages: `a runbook`.
    pub fn with_article(&self) -> String {
        // A second capital marks an abbreviation such as `RCA`, which keeps its case and is spelled out: `an RCA`.
        let title = if self.title.chars().nth(1).is_some_and(char::is_uppercase) {
            self.title.clone()
        } else {
            self.title.to_lowercase()
        };
        let vowel = title.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O', 'R']);
        format!("{} {title}", if vowel { "an" } else { "a" })
    }
}

/// The largest number of bytes of a heading that is compared. A heading may be as long as a page, and is compared with
/// many others.
const COMPARED: usize = 200;

/// The form of a heading in which it is compared: without case, leading numbers, punctuation, and everything from the
/// first bracket on.
pub(super) fn plain(heading: &str) -> String {
    let heading = heading.split(['(', '[']).next().unwrap_or(heading);
    let mut text = String::new();
    for word in words(heading) {
        if text.len() + word.len() > COMPARED {
            break;
        }
        text.push_str(if text.is_empty() { "" } else { " " });
        text.push_str(word);
    }
    if text.is_ascii() {
        text.make_ascii_lowercase()
    } else {
        text = text.to_lowercase()
    }
    text
}

/// The words of a heading, without leading numbers.
fn words(heading: &str) -> impl Iterator<Item = &str> {
    let within = |c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '\'') || !c.is_ascii() && c.is_alphanumeric()
    };
    let between = move |c: char| !within(c);
    let number = |word: &&str| word.bytes().all(|b| b.is_ascii_digit());
    heading.split(between).filter(|word| !word.is_empty()).skip_while(number)
}

/// The first characters of plain headings, one bit for each ASCII letter. All characters outside ASCII share a bit.
pub(super) fn initials(known: &[String]) -> u32 {
    known.iter().filter_map(|heading| heading.chars().next()).fold(0, |bits, first| bits | initial(first))
}

/// The bit of a letter, the same for both cases: bits 5 and 6 of the code are dropped.
fn initial(letter: char) -> u32 {
    if letter.is_ascii() { 1 << (letter as u32 & 31) } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn headings_are_compared_without_numbers_marks_and_brackets() {
        assert_eq!(plain("3. What went *well*? (see below)"), "what went well");
        assert_eq!(plain("Impact:"), "impact");
        assert_eq!(plain("2024"), "");
    }
}
