//! Stacked bars by period, above and below a line.
//!
//! This module owns their positions. The first series is at the line: what is at the line can be compared best.

use super::canvas::{Anchor, Canvas};
use super::scale::{count_ticks, label_step};
use super::{BOLD, CHARACTER, Category, LINE, PlotTexts, Series, WIDTH, described};

/// The height of the bars, above and below the line together.
const HEIGHT: f64 = 150.0;
/// The most ticks of the axis of counts.
const TICKS: usize = 4;

/// Counts by period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bars {
    pub categories: Vec<Category>,
    /// Stacked in this order. Each series has a value for each category.
    pub above: Vec<Series>,
    /// Drawn downwards.
    pub below: Option<Series>,
}

impl Bars {
    /// The series with any value, in the order of the legend.
    pub fn shown(&self) -> impl Iterator<Item = &Series> {
        self.above.iter().chain(&self.below).filter(|series| series.values.iter().any(|value| *value > 0))
    }

    fn total_above(&self, category: usize) -> usize {
        self.above.iter().map(|series| series.values[category]).sum()
    }

    fn description(&self) -> String {
        let category = |(number, period): (usize, &Category)| {
            let values = self.above.iter().chain(&self.below);
            let said = described(values.map(|series| (&*series.name, series.values[number])));
            (!said.is_empty()).then(|| format!("{}: {said}", period.name))
        };
        let said: Vec<String> = self.categories.iter().enumerate().filter_map(category).collect();
        said.join("; ")
    }

    pub(super) fn draw(&self, texts: &PlotTexts<'_>) -> String {
        let mut canvas = Canvas::new(texts, "bars");
        let top = canvas.legend(self.shown().map(|series| (&*series.name, series.look)), 0.0) + 10.0;
        let most_above = (0..self.categories.len()).map(|at| self.total_above(at)).max().unwrap_or(0);
        let most_below = self.below.iter().flat_map(|series| &series.values).copied().max().unwrap_or(0);
        // One scale for both sides, so that lengths can be compared.
        let ticks = count_ticks(most_above.max(most_below), TICKS);
        let step = ticks[1];
        let up = most_above.div_ceil(step).max(1) * step;
        let down = most_below.div_ceil(step) * step;
        let unit = HEIGHT / (up + down) as f64;
        let line = top + up as f64 * unit;
        let left = ticks[ticks.len() - 1].to_string().len() as f64 * CHARACTER + 6.0;
        let sides = (0..=up).step_by(step).map(|tick| (tick, line - tick as f64 * unit));
        let sides = sides.chain((step..=down).step_by(step).map(|tick| (tick, line + tick as f64 * unit)));
        for (tick, y) in sides {
            canvas.line(if tick == 0 { "base" } else { "grid" }, (left, y), (WIDTH, y));
            canvas.text("tick", (left - 5.0, y + 4.0), Anchor::End, &tick.to_string());
        }
        let room = (WIDTH - left) / self.categories.len().max(1) as f64;
        let gap = (room * 0.22).clamp(0.5, 8.0);
        for number in 0..self.categories.len() {
            let x = left + number as f64 * room + gap / 2.0;
            let mut y = line;
            for series in &self.above {
                let height = series.values[number] as f64 * unit;
                y -= height;
                canvas.rect(series.look, (x, y), (room - gap, height));
            }
            if let Some(series) = &self.below {
                canvas.rect(series.look, (x, line), (room - gap, series.values[number] as f64 * unit));
            }
        }
        let end = period_axis(&mut canvas, &self.categories, (left, WIDTH), top + HEIGHT);
        canvas.finish(end, &self.description())
    }
}

