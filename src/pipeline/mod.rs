//! The whole build in one function: inputs in, outputs and diagnostics out.
//!
//! Owns [`Engine::build`] and [`Engine::check`], which call the stages in order, and the memos that make the next build cheap. The stages
//! make all decisions. This module must not use the disk, the network or the clock. It returns the times of the stages
//! to its caller and puts them into no output.

mod audience_filter;
mod inspection;
mod output_makers;
mod redacted_texts;
mod web_links;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;

use crate::check::{self, OutputClaim, PageRules};
use crate::diagnostic::Diagnostic;
use crate::emit::{self, Emission, offline};
use crate::input::cache::FragmentCaches;
use crate::input::{Drafts, Inputs, Preview};
use crate::markdown::IncludeSections;
use crate::markdown::code;
use crate::markdown::redact::Redaction;
use crate::memo::{Digest, Memo, Retention};
use crate::output::{Discard, MANIFEST, Output, Sink};
use crate::page::visibility::{Access, AccessTable, HandbookPaths, VisibleFrontMatter};
use crate::page::{self, Page};
use crate::path::FilePath;
use crate::render::{self, Renderer};
use crate::rules::{
    ADVISORY_EMBARGO, INPUT_DEPTH, INPUT_LINK, INPUT_NAME, INPUT_SITE, INPUT_SIZE, LEAK_SECRET, Severity,
    THEME_TEMPLATE, find_rule,
};
use crate::site::{self, AddressBook, PublishedAddresses, Site};
use crate::source::{Source, Span};
use crate::timing::Timings;
use crate::view::{self, PageJob, PagePath};
use crate::visibility::Withheld;

use audience_filter::VisibleInputs;
pub use inspection::InspectedHandbook;
use output_makers::OutputMakers;
use redacted_texts::RedactedTexts;
pub use web_links::{LinkReach, WebLink};

/// Builds a handbook repeatedly and keeps results that the next build can reuse.
pub struct Engine {
    keep: Retention,
    texts: Memo<Option<Redaction>>,
    fronts: Memo<VisibleFrontMatter>,
    pages: Memo<Page>,
    site: site::SiteMemos,
    views: Memo<PageJob>,
    rendered: Memo<Rendered>,
    renderer: Option<(Digest, Renderer)>,
    caches: Arc<FragmentCaches>,
}

/// A handbook whose pages are placed but not rendered.
pub struct Survey<'a> {
    pub addresses: AddressBook<'a>,
    /// Who may see each file.
    pub access: &'a BTreeMap<FilePath, Access>,
}

/// A handbook whose site is assembled, with the problems found so far.
struct AssembledHandbook<'a> {
    texts: RedactedTexts<'a>,
    shown: VisibleInputs<'a>,
    site: Arc<Site>,
    problems: Vec<Diagnostic>,
}

type Rendered = Result<Arc<str>, Box<Diagnostic>>;

/// The result of a build.
#[derive(Debug)]
pub struct Build {
    /// All problems, sorted and with their final severity, without those of rules that are off.
    pub diagnostics: Vec<Diagnostic>,
    /// The number of content pages in the site.
    pub pages: usize,
    /// The number of pages that this build parsed.
    pub parsed: usize,
    /// The number of HTML pages that this build rendered.
    pub rendered: usize,
    /// The parts that are withheld from the audience, sorted.
    pub withheld: Vec<Withheld>,
    /// Sections that the command line names and that do not exist, each with the nearest existing one.
    pub unknown_sections: Vec<(String, Option<String>)>,
    /// For a bundle: the day of its newest content.
    pub dated: Option<jiff::civil::Date>,
    /// When the next embargo ends; `None` if no page is under embargo.
    pub next_release: Option<Timestamp>,
    /// The percent-encoded URL of each page that has an error, by file, so that authors can open the page.
    pub pages_with_errors: BTreeMap<FilePath, String>,
    /// The severities of rules that pages or their folders set, by file.
    pub rules: PageRules,
    /// The indexes of the entries of `[[allow]]` that met a problem.
    pub used_allowances: BTreeSet<usize>,
    /// Every address at which the site has a page, or leads to one: decoded, without leading slash.
    pub addresses: PublishedAddresses,
    pub timings: Timings,
}

