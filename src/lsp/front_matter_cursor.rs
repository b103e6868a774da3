//! Where in front matter the cursor is: which key, and how far its value is typed.
//!
//! Owns [`FrontMatterCursor`], which reads lines and indents. The YAML of a text that is being typed has mistakes, so no
//! parser reads it.

use std::ops::Range;
use std::sync::Arc;

use super::analysis::Analysis;
use crate::kinds::{Field, FieldType, Kind, Kinds};
use crate::markdown::front;
use crate::path::FilePath;

/// A place in front matter.
#[derive(Debug, PartialEq, Eq)]
pub struct FrontMatterCursor {
    /// The keys from the outermost one. In a place for a key it ends with what is typed of it.
    pub path: Vec<String>,
    /// The key on the line of the cursor.
    pub key_range: Option<Range<usize>>,
    pub part: FrontMatterPart,
    /// What is typed of the key or the value, up to the cursor.
    pub typed: Range<usize>,
    /// The name in the line `kind: NAME`.
    kind: Option<String>,
    /// The keys of the map around the cursor, without that of its line.
    pub siblings: Vec<String>,
}

/// What is typed at the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrontMatterPart {
    Key,
    Value,
    /// An item of a list below its key: a value, or the first key of a record.
    Item,
}

/// A line of front matter.
struct YamlLine<'t> {
    start: usize,
    /// Of the key or the value, after `- `.
    indent: usize,
    is_item: bool,
    content: &'t str,
}

impl<'t> YamlLine<'t> {
    fn read(text: &'t str, range: Range<usize>) -> YamlLine<'t> {
        let line = &text[range.clone()];
        let spaces = line.len() - line.trim_start_matches(' ').len();
        let is_item = line[spaces..] == *"-" || line[spaces..].starts_with("- ");
        let mark = if is_item {
            line[spaces + 1..].len() - line[spaces + 1..].trim_start_matches(' ').len() + 1
        } else {
            0
        };
        let indent = spaces + mark;
        YamlLine { start: range.start, indent, is_item, content: &line[indent.min(line.len())..] }
    }

    /// The key, and the offset of the value in the content.
    fn key(&self) -> Option<(&'t str, usize)> {
        let colon = self.content.find(':')?;
        let key = &self.content[..colon];
        let is_key = !key.is_empty()
            && key.chars().all(|character| character.is_alphanumeric() || "_-.".contains(character));
        let after = &self.content[colon + 1..];
        let value = colon + 1 + after.len() - after.trim_start_matches(' ').len();
        (is_key && (after.is_empty() || after.starts_with(' '))).then_some((key, value))
    }

    /// The indent of the dash or the key.
    fn outer_indent(&self) -> usize {
        if self.is_item { self.indent.saturating_sub(2) } else { self.indent }
    }
}

impl FrontMatterCursor {
    /// The place of the cursor; `None` outside of front matter.
    pub fn find(text: &str, offset: usize) -> Option<FrontMatterCursor> {
        let yaml = yaml_range(text)?;
        // The end of the range is the start of the closing `---`, which is not a line of a field.
        if offset < yaml.start
            || offset > yaml.end
            || offset == yaml.end && text[..offset].ends_with('\n') && offset > yaml.start
        {
            return None;
        }
        let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
        let end = text[offset..].find('\n').map_or(text.len(), |at| offset + at);
        let line = YamlLine::read(text, start..end);
        let content = line.start + line.indent;
        // In the indentation, neither a key nor a value is typed.
        if offset < content {
            return None;
        }
        let all = lines(text, yaml.clone());
        let above: Vec<&YamlLine<'_>> = all.iter().filter(|other| other.start < start).collect();
        let below: Vec<&YamlLine<'_>> = all.iter().filter(|other| other.start > start).collect();
        let mut path = parents(&above, &line);
        // The kind as it is typed: it decides which fields there are, also before the page is analysed again.
        let kind = all.iter().find_map(|line| {
            let (_, value) = line.key().filter(|(key, _)| *key == "kind" && line.indent == 0)?;
            Some(line.content[value..].trim().trim_matches(['"', '\'']).to_owned())
        });
        let siblings = siblings(&above, &below, &line);
        let key = line.key();
        let key_range = key.map(|(key, _)| content..content + key.len());
        let (part, from) = match key {
            Some((key, value)) if offset >= content + value && offset > content + key.len() => {
                path.push(key.to_owned());
                (
                    FrontMatterPart::Value,
                    content + value_start(&line.content[value..], offset - content - value) + value,
                )
            }
            Some((key, _)) => {
                path.push(key.to_owned());
                (FrontMatterPart::Key, content)
            }
            None if line.is_item => (FrontMatterPart::Item, content),
            // A word without a colon is a key that is being typed.
            None => {
                path.push(line.content[..offset - content].to_owned());
                (FrontMatterPart::Key, content)
            }
        };
        Some(FrontMatterCursor { path, key_range, part, typed: from.min(offset)..offset, kind, siblings })
    }

    /// The kind that the text names, else that of the page.
    pub fn kind<'a>(&self, analysis: &'a Analysis, file: &FilePath) -> &'a Arc<Kind> {
        let kinds = &analysis.inputs().kinds;
        let named = self.kind.as_deref().and_then(|name| kinds.find(name)).map(|(kind, _)| kind);
        named
            .or_else(|| analysis.page(file).map(|(_, page)| &page.page.front.kind))
            .unwrap_or_else(|| kinds.plain())
    }
}

/// The range between the fences. While no fence closes it, the front matter ends at the first empty line.
fn yaml_range(text: &str) -> Option<Range<usize>> {
    if let Some(yaml) = front::split(text).yaml {
        return Some(yaml);
    }
    let rest = text.strip_prefix("---\n")?;
    Some(4..4 + rest.find("\n\n").map_or(rest.len(), |at| at + 1))
}

