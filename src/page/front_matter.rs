//! Front matter: found, read and meant.
//!
//! Owns where front matter begins and ends, which kind a page is of, and the fields that the engine itself uses.
//! What else a page may say is in the definition of its kind. Every problem is reported at its key. Must not know
//! what a later stage does with a field.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::visibility::{self, Standing, Statement, is_guarded};
use super::{Cascade, Reading};
use crate::bounds::{FRONT_MATTER_BYTES, FRONT_MATTER_VALUES};
use crate::diagnostic::Diagnostic;
use crate::fields::{Reader, Reports, Value, text_of, yaml};
use crate::kinds::{self, Data, Kind, Kinds, Layer, Presets};
use crate::markdown::front::{self, Parts};
use crate::path::{self, FilePath};
use crate::rules::{
    FRONT_MATTER_KEY, FRONT_MATTER_SIZE, FRONT_MATTER_SYNTAX, FRONT_MATTER_VALUE, KIND_UNKNOWN, Level,
};
use crate::source::{Source, Span};
use crate::visibility::Withheld;

/// The fields of a page's front matter. Absent fields have their defaults.
#[derive(Debug, Clone)]
pub struct FrontMatter {
    pub title: Option<String>,
    /// A shorter title for the sidebar.
    pub nav_title: Option<String>,
    pub description: Option<String>,
    /// The definition of the page's kind.
    pub kind: Arc<Kind>,
    /// A role, not a person.
    pub owner: Option<String>,
    pub tags: Vec<String>,
    /// Pages sort by weight, then title. Absent sorts last.
    pub weight: Option<f64>,
    /// Replaces the last segment of the URL.
    pub slug: Option<String>,
    /// Old URLs that lead here.
    pub aliases: Vec<String>,
    pub date: Option<jiff::civil::Date>,
    pub draft: bool,
    pub language: Option<String>,
    /// Levels of rules for this page alone.
    pub rules: BTreeMap<&'static str, Level>,
    /// Every field by its name, also those of the kind, as far as the audience may see them.
    pub data: Data,
    pub visibility: Seen,
}

/// What front matter says of who may see what.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    pub standing: Standing,
    /// What it says itself, without folders and settings.
    pub own: Statement,
    /// Where a level is named first that not everybody sees.
    pub named: Option<Span>,
    /// Fields that were taken out.
    pub withheld: Vec<Withheld>,
}

/// What front matter is read with.
pub struct Settings<'a> {
    pub reading: Reading<'a>,
    /// What the folders around the page hand down, the nearest folder first.
    pub inherited: Vec<&'a Cascade>,
}

impl Default for FrontMatter {
    /// That of a plain page which says nothing.
    fn default() -> FrontMatter {
        FrontMatter::none(Kinds::built_in().plain())
    }
}

impl FrontMatter {
    /// The front matter of a page that has none.
    pub fn none(kind: &Arc<Kind>) -> FrontMatter {
        FrontMatter::of(Arc::clone(kind), Data::default(), BTreeMap::new())
    }

    /// The kind's name, `page` where none is given.
    pub fn kind(&self) -> &str {
        &self.kind.name
    }

    /// Where a key stands, or the start of the file.
    pub fn span(&self, file: &FilePath, key: &str) -> Span {
        self.data.span(key).unwrap_or_else(|| Span::file(file))
    }

    fn of(kind: Arc<Kind>, data: Data, rules: BTreeMap<&'static str, Level>) -> FrontMatter {
        let text = |name: &str| data.text(name).map(str::to_owned);
        // `tags: a, b` is written as often as a list, and no tag holds a comma.
        let tags = data.texts("tags").into_iter().flat_map(|tags| tags.split(',')).map(str::trim);
        FrontMatter {
            title: text("title").filter(|title| !title.trim().is_empty()),
            nav_title: text("nav_title"),
            description: text("description"),
            owner: text("owner"),
            tags: tags.filter(|tag| !tag.is_empty()).map(str::to_owned).collect(),
            weight: data.number("weight"),
            slug: text("slug"),
            aliases: data.texts("aliases").into_iter().map(str::to_owned).collect(),
            date: data.date("date"),
            draft: data.flag("draft"),
            language: text("language"),
            rules,
            kind,
            data,
            visibility: Seen::default(),
        }
    }
}

