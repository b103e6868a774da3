//! The drawing for phones: time runs down, one row for each point, so that every label can be read.
//!
//! Owns the positions of rows, which are equally far apart: the duration is written between two points.

use super::scale::{clock, date};
use super::{Canvas, Chart, PointGroup, points_before, stop_id};

/// The width of the drawing. All sizes of this file are pixels.
const WIDTH: i64 = 320;
/// The horizontal position of the vertical line. Times are to its left, names to its right.
const RAIL: i64 = 64;
/// The vertical position of the first point.
const TOP: i64 = 34;
/// The distance from one point to the next.
const STEP: i64 = 62;

/// The drawing as SVG. `stops` must not be empty.
pub(super) fn draw(chart: &Chart<'_>, stops: &[PointGroup]) -> String {
    let rows = stops.len() as i64;
    let bottom = TOP + (rows - 1) * STEP;
    let (first, last) = (stops[0].at, stops[stops.len() - 1].at);
    let later = chart.events.iter().filter(|at| **at > last).count();
    let mut canvas = Canvas::new("narrow", (WIDTH, bottom + if later > 0 { 40 } else { 20 }), &chart.words);
    // Phases come first, so that the points are drawn over their ends.
    for (row, pair) in (0..).zip(stops.windows(2)) {
        phase(&mut canvas, chart, pair, TOP + row * STEP);
    }
    for (row, stop) in (0..).zip(stops) {
        point(&mut canvas, stop, TOP + row * STEP);
    }
    let earlier = chart.events.iter().filter(|at| **at < first).count();
    let day = format!("{} UTC", date(first));
    let head = if earlier > 0 { format!("{day}, {}", (chart.words.earlier)(earlier)) } else { day };
    canvas.text("ob-note-text", (0, 14), &head);
    if later > 0 {
        canvas.text("ob-note-text", (RAIL + 18, bottom + 34), &(chart.words.later)(later));
    }
    canvas.finish()
}

/// Draws the phase between two points: a coloured line, the duration, and a dot for each event.
fn phase(canvas: &mut Canvas, chart: &Chart<'_>, pair: &[PointGroup], top: i64) {
    let (from, to) = (pair[0].at, pair[1].at);
    canvas.rect(&format!("ob-phase p{}", pair[0].phase), (RAIL - 3, top), (6, STEP));
    let took = (chart.words.duration)(to - from);
    canvas.text("ob-took", (RAIL + 18, top + STEP / 2 + 5), &took);
    rows(canvas, chart, pair, top + STEP / 2 + 5);
    let mut places: Vec<i64> = chart
        .events
        .iter()
        .filter(|at| (from..to).contains(*at))
        .map(|at| top + 10 + (at - from) * (STEP - 20) / (to - from))
        .collect();
    // Events that fall on the same pixel are one dot.
    places.sort_unstable();
    places.dedup();
    for y in places {
        canvas.dot("ob-event", (RAIL, y), 2);
    }
}

/// Writes the numbers of the rows of a phase, as a link to the first of them.
fn rows(canvas: &mut Canvas, chart: &Chart<'_>, pair: &[PointGroup], y: i64) {
    let phase = |at: i64| points_before(&chart.points, at).last().map(|point| point.phase);
    let rows = (1..).zip(&chart.events).filter(|(_, at)| phase(**at) == Some(pair[0].phase));
    let mut rows = rows.map(|(row, _)| row);
    let Some(first) = rows.next() else { return };
    let text = rows.last().map_or(first.to_string(), |last: usize| format!("{first}–{last}"));
    canvas.open_link(&stop_id(pair[0].phase), first, &format!("{text}: {}", (chart.words.row)(first)));
    canvas.text("ob-rows end", (WIDTH - 4, y), &text);
    canvas.close_link();
}

fn point(canvas: &mut Canvas, stop: &PointGroup, y: i64) {
    canvas.dot("ob-stop", (RAIL, y), 7);
    canvas.text("ob-clock end", (RAIL - 16, y + 5), &clock(stop.at));
    if let Some(day) = &stop.day {
        canvas.text("ob-clock end", (RAIL - 16, y - 12), day);
    }
    canvas.text("ob-point start", (RAIL + 18, y + 5), &stop.label);
}

#[cfg(test)]
mod tests {
    use super::super::tests::chart;
    use super::super::{draw, stops};

    #[test]
    fn each_point_has_a_row_and_each_phase_says_how_long_it_took() {
        let chart = chart(&[("Started", 0), ("Detected", 120), ("Resolved", 4440)], &[60, 61, 5000]);
        assert_eq!(stops(&chart.points).len(), 3);
        let [_, drawing] = draw(&chart).unwrap();
        assert_eq!(drawing.matches("class=\"ob-stop\"").count(), 3);
        assert!(drawing.contains(">2 min</text>") && drawing.contains(">72 min</text>"));
        assert!(drawing.contains("1 later"));
    }

    #[test]
    fn a_new_day_is_named() {
        let chart = chart(&[("Started", 80_000), ("Detected", 90_000), ("Resolved", 95_000)], &[]);
        let [wide, narrow] = draw(&chart).unwrap();
        assert!(wide.contains(">01-02 01:00</text>") && wide.contains(">02:23</text>"), "{wide}");
        assert_eq!(narrow.matches(">01-02</text>").count(), 1);
    }
}
