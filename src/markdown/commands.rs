//! Collects the commands and steps of a text, which readers run and tick.
//!
//! Owns [`Commands`]: the code blocks and the errors in their first lines, the destructive blocks without a warning,
//! and the list items that are steps. Steps are tasks, and items of ordered lists that are not inside another list.
//! Must not know kinds of pages.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Checklist;
use super::bare_urls::urls;
use super::code::{self, FenceError, FenceInfo, Figure, FigureContext, JoinedLiteral, Risk};
use super::corrections;
use super::export::{ExportPatch, MarkdownExport};
use super::open_elements::{Close, CodeBlock, ItemRole, OpenElement};
use super::prose::{ADDRESS_HELP, address_message};
use super::public_addresses::public_addresses;
use super::writer::HtmlWriter;
use crate::bounds::{CODE_BLOCKS, CODE_BYTES};
use crate::diagnostic::Diagnostic;
use crate::memo::Digest;
use crate::rules::{CODE_ATTRIBUTE, CODE_INVISIBLE, MARKDOWN_INDENTED, PROSE_ADDRESS};
use crate::source::Span;

/// Where code is placed.
#[derive(Clone, Copy)]
enum CodePlacement {
    Block,
    InLine,
}

/// The commands and steps of a text.
#[derive(Debug, Clone, Default)]
pub struct Commands {
    /// The number of items that can be ticked.
    pub steps: usize,
    /// The ids of headings with commands directly below them, in order. They are the steps of a text without lists.
    pub headings: Vec<String>,
    /// The highest risk of a block, and the line that opens the block.
    pub risk: Option<(Risk, Span)>,
    /// Whether a block declares what its commands do.
    pub marked: bool,
    /// The variables that occur in code, each with the index of its literal if one was used.
    pub used: BTreeSet<(usize, Option<usize>)>,
    /// Destructive blocks without a danger box before them in their section.
    pub unguarded: Vec<Span>,
    /// The wildcards in destructive blocks, each with the line that opens the block.
    pub wildcards: Vec<(String, Span)>,
    /// Blocks with commands that do not state their risk.
    pub unrated: Vec<Span>,
    /// Literals within longer names in commands, each with the line that opens the block.
    pub joined: Vec<(JoinedLiteral, Span)>,
    /// The open sections that have a danger box, by the level of their headings.
    boxes: BTreeSet<u8>,
    /// Literals in prose, where no value replaces them.
    pub in_prose: Vec<ProseLiteral>,
    /// How often each step name was given.
    names: BTreeMap<String, u32>,
}

/// A literal of a variable in prose.
#[derive(Debug, Clone)]
pub struct ProseLiteral {
    /// The index of the variable.
    pub variable: usize,
    pub text: String,
    pub span: Span,
}

/// The level of the text before the first heading. It is deeper than any heading, so the next heading ends that
/// section.
const BEFORE_SECTIONS: u8 = 7;

