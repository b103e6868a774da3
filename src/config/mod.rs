//! Parses `book.toml` into settings.
//!
//! Owns [`Config`], its keys and their defaults. Reads no files: the loader passes in the text. Must not know what a
//! setting is used for.

mod allow;
mod assets;
mod audit;
mod banner;
mod brand;
mod external;
mod feedback;
mod glossary;
mod offline;
mod registers;
mod sections;
mod status;
mod version;
mod visibility;

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::diagnostic::Diagnostic;
use crate::fields::{self, FieldEntry, FieldReader, FieldRules, Value};
use crate::forge::Forge;
use crate::memo::Digest;
use crate::path::{self, FilePath, PageAddresses, UrlPath, encode};
use crate::published_types::AssetTypes;
use crate::rules::{CONFIG_INVALID, Rule, RuleLevel, Severity, VISIBILITY_SETTING, find_rule};
use crate::source::{Source, Span};

pub use allow::AllowedProblems;
pub use audit::AuditSettings;
pub use banner::{Banner, BannerLevel};
pub use brand::{AccentSetting, Brand, BrandAddress, BrandLink, Typeface};
pub use external::ExternalSettings;
pub use feedback::Feedback;
pub use offline::Offline;
pub use registers::RegisterSettings;
pub use sections::SectionList;
pub use status::StatusSettings;
pub use version::RequiredVersion;
pub use visibility::Visibility;

/// The settings of a handbook.
#[derive(Debug, Clone, Hash)]
pub struct Config {
    /// The versions of Opsbook that the handbook is made for; `None` if it does not say so.
    pub required_version: Option<RequiredVersion>,
    pub title: String,
    pub description: String,
    /// A BCP 47 tag.
    pub language: String,
    /// SPDX expression of the content's licence.
    pub license: Option<String>,
    /// Absolute `http(s)` URL that ends with `/`.
    pub base_url: Option<String>,
    /// The folder with the pages, relative to the root.
    pub content: String,
    /// The folder that the site is written to, relative to the root.
    pub out: String,
    /// The folders of the sites for all audiences, relative to the root. The loader sets them, and reads none of them.
    pub sites: Vec<String>,
    /// The folder with the handbook's own templates and assets, relative to the root.
    pub theme: String,
    /// The folder with the handbook's own kinds of pages, relative to the root.
    pub kinds: String,
    /// The folder with alert rules and control frameworks, relative to the root.
    pub data: String,
    /// The folder of the files that are published in the root of the site.
    pub static_folder: String,
    pub repository: Option<Repository>,
    /// How readers can report a problem on a page, if they can.
    pub feedback: Option<Feedback>,
    /// The announcement on every page.
    pub banner: Banner,
    /// The pictures, the colour and the links of the organisation.
    pub brand: Brand,
    pub math: bool,
    pub smart_punctuation: bool,
    /// Whether Mermaid blocks are drawn.
    pub diagrams: bool,
    /// Whether `01-` before the name of a file or folder sets the order and is not part of the name.
    pub number_prefixes: bool,
    /// Whether the handbook has pages about people.
    pub has_people: bool,
    /// How pages are addressed, in links and as files.
    pub addresses: PageAddresses,
    /// Whether this build asks search engines to leave the site out. From the command line.
    pub noindex: bool,
    /// What readers see of the participants of a meeting.
    pub participants: Participants,
    pub registers: RegisterSettings,
    /// The levels of visibility, and the audience that the site is built for.
    pub visibility: Visibility,
    /// The pages whose terms other pages link.
    pub glossary: Option<SectionList>,
    /// Sections that are also published as one long page each.
    pub print: Option<SectionList>,
    /// More such sections for this build alone, from the command line.
    pub print_too: Vec<String>,
    /// What readers' browsers store; `None` if the handbook does not set it.
    pub offline: Option<Offline>,
    /// The status page; `None` if there is none.
    pub status: Option<StatusSettings>,
    /// What must not be in the published site.
    pub audit: AuditSettings,
    /// Which links into the web are checked, and how.
    pub external: ExternalSettings,
    /// Types of files that the handbook publishes beside those that every handbook publishes.
    pub asset_types: AssetTypes,
    /// The size in bytes above which an image on a page is reported.
    pub largest_image: u64,
    /// Front-matter keys that are accepted without being read; `*` matches any text if the handbook uses no levels.
    pub extra_keys: Vec<String>,
    /// Classes in braces that a handbook with levels accepts as its own.
    pub extra_classes: Vec<String>,
    pub rules: BTreeMap<&'static str, RuleLevel>,
    /// Problems that stay on purpose.
    pub allow: Vec<AllowedProblems>,
}

