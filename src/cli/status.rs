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
use super::owners::{load, with_site};
use super::shared_args::{DateArgs, RootArgs};
use super::terminal::{OutputStream, Terminal};

/// Show what needs somebody: reviews, promises, actions, drafts
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook status
  opsbook status --owner @kurt --days 14
  opsbook status --json > status.json
  opsbook status --maturity     How open these operations are, in percent

Reviews, promised updates, actions, alerts without runbook, drafts, exceptions
and embargoes that end, pages without owner. Hidden pages and drafts are among
them: who has the sources may see them. --audience shows what a level may see.
People and teams with several spellings are listed in data/people.yaml.")]
pub struct StatusArgs {
    /// Only what this owner must do; repeatable
    #[arg(long = "owner", value_name = "NAME")]
    pub names: Vec<String>,
    /// What is due within so many days [default: 30]
    #[arg(long, value_name = "N", default_value_t = 30, hide_default_value = true, value_parser = clap::value_parser!(i32).range(0..=3660))]
    pub days: i32,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Only what this level may see [default: all]
    #[arg(long, value_name = "LEVEL")]
    pub audience: Option<String>,
    /// The self-check of open operations instead
    #[arg(long, conflicts_with_all = ["names", "days"])]
    pub maturity: bool,
    #[command(flatten)]
    pub day: DateArgs,
    #[command(flatten)]
    pub root: RootArgs,
}

pub(super) fn run(args: &StatusArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
    let inputs = load(args.root.find()?, args.day.today)?;
    let audience = audience(args.audience.as_deref(), &inputs)?;
    let colour = terminal.look(OutputStream::Out).colour;
    let (text, unknown_owners) = with_site(&inputs, audience, |site| {
        let code_owners = |file: &_| inputs.code_owners(file);
        if args.maturity {
            let report = SelfCheck { site, code_owners: &code_owners }.answer();
            return (if args.json { report.json() } else { report.text(colour) }, Vec::new());
        }
        let question =
            StatusQuestion { site, days: args.days, owners: &args.names, code_owners: &code_owners };
        let report = question.answer();
        (if args.json { report.json() } else { report.text(colour) }, question.unknown_owners())
    });
    for sentence in unknown_owners {
        terminal.note(&sentence);
    }
    terminal.print(OutputStream::Out, &text);
    Ok(Outcome::Success)
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
