//! Which files an audience may not see, and why.
//!
//! Owns the one question that the pipeline asks of every page and file. Must not know what it does with the answer.

use std::collections::BTreeMap;

use super::{Standing, Statement, clear, near, of_file, of_page};
use crate::markdown::front;
use crate::page::cascade::{Cascade, inherited};
use crate::page::front_matter::quietly;
use crate::page::{Page, Reading, is_page};
use crate::path::FilePath;
use crate::source::Source;
use crate::visibility::Why;

/// Knows the audience, the hour, and what folders hand down.
#[derive(Clone, Copy)]
pub struct Guard<'a> {
    pub reading: Reading<'a>,
    pub cascades: &'a BTreeMap<String, Cascade>,
    /// Where files lie that are symbolic links: what a folder hides is not shown by another name.
    pub links: &'a BTreeMap<FilePath, FilePath>,
}

impl Guard<'_> {
    /// Why the audience does not see a page, if it does not.
    pub fn page(&self, page: &Page) -> Option<Why> {
        let seen = &page.front.visibility;
        self.hides(&seen.standing).or_else(|| self.place(self.links.get(&page.file)?, &seen.own))
    }

    /// Whether any file without front matter may be hidden.
    pub fn knows_files(&self) -> bool {
        self.reading.config.visibility.names_levels() || !self.cascades.is_empty()
    }

    /// Why the audience does not see a file without front matter, if it does not.
    pub fn file(&self, file: &FilePath) -> Option<Why> {
        let nothing = Statement::default();
        let at = |file: &FilePath| {
            let settings = &self.reading.config.visibility;
            self.hides(&of_file(file, &nothing, &inherited(file, self.cascades), settings))
        };
        at(file).or_else(|| at(self.links.get(file)?))
    }

    /// Why a text is left out of the pages that include it, for the end of a sentence.
    pub fn leaves_out(&self, source: &Source) -> Option<&'static str> {
        let hidden = self.text(source).map(|_| "is not for the audience of this build");
        hidden.or_else(|| self.is_left_draft(source).then_some("is a draft, which is left out of this build"))
    }

    /// Whether a text, or the nearest folder that says something of it, calls it a draft that is left out.
    fn is_left_draft(&self, source: &Source) -> bool {
        let file = &source.path;
        if self.reading.drafts || !file.is_markdown() {
            return false;
        }
        let own = quietly(&source.text, &front::split(&source.text)).unwrap_or_default().fields;
        let handed = inherited(file, self.cascades);
        let fields = std::iter::once(&own).chain(handed.into_iter().map(|cascade| &cascade.fields));
        let said = fields.flatten().find(|field| field.key == "draft");
        said.is_some_and(|field| !near::is_finished(&field.value))
    }

    /// Why the audience does not see a text that a page includes, if it does not.
    fn text(&self, source: &Source) -> Option<Why> {
        let file = &source.path;
        if !file.is_markdown() {
            return self.file(file);
        }
        let Some(map) = quietly(&source.text, &front::split(&source.text)) else {
            return self.hides(&Standing::unclear(&self.reading.config.visibility));
        };
        let mut problems = Vec::new();
        let own = clear(map, self.reading.with(file), &mut problems).own;
        if problems.iter().any(|problem| problem.rule.guards()) {
            return self.hides(&Standing::unclear(&self.reading.config.visibility));
        }
        self.place(file, &own).or_else(|| self.place(self.links.get(file)?, &own))
    }

    /// Why the audience does not see a text that says `own` itself, where it lies at a place.
    fn place(&self, file: &FilePath, own: &Statement) -> Option<Why> {
        let (settings, sections) = (&self.reading.config.visibility, inherited(file, self.cascades));
        match is_page(file, &self.reading.config.content) {
            true => self.hides(&of_page(file, own, &sections, settings)),
            false => self.hides(&of_file(file, own, &sections, settings)),
        }
    }

    fn hides(&self, standing: &Standing) -> Option<Why> {
        standing.hidden(self.reading.config.visibility.audience, self.reading.now)
    }
}
