//! The colours of a handbook that follow from one accent: a light and a dark variant that can be read on the page.
//!
//! Owns the derivation. It moves the lightness in OKLCH, where equal steps look equal, and keeps the hue; the chroma
//! becomes less only where a screen cannot show it. Contrast is that of WCAG 2.2. Knows no theme: the caller passes the
//! colours of the grounds.

use std::fmt;

use color::{Oklch, OpaqueColor, Srgb};

/// The least contrast of text on its ground (WCAG 2.2, 1.4.3).
pub const TEXT_CONTRAST: f32 = 4.5;
/// The contrast of links, which also lie on tinted grounds such as those of notes.
const LINK_CONTRAST: f32 = 5.5;
/// The contrasts where readers ask for more (WCAG 2.2, 1.4.6).
const MORE_CONTRAST: f32 = 7.0;
/// The share of the accent in the ground of the current entry of a menu.
const TINT: f32 = 0.09;
/// The step of the search for a lightness; a smaller one cannot be seen.
const STEP: f32 = 0.004;
/// How much lighter or darker a link becomes below the pointer.
const HOVER: f32 = 0.12;

/// An opaque colour of a screen with 8 bits for each part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SolidColour([u8; 3]);

impl SolidColour {
    /// A colour as CSS writes it; `None` for other texts and for colours that are not opaque.
    pub fn parse(text: &str) -> Option<SolidColour> {
        let parsed = color::parse_color(text.trim()).ok()?.to_alpha_color::<Srgb>();
        let (opaque, alpha) = parsed.split();
        (alpha >= 1.0).then(|| SolidColour::of(opaque))
    }

    fn of(colour: OpaqueColor<Srgb>) -> SolidColour {
        let rounded = colour.to_rgba8();
        SolidColour([rounded.r, rounded.g, rounded.b])
    }

    fn exact(self) -> OpaqueColor<Srgb> {
        let SolidColour([red, green, blue]) = self;
        OpaqueColor::from_rgb8(red, green, blue)
    }

    /// The contrast with another colour, from 1 to 21.
    pub fn contrast(self, other: SolidColour) -> f32 {
        let (one, other) = (self.exact().relative_luminance(), other.exact().relative_luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// The least contrast with a scheme's grounds, and with the first of them tinted by the colour itself.
    fn least_contrast(self, grounds: &[SolidColour]) -> f32 {
        let tinted =
            grounds.first().map(|ground| SolidColour::of(ground.exact().lerp_rect(self.exact(), TINT)));
        let contrasts = grounds.iter().copied().chain(tinted).map(|ground| self.contrast(ground));
        contrasts.fold(f32::INFINITY, f32::min)
    }

    /// The colour with this lightness and its own hue, and as much of its chroma as a screen can show.
    fn with_lightness(self, lightness: f32) -> SolidColour {
        let [_, chroma, hue] = self.exact().convert::<Oklch>().components;
        let shade = |chroma: f32| OpaqueColor::<Oklch>::new([lightness, chroma, hue]).convert::<Srgb>();
        let fits = |chroma: f32| shade(chroma).components.iter().all(|part| (-1e-4..=1.0001).contains(part));
        let (mut low, mut high) = (0.0, chroma);
        if fits(chroma) {
            low = chroma;
        } else {
            // 16 halvings are finer than 8 bits.
            for _ in 0..16 {
                let middle = (low + high) / 2.0;
                if fits(middle) { low = middle } else { high = middle }
            }
        }
        SolidColour::of(shade(low))
    }

    fn lightness(self) -> f32 {
        self.exact().convert::<Oklch>().components[0]
    }

    /// The nearest shade of the colour that has a contrast on all grounds of a scheme.
    fn readable(self, scheme: Scheme, grounds: &[SolidColour], contrast: f32) -> SolidColour {
        let mut shade = self;
        let mut lightness = self.lightness();
        while shade.least_contrast(grounds) < contrast && (0.0..=1.0).contains(&lightness) {
            lightness += scheme.away_from_ground(STEP);
            shade = self.with_lightness(lightness.clamp(0.0, 1.0));
        }
        shade
    }
}

impl fmt::Display for SolidColour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SolidColour([red, green, blue]) = self;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// A colour scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Light,
    Dark,
}

impl Scheme {
    /// A difference of lightness towards more contrast.
    fn away_from_ground(self, difference: f32) -> f32 {
        match self {
            Scheme::Light => -difference,
            Scheme::Dark => difference,
        }
    }
}

/// The grounds that text lies on, by scheme. The first of each is that of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grounds {
    pub light: Vec<SolidColour>,
    pub dark: Vec<SolidColour>,
}

