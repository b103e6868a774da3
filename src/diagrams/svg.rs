//! Writes a drawing as inline SVG.
//!
//! Owns the whole markup: the names of elements and attributes are in this file, numbers are written from numbers,
//! and texts are escaped. There is no style and no script; classes name the role of a colour, and the style sheet
//! does the rest. Identifiers begin with the one that the page passes in. Does not know pages or the targets of
//! links.

use std::fmt::Write;

use super::drawing::{
    Anchor, Baseline, Drawing, DrawnShape, DrawnText, FontWeight, Item, Join, Length, Marker,
    MarkerDirection, MarkerUnits, Paint, PaintColour, PathStep, Slant, Transform,
};
use crate::html_escape::push_attribute;

/// The scale of drawings on a page: Mermaid's text of 16 pixels becomes as large as small text of the page.
const SIZE: f64 = 0.9;

/// The most digits of a length.
const LENGTH: usize = 10;

/// A part of the markup.
#[derive(Debug, PartialEq, Eq)]
pub enum MarkupPiece {
    Html(String),
    /// The start of the link to the destination with this index, up to the end of its `href`.
    Open(usize),
    /// The end of that link.
    Close(usize),
}

/// Writes markup.
struct SvgWriter<'a> {
    id: &'a str,
    text: String,
    pieces: Vec<MarkupPiece>,
}

/// The `<svg>` of a drawing. `id` must be unique in the page.
pub fn pieces(drawing: &Drawing, id: &str) -> Vec<MarkupPiece> {
    let mut writer = SvgWriter { id, text: String::new(), pieces: Vec::new() };
    writer.head(drawing);
    let mut open: Option<u16> = None;
    for item in &drawing.items {
        // Items in a row with the same link share one element.
        if item.link != open {
            writer.close(open);
            writer.open(item.link);
            open = item.link;
        }
        writer.item(item);
    }
    writer.close(open);
    writer.text.push_str("</svg>");
    writer.flush();
    writer.pieces
}

