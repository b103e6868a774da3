//! Controls of frameworks, and the pages that are evidence for them.
//!
//! This module owns [`Controls`]: every control of each framework in use with the pages that name it, the facts
//! that an auditor asks about them, and the gaps. The register has three types of pages: all frameworks, one
//! framework by its areas, one control with its evidence. References to unknown controls are reported.

use std::cmp::Reverse;
use std::sync::Arc;

use jiff::civil::Date;

use super::reviews::{ReviewState, Reviews};
use super::table::{
    Cell, CellLink, CellValue, Column, FileContent, FileRows, Layout, ROOT, Register, RegisterContent,
    RegisterFigure, RegisterPage, RegisterPlot, RowList, Tables, Tone,
};
use super::uses::day_of;
use super::{CollectedRegister, PageId, RegisterInputs};
use crate::controls::{Control, Framework, Frameworks};
use crate::diagnostic::Diagnostic;
use crate::kinds::{Field, FieldType};
use crate::memo::Digest;
use crate::page::Page;
use crate::path::UrlPath;
use crate::plot::{Ink, Look, SquareGroup, Squares, Texture};
use crate::site::Site;
use crate::strings::Strings;

pub const NAME: &str = "controls";

pub(super) static REGISTER: CollectedRegister = CollectedRegister {
    name: NAME,
    is_fed_by_kinds: false,
    is_shown_on_pages: true,
    collect: |inputs, made| made.controls = collect(inputs.pages, &made.reviews, &mut made.diagnostics),
    register: |made| Box::new(&made.controls),
};

/// The folder in the data folder that contains the handbook's own frameworks.
const FOLDER: &str = "controls";

/// Every framework that the handbook uses.
#[derive(Debug, Default, Hash)]
pub struct Controls {
    /// By key. A built-in framework is included when a page names one of its controls; the handbook's own
    /// frameworks always are.
    pub frameworks: Vec<Coverage>,
}

/// One framework with the pages of the handbook.
#[derive(Debug, Hash)]
pub struct Coverage {
    pub framework: Arc<Framework>,
    /// For each control, in the framework's order, the pages that name it: policies first, then procedures,
    /// runbooks, incidents (the newest first) and all others. An empty list is a gap.
    pub evidence: Vec<Vec<Evidence>>,
    /// The number of controls with at least one page.
    pub covered: usize,
}

/// The facts that an auditor asks about a page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Evidence {
    pub page: PageId,
    pub role: EvidenceRole,
    pub owner: Option<String>,
    pub version: Option<String>,
    pub approved_by: Option<String>,
    pub approved_on: Option<Date>,
    /// The day on which it takes effect.
    pub effective_from: Option<Date>,
    pub reviewed: Option<Date>,
    /// `None` where the page needs no review.
    pub review: Option<ReviewState>,
    /// For an incident, the day on which it began.
    pub day: Option<Date>,
}

/// The role of a page as evidence. The order is the order of display.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EvidenceRole {
    /// What must be done.
    Policy,
    /// How it is done.
    Procedure,
    /// What to do in a failure.
    Runbook,
    /// What happened.
    Incident,
    Other,
}

impl EvidenceRole {
    /// The name in data files, such as `policy`.
    pub fn name(self) -> &'static str {
        match self {
            EvidenceRole::Policy => "policy",
            EvidenceRole::Procedure => "procedure",
            EvidenceRole::Runbook => "runbook",
            EvidenceRole::Incident => "incident",
            EvidenceRole::Other => "other",
        }
    }
}

impl Coverage {
    /// The number of controls without a page.
    pub fn gaps(&self) -> usize {
        self.evidence.len() - self.covered
    }

    /// Every control with its pages, in the framework's order.
    pub fn rows(&self) -> impl Iterator<Item = (&Control, &[Evidence])> {
        self.framework.controls.iter().zip(self.evidence.iter().map(Vec::as_slice))
    }

    /// The id of the area that a control belongs to.
    fn area_id(&self, control: &Control) -> Option<&str> {
        control.area.map(|area| self.framework.areas[area].id.as_str())
    }

    /// The numbers of controls and of covered controls in an area, by its index; `None` for controls without an
    /// area.
    pub fn of_area(&self, area: Option<usize>) -> (usize, usize) {
        let rows: Vec<_> = self.rows().filter(|(control, _)| control.area == area).collect();
        (rows.len(), rows.iter().filter(|(_, pages)| !pages.is_empty()).count())
    }
}

