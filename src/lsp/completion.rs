//! What can be written at the cursor: links, anchors, front matter, directives, variables.
//!
//! Owns how the text before the cursor is read, and the lists of candidates. The text may be newer than the analysis:
//! only the names of pages, anchors and values come from there.

use std::collections::BTreeSet;
use std::ops::Range;

use gen_lsp_types as lsp;

use super::client_view::AskedPlace;
use super::front_matter_cursor::{FrontMatterCursor, FrontMatterPart, field_at_path, fields_in};
use super::hover::field_text;
use super::navigation::holds_in_order;
use crate::fields::yaml::YamlStyle;
use crate::kinds::{Field, FieldType, expected};
use crate::markdown::{self, AddressSyntax, Flavor, directive_names};
use crate::moves::{AddressPlace, TextAddress, yaml_scalar};
use crate::page;
use crate::path::FilePath;
use crate::path::relative;
use crate::site::FolderRole;

/// The most candidates in an answer. More are sent when more is typed.
const MOST: usize = 300;

/// Candidates for a part of the text.
struct Candidates {
    /// What they replace.
    typed: Range<usize>,
    items: Vec<lsp::CompletionItem>,
}

/// The candidates at the cursor.
pub fn complete(place: &AskedPlace<'_>) -> lsp::CompletionList {
    let found = match FrontMatterCursor::find(&place.source.text, place.offset) {
        Some(cursor) => Some(front_matter(place, &cursor)),
        None => in_text(place),
    };
    let Some(Candidates { typed, items }) = found else { return lsp::CompletionList::default() };
    let lines = place.client.lines(&place.source.path, &place.source.text);
    let range = lines.range(typed.clone());
    let wanted = &place.source.text[typed];
    let fits = |item: &lsp::CompletionItem| {
        let title = item.detail.as_ref().filter(|_| item.kind == Some(lsp::CompletionItemKind::File));
        holds_in_order(&item.label, wanted) || title.is_some_and(|title| holds_in_order(title, wanted))
    };
    let mut items: Vec<lsp::CompletionItem> = items.into_iter().filter(fits).collect();
    let wanted = wanted.to_lowercase();
    // What is typed is mostly the beginning of a name. The sort keeps the order of equally good candidates.
    items.sort_by_key(|item| {
        let label = item.label.to_lowercase();
        if label.starts_with(&wanted) { 0 } else { 1 + u8::from(!label.contains(&wanted)) }
    });
    let is_incomplete = items.len() > MOST;
    items.truncate(MOST);
    for (number, item) in items.iter_mut().enumerate() {
        let new_text = item.insert_text.take().unwrap_or_else(|| item.label.clone());
        // Clients compare what is typed with the label, which may be without the mark before it.
        item.filter_text.get_or_insert_with(|| new_text.clone());
        item.sort_text = Some(format!("{number:05}"));
        item.text_edit = Some(lsp::TextEdit { range, new_text }.into());
    }
    lsp::CompletionList { is_incomplete, items, ..Default::default() }
}

fn item(label: impl Into<String>, kind: lsp::CompletionItemKind, detail: &str) -> lsp::CompletionItem {
    lsp::CompletionItem {
        label: label.into(),
        kind: Some(kind),
        detail: (!detail.is_empty()).then(|| detail.to_owned()),
        ..Default::default()
    }
}

/// Candidates outside of front matter.
fn in_text(place: &AskedPlace<'_>) -> Option<Candidates> {
    let text = &place.source.text;
    let offset = place.offset;
    let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    let before = &text[start..offset];
    if is_in_code(place) {
        return variables(place, before);
    }
    let mark = before.trim_start_matches([' ', '\t', '>']);
    if let Some(reference) = mark.strip_prefix("::include ") {
        return address(place, reference.trim_start_matches(' '), AddressSyntax::Include);
    }
    if let Some(name) = mark.strip_prefix("::").filter(|name| !name.contains(' ')) {
        let colons = 2 + name.len() - name.trim_start_matches(':').len();
        return Some(directives(place, &name[colons - 2..], colons));
    }
    destination(before).and_then(|(typed, syntax)| address(place, typed, syntax))
}

