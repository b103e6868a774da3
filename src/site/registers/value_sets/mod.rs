//! Sets of values for the variables of runbooks: the regions, clusters or inventories of a handbook.
//!
//! This module owns which sets a page offers, and the check that its variables accept them. [`read`] knows the keys of
//! the files in `data/values/`. Who may see a set is decided by the level of its file, before this module sees it.

mod read;

use std::collections::{BTreeMap, BTreeSet};

use super::{PageId, RegisterInputs};
use crate::diagnostic::{Diagnostic, nearest};
use crate::page::Page;
use crate::page::runbook::Variable;
use crate::rules::{VALUES_REFUSED, VALUES_UNUSED};

use read::{SetValue, ValueList};

/// The choices that pages offer.
#[derive(Debug, Default)]
pub struct ValueSets {
    by_page: BTreeMap<PageId, Vec<ValueChoice>>,
}

/// A list of sets from which the reader of a page chooses one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ValueChoice {
    /// The name in addresses, which is also the label of an alert that chooses a set.
    pub name: String,
    pub title: String,
    /// The variables of the page that any set has a value for, in the order of the page.
    pub variables: Vec<String>,
    /// The sets with a value for any of these variables.
    pub sets: Vec<ChosenValues>,
}

/// One set of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ChosenValues {
    pub name: String,
    pub title: String,
    /// The values of [`ValueChoice::variables`].
    pub values: Vec<Option<String>>,
}

impl ValueSets {
    /// The choices that a page offers.
    pub fn for_page(&self, page: PageId) -> &[ValueChoice] {
        self.by_page.get(&page).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Reads the files of sets, and finds the pages that offer them.
pub(super) fn collect(book: &RegisterInputs<'_>, diagnostics: &mut Vec<Diagnostic>) -> ValueSets {
    let lists = read::lists(book, diagnostics);
    let mut made = ValueSets::default();
    // Most handbooks have no sets, and then no page is looked at.
    if lists.is_empty() {
        return made;
    }
    let mut collector = ValueSetCollector { lists: &lists, used: BTreeSet::new(), refused: BTreeMap::new() };
    for (id, page) in book.pages().filter(|(_, page)| !page.variables.is_empty()) {
        let choices = collector.choices(page);
        if !choices.is_empty() {
            made.by_page.insert(id, choices);
        }
    }
    // A runbook that the audience does not see may have the variable.
    if book.inputs.hidden.is_empty() {
        diagnostics.extend(unused(&lists, &collector.used));
    }
    diagnostics.extend(collector.refused.into_values());
    made
}

struct ValueSetCollector<'a> {
    lists: &'a [ValueList],
    /// The names of all variables of pages.
    used: BTreeSet<&'a str>,
    /// The first report of each refused value, by its position.
    refused: BTreeMap<(&'a str, u32), Diagnostic>,
}

impl<'a> ValueSetCollector<'a> {
    fn choices(&mut self, page: &'a Page) -> Vec<ValueChoice> {
        self.used.extend(page.variables.iter().map(|variable| variable.name.as_str()));
        let mut choices = Vec::new();
        for list in self.lists {
            // By variable: the value of each set.
            let mut columns: Vec<(&Variable, Vec<Option<&SetValue>>)> = Vec::new();
            for variable in &page.variables {
                let column = self.column(list, page, variable);
                if column.iter().any(Option::is_some) {
                    columns.push((variable, column));
                }
            }
            let mut sets = Vec::new();
            for (index, set) in list.sets.iter().enumerate() {
                let value = |(_, column): &(&Variable, Vec<Option<&SetValue>>)| {
                    column[index].map(|found| found.value.clone())
                };
                let values: Vec<Option<String>> = columns.iter().map(value).collect();
                if values.iter().any(Option::is_some) {
                    let (name, title) = (set.name.clone(), set.title().to_owned());
                    sets.push(ChosenValues { name, title, values });
                }
            }
            if !sets.is_empty() {
                let variables = columns.iter().map(|(variable, _)| variable.name.clone()).collect();
                choices.push(ValueChoice {
                    name: list.name.clone(),
                    title: list.title().to_owned(),
                    variables,
                    sets,
                });
            }
        }
        choices
    }

    /// The values of all sets for one variable, without those that it refuses.
    fn column(&mut self, list: &'a ValueList, page: &Page, variable: &Variable) -> Vec<Option<&'a SetValue>> {
        let accepts = variable.acceptance();
        let mut column = Vec::with_capacity(list.sets.len());
        for set in &list.sets {
            let found = set.values.get(&variable.name);
            let accepted = found.filter(|found| !variable.secret && accepts(&found.value));
            if let (Some(found), None) = (found, accepted) {
                let place = (found.span.file.as_str(), found.span.start);
                self.refused.entry(place).or_insert_with(|| refused(found, page, variable));
            }
            column.push(accepted);
        }
        column
    }
}

/// The report of a value that the variable of a page refuses. The message does not repeat a secret.
fn refused(found: &SetValue, page: &Page, variable: &Variable) -> Diagnostic {
    let (name, file) = (&variable.name, &page.file);
    if variable.secret {
        let message = format!("`{name}` is a secret in {file}, and no page shows its value");
        let problem = Diagnostic::new(&VALUES_REFUSED, found.span.clone(), message);
        return problem.help("remove the value here and from the history of the repository");
    }
    let pattern = variable.pattern.as_deref().unwrap_or_default();
    let message = format!("`{}` does not match `{pattern}`, the pattern of `{name}` in {file}", found.value);
    let problem = Diagnostic::new(&VALUES_REFUSED, found.span.clone(), message);
    problem.help("change one of the two; until then the page does not offer the value")
}

/// Reports variables of sets that no page has, each once.
fn unused(lists: &[ValueList], used: &BTreeSet<&str>) -> Vec<Diagnostic> {
    let mut problems = BTreeMap::new();
    for (name, found) in lists.iter().flat_map(|list| &list.sets).flat_map(|set| &set.values) {
        if used.contains(name.as_str()) {
            continue;
        }
        problems.entry((name.as_str(), &found.span.file)).or_insert_with(|| {
            let message = format!("no page has a variable `{name}`");
            let problem = Diagnostic::new(&VALUES_UNUSED, found.span.clone(), message);
            match nearest(name, used.iter().copied()) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem.help("remove the value, or declare the variable in a runbook"),
            }
        });
    }
    problems.into_values().collect()
}
