//! Ages against their limit: a strip for each row, a mark for each item, and one line where the limit is.
//!
//! This module owns the scale: ages are in per cent of the limit that an item has, so that items with different limits
//! are on one strip. What is older than the end of the scale is at its end.

use std::collections::BTreeMap;

use super::canvas::{Anchor, Canvas};
use super::{CHARACTER, LINE, Look, PlotTexts, RowNames, WIDTH, described, fitting};

/// The height of a strip.
const ROW: f64 = 30.0;
/// The most that names of rows take of the width. If one is longer, all are above their strips.
const LABELS: f64 = 140.0;
/// The end of the scale, in per cent of the limit.
const END: u32 = 200;
/// The most marks on top of each other. Where there are more, each mark of the plot stands for several items.
const STACK: usize = 4;
/// The side of a mark, and the distance of two.
const MARK: f64 = 5.0;

/// Ages in per cent of their limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ages {
    /// The sorts of items with their looks.
    pub sorts: Vec<(String, Look)>,
    pub rows: Vec<AgeRow>,
    /// The name of the limit.
    pub limit: String,
    /// The heading of the numbers of items without an age.
    pub never: String,
}

/// The ages of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgeRow {
    pub name: String,
    /// The age of each item in per cent of its limit, and the index of its sort.
    pub ages: Vec<(u32, usize)>,
    /// The number of items without an age.
    pub never: usize,
}

impl Ages {
    fn description(&self) -> String {
        let row = |row: &AgeRow| {
            let count = |sort: usize| row.ages.iter().filter(|(_, known)| *known == sort).count();
            let sorts = self.sorts.iter().enumerate().map(|(number, (name, _))| (&**name, count(number)));
            let never = (&*self.never, row.never);
            let oldest = row.ages.iter().map(|(percent, _)| percent).max();
            let oldest = oldest.map(|percent| format!(", ≤ {percent} %")).unwrap_or_default();
            format!("{}: {}{oldest}", row.name, described(sorts.chain([never])))
        };
        self.rows.iter().map(row).collect::<Vec<String>>().join("; ")
    }

    pub(super) fn draw(&self, texts: &PlotTexts<'_>) -> String {
        let mut canvas = Canvas::new(texts, "ages");
        let used = |sort: usize| self.rows.iter().any(|row| row.ages.iter().any(|(_, known)| *known == sort));
        let shown = self.sorts.iter().enumerate().filter(|(number, _)| used(*number));
        let top = canvas.legend(shown.map(|(_, (name, look))| (&**name, *look)), 0.0) + LINE + 4.0;
        let names = RowNames::new(self.rows.iter().map(|row| row.name.as_str()), LABELS);
        let (left, row_height) = (names.left, ROW + names.above);
        let any_never = self.rows.iter().any(|row| row.never > 0);
        let right = if any_never {
            WIDTH - (self.never.chars().count() as f64 * CHARACTER + 10.0).min(90.0)
        } else {
            WIDTH
        };
        let scale = AgeScale { left, right };
        let bottom = top + self.rows.len() as f64 * row_height;
        let limit = scale.place(100);
        canvas.text("name", (limit, top - 6.0), Anchor::Middle, &self.limit);
        if any_never {
            canvas.text("tick", (WIDTH, top - 6.0), Anchor::End, &fitting(&self.never, WIDTH - right));
        }
        let all: Vec<Stacks> = self.rows.iter().map(|row| stacks(row, &scale)).collect();
        let highest =
            all.iter().flat_map(BTreeMap::values).map(|counts| counts.values().sum::<usize>()).max();
        // A stack of several sorts may need a mark more for each of them.
        let stands_for = highest.unwrap_or(0).div_ceil(STACK).max(1);
        if stands_for > 1 {
            canvas.text("tick", (0.0, top - 6.0), Anchor::Start, &(texts.square)(stands_for));
        }
        for (number, row) in self.rows.iter().enumerate() {
            let foot = top + (number + 1) as f64 * row_height - 4.0;
            let name_y = if names.above > 0.0 { foot - ROW } else { foot - 3.0 };
            canvas.text("", (0.0, name_y), Anchor::Start, &fitting(&row.name, names.room));
            canvas.line("grid", (left, foot + 0.5), (right, foot + 0.5));
            if row.never > 0 {
                canvas.text("", (WIDTH, foot - 3.0), Anchor::End, &row.never.to_string());
            }
            self.write_marks(&mut canvas, &all[number], (left, foot), stands_for);
        }
        canvas.line("limit", (limit, top - 1.0), (limit, bottom));
        canvas.text("tick", (left, bottom + 13.0), Anchor::Start, "0 %");
        canvas.text("tick", (limit, bottom + 13.0), Anchor::Middle, "100 %");
        let end = format!("≥ {END} %");
        canvas.text("tick", (scale.place(END), bottom + 13.0), Anchor::End, &end);
        canvas.finish(bottom + LINE + 3.0, &self.description())
    }

