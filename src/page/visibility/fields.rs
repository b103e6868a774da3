//! Single fields with a level of their own: `customers: {value: 1200, visibility: internal}`.
//!
//! This module owns the removal of withheld fields from front matter, and the new paths of the remaining spans. An
//! entry of a list with its own `visibility` is withheld as a whole.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::VisibleFrontMatter;
use super::statement::level;
use crate::config::Visibility;
use crate::diagnostic::Diagnostic;
use crate::fields::yaml::Map;
use crate::fields::{FieldEntry, Value, YamlSpans, place};
use crate::markdown::{ClosedWorld, without_comments};
use crate::path::FilePath;
use crate::rules::VISIBILITY_STRAY;
use crate::source::Span;
use crate::visibility::{Level, Withheld, WithheldPart, WithheldReason};

/// Removes the fields that the audience may not see, and notes in `front` what it finds.
pub(super) struct FieldRedaction<'a> {
    pub file: &'a FilePath,
    pub settings: &'a Visibility,
    pub front: &'a mut VisibleFrontMatter,
    /// Paths of withheld values, as they were written.
    pub out: BTreeSet<String>,
    pub places: Arc<YamlSpans>,
}

impl FieldRedaction<'_> {
    /// The remaining fields, and the paths of the withheld ones.
    pub fn clear(&mut self, map: Map) -> (Map, BTreeSet<String>) {
        self.places = Arc::clone(&map.places);
        let fields = map.fields.into_iter().filter_map(|field| self.field(field, "")).collect();
        let out = std::mem::take(&mut self.out);
        let places = if out.is_empty() { map.places } else { Arc::new(moved(&map.places, &out)) };
        (Map { fields, places }, out)
    }

    /// Records that a level is named.
    pub fn name(&mut self, level: Level, at: Span) {
        if level > self.settings.levels.lowest() {
            self.front.level_named_at.get_or_insert(at);
        }
    }

    fn field(&mut self, field: FieldEntry, above: &str) -> Option<FieldEntry> {
        let path = if above.is_empty() { field.key.clone() } else { format!("{above}.{}", field.key) };
        let is_full = |value: &Value| match value {
            Value::List(items) => !items.is_empty(),
            Value::Map(fields) => !fields.is_empty(),
            _ => false,
        };
        let full = is_full(&field.value);
        let value = self.value(field.value, &path)?;
        // Where every entry of a list or map was withheld, the key is removed as well: it would show that there is
        // something.
        let emptied = full && matches!(value, Value::List(_) | Value::Map(_)) && !is_full(&value);
        (!emptied).then_some(FieldEntry { value, ..field })
    }

    fn value(&mut self, value: Value, path: &str) -> Option<Value> {
        match value {
            Value::Map(fields) => self.map(fields, path),
            Value::List(items) => {
                let numbered = items.into_iter().enumerate();
                let kept = numbered.filter_map(|(at, item)| self.value(item, &format!("{path}[{at}]")));
                Some(Value::List(kept.collect()))
            }
            Value::Text(text) => {
                let text = without_comments(text, self.file);
                self.check_text(&text, path);
                Some(Value::Text(text))
            }
            value => Some(value),
        }
    }

    fn map(&mut self, mut fields: Vec<FieldEntry>, path: &str) -> Option<Value> {
        let Some(at) = fields.iter().position(|field| field.key == "visibility") else {
            return Some(self.inside(fields, path));
        };
        let span = self.span(&format!("{path}.visibility"));
        let level =
            level(&fields.remove(at), span.clone(), &self.settings.levels, &mut self.front.diagnostics);
        if fields.is_empty() {
            let message = "a level mark needs a value on its line";
            let help = "to hide the page, write `visibility` at the beginning of a line of the front matter";
            self.front.diagnostics.push(Diagnostic::new(&VISIBILITY_STRAY, span.clone(), message).help(help));
        }
        // An unknown level hides the value: the author wanted to restrict it.
        let Some(level) = level else { return self.hide(path, WithheldReason::Unclear) };
        self.name(level, span);
        if !self.settings.audience.sees(level) {
            return self.hide(path, WithheldReason::Level(level));
        }
        match fields.as_slice() {
            [only] if only.key == "value" => self.value(fields.remove(0).value, path),
            _ => Some(self.inside(fields, path)),
        }
    }

    fn inside(&mut self, fields: Vec<FieldEntry>, path: &str) -> Value {
        Value::Map(fields.into_iter().filter_map(|field| self.field(field, path)).collect())
    }

    fn hide(&mut self, path: &str, why: WithheldReason) -> Option<Value> {
        let span = self.span(path);
        self.front.withheld.push(Withheld { span, what: WithheldPart::Field, why });
        self.out.insert(path.to_owned());
        None
    }

    /// Reports a mark for visibility in a value: front matter is not Markdown, so it would hide nothing and appear
    /// as text.
    fn check_text(&mut self, text: &str, path: &str) {
        let settings = self.settings;
        let world = ClosedWorld {
            levels: &settings.levels,
            audience: settings.audience,
            used: settings.is_in_use(),
            classes: &[],
        };
        if world.is_marked(text) {
            let message = "level marks have no effect in this part of front matter";
            let help = "write the field as `{value: …, visibility: LEVEL}`, or leave the words out";
            self.front
                .diagnostics
                .push(Diagnostic::new(&VISIBILITY_STRAY, self.span(path), message).help(help));
        }
    }

    fn span(&self, path: &str) -> Span {
        Span::new(self.file, place(&self.places, path).unwrap_or(0..0))
    }
}

/// The spans by their paths after the withheld values were removed.
fn moved(places: &YamlSpans, out: &BTreeSet<String>) -> YamlSpans {
    places.iter().filter_map(|(path, place)| Some((renamed(path, out)?, place.clone()))).collect()
}

