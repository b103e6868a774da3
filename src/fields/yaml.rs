//! Reads YAML into fields with positions.
//!
//! Owns the meaning of the YAML parser's events: values by the rules of YAML 1.2, aliases, and the position of each
//! key and each item. Limits the number of values and their depth, because aliases can make a large tree of a small
//! text. Does not know keys.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use granit_parser::{Event, Options, Parser, ScalarStyle, Span, Tag};

use super::{FieldEntry, Value};

/// The deepest nesting of maps and lists.
const DEEPEST: usize = 128;

/// Ranges in bytes of the file, by path: `owner`, `actions[0].due`.
pub type YamlSpans = BTreeMap<String, Range<usize>>;

/// The range of a path, or of the nearest field or item around it that is known.
pub fn place(places: &YamlSpans, path: &str) -> Option<Range<usize>> {
    let mut path = path;
    loop {
        if let Some(place) = places.get(path) {
            return Some(place.clone());
        }
        path = &path[..path.rfind(['.', '['])?];
    }
}

/// An error in a YAML text.
#[derive(Debug)]
pub struct YamlProblem {
    /// Byte offset in the file.
    pub at: usize,
    pub message: String,
}

/// The fields of a YAML map, and the positions of all keys and items.
#[derive(Debug, Default)]
pub struct Map {
    pub fields: Vec<FieldEntry>,
    pub places: Arc<YamlSpans>,
}

/// A scalar value of a map or an item of a list, where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YamlScalar {
    /// The path, as in [`YamlSpans`].
    pub path: String,
    /// The range of [`YamlSpans`] for this path: the key, or the item itself.
    pub place: Range<usize>,
    /// The range of the value with its quotes, in bytes of the file.
    pub range: Range<usize>,
    pub text: String,
    pub style: YamlStyle,
}

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum YamlStyle {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    /// A block of lines after `|` or `>`, or a value with a tag or an anchor.
    Other,
}

/// The scalar values of a YAML map that starts at byte `base` of its file, in their order. Values that an alias repeats
/// are not among them.
///
/// # Errors
/// As [`read`].
pub fn scalars(yaml: &str, base: usize, most: usize) -> Result<Vec<YamlScalar>, YamlProblem> {
    let mut builder = TreeBuilder { yaml, most, ..TreeBuilder::default() };
    builder.read().map_err(|problem| YamlProblem { at: base + problem.at, ..problem })?;
    let mut scalars = builder.scalars;
    for scalar in &mut scalars {
        scalar.place = scalar.place.start + base..scalar.place.end + base;
        scalar.range = scalar.range.start + base..scalar.range.end + base;
    }
    Ok(scalars)
}

/// Reads a YAML map that starts at byte `base` of its file. More than `most` values are an error.
///
/// # Errors
/// Returns the first mistake in the YAML, with its position.
pub fn read(yaml: &str, base: usize, most: usize) -> Result<Map, YamlProblem> {
    let mut builder = TreeBuilder { yaml, most, ..TreeBuilder::default() };
    builder.read().map_err(|problem| {
        let problem = tab(yaml).unwrap_or(problem);
        YamlProblem { at: base + problem.at, ..problem }
    })?;
    let fields = match builder.root {
        Some(Value::Map(fields)) => fields,
        None => return Ok(Map::default()),
        Some(_) => {
            return Err(YamlProblem {
                at: base,
                message: "this must be a map of keys and values".to_owned(),
            });
        }
    };
    let mut map = Map { fields, places: Arc::new(builder.places) };
    if base > 0 {
        shift(&mut map, base);
    }
    Ok(map)
}

/// Makes positions relative to the start of the file instead of the start of the YAML.
fn shift(map: &mut Map, base: usize) {
    fn shift_fields(fields: &mut [FieldEntry], base: usize) {
        for field in fields {
            field.at = field.at.start + base..field.at.end + base;
            shift_value(&mut field.value, base);
        }
    }
    fn shift_value(value: &mut Value, base: usize) {
        match value {
            Value::Map(fields) => shift_fields(fields, base),
            Value::List(items) => items.iter_mut().for_each(|item| shift_value(item, base)),
            Value::Null | Value::Flag(_) | Value::Number(..) | Value::Text(_) => {}
        }
    }
    shift_fields(&mut map.fields, base);
    for place in Arc::make_mut(&mut map.places).values_mut() {
        *place = place.start + base..place.end + base;
    }
}

