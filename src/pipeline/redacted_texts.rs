//! The texts of the inputs without what the audience may not see.
//!
//! Owns the first step of every build, and the way back: diagnostics of later stages point into redacted texts, and are
//! moved to where the author wrote it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::bounds::INCLUDE_LEVELS;
use crate::diagnostic::Diagnostic;
use crate::input::Inputs;
use crate::markdown;
use crate::markdown::redact::{OpenSections, Redaction, RedactionContext, redact};
use crate::memo::{Digest, Memo};
use crate::page;
use crate::path::FilePath;
use crate::source::{Source, Span};
use crate::visibility::Withheld;

/// Texts as far as the audience may see them.
pub(super) struct RedactedTexts<'a> {
    pub sources: Cow<'a, BTreeMap<FilePath, Source>>,
    /// Texts in which something was withheld.
    pub parts: BTreeSet<FilePath>,
    redactions: Redactions,
}

type Redactions = BTreeMap<FilePath, Arc<Option<Redaction>>>;

/// Redacts every text.
pub(super) fn redacted<'a>(inputs: &'a Inputs, memo: &mut Memo<Option<Redaction>>) -> RedactedTexts<'a> {
    let settings = &inputs.config.visibility;
    let redacting = RedactionContext {
        levels: &settings.levels,
        audience: settings.audience,
        mark: &settings.mark,
        extensions: page::extensions(&inputs.config),
        included: None,
    };
    let sources: Vec<&Source> = inputs.sources.values().collect();
    let salt = Digest::of_value(&(&settings.levels, settings.audience, &settings.mark, redacting.extensions));
    let key = |source: &&Source| Digest::of_value(&(salt, source.digest));
    let found = memo.map(&sources, key, |source| redact(source, &redacting));
    let mut redactions: Redactions = BTreeMap::new();
    for (source, redaction) in sources.iter().zip(found) {
        if redaction.is_some() {
            redactions.insert(source.path.clone(), redaction);
        }
    }
    continue_sections(inputs, &redacting, &mut redactions);
    let mut texts =
        RedactedTexts { sources: Cow::Borrowed(&inputs.sources), parts: BTreeSet::new(), redactions };
    for (file, redaction) in &texts.redactions {
        let Some(redaction) = &**redaction else { continue };
        texts.sources.to_mut().insert(file.clone(), redaction.source.clone());
        if !redaction.withheld.is_empty() {
            texts.parts.insert(file.clone());
        }
    }
    texts
}

/// Redacts texts again that include one which ends in a hidden section: it goes on behind the include. What such a text
/// ends with may change by that, so this is repeated until nothing changes.
fn continue_sections(inputs: &Inputs, redacting: &RedactionContext<'_>, redactions: &mut Redactions) {
    let content = &inputs.config.content;
    let mut ends = open_sections(redactions);
    // Each round looks through one more level of includes.
    for _ in 0..INCLUDE_LEVELS.most {
        if ends.is_empty() {
            return;
        }
        for source in inputs.sources.values() {
            let mut references = markdown::references(&source.path, &source.text, content).into_iter();
            if !references.any(|file| ends.contains_key(&file)) {
                continue;
            }
            let included = |reference: &str| {
                let found = markdown::included(&source.path, reference, content, &inputs.sources);
                found.and_then(|source| ends.get(&source.path)).cloned().unwrap_or_default()
            };
            let redaction = redact(source, &RedactionContext { included: Some(&included), ..*redacting });
            redactions.insert(source.path.clone(), Arc::new(redaction));
        }
        let known = std::mem::replace(&mut ends, open_sections(redactions));
        if known == ends {
            return;
        }
    }
}

/// The texts that end in hidden sections.
fn open_sections(redactions: &Redactions) -> BTreeMap<FilePath, OpenSections> {
    let mut found = BTreeMap::new();
    for (file, redaction) in redactions {
        if let Some(redaction) = &**redaction
            && !redaction.open_sections.is_empty()
        {
            found.insert(file.clone(), redaction.open_sections.clone());
        }
    }
    found
}

impl RedactedTexts<'_> {
    /// Moves diagnostics of redacted texts to where they belong in the written ones.
    pub fn restore(&self, problems: &mut [Diagnostic]) {
        if self.redactions.is_empty() {
            return;
        }
        for problem in problems {
            self.move_back(&mut problem.span);
            problem.labels.iter_mut().for_each(|label| self.move_back(&mut label.span));
        }
    }

    fn move_back(&self, span: &mut Span) {
        if let Some(redaction) = self.redactions.get(&span.file).and_then(|found| found.as_ref().as_ref()) {
            *span = Span::new(&span.file, redaction.cuts.range(span.start as usize..span.end as usize));
        }
    }

    /// What is wrong with marks in the texts.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.all().flat_map(|redaction| &redaction.diagnostics)
    }

    pub fn withheld(&self) -> impl Iterator<Item = &Withheld> {
        self.all().flat_map(|redaction| &redaction.withheld)
    }

    /// Where texts name a level that not everybody sees.
    pub fn named(&self) -> impl Iterator<Item = &Span> {
        self.all().filter_map(|redaction| redaction.named.as_ref())
    }

    fn all(&self) -> impl Iterator<Item = &Redaction> {
        self.redactions.values().filter_map(|redaction| redaction.as_ref().as_ref())
    }
}
