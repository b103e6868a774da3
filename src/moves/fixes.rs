//! The fixes of a check, as edits that are checked before they are written.
//!
//! Owns [`FixPlanner`]: it applies the certain fixes in memory, checks the result, and leaves out what adds a problem.
//! Rules make the fixes. Writes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use crate::check::PageRules;
use crate::diagnostic::{self, Diagnostic, Fix, FixCertainty};
use crate::input::Inputs;
use crate::input::cache::FragmentCaches;
use crate::input::text_edits::{TextEdit, apply};
use crate::memo::Retention;
use crate::path::FilePath;
use crate::pipeline::Engine;
use crate::visibility::Audience;

use super::changed_inputs::{InputChange, for_audience};
use super::text_of;

/// How often the result is searched for further fixes. A check suggests changes for a limited number of problems of a page.
const MOST_ROUNDS: usize = 30;

/// A handbook with its problems for several audiences.
#[derive(Debug)]
pub struct CheckedInputs {
    pub inputs: Inputs,
    /// Sorted, each once.
    pub problems: Vec<Diagnostic>,
    /// The most pages that an audience sees.
    pub pages: usize,
    /// The severities of rules that pages set themselves.
    pub rules: PageRules,
}

/// Fixes that are computed and checked.
#[derive(Debug)]
pub struct FixPlan {
    /// The edits of each text. They are sorted and do not overlap.
    pub edits: BTreeMap<FilePath, Vec<TextEdit>>,
    /// The number of fixes that are left out, because the handbook would have a new problem.
    pub refused: usize,
    /// The number of fixes for a further run, because the bound on rounds was met.
    pub left: usize,
    /// The handbook after the edits.
    pub after: CheckedInputs,
}

impl FixPlan {
    /// The number of fixes.
    pub fn fixes(&self) -> usize {
        self.edits.values().map(Vec::len).sum()
    }
}

/// Plans fixes, and reuses what it has parsed.
pub struct FixPlanner {
    engines: Vec<(Audience, Engine)>,
}

/// A fix of one round, with its edit of the text as it was read.
struct RoundFix {
    file: FilePath,
    edit: TextEdit,
}

impl FixPlanner {
    /// A planner that checks for these audiences, and uses what earlier runs have highlighted and drawn.
    pub fn new(audiences: &[Audience], caches: &Arc<FragmentCaches>) -> FixPlanner {
        let mut engines = Vec::new();
        for audience in audiences {
            engines.push((*audience, Engine::with_caches(Retention::LastGeneration, Arc::clone(caches))));
        }
        FixPlanner { engines }
    }

    /// Finds the problems of a handbook.
    pub fn check(&mut self, inputs: Inputs) -> CheckedInputs {
        let (mut problems, mut pages, mut rules) = (Vec::new(), 0, PageRules::new());
        for (audience, engine) in &mut self.engines {
            let built = engine.check(&for_audience(&inputs, *audience, inputs.drafts));
            pages = pages.max(built.pages);
            problems.extend(built.diagnostics);
            rules.extend(built.rules);
        }
        diagnostic::sort(&mut problems);
        CheckedInputs { inputs, problems, pages, rules }
    }

    /// Computes the edits of all certain fixes in the files that `is_wanted` accepts, and checks the result.
    pub fn plan(&mut self, before: &CheckedInputs, is_wanted: &dyn Fn(&FilePath) -> bool) -> FixPlan {
        let mut edits: BTreeMap<FilePath, Vec<TextEdit>> = BTreeMap::new();
        let mut after = CheckedInputs {
            inputs: InputChange::default().apply(&before.inputs),
            problems: before.problems.clone(),
            pages: before.pages,
            rules: before.rules.clone(),
        };
        let mut refused: BTreeSet<(FilePath, usize)> = BTreeSet::new();
        let next_fixes = |after: &CheckedInputs, edits: &_, refused: &BTreeSet<(FilePath, usize)>| {
            let mut fixes = round(&after.problems, edits, &before.inputs);
            fixes.retain(|fix| {
                is_wanted(&fix.file) && !refused.contains(&(fix.file.clone(), fix.edit.range.start))
            });
            fixes
        };
        let mut fixes = next_fixes(&after, &edits, &refused);
        for _ in 0..MOST_ROUNDS {
            if fixes.is_empty() {
                break;
            }
            let mut next = edits.clone();
            for fix in &fixes {
                next.entry(fix.file.clone()).or_default().push(fix.edit.clone());
            }
            next.values_mut().for_each(|edits| edits.sort_by_key(|edit| (edit.range.start, edit.range.end)));
            let mut texts = BTreeMap::new();
            for (file, edits) in &next {
                if let Some(source) = text_of(&before.inputs, file) {
                    texts.insert(file.clone(), apply(&source.text, edits));
                }
            }
            let changed = InputChange { renames: None, texts: Some(&texts) }.apply(&before.inputs);
            let checked = self.check(changed);
            let new = new_problems(&after.problems, &checked.problems);
            if new.is_empty() {
                (edits, after) = (next, checked);
            } else {
                for fix in culprits(&fixes, &new, &next) {
                    refused.insert((fix.file.clone(), fix.edit.range.start));
                }
            }
            fixes = next_fixes(&after, &edits, &refused);
        }
        FixPlan { edits, refused: refused.len(), left: fixes.len(), after }
    }
}

