//! What of the inputs the audience may see.
//!
//! Owns what is taken away: pages and files of which the table of levels says that they are not for the audience. What
//! is left is all that later stages get; names of the rest serve diagnostics only. Decides nothing itself.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use crate::asset::Asset;
use crate::config::Visibility;
use crate::diagnostic::Diagnostic;
use crate::input::{Drafts, Inputs};
use crate::page::visibility::{AccessTable, EMBARGO};
use crate::page::{self, Page};
use crate::path::FilePath;
use crate::rules::{ADVISORY_EMBARGO, VISIBILITY_DEFAULT, VISIBILITY_PATH};
use crate::site::HiddenNames;
use crate::source::{Source, Span};
use crate::visibility::{Pattern, Withheld, WithheldPart, WithheldReason};

/// What is left of the inputs.
pub(super) struct VisibleInputs<'a> {
    pub pages: Vec<Arc<Page>>,
    pub assets: Cow<'a, BTreeMap<FilePath, Asset>>,
    pub data: Cow<'a, BTreeMap<FilePath, Source>>,
    pub hidden: HiddenNames,
    pub withheld: Vec<Withheld>,
    /// Of all pages, also of those that are not shown.
    pub diagnostics: Vec<Diagnostic>,
    /// Where front matter names a level that not everybody sees.
    pub named: Vec<Span>,
    /// When the next embargo ends, if one holds something back.
    pub next_release: Option<Timestamp>,
}

/// Takes away pages and files that are not for the audience.
pub(super) fn show<'a>(
    inputs: &'a Inputs,
    pages: Vec<Arc<Page>>,
    table: &AccessTable<'_>,
) -> VisibleInputs<'a> {
    let mut left = VisibleInputs {
        pages: Vec::with_capacity(pages.len()),
        assets: Cow::Borrowed(&inputs.assets),
        data: Cow::Borrowed(&inputs.data),
        hidden: HiddenNames::default(),
        withheld: Vec::new(),
        diagnostics: Vec::new(),
        named: Vec::new(),
        next_release: None,
    };
    for page in pages {
        if page.front.draft && inputs.drafts == Drafts::Leave {
            // It is not there, but if it stands for a folder, it says who may see what is in it.
            let guards = page.diagnostics.iter().filter(|problem| problem.rule.guards());
            left.diagnostics.extend(guards.filter(|_| page::is_section(&page.file)).cloned());
            continue;
        }
        left.note(&page, inputs.now);
        let audience = inputs.config.visibility.audience;
        match page.front.visibility.standing.why_hidden(audience, inputs.now) {
            None => {
                left.diagnostics.extend(early(&page, inputs.now));
                left.pages.push(page);
            }
            Some(why) => {
                left.hidden.page(&page, &inputs.config.content);
                left.withhold(&page.file, WithheldPart::Page, why);
            }
        }
    }
    for front in table.parts() {
        left.named.extend(front.named.clone());
        left.diagnostics.extend(front.diagnostics.iter().cloned());
    }
    left.diagnostics.extend(table.problems.iter().cloned());
    left.files(inputs, table);
    left
}

impl VisibleInputs<'_> {
    fn files(&mut self, inputs: &Inputs, table: &AccessTable<'_>) {
        let files: BTreeSet<&FilePath> = inputs.assets.keys().chain(inputs.data.keys()).collect();
        for file in files {
            let Some(why) = table.why_hidden(file) else { continue };
            if inputs.assets.contains_key(file) {
                self.assets.to_mut().remove(file);
            }
            if inputs.data.contains_key(file) {
                self.data.to_mut().remove(file);
            }
            self.hidden.file(file.clone());
            self.withhold(file, WithheldPart::File, why);
        }
    }

    fn note(&mut self, page: &Page, now: Timestamp) {
        self.diagnostics.extend(page.diagnostics.iter().cloned());
        let seen = &page.front.visibility;
        self.withheld.extend(seen.withheld.iter().cloned());
        self.named.extend(seen.named.clone());
        let release = seen.standing.embargo.as_ref().map(|embargo| embargo.until);
        let release = release.filter(|until| now < *until);
        self.next_release = [self.next_release, release].into_iter().flatten().min();
    }

    fn withhold(&mut self, file: &FilePath, what: WithheldPart, why: WithheldReason) {
        self.withheld.push(Withheld { span: Span::start_of(file), what, why });
    }
}

