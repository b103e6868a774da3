//! Writes the HTML of a code block and its frame.
//!
//! Owns the parts of the element and their order: caption, lines, expected result. The attribute `data-commands` lists
//! the lines that are commands, so that the copy script in the browser does not have to guess.

use std::ops::Range;

use super::console::{self, CommandReader, TypedLines};
use super::fence::FenceInfo;
use super::languages::{self, Lexer};
use super::variable_marks::{self, CodeMark, ValueContext};
use super::variables::Variables;
use crate::html_escape::{escape_attribute, escape_text};
use crate::markdown::corrections::TranscriptSettings;
use crate::strings::Strings;

/// Returns the text of a block in a language as HTML with tokens, as `HighlightCache::highlight` does.
pub type Highlight<'a> = &'a (dyn Fn(&str, &str) -> Option<std::sync::Arc<str>> + Sync);

/// The settings that the blocks of a page share.
#[derive(Clone, Copy)]
pub struct FigureContext<'a> {
    pub variables: &'a Variables,
    pub highlight: Highlight<'a>,
    pub transcript: &'a TranscriptSettings,
}

impl FigureContext<'static> {
    /// For texts whose HTML is not used.
    pub const PLAIN: FigureContext<'static> = FigureContext {
        variables: &Variables::NONE,
        highlight: &|_, _| None,
        transcript: &TranscriptSettings::NONE,
    };
}

/// A code block as HTML.
#[derive(Debug, Default)]
pub struct Figure {
    pub html: String,
    /// The variables in the block, each with the index of its literal if one was used.
    pub used: Vec<(usize, Option<usize>)>,
    /// Whether the block contains commands.
    pub commands: bool,
}

impl Figure {
    /// The whole block: `<figure class="code" …>`. `code` is the text between the fences; each line ends with `\n`.
    pub fn new(info: &FenceInfo, code: &str, setting: &FigureContext<'_>, strings: &Strings) -> Figure {
        let code = code.strip_suffix('\n').unwrap_or(code);
        let highlighted = (setting.highlight)(&info.language, code);
        let lexer = languages::lexer(&info.language, code).filter(|_| highlighted.is_some());
        let session = matches!(lexer, Some(Lexer::Console)).then(|| commands(code));
        let marks = variable_marks::of_block(&info.language, code, setting.variables);
        let lines = highlighted.unwrap_or_else(|| escape_text(code).into());
        let lines = if marks.is_empty() {
            lines
        } else {
            variable_marks::wrap(&lines, &marks, setting.variables).into()
        };
        let mut figure = Figure {
            commands: match &session {
                Some(commands) => !commands.is_empty(),
                None => matches!(lexer, Some(Lexer::Grammar(languages::SHELL))),
            },
            used: marks.iter().map(|mark| (mark.found.variable, mark.found.literal)).collect(),
            html: opening(info, session.as_deref()),
        };
        figure.caption(info, setting, strings);
        figure.html.push_str("<pre tabindex=\"0\"><code>");
        figure.lines(info, &lines);
        figure.html.push_str("</code></pre>");
        figure.after(info, setting, strings);
        figure.html.push_str("</figure>\n");
        figure
    }

    fn caption(&mut self, info: &FenceInfo, setting: &FigureContext<'_>, strings: &Strings) {
        if info.title.is_none() && info.risk.is_none() && info.run_on.is_none() {
            return;
        }
        self.html.push_str("<figcaption>");
        if let Some(title) = &info.title {
            self.html.push_str(&escape_text(title));
        }
        if let Some(risk) = info.risk {
            let word = strings.word("risk", risk.name());
            let blank = if info.title.is_some() { " " } else { "" };
            self.html.push_str(&format!("{blank}<span class=\"code-risk {}\">{word}</span>", risk.name()));
        }
        if let Some(place) = &info.run_on {
            let blank = if info.title.is_some() || info.risk.is_some() { " " } else { "" };
            self.html
                .push_str(&format!("{blank}<span class=\"code-run-on\">{} ", strings.say("command.run_on")));
            self.text(place, setting);
            self.html.push_str("</span>");
        }
        self.html.push_str("</figcaption>");
    }

    /// Writes the lines. If lines are numbered or marked, each gets an element of its own. A token never spans a line
    /// end.
    fn lines(&mut self, info: &FenceInfo, lines: &str) {
        if !info.numbered && info.marked.is_empty() {
            self.html.push_str(lines);
            self.html.push('\n');
            return;
        }
        for (index, line) in lines.split('\n').enumerate() {
            let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
            let marked = info.marked.iter().any(|range| range.contains(&number));
            self.html.push_str(if marked { "<span class=\"line marked\">" } else { "<span class=\"line\">" });
            self.html.push_str(line);
            self.html.push_str("\n</span>");
        }
    }

    /// Writes the expected result and how to undo the commands.
    fn after(&mut self, info: &FenceInfo, setting: &FigureContext<'_>, strings: &Strings) {
        let undo = match info.undo.as_deref() {
            Some("none") => Some(strings.say("command.no_undo")),
            undo => undo,
        };
        let said = [
            ("expect", strings.say("command.expect"), info.expect.as_deref()),
            ("undo", strings.say("command.undo"), undo),
        ];
        if info.expect.is_none() && undo.is_none() {
            return;
        }
        self.html.push_str("<dl class=\"code-after\">");
        for (class, label, text) in said {
            let Some(text) = text else { continue };
            self.html.push_str(&format!("<div class=\"{class}\"><dt>{label}</dt><dd>"));
            self.text(text, setting);
            self.html.push_str("</dd></div>");
        }
        self.html.push_str("</dl>");
    }

