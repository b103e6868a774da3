//! A pattern as a program of steps, which matches a value in time proportional to its length.
//!
//! This module owns the steps and their meaning; the script of runbooks runs the same ones. Browsers match by
//! backtracking, and some expressions make that take exponential time. The module knows no variables.

use std::collections::BTreeSet;

use regex_syntax::hir::{Class, Hir, HirKind, Look, Repetition};
use serde::Serialize;

/// The limit for the number of steps. It is enough for any sensible value; `(.{200}){200}` would need 40,000.
const MOST_STEPS: usize = 2_000;

/// One step. In JSON: a list of numbers, `{"to": …}`, `"^"`, `"$"` or `"end"`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
enum ProgramStep {
    /// Consumes one character in these ranges, stored as pairs: first, last, first, last, …
    Take(Vec<u32>),
    /// Continues at each of these steps.
    To { to: Vec<usize> },
    /// `^` or `$`: the beginning or the end of the value. `end`: the last step of a program.
    Edge(&'static str),
}

/// A compiled pattern that must match the whole value.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub(super) struct Program(Vec<ProgramStep>);

impl Program {
    /// Compiles an expression.
    ///
    /// # Errors
    /// The reason why it cannot be compiled: it looks around, or it is too large.
    pub fn new(expression: &Hir) -> Result<Program, String> {
        let mut program = Program::default();
        program.add(expression)?;
        program.push(ProgramStep::Edge("end"))?;
        Ok(program)
    }

    /// The program in JSON, as the script reads it.
    pub fn json(&self) -> String {
        serde_json::to_string(self).expect("steps are plain data")
    }

    /// Whether the whole value matches.
    pub fn matches(&self, value: &str) -> bool {
        let characters: Vec<u32> = value.chars().map(u32::from).collect();
        let mut at = self.enter([0], 0, characters.len());
        for (place, character) in characters.iter().enumerate() {
            let takes = |step: &usize| match &self.0[*step] {
                ProgramStep::Take(ranges) => {
                    ranges.chunks(2).any(|range| (range[0]..=range[1]).contains(character))
                }
                ProgramStep::To { .. } | ProgramStep::Edge(_) => false,
            };
            let next = at.iter().copied().filter(takes).map(|step| step + 1).collect::<Vec<_>>();
            at = self.enter(next, place + 1, characters.len());
        }
        at.contains(&(self.0.len() - 1))
    }

    /// Every step that can be reached from the given ones without consuming a character.
    fn enter(&self, from: impl IntoIterator<Item = usize>, place: usize, length: usize) -> BTreeSet<usize> {
        let mut reached = BTreeSet::new();
        let mut waiting: Vec<usize> = from.into_iter().collect();
        while let Some(step) = waiting.pop() {
            // A step is visited once, which also ends the loops of expressions such as `(a*)*`.
            if !reached.insert(step) {
                continue;
            }
            match &self.0[step] {
                ProgramStep::To { to } => waiting.extend(to),
                ProgramStep::Edge("^") if place == 0 => waiting.push(step + 1),
                ProgramStep::Edge("$") if place == length => waiting.push(step + 1),
                ProgramStep::Edge(_) | ProgramStep::Take(_) => {}
            }
        }
        reached
    }

    fn push(&mut self, step: ProgramStep) -> Result<usize, String> {
        if self.0.len() >= MOST_STEPS {
            return Err("it expands to too many steps: repeat less".to_owned());
        }
        self.0.push(step);
        Ok(self.0.len() - 1)
    }

    fn add(&mut self, expression: &Hir) -> Result<(), String> {
        match expression.kind() {
            HirKind::Empty => Ok(()),
            HirKind::Literal(literal) => {
                let text = String::from_utf8_lossy(&literal.0).into_owned();
                text.chars().try_for_each(|one| {
                    self.push(ProgramStep::Take(vec![u32::from(one), u32::from(one)])).map(|_| ())
                })
            }
            HirKind::Class(class) => self.push(ProgramStep::Take(ranges(class))).map(|_| ()),
            HirKind::Look(look) => self.push(ProgramStep::Edge(edge(*look)?)).map(|_| ()),
            HirKind::Repetition(repetition) => self.repeat(repetition),
            HirKind::Capture(capture) => self.add(&capture.sub),
            HirKind::Concat(parts) => parts.iter().try_for_each(|part| self.add(part)),
            HirKind::Alternation(parts) => self.choose(parts),
        }
    }

    fn repeat(&mut self, repetition: &Repetition) -> Result<(), String> {
        for _ in 0..repetition.min {
            self.add(&repetition.sub)?;
        }
        // The targets of a fork are known only after the steps of its parts were added, so it is filled in at the
        // end.
        let Some(max) = repetition.max else {
            let fork = self.push(ProgramStep::To { to: Vec::new() })?;
            self.add(&repetition.sub)?;
            let back = self.push(ProgramStep::To { to: vec![fork] })?;
            self.0[fork] = ProgramStep::To { to: vec![fork + 1, back + 1] };
            return Ok(());
        };
        let mut forks = Vec::new();
        for _ in repetition.min..max {
            forks.push(self.push(ProgramStep::To { to: Vec::new() })?);
            self.add(&repetition.sub)?;
        }
        let end = self.0.len();
        forks.into_iter().for_each(|fork| self.0[fork] = ProgramStep::To { to: vec![fork + 1, end] });
        Ok(())
    }

    fn choose(&mut self, parts: &[Hir]) -> Result<(), String> {
        let fork = self.push(ProgramStep::To { to: Vec::new() })?;
        let (mut starts, mut ends) = (Vec::new(), Vec::new());
        for part in parts {
            starts.push(self.0.len());
            self.add(part)?;
            ends.push(self.push(ProgramStep::To { to: Vec::new() })?);
        }
        let behind = self.0.len();
        self.0[fork] = ProgramStep::To { to: starts };
        ends.into_iter().for_each(|end| self.0[end] = ProgramStep::To { to: vec![behind] });
        Ok(())
    }
}

fn ranges(class: &Class) -> Vec<u32> {
    match class {
        Class::Unicode(class) => {
            class.iter().flat_map(|range| [u32::from(range.start()), u32::from(range.end())]).collect()
        }
        Class::Bytes(class) => {
            class.iter().flat_map(|range| [u32::from(range.start()), u32::from(range.end())]).collect()
        }
    }
}

fn edge(look: Look) -> Result<&'static str, String> {
    match look {
        Look::Start => Ok("^"),
        Look::End => Ok("$"),
        _ => Err("the whole value is looked at: leave out `\\b` and `\\B`".to_owned()),
    }
}