fn is_in_code(place: &AskedPlace<'_>) -> bool {
    let extensions = page::extensions(&place.analysis.inputs().config);
    let code = markdown::regions(place.source, extensions, Flavor::Plain).code;
    code.iter().any(|range| range.start < place.offset && place.offset < range.end)
}

/// What is typed of an address at the end of a line.
fn destination(before: &str) -> Option<(&str, AddressSyntax)> {
    let openings = [
        ("](<", AddressSyntax::Angle),
        ("](", AddressSyntax::Bare),
        ("]: ", AddressSyntax::Bare),
        ("href=\"", AddressSyntax::Attribute(Some('"'))),
        ("src=\"", AddressSyntax::Attribute(Some('"'))),
    ];
    let found = openings.iter().filter_map(|(opening, syntax)| {
        let at = before.rfind(opening)? + opening.len();
        Some((at, *syntax))
    });
    // Of `](<` and `](` the longer one counts.
    let (at, syntax) = found.max_by_key(|(at, _)| *at)?;
    let typed = &before[at..];
    let ends = match syntax {
        AddressSyntax::Angle => ">",
        AddressSyntax::Attribute(_) => "\"",
        _ => ") ",
    };
    (!typed.contains(|character| ends.contains(character))).then_some((typed, syntax))
}

/// Paths, or anchors after `#`.
fn address(place: &AskedPlace<'_>, typed: &str, syntax: AddressSyntax) -> Option<Candidates> {
    let is_elsewhere = typed.contains("://") || typed.starts_with("mailto:");
    if is_elsewhere {
        return None;
    }
    match typed.split_once('#') {
        Some((path, anchor)) => anchors(place, path, anchor, syntax),
        None => Some(Candidates {
            typed: place.offset - typed.len()..place.offset,
            items: paths(place, typed, syntax),
        }),
    }
}

fn anchors(place: &AskedPlace<'_>, path: &str, typed: &str, syntax: AddressSyntax) -> Option<Candidates> {
    let own = &place.source.path;
    let file = if path.is_empty() {
        own.clone()
    } else {
        let address = TextAddress {
            range: 0..0,
            destination: path.to_owned(),
            place: AddressPlace::Text(syntax),
            shown_by: place.analysis.page(own).map(|_| own.clone()),
        };
        place.analysis.with_reader(|reader| reader.read(own, &address).map(|named| named.file().clone()))?
    };
    let (_, page) = place.analysis.page(&file)?;
    let document = &page.page.document;
    let mut items = Vec::new();
    let mut headings = BTreeSet::new();
    for heading in document.title.iter().chain(&document.outline) {
        headings.insert(heading.id.as_str());
        items.push(item(&heading.id, lsp::CompletionItemKind::Reference, &heading.text));
    }
    let others = document.anchors.iter().filter(|anchor| !headings.contains(anchor.as_str()));
    items.extend(others.map(|anchor| item(anchor, lsp::CompletionItemKind::Reference, "")));
    Some(Candidates { typed: place.offset - typed.len()..place.offset, items })
}

/// The paths of pages and files. What is typed decides whether they begin with a slash.
fn paths(place: &AskedPlace<'_>, typed: &str, syntax: AddressSyntax) -> Vec<lsp::CompletionItem> {
    let inputs = place.analysis.inputs();
    let content = &inputs.config.content;
    let own = &place.source.path;
    let spelled = |file: &FilePath| {
        let from_content = file.beneath(content).unwrap_or(file.as_str());
        if typed.starts_with('/') {
            format!("/{from_content}")
        } else if typed.starts_with("./") {
            format!("./{}", relative(own.folder(), file.as_str()))
        } else {
            relative(own.folder(), file.as_str())
        }
    };
    let mut found: Vec<(bool, lsp::CompletionItem)> = Vec::new();
    let mut add = |file: &FilePath, kind, detail: &str| {
        if file != own {
            let path = spelled(file);
            let text = syntax.written(&path);
            let candidate = lsp::CompletionItem { insert_text: Some(text), ..item(path, kind, detail) };
            found.push((file.folder() != own.folder(), candidate));
        }
    };
    if syntax == AddressSyntax::Include {
        for source in inputs.sources.values() {
            let title = place.analysis.page(&source.path).map_or("", |(_, page)| &page.page.title);
            add(&source.path, lsp::CompletionItemKind::File, title);
        }
    } else {
        for page in
            place.analysis.handbook.site.pages.iter().filter(|page| page.section != FolderRole::Listing)
        {
            add(&page.page.file, lsp::CompletionItemKind::File, &page.page.title);
        }
        for file in inputs.assets.keys() {
            add(file, lsp::CompletionItemKind::File, "");
        }
    }
    // Pages of the same folder first; the sort keeps the order of the handbook.
    found.sort_by_key(|(is_elsewhere, _)| *is_elsewhere);
    found.into_iter().map(|(_, item)| item).collect()
}

