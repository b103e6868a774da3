//! Alerts, and the runbooks for them.
//!
//! This module owns [`Alerts`]: every alert of the rule files with the runbook that names it, the `runbook_url`
//! that the rule should have, and the columns of the register. Contradictions between rules and runbooks are
//! reported.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::alert_links::RunbookValues;
use super::plot_rows::{FEWEST_OF_PLOT, largest_rows};
use super::table::{
    Cell, CellLabel, CellLink, CellValue, Column, FileContent, FileRows, Layout, Register, RegisterContent,
    RegisterFigure, RegisterPage, RegisterPlot, RowList, Tables, Tone,
};
use super::{CollectedRegister, PageId, RegisterInputs, SiteInputs, ValueSets, alert_links};
use crate::alerts::{self, Alert, UrlWithSpan, readable};
use crate::diagnostic::{Diagnostic, NameIndex};
use crate::markdown::{Reference, classify};
use crate::memo::{Digest, Memo};
use crate::page::{FilledSections, Page};
use crate::path::{FilePath, decode};
use crate::plot::{Ink, Look, SquareGroup, Squares, Texture};
use crate::rules::{ALERT_REPEATED, ALERT_UNKNOWN, ALERT_URL};
use crate::site::Site;
use crate::source::{Source, Span};

pub const NAME: &str = "alerts";

pub(super) static REGISTER: CollectedRegister = CollectedRegister {
    name: NAME,
    is_fed_by_kinds: true,
    is_shown_on_pages: false,
    collect: |inputs, made| {
        made.alerts = collect(inputs.pages, &made.value_sets, &mut made.diagnostics);
    },
    register: |made| Box::new(&made.alerts),
};

/// Every alert with its runbook.
#[derive(Debug, Default, Hash)]
pub struct Alerts {
    /// By file, then in the order of the file.
    pub rows: Vec<AlertRow>,
    /// The number of alerts with a runbook that is filled in.
    pub covered: usize,
    /// For each runbook the lines for the rules of its alerts, also of those in no rule file.
    lines: BTreeMap<PageId, Vec<String>>,
}

/// One alert rule.
#[derive(Debug, Hash)]
pub struct AlertRow {
    pub alert: Alert,
    /// The runbook that names it; the first in reading order where several do.
    pub runbook: Option<PageId>,
    /// Whether there is a runbook and all its required sections are filled in.
    pub covered: bool,
    /// The runbook's address, for the rule's `runbook_url`: absolute where the handbook has a base URL, else from
    /// the root of the site.
    pub url: Option<String>,
    /// The annotation `runbook_url` that also fills in the runbook.
    pub annotation: Option<String>,
    /// The state of the rule's own `runbook_url`.
    pub link: RuleLink,
    /// The rule's own `runbook_url`. `None` if it leads into this handbook to a page that this site does not have:
    /// that page may be hidden, and so must its address be.
    pub rule_url: Option<String>,
    /// The length of the rule file's short name in bytes: the file name, with as many folders before it as it takes
    /// to be unique among the rule files.
    file_name_length: usize,
}

/// The state of a rule's `runbook_url`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RuleLink {
    /// The rule has none.
    Missing,
    /// It leads to the runbook.
    Right,
    /// It leads into this handbook, but not to the runbook.
    Wrong,
    /// It leads elsewhere.
    Elsewhere,
}

impl RuleLink {
    /// The name in data files, such as `missing`.
    fn name(self) -> &'static str {
        match self {
            RuleLink::Missing => "missing",
            RuleLink::Right => "right",
            RuleLink::Wrong => "wrong",
            RuleLink::Elsewhere => "elsewhere",
        }
    }
}

