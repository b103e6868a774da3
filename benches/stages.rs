//! How long each stage of a build takes: `cargo bench`, or `cargo bench -- render` for one of them.
//!
//! Owns a synthetic handbook and one benchmark per stage, each fed with what the stages before it made.
//! Nothing touches the disk. `parse`, `render` and `emit` run on one thread here, so that a number is the
//! cost of the work; `build` uses all cores, as the program does.

#[path = "../tests/it/support/handbook.rs"]
mod handbook;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::hint::black_box;
use std::io;
use std::sync::Arc;

use divan::Bencher;
use divan::counter::ItemsCount;
use jiff::Span;

use handbook::{Handbook, Look, build};
use opsbook::emit;
use opsbook::input::Inputs;
use opsbook::markdown::IncludeSections;
use opsbook::markdown::code::HighlightCache;
use opsbook::markdown::redact::Redactions;
use opsbook::memo::{Memo, Retention};
use opsbook::output::{Output, Sink};
use opsbook::page::visibility::{AccessTable, HandbookPaths};
use opsbook::page::{self, Page};
use opsbook::pipeline::Engine;
use opsbook::plot::{PlotTexts, draw};
use opsbook::render::{self, Renderer};
use opsbook::serve::SiteFiles;
use opsbook::site::registers::table::Register;
use opsbook::site::{self, Site, SiteMemos};
use opsbook::view::{self, ViewSettings};

/// Pages of the handbook.
const PAGES: [usize; 2] = [100, 1000];

/// Incidents of the handbook whose plots are drawn.
const INCIDENTS: [usize; 2] = [12, 2000];

fn main() {
    divan::main();
}

/// Every page with the highlighting of its code, which is most of a first build.
#[divan::bench(args = PAGES, sample_count = 10)]
fn parse_cold(bencher: Bencher<'_, '_>, pages: usize) {
    let inputs = synthetic(pages).inputs();
    bencher
        .counter(ItemsCount::new(pages))
        .with_inputs(HighlightCache::default)
        .bench_values(|cache| parse(&inputs, &cache));
}

/// Every page while the highlighted code is remembered.
#[divan::bench(args = PAGES, sample_count = 20)]
fn parse_warm(bencher: Bencher<'_, '_>, pages: usize) {
    let inputs = synthetic(pages).inputs();
    let cache = HighlightCache::default();
    parse(&inputs, &cache);
    bencher.counter(ItemsCount::new(pages)).bench(|| parse(&inputs, &cache));
}

/// URLs, sections, order, links.
#[divan::bench(args = PAGES)]
fn assemble(bencher: Bencher<'_, '_>, pages: usize) {
    let inputs = synthetic(pages).inputs();
    let parsed = parse(&inputs, &HighlightCache::default());
    bencher.counter(ItemsCount::new(pages)).bench(|| site_of(&inputs, &parsed));
}

/// What each page shows.
#[divan::bench(args = PAGES)]
fn view(bencher: Bencher<'_, '_>, pages: usize) {
    let site = site(&synthetic(pages).inputs());
    bencher.counter(ItemsCount::new(pages)).bench(|| view::views(&site, &mut Memo::new(Retention::Nothing)));
}

/// The HTML of every page in the theme that comes with Opsbook.
#[divan::bench(args = PAGES, sample_count = 20)]
fn render(bencher: Bencher<'_, '_>, pages: usize) {
    let inputs = synthetic(pages).inputs();
    let site = site(&inputs);
    let settings = ViewSettings { assets: inputs.theme.asset_paths(), accent: None, preview: false };
    let (shared, jobs) = (
        render::shared(&view::site_view(&site, &settings)),
        view::views(&site, &mut Memo::new(Retention::Nothing)),
    );
    let renderer = Renderer::new(&inputs.theme).expect("the built-in templates compile");
    bencher.counter(ItemsCount::new(pages)).bench(|| {
        for job in &jobs {
            let document = job.page.map(|id| &site.page(id).page.document);
            let body = document
                .map(|document| render::body(document, render::BodyParts::of_page(job)))
                .unwrap_or_default();
            let content = render::Content { body, ..render::Content::default() };
            let html = renderer.page(job.template, &shared, &job.view, &content);
            black_box(html.expect("the built-in templates render"));
        }
    });
}

