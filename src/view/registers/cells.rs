//! Converts the tables of a register to the views that the template shows.
//!
//! This module owns the text and the links of every type of cell, the removal of empty columns, and the ids of
//! headings.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};

use super::graph::graph;
use super::toolbar::toolbar;
use super::{
    CellView, ColumnView, DayView, GroupView, LightGroupView, LightView, MonthView, PlotView, ROOT,
    RegisterView, StatView,
};
use crate::health::HealthLevel;
use crate::path::{FilePath, UrlPath, encode, heading_id};
use crate::plot::{self, PlotTexts};
use crate::site::PageId;
use crate::site::registers::table::{
    CalendarDay, CalendarDayEntry, CalendarMonth, Cell, CellLabel, CellLink, CellValue, LightGroup, OWNER,
    RegisterContent, RegisterPlot, RegisterTable, YEAR,
};
use crate::utc;
use crate::view::LinkView;
use crate::view::nav::PageLinks;
use crate::view::times::{DurationView, period};

/// The most links in one cell.
const MAX_LINKS: usize = 12;

/// The view of a register's page. `files` are the files with the same rows, relative to [`ROOT`].
pub(super) fn view(here: &PageLinks<'_>, content: RegisterContent<'_>, files: &[String]) -> RegisterView {
    let writer = CellWriter { here, published: OnceCell::new() };
    let plots = content.plots.into_iter().map(|plot| writer.plot(plot)).collect();
    let mut groups: Vec<GroupView> = content.tables.into_iter().map(|table| writer.group(table)).collect();
    let lights = content.lights.into_iter().enumerate();
    let lights = lights.map(|(number, group)| light_group(here, number, group)).collect();
    number_ids(here, &mut groups);
    let toolbar = toolbar(here, &groups);
    let mut stats = Vec::new();
    for figure in content.figures {
        // A value that no row has is not among the choices: the link would show all rows.
        let has_rows = |(facet, value): &(&str, String)| {
            toolbar.as_ref().is_some_and(|toolbar| toolbar.has_option(facet, value))
        };
        let filter = figure.filter.filter(has_rows).map(|(facet, value)| query(facet, &value));
        let table = groups.iter().find(|group| Some(&group.title) == figure.table.as_ref());
        let url = table.filter(|_| filter.is_none()).map(|group| format!("#{}", group.id));
        stats.push(StatView { value: figure.value, label: figure.label, state: figure.tone, filter, url });
    }
    let download = |path: &String| {
        let name = path.rsplit('/').next().unwrap_or(path);
        LinkView::new(name, here.url(&UrlPath::new(format!("{ROOT}{path}"))))
    };
    RegisterView {
        label: content.label,
        lead: content.lead,
        stats,
        toolbar,
        plots,
        is_poster: content.is_poster,
        lights,
        more_lights: content.more_lights,
        weekdays: if content.months.is_empty() { Vec::new() } else { weekdays(here) },
        months: content.months.iter().map(|month| month_view(here, month)).collect(),
        graph: match &content.graph {
            Some(content) if here.site.config.diagrams => {
                let links: Vec<LinkView> = content.pages.iter().map(|page| here.link(*page)).collect();
                graph(content, &links)
            }
            _ => String::new(),
        },
        groups,
        downloads: files.iter().map(download).collect(),
    }
}

/// The id of the heading of a group whose title is a text of the program.
pub(in crate::view) fn group_id(here: &PageLinks<'_>, title: &str) -> String {
    let t = here.site.words();
    heading_id(t.english(t.say(title)))
}

/// The query that selects the rows with a value.
pub(in crate::view) fn query(facet: &str, value: &str) -> String {
    format!("{facet}={}", encode(&value.to_lowercase()))
}

fn weekdays(here: &PageLinks<'_>) -> Vec<String> {
    let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    names.into_iter().map(|name| here.t.say(&format!("weekday.{name}")).to_owned()).collect()
}

