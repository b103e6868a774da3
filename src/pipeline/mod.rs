//! The whole program in one function: inputs in, outputs and diagnostics out.
//!
//! Owns [`Engine::build`], which names every stage in order, and the memos that make the next build cheap. Decides
//! nothing itself. Must not know disk, network or clock: the time that stages take is told to whoever asks, and goes
//! into no output.

mod audience_filter;
mod output_makers;
mod redacted_texts;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;

use crate::check::{self, OutputClaim};
use crate::diagnostic::Diagnostic;
use crate::diagrams::DrawingCache;
use crate::emit::{self, Emission, offline};
use crate::input::{Drafts, Inputs, Preview};
use crate::markdown::IncludeSections;
use crate::markdown::code::{self, HighlightCache};
use crate::markdown::redact::Redaction;
use crate::memo::{Digest, Memo, Retention};
use crate::output::{MANIFEST, Output, Sink};
use crate::page::visibility::{AccessTable, HandbookPaths, VisibleFrontMatter};
use crate::page::{self, Page};
use crate::path::FilePath;
use crate::render::{self, Renderer};
use crate::rules::{
    ADVISORY_EMBARGO, INPUT_DEPTH, INPUT_LINK, INPUT_NAME, INPUT_SITE, INPUT_SIZE, Severity, THEME_TEMPLATE,
};
use crate::site::{self, Site};
use crate::source::{Source, Span};
use crate::timing::Timings;
use crate::view::{self, PageJob};
use crate::visibility::Withheld;

use audience_filter::VisibleInputs;
use output_makers::OutputMakers;
use redacted_texts::RedactedTexts;

/// Builds a handbook again and again; keeps what can be reused.
pub struct Engine {
    keep: Retention,
    texts: Memo<Option<Redaction>>,
    fronts: Memo<VisibleFrontMatter>,
    pages: Memo<Page>,
    site: site::SiteMemos,
    views: Memo<PageJob>,
    rendered: Memo<Rendered>,
    renderer: Option<(Digest, Renderer)>,
    /// Highlighted code by content; the caller may fill it from disk and store it again.
    pub highlight_cache: HighlightCache,
    /// Drawings by the diagrams' sources, likewise.
    pub drawing_cache: DrawingCache,
}

type Rendered = Result<Arc<str>, Box<Diagnostic>>;

/// What became of a build.
#[derive(Debug)]
pub struct Build {
    /// Sorted; levels are final, rules that are off are gone.
    pub diagnostics: Vec<Diagnostic>,
    /// Pages of content in the site.
    pub pages: usize,
    /// Pages parsed anew by this build.
    pub parsed: usize,
    /// HTML pages rendered anew by this build.
    pub rendered: usize,
    /// What the audience does not get, sorted.
    pub withheld: Vec<Withheld>,
    /// Sections that the command line names and that do not exist, each with the nearest that does.
    pub unknown_sections: Vec<(String, Option<String>)>,
    /// Of a bundle: the day of its newest content.
    pub dated: Option<jiff::civil::Date>,
    /// When the next embargo ends, if one holds something back.
    pub next_release: Option<Timestamp>,
    /// The encoded URL of each page that has an error, by file: where its author sees it.
    pub pages_with_errors: BTreeMap<FilePath, String>,
    /// What pages say themselves about the levels of rules, by file.
    pub rules: BTreeMap<FilePath, BTreeMap<&'static str, Severity>>,
    pub timings: Timings,
}

impl Build {
    /// Whether there is an error in the content.
    pub fn failed(&self) -> bool {
        self.diagnostics.iter().any(|problem| problem.level == Severity::Error)
    }

    /// Whether a page is missing because its template failed: such a site is never published.
    pub fn incomplete(&self) -> bool {
        self.diagnostics.iter().any(|problem| problem.rule == &THEME_TEMPLATE)
    }

    /// Whether it shows an advisory before its embargo ends: such a site is a preview, and never published.
    pub fn breaks_embargo(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|problem| problem.level == Severity::Error && problem.rule == &ADVISORY_EMBARGO)
    }

    /// Whether it cannot be told who may see what: such a site is never published.
    pub fn unclear(&self) -> bool {
        self.diagnostics.iter().any(|problem| problem.level == Severity::Error && problem.rule.guards())
    }
}

impl Engine {
    pub fn new(keep: Retention) -> Engine {
        Engine {
            keep,
            texts: Memo::new(keep),
            fronts: Memo::new(keep),
            pages: Memo::new(keep),
            site: site::SiteMemos::new(keep),
            views: Memo::new(keep),
            rendered: Memo::new(keep),
            renderer: None,
            highlight_cache: HighlightCache::default(),
            drawing_cache: DrawingCache::default(),
        }
    }

