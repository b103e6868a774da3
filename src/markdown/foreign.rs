//! Markup of other tools that Markdown shows as text.
//!
//! Owns the table of forms: how each begins, what it looks like, which tool reads it, and what to write in its place.
//! A text goes in, finds come out; where the text stands is the business of `shown`. A comment of another tool is
//! a find like the others, but each is reported, because its author takes it for hidden.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::blocks::ADMONITIONS;
use super::emoji;
use super::shown::GAP;
use crate::diagnostic::Diagnostic;
use crate::rules::{MARKDOWN_COMMENT, MARKDOWN_FOREIGN, MARKDOWN_SHORTCODE, Rule};
use crate::source::{Span, floor_boundary};

/// No form is longer than this, in bytes, so that the work stays linear.
const LONGEST: usize = 400;

/// What becomes of the codes of emoji in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Emoji {
    AsText,
    AsSigns,
}

/// One piece of foreign markup.
#[derive(Debug)]
pub(super) struct Found {
    rule: &'static Rule,
    message: String,
    help: Cow<'static, str>,
    /// Where it stands in the text.
    pub range: Range<usize>,
}

/// What the blocks of a text hold: each form once, with its first place and how often it occurs.
#[derive(Debug, Default)]
pub(super) struct Finds {
    forms: BTreeMap<String, (Diagnostic, usize)>,
    comments: Vec<Diagnostic>,
}

impl Finds {
    pub fn add(&mut self, found: Found, span: Span) {
        let problem = Diagnostic::new(found.rule, span, found.message.as_str()).help(found.help);
        if *found.rule == MARKDOWN_COMMENT {
            return self.comments.push(problem);
        }
        self.forms.entry(found.message).or_insert((problem, 0)).1 += 1;
    }

    pub fn diagnostics(self) -> impl Iterator<Item = Diagnostic> {
        let forms = self.forms.into_values().map(|(problem, times)| match times {
            1 => problem,
            _ => Diagnostic { message: format!("{} ({times} times)", problem.message).into(), ..problem },
        });
        forms.chain(self.comments)
    }
}

/// A way to write something that Markdown does not know.
struct Form {
    /// How it begins.
    start: &'static str,
    at: At,
    tool: &'static str,
    read: fn(&Here<'_>) -> Option<Seen>,
}

/// Where a form may begin.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Line,
    Anywhere,
}

/// What a form turned out to be.
struct Seen {
    rule: &'static Rule,
    form: String,
    help: Cow<'static, str>,
    length: usize,
}

const DIRECTIVE: &str = "write `:::note Title` above the text and `:::` below it, without indenting the text";
const DETAILS: &str =
    "write `:::details Title` above the text and `:::` below it, without indenting the text";
const TABS: &str = "write `:::tab[Name]` … `:::` for each tab, all of them within `::::tabs` … `::::`";
const INCLUDE: &str = "write `::include file.md` on a line of its own";
const LINK: &str = "write an ordinary link: `[text](file.md)`";
const IMAGE: &str = "write an ordinary image: `![what it shows](file.png)`";
const BLOCK: &str = "write a fenced code block";
const CONTENTS: &str = "delete it: each page lists its headings beside the text";
const COMMENT: &str = "write `<!-- … -->`, which is left out of the page, or delete the text";
const WRITE_OUT: &str = "write what it stands for; if it is an example, put it into backticks";
const ATTRIBUTES: &str = "delete it; behind a heading write `{#id}`, and give an image its size with `<img src=\"…\" width=\"…\">`";

