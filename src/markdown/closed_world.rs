//! Reports text that looks like a mark of a level but hides nothing.
//!
//! Owns [`ClosedWorld`]. `redact` removes marks that hide something before a page is written. Any mark that the writer
//! still finds hides nothing, so it is an error. A handbook that uses levels is a closed world: each brace, class,
//! fence word and directive must be known, or must not contain the name of a level. Beyond that, the syntax of other
//! tools is not guessed.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::CowStr;
use unicode_normalization::UnicodeNormalization;

use super::code::FenceInfo;
use super::directive_names::directive_names;
use super::open_elements::VerbatimText;
use super::redact::{StrayMarkMessage, mark_at};
use super::writer::HtmlWriter;
use crate::diagnostic::Diagnostic;
use crate::rules::{VISIBILITY_STRAY, VISIBILITY_UNKNOWN};
use crate::source::{Span, floor_boundary};
use crate::visibility::{Audience, Levels};

/// The most bytes between two braces of a mark. Longer content is text.
const MOST_INNER: usize = 200;

/// Front matter keys that hide a page or the content of a folder.
const KEYS: [&str; 6] = ["visibility", "clearance", "cascade", "publish_after", "embargo_until", "draft"];

/// The settings of the handbook that concern marks.
#[derive(Debug, Clone, Copy)]
pub struct ClosedWorld<'a> {
    pub levels: &'a Levels,
    /// The audience that texts are written for.
    pub audience: Audience,
    /// Whether the handbook uses levels. Only then is text that resembles a mark an error.
    pub used: bool,
    /// Classes that the handbook accepts as its own.
    pub classes: &'a [String],
}

/// The reason why a mark is an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClosedWorldFault {
    /// A mark in the right form, in a position where it hides nothing.
    Stray,
    /// A mark that names no level.
    Unknown,
    /// Colons with a name in front of which no directive begins: `:::größe`, or an unknown name in raw HTML.
    NoDirective,
}

type FaultyMark = (Range<usize>, ClosedWorldFault);