/// The numbers and the drawings of all plots on the register of incidents.
#[divan::bench(args = INCIDENTS)]
fn plots(bencher: Bencher<'_, '_>, incidents: usize) {
    let site = site(&incident_handbook(incidents).inputs());
    let pages = site.registers.incidents.pages(&site);
    let (duration, square) = (|seconds: i64| format!("{seconds} s"), |count: usize| count.to_string());
    let mut drawn = 0;
    bencher.counter(ItemsCount::new(incidents)).bench_local(|| {
        drawn = 0;
        for page in &pages {
            for plot in site.registers.incidents.content(&site, page).plots {
                let texts = PlotTexts {
                    id: plot.name,
                    title: &plot.title,
                    duration: &duration,
                    median: "median",
                    square: &square,
                    place: None,
                };
                drawn += plot.charts.iter().map(|chart| black_box(draw(chart, &texts)).len()).sum::<usize>();
            }
        }
    });
    assert!(drawn > 0, "{incidents} incidents have plots");
}

/// Everything that is no HTML page.
#[divan::bench(args = PAGES)]
fn emit(bencher: Bencher<'_, '_>, pages: usize) {
    let inputs = synthetic(pages).inputs();
    let site = Arc::new(site(&inputs));
    bencher.counter(ItemsCount::new(pages)).bench(|| {
        let parts = emit::all(&site).into_iter().flat_map(|emission| emission.parts);
        parts.for_each(|part| part.put(&Made).expect("nothing is stored"));
    });
}

/// Drops everything, but only when it is made.
struct Made;

impl Sink for Made {
    fn put(&self, output: Output) -> io::Result<()> {
        black_box(output.body.bytes().map_or(0, <[u8]>::len));
        Ok(())
    }
}

/// All stages from texts to bytes in memory, nothing remembered.
#[divan::bench(args = PAGES, sample_count = 10)]
fn build_cold(bencher: Bencher<'_, '_>, pages: usize) {
    let handbook = synthetic(pages);
    bencher.counter(ItemsCount::new(pages)).bench(|| handbook.build().outputs.len());
}

/// All stages after one word of one page has changed, as in `opsbook serve`.
#[divan::bench(args = PAGES, sample_count = 20)]
fn build_after_an_edit(bencher: Bencher<'_, '_>, pages: usize) {
    let versions = ["Nothing.", "Something."].map(|word| {
        let mut handbook = synthetic(pages);
        let page = handbook.files.get_mut("content/section-0/page-7.md").expect("the page is there");
        page.extend_from_slice(word.as_bytes());
        handbook.inputs()
    });
    let mut engine = Engine::new(Retention::LastGeneration);
    let first = build(&mut engine, &versions[0]);
    assert!(!first.build.failed(), "{:#?}", first.diagnostics);
    let mut turn = 0;
    bencher.bench_local(|| {
        turn += 1;
        let files = SiteFiles::default();
        let built = engine.build(&versions[turn % 2], &files).expect("memory takes every output");
        assert_eq!((built.parsed, built.rendered), (1, 1));
        files
    });
}

fn parse(inputs: &Inputs, highlighted: &HighlightCache) -> Vec<Arc<Page>> {
    let reading = page::FrontMatterContext {
        config: &inputs.config,
        kinds: &inputs.kinds,
        now: inputs.now,
        drafts: false,
    };
    let Inputs { sources, assets, data, static_files, links, .. } = inputs;
    let paths = HandbookPaths { sources, assets, data, static_files, links, unread: &BTreeSet::new() };
    let table = AccessTable::new(paths, reading, &mut Memo::new(Retention::Nothing));
    let context = page::ParseContext {
        table: &table,
        settings: inputs.config.digest(),
        sources: &inputs.sources,
        sections: &IncludeSections::default(),
        redactions: &Redactions::default(),
        strings: &inputs.theme.strings,
        today: inputs.today,
        entry_words: &[],
        highlight: &|language, code| highlighted.highlight(language, code),
        diagrams: &|source| opsbook::diagrams::draw(source).map(Arc::new),
    };
    inputs.sources.values().map(|source| Arc::new(page::parse(source, &context))).collect()
}

