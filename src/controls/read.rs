//! Reads a framework from a TOML file.
//!
//! Owns the keys of `data/controls/*.toml`. Each problem is reported at its key. A file without the required keys gives
//! no framework.

use std::collections::BTreeMap;

use super::{Area, Control, Framework};
use crate::diagnostic::Diagnostic;
use crate::fields::{self, FieldEntry, FieldReader, FieldRules, Value};
use crate::path::{self, FilePath};
use crate::rules::CONTROL_FRAMEWORK;
use crate::source::{Source, Span};

const REPORTS: FieldRules = FieldRules { unknown: &CONTROL_FRAMEWORK, wrong: &CONTROL_FRAMEWORK };

/// Reads one file. `None` where it has no id, edition or title, or no control; the cause is reported.
pub fn read(source: &Source, diagnostics: &mut Vec<Diagnostic>) -> Option<Framework> {
    let before = diagnostics.len();
    let fields = fields::toml::read(source, &CONTROL_FRAMEWORK, diagnostics);
    let mut top = FieldReader::new(&source.path, REPORTS, fields, diagnostics);
    let name = "lower-case letters, digits, `-` and `.`";
    let id = top.text_where(&["id"], name, is_name);
    let edition = top.text_where(&["edition"], name, is_name);
    let title = top.text_where(&["title"], "a text that is not empty", is_filled);
    let publisher = top.text(&["publisher"]);
    let url = top.text_where(&["url"], "an absolute URL such as `https://www.example.org/`", is_web);
    let (areas, controls) = (tables(&mut top, "areas"), tables(&mut top, "controls"));
    top.finish(&[]);
    let areas: Vec<Area> =
        areas.into_iter().filter_map(|fields| area(&source.path, fields, diagnostics)).collect();
    let controls = read_controls(&source.path, controls, &areas, diagnostics);
    let span = Span::start_of(&source.path);
    if let (Some(id), Some(edition), Some(title), false) = (id, edition, title, controls.is_empty()) {
        return Some(Framework { id, edition, title, publisher, url, areas, controls, span });
    }
    // A wrong value was reported at its key; only missing keys remain.
    if diagnostics.len() == before {
        let message = "a framework needs `id`, `edition`, `title` and at least one `[[controls]]`";
        diagnostics.push(Diagnostic::new(&CONTROL_FRAMEWORK, span, message));
    }
    None
}

fn is_filled(text: &str) -> bool {
    !text.trim().is_empty()
}

fn is_web(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://")) && !text.contains(char::is_whitespace)
}

/// Whether a text can be the id or edition of a framework, which are used in references and URLs.
fn is_name(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.';
    text.bytes().all(plain) && path::segment(text) == text && !text.is_empty()
}

/// Whether a text can be the id of a control, which is used in references and, in lower case, in URLs.
fn is_id(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
    text.bytes().all(plain) && path::segment(text) == text.to_ascii_lowercase() && !text.is_empty()
}

/// Takes the tables of `[[areas]]` or `[[controls]]`.
fn tables(reader: &mut FieldReader<'_>, name: &'static str) -> Vec<Vec<FieldEntry>> {
    let Some(mut field) = reader.take(&[name]) else { return Vec::new() };
    let Value::List(items) = std::mem::replace(&mut field.value, Value::Null) else {
        reader.report(&field, format!("`{name}` must be a list of tables, `[[{name}]]`"), None);
        return Vec::new();
    };
    let mut tables = Vec::new();
    for item in items {
        match item {
            Value::Map(fields) => tables.push(fields),
            _ => reader.report(&field, format!("`{name}` must hold tables only, `[[{name}]]`"), None),
        }
    }
    tables
}

fn area(file: &FilePath, fields: Vec<FieldEntry>, diagnostics: &mut Vec<Diagnostic>) -> Option<Area> {
    let (before, place) = (diagnostics.len(), place(file, &fields));
    let mut reader = FieldReader::new(file, REPORTS, fields, diagnostics);
    let id = reader.text_where(&["id"], "a text that is not empty", is_filled);
    let title = reader.text_where(&["title"], "a text that is not empty", is_filled);
    reader.finish(&[]);
    let area = id.zip(title).map(|(id, title)| Area { id, title });
    if area.is_none() && diagnostics.len() == before {
        diagnostics.push(Diagnostic::new(&CONTROL_FRAMEWORK, place, "an area needs `id` and `title`"));
    }
    area
}

