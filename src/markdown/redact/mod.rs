//! Text without what an audience may not see.
//!
//! Owns [`redact`], which runs before anything else looks at a text: pages, includes, copies and facts are made of what
//! it leaves. `spots`, `strange` and `stated` find what may be a mark, `outline` which blocks there are, `decide` what each mark
//! hides, `hollow` and `linked` what goes with it, `cut` takes it out. Knows no page.

mod cut;
mod decide;
mod found;
mod hollow;
mod linked;
mod numbers;
mod outline;
mod pairs;
mod sections;
mod spots;
mod stated;
mod strange;
mod unclear;
mod words;

use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::source::{Source, Span};
use crate::visibility::{Audience, Cuts, Levels, Withheld};

use super::directives::Dialect;
use super::notes::Flavor;
use found::Found;
use outline::Outline;

/// For whom a text is redacted.
#[derive(Debug, Clone, Copy)]
pub struct Redacting<'a> {
    pub levels: &'a Levels,
    pub audience: Audience,
    /// What stands where something was withheld; may be empty.
    pub mark: &'a str,
}

/// What became of a text.
#[derive(Debug)]
pub struct Redaction {
    /// With the digest of what is left.
    pub source: Source,
    /// From what is left back to the written text.
    pub cuts: Cuts,
    /// Places in the written text.
    pub withheld: Vec<Withheld>,
    /// Where the text first names a level that not everybody sees, as it was written.
    pub named: Option<Span>,
    /// Places in the written text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Takes out of a Markdown text what the audience may not see; front matter stays as it is. `None` where nothing in the
/// text has to do with levels.
pub fn redact(source: &Source, redacting: &Redacting<'_>) -> Option<Redaction> {
    if !source.path.is_markdown() {
        return None;
    }
    let base = super::front::split(&source.text).body;
    let (outline, mut found) = read(source, base, redacting)?;
    let (mut text, mut cuts) = cut::cut((&source.text, base), &outline, &found, redacting.mark);
    // Taking text out may turn what is left into something else, in which marks mean something else.
    let left = Source::new(source.path.clone(), text.as_str());
    let again = if found.hidden.is_empty() { None } else { read(&left, base, redacting) };
    if again.is_some_and(|(_, again)| again.changes()) {
        found.withhold_all(0..source.text.len() - base);
        (text, cuts) = cut::cut((&source.text, base), &outline, &found, "");
    }
    let span = |range: &Range<usize>| Span::new(&source.path, base + range.start..base + range.end);
    let problem = |problem: &found::Problem| {
        let found = Diagnostic::new(problem.rule, span(&problem.range), problem.message.clone());
        problem.help.iter().fold(found, |found, help| found.help(help.clone()))
    };
    Some(Redaction {
        source: Source::new(source.path.clone(), text),
        cuts,
        withheld: found.hidden.iter().filter_map(|hidden| hidden.withheld(span)).collect(),
        named: found.named.as_ref().map(span),
        diagnostics: found.problems.iter().map(problem).collect(),
    })
}

/// Whether a text, such as a field's, holds what hides something in Markdown, or looks so.
pub fn is_marked(text: &str, levels: &Levels) -> bool {
    let spots = spots::find(text, levels);
    let braces = spots.braces.iter().any(|spot| spot.form != spots::Form::Bare(spots::Exactness::Near));
    braces || !spots.lines.is_empty()
}

/// Where a text says in the form of a field who may see it: `visibility: internal`.
pub fn stated(text: &str, levels: &Levels) -> Vec<Range<usize>> {
    stated::find(&text.to_ascii_lowercase(), levels).into_iter().map(|one| one.range).collect()
}

/// What marks in a text mean; `None` where nothing in it has to do with levels.
fn read(source: &Source, base: usize, redacting: &Redacting<'_>) -> Option<(Outline, Found)> {
    let body = &source.text[base..];
    let spots = spots::find(body, redacting.levels);
    let strange = strange::find(body, redacting.levels);
    if spots.braces.is_empty() && spots.lines.is_empty() && strange.is_empty() {
        return None;
    }
    let outline = outline::of(body, Dialect::of(&source.path), flavor(&source.text[..base]));
    let found = decide::decide(body, &outline, (spots, &strange), redacting);
    (!found.is_empty()).then_some((outline, found))
}

/// Minutes come from pads, and some of them are slides: there lines of dashes part slides. Which kind a page is of is not
/// known here; so such a line is trusted neither to end a section nor to end none.
fn flavor(front: &str) -> Flavor {
    let slides = front.lines().any(|line| line.trim_end() == "type: slide");
    if slides { Flavor::Slides } else { Flavor::Notes }
}

#[cfg(test)]
mod tests;
