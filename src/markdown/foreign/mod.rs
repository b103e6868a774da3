//! Finds markup of other tools that Markdown shows as text.
//!
//! Owns the table of these syntaxes: how each begins, which tool reads it, and which function knows its form. The files
//! beside this one hold the forms, one sort of markup each, and `advice` what to write instead. `block_search` collects
//! the text and converts the spans. A comment of another tool is found in the same way, but each one is reported,
//! because its author believes that it is hidden.

mod advice;
mod attributes;
mod boxes;
mod comments;
mod cursor;
mod inline;
mod tables;
mod templates;

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::rules::MARKDOWN_COMMENT;
use crate::source::Span;

use attributes::{attributes, kramdown};
use boxes::{admonition, callout, hint, tab};
use comments::{closed_comment, comment, handlebars_comment, label_comment, mdx_comment, percent_comment};
use cursor::{MarkupCursor, SyntaxMeaning};
use inline::{contents, embed, emoji_code, icon, key, marked, wiki_link};
use templates::{liquid_tag, liquid_value, macro_of_confluence, mdbook, shortcode, snippet};

pub(super) use cursor::{Emoji, ForeignMarkup, GAP};
pub(super) use tables::table;

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

impl ForeignSyntax {
    /// Reads the syntax at a position, if it begins there.
    fn read(&self, here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
        let begins = here.text[here.at..].starts_with(self.start)
            && (self.at == SyntaxStart::Anywhere || here.begins_line())
            // A backslash says that the character is meant as itself.
            && !here.before().ends_with('\\');
        if begins { (self.read)(here) } else { None }
    }
}

/// Finds the markup of other tools in a text, in order.
pub(super) fn find(text: &str, codes: Emoji) -> Vec<ForeignMarkup> {
    let mut found: Vec<ForeignMarkup> = Vec::new();
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        // No syntax begins within the one before it, and few bytes begin one.
        if at < from || !b"!?=-:+[%{".contains(&byte) {
            continue;
        }
        let here = MarkupCursor { text, at, codes };
        let first = FORMS.iter().find_map(|form| Some((form.tool, form.read(&here)?)));
        let Some((tool, seen)) = first else { continue };
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

#[cfg(test)]
mod tests {
    use super::cursor::LONGEST;
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
    fn characters_that_become_emoji_are_no_text() {
        assert_eq!(find(":tada: [[a page]]", Emoji::AsCharacters).len(), 1);
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
