//! The texts of the inputs, without the parts that the audience may not see.
//!
//! Owns the first step of every build, and the way back: spans of diagnostics from later stages point into redacted
//! texts and are moved to the written texts.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;

use crate::bounds::INCLUDE_LEVELS;
use crate::diagnostic::Diagnostic;
use crate::input::Inputs;
use crate::markdown;
use crate::markdown::redact::{OpenSection, Redaction, RedactionContext, Redactions, redact};
use crate::memo::{Digest, Memo};
use crate::page;
use crate::path::FilePath;
use crate::source::{Source, Span};
use crate::visibility::Withheld;

/// The texts of the inputs after redaction.
pub(super) struct RedactedTexts<'a> {
    pub sources: Cow<'a, BTreeMap<FilePath, Source>>,
    pub redactions: Redactions,
}

/// Redacts every text, first alone, then again where an included text ends in a hidden section.
pub(super) fn redact_texts<'a>(inputs: &'a Inputs, memo: &mut Memo<Option<Redaction>>) -> RedactedTexts<'a> {
    let settings = &inputs.config.visibility;
    let redacting = RedactionContext {
        levels: &settings.levels,
        audience: settings.audience,
        replacement: &settings.mark,
        extensions: page::extensions(&inputs.config),
        included: None,
    };
    let sources: Vec<&Source> = inputs.sources.values().collect();
    // Everything that redaction reads besides the text itself is part of each key.
    let salt = Digest::of_value(&(&settings.levels, settings.audience, &settings.mark, redacting.extensions));
    let found = memo.map(
        &sources,
        |source| Digest::of_value(&(salt, source.digest)),
        |source| redact_or_withhold(source, &redacting),
    );
    let mut redactions = Redactions::default();
    for (source, redaction) in sources.iter().zip(found) {
        if redaction.is_some() {
            redactions.insert(source.path.clone(), redaction);
        }
    }
    continue_sections(inputs, &redacting, &mut redactions);
    // Most handbooks hide nothing, so the sources are copied only if one is replaced.
    let mut sources = Cow::Borrowed(&inputs.sources);
    for (file, redaction) in redactions.iter() {
        sources.to_mut().insert(file.clone(), redaction.source.clone());
    }
    RedactedTexts { sources, redactions }
}

/// Redacts a text. If the parser panics on it, nothing of it is shown, and the problems of the other texts are still
/// reported.
fn redact_or_withhold(source: &Source, redacting: &RedactionContext<'_>) -> Option<Redaction> {
    let redaction = panic::catch_unwind(AssertUnwindSafe(|| redact(source, redacting)));
    redaction.unwrap_or_else(|_| Some(Redaction::failed(source, redacting)))
}

/// Redacts a text again if it includes a text that ends in a hidden section, because the section goes on after the
/// include. The including text may then end in a hidden section itself, so this is repeated until nothing changes.
fn continue_sections(inputs: &Inputs, redacting: &RedactionContext<'_>, redactions: &mut Redactions) {
    let content = &inputs.config.content;
    let mut ends = open_sections(redactions);
    // Each round carries hidden sections through one more level of includes.
    for _ in 0..INCLUDE_LEVELS.most {
        if ends.is_empty() {
            return;
        }
        for source in inputs.sources.values() {
            let mut references = markdown::references(&source.path, &source.text, content).into_iter();
            if !references.any(|file| ends.contains_key(&file)) {
                continue;
            }
            let included =
                |reference: &str| match markdown::included(&source.path, reference, content, &inputs.sources)
                {
                    Some(source) => ends.get(&source.path).cloned().unwrap_or_default(),
                    None => Vec::new(),
                };
            let redacting = RedactionContext { included: Some(&included), ..*redacting };
            let redaction = redact_or_withhold(source, &redacting);
            redactions.insert(source.path.clone(), Arc::new(redaction));
        }
        let known = std::mem::replace(&mut ends, open_sections(redactions));
        if known == ends {
            return;
        }
    }
}

/// The texts that have open hidden sections, at their end or at the end of a part that can be included.
fn open_sections(redactions: &Redactions) -> BTreeMap<FilePath, Vec<OpenSection>> {
    let mut found = BTreeMap::new();
    for (file, redaction) in redactions.iter() {
        if !redaction.open_sections.is_empty() {
            found.insert(file.clone(), redaction.open_sections.clone());
        }
    }
    found
}

impl RedactedTexts<'_> {
    /// Moves the spans of diagnostics from the redacted texts to the written texts.
    pub fn restore(&self, problems: &mut [Diagnostic]) {
        for problem in problems {
            self.move_back(&mut problem.span);
            problem.labels.iter_mut().for_each(|label| self.move_back(&mut label.span));
            if let Some(fix) = &mut problem.fix {
                let length = fix.span.end - fix.span.start;
                self.move_back(&mut fix.span);
                // A fix must not replace hidden text that no rule has seen.
                if fix.span.end - fix.span.start != length {
                    problem.fix = None;
                }
            }
        }
    }

    pub fn move_back(&self, span: &mut Span) {
        if let Some(redaction) = self.redactions.get(&span.file) {
            *span = Span::new(&span.file, redaction.cuts.range(span.start as usize..span.end as usize));
        }
    }

    /// The problems with marks in the texts. Their spans are in the written texts.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.redactions.iter().flat_map(|(_, redaction)| &redaction.diagnostics)
    }

    pub fn withheld(&self) -> impl Iterator<Item = &Withheld> {
        self.redactions.iter().flat_map(|(_, redaction)| &redaction.withheld)
    }

    /// Where texts first name a level that not everyone may see.
    pub fn levels_named_at(&self) -> impl Iterator<Item = &Span> {
        self.redactions.iter().filter_map(|(_, redaction)| redaction.level_named_at.as_ref())
    }
}
