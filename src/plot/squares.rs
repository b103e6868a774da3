//! One square for each item, in rows by group.
//!
//! This module owns the number of items that a square stands for, where there are very many.

use super::canvas::{Anchor, Canvas};
use super::{Look, PlotTexts, RowNames, WIDTH, characters, described, wrapped};

/// The distance of two squares.
const PITCH: f64 = 13.0;
/// The gap between two groups.
const GAP: f64 = 7.0;
/// The most that names of groups take of the width. If one is longer, all are above their squares, not beside them.
const LABELS: f64 = 90.0;
/// The most lines of a name above its squares.
const MOST_LINES: usize = 2;
/// The most squares of a group. Where a group has more, each square of the plot stands for several items.
const MOST: usize = 400;

/// Items by group and sort.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Squares {
    /// The sorts of items with their looks.
    pub sorts: Vec<(String, Look)>,
    pub groups: Vec<SquareGroup>,
}

/// A group of items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SquareGroup {
    pub name: String,
    /// The number of items of each sort, in the order of [`Squares::sorts`].
    pub counts: Vec<usize>,
}

impl SquareGroup {
    pub fn total(&self) -> usize {
        self.counts.iter().sum()
    }
}

/// The numbers of groups in words.
pub(super) fn described_groups(sorts: &[(String, Look)], groups: &[SquareGroup]) -> String {
    let mut said = Vec::new();
    for group in groups.iter().filter(|group| group.total() > 0) {
        let counts = sorts.iter().map(|(name, _)| &**name).zip(group.counts.iter().copied());
        said.push(format!("{}: {}", group.name, described(counts)));
    }
    said.join("; ")
}

impl Squares {
    /// The number of items that one square stands for.
    fn scale(&self) -> usize {
        let most = self.groups.iter().map(SquareGroup::total).max().unwrap_or(0);
        most.div_ceil(MOST).max(1)
    }

    fn description(&self) -> String {
        described_groups(&self.sorts, &self.groups)
    }

    pub(super) fn draw(&self, texts: &PlotTexts<'_>) -> String {
        let mut canvas = Canvas::new(texts, "squares");
        let used = |sort: &usize| self.groups.iter().any(|group| group.counts[*sort] > 0);
        let shown = self.sorts.iter().enumerate().filter(|(sort, _)| used(sort));
        let scale = self.scale();
        let mut y = canvas.legend(shown.map(|(_, (name, look))| (&**name, *look)), 0.0);
        if scale > 1 {
            canvas.text("tick", (WIDTH, y - 5.0), Anchor::End, &(texts.square)(scale));
        }
        y += 9.0;
        let names = self.groups.iter().map(|group| group.name.as_str());
        let RowNames { left, above, room } = RowNames::new(names, LABELS);
        let in_row = ((WIDTH - left) / PITCH).floor() as usize;
        for group in &self.groups {
            let lines = if above > 0.0 { MOST_LINES } else { 1 };
            for line in wrapped(&group.name, characters(room), lines) {
                canvas.text("centred", (0.0, y + (PITCH - 2.0) / 2.0), Anchor::Start, &line);
                y += above;
            }
            let mut at = 0;
            for (sort, count) in group.counts.iter().enumerate() {
                for _ in 0..count.div_ceil(scale) {
                    let (column, row) = (at % in_row, at / in_row);
                    let place = (left + column as f64 * PITCH + 0.5, y + row as f64 * PITCH + 0.5);
                    canvas.rect(self.sorts[sort].1, place, (PITCH - 3.0, PITCH - 3.0));
                    at += 1;
                }
            }
            y += at.div_ceil(in_row).max(1) as f64 * PITCH + GAP;
        }
        canvas.finish(y, &self.description())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{numbers, texts};
    use super::*;

    fn squares(groups: &[(&str, [usize; 2])]) -> Squares {
        let group = |(name, counts): &(&str, [usize; 2])| SquareGroup {
            name: (*name).to_owned(),
            counts: counts.to_vec(),
        };
        Squares {
            sorts: vec![("with".to_owned(), Look::of_level(0)), ("without".to_owned(), Look::of_level(5))],
            groups: groups.iter().map(group).collect(),
        }
    }

    #[test]
    fn each_item_has_a_square_of_its_sort() {
        let chart = squares(&[("OPS", [5, 30]), ("IAM", [0, 2])]);
        let drawing = chart.draw(&texts());
        // The legend has a square for each sort.
        assert_eq!(drawing.matches("outlined").count(), 32 + 1);
        assert_eq!(numbers(&drawing, "rect", "x").len(), 37 + 2);
        assert_eq!(chart.description(), "OPS: with 5, without 30; IAM: without 2");
    }

    #[test]
    fn long_names_are_above_their_squares_and_not_cut() {
        let name = "A framework with a long name";
        let drawing = squares(&[(name, [1, 0]), ("b", [0, 1])]).draw(&texts());
        assert!(drawing.contains(&format!(">{name}<")), "{drawing}");
        // The first shape is that of the legend.
        assert_eq!(numbers(&drawing, "rect", "x")[2..], [0.5, 0.5]);
    }

    #[test]
    fn a_name_that_is_wider_than_the_drawing_has_two_lines() {
        let name = "Cloud Computing Compliance Criteria Catalogue, edition 2020";
        let short = squares(&[("A framework with a long name", [1, 0])]).draw(&texts());
        let long = squares(&[(name, [1, 0])]).draw(&texts());
        assert!(long.contains(">Catalogue, edition 2020<"), "{long}");
        let first = |drawing: &str| numbers(drawing, "rect", "y")[1];
        assert_eq!(first(&long), first(&short) + super::super::NAME_LINE);
    }

    #[test]
    fn of_very_many_items_a_square_stands_for_several_and_none_vanishes() {
        let drawing = squares(&[("a", [1, 999]), ("b", [1, 1])]).draw(&texts());
        assert!(drawing.contains(">1 square = 3<"), "{drawing}");
        let shapes = numbers(&drawing, "rect", "x").len() - 2;
        assert_eq!(shapes, 1 + 333 + 1 + 1);
    }
}