    /// Builds. Every output goes to `sink` as it is made, also when there are errors: whether they are
    /// published is the caller's decision (see [`Build::failed`]).
    ///
    /// # Errors
    /// Only what the sink could not store.
    pub fn build(&mut self, inputs: &Inputs, sink: &dyn Sink) -> io::Result<Build> {
        let mut timings = Timings::start();
        let texts = redacted_texts::redacted(inputs, &mut self.texts);
        timings.stage("redact");
        let mut shown = self.parse(inputs, &texts);
        let mut problems = std::mem::take(&mut shown.diagnostics);
        timings.stage("parse");
        let (site, found) = site::assemble(&parts(inputs, &shown, &texts), &mut self.site);
        problems.extend(found);
        timings.stage("assemble");
        let site = Arc::new(site);
        let mut jobs = view::views(&site, &mut self.views);
        timings.stage("view");
        let mut emitted = emit::all(&site);
        emitted.push(Emission::of_files("theme", inputs.theme.outputs()));
        let kept = Arc::new(offline::KeptPages::new(&site));
        // A preview is never kept: it changes with every word that is written.
        let worker = (inputs.preview == Preview::No).then(|| offline::worker(&site, &emitted, &kept));
        emitted.extend(worker.flatten());
        problems.extend(drop_conflicts(&site, &mut jobs, &mut emitted));
        timings.stage("emit");
        let pages = Stored { sink, kept: &kept };
        problems.extend(self.render(inputs, &site, &jobs, &pages)?);
        // The search index is still to be made, and takes room that nobody else needs any more.
        rayon::spawn(move || drop(jobs));
        timings.stage("render");
        store(emitted, sink, &mut timings)?;
        texts.restore(&mut problems);
        problems.extend(texts.diagnostics().chain(&inputs.diagnostics).cloned());
        let named = shown.named.iter().chain(texts.named()).cloned();
        problems.extend(audience_filter::unfit(inputs, &book()));
        problems.extend(audience_filter::undecided(&inputs.config.visibility, named, &book()));
        let mut withheld: Vec<Withheld> = shown.withheld.iter().chain(texts.withheld()).cloned().collect();
        withheld.sort();
        let pages = shown.pages;
        let diagnostics = check::levels(problems, &inputs.config, pages.iter().map(AsRef::as_ref));
        let build = Build {
            pages_with_errors: faulty(&diagnostics, &site),
            withheld,
            next_release: shown.next_release,
            diagnostics,
            pages: site.pages.iter().filter(|page| site.holds(&page.encoded)).count(),
            unknown_sections: site.unknown_sections(),
            dated: site.bundle.as_ref().map(|bundle| bundle.date),
            parsed: self.pages.computed(),
            rendered: self.rendered.computed(),
            rules: own_rules(&pages),
            timings,
        };
        // Freeing so much takes a while; nobody needs to wait for it.
        rayon::spawn(move || drop((site, pages)));
        Ok(build)
    }

    /// Parses what the audience may see of the pages, and drops the pages that it may not see.
    fn parse<'a>(&mut self, inputs: &'a Inputs, texts: &RedactedTexts<'_>) -> VisibleInputs<'a> {
        let content = &inputs.config.content;
        let sources: Vec<&Source> =
            texts.sources.values().filter(|source| page::is_page(&source.path, content)).collect();
        let (highlighted, drawn) = (&self.highlight_cache, &self.drawing_cache);
        let drafts = inputs.drafts == Drafts::Include;
        let reading = page::FrontMatterContext {
            config: &inputs.config,
            kinds: &inputs.kinds,
            now: inputs.now,
            drafts,
        };
        let sections = IncludeSections::default();
        let (assets, data, links) = (&inputs.assets, &inputs.data, &inputs.links);
        let unread = unread(&inputs.diagnostics);
        let paths = HandbookPaths { sources: &texts.sources, assets, data, links, unread: &unread };
        let table = AccessTable::new(paths, reading, &mut self.fronts);
        let context = page::ParseContext {
            table: &table,
            settings: inputs.config.semantic_digest(),
            sources: &texts.sources,
            sections: &sections,
            redacted: &texts.parts,
            strings: &inputs.theme.strings,
            highlight: &|language, code| highlighted.highlight(language, code),
            diagrams: &|source| drawn.draw(source),
        };
        let key = |source: &&Source| page::key(source, &context);
        // A text on which a parser panics must not hide what is wrong with the others.
        let parse = |source: &&Source| {
            let parsed = panic::catch_unwind(AssertUnwindSafe(|| page::parse(source, &context)));
            parsed.unwrap_or_else(|_| page::failed(source, &context))
        };
        let pages = self.pages.map(&sources, key, parse);
        if self.keep == Retention::Nothing {
            rayon::spawn(code::forget_grammars);
        }
        let mut shown = audience_filter::show(inputs, pages, &table);
        texts.parts.iter().for_each(|file| shown.hidden.part(file.clone()));
        shown
    }

