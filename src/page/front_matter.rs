//! Front matter: found, read and meant.
//!
//! Owns where front matter begins and ends, which keys there are and what each must look like. Every
//! problem is reported at its key. Must not know what a later stage does with a field.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::fields::{Reader, Reports};
use crate::markdown::front::Parts;
use crate::path::{self, FilePath};
use crate::rules::{FRONT_MATTER_KEY, FRONT_MATTER_SIZE, FRONT_MATTER_SYNTAX, FRONT_MATTER_VALUE, Level};
use crate::source::Span;

/// The most bytes that front matter may have: real handbooks stay below 4 KiB, and YAML parsers have
/// inputs that cost quadratic time.
const MOST_BYTES: usize = 16 * 1024;

/// The fields of a page's front matter. Absent fields have their defaults.
#[derive(Debug, Clone, Default)]
pub struct FrontMatter {
    pub title: Option<String>,
    /// A shorter title for the sidebar. Also written `linkTitle` or `sidebar_label`.
    pub nav_title: Option<String>,
    pub description: Option<String>,
    /// `page` where absent.
    pub kind: Option<String>,
    /// A role, not a person.
    pub owner: Option<String>,
    /// The part of the stack that the page is about: `iaas`, `kaas`, …
    pub layer: Option<String>,
    pub tags: Vec<String>,
    /// Pages sort by weight, then title. Also written `sidebar_position`. Absent sorts last.
    pub weight: Option<f64>,
    /// Replaces the last segment of the URL.
    pub slug: Option<String>,
    /// Old URLs that lead here.
    pub aliases: Vec<String>,
    /// `YYYY-MM-DD`.
    pub date: Option<jiff::civil::Date>,
    pub draft: bool,
    pub language: Option<String>,
    /// Levels of rules for this page alone.
    pub rules: BTreeMap<&'static str, Level>,
    /// Where each key stands.
    pub places: BTreeMap<String, Range<usize>>,
}

impl FrontMatter {
    /// The kind, `page` where none is given.
    pub fn kind(&self) -> &str {
        self.kind.as_deref().unwrap_or("page")
    }

    /// Where a key stands, or the start of the file.
    pub fn span(&self, file: &FilePath, key: &str) -> Span {
        Span::new(file, self.places.get(key).cloned().unwrap_or(0..0))
    }
}

/// Reads front matter. What is wrong is reported and has its default.
pub fn read(
    file: &FilePath,
    text: &str,
    parts: &Parts,
    extra_keys: &[String],
    diagnostics: &mut Vec<Diagnostic>,
) -> FrontMatter {
    if parts.unclosed {
        let message = "the front matter is not closed";
        let problem = Diagnostic::new(&FRONT_MATTER_SYNTAX, Span::file(file), message);
        diagnostics.push(problem.help("add a line `---` after the last key"));
    }
    let Some(range) = parts.yaml.clone() else { return FrontMatter::default() };
    if range.len() > MOST_BYTES {
        let message = format!("the front matter has {} bytes; at most {MOST_BYTES} are read", range.len());
        let problem = Diagnostic::new(&FRONT_MATTER_SIZE, Span::new(file, range.start..range.start), message);
        diagnostics.push(problem.help("move long texts into the page's body"));
        return FrontMatter::default();
    }
    let yaml = &text[range.clone()];
    let fields = match super::yaml::fields(yaml, range.start) {
        Ok(fields) => fields,
        Err(problem) => {
            let span = Span::new(file, problem.at..problem.at);
            diagnostics.push(Diagnostic::new(&FRONT_MATTER_SYNTAX, span, problem.message));
            return FrontMatter::default();
        }
    };
    let places = fields.iter().map(|field| (field.key.clone(), field.at.clone())).collect();
    let reports = Reports { unknown: &FRONT_MATTER_KEY, wrong: &FRONT_MATTER_VALUE };
    meant(Reader::new(file, reports, fields, diagnostics), extra_keys, places)
}

fn meant(
    mut fields: Reader<'_>,
    extra_keys: &[String],
    places: BTreeMap<String, Range<usize>>,
) -> FrontMatter {
    let one_segment = |slug: &str| !path::segment(slug).is_empty() && !slug.contains(['/', '\\', '\0', ':']);
    let tag_texts =
        |tags: Vec<String>| tags.into_iter().map(|tag| tag.trim().to_owned()).filter(|t| !t.is_empty());
    let front = FrontMatter {
        title: fields.text(&["title"]).filter(|title| !title.trim().is_empty()),
        nav_title: fields.text(&["nav_title", "linkTitle", "sidebar_label"]),
        description: fields.text(&["description"]),
        kind: fields.text(&["kind"]),
        owner: fields.text(&["owner"]),
        layer: fields.text(&["layer"]),
        tags: tag_texts(fields.texts(&["tags"])).collect(),
        weight: fields.number(&["weight", "sidebar_position"]),
        slug: fields.text_where(&["slug"], "one segment of a URL, without `/`", one_segment),
        aliases: fields.texts(&["aliases"]),
        date: fields.date(&["date"]),
        draft: fields.flag(&["draft"]).unwrap_or(false),
        language: fields.text_where(&["language"], "a language tag such as `de`", crate::config::is_language),
        rules: fields.levels(&["rules"]).into_iter().collect(),
        places,
    };
    fields.finish(extra_keys);
    front
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::front::split;

    fn read_text(text: &str) -> (FrontMatter, Vec<String>) {
        let mut diagnostics = Vec::new();
        let file = FilePath::new("content/a.md").unwrap();
        let front = read(&file, text, &split(text), &[], &mut diagnostics);
        let line = |d: &Diagnostic| {
            let at = crate::source::position(text, d.span.start as usize);
            format!("{}:{} {} {}", at.line, at.column, d.message, d.help.as_deref().unwrap_or(""))
                .trim()
                .to_owned()
        };
        (front, diagnostics.iter().map(line).collect())
    }

    #[test]
    fn a_misspelt_key_is_reported_at_its_line_with_the_right_one() {
        let (_, problems) = read_text("---\ntitle: A\ndecription: x\n---\n");
        assert_eq!(problems, ["3:1 unknown key `decription` did you mean `description`?"]);
        let (_, problems) = read_text("---\nTitle: A\n---\n");
        assert_eq!(problems, ["2:1 unknown key `Title` did you mean `title`?"]);
    }

    #[test]
    fn wrong_values_are_all_reported_and_the_rest_is_kept() {
        let (front, problems) =
            read_text("---\ntitle: [a]\nweight: ten\ndraft: 1\nowner: ops\nslug: ../../x\n---\n");
        assert_eq!(front.owner.as_deref(), Some("ops"));
        assert_eq!(problems.len(), 4, "{problems:?}");
        assert!(problems.iter().any(|p| p.starts_with("6:1 `slug` must be one segment")), "{problems:?}");
    }

    #[test]
    fn numbers_are_texts_where_a_text_is_wanted() {
        let (front, problems) = read_text("---\ntitle: 2024\ntags: [1, b]\ndate: 2026-02-03\n---\n");
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(front.title.as_deref(), Some("2024"));
        assert_eq!(front.tags, ["1", "b"]);
        assert_eq!(front.date.unwrap().to_string(), "2026-02-03");
    }

    #[test]
    fn a_tab_in_yaml_is_reported_where_it_stands() {
        let (_, problems) = read_text("---\ntitle: A\n\tdescription: x\n---\n");
        assert!(problems[0].starts_with("3:"), "{problems:?}");
    }
}