/// What readers see of the participants of a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Participants {
    /// Nothing.
    Hide,
    /// Their number.
    Count,
    /// The list as written.
    Show,
}

impl Participants {
    /// The variant with this name in settings and front matter.
    pub fn named(name: &str) -> Option<Participants> {
        match name {
            "hide" => Some(Participants::Hide),
            "count" => Some(Participants::Count),
            "show" => Some(Participants::Show),
            _ => None,
        }
    }
}

/// The repository of the sources.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Repository {
    /// The address for readers, without a trailing slash.
    pub url: String,
    /// The edit link, with `{path}` for the file's path from the root of the repository.
    pub edit: String,
    /// The handbook's folder in the repository; empty for the root. The loader sets it.
    pub folder: String,
    /// Whether the names of authors are shown.
    pub authors: bool,
    /// Whether the names of all who changed a page are shown.
    pub contributors: bool,
}

impl Repository {
    /// The address at which a file of the handbook is edited.
    pub fn edit_url(&self, file: &FilePath) -> String {
        let folders = self.folder.split('/').filter(|name| !name.is_empty());
        let names = folders.chain(file.as_str().split('/')).map(encode);
        self.edit.replace("{path}", &names.collect::<Vec<_>>().join("/"))
    }
}

impl Default for Config {
    fn default() -> Config {
        Config {
            required_version: None,
            title: "Handbook".to_owned(),
            description: String::new(),
            language: "en".to_owned(),
            license: None,
            base_url: None,
            content: "content".to_owned(),
            out: "public".to_owned(),
            sites: Vec::new(),
            theme: "theme".to_owned(),
            kinds: "kinds".to_owned(),
            data: "data".to_owned(),
            static_folder: "static".to_owned(),
            repository: None,
            feedback: None,
            banner: Banner::default(),
            brand: Brand::default(),
            math: false,
            smart_punctuation: false,
            diagrams: true,
            number_prefixes: false,
            has_people: false,
            addresses: PageAddresses::Folders,
            noindex: false,
            participants: Participants::Hide,
            registers: RegisterSettings::default(),
            visibility: Visibility::default(),
            glossary: None,
            print: None,
            print_too: Vec::new(),
            offline: None,
            status: None,
            audit: AuditSettings::default(),
            external: ExternalSettings::default(),
            asset_types: AssetTypes::default(),
            largest_image: assets::LARGEST_IMAGE,
            extra_keys: Vec::new(),
            extra_classes: Vec::new(),
            rules: BTreeMap::new(),
            allow: Vec::new(),
        }
    }
}

