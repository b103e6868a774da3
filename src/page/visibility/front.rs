//! Front matter as far as an audience may see it.
//!
//! Owns the order in which it is read: what it says of visibility, what it hands down, then single fields. What is left
//! is read by the definition of the page's kind.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::fields::{Reading, wrong_key};
use super::{Clearance, Statement, near, statement};
use crate::config::Visibility;
use crate::diagnostic::Diagnostic;
use crate::fields::yaml::Map;
use crate::fields::{Field, Places, Value, describe, text_of};
use crate::kinds::{Kinds, Moment};
use crate::page::{is_near_section, section_rank};
use crate::path::FilePath;
use crate::rules::{VISIBILITY_STRAY, VISIBILITY_UNKNOWN};
use crate::source::Span;
use crate::visibility::Withheld;

/// The keys that are read here and nowhere else.
const KEYS: [&str; 3] = ["visibility", "clearance", "publish_after"];

/// Fields that hold something back themselves, or decide what is: without them more would be shown.
const DECIDING: [&str; 4] = ["draft", "kind", "participants", "rules"];

/// The field of an advisory that nobody may read yet.
const EMBARGO: &str = "embargo_until";

/// What front matter is read with.
#[derive(Debug, Clone, Copy)]
pub struct With<'a> {
    pub file: &'a FilePath,
    pub settings: &'a Visibility,
    pub kinds: &'a Kinds,
    /// Keys that the handbook lets through.
    pub let_through: &'a [String],
}

/// What is left of front matter.
#[derive(Debug, Default)]
pub struct Cleared {
    pub map: Map,
    /// Paths of fields that were taken out.
    pub out: BTreeSet<String>,
    /// Who may see the page.
    pub own: Statement,
    /// What a section's page hands down to what is beneath: who may see it, and other fields.
    pub beneath: Statement,
    pub cascade: Map,
    pub withheld: Vec<Withheld>,
    /// Where a level is named first that not everybody sees.
    pub named: Option<Span>,
}

/// Reads what front matter says of visibility, and takes out what the audience may not see.
pub fn clear(mut map: Map, with: With<'_>, diagnostics: &mut Vec<Diagnostic>) -> Cleared {
    let own = with.state(&mut map, diagnostics);
    let mut cascade = with.take_cascade(&mut map, diagnostics);
    let beneath = with.state(&mut cascade, diagnostics);
    diagnostics.extend(with.handed_by_nobody((&own, &map), (&beneath, &cascade)));
    for fields in [&mut map.fields, &mut cascade.fields] {
        fields.retain(|field| {
            let problem = with.misplaced(field);
            let stays = problem.is_none();
            diagnostics.extend(problem);
            stays
        });
    }
    let mut reading = Reading::new(with.file, with.settings, diagnostics);
    for (statement, map) in [(&own, &map), (&beneath, &cascade)] {
        let place = crate::fields::place(&map.places, "visibility").unwrap_or(0..0);
        statement
            .level
            .into_iter()
            .for_each(|level| reading.name(level, Span::new(with.file, place.clone())));
    }
    let (map, out) = reading.clear(map);
    let (cascade, _) = reading.clear(cascade);
    Cleared { map, out, own, beneath, cascade, withheld: reading.withheld, named: reading.named }
}

