//! Writes blocks: paragraphs, lists, quotes, tables, code and directives.
//!
//! Owns the HTML of each block. Inline content is in `inline`, headings are in `headings`.

use std::ops::Range;

use pulldown_cmark::{Alignment, CodeBlockKind, Event, Parser, Tag, TextMergeStream};

use super::closed_world::ClosedWorldFault;
use super::directive_names::{ADMONITIONS, DETAILS, LAYOUT_DIRECTIVES};
use super::directives::DirectiveLine;
use super::export::{ExportPatch, MarkdownExport};
use super::open_elements::{Close, CodeBlock, OpenElement, OpenPart, OpenTable, VerbatimText};
use super::writer::{APART, FirstParagraph, HtmlWriter, SWALLOWED};
use super::{HoleContent, RowPlace};
use crate::diagnostic::{Diagnostic, nearest};
use crate::html_escape::{end_of_tag, escape_attribute};
use crate::rules::{
    ACCESSIBILITY_TABLE, DIRECTIVE_STRAY, DIRECTIVE_UNKNOWN, MARKDOWN_CELLS, VISIBILITY_STRAY,
    VISIBILITY_UNKNOWN,
};
use crate::source::Span;
use crate::visibility::Level;

/// The appearance of an admonition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admonition {
    Box,
    /// A `<details>` element that readers open.
    Folded,
}

/// The line that opens a directive.
pub(super) struct DirectiveOpening {
    pub colons: usize,
    pub name: String,
    /// The line, without anything that follows the title.
    pub line: Range<usize>,
    /// Everything after the colons.
    pub given: Range<usize>,
    /// The title without mark-up.
    pub title: String,
}