static COLUMNS: &[Column<AlertRow>] = &[
    Column::new("name", |_, row| {
        let name = row.alert.name.as_str();
        let note = row.alert.summary.as_deref().map(readable).unwrap_or_default();
        Cell { label: CellLabel::Name(name.into()), ..Cell::new(name) }.note(note)
    }),
    Column::new("severity", |_, row| Cell::new(row.alert.severity.as_deref())),
    Column::new("group", |_, row| Cell::new(row.alert.group.as_str())),
    Column::new("summary", |_, row| Cell::new(row.alert.summary.as_deref())),
    // Relative to the handbook's root.
    Column::new("file", |_, row| {
        let path = row.alert.span.file.as_str();
        let short = &path[path.len() - row.file_name_length..];
        let cell = Cell::new(path).link(Some(CellLink::File(&row.alert.span.file)));
        if short == path { cell } else { Cell { full: path.into(), ..cell.label(short) } }
    }),
    Column::new("covered", |_, row| Cell::new(CellValue::Flag(row.covered))),
    Column::new("runbook", |_, row| row.runbook.map(Cell::page).unwrap_or_default()),
    // What the rule's annotation `runbook_url` should be.
    Column::new("runbook_url", |_, row| Cell::new(row.url.as_deref())),
    // The same with the labels that fill in the runbook.
    Column::new("annotation", |_, row| Cell::new(row.annotation.as_deref())),
    // What it is.
    Column::new("rule_url", |_, row| Cell::new(row.rule_url.as_deref())),
    Column::new("rule_link", |site, row| {
        let (key, tone) = match row.link {
            RuleLink::Right => ("alerts.right", Tone::Good),
            RuleLink::Missing => ("alerts.missing", Tone::Warn),
            RuleLink::Wrong => ("alerts.wrong", Tone::Bad),
            RuleLink::Elsewhere => ("alerts.elsewhere", Tone::Warn),
        };
        Cell::new(row.link.name()).label(site.words().say(key).to_owned()).tone(tone)
    }),
];

static COVERED: Layout<AlertRow> = Layout {
    columns: COLUMNS,
    shown: &[
        ("name", "column.alert"),
        ("severity", "column.severity"),
        ("group", "column.group"),
        ("file", "column.rule_file"),
        ("runbook", "column.runbook"),
        ("rule_link", "column.address"),
    ],
};

/// Without the column of the address: a rule should not link to an unfinished runbook.
static UNWRITTEN: Layout<AlertRow> = Layout { columns: COLUMNS, shown: COVERED.shown.split_at(5).0 };

static WITHOUT_RUNBOOK: Layout<AlertRow> = Layout { columns: COLUMNS, shown: COVERED.shown.split_at(4).0 };

impl Register for Alerts {
    fn pages(&self, site: &Site) -> Vec<RegisterPage> {
        if self.rows.is_empty() {
            return Vec::new();
        }
        let t = site.words();
        let count = t.fill("alerts.covered", &[("covered", &self.covered), ("count", &self.rows.len())]);
        let tone = if self.covered == self.rows.len() { Tone::Good } else { Tone::Warn };
        let page = RegisterPage::new("alerts/", t.say("alerts.title"))
            .entry(t.say("register.computed"), count, t.say("alerts.lead"))
            .tone(tone)
            .files(["alerts.json", "alerts.csv"]);
        vec![page]
    }

    /// Alerts without a runbook first, then those with an unfinished one, then the lines to paste into rules, then
    /// everything that is in order.
    fn content(&self, site: &Site, _: &RegisterPage) -> RegisterContent<'_> {
        let t = site.words();
        let (covered, rest): (Vec<&AlertRow>, Vec<&AlertRow>) = self.rows.iter().partition(|row| row.covered);
        let (unwritten, without): (Vec<&AlertRow>, Vec<&AlertRow>) =
            rest.into_iter().partition(|row| row.runbook.is_some());
        let mut tables = Tables::new(site, 1);
        tables.add(t.say("alerts.without"), t.say("alerts.without_note"), &WITHOUT_RUNBOOK, &without);
        tables.add(t.say("alerts.unwritten"), t.say("alerts.unwritten_note"), &UNWRITTEN, &unwritten);
        let lines: Vec<String> = covered.iter().filter_map(|row| row.line_to_paste()).collect();
        let is_absolute = site.config.base_url.is_some();
        let note = t.say(if is_absolute { "alerts.lines_note" } else { "alerts.lines_relative" });
        tables.add_code(t.say("alerts.lines"), note, &lines);
        if !covered.is_empty() {
            let template = [alert_links::ALERTMANAGER.trim_end().to_owned()];
            tables.add_code(t.say("alerts.template"), t.say("alerts.template_note"), &template);
        }
        tables.add(t.say("alerts.with"), "", &COVERED, &covered);
        RegisterContent {
            lead: t.say("alerts.lead").to_owned(),
            figures: vec![
                RegisterFigure::new(self.rows.len(), t.say("alerts.figure_alerts")),
                RegisterFigure::new(format!("{} %", self.percent()), t.say("alerts.figure_with"))
                    .table(t.say("alerts.with")),
                RegisterFigure::toned(
                    self.rows.len() - self.covered,
                    t.say("alerts.figure_without"),
                    Tone::Bad,
                )
                .table(t.say(if without.is_empty() {
                    "alerts.unwritten"
                } else {
                    "alerts.without"
                })),
            ],
            plots: self.plot(site).into_iter().collect(),
            tables: tables.finish(),
            ..RegisterContent::default()
        }
    }

    fn data(&self, site: &Site, _: &str) -> FileContent<'_> {
        let head = vec![
            ("alerts", self.rows.len().into()),
            ("covered", self.covered.into()),
            ("percent", self.percent().into()),
        ];
        FileContent::Rows(FileRows { head, lists: vec![RowList::new("rows", COLUMNS, site, &self.rows)] })
    }

    /// The page links to rule files that are published.
    fn digest(&self, site: &Site) -> Digest {
        let files: BTreeSet<&FilePath> = self.rows.iter().map(|row| &row.alert.span.file).collect();
        let published: Vec<_> = site.assets.iter().filter(|(_, asset)| files.contains(&asset.file)).collect();
        let published: Vec<_> = published.into_iter().map(|(url, asset)| (url, &asset.file)).collect();
        Digest::of_value(&(self, published))
    }
}