impl Config {
    /// The name without a prefix such as `01-`, where the handbook numbers its files.
    pub fn without_number<'n>(&self, name: &'n str) -> &'n str {
        path::number(name).filter(|_| self.number_prefixes).map_or(name, |(_, rest)| rest)
    }

    /// The names of the built-in kinds that exist only where a handbook asks for them, and this one does.
    pub fn optional_kinds(&self) -> &'static [&'static str] {
        if self.has_people { &["person"] } else { &[] }
    }

    /// Every folder that is read, relative to the root. The data folder may be inside the content folder.
    pub fn folders(&self) -> [&str; 6] {
        [&self.content, &self.theme, &self.kinds, &self.registers.folder, &self.data, &self.static_folder]
    }

    /// Whether the handbook has a register with this name, provided that there is one.
    pub fn has_register(&self, name: &str) -> bool {
        !self.registers.off.contains(name)
    }

    /// The percent-encoded path of a page or file in the site on the web.
    pub fn web_path(&self, url: &UrlPath) -> String {
        url.written(self.addresses).encoded()
    }

    /// The absolute address of a page or file; `None` without `base_url`.
    pub fn absolute(&self, url: &UrlPath) -> Option<String> {
        self.base_url.as_ref().map(|base| format!("{base}{}", self.web_path(url)))
    }

    /// Whether problems of a rule are reported where no page sets another level for it.
    pub fn reports(&self, rule: &Rule) -> bool {
        match self.rules.get(rule.name) {
            // After the end another level may hold.
            Some(level) => level.severity != Severity::Off || level.end.is_some(),
            None => rule.severity != Severity::Off,
        }
    }

    /// The severities on a day of the rules for which the handbook sets a level.
    pub fn levels(&self, today: Date) -> BTreeMap<&'static str, Severity> {
        let mut levels = BTreeMap::new();
        for (name, level) in &self.rules {
            let rule = find_rule(name).expect("settings hold names of rules only");
            levels.insert(*name, level.on(today, rule.severity));
        }
        levels
    }

    /// The digest of every setting, and of the positions at which problems are reported.
    pub fn digest(&self) -> Digest {
        Digest::of_value(self)
    }

    /// The digest of the settings without their positions: an additional line in `book.toml` changes no page.
    pub fn semantic_digest(&self) -> Digest {
        let mut settings = self.clone();
        let kept = match &mut settings.offline {
            Some(Offline::Sections(sections)) => Some(sections),
            _ => None,
        };
        let lists = settings.glossary.iter_mut().chain(&mut settings.print).chain(kept);
        lists.for_each(SectionList::forget_place);
        settings.brand.forget_places();
        settings.visibility.paths.forget_places();
        settings.registers.off_at = None;
        for end in settings.rules.values_mut().filter_map(|level| level.end.as_mut()) {
            (end.at.start, end.at.end) = (0, 0);
        }
        // The loader has compared it; no page depends on it.
        settings.required_version = None;
        settings.external = ExternalSettings::default();
        // They decide what is reported, not what a page is.
        settings.allow.clear();
        settings.digest()
    }
}

/// The tables of `book.toml`, except `[rules]` and `[[allow]]`.
const TABLES: [&str; 18] = [
    "book",
    "paths",
    "repository",
    "feedback",
    "banner",
    "brand",
    "markdown",
    "pages",
    "minutes",
    "registers",
    "visibility",
    "assets",
    "audit",
    "external",
    "glossary",
    "print",
    "offline",
    "status",
];

