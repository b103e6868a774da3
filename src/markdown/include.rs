//! Includes: another file, or one section of another page, in place of a line.
//!
//! Owns how a reference is read and resolved beneath the content folder, and which part of a file a section
//! is. Included text is walked like the page's own, so its spans and links are those of its own file.

use std::collections::BTreeMap;
use std::ops::Range;

use super::code::{FenceInfo, Setting};
use super::copy::{Copy, Patch};
use super::directives::{self, Dialect, Mark};
use super::writer::{Origin, Writer};
use super::{Blocks, Document, Environment};
use crate::diagnostic::{Diagnostic, nearest};
use crate::path::FilePath;
use crate::rules::{INCLUDE_CYCLE, INCLUDE_MISSING, LINK_HIDDEN};
use crate::source::Source;

/// Includes may nest this deep.
pub const MOST_INCLUDE_DEPTH: usize = 16;
/// A page may hold this many includes, those of included files counted: few files could make a huge page.
const MOST_INCLUDES: usize = 500;

/// The files that a text includes, as far as they lie beneath the root: relative to the file, or to the
/// content folder. For each reference both candidates are named, whether they exist or not.
pub fn references(file: &FilePath, text: &str, content: &str) -> Vec<FilePath> {
    if !text.contains("::include ") {
        return Vec::new();
    }
    let body = &text[super::front::split(text).body..];
    let marks = directives::mask(body, Dialect::of(file)).marks;
    let reference = |mark: &Mark| match mark {
        Mark::Include { reference } => Some(body[reference.clone()].to_owned()),
        Mark::Open { .. } | Mark::Close { .. } | Mark::Component { .. } | Mark::Comment => None,
    };
    marks.values().filter_map(reference).flat_map(|reference| candidates(file, &reference, content)).collect()
}

/// The files that a reference may mean, nearest first.
fn candidates(file: &FilePath, reference: &str, content: &str) -> Vec<FilePath> {
    let path = reference.split('#').next().unwrap_or(reference);
    let from_content = FilePath::new(path.trim_start_matches('/'))
        .and_then(|path| FilePath::new(&format!("{content}/{path}")));
    let beside = if path.starts_with('/') { None } else { file.join(path) };
    let beneath = |path: &FilePath| path.beneath(content).is_some_and(|rest| !rest.is_empty());
    beside.into_iter().chain(from_content).filter(beneath).collect()
}

/// The file that a reference in a text names, if there is one.
pub fn included<'s>(
    file: &FilePath,
    reference: &str,
    content: &str,
    sources: &'s BTreeMap<FilePath, Source>,
) -> Option<&'s Source> {
    candidates(file, reference, content).iter().find_map(|candidate| sources.get(candidate))
}

impl<'a> Writer<'a> {
    /// Writes the file that `reference` names in place of `line`.
    pub(super) fn include(&mut self, line: Range<usize>, reference: Range<usize>) {
        let written = &self.origin.text[reference.clone()];
        self.report_marks(reference.clone());
        let environment = self.environment;
        let found = included(self.origin.file, written, environment.content, environment.sources);
        let Some(source) = found else {
            self.report_missing(written, reference);
            self.patch(line, Patch::Nothing);
            return;
        };
        if let Some(why) = (environment.hides)(source) {
            self.patch(line, Patch::Nothing);
            let message = format!("`{}` {why}", source.path);
            self.report(&LINK_HIDDEN, reference, message);
            return;
        }
        if source.path == *self.origin.file || self.included.contains(&source.path) {
            let message = format!("`{}` includes itself", source.path);
            self.report(&INCLUDE_CYCLE, reference, message);
            return;
        }
        self.includes += 1;
        if self.includes > MOST_INCLUDES + 1 {
            return;
        }
        if self.included.len() >= MOST_INCLUDE_DEPTH || self.includes > MOST_INCLUDES {
            let message = format!(
                "more than {MOST_INCLUDE_DEPTH} includes in one another, or {MOST_INCLUDES} on one page"
            );
            let first = self.first_include.clone().unwrap_or_else(|| self.span(reference));
            self.diagnostics.push(Diagnostic::new(&INCLUDE_CYCLE, first, message));
            return;
        }
        if !source.path.is_markdown() {
            self.include_code(source);
            let text = self.environment.code.variables.named(&source.text);
            self.patch(line, Patch::Text(Copy::code(&source.path.extension(), &text)));
            return;
        }
        if let Some(copy) = self.include_markdown(source, reference) {
            self.patch(line, Patch::Text(copy));
        }
    }