impl Alerts {
    /// The percentage of covered alerts, rounded down; 0 where there are no alerts.
    pub fn percent(&self) -> usize {
        (self.covered * 100).checked_div(self.rows.len()).unwrap_or(0)
    }

    /// The lines for the rules of the alerts that lead to a runbook, each after a comment with the alert's name.
    pub fn lines_for_page(&self, page: PageId) -> &[String] {
        self.lines.get(&page).map_or(&[], Vec::as_slice)
    }
}

/// The most groups with squares of their own.
const MOST_GROUPS: usize = 16;

impl Alerts {
    /// A square for each alert, by the group of its rule: covered, with an unfinished runbook, without one.
    fn plot<'a>(&'a self, site: &Site) -> Option<RegisterPlot<'a>> {
        if self.rows.len() < FEWEST_OF_PLOT {
            return None;
        }
        let t = site.words();
        let mut groups: Vec<SquareGroup> = Vec::new();
        for row in &self.rows {
            let sort = match (row.covered, row.runbook) {
                (true, _) => 0,
                (false, Some(_)) => 1,
                (false, None) => 2,
            };
            let name = &row.alert.group;
            let known = groups.iter().position(|group| group.name == *name);
            let at = known.unwrap_or_else(|| {
                groups.push(SquareGroup { name: name.clone(), counts: vec![0; 3] });
                groups.len() - 1
            });
            groups[at].counts[sort] += 1;
        }
        let groups = largest_rows(groups, MOST_GROUPS, SquareGroup::total, |others| {
            let sum = |sort: usize| others.iter().map(|group| group.counts[sort]).sum();
            SquareGroup { name: t.say("register.others").to_owned(), counts: (0..3).map(sum).collect() }
        });
        let sorts = [
            ("plots.covered", Look::new(Ink::Green, Texture::Solid)),
            ("plots.unwritten", Look::new(Ink::Amber, Texture::Hatched)),
            ("plots.without", Look::new(Ink::Red, Texture::Outlined)),
        ];
        let sorts = sorts.into_iter().map(|(key, look)| (t.say(key).to_owned(), look)).collect();
        let mut plot =
            RegisterPlot::of_squares(site, "plots.runbooks", Squares { sorts, groups }, "column.group");
        plot.note = t.say("plots.runbooks_note").to_owned();
        Some(plot)
    }
}

impl AlertRow {
    /// The line for the rule's annotations.
    fn line(&self) -> Option<String> {
        self.url.as_ref().map(|url| format!("runbook_url: {url}"))
    }

    /// The line to paste, below the alert's name; `None` where the rule has an address with parts of its own.
    fn line_to_paste(&self) -> Option<String> {
        let has_parts = self.alert.runbook_url.as_ref().is_some_and(|link| link.url.contains('#'));
        let annotation = self.annotation.as_ref().filter(|_| self.link != RuleLink::Right || !has_parts)?;
        Some(pasted(&self.alert.name, annotation))
    }
}

