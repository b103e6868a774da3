//! Frameworks of controls: what is covered, where the gaps are, and for each control what an auditor asks.
//!
//! Owns three sorts of pages: all frameworks, one framework by its areas, one control with its evidence.

use super::build::{self, Groups, Head, date, downloads, links, page, stat, stat_of, state, text};
use super::{CellView, ROOT, Register, RegisterView, Sheet};
use crate::config;
use crate::controls::{Control, Framework};
use crate::memo::Digest;
use crate::path::UrlPath;
use crate::site::Site;
use crate::site::registers::{Coverage, Evidence, EvidenceRole};
use crate::strings::Strings;
use crate::view::State;
use crate::view::nav::Here;

pub(super) const REGISTER: Register = Register { sheets, digest, show };

/// The key of what evidence is called, in the order of showing.
const ROLES: [(EvidenceRole, &str); 5] = [
    (EvidenceRole::Policy, "controls.policy"),
    (EvidenceRole::Procedure, "controls.procedure"),
    (EvidenceRole::Runbook, "controls.runbook"),
    (EvidenceRole::Incident, "controls.incident"),
    (EvidenceRole::Other, "controls.pages"),
];

fn digest(site: &Site) -> Digest {
    Digest::of_value(&site.registers.controls)
}

fn sheets(site: &Site) -> Vec<Sheet> {
    let frameworks = &site.registers.controls.frameworks;
    if frameworks.is_empty() {
        return Vec::new();
    }
    let covered: usize = frameworks.iter().map(|coverage| coverage.covered).sum();
    let t = site.words();
    let number = t.counted("unit.control_covered", covered);
    let top = Sheet::new("controls/", t.say("controls.title"));
    let top = top.entry(t.say("register.computed"), number, t.say("controls.lead"));
    let mut sheets = vec![top.clone()];
    for coverage in frameworks {
        let framework = &coverage.framework;
        let title = name(framework);
        let sheet = Sheet::new(&path(framework), &title).topic(&framework.key()).above(&top);
        let pages = coverage.rows().filter(|(_, pages)| !pages.is_empty()).map(|(control, _)| {
            let path = format!("{}{}/", path(framework), control.segment());
            let title = format!("{} {}", control.id, control.title);
            Sheet::new(&path, &title).topic(&framework.reference(control)).above(&sheet)
        });
        let pages: Vec<Sheet> = pages.collect();
        sheets.push(sheet.clone());
        sheets.extend(pages);
    }
    sheets
}

/// What readers call a framework: its title, which tells the edition.
fn name(framework: &Framework) -> String {
    if framework.title.contains(&framework.edition) {
        framework.title.clone()
    } else {
        format!("{} {}", framework.title, framework.edition)
    }
}

fn path(framework: &Framework) -> String {
    format!("controls/{}/", framework.segment())
}

/// The page of a control, where some page is evidence for it.
pub(in crate::view) fn control(site: &Site, reference: &str) -> Option<UrlPath> {
    let (key, id) =
        reference.trim().rsplit_once('/').filter(|_| site.config.has(config::Register::Controls))?;
    let frameworks = &site.registers.controls.frameworks;
    let coverage = frameworks.iter().find(|c| c.framework.key().eq_ignore_ascii_case(key))?;
    let (control, _) = coverage.rows().find(|(control, _)| control.id.eq_ignore_ascii_case(id))?;
    Some(url(&coverage.framework, control))
}

fn url(framework: &Framework, control: &Control) -> UrlPath {
    UrlPath::new(format!("{ROOT}{}{}/", path(framework), control.segment()))
}

fn show(here: &Here<'_>, sheet: &Sheet) -> RegisterView {
    let frameworks = &here.site.registers.controls.frameworks;
    if sheet.topic.is_empty() {
        return all(here, frameworks);
    }
    let key = sheet.topic.split('/').next().unwrap_or_default();
    let Some(coverage) = frameworks.iter().find(|coverage| coverage.framework.key() == key) else {
        return RegisterView::default();
    };
    let mut rows = coverage.rows();
    let named = rows.find(|(control, _)| coverage.framework.reference(control) == sheet.topic);
    match named {
        Some((control, pages)) => one(here, &coverage.framework, control, pages),
        None => matrix(here, coverage),
    }
}

fn all(here: &Here<'_>, frameworks: &[Coverage]) -> RegisterView {
    let mut groups = Groups::default();
    let head = Head {
        title: here.t.say("controls.frameworks"),
        note: "",
        columns: &here.t.each([
            "column.framework",
            "column.publisher",
            "column.controls",
            "column.covered",
            "column.gaps",
        ]),
    };
    groups.add(head, frameworks, |coverage| {
        let framework = &coverage.framework;
        let link = here.url(&UrlPath::new(format!("{ROOT}{}", path(framework))));
        vec![
            CellView { text: name(framework), url: Some(link), ..CellView::default() },
            text(framework.publisher.clone().unwrap_or_default()),
            text(coverage.evidence.len().to_string()),
            text(coverage.covered.to_string()),
            text(coverage.gaps().to_string()),
        ]
    });
    let lead = here.t.say("controls.lead").to_owned();
    RegisterView { lead, groups: groups.finish(here), ..RegisterView::default() }
}