fn directives(place: &AskedPlace<'_>, typed: &str, colons: usize) -> Candidates {
    let visibility = &place.analysis.inputs().config.visibility;
    let mut names: Vec<(&str, &str)> = Vec::new();
    if colons == 2 {
        names.push(("include", "a file or a section in place of this line"));
    }
    names.extend(directive_names().map(|name| (name, "")));
    if visibility.is_in_use() {
        names.extend(visibility.levels.names().map(|name| (name, "only for this level and higher ones")));
    }
    let from = place.offset - typed.len();
    let items = names.into_iter().map(|(name, detail)| lsp::CompletionItem {
        // After two colons the third belongs to the name.
        insert_text: (colons == 2 && name != "include").then(|| format!(":{name}")),
        filter_text: Some(name.to_owned()),
        ..item(name, lsp::CompletionItemKind::Keyword, detail)
    });
    let mut items: Vec<lsp::CompletionItem> = items.collect();
    if colons == 2 {
        items[0].insert_text = Some("include ".to_owned());
    }
    Candidates { typed: from..place.offset, items }
}

/// The variables of the page in code: `<NAME>`, `$NAME` and `${NAME}`.
fn variables(place: &AskedPlace<'_>, before: &str) -> Option<Candidates> {
    let (_, page) = place.analysis.page(&place.source.path)?;
    let is_name = |character: char| character.is_alphanumeric() || character == '_';
    let name = &before[before.trim_end_matches(is_name).len()..];
    let rest = &before[..before.len() - name.len()];
    let (mark, end) = if rest.ends_with("${") {
        ("${", "}")
    } else if rest.ends_with('$') {
        ("$", "")
    } else if rest.ends_with('<') {
        ("<", ">")
    } else {
        ("", "")
    };
    let items = page.page.variables.iter().map(|variable| {
        let detail = variable.help.as_deref().unwrap_or(&variable.example);
        let written = match mark {
            "" => format!("<{}>", variable.name),
            mark => format!("{mark}{}{end}", variable.name),
        };
        lsp::CompletionItem {
            insert_text: Some(written),
            ..item(&variable.name, lsp::CompletionItemKind::Variable, detail)
        }
    });
    let items: Vec<lsp::CompletionItem> = items
        .map(|item| lsp::CompletionItem { filter_text: Some(format!("{mark}{}", item.label)), ..item })
        .collect();
    // The mark is replaced with the name, so that no client takes it for another word.
    let from = place.offset - name.len() - mark.len();
    let mut found = Candidates { typed: from..place.offset, items };
    found.items.retain(|item| holds_in_order(&item.label, name));
    if !mark.is_empty() {
        // What is typed begins with the mark, and so must what it is compared with.
        found.items.iter_mut().for_each(|item| item.label = format!("{mark}{}{end}", item.label));
    }
    (!found.items.is_empty()).then_some(found)
}

fn front_matter(place: &AskedPlace<'_>, cursor: &FrontMatterCursor) -> Candidates {
    let kind = cursor.kind(place.analysis, &place.source.path);
    let kinds = &place.analysis.inputs().kinds;
    let typed = cursor.typed.clone();
    let keys = |path: &[String]| -> Vec<lsp::CompletionItem> {
        let fields = fields_in(kinds, kind, path).into_iter();
        let missing = fields.filter(|field| !field.names().any(|name| cursor.siblings.contains(name)));
        missing.map(key_item).collect()
    };
    let items = match cursor.part {
        FrontMatterPart::Key => keys(&cursor.path[..cursor.path.len() - 1]),
        FrontMatterPart::Value | FrontMatterPart::Item => match field_at_path(kinds, kind, &cursor.path) {
            Some(field)
                if cursor.part == FrontMatterPart::Item
                    && matches!(field.field_type, FieldType::Record(_)) =>
            {
                keys(&cursor.path)
            }
            Some(field) => values(place, cursor, field),
            None => Vec::new(),
        },
    };
    Candidates { typed, items }
}

