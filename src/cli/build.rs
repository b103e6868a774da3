//! `opsbook build`. ⚡
//!
//! Owns the decision whether a build is published: without errors, or when asked to keep going.

#![expect(clippy::disallowed_methods, reason = "measures the build and knows the home folder")]

use std::env;
use std::fmt::Write;
use std::time::{Duration, Instant};

use crate::input::{Failure, Inputs, Loader, Options, Preview, cache};
use crate::memo::Keep;
use crate::pipeline::{Build, Engine};
use crate::publish::{Around, Place, Published, Staging};
use crate::report::{self, Summary, counted};
use crate::serve::took;

use super::args;
use super::here::from_here;
use super::terminal::{Stream, Terminal};
use super::{Outcome, progress};

pub(super) fn run(args: args::Build, terminal: &Terminal) -> Result<Outcome, Failure> {
    let start = Instant::now();
    let options = Options {
        root: args.root.find()?,
        out: args.out,
        base_url: args.base_url,
        preview: Preview::No,
        drafts: args.drafts.wanted(),
        today: args.day.today,
    };
    let inputs = Loader::new(options).load()?;
    let read = start.elapsed();
    let staging = stage(&inputs, terminal)?;
    let mut engine = Engine::new(Keep::Nothing);
    engine.highlighted = cache::load(&inputs.root);
    let build = progress::watch(terminal, &staging, |sink| engine.build(&inputs, sink)).map_err(|error| {
        Failure::new(error.to_string(), "Nothing was published. Solve this and build again.")
    })?;
    // A cache that cannot be kept costs the next build some time.
    let _ = cache::save(&inputs.root, &engine.highlighted);
    report(&build, &inputs, terminal);
    let publishing = Instant::now();
    if build.failed() && (!args.keep_going || build.incomplete()) {
        drop(staging);
        terminal.note(match build.incomplete() {
            true => "the published site was left as it was: pages cannot be made without their template",
            false => "the published site was left as it was (`--keep-going` publishes in spite of errors)",
        });
    } else {
        let published = staging.commit()?;
        announce(&build, &published, start.elapsed(), terminal);
    }
    if args.timings {
        terminal.print(Stream::Error, &table(&build, read, publishing.elapsed()));
    }
    Ok(if build.failed() { Outcome::Problems } else { Outcome::Well })
}

/// Makes sure that the output folder is ours before anything is built.
fn stage(inputs: &Inputs, terminal: &Terminal) -> Result<Staging, Failure> {
    let sources = inputs.config.folders().map(|folder| inputs.root.join(folder));
    let home = env::home_dir();
    let around = Around { root: &inputs.root, sources: &sources, home: home.as_deref() };
    let place = Place::choose(&inputs.out, around)?;
    let waiting = || terminal.note("another build writes to the same folder; waiting until it is done");
    Staging::begin(place, &inputs.root, &waiting)
}

fn report(build: &Build, inputs: &Inputs, terminal: &Terminal) {
    if build.diagnostics.is_empty() {
        return;
    }
    let (lookup, look) = (report::texts(inputs), terminal.look(Stream::Error));
    let summary = Summary::of(&build.diagnostics, build.pages);
    let text = report::human::render(&build.diagnostics, &lookup, look, summary);
    terminal.print(Stream::Error, &text);
}

fn announce(build: &Build, published: &Published, duration: Duration, terminal: &Terminal) {
    let folder = from_here(&published.folder);
    let (pages, duration) = (counted(build.pages, "page"), took(duration));
    terminal.line(&format!("Built {pages} in {duration} → {}/", folder.display()));
    for kept in &published.kept {
        terminal.note(&format!("files that Opsbook did not make are now in {}/", from_here(kept).display()));
    }
}

/// One line per stage, in the order of the build.
fn table(build: &Build, read: Duration, publish: Duration) -> String {
    let stages = std::iter::once(("read", read))
        .chain(build.timings.stages.iter().copied())
        .chain(std::iter::once(("publish", publish)));
    let mut text = String::new();
    for (name, duration) in stages {
        writeln!(text, "{name:>10} {:>9.1} ms", duration.as_secs_f64() * 1e3)
            .expect("writing to a String cannot fail");
    }
    text
}
