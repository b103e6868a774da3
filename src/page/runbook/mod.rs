//! Runbooks: the variables of a page and the risk of its commands.
//!
//! This module owns [`Variable`], the requirements of a variable, and the warnings that compare front matter with
//! the text. It knows neither templates nor the browser, and no kind by name: every page with these fields is
//! treated alike.
//!
//! All analysis happens here and in `markdown/code` during the build; the browser only puts texts into marked
//! places. `variables` finds the places where a reader's value belongs, `shell` says how a shell reads each of
//! them, and `marks` writes that into the markup: `<var data-var="HOST" data-in="double">`. A place that is read
//! more than once (`ssh host "…"`) is `strict`: only values without special characters are allowed there. In doubt
//! a place is strict. A pattern must mean the same in Rust and in JavaScript, so only the syntax that both share is
//! accepted.
//!
//! In the browser (`runbook*.js`) everything that comes from storage or from a link is checked like untrusted
//! input. Values become text nodes. Storage holds no secrets, and no values that came only from a link.

mod pattern;
mod program;

use std::collections::BTreeMap;

use crate::alerts::is_label_name;
use crate::diagnostic::Diagnostic;
use crate::kinds::Record;
use crate::markdown::Commands;
use crate::markdown::code::{self, JoinedLiteral, Risk, Variables, is_name};
use crate::path::FilePath;
use crate::rules::{
    RUNBOOK_DANGER, RUNBOOK_EXAMPLE, RUNBOOK_JOINED, RUNBOOK_RISK, RUNBOOK_UNRATED, RUNBOOK_UNUSED,
    RUNBOOK_VARIABLE, RUNBOOK_WILDCARD,
};
use crate::source::Span;

use super::FrontMatter;
use program::Program;

/// The sections with instructions, as the definition of the kind names them.
pub const DOING: [&str; 2] = ["Diagnose", "Fix"];

/// The sections that say whom to call.
pub const CALLING: [&str; 1] = ["Escalate"];

/// A placeholder in the commands of a page that readers fill in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Variable {
    pub name: String,
    pub example: String,
    pub help: Option<String>,
    /// A regular expression that means the same here and in a browser.
    pub pattern: Option<String>,
    /// The pattern as a compiled program in JSON, which the script of runbooks runs.
    pub steps: Option<String>,
    /// The value is not shown while it is typed, and not stored.
    pub secret: bool,
    pub replaces: Vec<String>,
    /// The label of an alert that has the value, as front matter names it.
    pub label: Option<String>,
    /// Whether a value looks like the example without a port. The label `instance` mostly has one.
    pub is_without_port: bool,
    /// Its index in the list in front matter. Invalid variables are dropped, so it may differ from the index in a
    /// list of variables.
    place: usize,
}

/// The parts of an address with a meaning of their own, beside values: `#alert=CephOSDDown&since=2026-11-21T02:12:00Z&osd=12`.
pub const ADDRESS_PARTS: [&str; 3] = ["alert", "since", "ob-focus"];

impl Variable {
    /// The label of an alert that has the value. A secret has none: no link may contain it.
    pub fn alert_label(&self) -> Option<String> {
        let label = self.label.clone().unwrap_or_else(|| self.name.to_lowercase());
        (!self.secret && !ADDRESS_PARTS.contains(&label.as_str())).then_some(label)
    }

    /// A function that returns whether a value matches the pattern, which is compiled once.
    pub fn acceptance(&self) -> impl Fn(&str) -> bool + use<> {
        let program = self.pattern.as_deref().and_then(|pattern| pattern::read(pattern).ok());
        move |value| program.as_ref().is_none_or(|program| program.matches(value))
    }
}

/// The variables in front matter. Invalid variables are reported and dropped.
pub fn variables(file: &FilePath, front: &FrontMatter, diagnostics: &mut Vec<Diagnostic>) -> Vec<Variable> {
    let records = front.data.records("variables");
    let mut reading =
        RunbookReader { file, front, diagnostics, names: BTreeMap::new(), literals: BTreeMap::new() };
    records.into_iter().enumerate().filter_map(|(place, record)| reading.variable(place, record)).collect()
}

/// The names and literals to search for in the code.
pub fn marks(variables: &[Variable]) -> Variables {
    if variables.is_empty() {
        return Variables::NONE;
    }
    let mark = |variable: &Variable| code::CodeVariable {
        name: variable.name.clone(),
        replaces: variable.replaces.clone(),
    };
    Variables::new(&variables.iter().map(mark).collect::<Vec<_>>())
}

