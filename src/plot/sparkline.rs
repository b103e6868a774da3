//! Sparklines: the shape of a few numbers beside a figure.
//!
//! This module owns their size. A sparkline has no axis, so its name says the numbers.

use std::fmt::Write as _;

use super::canvas::Short;
use crate::html_escape::escape_attribute;

/// The distance of two bars.
const PITCH: f64 = 8.0;
const HEIGHT: f64 = 26.0;
/// The height of the bar of zero.
const ZERO: f64 = 1.5;

/// A bar for each number. `title` says the same numbers: it is the accessible name.
pub fn sparkline(values: &[usize], title: &str) -> String {
    let most = values.iter().copied().max().unwrap_or(0).max(1);
    let mut steps = String::new();
    for (number, value) in values.iter().enumerate() {
        let height = ZERO + *value as f64 / most as f64 * (HEIGHT - ZERO);
        let (x, y) = (Short(number as f64 * PITCH), Short(HEIGHT - height));
        write!(steps, "M{x} {HEIGHT}V{y}h{0}V{HEIGHT}z", PITCH - 2.0)
            .expect("writing into a text cannot fail");
    }
    let width = Short((values.len() as f64 * PITCH - 2.0).max(1.0));
    format!(
        "<svg class=\"ob-spark\" role=\"img\" aria-label=\"{0}\" viewBox=\"0 0 {width} {HEIGHT}\" width=\"{width}\" \
         height=\"{HEIGHT}\"><title>{0}</title><path d=\"{steps}\"/></svg>",
        escape_attribute(title)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_number_has_the_full_height_and_zero_a_line() {
        let drawing = sparkline(&[0, 2, 4], "<0, 2, 4>");
        roxmltree::Document::parse(&drawing).unwrap();
        let heights: Vec<f64> = drawing
            .split('V')
            .skip(1)
            .step_by(2)
            .map(|rest| rest.split('h').next().unwrap().parse().unwrap())
            .collect();
        assert_eq!(heights, [24.5, 12.3, 0.0]);
        assert!(drawing.contains("aria-label=\"&lt;0, 2, 4&gt;\""));
    }

    #[test]
    fn nothing_is_an_empty_drawing() {
        roxmltree::Document::parse(&sparkline(&[], "none")).unwrap();
        assert!(!sparkline(&[0; 12], "none").contains("NaN"));
    }
}
