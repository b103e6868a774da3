//! Where a text may hide something: a scan over its bytes, before the parser.
//!
//! Owns how marks are spelt, and what looks like one without being one. Knows no blocks: whether a spot is code, and what
//! it hides, is found out by `read`. A text without spots is never parsed.

use std::borrow::Cow;
use std::ops::Range;

use crate::source::floor_boundary;
use crate::visibility::{Level, Levels};

/// What may be marks in a text, each sort in order.
#[derive(Debug, Default)]
pub(super) struct Spots {
    pub braces: Vec<Spot>,
    pub lines: Vec<Line>,
}

/// A pair of braces that may be a mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot {
    pub range: Range<usize>,
    pub form: Form,
}

/// What stands in the braces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// `{.internal}`.
    Mark(Level),
    /// A level among other attributes, as headings and fences have them; with the blanks to one side of it.
    Among(Level, Range<usize>),
    /// Something like a level, or a level in the wrong form.
    Misspelt,
    /// `{internal}`: a level's name, or one near it, without the dot. Text in most places.
    Bare(Exactness),
    /// A class of another name directly behind a bracket.
    Other,
}

/// Whether a name is that of a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exactness {
    /// Its letters, perhaps in another case.
    Same,
    Near,
}

/// A line that may open a block which hides something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// From the first colon to the end of the line.
    pub range: Range<usize>,
    pub word: Range<usize>,
}

/// Braces with more than this between them are no mark. In bytes.
const MOST_INNER: usize = 200;
/// No name of a level, and no misspelt one, is longer. In bytes.
const MOST_NAME: usize = 80;

/// Words that say without a level's name that something is not for everybody.
const OTHER_WORDS: [&str; 8] =
    ["classified", "confidential", "hidden", "private", "redacted", "restricted", "secret", "withheld"];

/// Finds whatever may hide something.
pub(super) fn find(text: &str, levels: &Levels) -> Spots {
    let braces = places(text, '{', '｛').into_iter().filter_map(|at| braces(text, at, levels));
    let lines = places(text, ':', '：').into_iter().filter_map(|at| line(text, at, levels));
    Spots { braces: braces.collect(), lines: lines.collect() }
}

/// Where a sign stands, or its wide form. A search for one sign runs over bytes, a search for any of two over characters,
/// and every text of every build is searched.
fn places(text: &str, sign: char, wide: char) -> Vec<usize> {
    let mut places: Vec<usize> =
        text.match_indices(sign).chain(text.match_indices(wide)).map(|(at, _)| at).collect();
    places.sort_unstable();
    places
}

/// The level that somebody meant with a name.
pub(super) fn meant<'l>(levels: &'l Levels, name: &str) -> Option<&'l str> {
    let plain = (1..=MOST_NAME).contains(&name.len());
    plain.then(|| levels.near(&narrow(name))).flatten()
}

/// The level that somebody meant with a name, or with a word that is none.
pub(super) fn meant_by_word<'l>(levels: &'l Levels, name: &str) -> Option<&'l str> {
    let word = || OTHER_WORDS.contains(&narrow(name).to_lowercase().as_str());
    meant(levels, name).or_else(|| word().then(|| levels.name(levels.highest())))
}

/// A name in plain letters: those of East Asian keyboards are wide.
fn narrow(name: &str) -> Cow<'_, str> {
    let plain = |c: char| match u32::from(c) {
        wide @ 0xff01..=0xff5e => char::from_u32(wide - 0xfee0).unwrap_or(c),
        _ => c,
    };
    if name.is_ascii() { name.into() } else { name.chars().map(plain).collect() }
}

/// The level that the name of a directive means, or begins with: `internal-only`.
pub(super) fn meant_by_directive<'l>(levels: &'l Levels, name: &str) -> Option<&'l str> {
    meant_by_word(levels, name).or_else(|| {
        let begins = |level: &&str| {
            name.get(..level.len()).is_some_and(|start| start.eq_ignore_ascii_case(level))
                && name[level.len()..].starts_with(|c: char| !c.is_ascii_lowercase())
        };
        levels.names().find(begins)
    })
}

fn braces(text: &str, at: usize, levels: &Levels) -> Option<Spot> {
    let behind_bracket = text[..at].ends_with([']', '］']);
    let doubled = text[at..].starts_with("{{");
    // `{{ .name }}` belongs to other programs; behind a bracket it is a mistake.
    if text[..at].ends_with('{') || doubled && !behind_bracket {
        return None;
    }
    let wide = !text[at..].starts_with('{');
    let from = at + if wide { '｛'.len_utf8() } else { 1 + usize::from(doubled) };
    let most = floor_boundary(text, from + MOST_INNER);
    let stop = text[from..most].find(['}', '｝', '{', '｛', '\n']).map(|length| from + length);
    let Some(stop) = stop.filter(|stop| text[*stop..].starts_with(['}', '｝'])) else {
        return unclosed(text, at..from, levels);
    };
    let close = if text[stop..].starts_with('}') { 1 } else { '｝'.len_utf8() };
    let end = stop + close + usize::from(doubled && text[stop + close..].starts_with('}'));
    let form = match form(text, from..stop, levels)
        .or_else(|| id(&text[from..stop], levels).filter(|_| behind_bracket))?
    {
        Form::Other if !behind_bracket => return None,
        Form::Other => Form::Other,
        _ if doubled || wide || close > 1 => Form::Misspelt,
        form => form,
    };
    Some(Spot { range: at..end, form })
}