/// The headings of the roles on the page of a control, in the order of display.
const ROLES: [(EvidenceRole, &str); 5] = [
    (EvidenceRole::Policy, "controls.policy"),
    (EvidenceRole::Procedure, "controls.procedure"),
    (EvidenceRole::Runbook, "controls.runbook"),
    (EvidenceRole::Incident, "controls.incident"),
    (EvidenceRole::Other, "controls.pages"),
];

static EVIDENCE: &[Column<Evidence>] = &[
    Column::new("page", |site, evidence| {
        let note = evidence.day.map(|day| site.words().fill("controls.on", &[("day", &day)]));
        Cell::page(evidence.page).note(note.unwrap_or_default())
    }),
    Column::new("role", |_, evidence| Cell::new(evidence.role.name())),
    Column::new("owner", |_, evidence| Cell::new(evidence.owner.as_deref())),
    Column::new("version", |_, evidence| Cell::new(evidence.version.as_deref())),
    Column::new("approved_by", |_, evidence| Cell::new(evidence.approved_by.as_deref())),
    Column::new("approved_on", |_, evidence| {
        Cell::new(evidence.approved_on).note(evidence.approved_by.as_deref().unwrap_or_default())
    }),
    Column::new("effective_from", |_, evidence| Cell::new(evidence.effective_from)),
    Column::new("reviewed", |_, evidence| Cell::new(evidence.reviewed)),
    // Empty where the page needs no review.
    Column::new("review", |site, evidence| {
        evidence.review.map(|review| review.cell(site)).unwrap_or_default()
    }),
    // For an incident, the day on which it began.
    Column::new("day", |_, evidence| Cell::new(evidence.day)),
];

static EVIDENCE_LAYOUT: Layout<Evidence> = Layout {
    columns: EVIDENCE,
    shown: &[
        ("page", "column.page"),
        ("owner", "column.owner"),
        ("version", "column.version"),
        ("approved_on", "column.approved"),
        ("effective_from", "column.in_force_since"),
        ("reviewed", "column.reviewed"),
        ("review", "column.review"),
    ],
};

impl Register for Controls {
    fn pages(&self, site: &Site) -> Vec<RegisterPage> {
        if self.frameworks.is_empty() {
            return Vec::new();
        }
        let t = site.words();
        let covered: usize = self.frameworks.iter().map(|coverage| coverage.covered).sum();
        let top = RegisterPage::new("controls/", t.say("controls.title"));
        let count = t.counted("unit.control_covered", covered);
        let top = top.entry(t.say("register.computed"), count, t.say("controls.lead"));
        let mut pages = vec![top.clone()];
        for coverage in &self.frameworks {
            let framework = &coverage.framework;
            let folder = format!("controls/{}", framework.segment());
            let json = format!("{folder}.json");
            let csv = format!("{folder}.csv");
            let page = RegisterPage::new(&format!("{folder}/"), full_title(framework))
                .topic(framework.key())
                .below(&top)
                .files([&json, &csv]);
            pages.push(page.clone());
            for (control, evidence) in coverage.rows() {
                if evidence.is_empty() {
                    continue;
                }
                let path = format!("{folder}/{}/", control.segment());
                let control_page = RegisterPage::new(&path, format!("{} {}", control.id, control.title));
                let topic = framework.reference(control);
                pages.push(control_page.topic(topic).below(&page).files([&json]));
            }
        }
        pages
    }

    fn content(&self, site: &Site, page: &RegisterPage) -> RegisterContent<'_> {
        if page.topic.is_empty() {
            return self.all_frameworks(site);
        }
        let key = page.topic.split('/').next().unwrap_or_default();
        let Some(coverage) = self.frameworks.iter().find(|coverage| coverage.framework.key() == key) else {
            return RegisterContent::default();
        };
        match coverage.rows().find(|(control, _)| coverage.framework.reference(control) == page.topic) {
            Some((control, evidence)) => one_control(site, &coverage.framework, control, evidence),
            None => one_framework(site, coverage),
        }
    }

    fn data(&self, site: &Site, file: &str) -> FileContent<'_> {
        let (name, sort) = file.rsplit_once('.').unwrap_or((file, ""));
        let mut frameworks = self.frameworks.iter();
        let found = frameworks.find(|coverage| name == format!("controls/{}", coverage.framework.segment()));
        let Some(coverage) = found else {
            return FileContent::Rows(FileRows::default());
        };
        FileContent::Rows(if sort == "csv" { flat_rows(site, coverage) } else { nested_rows(site, coverage) })
    }

    fn digest(&self, _: &Site) -> Digest {
        Digest::of_value(self)
    }
}

