//! Durations as points in time, on a logarithmic scale, with a running median.
//!
//! This module owns their positions. All points are one path: thousands of elements would make a page heavy.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use jiff::civil::Date;

use super::bars::YearLabels;
use super::canvas::{Anchor, Canvas, Short};
use super::scale::{LogScale, label_step};
use super::{BOLD, CHARACTER, Category, LINE, PlotTexts, WIDTH};

/// The fewest and the most durations that a running median is made of.
const WINDOW: (usize, usize) = (5, 61);
/// A running median is made of this part of all durations: one twelfth.
const PART: usize = 12;
/// The number of points from which on they are drawn smaller.
const MANY: usize = 250;
/// The number of durations from which on there is a running median.
const FEWEST: usize = 3;
const HEIGHT: f64 = 130.0;

/// Durations, each with its day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Points {
    /// What is measured: `Time to detect`.
    pub name: String,
    /// The periods of the axis. The points are not before the first or after the last one.
    pub categories: Vec<Category>,
    /// In order of time.
    pub points: Vec<TimedPoint>,
    /// The shortest and the longest duration of the axis, in seconds. Several plots beside each other have one.
    pub range: (i64, i64),
}

/// A duration with its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimedPoint {
    pub day: Date,
    pub seconds: i64,
}

/// The median; `None` where there are no values. Of an even number it is half-way between the middle two.
pub fn median(mut values: Vec<i64>) -> Option<i64> {
    values.sort_unstable();
    let (low, high) = (values.get(values.len().saturating_sub(1) / 2)?, values.get(values.len() / 2)?);
    Some(low.midpoint(*high))
}

/// The median of each value and the values before it: of the last five, or of more where there are many. `None` for the
/// first ones, before there are three.
pub fn running_median(values: &[i64]) -> Vec<Option<i64>> {
    let length = (values.len() / PART).clamp(WINDOW.0, WINDOW.1);
    let window = |end: usize| {
        let last = values[(end + 1).saturating_sub(length)..=end].to_vec();
        if last.len() < FEWEST { None } else { median(last) }
    };
    (0..values.len()).map(window).collect()
}

impl Points {
    /// The median of all durations; `None` where there are none.
    pub fn median(&self) -> Option<i64> {
        median(self.points.iter().map(|point| point.seconds).collect())
    }

    fn description(&self, texts: &PlotTexts<'_>) -> String {
        let seconds = self.points.iter().map(|point| point.seconds);
        let ends = seconds.clone().min().zip(seconds.max()).zip(self.median());
        let Some(((least, most), median)) = ends else { return format!("{}: 0", self.name) };
        let [least, most, median] = [least, most, median].map(texts.duration);
        format!("{}: {}; {least} – {most}; {} {median}", self.name, self.points.len(), texts.median)
    }

    pub(super) fn draw(&self, texts: &PlotTexts<'_>) -> String {
        let mut canvas = Canvas::new(texts, "points");
        let scale = LogScale::new(self.range.0, self.range.1);
        let labels: Vec<String> = scale.ticks.iter().map(|tick| (texts.duration)(*tick)).collect();
        let longest = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0);
        let left = longest as f64 * CHARACTER + 6.0;
        canvas.text("name", (0.0, 12.0), Anchor::Start, &self.name);
        if let Some(median) = self.median() {
            let text = format!("{} {}", texts.median, (texts.duration)(median));
            canvas.text("tick", (WIDTH, 12.0), Anchor::End, &text);
        }
        let top = LINE + 10.0;
        let height = |seconds: i64| top + (1.0 - scale.place(seconds)) * HEIGHT;
        for (tick, label) in scale.ticks.iter().zip(&labels) {
            canvas.line("grid", (left, height(*tick)), (WIDTH, height(*tick)));
            canvas.text("tick", (left - 5.0, height(*tick) + 4.0), Anchor::End, label);
        }
        let across = DayScale::new(&self.categories, (left, WIDTH));
        self.write_points(&mut canvas, &across, &height);
        let end = self.write_axis(&mut canvas, &across, top + HEIGHT);
        canvas.finish(end, &self.description(texts))
    }

    fn write_points(&self, canvas: &mut Canvas<'_>, across: &DayScale, height: &dyn Fn(i64) -> f64) {
        let (mut dots, mut line) = (String::new(), String::new());
        let mut taken: BTreeSet<(i64, i64)> = BTreeSet::new();
        let seconds: Vec<i64> = self.points.iter().map(|point| point.seconds).collect();
        let mut last = None;
        for (point, median) in self.points.iter().zip(running_median(&seconds)) {
            let x = across.place(point.day);
            let y = height(point.seconds);
            // Points at one place are drawn once.
            if taken.insert(((x * 2.0) as i64, (y * 2.0) as i64)) {
                write!(dots, "M{} {}h0", Short(x), Short(y)).expect("writing into a text cannot fail");
            }
            // Of several medians at one place the last one counts.
            let Some(median) = median else { continue };
            let step = if line.is_empty() { 'M' } else { 'L' };
            let start = match last {
                Some((place, start)) if place == (x * 2.0) as i64 => start,
                _ => line.len(),
            };
            line.truncate(start);
            let step = if start == 0 { 'M' } else { step };
            write!(line, "{step}{} {}", Short(x), Short(height(median)))
                .expect("writing into a text cannot fail");
            last = Some(((x * 2.0) as i64, start));
        }
        canvas.path(if self.points.len() < MANY { "dots" } else { "dots many" }, &dots);
        canvas.path("median", &line);
    }

    /// Names the periods where they begin.
    fn write_axis(&self, canvas: &mut Canvas<'_>, across: &DayScale, y: f64) -> f64 {
        // Labels begin at their tick, and months are not equally long, so they need some more room.
        let step = label_step(&self.categories, 0.9 * (across.right - across.left));
        let first = self.categories.len().saturating_sub(1) % step;
        let mut years = YearLabels::default();
        for period in self.categories.iter().skip(first).step_by(step) {
            let x = across.place(period.start);
            canvas.line("grid", (x, y), (x, y + 4.0));
            let room = |text: &str, wide: f64| WIDTH - text.chars().count() as f64 * wide;
            canvas.text(
                "tick",
                (x.min(room(&period.short, CHARACTER)), y + 16.0),
                Anchor::Start,
                &period.short,
            );
            let start = x.min(room(&period.year, BOLD));
            if years.has_room(&period.year, start) {
                canvas.text("tick year", (start, y + 16.0 + LINE), Anchor::Start, &period.year);
            }
        }
        let lines = if self.categories.iter().any(|period| !period.year.is_empty()) { 2.0 } else { 1.0 };
        y + 4.0 + lines * LINE + 3.0
    }
}

