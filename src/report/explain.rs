//! The explanation of a rule as text: for a terminal, and as Markdown for the guide and for SARIF.
//!
//! Owns both forms. What they say is in [`crate::rules`].

use std::fmt::Write;

use crate::rules::{ExampleFile, ExampleSide, Explanation, Rule, RuleExample, RuleFamily, Severity};

/// The largest width of prose on a terminal, in columns.
const WIDEST: usize = 100;

/// The rules of a family, a line each, under its title.
pub fn list(family: &'static RuleFamily) -> String {
    let mut out = format!("{}\n", family.title);
    let width = family.rules().map(|rule| rule.name.len()).max().unwrap_or_default();
    for rule in family.rules() {
        let level = setting(rule.severity);
        writeln!(out, "  {:width$}  {level:5}  {}", rule.name, rule.summary)
            .expect("writing to a String cannot fail");
    }
    out
}

/// The explanation of a rule for people at a terminal.
pub fn for_terminal(rule: &Rule, width: usize) -> String {
    let Explanation { text, why, fix, example } = rule.explanation();
    let width = width.min(WIDEST);
    let mut out = format!("{}: {}\n\n", rule.name, rule.summary);
    for text in
        [without_links(text), format!("Why: {}", without_links(why)), format!("Fix: {}", without_links(fix))]
    {
        out += &wrapped(&text, width);
        out.push('\n');
    }
    match example {
        RuleExample::Made(made) => out += &wrapped(&format!("Example: {made}"), width),
        RuleExample::Files { files, report } => {
            let of = |side| files.iter().filter(move |file| file.side == side);
            for file in of(ExampleSide::Both) {
                out += &excerpt("Both examples have", file);
            }
            of(ExampleSide::Wrong).for_each(|file| out += &excerpt("Wrong:", file));
            out += &format!("{report}\n\n");
            of(ExampleSide::Right).for_each(|file| out += &excerpt("Right:", file));
        }
    }
    format!("{}\n\n{}", out.trim_end(), levels_for_terminal(rule))
}

/// A file of an example, indented.
fn excerpt(title: &str, file: &ExampleFile) -> String {
    let mut out = format!("{title} {}\n\n", file.path);
    let text = if file.text.is_empty() { "(empty)".to_owned() } else { shown(file) };
    for line in text.lines() {
        out += format!("    {line}").trim_end();
        out.push('\n');
    }
    out + "\n"
}

/// The text of a file. Of bytes that are written as escapes only the beginning is worth reading.
fn shown(file: &ExampleFile) -> String {
    const MOST: usize = 60;
    match file.text.char_indices().nth(MOST) {
        Some((end, _)) if file.is_escaped => format!("{}…\n", &file.text[..end]),
        _ => file.text.to_owned(),
    }
}

fn levels_for_terminal(rule: &Rule) -> String {
    let (name, level) = (rule.name, setting(rule.severity));
    if !rule.adjustable {
        return format!("Level: {level}. No setting changes it.\n");
    }
    let other = setting(if rule.severity == Severity::Warn { Severity::Error } else { Severity::Warn });
    format!(
        "Level: {level} by default. In book.toml, for the whole handbook:\n\n    [rules]\n    \"{name}\" = \"{other}\"\n\n\
         In the front matter of a page, for this page:\n\n    rules: {{{name}: off}}\n"
    )
}

/// The explanation of a rule as Markdown. `link` makes prose of the prose in the data, whose links are relative to the
/// folder of the guide.
pub fn markdown(rule: &Rule, link: impl Fn(&str) -> String) -> String {
    let Explanation { text, why, fix, example } = rule.explanation();
    let level = setting(rule.severity);
    let level = if rule.adjustable {
        format!(
            "{level} by default; [`[rules]`](book-toml.md#rules) and a page's [front matter](front-matter.md#rules) can change it"
        )
    } else {
        format!("{level}, fixed")
    };
    let prose = format!("{text}\n\n**Why:** {why}\n\n**Fix:** {fix}\n\n**Level:** {level}.\n");
    let mut out = link(&prose);
    match example {
        RuleExample::Made(made) => out += &format!("\n**Example:** {made}\n"),
        RuleExample::Files { files, report } => {
            let of = |side| files.iter().filter(move |file| file.side == side);
            for side in [ExampleSide::Both, ExampleSide::Wrong] {
                of(side).for_each(|file| out += &block(file));
            }
            out += &format!("\n```text title=\"opsbook {}\"\n{report}\n```\n", command(rule));
            of(ExampleSide::Right).for_each(|file| out += &block(file));
        }
    }
    out
}

