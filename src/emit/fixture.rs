//! Small sites for the tests of the emitters.
//!
//! Owns the assembly of a site from a few texts, without disk, theme or templates.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::asset::Change;
use crate::build_target::BuildTarget;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::kinds::Kinds;
use crate::markdown::IncludeSections;
use crate::markdown::redact::Redactions;
use crate::memo::{Digest, Memo, Retention};
use crate::output::Output;
use crate::page::visibility::{AccessTable, HandbookPaths};
use crate::page::{self, ParseContext};
use crate::path::FilePath;
use crate::registers::FieldRegisters;
use crate::site::{self, Site, SiteInputs, SiteMemos};
use crate::source::Source;
use crate::strings::Languages;

/// Assembles a site from files. File number `n`, counted from 0, was last changed `n` days after 1970-01-01. Files in
/// `data/` are data files.
pub fn site(files: &[(&str, &str)], base_url: Option<&str>) -> Arc<Site> {
    assembled(files, base_url).0
}

/// Like `site`, but also returns the diagnostics that need all pages. Today is 2026-11-21.
pub fn assembled(files: &[(&str, &str)], base_url: Option<&str>) -> (Arc<Site>, Vec<Diagnostic>) {
    let config = Config { base_url: base_url.map(str::to_owned), ..Config::default() };
    made(files, config, &BuildTarget::Site)
}

/// A site or a bundle with these settings.
pub fn configured(files: &[(&str, &str)], config: Config, target: &BuildTarget) -> Arc<Site> {
    made(files, config, target).0
}

fn made(files: &[(&str, &str)], config: Config, target: &BuildTarget) -> (Arc<Site>, Vec<Diagnostic>) {
    let source =
        |(path, text): &(&str, &str)| Source::new(FilePath::new(path).expect("tests use plain paths"), *text);
    let sources = files.iter().map(source).map(|s| (s.path.clone(), s));
    let (data, sources): (BTreeMap<_, _>, BTreeMap<_, _>) =
        sources.partition(|(path, _)| path.beneath("data").is_some());
    let now = jiff::Timestamp::UNIX_EPOCH;
    let front_matter_context =
        page::FrontMatterContext { config: &config, kinds: Kinds::built_in(), now, drafts: false };
    let table = AccessTable::new(
        HandbookPaths::of_texts(&sources, &data),
        front_matter_context,
        &mut Memo::new(Retention::Nothing),
    );
    let context = ParseContext {
        table: &table,
        settings: Digest::default(),
        sources: &sources,
        sections: &IncludeSections::default(),
        redactions: &Redactions::default(),
        strings: Languages::built_in(),
        entry_words: &[],
        today: jiff::civil::date(2026, 11, 21),
        highlight: &|_, _| None,
        diagrams: &|_| panic!("no page here has a diagram"),
    };
    let pages: Vec<_> = sources.values().map(|source| Arc::new(page::parse(source, &context))).collect();
    let change = |(day, (path, _)): (usize, &(&str, &str))| {
        (
            FilePath::new(path).expect("tests use plain paths"),
            Change {
                seconds: day as i64 * 86_400,
                author: None,
                commit: None,
                first: None,
                changes: None,
                contributors: Vec::new(),
            },
        )
    };
    let history: BTreeMap<FilePath, Change> = files.iter().enumerate().map(change).collect();
    let others = BTreeSet::new();
    let config = Arc::new(config);
    let inputs = SiteInputs {
        config: &config,
        pages: &pages,
        sources: &sources,
        assets: const { &BTreeMap::new() },
        static_files: const { &BTreeMap::new() },
        others: &others,
        hidden: &site::HiddenNames::default(),
        history: &history,
        kinds: Kinds::built_in(),
        field_registers: FieldRegisters::built_in(),
        strings: Languages::built_in(),
        data: &data,
        today: jiff::civil::date(2026, 11, 21),
        target,
    };
    let (site, diagnostics) = site::assemble(&inputs, &mut SiteMemos::new(Retention::Nothing));
    (Arc::new(site), diagnostics)
}

/// The diagnostics of one rule, each as `file:line:column message (help)`.
pub fn problems(files: &[(&str, &str)], found: &[Diagnostic], rule: &str) -> Vec<String> {
    let text = |path: &FilePath| files.iter().find(|(name, _)| *name == path.as_str()).map_or("", |(_, t)| t);
    let line = |problem: &Diagnostic| {
        let file = &problem.span.file;
        let at = crate::source::position(text(file), problem.span.start as usize);
        let help = problem.help.as_deref().map_or(String::new(), |help| format!(" ({help})"));
        format!("{file}:{}:{} {}{help}", at.line, at.column, problem.message)
    };
    found.iter().filter(|problem| problem.rule.name == rule).map(line).collect()
}

/// The text of the output at `path`. Panics if there is none.
pub fn text(outputs: &[Output], path: &str) -> String {
    let output = outputs.iter().find(|output| output.path == path);
    let body = &output.unwrap_or_else(|| panic!("no output {path} in {outputs:?}")).body;
    let bytes = body.bytes().unwrap_or_else(|_| panic!("{path} is a file of the inputs"));
    String::from_utf8(bytes.to_vec()).expect("formats are texts")
}