impl SvgWriter<'_> {
    fn head(&mut self, drawing: &Drawing) {
        let [left, top, width, height] = drawing.view;
        let shown = |length: Length| (length.pixels() * SIZE).ceil();
        // The content of an image cannot be reached by keyboard, so a drawing with links is a group.
        let role = if drawing.links.is_empty() { "img" } else { "group" };
        let id = self.id;
        let described = if drawing.description.is_empty() { String::new() } else { format!(" {id}-text") };
        self.put(format_args!(
            "<svg class=\"drawing\" role=\"{role}\" aria-labelledby=\"{id}-title{described}\" width=\"{}\" height=\"{}\" viewBox=\"",
            shown(width),
            shown(height)
        ));
        self.lengths(&[left, top, width, height], " ");
        self.put(format_args!("\"><title id=\"{id}-title\">"));
        push_attribute(&mut self.text, &drawing.title);
        self.text.push_str("</title>");
        if !drawing.description.is_empty() {
            self.put(format_args!("<desc id=\"{id}-text\">"));
            push_attribute(&mut self.text, &drawing.description);
            self.text.push_str("</desc>");
        }
        if !drawing.markers.is_empty() {
            self.text.push_str("<defs>");
            for (number, marker) in drawing.markers.iter().enumerate() {
                self.marker(number, marker);
            }
            self.text.push_str("</defs>");
        }
    }

    fn marker(&mut self, number: usize, marker: &Marker) {
        let id = self.id;
        self.put(format_args!("<marker id=\"{id}-m{number}\""));
        if let Some(view) = &marker.view {
            self.text.push_str(" viewBox=\"");
            self.lengths(view, " ");
            self.text.push('"');
        }
        self.length("refX", marker.reference[0]);
        self.length("refY", marker.reference[1]);
        self.length("markerWidth", marker.size[0]);
        self.length("markerHeight", marker.size[1]);
        if marker.scale == MarkerUnits::Pixels {
            self.text.push_str(" markerUnits=\"userSpaceOnUse\"");
        }
        self.text.push_str(match marker.turn {
            MarkerDirection::Along => " orient=\"auto\"",
            MarkerDirection::Against => " orient=\"auto-start-reverse\"",
            MarkerDirection::Fixed => "",
        });
        self.text.push('>');
        marker.items.iter().for_each(|item| self.item(item));
        self.text.push_str("</marker>");
    }

    fn open(&mut self, link: Option<u16>) {
        let Some(link) = link else { return };
        self.flush();
        self.pieces.push(MarkupPiece::Open(usize::from(link)));
        // The page writes the tag up to its `href`; here it ends.
        self.text.push('>');
    }

    fn close(&mut self, link: Option<u16>) {
        let Some(link) = link else { return };
        self.flush();
        self.pieces.push(MarkupPiece::Close(usize::from(link)));
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.pieces.push(MarkupPiece::Html(std::mem::take(&mut self.text)));
        }
    }

    fn item(&mut self, item: &Item) {
        match &item.shape {
            DrawnShape::Rectangle([x, y, width, height], [round, down]) => {
                self.text.push_str("<rect");
                self.all(&[("x", *x), ("y", *y), ("width", *width), ("height", *height)]);
                if round.hundredths() > 0 {
                    self.all(&[("rx", *round), ("ry", *down)]);
                }
            }
            DrawnShape::Ellipse([x, y, across, down]) => {
                self.text.push_str("<ellipse");
                self.all(&[("cx", *x), ("cy", *y), ("rx", *across), ("ry", *down)]);
            }
            DrawnShape::Line([x, y, to_x, to_y]) => {
                self.text.push_str("<line");
                self.all(&[("x1", *x), ("y1", *y), ("x2", *to_x), ("y2", *to_y)]);
            }
            DrawnShape::Corners(points, join) => {
                self.text.push_str(if *join == Join::Closed {
                    "<polygon points=\""
                } else {
                    "<polyline points=\""
                });
                for (at, point) in points.iter().enumerate() {
                    self.text.push_str(if at > 0 { " " } else { "" });
                    self.lengths(point, ",");
                }
                self.text.push('"');
            }
            DrawnShape::Path(steps) => {
                self.text.push_str("<path d=\"");
                steps.iter().for_each(|step| self.step(step));
                self.text.push('"');
            }
            DrawnShape::Text(words) => return self.words(words, item),
        }
        self.place(&item.transform);
        self.paint(&item.paint);
        self.text.push_str("/>");
    }

    fn step(&mut self, PathStep(command, numbers): &PathStep) {
        self.text.push(char::from(*command));
        self.lengths(numbers, " ");
    }

    fn words(&mut self, words: &DrawnText, item: &Item) {
        let [first, rest @ ..] = &words.runs[..] else { return };
        self.text.push_str("<text");
        if let Some([x, y]) = first.at {
            self.all(&[("x", x), ("y", y)]);
        }
        self.length("font-size", words.size);
        self.text.push_str(match words.anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        });
        self.text.push_str(match words.baseline {
            Baseline::Alphabetic => "",
            Baseline::Central => " dominant-baseline=\"central\"",
            Baseline::Hanging => " dominant-baseline=\"hanging\"",
            Baseline::Above => " dominant-baseline=\"text-before-edge\"",
            Baseline::Below => " dominant-baseline=\"text-after-edge\"",
        });
        self.place(&item.transform);
        self.paint(&item.paint);
        self.face(first.weight, first.slant);
        self.text.push('>');
        push_attribute(&mut self.text, &first.text);
        for run in rest {
            self.text.push_str("<tspan");
            if let Some([x, y]) = run.at {
                self.all(&[("x", x), ("y", y)]);
            }
            if (run.weight, run.slant) != (first.weight, first.slant) {
                self.face(run.weight, run.slant);
            }
            self.text.push('>');
            push_attribute(&mut self.text, &run.text);
            self.text.push_str("</tspan>");
        }
        self.text.push_str("</text>");
    }

    fn face(&mut self, weight: FontWeight, slant: Slant) {
        if weight == FontWeight::Bold {
            self.text.push_str(" font-weight=\"bold\"");
        }
        if slant == Slant::Italic {
            self.text.push_str(" font-style=\"italic\"");
        }
    }

    fn place(&mut self, place: &Transform) {
        match place.linear {
            None if place.shift == Transform::HERE.shift => {}
            None => {
                self.text.push_str(" transform=\"translate(");
                self.lengths(&place.shift, " ");
                self.text.push_str(")\"");
            }
            Some(linear) => {
                self.text.push_str(" transform=\"matrix(");
                for part in linear {
                    self.put(format_args!("{} ", f64::from(part) / 10_000.0));
                }
                self.lengths(&place.shift, " ");
                self.text.push_str(")\"");
            }
        }
    }

    fn paint(&mut self, paint: &Paint) {
        self.classes(paint);
        match paint.fill {
            PaintColour::None => self.text.push_str(" fill=\"none\""),
            PaintColour::Own(colour) => self.put(format_args!(" fill=\"#{:06x}\"", colour & 0xff_ff_ff)),
            PaintColour::Of(_) => {}
        }
        if let PaintColour::Own(colour) = paint.line {
            self.put(format_args!(" stroke=\"#{:06x}\"", colour & 0xff_ff_ff));
        }
        if paint.line != PaintColour::None {
            // One pixel is the default of SVG.
            if paint.width.hundredths() != 100 {
                self.length("stroke-width", paint.width);
            }
            if !paint.dashes.is_empty() {
                self.text.push_str(" stroke-dasharray=\"");
                self.lengths(&paint.dashes, " ");
                self.text.push('"');
            }
        }
        if paint.opacity < 100 {
            self.put(format_args!(" opacity=\"{}\"", f64::from(paint.opacity) / 100.0));
        }
        let id = self.id;
        for (name, marker) in ["marker-start", "marker-end"].into_iter().zip(paint.markers) {
            if let Some(number) = marker {
                self.put(format_args!(" {name}=\"url(#{id}-m{number})\""));
            }
        }
    }

    fn classes(&mut self, paint: &Paint) {
        let mut before = " class=\"d";
        for (property, tone) in [("f-", paint.fill), ("s-", paint.line)] {
            let PaintColour::Of(role) = tone else { continue };
            for part in [before, property, role.name()] {
                self.text.push_str(part);
            }
            before = " d";
        }
        if before == " d" {
            self.text.push('"');
        }
    }

    fn all(&mut self, attributes: &[(&str, Length)]) {
        attributes.iter().for_each(|(name, length)| self.length(name, *length));
    }

    fn length(&mut self, name: &str, length: Length) {
        for part in [" ", name, "=\""] {
            self.text.push_str(part);
        }
        push_length(&mut self.text, length);
        self.text.push('"');
    }

    fn lengths(&mut self, lengths: &[Length], between: &str) {
        for (at, length) in lengths.iter().enumerate() {
            self.text.push_str(if at > 0 { between } else { "" });
            push_length(&mut self.text, *length);
        }
    }

    fn put(&mut self, arguments: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.text.write_fmt(arguments);
    }
}

/// Appends a length without unneeded digits: `-1.5`. Drawings consist mostly of lengths, so no formatter is used.
fn push_length(out: &mut String, length: Length) {
    let mut digits = [b'0'; LENGTH];
    let mut rest = length.hundredths().unsigned_abs();
    let mut start = LENGTH;
    // At least three digits: two after the point and one before it.
    while rest > 0 || start > LENGTH - 3 {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    out.push_str(if length.hundredths() < 0 { "-" } else { "" });
    digits[start..LENGTH - 2].iter().for_each(|digit| out.push(char::from(*digit)));
    match digits[LENGTH - 2..] {
        [b'0', b'0'] => {}
        [tenth, b'0'] => out.extend(['.', char::from(tenth)]),
        [tenth, hundredth] => out.extend(['.', char::from(tenth), char::from(hundredth)]),
        _ => unreachable!("a length has two digits behind its point"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_no_needless_digits() {
        for (pixels, written) in
            [(0.0, "0"), (-1.5, "-1.5"), (2.05, "2.05"), (12.0, "12"), (-0.01, "-0.01"), (100.1, "100.1")]
        {
            let mut out = String::new();
            push_length(&mut out, Length::from_pixels(pixels).unwrap());
            assert_eq!(out, written);
        }
    }
}