/// Every control of a framework beside its pages, area by area.
fn matrix(here: &Here<'_>, coverage: &Coverage) -> RegisterView {
    let (t, framework) = (here.t, &coverage.framework);
    let mut groups = Groups::default();
    let columns = &t.each(["column.control", "column.pages"]);
    let areas = framework
        .areas
        .iter()
        .enumerate()
        .map(|(number, area)| (Some(number), format!("{} {}", area.id, area.title)));
    for (area, title) in areas.chain([(None, t.say("controls.other").to_owned())]) {
        let rows: Vec<_> = coverage.rows().filter(|(control, _)| control.area == area).collect();
        let (controls, covered) = coverage.of_area(area);
        let note = t.fill("controls.covered", &[("covered", &covered), ("count", &controls)]);
        let head = Head { title: &title, note: &note, columns };
        groups.add(head, &rows, |(control, pages)| control_row(here, framework, control, pages));
    }
    let path = framework.segment();
    let (table, data) = (format!("controls/{path}.csv"), format!("controls/{path}.json"));
    RegisterView {
        lead: lead(t, framework),
        stats: vec![
            stat(coverage.evidence.len(), t.say("controls.figure_controls")),
            stat(coverage.covered, t.say("controls.figure_evidence")),
            stat_of(coverage.gaps(), t.say("controls.figure_gaps"), State::Warn),
        ],
        groups: groups.finish(here),
        downloads: downloads(here, &[&data, &table]),
        ..RegisterView::default()
    }
}

fn lead(t: &Strings, framework: &Framework) -> String {
    let name = name(framework);
    match &framework.publisher {
        Some(by) => t.fill("controls.framework_lead_by", &[("framework", &name), ("publisher", by)]),
        None => t.fill("controls.framework_lead", &[("framework", &name)]),
    }
}

fn control_row(
    here: &Here<'_>,
    framework: &Framework,
    control: &Control,
    pages: &[Evidence],
) -> Vec<CellView> {
    let link = (!pages.is_empty()).then(|| here.url(&url(framework, control)));
    let name =
        CellView { text: control.id.clone(), url: link, note: control.title.clone(), ..CellView::default() };
    let evidence = if pages.is_empty() {
        state(here.t.say("controls.no_page"), Some(State::Warn))
    } else {
        links(here, pages.iter().map(|evidence| here.link(evidence.page)))
    };
    vec![name, evidence]
}

/// What an auditor asks about each page.
fn one(here: &Here<'_>, framework: &Framework, control: &Control, pages: &[Evidence]) -> RegisterView {
    let t = here.t;
    let columns = &t.each([
        "column.page",
        "column.owner",
        "column.version",
        "column.approved",
        "column.in_force_since",
        "column.reviewed",
        "column.review",
    ]);
    let mut groups = Groups::default();
    for (role, title) in ROLES {
        let of: Vec<&Evidence> = pages.iter().filter(|evidence| evidence.role == role).collect();
        groups.add(Head { title: t.say(title), note: "", columns }, &of, |evidence| {
            evidence_row(here, evidence)
        });
    }
    let name = name(framework);
    let lead = match control.area {
        Some(area) => {
            let area = &framework.areas[area].title;
            t.fill("controls.control_lead_area", &[("framework", &name), ("area", area)])
        }
        None => t.fill("controls.control_lead", &[("framework", &name)]),
    };
    let data = format!("controls/{}.json", framework.segment());
    RegisterView {
        label: framework.reference(control),
        lead,
        groups: groups.finish(here),
        downloads: downloads(here, &[&data]),
        ..RegisterView::default()
    }
}

fn evidence_row(here: &Here<'_>, evidence: &Evidence) -> Vec<CellView> {
    let own = |text: &Option<String>| build::text(text.clone().unwrap_or_default());
    let day = evidence.day.map(|day| here.t.fill("controls.on", &[("day", &day)])).unwrap_or_default();
    let approved =
        CellView { note: evidence.approved_by.clone().unwrap_or_default(), ..date(evidence.approved_on) };
    vec![
        CellView { note: day, ..page(here, evidence.page) },
        own(&evidence.owner),
        own(&evidence.version),
        approved,
        date(evidence.effective_from),
        date(evidence.reviewed),
        evidence.review.map(|review| super::reviews::state_cell(here, review)).unwrap_or_default(),
    ]
}