/// The command that reports the rule.
fn command(rule: &Rule) -> &'static str {
    if rule.needs_audit() { "audit --format short" } else { "check --format short" }
}

/// A file of an example as a code block.
fn block(file: &ExampleFile) -> String {
    let text = shown(file);
    // The fence is longer than any in the text.
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    let language = match file.path.rsplit('.').next() {
        _ if file.is_escaped => "text",
        Some("md") => "markdown",
        Some("toml") => "toml",
        Some("yaml" | "yml" | "rules") => "yaml",
        Some("html" | "svg" | "drawio") => "html",
        _ => "text",
    };
    let empty = if text.is_empty() { "\n" } else { "" };
    format!("\n{fence}{language} title=\"{}: {}\"\n{text}{empty}{fence}\n", file.side.name(), file.path)
}

/// A severity as it is set.
fn setting(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warn => "warn",
        Severity::Off => "off",
    }
}

/// Markdown with the texts of links in place of the links, for readers who are not in the guide.
pub(super) fn without_links(markdown: &str) -> String {
    let mut out = String::new();
    // Where brackets that are still open begin in `out`.
    let mut open = Vec::new();
    let mut rest = markdown;
    while let Some(at) = rest.find(['`', '[', ']']) {
        out += &rest[..at];
        rest = &rest[at..];
        if rest.starts_with('`') {
            let code = code_length(rest);
            out += &rest[..code];
            rest = &rest[code..];
            continue;
        }
        let target = rest.strip_prefix("](").and_then(|target| target.split_once(')'));
        match (rest.starts_with('['), open.last().copied(), target) {
            (false, Some(start), Some((_, after))) => {
                out.remove(start);
                open.pop();
                rest = after;
            }
            (is_open, _, _) => {
                if is_open {
                    open.push(out.len());
                } else {
                    open.pop();
                }
                out += &rest[..1];
                rest = &rest[1..];
            }
        }
    }
    out + rest
}

/// The length of the code span at the beginning of a text; of its backticks alone if nothing closes them.
fn code_length(text: &str) -> usize {
    let ticks = text.len() - text.trim_start_matches('`').len();
    let fence = &text[..ticks];
    text[ticks..].find(fence).map_or(ticks, |end| ticks + end + ticks)
}

/// Paragraphs broken at spaces. Lists and tables stay as they are.
fn wrapped(text: &str, width: usize) -> String {
    let mut out = String::new();
    for paragraph in text.split("\n\n") {
        if paragraph.starts_with(['-', '|']) {
            out += &format!("{paragraph}\n\n");
            continue;
        }
        let mut column = 0;
        for word in paragraph.split_whitespace() {
            let length = word.chars().count();
            if column > 0 && column + 1 + length > width {
                out.push('\n');
                column = 0;
            } else if column > 0 {
                out.push(' ');
                column += 1;
            }
            out += word;
            column += length;
        }
        out += "\n\n";
    }
    out.truncate(out.trim_end().len());
    out + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{ASSET_UNSAFE, LINK_ANCHOR, RULES};

    #[test]
    fn links_become_their_texts_and_code_stays() {
        let text = "see [`extra_keys`](book-toml.md#pages), [a b](c.md), [c] and `[x](y)`, `` `[d](e)` ``";
        assert_eq!(without_links(text), "see `extra_keys`, a b, [c] and `[x](y)`, `` `[d](e)` ``");
    }

    #[test]
    fn a_terminal_shows_both_examples_and_how_to_set_the_level() {
        let text = for_terminal(&LINK_ANCHOR, 60);
        for part in [
            "Wrong: content/page.md",
            "Right: content/page.md",
            "error[link.anchor]: ",
            "\"link.anchor\" = \"warn\"",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(for_terminal(&ASSET_UNSAFE, 60).ends_with("Level: error. No setting changes it.\n"));
    }

    #[test]
    fn each_explanation_fits_a_terminal_and_has_no_links() {
        for rule in RULES {
            let Explanation { text, why, fix, .. } = rule.explanation();
            for prose in [text, why, fix].map(without_links) {
                assert!(!prose.contains(".md#"), "{prose}");
            }
            let text = for_terminal(rule, 80);
            assert!(!text.contains("\n\n\n"), "{text}");
            assert!(markdown(rule, without_links).contains("**Why:** "));
        }
    }

    #[test]
    fn a_fence_is_longer_than_those_in_the_text() {
        let file = ExampleFile {
            side: ExampleSide::Wrong,
            path: "content/a.md",
            is_escaped: false,
            text: "````sh\n````\n",
        };
        assert!(block(&file).starts_with("\n`````markdown title=\"wrong: content/a.md\"\n"));
    }
}