/// Reports variables that the code does not use, and literals to replace that it does not contain.
pub fn unused(
    file: &FilePath,
    front: &FrontMatter,
    variables: &[Variable],
    commands: &Commands,
) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for (number, variable) in variables.iter().enumerate() {
        let mut report = |path: String, message: String, help: &str| {
            let span = front.span(file, &path);
            problems.push(Diagnostic::new(&RUNBOOK_UNUSED, span, message).help(help.to_owned()));
        };
        let place = variable.place;
        if !commands.used.iter().any(|(used, _)| *used == number) {
            let message = format!("`{}` is not used in the page's code", variable.name);
            let help = format!("write `<{}>` in commands, or name what it `replaces`", variable.name);
            report(format!("variables[{place}].name"), message, &help);
            continue;
        }
        for (at, literal) in variable.replaces.iter().enumerate() {
            if !literal.is_empty() && !commands.used.contains(&(number, Some(at))) {
                let message = format!("`{literal}` is not in the page's code as a word of its own");
                let path = format!("variables[{place}].replaces[{at}]");
                report(path, message, "take it out, or write it as it stands in the code");
            }
        }
    }
    problems
}

/// Reports literals that variables replace in code but that also occur where no value is inserted: in prose, in the
/// title and in the description. A step would name the example's host next to a command with the reader's own.
pub fn examples(
    file: &FilePath,
    front: &FrontMatter,
    variables: &[Variable],
    commands: &Commands,
) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut report = |variable: usize, text: &str, span: Span, help: String| {
        let name = &variables[variable].name;
        let message = format!("`{text}` is replaced by `{name}` in code, but this is prose");
        problems.push(Diagnostic::new(&RUNBOOK_EXAMPLE, span, message).help(help));
    };
    let marks = marks(variables);
    for (field, text) in [("title", &front.title), ("description", &front.description)] {
        let text = text.as_deref().unwrap_or_default();
        for found in marks.find(text).into_iter().filter(|found| found.literal.is_some()) {
            let help = "values do not reach this field: take the example out".to_owned();
            report(found.variable, &text[found.range], front.span(file, field), help);
        }
    }
    for found in &commands.in_prose {
        let help = format!("write it as code, and it follows the reader's value: `` `{}` ``", found.text);
        report(found.variable, &found.text, found.span.clone(), help);
    }
    problems
}

/// Reports literals within longer names in commands. A reader who has filled in `7` would copy `rook-ceph-osd-12`.
pub fn joined(variables: &[Variable], commands: &Commands) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for (JoinedLiteral { variable, literal, name }, span) in &commands.joined {
        let message = format!("`{literal}` is not replaced in `{name}`, because it is part of a longer name");
        let replaced = name.replacen(literal, &format!("<{}>", variables[*variable].name), 1);
        let problem = Diagnostic::new(&RUNBOOK_JOINED, span.clone(), message);
        problems.push(problem.help(format!("write `{replaced}`")));
    }
    problems
}

/// Reports a page whose stated risk is lower than that of one of its commands.
pub fn understated(file: &FilePath, front: &FrontMatter, commands: &Commands) -> Option<Diagnostic> {
    let stated = front.data.text("risk").and_then(Risk::parse)?;
    let (most, place) = commands.risk.as_ref().filter(|(most, _)| *most > stated)?;
    let message =
        format!("the page says that its risk is `{}`, but a command is `{}`", stated.name(), most.name());
    let problem = Diagnostic::new(&RUNBOOK_RISK, front.span(file, "risk"), message);
    let help = format!("write `risk: {}`, or look at the command again", most.name());
    Some(problem.label(place.clone(), "this command").help(help))
}

/// Reports commands that do not state their risk, on a page whose kind states the highest one.
pub fn unrated(front: &FrontMatter, commands: &Commands) -> Vec<Diagnostic> {
    let has_risk = front.kind.fields.iter().any(|field| field.name == "risk");
    let mut problems = Vec::new();
    for place in commands.unrated.iter().filter(|_| has_risk) {
        let names = Risk::ALL.map(Risk::name).join(", ");
        let help = format!("write `risk=…` behind the language, with one of {names}");
        let message = "this block does not say what its commands risk";
        problems.push(Diagnostic::new(&RUNBOOK_UNRATED, place.clone(), message).help(help));
    }
    problems
}

/// Reports destructive commands without a warning before them, or with a wildcard.
pub fn unguarded(commands: &Commands) -> Vec<Diagnostic> {
    let boxes = commands.unguarded.iter().map(|place| {
        let message = "this command is `destructive`, and its section has no danger box before it";
        let help = "write a box `:::danger` before it that says what is lost";
        Diagnostic::new(&RUNBOOK_DANGER, place.clone(), message).help(help)
    });
    let wildcards = commands.wildcards.iter().map(|(word, place)| {
        let message = format!("this command is `destructive` and has a wildcard: `{word}`");
        let help = "name each file in full, or have the command read a list that was looked at";
        Diagnostic::new(&RUNBOOK_WILDCARD, place.clone(), message).help(help)
    });
    boxes.chain(wildcards).collect()
}