/// `{#internal}` is an id, and an id behind words in brackets is none.
fn id(inner: &str, levels: &Levels) -> Option<Form> {
    let level = levels.find(inner.trim().strip_prefix('#')?)?;
    (level > levels.lowest()).then_some(Form::Misspelt)
}

/// `{.internal` without an end: somebody wanted to hide something.
fn unclosed(text: &str, open: Range<usize>, levels: &Levels) -> Option<Spot> {
    let rest = &text[open.end..];
    let name = rest.trim_start_matches([' ', '\t', ':']).strip_prefix('.')?;
    let start = text.len() - name.len();
    let name = word(name);
    meant(levels, name).map(|_| Spot { range: open.start..start + name.len(), form: Form::Misspelt })
}

/// The letters, digits and hyphens that a text begins with.
fn word(text: &str) -> &str {
    let stop = |c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_');
    let end = text.char_indices().take_while(|(at, _)| *at <= MOST_NAME).find(|(_, c)| stop(*c));
    &text[..end.map_or_else(|| floor_boundary(text, MOST_NAME + 1), |(at, _)| at)]
}

/// What stands between braces; `None` where it has nothing to do with levels.
fn form(text: &str, inner: Range<usize>, levels: &Levels) -> Option<Form> {
    let written = &text[inner.clone()];
    let mut exact = Vec::new();
    let (mut bare, mut class, mut tokens) = (None, false, 0);
    for token in written.split_whitespace() {
        tokens += 1;
        let start = inner.start + (token.as_ptr() as usize - written.as_ptr() as usize);
        let plain = token.trim_start_matches(':');
        let Some(names) = plain.strip_prefix('.') else {
            // `{#internal}` is an id.
            bare = bare.or_else(|| without_dot(plain, levels).filter(|_| !plain.starts_with('#')));
            continue;
        };
        class |= names.starts_with(|c: char| c.is_alphabetic());
        match levels.find(names) {
            Some(level) if plain.len() == token.len() => exact.push((level, start..start + token.len())),
            Some(_) => return Some(Form::Misspelt),
            None if names.split('.').any(|name| meant_by_word(levels, name).is_some()) => {
                return Some(Form::Misspelt);
            }
            None => {}
        }
    }
    match (exact.pop(), exact.is_empty()) {
        (Some(_), false) => Some(Form::Misspelt),
        (Some((level, _)), true) if tokens == 1 => Some(Form::Mark(level)),
        // A lone `:` before it is the form of another program.
        (Some(_), true) if written.trim_start().starts_with(':') => Some(Form::Misspelt),
        (Some((level, token)), true) => Some(Form::Among(level, with_blanks(text, &inner, token))),
        (None, _) => bare.map(Form::Bare).or(class.then_some(Form::Other)),
    }
}

/// A level's name that is written without its dot: `internal`, `class=internal`.
fn without_dot(token: &str, levels: &Levels) -> Option<Exactness> {
    let value = token.split_once('=').map_or(token, |(_, value)| value);
    let value = value.trim_matches(|c: char| !c.is_alphanumeric());
    let near = meant_by_word(levels, value)?;
    // Everybody sees the lowest level: without it nothing is told that should not be.
    let same = near.eq_ignore_ascii_case(&narrow(value)) && levels.find(near) > Some(levels.lowest());
    Some(if same { Exactness::Same } else { Exactness::Near })
}

/// An attribute with the blanks before it, or behind it where it is the first.
fn with_blanks(text: &str, inner: &Range<usize>, token: Range<usize>) -> Range<usize> {
    let before = text[inner.start..token.start].trim_end().len() + inner.start;
    if before > inner.start {
        return before..token.end;
    }
    let after = &text[token.end..inner.end];
    token.start..token.end + (after.len() - after.trim_start().len())
}

/// Reads the line that begins with a colon at `at`, if it may open a block of a level.
fn line(text: &str, at: usize, levels: &Levels) -> Option<Line> {
    let next = text[at..].chars().nth(1)?;
    let may = text[..at].ends_with(['\n', ' ', '\t', '>']) || at == 0;
    if !may || !(is_colon(next) || next.is_alphabetic()) || !begins_line(text, at) {
        return None;
    }
    let rest = text[at..].trim_start_matches(is_colon);
    let colons = text[at..text.len() - rest.len()].chars().count();
    let name = match colons {
        1 | 2 => rest.trim_start_matches([' ', '\t']),
        _ => rest.trim_start_matches(|c: char| c != '\n' && !is_colon(c) && !c.is_alphanumeric()),
    };
    let (start, name) = (text.len() - name.len(), word(name));
    let rest = &text[start + name.len()..];
    let ends = rest.is_empty() || rest.starts_with([' ', '\t', '\n', '[', '{']);
    match colons {
        1 | 2 => meant(levels, name).filter(|_| ends)?,
        _ => meant_by_directive(levels, name)?,
    };
    let rest = &rest[..rest.find('\n').unwrap_or(rest.len())];
    let end = start + name.len() + rest.trim_end().len();
    Some(Line { range: at..end, word: start..start + name.len() })
}

