//! Removes the pages and files that the audience may not see.
//!
//! Owns [`VisibleInputs`], the only inputs that later stages get. Names of removed pages and files serve diagnostics
//! only. The decisions about visibility are in `page::visibility`, in the access table and in the front matter of
//! pages.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use crate::asset::Asset;
use crate::config::Visibility;
use crate::diagnostic::Diagnostic;
use crate::input::{Drafts, Inputs};
use crate::page::visibility::{Access, AccessTable, EMBARGO};
use crate::page::{self, Page};
use crate::path::FilePath;
use crate::rules::{ADVISORY_EMBARGO, VISIBILITY_DEFAULT, VISIBILITY_PATH};
use crate::site::HiddenNames;
use crate::source::{Source, Span};
use crate::utc;
use crate::visibility::{Pattern, Withheld, WithheldPart, WithheldReason};

/// The inputs that the audience may see.
pub(super) struct VisibleInputs<'a> {
    pub pages: Vec<Arc<Page>>,
    pub assets: Cow<'a, BTreeMap<FilePath, Asset>>,
    pub static_files: Cow<'a, BTreeMap<FilePath, Asset>>,
    pub data: Cow<'a, BTreeMap<FilePath, Source>>,
    pub hidden: HiddenNames,
    /// Who may see each file, also of those that are removed.
    pub access: BTreeMap<FilePath, Access>,
    pub withheld: Vec<Withheld>,
    /// The problems of all pages, including hidden ones.
    pub diagnostics: Vec<Diagnostic>,
    /// Where front matter names a level that not everyone may see.
    pub levels_named_at: Vec<Span>,
    /// When the next embargo ends; `None` if no page is under embargo.
    pub next_release: Option<Timestamp>,
}

/// Removes the pages and files that the audience may not see.
pub(super) fn filter<'a>(
    inputs: &'a Inputs,
    pages: Vec<Arc<Page>>,
    table: &AccessTable<'_>,
) -> VisibleInputs<'a> {
    let mut shown = VisibleInputs {
        pages: Vec::with_capacity(pages.len()),
        assets: Cow::Borrowed(&inputs.assets),
        static_files: Cow::Borrowed(&inputs.static_files),
        data: Cow::Borrowed(&inputs.data),
        hidden: HiddenNames::default(),
        access: table.all(),
        withheld: Vec::new(),
        diagnostics: Vec::new(),
        levels_named_at: Vec::new(),
        next_release: None,
    };
    for page in pages {
        if page.front.draft && inputs.drafts == Drafts::Leave {
            // A draft is not in the site. But the draft of a folder's page still decides who may see the folder, so its
            // problems of visibility count.
            if page::is_section(&page.file) {
                let guards = page.diagnostics.iter().filter(|problem| problem.rule.guards());
                shown.diagnostics.extend(guards.cloned());
            }
            continue;
        }
        // Also of hidden pages: their authors must learn of problems.
        shown.note(&page, inputs.now);
        let audience = inputs.config.visibility.audience;
        match page.front.visibility.access.why_hidden(audience, inputs.now) {
            None => {
                shown.diagnostics.extend(embargo_problem(&page, inputs.now));
                shown.pages.push(page);
            }
            Some(why) => {
                shown.hidden.add_page(&page, &inputs.config.content);
                shown.withhold(&page.file, WithheldPart::Page, why);
            }
        }
    }
    for front in table.fronts_besides_pages() {
        shown.levels_named_at.extend(front.level_named_at.clone());
        shown.diagnostics.extend(front.diagnostics.iter().cloned());
    }
    shown.diagnostics.extend(table.problems.iter().cloned());
    shown.files(inputs, table);
    shown
}

