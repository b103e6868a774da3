//! Marks the variables in code with elements, also inside and across coloured tokens.
//!
//! Owns the HTML of such a mark: `<var class="ob-var" data-var="HOST" data-in="double">`. The element contains the
//! written text, so that a page reads well without a script. Must not know pages.

use std::ops::Range;

use super::console::{self, CommandReader};
use super::languages::{self, Lexer};
use super::shell::{Quoting, Script, ScriptPosition};
use super::variables::{VariableUse, Variables, assigns};
use crate::entities::decode_xml;
use crate::html_escape::{escape_text, push_text};

/// A variable in code, with its context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeMark {
    pub found: VariableUse,
    pub context: ValueContext,
}

/// What a value has to fit into that takes the place of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueContext {
    /// Nothing reads it, so any value is allowed.
    Any,
    /// Text of another program, or of a here-document.
    Text,
    /// A word of a command, without quotes.
    Bare,
    /// A command, in double quotes.
    Double,
    /// A command, in single quotes.
    Single,
    /// A place that is read as a program, or whose quoting is unknown.
    Strict,
}

impl ValueContext {
    /// Its value in the attribute `data-in`, by which the script of the page checks what readers fill in.
    fn name(self) -> Option<&'static str> {
        match self {
            ValueContext::Any => None,
            ValueContext::Text => Some("text"),
            ValueContext::Bare => Some("bare"),
            ValueContext::Double => Some("double"),
            ValueContext::Single => Some("single"),
            ValueContext::Strict => Some("strict"),
        }
    }
}

/// The marks of a code block.
pub fn of_block(language: &str, code: &str, variables: &Variables) -> Vec<CodeMark> {
    let found = places(code, variables);
    if found.is_empty() {
        return Vec::new();
    }
    let placed = match languages::lexer(language, code) {
        Some(Lexer::Console) => in_session(code, found),
        Some(Lexer::Grammar(languages::SHELL)) => in_script(code, found),
        _ => found
            .into_iter()
            .filter(|found| !found.shell)
            .map(|found| CodeMark { found, context: ValueContext::Text })
            .collect(),
    };
    let own = |mark: &CodeMark| mark.found.shell && assigns(code, variables.name(mark.found.variable));
    placed.into_iter().filter(|mark| !own(mark)).collect()
}

/// The marks of inline code. Code with a space is a command, other code is a name.
pub fn of_inline(code: &str, variables: &Variables) -> Vec<CodeMark> {
    let found = places(code, variables);
    if code.contains(' ') && !found.is_empty() {
        return in_script(code, found);
    }
    found.into_iter().map(|found| CodeMark { found, context: ValueContext::Any }).collect()
}

/// The variables in code, by offsets that are also valid in its HTML. Characters that HTML cannot show would change the
/// offsets, so such code has no marks.
fn places(code: &str, variables: &Variables) -> Vec<VariableUse> {
    if variables.is_empty() || code.contains('\0') { Vec::new() } else { variables.find(code) }
}

fn in_script(code: &str, found: Vec<VariableUse>) -> Vec<CodeMark> {
    let script = Script::read(code);
    found.into_iter().filter_map(|found| mark(found.clone(), script.place(&found.range))).collect()
}

/// The mark of a variable in a command. In single quotes, a shell does not expand `$NAME`.
fn mark(found: VariableUse, place: ScriptPosition) -> Option<CodeMark> {
    if found.shell && matches!(place.quote, Quoting::Single | Quoting::Verbatim | Quoting::Plain) {
        return None;
    }
    let context = match place.quote {
        Quoting::Plain => ValueContext::Any,
        _ if place.is_reparsed => ValueContext::Strict,
        Quoting::Bare => ValueContext::Bare,
        Quoting::Double => ValueContext::Double,
        Quoting::Single => ValueContext::Single,
        // A here-document often contains a script or settings for another program.
        Quoting::Document | Quoting::Verbatim => ValueContext::Text,
        Quoting::Other => ValueContext::Strict,
    };
    Some(CodeMark { found, context })
}

/// The marks of a session. A shell reads only the commands.
fn in_session(code: &str, found: Vec<VariableUse>) -> Vec<CodeMark> {
    let lines: Vec<&str> = code.split_inclusive('\n').collect();
    let starts: Vec<usize> = lines
        .iter()
        .scan(0, |at, line| {
            let start = *at;
            *at += line.len();
            Some(start)
        })
        .collect();
    // Both lists are in order, so one pass assigns each variable to its part of the session.
    let mut found = found.into_iter().peekable();
    let mut marks = Vec::new();
    for part in console::parts(&lines) {
        let end = starts.get(part.lines.end).copied().unwrap_or(code.len());
        let mut here = Vec::new();
        while let Some(next) = found.next_if(|found| found.range.start < end) {
            here.push(next);
        }
        if !here.is_empty() {
            let typed = CommandText::of(&part, &lines, &starts);
            marks.extend(here.into_iter().filter_map(|found| typed.mark(found)));
        }
    }
    marks
}