    /// Writes a text from the opening line. A reader's value is inserted into it without quoting.
    fn text(&mut self, text: &str, setting: &FigureContext<'_>) {
        let found = setting.variables.find(text);
        let marks: Vec<CodeMark> =
            found.into_iter().map(|found| CodeMark { found, context: ValueContext::Any }).collect();
        self.used.extend(marks.iter().map(|mark| (mark.found.variable, mark.found.literal)));
        self.html.push_str(&variable_marks::text(text, &marks, setting.variables));
    }
}

/// The start tag of the element.
fn opening(info: &FenceInfo, commands: Option<&str>) -> String {
    let numbered = if info.numbered { " numbered" } else { "" };
    let language = if info.language.is_empty() { "text" } else { &info.language };
    let mut html = format!("<figure class=\"code{numbered}\" data-lang=\"{}\"", escape_attribute(language));
    if let Some(commands) = commands {
        html.push_str(&format!(" data-commands=\"{commands}\""));
    }
    if let Some(risk) = info.risk {
        html.push_str(&format!(" data-risk=\"{}\"", risk.name()));
    }
    html.push('>');
    html
}

/// The lines of a session that are commands, counted from 0, as in `0 1 3-5`: a range for each command. Lines that
/// another program reads, such as statements of SQL, are one range until output follows.
fn commands(code: &str) -> String {
    let lines: Vec<&str> = code.split_inclusive('\n').collect();
    let typed = |part: &console::SessionPart| {
        let TypedLines { prompt: length, reader, .. } = *part.typed.as_ref()?;
        // An empty prompt only shows that the previous command has ended.
        let empty = part.lines.len() == 1 && lines[part.lines.start][length..].trim().is_empty();
        (!empty).then(|| (part.lines.clone(), reader))
    };
    let mut ranges: Vec<(Range<usize>, CommandReader)> = Vec::new();
    for (lines, reader) in console::parts(&lines).iter().filter_map(typed) {
        match ranges.last_mut() {
            Some((last, CommandReader::Other))
                if reader == CommandReader::Other && last.end == lines.start =>
            {
                last.end = lines.end;
            }
            _ => ranges.push((lines, reader)),
        }
    }
    let range = |(range, _): &(Range<usize>, CommandReader)| match range.len() {
        1 => range.start.to_string(),
        _ => format!("{}-{}", range.start, range.end - 1),
    };
    ranges.iter().map(range).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::code::variables::CodeVariable;
    use crate::strings::Languages;

    fn figure(info: &str, code: &str) -> Figure {
        let variable = CodeVariable { name: "HOST".to_owned(), replaces: vec!["node-0".to_owned()] };
        let setting = FigureContext {
            variables: &Variables::new(&[variable]),
            highlight: &|language, code| super::super::highlight(language, code).map(Into::into),
            transcript: &TranscriptSettings::NONE,
        };
        Figure::new(&FenceInfo::parse(info), code, &setting, Languages::built_in().for_language("en"))
    }

    #[test]
    fn a_block_follows_its_first_line() {
        let html = figure("sh title=\"a<b\" {2} showLineNumbers", "x=1\ny\n").html;
        assert!(html.starts_with("<figure class=\"code numbered\" data-lang=\"sh\"><figcaption>a&lt;b</figcaption><pre tabindex=\"0\"><code><span class=\"line\">"), "{html}");
        assert!(
            html.ends_with("\n</span></code></pre></figure>\n")
                && html.matches("class=\"line marked\"").count() == 1
        );
        assert_eq!(
            figure("", "<a>\n").html,
            "<figure class=\"code\" data-lang=\"text\"><pre tabindex=\"0\"><code>&lt;a&gt;\n</code></pre></figure>\n"
        );
    }

    #[test]
    fn what_a_command_does_stands_around_it() {
        let figure = figure(
            "bash risk=destructive run_on=\"node-0 <b>\" expect=\"node-0 is gone\" undo=none",
            "rm -rf node-0\n",
        );
        for part in [
            " data-risk=\"destructive\"><figcaption><span class=\"code-risk destructive\">Destructive</span> <span class=\"code-run-on\">Runs on <var class=\"ob-var\" data-var=\"HOST\">node-0</var> &lt;b&gt;</span></figcaption>",
            "<dl class=\"code-after\"><div class=\"expect\"><dt>Expect</dt><dd><var class=\"ob-var\" data-var=\"HOST\">node-0</var> is gone</dd></div><div class=\"undo\"><dt>Undo</dt><dd>Not possible</dd></div></dl></figure>",
        ] {
            assert!(figure.html.contains(part), "{part} in {}", figure.html);
        }
        assert_eq!(figure.used, [(0, Some(0)); 3]);
        assert!(figure.commands);
    }

    #[test]
    fn the_lines_that_are_commands_are_told() {
        for (code, want) in [
            ("$ a\nout\n$ b \\\n  c\nout", "0 2-3"),
            ("root@a:~# cat <<EOF\n> x\n> EOF\n", "0-2"),
            ("(nova-conductor)[root@testbed-node-0 /]# nova-manage cell_v2 discover_hosts\nFound 2\n", "0"),
            (">>> if x:\n...     y\n... \n1\nMariaDB [octavia]> select 1\n    -> ;\n", "0-1 4-5"),
            ("$ a\n$ b \\\n  c\n", "0 1-2"),
            ("just output", ""),
            ("$ a\n\n$ \nb", "0"),
        ] {
            assert_eq!(commands(code), want, "{code}");
        }
        assert!(
            figure("console", "$ a\nb\n")
                .html
                .contains("<figure class=\"code\" data-lang=\"console\" data-commands=\"0\">")
        );
        assert!(!figure("console", "output\n").commands && !figure("yaml", "a: 1\n").commands);
    }
}
