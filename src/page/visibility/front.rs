//! The front matter of one text, read once.
//!
//! This module owns the limits of front matter and the order in which it is read: unknown keys, the access that it
//! declares, the values that it hands down, then single fields. Where any of these is unclear, the text is
//! withheld, and so is everything in a folder that it stands for. It knows no other text: `table` combines what
//! folders hand down.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::closed;
use super::fields::FieldRedaction;
use super::statement::{self, DRAFT, EMBARGO, KEYS};
use super::{DeclaredAccess, VisibleFrontMatter};
use crate::bounds::{FRONT_MATTER_BYTES, FRONT_MATTER_VALUES};
use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::fields::yaml::{self, Map};
use crate::fields::{FieldEntry, Value, YamlSpans, describe, place};
use crate::markdown::front::{self, SourceParts};
use crate::memo::Digest;
use crate::page::{FrontMatterContext, is_near_section, is_page, is_section};
use crate::path::FilePath;
use crate::rules::{FRONT_MATTER_SIZE, FRONT_MATTER_SYNTAX, VISIBILITY_STRAY};
use crate::source::{Source, Span};

/// Fields that withhold something or decide what is withheld. Without them the page would show more.
const DECIDING: [&str; 5] = [DRAFT, EMBARGO, "kind", "participants", "rules"];

impl VisibleFrontMatter {
    /// Reads the front matter of a text.
    pub fn read(source: &Source, context: FrontMatterContext<'_>) -> VisibleFrontMatter {
        let file = &source.path;
        let parts = front::split(&source.text);
        let is_closed = context.config.visibility.is_in_use() && source.dialect.is_some();
        let mut front = VisibleFrontMatter::default();
        match parse(source, &parts) {
            Ok(map) => {
                if let Some(yaml) = parts.yaml.filter(|_| is_closed) {
                    front.diagnostics.extend(swallowed(source, yaml, &map));
                }
                front.take(map, file, context);
            }
            Err(problem) => {
                front.diagnostics.push(*problem);
                front.is_unclear = is_closed;
            }
        }
        if source.dialect.is_none() {
            // A file that is not Markdown, such as `_index.html`, is read only for the access that it declares for
            // its folder.
            front.diagnostics.retain(|problem| problem.rule.guards());
        }
        front.is_unclear |= front.diagnostics.iter().any(|problem| problem.rule.guards());
        front.digest = Digest::from_parts(&[file.as_str().as_bytes(), &source.text.as_bytes()[..parts.body]]);
        front
    }

    /// The problem of a text that declares access for a folder whose section page is another file.
    pub fn hands_down_in_vain(&self, file: &FilePath) -> Diagnostic {
        let message = "another page is the index of this folder, so this level does not apply to the folder";
        let problem = Diagnostic::new(&VISIBILITY_STRAY, Span::new(file, self.beneath_at.clone()), message);
        problem.help("say in the folder's `_index.md` who may see the folder, such as `visibility: public`")
    }

    /// Whether it declares anything that a folder's page hands down.
    pub fn hands_down(&self) -> bool {
        self.declares_access() || self.is_unclear || !self.cascade.fields.is_empty()
    }

    /// Whether it says who may see the text, or what is in its folder.
    pub fn declares_access(&self) -> bool {
        self.own != DeclaredAccess::default() || self.for_folder != DeclaredAccess::default()
    }

