//! Front matter as far as an audience may see it.
//!
//! Owns the order in which it is read: what it says of visibility, what it hands down, then single fields. What is left
//! is read by the definition of the page's kind.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::fields::{Reading, wrong_key};
use super::{Statement, near, statement};
use crate::config::Visibility;
use crate::diagnostic::Diagnostic;
use crate::fields::yaml::Map;
use crate::fields::{Field, Places, Value};
use crate::kinds::Kinds;
use crate::path::FilePath;
use crate::source::Span;
use crate::visibility::Withheld;

/// The keys that are read here and nowhere else.
const KEYS: [&str; 3] = ["visibility", "clearance", "publish_after"];

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
    let mut cascade = take_cascade(&mut map);
    let beneath = with.state(&mut cascade, diagnostics);
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
        let statement = statement::read(&map.fields, self.file, &self.settings.levels, diagnostics);
        map.fields.retain(|field| {
            let meant = self.meant(&field.key);
            let span = || Span::new(self.file, field.at.clone());
            diagnostics.extend(meant.map(|meant| wrong_key(span(), &field.key, meant)));
            meant.is_none() && !KEYS.contains(&field.key.as_str())
        });
        statement
    }

    /// The key that was meant with one that looks as if it should hide something, but hides nothing.
    fn meant(&self, key: &str) -> Option<&'static str> {
        let in_use = self.settings.default.is_some();
        let other = || near::other_word(key, &self.settings.levels);
        let meant = near::misspelt(key).or_else(|| in_use.then(other).flatten())?;
        let known = self.kinds.all().any(|kind| kind.field(&self.kinds.common, key).is_some());
        (!known && !self.let_through.iter().any(|name| name == key)).then_some(meant)
    }
}

/// The fields that front matter hands down, with their places.
fn take_cascade(map: &mut Map) -> Map {
    let at = map.fields.iter().position(|field| field.key == "cascade");
    let Some(Field { value: Value::Map(fields), .. }) = at.map(|at| map.fields.remove(at)) else {
        return Map::default();
    };
    let beneath = |(path, place): (&String, &Range<usize>)| {
        Some((path.strip_prefix("cascade.")?.to_owned(), place.clone()))
    };
    let places: Places = map.places.iter().filter_map(beneath).collect();
    Map { fields, places: Arc::new(places) }
}
