//! The states of a report, and the requirements of each.
//!
//! This module owns [`ReportState`] and the rule `incident.state`. The definition of the kind names the fields that a
//! state requires.

use super::Report;
use crate::diagnostic::Diagnostic;
use crate::markdown::{Block, TextBlockType};
use crate::page::FrontMatter;
use crate::path::FilePath;
use crate::rules::INCIDENT_STATE;

/// The heading of the section in the definition of the kind.
const ACTIONS: &str = "Action items";

/// The state of a report. The order is the order of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReportState {
    Preliminary,
    Interim,
    Final,
    Amended,
}

impl ReportState {
    pub fn read(text: &str) -> Option<ReportState> {
        Some(match text {
            "preliminary" => ReportState::Preliminary,
            "interim" => ReportState::Interim,
            "final" => ReportState::Final,
            "amended" => ReportState::Amended,
            _ => return None,
        })
    }

    /// Its name in front matter.
    pub fn name(self) -> &'static str {
        match self {
            ReportState::Preliminary => "preliminary",
            ReportState::Interim => "interim",
            ReportState::Final => "final",
            ReportState::Amended => "amended",
        }
    }

    /// Whether readers wait for a later report.
    pub fn is_open(self) -> bool {
        self < ReportState::Final
    }
}

pub(super) fn check(report: &Report<'_>) -> Vec<Diagnostic> {
    let (file, front) = (&report.source.path, report.front);
    let Some(state) = front.data.text("report_state").and_then(ReportState::read) else { return Vec::new() };
    let mut problems = steps(file, front);
    problems.extend(actions(report, state));
    problems.extend(last_revision(file, front, state));
    problems.extend(phase(file, front));
    problems
}

/// A final report has an action item, or a reason for none. Any entry in the section of action items counts, whatever
/// its form.
fn actions(report: &Report<'_>, state: ReportState) -> Option<Diagnostic> {
    let front = report.front;
    let said = front.data.text("no_actions").is_some_and(|reason| !reason.trim().is_empty());
    let entry = |block: &Block| match block.shape {
        TextBlockType::Item { .. } => true,
        TextBlockType::Cell { row, .. } => row > 0,
        TextBlockType::Heading { .. } | TextBlockType::Paragraph { .. } => false,
    };
    let mut blocks = report.sections(ACTIONS).flat_map(|part| part.blocks);
    let listed = blocks.any(|block| entry(block) && !block.text.is_empty());
    if state.is_open() || said || listed || !report.facts.actions.is_empty() {
        return None;
    }
    let message = format!("this report is {}, and names no action item", state.name());
    let span = front.span(&report.source.path, "report_state");
    let help = "add what is done so that it does not happen again, or say in `no_actions` why nothing is";
    Some(Diagnostic::new(&INCIDENT_STATE, span, message).help(help))
}

/// A report never goes back to an earlier state.
fn steps(file: &FilePath, front: &FrontMatter) -> Vec<Diagnostic> {
    let records = front.data.records("revisions");
    let states = records.iter().enumerate();
    let states: Vec<(usize, ReportState)> =
        states.filter_map(|(at, record)| Some((at, ReportState::read(record.text("state")?)?))).collect();
    let problem = |pair: &[(usize, ReportState)]| {
        let [(before, first), (at, state)] = pair else { return None };
        let place = |at: usize| front.span(file, &format!("revisions[{at}].state"));
        let message = format!("a report that was {} cannot become {} again", first.name(), state.name());
        let problem = Diagnostic::new(&INCIDENT_STATE, place(*at), message);
        let problem = problem.label(place(*before), "the revision before it");
        (state < first).then(|| problem.help("a report that changes after it was final is `amended`"))
    };
    states.windows(2).filter_map(problem).collect()
}

/// The last revision and the page name the same state.
fn last_revision(file: &FilePath, front: &FrontMatter, state: ReportState) -> Option<Diagnostic> {
    let revisions = front.data.records("revisions");
    let last = revisions.len().checked_sub(1)?;
    let said = revisions[last].text("state")?;
    let message = format!("the last revision is {said}, but `report_state` is {}", state.name());
    let place = front.span(file, &format!("revisions[{last}].state"));
    let problem = Diagnostic::new(&INCIDENT_STATE, front.span(file, "report_state"), message);
    let problem = problem.label(place, "the last revision");
    (said != state.name())
        .then(|| problem.help("add a revision, or correct the one of the two that is wrong"))
}

/// An incident in the phase `done` has the time of its end.
fn phase(file: &FilePath, front: &FrontMatter) -> Option<Diagnostic> {
    let done = front.data.text("phase") == Some("done") && front.data.time("resolved").is_none();
    let required =
        front.data.text("report_state").and_then(ReportState::read).is_some_and(|state| !state.is_open());
    let message = "`phase` is done, but nothing says when it was `resolved`";
    let problem = Diagnostic::new(&INCIDENT_STATE, front.span(file, "phase"), message);
    // A final report without the field is reported already.
    (done && !required).then(|| problem.help("add `resolved`, or take the phase back"))
}
