//! The computed style of an element in Mermaid's picture.
//!
//! Owns the properties that matter to a still picture, how elements inherit them, and how a written colour becomes a
//! [`PaintColour`].

use roxmltree::Node;

use super::colour::Colour;
use super::drawing::{Anchor, Baseline, FontWeight, PaintColour, Slant};
use super::geometry::pixels;
use super::stylesheet::{self, INLINE, Sheet};
use super::theme_colours::ColourRole;

/// The properties that are read, both from attributes and from style sheets. `fill` is the first:
/// [`Style::outermost`] sets it by its index.
const PROPERTIES: [&str; 20] = [
    "fill",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "opacity",
    "fill-opacity",
    "stroke-opacity",
    "font-size",
    "font-weight",
    "font-style",
    "text-anchor",
    "dominant-baseline",
    "alignment-baseline",
    "display",
    "visibility",
    "color",
    "marker-start",
    "marker-end",
    "transform",
    "transform-origin",
];

/// The properties that children do not inherit.
const NOT_HANDED_DOWN: [&str; 5] = ["marker-start", "marker-end", "opacity", "transform", "transform-origin"];

/// The index of a property in [`PROPERTIES`].
fn index(property: &str) -> Option<usize> {
    PROPERTIES.iter().position(|known| *known == property)
}

/// The smallest font size, in pixels of Mermaid's picture. Smaller text cannot be read.
const SMALLEST: f64 = 12.5;

/// Computed values, as they were written.
#[derive(Debug, Clone)]
pub struct Style<'a> {
    /// By the index of the property; empty where it is not set.
    values: [&'a str; PROPERTIES.len()],
    /// The font size, in pixels.
    pub size: f64,
    /// The product of the opacities of this element and of all elements around it, from 0 to 1.
    pub opacity: f64,
    /// Whether this element or one around it has `display: none`.
    pub gone: bool,
}

/// What a colour is used for. It decides the role of a colour that is neither the theme's nor the author's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColourUse {
    Fill,
    Line,
    Text,
}

impl<'a> Style<'a> {
    /// The style outside the picture.
    pub fn outermost() -> Style<'a> {
        let mut values = [""; PROPERTIES.len()];
        values[0] = "black";
        Style { values, size: 16.0, opacity: 1.0, gone: false }
    }

    /// The style of an element inside one with this style.
    pub fn inside(&self, node: Node<'a, 'a>, sheet: &Sheet<'a>) -> Style<'a> {
        let mut best: [Option<(stylesheet::Specificity, &'a str)>; PROPERTIES.len()] =
            [None; PROPERTIES.len()];
        // Of two declarations with the same weight the later one wins, as in CSS.
        let mut weigh = |property: &str, value: &'a str, weight: stylesheet::Specificity| {
            let Some(at) = index(property) else { return };
            if best[at].is_none_or(|(known, _)| weight >= known) && value != "inherit" {
                best[at] = Some((weight, value));
            }
        };
        for attribute in node.attributes() {
            weigh(
                attribute.name(),
                attribute.value(),
                stylesheet::Specificity { important: false, specificity: 0, order: 0 },
            );
        }
        sheet.each(node, &mut weigh);
        stylesheet::declarations(node.attribute("style").unwrap_or(""), INLINE, 0, &mut weigh);
        self.with(best.map(|found| found.map(|(_, value)| value)))
    }

    /// This style with an element's own values.
    fn with(&self, own: [Option<&'a str>; PROPERTIES.len()]) -> Style<'a> {
        let mut style = self.clone();
        for (at, (property, own)) in PROPERTIES.into_iter().zip(own).enumerate() {
            let handed = if NOT_HANDED_DOWN.contains(&property) { "" } else { self.values[at] };
            style.values[at] = own.unwrap_or(handed);
            match (property, own) {
                ("font-size", Some(size)) => style.size = pixels(size, self.size).unwrap_or(self.size),
                ("display", Some("none")) => style.gone = true,
                _ => {}
            }
        }
        style.size = style.size.clamp(SMALLEST, 200.0);
        style.opacity *= style.share("opacity").unwrap_or(1.0);
        style
    }

    /// The value of a property as written; empty where it is not set.
    pub fn value(&self, property: &str) -> &'a str {
        index(property).map_or("", |at| self.values[at])
    }

    /// A number from 0 to 1, which may be written in percent.
    fn share(&self, property: &str) -> Option<f64> {
        let text = self.value(property);
        let number = match text.strip_suffix('%') {
            Some(percent) => percent.parse::<f64>().ok()? / 100.0,
            None => text.parse().ok()?,
        };
        number.is_finite().then(|| number.clamp(0.0, 1.0))
    }

    /// Whether the element itself is visible.
    pub fn is_seen(&self) -> bool {
        !self.gone && !matches!(self.value("visibility"), "hidden" | "collapse") && self.opacity > 0.0
    }

    /// The colour of `property`, for an element with this use. `authored` returns whether the author wrote a colour.
    pub fn tone(&self, property: &str, usage: ColourUse, authored: &dyn Fn(&str) -> bool) -> PaintColour {
        let text = self.value(property);
        let share = if property == "stroke" { "stroke-opacity" } else { "fill-opacity" };
        if matches!(text, "none" | "transparent" | "") || self.share(share) == Some(0.0) {
            return PaintColour::None;
        }
        if text.eq_ignore_ascii_case("currentcolor") && !self.value("color").is_empty() {
            return tone(self.value("color"), usage, authored);
        }
        tone(text, usage, authored)
    }

    pub fn anchor(&self) -> Anchor {
        match self.value("text-anchor") {
            "middle" => Anchor::Middle,
            "end" => Anchor::End,
            _ => Anchor::Start,
        }
    }

    pub fn baseline(&self) -> Baseline {
        let own = self.value("alignment-baseline");
        match if own.is_empty() { self.value("dominant-baseline") } else { own } {
            "middle" | "central" => Baseline::Central,
            "hanging" => Baseline::Hanging,
            "text-before-edge" | "text-top" => Baseline::Above,
            "text-after-edge" | "text-bottom" => Baseline::Below,
            _ => Baseline::Alphabetic,
        }
    }

    pub fn weight(&self) -> FontWeight {
        match self.value("font-weight") {
            "bold" | "bolder" | "600" | "700" | "800" | "900" => FontWeight::Bold,
            _ => FontWeight::Normal,
        }
    }

    pub fn slant(&self) -> Slant {
        if matches!(self.value("font-style"), "italic" | "oblique") { Slant::Italic } else { Slant::Upright }
    }
}

/// The role whose token this is, else the author's own colour, else a role that fits the use.
fn tone(text: &str, usage: ColourUse, authored: &dyn Fn(&str) -> bool) -> PaintColour {
    let colour = Colour::read(text);
    if let Some(role) = colour.and_then(ColourRole::of_token) {
        return PaintColour::Of(role);
    }
    if let Some(colour) = colour
        && authored(text)
    {
        return PaintColour::Own(colour.bits());
    }
    // Of a colour that Mermaid computed, only light or dark is kept.
    let light = colour.is_none_or(|colour| colour.luminance() > 0.4);
    PaintColour::Of(match usage {
        ColourUse::Text => ColourRole::Ink,
        ColourUse::Line => ColourRole::Line,
        ColourUse::Fill if light => ColourRole::Box,
        ColourUse::Fill => ColourRole::Line,
    })
}