/// Parses `book.toml`. A wrong setting is reported and gets its default, so that the pages can still be checked.
pub fn parse(source: &Source) -> (Config, Vec<Diagnostic>) {
    let mut config = Config::default();
    let mut book = SettingsReader::open(source, &mut config);
    read_about(&mut config, book.table("book"));
    read_paths(&mut config, book.table("paths"));
    // Before `[feedback]`, which may use the address of the repository.
    config.repository = read_repository(book.table("repository"));
    config.feedback = feedback::read(book.table("feedback"), config.repository.as_ref());
    config.banner = banner::read(book.table("banner"));
    config.brand = brand::read(book.table("brand"));
    read_markdown(&mut config, book.table("markdown"));
    let extra_keys = read_pages(&mut config, book.table("pages"));
    read_minutes(&mut config, book.table("minutes"));
    config.registers = registers::read(book.table("registers"));
    config.visibility = visibility::read(book.reported("visibility", visibility::REPORTS));
    // Only after `[visibility]`, which decides whether a key with `*` is allowed.
    book.diagnostics.extend(open_extra_key(&config, extra_keys));
    (config.asset_types, config.largest_image) = assets::read(book.table("assets"));
    config.audit = audit::read(book.table("audit"));
    let levels = config.visibility.levels.clone();
    config.external = external::read(book.table("external"), &levels);
    config.glossary = Some(glossary::read(book.table("glossary")));
    let mut print = book.table("print");
    config.print = Some(SectionList::take(&mut print, ["print", "sections"]));
    print.finish(&[]);
    // An empty list is a setting too, so the key itself is looked for before the table is read.
    let keeps = offline::is_given(&book.tables["offline"]);
    let offline = offline::read(book.table("offline"));
    config.offline = keeps.then_some(offline);
    // An empty table asks for the page with its defaults.
    let has_status = book.has_status;
    let status = status::read(book.table("status"));
    config.status = has_status.then_some(status);
    // Last, because it changes the rules of the problems found so far.
    visibility::guard(source, &config.visibility.levels, &mut book.diagnostics);
    (config, book.diagnostics)
}

/// Reads `book.toml` table by table.
struct SettingsReader<'a> {
    file: &'a FilePath,
    /// The tables that are not read yet. Absent ones are empty.
    tables: BTreeMap<&'static str, Vec<FieldEntry>>,
    /// Whether there is a table `[status]`, which may be empty.
    has_status: bool,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> SettingsReader<'a> {
    /// Splits the file into its tables. `[rules]` is read here, because its keys are names of rules, and `[[allow]]`,
    /// because it is a list.
    fn open(source: &'a Source, config: &mut Config) -> SettingsReader<'a> {
        let mut diagnostics = Vec::new();
        // If a file that mentions visibility cannot be read, nothing is known of what it hides: this stops the build.
        let broken = if visibility::is_named(&source.text) { &VISIBILITY_SETTING } else { &CONFIG_INVALID };
        let fields = fields::toml::read(source, broken, &mut diagnostics);
        let is_status = |field: &FieldEntry| field.key == "status" && matches!(field.value, Value::Map(_));
        let has_status = fields.iter().any(is_status);
        let mut reader = FieldReader::new(&source.path, REPORTS, fields, &mut diagnostics);
        let tables = TABLES.map(|name| (name, reader.map(&[name]))).into();
        config.rules = reader.rule_levels(&["rules"]).into_iter().collect();
        let allow = reader.take(&["allow"]);
        reader.finish(&[]);
        config.allow = allow.map_or(Vec::new(), |list| allow::read(&source.path, list, &mut diagnostics));
        SettingsReader { file: &source.path, tables, has_status, diagnostics }
    }

    fn table(&mut self, name: &str) -> FieldReader<'_> {
        self.reported(name, REPORTS)
    }

    /// A table whose problems are reported under other rules.
    fn reported(&mut self, name: &str, reports: FieldRules) -> FieldReader<'_> {
        let fields = self.tables.remove(name).expect("each of TABLES is read once");
        FieldReader::new(self.file, reports, fields, &mut self.diagnostics)
    }
}

const REPORTS: FieldRules = FieldRules { unknown: &CONFIG_INVALID, wrong: &CONFIG_INVALID };

/// The base URL that a user wrote, with a trailing slash. Returns `None` unless it is absolute `http(s)`.
pub fn base_url(text: &str) -> Option<String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let sound = !rest.is_empty()
        && !rest.starts_with('/')
        && !rest.contains(|c: char| c.is_whitespace() || "?#<>\"\\".contains(c));
    sound.then(|| format!("{}/", text.trim_end_matches('/')))
}

/// Whether a text is an absolute `http(s)` URL. Unlike a base URL it may have a query and a fragment.
fn is_url(text: &str) -> bool {
    let path = text.split(['?', '#']).next().unwrap_or(text);
    base_url(path).is_some() && !text.contains(|c: char| c.is_whitespace() || "<>\"\\".contains(c))
}