    /// Renders the jobs into the sink; the problems of templates come back.
    fn render(
        &mut self,
        inputs: &Inputs,
        site: &Site,
        jobs: &[Arc<PageJob>],
        pages: &Stored<'_>,
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
            preview: inputs.preview == Preview::Yes,
        };
        let shared = view::site_view(site, &settings);
        let salt = Digest::of_value(&(*theme, &shared));
        let key = |job: &Arc<PageJob>| Digest::of_value(&(salt, job.digest()));
        let shared = render::shared(&shared);
        let compute = |job: &Arc<PageJob>| render_job(renderer, &shared, site, job);
        let store = |job: &Arc<PageJob>, html: &Arc<Rendered>| match &**html {
            Ok(html) => pages.store(job, html).map(|()| None),
            Err(problem) => Ok(Some((**problem).clone())),
        };
        let stored: io::Result<Vec<_>> = self.rendered.each(jobs, key, compute, store).into_iter().collect();
        Ok(stored?.into_iter().flatten().collect())
    }
}

/// Where rendered pages go.
struct Stored<'a> {
    sink: &'a dyn Sink,
    kept: &'a offline::KeptPages,
}

impl Stored<'_> {
    fn store(&self, job: &PageJob, html: &Arc<str>) -> io::Result<()> {
        if job.is_cacheable_offline() {
            self.kept.see(&job.path, html);
        }
        self.sink.put(Output::text(job.path.clone(), Arc::clone(html)))
    }
}

fn render_job(renderer: &Renderer, shared: &render::Shared, site: &Site, job: &PageJob) -> Rendered {
    let body = job.page.map(|id| render::body(&site.page(id).page.document, &job.hrefs)).unwrap_or_default();
    let part = |part: &view::PrintedPage| render::part(&site.page(part.page).page.document, part);
    let content = render::Content { body, parts: job.parts.iter().map(part).collect() };
    let template = renderer.choose(job.own_template.as_deref(), job.template);
    renderer.page(template, shared, &job.view, &content)
}

/// The pages of the site that have an error, with their URLs.
fn faulty(diagnostics: &[Diagnostic], site: &Site) -> BTreeMap<FilePath, String> {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.level == Severity::Error);
    let files: BTreeSet<&FilePath> = errors.map(|diagnostic| &diagnostic.span.file).collect();
    if files.is_empty() {
        return BTreeMap::new();
    }
    let pages = site.pages.iter().filter(|page| files.contains(&page.page.file));
    pages.map(|page| (page.page.file.clone(), page.url.encoded())).collect()
}

/// What pages say themselves about the levels of rules.
fn own_rules(pages: &[Arc<Page>]) -> BTreeMap<FilePath, BTreeMap<&'static str, Severity>> {
    let own = pages.iter().filter(|page| !page.front.rules.is_empty());
    own.map(|page| (page.file.clone(), page.front.rules.clone())).collect()
}

fn parts<'a>(
    inputs: &'a Inputs,
    shown: &'a VisibleInputs<'_>,
    texts: &'a RedactedTexts<'_>,
) -> site::SiteInputs<'a> {
    site::SiteInputs {
        config: &inputs.config,
        pages: &shown.pages,
        assets: &shown.assets,
        sources: &texts.sources,
        others: &inputs.others,
        hidden: &shown.hidden,
        history: &inputs.history,
        kinds: &inputs.kinds,
        field_registers: &inputs.field_registers,
        strings: &inputs.theme.strings,
        data: &shown.data,
        today: inputs.today,
        form: &inputs.form,
    }
}

/// What diagnostics without a page belong to.
fn book() -> FilePath {
    FilePath::new("book.toml").expect("the name is a plain one")
}

/// Drops every job and every other output that loses a conflict; the problems come back.
/// The files and folders that the loader has found and not read.
fn unread(problems: &[Diagnostic]) -> BTreeSet<FilePath> {
    let rules = [&INPUT_DEPTH, &INPUT_LINK, &INPUT_NAME, &INPUT_SITE, &INPUT_SIZE].map(|rule| rule.name);
    let mut unread = BTreeSet::new();
    for problem in problems.iter().filter(|problem| rules.contains(&problem.rule.name)) {
        let file = &problem.span.file;
        // Of a folder that is taken for a site nothing is read.
        let folder = (file.name() == MANIFEST).then(|| FilePath::new(file.folder())).flatten();
        unread.insert(folder.unwrap_or_else(|| file.clone()));
    }
    unread
}

fn drop_conflicts(site: &Site, jobs: &mut Vec<Arc<PageJob>>, emitted: &mut [Emission]) -> Vec<Diagnostic> {
    let makers = OutputMakers::new(site, Span::start_of(&book()));
    let pages = jobs.iter().map(|job| OutputClaim { path: &job.path, source: makers.of_job(job) });
    let parts =
        emitted.iter().flat_map(|emission| emission.parts.iter().map(|part| (emission.format, part.path())));
    let others = parts.map(|(format, path)| OutputClaim { path, source: makers.of_output(format, path) });
    let conflicts = check::conflicts(&pages.chain(others).collect::<Vec<_>>());
    let mut number = 0..;
    let mut wins = || number.next().is_some_and(|at| !conflicts.losers.contains(&at));
    jobs.retain(|_| wins());
    for emission in emitted {
        emission.parts.retain(|_| wins());
    }
    conflicts.problems
}

/// Stores what is no page. Formats that keep all threads busy come one after the other, so that each shows what it
/// costs; the others, of which most are one text, side by side.
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
