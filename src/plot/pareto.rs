//! A Pareto chart with horizontal bars: one for each row, the longest first, on the share of all rows so far.
//!
//! The share is a paler bar behind the first one. A line over all rows would cross their names.

use super::canvas::{Anchor, Canvas};
use super::{CHARACTER, Ink, Look, PlotTexts, Texture, WIDTH, fitting};

/// The height of a row: a line of text and a bar below it.
const ROW: f64 = 36.0;
/// The room for the share at the right.
const SHARE: f64 = 5.0 * CHARACTER;

/// Counts, the largest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pareto {
    pub rows: Vec<(String, usize)>,
}

impl Pareto {
    /// The share of each row and those before it, in whole per cent, rounded down.
    pub fn shares(&self) -> Vec<usize> {
        let total: usize = self.rows.iter().map(|(_, count)| count).sum();
        let mut sum = 0;
        let share = |(_, count): &(String, usize)| {
            sum += count;
            sum * 100 / total.max(1)
        };
        self.rows.iter().map(share).collect()
    }

    fn description(&self) -> String {
        let rows = self.rows.iter().zip(self.shares());
        let said: Vec<String> =
            rows.map(|((name, count), share)| format!("{name}: {count}, {share} %")).collect();
        said.join("; ")
    }

    pub(super) fn draw(&self, texts: &PlotTexts<'_>) -> String {
        let mut canvas = Canvas::new(texts, "pareto");
        let total: usize = self.rows.iter().map(|(_, count)| count).sum();
        // One scale for both: the last share ends where a bar of all counts would.
        let unit = (WIDTH - SHARE) / total.max(1) as f64;
        let mut sum = 0;
        for (number, ((name, count), share)) in self.rows.iter().zip(self.shares()).enumerate() {
            let y = number as f64 * ROW;
            sum += count;
            canvas.text("", (0.0, y + 13.0), Anchor::Start, &fitting(name, WIDTH - SHARE - 40.0));
            canvas.text("", (WIDTH - SHARE, y + 13.0), Anchor::End, &count.to_string());
            canvas.text("tick", (WIDTH, y + 29.0), Anchor::End, &format!("{share} %"));
            canvas.plain_rect("track", (0.0, y + 19.0), (WIDTH - SHARE, 11.0));
            canvas.plain_rect("share", (0.5, y + 19.5), (sum as f64 * unit - 1.0, 10.0));
            canvas.rect(Look::new(Ink::Blue, Texture::Solid), (0.0, y + 19.0), (*count as f64 * unit, 11.0));
        }
        canvas.finish((self.rows.len() as f64 * ROW).max(1.0), &self.description())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{numbers, texts};
    use super::*;

    #[test]
    fn shares_end_at_all_of_them_and_bars_are_to_scale() {
        let chart = Pareto { rows: vec![("a".to_owned(), 6), ("b".to_owned(), 3), ("c".to_owned(), 1)] };
        assert_eq!(chart.shares(), [60, 90, 100]);
        assert_eq!(chart.description(), "a: 6, 60 %; b: 3, 90 %; c: 1, 100 %");
        let drawing = chart.draw(&texts());
        let full = WIDTH - SHARE;
        let widths: Vec<f64> = numbers(&drawing, "rect", "width");
        let parts = [[1.0, 0.6, 0.6], [1.0, 0.9, 0.3], [1.0, 1.0, 0.1]];
        for (row, parts) in widths.chunks(3).zip(parts) {
            for (width, part) in row.iter().zip(parts) {
                assert!((width - part * full).abs() < 1.1, "{width} {part}");
            }
        }
    }

    #[test]
    fn no_rows_are_an_empty_drawing() {
        assert!(Pareto { rows: Vec::new() }.draw(&texts()).ends_with("</svg>"));
    }
}
