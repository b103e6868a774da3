//! Finds markup of other tools that Markdown shows as text.
//!
//! Owns the table of these syntaxes: how each begins, how it looks, which tool reads it, and what to write instead.
//! `block_search` collects the text and converts the spans. A comment of another tool is found in the same way, but each
//! one is reported, because its author believes that it is hidden.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::directive_names::ADMONITIONS;
use super::emoji;
use crate::diagnostic::Diagnostic;
use crate::rules::{MARKDOWN_COMMENT, MARKDOWN_FOREIGN, MARKDOWN_SHORTCODE, Rule};
use crate::source::{Span, floor_boundary};

/// Replaces content that is shown but is not text, such as code.
pub(super) const GAP: char = '\u{FFFC}';

/// The most bytes of one piece of markup. It keeps the search linear.
const LONGEST: usize = 400;

/// Whether emoji codes in a text are shown as text or become characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Emoji {
    #[default]
    AsText,
    AsSigns,
}

/// One piece of foreign markup.
#[derive(Debug)]
pub(super) struct ForeignMarkup {
    rule: &'static Rule,
    message: String,
    help: Cow<'static, str>,
    /// The range in the searched text.
    pub range: Range<usize>,
}

/// The foreign markup in the blocks of a text: each syntax once, with its first position and the number of occurrences.
#[derive(Debug, Default)]
pub(super) struct ForeignFinds {
    forms: BTreeMap<String, (Diagnostic, usize)>,
    comments: Vec<Diagnostic>,
}

