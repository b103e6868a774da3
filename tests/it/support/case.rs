//! A test case as one text: a whole handbook, and what becomes of it.
//!
//! Owns the format of `tests/sites/**/*.txt`: parsing, comparing, and rewriting of the `want` parts. Knows
//! nothing of how a handbook is built.
//!
//! ```text
//! What the case shows, in a sentence.
//! theme: default                                  (optional settings)
//! today: 2026-11-21                               (the day of the build)
//!
//! -- content/a.md --
//! Text of a file. With `escaped` after the path, \t \r \n \\ \u{FEFF} and \xFF stand for themselves.
//! -- want: diagnostics --
//! content/a.md:1:1: error[link.missing]: … `b.md` …
//! -- want: a/index.html main --
//! <p>The inside of the main element, one block a line.</p>
//! -- want: a/index.html view --
//! next: B -> ../b/
//! -- want: outputs --
//! a/index.html
//! ```
//!
//! In wanted text `…` stands for any text within a line. A case without `want: diagnostics` wants none. In
//! `want: outputs` a line that begins with `!` names an output that must not be there; the others must.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::html;

/// A parsed case.
pub struct Case {
    /// Everything before the first part.
    pub head: String,
    pub parts: Vec<Part>,
}

/// One part: a file of the handbook, or something wanted.
pub struct Part {
    /// What stands between the dashes.
    pub name: String,
    pub text: String,
}

/// What a handbook became, as texts.
#[derive(Default)]
pub struct Outcome {
    /// One line each, sorted.
    pub diagnostics: Vec<String>,
    pub outputs: BTreeMap<String, Vec<u8>>,
}

impl Case {
    pub fn parse(text: &str) -> Case {
        let mut case = Case { head: String::new(), parts: Vec::new() };
        for line in text.split_inclusive('\n') {
            if let Some(name) = line.trim_end().strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --"))
            {
                case.parts.push(Part { name: name.to_owned(), text: String::new() });
            } else if let Some(part) = case.parts.last_mut() {
                part.text.push_str(line);
            } else {
                case.head.push_str(line);
            }
        }
        case
    }

    /// A setting of the head, such as `theme: default`.
    pub fn setting(&self, name: &str) -> Option<&str> {
        let value = |line: &'_ str| line.strip_prefix(name)?.strip_prefix(": ").map(str::len);
        let line = self.head.lines().find(|line| value(line).is_some())?;
        Some(line[name.len() + 2..].trim())
    }

    /// The handbook's files.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let file = |part: &Part| match part.name.strip_suffix(" escaped") {
            Some(path) => (path.to_owned(), unescape(part.text.trim_end_matches('\n'))),
            None => (part.name.clone(), part.text.clone().into_bytes()),
        };
        self.parts.iter().filter(|part| part.wanted().is_none()).map(file).collect()
    }

    /// What differs from what is wanted; empty where all is well.
    pub fn differences(&self, outcome: &Outcome) -> String {
        let mut report = String::new();
        for part in &self.parts {
            let Some(wanted) = part.wanted() else { continue };
            if let Err(got) = part.compare(wanted, outcome) {
                let _ = write!(
                    report,
                    "  -- want: {wanted} --\n{}  -- got --\n{}",
                    indent(&part.text),
                    indent(&got)
                );
            }
        }
        let expected = self.parts.iter().any(|part| part.wanted() == Some("diagnostics"));
        if !expected && !outcome.diagnostics.is_empty() {
            let _ = write!(report, "  unexpected diagnostics:\n{}", indent(&outcome.diagnostics.join("\n")));
        }
        report
    }

    /// The case with the outcome in its `want` parts; parts that hold already stay as they are.
    pub fn updated(&self, outcome: &Outcome) -> String {
        let mut text = self.head.clone();
        let expected = self.parts.iter().any(|part| part.wanted() == Some("diagnostics"));
        for part in &self.parts {
            let got = part.wanted().and_then(|wanted| part.compare(wanted, outcome).err());
            let _ = write!(text, "-- {} --\n{}", part.name, got.as_deref().unwrap_or(&part.text));
        }
        if !expected && !outcome.diagnostics.is_empty() {
            let _ = writeln!(text, "-- want: diagnostics --\n{}", outcome.diagnostics.join("\n"));
        }
        text
    }
}

impl Part {
    /// What the part wants, if it is no file.
    pub fn wanted(&self) -> Option<&str> {
        self.name.strip_prefix("want: ")
    }

    /// `Err` holds what should stand in the part.
    fn compare(&self, wanted: &str, outcome: &Outcome) -> Result<(), String> {
        let (lines, same): (Vec<String>, Compare) = match wanted.split_once(' ') {
            _ if wanted == "diagnostics" => (outcome.diagnostics.clone(), matches_lines),
            _ if wanted == "outputs" => return self.compare_outputs(outcome),
            Some((path, "main")) => (html::lines(html::main(&text(outcome, path))), matches_html),
            Some((path, "view")) => (self.view(&text(outcome, path)), matches_lines),
            Some((path, "holds")) => return self.compare_holds(&text(outcome, path)),
            _ => (text(outcome, wanted).lines().map(str::to_owned).collect(), matches_lines),
        };
        if same(&self.text, &lines) {
            Ok(())
        } else {
            Err(lines.iter().map(|line| format!("{line}\n")).collect())
        }
    }