fn month_view(here: &PageLinks<'_>, month: &CalendarMonth) -> MonthView {
    let entry = |entry: &CalendarDayEntry| {
        let title = format!("{} {}", entry.time, entry.title).trim().to_owned();
        match &entry.link {
            CellLink::Page { page, .. } => LinkView { title, ..here.link(*page) },
            CellLink::Register(url) => LinkView::new(title, here.url(url)),
            CellLink::Url(url) => LinkView::new(title, url.clone()),
            _ => LinkView::new(title, String::new()),
        }
    };
    let day = |day: &CalendarDay| DayView {
        number: day.date.map(|date| date.day()),
        is_today: day.is_today,
        entries: day.entries.iter().map(entry).collect(),
    };
    let weeks = month.weeks.iter().map(|week| week.iter().map(day).collect()).collect();
    MonthView { title: month.title.clone(), weeks }
}

fn light_group(here: &PageLinks<'_>, number: usize, group: LightGroup) -> LightGroupView {
    let mut lights = Vec::new();
    for light in group.lights {
        let fact = |(label, value)| StatView { value, label, state: None, filter: None, url: None };
        let incident = |(title, page): (String, Option<PageId>)| match page {
            Some(page) => LinkView { title, ..here.link(page) },
            None => LinkView::new(title, String::new()),
        };
        let day = |level: Option<HealthLevel>| level.map_or("missing", HealthLevel::as_str);
        lights.push(LightView {
            service: light.service,
            state: light.state.as_str(),
            label: light.label,
            facts: light.facts.into_iter().map(fact).collect(),
            incidents: light.incidents.into_iter().map(incident).collect(),
            days: light.days.into_iter().map(day).collect(),
            days_label: light.days_label,
            stale_from: light.stale_from.map(|day| day.to_string()),
        });
    }
    // Ids of headings do not begin so.
    LightGroupView { id: format!("ob-lights-{number}"), title: group.title, lights }
}

/// Gives each table a unique id for its heading.
fn number_ids(here: &PageLinks<'_>, groups: &mut [GroupView]) {
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    for group in groups {
        let id = heading_id(&english(here, &group.title));
        let id = if id.is_empty() { "rest".to_owned() } else { id };
        let same = taken.entry(id.clone()).or_default();
        group.id = if *same == 0 { id } else { format!("{id}-{same}") };
        *same += 1;
    }
}

/// The English form of a title. Ids must not change with the language of a handbook, or with its wording.
fn english<'a>(here: &'a PageLinks<'_>, title: &'a str) -> Cow<'a, str> {
    let kinds = &here.site.kinds;
    if let Some(kind) = kinds.all().find(|kind| here.wording(kind).plural() == title) {
        return Cow::Borrowed(&kind.plural);
    }
    let cause = kinds.all().find_map(|kind| here.wording(kind).written("cause_class", title));
    Cow::Borrowed(cause.unwrap_or_else(|| here.t.english(title)))
}

struct CellWriter<'a> {
    here: &'a PageLinks<'a>,
    /// The URLs of published files by their paths, made on first use. Only the register of alerts needs them.
    published: OnceCell<HashMap<&'a FilePath, &'a UrlPath>>,
}

impl<'a> CellWriter<'a> {
    fn plot(&self, plot: RegisterPlot<'_>) -> PlotView {
        // Ids of headings do not begin so.
        let id = format!("ob-plot-{}", plot.name);
        let draw = |(number, chart)| {
            let id = format!("{id}-{number}");
            let square = |count: usize| self.here.t.fill("plots.square", &[("count", &count)]);
            let median = self.here.t.say("plots.median");
            let title = &plot.title;
            let texts =
                PlotTexts { id: &id, title, duration: &utc::duration, median, square: &square, place: None };
            plot::draw(chart, &texts)
        };
        let drawings = plot.charts.iter().enumerate().map(draw).collect();
        PlotView { drawings, data: self.group(plot.data), id, title: plot.title.clone(), note: plot.note }
    }

