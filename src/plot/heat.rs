//! A heat map: rows by period.
//!
//! This module owns the shades. Each cell also has its number, which says more than its shade.

use super::bars::period_axis;
use super::canvas::{Anchor, Canvas};
use super::{Category, PlotTexts, RowNames, WIDTH, described, fitting};

/// The height of a row.
const ROW: f64 = 22.0;
/// The most that names of rows take of the width. If one is longer, all are above their rows.
const LABELS: f64 = 126.0;
/// The number of shades.
const SHADES: usize = 4;

/// Counts by row and period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heat {
    pub categories: Vec<Category>,
    /// The name of each row, and a value for each category.
    pub rows: Vec<(String, Vec<usize>)>,
}

impl Heat {
    fn description(&self) -> String {
        let row = |(name, values): &(String, Vec<usize>)| {
            let periods = self.categories.iter().map(|period| &*period.name);
            format!("{name}: {}", described(periods.zip(values.iter().copied())))
        };
        self.rows.iter().map(row).collect::<Vec<String>>().join("; ")
    }

    pub(super) fn draw(&self, texts: &PlotTexts<'_>) -> String {
        let mut canvas = Canvas::new(texts, "heat");
        let names = RowNames::new(self.rows.iter().map(|(name, _)| name.as_str()), LABELS);
        let left = names.left;
        let room = (WIDTH - left) / self.categories.len().max(1) as f64;
        let most = self.rows.iter().flat_map(|(_, values)| values).copied().max().unwrap_or(0).max(SHADES);
        for (number, (name, values)) in self.rows.iter().enumerate() {
            let top = number as f64 * (ROW + names.above);
            let y = top + names.above;
            let name_y = if names.above > 0.0 { top + 12.0 } else { top + 15.0 };
            canvas.text("", (0.0, name_y), Anchor::Start, &fitting(name, names.room));
            for (column, value) in values.iter().enumerate() {
                let x = left + column as f64 * room;
                let shade = (value * SHADES).div_ceil(most);
                canvas.plain_rect(&format!("shade{shade}"), (x + 0.5, y + 0.5), (room - 1.0, ROW - 1.0));
                if *value > 0 {
                    canvas.text("", (x + room / 2.0, y + 15.0), Anchor::Middle, &value.to_string());
                }
            }
        }
        let end = period_axis(
            &mut canvas,
            &self.categories,
            (left, WIDTH),
            self.rows.len() as f64 * (ROW + names.above),
        );
        canvas.finish(end, &self.description())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{months, numbers, texts};
    use super::*;

    #[test]
    fn the_shade_follows_the_number_and_zero_has_none() {
        let rows = vec![("a".to_owned(), vec![0, 1, 2]), ("b".to_owned(), vec![4, 8, 7])];
        let heat = Heat { categories: months(3), rows };
        let drawing = heat.draw(&texts());
        let shades: Vec<&str> = drawing.split("class=\"shade").skip(1).map(|rest| &rest[..1]).collect();
        assert_eq!(shades, ["0", "1", "1", "2", "4", "4"]);
        let said = "a: 2026-02 1, 2026-03 2; b: 2026-01 4, 2026-02 8, 2026-03 7";
        assert_eq!(heat.description(), said);
        assert_eq!(drawing.matches("middle\" x=").count(), 5 + 3, "numbers and months");
    }

    #[test]
    fn long_names_are_above_their_rows_and_not_cut() {
        let name = "OpenStack control plane";
        let heat = Heat {
            categories: months(2),
            rows: vec![(name.to_owned(), vec![1, 0]), ("b".to_owned(), vec![0, 2])],
        };
        let drawing = heat.draw(&texts());
        assert!(drawing.contains(&format!(">{name}<")), "{drawing}");
        assert_eq!(numbers(&drawing, "rect", "x"), [0.5, 180.5, 0.5, 180.5]);
        let tops = numbers(&drawing, "rect", "y");
        assert_eq!(tops[2] - tops[0], ROW + 16.0, "each row has room for its name");
    }
}
