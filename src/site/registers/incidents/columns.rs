//! The pages and columns of the register of incidents: the newest first, by service, by cause.
//!
//! This module owns the content of the register's pages and files. Durations in data files are in seconds since the
//! start.

use std::collections::BTreeMap;

use super::super::advisories::revision_history;
use super::super::table::{
    Cell, CellLabel, CellValue, Column, FileContent, FileRows, Layout, Register, RegisterContent,
    RegisterFigure, RegisterPage, RowList, Tables, Tone,
};
use super::{Actions, Incident, Incidents};
use crate::memo::Digest;
use crate::site::Site;

static COLUMNS: &[Column<Incident>] = &[
    Column::new("incident", |_, incident| Cell::new(incident.name.as_deref())),
    Column::new("exercise", |_, incident| Cell::new(CellValue::Flag(incident.is_exercise))),
    Column::new("page", |site, incident| {
        let name = incident.name.as_deref().unwrap_or_default();
        let cell = Cell::page(incident.page);
        if !incident.is_exercise {
            return cell.note(name);
        }
        let word = site.words().say("incident.exercise");
        cell.note(if name.is_empty() { word.to_owned() } else { format!("{word}, {name}") })
    }),
    Column::new("state", state),
    Column::new("severity", |_, incident| {
        Cell::choice(incident.page, "severity", incident.severity.as_deref())
    }),
    Column::new("phase", |_, incident| Cell::new(incident.phase.as_deref())),
    Column::new("services", |_, incident| Cell::texts(&incident.services)),
    Column::new("providers", |_, incident| Cell::texts(&incident.providers)),
    Column::new("regions", |_, incident| Cell::texts(&incident.regions)),
    Column::new("cause_class", |_, incident| {
        Cell::choice(incident.page, "cause_class", CellValue::texts(&incident.causes))
    }),
    Column::new("detection", |_, incident| Cell::new(incident.detection.as_deref())),
    Column::new("customers_affected", |_, incident| Cell::new(incident.customers.as_deref())),
    Column::new("data_loss", |_, incident| Cell::new(incident.data_loss.as_deref())),
    // RFC 3339 in UTC, by point in time.
    Column::new("times", |_, incident| {
        let points: BTreeMap<&str, String> =
            incident.points.iter().map(|(name, time)| (*name, time.timestamp.to_string())).collect();
        Cell::new(CellValue::Map(points.into_iter().map(|(name, time)| (name.into(), time.into())).collect()))
    }),
    Column::new("seconds_to", |_, incident| Cell::new(seconds_to_points(incident))),
    Column::new("next_update", |_, incident| {
        Cell::new(incident.next_update.as_ref().map(|next| next.timestamp.to_string()))
    }),
    Column::new("next_update_overdue", |_, incident| Cell::new(CellValue::Flag(incident.overdue))),
    Column::new("actions", |_, incident| {
        let Actions { open, overdue, done, dropped } = incident.actions;
        Cell::new(CellValue::map([
            ("open", open.into()),
            ("overdue", overdue.into()),
            ("done", done.into()),
            ("dropped", dropped.into()),
        ]))
    }),
    Column::new("revisions", |_, incident| Cell::new(revision_history(&incident.revisions))),
    Column::new("seen_before", |_, incident| Cell::new(CellValue::pages(&incident.seen.before))),
    Column::on_pages("day", |_, incident| Cell::new(incident.day())),
    Column::on_pages("resolved_after", |_, incident| {
        let label = incident.until("resolved").map_or(CellLabel::Value, CellLabel::Duration);
        Cell { label, ..Cell::default() }
    }),
];

static LAYOUT: Layout<Incident> = Layout {
    columns: COLUMNS,
    shown: &[
        ("page", "column.incident"),
        ("day", "column.day"),
        ("severity", "column.severity"),
        ("state", "column.report"),
        ("services", "column.services"),
        ("cause_class", "column.cause"),
        ("resolved_after", "column.resolved_after"),
    ],
};

impl Register for Incidents {
    fn pages(&self, site: &Site) -> Vec<RegisterPage> {
        if self.list.is_empty() {
            return Vec::new();
        }
        let t = site.words();
        let computed = t.say("register.computed");
        let real = self.real().count();
        let counts = [("unit.incident", real), ("unit.exercise", self.list.len() - real)];
        let counts = counts.into_iter().filter(|(_, count)| *count > 0);
        let count = counts.map(|(unit, count)| t.counted(unit, count)).collect::<Vec<_>>().join(", ");
        let top = RegisterPage::new("incidents/", t.say("incidents.title"))
            .entry(computed, count, t.say("incidents.lead"))
            .files(["incidents.json", "incidents.csv"]);
        let mut pages = vec![top.clone()];
        let services = self.by_service().len();
        if services > 0 {
            let page = RegisterPage::new("incidents/services/", t.say("incidents.by_service"))
                .topic("services")
                .below(&top)
                .entry(computed, t.counted("unit.service", services), t.say("incidents.by_service_note"));
            pages.push(page);
        }
        let causes = self.by_cause().len();
        if causes > 0 {
            let page = RegisterPage::new("incidents/causes/", t.say("incidents.by_cause"))
                .topic("causes")
                .below(&top)
                .entry(computed, t.counted("unit.cause", causes), t.say("incidents.by_cause_note"));
            pages.push(page);
        }
        pages
    }