impl Controls {
    /// The URL of a control's page, if any page is evidence for it.
    pub fn page_of(&self, reference: &str) -> Option<UrlPath> {
        let (key, id) = reference.trim().rsplit_once('/')?;
        let coverage = self.frameworks.iter().find(|c| c.framework.key().eq_ignore_ascii_case(key))?;
        let (control, _) = coverage.rows().find(|(control, _)| control.id.eq_ignore_ascii_case(id))?;
        Some(control_url(&coverage.framework, control))
    }

    fn all_frameworks(&self, site: &Site) -> RegisterContent<'_> {
        let t = site.words();
        let row = |coverage: &'_ Coverage| {
            let framework = &coverage.framework;
            let url = UrlPath::new(format!("{ROOT}controls/{}/", framework.segment()));
            vec![
                Cell::new(full_title(framework)).link(Some(CellLink::Register(url))),
                Cell::new(framework.publisher.clone()),
                Cell::new(coverage.evidence.len()),
                Cell::new(coverage.covered),
                Cell::new(coverage.gaps()),
            ]
        };
        let columns =
            ["column.framework", "column.publisher", "column.controls", "column.covered", "column.gaps"];
        let mut tables = Tables::new(site, 1);
        let rows = self.frameworks.iter().map(row).collect();
        tables.add_cells(t.say("controls.frameworks"), "", &columns, rows);
        let plot = match &*self.frameworks {
            // With one framework its areas say more than its sum.
            [coverage] => areas_plot(site, coverage),
            frameworks => {
                let group = |coverage: &Coverage| SquareGroup {
                    name: full_title(&coverage.framework),
                    counts: vec![coverage.covered, coverage.gaps()],
                };
                let groups = frameworks.iter().map(group).collect();
                squares(site, "plots.frameworks", groups, "column.framework")
            }
        };
        let controls = self.frameworks.iter().map(|coverage| coverage.evidence.len()).sum();
        let covered = self.frameworks.iter().map(|coverage| coverage.covered).sum();
        RegisterContent {
            lead: t.say("controls.lead").to_owned(),
            figures: figures(t, controls, covered),
            plots: plot.into_iter().collect(),
            tables: tables.finish(),
            ..RegisterContent::default()
        }
    }
}

/// The name of a framework for readers: its title with the edition.
fn full_title(framework: &Framework) -> String {
    if framework.title.contains(&framework.edition) {
        framework.title.clone()
    } else {
        format!("{} {}", framework.title, framework.edition)
    }
}

fn control_url(framework: &Framework, control: &Control) -> UrlPath {
    UrlPath::new(format!("{ROOT}controls/{}/{}/", framework.segment(), control.segment()))
}

/// Every control of a framework with its pages, area by area.
fn one_framework<'a>(site: &Site, coverage: &'a Coverage) -> RegisterContent<'a> {
    let t = site.words();
    let framework = &coverage.framework;
    let mut areas: Vec<(Option<usize>, String)> = Vec::new();
    for (number, area) in framework.areas.iter().enumerate() {
        areas.push((Some(number), format!("{} {}", area.id, area.title)));
    }
    areas.push((None, t.say("controls.other").to_owned()));
    let mut tables = Tables::new(site, 1);
    for (area, title) in areas {
        let rows = coverage.rows().filter(|(control, _)| control.area == area);
        let rows = rows.map(|(control, evidence)| control_row(t, framework, control, evidence)).collect();
        let (controls, covered) = coverage.of_area(area);
        let note = t.fill("controls.covered", &[("covered", &covered), ("count", &controls)]);
        tables.add_cells(&title, &note, &["column.control", "column.pages"], rows);
    }
    let name = full_title(framework);
    let lead = match &framework.publisher {
        Some(by) => t.fill("controls.framework_lead_by", &[("framework", &name), ("publisher", by)]),
        None => t.fill("controls.framework_lead", &[("framework", &name)]),
    };
    RegisterContent {
        lead,
        figures: figures(t, coverage.evidence.len(), coverage.covered),
        plots: areas_plot(site, coverage).into_iter().collect(),
        tables: tables.finish(),
        ..RegisterContent::default()
    }
}