/// A line for the annotations of a rule, after a comment with the alert's name.
fn pasted(name: &str, annotation: &str) -> String {
    // A name has one line; a comment must not end before the name does.
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("# {name}\nrunbook_url: {annotation}")
}

/// The alerts of a rule file.
#[derive(Debug)]
pub(in crate::site) struct AlertRuleFile {
    alerts: Vec<Alert>,
    diagnostics: Vec<Diagnostic>,
}

impl AlertRuleFile {
    /// Reads every rule file if the register of alerts is enabled. `memo` returns files that have not changed.
    pub fn all(inputs: &SiteInputs<'_>, memo: &mut Memo<AlertRuleFile>) -> Vec<Arc<AlertRuleFile>> {
        let wanted = inputs.config.has_register(NAME);
        let files: Vec<&Source> =
            inputs.data.values().filter(|source| wanted && alerts::may_hold(&source.path)).collect();
        let key = |source: &&Source| Digest::of_value(&(&source.path, source.digest));
        memo.map(&files, key, |source| {
            let mut diagnostics = Vec::new();
            AlertRuleFile { alerts: alerts::read(source, &mut diagnostics), diagnostics }
        })
    }
}

/// Assigns runbooks to alerts.
fn collect(book: &RegisterInputs<'_>, sets: &ValueSets, diagnostics: &mut Vec<Diagnostic>) -> Alerts {
    diagnostics.extend(book.rules.iter().flat_map(|file| &file.diagnostics).cloned());
    let found: Vec<Alert> = book.rules.iter().flat_map(|file| &file.alerts).cloned().collect();
    let runbooks = runbooks(book, diagnostics);
    // Without any rule file, the names in runbooks cannot be checked.
    if !found.is_empty() {
        diagnostics.extend(unknown(&runbooks, &found));
    }
    let files: BTreeSet<&FilePath> = found.iter().map(|alert| &alert.span.file).collect();
    let lengths: HashMap<FilePath, usize> =
        files.iter().map(|file| ((*file).clone(), name_length(file, &files))).collect();
    let mut rows: Vec<AlertRow> = found.into_iter().map(|alert| row(book, alert, &runbooks, sets)).collect();
    for row in &mut rows {
        row.file_name_length = lengths[&row.alert.span.file];
    }
    diagnostics.extend(rows.iter().filter_map(|row| wrong_link(book, row)));
    for row in &rows {
        if let (RuleLink::Right, Some(id)) = (row.link, row.runbook) {
            diagnostics.extend(alert_links::unknown_parts(&row.alert, values(book, sets, id)));
        }
    }
    Alerts {
        covered: rows.iter().filter(|row| row.covered).count(),
        lines: lines(book, &rows, &runbooks, sets),
        rows,
    }
}

/// The lines of each runbook. Rules of the same alert mostly have the same line.
fn lines(
    book: &RegisterInputs<'_>,
    rows: &[AlertRow],
    runbooks: &Runbooks<'_>,
    sets: &ValueSets,
) -> BTreeMap<PageId, Vec<String>> {
    let mut by_name: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in rows {
        by_name.entry(&row.alert.name).or_default().extend(row.annotation.as_deref());
    }
    let mut lines: BTreeMap<PageId, Vec<String>> = BTreeMap::new();
    for (name, (id, _)) in runbooks {
        // A rule should not link to an unfinished runbook.
        if book.page(*id).filled_sections != FilledSections::Yes {
            continue;
        }
        let lines = lines.entry(*id).or_default();
        match by_name.get(name) {
            Some(annotations) => lines.extend(annotations.iter().map(|annotation| pasted(name, annotation))),
            None => {
                let values = values(book, sets, *id);
                lines.push(pasted(name, &alert_links::annotation(&book.address(*id), name, None, values)));
            }
        }
    }
    lines
}

/// The length in bytes of the shortest suffix of a path that begins at a path segment and identifies the file.
fn name_length(file: &FilePath, files: &BTreeSet<&FilePath>) -> usize {
    let path = file.as_str();
    let begins = path.rmatch_indices('/').map(|(slash, _)| slash + 1);
    for begin in begins {
        let name = &path[begin..];
        let ends_with_name = |other: &&&FilePath| {
            let before = other.as_str().strip_suffix(name);
            before.is_some_and(|before| before.is_empty() || before.ends_with('/'))
        };
        if files.iter().filter(ends_with_name).count() == 1 {
            return name.len();
        }
    }
    path.len()
}

