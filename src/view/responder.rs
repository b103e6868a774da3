//! The head of a page that alerts lead to: what an operator needs before the first line of the text.
//!
//! This module owns which facts are in that line and how far they are shortened, and how often the page was used in
//! incidents. All facts in full are in the fields `strip` and `facts` of the page, after its text.

use serde::Serialize;

use super::LinkView;
use super::fields::{FactView, ValueView};
use super::nav::PageLinks;
use super::times::DurationView;
use crate::path::UrlPath;
use crate::plot::median;
use crate::site::PageId;
use crate::site::registers::table::ROOT;
use crate::site::registers::{ALERTS, INCIDENTS, RunbookUse};

/// The facts in the line under the title, in this order.
const LINE: [&str; 7] = ["alerts", "risk", "time_to_complete", "releases", "maturity", "owner", "review"];
/// The most incidents that the page names.
const MOST: usize = 12;

/// The head of a page of a kind that feeds the register of alerts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct ResponderView {
    /// The facts in the line under the title, each with its first value only, and that one shortened.
    pub line: Vec<FactView>,
    /// The number of alerts that are not in the line.
    pub more_alerts: usize,
    /// The uses of the page; absent where no report on an incident names it.
    pub record: Option<RecordView>,
    /// The lines for the rules of its alerts, by which the page opens filled in; empty if there are none.
    pub rule_lines: String,
    /// The URL of the register of alerts.
    pub register: Option<String>,
}

/// The uses of a runbook in incidents.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct RecordView {
    /// `used in 3 incidents`.
    pub count: String,
    /// The median time from the start of these incidents to their mitigation, where any of them has both times.
    pub median: Option<DurationView>,
    /// The day of the last one, such as `2026-10-12`.
    pub last: String,
    /// The last incidents, the newest first.
    pub incidents: Vec<UseView>,
    /// The URL of the register of incidents.
    pub register: Option<String>,
}

/// An incident in which the runbook was used.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct UseView {
    pub link: LinkView,
    /// `2026-10-12`.
    pub day: String,
    /// The time from its start to its mitigation.
    pub mitigated: Option<DurationView>,
}

/// The head of a page; `None` where its kind does not feed the register of alerts.
pub(super) fn view(here: &PageLinks<'_>, id: PageId, strip: &[FactView]) -> Option<ResponderView> {
    if !here.site.page(id).page.front.kind.feeds("alerts") {
        return None;
    }
    let find = |name: &str| strip.iter().find(|fact| fact.name == name);
    let line = LINE.into_iter().filter_map(find).map(shortened).collect();
    let more_alerts = find("alerts").map_or(0, |alerts| alerts.values.len().saturating_sub(1));
    let registers = &here.site.registers;
    Some(ResponderView {
        line,
        more_alerts,
        record: record(here, registers.uses.for_page(id)),
        rule_lines: registers.alerts.lines_for_page(id).join("\n"),
        register: register(here, ALERTS).filter(|_| !registers.alerts.rows.is_empty()),
    })
}

/// The fact with its first value, up to a semicolon or a parenthesis: the line is short enough for a phone.
fn shortened(fact: &FactView) -> FactView {
    let short = |value: &ValueView| {
        let text = value.text.split([';', '(']).next().unwrap_or_default().trim_end().to_owned();
        ValueView { text, ..value.clone() }
    };
    FactView { values: fact.values.iter().take(1).map(short).collect(), ..fact.clone() }
}

fn record(here: &PageLinks<'_>, uses: &[RunbookUse]) -> Option<RecordView> {
    let last = uses.first()?;
    let known = uses.iter().filter_map(|found| found.mitigated_after).collect();
    Some(RecordView {
        count: here.t.unit("runbook.used", uses.len()).replace("{count}", &uses.len().to_string()),
        median: median(known).map(DurationView::of),
        last: last.day.to_string(),
        incidents: uses.iter().take(MOST).map(|found| use_view(here, *found)).collect(),
        register: register(here, INCIDENTS),
    })
}

/// The URL of a register that the site has.
fn register(here: &PageLinks<'_>, name: &str) -> Option<String> {
    let is_listed = here.site.is_whole() && here.site.config.has_register(name);
    is_listed.then(|| here.url(&UrlPath::new(format!("{ROOT}{name}/"))))
}

fn use_view(here: &PageLinks<'_>, found: RunbookUse) -> UseView {
    UseView {
        link: here.link(found.incident),
        day: found.day.to_string(),
        mitigated: found.mitigated_after.map(DurationView::of),
    }
}
