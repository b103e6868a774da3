//! Which words of a text must be hidden from the public, read off the parser's events.
//!
//! Owns [`Words`], tokens that stand in a text where it says `SECRET`, and [`must_hide`]: a second opinion, which shares
//! no line with the program. It claims a word only where no reader of the guide could doubt it; elsewhere it is silent.

use std::collections::BTreeSet;
use std::ops::Range;

use opsbook::markdown::front;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// What a token stands for in the text of a target.
pub const PLACE: &str = "SECRET";

/// Letters that no stemmer folds and no encoding changes.
const LETTERS: &[u8] = b"bcdfghjkmnpqrtvwxz";

/// The Markdown that the guide describes, with formulas.
const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_HEADING_ATTRIBUTES)
    .union(Options::ENABLE_GFM)
    .union(Options::ENABLE_DEFINITION_LIST)
    .union(Options::ENABLE_MATH);

/// A text with a token in each place.
pub struct Words {
    pub text: String,
    pub tokens: Vec<String>,
    /// Where each token stands in `text`.
    places: Vec<Range<usize>>,
}

/// Which words stand in the places.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    First,
    /// Others, and longer ones.
    Second,
}

impl Words {
    /// Puts a token into each place; the choice for each is made by its number.
    pub fn of(text: &str, choose: &dyn Fn(usize) -> Choice) -> Words {
        let mut words = Words { text: String::new(), tokens: Vec::new(), places: Vec::new() };
        for (number, part) in text.split(PLACE).enumerate() {
            if number > 0 {
                let token = token(number - 1, choose(number - 1));
                let at = words.text.len();
                words.text.push_str(&token);
                words.places.push(at..words.text.len());
                words.tokens.push(token);
            }
            words.text.push_str(part);
        }
        words
    }

    /// The numbers of the tokens that stand in a range.
    fn within(&self, range: &Range<usize>) -> impl Iterator<Item = usize> {
        let inside = |place: &Range<usize>| range.start <= place.start && place.end <= range.end;
        (0..self.places.len()).filter(move |number| inside(&self.places[*number]))
    }
}

fn token(number: usize, choice: Choice) -> String {
    let (length, salt) = match choice {
        Choice::First => (16, 1),
        Choice::Second => (21, 7),
    };
    let mut state = (number as u64 * 2 + salt).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut letter = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(LETTERS[(state >> 33) as usize % LETTERS.len()])
    };
    (0..length).map(|_| letter()).collect()
}

/// The numbers of the tokens that the public must not see, as far as this is beyond doubt.
pub fn must_hide(words: &Words) -> BTreeSet<usize> {
    let parts = front::split(&words.text);
    if parts.yaml.as_ref().is_some_and(|yaml| states_internal(&words.text[yaml.clone()])) {
        return (0..words.tokens.len()).collect();
    }
    let body = &words.text[parts.body..];
    // Directives change what the parser sees; they have a target of their own.
    if body.contains("::") {
        return BTreeSet::new();
    }
    let mut reader =
        Reader { words, base: parts.body, body, hidden: BTreeSet::new(), section: None, depth: 0 };
    reader.read();
    reader.hidden
}

/// Whether there is a heading in a text, which may end a section.
pub fn has_heading(text: &str) -> bool {
    Parser::new_ext(text, OPTIONS).any(|event| matches!(event, Event::Start(Tag::Heading { .. })))
}

/// Whether front matter says in so many words that the page is internal.
fn states_internal(yaml: &str) -> bool {
    let read = serde_yaml::from_str::<serde_yaml::Value>(yaml);
    read.is_ok_and(|value| value.get("visibility").and_then(|level| level.as_str()) == Some("internal"))
}

struct Reader<'a> {
    words: &'a Words,
    base: usize,
    body: &'a str,
    hidden: BTreeSet<usize>,
    /// The rank of the hidden heading that is open.
    section: Option<HeadingLevel>,
    /// How many containers are open.
    depth: usize,
}

