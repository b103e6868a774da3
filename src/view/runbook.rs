//! Runbooks: the form and the checklist of a page.
//!
//! This module owns which pages have them. The values that readers fill in never leave the browser.

use serde::Serialize;

use crate::page::Page;
use crate::page::runbook::{CALLING, DOING, Variable};
use crate::path::encode;
use crate::site::registers::ValueChoice;

/// The data that a page with commands needs in the browser.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct RunbookView {
    pub variables: Vec<VariableView>,
    /// The lists of sets that fill in several of them at once.
    pub choices: Vec<ValueChoiceView>,
    /// The number of steps to tick.
    pub steps: usize,
    /// The ids of the headings that are the steps, where no list contains any.
    pub headings: Vec<String>,
    /// The URL of the first section with instructions, where readers begin.
    pub begin: Option<String>,
    /// The URL of the section that says whom to call.
    pub escalate: Option<String>,
    /// The names of the alerts that lead to the page, as a list in JSON.
    pub alerts: Option<String>,
}

/// One value that readers fill in.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct VariableView {
    /// The name as commands write it.
    pub name: String,
    pub example: String,
    pub help: Option<String>,
    /// A regular expression of JavaScript that the whole value must match.
    pub pattern: Option<String>,
    /// The pattern as a program for the script, in JSON.
    pub steps: Option<String>,
    pub secret: bool,
    /// The label of an alert that has the value, where it is not the name in lower case.
    pub label: Option<String>,
}

/// A list of sets of values: the regions of a handbook, its clusters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct ValueChoiceView {
    /// The name in addresses.
    pub name: String,
    pub title: String,
    /// The names of the variables that the sets have values for.
    pub variables: Vec<String>,
    pub sets: Vec<ValueSetView>,
}

/// One set of values.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct ValueSetView {
    /// The name in addresses and in the log.
    pub name: String,
    pub title: String,
    /// The value of each variable of the list.
    pub values: Vec<Option<String>>,
}

/// The view of a page; `None` where it has no variables, no steps and no marked commands.
pub(super) fn view(page: &Page, choices: &[ValueChoice]) -> Option<RunbookView> {
    let commands = &page.document.commands;
    let checklist = page.front.has_checklist();
    let headings = if checklist && commands.steps == 0 { commands.headings.clone() } else { Vec::new() };
    let steps = commands.steps + headings.len();
    let wanted = steps > 0 || commands.marked || !page.variables.is_empty();
    let variables = page.variables.iter().map(variable).collect();
    let alerts = page.front.data.texts("alerts");
    wanted.then_some(RunbookView {
        variables,
        choices: choices.iter().map(choice).collect(),
        steps,
        headings,
        begin: first(page, &DOING),
        escalate: first(page, &CALLING),
        alerts: (!alerts.is_empty()).then(|| serde_json::to_string(&alerts).expect("names are strings")),
    })
}

/// The URL of the first section of the page that is one of these sections of its kind.
fn first(page: &Page, sections: &[&str]) -> Option<String> {
    let kind = &page.front.kind;
    let is_one = |text: &str| kind.section(text).is_some_and(|section| sections.contains(&&*section.heading));
    let found = page.document.outline.iter().find(|heading| is_one(&heading.text))?;
    Some(format!("#{}", encode(&found.id)))
}

fn choice(choice: &ValueChoice) -> ValueChoiceView {
    let mut sets = Vec::new();
    for set in &choice.sets {
        let (name, title) = (set.name.clone(), set.title.clone());
        sets.push(ValueSetView { name, title, values: set.values.clone() });
    }
    let (name, title) = (choice.name.clone(), choice.title.clone());
    ValueChoiceView { name, title, variables: choice.variables.clone(), sets }
}

fn variable(variable: &Variable) -> VariableView {
    VariableView {
        name: variable.name.clone(),
        example: variable.example.clone(),
        help: variable.help.clone(),
        pattern: variable.pattern.clone(),
        steps: variable.steps.clone(),
        secret: variable.secret,
        label: variable.label.clone(),
    }
}