/// The numbers of controls, of those with evidence, and of gaps.
fn figures(t: &Strings, controls: usize, covered: usize) -> Vec<RegisterFigure> {
    vec![
        RegisterFigure::new(controls, t.say("controls.figure_controls")),
        RegisterFigure::new(covered, t.say("controls.figure_evidence")),
        RegisterFigure::toned(controls - covered, t.say("controls.figure_gaps"), Tone::Warn),
    ]
}

/// A square for each control: with a page that is evidence for it, or a gap.
fn squares<'a>(
    site: &Site,
    title: &'static str,
    groups: Vec<SquareGroup>,
    heading: &str,
) -> Option<RegisterPlot<'a>> {
    if groups.is_empty() {
        return None;
    }
    let t = site.words();
    let sorts = vec![
        (t.say("controls.figure_evidence").to_owned(), Look::new(Ink::Green, Texture::Solid)),
        (t.say("controls.figure_gaps").to_owned(), Look::new(Ink::Amber, Texture::Outlined)),
    ];
    let mut plot = RegisterPlot::of_squares(site, title, Squares { sorts, groups }, heading);
    plot.note = t.say("plots.controls_note").to_owned();
    Some(plot)
}

/// The controls of a framework by area. The plot has the short name of each area, the table its title.
fn areas_plot<'a>(site: &Site, coverage: &Coverage) -> Option<RegisterPlot<'a>> {
    let t = site.words();
    let mut titles: Vec<String> = Vec::new();
    let mut groups: Vec<SquareGroup> = Vec::new();
    let areas = coverage.framework.areas.iter().enumerate();
    let areas =
        areas.map(|(number, area)| (Some(number), area.id.clone(), format!("{} {}", area.id, area.title)));
    let other = t.say("controls.other").to_owned();
    for (area, name, title) in areas.chain([(None, other.clone(), other)]) {
        let (controls, covered) = coverage.of_area(area);
        if controls > 0 {
            groups.push(SquareGroup { name, counts: vec![covered, controls - covered] });
            titles.push(title);
        }
    }
    let mut plot = squares(site, "plots.areas", groups, "column.area")?;
    for (row, title) in plot.data.rows.iter_mut().zip(titles) {
        row[0] = Cell::new(title);
    }
    Some(plot)
}

fn control_row<'a>(
    t: &Strings,
    framework: &Framework,
    control: &'a Control,
    evidence: &'a [Evidence],
) -> Vec<Cell<'a>> {
    let name = Cell::new(control.id.as_str()).note(control.title.as_str());
    if evidence.is_empty() {
        let gap = Cell::default().label(t.say("controls.no_page").to_owned()).tone(Tone::Warn);
        return vec![name, gap];
    }
    let pages = evidence.iter().map(|evidence| CellValue::Page(evidence.page)).collect();
    let url = control_url(framework, control);
    vec![name.link(Some(CellLink::Register(url))), Cell::new(CellValue::List(pages))]
}

/// The facts that an auditor asks about each page of a control.
fn one_control<'a>(
    site: &Site,
    framework: &Framework,
    control: &Control,
    evidence: &'a [Evidence],
) -> RegisterContent<'a> {
    let t = site.words();
    let mut tables = Tables::new(site, 1);
    for (role, title) in ROLES {
        let rows: Vec<&Evidence> = evidence.iter().filter(|evidence| evidence.role == role).collect();
        tables.add(t.say(title), "", &EVIDENCE_LAYOUT, &rows);
    }
    let name = full_title(framework);
    let lead = match control.area {
        Some(area) => {
            let area = &framework.areas[area].title;
            t.fill("controls.control_lead_area", &[("framework", &name), ("area", area)])
        }
        None => t.fill("controls.control_lead", &[("framework", &name)]),
    };
    RegisterContent {
        label: framework.reference(control),
        lead,
        tables: tables.finish(),
        ..RegisterContent::default()
    }
}