/// The problem of a tab that indents a line. The parser would report what follows from the tab.
fn tab(yaml: &str) -> Option<YamlProblem> {
    let mut at = 0;
    for line in yaml.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        if let Some(tab) = line[..indent].find('\t').filter(|_| !line.trim().is_empty()) {
            let message = "a tab indents this line; YAML allows only spaces there".to_owned();
            return Some(YamlProblem { at: at + tab, message });
        }
        at += line.len();
    }
    None
}

/// The tree of values while it is built.
#[derive(Default)]
struct TreeBuilder<'a> {
    yaml: &'a str,
    most: usize,
    /// The number of values so far, including the values of aliases.
    count: usize,
    /// The path of the next value.
    path: String,
    places: YamlSpans,
    scalars: Vec<YamlScalar>,
    open: Vec<OpenCollection>,
    anchors: HashMap<usize, Value>,
    root: Option<Value>,
}

/// A list or map that is not closed yet.
struct OpenCollection {
    values: Collection,
    /// The number of its anchor; zero if it has none.
    anchor: usize,
    /// The length of its own path in bytes.
    path: usize,
}

enum Collection {
    List(Vec<Value>),
    /// The fields, and a key whose value is not read yet.
    Map(Vec<FieldEntry>, Option<(String, Range<usize>)>),
}

