//! Who may see what: one table of levels for all paths of a handbook.
//!
//! Owns what a text can say of it ([`Statement`]) and what holds for a path all in all ([`Standing`]). `front` reads the
//! front matter of one text: `closed` says which keys it may have, `statement` what is said in which words, `fields` what
//! becomes of single fields. `table` gives every path its standing. Must not know what becomes of what is withheld: the
//! pipeline drops it.

mod closed;
mod fields;
mod front;
mod statement;
mod table;

use jiff::Timestamp;

use crate::visibility::{Audience, Level, Why};

pub use front::Front;
pub use statement::EMBARGO;
pub use table::{Paths, Section, Table};

/// What front matter says of who may see something. What it does not say is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Statement {
    pub level: Option<Level>,
    pub clearance: Option<Clearance>,
    pub embargo: Option<Embargo>,
}

/// Whether something may be published. The order is that of strictness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Clearance {
    /// Cleared, or nobody needs to clear it.
    #[default]
    Given,
    Pending,
    Refused,
    /// It cannot be read what is written.
    Unclear,
}

/// Before which time something is not published. The latest is the strictest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Embargo {
    pub until: Timestamp,
    pub written: String,
}

/// Who may see a path, all in all.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Standing {
    pub level: Level,
    pub clearance: Clearance,
    pub embargo: Option<Embargo>,
}

impl Standing {
    /// That of something of which it cannot be read who may see it.
    pub fn unclear() -> Standing {
        Standing { clearance: Clearance::Unclear, ..Standing::default() }
    }

    /// Of each of two standings the stricter part.
    fn strictest(self, other: Standing) -> Standing {
        Standing {
            level: self.level.max(other.level),
            clearance: self.clearance.max(other.clearance),
            embargo: self.embargo.max(other.embargo),
        }
    }

    /// Why an audience does not see it, if it does not.
    pub fn hidden(&self, audience: Audience, now: Timestamp) -> Option<Why> {
        match self.clearance {
            Clearance::Unclear => return Some(Why::Unclear),
            Clearance::Refused => return Some(Why::Clearance("refused")),
            Clearance::Pending => return Some(Why::Clearance("pending")),
            Clearance::Given => {}
        }
        if let Some(embargo) = self.embargo.as_ref().filter(|embargo| now < embargo.until) {
            return Some(Why::Embargo(embargo.written.clone()));
        }
        (!audience.sees(self.level)).then_some(Why::Level(self.level))
    }
}