fn read_about(config: &mut Config, mut book: FieldReader<'_>) {
    config.required_version = RequiredVersion::take(&mut book);
    let title = book.text(&["title"]).filter(|title| !title.is_empty());
    config.title = title.unwrap_or(std::mem::take(&mut config.title));
    config.description = book.text(&["description"]).unwrap_or_default();
    let tag = |text: &str| is_language(text);
    config.language = book
        .text_where(&["language"], "a language tag such as `en` or `de-CH`", tag)
        .unwrap_or("en".to_owned());
    config.license = book.text(&["license"]);
    let absolute = |text: &str| base_url(text).is_some();
    let url =
        book.text_where(&["base_url"], "an absolute URL such as `https://handbook.example.org/`", absolute);
    config.base_url = url.as_deref().and_then(base_url);
    book.finish(&[]);
}

fn read_paths(config: &mut Config, mut paths: FieldReader<'_>) {
    let expected = "a folder beneath the root, such as `content`";
    let beneath = |text: &str| FilePath::new(text).is_some_and(|path| !path.as_str().is_empty());
    let clean = |text: String| FilePath::new(&text).map(|path| path.as_str().to_owned());
    // A repository that is only pages: the handbook's folder is the content folder.
    let content = |text: &str| FilePath::new(text).is_some() && !text.is_empty();
    let expected_content = "a folder beneath the root, such as `content`, or `.` for the root";
    if let Some(path) = paths.text_where(&["content"], expected_content, content).and_then(clean) {
        config.content = path;
    }
    let mut folder = |name, default: &mut String| {
        if let Some(path) = paths.text_where(&[name], expected, beneath).and_then(clean) {
            *default = path;
        }
    };
    folder("theme", &mut config.theme);
    folder("kinds", &mut config.kinds);
    folder("data", &mut config.data);
    folder("static", &mut config.static_folder);
    config.out =
        paths.text(&["out"]).filter(|out| !out.is_empty()).unwrap_or(std::mem::take(&mut config.out));
    paths.finish(&[]);
}

fn read_repository(mut repository: FieldReader<'_>) -> Option<Repository> {
    let web = |text: &str| base_url(text).is_some();
    let url =
        repository.text_where(&["url"], "an absolute URL such as `https://github.com/you/handbook`", web);
    let branch = repository.text(&["branch"]).unwrap_or("main".to_owned());
    let edit = repository.text(&["edit"]);
    let authors = repository.flag(&["authors"]).unwrap_or(false);
    let contributors = repository.flag(&["contributors"]).unwrap_or(false);
    // Before the return without a URL, so that unknown keys are always reported.
    repository.finish(&[]);
    let url = url?.trim_end_matches('/').to_owned();
    let forge = Forge::at(&url).unwrap_or(Forge::GitHub);
    let edit = edit.unwrap_or(forge.edit_address().to_owned());
    let edit = edit.replace("{url}", &url).replace("{branch}", &branch);
    Some(Repository { url, edit, folder: String::new(), authors, contributors })
}

/// Reads `[pages]` and returns the position of `extra_keys`.
fn read_pages(config: &mut Config, mut pages: FieldReader<'_>) -> Span {
    config.number_prefixes = pages.flag(&["number_prefixes"]).unwrap_or(false);
    config.has_people = pages.flag(&["people"]).unwrap_or(false);
    let known = |text: &str| PageAddresses::named(text).is_some();
    let addresses = pages.text_where(&["addresses"], "`folders` or `files`", known);
    config.addresses = addresses.as_deref().and_then(PageAddresses::named).unwrap_or_default();
    let place = pages.place("extra_keys");
    config.extra_keys = pages.texts(&["extra_keys"]);
    config.extra_classes = pages.texts(&["extra_classes"]);
    pages.finish(&[]);
    place
}

