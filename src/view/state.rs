//! The state of the handbook: figures on its home page, and the banner of all pages.
//!
//! This module owns [`StateView`] and [`BannerView`]: which figures a handbook has data for, and which reports are
//! announced. All figures hold for the day of the build, which the page names.

use jiff::civil::Date;
use serde::Serialize;

use super::nav::PageLinks;
use super::registers::{group_id, query};
use super::{LinkView, Tone, times};
use crate::path::UrlPath;
use crate::plot::sparkline;
use crate::site::Site;
use crate::site::registers::table::ROOT;
use crate::site::registers::{
    ACTIONS, ALERTS, INCIDENTS, Incident, REVIEWS, Review, ReviewState, month_ends,
};

/// The most reports that the banner names.
const MOST: usize = 3;

/// Figures about the whole handbook.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct StateView {
    /// `as of 2026-11-23`.
    pub as_of: String,
    pub tiles: Vec<TileView>,
}

/// One figure, with a link to its register.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct TileView {
    pub value: String,
    pub label: String,
    pub url: String,
    pub state: Option<Tone>,
    /// A small plot of the last twelve months as inline SVG; empty where there is no history.
    pub spark: String,
}

/// What every page announces. Addresses are relative to the root of the site.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BannerView {
    /// `info`, `warning` or `danger`.
    pub level: String,
    /// The text of `book.toml`, in the language of the handbook; may be empty.
    pub text: String,
    /// The absolute URL that the text leads to.
    pub link: Option<String>,
    /// Preliminary reports on incidents, the newest first.
    pub incidents: Vec<LinkView>,
    /// The number of such reports that are not named.
    pub more: usize,
}

/// The figures that the handbook has data for; `None` where it has none.
pub(super) fn view(here: &PageLinks<'_>) -> Option<StateView> {
    let site = here.site;
    if !site.is_whole() {
        return None;
    }
    let mut tiles: Vec<TileView> = Vec::new();
    tiles.extend(incident_tiles(here));
    tiles.extend(overdue_actions(here));
    tiles.extend(fresh_runbooks(here));
    tiles.extend(covered_alerts(here));
    tiles.extend(balances(here));
    if tiles.is_empty() {
        return None;
    }
    tiles.extend(last_change(here));
    Some(StateView { as_of: here.t.fill("state.as_of", &[("day", &site.today)]), tiles })
}

/// The URL of a register's page; `None` where the handbook does not have the register.
fn register_url(here: &PageLinks<'_>, name: &str) -> Option<String> {
    let has = here.site.config.has_register(name);
    has.then(|| here.url(&UrlPath::new(format!("{ROOT}{name}/"))))
}

/// The address of a table on the page of a register, by the key of its title.
fn table_url(here: &PageLinks<'_>, url: &str, title: &str) -> String {
    format!("{url}#{}", group_id(here, title))
}

/// The address of a register with a filter.
fn filtered(url: &str, facet: &str, value: &str) -> String {
    format!("{url}?{}", query(facet, value))
}

fn tile(value: impl ToString, label: &str, url: &str) -> TileView {
    TileView {
        value: value.to_string(),
        label: label.to_owned(),
        url: url.to_owned(),
        state: None,
        spark: String::new(),
    }
}