/// The same colour for both schemes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColourPair {
    pub light: SolidColour,
    pub dark: SolidColour,
}

impl ColourPair {
    /// As a value of CSS.
    pub fn css(self) -> String {
        format!("light-dark({},{})", self.light, self.dark)
    }
}

/// What follows from an accent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    pub accent: ColourPair,
    pub link: ColourPair,
    pub link_hover: ColourPair,
    /// The accent and links where readers ask for more contrast.
    pub strong: ColourPair,
}

/// Derives the colours of an accent for these grounds.
pub fn derive(accent: SolidColour, grounds: &Grounds) -> Palette {
    let pair = |contrast: f32| ColourPair {
        light: accent.readable(Scheme::Light, &grounds.light, contrast),
        dark: accent.readable(Scheme::Dark, &grounds.dark, contrast),
    };
    let link = pair(LINK_CONTRAST);
    let hover = |scheme: Scheme, shade: SolidColour| {
        let lightness = shade.lightness() + scheme.away_from_ground(HOVER);
        shade.with_lightness(lightness.clamp(0.0, 1.0))
    };
    Palette {
        accent: pair(TEXT_CONTRAST),
        link,
        link_hover: ColourPair {
            light: hover(Scheme::Light, link.light),
            dark: hover(Scheme::Dark, link.dark),
        },
        strong: pair(MORE_CONTRAST),
    }
}

/// Why an accent as given cannot be text on a light page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeakAccent {
    /// The contrast that it has.
    pub contrast: f32,
    /// The nearest shade that can.
    pub shade: SolidColour,
}

/// Whether light pages show another shade of the accent than the given one.
pub fn weakness(accent: SolidColour, grounds: &Grounds) -> Option<WeakAccent> {
    let contrast = accent.least_contrast(&grounds.light);
    (contrast < TEXT_CONTRAST).then(|| WeakAccent {
        contrast,
        shade: accent.readable(Scheme::Light, &grounds.light, TEXT_CONTRAST),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> SolidColour {
        SolidColour::parse(text).unwrap()
    }

    fn grounds() -> Grounds {
        Grounds {
            light: vec![colour("#fff"), colour("#f4f6f3")],
            dark: vec![colour("#0f1518"), colour("#161e22")],
        }
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        for (one, other, contrast) in
            [("#000", "#fff", 21.0), ("#777", "#fff", 4.48), ("#767676", "white", 4.54)]
        {
            assert!((colour(one).contrast(colour(other)) - contrast).abs() < 0.01, "{one}");
        }
        assert_eq!(colour("rgb(255 0 16)").to_string(), "#ff0010");
        for text in ["", "#12", "url(x)", "#0000", "rgb(0 0 0 / 50%)", "red;}"] {
            assert_eq!(SolidColour::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_accent_that_can_be_read_stays_as_it_is() {
        let accent = colour("#5b2c91");
        assert_eq!(weakness(accent, &grounds()), None);
        let palette = derive(accent, &grounds());
        assert_eq!((palette.accent.light, palette.link.light), (accent, accent));
        assert_ne!(palette.accent.dark, accent);
    }

    #[test]
    fn every_shade_of_every_accent_can_be_read_and_keeps_its_hue() {
        let grounds = grounds();
        let parts = [0_u8, 1, 60, 128, 200, 254, 255];
        for red in parts {
            for green in parts {
                for blue in parts {
                    let accent = SolidColour([red, green, blue]);
                    let palette = derive(accent, &grounds);
                    for (pair, least) in [
                        (palette.accent, TEXT_CONTRAST),
                        (palette.link, LINK_CONTRAST),
                        (palette.link_hover, LINK_CONTRAST),
                        (palette.strong, MORE_CONTRAST),
                    ] {
                        assert!(pair.light.least_contrast(&grounds.light) >= least, "{accent} {pair:?}");
                        assert!(pair.dark.least_contrast(&grounds.dark) >= least, "{accent} {pair:?}");
                    }
                    let shade = weakness(accent, &grounds).map_or(accent, |weak| weak.shade);
                    assert_eq!(weakness(shade, &grounds), None, "{accent}: {shade}");
                    assert_eq!(shade, palette.accent.light);
                }
            }
        }
        let hue = |colour: SolidColour| colour.exact().convert::<Oklch>().components[2];
        let yellow = colour("#ffd400");
        let palette = derive(yellow, &grounds);
        assert!((hue(palette.accent.light) - hue(yellow)).abs() < 4.0, "{palette:?}");
        assert_eq!(palette.accent.dark, yellow);
    }
}
