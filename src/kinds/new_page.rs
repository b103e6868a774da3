//! The text of a new page, made from the definition of its kind.
//!
//! Owns the order of front matter and sections, which of them a new page has, and how values are written in YAML.
//! The caller decides where the page is stored.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Field, FieldType, Kind, KindSection, Kinds, Required};

/// Common fields that a new page has even without a value, because nearly every page needs them.
const ASKED: [&str; 2] = ["description", "owner"];
/// Common fields that a new page has as comments.
const OFFERED: [&str; 7] = ["status", "layer", "readers", "reviewed", "controls", "related", "tags"];
/// The longest line of a comment, in characters, without the `# ` before it.
const WIDTH: usize = 100;

/// What is known about a page that does not exist yet.
#[derive(Debug)]
pub struct NewPage<'a> {
    pub title: &'a str,
    /// The name of the kind, or an alias.
    pub kind: &'a str,
    pub today: Date,
    /// Whether the handbook has levels, so that a page may say who may see it.
    pub has_levels: bool,
    /// Values by field, as typed on the command line. The caller has checked them.
    pub given: &'a BTreeMap<String, String>,
}

impl Kinds {
    /// The whole text of a new page: front matter and sections.
    pub fn new_page(&self, kind: &Kind, draft: &NewPage<'_>) -> String {
        let mut text = self.front(kind, draft);
        if !kind.opening.is_empty() {
            text += &format!("\n{}\n", comment(&kind.opening));
        }
        let known = KnownFields { kinds: self, kind, draft };
        for section in kind.sections.iter().filter(|section| known.offers(section)) {
            text += &format!("\n## {}\n", section.heading);
            let parts =
                [(!section.help.is_empty()).then(|| comment(&section.help)), Some(section.text.clone())];
            for part in parts.into_iter().flatten().filter(|part| !part.is_empty()) {
                text += &format!("\n{part}\n");
            }
        }
        text
    }

    /// The fields that the page certainly needs and that have no value yet.
    pub fn still_needed<'a>(&'a self, kind: &'a Kind, draft: &NewPage<'_>) -> Vec<&'a Field> {
        let known = KnownFields { kinds: self, kind, draft };
        self.written_fields(kind)
            .into_iter()
            .filter(|field| known.state(field) == FieldNeed::Needed)
            .collect()
    }

    /// The front matter, with the `---` lines around it.
    fn front(&self, kind: &Kind, draft: &NewPage<'_>) -> String {
        let known = KnownFields { kinds: self, kind, draft };
        let mut lines = vec!["---".to_owned(), format!("title: {}", quoted(draft.title))];
        // Pages without a kind are of the kind `page`, so it is not written.
        if draft.kind != self.plain().name {
            lines.push(format!("kind: {}", draft.kind));
        }
        if kind.dated && !draft.given.contains_key("date") {
            lines.push(format!("date: {}", draft.today));
        }
        let fields = self.written_fields(kind);
        let first = |field: &&Field| ASKED.contains(&field.name.as_str());
        let (asked, rest): (Vec<&Field>, Vec<&Field>) = fields.iter().partition(|field| first(field));
        for field in asked.into_iter().chain(rest) {
            lines.extend(known.lines(field));
        }
        lines.push("---\n".to_owned());
        lines.join("\n")
    }
}

/// Whether a new page needs a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FieldNeed {
    Given,
    Needed,
    /// The condition depends on fields that have no value yet.
    PerhapsNeeded,
    Free,
}

struct KnownFields<'a> {
    kinds: &'a Kinds,
    kind: &'a Kind,
    draft: &'a NewPage<'a>,
}