/// One row for each control, with its pages inside.
fn nested_rows<'a>(site: &Site, coverage: &'a Coverage) -> FileRows<'a> {
    let framework = &coverage.framework;
    let mut areas = Vec::new();
    for (number, area) in framework.areas.iter().enumerate() {
        let (controls, covered) = coverage.of_area(Some(number));
        areas.push(CellValue::map([
            ("id", area.id.as_str().into()),
            ("title", area.title.as_str().into()),
            ("controls", controls.into()),
            ("covered", covered.into()),
        ]));
    }
    let about = CellValue::map([
        ("id", framework.id.as_str().into()),
        ("edition", framework.edition.as_str().into()),
        ("title", framework.title.as_str().into()),
        ("publisher", framework.publisher.as_deref().into()),
        ("url", framework.url.as_deref().into()),
    ]);
    let mut rows = Vec::new();
    for (control, evidence) in coverage.rows() {
        let pages = RowList::new("pages", EVIDENCE, site, evidence).into_maps();
        rows.push(vec![
            framework.reference(control).into(),
            control.id.as_str().into(),
            control.title.as_str().into(),
            coverage.area_id(control).into(),
            pages,
        ]);
    }
    let keys = ["reference", "id", "title", "area", "pages"].map(Into::into).to_vec();
    FileRows {
        head: vec![
            ("today", site.today.into()),
            ("framework", about),
            ("controls", coverage.evidence.len().into()),
            ("covered", coverage.covered.into()),
            ("gaps", coverage.gaps().into()),
            ("areas", CellValue::List(areas)),
        ],
        lists: vec![RowList { key: "rows".into(), keys, rows }],
    }
}

/// One row for each page of a control. A control without a page has one row with empty cells.
fn flat_rows<'a>(site: &Site, coverage: &'a Coverage) -> FileRows<'a> {
    let framework = &coverage.framework;
    let about_control = ["reference", "control", "title", "area", "covered"];
    let about_page = [
        "page",
        "kind",
        "role",
        "owner",
        "version",
        "approved_by",
        "approved_on",
        "effective_from",
        "reviewed",
        "review",
    ];
    let mut rows = Vec::new();
    for (control, evidence) in coverage.rows() {
        let covered = if evidence.is_empty() { "no" } else { "yes" };
        let about: [CellValue<'a>; 5] = [
            framework.reference(control).into(),
            control.id.as_str().into(),
            control.title.as_str().into(),
            coverage.area_id(control).into(),
            covered.into(),
        ];
        if evidence.is_empty() {
            // A gap must be visible in a spreadsheet, too.
            rows.push(about.into_iter().chain(about_page.map(|_| CellValue::None)).collect());
            continue;
        }
        for evidence in evidence {
            let kind = site.page(evidence.page).page.front.kind().to_owned();
            let page: [CellValue<'a>; 10] = [
                CellValue::Page(evidence.page),
                kind.into(),
                evidence.role.name().into(),
                evidence.owner.as_deref().into(),
                evidence.version.as_deref().into(),
                evidence.approved_by.as_deref().into(),
                evidence.approved_on.into(),
                evidence.effective_from.into(),
                evidence.reviewed.into(),
                evidence.review.map(ReviewState::name).into(),
            ];
            rows.push(about.iter().cloned().chain(page).collect());
        }
    }
    let keys = about_control.into_iter().chain(about_page).map(Into::into).collect();
    FileRows { head: Vec::new(), lists: vec![RowList { key: "rows".into(), keys, rows }] }
}

/// Assigns pages to the controls that they name.
fn collect(book: &RegisterInputs<'_>, reviews: &Reviews, diagnostics: &mut Vec<Diagnostic>) -> Controls {
    let folder = format!("{}/{FOLDER}", book.inputs.config.data);
    let own = |path: &crate::path::FilePath| path.beneath(&folder).is_some() && path.extension() == "toml";
    let files = book.inputs.data.values().filter(|source| own(&source.path));
    let frameworks = Frameworks::with(files, diagnostics);
    let mut coverages: Vec<Coverage> = frameworks.iter().map(coverage).collect();
    for (id, page) in book.pages() {
        let evidence = || evidence(id, page, reviews);
        let front = &page.front;
        let control = |field: &Field| field.field_type == FieldType::Control;
        for found in book.inputs.kinds.values_of(&front.kind, &front.data, control) {
            let Some(reference) = found.value.text() else { continue };
            match frameworks.find(reference) {
                Ok((framework, control)) => {
                    let coverage = coverages.iter_mut().find(|c| Arc::ptr_eq(&c.framework, framework));
                    let coverage = coverage.expect("there is a coverage for each framework");
                    add(&mut coverage.evidence[control], evidence());
                }
                Err(unknown) => diagnostics.push(unknown.at(front.span(&page.file, &found.path))),
            }
        }
    }
    coverages.iter_mut().for_each(finish);
    // Built-in frameworks that no page uses would show nothing but gaps.
    coverages.retain(|coverage| coverage.covered > 0 || own(&coverage.framework.span.file));
    Controls { frameworks: coverages }
}

