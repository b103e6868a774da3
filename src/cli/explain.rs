//! `opsbook explain`.
//!
//! Owns the choice between one rule, the rules of a family and all rules. Reads no handbook.

use clap::builder::PossibleValue;

use crate::diagnostic::nearest;
use crate::input::Failure;
use crate::report::explain;
use crate::rules::{FAMILIES, RULES, RuleFamily, find_rule};

use super::Outcome;
use super::shared_args::NameFrom;
use super::terminal::{OutputStream, Terminal};

/// Explain a rule of `check`, with a wrong and a right example
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook explain               The rules, by family
  opsbook explain link.anchor
  opsbook explain link          The rules whose names begin so

No handbook is needed.")]
pub struct ExplainArgs {
    /// The rule, as a report names it
    #[arg(value_name = "RULE", hide_possible_values = true, value_parser = NameFrom(rules))]
    pub rule: Option<String>,
}

fn rules() -> Vec<PossibleValue> {
    RULES.iter().map(|rule| PossibleValue::new(rule.name).help(rule.summary)).collect()
}

pub(super) fn run(args: &ExplainArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
    let text = match args.rule.as_deref() {
        None => {
            let families: Vec<String> = FAMILIES.iter().map(explain::list).collect();
            families.join("\n") + "\n`opsbook explain RULE` explains a rule, with examples.\n"
        }
        Some(written) => {
            // As people copy it: `[link.anchor]:` from a report, `Link` or `link.` from memory.
            let name = written.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
            match (find_rule(&name), RuleFamily::find(&name)) {
                (Some(rule), _) => explain::for_terminal(rule, terminal.look(OutputStream::Out).width),
                (None, Some(family)) => explain::list(family),
                (None, None) => return Err(unknown(&name, written)),
            }
        }
    };
    terminal.print(OutputStream::Out, &text);
    Ok(Outcome::Success)
}

/// The failure for a rule that does not exist. `written` is the name as the user wrote it.
fn unknown(name: &str, written: &str) -> Failure {
    let help = match nearest(name, RULES.iter().map(|rule| rule.name)) {
        Some(near) => format!("Did you mean `{near}`?"),
        None => "`opsbook explain` lists all rules.".to_owned(),
    };
    Failure::new(format!("there is no rule `{written}`"), help)
}
