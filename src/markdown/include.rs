//! Includes another file, or one section of another page, in place of a line.
//!
//! Owns how a reference is read and resolved in the content folder, and which part of a file is a section. Included
//! text is walked like the page's own text, so its spans and links belong to its own file.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::code::{FenceInfo, FigureContext};
use super::export::{ExportPatch, MarkdownExport};
use super::text_origin::TextOrigin;
use super::writer::HtmlWriter;
use super::{Blocks, Document, Flavor, MarkdownContext};
use super::{corrections, directives};
use crate::bounds::{INCLUDE_BYTES, INCLUDE_LEVELS, INCLUDES};
use crate::diagnostic::{Diagnostic, NameIndex, nearest};
use crate::path::FilePath;
use crate::rules::{INCLUDE_CYCLE, INCLUDE_LIMIT, INCLUDE_MISSING, LINK_HIDDEN};
use crate::source::Source;

/// The sections of included files. They are found once for all pages of a build, because an included file may have
/// thousands of sections and be included thousands of times.
#[derive(Default)]
pub struct IncludeSections {
    known: Mutex<HashMap<(FilePath, Flavor), Arc<FileSections>>>,
}

/// The sections of one file.
#[derive(Default)]
struct FileSections {
    /// The range of each section's text in the file, without its heading, by the id of the heading.
    texts: HashMap<String, Range<usize>>,
    /// The ids, for suggestions when a section does not exist. Built on first use.
    names: OnceLock<NameIndex>,
}

/// The files that a text may include. For each reference these are two candidates, relative to the file and to the
/// content folder, whether they exist or not. Candidates outside the content folder are left out.
pub fn references(file: &FilePath, text: &str, content: &str) -> Vec<FilePath> {
    if !text.contains("::include ") {
        return Vec::new();
    }
    let body = &text[super::front::split(text).body..];
    directives::include_references(body).flat_map(|reference| candidates(file, reference, content)).collect()
}

/// The files that a reference may name, nearest first.
fn candidates(file: &FilePath, reference: &str, content: &str) -> Vec<FilePath> {
    let path = reference.split('#').next().unwrap_or(reference);
    let from_content = FilePath::new(path.trim_start_matches('/'))
        .and_then(|path| FilePath::in_folder(content, path.as_str()));
    let beside = if path.starts_with('/') { None } else { file.join(path) };
    let beneath = |path: &FilePath| path.beneath(content).is_some_and(|rest| !rest.is_empty());
    beside.into_iter().chain(from_content).filter(beneath).collect()
}

/// The file that a reference in a text names, if it exists.
pub fn included<'s>(
    file: &FilePath,
    reference: &str,
    content: &str,
    sources: &'s BTreeMap<FilePath, Source>,
) -> Option<&'s Source> {
    candidates(file, reference, content).iter().find_map(|candidate| sources.get(candidate))
}

impl<'a> HtmlWriter<'a> {
    /// Writes the file that `reference` names in place of `line`. Both are ranges of the current text.
    pub(super) fn include(&mut self, line: Range<usize>, reference: Range<usize>) {
        let written = &self.current.origin.text[reference.clone()];
        self.report_marks(reference.clone());
        let context = self.context;
        let found = included(self.current.origin.file, written, context.content, context.sources);
        let Some(source) = found else {
            self.report_missing(written, reference);
            self.patch(line, ExportPatch::Nothing);
            return;
        };
        if let Some(why) = (context.hides)(source) {
            self.patch(line, ExportPatch::Nothing);
            let message = format!("`{}` {why}", source.path);
            self.report(&LINK_HIDDEN, reference, message);
            return;
        }
        if source.path == *self.current.origin.file || self.includes.open.contains(&source.path) {
            let message = format!("`{}` includes itself", source.path);
            self.report(&INCLUDE_CYCLE, reference, message);
            return;
        }
        // An exceeded bound is reported at the include in the page itself.
        if self.includes.open.is_empty() {
            self.includes.first = Some(self.span(reference.clone()));
        }
        if !self.admits_include(source, &reference) {
            self.patch(line, ExportPatch::Nothing);
            return;
        }
        if source.dialect.is_none() {
            let copied = self.include_code(source, reference);
            self.patch(line, ExportPatch::Block(MarkdownExport::code(&source.path.extension(), &copied)));
            return;
        }
        if let Some(copy) = self.include_markdown(source, reference) {
            self.patch(line, ExportPatch::Block(copy));
        }
    }

    /// Whether the page may include one more file. An exceeded bound is reported at the page's own include.
    fn admits_include(&mut self, source: &Source, reference: &Range<usize>) -> bool {
        if self.includes.texts.is_full {
            return false;
        }
        self.includes.texts.files += 1;
        self.includes.texts.bytes += source.text.len();
        let too_deep = INCLUDE_LEVELS.is_exceeded(self.includes.open.len() + 1);
        let (message, help) = if too_deep {
            let message = format!("more than {INCLUDE_LEVELS} of includes lie in one another");
            (message, "include the innermost file in the page itself")
        } else if INCLUDES.is_exceeded(self.includes.texts.files) {
            let message = format!("the page has more than {INCLUDES}, with those of included files");
            (message, "put texts that always stand together into one file, or link them")
        } else if INCLUDE_BYTES.is_exceeded(self.includes.texts.bytes) {
            let message = format!("the page includes more than {INCLUDE_BYTES} of text");
            (message, "include smaller files, or link them")
        } else {
            return true;
        };
        // After an include that nests too deep, other includes may still be admitted.
        self.includes.texts.is_full = !too_deep;
        let place = self.includes.first.clone().unwrap_or_else(|| self.span(reference.clone()));
        self.document.diagnostics.push(Diagnostic::new(&INCLUDE_LIMIT, place, message).help(help));
        false
    }