impl ForeignFinds {
    pub fn add(&mut self, found: ForeignMarkup, span: Span) {
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

/// A syntax that Markdown does not know.
struct ForeignSyntax {
    /// The text that it begins with.
    start: &'static str,
    at: SyntaxStart,
    tool: &'static str,
    read: fn(&MarkupCursor<'_>) -> Option<SyntaxMeaning>,
}

/// Where a syntax may begin.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SyntaxStart {
    Line,
    Anywhere,
}

/// The reading of one piece of markup.
struct SyntaxMeaning {
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

/// All syntaxes. If two match, the first one counts.
const FORMS: &[ForeignSyntax] = &[
    ForeignSyntax { start: "!!!", at: SyntaxStart::Line, tool: "MkDocs", read: admonition },
    ForeignSyntax { start: "???", at: SyntaxStart::Line, tool: "MkDocs", read: admonition },
    ForeignSyntax { start: "===", at: SyntaxStart::Line, tool: "MkDocs", read: tab },
    ForeignSyntax { start: "--8<--", at: SyntaxStart::Line, tool: "MkDocs", read: snippet },
    ForeignSyntax { start: ":", at: SyntaxStart::Anywhere, tool: "MkDocs", read: icon },
    ForeignSyntax { start: ":", at: SyntaxStart::Anywhere, tool: "GitHub and GitLab", read: emoji_code },
    ForeignSyntax { start: "++", at: SyntaxStart::Anywhere, tool: "MkDocs", read: key },
    ForeignSyntax { start: "==", at: SyntaxStart::Anywhere, tool: "MkDocs and Obsidian", read: marked },
    ForeignSyntax { start: "!> ", at: SyntaxStart::Line, tool: "Docsify", read: hint },
    ForeignSyntax { start: "?> ", at: SyntaxStart::Line, tool: "Docsify", read: hint },
    ForeignSyntax { start: "[!", at: SyntaxStart::Line, tool: "Obsidian", read: callout },
    ForeignSyntax {
        start: "[//]: #",
        at: SyntaxStart::Line,
        tool: "Markdown below an empty line",
        read: label_comment,
    },
    ForeignSyntax { start: "[", at: SyntaxStart::Line, tool: "GitLab and Python-Markdown", read: contents },
    ForeignSyntax { start: "![[", at: SyntaxStart::Anywhere, tool: "Obsidian", read: embed },
    ForeignSyntax { start: "[[", at: SyntaxStart::Anywhere, tool: "a wiki", read: wiki_link },
    ForeignSyntax { start: "%%", at: SyntaxStart::Line, tool: "Obsidian", read: percent_comment },
    ForeignSyntax { start: "{{/*", at: SyntaxStart::Anywhere, tool: "Hugo", read: comment },
    ForeignSyntax { start: "{{- /*", at: SyntaxStart::Anywhere, tool: "Hugo", read: comment },
    ForeignSyntax { start: "{{!", at: SyntaxStart::Anywhere, tool: "Handlebars", read: handlebars_comment },
    ForeignSyntax { start: "{{<", at: SyntaxStart::Anywhere, tool: "Hugo", read: shortcode },
    ForeignSyntax { start: "{{%", at: SyntaxStart::Anywhere, tool: "Hugo", read: shortcode },
    ForeignSyntax { start: "{{#", at: SyntaxStart::Anywhere, tool: "mdBook", read: mdbook },
    ForeignSyntax { start: "{{", at: SyntaxStart::Anywhere, tool: "Jekyll", read: liquid_value },
    ForeignSyntax { start: "{%", at: SyntaxStart::Anywhere, tool: "Liquid", read: liquid_tag },
    ForeignSyntax { start: "{/*", at: SyntaxStart::Anywhere, tool: "MDX", read: mdx_comment },
    ForeignSyntax { start: "{# ", at: SyntaxStart::Anywhere, tool: "Jinja", read: closed_comment },
    ForeignSyntax { start: "{:", at: SyntaxStart::Anywhere, tool: "kramdown and MkDocs", read: kramdown },
    ForeignSyntax { start: "{", at: SyntaxStart::Anywhere, tool: "MkDocs and Hugo", read: attributes },
    ForeignSyntax { start: "{", at: SyntaxStart::Line, tool: "Confluence", read: macro_of_confluence },
];

/// Finds the markup of other tools in a text, in order.
pub(super) fn find(text: &str, codes: Emoji) -> Vec<ForeignMarkup> {
    let mut found: Vec<ForeignMarkup> = Vec::new();
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if at < from || !b"!?=-:+[%{".contains(&byte) {
            continue;
        }
        let here = MarkupCursor { text, at, codes };
        let Some((tool, seen)) = FORMS.iter().find_map(|form| here.read(form)) else { continue };
        from = at + seen.length;
        let message = if *seen.rule == MARKDOWN_COMMENT {
            format!("`{}` is a comment of {tool}, but readers see its text", seen.form)
        } else {
            format!("`{}` of {tool} is shown as text", seen.form)
        };
        found.push(ForeignMarkup { rule: seen.rule, message, help: seen.help, range: at..from });
    }
    found
}

/// A position in a text.
struct MarkupCursor<'t> {
    text: &'t str,
    at: usize,
    codes: Emoji,
}

impl<'t> MarkupCursor<'t> {
    fn read(&self, form: &ForeignSyntax) -> Option<(&'static str, SyntaxMeaning)> {
        let fits = self.text[self.at..].starts_with(form.start)
            && (form.at == SyntaxStart::Anywhere || self.begins_line())
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

    /// The following text, up to the longest markup.
    fn reach(&self) -> &'t str {
        &self.text[self.at..floor_boundary(self.text, self.at + LONGEST)]
    }

    /// The rest of the line, up to the longest markup.
    fn line(&self) -> &'t str {
        self.reach().split('\n').next().unwrap_or_default()
    }

    /// The text between `start`, which begins here, and the next `end` in the line.
    fn between(&self, start: &str, end: &str) -> Option<&'t str> {
        let inside = self.line().strip_prefix(start)?;
        // A search for a character is many times faster than a search for a text, and this runs for every brace.
        let mut ends = inside.match_indices(end.chars().next()?).map(|(at, _)| &inside[at..]);
        let behind = ends.find(|behind| behind.starts_with(end))?;
        Some(&inside[..inside.len() - behind.len()])
    }

    /// Whether a word ends directly before this position.
    fn follows_a_word(&self) -> bool {
        self.before().ends_with(|c: char| c.is_alphanumeric() || c == '_')
    }

    /// Whether a word begins `length` bytes after this position.
    fn precedes_a_word(&self, length: usize) -> bool {
        self.text[self.at + length..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
    }
}

