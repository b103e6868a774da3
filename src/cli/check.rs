//! `opsbook check`.
//!
//! Owns the choice of the format, of the files whose problems are reported, and of the audiences for which the handbook
//! is checked. Writes nothing but its report.

use std::path::PathBuf;

use crate::config::Visibility;
use crate::diagnostic::{self, Diagnostic, nearest};
use crate::input::{Failure, Inputs, Loader, Options, Preview, cache};
use crate::memo::Retention;
use crate::moves::CheckedInputs;
use crate::output::Discard;
use crate::path::FilePath;
use crate::pipeline::Engine;
use crate::report::{self, ProblemReport, Summary, WarningPolicy, counted};

use super::args::{CheckArgs, ReportFormat};
use super::relative_paths::{in_repository, within};
use super::terminal::{OutputStream, Terminal};
use super::{Outcome, build};

pub(super) fn run(args: &CheckArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
    report(args, check(args)?, terminal)
}

/// Prints the problems in the requested files, in the requested format.
///
/// # Errors
/// A name is no file of the handbook.
pub(super) fn report(
    args: &CheckArgs,
    checked: CheckedInputs,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let CheckedInputs { inputs, problems: mut found, pages } = checked;
    let files = requested_files(&args.files, &inputs, &found)?;
    let all = found.len();
    if !args.files.is_empty() {
        found.retain(|problem| files.contains(&problem.span.file));
    }
    let read = files.iter().filter(|file| inputs.sources.contains_key(*file)).count();
    let warnings = if args.deny_warnings { WarningPolicy::Deny } else { WarningPolicy::Allow };
    let failed = found.iter().any(|problem| warnings.is_failure(problem.severity));
    let (lookup, folder) = (report::texts(&inputs), in_repository(&inputs.root));
    let summary = Summary::new(&found, if args.files.is_empty() { pages } else { read });
    let report = ProblemReport { diagnostics: &found, lookup: &lookup, summary, folder: &folder };
    let text = match args.format {
        ReportFormat::Human => {
            let look = terminal.look(OutputStream::Out);
            report::human::render(&found, &lookup, look, summary) + &report::human::explanation_hint(&found)
        }
        ReportFormat::Short => report::short::render(&found, &lookup),
        ReportFormat::Json => report::json::render(&found, &lookup, summary),
        ReportFormat::Github => report::github::render(&report),
        ReportFormat::CodeQuality => report::code_quality::render(&report),
        ReportFormat::Sarif => report::sarif::render(&report),
        ReportFormat::Junit => report::junit::render(&report, &files, warnings, &inputs.today.to_string()),
    };
    terminal.print(OutputStream::Out, &text);
    if !args.files.is_empty() {
        let (files, others) = (counted(files.len(), "file"), counted(all - found.len(), "problem"));
        terminal.note(&format!("checked the whole handbook, reported {files}; {others} in other files"));
    }
    if failed && summary.errors == 0 {
        terminal.note("the check fails because of warnings (`--deny-warnings`)");
    }
    Ok(if failed { Outcome::Problems } else { Outcome::Well })
}

/// Checks for each audience. The inputs are those of the last one.
fn check(args: &CheckArgs) -> Result<CheckedInputs, Failure> {
    let mut loader = Loader::new(Options {
        root: args.root.find()?,
        out: None,
        base_url: None,
        preview: Preview::No,
        drafts: args.drafts.wanted(),
        audience: None,
        today: args.day.today,
    });
    let mut audiences = build::requested_audiences(&args.audiences.names);
    let (mut problems, mut pages) = (Vec::new(), 0);
    let (mut highlighted, mut drawn) = (None, None);
    let mut inputs = None;
    while let Some(audience) = audiences.pop() {
        loader.set_audience(audience.clone(), None);
        let loaded = loader.load()?;
        let mut engine = Engine::new(Retention::Nothing);
        // The caches pass from one audience to the next, so that code and diagrams are not made twice.
        engine.highlight_cache = highlighted.take().unwrap_or_else(|| cache::load(&loaded.root));
        engine.drawing_cache = drawn.take().unwrap_or_else(|| cache::load_drawings(&loaded.root));
        let built = engine
            .build(&loaded, &Discard)
            .map_err(|error| Failure::new(error.to_string(), "Solve this and check again."))?;
        highlighted = Some(std::mem::take(&mut engine.highlight_cache));
        drawn = Some(std::mem::take(&mut engine.drawing_cache));
        // The other audience is known only when the settings are loaded.
        if audience.is_none() {
            audiences.extend(insiders(&loaded.config.visibility).map(Some));
        }
        pages = pages.max(built.pages);
        problems.extend(built.diagnostics);
        inputs = Some(loaded);
    }
    diagnostic::sort(&mut problems);
    Ok(CheckedInputs { inputs: inputs.expect("there is always an audience"), problems, pages })
}

/// The files whose problems are reported, sorted: those that the command line names, also by their folders, else all
/// texts of the content.
///
/// # Errors
/// A name is no file of the handbook.
pub(super) fn requested_files(
    named: &[PathBuf],
    inputs: &Inputs,
    found: &[Diagnostic],
) -> Result<Vec<FilePath>, Failure> {
    if named.is_empty() {
        return Ok(inputs.sources.keys().cloned().collect());
    }
    // A file that cannot be read is known by its problem alone.
    let assets = inputs.assets.keys().chain(inputs.static_files.keys());
    let known = inputs.sources.keys().chain(inputs.settings.keys()).chain(assets);
    let mut known: Vec<&FilePath> = known.chain(found.iter().map(|problem| &problem.span.file)).collect();
    known.sort();
    known.dedup();
    let mut wanted = Vec::new();
    for name in named {
        let path = within(&inputs.root, name);
        let is_wanted = |file: &&FilePath| {
            let is_it = |path: &FilePath| *path == **file || file.beneath(path.as_str()).is_some();
            path.as_ref().is_some_and(is_it)
        };
        let before = wanted.len();
        wanted.extend(known.iter().copied().filter(is_wanted).cloned());
        if wanted.len() == before {
            let near = nearest(&name.to_string_lossy(), known.iter().map(|file| file.as_str()));
            let help = match near {
                Some(near) => format!("Did you mean `{near}`?"),
                None => {
                    "Name a page, a data file or a folder of the handbook, from the folder that you are in."
                        .to_owned()
                }
            };
            return Err(Failure::new(format!("`{}` is no file of the handbook", name.display()), help));
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
