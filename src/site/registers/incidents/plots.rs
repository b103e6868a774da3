//! The plots of the register of incidents: by month and severity, times, services, causes.
//!
//! This module owns what they count: incidents, or exercises where there was no incident. The axis of time ends at the
//! day of the build; a wrong date after it is not drawn.

use std::collections::BTreeSet;

use super::super::periods::Periods;
use super::super::plot_rows::{FEWEST_OF_PLOT, largest_rows};
use super::super::table::{Cell, CellLabel, RegisterPlot};
use super::{Incident, Incidents};
use crate::plot::{Bars, Heat, Ink, Look, Pareto, Plot, Points, Series, Texture, TimedPoint};
use crate::site::Site;

/// The months of the heat map.
const MONTHS: usize = 12;
/// The most services and causes with a row of their own.
const MOST_ROWS: usize = 10;

/// The points in time whose distance from the start is drawn.
const MEASURES: [&str; 3] = ["detected", "acknowledged", "mitigated"];

impl Incidents {
    /// The severities of the incidents' kinds, in the order of their definitions: the gravest first. Then others that
    /// incidents have.
    pub fn severities<'a>(&'a self, site: &'a Site) -> Vec<&'a str> {
        let used: BTreeSet<&str> =
            self.list.iter().map(|incident| site.page(incident.page).page.front.kind()).collect();
        let mut names: Vec<&str> = Vec::new();
        let mut add = |name: &'a str| {
            if !names.contains(&name) {
                names.push(name);
            }
        };
        for kind in site.kinds.all().filter(|kind| used.contains(&*kind.name)) {
            for (name, _) in kind.choices(&site.kinds.common, "severity") {
                add(name);
            }
        }
        for incident in &self.list {
            if let Some(name) = &incident.severity {
                add(name);
            }
        }
        names
    }

    /// The name of a severity for readers, as the kind of an incident with it has it.
    pub fn severity_name<'a>(&'a self, site: &'a Site, severity: &'a str) -> &'a str {
        let with_it = self.drawn().find(|incident| incident.severity.as_deref() == Some(severity));
        let any = with_it.or_else(|| self.drawn().next());
        any.map_or(severity, |incident| site.name_of_value(incident.page, "severity", severity))
    }

    /// The plots of one page of the register.
    pub(super) fn plots<'a>(&'a self, site: &Site, topic: &str) -> Vec<RegisterPlot<'a>> {
        if self.drawn().count() < FEWEST_OF_PLOT {
            return Vec::new();
        }
        let plots = match topic {
            "services" => vec![self.services_plot(site)],
            "causes" => vec![self.causes_plot(site)],
            _ => vec![
                self.months_plot(site),
                self.services_plot(site),
                self.causes_plot(site),
                self.times_plot(site),
            ],
        };
        let mut plots: Vec<RegisterPlot<'a>> = plots.into_iter().flatten().collect();
        if self.has_only_exercises() {
            let t = site.words();
            for plot in &mut plots {
                plot.title = t.fill("plots.of_exercises", &[("title", &plot.title)]);
                plot.note = format!("{} {}", plot.note, t.say("plots.of_exercises_note"));
            }
        }
        plots
    }

    /// The incidents that plots count: where there was none, the exercises.
    fn drawn(&self) -> impl DoubleEndedIterator<Item = &Incident> + Clone {
        let is_exercise = self.has_only_exercises();
        self.list.iter().filter(move |incident| incident.is_exercise == is_exercise)
    }

    fn has_only_exercises(&self) -> bool {
        self.real().next().is_none()
    }

    /// From the month of the first incident to that of the build.
    fn periods(&self, site: &Site) -> Option<Periods> {
        let first = self.drawn().filter_map(Incident::day).min()?;
        Some(Periods::covering(site.words(), first, site.today))
    }

    fn months_plot<'a>(&'a self, site: &Site) -> Option<RegisterPlot<'a>> {
        let t = site.words();
        let periods = self.periods(site)?;
        if self.drawn().filter(|incident| incident.day().is_some()).count() < FEWEST_OF_PLOT {
            return None;
        }
        let of = |severity: Option<&str>| {
            let these = self.drawn().filter(move |incident| incident.severity.as_deref() == severity);
            periods.count(these.filter_map(Incident::day))
        };
        let mut above = Vec::new();
        for (level, severity) in self.severities(site).into_iter().enumerate() {
            if self.drawn().any(|incident| incident.severity.as_deref() == Some(severity)) {
                let name = self.severity_name(site, severity).to_owned();
                above.push(Series { name, look: Look::of_level(level), values: of(Some(severity)) });
            }
        }
        let without = Series {
            name: t.say("plots.no_severity").to_owned(),
            look: Look::new(Ink::Grey, Texture::Outlined),
            values: of(None),
        };
        above.extend(Some(without).filter(|series| series.values.iter().any(|value| *value > 0)));
        let bars = Bars { categories: periods.categories, above, below: None };
        let mut plot = RegisterPlot::of_bars(site, "plots.months", bars, periods.unit.heading());
        plot.note = t.say("plots.months_note").to_owned();
        Some(plot)
    }

    fn times_plot<'a>(&'a self, site: &Site) -> Option<RegisterPlot<'a>> {
        let t = site.words();
        let periods = self.periods(site)?;
        let is_on_axis = |incident: &Incident| incident.day().is_some_and(|day| periods.index(day).is_some());
        let mut measured: Vec<(&str, Vec<TimedPoint>)> = Vec::new();
        for measure in MEASURES {
            let mut points = Vec::new();
            // Incidents are listed with the newest first.
            for incident in self.drawn().rev().filter(|incident| is_on_axis(incident)) {
                if let (Some(day), Some(seconds)) = (incident.day(), incident.until(measure)) {
                    points.push(TimedPoint { day, seconds });
                }
            }
            if points.len() >= FEWEST_OF_PLOT {
                measured.push((measure, points));
            }
        }
        let seconds = || measured.iter().flat_map(|(_, points)| points).map(|point| point.seconds);
        let range = (seconds().min()?, seconds().max()?);
        let columns: Vec<&str> = measured.iter().map(|(measure, _)| *measure).collect();
        let chart = |(measure, points): (&str, Vec<TimedPoint>)| {
            let name = t.word("measure", measure).to_owned();
            Plot::Points(Points { name, categories: periods.categories.clone(), points, range })
        };
        let charts = measured.into_iter().map(chart).collect();
        let row = |incident: &'a Incident| {
            let mut row = vec![Cell::page(incident.page), Cell::new(incident.day())];
            row.extend(columns.iter().map(|measure| {
                let label = incident.until(measure).map_or(CellLabel::Value, CellLabel::Duration);
                Cell { label, ..Cell::default() }
            }));
            row
        };
        let is_drawn = |incident: &&Incident| {
            is_on_axis(incident) && columns.iter().any(|measure| incident.until(measure).is_some())
        };
        let rows = self.drawn().filter(is_drawn).map(row).collect();
        let mut headings = vec![t.say("column.incident").to_owned(), t.say("column.day").to_owned()];
        headings.extend(columns.iter().map(|measure| t.word("measure", measure).to_owned()));
        let mut plot = RegisterPlot::new(site, "plots.times", charts, headings, rows);
        plot.note = t.say("plots.times_note").to_owned();
        Some(plot)
    }

    fn services_plot<'a>(&'a self, site: &Site) -> Option<RegisterPlot<'a>> {
        let t = site.words();
        let periods = Periods::last_months(t, site.today, MONTHS);
        let is_exercise = self.has_only_exercises();
        let mut rows: Vec<(String, Vec<usize>)> = Vec::new();
        for (service, incidents) in self.by_service() {
            let drawn = incidents.iter().filter(|incident| incident.is_exercise == is_exercise);
            let days = drawn.filter_map(|incident| incident.day());
            rows.push((service.to_owned(), periods.count(days)));
        }
        rows.retain(|(_, counts)| counts.iter().any(|count| *count > 0));
        let total = |(_, counts): &(String, Vec<usize>)| counts.iter().sum::<usize>();
        if rows.len() < 2 || rows.iter().map(total).sum::<usize>() < FEWEST_OF_PLOT {
            return None;
        }
        let rows = largest_rows(rows, MOST_ROWS, total, |others| {
            let sum = |month: usize| others.iter().map(|(_, counts)| counts[month]).sum();
            (t.say("register.others").to_owned(), (0..MONTHS).map(sum).collect())
        });
        let headings = std::iter::once(t.say("column.services").to_owned());
        let headings = headings.chain(periods.categories.iter().map(|period| period.name.clone())).collect();
        let cells = |(name, counts): &(String, Vec<usize>)| {
            std::iter::once(Cell::new(name.clone()))
                .chain(counts.iter().map(|count| Cell::new(*count)))
                .collect()
        };
        let data = rows.iter().map(cells).collect();
        let chart = Plot::Heat(Heat { categories: periods.categories, rows });
        let mut plot = RegisterPlot::new(site, "plots.services", vec![chart], headings, data);
        plot.note = t.say("plots.services_note").to_owned();
        Some(plot)
    }

    fn causes_plot<'a>(&'a self, site: &Site) -> Option<RegisterPlot<'a>> {
        let t = site.words();
        let is_exercise = self.has_only_exercises();
        let mut rows: Vec<(String, usize)> = Vec::new();
        for (cause, incidents) in self.by_cause() {
            let name =
                incidents.first().map_or(cause, |first| site.name_of_value(first.page, "cause_class", cause));
            let count = incidents.iter().filter(|incident| incident.is_exercise == is_exercise).count();
            if count > 0 {
                rows.push((name.to_owned(), count));
            }
        }
        if rows.len() < 2 || rows.iter().map(|(_, count)| count).sum::<usize>() < FEWEST_OF_PLOT {
            return None;
        }
        let rows = largest_rows(
            rows,
            MOST_ROWS,
            |(_, count)| *count,
            |others| (t.say("register.others").to_owned(), others.iter().map(|(_, count)| count).sum()),
        );
        let pareto = Pareto { rows };
        let cells = |((name, count), share): (&(String, usize), usize)| {
            vec![Cell::new(name.clone()), Cell::new(*count), Cell::new(format!("{share} %"))]
        };
        let data = pareto.rows.iter().zip(pareto.shares()).map(cells).collect();
        let headings = t.each(["column.cause", "column.incidents", "column.share"]).map(str::to_owned).into();
        let mut plot = RegisterPlot::new(site, "plots.causes", vec![Plot::Pareto(pareto)], headings, data);
        plot.note = t.say("plots.causes_note").to_owned();
        Some(plot)
    }
}
