//! Rust files as text to count in: comments and literals blanked, functions found by their braces.
//!
//! Owns [`File`] and the small scanner behind it. It knows just enough of Rust's surface to tell code from
//! text; it is no parser, and macros are read as written.

use std::ops::Range;
use std::path::Path;

/// A Rust source file.
pub struct File {
    /// Relative to the repository, `/` between segments.
    pub path: String,
    pub text: String,
    /// The text with every comment and literal blanked out, byte for byte in the same places.
    pub code: String,
    /// Byte ranges of items under `#[cfg(test)]`; all of a file whose name ends with `tests.rs`.
    tests: Vec<Range<usize>>,
}

/// One function with a body.
pub struct Function {
    pub name: String,
    /// Counts from 1.
    pub line: usize,
    /// Whether a trait says what the function is called.
    pub of_trait: bool,
}

impl File {
    /// Takes a file's text.
    pub fn new(path: impl Into<String>, text: String) -> File {
        let code = blank(&text);
        let path = path.into();
        let whole = path.ends_with("tests.rs").then_some(0..code.len());
        let tests = whole.map_or_else(|| test_items(&code), |range| vec![range]);
        File { path, text, code, tests }
    }

    /// `path:line` of a byte offset.
    pub fn place(&self, at: usize) -> String {
        format!("{}:{}", self.path, line(&self.code, at))
    }

    /// Whether the offset lies in an item under `#[cfg(test)]`.
    pub fn in_tests(&self, at: usize) -> bool {
        self.tests.iter().any(|range| range.contains(&at))
    }

    /// Offsets of `word` in the code, where it stands as a whole word.
    pub fn words(&self, word: &str) -> Vec<usize> {
        find_words(&self.code, word)
    }

    /// Every function that has a body, in order.
    pub fn functions(&self) -> Vec<Function> {
        let traits = trait_items(&self.code);
        let of_trait = |at: usize| traits.iter().any(|range| range.contains(&at));
        let found = self.words("fn").into_iter();
        found
            .filter_map(|at| Some(Function { of_trait: of_trait(at), ..function(&self.code, at)? }))
            .collect()
    }

    /// Names of types and traits that other modules can name, with their offsets. `pub(super)` is for one module alone.
    pub fn public_types(&self) -> Vec<(usize, String)> {
        let keywords = ["struct", "enum", "union", "trait", "type"];
        let mut found: Vec<usize> = keywords.iter().flat_map(|keyword| self.words(keyword)).collect();
        found.sort_unstable();
        found.retain(|at| !self.in_tests(*at) && is_public(&self.code[..*at]));
        found
            .into_iter()
            .map(|at| (at, first_word(self.code[at..].trim_start_matches(char::is_alphabetic))))
            .collect()
    }
}

/// Every `.rs` file in `folder`, a path relative to the repository, in order of their paths.
#[expect(clippy::disallowed_methods, reason = "reads the repository's own files")]
pub fn files(folder: &str) -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let walk = walkdir::WalkDir::new(root.join(folder)).sort_by_file_name();
    walk.into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.path().extension().is_some_and(|ext| ext == "rs"))
        .map(|entry| {
            let path = entry.path().strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            File::new(path, std::fs::read_to_string(entry.path()).unwrap())
        })
        .collect()
}

/// The line of a byte offset, from 1.
fn line(text: &str, at: usize) -> usize {
    text[..at].bytes().filter(|b| *b == b'\n').count() + 1
}

/// Replaces comments, strings and characters by blanks; line ends stay.
fn blank(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = literal_end(bytes, at);
        for b in &mut out[at..end] {
            *b = if *b == b'\n' { b'\n' } else { b' ' };
        }
        at = end.max(at + 1);
    }
    String::from_utf8(out).expect("whole literals and comments were blanked")
}

/// Where the comment or literal that starts at `at` ends; `at` itself where none does.
fn literal_end(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    let after_word = at > 0 && is_word(bytes[at - 1]);
    let length = match rest {
        [b'/', b'/', ..] => rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len()),
        [b'/', b'*', ..] => block_comment(rest),
        [b'"', ..] => quoted(rest, b'"'),
        [b'r', b'"' | b'#', ..] if !after_word => raw_string(rest),
        [b'b', b'r', b'"' | b'#', ..] if !after_word => 1 + raw_string(&rest[1..]),
        [b'\'', b'\\', ..] => quoted(rest, b'\''),
        [b'\'', ..] => character(rest),
        _ => 0,
    };
    at + length
}

