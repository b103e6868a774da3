//! The table of rules: every problem that Opsbook can report.
//!
//! Owns names, default severities and explanations. The guide, `check`, `explain` and `[rules]` in `book.toml` all read
//! this table. The code that checks a rule is elsewhere.

mod explanation;
mod families;
mod level;

pub use explanation::{ExampleFile, ExampleSide, Explanation, RuleExample};
pub use families::{FAMILIES, RuleFamily};
pub use level::{LevelEnd, RuleLevel};

/// How serious a problem is, in ascending order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Not reported.
    Off,
    /// Reported; the new site is published.
    Warn,
    /// Reported; the new site is not published, and the published one stays as it was.
    Error,
}

/// One rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// `family.problem`, as in `[rules]`.
    pub name: &'static str,
    /// The default severity.
    pub severity: Severity,
    /// Whether `[rules]` and a page may change the severity. Rules that keep the output sound are fixed.
    pub adjustable: bool,
    /// See [`Rule::guards()`].
    guards: bool,
    /// Whether reports must not quote the text. Reports of builds are often public, and the text may be a secret.
    pub conceals: bool,
    /// What the rule finds, in one sentence.
    pub summary: &'static str,
    /// The text of the file in `rules/explained`; see [`Rule::explanation()`].
    explained: &'static str,
}

impl Rule {
    /// Whether a site with such a problem could show something that its audience must not see.
    pub fn guards(&self) -> bool {
        self.guards
    }
}

/// The rule with that name.
pub fn find_rule(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}

/// Each row has the name of the static, the name of the rule, its default severity, `free` or `fixed`, optionally
/// `guards` or `conceals`, and the summary. `rules/explained/NAME.txt` explains it.
macro_rules! rules {
    ($($id:ident $name:literal $level:ident $fixed:ident $($property:ident)? $summary:literal)*) => {
        $(pub static $id: Rule = Rule {
            name: $name,
            severity: Severity::$level,
            adjustable: rules!(@ $fixed),
            summary: $summary,
            explained: include_str!(concat!("rules/explained/", $name, ".txt")),
            ..rules!(@ $($property)?)
        };)*
        /// Every rule, sorted by name.
        pub static RULES: &[&Rule] = &[$(&$id),*];
    };
    (@ free) => { true };
    (@ fixed) => { false };
    (@ guards) => { Rule { guards: true, ..PLAIN } };
    (@ conceals) => { Rule { conceals: true, ..PLAIN } };
    (@) => { PLAIN };
}

/// The values of a rule that the rows of the table leave out.
const PLAIN: Rule = Rule {
    name: "",
    severity: Severity::Error,
    adjustable: false,
    guards: false,
    conceals: false,
    summary: "",
    explained: "",
};