impl KnownFields<'_> {
    /// The value of a field, if it is known: as typed, set by the alias of the kind, or the default.
    fn value(&self, name: &str) -> Option<&str> {
        if let Some(given) = self.draft.given.get(name) {
            return Some(given);
        }
        let (_, set) = self.kinds.find(self.draft.kind)?;
        if let Some((_, value)) = set.iter().find(|(set, _)| set == name) {
            return Some(value);
        }
        self.kind.field(&self.kinds.common, name)?.default.as_deref()
    }

    fn state(&self, field: &Field) -> FieldNeed {
        let always =
            ["title", "kind"].contains(&field.name.as_str()) || self.kind.dated && field.name == "date";
        if always || self.draft.given.contains_key(&field.name) {
            return FieldNeed::Given;
        }
        match &field.required {
            Required::Never => FieldNeed::Free,
            Required::Always if self.value(&field.name).is_some() => FieldNeed::Free,
            Required::Always => FieldNeed::Needed,
            Required::Where(conditions) => self.by(conditions),
        }
    }

    fn by(&self, conditions: &[(String, Vec<String>)]) -> FieldNeed {
        let holds = |(name, values): &(String, Vec<String>)| {
            // The value of a list is typed as one text with commas.
            self.value(name)
                .map(|value| value.split(',').any(|value| values.iter().any(|v| v == value.trim())))
        };
        // One false condition is enough, even if others are still unknown.
        let holds: Vec<Option<bool>> = conditions.iter().map(holds).collect();
        if holds.contains(&Some(false)) {
            FieldNeed::Free
        } else if holds.contains(&None) {
            FieldNeed::PerhapsNeeded
        } else {
            FieldNeed::Needed
        }
    }

    /// Whether a new page has a section.
    fn offers(&self, section: &KindSection) -> bool {
        match &section.required {
            _ if section.offered => true,
            Required::Never => !section.text.is_empty(),
            Required::Always => true,
            Required::Where(conditions) => self.by(conditions) != FieldNeed::Free,
        }
    }

    /// The lines of one field in front matter; empty if a new page does not mention the field.
    fn lines(&self, field: &Field) -> Vec<String> {
        let name = &field.name;
        let own = || self.kind.fields.iter().any(|known| known.name == *name);
        let implied =
            || self.kinds.find(self.draft.kind).is_some_and(|(_, set)| set.iter().any(|(n, _)| n == name));
        match self.state(field) {
            FieldNeed::Given => match self.draft.given.get(name) {
                Some(given) => vec![format!("{name}: {}", yaml(field, given))],
                None => Vec::new(),
            },
            FieldNeed::Needed => explained(field, &[]),
            FieldNeed::PerhapsNeeded => explained(field, field.required.conditions()),
            FieldNeed::Free if ASKED.contains(&name.as_str()) => explained(field, &[]),
            // The name of the kind, which is an alias, sets the value already.
            FieldNeed::Free if implied() => Vec::new(),
            FieldNeed::Free if name == "visibility" && self.draft.has_levels => vec![offer(field)],
            FieldNeed::Free if own() || OFFERED.contains(&name.as_str()) => vec![offer(field)],
            FieldNeed::Free => Vec::new(),
        }
    }
}

impl Required {
    /// The conditions that must all hold; none for a field that is always or never needed.
    fn conditions(&self) -> &[(String, Vec<String>)] {
        match self {
            Required::Where(conditions) => conditions,
            Required::Never | Required::Always => &[],
        }
    }
}

impl Field {
    /// A value for examples: the field's example, the first value of a choice, or `true` for a flag.
    pub fn sample(&self) -> Option<String> {
        let first = match &self.field_type {
            FieldType::Choice(values) => values.first().map(|(name, _)| name.clone()),
            FieldType::Flag => Some("true".to_owned()),
            _ => None,
        };
        self.example.clone().or(first)
    }
}

