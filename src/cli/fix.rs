//! `opsbook check --fix`.
//!
//! Owns who is asked, what is shown, and which files are written. `moves::FixPlanner` computes and checks the edits,
//! `file_changes` writes them.

use std::io::{IsTerminal, stdin};

use crate::input::{Failure, Inputs, Loader, cache};
use crate::moves::{FileChange, FixPlan, FixPlanner, patch, source_of};
use crate::report::counted;
use crate::visibility::Audience;

use super::check::{CheckArgs, UnknownFiles};
use super::file_changes::{FileChanges, Rewrite};
use super::terminal::{OutputStream, Terminal};
use super::{Outcome, check, prompts};

pub(super) fn run(args: &CheckArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
    let inputs = Loader::without_history(check::load_options(args)?).load()?;
    let audiences = audiences(&args.audiences.names, &inputs)?;
    let mut planner = FixPlanner::new(&audiences, &cache::load_for_checks(&inputs.root));
    let mut before = planner.check(inputs);
    let links = args.web_links(&before.inputs, terminal)?;
    if let Some(links) = &links {
        links.add_problems(&mut before);
        links.report(&before.inputs, terminal);
    }
    let files =
        check::requested_files(&args.files, UnknownFiles::of(args), &before.inputs, &before.problems)?;
    let mut plan = planner.plan(&before, &|file| args.files.is_empty() || files.contains(file));
    if plan.refused > 0 {
        let refused = fixes_in_words(plan.refused);
        terminal.note(&format!("{refused} left out, because the handbook would have a new problem"));
    }
    if plan.left > 0 {
        terminal.note(&format!("{} left for another run", fixes_in_words(plan.left)));
    }
    if args.dry_run {
        terminal.print(OutputStream::Out, &whole_patch(&before.inputs, &plan));
        terminal.note(&format!("{}; nothing was written", in_words(&plan)));
        return Ok(Outcome::Success);
    }
    if plan.edits.is_empty() {
        terminal.note("nothing to fix");
        return check::report(args, before, None, terminal);
    }
    if !args.yes && !may_write(&before.inputs, &plan, terminal)? {
        terminal.note("nothing was written");
        return check::report(args, before, None, terminal);
    }
    let mut changes = FileChanges { root: before.inputs.root.clone(), ..FileChanges::default() };
    for (file, edits) in &plan.edits {
        let path = before.inputs.root.join(file.as_str());
        changes.rewrites.push(Rewrite::of_edits(path, &source_of(&before.inputs, file).text, edits)?);
    }
    changes.apply()?;
    terminal.note(&in_words(&plan));
    // The planner checks without other hosts.
    if let Some(links) = &links {
        links.add_problems(&mut plan.after);
    }
    check::report(args, plan.after, None, terminal)
}

/// The audiences that are named, else those of `opsbook check`: the default one, and the one that sees all.
fn audiences(names: &[String], inputs: &Inputs) -> Result<Vec<Audience>, Failure> {
    let settings = &inputs.config.visibility;
    let mut audiences = Vec::new();
    for name in names {
        let Some(level) = settings.levels.find(name) else {
            let message = format!("there is no audience `{name}`");
            return Err(Failure::new(message, format!("Use {}.", settings.levels.listed())));
        };
        audiences.push(Audience::from_level(level));
    }
    if names.is_empty() {
        audiences.push(settings.audience);
        audiences.extend(
            check::insiders(settings).and_then(|name| settings.levels.find(&name)).map(Audience::from_level),
        );
    }
    Ok(audiences)
}

/// Shows the changes and asks.
///
/// # Errors
/// No one is at the terminal.
fn may_write(inputs: &Inputs, plan: &FixPlan, terminal: &Terminal) -> Result<bool, Failure> {
    if !stdin().is_terminal() || !terminal.is_watched(OutputStream::Error) {
        let message = format!("`--fix` would write {}, and no one can be asked", in_words(plan));
        return Err(Failure::new(message, "Add `--yes`, or look first: `opsbook check --fix --dry-run`."));
    }
    terminal.print(OutputStream::Error, &whole_patch(inputs, plan));
    Ok(prompts::agrees(&mut stdin().lock(), &format!("Write {}?", in_words(plan)), terminal))
}

/// `3 fixes in 2 files`.
fn in_words(plan: &FixPlan) -> String {
    format!("{} in {}", fixes_in_words(plan.fixes()), counted(plan.edits.len(), "file"))
}

fn fixes_in_words(number: usize) -> String {
    format!("{number} {}", if number == 1 { "fix" } else { "fixes" })
}

fn whole_patch(inputs: &Inputs, plan: &FixPlan) -> String {
    let change = |(file, edits): (_, &Vec<_>)| {
        patch(&FileChange { before: Some(file), after: file, text: &source_of(inputs, file).text, edits })
    };
    plan.edits.iter().map(change).collect()
}
