//! `opsbook build`.
//!
//! Owns the decision whether a build is published: without errors, or on request in spite of them.

#![expect(clippy::disallowed_methods, reason = "measures the build and knows the home folder")]

use std::env;
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::input::{Failure, Inputs, Loader, MissingHistory, Options, cache, committed_history};
use crate::memo::Retention;
use crate::output::Sink;
use crate::path::PageAddresses;
use crate::pipeline::{Build, Engine};
use crate::publish::{OutputFolder, ProtectedFolders, Publication, SiteReaders, Staging};
use crate::report::{self, Summary, counted};
use crate::serve::took;

use super::relative_paths::from_here;
use super::shared_args::{AudienceArgs, ErrorPolicy, GenerationArgs, RootArgs};
use super::terminal::{OutputStream, Terminal};
use super::{Outcome, progress};

/// Build the site and publish it to a folder, all or nothing
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook build
  opsbook build --out /srv/www/handbook --base-url https://handbook.example.org/
  opsbook build --keep-going    In spite of errors; broken links become text
  opsbook build --audience public --audience internal
                                Two sites: public/ and public-internal/
  opsbook build --print processes
                                All processes on one page: processes/print/

The folder is exchanged in one step when the new site is whole. If there are
errors in the content, the published site stays as it was. Files that Opsbook
did not make are never deleted.")]
pub struct BuildArgs {
    #[command(flatten)]
    pub root: RootArgs,
    /// The folder to publish to [default: `paths.out`]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Also publish this section as one long page; repeatable
    #[arg(long, value_name = "SECTION")]
    pub print: Vec<String>,
    #[command(flatten)]
    pub audiences: AudienceArgs,
    #[command(flatten)]
    pub making: GenerationArgs,
    /// Ask search engines to leave the site out
    #[arg(long)]
    pub noindex: bool,
    /// Show how long each stage took
    #[arg(long)]
    pub timings: bool,
}

pub(super) fn run(args: BuildArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
    let options = args.making.options(args.root.find()?);
    let mut loader = Loader::new(Options { out: args.out.clone(), ..options });
    loader.set_printed_sections(args.print.clone());
    if args.making.flat {
        loader.set_addresses(PageAddresses::Files);
    }
    if args.noindex {
        loader.set_noindex();
    }
    let mut outcome = Outcome::Success;
    for audience in requested_audiences(&args.audiences.names) {
        let several = args.audiences.names.len() > 1;
        // Several sites cannot share one folder given with `--out`, so each gets a subfolder.
        let apart =
            |out: &PathBuf| audience.as_ref().filter(|_| several).map_or(out.clone(), |name| out.join(name));
        loader.set_audience(audience.clone(), args.out.as_ref().map(apart));
        if publish_one(&mut loader, &args, terminal)? == Outcome::Problems {
            outcome = Outcome::Problems;
        }
    }
    Ok(outcome)
}

/// The requested audiences; `None` stands for the default one.
pub(super) fn requested_audiences(names: &[String]) -> Vec<Option<String>> {
    match names {
        [] => vec![None],
        names => names.iter().cloned().map(Some).collect(),
    }
}

/// Builds and publishes one site.
fn publish_one(loader: &mut Loader, args: &BuildArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
    let start = Instant::now();
    let inputs = loader.load()?;
    loader.save_history(&inputs.root);
    let read = start.elapsed();
    // The output folder is checked and locked before the build, so that a refusal does not come after the work.
    let staging = stage(&inputs, terminal)?;
    let build =
        build_into(&inputs, &staging, "Nothing was published. Solve this and build again.", terminal)?;
    report(&build, &inputs, terminal);
    tell_history(&inputs, terminal);
    let publishing = Instant::now();
    match obstacle(&build, args.making.errors()) {
        Some(why) => {
            // Deletes the unfinished site before the message is printed.
            drop(staging);
            terminal.note(&format!("the published site was left as it was{why}"));
        }
        None => announce(&build, &staging.commit()?, start.elapsed(), terminal),
    }
    if args.timings {
        terminal.print(OutputStream::Error, &table(&build, read, publishing.elapsed()));
    }
    Ok(if build.failed() { Outcome::Problems } else { Outcome::Success })
}

