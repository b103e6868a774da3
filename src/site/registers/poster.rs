//! The poster: the plots of all registers on one page, for the wall or for an auditor.
//!
//! This module owns which plots are on it. The registers draw them, each in the form of its first page.

use super::table::{FileContent, FileRows, Register, RegisterContent, RegisterPage};
use crate::memo::Digest;
use crate::site::Site;

/// The register of plots.
pub(super) struct Poster<'a> {
    /// The registers that may have plots.
    pub registers: Vec<Box<dyn Register + 'a>>,
}

impl Register for Poster<'_> {
    fn pages(&self, site: &Site) -> Vec<RegisterPage> {
        if self.registers.iter().all(|register| register.pages(site).is_empty()) {
            return Vec::new();
        }
        let t = site.words();
        let page = RegisterPage::new("poster/", t.say("poster.title"));
        vec![page.entry(t.say("register.computed"), t.say("poster.size"), t.say("poster.lead"))]
    }

    fn content(&self, site: &Site, _: &RegisterPage) -> RegisterContent<'_> {
        let mut plots = Vec::new();
        for register in &self.registers {
            // Further pages show parts of the same rows.
            if let Some(first) = register.pages(site).first() {
                plots.extend(register.content(site, first).plots);
            }
        }
        let lead = site.words().say(if plots.is_empty() { "poster.empty" } else { "poster.lead" }).to_owned();
        RegisterContent { lead, plots, is_poster: true, ..RegisterContent::default() }
    }

    /// The registers of the plots have files.
    fn data(&self, _: &Site, _: &str) -> FileContent<'_> {
        FileContent::Rows(FileRows { head: Vec::new(), lists: Vec::new() })
    }

    fn digest(&self, site: &Site) -> Digest {
        let digests: Vec<Digest> = self.registers.iter().map(|register| register.digest(site)).collect();
        Digest::of_value(&digests)
    }
}