fn lines(text: &str, yaml: Range<usize>) -> Vec<YamlLine<'_>> {
    let mut found = Vec::new();
    let mut start = yaml.start;
    for line in text[yaml].split_inclusive('\n') {
        let content = line.trim_end_matches('\n');
        if !content.trim().is_empty() {
            found.push(YamlLine::read(text, start..start + content.len()));
        }
        start += line.len();
    }
    found
}

/// The keys around a line, the outermost first.
fn parents(above: &[&YamlLine<'_>], line: &YamlLine<'_>) -> Vec<String> {
    let mut path = Vec::new();
    let mut indent = line.outer_indent();
    let mut is_item = line.is_item;
    for other in above.iter().rev() {
        // The items of a list may have the indent of its key.
        let is_around = other.outer_indent() < indent || is_item && !other.is_item && other.indent <= indent;
        if is_around && let Some((key, value)) = other.key() {
            if other.is_item && other.indent >= indent && !is_item {
                // The first key of the same record.
                indent = other.outer_indent();
                is_item = true;
                continue;
            }
            if other.content[value..].trim().is_empty() {
                path.push(key.to_owned());
            }
            (indent, is_item) = (other.outer_indent(), other.is_item);
        }
    }
    path.reverse();
    path
}

/// The keys of the map around a line.
fn siblings(above: &[&YamlLine<'_>], below: &[&YamlLine<'_>], line: &YamlLine<'_>) -> Vec<String> {
    let mut found = Vec::new();
    if !line.is_item {
        for other in above.iter().rev().take_while(|other| other.indent >= line.indent) {
            found.extend(other.key().filter(|_| other.indent == line.indent).map(|(key, _)| key.to_owned()));
            if other.is_item && other.indent == line.indent {
                break;
            }
        }
    }
    let inside = below
        .iter()
        .take_while(|other| other.indent >= line.indent && !(other.is_item && other.indent == line.indent));
    for other in inside.filter(|other| other.indent == line.indent) {
        found.extend(other.key().map(|(key, _)| key.to_owned()));
    }
    found
}

/// Where the item at the cursor begins in a value: after the last comma or bracket, and after a quote.
fn value_start(value: &str, cursor: usize) -> usize {
    let typed = &value[..cursor.min(value.len())];
    let from = typed.rfind([',', '[']).map_or(0, |at| at + 1);
    let item = &typed[from..];
    from + item.len() - item.trim_start_matches([' ', '"', '\'']).len()
}

/// The field at a path of keys.
pub fn field_at_path<'k>(kinds: &'k Kinds, kind: &'k Kind, path: &[String]) -> Option<&'k Field> {
    let (first, rest) = path.split_first()?;
    let mut field = kind.field(&kinds.common, first)?;
    for key in rest {
        let FieldType::Record(fields) = &field.field_type else { return None };
        field = fields.iter().find(|field| field.names().any(|name| name == key))?;
    }
    Some(field)
}

/// The fields that may stand in the map at a path of keys.
pub fn fields_in<'k>(kinds: &'k Kinds, kind: &'k Kind, path: &[String]) -> Vec<&'k Field> {
    if path.is_empty() {
        return kinds.written_fields(kind);
    }
    match field_at_path(kinds, kind, path).map(|field| &field.field_type) {
        Some(FieldType::Record(fields)) => fields.iter().filter(|field| !field.is_computed()).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cursor at `|`.
    fn at(text: &str) -> Option<(String, FrontMatterPart, String)> {
        let offset = text.find('|').unwrap();
        let text = text.replacen('|', "", 1);
        let found = FrontMatterCursor::find(&text, offset)?;
        Some((found.path.join("."), found.part, text[found.typed].to_owned()))
    }

    fn some(path: &str, part: FrontMatterPart, typed: &str) -> Option<(String, FrontMatterPart, String)> {
        Some((path.to_owned(), part, typed.to_owned()))
    }

    #[test]
    fn keys_and_values_are_told_apart_while_they_are_typed() {
        use FrontMatterPart::{Item, Key, Value};
        assert_eq!(at("---\nki|\n---\n"), some("ki", Key, "ki"));
        assert_eq!(at("---\nkind: ru|\n---\n"), some("kind", Value, "ru"));
        assert_eq!(at("---\nkind: |"), some("kind", Value, ""));
        assert_eq!(at("---\ntags: [a, \"b|\n---\n"), some("tags", Value, "b"));
        assert_eq!(at("---\nalerts:\n  - No|\n---\n"), some("alerts", Item, "No"));
        assert_eq!(at("---\nalerts:\n- |\n---\n"), some("alerts", Item, ""));
        assert_eq!(at("---\nactions:\n  - text: x\n    du|\n---\n"), some("actions.du", Key, "du"));
        assert_eq!(at("---\nactions:\n  - text: x\n    due: 2|\n---\n"), some("actions.due", Value, "2"));
        assert_eq!(at("---\na: b\n---\nki|\n"), None);
        assert_eq!(at("text |\n"), None);
        assert_eq!(at("---\ntitle: x\n\nki|\n"), None);
    }

    #[test]
    fn keys_that_are_there_are_known() {
        let text = "---\na: 1\nlist:\n  - x: 1\n    y: 2\n\nb: 1\n---\n";
        let siblings = |at: &str| FrontMatterCursor::find(text, text.find(at).unwrap()).unwrap().siblings;
        assert_eq!(siblings("b:"), ["list", "a"]);
        assert_eq!(siblings("y:"), ["x"]);
    }
}