    /// A text of another sort: code, or a diagram in a file of its own.
    fn include_code(&mut self, source: &'a Source) {
        let extension = source.path.extension();
        if matches!(extension.as_str(), "mmd" | "mermaid") {
            let origin = Origin::new(source, 0);
            let outer = std::mem::replace(&mut self.origin, origin);
            let drawn = self.diagram(&source.text, None, &|range| range);
            self.origin = outer;
            if drawn {
                return;
            }
        }
        self.figure(&FenceInfo::parse(&extension), &source.text);
    }

    /// `None` where there is no such section.
    fn include_markdown(&mut self, source: &'a Source, reference: Range<usize>) -> Option<Copy> {
        let body = super::front::split(&source.text).body;
        let origin = Origin::new(source, body);
        let anchor = self.origin.text[reference.clone()].split_once('#').map(|(_, anchor)| anchor.to_owned());
        let part = match anchor {
            None => None,
            Some(anchor) => match section(source, body, &anchor, self.environment) {
                Ok(part) => Some(part),
                Err(near) => {
                    let message = format!("there is no section `{anchor}` in {}", source.path);
                    let mut problem =
                        Diagnostic::new(&INCLUDE_MISSING, self.span(reference.clone()), message);
                    problem.help = near.map(|near| format!("did you mean `{near}`?").into());
                    self.diagnostics.push(problem);
                    return None;
                }
            },
        };
        if self.included.is_empty() {
            self.first_include = Some(self.span(reference));
        }
        self.included.push(self.origin.file.clone());
        let copy = self.walk(origin, part);
        self.included.pop();
        Some(copy)
    }

    fn report_missing(&mut self, written: &str, reference: Range<usize>) {
        let content = self.environment.content;
        let name = written.split('#').next().unwrap_or(written);
        let outside = candidates(self.origin.file, written, content).is_empty();
        let message = match outside {
            true => format!("`{name}` does not lie beneath `{content}/`"),
            false => format!("there is no file `{name}` to include"),
        };
        let mut problem = Diagnostic::new(&INCLUDE_MISSING, self.span(reference), message);
        let known = self.environment.sources.keys().filter_map(|path| path.beneath(content));
        problem.help = nearest(name, known).map(|near| format!("did you mean `{near}`?").into());
        self.diagnostics.push(problem);
    }
}

/// The range of a section's content in the Markdown, without its heading; else the nearest section's id.
fn section(
    source: &Source,
    body: usize,
    anchor: &str,
    environment: &Environment<'_>,
) -> Result<Range<usize>, Option<String>> {
    let nothing = BTreeMap::new();
    let quiet = Environment {
        code: Setting::PLAIN,
        diagrams: None,
        sources: &nothing,
        blocks: Blocks::Leave,
        ..*environment
    };
    let document: Document = Writer::new(&quiet, None).document(source, body);
    let headings: Vec<_> =
        document.title.iter().chain(&document.outline).filter(|h| h.span.file == source.path).collect();
    let Some(at) = headings.iter().position(|heading| heading.id == anchor) else {
        return Err(nearest(anchor, headings.iter().map(|heading| heading.id.as_str())).map(str::to_owned));
    };
    let heading = headings[at];
    let next = headings[at + 1..].iter().find(|next| next.level <= heading.level);
    let end = next.map_or(source.text.len(), |next| next.span.start as usize);
    Ok(heading.span.end as usize - body..end - body)
}
