//! Which files an audience may not see, and why.
//!
//! Owns the one question that the pipeline asks of every page and file. Must not know what it does with the answer.

use std::collections::BTreeMap;

use super::{Standing, Statement, clear, of_file, of_page};
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
}

impl Guard<'_> {
    /// Why the audience does not see a page, if it does not.
    pub fn page(&self, page: &Page) -> Option<Why> {
        self.hides(&page.front.visibility.standing)
    }

    /// Whether any file without front matter may be hidden.
    pub fn knows_files(&self) -> bool {
        self.reading.config.visibility.names_levels() || !self.cascades.is_empty()
    }

    /// Why the audience does not see a file without front matter, if it does not.
    pub fn file(&self, file: &FilePath) -> Option<Why> {
        let settings = &self.reading.config.visibility;
        self.hides(&of_file(file, &Statement::default(), &inherited(file, self.cascades), settings))
    }

    /// Why the audience does not see a text that a page includes, if it does not.
    pub fn text(&self, source: &Source) -> Option<Why> {
        let (file, settings) = (&source.path, &self.reading.config.visibility);
        if !file.is_markdown() {
            return self.file(file);
        }
        let Some(map) = quietly(&source.text, &front::split(&source.text)) else {
            return self.hides(&Standing::unclear(settings));
        };
        let own = clear(map, self.reading.with(file), &mut Vec::new()).own;
        let sections = inherited(file, self.cascades);
        match is_page(file, &self.reading.config.content) {
            true => self.hides(&of_page(file, &own, &sections, settings)),
            false => self.hides(&of_file(file, &own, &sections, settings)),
        }
    }

    fn hides(&self, standing: &Standing) -> Option<Why> {
        standing.hidden(self.reading.config.visibility.audience, self.reading.now)
    }
}
