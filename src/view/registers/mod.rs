//! Pages of registers: what all pages together say, under `registers/`.
//!
//! Owns [`RegisterView`], which one template shows for all of them, and [`REGISTERS`], the table of registers, one
//! file each. A register's pages exist only where there is something to show. What is true is found out by
//! `site::registers`; here it is only put into words and tables.

mod actions;
mod advisories;
mod alerts;
mod build;
mod controls;
mod decisions;
mod incidents;
mod kinds;
mod meetings;
mod overview;
mod reviews;

use serde::Serialize;

use super::nav::Here;
use super::{LinkView, State};
use crate::config::Register as Name;
use crate::memo::Digest;
use crate::path::{UrlPath, segment};
use crate::site::Site;

pub(super) use controls::control;
pub(super) use overview::overview;
pub(super) use reviews::words as review_words;

/// What the page of a register shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
pub struct RegisterView {
    /// What the page is, in a word: `Layer`; empty for a register.
    pub label: String,
    /// One or two sentences: what this is.
    pub lead: String,
    /// Figures that say how things stand.
    pub stats: Vec<StatView>,
    pub groups: Vec<GroupView>,
    /// The same as data.
    pub downloads: Vec<LinkView>,
}

/// One figure.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct StatView {
    pub value: String,
    pub label: String,
    pub state: Option<State>,
}

/// One table with its heading.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
pub struct GroupView {
    /// Of the heading; empty where the page has only this one.
    pub id: String,
    pub title: String,
    pub note: String,
    /// A text to be copied, before the table.
    pub code: String,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<CellView>>,
    /// How many rows there are, shown or not.
    pub count: usize,
    /// How many of them are left out.
    pub more: usize,
}

/// One cell of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
pub struct CellView {
    pub text: String,
    pub url: Option<String>,
    /// The language of the text, where it is not that of the frame.
    pub lang: Option<String>,
    pub state: Option<State>,
    /// Beneath the text, smaller.
    pub note: String,
    /// What the text is short for: the path of a file.
    pub whole: String,
    /// Whether the text is a date, which stays on one line.
    pub date: bool,
    /// Whether the text is a name that machines know, which breaks between its words only.
    pub name: bool,
    /// What the cell is sorted by, where that is not its text: a length of time in seconds.
    pub sort: Option<i64>,
    /// Further links, one below the other.
    pub more: Vec<LinkView>,
}

/// One page of a register.
#[derive(Debug, Clone)]
pub(super) struct Sheet {
    /// Which register it is of.
    register: usize,
    pub url: UrlPath,
    pub title: String,
    /// What of the register it shows, as the register names it.
    pub topic: String,
    /// The pages between the overview and this one.
    pub above: Vec<(String, UrlPath)>,
    /// What the overview says of it; it lists only pages with an entry.
    pub entry: Option<Entry>,
}

/// A line of the overview.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Entry {
    /// The overview's heading for it.
    pub heading: String,
    /// One sentence.
    pub note: String,
    /// `12 open`.
    pub count: String,
    pub state: Option<State>,
}

/// A register: which pages it has, and what each shows.
struct Register {
    sheets: fn(&Site) -> Vec<Sheet>,
    /// The digest of what its pages show beyond titles, places and fields of pages.
    digest: fn(&Site) -> Digest,
    show: fn(&Here<'_>, &Sheet) -> RegisterView,
}

/// Every register, in the order of the overview, with its name where settings may switch it off.
static REGISTERS: &[(Option<Name>, Register)] = &[
    (Some(Name::Actions), actions::REGISTER),
    (Some(Name::Decisions), decisions::REGISTER),
    (Some(Name::Meetings), meetings::REGISTER),
    (Some(Name::Incidents), incidents::REGISTER),
    (Some(Name::Advisories), advisories::REGISTER),
    (Some(Name::Reviews), reviews::REGISTER),
    (Some(Name::Alerts), alerts::REGISTER),
    (Some(Name::Controls), controls::REGISTER),
    (None, kinds::KINDS),
    (None, kinds::LAYERS),
    (None, kinds::PILLARS),
];

/// Where the overview stands.
pub(super) const ROOT: &str = "registers/";

impl Sheet {
    /// A page at a path beneath `registers/`.
    fn new(path: &str, title: &str) -> Sheet {
        Sheet {
            register: 0,
            url: UrlPath::new(format!("{ROOT}{path}")),
            title: title.to_owned(),
            topic: String::new(),
            above: Vec::new(),
            entry: None,
        }
    }

    fn topic(self, topic: &str) -> Sheet {
        Sheet { topic: topic.to_owned(), ..self }
    }

    fn above(self, sheet: &Sheet) -> Sheet {
        let mut above = sheet.above.clone();
        above.push((sheet.title.clone(), sheet.url.clone()));
        Sheet { above, ..self }
    }

    /// How good what the overview says is.
    fn state(mut self, state: State) -> Sheet {
        if let Some(entry) = &mut self.entry {
            entry.state = Some(state);
        }
        self
    }

    fn entry(self, heading: &str, count: impl Into<String>, note: impl Into<String>) -> Sheet {
        let entry =
            Entry { heading: heading.to_owned(), note: note.into(), count: count.into(), state: None };
        Sheet { entry: Some(entry), ..self }
    }
}

/// The pages of all registers.
pub(super) fn sheets(site: &Site) -> Vec<Sheet> {
    let wanted = |name: &Option<Name>| name.is_none_or(|name| site.config.has(name));
    let numbered = |(register, (_, entry)): (usize, &(_, Register))| {
        let sheets = (entry.sheets)(site);
        sheets.into_iter().map(move |sheet| Sheet { register, ..sheet })
    };
    REGISTERS.iter().enumerate().filter(|(_, (name, _))| wanted(name)).flat_map(numbered).collect()
}

/// For each register the digest of what its pages show.
pub(super) fn digests(site: &Site) -> Vec<Digest> {
    REGISTERS.iter().map(|(_, register)| (register.digest)(site)).collect()
}

/// The digest of what one page shows, of those of all registers.
pub(super) fn digest(sheet: &Sheet, digests: &[Digest]) -> Digest {
    digests[sheet.register]
}

/// What the page of a register shows.
pub(super) fn show(here: &Here<'_>, sheet: &Sheet) -> RegisterView {
    (REGISTERS[sheet.register].1.show)(here, sheet)
}

/// The page of all pages of a kind; a plain page has none.
pub(super) fn kind(name: &str) -> Option<UrlPath> {
    (name != "page").then(|| UrlPath::new(format!("{ROOT}kinds/{name}/")))
}

/// The page of all pages with a value of a field, where there is one.
pub(super) fn topic(field: &str, value: &str) -> Option<UrlPath> {
    let folder = match field {
        "layer" => "layers",
        "pillar" => "pillars",
        _ => return None,
    };
    let name = segment(value);
    (!name.is_empty()).then(|| UrlPath::new(format!("{ROOT}{folder}/{name}/")))
}

/// How good it is that a page is in a status.
pub(super) fn status(status: &str) -> Option<State> {
    match status {
        "stable" => Some(State::Good),
        "draft" | "review" => Some(State::Warn),
        "deprecated" | "archived" => Some(State::Quiet),
        _ => None,
    }
}
