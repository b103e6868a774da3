//! The problems that a handbook has in one state and not in another.
//!
//! Owns when two problems count as one: rule, file and message are the same. Lines may differ, and paths are those after
//! the renames between the two states.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::path::FilePath;
use crate::renames::Renames;

/// The difference between the problems of two states of a handbook.
#[derive(Debug, Default)]
pub struct ProblemChanges {
    /// The problems that only the later state has.
    pub new: Vec<Diagnostic>,
    /// The problems that only the earlier state has.
    pub ended: Vec<Diagnostic>,
}

impl ProblemChanges {
    /// Compares the problems of two states. A problem that a state has several times has as many counterparts.
    pub fn between(before: &[Diagnostic], after: &[Diagnostic], renames: &Renames) -> ProblemChanges {
        let mut known: BTreeMap<(FilePath, &str, String), Vec<&Diagnostic>> = BTreeMap::new();
        // From the last to the first, so that the first counterpart is found first.
        for problem in before.iter().rev() {
            let key = (
                renames.after(&problem.span.file),
                problem.rule.name,
                renames.after_in_text(&problem.message),
            );
            known.entry(key).or_default().push(problem);
        }
        let mut changes = ProblemChanges::default();
        for problem in after {
            let key = (problem.span.file.clone(), problem.rule.name, problem.message.to_string());
            if known.get_mut(&key).and_then(Vec::pop).is_none() {
                changes.new.push(problem.clone());
            }
        }
        changes.ended = known.into_values().flatten().cloned().collect();
        crate::diagnostic::sort(&mut changes.ended);
        changes
    }

    /// The new problems without those that may be old ones with another message: a problem counts only if there are
    /// more of its rule than before, in its file and in the handbook. A change that keeps every address needs this,
    /// because messages hold addresses, and the reading order decides where some problems are reported.
    pub fn surplus(&self, before: &[Diagnostic], after: &[Diagnostic], renames: &Renames) -> Vec<Diagnostic> {
        let mut in_file: BTreeMap<(FilePath, &str), isize> = BTreeMap::new();
        let mut in_all: BTreeMap<&str, isize> = BTreeMap::new();
        for problem in before {
            *in_file.entry((renames.after(&problem.span.file), problem.rule.name)).or_default() -= 1;
            *in_all.entry(problem.rule.name).or_default() -= 1;
        }
        for problem in after {
            *in_file.entry((problem.span.file.clone(), problem.rule.name)).or_default() += 1;
            *in_all.entry(problem.rule.name).or_default() += 1;
        }
        let is_more = |problem: &&Diagnostic| {
            let rule = problem.rule.name;
            in_file[&(problem.span.file.clone(), rule)] > 0 && in_all[rule] > 0
        };
        self.new.iter().filter(is_more).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::renames::Rename;
    use crate::rules::{LINK_ANCHOR, LINK_MISSING};
    use crate::source::Span;

    fn file(name: &str) -> FilePath {
        FilePath::new(name).unwrap()
    }

    fn problem(name: &str, offset: usize, message: &str) -> Diagnostic {
        Diagnostic::new(&LINK_MISSING, Span::new(&file(name), offset..offset + 1), message)
    }

    fn messages(problems: &[Diagnostic]) -> Vec<&str> {
        problems.iter().map(|problem| &*problem.message).collect()
    }

    #[test]
    fn a_problem_that_only_moved_is_neither_new_nor_ended() {
        let before = [problem("a.md", 1, "no x"), problem("a.md", 5, "no x"), problem("b.md", 1, "no y")];
        let after = [problem("a.md", 30, "no x"), problem("a.md", 90, "no z")];
        let changes = ProblemChanges::between(&before, &after, &Renames::default());
        assert_eq!(messages(&changes.new), ["no z"]);
        assert_eq!(messages(&changes.ended), ["no x", "no y"]);
        assert_eq!(changes.ended[0].span.start, 5, "the second of two equal problems ended");
    }

    #[test]
    fn files_and_messages_follow_renames() {
        let renames = Renames { list: vec![Rename { from: file("a.md"), to: file("c/d.md") }] };
        let before = [problem("a.md", 1, "no x"), problem("b.md", 1, "no anchor in a.md")];
        let after = [problem("b.md", 1, "no anchor in c/d.md"), problem("c/d.md", 1, "no x")];
        let changes = ProblemChanges::between(&before, &after, &renames);
        assert!(changes.new.is_empty() && changes.ended.is_empty(), "{changes:?}");
    }

    #[test]
    fn a_surplus_needs_more_problems_of_the_rule() {
        let before = [problem("a.md", 1, "no x")];
        let mut after = vec![problem("a.md", 1, "no y")];
        let surplus = |after: &[Diagnostic]| {
            let renames = Renames::default();
            ProblemChanges::between(&before, after, &renames).surplus(&before, after, &renames).len()
        };
        assert_eq!(surplus(&after), 0);
        after.push(Diagnostic::new(&LINK_ANCHOR, Span::start_of(&file("a.md")), "no #y"));
        assert_eq!(surplus(&after), 1);
    }
}