fn read_controls(
    file: &FilePath,
    tables: Vec<Vec<FieldEntry>>,
    areas: &[Area],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Control> {
    let mut controls: Vec<Control> = Vec::new();
    let mut places: BTreeMap<String, Span> = BTreeMap::new();
    for fields in tables {
        let place = place(file, &fields);
        let Some(control) = control(file, fields, areas, diagnostics) else { continue };
        // Ids that differ only in case have the same URL.
        let segment = control.segment();
        if let Some(first) = places.get(&segment) {
            let message = format!("the control `{}` is listed twice", control.id);
            let problem = Diagnostic::new(&CONTROL_FRAMEWORK, place, message);
            diagnostics.push(problem.label(first.clone(), "here it is listed first"));
            continue;
        }
        places.insert(segment, place);
        controls.push(control);
    }
    controls
}

fn control(
    file: &FilePath,
    fields: Vec<FieldEntry>,
    areas: &[Area],
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Control> {
    let (before, place) = (diagnostics.len(), place(file, &fields));
    let mut reader = FieldReader::new(file, REPORTS, fields, diagnostics);
    let id = reader.text_where(&["id"], "letters, digits, `-`, `.` and `_`", is_id);
    let title = reader.text_where(&["title"], "a text that is not empty", is_filled);
    let known = |text: &str| areas.iter().any(|area| area.id == text);
    let named = reader.text_where(&["area"], "the id of an `[[areas]]`", known);
    reader.finish(&[]);
    let Some((id, title)) = id.zip(title) else {
        if diagnostics.len() == before {
            diagnostics.push(Diagnostic::new(&CONTROL_FRAMEWORK, place, "a control needs `id` and `title`"));
        }
        return None;
    };
    let area = match named {
        Some(named) => areas.iter().position(|area| area.id == named),
        None => area_of(&id, areas),
    };
    Some(Control { id, title, area })
}

/// The index of the area whose id begins the id of the control: `SIM` for `SIM-03`, `A.5` for `A.5.26`.
fn area_of(id: &str, areas: &[Area]) -> Option<usize> {
    let begins = |area: &Area| {
        id.strip_prefix(&area.id).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
    };
    // The longest id is the most specific one: `A.1`, not `A`, for `A.1.2`.
    let found = areas.iter().enumerate().filter(|(_, area)| begins(area));
    found.max_by_key(|(_, area)| area.id.len()).map(|(at, _)| at)
}

/// The span of a table: its first key.
fn place(file: &FilePath, fields: &[FieldEntry]) -> Span {
    Span::new(file, fields.first().map_or(0..0, |field| field.at.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> (Option<Framework>, Vec<String>) {
        let source = Source::new(FilePath::new("data/controls/house.toml").unwrap(), text);
        let mut diagnostics = Vec::new();
        let framework = read(&source, &mut diagnostics);
        let line = |d: &Diagnostic| {
            assert_eq!(d.rule.name, "control.framework");
            let at = crate::source::position(text, d.span.start as usize);
            let help = d.help.as_deref().map_or(String::new(), |help| format!(" ({help})"));
            format!("{}:{} {}{help}", at.line, at.column, d.message)
        };
        (framework, diagnostics.iter().map(line).collect())
    }

    const HEAD: &str = "id = \"house\"\nedition = \"1\"\ntitle = \"House rules\"\n";

    #[test]
    fn areas_are_found_by_the_ids_of_controls_or_named() {
        let text = format!(
            "{HEAD}publisher = \"We\"\nurl = \"https://house.example/\"\n\
             areas = [{{ id = \"A\", title = \"All\" }}, {{ id = \"A.1\", title = \"One\" }}]\n\
             [[controls]]\nid = \"A.1.2\"\ntitle = \"x\"\n[[controls]]\nid = \"A.10\"\ntitle = \"y\"\n\
             [[controls]]\nid = \"Z\"\ntitle = \"z\"\narea = \"A\"\n[[controls]]\nid = \"B-1\"\ntitle = \"b\"\n"
        );
        let (framework, problems) = problems(&text);
        assert_eq!(problems, Vec::<String>::new());
        let areas: Vec<_> = framework.unwrap().controls.iter().map(|c| c.area).collect();
        assert_eq!(areas, [Some(1), Some(0), Some(0), None]);
    }

    #[test]
    fn each_wrong_key_is_reported_at_its_place() {
        let text = "id = \"House\"\nedition = 1\ntitel = \"x\"\n[[controls]]\nid = \"A 1\"\ntitle = \"x\"\n\
                    [[controls]]\ntitle = \"y\"\n[[controls]]\nid = \"B\"\ntitle = \"z\"\narea = \"Q\"\ntext = \"\"\n";
        let (framework, problems) = problems(text);
        assert_eq!(framework, None);
        let expected = [
            "1:1 `id` must be lower-case letters, digits, `-` and `.`, not `House`",
            "3:1 unknown key `titel` (did you mean `title`?)",
            "5:1 `id` must be letters, digits, `-`, `.` and `_`, not `A 1`",
            "8:1 a control needs `id` and `title`",
            "12:1 `area` must be the id of an `[[areas]]`, not `Q`",
            "13:1 unknown key `text`",
        ];
        assert_eq!(problems, expected);
    }

    #[test]
    fn what_is_missing_and_what_is_twice_is_reported() {
        assert_eq!(
            problems(HEAD).1,
            ["1:1 a framework needs `id`, `edition`, `title` and at least one `[[controls]]`"]
        );
        let twice = format!(
            "{HEAD}[[controls]]\nid = \"A\"\ntitle = \"x\"\n[[controls]]\nid = \"a\"\ntitle = \"y\"\n"
        );
        assert_eq!(problems(&twice).1, ["8:1 the control `a` is listed twice"]);
        let (framework, wrong) = problems(&format!("{HEAD}controls = [1]\n"));
        assert_eq!((framework, wrong.len()), (None, 1));
        assert!(problems("id = \n").1[0].starts_with("1:"));
    }
}
