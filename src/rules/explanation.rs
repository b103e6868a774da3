//! The explanation of a rule: what it finds, why it matters, how to fix it, and examples.
//!
//! Owns the form of the files in `explained/`, one for each rule. Tests run the examples.
//!
//! ```text
//! What the rule finds, as Markdown. Links are relative to the folder of the guide.
//!
//! -- why --
//! Why it matters.
//! -- fix --
//! How to fix it: an imperative without a capital letter.
//! -- both content/b.md --
//! A file of the wrong and of the right example.
//! -- wrong content/a.md --
//! A file of the wrong example alone. With `escaped` after the path, \n \r \xFF stand for themselves.
//! -- right content/a.md --
//! A file of the right example alone.
//! -- report --
//! What `opsbook check --format short` says of the wrong example; of the right one it says nothing.
//! ```
//!
//! An example that no text can show has a part `-- made --` in place of its files, which describes it. The test in
//! `tests/it/rules.rs` makes it.

use super::Rule;

/// What is said of a rule.
#[derive(Debug)]
pub struct Explanation {
    /// What the rule finds, as Markdown.
    pub text: &'static str,
    /// Why it matters, as Markdown.
    pub why: &'static str,
    /// How to fix it, as Markdown: an imperative without a capital letter at the beginning.
    pub fix: &'static str,
    pub example: RuleExample,
}

/// How the rule looks in a handbook.
#[derive(Debug)]
pub enum RuleExample {
    Files {
        files: Vec<ExampleFile>,
        /// The problems of the wrong example, a line each.
        report: &'static str,
    },
    /// A description of an example that is too large for a text, or no text.
    Made(&'static str),
}

/// One file of an example.
#[derive(Debug)]
pub struct ExampleFile {
    pub side: ExampleSide,
    pub path: &'static str,
    /// Whether the text has escapes for bytes.
    pub is_escaped: bool,
    pub text: &'static str,
}

/// The example that a file belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExampleSide {
    Both,
    Wrong,
    Right,
}

impl ExampleSide {
    pub fn name(self) -> &'static str {
        match self {
            ExampleSide::Both => "both",
            ExampleSide::Wrong => "wrong",
            ExampleSide::Right => "right",
        }
    }
}

impl Rule {
    /// The explanation of the rule.
    pub fn explanation(&self) -> Explanation {
        parse(self.explained)
            .unwrap_or_else(|problem| panic!("the explanation of `{}`: {problem}", self.name))
    }
}

fn parse(whole: &'static str) -> Result<Explanation, String> {
    let (text, mut rest) = whole.split_once("\n-- ").ok_or("no part begins with `-- `")?;
    let (mut why, mut fix, mut report, mut made, mut files) = (None, None, None, None, Vec::new());
    loop {
        let (name, after) = rest.split_once(" --\n").ok_or("a part has no name")?;
        let (part, next) = match (after.strip_prefix("-- "), after.find("\n-- ")) {
            // An empty part has no line at all.
            (Some(next), _) => ("", Some(next)),
            // The line break before the next part belongs to this one.
            (None, Some(end)) => (&after[..=end], Some(&after[end + 4..])),
            (None, None) => (after, None),
        };
        match name {
            "why" => why = Some(part.trim()),
            "fix" => fix = Some(part.trim()),
            "report" => report = Some(part.trim_end()),
            "made" => made = Some(part.trim()),
            _ => files.push(file(name, part)?),
        }
        match next {
            Some(next) => rest = next,
            None => break,
        }
    }
    let example = match (report, made) {
        (Some(report), None) if !files.is_empty() => RuleExample::Files { files, report },
        (None, Some(made)) if files.is_empty() => RuleExample::Made(made),
        _ => return Err("it needs files and a report, or `made`".to_owned()),
    };
    Ok(Explanation { text: text.trim(), why: why.ok_or("no `why`")?, fix: fix.ok_or("no `fix`")?, example })
}

fn file(name: &'static str, text: &'static str) -> Result<ExampleFile, String> {
    let sides = [ExampleSide::Both, ExampleSide::Wrong, ExampleSide::Right];
    let found =
        sides.into_iter().find_map(|side| Some((side, name.strip_prefix(side.name())?.strip_prefix(' ')?)));
    let (side, path) = found.ok_or_else(|| format!("there is no part `{name}`"))?;
    let (path, is_escaped) = match path.strip_suffix(" escaped") {
        Some(path) => (path, true),
        None => (path, false),
    };
    Ok(ExampleFile { side, path, is_escaped, text })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RULES;

    #[test]
    fn each_rule_is_explained() {
        for rule in RULES {
            let Explanation { text, why, fix, example } = rule.explanation();
            for part in [text, why, fix] {
                assert!(
                    part.len() > 10 && part.ends_with(['.', '|', '>', ':']) || part.ends_with('`'),
                    "{}: {part}",
                    rule.name
                );
            }
            if let RuleExample::Files { files, report } = example {
                let is_named = report.contains(&format!("[{}]: ", rule.name));
                assert!(
                    is_named,
                    "{}: the report does not name it; run `UPDATE=1 cargo test --test it rules::`",
                    rule.name
                );
                for side in [ExampleSide::Wrong, ExampleSide::Right] {
                    let has = |file: &ExampleFile| [side, ExampleSide::Both].contains(&file.side);
                    assert!(files.iter().any(has), "{} has no {side:?} example", rule.name);
                }
            }
        }
    }

    #[test]
    fn empty_files_and_files_with_escapes_are_read() {
        let text = "T.\n\n-- why --\nW.\n-- fix --\nf.\n-- wrong a.toml --\n-- right b escaped --\n\\xFF\n-- report --\nR\n";
        let RuleExample::Files { files, report } = parse(text).unwrap().example else {
            panic!("it has files")
        };
        let read: Vec<_> = files.iter().map(|file| (file.path, file.text, file.is_escaped)).collect();
        assert_eq!(read, [("a.toml", "", false), ("b", "\\xFF\n", true)]);
        assert_eq!(report, "R");
        assert!(parse("T.\n\n-- why --\nW.\n-- fix --\nf.\n-- made --\nM.\n-- report --\nR\n").is_err());
    }
}