/// All forms. Of two that fit, the first one counts.
const FORMS: &[Form] = &[
    Form { start: "!!!", at: At::Line, tool: "MkDocs", read: admonition },
    Form { start: "???", at: At::Line, tool: "MkDocs", read: admonition },
    Form { start: "===", at: At::Line, tool: "MkDocs", read: tab },
    Form { start: "--8<--", at: At::Line, tool: "MkDocs", read: snippet },
    Form { start: ":", at: At::Anywhere, tool: "MkDocs", read: icon },
    Form { start: ":", at: At::Anywhere, tool: "GitHub and GitLab", read: emoji_code },
    Form { start: "++", at: At::Anywhere, tool: "MkDocs", read: key },
    Form { start: "==", at: At::Anywhere, tool: "MkDocs and Obsidian", read: marked },
    Form { start: "!> ", at: At::Line, tool: "Docsify", read: hint },
    Form { start: "?> ", at: At::Line, tool: "Docsify", read: hint },
    Form { start: "[!", at: At::Line, tool: "Obsidian", read: callout },
    Form { start: "[//]: #", at: At::Line, tool: "Markdown below an empty line", read: label_comment },
    Form { start: "[", at: At::Line, tool: "GitLab and Python-Markdown", read: contents },
    Form { start: "![[", at: At::Anywhere, tool: "Obsidian", read: embed },
    Form { start: "[[", at: At::Anywhere, tool: "a wiki", read: wiki_link },
    Form { start: "%%", at: At::Line, tool: "Obsidian", read: percent_comment },
    Form { start: "{{/*", at: At::Anywhere, tool: "Hugo", read: comment },
    Form { start: "{{- /*", at: At::Anywhere, tool: "Hugo", read: comment },
    Form { start: "{{!", at: At::Anywhere, tool: "Handlebars", read: handlebars_comment },
    Form { start: "{{<", at: At::Anywhere, tool: "Hugo", read: shortcode },
    Form { start: "{{%", at: At::Anywhere, tool: "Hugo", read: shortcode },
    Form { start: "{{#", at: At::Anywhere, tool: "mdBook", read: mdbook },
    Form { start: "{{", at: At::Anywhere, tool: "Jekyll", read: liquid_value },
    Form { start: "{%", at: At::Anywhere, tool: "Liquid", read: liquid_tag },
    Form { start: "{/*", at: At::Anywhere, tool: "MDX", read: mdx_comment },
    Form { start: "{# ", at: At::Anywhere, tool: "Jinja", read: closed_comment },
    Form { start: "{:", at: At::Anywhere, tool: "kramdown and MkDocs", read: kramdown },
    Form { start: "{", at: At::Anywhere, tool: "MkDocs and Hugo", read: attributes },
    Form { start: "{", at: At::Line, tool: "Confluence", read: macro_of_confluence },
];

/// What a text holds of other tools' markup, in order.
pub(super) fn find(text: &str, codes: Emoji) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if at < from || !b"!?=-:+[%{".contains(&byte) {
            continue;
        }
        let here = Here { text, at, codes };
        let Some((tool, seen)) = FORMS.iter().find_map(|form| here.read(form)) else { continue };
        from = at + seen.length;
        let message = match *seen.rule == MARKDOWN_COMMENT {
            true => format!("`{}` is a comment of {tool}, but readers see its text", seen.form),
            false => format!("`{}` of {tool} is shown as text", seen.form),
        };
        found.push(Found { rule: seen.rule, message, help: seen.help, range: at..from });
    }
    found
}

/// A place in a text.
struct Here<'t> {
    text: &'t str,
    at: usize,
    codes: Emoji,
}

impl<'t> Here<'t> {
    fn read(&self, form: &Form) -> Option<(&'static str, Seen)> {
        let fits = self.text[self.at..].starts_with(form.start)
            && (form.at == At::Anywhere || self.begins_line())
            && !self.before().ends_with('\\');
        let seen = if fits { (form.read)(self) } else { None };
        seen.map(|seen| (form.tool, seen))
    }