impl Build {
    /// Whether any diagnostic is an error.
    pub fn failed(&self) -> bool {
        self.diagnostics.iter().any(|problem| problem.severity == Severity::Error)
    }

    /// Whether a page is missing because a template failed. Such a site is never published.
    pub fn incomplete(&self) -> bool {
        self.diagnostics.iter().any(|problem| problem.rule == &THEME_TEMPLATE)
    }

    /// Whether the site shows an advisory before its embargo ends. Such a site is a preview and is never published.
    pub fn breaks_embargo(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|problem| problem.severity == Severity::Error && problem.rule == &ADVISORY_EMBARGO)
    }

    /// Whether the site holds a private key or an access token. Such a site is never published.
    pub fn discloses_secret(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|problem| problem.severity == Severity::Error && problem.rule == &LEAK_SECRET)
    }

    /// Whether it is unclear who may see a part of the site. Such a site is never published.
    pub fn has_unclear_access(&self) -> bool {
        self.diagnostics.iter().any(|problem| problem.severity == Severity::Error && problem.rule.guards())
    }
}

impl Engine {
    /// An engine that knows no earlier run.
    pub fn new(keep: Retention) -> Engine {
        Engine::with_caches(keep, Arc::default())
    }

    /// An engine that uses what others have highlighted and drawn.
    pub fn with_caches(keep: Retention, caches: Arc<FragmentCaches>) -> Engine {
        Engine {
            keep,
            caches,
            texts: Memo::new(keep),
            fronts: Memo::new(keep),
            pages: Memo::new(keep),
            site: site::SiteMemos::new(keep),
            views: Memo::new(keep),
            rendered: Memo::new(keep),
            renderer: None,
        }
    }

    /// Builds the site. Every output goes to `sink` as soon as it is made, even if the content has errors. The caller
    /// decides whether the outputs are published (see [`Build::failed`]).
    ///
    /// # Errors
    /// Returns an error only if the sink could not store an output. Problems of content are in [`Build::diagnostics`].
    pub fn build(&mut self, inputs: &Inputs, sink: &dyn Sink) -> io::Result<Build> {
        self.build_and_read(inputs, sink, |_| ()).map(|(build, ())| build)
    }

    /// Builds the site like [`Engine::build`], and passes the assembled handbook to `read`.
    ///
    /// # Errors
    /// As for [`Engine::build`].
    pub fn build_and_read<R>(
        &mut self,
        inputs: &Inputs,
        sink: &dyn Sink,
        read: impl FnOnce(&Site) -> R,
    ) -> io::Result<(Build, R)> {
        let mut timings = Timings::start();
        let mut assembled = self.assemble_handbook(inputs, &mut timings);
        let site = Arc::clone(&assembled.site);
        let mut jobs = view::views(&site, &mut self.views);
        timings.stage("view");
        // `render` fills it with the digests of pages, from which the service worker is made at the end.
        let kept = Arc::new(offline::KeptPages::new(&site));
        let mut emitted = emissions(inputs, &site, &kept);
        // Before anything is stored, because the sink could not tell which of two outputs at one path must win.
        let page_paths: Vec<PagePath> = jobs.iter().map(|job| job.file()).collect();
        let conflicts = conflicts(&site, &page_paths, &emitted);
        drop_losers(&conflicts.losers, &mut jobs, &mut emitted);
        assembled.problems.extend(conflicts.problems);
        timings.stage("emit");
        let store_of_pages = PageStore { sink, kept: &kept };
        assembled.problems.extend(self.render(inputs, &site, &jobs, &store_of_pages)?);
        // Frees memory before the sink makes the search index. In the background, because nothing waits for it.
        rayon::spawn(move || drop(jobs));
        timings.stage("render");
        store(emitted, sink, &mut timings)?;
        let build = self.conclude(inputs, assembled, timings);
        let result = read(&site);
        // Freeing this much memory takes time, and the caller does not need to wait for it.
        rayon::spawn(move || drop(site));
        Ok((build, result))
    }

