//! The front matter of a page, read by its kind.
//!
//! This module owns the choice of the kind and the fields that the engine itself uses. All other fields are defined
//! by the kind. Every problem is reported at its key. It must not know the syntax of front matter, nor what a later
//! stage does with a field.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::FrontMatterContext;
use super::visibility::{Access, AccessTable, FolderAccess, VisibleFrontMatter};
use crate::diagnostic::Diagnostic;
use crate::fields::{FieldEntry, FieldReader, FieldRules, Value, text_of};
use crate::kinds::{self, FieldSource, Kind, Kinds, PageFields, Presets, TypedValue, UnknownKeys};
use crate::path::{self, FilePath};
use crate::rules::{FRONT_MATTER_KEY, FRONT_MATTER_VALUE, KIND_UNKNOWN, RuleLevel, VISIBILITY_KEY};
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
    /// Pages sort by weight, then by title. Pages without a weight sort last.
    pub weight: Option<f64>,
    /// Replaces the last segment of the URL.
    pub slug: Option<String>,
    /// Old URLs that lead here.
    pub aliases: Vec<String>,
    pub date: Option<jiff::civil::Date>,
    pub draft: bool,
    pub language: Option<String>,
    /// The levels of rules for this page alone.
    pub rules: BTreeMap<&'static str, RuleLevel>,
    /// Every field by its name, including those of the kind, as far as the audience may see them.
    pub data: PageFields,
    pub visibility: PageVisibility,
}

/// The access of a page and of its fields.
#[derive(Debug, Clone, Default)]
pub struct PageVisibility {
    pub access: Access,
    /// The first place that names a level above the lowest one.
    pub level_named_at: Option<Span>,
    /// Fields that were withheld.
    pub withheld: Vec<Withheld>,
}

impl Default for FrontMatter {
    /// The front matter of a plain page that sets nothing.
    fn default() -> FrontMatter {
        FrontMatter::none(Kinds::built_in().plain())
    }
}

impl FrontMatter {
    /// The front matter of a page that has none.
    pub fn none(kind: &Arc<Kind>) -> FrontMatter {
        FrontMatter::of(Arc::clone(kind), PageFields::default(), BTreeMap::new())
    }

    /// The name of the kind, `page` where none is given.
    pub fn kind(&self) -> &str {
        &self.kind.name
    }

    /// Whether readers can tick the steps: what the page says, else what its kind does.
    pub fn has_checklist(&self) -> bool {
        match self.data.get("checklist") {
            Some(TypedValue::Flag(has_checklist)) => *has_checklist,
            _ => self.kind.checklist,
        }
    }

    /// The first value of each field that search filters by: what a section may group its pages by.
    pub fn facet_values(&self, kinds: &Kinds) -> Vec<Option<&str>> {
        let fields = self.kind.fields.iter().chain(kinds.common.iter()).filter(|field| field.facet);
        fields.map(|field| self.data.texts(&field.name).first().copied()).collect()
    }

    /// The span of a key, or the start of the file.
    pub fn span(&self, file: &FilePath, key: &str) -> Span {
        self.data.span(key).unwrap_or_else(|| Span::start_of(file))
    }

    fn of(kind: Arc<Kind>, data: PageFields, rules: BTreeMap<&'static str, RuleLevel>) -> FrontMatter {
        let text = |name: &str| data.text(name).map(str::to_owned);
        // Authors write `tags: a, b` as often as a list, and no tag contains a comma.
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
            visibility: PageVisibility::default(),
        }
    }
}

