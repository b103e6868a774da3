//! Changes of `aliases` in front matter.
//!
//! Owns the edits that add the old address of a page and remove one that is the page's own. Comments, order and the
//! form of the list stay. The edited text is read again before it counts. A page that moves there and back has its old
//! bytes again: front matter without anything else goes with the alias that it was made for. In front matter that was
//! empty before, a blank line after the alias says so.

use std::ops::Range;

use crate::bounds::FRONT_MATTER_VALUES;
use crate::fields::yaml::{self, YamlScalar, YamlStyle};
use crate::fields::{Value, text_of};
use crate::input::text_edits::{TextEdit, apply};
use crate::markdown::front;
use crate::path::PageAddresses;
use crate::site::old_url;

use super::spelling::yaml_scalar;

const KEY: &str = "aliases";
const FENCE: &str = "---\n";

/// What should become of the aliases of a page. URLs are decoded and have no leading slash.
pub(super) struct AliasChange<'a> {
    /// The old URL, which should lead to the page.
    pub add: Option<&'a str>,
    /// The URL of the page. An alias for it has no effect and is removed.
    pub own: &'a str,
    /// How the site addresses pages.
    pub form: PageAddresses,
}

impl AliasChange<'_> {
    /// The edits in a text; none where nothing changes.
    ///
    /// # Errors
    /// The front matter is written in a way that cannot be edited in place; the error says why.
    pub fn edits(&self, text: &str) -> Result<Vec<TextEdit>, &'static str> {
        if front::toml_fence(text).is_some() {
            return Err("its front matter is TOML, and only YAML is read");
        }
        let parts = front::split(text);
        if parts.unclosed {
            return Err("its front matter is not closed");
        }
        let edits = match parts.yaml {
            None => self.new_block(),
            Some(yaml) => self.in_block(text, yaml).ok_or("its `aliases` are written in an unusual way")?,
        };
        if edits.is_empty() || self.is_right(text, &edits) {
            Ok(edits)
        } else {
            Err("its front matter cannot be edited in place")
        }
    }

    fn new_block(&self) -> Vec<TextEdit> {
        let block = |alias| format!("---\n{KEY}: [{alias}]\n---\n");
        self.spelled().map(|alias| TextEdit { range: 0..0, text: block(alias) }).into_iter().collect()
    }

    /// The new alias as a scalar that may stand in brackets.
    fn spelled(&self) -> Option<String> {
        let alias = format!("/{}", self.add?);
        let is_plain = alias.chars().all(|c| c.is_alphanumeric() || "/_.-~".contains(c));
        yaml_scalar(&alias, if is_plain { YamlStyle::Plain } else { YamlStyle::DoubleQuoted })
    }

    /// The edits in front matter; `None` if its form is not known.
    fn in_block(&self, text: &str, yaml: Range<usize>) -> Option<Vec<TextEdit>> {
        let map = yaml::read(&text[yaml.clone()], yaml.start, FRONT_MATTER_VALUES.most).ok()?;
        let Some(field) = map.fields.iter().find(|field| field.key == KEY) else {
            let mark = if yaml.is_empty() { "\n" } else { "" };
            let line = self.spelled().map(|alias| format!("{KEY}: [{alias}]\n{mark}"));
            return Some(line.map(|text| TextEdit { range: yaml.end..yaml.end, text }).into_iter().collect());
        };
        let scalars: Vec<YamlScalar> =
            yaml::scalars(&text[yaml.clone()], yaml.start, FRONT_MATTER_VALUES.most)
                .ok()?
                .into_iter()
                .filter(|scalar| scalar.path == KEY || scalar.path.starts_with("aliases["))
                .collect();
        let list = AliasList { text, yaml, key: field.at.clone(), items: scalars };
        match &field.value {
            Value::Null => Some(list.filled_null(self.spelled())),
            Value::List(items) if items.is_empty() => list.filled_brackets(self.spelled()),
            Value::List(items) if items.len() == list.items.len() => self.in_list(&list),
            Value::Text(_) if list.items.len() == 1 => Some(self.in_scalar(&list)),
            _ => None,
        }
    }

    fn is_own(&self, alias: &YamlScalar) -> bool {
        old_url(&alias.text, self.form).as_deref() == Some(self.own)
    }

    /// The new alias, unless the list has it.
    fn missing(&self, list: &AliasList<'_>) -> Option<String> {
        let has_it = list.items.iter().any(|alias| old_url(&alias.text, self.form).as_deref() == self.add);
        self.spelled().filter(|_| !has_it)
    }

    fn in_scalar(&self, list: &AliasList<'_>) -> Vec<TextEdit> {
        let item = &list.items[0];
        let written = &list.text[item.range.clone()];
        let (keeps, new) = (!self.is_own(item), self.missing(list));
        let text = match (keeps, new) {
            (true, None) => return Vec::new(),
            (true, Some(new)) => format!("[{written}, {new}]"),
            (false, Some(new)) => new,
            (false, None) => return vec![list.without_key(item.range.end)],
        };
        vec![TextEdit { range: item.range.clone(), text }]
    }

    fn in_list(&self, list: &AliasList<'_>) -> Option<Vec<TextEdit>> {
        let (first, last) = (list.items.first()?, list.items.last()?);
        let removed: Vec<usize> = (0..list.items.len()).filter(|at| self.is_own(&list.items[*at])).collect();
        let new = self.missing(list);
        let is_flow = list.text[list.key.end..first.range.start].contains('[');
        if removed.len() == list.items.len() && new.is_none() {
            let end = if is_flow {
                last.range.end + list.text[last.range.end..].find(']')?
            } else {
                last.range.end
            };
            return Some(vec![list.without_key(end)]);
        }
        let mut edits = Vec::new();
        if is_flow {
            if removed.len() == list.items.len() {
                let text = new?;
                return Some(vec![TextEdit { range: first.range.start..last.range.end, text }]);
            }
            for at in removed {
                let item = &list.items[at].range;
                let range = match list.items.get(at + 1) {
                    Some(next) => item.start..next.range.start,
                    None => list.items[at - 1].range.end..item.end,
                };
                edits.push(TextEdit { range, text: String::new() });
            }
            edits.extend(
                new.map(|new| TextEdit { range: last.range.end..last.range.end, text: format!(", {new}") }),
            );
            return Some(edits);
        }
        for at in removed {
            edits.push(TextEdit { range: list.line(&list.items[at].range), text: String::new() });
        }
        if let Some(new) = new {
            let line = list.line(&last.range);
            let mark = &list.text[line.start..last.range.start];
            edits.push(TextEdit { range: line.end..line.end, text: format!("{mark}{new}\n") });
        }
        Some(edits)
    }

    /// Whether the edited text has the wanted aliases, and all other values as before.
    fn is_right(&self, text: &str, edits: &[TextEdit]) -> bool {
        let edited = apply(text, edits);
        let values = |text: &str| -> Option<(Vec<String>, Vec<String>)> {
            let yaml = front::split(text).yaml.unwrap_or(0..0);
            let map = yaml::read(&text[yaml.clone()], yaml.start, FRONT_MATTER_VALUES.most).ok()?;
            let (aliases, others): (Vec<_>, Vec<_>) =
                map.fields.into_iter().partition(|field| field.key == KEY);
            let aliases = aliases.first().map_or_else(Vec::new, |field| match &field.value {
                Value::List(items) => items.iter().filter_map(text_of).collect(),
                value => text_of(value).into_iter().collect(),
            });
            Some((
                aliases,
                others.iter().map(|field| format!("{}: {}", field.key, plain(&field.value))).collect(),
            ))
        };
        let (Some((old, others_before)), Some((new, others_after))) = (values(text), values(&edited)) else {
            return false;
        };
        let url = |alias: &String| old_url(alias, self.form);
        let mut wanted: Vec<Option<String>> = old.iter().map(url).collect();
        wanted.retain(|alias| alias.as_deref() != Some(self.own));
        if let Some(add) = self.add
            && !wanted.iter().any(|alias| alias.as_deref() == Some(add))
        {
            wanted.push(Some(add.to_owned()));
        }
        let body = |text: &str| text[front::split(text).body..].to_owned();
        others_before == others_after
            && new.iter().map(url).collect::<Vec<_>>() == wanted
            && body(text) == body(&edited)
    }
}