    /// Finds the problems of a build, and makes no output. Pages are rendered only if the theme has templates of the
    /// handbook, which may fail.
    pub fn check(&mut self, inputs: &Inputs) -> Build {
        self.check_and_read(inputs, |_| ()).0
    }

    /// Finds the problems like [`Engine::check`], and passes the assembled handbook to `read`.
    pub fn check_and_read<R>(&mut self, inputs: &Inputs, read: impl FnOnce(&Site) -> R) -> (Build, R) {
        if inputs.theme.has_own_templates() {
            return self.build_and_read(inputs, &Discard, read).expect("nothing is stored, so nothing fails");
        }
        let mut timings = Timings::start();
        let mut assembled = self.assemble_handbook(inputs, &mut timings);
        let site = Arc::clone(&assembled.site);
        let emitted = emissions(inputs, &site, &Arc::new(offline::KeptPages::new(&site)));
        let conflicts = conflicts(&site, &view::page_paths(&site), &emitted);
        assembled.problems.extend(conflicts.problems);
        timings.stage("emit");
        let build = self.conclude(inputs, assembled, timings);
        let result = read(&site);
        rayon::spawn(move || drop((site, emitted)));
        (build, result)
    }

    /// Runs the stages up to the site, and keeps what the end of the build needs of them.
    fn assemble_handbook<'a>(&mut self, inputs: &'a Inputs, timings: &mut Timings) -> AssembledHandbook<'a> {
        // First, so that no later stage can see text that the audience may not see.
        let texts = redacted_texts::redact_texts(inputs, &mut self.texts);
        timings.stage("redact");
        let mut shown = self.parse(inputs, &texts);
        let mut problems = std::mem::take(&mut shown.diagnostics);
        timings.stage("parse");
        let (site, found) = site::assemble(&site_inputs(inputs, &shown, &texts), &mut self.site);
        problems.extend(found);
        timings.stage("assemble");
        AssembledHandbook { texts, shown, site: Arc::new(site), problems }
    }

    /// What a build says of a handbook, when all its problems are found.
    fn conclude(&self, inputs: &Inputs, assembled: AssembledHandbook<'_>, timings: Timings) -> Build {
        let AssembledHandbook { texts, shown, site, mut problems } = assembled;
        add_problems_of_inputs(&mut problems, inputs, &shown, &texts);
        let mut withheld: Vec<Withheld> = shown.withheld.iter().chain(texts.withheld()).cloned().collect();
        withheld.sort();
        let pages = shown.pages;
        let rules = own_rules(&pages, inputs);
        let judged = check::apply_severities(problems, &inputs.config, &rules, inputs.today);
        let diagnostics = judged.problems;
        let build = Build {
            pages_with_errors: urls_of_pages_with_errors(&diagnostics, &site),
            withheld,
            next_release: shown.next_release,
            diagnostics,
            pages: site.pages.iter().filter(|page| site.holds(&page.encoded)).count(),
            unknown_sections: site.unknown_sections(),
            dated: site.bundle.as_ref().map(|bundle| bundle.date),
            parsed: self.pages.computed(),
            rendered: self.rendered.computed(),
            rules,
            used_allowances: judged.used,
            addresses: site.published_addresses(),
            timings,
        };
        rayon::spawn(move || drop(pages));
        build
    }

    /// Parses and places all pages, and passes their addresses and who may see each file to `read`. Makes no output.
    pub fn survey<R>(&mut self, inputs: &Inputs, read: impl FnOnce(&Survey<'_>) -> R) -> R {
        let texts = redacted_texts::redact_texts(inputs, &mut self.texts);
        let shown = self.parse(inputs, &texts);
        let inputs = site_inputs(inputs, &shown, &texts);
        read(&Survey { addresses: AddressBook::new(&inputs), access: &shown.access })
    }

    /// Assembles the handbook and passes it to `read`. Makes no output.
    pub fn assemble<R>(&mut self, inputs: &Inputs, read: impl FnOnce(&Site) -> R) -> R {
        let texts = redacted_texts::redact_texts(inputs, &mut self.texts);
        let shown = self.parse(inputs, &texts);
        let (site, _) = site::assemble(&site_inputs(inputs, &shown, &texts), &mut self.site);
        read(&site)
    }

    /// Parses the redacted texts of all pages, and drops the pages and files that the audience may not see.
    fn parse<'a>(&mut self, inputs: &'a Inputs, texts: &RedactedTexts<'_>) -> VisibleInputs<'a> {
        let content = &inputs.config.content;
        let sources: Vec<&Source> =
            texts.sources.values().filter(|source| page::is_page(&source.path, content)).collect();
        let FragmentCaches { highlighted, drawn } = &*self.caches;
        let drafts = inputs.drafts == Drafts::Include;
        let front_matter_context = page::FrontMatterContext {
            config: &inputs.config,
            kinds: &inputs.kinds,
            now: inputs.now,
            drafts,
        };
        // Pages share what they find out about included files, but only within one build: the files may change.
        let sections = IncludeSections::default();
        let Inputs { assets, data, static_files, links, .. } = inputs;
        // The access of a file that was not read is unclear, so the table must know that it is there.
        let unread = unread_paths(&inputs.diagnostics);
        let paths =
            HandbookPaths { sources: &texts.sources, assets, data, static_files, links, unread: &unread };
        // Before the pages, because folders hand down levels and fields to the pages in them.
        let table = AccessTable::new(paths, front_matter_context, &mut self.fronts);
        let entry_words = inputs.field_registers.entry_words.as_slice();
        let context = page::ParseContext {
            table: &table,
            settings: Digest::of_value(&(inputs.config.semantic_digest(), entry_words)),
            sources: &texts.sources,
            sections: &sections,
            redactions: &texts.redactions,
            strings: &inputs.theme.strings,
            entry_words,
            today: inputs.today,
            highlight: &|language, code| highlighted.highlight(language, code),
            diagrams: &|source| drawn.draw(source),
        };
        let pages = self.pages.map(
            &sources,
            |source| page::key(source, &context),
            |source| {
                // If a parser panics on one text, the problems of the other texts must still be reported.
                let parsed = panic::catch_unwind(AssertUnwindSafe(|| page::parse(source, &context)));
                parsed.unwrap_or_else(|_| page::failed(source, &context))
            },
        );
        // In a single build no later stage highlights code, so the memory of the grammars can be freed.
        if self.keep == Retention::Nothing {
            rayon::spawn(code::forget_grammars);
        }
        let mut shown = audience_filter::filter(inputs, pages, &table);
        for file in texts.sources.keys().filter(|file| texts.redactions.withholds(file)) {
            shown.hidden.add_cut_file(file.clone());
        }
        shown
    }

    /// Renders the jobs into the sink and returns the problems of templates.
    ///
    /// # Errors
    /// Returns an error if the sink could not store a page.
    fn render(
        &mut self,
        inputs: &Inputs,
        site: &Site,
        jobs: &[Arc<PageJob>],
        store_of_pages: &PageStore<'_>,
    ) -> io::Result<Vec<Diagnostic>> {
        if self.renderer.as_ref().is_none_or(|(digest, _)| *digest != inputs.theme.digest) {
            match Renderer::new(&inputs.theme) {
                Ok(renderer) => self.renderer = Some((inputs.theme.digest, renderer)),
                Err(problems) => {
                    self.renderer = None;
                    return Ok(problems);
                }
            }
        }
        let Some((theme, renderer)) = &self.renderer else { return Ok(Vec::new()) };
        let settings = view::ViewSettings {
            assets: inputs.theme.asset_paths(),
            accent: inputs.theme.palette.map(|palette| palette.accent.light.to_string()),
            preview: inputs.preview == Preview::Yes,
        };
        // Data of the site that all templates see is part of every key: when it changes, all pages are rendered again.
        let shared = view::site_view(site, &settings);
        let salt = Digest::of_value(&(*theme, &shared));
        let shared = render::shared(&shared);
        // Each page is stored as soon as it is rendered, so that not all pages are in memory at once.
        let stored = self.rendered.map_with(
            jobs,
            |job| Digest::of_value(&(salt, job.digest())),
            |job| render_job(renderer, &shared, site, job),
            |job, html: &Arc<Rendered>| match &**html {
                Ok(html) => store_of_pages.store(job, html).map(|()| None),
                Err(problem) => Ok(Some((**problem).clone())),
            },
        );
        let mut problems = Vec::new();
        for stored in stored {
            problems.extend(stored?);
        }
        Ok(problems)
    }
}