/// The problem of a key with `*` that lets unknown keys through, while the handbook uses levels. `place` is the
/// position of `extra_keys`.
fn open_extra_key(config: &Config, place: Span) -> Option<Diagnostic> {
    let open = config.extra_keys.iter().find(|key| config.visibility.is_in_use() && key.contains('*'))?;
    let message = format!("`{open}` names no key in full, and this handbook uses levels of visibility");
    let problem = Diagnostic::new(&VISIBILITY_SETTING, place, message);
    Some(problem.help("name each key in full: with `*` a misspelt `visibility` could pass"))
}

fn read_markdown(config: &mut Config, mut markdown: FieldReader<'_>) {
    config.math = markdown.flag(&["math"]).unwrap_or(config.math);
    config.smart_punctuation = markdown.flag(&["smart_punctuation"]).unwrap_or(config.smart_punctuation);
    config.diagrams = markdown.flag(&["diagrams"]).unwrap_or(config.diagrams);
    markdown.finish(&[]);
}

fn read_minutes(config: &mut Config, mut minutes: FieldReader<'_>) {
    let known = |text: &str| Participants::named(text).is_some();
    let given = minutes.text_where(&["participants"], "`hide`, `count` or `show`", known);
    config.participants = given.as_deref().and_then(Participants::named).unwrap_or(config.participants);
    minutes.finish(&[]);
}