impl TreeBuilder<'_> {
    fn read(&mut self) -> Result<(), YamlProblem> {
        let mut options = Options::default();
        options.set_emit_comments(false);
        options.flow_nesting_limit = DEEPEST;
        options.block_nesting_limit = DEEPEST;
        let mut documents = 0;
        for event in Parser::new_from_str_with_options(self.yaml, options) {
            let (event, span) = event.map_err(|error| YamlProblem {
                at: error.marker().byte_offset().unwrap_or(0).min(self.yaml.len()),
                message: error.info(),
            })?;
            let range = self.range(&span);
            match event {
                Event::DocumentStart(..) => {
                    documents += 1;
                    if documents > 1 {
                        return Err(problem(&range, "a second document begins here"));
                    }
                }
                Event::Scalar(text, style, anchor, tag) => {
                    self.begin(&range)?;
                    let value =
                        scalar(&text, style, tag.as_deref()).map_err(|error| problem(&range, error))?;
                    let is_bare = tag.is_none() && anchor == 0;
                    self.scalar(text.into_owned(), Some(style).filter(|_| is_bare), &range);
                    self.end(value, anchor, range)?;
                }
                Event::Alias(anchor) => {
                    self.begin(&range)?;
                    let value = self.alias(anchor).map_err(|error| problem(&range, &error))?;
                    self.end(value, 0, range)?;
                }
                Event::SequenceStart(_, anchor, tag) => {
                    self.open(Collection::List(Vec::new()), anchor, tag.as_deref(), &range)?;
                }
                Event::MappingStart(_, anchor, tag) => {
                    self.open(Collection::Map(Vec::new(), None), anchor, tag.as_deref(), &range)?;
                }
                Event::SequenceEnd | Event::MappingEnd => self.close(range)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn range(&self, span: &Span) -> Range<usize> {
        let Range { start, end } = span.byte_range().unwrap_or(0..0);
        start.min(self.yaml.len())..end.min(self.yaml.len())
    }

    /// Starts a value: counts it, and records the position of an item.
    fn begin(&mut self, range: &Range<usize>) -> Result<(), YamlProblem> {
        self.count += 1;
        if self.count > self.most {
            return Err(problem(range, &format!("more than {} values", self.most)));
        }
        if let Some(OpenCollection { values: Collection::List(items), path, .. }) = self.open.last() {
            self.path.truncate(*path);
            self.path.push_str(&format!("[{}]", items.len()));
            // The position of an item of many lines is its first line.
            let line = self
                .yaml
                .get(range.start..)
                .and_then(|rest| rest.lines().next())
                .unwrap_or("")
                .trim_end()
                .len();
            self.places.insert(self.path.clone(), range.start..range.start + line);
        }
        Ok(())
    }

    /// Records a scalar that is a value or an item, not a key. Without a style it is written in an unusual way.
    fn scalar(&mut self, text: String, style: Option<ScalarStyle>, range: &Range<usize>) {
        let place = match self.open.last().map(|open| &open.values) {
            Some(Collection::List(_)) => range.clone(),
            Some(Collection::Map(_, Some((_, key)))) => key.clone(),
            Some(Collection::Map(_, None)) | None => return,
        };
        let style = match style {
            Some(ScalarStyle::Plain) => YamlStyle::Plain,
            Some(ScalarStyle::SingleQuoted) => YamlStyle::SingleQuoted,
            Some(ScalarStyle::DoubleQuoted) => YamlStyle::DoubleQuoted,
            _ => YamlStyle::Other,
        };
        self.scalars.push(YamlScalar { path: self.path.clone(), place, range: range.clone(), text, style });
    }

    fn open(
        &mut self,
        values: Collection,
        anchor: usize,
        tag: Option<&Tag>,
        range: &Range<usize>,
    ) -> Result<(), YamlProblem> {
        self.begin(range)?;
        // A map without a pending key expects one, and a key cannot be a list or a map.
        if let Some(OpenCollection { values: Collection::Map(_, None), .. }) = self.open.last() {
            return Err(problem(range, "a key must be a text"));
        }
        if tag.is_some_and(|tag| tag.handle() != CORE) {
            return Err(problem(range, "a tag such as `!name` has no meaning here"));
        }
        if self.open.len() >= DEEPEST {
            return Err(problem(range, "lists and maps are nested too deep"));
        }
        self.open.push(OpenCollection { values, anchor, path: self.path.len() });
        Ok(())
    }

    fn close(&mut self, range: Range<usize>) -> Result<(), YamlProblem> {
        let Some(OpenCollection { values, anchor, path }) = self.open.pop() else { return Ok(()) };
        self.path.truncate(path);
        let value = match values {
            Collection::List(items) => Value::List(items),
            Collection::Map(fields, _) => Value::Map(fields),
        };
        // An item in brackets ends where they close, which may be within its line.
        if let Some(place) = self.places.get_mut(&self.path).filter(|_| self.path.ends_with(']')) {
            place.end = place.end.min(range.end).max(place.start);
        }
        self.end(value, anchor, range)
    }

    /// Adds a finished value to the list or map around it, or makes it the root.
    fn end(&mut self, value: Value, anchor: usize, range: Range<usize>) -> Result<(), YamlProblem> {
        if anchor != 0 {
            self.anchors.insert(anchor, value.clone());
        }
        let Some(OpenCollection { values, path, .. }) = self.open.last_mut() else {
            self.root = Some(value);
            return Ok(());
        };
        match values {
            Collection::List(items) => {
                // `begin` has recorded the whole line. The position of a scalar is its own range.
                if !matches!(value, Value::List(_) | Value::Map(_)) {
                    self.places.insert(self.path.clone(), range);
                }
                items.push(value);
            }
            Collection::Map(fields, key @ None) => {
                let Some(text) = super::text_of(&value) else {
                    return Err(problem(&range, "a key must be a text"));
                };
                if fields.iter().any(|field| field.key == text) {
                    return Err(problem(&range, &format!("the key `{text}` is set twice")));
                }
                self.path.truncate(*path);
                if *path > 0 {
                    self.path.push('.');
                }
                self.path.push_str(&text);
                self.places.entry(self.path.clone()).or_insert_with(|| range.clone());
                *key = Some((text, range));
            }
            Collection::Map(fields, key) => {
                if let Some((key, at)) = key.take() {
                    fields.push(FieldEntry { key, at, value });
                }
            }
        }
        Ok(())
    }

    /// A copy of the value that an alias names.
    fn alias(&mut self, anchor: usize) -> Result<Value, String> {
        let value = self.anchors.get(&anchor).ok_or("an alias cannot be inside the value that it names")?;
        let (count, depth) = size(value);
        // `begin` has counted one value for the alias already.
        self.count += count - 1;
        if self.count > self.most {
            return Err(format!("more than {} values", self.most));
        }
        if self.open.len() + depth > DEEPEST {
            return Err("lists and maps are nested too deep".to_owned());
        }
        Ok(value.clone())
    }
}

fn problem(range: &Range<usize>, message: &str) -> YamlProblem {
    YamlProblem { at: range.start, message: message.to_owned() }
}

/// The number of values in a value, keys included, and the depth of their nesting.
fn size(value: &Value) -> (usize, usize) {
    let (mut count, mut depth) = (1, 0);
    let mut add = |value: &Value, keys: usize| {
        let (inner, deep) = size(value);
        count += inner + keys;
        depth = depth.max(deep + 1);
    };
    match value {
        Value::List(items) => items.iter().for_each(|item| add(item, 0)),
        Value::Map(fields) => fields.iter().for_each(|field| add(&field.value, 1)),
        Value::Null | Value::Flag(_) | Value::Number(..) | Value::Text(_) => {}
    }
    (count, depth)
}

/// The handle of the tags that YAML itself defines, such as `!!str`.
const CORE: &str = "tag:yaml.org,2002:";

/// The value of a scalar (YAML 1.2.2, section 10.3.2).
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Result<Value, &'static str> {
    match tag.map(|tag| (tag.handle(), tag.suffix())) {
        None if style == ScalarStyle::Plain => Ok(plain(text)),
        None | Some(("" | "!", "" | "!")) | Some((CORE, "str")) => Ok(Value::Text(text.to_owned())),
        Some((CORE, _)) => Ok(plain(text)),
        Some(_) => Err("a tag such as `!name` has no meaning here"),
    }
}

fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Flag(true),
        "false" | "False" | "FALSE" => Value::Flag(false),
        _ => match number(text) {
            Some(number) => Value::Number(number, text.to_owned()),
            None => Value::Text(text.to_owned()),
        },
    }
}

