//! Front matter as it is meant.
//!
//! Owns which kind a page is of, and the fields that the engine itself uses. What else a page may say is in the
//! definition of its kind. Every problem is reported at its key. Must not know how front matter is written, nor what a
//! later stage does with a field.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::Reading;
use super::visibility::{Section, Standing, Table};
use crate::diagnostic::Diagnostic;
use crate::fields::{Reader, Reports, Value, text_of};
use crate::kinds::{self, Data, Kind, Kinds, Layer, Presets, Unknown};
use crate::path::{self, FilePath};
use crate::rules::{FRONT_MATTER_KEY, FRONT_MATTER_VALUE, KIND_UNKNOWN, Level, VISIBILITY_KEY};
use crate::source::Span;
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

/// Who may see what of a page.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    pub standing: Standing,
    /// Where a level is named first that not everybody sees.
    pub named: Option<Span>,
    /// Fields that were taken out.
    pub withheld: Vec<Withheld>,
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

/// Reads the front matter of a page by its kind. What is wrong is reported and has its default.
pub fn read(file: &FilePath, table: &Table<'_>, diagnostics: &mut Vec<Diagnostic>) -> FrontMatter {
    let front = table.front(file);
    diagnostics.extend(front.diagnostics.iter().cloned());
    let Reading { config, kinds, .. } = table.reading();
    let (fields, places) = (&front.fields.fields, &front.fields.places);
    let mut layers = vec![Layer { file, fields, places, withheld: &front.taken_out }];
    layers.extend(table.inherited(file).into_iter().map(Section::layer));
    let found = kind(&layers, kinds, diagnostics);
    let (kind, set) = found.unwrap_or((kinds.plain(), &[]));
    let let_through = match found {
        Some(_) => Cow::Borrowed(&config.extra_keys),
        None => Cow::Owned([&config.extra_keys[..], &of_any_kind(kinds)].concat()),
    };
    let rule = if config.visibility.is_in_use() { &VISIBILITY_KEY } else { &FRONT_MATTER_KEY };
    let unknown = Unknown { rule, let_through: &let_through };
    let mut standing = table.standing(file);
    let known = diagnostics.len();
    let mut data = kinds::read(&layers, (kinds, &**kind), set, unknown, diagnostics);
    if diagnostics[known..].iter().any(|problem| problem.rule.guards()) {
        standing = Standing::unclear();
    }
    check_forms(file, &mut data, diagnostics);
    super::controlled::check(file, &data, diagnostics);
    let reports = Reports { unknown: &FRONT_MATTER_KEY, wrong: &FRONT_MATTER_VALUE };
    let rules = fields.iter().filter(|field| field.key == "rules").cloned().collect();
    let rules = Reader::new(file, reports, rules, diagnostics).levels(&["rules"]);
    let visibility = Seen { standing, named: front.named.clone(), withheld: front.withheld.clone() };
    FrontMatter { visibility, ..FrontMatter::of(Arc::clone(kind), data, rules.into_iter().collect()) }
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
    use super::super::visibility::Paths;
    use std::collections::BTreeSet;

    use super::*;
    use crate::memo::{Keep, Memo};
    use crate::source::Source;

    fn read_text(text: &str) -> (FrontMatter, Vec<String>) {
        let mut diagnostics = Vec::new();
        let file = FilePath::new("content/a.md").unwrap();
        let config = crate::config::Config::default();
        let now = jiff::Timestamp::UNIX_EPOCH;
        let reading = Reading { config: &config, kinds: Kinds::built_in(), now, drafts: false };
        let sources = BTreeMap::from([(file.clone(), Source::new(file.clone(), text))]);
        let (assets, data, links) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let unread = BTreeSet::new();
        let paths = Paths { sources: &sources, assets: &assets, data: &data, links: &links, unread: &unread };
        let table = Table::new(paths, reading, &mut Memo::new(Keep::Nothing));
        let front = read(&file, &table, &mut diagnostics);
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
