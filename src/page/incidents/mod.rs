//! What a report about an incident must be by itself: its times, its states, its words.
//!
//! Owns the rules that need only the one page, and the vocabulary of states and points in time. What needs the day
//! of the build or other reports is the register's business.

mod blameless;
mod report_sections;
mod report_state;
mod summary;
mod time_order;
mod timeline;
mod timeline_points;
mod utc_offset;

use super::{Facts, FrontMatter};
use crate::diagnostic::Diagnostic;
use crate::kinds::{Moment, PageFields};
use crate::markdown::Block;
use crate::source::Source;

use report_sections::IncidentSection;

pub use report_sections::{KNOWN, ReportSections, UNKNOWN};
pub use report_state::ReportState;

/// The register that a kind of reports feeds.
pub const REGISTER: &str = "incidents";

/// The points in time of an incident, in their order; all durations are computed from the first one.
pub const POINTS: [&str; 5] = ["started", "detected", "acknowledged", "mitigated", "resolved"];

/// What a report is checked by.
struct Report<'a> {
    pub source: &'a Source,
    pub front: &'a FrontMatter,
    pub blocks: &'a [Block],
    pub facts: &'a Facts,
    parts: Vec<IncidentSection<'a>>,
}

impl<'a> Report<'a> {
    /// The parts of the text that a section of the kind stands for.
    fn sections(&self, name: &str) -> impl Iterator<Item = IncidentSection<'a>> {
        self.parts.iter().copied().filter(move |part| part.name == name)
    }
}

/// The points that a report names, in their order.
pub fn points(data: &PageFields) -> impl Iterator<Item = (&'static str, &Moment)> {
    POINTS.into_iter().filter_map(|name| Some((name, data.time(name)?)))
}

/// Reads and checks a page of a kind that tells of incidents. A draft may be unfinished, but not in disorder.
pub(super) fn read(
    source: &Source,
    front: &FrontMatter,
    blocks: &[Block],
    facts: &Facts,
    problems: &mut Vec<Diagnostic>,
) -> ReportSections {
    if !front.kind.feeds(REGISTER) {
        return ReportSections::default();
    }
    let report = &Report { source, front, blocks, facts, parts: report_sections::parts(blocks, &front.kind) };
    let file = &source.path;
    problems.extend(time_order::check(file, front));
    problems.extend(timeline::check(report));
    problems.extend(blameless::check(report));
    if !front.draft {
        problems.extend(report_state::check(report));
        problems.extend(summary::check(report));
    }
    report_sections::read(report)
}