/// Builds into a sink, with the caches of the last run. `help` is the help of the failure if the build cannot
/// be made.
pub(super) fn build_into(
    inputs: &Inputs,
    sink: &dyn Sink,
    help: &str,
    terminal: &Terminal,
) -> Result<Build, Failure> {
    let caches = cache::load(&inputs.root);
    let mut engine = Engine::with_caches(Retention::Nothing, Arc::clone(&caches));
    let build = progress::watch(terminal, sink, |sink| engine.build(inputs, sink))
        .map_err(|error| Failure::new(error.to_string(), help))?;
    // A cache that cannot be saved only costs the next build some time.
    let _ = cache::save(&inputs.root, &caches);
    match build.unknown_sections.first() {
        Some(unknown) => Err(no_section(unknown)),
        None => Ok(build),
    }
}

/// The reason why a build is not published, as the end of a sentence.
pub(super) fn obstacle(build: &Build, errors: ErrorPolicy) -> Option<&'static str> {
    if !build.failed() {
        None
    } else if build.has_unclear_access() {
        Some(": it is unclear what the audience may see")
    } else if build.discloses_secret() {
        Some(": a private key or an access token would be published")
    } else if build.breaks_embargo() {
        Some(": an embargo has not ended")
    } else if build.incomplete() {
        Some(": pages cannot be made without their template")
    } else {
        let help = " (`--keep-going` publishes in spite of errors)";
        (errors == ErrorPolicy::Stop).then_some(help)
    }
}

/// The failure for a section that the command line names and this audience does not have.
fn no_section((name, near): &(String, Option<String>)) -> Failure {
    let help = match near {
        Some(near) => format!("Did you mean `{near}`?"),
        None => "A section is a folder of the content, named as in its address: `runbooks`.".to_owned(),
    };
    Failure::new(format!("there is no section `{name}` for this audience"), help)
}

/// Checks that the output folder is ours, before anything is built.
fn stage(inputs: &Inputs, terminal: &Terminal) -> Result<Staging, Failure> {
    let sources = inputs.config.folders().map(|folder| inputs.root.join(folder));
    let home = env::home_dir();
    let around = ProtectedFolders { root: &inputs.root, sources: &sources, home: home.as_deref() };
    let place = OutputFolder::choose(&inputs.out, around)?;
    let waiting = || terminal.note("another build writes to the same folder; waiting until it is done");
    let visibility = &inputs.config.visibility;
    let readers = SiteReaders { levels: &visibility.levels, audience: visibility.audience };
    Staging::begin(place, &inputs.root, readers, &waiting)
}

/// Prints the problems of the content.
pub(super) fn report(build: &Build, inputs: &Inputs, terminal: &Terminal) {
    if build.diagnostics.is_empty() {
        return;
    }
    let lookup = report::texts(inputs);
    let look = terminal.look(OutputStream::Error);
    let summary = Summary::new(&build.diagnostics, build.pages);
    let text = report::human::render(&build.diagnostics, &lookup, look, summary);
    let hint = report::human::explanation_hint(&build.diagnostics);
    terminal.print(OutputStream::Error, &(text + &hint));
}

/// Notes that pages have no date because the clone of the repository is shallow, which is the default in most
/// pipelines.
pub(super) fn tell_history(inputs: &Inputs, terminal: &Terminal) {
    let MissingHistory { files, reason } = &inputs.missing_history;
    if let Some(reason) = reason {
        let way_out = "fetch more commits, or write it anew with `opsbook history --write` in a whole clone";
        terminal.note(&format!("`{}` {reason}: {way_out}", committed_history::FILE));
    }
    if *files > 0 {
        let files = counted(*files, "file");
        terminal.note(&format!(
            "when {files} changed is not known: this clone does not hold the history that far back. Fetch it with \
             `git fetch --unshallow`; in GitHub Actions set `fetch-depth: 0`, in GitLab CI `GIT_DEPTH: \"0\"`"
        ));
    }
}

fn announce(build: &Build, published: &Publication, duration: Duration, terminal: &Terminal) {
    let folder = from_here(&published.folder);
    let pages = counted(build.pages, "page");
    let duration = took(duration);
    terminal.line(&format!("Built {pages} in {duration} → {}/", folder.display()));
    for kept in &published.kept {
        terminal.note(&format!("files that Opsbook did not make are now in {}/", from_here(kept).display()));
    }
}

/// One line for each stage, in the order of the build.
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