/// Reads front matter. What is wrong is reported and has its default.
pub fn read(
    file: &FilePath,
    text: &str,
    parts: &Parts,
    settings: &Settings<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> FrontMatter {
    let written = own(file, (text, parts), diagnostics);
    let Reading { config, kinds, .. } = settings.reading;
    let unclear = written.is_none() && is_guarded(&text[..parts.body], &config.visibility);
    let own = visibility::clear(written.unwrap_or_default(), settings.reading.with(file), diagnostics);
    let standing = match unclear {
        true => Standing::unclear(&config.visibility),
        false => visibility::of_page(file, &own.own, &settings.inherited, &config.visibility),
    };
    let (fields, places) = (&own.map.fields, &own.map.places);
    let mut layers = vec![Layer { file, fields, places, withheld: &own.out }];
    layers.extend(settings.inherited.iter().map(|cascade| cascade.layer()));
    let found = kind(&layers, kinds, diagnostics);
    let (kind, set) = found.unwrap_or((kinds.plain(), &[]));
    let let_through = match found {
        Some(_) => Cow::Borrowed(&config.extra_keys),
        None => Cow::Owned([&config.extra_keys[..], &of_any_kind(kinds)].concat()),
    };
    let mut data = kinds::read(&layers, (kinds, &**kind), set, &let_through, diagnostics);
    check_forms(file, &mut data, diagnostics);
    super::controlled::check(file, &data, diagnostics);
    let reports = Reports { unknown: &FRONT_MATTER_KEY, wrong: &FRONT_MATTER_VALUE };
    let rules = fields.iter().filter(|field| field.key == "rules").cloned().collect();
    let rules = Reader::new(file, reports, rules, diagnostics).levels(&["rules"]);
    let front = FrontMatter::of(Arc::clone(kind), data, rules.into_iter().collect());
    let (own, named, withheld) = (own.own, own.named, own.withheld);
    FrontMatter { visibility: Seen { standing, own, named, withheld }, ..front }
}

/// Reads what the front matter of a text that is no page says of who may see it; where it names a level comes back.
/// Other fields of such a text mean nothing.
pub fn of_part(source: &Source, reading: &Reading<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<Span> {
    let parts = front::split(&source.text);
    let guarded = is_guarded(&source.text[..parts.body], &reading.config.visibility);
    let map = match guarded {
        true => own(&source.path, (&source.text, &parts), diagnostics),
        false => quietly(&source.text, &parts),
    };
    let mut problems = Vec::new();
    let cleared = visibility::clear(map?, reading.with(&source.path), &mut problems);
    diagnostics.extend(problems.into_iter().filter(|problem| problem.rule.guards()));
    cleared.named
}

/// The fields that the page itself has; `None` where they cannot be read.
fn own(
    file: &FilePath,
    (text, parts): (&str, &Parts),
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<yaml::Map> {
    if parts.unclosed {
        let message = "the front matter is not closed";
        let problem = Diagnostic::new(&FRONT_MATTER_SYNTAX, Span::file(file), message);
        diagnostics.push(problem.help("add a line `---` after the last key"));
        return None;
    }
    if let Some(fence) = front::toml_fence(text) {
        let message = "only YAML is read as front matter, and this is TOML";
        let problem = Diagnostic::new(&FRONT_MATTER_SYNTAX, Span::new(file, fence), message);
        diagnostics.push(problem.help("write it between two lines `---`, each key as `key: value`"));
    }
    let Some(range) = parts.yaml.clone() else { return Some(yaml::Map::default()) };
    if FRONT_MATTER_BYTES.is_exceeded(range.len()) {
        let message = format!(
            "the front matter has {} bytes; at most {} are read",
            range.len(),
            FRONT_MATTER_BYTES.most
        );
        let problem = Diagnostic::new(&FRONT_MATTER_SIZE, Span::new(file, range.start..range.start), message);
        diagnostics.push(problem.help("move long texts into the page's body"));
        return None;
    }
    match yaml::read(&text[range.clone()], range.start, FRONT_MATTER_VALUES.most) {
        Ok(map) => Some(map),
        Err(problem) => {
            let span = Span::new(file, problem.at..problem.at);
            diagnostics.push(Diagnostic::new(&FRONT_MATTER_SYNTAX, span, problem.message));
            None
        }
    }
}

/// The fields of a text's front matter, without a word about what is wrong; `None` where they cannot be read.
pub(super) fn quietly(text: &str, parts: &Parts) -> Option<yaml::Map> {
    let Some(range) = parts.yaml.clone() else { return (!parts.unclosed).then(yaml::Map::default) };
    let small = !FRONT_MATTER_BYTES.is_exceeded(range.len());
    small.then(|| yaml::read(&text[range.clone()], range.start, FRONT_MATTER_VALUES.most).ok())?
}

/// The kind that a page names, or the nearest folder for it; a page that names none is a plain page. `None` where no kind
/// has the name, which is reported.
fn kind<'a>(
    layers: &[Layer<'_>],
    kinds: &'a Kinds,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<(&'a Arc<Kind>, &'a Presets)> {
    let named = |layer: &'_ Layer<'_>| layer.fields.iter().position(|field| field.key == "kind");
    let found = layers.iter().find_map(|layer| Some((layer.file, &layer.fields[named(layer)?])));
    let Some((file, field)) = found.filter(|(_, field)| field.value != Value::Null) else {
        return Some((kinds.plain(), &[]));
    };
    // Something that is no text is reported with all other values.
    let Some(name) = text_of(&field.value) else { return Some((kinds.plain(), &[])) };
    let found = kinds.find(&name);
    if found.is_none() {
        let span = Span::new(file, field.at.clone());
        let mut problem = Diagnostic::new(&KIND_UNKNOWN, span, format!("there is no kind `{name}`"));
        let near = kinds.meant(&name);
        let names: Vec<&str> = kinds.all().map(|kind| kind.name.as_str()).collect();
        let define = format!("use one of {}, or define it in `kinds/{name}.toml`", names.join(", "));
        problem.help = Some(near.map_or(define, |near| format!("did you mean `{near}`?")).into());
        diagnostics.push(problem);
    }
    found
}

/// The fields that any kind has. Where a kind's name is misspelt they are no mistakes of their own.
fn of_any_kind(kinds: &Kinds) -> Vec<String> {
    kinds.all().flat_map(|kind| &kind.fields).flat_map(|field| field.names().cloned()).collect()
}

/// What is more than the sort of a value: a slug is one segment, a language is a tag.
fn check_forms(file: &FilePath, data: &mut Data, diagnostics: &mut Vec<Diagnostic>) {
    let segment = |slug: &str| !path::segment(slug).is_empty() && !slug.contains(['/', '\\', '\0', ':']);
    form(file, data, ("slug", "one segment of a URL, without `/`"), segment, diagnostics);
    let tag = ("language", "a language tag such as `de`");
    form(file, data, tag, crate::config::is_language, diagnostics);
}

/// Takes a value away that has not the form it should have, and says so.
fn form(
    file: &FilePath,
    data: &mut Data,
    (name, expected): (&str, &str),
    accept: impl Fn(&str) -> bool,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Some(text) = data.text(name).filter(|text| !accept(text)) else { return };
    let message = format!("`{name}` must be {expected}, not `{text}`");
    let span = data.span(name).unwrap_or_else(|| Span::file(file));
    diagnostics.push(Diagnostic::new(&FRONT_MATTER_VALUE, span, message));
    data.record.remove(name);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::front::split;

    fn read_text(text: &str) -> (FrontMatter, Vec<String>) {
        let mut diagnostics = Vec::new();
        let file = FilePath::new("content/a.md").unwrap();
        let config = crate::config::Config::default();
        let reading = Reading {
            config: &config,
            kinds: Kinds::built_in(),
            now: jiff::Timestamp::UNIX_EPOCH,
            drafts: false,
        };
        let settings = Settings { reading, inherited: Vec::new() };
        let front = read(&file, text, &split(text), &settings, &mut diagnostics);
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
    fn commas_separate_tags() {
        let tags = |yaml: &str| read_text(&format!("---\ntags: {yaml}\n---\n")).0.tags.join("|");
        assert_eq!(tags("mail, block storage,,"), "mail|block storage");
        assert_eq!(tags("[mail, block storage]"), "mail|block storage");
        assert_eq!(tags("[\"a, b\", c]"), "a|b|c");
        assert_eq!(tags("mail"), "mail");
    }

    #[test]
    fn a_tab_in_yaml_is_reported_where_it_stands() {
        let (_, problems) = read_text("---\ntitle: A\n\tdescription: x\n---\n");
        assert!(problems[0].starts_with("3:"), "{problems:?}");
    }
}