    fn group(&self, table: RegisterTable<'_>) -> GroupView {
        let shown = if table.code.is_empty() { table.rows.len() } else { table.code_rows };
        let facets: Vec<Option<&str>> = table.headings.iter().map(|heading| heading.facet).collect();
        let mut rows: Vec<Vec<CellView>> = Vec::new();
        for row in table.rows {
            let cells = row.into_iter().enumerate();
            rows.push(cells.map(|(at, cell)| self.cell(cell, facets.get(at).copied().flatten())).collect());
        }
        let headings = table.headings.into_iter().map(|heading| ColumnView {
            title: heading.title,
            key: heading.key.into_owned(),
            facet: heading.facet,
        });
        let (columns, rows) = without_empty_columns(headings.collect(), rows);
        GroupView {
            id: String::new(),
            title: table.title,
            note: table.note,
            code: table.code,
            columns,
            rows,
            count: table.count,
            more: table.count - shown,
        }
    }

    /// The values of a cell in a column that is a facet, each with its name for readers. `shown` is the cell's text.
    fn facets(&self, facet: &str, cell: &Cell<'_>, shown: &str) -> Vec<(String, String)> {
        let shown = shown.to_owned();
        match &cell.value {
            _ if !cell.key.is_empty() => vec![(cell.key.to_owned(), shown)],
            CellValue::Date(date) => {
                let year = date.year().to_string();
                vec![(year.clone(), year)]
            }
            // A year is that of a day only.
            _ if facet == YEAR => Vec::new(),
            CellValue::Text(text) if !shown.is_empty() => vec![(text.to_string(), shown)],
            CellValue::List(items) => {
                let mut values = Vec::new();
                for item in items {
                    let name = match cell.label {
                        CellLabel::Choice(page, field) => self.choice(page, field, item),
                        _ => self.value(item).text,
                    };
                    if let CellValue::Text(text) = item {
                        values.push((text.to_string(), name));
                    }
                }
                values
            }
            _ if shown.is_empty() => Vec::new(),
            _ => vec![(shown.clone(), shown)],
        }
    }

    fn cell(&self, mut cell: Cell<'_>, facet: Option<&str>) -> CellView {
        let mut view = self.text(&mut cell);
        if let Some(facet) = facet {
            view.facets = self.facets(facet, &cell, &view.text);
            let values: Vec<&str> = view.facets.iter().map(|(value, _)| value.as_str()).collect();
            // A script finds the year in the date.
            let is_text = values == [view.text.as_str()] || facet == YEAR || values.is_empty();
            view.values = (!is_text).then(|| values.join("|"));
            if facet == OWNER && view.url.is_none() && view.more.is_empty() {
                view.url = self.here.owner(&view.text);
            }
        }
        view
    }

    fn text(&self, cell: &mut Cell<'_>) -> CellView {
        let mut view = self.value(&cell.value);
        match &cell.label {
            CellLabel::Value => {}
            CellLabel::Text(text) => view = CellView { text: text.to_string(), ..CellView::default() },
            CellLabel::Name(name) => {
                view = CellView { text: name.to_string(), name: true, ..CellView::default() };
            }
            CellLabel::Choice(page, field) => view.text = self.choice(*page, field, &cell.value),
            CellLabel::Duration(seconds) => {
                view.text = DurationView::of(*seconds).text;
                view.sort = Some(*seconds);
            }
            CellLabel::Period(every) => {
                view.text = period(self.here.t, *every);
                view.sort = Some(every.days());
            }
        }
        match cell.link.take() {
            Some(CellLink::Page { page, anchor }) => view.url = Some(self.page_url(page, anchor.as_deref())),
            Some(CellLink::Register(url)) => view.url = Some(self.here.url(&url)),
            Some(CellLink::Url(url)) => view.url = Some(url),
            Some(CellLink::File(file)) => view.url = self.file_url(file),
            None => {}
        }
        let links = cell.links.iter().filter_map(|link| self.link(link)).collect();
        view.more.extend::<Vec<LinkView>>(links);
        let rest = view.more.len().saturating_sub(MAX_LINKS);
        view.more.truncate(MAX_LINKS);
        view.note = std::mem::take(&mut cell.note).into_owned();
        if rest > 0 {
            view.note = self.here.t.fill("register.and_more", &[("count", &rest)]);
        }
        view.state = cell.tone;
        view.whole = std::mem::take(&mut cell.full).into_owned();
        view
    }

