//! The timeline of an incident as a drawing: points in time, the phases between them, and other events.
//!
//! Owns [`Chart`] and turns it into inline SVG: wide for screens and paper, narrow for phones. A pure function from
//! data to text. The SVG has classes that the theme colours, and no `style`. Knows no page and no kind.

mod horizontal;
mod scale;
mod vertical;

use std::fmt::Write as _;

use crate::html_escape::escape_attribute;

use scale::TimeScale;

pub use scale::clock;

/// The data of a drawing.
pub struct Chart<'a> {
    /// The named points in order of time: when the incident began, was noticed, was over.
    pub points: Vec<Point<'a>>,
    /// The times of the rows of the written timeline, in seconds since 1970, in the order of the rows. Row `n`,
    /// counted from 1, has the id [`row_id`]`(n)`.
    pub events: Vec<i64>,
    pub words: TimelineTexts<'a>,
}

/// A named point in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point<'a> {
    pub label: &'a str,
    /// Seconds since 1970.
    pub at: i64,
    /// The number of the phase that begins with it. The theme gives each number a colour.
    pub phase: usize,
}

/// The texts of a drawing, in the language of the page.
pub struct TimelineTexts<'a> {
    /// The accessible name of the drawing.
    pub title: String,
    /// The whole drawing in words, for readers who do not see it.
    pub description: String,
    /// `3 earlier`, from the number of events.
    pub earlier: &'a dyn Fn(usize) -> String,
    /// `2 later`, from the number of events.
    pub later: &'a dyn Fn(usize) -> String,
    /// `1 h 14 min`, from seconds.
    pub duration: &'a dyn Fn(i64) -> String,
    /// The name of a link to a row, from its number: `3: 10:04, row of the timeline`.
    pub row: &'a dyn Fn(usize) -> String,
}

/// The id of a row of the written timeline.
pub fn row_id(number: usize) -> String {
    format!("ob-row-{number}")
}

/// The id of the mark of a row in the drawing for wide screens.
pub fn mark_id(number: usize) -> String {
    format!("ob-mark-{number}")
}

/// The id of the part of the drawing for narrow screens that begins with a point: the number is that of its
/// [`Point::phase`].
pub fn stop_id(phase: usize) -> String {
    format!("ob-stop-{phase}")
}

/// The last points at or before a time, compared by the minute: several where they are in one minute. Empty for a time
/// before all points.
pub fn points_before<'a, 'b>(points: &'b [Point<'a>], at: i64) -> &'b [Point<'a>] {
    let minute = |point: &Point<'_>| point.at.div_euclid(60);
    let end = points.partition_point(|point| minute(point) <= at.div_euclid(60));
    let last = points[..end].last().map(minute);
    let start = points[..end].partition_point(|point| Some(minute(point)) < last);
    &points[start..end]
}

/// Consecutive points of one minute, which are drawn as one.
#[derive(Debug, PartialEq, Eq)]
struct PointGroup {
    /// The phase of its last point.
    phase: usize,
    label: String,
    /// The time of its first point, in seconds since 1970.
    at: i64,
    /// The day, where it differs from the day of the group before.
    day: Option<String>,
}

/// The drawings for wide and for narrow screens, in this order. `None` where there is nothing to draw: fewer than two
/// points that differ by a minute, or points out of order.
pub fn draw(chart: &Chart<'_>) -> Option<[String; 2]> {
    let ordered = chart.points.windows(2).all(|pair| pair[0].at <= pair[1].at);
    let stops = stops(&chart.points);
    let course = stops.len() > 1 && ordered;
    course.then(|| [horizontal::draw(chart, &stops), vertical::draw(chart, &stops)])
}

/// Whether the drawing for wide screens has a mark for a row of this time: the row is in the period that it shows.
pub fn has_mark(chart: &Chart<'_>, at: i64) -> bool {
    let ends = chart.points.first().zip(chart.points.last());
    ends.is_some_and(|(first, last)| TimeScale::new((first.at, last.at), &chart.events, (0, 1)).holds(at))
}