/// Reads the front matter of a page by its kind. Wrong values are reported and replaced by their defaults.
pub fn read(file: &FilePath, table: &AccessTable<'_>, diagnostics: &mut Vec<Diagnostic>) -> FrontMatter {
    let front = table.front(file);
    diagnostics.extend(front.diagnostics.iter().cloned());
    let FrontMatterContext { config, kinds, .. } = table.context();
    let layers = layers(file, &front, table);
    let found = kind(&layers, kinds, diagnostics);
    let (kind, set) = found.unwrap_or((kinds.plain(), &[]));
    let let_through = match found {
        Some(_) => Cow::Borrowed(&config.extra_keys),
        None => Cow::Owned([&config.extra_keys[..], &of_any_kind(kinds)].concat()),
    };
    let rule = if config.visibility.is_in_use() { &VISIBILITY_KEY } else { &FRONT_MATTER_KEY };
    let unknown = UnknownKeys { rule, let_through: &let_through };
    let mut access = table.access(file);
    let known = diagnostics.len();
    let mut data = kinds::read(&layers, (kinds, &**kind), set, unknown, diagnostics);
    // A value that may be meant to hide something withholds the page until it is clear.
    if diagnostics[known..].iter().any(|problem| problem.rule.guards()) {
        access = Access::unclear();
    }
    if let Some(own) = layers.first() {
        diagnostics.extend(kinds::check_constraints(kinds, kind, own, &data));
    }
    check_forms(file, &mut data, diagnostics);
    super::controlled_document::check(file, &data, diagnostics);
    let rules = rule_levels(file, &front, &layers, diagnostics);
    let visibility = PageVisibility {
        access,
        level_named_at: front.level_named_at.clone(),
        withheld: front.withheld.clone(),
    };
    FrontMatter { visibility, ..FrontMatter::of(Arc::clone(kind), data, rules) }
}

/// The levels of rules for a page: its own, then those of the folders around it, the nearest first. Reports what is
/// wrong with those that the file sets itself.
fn rule_levels(
    file: &FilePath,
    front: &VisibleFrontMatter,
    layers: &[FieldSource<'_>],
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeMap<&'static str, RuleLevel> {
    let read = |file: &FilePath, fields: &[FieldEntry], diagnostics: &mut Vec<Diagnostic>| {
        let reports = FieldRules { unknown: &FRONT_MATTER_KEY, wrong: &FRONT_MATTER_VALUE };
        let rules = fields.iter().filter(|field| field.key == "rules").cloned().collect();
        FieldReader::new(file, reports, rules, diagnostics).rule_levels(&["rules"])
    };
    // What a folder's page hands down is reported there, also if the folder has no other page.
    read(file, &front.cascade.fields, diagnostics);
    let mut rules = BTreeMap::new();
    let (own, folders) = layers.split_first().expect("the first layer is the page");
    for folder in folders.iter().rev() {
        rules.extend(read(folder.file, folder.fields, &mut Vec::new()));
    }
    rules.extend(read(file, own.fields, diagnostics));
    rules
}

/// The kind that a page names, or the folders around it; a plain page otherwise.
pub fn kind_of<'a>(file: &FilePath, table: &AccessTable<'a>) -> &'a Arc<Kind> {
    let kinds = table.context().kinds;
    let front = table.front(file);
    let layers = layers(file, &front, table);
    let name = kind_field(&layers).and_then(|(_, field)| text_of(&field.value));
    let found = name.and_then(|name| kinds.find(&name));
    found.map_or(kinds.plain(), |(kind, _)| kind)
}

/// The text of a field: that of the page, else that of the nearest folder that hands it down.
pub fn text_of_field(file: &FilePath, table: &AccessTable<'_>, key: &str) -> Option<String> {
    let front = table.front(file);
    let layers = layers(file, &front, table);
    let mut fields = layers.iter().flat_map(|layer| layer.fields).filter(|field| field.key == key);
    fields.find_map(|field| text_of(&field.value))
}

/// The fields of a page, then those that the folders around it hand down, the nearest folder first.
fn layers<'a>(
    file: &'a FilePath,
    front: &'a VisibleFrontMatter,
    table: &'a AccessTable<'_>,
) -> Vec<FieldSource<'a>> {
    let (fields, places) = (&front.fields.fields, &front.fields.places);
    let mut layers = vec![FieldSource { file, fields, places, withheld: &front.withheld_paths }];
    layers.extend(table.inherited(file).into_iter().map(FolderAccess::layer));
    layers
}

/// The field that names the kind: that of the page, else that of the nearest folder.
fn kind_field<'a>(layers: &[FieldSource<'a>]) -> Option<(&'a FilePath, &'a FieldEntry)> {
    for layer in layers {
        if let Some(field) = layer.fields.iter().find(|field| field.key == "kind") {
            // A page without a value takes no kind from its folders either.
            return (field.value != Value::Null).then_some((layer.file, field));
        }
    }
    None
}