impl ClosedWorld<'_> {
    /// Whether a text, such as the value of a field, contains a mark or something that looks like one.
    pub fn is_marked(self, text: &str) -> bool {
        !self.in_text(text, "").is_empty()
    }

    /// Finds everything in a text that looks like a mark. `after` is the text that follows it.
    pub(super) fn in_text(self, text: &str, after: &str) -> Vec<FaultyMark> {
        let mut found = Vec::new();
        let mut skip_to = 0;
        for (at, sign) in text.match_indices(['{', '｛', '}', ':', '：']) {
            if at < skip_to || text[..at].ends_with('\\') {
                continue;
            }
            let find = match sign {
                "{" | "｛" => self.braces(text, at, after),
                "}" => self.closing_brace(text, at),
                _ => self.colons(text, at, after),
            };
            skip_to = match &find {
                Some((range, _)) => range.end,
                None if !matches!(sign, ":" | "：") => at,
                // The other colons of the same run were already checked.
                None => text.len() - text[at..].trim_start_matches([':', '：']).len(),
            };
            found.extend(find);
        }
        found
    }

    /// The level that a word contains, if the handbook uses levels: one of its own or one of the four default levels.
    pub(super) fn named_in(self, word: &str) -> Option<String> {
        if !self.used || word.is_empty() {
            return None;
        }
        let plain = plain(word);
        let own = self.levels.names().skip(1).map(str::to_owned);
        let usual = Levels::default();
        let mut names = own.chain(usual.names().skip(1).map(str::to_owned));
        names.find(|name| plain.contains(name.as_str()))
    }

    /// Whether a class is allowed in braces.
    pub(super) fn knows_class(self, class: &str) -> bool {
        !self.used || self.classes.iter().any(|known| known == class)
    }

    fn braces(self, text: &str, at: usize, after: &str) -> Option<FaultyMark> {
        let rest = &text[at..];
        if let Some((_, length)) = mark_at(rest, self.levels) {
            return Some((at..at + length, ClosedWorldFault::Stray));
        }
        if !self.used {
            return None;
        }
        let open = rest.chars().next().map_or(1, char::len_utf8);
        let inner = &rest[open..floor_boundary(rest, open + MOST_INNER)];
        // In a run of opening braces only the last one counts, because a brace inside braces is checked separately.
        let (inner, end) = match inner.find(['{', '｛', '}', '｝', '\n']) {
            Some(end) => (Cow::Borrowed(&inner[..end]), at + open + end),
            // The braces may close in the next line.
            None => {
                let next = &after[..floor_boundary(after, MOST_INNER)];
                let next = &next[..next.find(['}', '｝']).unwrap_or(0)];
                (Cow::Owned(format!("{inner}{next}")), at + open + inner.len())
            }
        };
        let close = text[end..].chars().next().filter(|c| matches!(c, '}' | '｝')).map_or(0, char::len_utf8);
        let range = at..end + close;
        // `{{ .Values.name }}` is template syntax.
        let doubled = text[..at].ends_with('{');
        let class = plain(&inner).trim_start_matches([':', ' ', '\t']).strip_prefix('.').map(str::to_owned);
        let is_class = close > 0 && class.is_some_and(|class| class.contains(char::is_alphabetic));
        (self.named_in(&inner).is_some() || is_class && !doubled)
            .then_some((range, ClosedWorldFault::Unknown))
    }

    /// Checks a closing brace without an opening one: `(.internal}`.
    fn closing_brace(self, text: &str, at: usize) -> Option<FaultyMark> {
        let before = &text[floor_boundary(text, at.saturating_sub(MOST_INNER))..at];
        let word = before.rsplit(char::is_whitespace).next()?;
        let (_, name) = word.rsplit_once('.')?;
        self.named_in(name).map(|_| (at - word.len()..at + 1, ClosedWorldFault::Unknown))
    }

    /// Checks the run of colons at `at` and the word after it. `after` is the text that follows.
    fn colons(self, text: &str, at: usize, after: &str) -> Option<FaultyMark> {
        let rest = text[at..].trim_start_matches([':', '：']);
        let colons = text[at..text.len() - rest.len()].chars().count();
        // Only what is near, because a long line may have as many colons as words.
        let near = &rest[..floor_boundary(rest, MOST_INNER)];
        let lead = near.find(|c: char| c.is_alphanumeric() || c == '\n').unwrap_or(near.len());
        let name = &near[lead..];
        let end = name.find(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_')).unwrap_or(name.len());
        let word = &name[..end];
        let start = text.len() - rest.len() + lead;
        let range = at..start + word.len();
        if colons < 2 {
            // `:internal[words]` is a directive within text for other tools.
            let behind = if end < name.len() { &name[end..] } else { after };
            let is_directive = lead == 0 && behind.starts_with('[') && self.named_in(word).is_some();
            return is_directive.then_some((range, ClosedWorldFault::Unknown));
        }
        let level = self.levels.find(word);
        if level.is_some_and(|level| level > self.levels.lowest()) {
            return (colons >= 3 || self.used).then_some((range, ClosedWorldFault::Stray));
        }
        if self.named_in(word).is_some() {
            return Some((range, ClosedWorldFault::Unknown));
        }
        let is_known = level.is_some() || directive_names().any(|known| known.eq_ignore_ascii_case(word));
        // `pkg:::name` is code of R.
        let is_operator = text[..at].ends_with(char::is_alphanumeric);
        if !self.used || colons < 3 || is_known || is_operator {
            return None;
        }
        // What follows may be another piece of the line: `:::*größe*`.
        let next = if near.len() == rest.len() { &after[..floor_boundary(after, MOST_INNER)] } else { "" };
        let mut line = near.chars().chain(next.chars()).take_while(|c| *c != '\n');
        line.any(|c| !c.is_whitespace()).then_some((range, ClosedWorldFault::NoDirective))
    }
}

/// The text in compatibility form (NFKC), in lower case and without invisible characters.
fn plain(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|c| !is_invisible(*c)).collect()
}

