//! The summary of a report: its position and its length.
//!
//! This module owns the rule `incident.summary`. The definition of the kind requires that a summary exists.

use super::Report;
use super::report_sections::{IncidentSection, level};
use crate::diagnostic::Diagnostic;
use crate::markdown::Block;
use crate::rules::INCIDENT_SUMMARY;

/// The heading of the section in the definition of the kind.
const SUMMARY: &str = "Summary";

/// The largest number of words.
const WORDS: usize = 120;

pub(super) fn check(report: &Report<'_>) -> Vec<Diagnostic> {
    let Some(IncidentSection { heading, blocks, .. }) = report.sections(SUMMARY).next() else {
        return Vec::new();
    };
    let first = report.blocks.iter().find(|block| level(block).is_some_and(|level| level > 1));
    let mut problems = Vec::new();
    if let Some(first) = first.filter(|first| first.span != heading.span) {
        let message = format!("`{}` comes before the summary", first.text);
        let problem = Diagnostic::new(&INCIDENT_SUMMARY, first.span.clone(), message);
        let problem = problem.label(heading.span.clone(), "the summary");
        problems.push(problem.help("put the summary first: it is all that most readers need"));
    }
    let words: usize = blocks.iter().map(words).sum();
    if words > WORDS {
        let message = format!("the summary has {words} words, and at most {WORDS} are read in one breath");
        let problem = Diagnostic::new(&INCIDENT_SUMMARY, heading.span.clone(), message);
        problems.push(problem.help("keep what happened, to whom, from when to when, and whether it is over"));
    }
    problems
}

fn words(block: &Block) -> usize {
    block.text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count()
}