fn coverage(framework: &Arc<Framework>) -> Coverage {
    let evidence = vec![Vec::new(); framework.controls.len()];
    Coverage { framework: Arc::clone(framework), evidence, covered: 0 }
}

fn add(pages: &mut Vec<Evidence>, evidence: Evidence) {
    // A page may name a control in several fields.
    if pages.last().is_none_or(|last| last.page != evidence.page) {
        pages.push(evidence);
    }
}

fn finish(coverage: &mut Coverage) {
    for pages in &mut coverage.evidence {
        pages.sort_by_key(|page| (page.role, Reverse(page.day), page.page));
    }
    coverage.covered = coverage.evidence.iter().filter(|pages| !pages.is_empty()).count();
}

fn evidence(id: PageId, page: &Page, reviews: &Reviews) -> Evidence {
    let data = &page.front.data;
    let text = |name: &str| data.text(name).map(str::to_owned);
    let role = role(page);
    Evidence {
        page: id,
        role,
        owner: page.front.owner.clone(),
        version: text("version"),
        approved_by: text("approved_by"),
        approved_on: data.date("approved_on"),
        effective_from: data.date("effective_from"),
        reviewed: data.date("reviewed"),
        review: reviews.for_page(id).map(|review| review.state),
        day: if role == EvidenceRole::Incident { day_of(page) } else { None },
    }
}