impl With<'_> {
    /// Takes out what fields say of visibility, and the keys that only look so.
    fn state(&self, map: &mut Map, diagnostics: &mut Vec<Diagnostic>) -> Statement {
        let mut statement = statement::read(&map.fields, self.file, &self.settings.levels, diagnostics);
        map.fields.retain(|field| {
            if let Some(problem) = self.uncertain(field) {
                diagnostics.push(problem);
                statement.clearance = Some(Clearance::Unclear);
                return false;
            }
            let meant = self.meant(field);
            let span = || Span::new(self.file, field.at.clone());
            diagnostics.extend(meant.map(|meant| wrong_key(span(), &field.key, meant)));
            meant.is_none() && !KEYS.contains(&field.key.as_str())
        });
        statement
    }

    /// The key that was meant with one that looks as if it should hide something, but hides nothing.
    fn meant(&self, field: &Field) -> Option<&'static str> {
        let (key, levels) = (&field.key, &self.settings.levels);
        let in_use = self.settings.default.is_some();
        let other = || {
            let named = near::is_level(&field.value, levels).then_some("visibility");
            near::other_word(key, levels).or(near::switched_off(field)).or(named)
        };
        let lost = || near::lost_draft(field).or_else(|| in_use.then(other).flatten());
        let meant = near::misspelt(key).or_else(lost)?;
        let read_here = KEYS.contains(&key.as_str());
        let passes = read_here || self.knows(key) || self.let_through.iter().any(|name| name == key);
        (!passes).then_some(meant)
    }

    /// The problem of `draft: ture`, or of an embargo that cannot be read: such a page is kept back.
    fn uncertain(&self, field: &Field) -> Option<Diagnostic> {
        let text = text_of(&field.value).unwrap_or_default();
        let (expected, help) = match field.key.as_str() {
            near::DRAFT if text != "true" && !near::is_finished(&field.value) => {
                ("`true` or `false`", "write `draft: true` to leave the page out, or take the line away")
            }
            EMBARGO if self.knows(EMBARGO) && Moment::parse(&text).is_none() => {
                ("a time with its offset", "write it as `2026-11-21T15:00:00+01:00`")
            }
            _ => return None,
        };
        // One that may itself be hidden is reported as that.
        if near::says_level(&field.value) {
            return None;
        }
        let message = format!("`{}` must be {expected}, not {}", field.key, describe(&field.value));
        let problem = Diagnostic::new(&VISIBILITY_UNKNOWN, Span::new(self.file, field.at.clone()), message);
        Some(problem.help(help))
    }

    fn knows(&self, key: &str) -> bool {
        self.kinds.all().any(|kind| kind.field(&self.kinds.common, key).is_some())
    }

    /// The problem of a field that says of itself who may see it, and whose absence hides nothing, or shows more.
    fn misplaced(&self, field: &Field) -> Option<Diagnostic> {
        let key = &field.key;
        let decides = DECIDING.contains(&key.as_str());
        if !near::says_level(&field.value) || !decides && self.knows(key) {
            return None;
        }
        let (message, help) = match decides {
            true => (
                format!("`{key}` cannot be hidden: without it the page shows more"),
                "leave its `visibility` out",
            ),
            false => (
                format!("there is no field `{key}`, so what it says of visibility hides nothing"),
                "to hide the page, write `visibility` at the beginning of a line of the front matter",
            ),
        };
        Some(Diagnostic::new(&VISIBILITY_STRAY, Span::new(self.file, field.at.clone()), message).help(help))
    }

    /// The fields that front matter hands down, with their places.
    fn take_cascade(&self, map: &mut Map, diagnostics: &mut Vec<Diagnostic>) -> Map {
        let at = map.fields.iter().position(|field| field.key == "cascade");
        let Some(Field { value, at, .. }) = at.map(|at| map.fields.remove(at)) else { return Map::default() };
        let Value::Map(fields) = value else {
            let message =
                format!("`cascade` must be a map of fields, not {}: it hands nothing down", describe(&value));
            let problem = Diagnostic::new(&VISIBILITY_STRAY, Span::new(self.file, at), message);
            diagnostics.push(problem.help("write `cascade:`, and beneath it `  visibility: LEVEL`"));
            return Map::default();
        };
        let beneath = |(path, place): (&String, &Range<usize>)| {
            Some((path.strip_prefix("cascade.")?.to_owned(), place.clone()))
        };
        let places: Places = map.places.iter().filter_map(beneath).collect();
        Map { fields, places: Arc::new(places) }
    }

    /// The problem of a page that says for a folder who may see what is in it, and stands for none.
    fn handed_by_nobody(&self, own: (&Statement, &Map), beneath: (&Statement, &Map)) -> Option<Diagnostic> {
        let says = |(statement, _): &(&Statement, &Map)| **statement != Statement::default();
        let for_folder = Some(beneath).filter(|_| !is_section(self.file));
        let named_so = Some(own).filter(|_| is_near_section(self.file));
        let (_, map) = for_folder.filter(says).or(named_so.filter(says))?;
        let place = KEYS.iter().find_map(|key| crate::fields::place(&map.places, key));
        let span = Span::new(self.file, place.unwrap_or(0..0));
        let message = "this file stands for no folder, so it hides nothing of what is in it";
        Some(Diagnostic::new(&VISIBILITY_STRAY, span, message).help("write it in the folder's `_index.md`"))
    }
}

fn is_section(file: &FilePath) -> bool {
    file.is_markdown() && section_rank(file).is_some()
}