impl HtmlWriter<'_> {
    /// Opens the section of a heading. Sections at the same or a deeper level end.
    pub(super) fn begin_section(&mut self, level: u8) {
        self.document.commands.boxes.retain(|open| *open < level);
    }

    /// Records an admonition. A danger box warns of the commands that follow in its section.
    pub(super) fn note_box(&mut self, kind: &str) {
        // GitHub has no `danger`; `caution` is the strongest of its alerts.
        if matches!(kind, "danger" | "caution") {
            self.document
                .commands
                .boxes
                .insert(self.document.outline.last().map_or(BEFORE_SECTIONS, |heading| heading.level));
        }
    }

    pub(super) fn end_code(&mut self, CodeBlock { info, fenced, range }: CodeBlock) {
        let block = self.verbatim.take().unwrap_or_default();
        let fence = FenceInfo::parse(&info);
        self.report_marks_behind_fence(&fence, &range);
        if !fenced || !self.is_closed(&block, &range) {
            // The block may not have been meant as code, so the marks in it are checked.
            self.report_marks(range.clone());
        }
        let place = |writer: &Self| writer.first_line(&range);
        if fence.language == corrections::LANGUAGE {
            if !self.transcript(&block.text, place) {
                self.figure(&fence, &self.corrected(&block.text), range.clone());
            }
            self.correct_copy(range.clone());
        } else if let Err(shown) = self.drawn(&fence, &block, &range) {
            self.figure(&fence, &shown, range.clone());
            self.name_in_copy(range.clone(), CodePlacement::Block);
        }
        self.report_invisible(&range);
        self.report_addresses(&range);
        if !fenced {
            self.report_indented_list(&block.text, &range);
        }
        let span = self.first_line(&range);
        for wrong in &fence.wrong {
            self.document.diagnostics.push(attribute(wrong, span.clone()));
        }
        let joined = self.context.code.variables.joined(&fence.language, &block.text);
        self.document.commands.joined.extend(joined.into_iter().map(|literal| (literal, span.clone())));
        if fence.risk == Some(Risk::Destructive) {
            self.destructive(&fence, &block.text, &span);
        }
        if let Some(risk) = fence.risk
            && self.document.commands.risk.as_ref().is_none_or(|(most, _)| *most < risk)
        {
            self.document.commands.risk = Some((risk, span));
        }
    }

    /// Reports code that holds something else than readers see. One report for each piece of code is enough.
    pub(super) fn report_invisible(&mut self, range: &Range<usize>) {
        let written = self.current.origin.text.get(range.clone()).unwrap_or("");
        let mut found = code::invisible_characters(written);
        let Some((at, first)) = found.next() else { return };
        let more = match found.count() {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        let start = range.start + at;
        let message = format!("this code has a character that no one sees: {}{more}", code::describe(first));
        let help = "delete it; if it belongs to an example, write its number in its place";
        let span = self.span(start..start + first.len_utf8());
        self.document.diagnostics.push(Diagnostic::new(&CODE_INVISIBLE, span, message).help(help));
    }

    /// Reports the first public address in a piece of code.
    pub(super) fn report_addresses(&mut self, range: &Range<usize>) {
        let written = self.current.origin.text.get(range.clone()).unwrap_or("");
        let mut found = public_addresses(written);
        let Some(first) = found.next() else { return };
        let more = match found.count() {
            0 => String::new(),
            more => format!("; {more} more in this code"),
        };
        let message = format!("{}{more}", address_message(&written[first.clone()]));
        let span = self.span(range.start + first.start..range.start + first.end);
        self.document.diagnostics.push(Diagnostic::new(&PROSE_ADDRESS, span, message).help(ADDRESS_HELP));
    }

    /// Reports a list that is shown as code, because it is indented as far as code.
    fn report_indented_list(&mut self, code: &str, range: &Range<usize>) {
        if !is_list_of_prose(code) {
            return;
        }
        let message = "this list is indented by four spaces or a tab, so it is shown as code";
        let help = "indent it less; if it is code, put it between two fences";
        let problem = Diagnostic::new(&MARKDOWN_INDENTED, self.first_line(range), message);
        self.document.diagnostics.push(problem.help(help));
    }

    /// Records the missing warning and the wildcards of a destructive block.
    fn destructive(&mut self, fence: &FenceInfo, code: &str, span: &Span) {
        if self.document.commands.boxes.is_empty() {
            self.document.commands.unguarded.push(span.clone());
        }
        if let Some(word) = code::wildcard(&fence.language, code) {
            self.document.commands.wildcards.push((word, span.clone()));
        }
    }

    /// Writes a code block at `place` in the source. When the page exceeds its bounds for code, further blocks have no
    /// colours.
    pub(super) fn figure(&mut self, fence: &FenceInfo, code: &str, place: Range<usize>) {
        let (blocks, bytes) = (self.bounds_used.code_blocks, self.bounds_used.code_bytes);
        (self.bounds_used.code_blocks, self.bounds_used.code_bytes) = (blocks + 1, bytes + code.len());
        let few = self.admits(&CODE_BLOCKS, blocks..blocks + 1, || place.clone());
        let short = self.admits(&CODE_BYTES, bytes..bytes + code.len(), || place.clone());
        let plain = FigureContext { highlight: &|_, _| None, ..self.context.code };
        let setting = if few && short { &self.context.code } else { &plain };
        let figure = Figure::new(fence, code, setting, self.context.strings);
        self.out().raw(&figure.html);
        self.document.commands.used.extend(figure.used);
        self.document.commands.marked |=
            fence.risk.is_some() || fence.run_on.is_some() || fence.expect.is_some() || fence.undo.is_some();
        if figure.commands && fence.risk.is_none() {
            let span = self.first_line(&place);
            self.document.commands.unrated.push(span);
        }
        // A heading is listed once, even if it has several blocks with commands.
        if figure.commands
            && let Some(heading) = self.document.outline.last()
            && !heading.id.is_empty()
            && self.document.commands.headings.last() != Some(&heading.id)
        {
            self.document.commands.headings.push(heading.id.clone());
        }
    }

    /// The span of the line that opens a block.
    pub(super) fn first_line(&self, range: &Range<usize>) -> Span {
        let text = self.current.origin.text.get(range.clone()).unwrap_or("");
        self.span(range.start..range.start + text.lines().next().unwrap_or("").trim_end().len())
    }

    /// Replaces literals of variables in the exported code by the names of the variables: an example value could be
    /// run.
    fn name_in_copy(&mut self, range: Range<usize>, shown: CodePlacement) {
        let written = self.current.origin.text.get(range.clone()).unwrap_or("");
        let first = match shown {
            CodePlacement::Block if written.starts_with(['`', '~']) => {
                written.find('\n').unwrap_or(written.len())
            }
            CodePlacement::Block | CodePlacement::InLine => 0,
        };
        for (place, name) in self.context.code.variables.literals(written) {
            // In the first line only quoted texts are shown. The rest are line numbers and the like.
            if place.start >= first || written[..place.start].matches('"').count() % 2 == 1 {
                let place = range.start + place.start..range.start + place.end;
                self.patch(place, ExportPatch::Inline(MarkdownExport::of(name)));
            }
        }
    }

    /// Writes inline code.
    pub(super) fn code_in_line(&mut self, code: &str, range: Range<usize>) {
        self.name_in_copy(range, CodePlacement::InLine);
        let (html, used) = code::inline(code, self.context.code.variables);
        self.document.commands.used.extend(used);
        self.out().raw(&html);
    }

    /// Records the literals of variables in a text that is not code, except in addresses.
    pub(super) fn prose(&mut self, written: &str, range: &Range<usize>) {
        let variables = self.context.code.variables;
        if variables.is_empty() {
            return;
        }
        let urls: Vec<_> = urls(written).collect();
        for found in variables.find(written) {
            let Range { start, end } = found.range;
            let after = urls.partition_point(|url| url.end <= start);
            let in_url = urls.get(after).is_some_and(|url| url.contains(&start));
            if found.literal.is_some() && !in_url {
                let span = self.span(range.start + start..range.start + end);
                let text = written[start..end].to_owned();
                self.document.commands.in_prose.push(ProseLiteral { variable: found.variable, text, span });
            }
        }
    }

    /// The role of the list item that begins now.
    pub(super) fn item(&self) -> ItemRole {
        let list = |open: &OpenElement| match open {
            OpenElement::Block(Close::Html(html @ ("</ol>\n" | "</ul>\n"))) => Some(*html),
            _ => None,
        };
        let list = self.open.iter().rev().find_map(list);
        let numbered = self.items.is_empty() && list == Some("</ol>\n");
        if numbered { ItemRole::Numbered } else { ItemRole::Other }
    }

    /// Names the item whose start tag ends at `at`, if it is a step. The name is a digest of the item's content, so a
    /// tick stays with its step when steps are added before it.
    pub(super) fn end_step(&mut self, at: usize, item: ItemRole) {
        if self.context.checklist == Checklist::Leave || self.html.len() > 1 {
            return;
        }
        let said = self.out().text[at..].to_owned();
        if item == ItemRole::Other && !said.starts_with(" class=\"task\"") {
            return;
        }
        let mut name = Digest::from_parts(&[said.as_bytes()]).hex();
        name.truncate(8);
        let count = self.document.commands.names.entry(name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            name.push_str(&format!("-{count}"));
        }
        self.document.commands.steps += 1;
        self.out().insert(at, &format!(" data-step=\"{name}\""));
    }
}

