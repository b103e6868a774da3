//! Who may see a page or a file, as front matter and folders say.
//!
//! Owns what is inherited and what the strictest of several statements is. How a statement is written is in
//! `statement`, single fields are in `fields`. Must not know what becomes of what is withheld: the pipeline drops it.

mod fields;
mod front;
mod guard;
mod near;
mod statement;

use jiff::Timestamp;

use crate::config::Visibility;
use crate::path::FilePath;
use crate::visibility::{Audience, Level, Why};

use super::Cascade;

pub use front::{Cleared, With, clear};
pub use guard::Guard;
pub use near::stating;

/// What front matter, or a folder for all that is in it, says of who may see something. What it does not say is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Statement {
    pub level: Option<Level>,
    pub clearance: Option<Clearance>,
    pub embargo: Option<Embargo>,
}

impl Statement {
    /// Of each of two statements the stricter part.
    pub fn strictest(self, other: Statement) -> Statement {
        Statement {
            level: self.level.max(other.level),
            clearance: self.clearance.max(other.clearance),
            embargo: self.embargo.max(other.embargo),
        }
    }
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

/// Who may see a page, all in all.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Standing {
    pub level: Level,
    pub clearance: Clearance,
    pub embargo: Option<Embargo>,
}

/// Whether front matter that cannot be read may have hidden something.
pub fn is_guarded(front: &str, settings: &Visibility) -> bool {
    settings.default.is_some() || {
        let front = front.to_ascii_lowercase();
        ["isib", "learance", "ublish"].iter().any(|word| front.contains(word))
    }
}

impl Standing {
    /// Of something that nobody should see: it cannot be read who may.
    pub fn unclear(settings: &Visibility) -> Standing {
        Standing { level: settings.levels.highest(), clearance: Clearance::Unclear, embargo: None }
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

/// Who may see a page that says `own` itself and lies beneath `sections`, the nearest first.
pub fn of_page(file: &FilePath, own: &Statement, sections: &[&Cascade], settings: &Visibility) -> Standing {
    let level = own.level.unwrap_or_else(|| {
        let handed = handed(sections, |statement| statement.level);
        handed.stated.unwrap_or(settings.default_level()).max(handed.floor.unwrap_or_default())
    });
    standing(level.max(settings.paths.level(file).unwrap_or_default()), own, sections)
}

/// Who may see a file that is no page: it goes with the pages that show it, unless a pattern or a folder says more. A
/// pattern takes nothing back of what a folder says: it may well fit more than its author had in mind.
pub fn of_file(file: &FilePath, own: &Statement, sections: &[&Cascade], settings: &Visibility) -> Standing {
    let level = own.level.or_else(|| {
        let handed = handed(sections, |statement| statement.level);
        handed.stated.max(handed.floor)
    });
    standing(level.max(settings.paths.level(file)).unwrap_or_default(), own, sections)
}

fn standing(level: Level, own: &Statement, sections: &[&Cascade]) -> Standing {
    let strictest = |handed: Handed<Clearance>| handed.stated.max(handed.floor).unwrap_or_default();
    let clearance = own.clearance.unwrap_or_else(|| strictest(handed(sections, |says| says.clearance)));
    let embargo = own.embargo.clone().or_else(|| {
        let handed = handed(sections, |says| says.embargo.clone());
        handed.stated.max(handed.floor)
    });
    Standing { level, clearance, embargo }
}

/// What folders hand down.
struct Handed<T> {
    /// By the nearest `cascade`.
    stated: Option<T>,
    /// The strictest of what the sections' own pages say of themselves, as far up as that `cascade`: who may not see
    /// a section may not see what is in it.
    floor: Option<T>,
}

fn handed<T: Ord>(sections: &[&Cascade], says: impl Fn(&Statement) -> Option<T>) -> Handed<T> {
    let mut floor = None;
    for section in sections {
        if let Some(stated) = says(&section.beneath) {
            return Handed { stated: Some(stated), floor };
        }
        floor = floor.max(says(&section.own));
    }
    Handed { stated: None, floor }
}
