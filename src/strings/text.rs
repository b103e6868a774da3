//! One text: its forms and its placeholders.
//!
//! Owns [`MessageText`] and how `{name}` is filled in. A brace that encloses no name stays a brace.

use serde::Serialize;

/// A text in one language.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum MessageText {
    Plain(String),
    /// The forms for one and for any other number.
    Counted {
        one: String,
        other: String,
    },
}

impl MessageText {
    /// The form for a number.
    pub fn form(&self, count: usize) -> &str {
        match self {
            MessageText::Plain(text) => text,
            MessageText::Counted { one, .. } if count == 1 => one,
            MessageText::Counted { other, .. } => other,
        }
    }

    /// The names of the placeholders in all forms.
    pub fn placeholders(&self) -> Vec<&str> {
        match self {
            MessageText::Plain(text) => names(text),
            MessageText::Counted { one, other } => [names(one), names(other)].concat(),
        }
    }
}

/// Replaces each `{name}`. A placeholder without a value stays as it is, and inserted values are not searched again.
pub fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut at = 0;
    for (start, end) in places(text) {
        if let Some(value) = value(&text[start + 1..end]) {
            filled.push_str(&text[at..start]);
            filled.push_str(&value);
            at = end + 1;
        }
    }
    filled.push_str(&text[at..]);
    filled
}

fn names(text: &str) -> Vec<&str> {
    places(text).map(|(start, end)| &text[start + 1..end]).collect()
}

/// The offsets of the opening and closing brace of each `{name}`, in bytes.
fn places(text: &str) -> impl Iterator<Item = (usize, usize)> {
    text.match_indices('{').filter_map(|(start, _)| {
        let end = start + text[start..].find('}')?;
        let name = &text[start + 1..end];
        let sound = !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        sound.then_some((start, end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_is_not_read_again() {
        let value = |name: &str| (name != "none").then(|| format!("{{{name}}}"));
        assert_eq!(fill("{a} {b_c}: {none} {} {X} {", value), "{a} {b_c}: {none} {} {X} {");
        assert_eq!(fill("a{count}b", |_| Some("7".to_owned())), "a7b");
    }

    #[test]
    fn a_number_chooses_the_form() {
        let text =
            MessageText::Counted { one: "{count} day".to_owned(), other: "{count} days of {all}".to_owned() };
        assert_eq!((text.form(1), text.form(0)), ("{count} day", "{count} days of {all}"));
        assert_eq!(text.placeholders(), ["count", "count", "all"]);
    }
}