/// The days since the last incident of the gravest severity, and the reports that are not final.
fn incident_tiles(here: &PageLinks<'_>) -> Vec<TileView> {
    let (site, t) = (here.site, here.t);
    let incidents = &site.registers.incidents;
    let Some(url) = register_url(here, INCIDENTS).filter(|_| !incidents.list.is_empty()) else {
        return Vec::new();
    };
    if incidents.real().next().is_none() {
        let nothing = tile(t.say("state.no_incident"), t.say("state.no_incident_note"), &url);
        return vec![TileView { state: Some(Tone::Good), ..nothing }];
    }
    let mut tiles = Vec::new();
    if incidents.real().any(|incident| incident.severity.is_some())
        && let Some(gravest) = incidents.severities(site).first().copied()
    {
        let name = incidents.severity_name(site, gravest);
        let of_it = incidents.real().filter(|incident| incident.severity.as_deref() == Some(gravest));
        let days: Vec<Option<Date>> = of_it.map(Incident::day).collect();
        if days.is_empty() {
            tiles.push(tile(0, &t.fill("state.no_gravest", &[("severity", &name)]), &url));
        } else if let Some(since) = days_since(&days, site.today) {
            // Months before the first such incident have no number.
            let counts: Vec<usize> =
                month_ends(site).into_iter().filter_map(|end| days_since(&days, end)).collect();
            tiles.push(TileView {
                url: filtered(&url, "severity", gravest),
                spark: spark(here, "state.since_spark", &counts),
                ..tile(since, &t.unit("state.since_gravest", since).replace("{severity}", name), &url)
            });
        }
        // Otherwise there was one, but no page says when.
    }
    let open = incidents.real().filter(|incident| incident.is_open()).count();
    let begun = by_month(site, incidents.real().filter_map(Incident::day));
    let of_open = TileView {
        spark: spark(here, "state.incidents_spark", &begun),
        ..tile(open, t.unit("state.incidents_open", open), &url)
    };
    tiles.push(match open {
        0 => of_open,
        _ => TileView { state: Some(Tone::Warn), url: table_url(here, &url, "incidents.open"), ..of_open },
    });
    tiles
}

/// The days from the last of some days until `end`; days after it do not count.
fn days_since(days: &[Option<Date>], end: Date) -> Option<usize> {
    let last = days.iter().flatten().filter(|day| **day <= end).max()?;
    usize::try_from((end - *last).get_days()).ok()
}

fn overdue_actions(here: &PageLinks<'_>) -> Option<TileView> {
    let (site, actions) = (here.site, &here.site.registers.actions);
    let url = register_url(here, ACTIONS).filter(|_| !actions.items.is_empty())?;
    let overdue = actions.overdue();
    Some(TileView {
        state: (overdue > 0).then_some(Tone::Bad),
        url: if overdue > 0 { filtered(&url, "state", "overdue") } else { url.clone() },
        spark: spark(here, "state.actions_spark", &actions.overdue_by_month(site)),
        ..tile(overdue, here.t.unit("state.actions_overdue", overdue), &url)
    })
}

/// Pages that alerts lead to, and whose review is fresh.
fn fresh_runbooks(here: &PageLinks<'_>) -> Option<TileView> {
    let site = here.site;
    let url = register_url(here, REVIEWS)?;
    let leads_here = |page| site.page(page).page.front.kind.feeds(ALERTS);
    let runbooks = site.registers.reviews.rows.iter().filter(|review| leads_here(review.page));
    let runbooks: Vec<&Review> = runbooks.collect();
    let fresh = runbooks.iter().filter(|review| review.state == ReviewState::Fresh).count();
    let reviewed = by_month(site, runbooks.iter().filter_map(|review| review.reviewed));
    let url = if fresh > 0 { filtered(&url, "state", ReviewState::Fresh.name()) } else { url };
    share(here, fresh, runbooks.len()).map(|value| TileView {
        spark: spark(here, "state.runbooks_spark", &reviewed),
        ..tile(value, here.t.say("state.runbooks_fresh"), &url)
    })
}

fn covered_alerts(here: &PageLinks<'_>) -> Option<TileView> {
    let alerts = &here.site.registers.alerts;
    let url = register_url(here, ALERTS)?;
    let value = share(here, alerts.covered, alerts.rows.len())?;
    let url = if alerts.covered > 0 { table_url(here, &url, "alerts.with") } else { url };
    let begun = runbooks_at_month_ends(here);
    Some(TileView {
        spark: begun.map(|counts| spark(here, "state.alerts_spark", &counts)).unwrap_or_default(),
        ..tile(value, here.t.say("state.alerts_covered"), &url)
    })
}

/// How many of today's covered alerts had the page of their runbook at the end of each of the last twelve months. Alerts
/// whose page the history does not date, such as one with hidden parts, are not counted; `None` if it dates none.
fn runbooks_at_month_ends(here: &PageLinks<'_>) -> Option<Vec<usize>> {
    let site = here.site;
    let mut added: Vec<Date> = Vec::new();
    for row in site.registers.alerts.rows.iter().filter(|row| row.covered) {
        let change = row.runbook.and_then(|page| site.page(page).change.as_ref());
        let first = change.and_then(|change| change.first);
        added.extend(first.and_then(|seconds| times::day(seconds).parse::<Date>().ok()));
    }
    if added.is_empty() {
        return None;
    }
    let had = |end: &Date| added.iter().filter(|day| *day <= end).count();
    Some(month_ends(site).iter().map(had).collect())
}

