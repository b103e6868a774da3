//! A treemap: an area for each group, as large as the group, divided by sort.
//!
//! This module owns how areas are laid out: the squarified treemap of Bruls, Huizing and van Wijk (2000), which keeps
//! them near to squares.

use super::canvas::{Anchor, Canvas};
use super::squares::{SquareGroup, described_groups};
use super::{CHARACTER, Look, PlotTexts, WIDTH, fitting};

/// The height of all areas.
const HEIGHT: f64 = 230.0;
/// The height of a name above its area.
const NAME: f64 = 15.0;
/// The least width and height of an area with a name.
const NAMED: (f64, f64) = (5.0 * CHARACTER, 26.0);
/// The gap between two areas.
const GAP: f64 = 3.0;

/// Items by group and sort.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Treemap {
    /// The sorts of items with their looks.
    pub sorts: Vec<(String, Look)>,
    pub groups: Vec<SquareGroup>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Area {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

impl Treemap {
    pub(super) fn draw(&self, texts: &PlotTexts<'_>) -> String {
        let mut canvas = Canvas::new(texts, "treemap");
        let used = |sort: &usize| self.groups.iter().any(|group| group.counts[*sort] > 0);
        let shown = self.sorts.iter().enumerate().filter(|(sort, _)| used(sort));
        let top = canvas.legend(shown.map(|(_, (name, look))| (&**name, *look)), 0.0) + 9.0;
        let mut groups: Vec<&SquareGroup> = self.groups.iter().filter(|group| group.total() > 0).collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.total()));
        let sizes: Vec<f64> = groups.iter().map(|group| group.total() as f64).collect();
        let whole = Area { x: 0.0, y: top, width: WIDTH, height: HEIGHT };
        for (group, area) in groups.iter().zip(squarified(&sizes, whole)) {
            self.write_group(&mut canvas, group, area);
        }
        canvas.finish(top + HEIGHT, &described_groups(&self.sorts, &self.groups))
    }

    /// The name of a group where there is room for it, and below it a part for each sort.
    fn write_group(&self, canvas: &mut Canvas<'_>, group: &SquareGroup, area: Area) {
        let (mut y, mut height) = (area.y, (area.height - GAP).max(0.5));
        let width = (area.width - GAP).max(0.5);
        if width >= NAMED.0 && height >= NAMED.1 {
            let name = format!("{} {}", group.name, group.total());
            canvas.text("", (area.x, y + 11.0), Anchor::Start, &fitting(&name, width));
            (y, height) = (y + NAME, height - NAME);
        }
        let mut done = 0.0;
        for (count, (_, look)) in group.counts.iter().zip(&self.sorts) {
            let share = *count as f64 / group.total() as f64;
            // Parts lie along the longer side.
            let (place, size) = if width > height {
                ((area.x + done * width, y), (share * width, height))
            } else {
                ((area.x, y + done * height), (width, share * height))
            };
            canvas.rect(*look, place, size);
            done += share;
        }
    }
}

/// An area for each size, in proportion to it; together they fill `room`. The sizes are positive, the largest first.
fn squarified(sizes: &[f64], room: Area) -> Vec<Area> {
    let unit = room.width * room.height / sizes.iter().sum::<f64>().max(f64::MIN_POSITIVE);
    let scaled: Vec<f64> = sizes.iter().map(|size| size * unit).collect();
    let (mut rest, mut room, mut areas) = (scaled.as_slice(), room, Vec::new());
    while !rest.is_empty() {
        let side = room.width.min(room.height);
        let mut count = 1;
        while count < rest.len()
            && longest_ratio(&rest[..=count], side) <= longest_ratio(&rest[..count], side)
        {
            count += 1;
        }
        let (row, after) = rest.split_at(count);
        let depth = row.iter().sum::<f64>() / side;
        let mut along = 0.0;
        for size in row {
            let length = size / depth;
            areas.push(if room.width >= room.height {
                Area { x: room.x, y: room.y + along, width: depth, height: length }
            } else {
                Area { x: room.x + along, y: room.y, width: length, height: depth }
            });
            along += length;
        }
        if room.width >= room.height {
            (room.x, room.width) = (room.x + depth, (room.width - depth).max(0.0));
        } else {
            (room.y, room.height) = (room.y + depth, (room.height - depth).max(0.0));
        }
        rest = after;
    }
    areas
}

/// The ratio of the sides of the most oblong area in a row along `side`.
fn longest_ratio(row: &[f64], side: f64) -> f64 {
    let depth = row.iter().sum::<f64>() / side;
    row.iter().map(|size| (size / depth / depth).max(depth * depth / size)).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{numbers, texts};
    use super::*;

    #[test]
    fn areas_are_in_proportion_and_fill_the_room_without_overlap() {
        let room = Area { x: 10.0, y: 20.0, width: 60.0, height: 40.0 };
        let sizes = [6.0, 6.0, 4.0, 3.0, 2.0, 2.0, 1.0];
        let areas = squarified(&sizes, room);
        for (area, size) in areas.iter().zip(sizes) {
            assert!((area.width * area.height - size * 100.0).abs() < 1e-6, "{area:?}");
            assert!(area.x >= 10.0 - 1e-9 && area.x + area.width <= 70.0 + 1e-9, "{area:?}");
            assert!(area.y >= 20.0 - 1e-9 && area.y + area.height <= 60.0 + 1e-9, "{area:?}");
            assert!((area.width / area.height).max(area.height / area.width) < 3.0, "{area:?} is no strip");
        }
        for (number, one) in areas.iter().enumerate() {
            for other in &areas[number + 1..] {
                let wide = (one.x + one.width).min(other.x + other.width) - one.x.max(other.x);
                let high = (one.y + one.height).min(other.y + other.height) - one.y.max(other.y);
                assert!(wide < 1e-6 || high < 1e-6, "{one:?} and {other:?}");
            }
        }
    }

    #[test]
    fn a_group_has_a_part_for_each_sort_and_a_name_with_its_number() {
        let group =
            |name: &str, counts: [usize; 2]| SquareGroup { name: name.to_owned(), counts: counts.into() };
        let chart = Treemap {
            sorts: vec![("fresh".to_owned(), Look::of_level(3)), ("late".to_owned(), Look::of_level(0))],
            groups: vec![group("Guide", [3, 1]), group("Runbooks", [0, 8]), group("none", [0, 0])],
        };
        let drawing = chart.draw(&texts());
        assert!(drawing.contains(">Runbooks 8<") && drawing.contains(">Guide 4<"), "{drawing}");
        assert!(!drawing.contains(">none"), "{drawing}");
        // Two squares of the legend, one part of the larger group, two of the smaller one.
        assert_eq!(numbers(&drawing, "rect", "x").len(), 2 + 1 + 2);
        assert!(drawing.contains("Guide: fresh 3, late 1; Runbooks: late 8"), "{drawing}");
    }
}