    fn before(&self) -> &'t str {
        &self.text[..self.at]
    }

    fn begins_line(&self) -> bool {
        let before = self.before().trim_end_matches([' ', '\t']);
        before.is_empty() || before.ends_with('\n')
    }

    /// What follows, as far as a form may reach.
    fn reach(&self) -> &'t str {
        &self.text[self.at..floor_boundary(self.text, self.at + LONGEST)]
    }

    /// The rest of the line, as far as a form may reach.
    fn line(&self) -> &'t str {
        self.reach().split('\n').next().unwrap_or_default()
    }

    /// What stands between `start`, which begins here, and the next `end` in the line.
    fn between(&self, start: &str, end: &str) -> Option<&'t str> {
        let inside = self.line().strip_prefix(start)?;
        // Looking for a character is many times faster than for a text, and this is asked of every brace.
        let mut ends = inside.match_indices(end.chars().next()?).map(|(at, _)| &inside[at..]);
        let behind = ends.find(|behind| behind.starts_with(end))?;
        Some(&inside[..inside.len() - behind.len()])
    }

    /// Whether a word ends right before this place.
    fn follows_a_word(&self) -> bool {
        self.before().ends_with(|c: char| c.is_alphanumeric() || c == '_')
    }

    /// Whether a word begins `length` bytes on.
    fn precedes_a_word(&self, length: usize) -> bool {
        self.text[self.at + length..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
    }
}

/// A find of the rule for foreign markup.
fn seen(form: impl Into<String>, length: usize, help: impl Into<Cow<'static, str>>) -> Option<Seen> {
    Some(Seen { rule: &MARKDOWN_FOREIGN, form: form.into(), help: help.into(), length })
}

fn hidden(form: &str, length: usize) -> Option<Seen> {
    Some(Seen { rule: &MARKDOWN_COMMENT, form: form.to_owned(), help: COMMENT.into(), length })
}

/// Names of MkDocs' admonitions, and of Obsidian's callouts.
const KINDS: &[&str] = &[
    "abstract",
    "attention",
    "bug",
    "caution",
    "check",
    "cite",
    "danger",
    "done",
    "error",
    "example",
    "fail",
    "failure",
    "faq",
    "help",
    "hint",
    "important",
    "info",
    "missing",
    "note",
    "question",
    "quote",
    "success",
    "summary",
    "tip",
    "tldr",
    "todo",
    "warning",
];

/// `!!! note "Title"`, `???+ note`.
fn admonition(here: &Here<'_>) -> Option<Seen> {
    let line = here.line();
    let sign = &line[..3];
    let rest = line[3..].trim_start_matches('+').trim();
    let quoted = rest.ends_with('"');
    let words = rest.split('"').next().unwrap_or_default();
    let mut words = words.split_whitespace();
    let kind = words.next()?;
    let known = KINDS.contains(&kind.to_ascii_lowercase().as_str());
    let alone = words.all(|word| matches!(word, "inline" | "end")) && !rest.contains('"');
    let plain = kind.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !(plain && (quoted || known && alone)) {
        return None;
    }
    seen(format!("{sign} {kind}"), line.len(), if sign == "!!!" { DIRECTIVE } else { DETAILS })
}

/// `=== "Tab"`.
fn tab(here: &Here<'_>) -> Option<Seen> {
    let line = here.line().trim_end();
    let title = line[3..].trim_start_matches(['!', '+']).trim_start();
    let quoted = title.len() > 2 && title.starts_with('"') && title.ends_with('"');
    if quoted { seen("=== \"…\"", line.len(), TABS) } else { None }
}

fn snippet(here: &Here<'_>) -> Option<Seen> {
    seen("--8<--", here.line().len(), INCLUDE)
}

/// `:material-check:`.
fn icon(here: &Here<'_>) -> Option<Seen> {
    let name = here.between(":", ":")?;
    let (set, icon) = name.split_once('-')?;
    let known = matches!(set, "material" | "fontawesome" | "octicons" | "simple");
    let plain = icon.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if !(known && plain && !icon.is_empty()) {
        return None;
    }
    seen(format!(":{set}-…:"), name.len() + 2, "write the sign itself, such as ✓, or a word")
}

