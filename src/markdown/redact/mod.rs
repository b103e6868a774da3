//! Text without what an audience may not see.
//!
//! Owns [`redact`], which runs before anything else looks at a text: pages, includes, copies and facts are made of what
//! it leaves. `spots` finds what may be a mark, `outline` which blocks there are, `decide` what each mark hides, `cut`
//! takes it out. Knows no page.

mod cut;
mod decide;
mod outline;
mod pairs;
mod spots;

use crate::diagnostic::Diagnostic;
use crate::source::{Source, Span};
use crate::visibility::{Audience, Cuts, Levels, Withheld};

use super::directives::Dialect;

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
    let body = &source.text[base..];
    let spots = spots::find(body, redacting.levels);
    if spots.braces.is_empty() && spots.lines.is_empty() {
        return None;
    }
    let outline = outline::of(body, Dialect::of(&source.path));
    let found = decide::decide(body, &outline, spots, redacting);
    if found.is_empty() {
        return None;
    }
    let span = |range: &std::ops::Range<usize>| Span::new(&source.path, base + range.start..base + range.end);
    let (text, cuts) = cut::cut(&source.text, base, &found.hidden, &found.marks, redacting.mark);
    let problem = |problem: &decide::Problem| {
        let found = Diagnostic::new(problem.rule, span(&problem.range), problem.message.clone());
        problem.help.iter().fold(found, |found, help| found.help(help.clone()))
    };
    Some(Redaction {
        source: Source::new(source.path.clone(), text),
        cuts,
        withheld: found.hidden.iter().map(|hidden| hidden.withheld(span(&hidden.range))).collect(),
        named: found.named.as_ref().map(span),
        diagnostics: found.problems.iter().map(problem).collect(),
    })
}

#[cfg(test)]
mod tests;