/// The kind that the page names, else the one that the nearest folder names, else a plain page. Returns `None` and
/// reports the name if there is no such kind.
fn kind<'a>(
    layers: &[FieldSource<'_>],
    kinds: &'a Kinds,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<(&'a Arc<Kind>, &'a Presets)> {
    let Some((file, field)) = kind_field(layers) else { return Some((kinds.plain(), &[])) };
    // A value that is not a text is reported together with all other wrong values.
    let Some(name) = text_of(&field.value) else { return Some((kinds.plain(), &[])) };
    let found = kinds.find(&name);
    if found.is_none() {
        let span = Span::new(file, field.at.clone());
        let mut problem = Diagnostic::new(&KIND_UNKNOWN, span, format!("there is no kind `{name}`"));
        let near = kinds.meant(&name);
        let names: Vec<&str> = kinds.all().map(|kind| kind.name.as_str()).collect();
        let define = format!("use one of {}, or define it in `kinds/{name}.toml`", names.join(", "));
        let help = match near {
            // Only a setting brings these kinds in.
            _ if kinds::optional_kinds().any(|optional| optional == name) => {
                "write `people = true` in `[pages]` of `book.toml` for pages about people".to_owned()
            }
            Some(near) => format!("did you mean `{near}`?"),
            None => define,
        };
        problem.help = Some(help.into());
        diagnostics.push(problem);
    }
    found
}

/// The fields of all kinds. Where the name of the kind is misspelt, they are not reported as unknown.
fn of_any_kind(kinds: &Kinds) -> Vec<String> {
    kinds.all().flat_map(|kind| &kind.fields).flat_map(|field| field.names().cloned()).collect()
}

/// Removes and reports values that do not have the form in [`FORMS`].
fn check_forms(file: &FilePath, data: &mut PageFields, diagnostics: &mut Vec<Diagnostic>) {
    for ValueForm { name, expected, accepts } in FORMS {
        let Some(text) = data.text(name).filter(|text| !accepts(text)) else { continue };
        let message = format!("`{name}` must be {expected}, not `{text}`");
        let span = data.span(name).unwrap_or_else(|| Span::start_of(file));
        diagnostics.push(Diagnostic::new(&FRONT_MATTER_VALUE, span, message));
        data.record.remove(name);
    }
}

/// The form of a value beyond its type.
struct ValueForm {
    name: &'static str,
    /// The form, as the end of a message.
    expected: &'static str,
    accepts: fn(&str) -> bool,
}

const FORMS: [ValueForm; 2] = [
    ValueForm { name: "slug", expected: "one segment of a URL, without `/`", accepts: is_segment },
    ValueForm {
        name: "language",
        expected: "a language tag such as `de`",
        accepts: crate::config::is_language,
    },
];

fn is_segment(slug: &str) -> bool {
    !path::segment(slug).is_empty() && !slug.contains(['/', '\\', '\0', ':'])
}

#[cfg(test)]
mod tests {
    use super::super::visibility::HandbookPaths;

    use super::*;
    use crate::memo::{Memo, Retention};
    use crate::source::Source;

    fn read_text(text: &str) -> (FrontMatter, Vec<String>) {
        let mut diagnostics = Vec::new();
        let file = FilePath::new("content/a.md").unwrap();
        let config = crate::config::Config::default();
        let now = jiff::Timestamp::UNIX_EPOCH;
        let front_matter_context =
            FrontMatterContext { config: &config, kinds: Kinds::built_in(), now, drafts: false };
        let sources = BTreeMap::from([(file.clone(), Source::new(file.clone(), text))]);
        let data = BTreeMap::new();
        let table = AccessTable::new(
            HandbookPaths::of_texts(&sources, &data),
            front_matter_context,
            &mut Memo::new(Retention::Nothing),
        );
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
    fn an_unknown_kind_is_reported_with_every_kind_that_exists() {
        let names: Vec<&str> = Kinds::built_in().all().map(|kind| kind.name.as_str()).collect();
        let (_, problems) = read_text("---\nkind: novella\n---\n");
        let help = format!("use one of {}, or define it in `kinds/novella.toml`", names.join(", "));
        assert_eq!(problems, [format!("2:1 there is no kind `novella` {help}")]);
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