/// `:smile:`.
fn emoji_code(here: &Here<'_>) -> Option<Seen> {
    let text = here.codes == Emoji::AsText && !here.follows_a_word();
    let name = here.between(":", ":").filter(|_| text)?;
    let sign = emoji::known(name).filter(|_| !here.precedes_a_word(name.len() + 2))?;
    seen(format!(":{name}:"), name.len() + 2, format!("write the sign itself: {sign}"))
}

/// `++ctrl+alt++`.
fn key(here: &Here<'_>) -> Option<Seen> {
    let keys = here.between("++", "++").filter(|_| !here.follows_a_word())?;
    let plain = keys.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-\"".contains(&byte));
    if !plain || keys.is_empty() || here.precedes_a_word(keys.len() + 4) {
        return None;
    }
    seen("++…++", keys.len() + 4, "write `<kbd>Ctrl</kbd>` for a key")
}

/// `==marked==`.
fn marked(here: &Here<'_>) -> Option<Seen> {
    let words = here.between("==", "==")?;
    let length = words.len() + 4;
    let edge = |c: char| c.is_whitespace() || c == '=';
    let apart = here.follows_a_word() || here.before().ends_with('=') || here.precedes_a_word(length);
    let doubled = here.text[here.at + length..].starts_with('=');
    if apart || doubled || words.is_empty() || words.starts_with(edge) || words.ends_with(edge) {
        return None;
    }
    seen("==…==", length, "write `<mark>text</mark>`")
}

/// `?> text`.
fn hint(here: &Here<'_>) -> Option<Seen> {
    seen(here.line()[..2].to_owned(), 3, DIRECTIVE)
}

/// `[!success] Title` at the beginning of a quote.
fn callout(here: &Here<'_>) -> Option<Seen> {
    let name = here.between("[!", "]").filter(|_| here.before().trim().is_empty())?;
    let kind = name.split('|').next().unwrap_or_default().to_ascii_lowercase();
    let known = ADMONITIONS.iter().any(|(known, _)| *known == kind);
    if known || !KINDS.contains(&kind.as_str()) {
        return None;
    }
    let help = "write `> [!NOTE] Title` with one of the names note, tip, info, important, warning, caution and danger";
    seen(format!("> [!{name}]"), name.len() + 3, help)
}

/// `[[_TOC_]]` alone in its line.
fn contents(here: &Here<'_>) -> Option<Seen> {
    let line = here.line().trim_end();
    let known = ["[[_TOC_]]", "[[TOC]]", "[TOC]", "[_TOC_]"];
    if known.iter().any(|form| form.eq_ignore_ascii_case(line)) {
        seen(line, line.len(), CONTENTS)
    } else {
        None
    }
}

/// `![[page]]`.
fn embed(here: &Here<'_>) -> Option<Seen> {
    let target = here.between("![[", "]]").filter(|target| is_page(target))?;
    let help = "write `![what it shows](file.png)` for an image, `::include file.md` for a text";
    seen("![[…]]", target.len() + 5, help)
}

/// `[[page]]`.
fn wiki_link(here: &Here<'_>) -> Option<Seen> {
    let target = here.between("[[", "]]").filter(|target| is_page(target))?;
    // `[[x]](y)` is meant as a link with brackets in its text.
    let link = here.text[here.at + target.len() + 4..].starts_with(['(', '[', ']']);
    if link { None } else { seen("[[…]]", target.len() + 4, LINK) }
}

/// Whether the text between double brackets can be the name of a page: no test of a shell, no list of lists.
fn is_page(target: &str) -> bool {
    let letters = target.chars().filter(|c| c.is_alphabetic()).count() > 1;
    letters && target.trim() == target && !target.contains(['[', ']', '"', '\'', '$', '=', '<', '{', GAP])
}

/// `%% text %%`.
fn percent_comment(here: &Here<'_>) -> Option<Seen> {
    let words = here.between("%%", "%%")?;
    if words.trim().is_empty() { None } else { hidden("%% … %%", words.len() + 4) }
}