/// Whether a text has the form of a BCP 47 tag.
pub fn is_language(text: &str) -> bool {
    let part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    let mut parts = text.split('-');
    parts.next().is_some_and(|first| (2..=3).contains(&first.len()) && part(first)) && parts.all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Config, Vec<String>) {
        let source = Source::new(FilePath::new("book.toml").unwrap(), text);
        let (config, diagnostics) = parse(&source);
        let line = |d: &Diagnostic| {
            let at = crate::source::position(text, d.span.start as usize);
            format!("{}:{}: {} {}", at.line, at.column, d.message, d.help.as_deref().unwrap_or(""))
        };
        (config, diagnostics.iter().map(line).collect())
    }

    #[test]
    fn every_key_is_read() {
        let text = "[book]\ntitle = \"T\"\nlanguage = \"de-CH\"\nbase_url = \"https://a.example/x\"\n\
            [repository]\nurl = \"https://r.example/\"\nbranch = \"dev\"\n[pages]\nextra_keys = [\"a_*\"]\n\
            [rules]\n\"link.anchor\" = \"warn\"\n";
        let (config, problems) = read(text);
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(config.base_url.as_deref(), Some("https://a.example/x/"));
        assert_eq!(config.repository.unwrap().edit, "https://r.example/edit/dev/{path}");
        assert_eq!(config.rules["link.anchor"].severity, Severity::Warn);
    }

    #[test]
    fn the_edit_link_has_the_form_of_the_forge_and_the_folder_of_the_repository() {
        let edit = |url: &str, more: &str| {
            let (config, problems) = read(&format!("[repository]\nurl = \"{url}\"\n{more}"));
            assert_eq!(problems, Vec::<String>::new());
            let repository =
                Repository { folder: "docs/händ buch".to_owned(), ..config.repository.unwrap() };
            repository.edit_url(&FilePath::new("content/a b.md").unwrap())
        };
        let path = "docs/h%C3%A4nd%20buch/content/a%20b.md";
        assert_eq!(edit("https://github.com/a/b", ""), format!("https://github.com/a/b/edit/main/{path}"));
        assert_eq!(edit("https://git.example/a/b", ""), format!("https://git.example/a/b/edit/main/{path}"));
        let gitlab = "https://gitlab.example.org/a/b";
        assert_eq!(edit(gitlab, "branch = \"dev\"\n"), format!("{gitlab}/-/edit/dev/{path}"));
        assert_eq!(
            edit("https://codeberg.org/a/b", ""),
            format!("https://codeberg.org/a/b/_edit/main/{path}")
        );
        assert_eq!(edit(gitlab, "edit = \"{url}/ide/{path}\"\n"), format!("{gitlab}/ide/{path}"));
    }

    #[test]
    fn registers_are_switched_off_by_their_names() {
        let (config, problems) = read("[registers]\noff = [\"actions\"]\n");
        assert!(problems.is_empty(), "{problems:?}");
        assert!(!config.has_register("actions") && config.has_register("alerts"));
    }

    #[test]
    fn what_settings_mean_does_not_depend_on_where_they_stand() {
        let text = "[brand]\naccent = \"#123\"\nlogo = \"l.svg\"\nheader_links = [{ text = \"T\", to = \"t.md\" }]\n\
            [print]\nsections = [\"a\"]\n[offline]\nkeep = [\"a\"]\n\
            [visibility]\ndefault = \"public\"\n[visibility.paths]\n\"content/a/**\" = \"internal\"\n";
        let (config, moved) = (read(text).0, read(&format!("# A remark.\n{text}")).0);
        assert_ne!(config.digest(), moved.digest());
        assert_eq!(config.semantic_digest(), moved.semantic_digest());
        for (old, new) in [("[\"a\"]", "[\"b\"]"), ("internal", "partner"), ("content/a", "content/b")] {
            assert_ne!(
                config.semantic_digest(),
                read(&text.replacen(old, new, 1)).0.semantic_digest(),
                "{new}"
            );
        }
    }

    #[test]
    fn to_keep_nothing_is_something_else_than_not_to_speak_of_it() {
        let offline = |text: &str| {
            let (config, problems) = read(text);
            assert_eq!(problems, Vec::<String>::new());
            config.offline
        };
        assert_eq!(offline(""), None);
        assert_eq!(offline("[offline]\n"), None);
        assert_eq!(offline("[offline]\nkeep = []\n"), Some(Offline::Nothing));
        assert_eq!(offline("[offline]\nkeep = \"all\"\n"), Some(Offline::All));
        let at = Span::new(&FilePath::new("book.toml").unwrap(), 10..14);
        let names = vec!["runbooks".to_owned(), "all".to_owned()];
        let sections = Offline::Sections(SectionList { names, setting: ["offline", "keep"], at });
        assert_eq!(offline("[offline]\nkeep = [\"runbooks\", \"all\"]\n"), Some(sections));
        let (_, problems) = read("[offline]\nkept = []\n");
        assert_eq!(problems, ["2:1: unknown key `kept` did you mean `keep`?"]);
    }

    #[test]
    fn an_empty_table_asks_for_the_status_page() {
        for (text, wanted) in [("", false), ("[status]\n", true), ("[status]\nnote = \"x\"\n", true)] {
            let (config, problems) = read(text);
            assert_eq!((config.status.is_some(), problems), (wanted, Vec::new()), "{text}");
        }
        let (config, problems) = read("status = true\n");
        assert!(config.status.is_none() && problems.len() == 1, "{problems:?}");
    }

    #[test]
    fn each_wrong_key_is_named_with_its_place() {
        let text = "[book]\ntitel = \"T\"\nlanguage = \"english!\"\n[rules]\n\"link.anchr\" = \"warn\"\n\"url.conflict\" = \"off\"\n";
        let (_, problems) = read(text);
        assert_eq!(problems.len(), 4, "{problems:?}");
        assert!(
            problems.iter().any(|p| p == "2:1: unknown key `titel` did you mean `title`?"),
            "{problems:?}"
        );
        assert!(problems.iter().any(|p| p.starts_with("3:1: `language` must be")));
        assert!(problems.iter().any(|p| p.contains("did you mean `link.anchor`?")));
        assert!(problems.iter().any(|p| p.contains("fixed level")));
    }

    #[test]
    fn broken_toml_is_reported_where_it_breaks() {
        let (config, problems) = read("[book]\ntitle = \n");
        assert_eq!(config.title, "Handbook");
        assert!(problems[0].starts_with("2:"), "{problems:?}");
    }
}
