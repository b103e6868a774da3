//! `opsbook bundle`.
//!
//! Owns the name of the archive and the message about it. The build is the same as for a site, with another
//! target.

#![expect(clippy::disallowed_methods, reason = "measures the build")]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::build_target::BuildTarget;
use crate::config::Visibility;
use crate::input::{Failure, Inputs, Loader, Options};
use crate::path::{PageAddresses, segment};
use crate::pipeline::Build;
use crate::publish::{Archive, Bundled, SiteReaders};
use crate::report::{byte_size, counted};
use crate::serve::took;

use super::Outcome;
use super::build::{build_into, obstacle, report, tell_history};
use super::relative_paths::from_here;
use super::shared_args::{GenerationArgs, RootArgs};
use super::terminal::Terminal;

/// Pack the handbook into an archive that opens without a server
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook bundle                          handbook.zip
  opsbook bundle --section runbooks --output runbooks.zip
  opsbook bundle --audience internal --output on-call.zip
  opsbook bundle --base-url https://handbook.example.org/
                                          Pages say where a newer copy is

Unpack it and open index.html. Search, diagrams and runbook mode work as they
do on the web, and each page says of which day it is. With --section, links to
other pages lead to the web where base_url is set, and are text otherwise. The
same handbook makes the same archive, byte for byte. An archive that Opsbook
has made before is replaced in one step; any other file stays.")]
pub struct BundleArgs {
    #[command(flatten)]
    pub root: RootArgs,
    /// The archive [default: handbook[-LEVEL].zip]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Only this section, such as `runbooks`; repeatable
    #[arg(long = "section", value_name = "SECTION")]
    pub sections: Vec<String>,
    /// For this level [default: as in book.toml]
    #[arg(long, value_name = "LEVEL")]
    pub audience: Option<String>,
    #[command(flatten)]
    pub making: GenerationArgs,
}

pub(super) fn run(args: &BundleArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
    let start = Instant::now();
    let options = args.making.options(args.root.find()?);
    let mut loader = Loader::new(Options { audience: args.audience.clone(), ..options });
    if args.making.flat {
        loader.set_addresses(PageAddresses::Files);
    }
    loader.set_target(BuildTarget::Bundle { sections: args.sections.clone() });
    let inputs = loader.load()?;
    let visibility = &inputs.config.visibility;
    let readers = SiteReaders { levels: &visibility.levels, audience: visibility.audience };
    let output = args.output.clone().unwrap_or_else(|| usual(visibility));
    let archive = Archive::begin(&output, &inputs.root, folder(&inputs, args), readers)?;
    let build =
        build_into(&inputs, &archive, "No archive was written. Solve this and bundle again.", terminal)?;
    report(&build, &inputs, terminal);
    tell_history(&inputs, terminal);
    match obstacle(&build, args.making.errors()) {
        Some(why) => terminal.note(&format!("no archive was written{why}")),
        None => announce(&build, &archive.commit()?, start.elapsed(), terminal),
    }
    Ok(if build.failed() { Outcome::Problems } else { Outcome::Success })
}

/// The default path of the archive. An archive for a limited audience has another name than the one for
/// everyone.
fn usual(visibility: &Visibility) -> PathBuf {
    let all = visibility.audience.level() == visibility.levels.lowest();
    let name = if all { "handbook.zip" } else { &format!("handbook-{}.zip", visibility.audience_name()) };
    PathBuf::from(name)
}

/// The folder in the archive: the name of the handbook, followed by the names of the sections.
fn folder(inputs: &Inputs, args: &BundleArgs) -> String {
    let parts = std::iter::once(&inputs.config.title).chain(&args.sections);
    let names: Vec<String> = parts.map(|part| segment(part)).filter(|name| !name.is_empty()).collect();
    if names.is_empty() { "handbook".to_owned() } else { names.join("-") }
}

fn announce(build: &Build, bundled: &Bundled, duration: Duration, terminal: &Terminal) {
    let pages = counted(build.pages, "page");
    let duration = took(duration);
    let size = byte_size(bundled.bytes);
    let path = from_here(&bundled.path);
    terminal.line(&format!("Bundled {pages} in {duration} → {} ({size})", path.display()));
    if let Some(date) = build.dated {
        terminal.note(&format!("each page says that it is of {date}"));
    }
}
