//! Centres labels on their lines and nodes.
//!
//! Owns the corrections to the positions of labels that Mermaid writes as text and not as HTML: the label of a line
//! is centred at its position with its background around it, and the only label of a node is centred in the node.

use super::drawing::{Anchor, Baseline, DrawnShape, DrawnText, FontWeight, Item, Length, Run};
use super::measure;

/// The space between a label and the edge of its background, in pixels: horizontal, then vertical.
const MARGIN: [f64; 2] = [4.0, 2.0];

/// Left, top, right and bottom of a text in pixels. Returns `None` if a line has no position.
pub fn extent(words: &DrawnText) -> Option<[f64; 4]> {
    let size = words.size.pixels();
    let mut all: Option<[f64; 4]> = None;
    for line in lines(&words.runs) {
        let [x, y] = line.first()?.at?.map(Length::pixels);
        let weight = |run: &Run| (run.weight == FontWeight::Bold).then_some("bold");
        let width: f64 = line.iter().map(|run| measure::width(run.text.trim_end(), size, weight(run))).sum();
        let left = match words.anchor {
            Anchor::Start => x,
            Anchor::Middle => x - width / 2.0,
            Anchor::End => x - width,
        };
        // Without a font, the middle and the height of a line can only be estimated from the font size.
        let middle = y + size
            * match words.baseline {
                Baseline::Alphabetic => -0.35,
                Baseline::Central => 0.0,
                Baseline::Hanging | Baseline::Above => 0.45,
                Baseline::Below => -0.45,
            };
        let box_ = [left, middle - size * 0.55, left + width, middle + size * 0.55];
        all = Some(all.map_or(box_, |all| union(all, box_)));
    }
    all
}

/// The runs of each line. A run with a position begins a line.
fn lines(runs: &[Run]) -> impl Iterator<Item = &[Run]> {
    runs.chunk_by(|_, next| next.at.is_none())
}

fn union(a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

/// Centres the label of a line at `middle`, with its background around it.
pub fn label(items: &mut [Item], middle: [f64; 2]) {
    // The background surrounds all texts of the label, so their common extent comes first.
    let mut covered: Option<[f64; 4]> = None;
    for item in items.iter().filter(|item| item.transform.linear.is_none()) {
        let DrawnShape::Text(words) = &item.shape else { continue };
        let Some(box_) = extent(words) else { return };
        let box_ = shifted(box_, item.transform.shift.map(Length::pixels));
        covered = Some(covered.map_or(box_, |all| union(all, box_)));
    }
    let Some(box_) = covered else { return };
    let by = [middle[0] - f64::midpoint(box_[0], box_[2]), middle[1] - f64::midpoint(box_[1], box_[3])];
    let box_ = shifted(box_, by);
    for item in items.iter_mut().filter(|item| item.transform.linear.is_none()) {
        match &mut item.shape {
            DrawnShape::Text(_) => shift(item, by),
            DrawnShape::Rectangle(sides, _) => {
                let place = item.transform.shift.map(Length::pixels);
                let wanted = [
                    box_[0] - MARGIN[0] - place[0],
                    box_[1] - MARGIN[1] - place[1],
                    box_[2] - box_[0] + 2.0 * MARGIN[0],
                    box_[3] - box_[1] + 2.0 * MARGIN[1],
                ];
                *sides = wanted.map(|side| Length::from_pixels(side).unwrap_or_default());
                item.paint.opacity = 100;
            }
            _ => {}
        }
    }
}

/// Centres the only text of a node at `middle`, horizontally.
pub fn only_text(items: &mut [Item], middle: f64) {
    let mut texts = items.iter_mut().filter(|item| matches!(item.shape, DrawnShape::Text(_)));
    let (Some(item), None) = (texts.next(), texts.next()) else { return };
    let DrawnShape::Text(words) = &item.shape else { return };
    if words.anchor != Anchor::Start || item.transform.linear.is_some() {
        return;
    }
    let Some([left, _, right, _]) = extent(words) else { return };
    let at = f64::midpoint(left, right) + item.transform.shift[0].pixels();
    shift(item, [middle - at, 0.0]);
}

fn shifted(box_: [f64; 4], [x, y]: [f64; 2]) -> [f64; 4] {
    [box_[0] + x, box_[1] + y, box_[2] + x, box_[3] + y]
}

fn shift(item: &mut Item, by: [f64; 2]) {
    for (axis, by) in by.into_iter().enumerate() {
        let place = item.transform.shift[axis];
        item.transform.shift[axis] = Length::from_pixels(place.pixels() + by).unwrap_or(place);
    }
}