fn key_item(field: &Field) -> lsp::CompletionItem {
    let documentation = lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value: field_text(field) };
    lsp::CompletionItem {
        insert_text: Some(format!("{}: ", field.name)),
        filter_text: Some(field.name.clone()),
        documentation: Some(documentation.into()),
        ..item(&field.name, lsp::CompletionItemKind::Property, &expected(field))
    }
}

/// The values of a field: those of its definition, else those that other pages have.
fn values(place: &AskedPlace<'_>, cursor: &FrontMatterCursor, field: &Field) -> Vec<lsp::CompletionItem> {
    use lsp::CompletionItemKind as Kind;
    let inputs = place.analysis.inputs();
    let site = &place.analysis.handbook.site;
    let mut items: Vec<lsp::CompletionItem> = Vec::new();
    let mut add = |value: &str, kind: lsp::CompletionItemKind, detail: &str| {
        if items.iter().all(|known| known.label != value) {
            items.push(item(value, kind, detail));
        }
    };
    let is_common = cursor.path.len() == 1;
    match (&field.field_type, field.name.as_str()) {
        (FieldType::Text, "kind") if is_common => {
            for kind in inputs.kinds.all() {
                kind.names().iter().for_each(|name| add(name, Kind::EnumMember, &kind.help));
            }
        }
        (FieldType::Text, "visibility") if is_common => {
            inputs.config.visibility.levels.names().for_each(|name| add(name, Kind::EnumMember, ""));
        }
        (FieldType::Text, "alerts") => {
            for row in &site.registers.alerts.rows {
                add(&row.alert.name, Kind::Event, row.alert.summary.as_deref().unwrap_or_default());
            }
        }
        (FieldType::Choice(choices), _) => {
            choices.iter().for_each(|(value, help)| add(value, Kind::EnumMember, help));
        }
        (FieldType::Flag, _) => ["true", "false"].iter().for_each(|value| add(value, Kind::Keyword, "")),
        (FieldType::Date, _) => add(&inputs.today.to_string(), Kind::Value, "today"),
        (FieldType::Page | FieldType::File, _) => {
            let typed = &place.source.text[cursor.typed.clone()];
            return quoted(paths(place, typed, AddressSyntax::Include), cursor, place);
        }
        (FieldType::Text, "tags") if is_common => {
            site.tags.iter().for_each(|tag| add(&tag.name, Kind::Value, ""));
        }
        // The values of fields in records are not suggested: a field of that name means something else elsewhere.
        (FieldType::Text | FieldType::CalendarEvent | FieldType::License | FieldType::Control, name)
            if is_common && !is_prose(field) =>
        {
            // Sorted, and each value once. The page itself holds the half-typed value.
            let mut known = BTreeSet::new();
            for page in site.pages.iter().filter(|page| page.page.file != place.source.path) {
                page.page.front.data.each(name, |value| {
                    known.insert(value);
                });
            }
            known.into_iter().for_each(|value| add(value, Kind::Value, ""));
        }
        _ => {}
    }
    quoted(items, cursor, place)
}

/// Whether each page has a text of its own in the field.
fn is_prose(field: &Field) -> bool {
    matches!(field.name.as_str(), "title" | "nav_title" | "description" | "id" | "slug" | "aliases")
}

/// The values as YAML has to write them.
fn quoted(
    items: Vec<lsp::CompletionItem>,
    cursor: &FrontMatterCursor,
    place: &AskedPlace<'_>,
) -> Vec<lsp::CompletionItem> {
    let is_quoted = place.source.text[..cursor.typed.start].ends_with(['"', '\'']);
    let written = |item: lsp::CompletionItem| {
        let plain = if is_quoted { None } else { yaml_scalar(&item.label, YamlStyle::Plain) };
        lsp::CompletionItem { insert_text: plain, filter_text: Some(item.label.clone()), ..item }
    };
    items.into_iter().map(written).collect()
}