/// The first runbook that names each alert, with the span of the name.
type Runbooks<'a> = BTreeMap<&'a str, (PageId, Span)>;

fn runbooks<'a>(book: &RegisterInputs<'a>, diagnostics: &mut Vec<Diagnostic>) -> Runbooks<'a> {
    let mut runbooks = Runbooks::new();
    for (id, page) in book.pages().filter(|(_, page)| is_runbook(page)) {
        for (number, name) in page.front.data.texts("alerts").into_iter().enumerate() {
            let place = page.front.span(&page.file, &format!("alerts[{number}]"));
            match runbooks.get(name) {
                None => {
                    runbooks.insert(name, (id, place));
                }
                Some((first, _)) if *first == id => {}
                Some((_, first)) => diagnostics.push(repeated(name, place, first)),
            }
        }
    }
    runbooks
}

/// Whether a page is a runbook in use. An archived one covers no alert.
fn is_runbook(page: &Page) -> bool {
    page.front.kind.feeds(NAME) && page.front.data.text("status") != Some("archived")
}

fn repeated(name: &str, place: Span, first: &Span) -> Diagnostic {
    let message = format!("two runbooks name the alert `{name}`");
    Diagnostic::new(&ALERT_REPEATED, place, message)
        .label(first.clone(), "this one names it first")
        .help("let one of them name it, and link to the other")
}

fn unknown(runbooks: &Runbooks<'_>, alerts: &[Alert]) -> Vec<Diagnostic> {
    let known: BTreeSet<&str> = alerts.iter().map(|alert| alert.name.as_str()).collect();
    let lower: HashMap<String, &str> =
        known.iter().rev().map(|name| (name.to_ascii_lowercase(), *name)).collect();
    let unknown = runbooks.iter().filter(|(name, _)| !known.contains(**name));
    let names = OnceCell::new();
    let problem = |(name, (_, place)): (&&str, &(PageId, Span))| {
        let message = format!("no rule file has an alert `{name}`");
        let names = names.get_or_init(|| NameIndex::new(known.iter().copied()));
        let near = lower.get(name.to_ascii_lowercase().as_str()).copied().or_else(|| names.nearest(name));
        let mut problem = Diagnostic::new(&ALERT_UNKNOWN, place.clone(), message);
        problem.help = near.map(|near| format!("did you mean `{near}`?").into());
        problem
    };
    unknown.map(problem).collect()
}

/// What the address of a runbook can fill in.
fn values<'a>(book: &RegisterInputs<'a>, sets: &'a ValueSets, runbook: PageId) -> RunbookValues<'a> {
    RunbookValues { variables: &book.page(runbook).variables, choices: sets.for_page(runbook) }
}

fn row(book: &RegisterInputs<'_>, alert: Alert, runbooks: &Runbooks<'_>, sets: &ValueSets) -> AlertRow {
    let runbook = runbooks.get(alert.name.as_str()).map(|(id, _)| *id);
    let covered = runbook.is_some_and(|id| book.page(id).filled_sections == FilledSections::Yes);
    let url = runbook.map(|id| book.address(id));
    let annotation = runbook
        .zip(url.as_ref())
        .map(|(id, url)| alert_links::annotation(url, &alert.name, Some(&alert), values(book, sets, id)));
    let link = alert.runbook_url.as_ref().map_or(RuleLink::Missing, |link| rule_link(book, link, runbook));
    let rule_url =
        alert.runbook_url.as_ref().filter(|link| is_there(book, link)).map(|link| link.url.clone());
    AlertRow { alert, runbook, covered, url, annotation, link, rule_url, file_name_length: 0 }
}

/// Whether a URL leads to a page of this site or outside the handbook.
fn is_there(book: &RegisterInputs<'_>, link: &UrlWithSpan) -> bool {
    let path = match classify(&link.url) {
        Reference::Inside(path) => Some(decoded(&path)),
        Reference::Outside(_) | Reference::Refused => inside(book, link),
    };
    path.is_none_or(|path| book.page_at(&path).is_some())
}

