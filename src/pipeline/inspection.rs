//! A handbook for an editor: its problems and its structure, without any output.
//!
//! Owns [`InspectedHandbook`] and how it is made. It runs the stages of a build up to the site. What it does not find are
//! the problems of outputs: two outputs at one path, and templates that fail.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Engine, add_problems_of_inputs, own_rules, redacted_texts, site_inputs};
use crate::check;
use crate::diagnostic::Diagnostic;
use crate::input::Inputs;
use crate::page::Page;
use crate::path::FilePath;
use crate::site::{self, AddressBook, HiddenNames, Site, SiteInputs, Structure};

/// A handbook whose pages are placed and whose links are resolved. It owns all that it refers to.
pub struct InspectedHandbook {
    pub inputs: Arc<Inputs>,
    pub site: Site,
    /// Sorted and with their final severity.
    pub diagnostics: Vec<Diagnostic>,
    pages: Vec<Arc<Page>>,
    hidden: HiddenNames,
    structure: Arc<Structure>,
}

impl Engine {
    /// Parses and places all pages and resolves their links. The audience of the inputs should be the authors: the
    /// files that others may not see are not removed from the address book.
    pub fn inspect(&mut self, inputs: Arc<Inputs>) -> InspectedHandbook {
        let texts = redacted_texts::redact_texts(&inputs, &mut self.texts);
        let mut shown = self.parse(&inputs, &texts);
        let mut problems = std::mem::take(&mut shown.diagnostics);
        let (mut site, structure) = {
            let site_inputs = site_inputs(&inputs, &shown, &texts);
            let (site, found) = site::assemble(&site_inputs, &mut self.site);
            problems.extend(found);
            (site, site::structure_of(&site_inputs, &mut self.site))
        };
        add_problems_of_inputs(&mut problems, &inputs, &shown, &texts);
        let changed: BTreeSet<&FilePath> = texts.redactions.iter().map(|(file, _)| file).collect();
        // Editors show the texts as they were written, so the places of links and headings move back to them.
        if !changed.is_empty() {
            for placed in &mut site.pages {
                let page = &placed.page;
                let mut files = page.document.links.iter().map(|link| &link.span.file);
                if changed.contains(&page.file) || files.any(|file| changed.contains(file)) {
                    let mut written = (**page).clone();
                    let document = &mut written.document;
                    document.links.iter_mut().for_each(|link| texts.move_back(&mut link.span));
                    let headings = document.title.iter_mut().chain(&mut document.outline);
                    headings.for_each(|heading| texts.move_back(&mut heading.span));
                    placed.page = Arc::new(written);
                }
            }
        }
        let rules = own_rules(&shown.pages, &inputs);
        let judged = check::apply_severities(problems, &inputs.config, &rules, inputs.today);
        let diagnostics = judged.problems;
        let (pages, hidden) = (shown.pages, shown.hidden);
        drop(texts);
        InspectedHandbook { inputs, site, diagnostics, pages, hidden, structure }
    }
}

impl InspectedHandbook {
    /// Passes the address book, which knows what each address names, to `ask`.
    pub fn with_addresses<R>(&self, ask: impl FnOnce(&AddressBook<'_>) -> R) -> R {
        let Inputs { config, assets, static_files, sources, others, history, .. } = &*self.inputs;
        let site_inputs = SiteInputs {
            config,
            pages: &self.pages,
            assets,
            static_files,
            sources,
            others,
            hidden: &self.hidden,
            history,
            kinds: &self.inputs.kinds,
            field_registers: &self.inputs.field_registers,
            strings: &self.inputs.theme.strings,
            data: &self.inputs.data,
            today: self.inputs.today,
            target: &self.inputs.target,
        };
        ask(&AddressBook::with_structure(&site_inputs, Arc::clone(&self.structure)))
    }
}
