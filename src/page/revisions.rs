//! The revisions of a page as its front matter names them.
//!
//! Owns [`Revision`]. Any kind may have the field `revisions`; what follows from a revision is computed elsewhere.

use jiff::civil::Date;

use crate::kinds::Data;

/// One change of a page that readers are told of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Revision {
    /// `2`, also `1.1`; unique on a page.
    pub version: String,
    pub date: Date,
    /// The state of the report then, where the kind has states.
    pub state: Option<String>,
    pub summary: String,
}

/// The revisions that are complete, in the order of the front matter.
pub fn of(data: &Data) -> Vec<Revision> {
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
