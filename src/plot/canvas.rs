//! Writes the SVG text of a drawing.
//!
//! This module owns the frame of a drawing with its title and description, textures, legends, and the form of
//! numbers.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{CHARACTER, LINE, Look, PlotTexts, Texture, WIDTH};
use crate::html_escape::escape_attribute;

/// The side of a swatch in a legend.
const SWATCH: f64 = 11.0;
/// The gap between two entries of a legend.
const GAP: f64 = 14.0;

/// The shapes of a drawing so far.
pub(super) struct Canvas<'a> {
    texts: &'a PlotTexts<'a>,
    /// The class of the whole drawing, such as `bars`.
    class: &'static str,
    shapes: String,
    looks: BTreeSet<Look>,
}

/// A position in units.
pub(super) type Place = (f64, f64);

/// Which side of a text its position is at.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl<'a> Canvas<'a> {
    pub fn new(texts: &'a PlotTexts<'a>, class: &'static str) -> Canvas<'a> {
        Canvas { texts, class, shapes: String::new(), looks: BTreeSet::new() }
    }

    pub fn line(&mut self, class: &str, from: Place, to: Place) {
        let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(Short);
        self.put(format_args!("<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>"));
    }

    /// A rectangle with a look; nothing where it has no size.
    pub fn rect(&mut self, look: Look, place: Place, size: Place) {
        let fill = self.fill(look);
        let class = look.ink.class();
        self.shape(&format!("{class}{fill}"), place, size);
    }

    /// A rectangle with a class of its own.
    pub fn plain_rect(&mut self, class: &str, place: Place, size: Place) {
        self.shape(&format!("{class}\""), place, size);
    }

    /// `class` ends with its closing quote, and further attributes.
    fn shape(&mut self, class: &str, place: Place, size: Place) {
        if size.0 <= 0.0 || size.1 <= 0.0 {
            return;
        }
        let [x, y, width, height] = [place.0, place.1, size.0, size.1].map(Short);
        self.put(format_args!(
            "<rect class=\"{class} x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>"
        ));
    }

    pub fn path(&mut self, class: &str, steps: &str) {
        if !steps.is_empty() {
            self.put(format_args!("<path class=\"{class}\" d=\"{steps}\"/>"));
        }
    }

    pub fn text(&mut self, class: &str, place: Place, anchor: Anchor, text: &str) {
        let [x, y] = [place.0, place.1].map(Short);
        // A text starts at its position unless a class says otherwise.
        let anchor = match anchor {
            Anchor::Start => None,
            Anchor::Middle => Some("middle"),
            Anchor::End => Some("end"),
        };
        let classes: Vec<&str> =
            [class].into_iter().filter(|class| !class.is_empty()).chain(anchor).collect();
        let class =
            if classes.is_empty() { String::new() } else { format!(" class=\"{}\"", classes.join(" ")) };
        self.put(format_args!("<text{class} x=\"{x}\" y=\"{y}\">{}</text>", escape_attribute(text)));
    }

    /// Names each look, in lines from `top` on. Returns where the lines end.
    pub fn legend<'l>(&mut self, entries: impl Iterator<Item = (&'l str, Look)>, top: f64) -> f64 {
        let (mut x, mut y) = (0.0, top);
        let mut end = top;
        for (name, look) in entries {
            let width = SWATCH + 5.0 + name.chars().count() as f64 * CHARACTER;
            if x > 0.0 && x + width > WIDTH {
                (x, y) = (0.0, y + LINE);
            }
            self.rect(look, (x + 0.5, y + 2.5), (SWATCH, SWATCH));
            let beside = (x + SWATCH + 5.0, y + 2.5 + SWATCH / 2.0);
            self.text("centred", beside, Anchor::Start, &super::fitting(name, WIDTH - SWATCH));
            x += width + GAP;
            end = y + LINE;
        }
        end
    }

    /// The end of the class attribute, and where the look has a texture, the attribute that refers to it. A look
    /// without texture is filled by its class.
    fn fill(&mut self, look: Look) -> String {
        match (pattern(look), look.texture) {
            (Some(pattern), _) => {
                self.looks.insert(look);
                format!(" textured\" fill=\"url(#{}-{})\"", self.texts.id, pattern.name)
            }
            (None, Texture::Outlined) => " outlined\"".to_owned(),
            (None, _) => "\"".to_owned(),
        }
    }

    pub fn put(&mut self, shape: std::fmt::Arguments<'_>) {
        self.shapes.write_fmt(shape).expect("writing into a text cannot fail");
    }

    /// The drawing with its height and the description of its numbers.
    pub fn finish(self, height: f64, description: &str) -> String {
        let (id, class) = (self.texts.id, self.class);
        let [width, height] = [WIDTH, height].map(Short);
        let place = match self.texts.place {
            None => format!("width=\"{width}\" height=\"{height}\""),
            Some(place) => {
                let [x, y, width, height] = [place.x, place.y, place.width, place.height].map(Short);
                format!(
                    "x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" preserveAspectRatio=\"xMinYMin\""
                )
            }
        };
        let mut svg = format!(
            "<svg class=\"ob-plot {class}\" role=\"img\" aria-labelledby=\"{id}-t\" aria-describedby=\"{id}-d\" \
             viewBox=\"0 0 {width} {height}\" {place}><title id=\"{id}-t\">{}</title>\
             <desc id=\"{id}-d\">{}</desc>",
            escape_attribute(self.texts.title),
            escape_attribute(description),
        );
        if !self.looks.is_empty() {
            svg.push_str("<defs>");
            for look in &self.looks {
                if let Some(pattern) = pattern(*look) {
                    push_pattern(&mut svg, id, *look, pattern);
                }
            }
            svg.push_str("</defs>");
        }
        svg + &self.shapes + "</svg>"
    }
}

