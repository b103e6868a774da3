//! Includes: another file, or one section of another page, in place of a line.
//!
//! Owns how a reference is read and resolved beneath the content folder, and which part of a file a section
//! is. Included text is walked like the page's own, so its spans and links are those of its own file.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::code::{FenceInfo, Setting};
use super::copy::{Copy, Patch};
use super::directives::{self, Dialect, Mark};
use super::writer::{Origin, Writer};
use super::{Blocks, Document, Environment, Flavor};
use crate::bounds::{INCLUDE_BYTES, INCLUDE_LEVELS, INCLUDES};
use crate::diagnostic::{Diagnostic, Names, nearest};
use crate::path::FilePath;
use crate::rules::{INCLUDE_CYCLE, INCLUDE_LIMIT, INCLUDE_MISSING, LINK_HIDDEN};
use crate::source::Source;

/// What a page has included so far, with what included files include.
#[derive(Default)]
pub(super) struct Included {
    files: usize,
    /// A file counts as a whole, also where only a section of it is shown: it is read as a whole.
    bytes: usize,
    /// Whether no more is included. It was reported.
    is_full: bool,
}

/// The sections of files that pages include. They are looked up once for all pages of a build: an included file may have
/// thousands, and be included thousands of times.
#[derive(Default)]
pub struct Sections {
    known: Mutex<HashMap<(FilePath, Flavor), Arc<FileSections>>>,
}

/// The sections of one file.
#[derive(Default)]
struct FileSections {
    /// Where the text of each lies in the file, without its heading, by the heading's id.
    texts: HashMap<String, Range<usize>>,
    /// For those who name one that does not exist.
    names: OnceLock<Names>,
}

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
        if self.included.is_empty() {
            self.first_include = Some(self.span(reference.clone()));
        }
        if !self.admits_include(source, &reference) {
            self.patch(line, Patch::Nothing);
            return;
        }
        if !source.path.is_markdown() {
            let copied = self.include_code(source, reference);
            self.patch(line, Patch::Block(Copy::code(&source.path.extension(), &copied)));
            return;
        }
        if let Some(copy) = self.include_markdown(source, reference) {
            self.patch(line, Patch::Block(copy));
        }
    }

    /// Whether the page may include one more file. What is too much is reported at the page's own include.
    fn admits_include(&mut self, source: &Source, reference: &Range<usize>) -> bool {
        if self.includes.is_full {
            return false;
        }
        self.includes.files += 1;
        self.includes.bytes += source.text.len();
        let too_deep = INCLUDE_LEVELS.is_exceeded(self.included.len() + 1);
        let (message, help) = if too_deep {
            let message = format!("more than {INCLUDE_LEVELS} of includes lie in one another");
            (message, "include the innermost file in the page itself")
        } else if INCLUDES.is_exceeded(self.includes.files) {
            let message = format!("the page has more than {INCLUDES}, with those of included files");
            (message, "put texts that always stand together into one file, or link them")
        } else if INCLUDE_BYTES.is_exceeded(self.includes.bytes) {
            let message = format!("the page includes more than {INCLUDE_BYTES} of text");
            (message, "include smaller files, or link them")
        } else {
            return true;
        };
        // Other includes may be less deep.
        self.includes.is_full = !too_deep;
        let place = self.first_include.clone().unwrap_or_else(|| self.span(reference.clone()));
        self.diagnostics.push(Diagnostic::new(&INCLUDE_LIMIT, place, message).help(help));
        false
    }

    /// A text of another sort: code, or a diagram in a file of its own. Returns what is copied of it.
    fn include_code(&mut self, source: &'a Source, reference: Range<usize>) -> String {
        let extension = source.path.extension();
        if matches!(extension.as_str(), "mmd" | "mermaid") {
            let origin = Origin::new(source, 0);
            let outer = std::mem::replace(&mut self.origin, origin);
            let admitted = self.admits_diagram(&source.text, 0..0);
            let drawn = if admitted { self.diagram(&source.text, None, &|range| range) } else { None };
            self.origin = outer;
            if let Some(unseen) = drawn {
                let mut text = source.text.to_string();
                unseen.into_iter().rev().for_each(|range| text.replace_range(range, ""));
                return text;
            }
        }
        self.figure(&FenceInfo::parse(&extension), &source.text, reference);
        self.environment.code.variables.named(&source.text)
    }

    /// `None` where there is no such section.
    fn include_markdown(&mut self, source: &'a Source, reference: Range<usize>) -> Option<Copy> {
        let body = super::front::split(&source.text).body;
        let origin = Origin::new(source, body);
        let anchor = self.origin.text[reference.clone()].split_once('#').map(|(_, anchor)| anchor.to_owned());
        let part = match anchor {
            None => None,
            Some(anchor) => match self.section(source, body, &anchor) {
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
        self.included.push(self.origin.file.clone());
        let copy = self.walk(origin, part);
        self.included.pop();
        Some(copy)
    }

    /// The range of a section's text in the Markdown, which begins at `body`.
    ///
    /// # Errors
    /// The nearest section's id, if one is near.
    fn section(&self, source: &Source, body: usize, anchor: &str) -> Result<Range<usize>, Option<String>> {
        let sections = self.environment.sections.of(source, body, self.environment);
        match sections.texts.get(anchor) {
            Some(text) => Ok(text.start - body..text.end - body),
            None => {
                let ids = || Names::new(sections.texts.keys().map(String::as_str));
                Err(sections.names.get_or_init(ids).nearest(anchor).map(str::to_owned))
            }
        }
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

impl Sections {
    /// The sections of a file whose Markdown begins at `body`.
    fn of(&self, source: &Source, body: usize, environment: &Environment<'_>) -> Arc<FileSections> {
        let key = (source.path.clone(), environment.flavor);
        if let Some(known) = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Arc::clone(known);
        }
        // Two threads may read the same file at once; others need not wait for it.
        let sections = Arc::new(FileSections::read(source, body, environment));
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(key).or_insert(sections))
    }
}

impl FileSections {
    fn read(source: &Source, body: usize, environment: &Environment<'_>) -> FileSections {
        let nothing = BTreeMap::new();
        let quiet = Environment {
            code: Setting::PLAIN,
            diagrams: None,
            sources: &nothing,
            blocks: Blocks::Leave,
            ..*environment
        };
        let document: Document = Writer::new(&quiet, None).document(source, body);
        let mut texts = HashMap::new();
        // By level: where the next heading of this level or a higher one begins. A section ends there.
        let mut next = [source.text.len(); 7];
        for heading in document.title.iter().chain(&document.outline).rev() {
            let (start, level) = (heading.span.start as usize, usize::from(heading.level).min(6));
            texts.insert(heading.id.clone(), heading.span.end as usize..next[level]);
            next[level..].fill(start);
        }
        FileSections { texts, names: OnceLock::new() }
    }
}