/// The certain fixes of problems, as edits of the texts before all `done` edits. Fixes that overlap are left out.
fn round(
    problems: &[Diagnostic],
    done: &BTreeMap<FilePath, Vec<TextEdit>>,
    inputs: &Inputs,
) -> Vec<RoundFix> {
    let certain = |fix: &&Fix| fix.certainty == FixCertainty::Certain;
    let mut fixes: Vec<&Fix> =
        problems.iter().filter_map(|problem| problem.fix.as_deref()).filter(certain).collect();
    fixes.sort_by(|one, other| (&one.span, &one.text).cmp(&(&other.span, &other.text)));
    // A text that several pages include has the same fix several times.
    fixes.dedup();
    let overlaps = |one: &Fix, other: &Fix| {
        one.span.file == other.span.file
            && (one.span.end > other.span.start || one.span.start == other.span.start)
    };
    let is_alone = |number: usize| {
        let before = number.checked_sub(1).is_some_and(|before| overlaps(fixes[before], fixes[number]));
        !before && !fixes.get(number + 1).is_some_and(|next| overlaps(fixes[number], next))
    };
    let mut found = Vec::new();
    for (_, fix) in fixes.iter().enumerate().filter(|(number, _)| is_alone(*number)) {
        let range = fix.span.start as usize..fix.span.end as usize;
        let edit = TextEdit { range, text: fix.text.clone() };
        let earlier = done.get(&fix.span.file).map_or(&[][..], Vec::as_slice);
        let Some(edit) = rebased(edit, earlier) else { continue };
        let is_text = |text: &str| text.get(edit.range.clone()).is_some_and(|old| old != edit.text);
        if text_of(inputs, &fix.span.file).is_some_and(|source| is_text(&source.text)) {
            found.push(RoundFix { file: fix.span.file.clone(), edit });
        }
    }
    found
}

/// An edit of a text after `earlier` edits, as an edit of the text before them. `None` if it changes their result.
fn rebased(edit: TextEdit, earlier: &[TextEdit]) -> Option<TextEdit> {
    let mut shift = 0_isize;
    for done in earlier {
        let start = done.range.start.checked_add_signed(shift)?;
        let end = start + done.text.len();
        if edit.range.end <= start {
            break;
        }
        if edit.range.start < end {
            return None;
        }
        shift += done.text.len() as isize - done.range.len() as isize;
    }
    let back = |offset: usize| offset.checked_add_signed(-shift);
    Some(TextEdit { range: back(edit.range.start)?..back(edit.range.end)?, text: edit.text })
}

/// The problems of `after` that `before` does not have, or not as often.
fn new_problems<'d>(before: &[Diagnostic], after: &'d [Diagnostic]) -> Vec<&'d Diagnostic> {
    let mut known: BTreeMap<(&FilePath, &str, &str), usize> = BTreeMap::new();
    for problem in before {
        *known.entry((&problem.span.file, problem.rule.name, &problem.message)).or_default() += 1;
    }
    let mut new = Vec::new();
    for problem in after {
        match known.get_mut(&(&problem.span.file, problem.rule.name, &*problem.message)) {
            Some(count) if *count > 0 => *count -= 1,
            _ => new.push(problem),
        }
    }
    new
}

/// The fixes that may have added problems: those at the places of new problems, else those in their files, else all.
fn culprits<'f>(
    fixes: &'f [RoundFix],
    new: &[&Diagnostic],
    edits: &BTreeMap<FilePath, Vec<TextEdit>>,
) -> Vec<&'f RoundFix> {
    let is_at = |fix: &&RoundFix| {
        let range = written_range(fix, edits);
        new.iter().any(|problem| {
            let span = &problem.span;
            span.file == fix.file && span.start as usize <= range.end && range.start <= span.end as usize
        })
    };
    let is_in_file = |fix: &&RoundFix| new.iter().any(|problem| problem.span.file == fix.file);
    let mut found: Vec<&RoundFix> = fixes.iter().filter(is_at).collect();
    if found.is_empty() {
        found = fixes.iter().filter(is_in_file).collect();
    }
    if found.is_empty() {
        found = fixes.iter().collect();
    }
    found
}

/// The range of the new text of a fix, in the text after all edits.
fn written_range(fix: &RoundFix, edits: &BTreeMap<FilePath, Vec<TextEdit>>) -> Range<usize> {
    let mut shift = 0_isize;
    for edit in edits.get(&fix.file).into_iter().flatten() {
        if edit.range.start >= fix.edit.range.start {
            break;
        }
        shift += edit.text.len() as isize - edit.range.len() as isize;
    }
    let start = fix.edit.range.start.saturating_add_signed(shift);
    start..start + fix.edit.text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(range: Range<usize>, text: &str) -> TextEdit {
        TextEdit { range, text: text.to_owned() }
    }

    #[test]
    fn an_edit_of_an_edited_text_is_one_of_the_text_before() {
        // `abcdef` became `aXYZcdf`.
        let earlier = [edit(1..2, "XYZ"), edit(4..5, "")];
        assert_eq!(rebased(edit(0..1, "q"), &earlier), Some(edit(0..1, "q")));
        assert_eq!(rebased(edit(4..5, "q"), &earlier), Some(edit(2..3, "q")));
        assert_eq!(rebased(edit(6..7, "q"), &earlier), Some(edit(5..6, "q")));
        assert_eq!(rebased(edit(3..5, "q"), &earlier), None);
    }
}