/// A value without positions.
fn plain(value: &Value) -> String {
    match value {
        Value::List(items) => format!("[{}]", items.iter().map(plain).collect::<Vec<_>>().join(", ")),
        Value::Map(fields) => {
            let fields = fields.iter().map(|field| format!("{:?}: {}", field.key, plain(&field.value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        value => format!("{value:?}"),
    }
}

/// The aliases as they are written.
struct AliasList<'t> {
    text: &'t str,
    /// The range of the YAML.
    yaml: Range<usize>,
    key: Range<usize>,
    items: Vec<YamlScalar>,
}

impl AliasList<'_> {
    /// The whole line of an item, with its end.
    fn line(&self, item: &Range<usize>) -> Range<usize> {
        self.line_start(item.start)..self.line_end(item.end)
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |newline| newline + 1).max(self.yaml.start)
    }

    fn line_end(&self, at: usize) -> usize {
        self.text[at..].find('\n').map_or(self.text.len(), |newline| at + newline + 1)
    }

    /// Removes the key and its value, which ends at `end`; and the front matter, if it has nothing else and is not
    /// marked as one that was empty.
    fn without_key(&self, end: usize) -> TextEdit {
        let lines = self.line_start(self.key.start)..self.line_end(end);
        let is_marked = lines.start == self.yaml.start && &self.text[lines.end..self.yaml.end] == "\n";
        let range = if is_marked {
            self.yaml.clone()
        } else if lines == self.yaml {
            self.block().unwrap_or(lines)
        } else {
            lines
        };
        TextEdit { range, text: String::new() }
    }

    /// The front matter with its fences, as [`AliasChange`] writes it. `None` if it was written otherwise, or if what
    /// follows would become front matter in its place.
    fn block(&self) -> Option<Range<usize>> {
        let body = self.text[self.yaml.end..].strip_prefix(FENCE)?;
        let parts = front::split(body);
        let is_text = parts.yaml.is_none() && !parts.unclosed && front::toml_fence(body).is_none();
        let is_ours = self.yaml.start == FENCE.len() && self.text.starts_with(FENCE);
        (is_ours && is_text).then(|| 0..self.text.len() - body.len())
    }

    /// Gives a key without a value a list.
    fn filled_null(&self, new: Option<String>) -> Vec<TextEdit> {
        let Some(new) = new else { return Vec::new() };
        let written = self.items.first().filter(|item| !self.text[item.range.clone()].is_empty());
        let colon = || self.text[self.key.end..].find(':').map_or(self.key.end, |at| self.key.end + at + 1);
        match written {
            Some(null) => vec![TextEdit { range: null.range.clone(), text: format!("[{new}]") }],
            None => vec![TextEdit { range: colon()..colon(), text: format!(" [{new}]") }],
        }
    }

    /// Fills an empty list.
    fn filled_brackets(&self, new: Option<String>) -> Option<Vec<TextEdit>> {
        let Some(new) = new else { return Some(Vec::new()) };
        let open = self.key.end + self.text[self.key.end..].find('[')? + 1;
        Some(vec![TextEdit { range: open..open, text: new }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(text: &str, add: Option<&str>, own: &str) -> String {
        let edits = AliasChange { add, own, form: PageAddresses::Folders }.edits(text).unwrap();
        apply(text, &edits)
    }

    #[test]
    fn an_alias_is_added_in_the_form_of_the_list() {
        for (before, after) in [
            ("# A\n", "---\naliases: [/a/]\n---\n# A\n"),
            ("", "---\naliases: [/a/]\n---\n"),
            ("---\n---\nx", "---\naliases: [/a/]\n\n---\nx"),
            ("---\ntitle: x # y\n---\n", "---\ntitle: x # y\naliases: [/a/]\n---\n"),
            ("---\naliases: [/b/] # c\n---\n", "---\naliases: [/b/, /a/] # c\n---\n"),
            ("---\naliases: []\nb: 1\n---\n", "---\naliases: [/a/]\nb: 1\n---\n"),
            ("---\naliases:\nb: 1\n---\n", "---\naliases: [/a/]\nb: 1\n---\n"),
            ("---\naliases: ~\n---\n", "---\naliases: [/a/]\n---\n"),
            ("---\naliases: /b/\n---\n", "---\naliases: [/b/, /a/]\n---\n"),
            ("---\naliases:\n- /b/ # c\nd: 1\n---\n", "---\naliases:\n- /b/ # c\n- /a/\nd: 1\n---\n"),
            ("---\naliases:\n  - '/b/'\n---\n", "---\naliases:\n  - '/b/'\n  - /a/\n---\n"),
            ("---\naliases: [/a]\n---\n", "---\naliases: [/a]\n---\n"),
        ] {
            assert_eq!(changed(before, Some("a/"), "own/"), after, "{before}");
        }
        assert_eq!(changed("x", Some("a b/"), "own/"), "---\naliases: [\"/a b/\"]\n---\nx");
    }

    #[test]
    fn an_alias_of_the_own_address_is_removed() {
        for (before, after) in [
            ("---\naliases: [/own/, /b/]\n---\n", "---\naliases: [/b/]\n---\n"),
            ("---\naliases: [/b/, /own/]\n---\n", "---\naliases: [/b/]\n---\n"),
            ("---\nt: 1\naliases: [/own/]\n---\n", "---\nt: 1\n---\n"),
            ("---\naliases: own\nt: 1\n---\n", "---\nt: 1\n---\n"),
            ("---\naliases:\n  - /own/\n  - /b/\n---\n", "---\naliases:\n  - /b/\n---\n"),
            ("---\naliases:\n  - /own/ # c\nt: 1\n---\n", "---\nt: 1\n---\n"),
        ] {
            assert_eq!(changed(before, None, "own/"), after, "{before}");
        }
        let both = changed("---\naliases: [/own/]\n---\n", Some("a/"), "own/");
        assert_eq!(both, "---\naliases: [/a/]\n---\n");
        let both = changed("---\naliases:\n  - /own/\n---\n", Some("a/"), "own/");
        assert_eq!(both, "---\naliases:\n  - /a/\n---\n");
        let followed = changed("---\naliases: [/own/]\n---\n---\nt: 1\n---\n", None, "own/");
        assert_eq!(followed, "---\n---\n---\nt: 1\n---\n");
    }

    #[test]
    fn an_alias_that_is_added_and_removed_leaves_every_byte() {
        for text in [
            "# A\n",
            "",
            "\n\nx",
            "---\n\nx",
            "---\n---\n",
            "---\n---\nx",
            "---\n\n---\nx",
            "---\n# c\n---\nx",
            "--- # c\n---\nx",
            "---\n...\nx",
            "---\ntitle: x\n---\n",
            "---\naliases: [/b/]\n---\n",
        ] {
            assert_eq!(changed(&changed(text, Some("a/"), "own/"), None, "a/"), text, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_edited_is_refused() {
        for text in [
            "+++\na = 1\n+++\n",
            "---\na: 1\n\ntext",
            "---\n{title: x}\n---\n",
            "---\naliases: &x [/b/]\nb: *x\n---\n",
        ] {
            let edits =
                AliasChange { add: Some("a/"), own: "own/", form: PageAddresses::Folders }.edits(text);
            assert!(edits.is_err(), "{text}: {edits:?}");
        }
    }
}