    /// Writes a file that is not Markdown: code, or a diagram in a file of its own. Returns the text for the export.
    fn include_code(&mut self, source: &'a Source, reference: Range<usize>) -> String {
        let extension = source.path.extension();
        if matches!(extension.as_str(), "mmd" | "mermaid") {
            let origin = TextOrigin::new(source, 0);
            let outer = std::mem::replace(&mut self.current.origin, origin);
            let admitted = self.admits_diagram(&source.text, 0..0);
            let drawn = if admitted { self.diagram(&source.text, None, &|range| range) } else { None };
            self.current.origin = outer;
            if let Some(unseen) = drawn {
                let mut text = source.text.to_string();
                unseen.into_iter().rev().for_each(|range| text.replace_range(range, ""));
                return text;
            }
        }
        let place = |writer: &Self| writer.span(reference.clone());
        if extension == corrections::LANGUAGE {
            let corrected = self.corrected(&source.text);
            if !self.transcript(&source.text, place) {
                self.figure(&FenceInfo::parse(&extension), &corrected, reference);
            }
            return corrected;
        }
        self.figure(&FenceInfo::parse(&extension), &source.text, reference);
        self.context.code.variables.named(&source.text)
    }

    /// Writes an included Markdown file or section. Returns `None` if there is no such section.
    fn include_markdown(&mut self, source: &'a Source, reference: Range<usize>) -> Option<MarkdownExport> {
        let body = super::front::split(&source.text).body;
        let origin = TextOrigin::new(source, body);
        let anchor =
            self.current.origin.text[reference.clone()].split_once('#').map(|(_, anchor)| anchor.to_owned());
        let part = match anchor {
            None => None,
            Some(anchor) => match self.section(source, body, &anchor) {
                Ok(part) => Some(part),
                Err(near) => {
                    let message = format!("there is no section `{anchor}` in {}", source.path);
                    let mut problem =
                        Diagnostic::new(&INCLUDE_MISSING, self.span(reference.clone()), message);
                    problem.help = near.map(|near| format!("did you mean `{near}`?").into());
                    self.document.diagnostics.push(problem);
                    return None;
                }
            },
        };
        // Inside the included file, an include of the current file is a cycle.
        self.includes.open.push(self.current.origin.file.clone());
        let copy = self.walk(origin, part);
        self.includes.open.pop();
        Some(copy)
    }

    /// The range of a section's text in the Markdown, which begins at byte `body` of the file.
    ///
    /// # Errors
    /// The id of the nearest section, if one is near.
    fn section(&self, source: &Source, body: usize, anchor: &str) -> Result<Range<usize>, Option<String>> {
        let sections = self.context.sections.sections_of(source, body, self.context);
        match sections.texts.get(anchor) {
            Some(text) => Ok(text.start - body..text.end - body),
            None => {
                let ids = || NameIndex::new(sections.texts.keys().map(String::as_str));
                Err(sections.names.get_or_init(ids).nearest(anchor).map(str::to_owned))
            }
        }
    }

    fn report_missing(&mut self, written: &str, reference: Range<usize>) {
        let content = self.context.content;
        let name = written.split('#').next().unwrap_or(written);
        let outside = candidates(self.current.origin.file, written, content).is_empty();
        let message = match outside {
            true if content.is_empty() => format!("`{name}` does not lie in the handbook's folder"),
            true => format!("`{name}` does not lie beneath `{content}/`"),
            false => format!("there is no file `{name}` to include"),
        };
        let mut problem = Diagnostic::new(&INCLUDE_MISSING, self.span(reference), message);
        let known = self.context.sources.keys().filter_map(|path| path.beneath(content));
        problem.help = nearest(name, known).map(|near| format!("did you mean `{near}`?").into());
        self.document.diagnostics.push(problem);
    }
}

impl IncludeSections {
    /// The sections of a file whose Markdown begins at `body`, from the cache if they are known.
    fn sections_of(&self, source: &Source, body: usize, context: &MarkdownContext<'_>) -> Arc<FileSections> {
        let key = (source.path.clone(), context.flavor);
        if let Some(known) = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Arc::clone(known);
        }
        // The lock is not held while a file is read: two threads may read the same file at once, but the others do not
        // wait.
        let sections = Arc::new(FileSections::read(source, body, context));
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(key).or_insert(sections))
    }
}

impl FileSections {
    fn read(source: &Source, body: usize, context: &MarkdownContext<'_>) -> FileSections {
        // Sections need only the headings, so code, diagrams and nested includes are not processed.
        let nothing = BTreeMap::new();
        let quiet = MarkdownContext {
            code: FigureContext::PLAIN,
            diagrams: None,
            sources: &nothing,
            blocks: Blocks::Leave,
            ..*context
        };
        let document: Document = HtmlWriter::new(&quiet, None).document(source, body);
        let mut texts = HashMap::new();
        // For each level, the start of the next heading of that level or a higher one. A section ends there.
        let mut next = [source.text.len(); 7];
        for heading in document.title.iter().chain(&document.outline).rev() {
            let (start, level) = (heading.span.start as usize, usize::from(heading.level).min(6));
            texts.insert(heading.id.clone(), heading.span.end as usize..next[level]);
            next[level..].fill(start);
        }
        FileSections { texts, names: OnceLock::new() }
    }
}
