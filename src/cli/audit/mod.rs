//! `opsbook audit`.
//!
//! Owns the choice of what is audited: the site as a build would publish it, or an existing folder. Writes
//! nothing but its report.
#![expect(
    clippy::disallowed_methods,
    reason = "reads the deny list and the rules of the audit, not inputs of a build"
)]

mod deny;
mod folder;
mod secret_rules;
mod site;

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::audit::{BuildMachine, FileFinds, Scanner, Sources, gather};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::input::{Failure, Inputs, Loader, Options, Preview, cache};
use crate::markdown;
use crate::memo::Retention;
use crate::path::FilePath;
use crate::pipeline::{Build, Engine};
use crate::report::audit::{self, Audited};
use crate::report::{self, Summary};
use crate::rules::Severity;
use crate::source::Source;

use super::Outcome;
use super::build::requested_audiences;
use super::shared_args::{AudienceArgs, DateArgs, DraftArgs, RootArgs};
use super::terminal::{OutputStream, Terminal};

use site::SiteScan;

/// Report what is withheld, and find secrets in the finished site
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook audit
  opsbook audit --audience public --audience partner
  opsbook audit --folder public           The site as it lies there
  opsbook audit --format json > audit.json

Every file is looked at as it is and decoded: HTML entities, JSON, base64,
compressed data and more. What is found is never shown whole. What to look for
beside keys, tokens, passwords and private addresses, and what is allowed, is
set in book.toml under [audit]. Nothing is written. Exit code 1 if there is an
error.")]
pub struct AuditArgs {
    #[command(flatten)]
    pub root: RootArgs,
    /// An existing site [default: build the site]
    #[arg(long = "folder", value_name = "DIR")]
    pub site: Option<PathBuf>,
    /// human, short (a line each) or json
    #[arg(long, value_enum, default_value_t = AuditFormat::Human, hide_possible_values = true)]
    pub format: AuditFormat,
    #[command(flatten)]
    pub audiences: AudienceArgs,
    #[command(flatten)]
    pub drafts: DraftArgs,
    #[command(flatten)]
    pub day: DateArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AuditFormat {
    Human,
    Short,
    Json,
}

pub(super) fn run(args: &AuditArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
    let mut loader = Loader::new(Options {
        root: args.root.find()?,
        out: None,
        base_url: None,
        preview: Preview::No,
        drafts: args.drafts.wanted(),
        audience: None,
        today: args.day.today,
    });
    let mut audits = Vec::new();
    let mut read = None;
    for audience in requested_audiences(&args.audiences.names) {
        loader.set_audience(audience, None);
        let inputs = loader.load()?;
        audits.push(audited(&inputs, args.site.as_ref(), terminal)?);
        read = Some(inputs);
    }
    let inputs = read.expect("there is always an audience");
    print(&audits, &inputs, args.format, terminal);
    Ok(if audits.iter().any(Audited::failed) { Outcome::Problems } else { Outcome::Success })
}

/// Builds for one audience, and audits the result or a folder.
fn audited(inputs: &Inputs, folder: Option<&PathBuf>, terminal: &Terminal) -> Result<Audited, Failure> {
    let config = &inputs.config;
    let (settings, mut looked) = deny::complete(inputs)?;
    let machine = machine(inputs);
    let help = "Make the deny list of book.toml or of its file shorter.";
    let (rules, unchecked) = secret_rules::load(&inputs.root, &settings.secret_rules);
    looked.extend(unchecked);
    let scanner = Scanner::new(&settings, &machine).map_err(|message| Failure::new(message, help))?;
    let scanner = scanner.with_secret_rules(rules);
    let site = SiteScan::new(&scanner, &inputs.root)?;
    let build = build(inputs, &site)?;
    report_content(&build, inputs, terminal);
    let (files, origins) = match folder {
        None => site.finish(),
        Some(folder) => folder::scan_folder(folder, &scanner)?,
    };
    let count = files.len();
    looked.extend(files);
    // Another build has made the folder, so what this build withheld says nothing about it.
    let withheld = if folder.is_none() { build.withheld.clone() } else { Vec::new() };
    Ok(Audited {
        audience: config.visibility.audience_name().to_owned(),
        levels: config.visibility.levels.clone(),
        files: count,
        withheld,
        diagnostics: found(looked, &scanner, inputs, &build, &origins),
        repository: config.repository.as_ref().map(|repository| repository.url.clone()),
        errors: Summary::new(&build.diagnostics, 0).errors,
    })
}

fn build(inputs: &Inputs, site: &SiteScan<'_>) -> Result<Build, Failure> {
    let mut engine = Engine::with_caches(Retention::Nothing, cache::load(&inputs.root));
    engine.build(inputs, site).map_err(|error| Failure::new(error.to_string(), "Solve this and audit again."))
}

/// Shows the errors in the content, because with errors nothing would be published.
fn report_content(build: &Build, inputs: &Inputs, terminal: &Terminal) {
    let errors: Vec<_> =
        build.diagnostics.iter().filter(|d| d.severity == Severity::Error).cloned().collect();
    if !errors.is_empty() {
        let lookup = report::texts(inputs);
        let look = terminal.look(OutputStream::Error);
        let text = report::human::render(&errors, &lookup, look, Summary::new(&errors, build.pages));
        terminal.print(OutputStream::Error, &text);
    }
}

/// Combines the finds into diagnostics, with the texts that they come from.
fn found(
    looked: Vec<FileFinds>,
    scanner: &Scanner,
    inputs: &Inputs,
    build: &Build,
    origins: &BTreeMap<String, FilePath>,
) -> Vec<Diagnostic> {
    let pages = |path: &str| {
        let page = origins.get(path).and_then(|file| inputs.sources.get(file));
        page.map_or_else(Vec::new, |source| with_includes(source, inputs))
    };
    let levels = inputs.config.levels(inputs.today);
    let sources = Sources { pages: &pages, rules: &build.rules, levels: &levels };
    gather(looked, scanner, &sources)
}

/// A text and all texts that it includes, directly or not.
fn with_includes<'a>(source: &'a Source, inputs: &'a Inputs) -> Vec<&'a Source> {
    let (mut texts, mut known, mut waiting) = (Vec::new(), BTreeSet::new(), vec![source]);
    while let Some(source) = waiting.pop() {
        if !known.insert(&source.path) {
            continue;
        }
        texts.push(source);
        let references = markdown::references(&source.path, &source.text, &inputs.config.content);
        waiting.extend(references.iter().rev().filter_map(|file| inputs.sources.get(file)));
    }
    texts
}

/// The host name of the machine, and the folders whose paths must not be published.
fn machine(inputs: &Inputs) -> BuildMachine {
    let text = |path: PathBuf| path.to_str().map(str::to_owned);
    let host = rustix::system::uname().nodename().to_str().ok().map(str::to_owned);
    BuildMachine { root: text(inputs.root.clone()), home: env::home_dir().and_then(text), host }
}

fn print(audits: &[Audited], inputs: &Inputs, format: AuditFormat, terminal: &Terminal) {
    let lookup = report::texts(inputs);
    let look = terminal.look(OutputStream::Out);
    let text = match format {
        AuditFormat::Human => {
            audits.iter().map(|audited| audit::render_human(audited, &lookup, look)).collect()
        }
        AuditFormat::Short => audits.iter().map(|audited| audit::render_short(audited, &lookup)).collect(),
        AuditFormat::Json => report::json::render_audits(audits, &lookup),
    };
    terminal.print(OutputStream::Out, &text);
}

/// The folder that contains `path` and from which files are published, if there is one.
fn published<'a>(config: &'a Config, path: &FilePath) -> Option<&'a str> {
    config.folders().into_iter().find(|folder| path.beneath(folder).is_some())
}

/// The text of a file; `None` if it is longer than `most` bytes. Never more than that is read.
fn read_up_to(path: &Path, most: usize) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(most as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > most {
        return Ok(None);
    }
    String::from_utf8(bytes).map(Some).map_err(|_| ErrorKind::InvalidData.into())
}
