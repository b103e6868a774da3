//! Writes the directives that lay out the text in them: tabs, steps and cards.
//!
//! Owns their HTML and their diagnostics. Without a script, tabs read as sections, each below its name. A tab with
//! restricted visibility is inside the directive of its level, which then has no frame.

use std::collections::BTreeSet;

use super::blocks::DirectiveOpening;
use super::open_elements::{ListPart, OpenElement, OpenPart};
use super::writer::HtmlWriter;
use crate::diagnostic::Diagnostic;
use crate::html_escape::escape_attribute;
use crate::path::heading_id;
use crate::rules::DIRECTIVE_PART;
use crate::source::Span;

impl HtmlWriter<'_> {
    /// Opens a directive of [`LAYOUT_DIRECTIVES`](super::directive_names::LAYOUT_DIRECTIVES).
    pub(super) fn open_part(&mut self, opening: &DirectiveOpening) {
        let span = self.span(opening.line.clone());
        if self.nests_too_deep(span.clone()) {
            return;
        }
        let part = match &*opening.name {
            "tabs" => self.open_tabs(),
            "tab" => self.open_tab(&opening.title, &span),
            "steps" => self.open_list(ListPart::Steps, "<div class=\"steps\">\n"),
            _ => self.open_list(ListPart::Cards, "<div class=\"cards\">\n"),
        };
        self.open.push(OpenElement::Directive { colons: opening.colons, close: "</div>\n", span, part });
    }

    fn open_tabs(&mut self) -> OpenPart {
        let around = self.open.iter().rev().find_map(|open| match open {
            OpenElement::Directive { part: OpenPart::Tabs { level, .. }, .. } => Some(*level),
            _ => None,
        });
        let above = around.or_else(|| self.document.outline.last().map(|heading| heading.level)).unwrap_or(1);
        self.document.tabs += 1;
        self.out().raw("<div class=\"tabs\">\n");
        OpenPart::Tabs { count: 0, names: BTreeSet::new(), level: (above + 1).min(6) }
    }

    fn open_tab(&mut self, name: &str, span: &Span) -> OpenPart {
        let (heading, number) = match self.tabs_around() {
            Some((place, level)) => (level, self.name_tab(place, name, span)),
            None => {
                let help = "put a line `:::tabs` before the first tab, and close each tab before the next one begins";
                self.report_part(span, "this tab stands in no `:::tabs`".to_owned(), help);
                (self.document.outline.last().map_or(2, |heading| (heading.level + 1).min(6)), 1)
            }
        };
        let name = if name.is_empty() { number.to_string() } else { name.to_owned() };
        let id = self.ids.take(&["tab-", heading_id(&name).as_str()].concat());
        let level = self.level_around();
        let out = self.out();
        out.raw(&format!("<div class=\"tab\">\n<h{heading} class=\"tab-name\""));
        out.attribute("id", &id);
        out.raw(">");
        out.raw(&escape_attribute(&name));
        if let Some((level, title)) = level {
            let (level, title) = (escape_attribute(&level), escape_attribute(&title));
            out.raw(&format!(" <span class=\"tab-level\" data-level=\"{level}\">{title}</span>"));
        }
        out.raw(&format!("</h{heading}>\n"));
        let start = out.text.len();
        OpenPart::Tab { name, start }
    }

    /// The index in the stack of open elements of the tabs that a new tab belongs to, and the level of the tab's
    /// heading.
    fn tabs_around(&self) -> Option<(usize, u8)> {
        for (place, open) in self.open.iter().enumerate().rev() {
            match open {
                OpenElement::Directive { part: OpenPart::Level(_), .. } => {}
                OpenElement::Directive { part: OpenPart::Tabs { level, .. }, .. } => {
                    return Some((place, *level));
                }
                _ => return None,
            }
        }
        None
    }

    /// Adds a name to the tabs at an index of the stack. Returns the number of the tab.
    fn name_tab(&mut self, place: usize, name: &str, span: &Span) -> usize {
        let Some(OpenElement::Directive { part: OpenPart::Tabs { count, names, .. }, .. }) =
            self.open.get_mut(place)
        else {
            return 1;
        };
        let repeated = !names.insert(name.to_lowercase());
        *count += 1;
        let number = *count;
        if name.is_empty() {
            self.report_part(span, "this tab has no name".to_owned(), "name it: `:::tab[Ubuntu]`");
        } else if repeated {
            let message = format!("these tabs have a tab `{name}` already");
            self.report_part(
                span,
                message,
                "give each tab a name of its own, or put both texts into one tab",
            );
        }
        number
    }

    /// The level of the directive around the tab that begins now: its name and its title.
    fn level_around(&self) -> Option<(String, String)> {
        let level = match self.open.last() {
            Some(OpenElement::Directive { part: OpenPart::Level(level), .. }) => *level,
            _ => return None,
        };
        let (levels, strings) = (self.context.closed_world.levels, self.context.strings);
        let name = levels.name(level);
        Some((name.to_owned(), strings.level(name, levels.title(level))))
    }

    /// Whether a level that begins now contains tabs, not text.
    pub(super) fn is_among_tabs(&self) -> bool {
        matches!(self.open.last(), Some(OpenElement::Directive { part: OpenPart::Tabs { .. }, .. }))
    }

    fn open_list(&mut self, list: ListPart, html: &str) -> OpenPart {
        self.out().raw(html);
        OpenPart::List { list, start: self.out().text.len() }
    }

    /// Checks the content of a part at its end.
    pub(super) fn end_part(&mut self, part: &OpenPart, span: &Span) {
        let said = |start: usize| self.html.last().map_or("", |html| html.text[start..].trim());
        match part {
            OpenPart::Tabs { count: 0, .. } => {
                let help = "put a line `:::tab[Name]` before the text of each tab, and `:::` behind it";
                self.report_part(span, "these tabs hold no tab".to_owned(), help);
            }
            OpenPart::Tab { name, start } if said(*start).is_empty() => {
                let help = "write its text before the line `:::` that closes it, or take the tab out";
                self.report_part(span, format!("the tab `{name}` is empty"), help);
            }
            OpenPart::List { list: ListPart::Steps, start } if !said(*start).starts_with("<ol") => {
                let help = "number the steps: `1.`, `2.`, with what belongs to a step indented beneath it";
                self.report_part(span, "these steps are not a numbered list".to_owned(), help);
            }
            OpenPart::List { list: ListPart::Cards, start } if !said(*start).starts_with("<ul") => {
                let help = "write a list in which each item begins with a link: `- [Title](page.md)`";
                self.report_part(span, "these cards are not a list".to_owned(), help);
            }
            _ => {}
        }
    }

    fn report_part(&mut self, span: &Span, message: String, help: &'static str) {
        let problem = Diagnostic::new(&DIRECTIVE_PART, span.clone(), message);
        self.document.diagnostics.push(problem.help(help));
    }
}