    /// Takes the declared access out of the fields, and removes the fields that the audience may not see.
    fn take(&mut self, mut map: Map, file: &FilePath, context: FrontMatterContext<'_>) {
        let settings = &context.config.visibility;
        let problems = &mut self.diagnostics;
        let cascade = take_cascade(&mut map, file, problems);
        let mut layers = [map, cascade];
        if settings.is_in_use() && Dialect::from_path(file).is_some() {
            problems.extend(closed::take_unknown(file, &mut layers, context));
        }
        problems.extend(embargo_in_vain(file, context, &layers));
        // The spans are needed after the fields were taken out of the maps.
        let written_at = layers.each_ref().map(|layer| place(&layer.places, "visibility").unwrap_or(0..0));
        self.beneath_at = KEYS.iter().find_map(|key| place(&layers[1].places, key)).unwrap_or(0..0);
        let declared = layers
            .each_mut()
            .map(|layer| statement::take(&mut layer.fields, file, &settings.levels, problems));
        problems.extend(handed_by_nobody(file, &declared, &layers));
        for layer in &mut layers {
            layer.fields.retain(|field| {
                let problem = unclear(field, file);
                let is_clear = problem.is_none();
                problems.extend(problem);
                is_clear
            });
        }
        let (out, places) = (BTreeSet::new(), Arc::default());
        let mut redacting = FieldRedaction { file, settings, front: self, out, places };
        for (declared, at) in declared.iter().zip(written_at) {
            if let Some(level) = declared.level {
                redacting.name(level, Span::new(file, at));
            }
        }
        let [(fields, withheld_paths), (cascade, _)] = layers.map(|layer| redacting.clear(layer));
        (self.fields, self.withheld_paths, self.cascade) = (fields, withheld_paths, cascade);
        [self.own, self.for_folder] = declared;
    }
}

/// The fields of a text.
///
/// # Errors
/// The problem of front matter that cannot be parsed.
fn parse(source: &Source, parts: &SourceParts) -> Result<Map, Box<Diagnostic>> {
    let Source { path: file, text, .. } = source;
    if parts.unclosed {
        let message = "the front matter is not closed";
        let problem = Diagnostic::new(&FRONT_MATTER_SYNTAX, Span::start_of(file), message);
        return Err(Box::new(problem.help("add a line `---` after the last key")));
    }
    if let Some(fence) = front::toml_fence(text) {
        let message = "only YAML is read as front matter, and this is TOML";
        let problem = Diagnostic::new(&FRONT_MATTER_SYNTAX, Span::new(file, fence), message);
        return Err(Box::new(problem.help("write it between two lines `---`, each key as `key: value`")));
    }
    let Some(range) = parts.yaml.clone() else { return Ok(Map::default()) };
    if FRONT_MATTER_BYTES.is_exceeded(range.len()) {
        let most = FRONT_MATTER_BYTES.most;
        let message = format!("the front matter has {} bytes; at most {most} are read", range.len());
        let problem = Diagnostic::new(&FRONT_MATTER_SIZE, Span::new(file, range.start..range.start), message);
        return Err(Box::new(problem.help("move long texts into the page's body")));
    }
    yaml::read(&text[range.clone()], range.start, FRONT_MATTER_VALUES.most).map_err(|problem| {
        let span = Span::new(file, problem.at..problem.at);
        Box::new(Diagnostic::new(&FRONT_MATTER_SYNTAX, span, problem.message))
    })
}

/// The problem of a field that decides what is shown, but cannot be read or has a level of its own.
fn unclear(field: &FieldEntry, file: &FilePath) -> Option<Diagnostic> {
    if !names_visibility(&field.value) {
        return statement::unclear(field, file);
    }
    if !DECIDING.contains(&field.key.as_str()) {
        return None;
    }
    let message = format!("`{}` cannot be hidden: without it the page shows more", field.key);
    let problem = Diagnostic::new(&VISIBILITY_STRAY, Span::new(file, field.at.clone()), message);
    Some(problem.help("leave its `visibility` out"))
}

/// The problem of an embargo without effect: `embargo_until` works only on the page that has it, and is neither
/// handed down nor applied to included texts.
fn embargo_in_vain(
    file: &FilePath,
    context: FrontMatterContext<'_>,
    [map, cascade]: &[Map; 2],
) -> Option<Diagnostic> {
    let of = |map: &Map| map.fields.iter().find(|field| field.key == EMBARGO).map(|field| field.at.clone());
    let is_page = is_page(file, &context.config.content);
    let at = of(cascade).or_else(|| of(map).filter(|_| !is_page))?;
    let message = format!("`{EMBARGO}` holds back only the page that says it");
    let problem = Diagnostic::new(&VISIBILITY_STRAY, Span::new(file, at), message);
    Some(problem.help("write `publish_after`, which is handed down and holds for included texts, too"))
}