impl VisibleInputs<'_> {
    /// Removes assets, static files and data files.
    fn files(&mut self, inputs: &Inputs, table: &AccessTable<'_>) {
        // A file can be both an asset and a data file. The set makes sure that it is withheld and reported once.
        let attached = inputs.assets.keys().chain(inputs.static_files.keys());
        let files: BTreeSet<&FilePath> = attached.chain(inputs.data.keys()).collect();
        for file in files {
            let Some(why) = table.why_hidden(file) else { continue };
            if inputs.assets.contains_key(file) {
                self.assets.to_mut().remove(file);
            }
            if inputs.static_files.contains_key(file) {
                self.static_files.to_mut().remove(file);
            }
            if inputs.data.contains_key(file) {
                self.data.to_mut().remove(file);
            }
            self.hidden.add_file(file.clone());
            self.withhold(file, WithheldPart::File, why);
        }
    }

    /// Collects what is reported about a page, whether it is hidden or not.
    fn note(&mut self, page: &Page, now: Timestamp) {
        self.diagnostics.extend(page.diagnostics.iter().cloned());
        let seen = &page.front.visibility;
        self.withheld.extend(seen.withheld.iter().cloned());
        self.levels_named_at.extend(seen.level_named_at.clone());
        if let Some(embargo) = &seen.access.embargo
            && now < embargo.until
            && self.next_release.is_none_or(|next| embargo.until < next)
        {
            self.next_release = Some(embargo.until);
        }
    }

    fn withhold(&mut self, file: &FilePath, what: WithheldPart, why: WithheldReason) {
        self.withheld.push(Withheld { span: Span::start_of(file), what, why });
    }
}

/// The problem of an advisory that would be published before its embargo ends.
fn embargo_problem(page: &Page, now: Timestamp) -> Option<Diagnostic> {
    let until = page.front.data.time(EMBARGO).filter(|until| until.timestamp > now && !page.front.draft)?;
    let now = utc::to_minute(now);
    let message = format!("the embargo ends at {until}, and it is {now}");
    let problem = Diagnostic::new(&ADVISORY_EMBARGO, page.front.span(&page.file, EMBARGO), message);
    Some(
        problem.help(
            "keep the page out of the content until then; a draft in a public repository can be read, too",
        ),
    )
}

/// Reports patterns of the settings that match no file: the files that they should hide may have other names.
pub(super) fn unmatched_patterns(inputs: &Inputs, book: &FilePath) -> Vec<Diagnostic> {
    let any = |pattern: &Pattern| {
        let named = inputs.sources.keys().chain(inputs.assets.keys()).chain(inputs.data.keys());
        named.chain(inputs.static_files.keys()).chain(&inputs.others).any(|file| pattern.fits(file))
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

/// The files that every site is made from, whatever its audience. Patterns cannot hide them.
fn in_every_site(inputs: &Inputs) -> Vec<FilePath> {
    let Inputs { config, theme, settings, .. } = inputs;
    let mut files: Vec<FilePath> = theme
        .assets
        .keys()
        .filter_map(|name| FilePath::new(&format!("{}/assets/{name}", config.theme)))
        .collect();
    for file in settings.keys().filter(|file| !inputs.data.contains_key(*file)) {
        // The settings also hold templates of the built-in theme, which are in no folder of the handbook.
        let is_own = [&config.theme, &config.kinds, &config.registers.folder]
            .into_iter()
            .any(|folder| file.beneath(folder).is_some());
        if is_own || !file.as_str().contains('/') {
            files.push(file.clone());
        }
    }
    files
}

/// Reports that levels are in use but the settings have no default level, at the first of the spans where a level is named.
pub(super) fn missing_default(
    settings: &Visibility,
    levels_named_at: impl IntoIterator<Item = Span>,
    book: &FilePath,
) -> Option<Diagnostic> {
    if settings.default.is_some() {
        return None;
    }
    let setting = settings.names_levels().then(|| Span::start_of(book));
    let at = levels_named_at.into_iter().min().or(setting)?;
    let highest = settings.levels.name(settings.levels.highest());
    let message = "levels are in use, but `visibility.default` is not set";
    let help = format!("write `default = \"{highest}\"` under `[visibility]`, or another level");
    Some(Diagnostic::new(&VISIBILITY_DEFAULT, at, message).help(help))
}