/// Stores rendered pages, and notes those that browsers may keep for reading offline.
struct PageStore<'a> {
    sink: &'a dyn Sink,
    kept: &'a offline::KeptPages,
}

impl PageStore<'_> {
    fn store(&self, job: &PageJob, html: &Arc<str>) -> io::Result<()> {
        if job.is_cacheable_offline() {
            self.kept.record(&job.path, html);
        }
        self.sink.put(Output::text(job.path.clone(), Arc::clone(html)))
    }
}

fn render_job(renderer: &Renderer, shared: &render::Shared, site: &Site, job: &PageJob) -> Rendered {
    let body = match job.page {
        Some(id) => render::body(&site.page(id).page.document, render::BodyParts::of_page(job)),
        None => String::new(),
    };
    let printed_bodies = job
        .printed_pages
        .iter()
        .map(|page| render::printed_body(&site.page(page.page).page.document, page))
        .collect();
    let content = render::Content { body, printed_bodies };
    let template = renderer.choose(job.own_template.as_deref(), job.template);
    renderer.page(template, shared, &job.view, &content)
}

/// Moves the spans of problems from the redacted texts to those that the author wrote, and adds the problems that no
/// page has.
fn add_problems_of_inputs(
    problems: &mut Vec<Diagnostic>,
    inputs: &Inputs,
    shown: &VisibleInputs<'_>,
    texts: &RedactedTexts<'_>,
) {
    let levels = inputs.config.rules.iter().chain(shown.pages.iter().flat_map(|page| &page.front.rules));
    problems.extend(check::expired_levels(levels, inputs.today));
    // Before the next lines: the problems that they add already have spans in the written texts.
    texts.restore(problems);
    problems.extend(texts.diagnostics().chain(&inputs.diagnostics).cloned());
    let levels_named_at = shown.levels_named_at.iter().chain(texts.levels_named_at()).cloned();
    problems.extend(audience_filter::unmatched_patterns(inputs, &FilePath::of_settings()));
    problems.extend(check::expired_allowances(&inputs.config, inputs.today, &FilePath::of_settings()));
    problems.extend(audience_filter::missing_default(
        &inputs.config.visibility,
        levels_named_at,
        &FilePath::of_settings(),
    ));
}

