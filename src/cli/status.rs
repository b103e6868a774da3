//! `opsbook status`.
//!
//! Owns for whom the handbook is read: its authors, unless an audience is named. Who runs the command has the sources, and
//! a list that leaves out hidden pages and drafts would look complete. `report::status` takes the list from the registers,
//! `report::maturity` the shares.

use crate::input::{Failure, Inputs};
use crate::report::maturity::SelfCheck;
use crate::report::status::StatusQuestion;
use crate::visibility::Audience;

use super::Outcome;
use super::args::StatusArgs;
use super::owners::{load, with_site};
use super::terminal::{OutputStream, Terminal};

pub(super) fn run(args: &StatusArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
    let inputs = load(args.root.find()?, args.day.today)?;
    let audience = audience(args.audience.as_deref(), &inputs)?;
    let colour = terminal.look(OutputStream::Out).colour;
    let text = with_site(&inputs, audience, |site| {
        let code_owners = |file: &_| inputs.code_owners(file);
        if args.maturity {
            let report = SelfCheck { site, code_owners: &code_owners }.answer();
            return if args.json { report.json() } else { report.text(colour) };
        }
        let question =
            StatusQuestion { site, days: args.days, owners: &args.names, code_owners: &code_owners };
        let report = question.answer();
        if args.json { report.json() } else { report.text(colour) }
    });
    terminal.print(OutputStream::Out, &text);
    Ok(Outcome::Well)
}

/// # Errors
/// No level has this name.
fn audience(name: Option<&str>, inputs: &Inputs) -> Result<Audience, Failure> {
    let levels = &inputs.config.visibility.levels;
    let Some(name) = name else { return Ok(Audience::authors(levels)) };
    levels.find(name).map(Audience::from_level).ok_or_else(|| {
        Failure::new(format!("there is no audience `{name}`"), format!("Use {}.", levels.listed()))
    })
}