fn number(text: &str) -> Option<f64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.starts_with(['+', '-']) {
        return None;
    }
    for (prefix, base) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = digits.strip_prefix(prefix).filter(|digits| !digits.starts_with(['+', '-'])) {
            return Some(sign * u64::from_str_radix(digits, base).ok()? as f64);
        }
    }
    match digits {
        ".inf" | ".Inf" | ".INF" => return Some(sign * f64::INFINITY),
        ".nan" | ".NaN" | ".NAN" => return (text == digits).then_some(f64::NAN),
        _ => {}
    }
    // `007` is an identifier, not the number 7.
    if digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: f64 = digits.parse().ok()?;
    number.is_finite().then_some(sign * number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_cannot_grow_beyond_the_budget() {
        let mut bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
        for (name, before) in [("b", "a"), ("c", "b"), ("d", "c"), ("e", "d")] {
            let row = vec![format!("*{before}"); 10].join(",");
            bomb.push_str(&format!("{name}: &{name} [{row}]\n"));
        }
        assert!(read(&bomb, 0, 2_000).unwrap_err().message.contains("more than 2000"));
        let mut chain = "a0: &a0 [x]\n".to_owned();
        for number in 1..300 {
            chain.push_str(&format!("a{number}: &a{number} [*a{}]\n", number - 1));
        }
        assert!(read(&chain, 0, 1_000_000).unwrap_err().message.contains("too deep"));
        assert!(read("a: &a [*a]\n", 0, 99).is_err());
        for open in ["[", "{a: ", "- ", "? "] {
            assert!(read(&open.repeat(100_000), 0, 1_000_000).is_err(), "{open}");
        }
    }

    #[test]
    fn a_key_that_is_set_twice_is_an_error_at_the_second_one() {
        let problem = read("a: 1\na: 2\n", 10, 9).unwrap_err();
        assert_eq!((problem.at, problem.message.as_str()), (15, "the key `a` is set twice"));
    }

    #[test]
    fn every_key_and_item_has_its_place() {
        let yaml = "owner: ops\nlayer: [iaas, \"k8s, x\"]\nactions:\n  - id: A1\n    due: 2026\n  -\n    id: A2\n\
            list:\n- a\n- b: c\n  d: e\ntext: |\n  no: key\n\nflow: {a: 1, b: [x, {c: d}]}\n\"last\": 1\n";
        let map = read(yaml, 0, 100).unwrap();
        let texts: Vec<_> =
            map.places.iter().map(|(path, at)| format!("{path}={}", &yaml[at.clone()])).collect();
        let wanted = "actions=actions actions[0]=id: A1 actions[0].due=due actions[0].id=id actions[1]=id: A2 \
            actions[1].id=id flow=flow flow.a=a flow.b=b flow.b[0]=x flow.b[1]={c: d} flow.b[1].c=c last=\"last\" \
            layer=layer layer[0]=iaas layer[1]=\"k8s, x\" list=list list[0]=a list[1]=b: c list[1].b=b list[1].d=d \
            owner=owner text=text";
        assert_eq!(texts.join(" "), wanted);
        assert_eq!(&yaml[map.fields[0].at.clone()], "owner");
    }

    #[test]
    fn every_scalar_value_has_its_range_with_quotes() {
        let yaml = "owner: ops # who\nlayer: [iaas, \"k8s, x\"]\nactions:\n  - id: 'A1'\n  - x\nempty:\ntext: |\n  b\n\
            a: &n v\nb: *n\n";
        let found = scalars(yaml, 0, 100).unwrap();
        let texts: Vec<_> =
            found.iter().map(|scalar| format!("{}={}", scalar.path, &yaml[scalar.range.clone()])).collect();
        let wanted = [
            "owner=ops",
            "layer[0]=iaas",
            "layer[1]=\"k8s, x\"",
            "actions[0].id='A1'",
            "actions[1]=x",
            "empty=",
        ];
        assert_eq!(texts[..6], wanted);
        let styles: Vec<YamlStyle> = found.iter().map(|scalar| scalar.style).collect();
        use YamlStyle::{DoubleQuoted, Other, Plain, SingleQuoted};
        assert_eq!(styles, [Plain, Plain, DoubleQuoted, SingleQuoted, Plain, Plain, Other, Other]);
        assert_eq!(&yaml[found[0].place.clone()], "owner");
    }

    #[test]
    fn what_is_not_known_has_the_place_around_it() {
        let map = read("a:\n  b: 1\n", 10, 9).unwrap();
        assert_eq!(place(&map.places, "a.b.c[3]"), Some(15..16));
        assert_eq!(place(&map.places, "z"), None);
    }

    #[test]
    fn scalars_mean_what_yaml_says_and_numbers_stay_as_written() {
        let number = |value: f64, written: &str| Value::Number(value, written.to_owned());
        for (text, value) in [
            ("1.10", number(1.1, "1.10")),
            ("0x1F", number(31.0, "0x1F")),
            ("-3", number(-3.0, "-3")),
            ("+.5", number(0.5, "+.5")),
            ("2e3", number(2000.0, "2e3")),
            ("007", Value::Text("007".to_owned())),
            ("1_000", Value::Text("1_000".to_owned())),
            ("yes", Value::Text("yes".to_owned())),
            ("True", Value::Flag(true)),
            ("~", Value::Null),
            ("", Value::Null),
            ("'1'", Value::Text("1".to_owned())),
            ("!!str 1", Value::Text("1".to_owned())),
            ("! 1", Value::Text("1".to_owned())),
            ("|\n  1", Value::Text("1\n".to_owned())),
        ] {
            let map = read(&format!("a: {text}\n"), 0, 9).unwrap();
            assert_eq!(map.fields[0].value, value, "{text}");
        }
        for wrong in ["a: !x 1", "a: !x [1]", "[a]: 1", "a", "- a", "a: 1\n---\nb: 1\n", "a: \"", "a: *b"] {
            assert!(read(wrong, 0, 9).is_err(), "{wrong}");
        }
        assert!(read("# nothing\n\n", 0, 9).unwrap().fields.is_empty());
    }

    /// Compares the front matter of test sites and pages with the values that another parser reads.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "reads the repository's own files")]
    fn front_matter_means_what_another_parser_reads() {
        fn plain(value: &Value) -> serde_yaml::Value {
            match value {
                Value::Null => serde_yaml::Value::Null,
                Value::Flag(flag) => (*flag).into(),
                Value::Number(number, _) => (*number).into(),
                Value::Text(text) => text.clone().into(),
                Value::List(items) => items.iter().map(plain).collect(),
                Value::Map(fields) => serde_yaml::Value::Mapping(
                    fields.iter().map(|field| (field.key.clone().into(), plain(&field.value))).collect(),
                ),
            }
        }
        /// Numbers as floats and keys as texts, because it does not matter whether 1 is an integer.
        fn simple(value: serde_yaml::Value) -> serde_yaml::Value {
            match value {
                serde_yaml::Value::Number(number) => number.as_f64().unwrap_or(f64::NAN).into(),
                serde_yaml::Value::Sequence(items) => items.into_iter().map(simple).collect(),
                serde_yaml::Value::Mapping(fields) => serde_yaml::Value::Mapping(
                    fields.into_iter().map(|(key, value)| (key, simple(value))).collect(),
                ),
                other => other,
            }
        }
        let mut compared = 0;
        for folder in ["tests/sites", "content"] {
            for entry in walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap) {
                let Ok(text) = std::fs::read_to_string(entry.path()) else { continue };
                for block in text.split("---\n") {
                    let Ok(wanted) = serde_yaml::from_str::<serde_yaml::Value>(block) else { continue };
                    let Ok(map) = read(block, 0, 10_000) else { continue };
                    if !wanted.is_mapping() {
                        continue;
                    }
                    assert_eq!(plain(&Value::Map(map.fields)), simple(wanted), "{block}");
                    compared += 1;
                }
            }
        }
        assert!(compared > 300, "{compared}");
    }
}