/// The pages of the site that have an error, with their percent-encoded URLs.
fn urls_of_pages_with_errors(diagnostics: &[Diagnostic], site: &Site) -> BTreeMap<FilePath, String> {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    let files: BTreeSet<&FilePath> = errors.map(|diagnostic| &diagnostic.span.file).collect();
    if files.is_empty() {
        return BTreeMap::new();
    }
    let pages = site.pages.iter().filter(|page| files.contains(&page.page.file));
    pages.map(|page| (page.page.file.clone(), site.config.web_path(&page.url))).collect()
}

/// The severities of rules that pages or their folders set, on the day of the build.
fn own_rules(pages: &[Arc<Page>], inputs: &Inputs) -> PageRules {
    let of_handbook = inputs.config.levels(inputs.today);
    let mut own = PageRules::new();
    for page in pages.iter().filter(|page| !page.front.rules.is_empty()) {
        let mut severities = BTreeMap::new();
        for (name, level) in &page.front.rules {
            let rule = find_rule(name).expect("front matter holds names of rules only");
            let otherwise = of_handbook.get(name).copied().unwrap_or(rule.severity);
            severities.insert(*name, level.on(inputs.today, otherwise));
        }
        own.insert(page.file.clone(), severities);
    }
    own
}

fn site_inputs<'a>(
    inputs: &'a Inputs,
    shown: &'a VisibleInputs<'_>,
    texts: &'a RedactedTexts<'_>,
) -> site::SiteInputs<'a> {
    site::SiteInputs {
        config: &inputs.config,
        pages: &shown.pages,
        assets: &shown.assets,
        static_files: &shown.static_files,
        sources: &texts.sources,
        others: &inputs.others,
        hidden: &shown.hidden,
        history: &inputs.history,
        kinds: &inputs.kinds,
        field_registers: &inputs.field_registers,
        strings: &inputs.theme.strings,
        data: &shown.data,
        today: inputs.today,
        target: &inputs.target,
    }
}