struct RunbookReader<'a> {
    file: &'a FilePath,
    front: &'a FrontMatter,
    diagnostics: &'a mut Vec<Diagnostic>,
    /// Names in upper case, because readers do not distinguish `Host` from `HOST`, with the path of each.
    names: BTreeMap<String, String>,
    /// Literals to replace, with the path of each.
    literals: BTreeMap<String, String>,
}

impl RunbookReader<'_> {
    fn variable(&mut self, place: usize, record: &Record) -> Option<Variable> {
        let path = |field: &str| format!("variables[{place}].{field}");
        let name = record.text("name")?.trim().to_owned();
        if !is_name(&name) {
            let message = format!("`{name}` cannot be the name of a variable");
            self.report(&path("name"), message, "use letters, digits and `_`, and no digit first");
            return None;
        }
        if let Some(first) = self.names.insert(name.to_uppercase(), path("name")) {
            let message = format!("there are two variables `{name}`");
            self.report_twice(&path("name"), message, &first);
            return None;
        }
        let text = |field: &str| record.text(field).map(str::trim).filter(|text| !text.is_empty());
        let secret = record.flag("secret");
        let program = text("pattern").and_then(|pattern| self.pattern(&path("pattern"), pattern));
        let pattern = text("pattern").filter(|_| program.is_some());
        let example = text("example").unwrap_or_default();
        let with_port = format!("{example}:9100");
        let takes_port = program.as_ref().map(|program| program.matches(&with_port));
        let label = text("label").filter(|label| self.is_label(&path("label"), label));
        self.example(&path("example"), example, pattern.zip(program.as_ref()).filter(|_| !secret));
        Some(Variable {
            help: text("help").map(str::to_owned),
            pattern: pattern.map(str::to_owned),
            steps: program.map(|program| program.json()),
            example: example.to_owned(),
            replaces: self.replaces(&path("replaces"), record),
            label: label.map(str::to_owned),
            is_without_port: !takes_port.unwrap_or_else(|| example.contains(':')),
            name,
            secret,
            place,
        })
    }

    /// Whether a text can be the label of a variable. Reports one that cannot.
    fn is_label(&mut self, path: &str, label: &str) -> bool {
        let is_label = is_label_name(label) && !ADDRESS_PARTS.contains(&label);
        if !is_label {
            let message = format!("`{label}` cannot be the label of a value");
            self.report(path, message, "use the name of a label in Prometheus, but not `alert` or `since`");
        }
        is_label
    }

    /// Compiles the pattern of a variable. Reports a pattern that cannot be used.
    fn pattern(&mut self, path: &str, pattern: &str) -> Option<Program> {
        let problem = match pattern::read(pattern) {
            Ok(program) => return Some(program),
            Err(problem) => problem,
        };
        let message = format!("the pattern `{pattern}` cannot be used: {problem}");
        self.report(path, message, "use what JavaScript and other languages have in common");
        None
    }

    /// Reports an example that is not a possible value.
    fn example(&mut self, path: &str, example: &str, pattern: Option<(&str, &Program)>) {
        if example.contains(['\n', '\r']) {
            let message = "an example has several lines, which a value cannot have".to_owned();
            self.report(path, message, "write it on one line");
        } else if let Some((pattern, _)) = pattern.filter(|(_, program)| !program.matches(example)) {
            let message = format!("the example `{example}` does not match the pattern `{pattern}`");
            self.report(path, message, "the whole example must match; change one of the two");
        }
    }

    /// The literals that a variable replaces. No two variables may replace the same one.
    fn replaces(&mut self, path: &str, record: &Record) -> Vec<String> {
        let mut literals = Vec::new();
        for (at, literal) in record.texts("replaces").into_iter().enumerate() {
            let path = format!("{path}[{at}]");
            if literal.trim().is_empty() || literal.contains(['\n', '\r']) {
                let message = "a text to replace is empty or has several lines".to_owned();
                self.report(&path, message, "write a word as it stands in the code");
            } else if let Some(first) = self.literals.insert(literal.to_owned(), path.clone()) {
                self.report_twice(&path, format!("`{literal}` is replaced twice"), &first);
            }
            // Invalid literals stay in the list, because problems are reported by index.
            literals.push(literal.trim().to_owned());
        }
        literals
    }

    fn report(&mut self, path: &str, message: String, help: &str) {
        let span = self.front.span(self.file, path);
        self.diagnostics.push(Diagnostic::new(&RUNBOOK_VARIABLE, span, message).help(help.to_owned()));
    }

    fn report_twice(&mut self, path: &str, message: String, first: &str) {
        let problem = Diagnostic::new(&RUNBOOK_VARIABLE, self.front.span(self.file, path), message);
        let first = self.front.span(self.file, first);
        self.diagnostics.push(problem.label(first, "here first").help("keep one of the two"));
    }
}
