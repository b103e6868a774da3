//! `status/`: a status page from the incidents and the planned work of the handbook, where `book.toml` asks for
//! it.
//!
//! Owns which incidents are current, and the HTML. The page loads nothing, so the file can be copied to another host,
//! which still answers when that of the handbook does not. Links are absolute; without `base_url` there are none.
//! `atom` writes the feed beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;

use super::later;
use super::text::absolute;
use crate::headers::STATUS_STYLE_DIGEST;
use crate::health::HISTORY_DAYS;
use crate::html_escape::{escape_attribute, escape_text};
use crate::kinds::ValueMark;
use crate::output::Output;
use crate::registers::FieldRegister;
use crate::site::registers::Incident;
use crate::site::registers::table::{CalendarTime, RegisterAppointment};
use crate::site::{PageId, Site, SitePage};
use crate::strings::Strings;
use crate::utc;

/// The style of the page. The content security policy names its digest.
const STYLE: &str = include_str!("status-page.css");

/// The most incidents of the past, and the most works to come. The handbook has all.
const MOST_LISTED: usize = 100;

/// The register with planned work.
const MAINTENANCES: &str = "maintenances";

/// The URL of the page.
pub(super) const PAGE: &str = "status/";

/// The path of its feed.
pub(super) const FEED: &str = "status/atom.xml";

/// The status page, where `[status]` asks for it.
pub fn emit(site: &Arc<Site>) -> Vec<Output> {
    if site.config.status.is_none() {
        return Vec::new();
    }
    vec![later(site, site.addresses().output_file(PAGE), page)]
}

/// How much an incident takes away from a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum ServiceState {
    Works,
    Restricted,
    Fails,
}

impl ServiceState {
    const fn class(self) -> &'static str {
        match self {
            ServiceState::Works => "good",
            ServiceState::Restricted => "warn",
            ServiceState::Fails => "bad",
        }
    }

    fn word(self, t: &Strings) -> &str {
        t.say(match self {
            ServiceState::Works => "status.works",
            ServiceState::Restricted => "status.restricted",
            ServiceState::Fails => "status.fails",
        })
    }
}

/// How far an incident is on the day of the build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum IncidentCourse {
    /// Announced, such as a power failure that is planned.
    Ahead,
    Current,
    Over,
}

/// An incident with its days.
struct ShownIncident<'a> {
    incident: &'a Incident,
    page: &'a SitePage,
    state: ServiceState,
    course: IncidentCourse,
    first_day: Date,
    last_day: Date,
}

fn page(site: &Site) -> String {
    let t = site.words();
    let incidents = incidents(site);
    let works = planned_works(site);
    let title = status_title(site);
    let mut body = format!(
        "<h1>{}</h1>\n<p class=\"note\">{}</p>\n",
        escape_text(&title),
        escape_text(&t.fill("status.as_of", &[("day", &site.today)]))
    );
    let settings = site.config.status.as_ref();
    body.push_str(&validity(site, settings.map_or(1, |status| status.valid_for)));
    if let Some(note) = settings.map(|status| status.note.as_str()).filter(|note| !note.is_empty()) {
        body.push_str(&format!("<p>{}</p>\n", escape_text(note)));
    }
    let of = |course| incidents.iter().filter(move |shown| shown.course == course);
    body.push_str(&format!("<h2>{}</h2>\n", escape_text(t.say("status.current"))));
    if of(IncidentCourse::Current).next().is_none() {
        let text = escape_text(t.say("status.no_incident"));
        body.push_str(&format!("<p><span class=\"state good\">{text}</span></p>\n"));
    }
    body.extend(of(IncidentCourse::Current).map(|shown| incident_html(site, shown)));
    body.push_str(&services_html(site, &incidents, &works));
    if !works.is_empty() || of(IncidentCourse::Ahead).next().is_some() {
        body.push_str(&format!("<h2>{}</h2>\n", escape_text(t.say("status.planned"))));
        body.extend(works.iter().take(MOST_LISTED).map(|work| work_html(site, work)));
        body.extend(of(IncidentCourse::Ahead).take(MOST_LISTED).map(|shown| incident_html(site, shown)));
    }
    if of(IncidentCourse::Over).next().is_some() {
        body.push_str(&format!("<h2>{}</h2>\n", escape_text(t.say("status.past"))));
        body.extend(of(IncidentCourse::Over).take(MOST_LISTED).map(|shown| incident_html(site, shown)));
    }
    let feed = site.config.base_url.as_ref().map(|base| format!("{base}{}", FEED));
    let mut footer = escape_text(t.say("status.no_sla"));
    let mut head = String::new();
    if let (Some(base), Some(feed)) = (&site.config.base_url, &feed) {
        let (base, feed) = (escape_attribute(base), escape_attribute(feed));
        let name = escape_text(&site.config.title);
        footer.push_str(&format!(" <a href=\"{base}\">{name}</a> · <a href=\"{feed}\">Atom</a>"));
        head = format!("<link rel=\"alternate\" type=\"application/atom+xml\" href=\"{feed}\">\n");
    }
    if site.config.noindex {
        head.push_str("<meta name=\"robots\" content=\"noindex\">\n");
    }
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
        <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src {STATUS_STYLE_DIGEST}; \
        img-src 'self'; base-uri 'none'; form-action 'none'\">\n\
        <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
        <meta name=\"color-scheme\" content=\"light dark\">\n{head}\
        <title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n\
        <footer>\n<p class=\"note\">{footer}</p>\n</footer>\n</body>\n</html>\n",
        escape_attribute(site.strings.frame(&site.config.language)),
        escape_text(&title)
    )
}