/// Whether a value contains the key `visibility`.
fn names_visibility(value: &Value) -> bool {
    let mut names = false;
    each_field(value, &mut |field| names |= field.key == "visibility");
    names
}

/// Calls `see` with every field in a value.
fn each_field(value: &Value, see: &mut dyn FnMut(&FieldEntry)) {
    match value {
        Value::Map(fields) => {
            for field in fields {
                see(field);
                each_field(&field.value, see);
            }
        }
        Value::List(items) => items.iter().for_each(|item| each_field(item, see)),
        Value::Null | Value::Flag(_) | Value::Number(..) | Value::Text(_) => {}
    }
}

/// Takes out the fields that front matter hands down, with their spans.
fn take_cascade(map: &mut Map, file: &FilePath, diagnostics: &mut Vec<Diagnostic>) -> Map {
    let at = map.fields.iter().position(|field| field.key == "cascade");
    let Some(FieldEntry { value, at, .. }) = at.map(|at| map.fields.remove(at)) else {
        return Map::default();
    };
    let Value::Map(fields) = value else {
        let message =
            format!("`cascade` must be a map of fields, not {}: it hands nothing down", describe(&value));
        let problem = Diagnostic::new(&VISIBILITY_STRAY, Span::new(file, at), message);
        diagnostics.push(problem.help("write `cascade:`, and beneath it `  visibility: LEVEL`"));
        return Map::default();
    };
    let mut places = YamlSpans::new();
    for (path, place) in map.places.iter() {
        if let Some(path) = path.strip_prefix("cascade.") {
            places.insert(path.to_owned(), place.clone());
        }
    }
    Map { fields, places: Arc::new(places) }
}

/// The problem of a file that declares access for a folder but is not the page of any.
fn handed_by_nobody(
    file: &FilePath,
    [own, for_folder]: &[DeclaredAccess; 2],
    [map, cascade]: &[Map; 2],
) -> Option<Diagnostic> {
    let map = if *for_folder != DeclaredAccess::default() && !is_section(file) {
        cascade
    } else if *own != DeclaredAccess::default() && is_near_section(file) {
        map
    } else {
        return None;
    };
    let at = KEYS.iter().find_map(|key| place(&map.places, key));
    let message = "this file is not the index of a folder, so this level applies to no folder";
    let problem = Diagnostic::new(&VISIBILITY_STRAY, Span::new(file, at.unwrap_or(0..0)), message);
    Some(problem.help("write it in the folder's `_index.md`"))
}

/// The problem of a line `visibility: internal` that is not a field, because its indentation or a quotation mark
/// makes it part of the value above.
fn swallowed(source: &Source, yaml: Range<usize>, map: &Map) -> Option<Diagnostic> {
    let mut fields = BTreeSet::new();
    for field in &map.fields {
        fields.insert(field.at.start);
        each_field(&field.value, &mut |field| _ = fields.insert(field.at.start));
    }
    let mut at = yaml.start;
    for line in source.text[yaml].split_inclusive('\n') {
        let text = line.trim_start_matches([' ', '\t', '-']);
        let start = at + line.len() - text.len();
        at += line.len();
        let is_key = |key: &str| text.strip_prefix(key).is_some_and(|rest| rest.starts_with(':'));
        if !KEYS.into_iter().chain([DRAFT]).any(is_key) || fields.contains(&start) {
            continue;
        }
        let text = text.trim_end();
        let message = format!("`{text}` is part of the text above it and has no effect");
        let span = Span::new(&source.path, start..start + text.len());
        let problem = Diagnostic::new(&VISIBILITY_STRAY, span, message);
        return Some(problem.help("write it at the beginning of a line, without an indent"));
    }
    None
}