    fn content(&self, site: &Site, page: &RegisterPage) -> RegisterContent<'_> {
        let t = site.words();
        let mut tables = Tables::new(site, 1);
        match &*page.topic {
            "services" => by_frequency(site, &mut tables, "services", self.by_service()),
            "causes" => by_frequency(site, &mut tables, "cause_class", self.by_cause()),
            _ => {
                let (open, closed): (Vec<&Incident>, Vec<&Incident>) =
                    self.real().partition(|incident| incident.is_open());
                let exercises: Vec<&Incident> =
                    self.list.iter().filter(|incident| incident.is_exercise).collect();
                tables.add(t.say("incidents.open"), t.say("incidents.open_note"), &LAYOUT, &open);
                tables.add(t.say("incidents.reports"), "", &LAYOUT, &closed);
                tables.add(
                    t.say("incidents.exercises"),
                    t.say("incidents.exercises_note"),
                    &LAYOUT,
                    &exercises,
                );
            }
        }
        let real = self.real().count();
        let exercises = self.list.len() - real;
        let open = self.real().filter(|incident| incident.is_open()).count();
        let late = self.real().filter(|incident| incident.overdue).count();
        let actions: usize = self.real().map(|incident| incident.actions.open).sum();
        let mut figures = vec![
            RegisterFigure::new(real, t.unit("unit.incident", real)).table(t.say("incidents.reports")),
            RegisterFigure::toned(open, t.say("incidents.figure_open"), Tone::Warn)
                .table(t.say("incidents.open")),
            RegisterFigure::toned(late, t.say("incidents.figure_overdue"), Tone::Bad)
                .table(t.say("incidents.open")),
            RegisterFigure::new(actions, t.say("incidents.figure_actions")),
        ];
        if exercises > 0 {
            let figure = RegisterFigure::new(exercises, t.unit("unit.exercise", exercises));
            figures.push(figure.table(t.say("incidents.exercises")));
        }
        RegisterContent {
            lead: t.say("incidents.lead").to_owned(),
            figures,
            plots: self.plots(site, &page.topic),
            tables: tables.finish(),
            ..RegisterContent::default()
        }
    }

    fn data(&self, site: &Site, _: &str) -> FileContent<'_> {
        let head = vec![("today", site.today.into())];
        FileContent::Rows(FileRows {
            head,
            lists: vec![RowList::new("incidents", COLUMNS, site, &self.list)],
        })
    }

    /// The plots end with the day of the build.
    fn digest(&self, site: &Site) -> Digest {
        Digest::of_value(&(&self.list, site.today))
    }
}

/// Adds a table for each value of a field, the most frequent first.
fn by_frequency<'a>(
    site: &Site,
    tables: &mut Tables<'_, 'a>,
    field: &str,
    groups: BTreeMap<&str, Vec<&'a Incident>>,
) {
    let mut groups: Vec<(&str, Vec<&Incident>)> = groups.into_iter().collect();
    groups.sort_by_key(|(_, incidents)| std::cmp::Reverse(incidents.len()));
    for (value, incidents) in groups {
        // Incidents may have several kinds; the kind of the first one names the value.
        let title =
            incidents.first().map_or(value, |incident| site.name_of_value(incident.page, field, value));
        tables.add(title, "", &LAYOUT, &incidents);
    }
}

fn seconds_to_points(incident: &Incident) -> CellValue<'_> {
    let mut seconds: BTreeMap<&str, i64> = BTreeMap::new();
    // The first point is the start itself.
    for (name, _) in incident.points.iter().skip(1) {
        if let Some(after) = incident.until(name) {
            seconds.insert(name, after);
        }
    }
    CellValue::Map(seconds.into_iter().map(|(name, after)| (name.into(), CellValue::Number(after))).collect())
}

fn state<'a>(site: &Site, incident: &'a Incident) -> Cell<'a> {
    let Some(state) = incident.state else { return Cell::default() };
    let cell = Cell::choice(incident.page, "report_state", state.name());
    if incident.overdue {
        cell.tone(Tone::Bad).note(site.words().say("incidents.update_overdue").to_owned())
    } else {
        cell.tone(if incident.is_open() { Tone::Warn } else { Tone::Good })
    }
}
