//! What readers fill in and tick.
//!
//! Owns which pages get a form and a checklist. The values themselves never leave the browser.

use serde::Serialize;

use crate::page::Page;
use crate::page::runbook::{DOING, Variable};
use crate::path::encode;

/// What a page with commands needs in the browser.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct RunbookView {
    pub variables: Vec<VariableView>,
    /// How many steps can be ticked.
    pub steps: usize,
    /// The ids of the headings that are the steps, where no list holds any.
    pub headings: Vec<String>,
    /// Where readers begin: the heading of the first section that says what to do.
    pub begin: Option<String>,
}

/// One value that readers fill in.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct VariableView {
    /// As a shell writes it.
    pub name: String,
    pub example: String,
    pub help: Option<String>,
    /// A regular expression of JavaScript that the whole value must match.
    pub pattern: Option<String>,
    /// The same as steps for the script, in JSON.
    pub steps: Option<String>,
    pub secret: bool,
}

/// `None` for a page with nothing to fill in, to tick or to be warned of.
pub(super) fn view(page: &Page) -> Option<RunbookView> {
    let commands = &page.document.commands;
    let checklist = page.front.kind.checklist;
    let headings = if checklist && commands.steps == 0 { commands.headings.clone() } else { Vec::new() };
    let steps = commands.steps + headings.len();
    let wanted = steps > 0 || commands.marked || !page.variables.is_empty();
    let variables = page.variables.iter().map(variable).collect();
    wanted.then_some(RunbookView { variables, steps, headings, begin: begin(page) })
}

fn begin(page: &Page) -> Option<String> {
    let kind = &page.front.kind;
    let does = |text: &str| kind.section(text).is_some_and(|section| DOING.contains(&&*section.heading));
    let found = page.document.outline.iter().find(|heading| does(&heading.text))?;
    Some(format!("#{}", encode(&found.id)))
}

fn variable(variable: &Variable) -> VariableView {
    VariableView {
        name: variable.name.clone(),
        example: variable.example.clone(),
        help: variable.help.clone(),
        pattern: variable.pattern.clone(),
        steps: variable.steps.clone(),
        secret: variable.secret,
    }
}
