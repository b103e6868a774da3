//! What of the inputs the audience may see.
//!
//! Owns the order in which that is decided: texts are redacted before anything looks at them, pages that are not for
//! the audience go as soon as their front matter is read, then files. What is left is all that later stages get; names
//! of the rest serve diagnostics only.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::asset::Asset;
use crate::config::Visibility;
use crate::diagnostic::Diagnostic;
use crate::input::{Drafts, Inputs};
use crate::page::visibility::Guard;
use crate::page::{self, Page, Reading};
use crate::path::FilePath;
use crate::rules::{VISIBILITY_DEFAULT, VISIBILITY_PATH};
use crate::site::Hidden;
use crate::source::{Source, Span};
use crate::visibility::{Pattern, What, Why, Withheld};

/// What is left of the inputs.
pub(super) struct Shown<'a> {
    pub pages: Vec<Arc<Page>>,
    pub assets: Cow<'a, BTreeMap<FilePath, Asset>>,
    pub data: Cow<'a, BTreeMap<FilePath, Source>>,
    pub hidden: Hidden,
    pub withheld: Vec<Withheld>,
    /// Of all pages, also of those that are not shown.
    pub diagnostics: Vec<Diagnostic>,
    /// Where front matter names a level that not everybody sees.
    pub named: Vec<Span>,
    /// When the next embargo ends, if one holds something back.
    pub next_release: Option<Timestamp>,
}

/// Takes away pages and files that are not for the audience.
pub(super) fn show<'a>(inputs: &'a Inputs, pages: Vec<Arc<Page>>, guard: &Guard<'_>) -> Shown<'a> {
    let mut left = Shown {
        pages: Vec::with_capacity(pages.len()),
        assets: Cow::Borrowed(&inputs.assets),
        data: Cow::Borrowed(&inputs.data),
        hidden: Hidden::default(),
        withheld: Vec::new(),
        diagnostics: Vec::new(),
        named: Vec::new(),
        next_release: None,
    };
    for page in pages {
        if page.front.draft && inputs.drafts == Drafts::Leave {
            continue;
        }
        left.note(&page, guard);
        match guard.page(&page) {
            None => left.pages.push(page),
            Some(why) => {
                left.hidden.page(&page, &inputs.config.content);
                left.withhold(&page.file, What::Page, why);
            }
        }
    }
    left.files(inputs, guard);
    left
}

impl Shown<'_> {
    /// Reads what texts that are no pages say of who may see them: a slip there would show what pages include.
    pub fn read_parts<'s>(&mut self, sources: impl Iterator<Item = &'s Source>, reading: &Reading<'_>) {
        let content = &reading.config.content;
        for source in sources.filter(|source| !page::is_page(&source.path, content)) {
            if source.path.is_markdown() || page::is_near_section(&source.path) {
                self.named.extend(page::of_part(source, reading, &mut self.diagnostics));
            }
        }
    }

    fn files(&mut self, inputs: &Inputs, guard: &Guard<'_>) {
        if !guard.knows_files() {
            return;
        }
        let gone: BTreeMap<&FilePath, Why> = inputs
            .assets
            .keys()
            .chain(inputs.data.keys())
            .filter_map(|file| Some((file, guard.file(file)?)))
            .collect();
        for (file, why) in gone {
            if inputs.assets.contains_key(file) {
                self.assets.to_mut().remove(file);
            }
            if inputs.data.contains_key(file) {
                self.data.to_mut().remove(file);
            }
            self.hidden.file(file.clone());
            self.withhold(file, What::File, why);
        }
    }

    fn note(&mut self, page: &Page, guard: &Guard<'_>) {
        self.diagnostics.extend(page.diagnostics.iter().cloned());
        let seen = &page.front.visibility;
        self.withheld.extend(seen.withheld.iter().cloned());
        self.named.extend(seen.named.clone());
        let release = seen.standing.embargo.as_ref().map(|embargo| embargo.until);
        let release = release.filter(|until| guard.reading.now < *until);
        self.next_release = [self.next_release, release].into_iter().flatten().min();
    }

    fn withhold(&mut self, file: &FilePath, what: What, why: Why) {
        self.withheld.push(Withheld { span: Span::file(file), what, why });
    }
}

/// Patterns of the settings that fit no file: what they were to hide is perhaps there by another name.
pub(super) fn unfit<'a>(inputs: &'a Inputs, book: &'a FilePath) -> impl Iterator<Item = Diagnostic> + 'a {
    let any = |pattern: &Pattern| {
        let named = inputs.sources.keys().chain(inputs.assets.keys()).chain(inputs.data.keys());
        named.chain(&inputs.others).any(|file| pattern.fits(file))
    };
    let patterns = inputs.config.visibility.paths.iter();
    patterns.filter(move |pattern| !any(pattern)).map(move |pattern| {
        let message = format!("`{}` fits no file, so it hides nothing", pattern.text);
        let help = match pattern.near(&inputs.config.content, any) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                "write a path from the handbook's folder, with `*` within a name and `**` across folders; \
                     if the files are still to come, set `\"visibility.path\" = \"warn\"` under `[rules]`"
                    .to_owned()
            }
        };
        Diagnostic::new(&VISIBILITY_PATH, Span::new(book, pattern.at.clone()), message).help(help)
    })
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
    let setting = settings.names_levels().then(|| Span::file(book));
    let at = named.into_iter().min().or(setting)?;
    let highest = settings.levels.name(settings.levels.highest());
    let message = "levels are in use, and `book.toml` does not say which one a page has that names none";
    let help = format!("write `default = \"{highest}\"` under `[visibility]`, or another level");
    Some(Diagnostic::new(&VISIBILITY_DEFAULT, at, message).help(help))
}