/// How the pages are spread over the values of a field, such as people, processes and tools.
fn balances(here: &PageLinks<'_>) -> Vec<TileView> {
    let site = here.site;
    let mut tiles = Vec::new();
    for register in
        site.field_registers.list.iter().filter(|register| site.config.has_register(&register.name))
    {
        let Some(balance) = register.balance(site) else { continue };
        let counts: Vec<String> = balance.iter().map(|(_, count)| count.to_string()).collect();
        let names: Vec<&str> = balance.iter().map(|(name, _)| name.as_str()).collect();
        let url = here.url(&UrlPath::new(format!("{ROOT}{}/", register.name)));
        let is_empty = balance.iter().any(|(_, count)| *count == 0);
        tiles.push(TileView {
            state: is_empty.then_some(Tone::Warn),
            ..tile(counts.join(" · "), &names.join(" · "), &url)
        });
    }
    tiles
}

/// `11 of 12`; `None` of nothing.
fn share(here: &PageLinks<'_>, part: usize, count: usize) -> Option<String> {
    (count > 0).then(|| here.t.fill("state.share", &[("part", &part), ("count", &count)]))
}

/// The page that changed last.
fn last_change(here: &PageLinks<'_>) -> Option<TileView> {
    let pages = here.site.ids().filter_map(|(id, page)| Some((page.change.as_ref()?, id)));
    let (change, id) = pages.max_by_key(|(change, _)| change.seconds)?;
    let day = times::day(change.seconds);
    let site = here.site;
    let changes = site.ids().filter_map(|(_, page)| times::day(page.change.as_ref()?.seconds).parse().ok());
    Some(TileView {
        spark: spark(here, "state.changes_spark", &by_month(site, changes)),
        ..tile(day, here.t.say("state.last_change"), &here.link(id).url)
    })
}

/// How many of some days are in each of the last twelve months.
fn by_month(site: &Site, days: impl Iterator<Item = Date>) -> Vec<usize> {
    let ends = month_ends(site);
    let mut counts = vec![0; ends.len()];
    for day in days {
        let month = ends.iter().position(|end| (end.year(), end.month()) == (day.year(), day.month()));
        if let Some(month) = month {
            counts[month] += 1;
        }
    }
    counts
}

fn spark(here: &PageLinks<'_>, key: &str, counts: &[usize]) -> String {
    let numbers: Vec<String> = counts.iter().map(ToString::to_string).collect();
    let month = here.site.today.strftime("%Y-%m").to_string();
    sparkline(counts, &here.t.fill(key, &[("month", &month), ("numbers", &numbers.join(", "))]))
}

/// What every page announces: the text in `book.toml`, and preliminary reports on incidents.
pub(super) fn banner(site: &Site) -> Option<BannerView> {
    let settings = &site.config.banner;
    let incidents = site.registers.incidents.real();
    let mut preliminary = Vec::new();
    for incident in incidents.filter(|incident| settings.incidents && incident.is_preliminary()) {
        let page = site.page(incident.page);
        if !page.page.front.draft && site.holds(&page.encoded) {
            let lang = Some(site.language(page).to_owned());
            let url = site.path_of(&page.encoded);
            preliminary.push(LinkView { title: page.name.full.to_string(), url, lang });
        }
    }
    let more = preliminary.len().saturating_sub(MOST);
    preliminary.truncate(MOST);
    let is_over = settings.until.is_some_and(|until| until < site.today);
    let text = settings.text.as_ref().filter(|_| !is_over);
    if text.is_none() && preliminary.is_empty() {
        return None;
    }
    let level = if text.is_some() { settings.level.name() } else { "warning" };
    Some(BannerView {
        level: level.to_owned(),
        text: text.cloned().unwrap_or_default(),
        link: settings.link.clone(),
        incidents: preliminary,
        more,
    })
}
