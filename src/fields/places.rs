//! Where each key and each item of a YAML text stands: the YAML parser does not say.
//!
//! Owns a scan by lines and indents that names every place by its path: `owner`, `actions[0].due`. It reads the
//! YAML that people write by hand, and only after a parser has taken the text; where it is at a loss a path is
//! missing, and the place of what surrounds it serves.

use std::collections::BTreeMap;
use std::ops::Range;

/// Places in bytes of the file, by path.
pub type Places = BTreeMap<String, Range<usize>>;

/// The place of a path, or of the nearest thing around it that is known.
pub fn find(places: &Places, path: &str) -> Option<Range<usize>> {
    let mut path = path;
    loop {
        if let Some(place) = places.get(path) {
            return Some(place.clone());
        }
        path = &path[..path.rfind(['.', '['])?];
    }
}

/// Every place in a text that starts at byte `base` of its file.
pub(super) fn scan(yaml: &str, base: usize) -> Places {
    let mut scan = Scan { places: Places::new(), open: Vec::new(), pending: String::new(), verbatim: None };
    let mut at = base;
    for line in yaml.split_inclusive('\n') {
        let text = line.trim_end();
        let indent = text.len() - text.trim_start().len();
        let text = text.trim_start();
        if !scan.in_verbatim(text, indent) && !text.is_empty() && !text.starts_with('#') {
            scan.line(text, indent, at + indent);
        }
        at += line.len();
    }
    scan.places
}

/// A map or a list whose lines are being read.
struct Open {
    indent: usize,
    path: String,
    /// Of a list, the number of the last item.
    item: Option<usize>,
}

struct Scan {
    places: Places,
    open: Vec<Open>,
    /// What the next deeper lines belong to.
    pending: String,
    /// Lines deeper than this are the text of `|` or `>`.
    verbatim: Option<usize>,
}

impl Scan {
    fn in_verbatim(&mut self, text: &str, indent: usize) -> bool {
        let inside = self.verbatim.is_some_and(|parent| text.is_empty() || indent > parent);
        if !inside {
            self.verbatim = None;
        }
        inside
    }

    fn line(&mut self, text: &str, indent: usize, at: usize) {
        while self.open.last().is_some_and(|open| open.indent > indent) {
            self.open.pop();
        }
        if text == "-" || text.starts_with("- ") {
            return self.item(text, indent, at);
        }
        let Some(colon) = key_end(text) else { return };
        if self.open.last().is_some_and(|open| open.indent == indent && open.item.is_some()) {
            self.open.pop();
        }
        if self.open.last().is_none_or(|open| open.indent < indent) {
            self.open.push(Open { indent, path: self.pending.clone(), item: None });
        }
        let path = self.open.last().map_or("", |open| &open.path);
        let path = joined(path, text[..colon].trim().trim_matches(['"', '\'']));
        self.await_value(&path);
        self.places.entry(path).or_insert(at..at + text[..colon].trim_end().len());
        self.value(&text[colon + 1..], indent, at + colon + 1);
    }

    fn await_value(&mut self, path: &str) {
        self.pending.clear();
        self.pending.push_str(path);
    }

    fn item(&mut self, text: &str, indent: usize, at: usize) {
        if self.open.last().is_none_or(|open| open.indent < indent || open.item.is_none()) {
            self.open.push(Open { indent, path: self.pending.clone(), item: None });
        }
        let Some(list) = self.open.last_mut() else { return };
        let number = list.item.map_or(0, |last| last + 1);
        list.item = Some(number);
        let path = format!("{}[{number}]", list.path);
        let rest = text[1..].trim_start();
        let inner = text.len() - rest.len();
        self.await_value(&path);
        self.places.insert(path, at + inner..at + text.len());
        if rest.starts_with(['{', '[']) || key_end(rest).is_none() {
            self.value(rest, indent, at + inner);
        } else if !rest.is_empty() {
            self.line(rest, indent + inner, at + inner);
        }
    }

