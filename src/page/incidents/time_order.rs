//! The order of the times of an incident.
//!
//! This module owns the rule `incident.order`, except for times after the day of the build, which the register checks.

use jiff::civil::Date;

use super::points;
use crate::diagnostic::Diagnostic;
use crate::page::FrontMatter;
use crate::path::FilePath;
use crate::rules::INCIDENT_ORDER;

const HELP: &str = "correct the one that is wrong; mind the offsets";

pub(super) fn check(file: &FilePath, front: &FrontMatter) -> Vec<Diagnostic> {
    let mut problems = chronology(file, front);
    problems.extend(aware(file, front));
    problems.extend(reports(file, front));
    problems.extend(revisions(file, front));
    problems
}

/// Compares each point with the latest one before it, so that one wrong time is one problem.
fn chronology(file: &FilePath, front: &FrontMatter) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut points = points(&front.data);
    let Some(mut latest) = points.next() else { return problems };
    for (name, moment) in points {
        if moment.timestamp >= latest.1.timestamp {
            latest = (name, moment);
            continue;
        }
        let message = format!("`{name}` ({moment}) is before `{}` ({})", latest.0, latest.1);
        let problem = Diagnostic::new(&INCIDENT_ORDER, front.span(file, name), message);
        problems.push(problem.label(front.span(file, latest.0), format!("`{}`", latest.0)).help(HELP));
    }
    problems
}

/// The time of awareness is not before the beginning of the incident.
fn aware(file: &FilePath, front: &FrontMatter) -> Option<Diagnostic> {
    let (aware, started) = (front.data.time("aware_at")?, front.data.time("started")?);
    let message = format!("`aware_at` ({aware}) is before `started` ({started})");
    let problem = Diagnostic::new(&INCIDENT_ORDER, front.span(file, "aware_at"), message);
    let problem = problem.label(front.span(file, "started"), "`started`").help(HELP);
    (aware.timestamp < started.timestamp).then_some(problem)
}

/// The report and its revisions are not older than the incident.
fn reports(file: &FilePath, front: &FrontMatter) -> Vec<Diagnostic> {
    let Some(started) = front.data.time("started") else { return Vec::new() };
    let day = started.day().min(started.written_day());
    let revisions = front.data.records("revisions");
    let revisions = revisions.iter().enumerate();
    let dates = revisions.filter_map(|(number, revision)| {
        Some((format!("revisions[{number}].date"), "the revision", revision.date("date")?))
    });
    let own = front.date.map(|date| ("date".to_owned(), "the report", date));
    let early = |(path, what, date): (String, &str, Date)| {
        let message = format!("{what} is of {date}, before the incident `started` ({started})");
        let problem = Diagnostic::new(&INCIDENT_ORDER, front.span(file, &path), message);
        problem.label(front.span(file, "started"), "`started`").help("correct the one that is wrong")
    };
    own.into_iter().chain(dates).filter(|(_, _, date)| *date < day).map(early).collect()
}

/// The revisions are in the order of time.
fn revisions(file: &FilePath, front: &FrontMatter) -> Vec<Diagnostic> {
    let records = front.data.records("revisions");
    let dates: Vec<(usize, Date)> = records
        .iter()
        .enumerate()
        .filter_map(|(number, record)| Some((number, record.date("date")?)))
        .collect();
    let problem = |pair: &[(usize, Date)]| {
        let [(before, first), (number, date)] = pair else { return None };
        let place = |number: usize| front.span(file, &format!("revisions[{number}].date"));
        let message = format!("the revision of {date} stands after that of {first}");
        let problem = Diagnostic::new(&INCIDENT_ORDER, place(*number), message);
        let problem = problem.label(place(*before), "the revision before it");
        (date < first).then(|| problem.help("list revisions with the oldest first"))
    };
    dates.windows(2).filter_map(problem).collect()
}