/// Renames `actions[2].due` to `actions[1].due` where `actions[0]` is withheld; `None` for a withheld path.
fn renamed(path: &str, out: &BTreeSet<String>) -> Option<String> {
    let mut new = String::new();
    let mut at = 0;
    while at < path.len() {
        // A part begins with a dot or a bracket, the first one with a character of any length in bytes.
        let first = path[at..].chars().next().map_or(0, char::len_utf8);
        let end = path[at + first..].find(['.', '[']).map_or(path.len(), |next| at + first + next);
        if out.contains(&path[..end]) {
            return None;
        }
        let part = &path[at..end];
        match part.strip_prefix('[').and_then(|part| part.strip_suffix(']')?.parse::<usize>().ok()) {
            Some(number) => {
                let gone = |before: &usize| out.contains(&format!("{}[{before}]", &path[..at]));
                let gone = (0..number).filter(gone).count();
                new.push_str(&format!("[{}]", number - gone));
            }
            None => new.push_str(part),
        }
        at = end;
    }
    Some(new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::yaml;
    use crate::visibility::{Audience, Levels};

    fn cleared(yaml: &str, audience: &str) -> (String, Vec<String>, Vec<String>) {
        let levels = Levels::default();
        let audience = Audience::from_level(levels.find(audience).unwrap());
        let default = Some(levels.lowest());
        let settings = Visibility { levels, audience, default, ..Visibility::default() };
        let (file, mut front) = (FilePath::new("content/a.md").unwrap(), VisibleFrontMatter::default());
        let (map, _) = FieldRedaction {
            file: &file,
            settings: &settings,
            front: &mut front,
            out: BTreeSet::new(),
            places: Arc::default(),
        }
        .clear(yaml::read(yaml, 0, 100).unwrap());
        let line = |at: usize| crate::source::position(yaml, at).line;
        let places = map.places.iter().map(|(path, place)| format!("{path}:{}", line(place.start))).collect();
        let found =
            front.diagnostics.iter().map(|d| format!("{}: {}", line(d.span.start as usize), d.message));
        (show(&Value::Map(map.fields)), places, found.collect())
    }

    fn show(value: &Value) -> String {
        match value {
            Value::Map(fields) => {
                let fields: Vec<String> =
                    fields.iter().map(|field| format!("{}: {}", field.key, show(&field.value))).collect();
                format!("{{{}}}", fields.join(", "))
            }
            Value::List(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(", ")),
            value => crate::fields::text_of(value).unwrap_or_else(|| "null".to_owned()),
        }
    }

    #[test]
    fn a_field_with_a_level_is_taken_out_or_is_its_value() {
        let yaml = "a: {value: 7, visibility: internal}\nb: {value: 8, visibility: public}\nc: {d: 1, visibility: partner}\n";
        assert_eq!(cleared(yaml, "public").0, "{b: 8}");
        assert_eq!(cleared(yaml, "partner").0, "{b: 8, c: {d: 1}}");
        assert_eq!(cleared(yaml, "internal").0, "{a: 7, b: 8, c: {d: 1}}");
    }

    #[test]
    fn comments_are_no_part_of_a_value() {
        let yaml = "a: b <!-- c --> d\ne: <!-- f -->\ng: [\"`<!-- h -->` <!-- i -->\"]\n";
        assert_eq!(cleared(yaml, "internal").0, "{a: b d, e: , g: [`<!-- h -->`]}");
    }

    #[test]
    fn of_a_field_that_held_nothing_else_no_key_is_left() {
        let yaml =
            "a: {b: {value: 1, visibility: internal}}\nc: [{value: 1, visibility: internal}]\nd: {}\ne: []\n";
        assert_eq!(cleared(yaml, "public").0, "{d: {}, e: []}");
    }

    #[test]
    fn entries_of_lists_go_and_the_places_of_the_rest_stay_true() {
        let yaml = "x:\n- t: a\n  visibility: internal\n- t: b\n- t: c\n  visibility: internal\n- t: d\n";
        let (left, places, _) = cleared(yaml, "public");
        assert_eq!(left, "{x: [{t: b}, {t: d}]}");
        assert!(
            places.contains(&"x[0].t:4".to_owned()) && places.contains(&"x[1].t:7".to_owned()),
            "{places:?}"
        );
        assert!(!places.iter().any(|place| place.starts_with("x[2]")), "{places:?}");
    }

    #[test]
    fn what_cannot_be_read_is_hidden_and_reported() {
        for yaml in ["a: {value: 7, visibility: Internal}\n", "a: {value: 7, visibility: 3}\n"] {
            let (left, _, problems) = cleared(yaml, "public");
            assert_eq!((left.as_str(), problems.len()), ("{}", 1), "{yaml}");
        }
        let (_, _, problems) = cleared("a: [b, {visibility: internal}]\n", "public");
        assert_eq!(problems, ["1: a level mark needs a value on its line"]);
        let (_, _, problems) = cleared("a:\n- 1\n- see [this]{.internal}\n", "public");
        assert_eq!(problems, ["3: level marks have no effect in this part of front matter"]);
        for text in ["see { .internal }", "x{internal}", "x{.intern}", "[x]{.some}", "|\n  :::internal\n  x"]
        {
            let (_, _, problems) =
                cleared(&format!("a: '{text}'\n").replace("'|", "|").replace("x'", "x"), "public");
            assert_eq!(problems.len(), 1, "{text}");
        }
        assert_eq!(cleared("a: '{x} {{ .y }} [z](internal)'\n", "public").2, Vec::<String>::new());
    }
}