/// The pattern of a look with a texture: its ground and the marks on it.
struct TexturePattern {
    /// Unique among the looks.
    name: String,
    /// An attribute, with a space before it.
    turn: &'static str,
    marks: &'static str,
}

/// `None` for a look that a class can fill.
fn pattern(look: Look) -> Option<TexturePattern> {
    let (letter, turn, marks) = match look.texture {
        Texture::Solid | Texture::Outlined => return None,
        Texture::Hatched => ('h', " patternTransform=\"rotate(45)\"", "<path class=\"mark\" d=\"M1 0v4\"/>"),
        Texture::Dotted => ('d', "", "<circle class=\"spot\" cx=\"2\" cy=\"2\" r=\"1.1\"/>"),
        Texture::Lined => ('l', "", "<path class=\"mark\" d=\"M0 1h4\"/>"),
        Texture::Crossed => ('c', "", "<path class=\"mark\" d=\"M0 1h4M1 0v4\"/>"),
    };
    Some(TexturePattern { name: format!("{letter}{}", look.ink.class()), turn, marks })
}

fn push_pattern(
    svg: &mut String,
    id: &str,
    look: Look,
    TexturePattern { name, turn, marks }: TexturePattern,
) {
    let class = look.ink.class();
    write!(
        svg,
        "<pattern id=\"{id}-{name}\" class=\"{class}\" width=\"4\" height=\"4\" patternUnits=\"userSpaceOnUse\"{turn}>\
         <rect class=\"ground\" width=\"4\" height=\"4\"/>{marks}</pattern>"
    )
    .expect("writing into a text cannot fail");
}

/// A number with at most one decimal.
pub(super) struct Short(pub f64);

impl std::fmt::Display for Short {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let tenths = (self.0 * 10.0).round() as i64;
        let sign = if tenths < 0 { "-" } else { "" };
        let (whole, rest) = (tenths.abs() / 10, tenths.abs() % 10);
        if rest == 0 { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.{rest}") }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Ink;
    use super::super::tests::{numbers, texts};
    use super::*;

    #[test]
    fn numbers_are_as_short_as_they_can_be() {
        let short = |number| Short(number).to_string();
        assert_eq!([short(12.0), short(0.04), short(-0.26), short(9.96)], ["12", "0", "-0.3", "10"]);
    }

    #[test]
    fn a_legend_wraps_before_the_edge_and_refers_to_textures_that_exist() {
        let texts = texts();
        let mut canvas = Canvas::new(&texts, "bars");
        let names = ["of moderate length", "SEV1", "and another one that is long", "last"];
        let looks = names.iter().enumerate().map(|(level, name)| (*name, Look::of_level(level)));
        let end = canvas.legend(looks, 0.0);
        let drawing = canvas.finish(end, "D");
        assert_eq!(end, 2.0 * LINE);
        for (x, name) in numbers(&drawing, "text", "x").iter().zip(names) {
            assert!(x + name.len() as f64 * CHARACTER <= WIDTH, "{name} begins at {x}");
        }
        for reference in drawing.split("url(#").skip(1) {
            let id = reference.split(')').next().unwrap();
            assert!(drawing.contains(&format!("<pattern id=\"{id}\"")), "{id}");
        }
        assert_eq!(drawing.matches("url(#").count(), 3);
    }

    #[test]
    fn a_shape_without_size_is_not_written() {
        let texts = texts();
        let mut canvas = Canvas::new(&texts, "bars");
        canvas.rect(Look::new(Ink::Red, Texture::Solid), (0.0, 0.0), (10.0, 0.0));
        assert!(!canvas.finish(1.0, "D").contains("<rect"));
    }
}
