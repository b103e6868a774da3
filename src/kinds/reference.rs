//! The reference of a kind for writers, as Markdown.
//!
//! Owns the tables of fields and sections that the guide shows. They are made from the definitions, so they are always
//! up to date.

use super::{Field, FieldType, Kind, KindSection, Kinds, PageOrder, Required};

impl Kinds {
    /// The reference page of one kind, without front matter.
    pub fn reference(&self, kind: &Kind) -> String {
        let mut text = facts(kind);
        if !kind.fields.is_empty() {
            text += "\n## Fields\n";
            text += &table(&kind.fields);
        }
        if !kind.sections.is_empty() {
            text += "\n## Sections\n\n| Heading | Needed | What to write | Also understood |\n| --- | --- | --- | --- |\n";
            text += &kind.sections.iter().map(section).collect::<String>();
        }
        text
    }

    /// The reference page of the fields of all kinds, without front matter.
    pub fn common_reference(&self) -> String {
        table(&self.common).trim_start().to_owned()
    }
}

/// The properties of the kind other than fields and sections, as a definition list.
fn facts(kind: &Kind) -> String {
    let folder =
        if kind.folder.is_empty() { "the content folder".to_owned() } else { format!("`{}/`", kind.folder) };
    let day = if kind.dated { ", in a file whose name begins with the day" } else { "" };
    let mut facts = vec![("New pages", format!("in {folder}{day}"))];
    match kind.order() {
        PageOrder::Newest => facts.push(("Order in a section", "by date, the latest first".to_owned())),
        PageOrder::Oldest => facts.push(("Order in a section", "by date, the earliest first".to_owned())),
        PageOrder::Title => {}
    }
    if let Some(every) = kind.review_every {
        facts.push(("Review", format!("every {every}, unless the page says otherwise")));
    }
    if !kind.registers.is_empty() {
        facts.push(("Feeds", kind.registers.join(", ")));
    }
    let alias = |(alias, values): &(String, Vec<(String, String)>)| {
        let values: Vec<String> = values.iter().map(|(name, value)| format!("`{name}: {value}`")).collect();
        let meaning =
            if values.is_empty() { String::new() } else { format!(" (sets {})", values.join(", ")) };
        format!("`{alias}`{meaning}")
    };
    if !kind.aliases.is_empty() {
        facts.push(("Also named", kind.aliases.iter().map(alias).collect::<Vec<_>>().join(", ")));
    }
    if !kind.ignored_keys.is_empty() {
        let keys: Vec<String> = kind.ignored_keys.iter().map(|key| format!("`{key}`")).collect();
        facts.push(("Keys that pass unread", keys.join(", ")));
    }
    facts
        .into_iter()
        .map(|(name, fact)| format!("{name}\n: {fact}\n\n"))
        .collect::<String>()
        .trim_end()
        .to_owned()
        + "\n"
}

fn table(fields: &[Field]) -> String {
    let mut rows = Vec::new();
    for field in fields {
        row(field, "", &mut rows);
    }
    format!("\n| Field | Needed | Value | Meaning |\n| --- | --- | --- | --- |\n{}", rows.concat())
}

/// Adds the row of a field and the rows of the fields in its records. `around` is the path of the record around it.
fn row(field: &Field, around: &str, rows: &mut Vec<String>) {
    let name = format!("{around}{}", field.name);
    let meaning = [
        field.help.clone(),
        values(field),
        spellings(field),
        default(field),
        computed(field),
        compared(field),
    ];
    let meaning = meaning.into_iter();
    let meaning: Vec<String> = meaning.filter(|part| !part.is_empty()).collect();
    rows.push(format!(
        "| `{name}` | {} | {} | {} |\n",
        need(&field.required),
        value(field),
        meaning.join("<br>")
    ));
    if let FieldType::Record(inner) = &field.field_type {
        let around = format!("{name}{}.", if field.list { "[]" } else { "" });
        for field in inner.iter() {
            row(field, &around, rows);
        }
    }
}

fn need(required: &Required) -> String {
    let condition = |(name, values): &(String, Vec<String>)| {
        let values: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
        format!("`{name}` is {}", values.join(" or "))
    };
    match required {
        Required::Never => String::new(),
        Required::Always => "yes".to_owned(),
        Required::Where(conditions) => {
            format!("where {}", conditions.iter().map(condition).collect::<Vec<_>>().join(" and "))
        }
    }
}

fn value(field: &Field) -> String {
    let sort = match &field.field_type {
        FieldType::Text => "text",
        FieldType::Choice(_) => "choice",
        FieldType::Flag => "`true` or `false`",
        FieldType::Number => "number",
        FieldType::Date => "date",
        FieldType::Time => "time",
        FieldType::Period => "period",
        FieldType::Url => "URL",
        FieldType::License => "SPDX expression",
        FieldType::Control => "control",
        FieldType::CalendarEvent => "event in the calendar",
        FieldType::Page => "page",
        FieldType::File => "file",
        FieldType::Record(_) => "map",
        FieldType::Map => "map",
    };
    let list = if field.list { "list: " } else { "" };
    match &field.example {
        Some(example) => format!("{list}{sort}, such as `{}`", cell(example)),
        None => format!("{list}{sort}"),
    }
}

fn values(field: &Field) -> String {
    let FieldType::Choice(values) = &field.field_type else { return String::new() };
    let value = |(name, help): &(String, String)| {
        if help.is_empty() { format!("`{name}`") } else { format!("`{name}`: {}", cell(help)) }
    };
    values.iter().map(value).collect::<Vec<_>>().join("<br>")
}

fn spellings(field: &Field) -> String {
    let names: Vec<String> = field.also.iter().map(|name| format!("`{name}`")).collect();
    if names.is_empty() { String::new() } else { format!("Also written {}.", names.join(" or ")) }
}

fn default(field: &Field) -> String {
    field.default.as_ref().map_or_else(String::new, |default| format!("Without it: `{default}`."))
}

fn computed(field: &Field) -> String {
    if !field.is_computed() {
        return String::new();
    }
    format!("Computed from {}; a page cannot set it.", field.quoted_sources())
}

/// How the field goes with others of the page.
fn compared(field: &Field) -> String {
    let mut sentences = Vec::new();
    if field.wanted != Required::Never {
        sentences.push(format!("Wanted {}.", need(&field.wanted)));
    }
    if field.forbidden != Required::Never {
        sentences.push(format!("Not {}.", need(&field.forbidden)));
    }
    if let Some(first) = &field.not_before {
        sentences.push(format!("Not before `{first}`."));
    }
    if let Some(time) = &field.day_of {
        sentences.push(format!("The day of `{time}`."));
    }
    if field.in_name {
        sentences.push("A day that the file's name begins with must be the same.".to_owned());
    }
    if let Some(by) = &field.by {
        sentences.push(format!("`VALUE by NAME` also sets `{by}`."));
    }
    sentences.join(" ")
}

fn section(section: &KindSection) -> String {
    let also = section.also.iter().map(|name| prose(name)).collect::<Vec<_>>().join(", ");
    format!(
        "| **{}** | {} | {} | {also} |\n",
        prose(&section.heading),
        need(&section.required),
        cell(&section.help)
    )
}

/// A text in a cell of a table: `|` is escaped.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// A name in a cell of a table, with characters escaped that Markdown would read as markup.
fn prose(text: &str) -> String {
    cell(text).replace('*', "\\*").replace('_', "\\_").replace('<', "\\<")
}