/// Whether each line of a text begins a list item or goes on with one, and the items are sentences. Values in YAML and
/// options of a command are code.
fn is_list_of_prose(code: &str) -> bool {
    let mut items = 0;
    for line in code.lines().filter(|line| !line.trim().is_empty()) {
        let text = line.trim_start();
        let Some(item) = list_item(text) else {
            // A line that goes on with an item is indented as far as its text.
            if items > 0 && text.len() + 2 <= line.len() {
                continue;
            }
            return false;
        };
        let is_key = item.split_whitespace().next().is_some_and(|word| word.ends_with(':'));
        let words = item.split_whitespace().filter(|word| word.starts_with(char::is_alphabetic));
        if is_key || words.count() < 2 {
            return false;
        }
        items += 1;
    }
    items > 0
}

/// The text of a list item, without its marker.
fn list_item(line: &str) -> Option<&str> {
    if let Some(rest) = line.strip_prefix(['-', '*']) {
        return rest.strip_prefix(' ');
    }
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_number = (1..=3).contains(&(line.len() - rest.len()));
    rest.strip_prefix(['.', ')']).filter(|_| is_number)?.strip_prefix(' ')
}

fn attribute(wrong: &FenceError, span: Span) -> Diagnostic {
    let (message, help) = match wrong {
        FenceError::Risk { written, near } => {
            let names = Risk::ALL.map(Risk::name).join(", ");
            let help = near.map_or(format!("use one of {names}"), |near| format!("did you mean `{near}`?"));
            (format!("`{written}` is not a risk"), help)
        }
        FenceError::Key { written, near } => {
            (format!("a code block has no attribute `{written}`"), format!("did you mean `{near}`?"))
        }
    };
    Diagnostic::new(&CODE_ATTRIBUTE, span, message).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_sentences_is_no_code() {
        for list in [
            "- Ask the team\n- Wait an hour\n",
            "1. Open the door\n2) Close the door\n",
            "* A long item that\n  goes on\n\n* Another item\n",
        ] {
            assert!(is_list_of_prose(list), "{list}");
        }
        for code in [
            "- name: install nginx\n  apt: name=nginx\n",
            "- nginx\n- caddy\n",
            "-rf all of them\n",
            "$ ls\n- a file here\n",
            "- an old line\n+ a new line\n",
            "1.5 is a number\n",
            "",
        ] {
            assert!(!is_list_of_prose(code), "{code}");
        }
    }
}
