//! Diagnostics as the client shows them.
//!
//! Owns what was published for which text, so that only changes are sent. Problems of a text that the client has changed
//! since are not sent: their positions would be wrong, and the next analysis is under way.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use gen_lsp_types as lsp;

use super::analysis::Analysis;
use super::client_view::{ClientView, SpanRanges};
use crate::diagnostic::Diagnostic;
use crate::input::Inputs;
use crate::memo::Digest;
use crate::path::FilePath;
use crate::report;
use crate::rules::Severity;

/// The problems that only a check of the files on disk finds, with these files.
pub struct CheckedProblems {
    pub problems: Vec<Diagnostic>,
    pub disk: Arc<Inputs>,
}

/// What the client shows.
#[derive(Default)]
pub struct PublishedProblems {
    by_file: BTreeMap<FilePath, (Option<Digest>, Vec<Diagnostic>)>,
}

impl PublishedProblems {
    /// The messages that bring the client up to date.
    pub fn update(
        &mut self,
        client: &ClientView,
        analysis: &Analysis,
        checked: Option<&CheckedProblems>,
    ) -> Vec<lsp::PublishDiagnosticsParams> {
        let by_file = problems_by_file(analysis, checked);
        let files: BTreeSet<FilePath> = by_file.keys().copied().chain(self.by_file.keys()).cloned().collect();
        let mut messages = Vec::new();
        let mut ranges = SpanRanges::new(client, analysis);
        for file in files {
            let source = analysis.source(&file);
            let document = client.document(&file);
            if let (Some(document), Some(source)) = (document, source)
                && document.text != source.text
            {
                // The author has typed on since: the places would be wrong, and the next analysis is under way.
                continue;
            }
            let digest = source.map(|source| source.digest);
            let now: Vec<Diagnostic> =
                by_file.get(&file).into_iter().flatten().map(|problem| (*problem).clone()).collect();
            let state = (digest, now);
            // The client keeps what it has, and a file without problems needs no message that it has none.
            if self.by_file.get(&file) == Some(&state)
                || state.1.is_empty() && !self.by_file.contains_key(&file)
            {
                continue;
            }
            messages.push(lsp::PublishDiagnosticsParams {
                uri: client.uri(&file),
                version: document.map(|document| document.version),
                diagnostics: state.1.iter().map(|problem| shown(problem, &mut ranges)).collect(),
            });
            if state.1.is_empty() {
                self.by_file.remove(&file);
            } else {
                self.by_file.insert(file, state);
            }
        }
        messages
    }

    /// The problems of a file as they were published.
    pub fn of_file(&self, file: &FilePath) -> &[Diagnostic] {
        self.by_file.get(file).map_or(&[], |(_, problems)| problems)
    }
}

fn problems_by_file<'a>(
    analysis: &'a Analysis,
    checked: Option<&'a CheckedProblems>,
) -> BTreeMap<&'a FilePath, Vec<&'a Diagnostic>> {
    let mut by_file: BTreeMap<&FilePath, Vec<&Diagnostic>> = BTreeMap::new();
    for problem in &analysis.handbook.diagnostics {
        by_file.entry(&problem.span.file).or_default().push(problem);
    }
    let Some(CheckedProblems { problems, disk }) = checked else { return by_file };
    let on_disk = report::texts(disk);
    for problem in problems {
        let file = &problem.span.file;
        let digest = |source: Option<&crate::source::Source>| source.map(|source| source.digest);
        let known = by_file.entry(file).or_default();
        if digest(analysis.source(file)) == digest(on_disk(file)) && !known.contains(&problem) {
            known.push(problem);
        }
    }
    by_file
}

/// A diagnostic with its position for the client.
pub fn shown(problem: &Diagnostic, ranges: &mut SpanRanges<'_>) -> lsp::Diagnostic {
    let related: Vec<lsp::DiagnosticRelatedInformation> = problem
        .labels
        .iter()
        .map(|label| lsp::DiagnosticRelatedInformation {
            location: ranges.location(&label.span),
            message: label.text.clone(),
        })
        .collect();
    lsp::Diagnostic {
        range: ranges.range(&problem.span),
        severity: Some(match problem.severity {
            Severity::Error => lsp::DiagnosticSeverity::Error,
            Severity::Warn | Severity::Off => lsp::DiagnosticSeverity::Warning,
        }),
        code: Some(problem.rule.name.to_owned().into()),
        source: Some("opsbook".to_owned()),
        message: problem.sentence().into(),
        related_information: (!related.is_empty()).then_some(related),
        ..Default::default()
    }
}
