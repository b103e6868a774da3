//! The colour of the brand in drawings that stand alone: the poster and cards.
//!
//! Owns the colour of a handbook without `accent`, which is that of light pages of the built-in theme.

use crate::accent::{Grounds, SolidColour, derive};
use crate::site::Site;

/// The accent of the built-in theme on light pages.
const DEFAULT: &str = "#0d7186";

/// The accent as text on white.
pub(super) fn brand_colour(site: &Site) -> String {
    let Some(accent) = &site.config.brand.accent else { return DEFAULT.to_owned() };
    let white = SolidColour::parse("#fff").into_iter().collect();
    derive(accent.colour, &Grounds { light: white, dark: Vec::new() }).accent.light.to_string()
}
