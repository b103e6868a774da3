//! The keys of `book.toml`.
//!
//! `config` reads them. A test holds both together.

use super::file_keys::KeyForm::{
    Choice, Flag, Map, Number, Pattern, Rule, RuleLevels, Table, Tables, Text, TextList, Texts,
};
use super::file_keys::{DAY, FileKey, KeyForm, key, only};
use super::{FileSchema, SchemaScope};

pub(super) const BOOK: FileSchema = FileSchema {
    name: "book",
    title: "book.toml",
    help: "The settings of a handbook.",
    folder: SchemaScope::Root,
    files: "book.toml",
    keys: only(TABLES),
};

/// An absolute address in the web.
const WEB: KeyForm = Pattern("^https?://[^\\s<>\"\\\\]+$");

const TABLES: &[FileKey] = &[
    key("book", Table(ABOUT), "The name, the language and the address of the handbook."),
    key("paths", Table(PATHS), "The folders of the handbook, relative to `book.toml`."),
    key("repository", Table(REPOSITORY), "Where the sources are. Without it pages have no edit link."),
    key("feedback", Table(FEEDBACK), "How readers report a problem of a page."),
    key("banner", Table(BANNER), "An announcement at the top of every page."),
    key("brand", Table(BRAND), "The pictures, the colour and the links of your organisation."),
    key("markdown", Table(MARKDOWN), "Extensions of Markdown."),
    key("pages", Table(PAGES), "Addresses and front matter of pages."),
    key("minutes", Table(MINUTES), "What readers see of meetings."),
    key("registers", Table(REGISTERS), "The registers of the handbook."),
    key("visibility", Table(VISIBILITY), "Who may see which pages."),
    key("assets", Table(ASSETS), "Files that are published with pages."),
    key("audit", Table(AUDIT), "Texts that must not be in the published site."),
    key("external", Table(EXTERNAL), "Which links into the web `opsbook check --external` asks, and how."),
    key("glossary", Table(GLOSSARY), "The pages that explain words."),
    key("print", Table(PRINT), "Sections that are one long page as well."),
    key("offline", Table(OFFLINE), "What browsers keep for reading without the host."),
    key("status", Table(STATUS), "The status page. An empty table asks for it with its defaults."),
    key("rules", RuleLevels, "The levels of rules for the whole handbook."),
    key("allow", Tables(ALLOW), "Problems that stay on purpose."),
];

const ABOUT: &[FileKey] = &[
    key("opsbook_version", Text, "The versions of Opsbook that build this handbook, such as `>=0.1, <0.3`."),
    key("title", Text, "The name of the handbook: in the header, in titles and in the feed.")
        .or("\"Handbook\""),
    key("description", Text, "One or two sentences for search engines and the feed."),
    key("language", Pattern("^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$"), "The language of pages that name none.")
        .or("\"en\""),
    key("license", Text, "The licence of the texts, as an SPDX expression."),
    key("base_url", WEB, "The absolute address at which the site is published."),
];

const PATHS: &[FileKey] = &[
    key("content", Text, "The folder with the pages; `.` for a repository that is only pages.")
        .or("\"content\""),
    key("out", Text, "The folder of the finished site.").or("\"public\""),
    key("theme", Text, "The folder with your own templates and theme assets.").or("\"theme\""),
    key("kinds", Text, "The folder with your own kinds of pages.").or("\"kinds\""),
    key("data", Text, "The folder with alert rules, controls, calendars and people.").or("\"data\""),
    key("static", Text, "The folder with files for the root of the site.").or("\"static\""),
];

const REPOSITORY: &[FileKey] = &[
    key("url", WEB, "The address of the repository in a browser."),
    key("branch", Text, "The branch that edit links lead to.").or("\"main\""),
    key("edit", Text, "The form of an edit link, with `{url}`, `{branch}` and `{path}`."),
    key("authors", Flag, "Whether a page shows the name of its last author.").or("false"),
    key("contributors", Flag, "Whether a page shows the names of all who changed it.").or("false"),
];

const FEEDBACK: &[FileKey] = &[
    key("issues", Choice(&["github", "gitlab", "forgejo"]), "The forge for new issues."),
    key("repository", WEB, "The repository for the issues, if it is another one."),
    key("email", Text, "An e-mail address to use instead. It is on every page."),
];

const BANNER: &[FileKey] = &[
    key("text", Text, "The announcement, in the language of the handbook."),
    key("link", WEB, "An absolute URL that the text leads to."),
    key("level", Choice(&["info", "warning", "danger"]), "The colour.").or("\"info\""),
    key("until", DAY, "The last day on which the text is shown."),
    key("incidents", Flag, "Whether preliminary analyses are announced.").or("true"),
];

const BRAND: &[FileKey] = &[
    key("logo", Text, "The picture before the title. Default: the `icon`."),
    key("logo_dark", Text, "The picture on dark pages. Default: the `logo`."),
    key("logo_has_title", Flag, "Whether the logo contains the title.").or("false"),
    key("icon", Text, "The icon in the browser's tab."),
    key("card", Text, "The picture that other programs show beside links to pages without one."),
    key("cards", Flag, "Whether such a picture is drawn for each page without one.").or("false"),
    key("accent", Text, "One opaque colour as CSS writes it."),
    key("font", Choice(&["system", "inter"]), "The typeface of texts.").or("\"system\""),
    key("header_links", Tables(BRAND_LINK), "Links in the header.").or("[]"),
    key("footer_links", Tables(BRAND_LINK), "Links in the footer.").or("[]"),
    key("imprint", Text, "The page with the imprint."),
    key("privacy", Text, "The page about privacy."),
];

