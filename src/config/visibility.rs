//! `[visibility]` of `book.toml`: levels, their default, the audience.
//!
//! Owns these keys. A mistake must not publish anything, so it is reported, and as little as possible is shown.
//! Problems in this table have a rule of their own, which stops a build with any options.

use std::ops::Range;

use crate::bounds::PATTERN_CHARACTERS;
use crate::diagnostic::{Diagnostic, nearest};
use crate::fields::{FieldReader, FieldRules, text_of};
use crate::rules::{CONFIG_INVALID, RULE_UNKNOWN, VISIBILITY_SETTING};
use crate::source::Source;
use crate::visibility::{Audience, Level, Levels, Pattern, Patterns};

/// Who may see which pages, as the handbook sets it.
#[derive(Debug, Clone, Hash)]
pub struct Visibility {
    pub levels: Levels,
    /// The level of pages that set none; `None` if the handbook does not state it.
    pub default: Option<Level>,
    /// The audience of this build.
    pub audience: Audience,
    /// The text that replaces withheld text; may be empty.
    pub mark: String,
    /// The levels of files by pattern.
    pub paths: Patterns,
}

impl Default for Visibility {
    fn default() -> Visibility {
        let levels = Levels::default();
        Visibility {
            audience: Audience::from_level(levels.lowest()),
            levels,
            default: None,
            mark: String::new(),
            paths: Patterns::default(),
        }
    }
}

impl Visibility {
    /// The level of a page that sets none.
    pub fn default_level(&self) -> Level {
        self.default.unwrap_or(self.levels.lowest())
    }

    /// Whether a pattern for files has a level that is not for everyone.
    pub fn names_levels(&self) -> bool {
        self.paths.iter().any(|pattern| pattern.level != self.levels.lowest())
    }

    /// Whether the handbook uses levels. If it does, everything that looks like a level must be one.
    pub fn is_in_use(&self) -> bool {
        self.default.is_some() || self.names_levels()
    }

    /// Whether the audience sees every level.
    pub fn sees_all(&self) -> bool {
        self.audience.sees(self.levels.highest())
    }

    /// The name of the audience.
    pub fn audience_name(&self) -> &str {
        self.levels.name(self.audience.level())
    }
}

/// The rules for problems in `[visibility]`.
pub(super) const REPORTS: FieldRules =
    FieldRules { unknown: &VISIBILITY_SETTING, wrong: &VISIBILITY_SETTING };

/// Whether a text mentions visibility, perhaps misspelt. If such a text cannot be read, nothing is known of what it
/// hides.
pub(super) fn is_named(text: &str) -> bool {
    let word = |word: &str| word.contains("isib") || nearest(word, ["visibility"]).is_some();
    text.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(word)
}

/// Gives problems the rule that stops the build, if their key is like `visibility` or their value is a level.
pub(super) fn guard(source: &Source, levels: &Levels, diagnostics: &mut [Diagnostic]) {
    for problem in diagnostics {
        let key = problem.span.range(&source.text);
        let named = problem.rule == &CONFIG_INVALID && is_named(&source.text[key.clone()]);
        let may = [&CONFIG_INVALID, &RULE_UNKNOWN].contains(&problem.rule);
        if named || may && names_level(said(&source.text, key), levels) {
            problem.rule = &VISIBILITY_SETTING;
        }
    }
}

/// The text of a setting from its key on: the rest of the line, or of the table.
fn said(text: &str, key: Range<usize>) -> &str {
    let table =
        text[..key.start].rsplit('\n').next().is_some_and(|before| before.trim_start().starts_with('['));
    let rest = &text[key.start..];
    &rest[..rest.find(if table { "\n[" } else { "\n" }).unwrap_or(rest.len())]
}

/// Whether a quoted text is a level that is not for everyone.
fn names_level(text: &str, levels: &Levels) -> bool {
    let level = |part: &str| levels.find(part).is_some_and(|level| level > levels.lowest());
    // Every second part is between quotes.
    text.split(['"', '\'']).skip(1).step_by(2).any(level)
}

pub(super) fn read(mut reader: FieldReader<'_>) -> Visibility {
    let levels = read_levels(&mut reader);
    let mut level = |names: &[&'static str]| {
        let known = |text: &str| levels.find(text).is_some();
        let text = reader.text_where(names, &levels.listed(), known)?;
        levels.find(&text)
    };
    let default = level(&["default", "default_visibility"]);
    let audience = level(&["audience"]).unwrap_or(levels.lowest());
    let mark = reader.text(&["mark"]).unwrap_or_default();
    let paths = read_paths(&mut reader, &levels);
    reader.finish(&[]);
    Visibility { audience: Audience::from_level(audience), levels, default, mark, paths }
}

fn read_levels(reader: &mut FieldReader<'_>) -> Levels {
    let Some(field) = reader.take(&["levels"]) else { return Levels::default() };
    let names = match &field.value {
        crate::fields::Value::List(items) => items.iter().map(text_of).collect::<Option<Vec<_>>>(),
        _ => None,
    };
    let levels = names.ok_or_else(|| "`levels` must be a list of names".to_owned()).and_then(Levels::new);
    levels.unwrap_or_else(|message| {
        let help = "list them from what everybody may see to what few may";
        reader.report(&field, message, Some(help.to_owned()));
        Levels::default()
    })
}

fn read_paths(reader: &mut FieldReader<'_>, levels: &Levels) -> Patterns {
    let mut patterns = Patterns::default();
    for field in reader.map(&["paths"]) {
        let level = text_of(&field.value).and_then(|text| levels.find(&text));
        if level.is_none() {
            let message = format!("the level of `{}` must be {}", field.key, levels.listed());
            reader.report(&field, message, None);
        }
        if PATTERN_CHARACTERS.is_exceeded(field.key.chars().count()) {
            let message = format!("a pattern has at most {PATTERN_CHARACTERS}");
            reader.report(&field, message, Some("use several patterns".to_owned()));
            continue;
        }
        let text = field.key.trim_start_matches("./").to_owned();
        // A wrong level must not publish files, so they get the highest one.
        patterns.add(Pattern::new(text, level.unwrap_or(levels.highest()), field.at));
    }
    patterns
}
