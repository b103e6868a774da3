//! Traffic lights: how well the services of providers work, from the files in `data/health`.
//!
//! This module owns which measurement counts for a service, the analyses of incidents, and the rows of the page. `health`
//! knows the files, and what a light shows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;

use super::table::{
    Cell, CellValue, Column, FileContent, FileRows, Layout, LightGroup, Register, RegisterContent,
    RegisterFigure, RegisterLight, RegisterPage, RowList, Tables, Tone,
};
use super::{CollectedRegister, RegisterInputs};
use crate::diagnostic::Diagnostic;
use crate::health::{
    self, HealthFile, HealthIncident, HealthLevel, LightState, MeasuredDay, Measurement, Percent,
};
use crate::memo::{Digest, Memo};
use crate::page::incidents;
use crate::path::FilePath;
use crate::rules::HEALTH_FILE;
use crate::site::{PageId, Site, SiteInputs};
use crate::source::Source;
use crate::strings::Strings;
use crate::utc;

pub const NAME: &str = "health";

pub(super) static REGISTER: CollectedRegister = CollectedRegister {
    name: NAME,
    is_fed_by_kinds: false,
    is_shown_on_pages: false,
    collect: |inputs, made| made.health = collect(inputs.pages, &mut made.diagnostics),
    register: |made| Box::new(&made.health),
};

/// The most lights on a page: each has a part of the page for every day.
const MOST_LIGHTS: usize = 120;

/// The most days that the numbers of a light name.
const MOST_DAYS_NAMED: usize = 10;

/// All measurements of a handbook.
#[derive(Debug, Default)]
pub struct HealthBoard {
    /// Sorted by provider, then in the order of the files.
    measurements: Vec<Measurement>,
    /// The newest first.
    incidents: Vec<HealthIncident>,
    /// The pages that name an incident, by its id.
    analyses: BTreeMap<String, PageId>,
    /// Of everything above.
    digest: Digest,
}

static COLUMNS: &[Column<Measurement>] = &[
    Column::new("service", |_, measured| Cell::new(measured.service.as_str())),
    Column::new("provider", |_, measured| Cell::new(measured.provider.as_str())),
    Column::new("light", |site, measured| {
        let light = measured.light(site.today);
        Cell::new(light.as_str()).label(word(site.words(), light).to_owned()).tone(tone(light))
    }),
    Column::new("value", |_, measured| Cell::new(measured.value.as_str())),
    Column::new("measured_at", |_, measured| {
        let moment = measured.measured_at;
        Cell::new(moment.map(|moment| moment.to_string()))
            .label(moment.map(utc::to_minute).unwrap_or_default())
    }),
    Column::new("source", |_, measured| Cell::new(measured.source.as_str())),
    Column::new("days", |site, measured| {
        let counts = DayCounts::new(measured);
        let value = CellValue::map([
            ("green", counts.green.into()),
            ("orange", counts.orange.into()),
            ("red", counts.red.into()),
            ("missing", counts.missing.into()),
        ]);
        Cell::new(value).label(counts.in_words(site.words()))
    }),
];

static LAYOUT: Layout<Measurement> = Layout {
    columns: COLUMNS,
    shown: &[
        ("service", "column.service"),
        ("provider", "column.provider"),
        ("light", "column.light"),
        ("value", "column.measured"),
        ("measured_at", "column.as_of"),
        ("days", "column.last_days"),
    ],
};

impl Register for HealthBoard {
    fn pages(&self, site: &Site) -> Vec<RegisterPage> {
        if self.measurements.is_empty() && self.incidents.is_empty() {
            return Vec::new();
        }
        let t = site.words();
        let count = t.counted("unit.service", self.measurements.len());
        let page = RegisterPage::new("health/", t.say("health.title"))
            .entry(t.say("register.computed"), count, t.say("health.lead"))
            .files(["health.json", "health.csv"]);
        vec![page]
    }