fn block_comment(rest: &[u8]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at + 1 < rest.len() {
        match &rest[at..at + 2] {
            b"/*" => depth += 1,
            b"*/" => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

fn quoted(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != quote {
        at += if rest[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(rest.len())
}

/// The length of `r"…"` or `r#"…"#`; zero for a raw identifier.
fn raw_string(rest: &[u8]) -> usize {
    let hashes = rest[1..].iter().take_while(|b| **b == b'#').count();
    if rest.get(1 + hashes) != Some(&b'"') {
        return 0;
    }
    let close: Vec<u8> = std::iter::once(b'"').chain(std::iter::repeat_n(b'#', hashes)).collect();
    let body = 2 + hashes;
    let end = rest[body..].windows(close.len()).position(|w| w == close);
    end.map_or(rest.len(), |end| body + end + close.len())
}

/// The length of `'x'`; zero for a lifetime.
fn character(rest: &[u8]) -> usize {
    let Some(first) = rest.get(1) else { return 0 };
    let width = match first {
        0..0x80 => 1,
        0x80..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    };
    if rest.get(1 + width) == Some(&b'\'') { width + 2 } else { 0 }
}

fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_'
}

fn find_words(code: &str, word: &str) -> Vec<usize> {
    let bytes = code.as_bytes();
    let whole = |at: usize| {
        let end = at + word.len();
        (at == 0 || !is_word(bytes[at - 1])) && bytes.get(end).is_none_or(|b| !is_word(*b))
    };
    code.match_indices(word).map(|(at, _)| at).filter(|at| whole(*at)).collect()
}

/// Items that follow `#[cfg(test)]`, up to their closing brace or semicolon.
fn test_items(code: &str) -> Vec<Range<usize>> {
    let item = |at: usize| {
        let open = at + code[at..].find(['{', ';'])?;
        let end = if code.as_bytes()[open] == b';' { open } else { closing(code, open)? };
        Some(at..end)
    };
    code.match_indices("#[cfg(test)]").filter_map(|(at, _)| item(at)).collect()
}

/// Whether the text before an item ends with a visibility wider than the module that holds the item's module.
fn is_public(before: &str) -> bool {
    let before = before.trim_end();
    ["pub", "pub(crate)"].iter().any(|visibility| before.ends_with(visibility))
}

/// Implementations of traits: `impl A for B { … }`.
fn trait_items(code: &str) -> Vec<Range<usize>> {
    let item = |at: usize| {
        let open = at + code[at..].find('{')?;
        code[at..open].contains(" for ").then_some(at..closing(code, open)?)
    };
    find_words(code, "impl").into_iter().filter_map(item).collect()
}

/// The bracket that closes the one at `open`.
fn closing(code: &str, open: usize) -> Option<usize> {
    let mut depth = 0;
    for (at, b) in code.bytes().enumerate().skip(open) {
        match b {
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' => depth -= 1,
            _ => continue,
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

fn function(code: &str, at: usize) -> Option<Function> {
    let name = first_word(&code[at + "fn".len()..]);
    let parameters = at + code[at..].find('(')?;
    let body = closing(code, parameters)?;
    let body = body + code[body..].find(['{', ';'])?;
    if name.is_empty() || code.as_bytes()[body] == b';' {
        return None;
    }
    Some(Function { name, line: line(code, at), of_trait: false })
}

fn first_word(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn text_is_told_from_code() {
    let source =
        "let a = \"fn x() {\"; // fn y\n/* { /* } */ */ let c = '{'; fn real<'a>(s: &'a str) { r#\"}\"#; }";
    let file = File::new("x.rs", source.to_owned());
    let functions = file.functions();
    assert_eq!(functions.len(), 1, "{}", file.code);
    assert_eq!((functions[0].name.as_str(), functions[0].line), ("real", 2));
}

#[test]
fn test_modules_are_known() {
    let file = File::new("x.rs", "fn a() {}\n#[cfg(test)]\nmod tests { fn b() { } }\nfn c() {}".to_owned());
    let inside: Vec<bool> = file.words("fn").iter().map(|at| file.in_tests(*at)).collect();
    assert_eq!(inside, [false, true, false]);
}

#[test]
fn public_types_are_those_that_other_modules_can_name() {
    let source = "pub struct A;\npub(crate) enum B {}\npub(super) struct C;\nstruct D;\npub type E = u8;\n\
        impl X for Y { type F = u8; }\n#[cfg(test)]\nmod tests { pub struct G; }";
    let names: Vec<String> =
        File::new("x.rs", source.to_owned()).public_types().into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["A", "B", "E"]);
}