const BRAND_LINK: &[FileKey] = &[
    key("text", Text, "The text of the link.").required(),
    key("to", Text, "A page or file in the content folder, or a URL.").required(),
];

const MARKDOWN: &[FileKey] = &[
    key("math", Flag, "Whether formulas between `$` and `$$` become MathML.").or("false"),
    key("diagrams", Flag, "Whether blocks of `mermaid` are drawn.").or("true"),
    key("smart_punctuation", Flag, "Whether straight quotes and `--` become typographic characters.")
        .or("false"),
];

const PAGES: &[FileKey] = &[
    key(
        "addresses",
        Choice(&["folders", "files"]),
        "Whether pages have addresses like folders or like files.",
    )
    .or("\"folders\""),
    key("number_prefixes", Flag, "Whether `01-` before a name is its place and no part of the address.")
        .or("false"),
    key("people", Flag, "Whether there is the kind `person`.").or("false"),
    key("extra_classes", Texts, "Classes in braces that a handbook with levels accepts.").or("[]"),
    key("extra_keys", Texts, "Front-matter keys of other tools that are accepted and ignored.").or("[]"),
];

const MINUTES: &[FileKey] =
    &[key("participants", Choice(&["hide", "count", "show"]), "What readers see of participants.")
        .or("\"hide\"")];

const REGISTERS: &[FileKey] = &[
    key("folder", Text, "The folder with registers of your own.").or("\"registers\""),
    key("off", Texts, "Names of registers that are switched off.").or("[]"),
];

const VISIBILITY: &[FileKey] = &[
    key(
        "default",
        Text,
        "The level of pages that name none. It is required once anything has a higher level.",
    ),
    key("default_visibility", Text, "Another spelling of `default`."),
    key("audience", Text, "The audience of a build without `--audience`. Default: the first level."),
    key("levels", TextList, "The names of the levels, from the widest audience to the narrowest.")
        .or("[\"public\", \"community\", \"partner\", \"internal\"]"),
    key("mark", Text, "The text in place of withheld content.").or("\"\""),
    key("paths", Map(&Text), "Levels by pattern: `\"content/plans/**\" = \"internal\"`."),
];

const ASSETS: &[FileKey] = &[
    key("largest_image", Number(1.0, 100_000.0), "The size in kilobytes above which an image is reported.")
        .or("1000"),
    key("types", Map(&Choice(&["page", "download"])), "Further types of files, by their extensions."),
];

const AUDIT: &[FileKey] = &[
    key("deny", TextList, "Words and names that must not be in the site; `*` is any text within a name.")
        .or("[]"),
    key("deny_patterns", TextList, "Regular expressions for texts that must not be in the site.").or("[]"),
    key("secret_rules", TextList, "Files with rules for keys and tokens in the form of gitleaks.").or("[]"),
    key("deny_file", Text, "A file with more words and patterns, one per line."),
    key("domains", TextList, "Domains with internal hosts.").or("[]"),
    key("allow", TextList, "Values that may be published, and paths of files.").or("[]"),
];

const EXTERNAL: &[FileKey] = &[
    key("exclude", TextList, "Addresses that are not asked, without `https://`; `*` is any text.").or("[]"),
    key("include", TextList, "If the list is not empty, only these addresses are asked.").or("[]"),
    key("audience", Text, "Links in texts up to this level are sent to their hosts."),
    key("private", Flag, "Whether private networks and names for documentation are asked.").or("false"),
    key("credentials", Flag, "Whether addresses with a password or a token are asked.").or("false"),
    key("max_age", Number(0.0, 365.0), "For how many days a good answer is used again.").or("7"),
    key("per_host", Number(1.0, 16.0), "Requests to one host at the same time.").or("2"),
    key("pause", Number(0.0, 60.0), "Seconds between two requests to one host.").or("0.5"),
    key("timeout", Number(0.1, 300.0), "Seconds until a host must have answered.").or("20"),
    key("retries", Number(0.0, 10.0), "How often a request is repeated.").or("2"),
];

const GLOSSARY: &[FileKey] =
    &[key("pages", Texts, "Pages whose definition lists explain words, by their addresses.").or("[]")];

const PRINT: &[FileKey] =
    &[key("sections", Texts, "Sections that are one long page as well, by their addresses.").or("[]")];

const OFFLINE: &[FileKey] = &[key(
    "keep",
    Texts,
    "Sections that browsers keep, by their addresses, or `all`; `[]` deletes what they keep.",
)];

const STATUS: &[FileKey] = &[
    key("title", Text, "The title of the status page and of its feed."),
    key("note", Text, "A sentence before the incidents."),
    key("valid_for", Number(1.0, 366.0), "The days after that of the build for which a copy is valid.")
        .or("1"),
    key("services", Texts, "Services in the order of the page.").or("[]"),
];

const ALLOW: &[FileKey] = &[
    key("rule", Rule, "The name of the rule.").required(),
    key("path", Text, "The files with the problems; `*` is any text within a name, `**` any text."),
    key("text", Text, "A part of the message of the problem."),
    key("reason", Text, "Why the problems stay.").required(),
    key("until", DAY, "The last day of the entry, in UTC."),
];