    /// Stacks the marks of each item over its age.
    fn write_marks(&self, canvas: &mut Canvas<'_>, stacks: &Stacks, (left, foot): (f64, f64), scale: usize) {
        for (column, counts) in stacks {
            let mut height = 0;
            for (sort, count) in counts {
                for _ in 0..count.div_ceil(scale) {
                    height += 1;
                    let place =
                        (left + *column as f64 * (MARK + 1.0), foot - f64::from(height) * (MARK + 1.0) + 1.0);
                    canvas.rect(self.sorts[*sort].1, place, (MARK, MARK));
                }
            }
        }
    }
}

/// The number of items of each sort in each column of a strip.
type Stacks = BTreeMap<usize, BTreeMap<usize, usize>>;

fn stacks(row: &AgeRow, scale: &AgeScale) -> Stacks {
    let last = ((scale.right - scale.left - MARK) / (MARK + 1.0)).floor() as usize;
    let mut stacks = Stacks::new();
    for (percent, sort) in &row.ages {
        let column = ((scale.place(*percent) - scale.left) / (MARK + 1.0)).floor() as usize;
        *stacks.entry(column.min(last)).or_default().entry(*sort).or_default() += 1;
    }
    stacks
}

struct AgeScale {
    left: f64,
    right: f64,
}

impl AgeScale {
    fn place(&self, percent: u32) -> f64 {
        self.left + f64::from(percent.min(END)) / f64::from(END) * (self.right - self.left)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{numbers, texts};
    use super::*;

    fn row(name: &str, ages: &[(u32, usize)], never: usize) -> AgeRow {
        AgeRow { name: name.to_owned(), ages: ages.to_vec(), never }
    }

    fn ages(rows: Vec<AgeRow>) -> Ages {
        Ages {
            sorts: vec![("fresh".to_owned(), Look::of_level(5)), ("late".to_owned(), Look::of_level(0))],
            rows,
            limit: "limit".to_owned(),
            never: "never".to_owned(),
        }
    }

    #[test]
    fn a_mark_is_on_the_side_of_the_limit_that_its_age_is_on() {
        let chart = ages(vec![row("a", &[(0, 0), (90, 0), (110, 1), (5000, 1)], 3)]);
        let drawing = chart.draw(&texts());
        let limit = drawing.split("class=\"limit\" x1=\"").nth(1).unwrap().split('"').next().unwrap();
        let limit: f64 = limit.parse().unwrap();
        // Two squares of the legend come first.
        let marks = &numbers(&drawing, "rect", "x")[2..];
        let sides: Vec<bool> = marks.iter().map(|x| *x > limit - MARK / 2.0).collect();
        assert_eq!(sides, [false, false, true, true], "{marks:?} {limit}");
        assert_eq!(chart.description(), "a: fresh 2, late 2, never 3, ≤ 5000 %");
    }

    #[test]
    fn long_names_are_above_their_strips_and_not_cut() {
        let name = "Network operations of a region";
        let drawing = ages(vec![row(name, &[(50, 0)], 0), row("b", &[(10, 1)], 0)]).draw(&texts());
        assert!(drawing.contains(&format!(">{name}<")), "{drawing}");
        assert_eq!(numbers(&drawing, "line", "x1")[0], 0.0, "a strip takes the whole width");
    }

    #[test]
    fn a_high_stack_has_marks_for_several_items() {
        let drawing = ages(vec![row("a", &[(50, 0); 41], 0), row("b", &[(10, 1)], 0)]).draw(&texts());
        assert!(drawing.contains(">1 square = 11<"), "{drawing}");
        assert_eq!(numbers(&drawing, "rect", "x").len(), 2 + 4 + 1);
    }
}
