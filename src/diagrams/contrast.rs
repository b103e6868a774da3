//! Keeps the author's colours readable on a page that may be light or dark.
//!
//! Owns these rules: an area that the author filled keeps its colour everywhere, and text on it gets a colour that
//! can be read there. Text on the theme's background has the theme's colour. A line in the author's colour keeps its
//! hue and is made as dark or as bright as it must be to be visible on both backgrounds.

use super::colour::{Colour, LINE_CONTRAST, TEXT_CONTRAST};
use super::drawing::{DrawnShape, Item, Length, PaintColour};
use super::geometry::{Matrix, touched};
use super::label_align::extent;
use super::theme_colours::ColourRole;

/// A filled shape: the box that it covers, and its fill.
struct FilledArea {
    box_: [f64; 4],
    tone: PaintColour,
}

/// Adjusts the author's colours, and the theme's colours on them, so that everything is readable.
pub fn adjust_colours(items: &mut [Item]) {
    if !items.iter().any(|item| {
        matches!(item.paint.fill, PaintColour::Own(_)) || matches!(item.paint.line, PaintColour::Own(_))
    }) {
        return;
    }
    let mut grounds: Vec<FilledArea> = Vec::new();
    for item in items {
        let Some(box_) = bounds(item) else { continue };
        let middle = [f64::midpoint(box_[0], box_[2]), f64::midpoint(box_[1], box_[3])];
        // Items come in the order in which they are painted, so the last area around the middle is the one behind the
        // item.
        let under = grounds.iter().rev().find(|ground| holds(ground.box_, middle)).map(|ground| ground.tone);
        if matches!(item.shape, DrawnShape::Text(_)) {
            item.paint.fill = text(item.paint.fill, under);
            continue;
        }
        item.paint.line = line(item.paint.line, item.paint.fill, under);
        // An area that is mostly transparent is not a background for the items after it.
        if item.paint.fill != PaintColour::None && item.paint.opacity > 50 {
            grounds.push(FilledArea { box_, tone: item.paint.fill });
        }
    }
}

/// Makes markers in the author's colour visible on both backgrounds.
pub fn settle_marker(items: &mut [Item]) {
    for paint in items.iter_mut().map(|item| &mut item.paint) {
        for tone in [&mut paint.fill, &mut paint.line] {
            if let PaintColour::Own(colour) = tone {
                *tone = PaintColour::Own(Colour::of(*colour).on_any_page().bits());
            }
        }
    }
}

/// The colour of a text on the area below it.
fn text(wanted: PaintColour, under: Option<PaintColour>) -> PaintColour {
    // The paper colour is used for the numbers in the discs at the start of messages.
    if wanted == PaintColour::Of(ColourRole::Paper) {
        return wanted;
    }
    let Some(PaintColour::Own(ground)) = under else {
        return if let PaintColour::Own(_) = wanted { PaintColour::Of(ColourRole::Ink) } else { wanted };
    };
    let ground = Colour::of(ground);
    match wanted {
        PaintColour::Own(ink) if Colour::of(ink).contrast(ground) >= TEXT_CONTRAST => wanted,
        _ => PaintColour::Own(ground.ink().bits()),
    }
}

/// The colour of a line around a filled shape, or on a filled area.
fn line(wanted: PaintColour, fill: PaintColour, under: Option<PaintColour>) -> PaintColour {
    match (wanted, fill, under) {
        // Around an area that the author filled, a line is only an ornament.
        (PaintColour::Own(_), PaintColour::Own(_), _) => wanted,
        (PaintColour::Of(_), PaintColour::None, Some(PaintColour::Own(ground))) => {
            PaintColour::Own(Colour::of(ground).ink().bits())
        }
        (PaintColour::Own(colour), PaintColour::None, Some(PaintColour::Own(ground)))
            if Colour::of(colour).contrast(Colour::of(ground)) >= LINE_CONTRAST =>
        {
            wanted
        }
        (PaintColour::Own(colour), ..) => PaintColour::Own(Colour::of(colour).on_any_page().bits()),
        _ => wanted,
    }
}

fn holds(box_: [f64; 4], [x, y]: [f64; 2]) -> bool {
    let slack = 1.0;
    box_[0] - slack <= x && x <= box_[2] + slack && box_[1] - slack <= y && y <= box_[3] + slack
}

/// Left, top, right and bottom of the area that an item covers in the drawing, in pixels.
pub fn bounds(item: &Item) -> Option<[f64; 4]> {
    let corners = |x: f64, y: f64, w: f64, h: f64| vec![[x, y], [x + w, y], [x, y + h], [x + w, y + h]];
    let pixels = |sides: &[Length; 4]| sides.map(Length::pixels);
    let points = match &item.shape {
        DrawnShape::Rectangle(sides, _) => {
            let [x, y, w, h] = pixels(sides);
            corners(x, y, w, h)
        }
        DrawnShape::Ellipse(parts) => {
            let [x, y, across, down] = pixels(parts);
            corners(x - across, y - down, 2.0 * across, 2.0 * down)
        }
        DrawnShape::Line(ends) => {
            let [x, y, to_x, to_y] = pixels(ends);
            vec![[x, y], [to_x, to_y]]
        }
        DrawnShape::Corners(points, _) => points.iter().map(|point| point.map(Length::pixels)).collect(),
        DrawnShape::Path(steps) => touched(steps),
        DrawnShape::Text(words) => {
            let [left, top, right, bottom] = extent(words)?;
            vec![[left, top], [right, bottom]]
        }
    };
    let matrix = matrix(item);
    let mut placed = points.into_iter().map(|point| matrix.point(point));
    let [x, y] = placed.next()?;
    Some(placed.fold([x, y, x, y], |[left, top, right, bottom], [x, y]| {
        [left.min(x), top.min(y), right.max(x), bottom.max(y)]
    }))
}

fn matrix(item: &Item) -> Matrix {
    let [x, y] = item.transform.shift.map(Length::pixels);
    let linear =
        item.transform.linear.unwrap_or([10_000, 0, 0, 10_000]).map(|part| f64::from(part) / 10_000.0);
    Matrix([linear[0], linear[1], linear[2], linear[3], x, y])
}