/// `{{/* text */}}`: the text may go on in the next paragraph.
fn comment(here: &Here<'_>) -> Option<Seen> {
    hidden("{{/* … */}}", until(here, "*/"))
}

/// `[//]: # (text)`, which is a comment only where no text stands above it.
fn label_comment(here: &Here<'_>) -> Option<Seen> {
    hidden("[//]: # (…)", here.line().len())
}

fn handlebars_comment(here: &Here<'_>) -> Option<Seen> {
    let rest = here.line().strip_prefix("{{!")?;
    let opens = rest.starts_with("--") || rest.starts_with(' ') && rest.contains("}}");
    if opens { hidden("{{! … }}", until(here, "}}")) } else { None }
}

/// `{/* text */}`, but not the `{/*,x}` of a shell.
fn mdx_comment(here: &Here<'_>) -> Option<Seen> {
    let path = here.follows_a_word() || here.before().ends_with(['/', '*', '.', '}']);
    let rest = &here.line()[3..];
    let comment = rest.is_empty() || rest.starts_with([' ', '*']) || here.between("{/*", "*/}").is_some();
    if path || !comment { None } else { hidden("{/* … */}", until(here, "*/}")) }
}

fn closed_comment(here: &Here<'_>) -> Option<Seen> {
    let words = here.between("{# ", "#}")?;
    hidden("{# … #}", words.len() + 5)
}

/// How far a comment reaches in its block, as far as a form may.
fn until(here: &Here<'_>, end: &str) -> usize {
    let rest = here.reach();
    rest.find(end).map_or(rest.len(), |at| at + end.len())
}

/// `{{< name … >}}`, `{{% name … %}}`.
fn shortcode(here: &Here<'_>) -> Option<Seen> {
    let line = here.reach();
    let name = line[3..].trim_start().split(|c: char| c.is_whitespace() || "%>}".contains(c)).next()?;
    let end = if line.starts_with("{{<") { ">}}" } else { "%}}" };
    let length = line.find(end).map_or(3, |at| at + 3);
    if name.is_empty() || name.starts_with('/') && !name.starts_with("/*") {
        return None;
    }
    let help = match name {
        "alert" | "callout" | "note" | "pageinfo" | "panel" | "tip" | "warning" => DIRECTIVE,
        "details" | "expand" => DETAILS,
        "tabs" | "tab" | "tabpane" => TABS,
        "include" | "readfile" => INCLUDE,
        "ref" | "relref" | "youtube" | "vimeo" => LINK,
        "figure" | "img" | "imgproc" => IMAGE,
        "highlight" => BLOCK,
        _ => WRITE_OUT,
    };
    let form = format!("{} {name} {end}", &line[..3]);
    Some(Seen { rule: &MARKDOWN_SHORTCODE, form, help: help.into(), length })
}

/// `{{#include file}}`.
fn mdbook(here: &Here<'_>) -> Option<Seen> {
    let inside = here.between("{{#", "}}")?;
    let name = inside.split_whitespace().next()?;
    let help = match name {
        "include" | "rustdoc_include" | "shiftinclude" => INCLUDE,
        "playground" | "playpen" => BLOCK,
        "title" => "write `title: …` in the front matter",
        _ => return None,
    };
    seen(format!("{{{{#{name}}}}}"), inside.len() + 5, help)
}

/// `{{ site.title }}`. Values of other templates are often examples.
fn liquid_value(here: &Here<'_>) -> Option<Seen> {
    let inside = here.between("{{", "}}")?;
    let (object, _) = inside.trim_start_matches('-').trim_start().split_once('.')?;
    let known = matches!(object, "site" | "page" | "layout" | "paginator" | "jekyll" | "include");
    if known { seen(format!("{{{{ {object}.… }}}}"), inside.len() + 4, WRITE_OUT) } else { None }
}