/// Until when a copy of the page holds. The page stands on other hosts, too, where it is forgotten easily, and it has no
/// script that could see its age.
fn validity(site: &Site, days: u16) -> String {
    let t = site.words();
    let last = site.today.saturating_add(i64::from(days).days());
    let text = escape_text(&t.fill("status.valid_until", &[("day", &last)]));
    let current =
        site.config.base_url.as_ref().map(|base| format!("{base}{}", site.config.addresses.written(PAGE)));
    let link = current.map(|url| {
        let (url, words) = (escape_attribute(&url), escape_text(t.say("status.current_copy")));
        format!(" <a href=\"{url}\">{words}</a>")
    });
    format!("<p class=\"note\">{text}{}</p>\n", link.unwrap_or_default())
}

/// The title of the page and of its feed.
pub(super) fn status_title(site: &Site) -> String {
    let given =
        site.config.status.as_ref().map(|status| status.title.as_str()).filter(|title| !title.is_empty());
    given
        .map_or_else(|| format!("{}: {}", site.config.title, site.words().say("status.title")), str::to_owned)
}

/// The incidents that are announced, current, or ended within the last days, the newest first.
fn incidents(site: &Site) -> Vec<ShownIncident<'_>> {
    let oldest = site.today.saturating_sub((HISTORY_DAYS - 1).days());
    let mut shown = Vec::new();
    for incident in site.registers.incidents.real() {
        let page = site.page(incident.page);
        let Some(first_day) = incident.day().filter(|_| !page.page.front.draft) else { continue };
        let course = course(site, incident, first_day);
        let over = ["resolved", "mitigated"].into_iter().find_map(|point| incident.point(point));
        let last_day = match over {
            _ if course == IncidentCourse::Current => site.today,
            Some(over) => over.day().max(first_day),
            None => first_day,
        };
        if course != IncidentCourse::Over || last_day >= oldest {
            let state = state_of(site, page);
            shown.push(ShownIncident { incident, page, state, course, first_day, last_day });
        }
    }
    shown
}

/// How far an incident is, as its report says. Without a marked value the state of the report decides.
fn course(site: &Site, incident: &Incident, first_day: Date) -> IncidentCourse {
    let front = &site.page(incident.page).page.front;
    let has_mark = |mark| site.kinds.has_mark(&front.kind, &front.data, mark);
    if first_day > site.today || has_mark(ValueMark::Ahead) {
        IncidentCourse::Ahead
    } else if incident.point("resolved").is_some() || has_mark(ValueMark::Over) {
        IncidentCourse::Over
    } else if has_mark(ValueMark::Current) || incident.is_open() {
        IncidentCourse::Current
    } else {
        IncidentCourse::Over
    }
}