    fn content(&self, site: &Site, _: &RegisterPage) -> RegisterContent<'_> {
        let t = site.words();
        let mut tables = Tables::new(site, 2);
        let rows: Vec<&Measurement> = self.measurements.iter().collect();
        tables.add(t.say("health.table"), "", &LAYOUT, &rows);
        let rows = self.incidents.iter().map(|incident| self.incident_cells(site, incident)).collect();
        let headings = [
            "column.incident",
            "column.services",
            "column.provider",
            "column.light",
            "column.began",
            "column.ended",
            "column.state",
            "column.report",
        ];
        tables.add_cells(t.say("incidents.title"), t.say("health.incidents_note"), &headings, rows);
        let mut figures = Vec::new();
        for light in [
            LightState::Measured(HealthLevel::Red),
            LightState::Measured(HealthLevel::Orange),
            LightState::Measured(HealthLevel::Green),
            LightState::Stale,
            LightState::Missing,
        ] {
            let count =
                self.measurements.iter().filter(|measured| measured.light(site.today) == light).count();
            if count > 0 {
                figures.push(RegisterFigure::toned(count, word(t, light), tone(light)));
            }
        }
        RegisterContent {
            lead: t.say("health.no_sla").to_owned(),
            figures,
            lights: self.groups(site),
            more_lights: self.measurements.len().saturating_sub(MOST_LIGHTS),
            tables: tables.finish(),
            ..RegisterContent::default()
        }
    }

    fn data(&self, site: &Site, _: &str) -> FileContent<'_> {
        let lights = RowList::new("lights", COLUMNS, site, &self.measurements);
        let keys = ["id", "title", "provider", "services", "level", "began_at", "ended_at", "state", "page"];
        let mut rows = Vec::new();
        for incident in &self.incidents {
            rows.push(vec![
                incident.id.as_str().into(),
                incident.title.as_str().into(),
                incident.provider.as_str().into(),
                CellValue::texts(&incident.services),
                incident.level.map(HealthLevel::as_str).into(),
                incident.began.to_string().into(),
                incident.ended.map(|ended| ended.to_string()).into(),
                incident.phase.as_str().into(),
                self.analysis(incident).map_or(CellValue::None, CellValue::Page),
            ]);
        }
        let keys = keys.into_iter().map(Into::into).collect();
        let incidents = RowList { key: "incidents".into(), keys, rows };
        let head = vec![("day", site.today.into())];
        FileContent::Rows(FileRows { head, lists: vec![lights, incidents] })
    }

    fn digest(&self, _: &Site) -> Digest {
        self.digest
    }
}

impl HealthBoard {
    fn analysis(&self, incident: &HealthIncident) -> Option<PageId> {
        self.analyses.get(&incident.id).copied()
    }

    fn incident_cells<'a>(&'a self, site: &Site, incident: &'a HealthIncident) -> Vec<Cell<'a>> {
        let t = site.words();
        let level = incident.level.map(LightState::Measured);
        vec![
            Cell::new(incident.title.as_str()).note(incident.last_update.as_str()),
            Cell::texts(&incident.services),
            Cell::new(incident.provider.as_str()),
            level.map_or_else(Cell::default, |level| Cell::new(word(t, level).to_owned()).tone(tone(level))),
            Cell::new(utc::to_minute(incident.began)),
            match incident.ended {
                Some(ended) => Cell::new(utc::to_minute(ended)),
                None if incident.is_open(site.today) => {
                    Cell::new(t.say("health.not_over").to_owned()).tone(Tone::Warn)
                }
                None => Cell::new(t.say("health.not_begun").to_owned()),
            },
            Cell::new(incident.phase.as_str()),
            self.analysis(incident).map_or_else(Cell::default, Cell::page),
        ]
    }

    /// The first [`MOST_LIGHTS`] lights, by provider.
    fn groups(&self, site: &Site) -> Vec<LightGroup> {
        let mut groups: Vec<LightGroup> = Vec::new();
        for measured in self.measurements.iter().take(MOST_LIGHTS) {
            let light = self.light(site, measured);
            match groups.last_mut().filter(|group| group.title == measured.provider) {
                Some(group) => group.lights.push(light),
                None => groups.push(LightGroup { title: measured.provider.clone(), lights: vec![light] }),
            }
        }
        groups
    }