fn site_of(inputs: &Inputs, pages: &[Arc<Page>]) -> Site {
    let parts = site::SiteInputs {
        config: &inputs.config,
        pages,
        assets: &inputs.assets,
        static_files: &inputs.static_files,
        sources: &inputs.sources,
        others: &inputs.others,
        hidden: &site::HiddenNames::default(),
        history: &inputs.history,
        kinds: &inputs.kinds,
        field_registers: &inputs.field_registers,
        strings: &inputs.theme.strings,
        data: &inputs.data,
        today: inputs.today,
        target: &opsbook::build_target::BuildTarget::Site,
    };
    site::assemble(&parts, &mut SiteMemos::new(Retention::Nothing)).0
}

fn site(inputs: &Inputs) -> Site {
    site_of(inputs, &parse(inputs, &HighlightCache::default()))
}

/// A handbook of that many pages and their sections, a hundred pages to each: some 4 KiB of headings, text,
/// links, code and tables per page.
fn synthetic(pages: usize) -> Handbook {
    let mut handbook = Handbook { look: Look::BuiltIn, ..Handbook::default() };
    handbook
        .files
        .insert("content/_index.md".to_owned(), b"# Home\n\nA handbook to measure with.\n".to_vec());
    for number in 0..pages {
        let (section, page) = (number / 100, number % 100);
        let folder = format!("content/section-{section}");
        if page == 0 {
            let text = format!("# Section {section}\n\nA hundred pages.\n");
            handbook.files.insert(format!("{folder}/_index.md"), text.into_bytes());
        }
        handbook.files.insert(format!("{folder}/page-{page}.md"), text(number).into_bytes());
    }
    handbook
}

/// A handbook of that many analyses over some ten years, with all that is plotted.
fn incident_handbook(incidents: usize) -> Handbook {
    let today = jiff::civil::date(2026, 11, 20);
    let mut handbook = Handbook { look: Look::BuiltIn, today, ..Handbook::default() };
    let every_other_day = today.series(Span::new().days(-2));
    for (number, day) in every_other_day.take(incidents).enumerate() {
        let (severity, service, cause) = (number % 4 + 1, number % 17, number % 3);
        let cause = ["certificate", "procedure", "capacity"][cause];
        let text = format!(
            "---\ntitle: Incident {number}\nkind: rca\nid: EX-{number}\nreport_state: final\nphase: done\n\
             severity: SEV{severity}\nservices: [Service {service}]\ncause_class: [{cause}]\n\
             started: {day}T09:12:00Z\ndetected: {day}T10:04:00Z\nacknowledged: {day}T10:{:02}:00Z\n\
             mitigated: {day}T18:25:00Z\nresolved: {day}T19:25:00Z\n---\n\n## Summary\n\nIt failed.\n",
            number % 60
        );
        handbook.files.insert(format!("content/rcas/{number}.md"), text.into_bytes());
    }
    handbook
}

fn text(number: usize) -> String {
    let words =
        ["restart", "the", "service", "on", "each", "node", "until", "quorum", "is", "whole", "again"];
    let sentence = |shift: usize| -> String {
        (0..60).map(|at| words[(number + shift + at * 7) % words.len()]).collect::<Vec<_>>().join(" ")
    };
    let before =
        if number.is_multiple_of(100) { "_index".to_owned() } else { format!("page-{}", number % 100 - 1) };
    let mut text = format!("---\ntitle: Page {number}\ntags: [t{}]\n---\n", number % 20);
    for step in 0..6 {
        let sentence = sentence(step);
        write!(
            text,
            "\n## Step {step}\n\nFirst {sentence}. See [before]({before}.md) and *{step}*.\n\n- one\n- two\n\n\
             ```bash\n# step {step}\nfor node in a b c; do ssh \"$node\" systemctl status x-{number}; done\n```\n"
        )
        .expect("writing to a String cannot fail");
    }
    text.push_str("\n| Key | Value |\n|---|---|\n");
    (0..8).for_each(|at| text.push_str(&format!("| k{at} | v{number} |\n")));
    text.push('\n');
    text
}
