//! Reports about incidents: the order of their times, their states and their wording.
//!
//! This module owns the rules that need only the page, and the names of states and points in time. The register of
//! incidents checks the rest, which needs the day of the build or other reports.

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
pub use timeline_points::TimelineEvent;

/// The register of incidents, which kinds of reports feed.
pub const REGISTER: &str = "incidents";

/// The field of a page about something that is invented or was practised.
pub const EXERCISE: &str = "exercise";

/// The points in time of an incident, in their order. All durations begin with the first one.
pub const POINTS: [&str; 5] = ["started", "detected", "acknowledged", "mitigated", "resolved"];

/// The parts of a page that the rules check.
struct Report<'a> {
    pub source: &'a Source,
    pub front: &'a FrontMatter,
    pub blocks: &'a [Block],
    pub facts: &'a Facts,
    parts: Vec<IncidentSection<'a>>,
}

impl<'a> Report<'a> {
    /// The parts of the text under the headings of a section of the kind.
    fn sections(&self, name: &str) -> impl Iterator<Item = IncidentSection<'a>> {
        self.parts.iter().copied().filter(move |part| part.name == name)
    }
}

/// The points in time of a report, in their order.
pub fn points(data: &PageFields) -> impl Iterator<Item = (&'static str, &Moment)> {
    POINTS.into_iter().filter_map(|name| Some((name, data.time(name)?)))
}

/// Reads and checks a page of a kind that feeds the register. A draft may be incomplete, but not contradictory.
pub(super) fn read(
    source: &Source,
    front: &FrontMatter,
    blocks: &[Block],
    facts: &Facts,
    problems: &mut Vec<Diagnostic>,
) -> ReportSections {
    let is_report = front.kind.feeds(REGISTER);
    if !is_report && !front.kind.is_blameless() {
        return ReportSections::default();
    }
    let report = &Report { source, front, blocks, facts, parts: report_sections::parts(blocks, &front.kind) };
    if !is_report {
        problems.extend(blameless::check(report));
        return ReportSections::default();
    }
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