/// Invisible characters. A level name that contains one looks correct to the author.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

impl HtmlWriter<'_> {
    /// Reports everything that looks like a mark in a range of the current text.
    pub(super) fn report_marks(&mut self, range: Range<usize>) {
        let text = self.current.origin.text;
        // The parser takes the first colon of `::internal` under a line for the colon of a definition list.
        let start = text.get(..range.start).unwrap_or_default().trim_end_matches(':').len();
        let range = start..range.end;
        let Some(written) = text.get(range.clone()) else { return };
        if !written.contains(['{', '｛', '}', ':', '：']) {
            return;
        }
        self.report_key(range.clone());
        for (found, fault) in self.context.closed_world.in_text(written, &text[range.end..]) {
            self.report_mark(range.start + found.start..range.start + found.end, fault);
        }
    }

    /// Reports a line that would hide the page if it were in front matter. The line is text if the first line of the
    /// front matter is not exactly `---`, or if something precedes it.
    fn report_key(&mut self, range: Range<usize>) {
        const QUOTES: [char; 2] = ['"', '\''];
        let text = self.current.origin.text;
        let start = text[..range.start].trim_end_matches([' ', '\t']).trim_end_matches(QUOTES).len();
        let begins_line = start == 0 || text[..start].ends_with('\n');
        let line = text[start..range.end].trim_start_matches([' ', '\t']).trim_start_matches(QUOTES);
        let Some((key, value)) = line.split_once(':') else { return };
        let key = key.trim_end_matches(QUOTES).trim_end();
        let is_value = value.is_empty() || value.starts_with([' ', '\t']);
        if !self.context.closed_world.used || !begins_line || !KEYS.contains(&key) || !is_value {
            return;
        }
        let message = format!("`{key}` is text here and hides nothing");
        let help = "front matter begins with the first line of the file, which is `---` and nothing else; put what is meant as text into backticks";
        let problem = Diagnostic::new(&VISIBILITY_STRAY, self.span(start..range.end), message);
        self.document.diagnostics.push(problem.help(help));
    }

    pub(super) fn report_mark(&mut self, range: Range<usize>, fault: ClosedWorldFault) {
        let written = self.current.origin.text[range.clone()].to_owned();
        let span = self.span(range);
        self.report_mark_at(span, &written, fault);
    }

    pub(super) fn report_mark_at(&mut self, span: Span, written: &str, fault: ClosedWorldFault) {
        let levels = self.context.closed_world.levels;
        let problem = match fault {
            ClosedWorldFault::Stray => {
                let StrayMarkMessage { message, help } = StrayMarkMessage::new(written);
                Diagnostic::new(&VISIBILITY_STRAY, span, message).help(help)
            }
            ClosedWorldFault::Unknown => {
                let message = format!("`{written}` is not a level mark and hides nothing");
                // The name may be one of the default levels, which this handbook may not have.
                let own =
                    self.context.closed_world.named_in(written).filter(|name| levels.find(name).is_some());
                let help = match own {
                    Some(name) => format!(
                        "write `{{.{name}}}` or `:::{name}` to hide something; put text into backticks"
                    ),
                    None => {
                        format!("levels are {}; put what is meant as text into backticks", levels.listed())
                    }
                };
                Diagnostic::new(&VISIBILITY_UNKNOWN, span, message).help(help)
            }
            ClosedWorldFault::NoDirective => {
                let message = format!("`{}` is no directive and hides nothing", written.trim_end());
                let help = "write `:::` and the name of a directive or level on a line of its own; put what is meant as text into backticks";
                Diagnostic::new(&VISIBILITY_UNKNOWN, span, message).help(help)
            }
        };
        self.document.diagnostics.push(problem);
    }

    /// Checks the text after the colons of a directive, including its name. Attributes hide nothing.
    pub(super) fn report_marks_of_directive(&mut self, given: Range<usize>) {
        let text = self.current.origin.text;
        for (found, fault) in self.context.closed_world.in_text(&text[given.clone()], "") {
            self.report_mark(given.start + found.start..given.start + found.end, fault);
        }
    }

    /// Checks the braces after a heading, as the parser has read them. An id may contain the name of a level, because
    /// it can repeat the words of the heading: `{#community}`.
    pub(super) fn report_attributes(
        &mut self,
        id: Option<&str>,
        classes: &[CowStr<'_>],
        others: &[(CowStr<'_>, Option<CowStr<'_>>)],
        range: Range<usize>,
    ) {
        let world = self.context.closed_world;
        let stray = classes.iter().any(|class| world.levels.find(class).is_some());
        let unknown =
            classes.iter().any(|class| world.named_in(class).is_some() || !world.knows_class(class));
        let values = others.iter().flat_map(|(name, value)| [Some(name), value.as_ref()]);
        // `{#names.internal}` lacks a space.
        let glued =
            id.and_then(|id| id.split_once('.')).is_some_and(|(_, rest)| world.named_in(rest).is_some());
        let named = glued || values.flatten().any(|word| world.named_in(word).is_some());
        if !stray && !unknown && !named {
            return;
        }
        let heading = &self.current.origin.text[range.clone()];
        let start = range.start + heading.rfind('{').unwrap_or(0);
        let end = start + self.current.origin.text[start..range.end].find('}').map_or(0, |length| length + 1);
        self.report_mark(start..end, if stray { ClosedWorldFault::Stray } else { ClosedWorldFault::Unknown });
    }

    /// Checks the words after a fence.
    pub(super) fn report_marks_behind_fence(&mut self, fence: &FenceInfo, range: &Range<usize>) {
        let world = self.context.closed_world;
        let words = fence.others.iter().chain([&fence.language]);
        let class = |word: &str| word.strip_prefix('.').is_some_and(|class| !world.knows_class(class));
        let named = words.filter(|word| world.named_in(word).is_some() || class(word));
        // `sh:internal` has a title that is exactly a level. Other titles may contain the name of one.
        let title = fence.title.iter().filter(|title| {
            let word = title.trim_matches(|c: char| !c.is_alphanumeric());
            world.named_in(word).is_some_and(|level| level == word)
        });
        if let Some(word) = named.chain(title).next() {
            let span = self.first_line(range);
            self.report_mark_at(span, word, ClosedWorldFault::Unknown);
        }
    }

    /// Whether a closing fence follows the text of a code block. The parser leaves the fence out of the text.
    pub(super) fn is_closed(&self, code: &VerbatimText, range: &Range<usize>) -> bool {
        let text = self.current.origin.text;
        let end = match code.places.last() {
            Some((at, place)) => place - self.current.origin.base + code.text[*at..].len(),
            None => range.start + text[range.clone()].find('\n').unwrap_or(range.len()),
        };
        text.get(end..range.end).is_some_and(|rest| rest.contains(['`', '~']))
    }

    /// Checks the destination and title of a link or an image, in which nothing can be hidden.
    pub(super) fn report_marks_in_link(&mut self, said: &[&str], link: &Range<usize>) {
        let world = self.context.closed_world;
        for text in said.iter().filter(|text| text.contains(['{', '｛'])) {
            if let Some((found, fault)) = world.in_text(text, "").first() {
                let span = self.span(link.clone());
                self.report_mark_at(span, &text[found.clone()], *fault);
            }
        }
    }

    /// Checks the text of raw HTML, or a tag.
    pub(super) fn report_marks_in_html(&mut self, written: &str, span: &Span) {
        for (found, fault) in self.context.closed_world.in_text(written, "") {
            let at = span.start as usize + found.start;
            let place = Span::new(&span.file, at..at + found.len());
            self.report_mark_at(place, &written[found], fault);
        }
    }

    /// Checks the name and the class of an attribute of raw HTML, because a tag hides nothing.
    pub(super) fn report_html_attribute(&mut self, name: &str, value: &str, tag: &Span) {
        let world = self.context.closed_world;
        let class = name == "class" && world.named_in(value).is_some();
        let is_named = world.named_in(name).is_some() && !name.contains(['{', ':']);
        if class || is_named {
            let written = if value.is_empty() { name.to_owned() } else { format!("{name}=\"{value}\"") };
            self.report_mark_at(tag.clone(), &written, ClosedWorldFault::Unknown);
        }
    }

    /// Checks the title of an alert. `> [!INTERNAL]` hides nothing.
    pub(super) fn report_alert(&mut self, text: &str, range: &Range<usize>) {
        let kind = text.strip_prefix("[!").and_then(|rest| rest.split_once(']'));
        if let Some((kind, _)) = kind
            && self.context.closed_world.named_in(kind).is_some()
        {
            self.report_mark(range.start..range.start + kind.len() + "[!]".len(), ClosedWorldFault::Unknown);
        }
        self.report_marks(range.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usual(levels: &Levels) -> ClosedWorld<'_> {
        ClosedWorld { levels, audience: Audience::from_level(levels.lowest()), used: true, classes: &[] }
    }

    fn found(text: &str) -> Vec<String> {
        found_in(usual(&Levels::default()), text)
    }

    fn found_without_levels(text: &str) -> Vec<String> {
        found_in(ClosedWorld { used: false, ..usual(&Levels::default()) }, text)
    }

    fn found_in(world: ClosedWorld<'_>, text: &str) -> Vec<String> {
        world
            .in_text(text, "")
            .into_iter()
            .map(|(range, fault)| format!("{fault:?} {}", &text[range]))
            .collect()
    }

    #[test]
    fn marks_are_never_text_and_the_rest_is_an_error_once_levels_are_used() {
        let marks = "a {.internal} b\n:::partner\n";
        assert_eq!(found_without_levels(marks), ["Stray {.internal}", "Stray :::partner"]);
        assert_eq!(found(marks), ["Stray {.internal}", "Stray :::partner"]);
        let looks = "{internal} {.wide} {{ .internal }} ｛.internal｝ ::internal :::internals {.in\u{200b}ternal} a .internal} [.internal}";
        assert_eq!(found_without_levels(looks), Vec::<String>::new());
        let expected = [
            "Unknown {internal}",
            "Unknown {.wide}",
            "Unknown { .internal }",
            "Unknown ｛.internal｝",
            "Stray ::internal",
            "Unknown :::internals",
            "Unknown {.in\u{200b}ternal}",
            "Unknown .internal}",
            "Unknown [.internal}",
        ];
        assert_eq!(found(looks), expected);
    }

    #[test]
    fn what_contains_no_level_is_text() {
        for text in [
            "{a}",
            "{{ .Values.name }}",
            "{#id}",
            "std::io",
            "::1",
            ":::note",
            "\\{internal}",
            "{.public",
            ":::",
            ":::\nb",
            ":::public",
            "utils:::head",
        ] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn colons_with_an_unknown_name_are_no_text() {
        for text in [":internal[a]", "a :internals[b]"] {
            assert_eq!(
                found(text),
                [format!("Unknown {}", &text[text.find(':').unwrap()..text.find('[').unwrap()])],
                "{text}"
            );
        }
        assert_eq!(found("a:b[c] :kbd[d] internal: [e]"), Vec::<String>::new());
        for text in [":::größe", ":::confidential", "(:::内部", "::: größe", ":::😀", "：：：größe"]
        {
            let expected = format!("NoDirective {}", text.trim_start_matches('('));
            assert_eq!(found(text), [expected], "{text}");
            assert_eq!(found_without_levels(text), Vec::<String>::new(), "{text}");
        }
        let levels = Levels::default();
        assert_eq!(usual(&levels).in_text(":::", "*größe*").len(), 1, "emphasis is another piece of text");
        assert_eq!(usual(&levels).in_text(":::", "\n*größe*").len(), 0);
    }

    #[test]
    fn braces_that_close_in_the_next_line_are_looked_at() {
        let levels = Levels::default();
        let world = usual(&levels);
        assert_eq!(world.in_text("[a]{", "\n.internal} b").len(), 1);
        assert_eq!(world.in_text("[a]{", "\nb} c").len(), 0);
    }
}