    fn value(&self, value: &CellValue<'_>) -> CellView {
        match value {
            CellValue::None | CellValue::Map(_) => CellView::default(),
            CellValue::Text(text) => CellView { text: text.to_string(), ..CellView::default() },
            CellValue::Number(number) => CellView { text: number.to_string(), ..CellView::default() },
            CellValue::Flag(flag) => {
                let key = if *flag { "register.yes" } else { "register.no" };
                CellView { text: self.here.t.say(key).to_owned(), ..CellView::default() }
            }
            CellValue::Date(date) => CellView { text: date.to_string(), date: true, ..CellView::default() },
            CellValue::Page(page) => {
                let LinkView { title, url, lang } = self.here.link(*page);
                CellView { text: title, url: Some(url), lang, ..CellView::default() }
            }
            CellValue::List(items) => {
                let mut view = CellView::default();
                let mut texts: Vec<String> = Vec::new();
                for item in items {
                    match item {
                        CellValue::Page(page) => view.more.push(self.here.link(*page)),
                        item => texts.push(self.value(item).text),
                    }
                }
                view.text = texts.join(", ");
                view
            }
        }
    }

    /// The name that the kind of a page gives a value, or each value of a list.
    fn choice(&self, page: PageId, field: &str, value: &CellValue<'_>) -> String {
        let wording = self.here.wording(&self.here.site.page(page).page.front.kind);
        match value {
            CellValue::Text(text) => wording.value(field, text).to_owned(),
            CellValue::List(items) => {
                let names = items.iter().map(|item| self.choice(page, field, item));
                names.collect::<Vec<String>>().join(", ")
            }
            _ => String::new(),
        }
    }

    /// The URL of a heading on a page, or of the page.
    fn page_url(&self, page: PageId, anchor: Option<&str>) -> String {
        let url = self.here.page(self.here.site.page(page));
        match anchor {
            Some(anchor) => format!("{url}#{}", encode(anchor)),
            None => url,
        }
    }

    fn file_url(&self, file: &FilePath) -> Option<String> {
        let published = self
            .published
            .get_or_init(|| self.here.site.assets.iter().map(|(url, asset)| (&asset.file, url)).collect());
        published.get(file).map(|url| self.here.url(url))
    }

    /// One of several links of a cell, with the title of its page.
    fn link(&self, link: &CellLink<'_>) -> Option<LinkView> {
        let CellLink::Page { page, anchor } = link else { return None };
        Some(LinkView { url: self.page_url(*page, anchor.as_deref()), ..self.here.link(*page) })
    }
}

/// Removes columns that are empty in every row, except the first one.
fn without_empty_columns(
    headings: Vec<ColumnView>,
    rows: Vec<Vec<CellView>>,
) -> (Vec<ColumnView>, Vec<Vec<CellView>>) {
    let says = |cell: &CellView| !cell.text.is_empty() || !cell.more.is_empty();
    let stays: Vec<bool> = (0..headings.len())
        .map(|column| column == 0 || rows.iter().any(|row| row.get(column).is_some_and(says)))
        .collect();
    let headings = headings.into_iter().zip(&stays).filter(|(_, stays)| **stays).map(|(heading, _)| heading);
    let keep = |row: Vec<CellView>| {
        row.into_iter().zip(&stays).filter(|(_, stays)| **stays).map(|(cell, _)| cell).collect()
    };
    (headings.collect(), rows.into_iter().map(keep).collect())
}