/// A find that `MARKDOWN_FOREIGN` reports.
fn seen(form: impl Into<String>, length: usize, help: impl Into<Cow<'static, str>>) -> Option<SyntaxMeaning> {
    Some(SyntaxMeaning { rule: &MARKDOWN_FOREIGN, form: form.into(), help: help.into(), length })
}

fn hidden(form: &str, length: usize) -> Option<SyntaxMeaning> {
    Some(SyntaxMeaning { rule: &MARKDOWN_COMMENT, form: form.to_owned(), help: COMMENT.into(), length })
}

/// The names of MkDocs admonitions and Obsidian callouts.
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
fn admonition(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
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
fn tab(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    let line = here.line().trim_end();
    let title = line[3..].trim_start_matches(['!', '+']).trim_start();
    let quoted = title.len() > 2 && title.starts_with('"') && title.ends_with('"');
    if quoted { seen("=== \"…\"", line.len(), TABS) } else { None }
}

fn snippet(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    seen("--8<--", here.line().len(), INCLUDE)
}

/// `:material-check:`.
fn icon(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
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
fn emoji_code(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    let text = here.codes == Emoji::AsText && !here.follows_a_word();
    let name = here.between(":", ":").filter(|_| text)?;
    let sign = emoji::known(name).filter(|_| !here.precedes_a_word(name.len() + 2))?;
    seen(format!(":{name}:"), name.len() + 2, format!("write the sign itself: {sign}"))
}

/// `++ctrl+alt++`.
fn key(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    let keys = here.between("++", "++").filter(|_| !here.follows_a_word())?;
    let plain = keys.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-\"".contains(&byte));
    if !plain || keys.is_empty() || here.precedes_a_word(keys.len() + 4) {
        return None;
    }
    seen("++…++", keys.len() + 4, "write `<kbd>Ctrl</kbd>` for a key")
}

/// `==marked==`.
fn marked(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
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
fn hint(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    seen(here.line()[..2].to_owned(), 3, DIRECTIVE)
}

/// `[!success] Title` at the beginning of a quote.
fn callout(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    let name = here.between("[!", "]").filter(|_| here.before().trim().is_empty())?;
    let kind = name.split('|').next().unwrap_or_default().to_ascii_lowercase();
    let known = ADMONITIONS.iter().any(|(known, _)| *known == kind);
    if known || !KINDS.contains(&kind.as_str()) {
        return None;
    }
    let help = "write `> [!NOTE] Title` with one of the names note, tip, info, important, warning, caution and danger";
    seen(format!("> [!{name}]"), name.len() + 3, help)
}

/// `[[_TOC_]]` alone on its line.
fn contents(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    let line = here.line().trim_end();
    let known = ["[[_TOC_]]", "[[TOC]]", "[TOC]", "[_TOC_]"];
    if known.iter().any(|form| form.eq_ignore_ascii_case(line)) {
        seen(line, line.len(), CONTENTS)
    } else {
        None
    }
}

/// `![[page]]`.
fn embed(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    let target = here.between("![[", "]]").filter(|target| is_page(target))?;
    let help = "write `![what it shows](file.png)` for an image, `::include file.md` for a text";
    seen("![[…]]", target.len() + 5, help)
}

/// `[[page]]`.
fn wiki_link(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    let target = here.between("[[", "]]").filter(|target| is_page(target))?;
    // `[[x]](y)` is a link with brackets in its text.
    let link = here.text[here.at + target.len() + 4..].starts_with(['(', '[', ']']);
    if link { None } else { seen("[[…]]", target.len() + 4, LINK) }
}

/// Whether the text between double brackets can be the name of a page, and not a shell test or a list of lists.
fn is_page(target: &str) -> bool {
    let letters = target.chars().filter(|c| c.is_alphabetic()).count() > 1;
    letters && target.trim() == target && !target.contains(['[', ']', '"', '\'', '$', '=', '<', '{', GAP])
}

/// `%% text %%`.
fn percent_comment(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    let words = here.between("%%", "%%")?;
    if words.trim().is_empty() { None } else { hidden("%% … %%", words.len() + 4) }
}

/// `{{/* text */}}`. The text may continue in the next paragraph.
fn comment(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    hidden("{{/* … */}}", until(here, "*/"))
}

/// `[//]: # (text)`, which Markdown hides only if no text is directly above it.
fn label_comment(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    hidden("[//]: # (…)", here.line().len())
}

fn handlebars_comment(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    let rest = here.line().strip_prefix("{{!")?;
    let opens = rest.starts_with("--") || rest.starts_with(' ') && rest.contains("}}");
    if opens { hidden("{{! … }}", until(here, "}}")) } else { None }
}

/// `{/* text */}`, but not the shell pattern `{/*,x}`.
fn mdx_comment(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    let path = here.follows_a_word() || here.before().ends_with(['/', '*', '.', '}']);
    let rest = &here.line()[3..];
    let comment = rest.is_empty() || rest.starts_with([' ', '*']) || here.between("{/*", "*/}").is_some();
    if path || !comment { None } else { hidden("{/* … */}", until(here, "*/}")) }
}

fn closed_comment(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    let words = here.between("{# ", "#}")?;
    hidden("{# … #}", words.len() + 5)
}

/// The length in bytes of a comment in its block, limited to the longest markup.
fn until(here: &MarkupCursor<'_>, end: &str) -> usize {
    let rest = here.reach();
    rest.find(end).map_or(rest.len(), |at| at + end.len())
}

/// `{{< name … >}}`, `{{% name … %}}`.
fn shortcode(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    let line = here.reach();
    let name = line[3..].trim_start().split(|c: char| c.is_whitespace() || "%>}".contains(c)).next()?;
    let end = if line.starts_with("{{<") { ">}}" } else { "%}}" };
    let length = line.find(end).map_or(3, |at| at + 3);
    // A closing shortcode needs no report of its own.
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
    Some(SyntaxMeaning { rule: &MARKDOWN_SHORTCODE, form, help: help.into(), length })
}

/// `{{#include file}}`.
fn mdbook(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
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

/// `{{ site.title }}`. Values of other templates are often examples, so only known objects count.
fn liquid_value(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    let inside = here.between("{{", "}}")?;
    let (object, _) = inside.trim_start_matches('-').trim_start().split_once('.')?;
    let known = matches!(object, "site" | "page" | "layout" | "paginator" | "jekyll" | "include");
    if known { seen(format!("{{{{ {object}.… }}}}"), inside.len() + 4, WRITE_OUT) } else { None }
}

/// `{% name … %}`.
fn liquid_tag(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    let rest = here.reach().strip_prefix("{%")?;
    // No tag contains another. Of many open tags, each is read only up to the next one, which keeps the work linear.
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
    Some(SyntaxMeaning { rule: &MARKDOWN_SHORTCODE, form, help: help.into(), length: inside.len() + 4 })
}

/// `{: .class }`, `{:toc}`, `{::options … /}`.
fn kramdown(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
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

/// `{ .class }` after an element, or alone on a line.
fn attributes(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
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

/// The length in bytes of an attribute value, including its quotation marks.
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

/// `{code:java}` alone on its line.
fn macro_of_confluence(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
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

/// Finds lines that look like a table and are not one. `line` returns the source line at an offset of the text.
pub(super) fn table<'s>(text: &str, line: impl Fn(usize) -> &'s str) -> Option<ForeignMarkup> {
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
    Some(ForeignMarkup { rule: &MARKDOWN_FOREIGN, message, help: help.into(), range })
}

/// Whether a line separates the header of a table from its rows.
fn is_delimiter(line: &str) -> bool {
    line.contains('|') && line.contains("--") && line.bytes().all(|byte| b"|:- \t\r".contains(&byte))
}

/// The number of cells in a line.
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
        // No opening is searched further than the limit, so the work stays linear.
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
