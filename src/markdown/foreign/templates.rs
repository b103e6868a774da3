//! Tags of template engines and macros: Hugo, Liquid, mdBook, MkDocs snippets and Confluence.
//!
//! Owns the names of tags for which something else exists here.

use super::advice::{BLOCK, CONTENTS, DETAILS, DIRECTIVE, IMAGE, INCLUDE, LINK, TABS, WRITE_OUT};
use super::cursor::{MarkupCursor, SyntaxMeaning, hidden, seen};
use crate::rules::MARKDOWN_SHORTCODE;

pub(super) fn snippet(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    seen("--8<--", here.line().len(), INCLUDE)
}

/// `{{< name … >}}`, `{{% name … %}}`.
pub(super) fn shortcode(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
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
pub(super) fn mdbook(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
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
pub(super) fn liquid_value(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    let inside = here.between("{{", "}}")?;
    let (object, _) = inside.trim_start_matches('-').trim_start().split_once('.')?;
    let known = matches!(object, "site" | "page" | "layout" | "paginator" | "jekyll" | "include");
    if known { seen(format!("{{{{ {object}.… }}}}"), inside.len() + 4, WRITE_OUT) } else { None }
}

/// `{% name … %}`.
pub(super) fn liquid_tag(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
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

/// `{code:java}` alone on its line.
pub(super) fn macro_of_confluence(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
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
