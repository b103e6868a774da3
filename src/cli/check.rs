//! `opsbook check`.
//!
//! Owns the choice of the format, of the files whose problems are reported, of the audiences for which the handbook is
//! checked, and of the earlier state that it is compared with. Writes nothing but its report.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use clap::ValueEnum;

use crate::check::{self, AddressChange, PageRules, ProblemChanges};
use crate::config::Visibility;
use crate::diagnostic::{self, Diagnostic, nearest};
use crate::input::cache::FragmentCaches;
use crate::input::{Failure, Inputs, Loader, Options, Preview, RevisionTree, cache};
use crate::memo::Retention;
use crate::moves::CheckedInputs;
use crate::path::FilePath;
use crate::pipeline::Engine;
use crate::renames::Renames;
use crate::report::{self, ProblemReport, Summary, WarningPolicy, counted};
use crate::site::PublishedAddresses;

use super::external::WebLinkCheck;
use super::relative_paths::{in_repository, within};
use super::shared_args::{AudienceArgs, DateArgs, DraftArgs, RootArgs};
use super::terminal::{OutputStream, Terminal};
use super::{Outcome, build};

/// Report all problems of the handbook without writing anything
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook check
  opsbook check content/runbooks content/about.md
                                Only the problems of these files
  opsbook check --since origin/main
                                Only what this branch adds, and lost addresses
  opsbook check --format short | grep link.missing
  opsbook check --format sarif > problems.sarif
  opsbook check --fix           Repair links, after a look at the changes
  opsbook check --fix --dry-run > fixes.patch
  opsbook check --external      Links into the web, too

Formats: human, short (a line for each problem), json, github (annotations),
code-quality (GitLab), sarif (2.1.0), junit (XML).

--fix corrects what has only one solution: a slip in an anchor, a link to an
old address. The result is checked first: a change that adds a problem is left
out.

Only --external asks other hosts. [external] in book.toml says which, and how.

The whole handbook is read in any case. Where pages are not for everybody, it
is checked for its usual audience and for the one that sees all.

The level of each rule is set in book.toml, for example:
[rules] \"link.anchor\" = \"warn\"")]
pub struct CheckArgs {
    /// Report only the problems of these files and folders
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Ignore named files that are not in the handbook
    #[arg(long, requires = "files")]
    pub ignore_unknown: bool,
    #[command(flatten)]
    pub root: RootArgs,
    /// Report only what is new since this branch or commit
    #[arg(long, value_name = "REV", allow_hyphen_values = true)]
    pub since: Option<String>,
    /// How problems are written: see below [default: human]
    #[arg(long, value_enum, default_value_t = ReportFormat::Human, hide_possible_values = true, hide_default_value = true)]
    pub format: ReportFormat,
    /// Exit with 1 if there is a warning
    #[arg(long)]
    pub deny_warnings: bool,
    /// Ask the hosts of links into the web, too
    #[cfg(feature = "external")]
    #[arg(long, conflicts_with = "since")]
    pub external: bool,
    /// Apply certain changes, and report what is left
    #[arg(long, conflicts_with = "since")]
    pub fix: bool,
    /// Do not ask before --fix writes
    #[arg(short, long, requires = "fix", conflicts_with = "dry_run")]
    pub yes: bool,
    /// Print what --fix changes as a patch, and write nothing
    #[arg(long, requires = "fix")]
    pub dry_run: bool,
    #[command(flatten)]
    pub audiences: AudienceArgs,
    #[command(flatten)]
    pub drafts: DraftArgs,
    #[command(flatten)]
    pub day: DateArgs,
}

impl CheckArgs {
    /// The answers to links into the web, if the arguments ask for them.
    ///
    /// # Errors
    /// There is no encryption, or no client can be made.
    #[cfg(feature = "external")]
    pub(super) fn web_links(
        &self,
        inputs: &Inputs,
        terminal: &Terminal,
    ) -> Result<Option<WebLinkCheck>, Failure> {
        self.external.then(|| WebLinkCheck::run(inputs, terminal)).transpose()
    }

