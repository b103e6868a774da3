//! The revisions of a page, as its front matter lists them.
//!
//! This module owns [`Revision`] and the rule that each has a version of its own. Any kind may have the field
//! `revisions`. What follows from a revision is computed elsewhere.

use jiff::civil::Date;

use super::FrontMatter;
use crate::diagnostic::Diagnostic;
use crate::kinds::PageFields;
use crate::path::FilePath;
use crate::rules::FRONT_MATTER_VALUE;

/// One published change of a page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Revision {
    /// Such as `2` or `1.1`; unique on a page.
    pub version: String,
    pub date: Date,
    /// The state of the report at that revision, where the kind has states.
    pub state: Option<String>,
    pub summary: String,
}

/// The revisions that have a version and a date, in the order of the front matter.
pub fn read_revisions(data: &PageFields) -> Vec<Revision> {
    let revision = |record: &&crate::kinds::Record| {
        Some(Revision {
            version: record.text("version")?.to_owned(),
            date: record.date("date")?,
            state: record.text("state").map(str::to_owned),
            summary: record.text("summary").unwrap_or_default().to_owned(),
        })
    };
    data.records("revisions").iter().filter_map(revision).collect()
}

/// Reports revisions with the same version.
pub fn check(file: &FilePath, front: &FrontMatter) -> Vec<Diagnostic> {
    let records = front.data.records("revisions");
    let versions: Vec<Option<&str>> = records.iter().map(|record| record.text("version")).collect();
    let place = |number: usize| front.span(file, &format!("revisions[{number}].version"));
    let problem = |(number, version): (usize, &Option<&str>)| {
        let first = versions[..number].iter().position(|other| other.is_some() && other == version)?;
        let message = format!("there are two revisions `{}`", version.unwrap_or_default());
        let problem = Diagnostic::new(&FRONT_MATTER_VALUE, place(number), message);
        Some(problem.label(place(first), "the first one").help("give each revision a number of its own"))
    };
    versions.iter().enumerate().filter_map(problem).collect()
}