impl Reader<'_> {
    fn read(&mut self) {
        let mut last = String::new();
        for (event, range) in Parser::new_ext(self.body, OPTIONS).into_offset_iter() {
            match &event {
                Event::Start(Tag::Heading { level, classes, .. }) if self.depth == 0 => {
                    self.heading(*level, classes.iter().any(|class| &**class == "internal"));
                }
                Event::End(TagEnd::Paragraph) if is_marked(&last) => self.hide(&range),
                Event::Html(_) | Event::InlineHtml(_) if is_comment(&self.body[range.clone()]) => {
                    self.hide(&range);
                }
                _ => {}
            }
            match event {
                Event::Start(_) => self.depth += 1,
                Event::End(_) => self.depth -= 1,
                _ => {}
            }
            if self.section.is_some() {
                self.hide(&range);
            }
            last = match event {
                Event::Text(text) => text.into_string(),
                _ => String::new(),
            };
        }
    }

    /// A section ends at the next heading of the same or a higher rank; one within a hidden section is hidden, too.
    fn heading(&mut self, level: HeadingLevel, marked: bool) {
        self.section = self.section.filter(|open| level > *open);
        if marked && self.section.is_none() {
            self.section = Some(level);
        }
    }

    fn hide(&mut self, range: &Range<usize>) {
        let range = self.base + range.start..self.base + range.end;
        self.hidden.extend(self.words.within(&range));
    }
}

/// Whether the last words of a paragraph are a mark with something before it.
fn is_marked(text: &str) -> bool {
    text.strip_suffix(" {.internal}").is_some_and(|before| !before.trim().is_empty() && !before.contains('{'))
}

/// Whether a piece of HTML is one comment and nothing else.
fn is_comment(html: &str) -> bool {
    let inside = html.trim().strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->"));
    inside.is_some_and(|inside| !inside.contains("--") && !inside.contains('>') && !inside.ends_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What must be hidden of a text, by the numbers of the places.
    fn hidden(text: &str) -> Vec<usize> {
        must_hide(&Words::of(text, &|_| Choice::First)).into_iter().collect()
    }

    #[test]
    fn what_is_beyond_doubt_must_be_hidden() {
        assert_eq!(hidden("---\nvisibility: internal\n---\nSECRET\n\nSECRET\n"), [0, 1]);
        assert_eq!(hidden("SECRET\n\nWords SECRET. {.internal}\n\nSECRET\n"), [1]);
        assert_eq!(
            hidden("# SECRET {.internal}\n\nSECRET\n\n## SECRET\n\n</p>\n\nSECRET\n\n# SECRET\n"),
            [0, 1, 2, 3]
        );
        assert_eq!(hidden("SECRET <!-- SECRET --> SECRET\n"), [1]);
    }

    #[test]
    fn what_may_be_meant_otherwise_is_left_alone() {
        assert_eq!(hidden("`SECRET {.internal}`\n\n    SECRET {.internal}\n"), Vec::<usize>::new());
        assert_eq!(hidden("SECRET \\{.internal}\n\n> # SECRET {.internal}\n\nSECRET\n"), Vec::<usize>::new());
        assert_eq!(hidden("SECRET {.internal}\n\n:::note\n:::\n"), Vec::<usize>::new());
        assert_eq!(hidden("---\nvisibility: public\n---\nSECRET\n"), Vec::<usize>::new());
    }

    #[test]
    fn other_words_stand_where_they_are_chosen() {
        let second = |number| if number == 1 { Choice::Second } else { Choice::First };
        let (first, other) =
            (Words::of("SECRET SECRET", &|_| Choice::First), Words::of("SECRET SECRET", &second));
        assert_eq!(first.tokens[0], other.tokens[0]);
        assert_ne!(first.tokens[1], other.tokens[1]);
        assert_eq!(other.text, other.tokens.join(" "));
    }
}