impl HtmlWriter<'_> {
    /// Writes the start of a container and returns what its end has to do.
    pub(super) fn start_block(&mut self, tag: Tag<'_>, range: Range<usize>) -> Close {
        match tag {
            Tag::Paragraph => self.start_paragraph(),
            Tag::Heading { level, id, classes, attrs } => {
                self.report_attributes(id.as_deref(), &classes, &attrs, range.clone());
                self.start_heading(level as u8, id, &classes, range)
            }
            Tag::BlockQuote(kind) => self.start_quote(kind, range),
            Tag::CodeBlock(kind) => {
                self.verbatim = Some(VerbatimText::default());
                let (info, fenced) = match kind {
                    CodeBlockKind::Fenced(info) => (info.to_string(), true),
                    CodeBlockKind::Indented => (String::new(), false),
                };
                Close::Code(CodeBlock { info, fenced, range })
            }
            Tag::HtmlBlock => {
                self.verbatim = Some(VerbatimText::default());
                Close::RawBlock
            }
            Tag::List(Some(1)) => self.plain("<ol>\n", "</ol>\n"),
            Tag::List(Some(first)) => {
                let tag = format!("<ol start=\"{first}\">\n");
                self.plain(&tag, "</ol>\n")
            }
            Tag::List(None) => self.plain("<ul>\n", "</ul>\n"),
            Tag::Item => {
                let item = self.item();
                let close = self.plain("<li", "</li>\n");
                // The class of a task and the name of a step are inserted here when they are known.
                let at = self.out().text.len();
                self.items.push((at, item));
                let row = self.row();
                self.start_row(row);
                if let Some(block) = row {
                    self.out().hole(HoleContent::Row(RowPlace::End(block)));
                }
                close
            }
            Tag::FootnoteDefinition(label) => self.start_footnote(&label),
            Tag::DefinitionList => self.plain("<dl>\n", "</dl>\n"),
            Tag::DefinitionListTitle => self.start_term(),
            Tag::DefinitionListDefinition => self.plain("<dd>", "</dd>\n"),
            Tag::Table(_) | Tag::TableHead | Tag::TableRow | Tag::TableCell => self.start_table(tag, range),
            Tag::MetadataBlock(_) => Close::Quiet,
            inline => self.start_inline(inline, range),
        }
    }

    /// Writes `start` now and returns a close that writes `end`.
    pub(super) fn plain(&mut self, start: &str, end: &'static str) -> Close {
        self.out().raw(start);
        Close::Html(end)
    }

    /// Writes the end of a container.
    pub(super) fn end_block(&mut self, close: Close) {
        match close {
            Close::Html(html) => {
                if html == "</li>\n"
                    && let Some((at, item)) = self.items.pop()
                {
                    self.end_step(at, item);
                }
                self.out().raw(html);
            }
            Close::Paragraph => {
                self.end_lead();
                self.out().raw("</p>\n");
            }
            Close::EndedParagraph => self.end_lead(),
            Close::Heading { level, id, classes, start, span } => {
                self.end_heading(level, id, &classes, (start, span))
            }
            Close::Term { start } => self.end_term(start),
            Close::Code(code) => self.end_code(code),
            Close::Cell { start, end, row } => {
                if let Some(block) = row {
                    self.out().hole(HoleContent::Row(RowPlace::End(block)));
                }
                self.end_cell(start, end);
            }
            Close::Row => {
                self.leave_out_surplus();
                self.out().raw("</tr>\n");
            }
            Close::Link(address) => self.end_link(&address),
            Close::Image { destination, title, span } => self.end_image(&destination, &title, span),
            Close::Footnote(label) => self.end_footnote(label),
            Close::RawBlock => self.end_raw_block(),
            Close::Quiet => {}
        }
    }

    fn start_paragraph(&mut self) -> Close {
        if matches!(self.first_paragraph, FirstParagraph::Awaited)
            && self.open.is_empty()
            && self.html.len() == 1
        {
            self.first_paragraph = FirstParagraph::Reading(String::new());
        }
        self.out().raw("<p>");
        Close::Paragraph
    }

    /// Takes the text as the lead if it is the first paragraph with any text.
    fn end_lead(&mut self) {
        if let FirstParagraph::Reading(text) = &mut self.first_paragraph {
            let text = std::mem::take(text);
            self.first_paragraph =
                if text.trim().is_empty() { FirstParagraph::Awaited } else { FirstParagraph::Read(text) };
        }
    }

    fn start_table(&mut self, tag: Tag<'_>, range: Range<usize>) -> Close {
        match tag {
            Tag::Table(alignments) => {
                self.table = OpenTable {
                    classes: alignments.iter().map(class).collect(),
                    is_head: true,
                    ..OpenTable::default()
                };
                self.open_scrolling();
                self.plain("<table>\n", "</tbody></table></div>\n")
            }
            Tag::TableHead => {
                self.table.column = 0;
                self.table.head = range;
                self.plain("<thead><tr>", "</tr></thead><tbody>\n")
            }
            Tag::TableRow => {
                if self.table.is_head && !self.table.has_header {
                    self.report_missing_header(self.first_line(&self.table.head));
                }
                self.table.is_head = false;
                self.table.column = 0;
                self.table.row = range;
                self.out().raw("<tr>");
                Close::Row
            }
            _ => {
                self.table.cells_end = range.end;
                let (tag, end) =
                    if self.table.is_head { ("<th scope=\"col\"", "</th>") } else { ("<td", "</td>") };
                self.out().raw(tag);
                // `end_cell` inserts the class here, which depends on the text of the cell.
                let start = self.out().text.len();
                let row = self.row();
                self.start_row(row);
                Close::Cell { start, end, row }
            }
        }
    }

    /// Ends the start tag of a cell or an item, with places for what belongs to a row.
    fn start_row(&mut self, row: Option<u32>) {
        let Some(block) = row else { return self.out().raw(">") };
        self.out().hole(HoleContent::Row(RowPlace::Attributes(block)));
        self.out().raw(">");
        self.out().hole(HoleContent::Row(RowPlace::Start(block)));
    }

    /// Ends a cell. Its start tag is complete except for the class, which is inserted at `start`.
    fn end_cell(&mut self, start: usize, end: &str) {
        let aligned = self.table.classes.get(self.table.column).copied().unwrap_or("");
        self.table.column += 1;
        self.table.has_header |= self.table.is_head && self.out().text.len() > start + 1;
        let tight = if is_tight(&self.out().text[start + 1..]) { "tight" } else { "" };
        let classes = [aligned, tight].join(" ");
        if !classes.trim().is_empty() {
            self.out().insert(start, &format!(" class=\"{}\"", classes.trim()));
        }
        self.out().raw(end);
    }

    pub(super) fn report_missing_header(&mut self, span: Span) {
        let message = "this table has no header cells, so no one can tell what its cells are";
        let help = "name the columns in the first row";
        self.document.diagnostics.push(Diagnostic::new(&ACCESSIBILITY_TABLE, span, message).help(help));
    }

    /// Reports the content of a row after the last column. The parser leaves it out, and so does the Markdown export.
    fn leave_out_surplus(&mut self) {
        let rest = self.table.cells_end..self.table.row.end;
        let Some(written) = self.current.origin.text.get(rest.clone()) else { return };
        let surplus = written.trim_start_matches([' ', '\t', '|']);
        let start = rest.end - surplus.len();
        let surplus = start..start + surplus.trim_end_matches([' ', '\t', '|', '\r', '\n']).len();
        if surplus.is_empty() {
            return;
        }
        self.report_marks(surplus.clone());
        let message = "this row has more cells than the table has columns, so this is not shown";
        let problem = Diagnostic::new(&MARKDOWN_CELLS, self.span(surplus.clone()), message);
        let help = "add a column to the table, or write `\\|` for a bar in a cell";
        self.document.diagnostics.push(problem.help(help));
        self.patch(surplus, ExportPatch::Nothing);
    }

    /// Opens the frame around a table, which scrolls on its own and can be reached by keyboard.
    pub(super) fn open_scrolling(&mut self) {
        let label = escape_attribute(self.context.strings.say("body.table"));
        self.out()
            .raw(&format!("<div class=\"table\" role=\"group\" tabindex=\"0\" aria-label=\"{label}\">"));
    }

    /// Writes a horizontal rule, or the directive that was masked by it.
    pub(super) fn rule(&mut self, range: Range<usize>) {
        let line = self.current.origin.text.get(range.clone()).unwrap_or_default();
        let end = range.start + line.trim_end().len();
        let Some((&at, mark)) = self.current.extras.directives.range(range).next() else {
            self.out().raw("<hr>\n");
            return;
        };
        match mark.clone() {
            DirectiveLine::Open { colons, name, title } => {
                let line = at..title.end.max(at + colons);
                let bracketed = self.current.origin.text[..title.start].ends_with('[');
                let title = self.title(title);
                // The export keeps the form in which the author wrote the title.
                let copied = match title.as_str() {
                    "" => name.clone(),
                    title if bracketed => format!("{name}[{title}]"),
                    title => format!("{name} {title}"),
                };
                self.patch(at + colons..end, ExportPatch::Inline(MarkdownExport::of(copied)));
                let given = at + colons..end;
                self.open_directive(&DirectiveOpening { colons, name, line, given, title });
            }
            DirectiveLine::Close { colons } => self.close_directive(colons, at..at + colons),
            DirectiveLine::Include { reference } => self.include(at..reference.end, reference),
            DirectiveLine::Component { tag } => self.component(tag),
            DirectiveLine::Comment => {}
        }
    }

    /// A directive's title without mark-up, comments and addresses.
    fn title(&mut self, range: Range<usize>) -> String {
        let title = self.uncommented(range.clone());
        let mut text = String::new();
        for event in TextMergeStream::new(Parser::new(title.trim())) {
            match event {
                Event::Text(part) => match part.split_once("<!--") {
                    Some((before, _)) if !title.contains("\\<!--") => {
                        self.report_open_comment(range);
                        text.push_str(before);
                        break;
                    }
                    _ => text.push_str(&part),
                },
                Event::Code(part) => text.push_str(&part),
                _ => {}
            }
        }
        // A removed comment leaves spaces where it was.
        text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn open_directive(&mut self, opening: &DirectiveOpening) {
        let DirectiveOpening { colons, name, line, given, title } = opening;
        let levels = self.context.closed_world.levels;
        let level = levels.find(name);
        let known = ADMONITIONS.iter().chain([&DETAILS]).find(|(known, _)| *known == name);
        let used = self.context.closed_world.used;
        // An unknown directive in a handbook with levels is reported as an error below, so it needs no second report.
        if level.is_some() || known.is_some() || LAYOUT_DIRECTIVES.contains(&name.as_str()) || !used {
            self.report_marks_of_directive(given.clone());
        }
        if let Some(level) = level {
            return self.open_level(opening, level);
        }
        if LAYOUT_DIRECTIVES.contains(&name.as_str()) {
            return self.open_part(opening);
        }
        if known.is_none() {
            // A handbook with levels must know each of its directives: an unknown one may have been meant to hide
            // something.
            let mut problem = Diagnostic::new(
                if used { &VISIBILITY_UNKNOWN } else { &DIRECTIVE_UNKNOWN },
                self.span(line.clone()),
                format!("there is no directive `{name}`"),
            );
            let names = ADMONITIONS.iter().chain([&DETAILS]).map(|(known, _)| *known);
            problem.help =
                nearest(name, names.chain(LAYOUT_DIRECTIVES.iter().copied()).chain(levels.names()))
                    .map(|near| format!("did you mean `{near}`?").into());
            self.document.diagnostics.push(problem);
        }
        if self.nests_too_deep(self.span(line.clone())) {
            return;
        }
        let given = (!title.is_empty()).then_some(title);
        let kind = known.map_or("note", |(kind, _)| *kind);
        let given = given.or_else(|| known.is_none().then_some(name));
        let admonition = if kind == DETAILS.0 { Admonition::Folded } else { Admonition::Box };
        let close = self.open_admonition(kind, admonition, given.map(String::as_str));
        let span = self.span(line.clone());
        self.open.push(OpenElement::Directive { colons: *colons, close, span, part: OpenPart::Frame });
    }

    /// Opens the block of a level, for an audience that may see it.
    fn open_level(&mut self, opening: &DirectiveOpening, level: Level) {
        let (colons, span) = (opening.colons, self.span(opening.line.clone()));
        if !self.context.closed_world.audience.sees(level) {
            // Redaction removes such a block before the page is written. If one gets here, its mark hid nothing.
            self.report_mark(opening.line.clone(), ClosedWorldFault::Stray);
        }
        if self.nests_too_deep(span.clone()) {
            return;
        }
        if self.is_among_tabs() {
            // A level directly inside a set of tabs has no frame: each of its tabs shows the level in its name.
            return self.open.push(OpenElement::Directive {
                colons,
                close: "",
                span,
                part: OpenPart::Level(level),
            });
        }
        let levels = self.context.closed_world.levels;
        let title = if opening.title.is_empty() {
            self.context.strings.level(levels.name(level), levels.title(level))
        } else {
            opening.title.clone()
        };
        let (name, title) = (levels.name(level), escape_attribute(&title));
        let html = format!(
            "<div class=\"admonition level\" data-level=\"{name}\" role=\"note\" aria-label=\"{title}\"><p class=\"admonition-title\">{title}</p>\n"
        );
        self.out().raw(&html);
        self.open.push(OpenElement::Directive { colons, close: "</div>\n", span, part: OpenPart::Frame });
    }

    /// Opens an admonition and returns the HTML that closes it. Without a title, the admonition has the default title
    /// of its kind.
    pub(super) fn open_admonition(
        &mut self,
        kind: &str,
        admonition: Admonition,
        title: Option<&str>,
    ) -> &'static str {
        self.note_box(kind);
        let default = || ADMONITIONS.iter().chain([&DETAILS]).find(|(name, _)| *name == kind);
        let title = title.unwrap_or_else(|| default().map_or("", |(_, key)| self.context.strings.say(key)));
        let title = escape_attribute(title);
        let (html, close) = match admonition {
            Admonition::Folded => (
                format!("<details class=\"admonition details\"><summary>{title}</summary>\n"),
                "</details>\n",
            ),
            Admonition::Box => (
                format!(
                    "<div class=\"admonition {kind}\" role=\"note\" aria-label=\"{title}\"><p class=\"admonition-title\">{title}</p>\n"
                ),
                "</div>\n",
            ),
        };
        self.out().raw(&html);
        close
    }

    /// The last line in a range that would be such a directive if it were not part of raw HTML.
    pub(super) fn swallowed(&self, range: Range<usize>, is: impl Fn(&DirectiveLine) -> bool) -> Option<Span> {
        let (at, _) = self.current.extras.swallowed.range(range).rev().find(|(_, mark)| is(mark))?;
        Some(self.span(*at..*at + 3))
    }

    /// Closes the innermost directive that has the same number of colons and is in the same container.
    fn close_directive(&mut self, colons: usize, line: Range<usize>) {
        let here =
            self.open.iter().rposition(|open| matches!(open, OpenElement::Block(_))).map_or(0, |at| at + 1);
        let mut directives = self.open[here..].iter().enumerate().rev();
        let fits = directives
            .find(|(_, open)| matches!(open, OpenElement::Directive { colons: n, .. } if *n == colons));
        let Some(at) = fits.map(|(at, _)| here + at) else {
            // A directive nested too deeply was never opened, and that is already reported.
            if self.too_deep {
                return;
            }
            let opening =
                |mark: &DirectiveLine| matches!(mark, DirectiveLine::Open { colons: n, .. } if *n == colons);
            let swallowed = self.swallowed(0..line.start, opening);
            // It may be the end of a block of a level that another line has closed too early.
            let rule = if self.context.closed_world.used { &VISIBILITY_STRAY } else { &DIRECTIVE_STRAY };
            let problem = Diagnostic::new(rule, self.span(line), "this `:::` closes no directive");
            if let Some(at) = swallowed {
                self.document.diagnostics.push(problem.label(at, SWALLOWED).help(APART));
                return;
            }
            let help = "give it the indent and the number of colons of the line that opens the directive";
            self.document.diagnostics.push(problem.help(help));
            return;
        };
        while self.open.len() > at + 1 {
            self.close_top();
        }
        if let Some(OpenElement::Directive { close, span, part, .. }) = self.open.pop() {
            self.end_part(&part, &span);
            self.out().raw(close);
        }
    }
}

/// Whether the text of a cell should not wrap: it has at most four characters, or is a date, a time or a number.
fn is_tight(html: &str) -> bool {
    let mut text = String::new();
    let mut rest = html.trim();
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        rest = &rest[end_of_tag(rest)..];
    }
    text.push_str(rest);
    let length = text.chars().count();
    let figures = || !text.trim_end_matches(" UTC").contains(char::is_alphabetic);
    // `&` means that the text has an entity. `>` means that a hole cut off the start of a link.
    length > 0 && !text.contains(['&', '>']) && (length <= 4 || length <= 24 && figures())
}

fn class(alignment: &Alignment) -> &'static str {
    match alignment {
        Alignment::None => "",
        Alignment::Left => "left",
        Alignment::Center => "center",
        Alignment::Right => "right",
    }
}