    /// The lines of a view whose keys this part names; all of them where it names none.
    fn view(&self, page: &str) -> Vec<String> {
        let key = |line: &str| line.split(':').next().unwrap_or_default().trim().to_owned();
        let keys: Vec<String> = self.text.lines().map(key).collect();
        let view = page.split_once("</main>").map_or("", |(_, view)| view);
        let lines: Vec<&str> = view.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        if keys.is_empty() {
            return lines.into_iter().map(str::to_owned).collect();
        }
        let line =
            |name: &String| lines.iter().find(|line| key(line) == *name).map(|line| (*line).to_owned());
        keys.iter().filter_map(line).collect()
    }

    fn compare_outputs(&self, outcome: &Outcome) -> Result<(), String> {
        let holds = |line: &str| match line.strip_prefix('!') {
            Some(path) => !outcome.outputs.contains_key(path.trim()),
            None => outcome.outputs.contains_key(line.trim()),
        };
        if self.text.lines().all(holds) {
            return Ok(());
        }
        Err(outcome.outputs.keys().map(|path| format!("{path}\n")).collect())
    }

    /// Each line must stand somewhere in the text; with `!` before it, nowhere.
    fn compare_holds(&self, text: &str) -> Result<(), String> {
        let wrong = |line: &&str| match line.strip_prefix('!') {
            Some(rest) => text.contains(rest),
            None => !text.contains(*line),
        };
        let wrong: Vec<&str> = self.text.lines().filter(wrong).collect();
        if wrong.is_empty() { Ok(()) } else { Err(format!("(not so: {wrong:#?})\n{text}")) }
    }
}

type Compare = fn(&str, &[String]) -> bool;

fn text(outcome: &Outcome, path: &str) -> String {
    match outcome.outputs.get(path) {
        Some(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        None => format!("(no such output: {path})"),
    }
}

/// Whether lines are those of a wanted text, in which `…` stands for any text within a line.
pub fn matches_lines(wanted: &str, got: &[String]) -> bool {
    let wanted: Vec<&str> = wanted.trim_end().lines().collect();
    wanted.len() == got.len() && wanted.iter().zip(got).all(|(w, g)| like(w.trim_end(), g.trim_end()))
}

fn matches_html(wanted: &str, got: &[String]) -> bool {
    let wanted = html::lines(wanted);
    wanted.len() == got.len() && wanted.iter().zip(got).all(|(w, g)| like(w, g))
}

/// Whether `text` is `pattern`, where `…` stands for any text.
fn like(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('…');
    let Some(mut rest) = pieces.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, middle)) = pieces.split_last() else { return rest.is_empty() };
    for piece in middle {
        let Some((_, after)) = rest.split_once(piece) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

/// The bytes of a text with escapes.
pub fn unescape(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.extend_from_slice(before.as_bytes());
        let (bytes, used) = escape(after);
        out.extend(bytes);
        rest = &after[used..];
    }
    out.extend_from_slice(rest.as_bytes());
    out
}

/// The bytes that an escape stands for, and its length without the backslash.
fn escape(text: &str) -> (Vec<u8>, usize) {
    if let Some((code, _)) = text.strip_prefix("u{").and_then(|rest| rest.split_once('}')) {
        let c =
            u32::from_str_radix(code, 16).ok().and_then(char::from_u32).expect("`\\u{…}` names a character");
        return (c.to_string().into_bytes(), code.len() + 3);
    }
    match text.as_bytes() {
        [b'n', ..] => (b"\n".to_vec(), 1),
        [b't', ..] => (b"\t".to_vec(), 1),
        [b'r', ..] => (b"\r".to_vec(), 1),
        [b'\\', ..] => (b"\\".to_vec(), 1),
        [b'x', ..] => (vec![u8::from_str_radix(&text[1..3], 16).expect("`\\x` has two digits")], 3),
        _ => panic!("an unknown escape: \\{text}"),
    }
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}

#[test]
fn an_ellipsis_stands_for_any_text() {
    assert!(like("a: … `b` …", "a: no page `b` here"));
    assert!(like("a…", "a"));
    assert!(!like("a: … `b` …", "a: no page `c` here"));
    assert!(!like("a", "ab"));
}

#[test]
fn escapes_stand_for_bytes() {
    assert_eq!(unescape("\\u{FEFF}a\\tb\\xFF\\\\"), b"\xEF\xBB\xBFa\tb\xFF\\");
}

#[test]
fn a_case_keeps_what_holds_when_it_is_rewritten() {
    let text = "Head.\n\n-- content/a.md --\n# A\n-- want: diagnostics --\nx: … b\n-- want: o --\nold\n";
    let case = Case::parse(text);
    let outputs = BTreeMap::from([("o".to_owned(), b"new\n".to_vec())]);
    let outcome = Outcome { diagnostics: vec!["x: a b".to_owned()], outputs };
    assert_eq!(case.updated(&outcome), text.replace("old", "new"));
    assert!(case.differences(&outcome).contains("new"));
}