/// `{% name … %}`.
fn liquid_tag(here: &Here<'_>) -> Option<Seen> {
    let rest = here.reach().strip_prefix("{%")?;
    // No tag holds another one: of many that are open each is read to the next.
    let mut signs = rest.match_indices('%').map(|(at, _)| at);
    let end = signs.find(|at| rest[at + 1..].starts_with('}') || rest[..*at].ends_with('{'))?;
    let inside = rest.get(..end).filter(|inside| !inside.ends_with('{'))?;
    let name = inside.trim_matches('-').split_whitespace().next()?;
    if matches!(name, "comment" | "#") {
        return hidden("{% comment %}", inside.len() + 4);
    }
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    if !plain
        || name.starts_with("end")
        || matches!(name, "else" | "elif" | "elsif" | "when" | "break" | "continue")
    {
        return None;
    }
    let help = match name {
        "include" | "include_relative" | "render" => INCLUDE,
        "link" | "post_url" | "embed" | "content-ref" | "youtube" | "vimeo" | "pdf" => LINK,
        "asset" | "figure" | "img" => IMAGE,
        "code" | "highlight" => BLOCK,
        "hint" | "callout" => DIRECTIVE,
        "tab" | "tabs" => TABS,
        "raw" => "delete it: nothing in a page is run as a template",
        _ => WRITE_OUT,
    };
    let form = format!("{{% {name} %}}");
    Some(Seen { rule: &MARKDOWN_SHORTCODE, form, help: help.into(), length: inside.len() + 4 })
}

/// `{: .class }`, `{:toc}`, `{::options … /}`.
fn kramdown(here: &Here<'_>) -> Option<Seen> {
    let inside = here.between("{:", "}")?;
    let length = inside.len() + 3;
    match inside.strip_prefix(':') {
        Some(extension) if extension.starts_with("comment") => return hidden("{::comment}", length),
        Some(extension) if extension.starts_with("nomarkdown") || extension.starts_with("options") => {
            return seen("{::…}", length, "delete it");
        }
        Some(_) => return None,
        None => {}
    }
    if inside.trim().eq_ignore_ascii_case("toc") {
        return seen("{:toc}", length, CONTENTS);
    }
    let names = inside.split_once(':').filter(|(name, _)| is_word(name)).map_or(inside, |(_, rest)| rest);
    if is_list_of_attributes(names) { seen("{: .class }", length, ATTRIBUTES) } else { None }
}

/// `{ .class }` behind an element, or alone in a line.
fn attributes(here: &Here<'_>) -> Option<Seen> {
    let attached = here.before().ends_with([GAP, '*', '_', ':', ']', ')']);
    let begins_line = here.begins_line();
    if !attached && !begins_line {
        return None;
    }
    let inside = here.between("{", "}")?;
    let length = inside.len() + 2;
    let after = here.line()[length..].trim_start();
    let alone = begins_line && after.is_empty();
    if (alone || attached) && is_list_of_attributes(inside) {
        seen("{ .class }", length, ATTRIBUTES)
    } else {
        None
    }
}

/// Whether a text is a list of `.class`, `#id` and `name=value`.
fn is_list_of_attributes(text: &str) -> bool {
    let mut rest = text.trim();
    let mut count = 0;
    while !rest.is_empty() {
        let name = rest.trim_start_matches(['.', '#']);
        let length =
            name.find(|c: char| !(c.is_ascii_alphanumeric() || "_-".contains(c))).unwrap_or(name.len());
        let after = &name[length..];
        let value = match (name.len() == rest.len(), after.strip_prefix('=')) {
            (true, Some(value)) => value_length(value),
            (false, None) => Some(0),
            _ => None,
        };
        let Some(value) = value.filter(|_| length > 0) else { return false };
        let end = if after.starts_with('=') { 1 + value } else { 0 };
        rest = &after[end..];
        if !rest.is_empty() && !rest.starts_with([' ', '\t']) {
            return false;
        }
        rest = rest.trim_start();
        count += 1;
    }
    count > 0
}

