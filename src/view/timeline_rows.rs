//! The rows of a written timeline, as the page shows them: number, time since the beginning, phase, link to the drawing.
//!
//! This module owns [`TimelineRowView`]. The text of a row is the author's and stays as it is; `render` writes these parts
//! into its places.

use serde::Serialize;

use super::times::DurationView;
use crate::page::incidents::TimelineEvent;
use crate::strings::Strings;
use crate::timeline::{self, Chart, Point};

/// The id of the drawings, for rows that they do not show.
const COURSE: &str = "ob-course";

/// What the page adds to a row of the timeline.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct TimelineRowView {
    /// The number of the block that begins the row in the text.
    pub block: u32,
    pub id: String,
    /// The number of the row, from 1.
    pub number: usize,
    /// `before`, or `p` and the number of the phase.
    pub phase: String,
    /// The names of the points in time that begin the phase, where the row before belongs to another phase.
    pub begins: String,
    /// The minutes since the beginning.
    pub minutes: i64,
    /// The same for readers: `+13 min`.
    pub after: String,
    /// Empty where the page has no drawing.
    pub links: Vec<RowLinkView>,
}

/// A link from a row to its mark in a drawing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct RowLinkView {
    /// `wide` or `narrow`: the drawing that the link leads to.
    pub form: &'static str,
    pub url: String,
    pub name: String,
}

/// The rows of a page, in the order of the text. Without drawings, rows have no links.
pub(super) fn rows(
    t: &Strings,
    chart: &Chart<'_>,
    events: &[TimelineEvent],
    drawings: &[String],
) -> Vec<TimelineRowView> {
    let Some(start) = chart.points.first() else { return Vec::new() };
    let mut before = "";
    let mut rows = Vec::new();
    for (number, event) in (1..).zip(events) {
        let points = timeline::points_before(&chart.points, event.at);
        let label = points.last().map_or("", |point| point.label);
        rows.push(TimelineRowView {
            block: event.block,
            id: timeline::row_id(number),
            number,
            phase: points.last().map_or("before".to_owned(), |point| format!("p{}", point.phase)),
            begins: if label == before { String::new() } else { names(points) },
            minutes: (event.at - start.at).div_euclid(60),
            after: since(event.at - start.at),
            links: if drawings.is_empty() { Vec::new() } else { links(t, chart, number) },
        });
        before = label;
    }
    rows
}

/// The names of points in one minute: `Detected, acknowledged`.
fn names(points: &[Point<'_>]) -> String {
    let mut names = String::new();
    for point in points {
        match names.as_str() {
            "" => names.push_str(point.label),
            _ => names = format!("{names}, {}", point.label.to_lowercase()),
        }
    }
    names
}

/// The time since the beginning in whole minutes, with its sign.
fn since(seconds: i64) -> String {
    let minutes = seconds.div_euclid(60) * 60;
    let sign = if minutes < 0 { "\u{2212}" } else { "+" };
    match minutes {
        0 => "+0 min".to_owned(),
        _ => format!("{sign}{}", DurationView::of(minutes.abs()).text),
    }
}

/// The links to the drawing for wide screens and to that for narrow ones. A page shows one of them.
fn links(t: &Strings, chart: &Chart<'_>, number: usize) -> Vec<RowLinkView> {
    let at = chart.events[number - 1];
    let mark = if timeline::has_mark(chart, at) { timeline::mark_id(number) } else { COURSE.to_owned() };
    let last = chart.points.last().map_or(i64::MIN, |point| point.at.div_euclid(60));
    let stop = timeline::points_before(&chart.points, at).last();
    let stop = stop.filter(|_| at.div_euclid(60) < last).map(|point| timeline::stop_id(point.phase));
    let name = t.fill("incident.in_drawing", &[("number", &number)]);
    [("wide", mark), ("narrow", stop.unwrap_or_else(|| COURSE.to_owned()))]
        .map(|(form, id)| RowLinkView { form, url: format!("#{id}"), name: name.clone() })
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_since_the_beginning_has_a_sign_and_whole_minutes() {
        let texts = [0, 59, 13 * 60, 4440, -30, -7200].map(since);
        assert_eq!(texts, ["+0 min", "+0 min", "+13 min", "+1 h 14 min", "\u{2212}1 min", "\u{2212}2 h"]);
    }

    #[test]
    fn points_of_one_minute_have_one_name() {
        let point = |label| Point { label, at: 0, phase: 0 };
        assert_eq!(names(&[point("Detected"), point("Acknowledged")]), "Detected, acknowledged");
        assert_eq!(names(&[]), "");
    }
}
