//! Who may see what: one table of access for all paths of a handbook.
//!
//! This module owns what front matter declares ([`DeclaredAccess`]), what it shows ([`VisibleFrontMatter`]) and the
//! resulting access of a path ([`Access`]). `front` reads the front matter of one text: `closed` decides which keys it may have, `statement`
//! reads the keys about visibility, `fields` withholds single fields. `table` gives every path its access. The
//! module must not know how withheld content is removed: the pipeline drops it.

mod closed;
mod fields;
mod front;
mod statement;
mod table;

use std::collections::BTreeSet;
use std::ops::Range;

use jiff::Timestamp;

use crate::diagnostic::Diagnostic;
use crate::fields::yaml::Map;
use crate::memo::Digest;
use crate::source::Span;
use crate::visibility::{Audience, Level, Withheld, WithheldReason};

pub use statement::EMBARGO;
pub use table::{AccessTable, FolderAccess, HandbookPaths};

/// The access that front matter declares. Keys that it does not have are `None`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct DeclaredAccess {
    pub level: Option<Level>,
    pub clearance: Option<Clearance>,
    pub embargo: Option<Embargo>,
}

/// Whether something may be published, from the least to the most strict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Clearance {
    /// Cleared, or in no need of a clearance.
    #[default]
    Cleared,
    Pending,
    Refused,
    /// The declared value cannot be read.
    Unclear,
}

/// The time before which something is not published. The latest is the strictest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Embargo {
    pub until: Timestamp,
    /// The time as it was written, for reports.
    pub written: String,
}

/// The resulting access of a path, from its front matter, its folders and the settings.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Access {
    pub level: Level,
    pub clearance: Clearance,
    pub embargo: Option<Embargo>,
}

/// The front matter of a text, as far as the audience may see it.
#[derive(Debug, Default)]
pub struct VisibleFrontMatter {
    /// The fields of the text itself, without those that declare access.
    pub fields: Map,
    /// Paths of withheld fields.
    pub withheld_paths: BTreeSet<String>,
    /// Whether the declared access cannot be read. Then no one sees the text, nor anything in a folder that it
    /// stands for.
    pub is_unclear: bool,
    /// The access that the text declares for itself.
    pub own: DeclaredAccess,
    /// The access that a section's page declares in `cascade` for everything in its folder.
    pub for_folder: DeclaredAccess,
    /// The span in `cascade` that declares access.
    pub beneath_at: Range<usize>,
    /// The other fields in `cascade`.
    pub cascade: Map,
    pub withheld: Vec<Withheld>,
    /// The first place that names a level above the lowest one.
    pub level_named_at: Option<Span>,
    pub diagnostics: Vec<Diagnostic>,
    /// The digest of the front matter as it was written.
    pub digest: Digest,
}

impl Access {
    /// The access of a path where the declared access cannot be read. No audience sees it.
    pub fn unclear() -> Access {
        Access { clearance: Clearance::Unclear, ..Access::default() }
    }

    /// The stricter value of each part of two accesses.
    fn strictest(self, other: Access) -> Access {
        Access {
            level: self.level.max(other.level),
            clearance: self.clearance.max(other.clearance),
            embargo: self.embargo.max(other.embargo),
        }
    }

    /// The reason why an audience does not see it; `None` if it does.
    pub fn why_hidden(&self, audience: Audience, now: Timestamp) -> Option<WithheldReason> {
        if audience.sees_withheld() {
            return None;
        }
        match self.clearance {
            Clearance::Unclear => return Some(WithheldReason::Unclear),
            Clearance::Refused => return Some(WithheldReason::Clearance("refused")),
            Clearance::Pending => return Some(WithheldReason::Clearance("pending")),
            Clearance::Cleared => {}
        }
        if let Some(embargo) = self.embargo.as_ref().filter(|embargo| now < embargo.until) {
            return Some(WithheldReason::Embargo(embargo.written.clone()));
        }
        (!audience.sees(self.level)).then_some(WithheldReason::Level(self.level))
    }
}