/// Groups the points by minute.
fn stops(points: &[Point<'_>]) -> Vec<PointGroup> {
    let mut stops: Vec<PointGroup> = Vec::new();
    for point in points {
        match stops.last_mut().filter(|stop| stop.at / 60 == point.at / 60) {
            Some(stop) => {
                stop.label = format!("{}, {}", stop.label, point.label.to_lowercase());
                stop.phase = point.phase;
            }
            None => {
                // The first group has no day: the drawing names its date below or above.
                let day = scale::day(point.at);
                let day = stops.last().is_some_and(|last| scale::day(last.at) != day).then_some(day);
                stops.push(PointGroup {
                    phase: point.phase,
                    label: point.label.to_owned(),
                    at: point.at,
                    day,
                });
            }
        }
    }
    stops
}

/// Writes SVG text. Sizes are pixels at full size.
struct Canvas {
    text: String,
}

impl Canvas {
    /// `form` is `wide` or `narrow`. It is part of the ids, because both drawings are on one page.
    fn new(form: &str, (width, height): (i64, i64), words: &TimelineTexts<'_>) -> Canvas {
        let (title, description) = (escape_attribute(&words.title), escape_attribute(&words.description));
        let text = format!(
            "<svg class=\"ob-line-{form}\" role=\"group\" aria-labelledby=\"ob-line-{form}-t ob-line-{form}-d\" \
             viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\
             <title id=\"ob-line-{form}-t\">{title}</title><desc id=\"ob-line-{form}-d\">{description}</desc>"
        );
        Canvas { text }
    }

    fn line(&mut self, class: &str, from: (i64, i64), to: (i64, i64)) {
        let ((x1, y1), (x2, y2)) = (from, to);
        self.put(format_args!("<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>"));
    }

    fn rect(&mut self, class: &str, (x, y): (i64, i64), (width, height): (i64, i64)) {
        let size = format_args!("width=\"{width}\" height=\"{height}\"");
        self.put(format_args!("<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" {size}/>"));
    }

    fn dot(&mut self, class: &str, (x, y): (i64, i64), radius: i64) {
        self.put(format_args!("<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"/>"));
    }

    /// Begins a link to a row. `id` is empty, or the id by which the row links back.
    fn open_link(&mut self, id: &str, row: usize, name: &str) {
        let id = if id.is_empty() { String::new() } else { format!(" id=\"{id}\"") };
        let (row, name) = (row_id(row), escape_attribute(name));
        self.put(format_args!("<a{id} href=\"#{row}\" aria-label=\"{name}\">"));
    }

    /// An empty element that a link can lead to.
    fn target(&mut self, id: &str) {
        self.put(format_args!("<g id=\"{id}\"></g>"));
    }

    fn close_link(&mut self) {
        self.text.push_str("</a>");
    }

    fn text(&mut self, class: &str, (x, y): (i64, i64), text: &str) {
        let text = escape_attribute(text);
        self.put(format_args!("<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{text}</text>"));
    }

    fn put(&mut self, shape: std::fmt::Arguments<'_>) {
        self.text.write_fmt(shape).expect("writing into a text cannot fail");
    }

    fn finish(mut self) -> String {
        self.text.push_str("</svg>");
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn chart<'a>(points: &[(&'a str, i64)], events: &[i64]) -> Chart<'a> {
        let point = |(phase, (label, at)): (usize, &(&'a str, i64))| Point { label, at: *at, phase };
        let points = points.iter().enumerate().map(point).collect();
        let words = TimelineTexts {
            title: "Course".to_owned(),
            description: "A < B".to_owned(),
            earlier: &|count| format!("{count} earlier"),
            later: &|count| format!("{count} later"),
            duration: &|seconds| format!("{} min", seconds / 60),
            row: &|row| format!("row {row}"),
        };
        Chart { points, events: events.to_vec(), words }
    }

    #[test]
    fn points_of_one_minute_are_one_stop() {
        let chart = chart(&[("Started", 0), ("Mitigated", 600), ("Resolved", 630)], &[]);
        let stops = stops(&chart.points);
        let last = PointGroup { phase: 2, label: "Mitigated, resolved".to_owned(), at: 600, day: None };
        assert_eq!(stops[1], last);
        assert_eq!(stops.len(), 2);
    }

    #[test]
    fn a_time_belongs_to_the_last_points_at_or_before_its_minute() {
        let chart = chart(&[("Started", 30), ("Detected", 600), ("Acknowledged", 650)], &[]);
        let labels =
            |at| points_before(&chart.points, at).iter().map(|point| point.label).collect::<Vec<_>>();
        assert_eq!(labels(-1), Vec::<&str>::new());
        assert_eq!(labels(0), ["Started"]);
        assert_eq!(labels(599), ["Started"]);
        assert_eq!(labels(600), ["Detected", "Acknowledged"]);
        assert_eq!(labels(9000), ["Detected", "Acknowledged"]);
    }

    #[test]
    fn there_is_no_drawing_without_a_course() {
        assert!(draw(&chart(&[], &[5])).is_none());
        assert!(draw(&chart(&[("Started", 0)], &[])).is_none());
        assert!(draw(&chart(&[("Started", 600), ("Detected", 0)], &[])).is_none());
    }

    #[test]
    fn a_drawing_has_a_name_and_a_description_and_no_style() {
        let [wide, narrow] = draw(&chart(&[("Started", 0), ("Resolved", 4440)], &[60])).unwrap();
        for drawing in [wide, narrow] {
            roxmltree::Document::parse(&drawing).unwrap();
            assert!(drawing.contains("role=\"group\"") && drawing.contains(">A &lt; B</desc>"));
            assert!(!drawing.contains("style"));
        }
    }

    #[test]
    fn hostile_labels_stay_text() {
        let [wide, narrow] = draw(&chart(&[("<script>\"", 0), ("&", 4440)], &[])).unwrap();
        for drawing in [wide, narrow] {
            roxmltree::Document::parse(&drawing).unwrap();
            assert!(!drawing.contains("<script"));
        }
    }
}