/// A severity that is unknown is a restriction.
fn state_of(site: &Site, page: &SitePage) -> ServiceState {
    let front = &page.page.front;
    if site.kinds.has_mark(&front.kind, &front.data, ValueMark::Failure) {
        ServiceState::Fails
    } else {
        ServiceState::Restricted
    }
}

/// The register of planned work, where the handbook has it.
pub(super) fn maintenances(site: &Site) -> Option<&FieldRegister> {
    let register = site.field_registers.list.iter().find(|register| register.name == MAINTENANCES);
    register.filter(|register| site.config.has_register(&register.name))
}

/// The works that are ahead or running, in order.
fn planned_works(site: &Site) -> Vec<RegisterAppointment> {
    let Some(register) = maintenances(site) else { return Vec::new() };
    let mut works = register.appointments(site);
    works.retain(|work| {
        let front = &site.page(work.page).page.front;
        let has_mark = |mark| site.kinds.has_mark(&front.kind, &front.data, mark);
        let is_not_over = has_mark(ValueMark::Current) || work.last_day() >= site.today;
        !front.draft && !has_mark(ValueMark::Over) && is_not_over
    });
    works.sort_by_key(|work| (work.begin.day(), work.page));
    works
}

/// Every service with its state now, what is planned for it, and its last days.
fn services_html(site: &Site, incidents: &[ShownIncident<'_>], works: &[RegisterAppointment]) -> String {
    let t = site.words();
    let mut by_service: BTreeMap<&str, Vec<&ShownIncident<'_>>> = BTreeMap::new();
    for shown in incidents {
        for service in &shown.incident.services {
            by_service.entry(service).or_default().push(shown);
        }
    }
    let mut next_works: BTreeMap<&str, &RegisterAppointment> = BTreeMap::new();
    for work in works {
        for service in services_of(site, work.page) {
            next_works.entry(service).or_insert(work);
        }
    }
    let listed = site.config.status.iter().flat_map(|status| &status.services).map(String::as_str);
    let others: BTreeSet<&str> = by_service.keys().chain(next_works.keys()).copied().collect();
    let mut seen = BTreeSet::new();
    let names: Vec<&str> = listed.chain(others).filter(|name| seen.insert(*name)).collect();
    if names.is_empty() {
        return String::new();
    }
    let mut html = format!("<h2>{}</h2>\n<ul class=\"services\">\n", escape_text(t.say("status.services")));
    for name in names {
        let of_service = by_service.get(name).map(Vec::as_slice).unwrap_or_default();
        let current = of_service
            .iter()
            .filter(|shown| shown.course == IncidentCourse::Current)
            .map(|shown| shown.state)
            .max();
        let state = current.unwrap_or(ServiceState::Works);
        html.push_str(&format!(
            "<li><strong>{}</strong> <span class=\"state {}\">{}</span>\n",
            escape_text(name),
            state.class(),
            escape_text(state.word(t))
        ));
        if let Some(work) = next_works.get(name) {
            let day = work.begin.day();
            let key = if day < site.today { "status.work_since" } else { "status.work_on" };
            html.push_str(&format!("<small>{}</small>\n", escape_text(&t.fill(key, &[("day", &day)]))));
        }
        html.push_str(&days_html(site, of_service));
        html.push_str("</li>\n");
    }
    html.push_str(&format!("</ul>\n<p class=\"note\">{}</p>\n", escape_text(t.say("status.days_note"))));
    html
}

/// One mark for each of the last days, with a text for all.
fn days_html(site: &Site, incidents: &[&ShownIncident<'_>]) -> String {
    let mut marks = String::new();
    let (mut fails, mut restricted) = (0, 0);
    for ago in (0..HISTORY_DAYS).rev() {
        let day = site.today.saturating_sub(ago.days());
        let on_day = incidents.iter().filter(|shown| {
            shown.course != IncidentCourse::Ahead && (shown.first_day..=shown.last_day).contains(&day)
        });
        marks.push_str(match on_day.map(|shown| shown.state).max() {
            Some(ServiceState::Fails) => {
                fails += 1;
                "<i class=\"bad\"></i>"
            }
            Some(_) => {
                restricted += 1;
                "<i class=\"warn\"></i>"
            }
            None => "<i></i>",
        });
    }
    let label = site.words().fill("status.days", &[("fails", &fails), ("restricted", &restricted)]);
    format!("<div class=\"days\" role=\"img\" aria-label=\"{}\">{marks}</div>\n", escape_attribute(&label))
}

fn services_of(site: &Site, page: PageId) -> impl Iterator<Item = &str> {
    site.page(page).page.front.data.texts("services").into_iter()
}

fn incident_html(site: &Site, shown: &ShownIncident<'_>) -> String {
    let t = site.words();
    let ShownIncident { incident, page, state, course, .. } = shown;
    let is_current = *course == IncidentCourse::Current;
    let wording = site.kinds.wording(&page.page.front.kind, &t.language);
    let mut html = title_html(site, page);
    let mut facts = Vec::new();
    if is_current {
        let word = escape_text(state.word(t));
        facts.push(format!("<span class=\"state {}\">{word}</span>", state.class()));
    }
    facts.extend(incident.phase.iter().map(|phase| escape_text(wording.value("phase", phase))));
    facts.extend(incident.services.iter().map(|service| escape_text(service)));
    html.push_str(&format!("<p>{}</p>\n", facts.join(" · ")));
    let mut times = Vec::new();
    if let Some(began) = incident.point("started") {
        let key = if *course == IncidentCourse::Ahead { "status.begins" } else { "status.began" };
        times.push(t.fill(key, &[("time", &utc::to_minute(began.timestamp))]));
    }
    if let Some(over) = incident.point("resolved").filter(|_| *course == IncidentCourse::Over) {
        times.push(t.fill("status.over", &[("time", &utc::to_minute(over.timestamp))]));
    }
    if let Some(next) = incident.next_update.as_ref().filter(|_| is_current) {
        times.push(t.fill("status.next_update", &[("time", &utc::to_minute(next.timestamp))]));
    }
    if !times.is_empty() {
        html.push_str(&format!("<p class=\"note\">{}</p>\n", escape_text(&times.join(" · "))));
    }
    if !page.page.description.is_empty() {
        html.push_str(&format!("<p>{}</p>\n", escape_text(&page.page.description)));
    }
    if is_current && !incident.revisions.is_empty() {
        html.push_str("<ul>\n");
        for revision in incident.revisions.iter().rev() {
            let text = format!("{}: {}", revision.date, revision.summary);
            html.push_str(&format!("<li>{}</li>\n", escape_text(&text)));
        }
        html.push_str("</ul>\n");
    }
    html
}

fn work_html(site: &Site, work: &RegisterAppointment) -> String {
    let t = site.words();
    let page = site.page(work.page);
    let mut html = title_html(site, page);
    let wording = site.kinds.wording(&page.page.front.kind, &t.language);
    let mut facts = vec![match (work.begin, work.end) {
        (CalendarTime::Moment(begin), Some(CalendarTime::Moment(end))) => {
            format!("{} {}", work.begin.day(), utc::hours(begin, Some(end)))
        }
        (CalendarTime::Moment(begin), _) => utc::to_minute(begin),
        (CalendarTime::Day(begin), Some(end)) => format!("{begin}–{}", end.day()),
        (CalendarTime::Day(begin), None) => begin.to_string(),
    }];
    facts.extend(page.page.front.data.text("state").map(|state| wording.value("state", state).to_owned()));
    facts.extend(services_of(site, work.page).map(str::to_owned));
    html.push_str(&format!("<p>{}</p>\n", escape_text(&facts.join(" · "))));
    if !page.page.description.is_empty() {
        html.push_str(&format!("<p>{}</p>\n", escape_text(&page.page.description)));
    }
    html
}

/// The title of a page, as a link where the handbook has an address.
fn title_html(site: &Site, page: &SitePage) -> String {
    let title = escape_text(&page.page.title);
    match absolute(site, &page.url) {
        Some(url) => format!("<h3><a href=\"{}\">{title}</a></h3>\n", escape_attribute(&url)),
        None => format!("<h3>{title}</h3>\n"),
    }
}