/// From days to positions.
struct DayScale {
    left: f64,
    right: f64,
    first: Date,
    /// The days of all periods.
    days: f64,
}

impl DayScale {
    fn new(categories: &[Category], (left, right): (f64, f64)) -> DayScale {
        let first = categories.first().map_or(Date::default(), |period| period.start);
        let last = categories.last().map_or(first, |period| period.start);
        // The length of the last period is that of the one before it.
        let length = match categories {
            [.., before, last] => days_between(before.start, last.start),
            _ => 31.0,
        };
        DayScale { left, right, first, days: days_between(first, last) + length }
    }

    fn place(&self, day: Date) -> f64 {
        let part = days_between(self.first, day) / self.days.max(1.0);
        // Room for the dot of the last day.
        self.left + 3.0 + part.clamp(0.0, 1.0) * (self.right - self.left - 6.0)
    }
}

fn days_between(from: Date, to: Date) -> f64 {
    f64::from((to - from).get_days())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::tests::{months, texts};
    use super::*;

    fn points(seconds: &[i64]) -> Points {
        let point =
            |(at, seconds): (usize, &i64)| TimedPoint { day: date(2026, 1, 1 + at as i8), seconds: *seconds };
        Points {
            name: "N".to_owned(),
            categories: months(1),
            points: seconds.iter().enumerate().map(point).collect(),
            range: (60, 3600),
        }
    }

    #[test]
    fn a_running_median_is_that_of_the_last_five() {
        let values = [9, 1, 5, 7, 3, 100, 100, 100];
        // Computed anew: as many of the last five are above as below.
        let expected = (0..values.len()).map(|end| {
            let window = &values[end.saturating_sub(4)..=end];
            let mut sorted = window.to_vec();
            sorted.sort_unstable();
            match sorted[..] {
                [_, b, _] | [_, _, b, _, _] => Some(b),
                [_, b, c, _] => Some((b + c) / 2),
                _ => None,
            }
        });
        assert_eq!(running_median(&values), expected.collect::<Vec<_>>());
        assert_eq!(running_median(&values)[2..4], [Some(5), Some(6)]);
        assert!(running_median(&[]).is_empty());
    }

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![60]), Some(60));
        assert_eq!(median(vec![600, 60, 120]), Some(120));
        assert_eq!(median(vec![600, 60, 120, 180]), Some(150));
    }

    #[test]
    fn the_description_has_number_ends_and_median() {
        let said = points(&[600, 60, 3600, 1200]).description(&texts());
        assert_eq!(said, "N: 4; 1 min – 60 min; median 15 min");
        assert_eq!(points(&[]).description(&texts()), "N: 0");
    }

    #[test]
    fn each_point_is_drawn_where_its_duration_is() {
        let drawing = points(&[60, 3600]).draw(&texts());
        let dots = drawing.split("class=\"dots\" d=\"").nth(1).unwrap().split('"').next().unwrap();
        let heights: Vec<&str> =
            dots.split('M').skip(1).map(|dot| dot.split([' ', 'h']).nth(1).unwrap()).collect();
        let expected = [LINE + 10.0 + HEIGHT, LINE + 10.0].map(|y| Short(y).to_string());
        assert_eq!(heights, expected);
        assert!(!drawing.contains("class=\"median\""), "two points have no running median");
    }

    #[test]
    fn thousands_of_points_stay_small() {
        let mut many = points(&[]);
        many.categories = months(24);
        let day = |number: i64| date(2026, 1, 1).checked_add(jiff::Span::new().days(number)).unwrap();
        many.points = (0..2000)
            .map(|at| TimedPoint { day: day(at * 730 / 2000), seconds: 60 + at * 7919 % 5000 })
            .collect();
        let drawing = many.draw(&texts());
        assert!(drawing.len() < 45_000, "{}", drawing.len());
    }
}