    fn light(&self, site: &Site, measured: &Measurement) -> RegisterLight {
        let t = site.words();
        let state = measured.light(site.today);
        let mut facts = Vec::new();
        let mut add = |key: &str, value: String| {
            if !value.is_empty() {
                facts.push((t.say(key).to_owned(), value));
            }
        };
        add("column.measured", measured.value.clone());
        add("column.as_of", measured.measured_at.map(utc::to_minute).unwrap_or_default());
        if let Some(thresholds) = measured.thresholds {
            let green = Percent(thresholds.green);
            let orange = Percent(thresholds.orange);
            add("health.thresholds", t.fill("health.from", &[("green", &green), ("orange", &orange)]));
        }
        add("health.source", measured.source.clone());
        add("health.other_days", other_days(t, &measured.days));
        facts.extend(measured.numbers.iter().cloned());
        let is_open = |incident: &&HealthIncident| {
            incident.is_open(site.today)
                && incident.provider == measured.provider
                && incident.services.contains(&measured.service)
        };
        let incidents = self.incidents.iter().filter(is_open);
        RegisterLight {
            service: measured.service.clone(),
            state,
            label: word(t, state).to_owned(),
            facts,
            incidents: incidents.map(|found| (found.title.clone(), self.analysis(found))).collect(),
            days: measured.days.iter().map(|day| day.level).collect(),
            days_label: DayCounts::new(measured).in_words(t),
            stale_from: match state {
                LightState::Measured(_) => measured.last_day().map(|last| last.saturating_add(1.days())),
                LightState::Stale | LightState::Missing => None,
            },
        }
    }
}

/// The days that were not green, the latest first, with what was measured.
fn other_days(t: &Strings, days: &[MeasuredDay]) -> String {
    let mut named = Vec::new();
    let mut count = 0;
    for MeasuredDay { day, level, success } in days.iter().rev() {
        let Some(level @ (HealthLevel::Orange | HealthLevel::Red)) = level else { continue };
        count += 1;
        if named.len() < MOST_DAYS_NAMED {
            let value = success.map(|success| format!(" ({})", Percent(success)));
            let word = word(t, LightState::Measured(*level));
            named.push(format!("{day} {word}{}", value.unwrap_or_default()));
        }
    }
    if count > named.len() {
        named.push(t.fill("register.and_more", &[("count", &(count - named.len()))]));
    }
    named.join(", ")
}

/// How many of the last days had which level.
struct DayCounts {
    green: usize,
    orange: usize,
    red: usize,
    missing: usize,
}

impl DayCounts {
    fn new(measured: &Measurement) -> DayCounts {
        let mut counts = DayCounts { green: 0, orange: 0, red: 0, missing: 0 };
        for MeasuredDay { level, .. } in &measured.days {
            match level {
                Some(HealthLevel::Green) => counts.green += 1,
                Some(HealthLevel::Orange) => counts.orange += 1,
                Some(HealthLevel::Red) => counts.red += 1,
                None => counts.missing += 1,
            }
        }
        counts
    }

    fn in_words(&self, t: &Strings) -> String {
        let parts = [
            (self.green, "health.days_green"),
            (self.orange, "health.days_orange"),
            (self.red, "health.days_red"),
            (self.missing, "health.days_missing"),
        ];
        let parts = parts.into_iter().filter(|(count, _)| *count > 0);
        let parts: Vec<String> = parts.map(|(count, key)| t.fill(key, &[("count", &count)])).collect();
        parts.join(", ")
    }
}

fn word(t: &Strings, light: LightState) -> &str {
    t.say(match light {
        LightState::Measured(HealthLevel::Green) => "health.green",
        LightState::Measured(HealthLevel::Orange) => "health.orange",
        LightState::Measured(HealthLevel::Red) => "health.red",
        LightState::Stale => "health.stale",
        LightState::Missing => "health.missing",
    })
}

/// Which of two lights says more: what does not work, then what is not known.
fn gravity(light: LightState) -> u8 {
    match light {
        LightState::Measured(HealthLevel::Red) => 4,
        LightState::Measured(HealthLevel::Orange) => 3,
        LightState::Missing => 2,
        LightState::Stale => 1,
        LightState::Measured(HealthLevel::Green) => 0,
    }
}

fn tone(light: LightState) -> Tone {
    match light {
        LightState::Measured(HealthLevel::Green) => Tone::Good,
        LightState::Measured(HealthLevel::Orange) => Tone::Warn,
        LightState::Measured(HealthLevel::Red) => Tone::Bad,
        LightState::Stale => Tone::Quiet,
        LightState::Missing => Tone::Unknown,
    }
}