/// Names the periods below `y`, which are equally wide. Returns where the labels end.
pub(super) fn period_axis(
    canvas: &mut Canvas<'_>,
    categories: &[Category],
    (left, right): (f64, f64),
    y: f64,
) -> f64 {
    let room = (right - left) / categories.len().max(1) as f64;
    let step = label_step(categories, right - left);
    // The last period is that of the reader, so labels are counted from the end.
    let first = categories.len().saturating_sub(1) % step;
    let mut years = YearLabels::default();
    for (number, period) in categories.iter().enumerate().skip(first).step_by(step) {
        let x = left + (number as f64 + 0.5) * room;
        let half = period.short.chars().count() as f64 * CHARACTER / 2.0;
        canvas.text("tick", (x.clamp(half, WIDTH - half), y + 14.0), Anchor::Middle, &period.short);
        let half = period.year.chars().count() as f64 * BOLD / 2.0;
        let start = x.clamp(half, WIDTH - half) - half;
        if years.has_room(&period.year, start) {
            canvas.text("tick year", (start, y + 14.0 + LINE), Anchor::Start, &period.year);
        }
    }
    let lines = if categories.iter().any(|period| !period.year.is_empty()) { 2.0 } else { 1.0 };
    y + 2.0 + lines * LINE + 3.0
}

/// The years of an axis so far. Each is named once, where it does not touch the one before.
#[derive(Default)]
pub(super) struct YearLabels<'c> {
    last: &'c str,
    end: f64,
}

impl<'c> YearLabels<'c> {
    pub fn has_room(&mut self, year: &'c str, start: f64) -> bool {
        if year.is_empty() || year == self.last || start < self.end {
            return false;
        }
        self.last = year;
        self.end = start + (year.chars().count() + 1) as f64 * BOLD;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{months, numbers, texts};
    use super::super::{Look, Plot, draw};
    use super::*;

    fn bars(above: &[&[usize]], below: Option<&[usize]>) -> Bars {
        let series = |level: usize, values: &[usize]| Series {
            name: format!("S{level}"),
            look: Look::of_level(5),
            values: values.to_vec(),
        };
        Bars {
            categories: months(above[0].len()),
            above: above.iter().enumerate().map(|(level, values)| series(level, values)).collect(),
            below: below.map(|values| series(9, values)),
        }
    }

    #[test]
    fn the_height_of_bars_is_in_proportion_to_their_values() {
        let bars = bars(&[&[1, 0, 4], &[3, 2, 0]], Some(&[2, 0, 0]));
        let drawing = draw(&Plot::Bars(bars), &texts());
        // Three entries of the legend come first.
        let heights = &numbers(&drawing, "rect", "height")[3..];
        let unit = heights[0];
        let values: Vec<f64> = heights.iter().map(|height| (height / unit * 10.0).round() / 10.0).collect();
        assert_eq!(values, [1.0, 3.0, 2.0, 2.0, 4.0]);
    }

    #[test]
    fn bars_are_stacked_without_a_gap() {
        let drawing = draw(&Plot::Bars(bars(&[&[2], &[1]], None)), &texts());
        let (y, height) = (numbers(&drawing, "rect", "y"), numbers(&drawing, "rect", "height"));
        assert!((y[3] + height[3] - y[2]).abs() < 0.11, "{drawing}");
    }

    #[test]
    fn the_description_has_every_number_but_zero() {
        let bars = bars(&[&[1, 0, 4], &[3, 0, 0]], Some(&[2, 0, 0]));
        assert_eq!(bars.description(), "2026-01: S0 1, S1 3, S9 2; 2026-03: S0 4");
    }

    #[test]
    fn a_year_is_named_once_and_the_last_month_always() {
        let drawing = draw(&Plot::Bars(bars(&[&[1; 26]], None)), &texts());
        let document = roxmltree::Document::parse(&drawing).unwrap();
        let labels: Vec<&str> =
            document.descendants().filter(|n| n.has_tag_name("text")).filter_map(|n| n.text()).collect();
        for year in ["2026", "2027", "2028"] {
            assert_eq!(labels.iter().filter(|label| **label == year).count(), 1, "{labels:?}");
        }
        assert!(labels.contains(&"Feb"), "{labels:?}");
    }

    #[test]
    fn no_categories_are_an_empty_drawing() {
        let empty = Bars { categories: Vec::new(), above: Vec::new(), below: None };
        assert!(draw(&Plot::Bars(empty), &texts()).ends_with("</svg>"));
    }
}