    /// None: this program has no option that asks for them.
    #[cfg(not(feature = "external"))]
    pub(super) fn web_links(&self, _: &Inputs, _: &Terminal) -> Result<Option<WebLinkCheck>, Failure> {
        Ok(None)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    Human,
    Short,
    Json,
    Github,
    CodeQuality,
    Sarif,
    Junit,
}

pub(super) fn run(args: &CheckArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
    let CheckedHandbook { checked, compared } = check(args, terminal)?;
    report(args, checked, compared.as_deref(), terminal)
}

/// Prints the problems in the requested files, in the requested format. `compared` is a sentence about the earlier state
/// that the handbook was compared with, if it was.
///
/// # Errors
/// A name is not a file of the handbook.
pub(super) fn report(
    args: &CheckArgs,
    checked: CheckedInputs,
    compared: Option<&str>,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let CheckedInputs { inputs, mut problems, pages, .. } = checked;
    let files = requested_files(&args.files, UnknownFiles::of(args), &inputs, &problems)?;
    // The whole handbook was checked, because a change in one file may break a link in another.
    let all = problems.len();
    if !args.files.is_empty() {
        problems.retain(|problem| files.contains(&problem.span.file));
    }
    let pages_of_files = files.iter().filter(|file| inputs.sources.contains_key(*file)).count();
    let warnings = if args.deny_warnings { WarningPolicy::Deny } else { WarningPolicy::Allow };
    // Problems of other files do not count, so that a hook can check the files of a commit alone.
    let failed = problems.iter().any(|problem| warnings.is_failure(problem.severity));
    let lookup = report::texts(&inputs);
    let folder = in_repository(&inputs.root);
    let summary = Summary::new(&problems, if args.files.is_empty() { pages } else { pages_of_files });
    let report = ProblemReport { diagnostics: &problems, lookup: &lookup, summary, folder: &folder };
    let text = match args.format {
        ReportFormat::Human => {
            let look = terminal.look(OutputStream::Out);
            report::human::render(&problems, &lookup, look, summary)
                + &report::human::explanation_hint(&problems)
        }
        ReportFormat::Short => report::short::render(&problems, &lookup),
        ReportFormat::Json => report::json::render(&problems, &lookup, summary),
        ReportFormat::Github => report::github::render(&report),
        ReportFormat::CodeQuality => report::code_quality::render(&report),
        ReportFormat::Sarif => report::sarif::render(&report),
        ReportFormat::Junit => report::junit::render(&report, &files, warnings, &inputs.today.to_string()),
    };
    terminal.print(OutputStream::Out, &text);
    if !args.files.is_empty() {
        let files = counted(files.len(), "file");
        let others = counted(all - problems.len(), "problem");
        terminal.note(&format!("checked the whole handbook, reported {files}; {others} in other files"));
    }
    if let Some(note) = compared {
        terminal.note(note);
    }
    if failed && summary.errors == 0 {
        terminal.note("the check fails because of warnings (`--deny-warnings`)");
    }
    Ok(if failed { Outcome::Problems } else { Outcome::Success })
}

/// A handbook with its problems for all audiences that were checked.
struct CheckedHandbook {
    /// The inputs of the last audience. With `--since` the problems are only the new ones.
    checked: CheckedInputs,
    /// With `--since`: what it was compared with, as a sentence.
    compared: Option<String>,
}

/// A state of a handbook, built for all audiences that were asked for.
struct CheckedState {
    /// Those of the last audience.
    inputs: Inputs,
    problems: Vec<Diagnostic>,
    sites: Vec<CheckedSite>,
}

/// The site of one audience.
struct CheckedSite {
    pages: usize,
    addresses: PublishedAddresses,
    rules: PageRules,
}

/// How the handbook of a check is loaded.
pub(super) fn load_options(args: &CheckArgs) -> Result<Options, Failure> {
    Ok(Options {
        root: args.root.find()?,
        out: None,
        base_url: None,
        preview: Preview::No,
        drafts: args.drafts.wanted(),
        audience: None,
        today: args.day.today,
    })
}

fn check(args: &CheckArgs, terminal: &Terminal) -> Result<CheckedHandbook, Failure> {
    let options = load_options(args)?;
    let mut loader = Loader::without_history(options.clone());
    let mut caches = None;
    // Read before the build, which takes longer: a wrong revision is reported at once.
    let tree = args.since.as_deref().map(|since| RevisionTree::read(&options.root, since)).transpose()?;
    let load_present = |audience| {
        loader.set_audience(audience, None);
        loader.load().map(Some)
    };
    let present = build_all(&args.audiences.names, &mut caches, load_present)?
        .expect("a loader without a handbook fails");
    let pages = present.sites.iter().map(|site| site.pages).max().unwrap_or_default();
    let Some(tree) = tree else {
        let CheckedState { inputs, problems, sites } = present;
        let rules = sites.into_iter().flat_map(|site| site.rules).collect();
        let mut checked = CheckedInputs { inputs, problems, pages, rules };
        if let Some(links) = args.web_links(&checked.inputs, terminal)? {
            links.add_problems(&mut checked);
            links.report(&checked.inputs, terminal);
        }
        return Ok(CheckedHandbook { checked, compared: None });
    };
    let load_earlier = |audience| tree.load(Options { audience, ..options.clone() }, &present.inputs);
    let before = build_all(&args.audiences.names, &mut caches, load_earlier)?;
    let (known, problems) = match &before {
        Some(before) => {
            let renames = tree.renames(&before.inputs, &present.inputs)?;
            (before.problems.len(), new_problems(before, &present, &renames))
        }
        None => (0, present.problems),
    };
    let compared = format!(
        "showing only what is new since commit {}, which had {}",
        tree.short_commit(),
        if before.is_some() { counted(known, "problem") } else { "no handbook".to_owned() },
    );
    let rules = present.sites.into_iter().flat_map(|site| site.rules).collect();
    let checked = CheckedInputs { inputs: present.inputs, problems, pages, rules };
    Ok(CheckedHandbook { checked, compared: Some(compared) })
}

/// Builds a handbook for each audience. `None` if there is no handbook.
fn build_all(
    names: &[String],
    caches: &mut Option<Arc<FragmentCaches>>,
    mut load: impl FnMut(Option<String>) -> Result<Option<Inputs>, Failure>,
) -> Result<Option<CheckedState>, Failure> {
    let mut audiences = build::requested_audiences(names);
    let mut problems = Vec::new();
    let mut sites = Vec::new();
    let mut inputs = None;
    let mut used = BTreeSet::new();
    while let Some(audience) = audiences.pop() {
        let Some(loaded) = load(audience.clone())? else { return Ok(None) };
        let caches = caches.get_or_insert_with(|| cache::load_for_checks(&loaded.root));
        let built = Engine::with_caches(Retention::Nothing, Arc::clone(caches)).check(&loaded);
        // Which audience sees everything is known only now, when the settings are loaded.
        if audience.is_none() {
            audiences.extend(insiders(&loaded.config.visibility).map(Some));
        }
        problems.extend(built.diagnostics);
        used.extend(built.used_allowances);
        sites.push(CheckedSite { pages: built.pages, addresses: built.addresses, rules: built.rules });
        inputs = Some(loaded);
    }
    let inputs: Inputs = inputs.expect("there is always an audience");
    // An allowance that is unused for the named audiences may be used for another one.
    if names.is_empty() {
        let unused = check::unused_allowances(&inputs.config, &used, inputs.today, &FilePath::of_settings());
        let judged = check::apply_severities(unused, &inputs.config, &PageRules::new(), inputs.today);
        problems.extend(judged.problems);
    }
    diagnostic::sort(&mut problems);
    Ok(Some(CheckedState { inputs, problems, sites }))
}

/// The problems that only the later state has, and the addresses that ended for one of the audiences.
fn new_problems(before: &CheckedState, after: &CheckedState, renames: &Renames) -> Vec<Diagnostic> {
    let mut problems = ProblemChanges::between(&before.problems, &after.problems, renames).new;
    let settings = FilePath::of_settings();
    // Without levels there is one audience. If levels are new, insiders are compared with the audience of before.
    for (number, site) in after.sites.iter().enumerate() {
        let Some(old) = before.sites.get(number).or(before.sites.last()) else { continue };
        let change = AddressChange {
            before: &old.addresses,
            after: &site.addresses,
            renames,
            sources: &after.inputs.sources,
            settings: &settings,
        };
        let inputs = &after.inputs;
        let judged = check::apply_severities(change.problems(), &inputs.config, &site.rules, inputs.today);
        problems.extend(judged.problems);
    }
    diagnostic::sort(&mut problems);
    problems
}

/// What happens to a name on the command line that is not a file of the handbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnknownFiles {
    /// The command fails.
    Refuse,
    /// The others are checked: a hook names every file of a commit.
    Ignore,
}

