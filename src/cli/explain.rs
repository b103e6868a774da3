//! `opsbook explain`.
//!
//! Owns the choice between one rule, the rules of a family and all rules. Reads no handbook.

use crate::diagnostic::nearest;
use crate::input::Failure;
use crate::report::explain;
use crate::rules::{FAMILIES, RULES, RuleFamily, find_rule};

use super::Outcome;
use super::args::ExplainArgs;
use super::terminal::{OutputStream, Terminal};

pub(super) fn run(args: &ExplainArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
    let text = match args.rule.as_deref() {
        None => {
            let families: Vec<String> = FAMILIES.iter().map(explain::list).collect();
            families.join("\n") + "\n`opsbook explain RULE` explains a rule, with examples.\n"
        }
        Some(name) => match (find_rule(name), RuleFamily::find(name)) {
            (Some(rule), _) => explain::for_terminal(rule, terminal.look(OutputStream::Out).width),
            (None, Some(family)) => explain::list(family),
            (None, None) => return Err(unknown(name)),
        },
    };
    terminal.print(OutputStream::Out, &text);
    Ok(Outcome::Well)
}

fn unknown(name: &str) -> Failure {
    let help = match nearest(name, RULES.iter().map(|rule| rule.name)) {
        Some(near) => format!("Did you mean `{near}`?"),
        None => "`opsbook explain` lists all rules.".to_owned(),
    };
    Failure::new(format!("there is no rule `{name}`"), help)
}
