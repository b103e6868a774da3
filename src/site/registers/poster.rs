//! The poster: the plots of all registers on one page, for the wall or for an auditor.
//!
//! This module owns which plots are on it. The registers draw them, each in the form of its first page.

use super::table::{FileContent, Register, RegisterContent, RegisterPage, RegisterPlot};
use super::{CollectedRegister, NamedRegister, actions, alerts, controls, incidents, reviews};
use crate::memo::Digest;
use crate::site::Site;

pub(super) static REGISTER: CollectedRegister = CollectedRegister {
    name: "poster",
    is_fed_by_kinds: false,
    is_shown_on_pages: false,
    collect: |_, _| {},
    register: |made| {
        let registers = PLOTTED.iter().map(|plotted| (plotted.name, (plotted.register)(made))).collect();
        Box::new(Poster { registers })
    },
};

/// The registers that have plots, in the order of the poster.
static PLOTTED: [&CollectedRegister; 5] =
    [&incidents::REGISTER, &actions::REGISTER, &alerts::REGISTER, &reviews::REGISTER, &controls::REGISTER];

/// The register of plots.
struct Poster<'a> {
    /// The registers that may have plots, also those that the settings switch off.
    registers: Vec<NamedRegister<'a>>,
}

impl<'a> Poster<'a> {
    /// The registers whose plots are shown.
    fn shown(&self, site: &Site) -> impl Iterator<Item = &(dyn Register + 'a)> {
        let shown = self.registers.iter().filter(|(name, _)| site.config.has_register(name));
        shown.map(|(_, register)| &**register)
    }

    fn plots(&self, site: &Site) -> Vec<RegisterPlot<'_>> {
        let mut plots = Vec::new();
        for register in self.shown(site) {
            // Further pages show parts of the same rows.
            if let Some(first) = register.pages(site).first() {
                plots.extend(register.content(site, first).plots);
            }
        }
        plots
    }
}

impl Register for Poster<'_> {
    fn pages(&self, site: &Site) -> Vec<RegisterPage> {
        if self.shown(site).all(|register| register.pages(site).is_empty()) {
            return Vec::new();
        }
        let t = site.words();
        let page = RegisterPage::new("poster/", t.say("poster.title")).files(["poster.svg"]);
        vec![page.entry(t.say("register.computed"), t.say("poster.size"), t.say("poster.lead"))]
    }

    fn content(&self, site: &Site, _: &RegisterPage) -> RegisterContent<'_> {
        let plots = self.plots(site);
        let lead = site.words().say(if plots.is_empty() { "poster.empty" } else { "poster.lead" }).to_owned();
        RegisterContent { lead, plots, is_poster: true, ..RegisterContent::default() }
    }

    fn data(&self, site: &Site, _: &str) -> FileContent<'_> {
        FileContent::Plots(self.plots(site))
    }

    fn digest(&self, site: &Site) -> Digest {
        let digests: Vec<Digest> = self.shown(site).map(|register| register.digest(site)).collect();
        Digest::of_value(&digests)
    }
}