fn role(page: &Page) -> EvidenceRole {
    let kind = &page.front.kind;
    let sort = page.front.data.text("doc_type");
    match sort {
        _ if kind.feeds(super::INCIDENTS) => EvidenceRole::Incident,
        _ if kind.feeds(super::ALERTS) => EvidenceRole::Runbook,
        Some("policy" | "standard") => EvidenceRole::Policy,
        Some(_) => EvidenceRole::Procedure,
        None if kind.name == "standard" => EvidenceRole::Policy,
        None if kind.name == "process" => EvidenceRole::Procedure,
        None => EvidenceRole::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::fixture;

    const POLICY: &str = "---\nkind: policy\nowner: CISO office\ncontrolled: true\nversion: 1.10\n\
        approved_by: Head of operations\napproved_on: 2026-01-10\neffective_from: 2026-02-01\nreviewed: 2025-01-09\n\
        controls: [\"c5:2020/SIM-01\", \"c5:2020/SIM-03\", \"iso27001:2022/A.5.26\"]\n---\n# Policy\n";
    const RUNBOOK: &str =
        "---\nkind: runbook\nowner: Ops\nreviewed: 2026-11-01\ncontrols: c5:2020/SIM-03\n---\n# R\n";

    fn rca(day: &str) -> String {
        format!(
            "---\nkind: rca\nstarted: {day}T10:00Z\ncontrols: [\"c5:2020/SIM-03\", \"c5:2020/SIM-03\"]\n---\n# {day}\n"
        )
    }

    #[test]
    fn an_auditor_sees_policy_runbook_and_the_last_incidents_of_a_control() {
        let (old, new) = (rca("2026-03-01"), rca("2026-10-01"));
        let guide = "---\nkind: guide\ncontrols: [\"c5:2020/SIM-03\"]\n---\n# G\n";
        let procedure = "---\nkind: procedure\nevidence: [{control: \"c5:2020/SIM-03\", link: \"https://x.example\"}]\n---\n# P\n";
        let files = [
            ("content/a-guide.md", guide),
            ("content/b-new.md", new.as_str()),
            ("content/c-old.md", &old),
            ("content/d-runbook.md", RUNBOOK),
            ("content/e-policy.md", POLICY),
            ("content/f-procedure.md", procedure),
        ];
        let (site, found) = fixture::assembled(&files, None);
        assert_eq!(fixture::problems(&files, &found, "control.unknown"), Vec::<String>::new());
        let c5 = &site.registers.controls.frameworks[0];
        let (control, pages) = c5.rows().find(|(control, _)| control.id == "SIM-03").unwrap();
        assert_eq!(control.title, "Documentation and reporting of security incidents");
        let seen: Vec<_> = pages.iter().map(|e| (site.page(e.page).url.as_str(), e.role.name())).collect();
        let expected = [
            ("e-policy/", "policy"),
            ("f-procedure/", "procedure"),
            ("d-runbook/", "runbook"),
            ("b-new/", "incident"),
            ("c-old/", "incident"),
            ("a-guide/", "other"),
        ];
        assert_eq!(seen, expected);
        let day = |text: &str| Some(text.parse::<Date>().unwrap());
        let policy = Evidence {
            page: pages[0].page,
            role: EvidenceRole::Policy,
            owner: Some("CISO office".to_owned()),
            version: Some("1.10".to_owned()),
            approved_by: Some("Head of operations".to_owned()),
            approved_on: day("2026-01-10"),
            effective_from: day("2026-02-01"),
            reviewed: day("2025-01-09"),
            review: Some(ReviewState::Overdue),
            day: None,
        };
        assert_eq!(pages[0], policy);
        assert_eq!((pages[2].review, pages[3].review), (Some(ReviewState::Fresh), None));
    }

    #[test]
    fn the_matrices_are_whole_and_counts_equal_the_front_matter() {
        let site = fixture::site(&[("content/p.md", POLICY), ("content/r.md", RUNBOOK)], None);
        let count = |c: &Coverage| (c.framework.key(), c.evidence.len(), c.covered, c.gaps());
        let counts: Vec<_> = site.registers.controls.frameworks.iter().map(count).collect();
        assert_eq!(counts, [("c5:2020".to_owned(), 121, 2, 119), ("iso27001:2022".to_owned(), 93, 1, 92)]);
        let c5 = &site.registers.controls.frameworks[0];
        let sim = c5.framework.areas.iter().position(|area| area.id == "SIM");
        assert_eq!((c5.of_area(sim), c5.of_area(Some(0)), c5.of_area(None)), ((5, 2), (7, 0), (0, 0)));
    }

    #[test]
    fn every_control_can_be_covered() {
        let all = Frameworks::built_in();
        let references: Vec<String> =
            all.iter().flat_map(|f| f.controls.iter().map(|control| f.reference(control))).collect();
        let page = format!("---\ncontrols: {references:?}\n---\n# All\n");
        let (site, found) = fixture::assembled(&[("content/a.md", &page)], None);
        assert_eq!(found, []);
        assert!(site.registers.controls.frameworks.iter().all(|coverage| coverage.gaps() == 0));
    }

    #[test]
    fn a_handbooks_own_framework_is_shown_with_its_gaps() {
        let own = "id = \"house\"\nedition = \"1\"\ntitle = \"House\"\n[[controls]]\nid = \"H-1\"\ntitle = \"Lock\"\n";
        let (site, found) = fixture::assembled(&[("data/controls/house.toml", own)], None);
        assert_eq!(found, []);
        let frameworks = &site.registers.controls.frameworks;
        assert_eq!(
            (frameworks.len(), frameworks[0].framework.key().as_str(), frameworks[0].gaps()),
            (1, "house:1", 1)
        );
        assert!(fixture::site(&[("content/a.md", "# A\n")], None).registers.controls.frameworks.is_empty());
    }

    #[test]
    fn references_that_lead_nowhere_are_reported_where_they_stand() {
        let files = [(
            "content/a.md",
            "---\nkind: process\ncontrols:\n  - SIM-03\n  - c5:2020/SIM-3\n  - c5/SIM-03\nevidence:\n  - kind: x\n    \
             control: c5:2016/OIS-01\n---\n# A\n",
        )];
        let (_, found) = fixture::assembled(&files, None);
        let expected = [
            "content/a.md:9:5 there is no framework `c5:2016` (write `c5:2020/OIS-01`)",
            "content/a.md:4:5 `SIM-03` names no framework and edition (write `c5:2020/SIM-03`)",
            "content/a.md:5:5 `c5:2020` has no control `SIM-3` (did you mean `c5:2020/SIM-03`?)",
            "content/a.md:6:5 `c5/SIM-03` names no edition (write `c5:2020/SIM-03`)",
        ];
        assert_eq!(fixture::problems(&files, &found, "control.unknown"), expected);
    }
}