/// The health data of one file, and its problems.
#[derive(Debug)]
pub(in crate::site) struct HealthDataFile {
    path: FilePath,
    digest: Digest,
    content: HealthFile,
    diagnostics: Vec<Diagnostic>,
}

impl HealthDataFile {
    /// Reads every file if the register is enabled. `memo` returns files that have not changed since the same day.
    pub fn all(inputs: &SiteInputs<'_>, memo: &mut Memo<HealthDataFile>) -> Vec<Arc<HealthDataFile>> {
        let wanted = inputs.config.has_register(NAME);
        let files: Vec<&Source> =
            inputs.data.values().filter(|source| wanted && health::may_hold(&source.path)).collect();
        // A time after the day of the build is a mistake.
        let key = |source: &&Source| Digest::of_value(&(&source.path, source.digest, inputs.today));
        memo.map(&files, key, |source| {
            let mut diagnostics = Vec::new();
            let content = health::read(source, inputs.today, &mut diagnostics);
            HealthDataFile { path: source.path.clone(), digest: source.digest, content, diagnostics }
        })
    }
}

/// Puts the health data of all files together.
fn collect(book: &RegisterInputs<'_>, diagnostics: &mut Vec<Diagnostic>) -> HealthBoard {
    let mut board = HealthBoard::default();
    let mut sources_digest = Vec::new();
    for file in book.health {
        sources_digest.push((&file.path, file.digest));
        diagnostics.extend(file.diagnostics.iter().cloned());
        board.measurements.extend(file.content.measurements.iter().cloned());
        board.incidents.extend(file.content.incidents.iter().cloned());
    }
    board.measurements.sort_by(|one, other| one.provider.cmp(&other.provider));
    board.remove_repetitions(book.inputs.today, diagnostics);
    board.incidents.sort_by_key(|incident| std::cmp::Reverse(incident.began));
    for (id, page) in book.pages().filter(|(_, page)| page.front.kind.feeds(incidents::REGISTER)) {
        for name in ["incident", "id"].iter().filter_map(|field| page.front.data.text(field)) {
            board.analyses.entry(name.to_owned()).or_insert(id);
        }
    }
    let ids: BTreeSet<&str> = board.incidents.iter().map(|incident| incident.id.as_str()).collect();
    board.analyses.retain(|name, _| ids.contains(name.as_str()));
    board.digest = Digest::of_value(&(sources_digest, &board.analyses, book.inputs.today));
    board
}

impl HealthBoard {
    /// Keeps the worst measurement of each service, and the first incident of a provider with each id. The others are
    /// reported.
    fn remove_repetitions(&mut self, today: Date, diagnostics: &mut Vec<Diagnostic>) {
        let mut seen: BTreeMap<(String, String), usize> = BTreeMap::new();
        let mut kept: Vec<Measurement> = Vec::new();
        for measured in std::mem::take(&mut self.measurements) {
            let key = (measured.provider.clone(), measured.service.clone());
            let Some(first) = seen.get(&key).map(|first| &mut kept[*first]) else {
                seen.insert(key, kept.len());
                kept.push(measured);
                continue;
            };
            let message = format!("`{}` of `{}` has two lights", measured.service, measured.provider);
            let problem = Diagnostic::new(&HEALTH_FILE, measured.span.clone(), message);
            diagnostics.push(problem.label(first.span.clone(), "the first one"));
            // One that works must not hide one that does not.
            if gravity(measured.light(today)) > gravity(first.light(today)) {
                *first = measured;
            }
        }
        self.measurements = kept;
        let mut seen = BTreeMap::new();
        self.incidents.retain(|incident| {
            let key = (incident.provider.clone(), incident.id.clone());
            let first = seen.entry(key).or_insert_with(|| incident.span.clone());
            if *first != incident.span {
                let message = format!("`{}` has two incidents `{}`", incident.provider, incident.id);
                let problem = Diagnostic::new(&HEALTH_FILE, incident.span.clone(), message);
                diagnostics.push(problem.label(first.clone(), "the first one"));
            }
            *first == incident.span
        });
    }
}