/// The text of one command, without prompts.
struct CommandText {
    reader: Option<CommandReader>,
    script: Script,
    /// For each line, its offset in the code after the prompt, and its offset in the command.
    lines: Vec<(usize, usize)>,
}

impl CommandText {
    fn of(part: &console::SessionPart, lines: &[&str], starts: &[usize]) -> CommandText {
        let (mut command, mut places) = (String::new(), Vec::new());
        if let Some(typed) = &part.typed {
            for number in part.lines.clone() {
                let cut = if number == part.lines.start { typed.prompt } else { typed.mark };
                places.push((starts[number] + cut, command.len()));
                command.push_str(&lines[number][cut..]);
            }
        }
        let reader = part.typed.as_ref().map(|typed| typed.reader);
        CommandText { reader, script: Script::read(&command), lines: places }
    }

    fn mark(&self, found: VariableUse) -> Option<CodeMark> {
        let line = self.lines.iter().rev().find(|(start, _)| *start <= found.range.start);
        match (self.reader, line) {
            (Some(CommandReader::Shell), Some((start, own))) => {
                let moved = |at: usize| at - start + own;
                let range = moved(found.range.start)..moved(found.range.end);
                mark(found, self.script.place(&range))
            }
            // Prompts and output are shown and never run.
            _ if found.shell => None,
            (Some(CommandReader::Other), Some(_)) => Some(CodeMark { found, context: ValueContext::Strict }),
            _ => Some(CodeMark { found, context: ValueContext::Any }),
        }
    }
}

/// Writes a plain text with its marks as HTML.
pub fn text(code: &str, marks: &[CodeMark], variables: &Variables) -> String {
    wrap(&escape_text(code), marks, variables)
}

/// Adds the marks to highlighted HTML, which shows the same text and whose tokens are not nested.
pub fn wrap(html: &str, marks: &[CodeMark], variables: &Variables) -> String {
    if marks.is_empty() {
        return html.to_owned();
    }
    let mut writer =
        MarkWriter { html: String::with_capacity(html.len() + marks.len() * 80), at: 0, marks, variables };
    let (mut rest, mut class) = (html, None);
    while !rest.is_empty() {
        if let Some(tag) = rest.strip_prefix('<') {
            let (inside, after) = tag.split_once('>').unwrap_or((tag, ""));
            // An end tag has no class, so it resets the class of the previous start tag.
            class = inside.strip_prefix("span class=\"").and_then(|class| class.strip_suffix('"'));
            rest = after;
        } else {
            let end = rest.find('<').unwrap_or(rest.len());
            writer.run(class, &decode_xml(&rest[..end]));
            rest = &rest[end..];
        }
    }
    writer.html
}

struct MarkWriter<'a> {
    html: String,
    /// The number of bytes of the code that have been written.
    at: usize,
    /// The marks that have not been closed.
    marks: &'a [CodeMark],
    variables: &'a Variables,
}