/// How long a value is, with its quotation marks.
fn value_length(value: &str) -> Option<usize> {
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    match quote {
        Some(quote) => {
            let (inside, _) = value.strip_prefix(quote)?.split_once(quote)?;
            Some(inside.len() + 2 * quote.len_utf8())
        }
        None => {
            let length = value.find([' ', '\t']).unwrap_or(value.len());
            let plain = |c: char| c.is_alphanumeric() || "_-.%#/".contains(c);
            (length > 0 && value[..length].chars().all(plain)).then_some(length)
        }
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

/// `{code:java}` alone in its line.
fn macro_of_confluence(here: &Here<'_>) -> Option<Seen> {
    let line = here.line().trim_end();
    let inside = line.strip_prefix('{')?.strip_suffix('}')?;
    let name = inside.split(':').next().unwrap_or_default();
    let help = match name {
        "code" | "noformat" => BLOCK,
        "toc" => CONTENTS,
        "info" | "note" | "panel" | "tip" | "warning" => DIRECTIVE,
        "expand" => DETAILS,
        _ => return None,
    };
    if inside.contains(['{', '}']) { None } else { seen(format!("{{{name}}}"), line.len(), help) }
}

/// Lines of a text that look like a table and are none. `line` gives the source's line at an offset of the text.
pub(super) fn table<'s>(text: &str, line: impl Fn(usize) -> &'s str) -> Option<Found> {
    if !text.contains('|') || !text.contains('\n') {
        return None;
    }
    let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
    let lines: Vec<(usize, &str)> =
        starts.map(|at| (at, text[at..].split('\n').next().unwrap_or_default())).collect();
    let row =
        |text: &str| text.trim().starts_with('|') && text.trim().len() > 1 && text.trim()[1..].contains('|');
    let pair = lines.windows(2).find(|pair| {
        let (first, second) = (pair[0].1, pair[1].1);
        row(first) && row(second) || first.contains('|') && is_delimiter(second)
    })?;
    let (first, second) = (line(pair[0].0), line(pair[1].0));
    let (head, dashes) = (columns(first), columns(second));
    let help = if !is_delimiter(second) {
        "write a line such as `| --- | --- |` below the first one".to_owned()
    } else if head == dashes {
        "put an empty line before it".to_owned()
    } else {
        format!("the line of dashes has {dashes} columns and the line above it {head}: make them equal")
    };
    let range = pair[0].0..pair[0].0 + pair[0].1.len().max(1);
    let message = "lines that look like a table are shown as text".to_owned();
    Some(Found { rule: &MARKDOWN_FOREIGN, message, help: help.into(), range })
}

/// Whether a line divides the head of a table from its rows.
fn is_delimiter(line: &str) -> bool {
    line.contains('|') && line.contains("--") && line.bytes().all(|byte| b"|:- \t\r".contains(&byte))
}

/// How many cells a line has.
fn columns(line: &str) -> usize {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let line = line.strip_suffix('|').filter(|rest| !rest.ends_with('\\')).unwrap_or(line);
    let bars = line.match_indices('|').filter(|(at, _)| !line[..*at].ends_with('\\'));
    bars.count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(text: &str) -> Vec<String> {
        find(text, Emoji::AsText).into_iter().map(|found| text[found.range].to_owned()).collect()
    }

    #[test]
    fn the_whole_form_is_found() {
        for form in [
            "!!! note",
            "!!!tip \"A title\"",
            "!!! danger inline end",
            "???+ note \"T\"",
            "=== \"Tab\"",
            "--8<-- \"a.md\"",
            ":material-check:",
            ":+1:",
            "++ctrl+alt++",
            "==marked words==",
            "[[_TOC_]]",
            "[toc]",
            "[[A page]]",
            "[[a|b]]",
            "![[a.png]]",
            "[!faq]",
            "{{< youtube a >}}",
            "{{% alert title=\"a\"\nb=\"c\" %}}",
            "{{</* alert */>}}",
            "{{#include a.rs}}",
            "{{ site.title }}",
            "{{page.url}}",
            "{% asset 'a.png' %}",
            "{% include a.html\n b=1 %}",
            "{% hint style=\"info\" %}",
            "{: .a #b c=\"d e\"}",
            "{:toc}",
            "{:refs: .a}",
            "{ .md-button }",
            "{width=300}",
            "{code:java}",
            "{toc}",
            "{{/* a\nb */}}",
            "{/* a */}",
            "{# a #}",
            "{% comment %}",
            "[//]: # (words)",
            "{::comment}",
            "{{!-- a --}}",
            "%% a %%",
        ] {
            let text = form.trim_end_matches("*/}}").trim_end_matches("--}}");
            assert!(
                forms(form).first().is_some_and(|found| found.starts_with(text)),
                "{form}: {:?}",
                forms(form)
            );
        }
    }

    #[test]
    fn what_only_looks_alike_is_not_found() {
        for text in [
            "!!! attention please",
            "!!! Attention: this",
            "??? why",
            "a !!! note",
            "=== a ===",
            "=== \"a\" b",
            "10:30:45",
            "a:warning:b",
            ":warning:b",
            ":nonsense:",
            "::",
            "C++ and C++",
            "i++ or j++",
            "a == b == c",
            "x==1,y==2",
            "== a ==",
            "===== a =====",
            "[[ -f a ]]",
            "[[1]](a)",
            "[[1, 2], [3]]",
            "[[\"a\"]]",
            "a [TOC]",
            "[!bogus]",
            "a [!note]",
            "{{ $labels.instance }}",
            "{{ item.name }}",
            "{{ .Values.a }}",
            "{{#if a}}",
            "{{ website.a }}",
            "{% endfor %}",
            "{{< /alert >}}",
            "{{% /alert %}}",
            "up{job=\"a\"}",
            "/users/{id}",
            "{id}",
            "a {.b} c",
            "{:ok, a}",
            "{:a}",
            "/a/{code}",
            "a {note} b",
            "{a, b}",
            "{x=1,y=2}",
            "a{/*,b}",
            "*/{/*,b}",
            "100%% and 5%%",
            "\\{{< a >}}",
            "\\[[a page]]",
            "\\{% a %}",
            "",
        ] {
            assert_eq!(forms(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn signs_that_become_emoji_are_no_text() {
        assert_eq!(find(":tada: [[a page]]", Emoji::AsSigns).len(), 1);
    }

    #[test]
    fn tables_are_told_from_prose() {
        let help = |text: &str| {
            table(text, |at| text[at..].split('\n').next().unwrap()).map(|found| found.help.into_owned())
        };
        assert_eq!(
            help("|a|`b|c`|\n|-|--|\n").as_deref(),
            Some("the line of dashes has 2 columns and the line above it 3: make them equal")
        );
        assert_eq!(
            help("a\n|b|c|\n|d|e|").as_deref(),
            Some("write a line such as `| --- | --- |` below the first one")
        );
        assert_eq!(help("|a|b|\n|--|--|").as_deref(), Some("put an empty line before it"));
        for prose in ["|a|b|", "|x| is\na size", "a | b\nc | d", "|x| is\n|y", "--\n|"] {
            assert_eq!(help(prose), None, "{prose}");
        }
    }

    #[test]
    fn no_form_is_longer_than_the_limit() {
        // So no opening is looked at for longer, and the work stays linear.
        let long = "a".repeat(2 * LONGEST);
        for (start, end) in [("[[", "]]"), ("==", "=="), ("{% ", "%}"), ("{{ site.", "}}"), ("{# ", "#}")] {
            assert!(!forms(&format!("{start}ab{end}")).is_empty());
            assert_eq!(forms(&format!("{start}{long}{end}")), Vec::<String>::new(), "{start}");
        }
        for start in ["{{/* ", "{/* ", "!!! note \"", "{{<\n"] {
            assert!(forms(&format!("{start}{long}\"")).iter().all(|found| found.len() <= LONGEST), "{start}");
        }
    }
}