    fn value(&mut self, value: &str, indent: usize, at: usize) {
        let text = value.trim_start();
        let at = at + value.len() - text.len();
        if text.starts_with(['|', '>']) {
            self.verbatim = Some(indent);
        } else if text.starts_with(['{', '[']) {
            let path = std::mem::take(&mut self.pending);
            self.flow(text, &path, at);
            self.pending = path;
        }
    }

    /// The items and keys of `[a, b]` and `{a: 1}`, also nested.
    fn flow(&mut self, text: &str, path: &str, at: usize) {
        let (mut outer, mut start, mut quote) = (Vec::<(String, usize)>::new(), 0, None);
        for (index, c) in text.char_indices() {
            match (quote, c) {
                (Some(open), c) if c == open => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'') => quote = Some(c),
                (None, '[' | '{') => {
                    let inner = match outer.last() {
                        None => path.to_owned(),
                        Some((path, number)) => self.part(text, start..index, (path, *number), at),
                    };
                    outer.push((inner, if c == '[' { 0 } else { usize::MAX }));
                    start = index + 1;
                }
                (None, ',' | ']' | '}') => {
                    if let Some((path, number)) = outer.last_mut() {
                        let (path, before) = (path.clone(), *number);
                        *number = number.saturating_add(usize::from(*number != usize::MAX));
                        self.part(text, start..index, (&path, before), at);
                    }
                    if c != ',' {
                        outer.pop();
                    }
                    start = index + 1;
                }
                (None, _) => {}
            }
        }
    }

    /// Notes one item of a list, or one key of a map (`usize::MAX`); gives its path.
    fn part(&mut self, text: &str, range: Range<usize>, of: (&str, usize), at: usize) -> String {
        let part = &text[range.clone()];
        let start = at + range.start + part.len() - part.trim_start().len();
        let part = part.trim();
        let (path, number) = of;
        let (path, length) = match number {
            usize::MAX => {
                let key = part.split(':').next().unwrap_or("").trim();
                (joined(path, key.trim_matches(['"', '\''])), key.len())
            }
            number => (format!("{path}[{number}]"), part.len()),
        };
        if !part.is_empty() || number != usize::MAX {
            self.places.entry(path.clone()).or_insert(start..start + length);
        }
        path
    }
}

/// Where the colon after a key stands.
fn key_end(text: &str) -> Option<usize> {
    let quoted = match text.chars().next()? {
        quote @ ('"' | '\'') => text[1..].find(quote)? + 2,
        _ => 0,
    };
    let colons = text[quoted..].match_indices(':').map(|(at, _)| at + quoted);
    colons.into_iter().find(|at| text[at + 1..].is_empty() || text[at + 1..].starts_with([' ', '\t']))
}

fn joined(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { [path, ".", key].concat() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_and_item_has_its_place() {
        let yaml = "owner: ops\nlayer: [iaas, \"k8s, x\"]\nactions:\n  - id: A1\n    due: 2026\n  -\n    id: A2\n\
            list:\n- a\n- b: c\n  d: e\ntext: |\n  no: key\n\nflow: {a: 1, b: [x, {c: d}]}\nlast: 1\n";
        let places = scan(yaml, 0);
        let texts: Vec<_> = places.iter().map(|(path, at)| format!("{path}={}", &yaml[at.clone()])).collect();
        let wanted = "actions=actions actions[0]=id: A1 actions[0].due=due actions[0].id=id actions[1]= \
            actions[1].id=id flow=flow flow.a=a flow.b=b flow.b[0]=x flow.b[1]= flow.b[1].c=c last=last layer=layer \
            layer[0]=iaas layer[1]=\"k8s, x\" list=list list[0]=a list[1]=b: c list[1].b=b list[1].d=d \
            owner=owner text=text";
        assert_eq!(texts.join(" "), wanted);
    }

    #[test]
    fn what_is_not_known_has_the_place_around_it() {
        let places = scan("a:\n  b: 1\n", 10);
        assert_eq!(find(&places, "a.b.c[3]"), Some(15..16));
        assert_eq!(find(&places, "z"), None);
    }
}