fn rule_link(book: &RegisterInputs<'_>, link: &UrlWithSpan, runbook: Option<PageId>) -> RuleLink {
    let Some(path) = inside(book, link) else { return RuleLink::Elsewhere };
    match book.page_at(&path) {
        Some(page) if Some(page) == runbook => RuleLink::Right,
        _ => RuleLink::Wrong,
    }
}

/// The decoded path in this handbook that a URL leads to.
fn inside(book: &RegisterInputs<'_>, link: &UrlWithSpan) -> Option<String> {
    let base = book.inputs.config.base_url.as_deref()?;
    let path = match link.url.strip_prefix(base) {
        Some(path) => path,
        None if format!("{}/", link.url) == base => "",
        None => return None,
    };
    Some(decoded(path))
}

fn decoded(path: &str) -> String {
    decode(path.split(['#', '?']).next().unwrap_or(path)).into_owned()
}

fn wrong_link(book: &RegisterInputs<'_>, row: &AlertRow) -> Option<Diagnostic> {
    let link = row.alert.runbook_url.as_ref().filter(|_| row.link == RuleLink::Wrong)?;
    let name = &row.alert.name;
    let leads = inside(book, link).and_then(|path| book.page_at(&path)).map(|id| &book.page(id).file);
    let (message, help) = match (leads, row.line()) {
        (None, Some(line)) => {
            (format!("the runbook of `{name}` is not at this address"), format!("write `{line}`"))
        }
        (None, None) => {
            let help = format!("write a runbook with `alerts: [{name}]`, or correct the address");
            (format!("there is no page at the address of the runbook of `{name}`"), help)
        }
        (Some(file), Some(line)) => {
            (format!("this leads to {file}, which is not the runbook of `{name}`"), format!("write `{line}`"))
        }
        (Some(file), None) => (
            format!("this leads to {file}, which does not name `{name}`"),
            format!("add `{name}` to its `alerts`"),
        ),
    };
    Some(Diagnostic::new(&ALERT_URL, link.span.clone(), message).help(help))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::fixture;

    const RULES: &str = "groups:\n- name: g\n  rules:\n  - alert: DiskFull\n    annotations:\n      \
        runbook_url: https://h.example/runbooks/disk/#fix\n  - alert: HostDown\n    annotations:\n      \
        runbook_url: https://h.example/runbooks/disk/\n  - alert: Slow\n    annotations:\n      \
        runbook_url: https://wiki.example/slow\n  - alert: DiskFull\n  - alert: Gone\n    annotations:\n      \
        runbook_url: https://h.example/runbooks/gone/\n  - alert: Alone\n    annotations:\n      \
        runbook_url: https://h.example/runbooks/disk/\n";
    const DISK: &str = "---\nkind: runbook\nalerts: [DiskFull, Gone]\n---\n# Disk\n";
    const HOST: &str = "---\nkind: runbook\nalerts:\n  - HostDwn\n  - DiskFull\n  - HostDown\n---\n# Host\n";

    fn files() -> Vec<(&'static str, &'static str)> {
        vec![
            ("data/prometheus/a.rules", RULES),
            ("content/runbooks/disk.md", DISK),
            ("content/runbooks/host.md", HOST),
        ]
    }

    #[test]
    fn every_alert_is_listed_with_its_runbook_and_the_line_to_paste() {
        let site = fixture::site(&files(), Some("https://h.example/"));
        let alerts = &site.registers.alerts;
        let row = |row: &AlertRow| (row.alert.name.clone(), row.line(), row.link);
        let rows: Vec<_> = alerts.rows.iter().map(row).collect();
        let disk = || Some("runbook_url: https://h.example/runbooks/disk/".to_owned());
        let host = || Some("runbook_url: https://h.example/runbooks/host/".to_owned());
        let expected = [
            ("DiskFull", disk(), RuleLink::Right),
            ("HostDown", host(), RuleLink::Wrong),
            ("Slow", None, RuleLink::Elsewhere),
            ("DiskFull", disk(), RuleLink::Missing),
            ("Gone", disk(), RuleLink::Wrong),
            ("Alone", None, RuleLink::Wrong),
        ];
        assert_eq!(rows, expected.map(|(name, line, link)| (name.to_owned(), line, link)));
        assert_eq!((alerts.covered, alerts.percent()), (4, 66));
        let site = fixture::site(&files(), None);
        assert_eq!(site.registers.alerts.rows[0].url.as_deref(), Some("/runbooks/disk/"));
        assert_eq!(site.registers.alerts.rows[0].link, RuleLink::Elsewhere);
    }

    #[test]
    fn what_does_not_fit_is_reported_at_its_place() {
        let files = files();
        let (_, found) = fixture::assembled(&files, Some("https://h.example/"));
        let problems = |rule| fixture::problems(&files, &found, rule);
        assert_eq!(
            problems("alert.unknown"),
            ["content/runbooks/host.md:4:5 no rule file has an alert `HostDwn` (did you mean `HostDown`?)"]
        );
        assert_eq!(
            problems("alert.repeated"),
            [
                "content/runbooks/host.md:5:5 two runbooks name the alert `DiskFull` (let one of them name it, and link \
              to the other)"
            ]
        );
        let label = &found.iter().find(|d| d.rule.name == "alert.repeated").unwrap().labels[0];
        assert_eq!(&DISK[label.span.range(DISK)], "DiskFull");
        let rules = "data/prometheus/a.rules";
        let expected = [
            format!(
                "{rules}:9:7 this leads to content/runbooks/disk.md, which is not the runbook of `HostDown` (write \
                     `runbook_url: https://h.example/runbooks/host/`)"
            ),
            format!(
                "{rules}:16:7 the runbook of `Gone` is not at this address (write `runbook_url: \
                     https://h.example/runbooks/disk/`)"
            ),
            format!(
                "{rules}:19:7 this leads to content/runbooks/disk.md, which does not name `Alone` (add `Alone` to \
                     its `alerts`)"
            ),
        ];
        assert_eq!(problems("alert.url"), expected);
    }

    #[test]
    fn without_rule_files_nothing_is_unknown_and_archived_runbooks_do_not_count() {
        let old = "---\nkind: runbook\nstatus: archived\nalerts: [DiskFull]\n---\n# Old\n";
        let files = [("content/a.md", old), ("content/b.md", DISK)];
        let (site, found) = fixture::assembled(&files, None);
        assert_eq!(found, []);
        assert_eq!(site.registers.alerts.percent(), 0);
    }

    #[test]
    fn a_runbook_that_is_not_written_covers_nothing() {
        let rules = "groups:\n- name: g\n  rules:\n  - alert: DiskFull\n";
        let with = |symptom: &str| {
            let text = format!(
                "---\nkind: runbook\nalerts: [DiskFull]\n---\n## Symptom\n\n{symptom}\n\n## Verify\n\nIt works.\n"
            );
            let site = fixture::site(&[("data/a.rules", rules), ("content/a.md", &text)], None);
            let alerts = &site.registers.alerts;
            (alerts.rows[0].runbook.is_some(), alerts.rows[0].covered, alerts.covered)
        };
        assert_eq!(with("The disk is full."), (true, true, 1));
        assert_eq!(with("<!-- What one sees. -->"), (true, false, 0));
        assert_eq!(with(""), (true, false, 0));
    }

    #[test]
    fn two_hundred_and_sixty_alerts_are_told_apart() {
        let rule = |n: usize| {
            format!("  - alert: Alert{n}\n    expr: up == {n}\n    labels: {{severity: warning}}\n")
        };
        let rules: String = (0..260).map(rule).collect();
        let rules = format!("groups:\n- name: g\n  rules:\n{rules}");
        let runbook =
            |n: usize| format!("---\nkind: runbook\nalerts: [Alert{n}, Alert{}]\n---\n# R{n}\n", n + 1);
        let runbooks: Vec<_> = (0..52).map(|n| (format!("content/r{n}.md"), runbook(n * 2))).collect();
        let mut files = vec![("data/all.rules", rules.as_str())];
        files.extend(runbooks.iter().map(|(path, text)| (path.as_str(), text.as_str())));
        let (site, found) = fixture::assembled(&files, Some("https://h.example/"));
        let alerts = &site.registers.alerts;
        assert_eq!((alerts.rows.len(), alerts.covered, alerts.percent()), (260, 104, 40));
        assert_eq!(alerts.rows[103].line().as_deref(), Some("runbook_url: https://h.example/r51/"));
        assert_eq!((alerts.rows[104].runbook, found.len()), (None, 0));
    }
}