impl MarkWriter<'_> {
    /// Writes a run of text with one class.
    fn run(&mut self, class: Option<&str>, text: &str) {
        let run = self.at..self.at + text.len();
        // A token stays one element if it contains whole marks. A token is cut if a mark crosses its start or end.
        let cut = self.marks.iter().take_while(|mark| mark.found.range.start < run.end);
        let cut =
            cut.into_iter().any(|mark| mark.found.range.start < run.start || mark.found.range.end > run.end);
        if !cut {
            self.open(class);
        }
        while self.at < run.end {
            let Some(mark) = self.marks.first().filter(|mark| mark.found.range.start < run.end) else {
                self.piece(run.end, &run, (class.filter(|_| cut), text));
                break;
            };
            let range = mark.found.range.clone();
            self.piece(range.start, &run, (class.filter(|_| cut), text));
            if self.at == range.start {
                self.begin(mark);
            }
            self.piece(range.end.min(run.end), &run, (class.filter(|_| cut), text));
            if self.at == range.end {
                self.html.push_str("</var>");
                self.marks = &self.marks[1..];
            }
        }
        if !cut && class.is_some() {
            self.html.push_str("</span>");
        }
    }

    /// Writes the text up to `end`, in an element of its own if a class is given.
    fn piece(&mut self, end: usize, run: &Range<usize>, (class, text): (Option<&str>, &str)) {
        if end > self.at {
            self.open(class);
            push_text(&mut self.html, &text[self.at - run.start..end - run.start]);
            if class.is_some() {
                self.html.push_str("</span>");
            }
            self.at = end;
        }
    }

    fn open(&mut self, class: Option<&str>) {
        if let Some(class) = class {
            self.html.push_str("<span class=\"");
            self.html.push_str(class);
            self.html.push_str("\">");
        }
    }

    fn begin(&mut self, mark: &CodeMark) {
        self.html.push_str("<var class=\"ob-var\" data-var=\"");
        self.html.push_str(self.variables.name(mark.found.variable));
        self.html.push('"');
        if let Some(context) = mark.context.name() {
            self.html.push_str(&format!(" data-in=\"{context}\""));
        }
        self.html.push('>');
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::markdown::code::variables::CodeVariable;

    fn variables() -> Variables {
        let variable =
            |name: &str, replaces: &str| CodeVariable { name: name.into(), replaces: vec![replaces.into()] };
        Variables::new(&[variable("HOST", "node-0"), variable("FILE", "a \"b\"")])
    }

    /// The block as HTML, with `{HOST bare|…}` for each mark.
    fn marked(language: &str, code: &str) -> String {
        let variables = variables();
        let html = super::super::highlight(language, code).unwrap_or_else(|| escape_text(code));
        let html = wrap(&html, &of_block(language, code, &variables), &variables);
        let html = html.replace("<var class=\"ob-var\" data-var=\"", "{").replace("\" data-in=\"", " ");
        html.replace("</var>", "}").replace("\">", "|").replace("<span class=\"", "[").replace("</span>", "]")
    }

    #[test]
    fn places_are_marked_inside_of_tokens_and_across_them() {
        assert_eq!(marked("text", "a node-0 <b>"), "a {HOST text|node-0} &lt;b&gt;");
        let html = marked("bash", "a \"x node-0 y\"");
        assert!(html.contains("{HOST double|node-0}") && html.contains("[c-string|\"x {"), "{html}");
        let html = marked("bash", "cat a \"b\" node-0");
        assert!(
            html.contains("{FILE strict|a [c-string|\"b\"]}") && html.ends_with("{HOST bare|node-0}"),
            "{html}"
        );
    }

    #[test]
    fn only_commands_of_a_session_are_read_by_a_shell() {
        let html = marked(
            "console",
            "root@node-0:~# ping 'node-0' \\\n  $HOST\nfrom node-0 $HOST\nmysql> use node-0",
        );
        for part in [
            "@{HOST|node-0}:",
            "'{HOST single|",
            "{HOST bare|",
            "from {HOST|node-0} $HOST",
            "use {HOST strict|",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        let html = marked("console", "$ cat <<EOF\n> node-0\n> EOF\n$ ssh node-0 \"echo $HOST\"");
        assert!(html.contains("{HOST text|node-0}") && html.matches("{HOST strict|").count() == 2, "{html}");
    }

    #[test]
    fn a_shells_own_variables_are_left_alone() {
        assert!(!marked("bash", "HOST=a\nssh $HOST").contains('{'));
        assert!(!marked("bash", "awk '{ print $HOST }'").contains("HOST bare"));
        assert!(marked("bash", "HOST=node-0\nssh $HOST").contains("{HOST bare|node-0}"));
        assert!(
            !marked("yaml", "a: $HOST").contains('{') && marked("yaml", "a: <HOST>").contains("{HOST text|")
        );
    }

    #[test]
    fn code_in_a_line_is_a_name_or_a_command() {
        let inline = |code: &str| text(code, &of_inline(code, &variables()), &variables());
        assert!(inline("node-0").starts_with("<var class=\"ob-var\" data-var=\"HOST\">node-0"));
        assert!(inline("ping node-0").contains("data-in=\"bare\""));
        assert!(inline("$HOST").contains("data-var"));
    }

    proptest! {
        #[test]
        fn the_text_stays_the_same(code in r#"([a-z"'$<>&#\n ]|node-0|a "b"|\$HOST|<HOST>|\$ |"){0,40}"#) {
            let variables = variables();
            for language in ["bash", "console", "yaml", ""] {
                let html = super::super::highlight(language, &code).unwrap_or_else(|| escape_text(&code));
                let wrapped = wrap(&html, &of_block(language, &code, &variables), &variables);
                let mut text = String::new();
                let mut rest = wrapped.as_str();
                while let Some((before, after)) = rest.split_once('<') {
                    text.push_str(before);
                    rest = after.split_once('>').unwrap().1;
                }
                text.push_str(rest);
                prop_assert_eq!(decode_xml(&text), code.clone());
                prop_assert_eq!(wrapped.matches("<var").count(), wrapped.matches("</var>").count());
            }
        }
    }
}