/// A key without a value, below a comment with its help and the conditions under which the field is needed.
fn explained(field: &Field, conditions: &[(String, Vec<String>)]) -> Vec<String> {
    let mut text = field.help.clone();
    if !conditions.is_empty() {
        let conditions: Vec<String> = conditions.iter().map(condition).collect();
        text = format!("Needed where {}. {text}", conditions.join(" and "));
    }
    match (&field.field_type, field.sample()) {
        (FieldType::Choice(values), _) => text += &format!(" One of: {}.", names(values)),
        (_, Some(sample)) => text += &format!(" Example: {}", yaml(field, &sample)),
        (_, None) => {}
    }
    let mut lines: Vec<String> = wrapped(text.trim()).into_iter().map(|line| format!("# {line}")).collect();
    lines.push(format!("{}:", field.name));
    lines
}

/// A condition as a phrase: `report_state is final or amended`.
fn condition((name, values): &(String, Vec<String>)) -> String {
    format!("{name} is {}", values.join(" or "))
}

/// A key with an example in a comment, which the author can uncomment.
fn offer(field: &Field) -> String {
    let values = match &field.field_type {
        FieldType::Choice(values) => format!(" One of: {}.", names(values)),
        _ => String::new(),
    };
    format!("#{}: {}  # {}{values}", field.name, sample(field), field.help)
}

fn names(values: &[(String, String)]) -> String {
    values.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
}

/// An example in YAML.
fn sample(field: &Field) -> String {
    let one = match &field.field_type {
        FieldType::Record(fields) => {
            let parts: Vec<String> =
                fields.iter().map(|field| format!("{}: {}", field.name, sample(field))).collect();
            format!("{{ {} }}", parts.join(", "))
        }
        FieldType::Map => "{}".to_owned(),
        sort => {
            field.default.clone().or(field.sample()).map_or("\"\"".to_owned(), |text| scalar(sort, &text))
        }
    };
    if field.list { format!("[{one}]") } else { one }
}

/// A value as typed on the command line, written as YAML.
fn yaml(field: &Field, text: &str) -> String {
    if !field.list {
        return scalar(&field.field_type, text);
    }
    let items: Vec<String> = text.split(',').map(|item| scalar(&field.field_type, item.trim())).collect();
    format!("[{}]", items.join(", "))
}

fn scalar(sort: &FieldType, text: &str) -> String {
    let plain = match sort {
        FieldType::Flag | FieldType::Number => true,
        _ => is_plain(text),
    };
    if plain { text.to_owned() } else { quoted(text) }
}

/// Whether YAML reads the text as itself without quotation marks, even in a list in brackets.
fn is_plain(text: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || "-_./+@: ".contains(c);
    // YAML 1.1 parsers read these words as booleans or null.
    let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    text.starts_with(char::is_alphanumeric)
        && text.chars().all(word)
        && !text.contains(": ")
        && !text.ends_with([':', ' '])
        && !reserved.contains(&text.to_lowercase().as_str())
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a string is always JSON")
}

/// An HTML comment, which is never published.
fn comment(text: &str) -> String {
    // `-->` in the text would end the comment.
    format!("<!-- {} -->", text.replace("--", "–"))
}

/// A text in lines of at most [`WIDTH`] characters; a longer word has a line of its own.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= WIDTH => {
                *line += &format!(" {word}")
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_texts_stand_without_quotation_marks() {
        for plain in ["SEV2", "Platform operations", "2026-11-20T01:52:00Z", "https://example.org/a"] {
            assert_eq!(scalar(&FieldType::Text, plain), plain);
        }
        for quoted in ["", "a: b", "# x", "no", "[a]", "a, b", "*x", "-", "it's", "a:", "ends "] {
            assert_ne!(scalar(&FieldType::Text, quoted), quoted);
        }
    }

    #[test]
    fn any_title_is_sound_yaml() {
        let kinds = Kinds::built_in();
        let given = BTreeMap::new();
        let title = "A \"b\": # c\n---\n";
        let draft = NewPage {
            title,
            kind: "page",
            today: jiff::civil::date(2026, 11, 21),
            has_levels: false,
            given: &given,
        };
        let text = kinds.new_page(kinds.plain(), &draft);
        assert!(text.starts_with("---\ntitle: \"A \\\"b\\\": # c\\n---\\n\"\n"), "{text}");
    }
}