fn is_colon(c: char) -> bool {
    matches!(c, ':' | '：')
}

/// Whether nothing stands before an offset in its line but what opens containers.
fn begins_line(text: &str, at: usize) -> bool {
    let bytes = &text.as_bytes()[at.saturating_sub(MOST_INNER)..at];
    let Some(last) = bytes.iter().rposition(|byte| !is_marker(*byte)) else { return true };
    let last = at - bytes.len() + last;
    match text.as_bytes()[last] {
        b'\n' => true,
        // The label of a footnote or the box of a task may stand before it.
        b']' => labelled(text, at),
        _ => false,
    }
}

fn is_marker(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b' ' | b'\t' | b'>' | b'-' | b'+' | b'*' | b'.' | b')' | b':')
}

/// Whether a line so far holds nothing but `[^label]:`, boxes and signs.
fn labelled(text: &str, at: usize) -> bool {
    let start = floor_boundary(text, at.saturating_sub(MOST_INNER));
    let mut rest = text[start..at].rsplit('\n').next().unwrap_or_default();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii() && is_marker(c as u8));
        match rest.strip_prefix('[').and_then(|label| label.split_once(']')) {
            Some((_, behind)) => rest = behind,
            None => return rest.is_empty(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, String)> {
        let levels = Levels::default();
        let spots = find(text, &levels);
        let braces = spots.braces.into_iter().map(|spot| {
            let form = match spot.form {
                Form::Mark(level) => levels.name(level).to_owned(),
                Form::Among(level, range) => format!("{} as `{}`", levels.name(level), &text[range]),
                form => format!("{form:?}"),
            };
            (&text[spot.range], form)
        });
        let lines = spots.lines.into_iter().map(|line| (&text[line.range], text[line.word].to_owned()));
        braces.chain(lines).collect()
    }

    fn forms(text: &str) -> Vec<String> {
        found(text).into_iter().map(|(_, form)| form).collect()
    }

    #[test]
    fn levels_in_braces_are_marks() {
        assert_eq!(found("[a]{.internal} b"), [("{.internal}", "internal".to_owned())]);
        assert_eq!(forms("[a]{ .partner }"), ["partner"]);
        assert_eq!(forms("# H {#id .internal}"), ["internal as ` .internal`"]);
        assert_eq!(forms("# H {.internal  #id}"), ["internal as `.internal  `"]);
        assert_eq!(forms("# H {#id  .internal .a}"), ["internal as `  .internal`"]);
    }

    #[test]
    fn what_looks_like_a_level_is_found() {
        let misspelt = "{.Internal} {.intern} {:.internal} {: .internal} {.a.internal} {.internal .partner} \
                        {.internal] {.intenral";
        assert_eq!(forms(misspelt), ["Misspelt"; 8]);
        assert_eq!(forms("[a]{{.internal}}"), ["Misspelt"]);
        assert_eq!(forms("[a]{internal} {Internal} {level=internal}"), ["Bare(Same)"; 3]);
        assert_eq!(forms("[a]{intern}"), ["Bare(Near)"]);
        assert_eq!(forms("[a]{.some}"), ["Other"]);
        assert_eq!(forms("[a]{#internal} [a]{#public} [a]{#some}"), ["Misspelt"]);
    }

    #[test]
    fn other_braces_are_nobodys_business() {
        let other =
            "a {.some} {} {#internal} {{ .internal }} {{.internal}} ${x} {1,2} {.5} [a]{x} {.a\n.internal}";
        assert_eq!(forms(other), Vec::<String>::new());
    }

    #[test]
    fn lines_that_may_open_a_block_are_found() {
        let lines = ":::internal\n> ::: partner T\n::::Internal\n  :::intern\n::internal\n:internal\n- :::internal\n\
                     1. :::internal\n: :::internal\n[^a]: :::internal\n- [ ] :::internal\n::: {.internal}\n\
                     :::internal-only\n:::internal: x\n";
        let words: Vec<_> = find(lines, &Levels::default()).lines.into_iter().map(|line| line.word).collect();
        assert_eq!(words.len(), 14);
        assert!(
            words
                .iter()
                .all(|word| "internal partner Internal intern internal-only".contains(&lines[word.clone()]))
        );
    }

    #[test]
    fn other_lines_are_nobodys_business() {
        let other = ":::note\n:::\na :::internal\nstd::internal\n: internal\n:: (internal\n:internal: x\n::include internal.md\nx: internal\n";
        assert_eq!(find(other, &Levels::default()).lines, []);
    }
}