impl UnknownFiles {
    pub fn of(args: &CheckArgs) -> UnknownFiles {
        if args.ignore_unknown { UnknownFiles::Ignore } else { UnknownFiles::Refuse }
    }
}

/// The files whose problems are reported, sorted: those that the command line names, and all files in the folders that it
/// names. If it names none, all texts of the content.
///
/// # Errors
/// A name is not a file of the handbook.
pub(super) fn requested_files(
    named: &[PathBuf],
    unknown: UnknownFiles,
    inputs: &Inputs,
    found: &[Diagnostic],
) -> Result<Vec<FilePath>, Failure> {
    if named.is_empty() {
        return Ok(inputs.sources.keys().cloned().collect());
    }
    // A file that could not be read is not in the inputs, but it has a problem.
    let assets = inputs.assets.keys().chain(inputs.static_files.keys());
    let known = inputs.sources.keys().chain(inputs.settings.keys()).chain(assets);
    let mut known: Vec<&FilePath> = known.chain(found.iter().map(|problem| &problem.span.file)).collect();
    known.sort();
    known.dedup();
    let mut wanted = Vec::new();
    for name in named {
        let path = within(&inputs.root, name);
        let is_wanted = |file: &&FilePath| {
            path.as_ref().is_some_and(|path| *path == **file || file.beneath(path.as_str()).is_some())
        };
        let before = wanted.len();
        wanted.extend(known.iter().copied().filter(is_wanted).cloned());
        if wanted.len() == before && unknown == UnknownFiles::Refuse {
            let near = nearest(&name.to_string_lossy(), known.iter().map(|file| file.as_str()));
            let help = match near {
                Some(near) => format!("Did you mean `{near}`?"),
                None => {
                    "Name a page, a data file or a folder of the handbook, from the folder that you are in."
                        .to_owned()
                }
            };
            return Err(Failure::new(format!("`{}` is not a file of the handbook", name.display()), help));
        }
    }
    wanted.sort();
    wanted.dedup();
    Ok(wanted)
}

/// The audience that sees everything, if levels are in use and the default audience does not see everything.
pub(super) fn insiders(settings: &Visibility) -> Option<String> {
    let highest = settings.levels.highest();
    let in_use = settings.default.is_some() && settings.audience.level() < highest;
    in_use.then(|| settings.levels.name(highest).to_owned())
}