/// The problem of an advisory that would be published before others may be told.
fn early(page: &Page, now: Timestamp) -> Option<Diagnostic> {
    let until = page.front.data.time(EMBARGO).filter(|until| until.timestamp > now && !page.front.draft)?;
    let now = now.strftime("%Y-%m-%d %H:%M UTC");
    let message = format!("the embargo ends at {until}, and it is {now}");
    let problem = Diagnostic::new(&ADVISORY_EMBARGO, page.front.span(&page.file, EMBARGO), message);
    Some(
        problem.help(
            "keep the page out of the content until then; a draft in a public repository can be read, too",
        ),
    )
}

/// Patterns of the settings that fit no file: what they were to hide is perhaps there by another name.
pub(super) fn unfit(inputs: &Inputs, book: &FilePath) -> Vec<Diagnostic> {
    let any = |pattern: &Pattern| {
        let named = inputs.sources.keys().chain(inputs.assets.keys()).chain(inputs.data.keys());
        named.chain(&inputs.others).any(|file| pattern.fits(file))
    };
    let mut problems = Vec::new();
    for pattern in inputs.config.visibility.paths.iter().filter(|pattern| !any(pattern)) {
        let (message, help) = if in_every_site(inputs).iter().any(|file| pattern.fits(file)) {
            (
                format!("`{}` fits only files that cannot be hidden, so it hides nothing", pattern.text),
                "take it out: what is used of the theme, of kinds, of registers and of `book.toml` is in every site"
                    .to_owned(),
            )
        } else {
            let help = match pattern.near(&inputs.config.content, any) {
                Some(near) => format!("did you mean `{near}`?"),
                None => {
                    "write a path from the handbook's folder, with `*` within a name and `**` across folders; \
                     if the files are still to come, set `\"visibility.path\" = \"warn\"` under `[rules]`"
                        .to_owned()
                }
            };
            (format!("`{}` fits no file, so it hides nothing", pattern.text), help)
        };
        let place = Span::new(book, pattern.at.clone());
        problems.push(Diagnostic::new(&VISIBILITY_PATH, place, message).help(help));
    }
    problems
}

/// The files that every site is made with, whoever it is for.
fn in_every_site(inputs: &Inputs) -> Vec<FilePath> {
    let Inputs { config, theme, settings, .. } = inputs;
    let mut files: Vec<FilePath> = theme
        .assets
        .keys()
        .filter_map(|name| FilePath::new(&format!("{}/assets/{name}", config.theme)))
        .collect();
    for file in settings.keys().filter(|file| !inputs.data.contains_key(*file)) {
        // Templates of the built-in theme are among them, and lie in no folder of the handbook.
        let is_own = [&config.theme, &config.kinds, &config.registers.folder]
            .into_iter()
            .any(|folder| file.beneath(folder).is_some());
        if is_own || !file.as_str().contains('/') {
            files.push(file.clone());
        }
    }
    files
}

/// The problem that levels are in use and nothing says which one a page has that says nothing. `named` are places that
/// name a level.
pub(super) fn undecided(
    settings: &Visibility,
    named: impl IntoIterator<Item = Span>,
    book: &FilePath,
) -> Option<Diagnostic> {
    if settings.default.is_some() {
        return None;
    }
    let setting = settings.names_levels().then(|| Span::start_of(book));
    let at = named.into_iter().min().or(setting)?;
    let highest = settings.levels.name(settings.levels.highest());
    let message = "levels are in use, and `book.toml` does not say which one a page has that names none";
    let help = format!("write `default = \"{highest}\"` under `[visibility]`, or another level");
    Some(Diagnostic::new(&VISIBILITY_DEFAULT, at, message).help(help))
}