rules! {
    ACCESSIBILITY_ALT "accessibility.alt" Warn free "An image has no text for readers who do not see it."
    ACCESSIBILITY_LINK "accessibility.link" Warn free "The text of a link does not say where the link leads."
    ACCESSIBILITY_TABLE "accessibility.table" Warn free "A table has no header cells."
    ACTION_OWNER "action.owner" Warn free "An open action item has no owner."
    ADVISORY_EMBARGO "advisory.embargo" Error free "An advisory would be published before its embargo ends."
    ALERT_REPEATED "alert.repeated" Warn free "Two runbooks name the same alert."
    ALERT_RULES "alert.rules" Error free "A file of alert rules cannot be read."
    ALERT_UNKNOWN "alert.unknown" Warn free "A runbook names an alert that no rule file has."
    ALERT_URL "alert.url" Warn free "An alert's `runbook_url` leads into this handbook, but not to the alert's runbook."
    ALERT_VARIABLE "alert.variable" Warn free "The `runbook_url` of an alert names a value that the runbook does not have."
    ALIAS_CONFLICT "alias.conflict" Error fixed "An alias names a URL that a page, an asset or another alias already has."
    ALIAS_INVALID "alias.invalid" Error fixed "An alias is not a path inside the site."
    ALLOW_EXPIRED "allow.expired" Warn free "The last day of an entry of `[[allow]]` or of a level is past."
    ALLOW_UNUSED "allow.unused" Warn free "An entry of `[[allow]]` meets no problem."
    ASSET_BROKEN "asset.broken" Error fixed "A linked picture is cut off, damaged or of another format than its name says."
    ASSET_LARGE "asset.large" Warn free "A page shows an image that is larger than the handbook allows."
    ASSET_METADATA "asset.metadata" Error free "Metadata cannot be taken out of a published file, because the file is damaged or too large."
    ASSET_TYPE "asset.type" Error free "A linked file, or one in `static/`, is of a type that is not published, such as HTML or JavaScript."
    ASSET_UNCHECKED "asset.unchecked" Warn free "The metadata of a linked file, such as the author of a PDF, is not checked."
    ASSET_UNSAFE "asset.unsafe" Error fixed "A linked file could run something in a browser, an SVG image could load something from elsewhere, or a file holds more than certificates."
    ASSET_UNUSED "asset.unused" Off free "No page links a file next to the pages."
    BRAND_CONTRAST "brand.contrast" Warn free "The accent of the handbook has too little contrast on light pages."
    CALENDAR_CONFLICT "calendar.conflict" Warn free "Two events take place at the same time in the same room, or in the same calendar."
    CALENDAR_EXCEPTION "calendar.exception" Warn free "An event is called off on a day on which it does not take place."
    CALENDAR_FILE "calendar.file" Error free "A calendar cannot be read, or an event in it has a wrong value."
    CALENDAR_OFFSET "calendar.offset" Warn free "A repeated event has another offset from UTC than its time zone, and keeps it when the clocks change."
    CODE_ATTRIBUTE "code.attribute" Error free "A code block states a risk that does not exist, or mistypes what it says of its commands."
    CODE_INVISIBLE "code.invisible" Error free "Code has a character that no one sees, or that shows the text in another order."
    CONFIG_INVALID "config.invalid" Error fixed "`book.toml` cannot be read or holds an unknown key or a wrong value."
    CONTROL_FRAMEWORK "control.framework" Error fixed "A framework of controls in `data/controls/` cannot be read or holds an unknown key or a wrong value."
    CONTROL_UNKNOWN "control.unknown" Error free "A reference to a control has no edition, or names a framework or a control that does not exist."
    DIAGRAM_SYNTAX "diagram.syntax" Warn free "A Mermaid diagram cannot be drawn; the page shows its source."
    DIRECTIVE_PART "directive.part" Error free "A tab stands outside tabs, is empty or has no name of its own, or steps or cards are not a list."
    DIRECTIVE_STRAY "directive.stray" Error free "A closing `:::` has no directive to close."
    DIRECTIVE_UNCLOSED "directive.unclosed" Error free "A directive is not closed before its container or the page ends."
    DIRECTIVE_UNKNOWN "directive.unknown" Error free "A directive has an unknown name."
    EXTERNAL_DEAD "external.dead" Warn free "A link into the web leads to a page that does not exist."
    EXTERNAL_MOVED "external.moved" Warn free "A page in the web has another address for good."
    EXTERNAL_UNREACHABLE "external.unreachable" Warn free "A link into the web cannot be checked, because its host does not answer or fails."
    FIELD_EXPIRED "field.expired" Warn free "A day until which something holds, such as an exception, is past."
    FIELD_FORBIDDEN "field.forbidden" Warn free "A page has a field that does not fit its other fields, such as a successor of a draft."
    FIELD_MISSING "field.missing" Error free "A field that the page's kind needs is missing."
    FIELD_ORDER "field.order" Warn free "Two dates of a page contradict each other: an end is before its beginning, or a day is not that of a time."
    FIELD_WANTED "field.wanted" Warn free "A field that a page should have is missing."
    FRONT_MATTER_KEY "front-matter.key" Error free "A front-matter key is unknown."
    FRONT_MATTER_SIZE "front-matter.size" Error fixed "Front matter is larger than 16 KiB."
    FRONT_MATTER_SYNTAX "front-matter.syntax" Error fixed "Front matter is not valid YAML, or is not closed."
    FRONT_MATTER_VALUE "front-matter.value" Error free "A front-matter value has a wrong type or form."
    HEADING_EMPTY "heading.empty" Off free "There is no text below a heading."
    HEADING_LEVEL "heading.level" Warn free "A heading skips a level."
    HEADING_REPEATED "heading.repeated" Warn free "A section has two headings with the same text."
    HEALTH_FILE "health.file" Error free "Health data cannot be read, or an entry in it has a wrong value."
    HTML_COMMENT "html.comment" Error free "An HTML comment is not closed, so the rest of the page would vanish."
    HTML_DROPPED "html.dropped" Warn free "Raw HTML that is not allowed was left out, such as a script or a style block."
    HTML_EMBED "html.embed" Warn free "An embedded frame or medium was replaced by a link."
    HTML_UNBALANCED "html.unbalanced" Warn free "A raw HTML tag is not closed, or closes nothing."
    HTML_UNKNOWN "html.unknown" Warn free "An unknown tag is shown as text."
    ID_DUPLICATE "id.duplicate" Warn free "Two places in a page were given the same id."
    IMAGE_EXTERNAL "image.external" Warn free "An image on another host is shown as a link."
    INCIDENT_BLAME "incident.blame" Warn free "A report seeks the cause in people: a name, `human error`, `should have`."
    INCIDENT_ORDER "incident.order" Error free "The times of an incident are in an impossible order, or in the future."
    INCIDENT_OVERDUE "incident.overdue" Warn free "The next update of a report that is not final was due before today."
    INCIDENT_STATE "incident.state" Error free "A report lacks what its state needs, or its revisions say something else."
    INCIDENT_SUMMARY "incident.summary" Warn free "A report does not begin with its summary, or the summary is too long."
    INCIDENT_TIMELINE "incident.timeline" Warn free "The rows of a timeline are not in the order of time."
    INCLUDE_CYCLE "include.cycle" Error fixed "A file includes itself, directly or by way of others."
    INCLUDE_LIMIT "include.limit" Error fixed "A page includes more files or more text than it may, or files include each other too deep."
    INCLUDE_MISSING "include.missing" Error free "An include names a file or section that does not exist, or lies outside the content."
    INPUT_DEPTH "input.depth" Error fixed "Folders are nested too deeply."
    INPUT_ENCODING "input.encoding" Error fixed "A file is not valid UTF-8."
    INPUT_LINK "input.link" Error fixed "A symbolic link leads out of the content, or to nothing."
    INPUT_NAME "input.name" Error fixed "A file name cannot be made into a URL."
    INPUT_SITE "input.site" Error fixed "A folder of the content holds the manifest of a published site."
    INPUT_SIZE "input.size" Error fixed "A page has more text or more parts than it may have, or a data file is too large to be read."
    INTERNAL_ERROR "internal.error" Error fixed "Opsbook failed on a page: a defect of Opsbook, not of the page."
    KIND_DEFINITION "kind.definition" Error fixed "A file in `kinds/` cannot be read or holds an unknown key or a wrong value."
    KIND_MISSING "kind.missing" Warn free "A page looks like minutes, a runbook or an analysis, and has no kind."
    KIND_UNKNOWN "kind.unknown" Error free "A page has a kind that is not defined."
    LEAK_ADDRESS "leak.address" Warn free conceals "The finished site holds an address of a private network."
    LEAK_DENIED "leak.denied" Error free conceals "The finished site holds a word of the handbook's own deny list."
    LEAK_DOMAIN "leak.domain" Warn free conceals "The finished site names a host of an internal domain."
    LEAK_EMAIL "leak.email" Warn free conceals "The finished site holds an e-mail address."
    LEAK_FILE "leak.file" Error free conceals "The finished site has a file that should not be published, such as a source map or a backup."
    LEAK_MACHINE "leak.machine" Warn free conceals "The finished site names the machine that it was built on, or a folder there."
    LEAK_PASSWORD "leak.password" Warn free conceals "The finished site seems to hold a password."
    LEAK_SECRET "leak.secret" Error free conceals "A private key or an access token would be published."
    LEAK_TOKEN "leak.token" Warn free conceals "The finished site holds a text that looks like an access token."
    LEAK_UNCHECKED "leak.unchecked" Warn free conceals "A part of the finished site, or a list of words, could not be checked."
    LINK_ANCHOR "link.anchor" Error free "A link names a heading that the page does not have."
    LINK_HIDDEN "link.hidden" Warn free "A link leads to a page or file that the site's audience may not see."
    LINK_INVALID "link.invalid" Error free "A link has a scheme that is not allowed, or cannot be read as a URL."
    LINK_MISSING "link.missing" Error free "A link leads to a page or file that does not exist."
    LINK_MOVED "link.moved" Warn free "A link names the old address of a page."
    LINK_UNPUBLISHED "link.unpublished" Error free "A link leads to a draft, or to a text that is only included."
    MARKDOWN_CELLS "markdown.cells" Warn free "A row has more cells than its table has columns, and what is in them is not shown."
    MARKDOWN_COMMENT "markdown.comment" Error free "A comment of another tool is published as text."
    MARKDOWN_FOOTNOTE "markdown.footnote" Warn free "A footnote is referred to but not defined, or defined but not referred to."
    MARKDOWN_FOREIGN "markdown.foreign" Warn free "Markup of another tool, or a table with a wrong line of dashes, is shown as text."
    MARKDOWN_INDENTED "markdown.indented" Warn free "A list is indented so far that it is shown as code."
    MARKDOWN_MATH "markdown.math" Error free "A formula cannot be read."
    MARKDOWN_NESTING "markdown.nesting" Error fixed "A page nests lists, quotes or emphasis deeper than 64 levels."
    MARKDOWN_SHORTCODE "markdown.shortcode" Warn free "A shortcode of Hugo, or a tag of Liquid, is shown as text."
    MINUTES_DATE "minutes.date" Warn free "The date of a meeting is missing, or the file's name and the first heading disagree about it."
    OUTPUT_CONFLICT "output.conflict" Error fixed "Two sources would write the same file."
    OUTPUT_NAME "output.name" Error fixed "A file of the site would have a name that not every file system takes."
    OWNER_FILE "owner.file" Warn free "A line of `CODEOWNERS` has no effect, or another one than it seems to have."
    PAGE_ID "page.id" Error fixed "Two pages have the same permanent name."
    PAGE_NAME "page.name" Warn free "The file name of a page has other characters than lower-case letters, digits and `-`, which its kind wants."
    PAGE_ORPHAN "page.orphan" Off free "No other page links or names a page."
    PEOPLE_FILE "people.file" Error free "`people.yaml` cannot be read, or gives one spelling to two people."
    PEOPLE_UNCLEAR "people.unclear" Warn free "It is unclear whether a list names participants, so too much or too little may be hidden."
    PLACEHOLDER_LEFT "placeholder.left" Warn free "A section still has the text that a new page begins with."
    PROSE_ADDRESS "prose.address" Off free "A text has an address of the public internet that is not reserved for documentation."
    PROSE_UNFINISHED "prose.unfinished" Warn free "A text has a mark of unfinished work, such as `TODO`."
    REDIRECT_MISSING "redirect.missing" Error free "An address of a page that was published leads nowhere now."
    REFERENCE_LOOP "reference.loop" Warn free "A field that a register draws as a graph leads from a page back to itself."
    REFERENCE_UNKNOWN "reference.unknown" Error free "A field names a page that does not exist."
    REGISTER_DEFINITION "register.definition" Error fixed "A file in `registers/` cannot be read or holds an unknown key or a wrong value."
    REVIEW_FUTURE "review.future" Warn free "A page says that it was reviewed on a day that is still to come."
    REVIEW_OVERDUE "review.overdue" Warn free "A page should have been reviewed before today."
    RULE_UNKNOWN "rule.unknown" Error fixed "A setting names a rule that does not exist or that has a fixed level."
    RUNBOOK_DANGER "runbook.danger" Warn free "A destructive command has no danger box before it in its section."
    RUNBOOK_EXAMPLE "runbook.example" Warn free "The example of a variable is in the page's prose, where no value replaces it."
    RUNBOOK_JOINED "runbook.joined" Warn free "The example of a variable is part of a longer name in a command, where no value replaces it."
    RUNBOOK_RISK "runbook.risk" Warn free "A page says that its risk is lower than that of one of its commands."
    RUNBOOK_UNRATED "runbook.unrated" Off free "A block with commands does not state their risk."
    RUNBOOK_UNUSED "runbook.unused" Warn free "A variable, or a text that it replaces, is not used in the page's code."
    RUNBOOK_VARIABLE "runbook.variable" Error free "A variable has a name, an example, a pattern or a text to replace that cannot work."
    RUNBOOK_WILDCARD "runbook.wildcard" Warn free "A destructive command has a wildcard, which the shell replaces with names that no one has read."
    SECTION_EMPTY "section.empty" Warn free "A section that the page's kind needs, or that a new page has, is empty."
    SECTION_MISSING "section.missing" Error free "A section that the page's kind needs is missing."
    STATIC_HIDDEN "static.hidden" Warn free "A hidden file in `static/` is not published."
    THEME_CHANGED "theme.changed" Warn free "A built-in template has changed since the handbook copied it."
    THEME_STRINGS "theme.strings" Error fixed "A file of texts in the handbook's theme cannot be read, or has an unknown key or placeholder."
    THEME_STRINGS_MISSING "theme.strings-missing" Warn free "A language that the handbook's theme adds lacks texts, so that English ones are shown."
    THEME_TEMPLATE "theme.template" Error fixed "A template cannot be read or fails on a page."
    THEME_UNUSED "theme.unused" Warn free "A file of the handbook's theme replaces no built-in file, and nothing uses it."
    TRANSCRIPT_FORM "transcript.form" Warn free "No line of a transcript has a speaker and a time."
    URL_CONFLICT "url.conflict" Error fixed "Two pages would have the same URL, also by case or Unicode form."
    VALUES_FILE "values.file" Error free "A file in `data/values/` cannot be read, or a set of values in it has a wrong value."
    VALUES_REFUSED "values.refused" Error free "A set has a value that the variable of a runbook refuses: for a secret, or one that does not match the pattern."
    VALUES_UNUSED "values.unused" Warn free "A set has a value for a variable that no page has."
    VISIBILITY_DEFAULT "visibility.default" Error fixed guards "Levels are in use, and `book.toml` does not set `visibility.default`."
    VISIBILITY_KEY "visibility.key" Error fixed guards "Nothing reads a key of front matter, in a handbook that uses levels."
    VISIBILITY_PATH "visibility.path" Error free guards "A pattern of `[visibility.paths]` fits no file that can be hidden."
    VISIBILITY_SETTING "visibility.setting" Error fixed guards "The visibility settings in `book.toml` cannot be read."
    VISIBILITY_STRAY "visibility.stray" Error fixed guards "A mark that should hide something has no effect here."
    VISIBILITY_UNCLOSED "visibility.unclosed" Error fixed guards "A block that hides something is not closed before its container or the page ends."
    VISIBILITY_UNKNOWN "visibility.unknown" Error fixed guards "A level of visibility, a clearance, an embargo or a draft cannot be read."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_names_are_unique() {
        assert!(RULES.windows(2).all(|pair| pair[0].name < pair[1].name));
    }
}
