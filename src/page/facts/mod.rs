//! Facts: what a page's text says that other pages may list.
//!
//! Owns how action items, decisions and meetings are read out of blocks of text. Pure functions: a fact is what the
//! page says, never what it means beside other pages; the registers of `site` compare.

mod actions;
mod dates;
mod decisions;
mod due;
#[cfg(test)]
mod fixture;
mod markers;
mod meetings;
mod people;
mod sections;
mod state;
mod words;

pub use actions::Action;
pub use decisions::Decision;
pub use meetings::{Digest, Meeting, Topical};
pub use people::People;

/// How far an action is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    Open,
    Doing,
    Done,
    Dropped,
}