/// The files and folders that the loader found but did not read.
fn unread_paths(problems: &[Diagnostic]) -> BTreeSet<FilePath> {
    let rules = [&INPUT_DEPTH, &INPUT_LINK, &INPUT_NAME, &INPUT_SITE, &INPUT_SIZE].map(|rule| rule.name);
    let mut unread = BTreeSet::new();
    for problem in problems.iter().filter(|problem| rules.contains(&problem.rule.name)) {
        let file = &problem.span.file;
        // A folder that holds a manifest looks like a published site, so the whole folder is not read.
        let folder = (file.name() == MANIFEST).then(|| FilePath::new(file.folder())).flatten();
        unread.insert(folder.unwrap_or_else(|| file.clone()));
    }
    unread
}

/// Every output that is not a page.
fn emissions(inputs: &Inputs, site: &Arc<Site>, kept: &Arc<offline::KeptPages>) -> Vec<Emission> {
    let mut emitted = emit::all(site);
    emitted.push(Emission::of_files("theme", inputs.theme.outputs()));
    // Browsers must not keep a preview for reading offline: it changes with every word that is written.
    let worker = (inputs.preview == Preview::No).then(|| offline::worker(site, &emitted, kept));
    emitted.extend(worker.flatten());
    emitted
}

/// The conflicts between the paths of all outputs: those of the pages, then those of the emissions.
fn conflicts(site: &Site, pages: &[PagePath], emitted: &[Emission]) -> check::Conflicts {
    let makers = OutputMakers::new(site, Span::start_of(&FilePath::of_settings()));
    let pages = pages.iter().map(|page| OutputClaim { path: &page.path, source: makers.of_page(page) });
    let parts =
        emitted.iter().flat_map(|emission| emission.parts.iter().map(|part| (emission.format, part.path())));
    let others = parts.map(|(format, path)| OutputClaim { path, source: makers.of_output(format, path) });
    check::conflicts(&pages.chain(others).collect::<Vec<_>>())
}

/// Drops the pages and outputs that must not be written because of a conflict.
fn drop_losers(losers: &BTreeSet<usize>, jobs: &mut Vec<Arc<PageJob>>, emitted: &mut [Emission]) {
    // `losers` are indices in the list of claims, which `conflicts` makes in this order: pages, then other outputs.
    let mut claim = 0;
    let mut keeps_next = || {
        let keeps = !losers.contains(&claim);
        claim += 1;
        keeps
    };
    jobs.retain(|_| keeps_next());
    for emission in emitted {
        emission.parts.retain(|_| keeps_next());
    }
}

/// Stores all outputs that are not pages. Formats that keep all threads busy are stored one after the other, so that
/// each has a time of its own in the timings. The others, most of which are a single text, are stored in parallel.
fn store(emitted: Vec<Emission>, sink: &dyn Sink, timings: &mut Timings) -> io::Result<()> {
    let (large, small): (Vec<_>, Vec<_>) = emitted.into_iter().partition(Emission::is_large);
    for emission in large {
        emission.parts.into_par_iter().try_for_each(|part| part.put(sink))?;
        timings.long_stage(emission.format);
    }
    let parts: Vec<_> = small.into_iter().flat_map(|emission| emission.parts).collect();
    parts.into_par_iter().with_max_len(1).try_for_each(|part| part.put(sink))?;
    timings.stage("store");
    Ok(())
}
