//! Colours as numbers, and the contrast between them.
//!
//! Owns how a CSS colour is read, and contrast as the Web Content Accessibility Guidelines (WCAG) define it.

/// An opaque colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Colour {
    pub red: u8,
    pub green: u8,
    pub blue: u8,
}

/// The least contrast between a line and its background, so that everyone can see the line.
pub const LINE_CONTRAST: f64 = 3.0;
/// The least contrast between text and its background, so that everyone can read the text.
pub const TEXT_CONTRAST: f64 = 4.5;

pub const BLACK: Colour = Colour::of(0);
pub const WHITE: Colour = Colour::of(0xff_ff_ff);

/// The names that authors use. Diagrams do not need all 148 names of CSS.
const NAMES: &[(&str, u32)] = &[
    ("aqua", 0x00ffff),
    ("aquamarine", 0x7fffd4),
    ("azure", 0xf0ffff),
    ("beige", 0xf5f5dc),
    ("black", 0x000000),
    ("blue", 0x0000ff),
    ("brown", 0xa52a2a),
    ("coral", 0xff7f50),
    ("cornflowerblue", 0x6495ed),
    ("crimson", 0xdc143c),
    ("cyan", 0x00ffff),
    ("darkblue", 0x00008b),
    ("darkgray", 0xa9a9a9),
    ("darkgreen", 0x006400),
    ("darkgrey", 0xa9a9a9),
    ("darkorange", 0xff8c00),
    ("darkred", 0x8b0000),
    ("deepskyblue", 0x00bfff),
    ("dimgray", 0x696969),
    ("dimgrey", 0x696969),
    ("dodgerblue", 0x1e90ff),
    ("firebrick", 0xb22222),
    ("forestgreen", 0x228b22),
    ("fuchsia", 0xff00ff),
    ("gold", 0xffd700),
    ("goldenrod", 0xdaa520),
    ("gray", 0x808080),
    ("green", 0x008000),
    ("greenyellow", 0xadff2f),
    ("grey", 0x808080),
    ("hotpink", 0xff69b4),
    ("indianred", 0xcd5c5c),
    ("indigo", 0x4b0082),
    ("ivory", 0xfffff0),
    ("khaki", 0xf0e68c),
    ("lavender", 0xe6e6fa),
    ("lightblue", 0xadd8e6),
    ("lightcoral", 0xf08080),
    ("lightcyan", 0xe0ffff),
    ("lightgray", 0xd3d3d3),
    ("lightgreen", 0x90ee90),
    ("lightgrey", 0xd3d3d3),
    ("lightpink", 0xffb6c1),
    ("lightsalmon", 0xffa07a),
    ("lightskyblue", 0x87cefa),
    ("lightyellow", 0xffffe0),
    ("lime", 0x00ff00),
    ("limegreen", 0x32cd32),
    ("magenta", 0xff00ff),
    ("maroon", 0x800000),
    ("mediumpurple", 0x9370db),
    ("mistyrose", 0xffe4e1),
    ("moccasin", 0xffe4b5),
    ("navy", 0x000080),
    ("olive", 0x808000),
    ("orange", 0xffa500),
    ("orangered", 0xff4500),
    ("orchid", 0xda70d6),
    ("palegreen", 0x98fb98),
    ("peachpuff", 0xffdab9),
    ("pink", 0xffc0cb),
    ("plum", 0xdda0dd),
    ("purple", 0x800080),
    ("rebeccapurple", 0x663399),
    ("red", 0xff0000),
    ("royalblue", 0x4169e1),
    ("salmon", 0xfa8072),
    ("seagreen", 0x2e8b57),
    ("silver", 0xc0c0c0),
    ("skyblue", 0x87ceeb),
    ("slateblue", 0x6a5acd),
    ("slategray", 0x708090),
    ("slategrey", 0x708090),
    ("steelblue", 0x4682b4),
    ("tan", 0xd2b48c),
    ("teal", 0x008080),
    ("thistle", 0xd8bfd8),
    ("tomato", 0xff6347),
    ("turquoise", 0x40e0d0),
    ("violet", 0xee82ee),
    ("wheat", 0xf5deb3),
    ("white", 0xffffff),
    ("whitesmoke", 0xf5f5f5),
    ("yellow", 0xffff00),
    ("yellowgreen", 0x9acd32),
];

impl Colour {
    /// The colour with these 24 bits, `0xRRGGBB`.
    pub const fn of(bits: u32) -> Colour {
        let [_, red, green, blue] = bits.to_be_bytes();
        Colour { red, green, blue }
    }

    pub fn bits(self) -> u32 {
        u32::from_be_bytes([0, self.red, self.green, self.blue])
    }

    /// Reads a CSS colour: hexadecimal, `rgb()`, `hsl()` or a name. A transparent colour in `rgb()` or `hsl()` is
    /// mixed with white; hexadecimal digits for transparency are ignored.
    pub fn read(text: &str) -> Option<Colour> {
        let text = text.trim().to_ascii_lowercase();
        if let Some(digits) = text.strip_prefix('#') {
            return hexadecimal(digits);
        }
        if let Some(numbers) = arguments(&text, "rgb") {
            let byte = |at: usize| Some(numbers.get(at)?.clamp(0.0, 255.0));
            return Some(mix(byte(0)?, byte(1)?, byte(2)?, numbers.get(3).copied()));
        }
        if let Some(numbers) = arguments(&text, "hsl") {
            let (red, green, blue) = of_hue(*numbers.first()?, *numbers.get(1)?, *numbers.get(2)?);
            return Some(mix(red, green, blue, numbers.get(3).copied()));
        }
        NAMES.iter().find(|(name, _)| *name == text).map(|(_, bits)| Colour::of(*bits))
    }

    /// The relative luminance as WCAG defines it, from 0 (black) to 1 (white).
    pub fn luminance(self) -> f64 {
        let linear = |byte: u8| {
            let share = f64::from(byte) / 255.0;
            if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// The contrast between two colours as WCAG defines it, from 1 to 21.
    pub fn contrast(self, other: Colour) -> f64 {
        let (a, b) = (self.luminance() + 0.05, other.luminance() + 0.05);
        if a > b { a / b } else { b / a }
    }

    /// Black or white, whichever has more contrast with this background.
    pub fn ink(self) -> Colour {
        if self.contrast(BLACK) >= self.contrast(WHITE) { BLACK } else { WHITE }
    }

    /// The same hue, made dark or bright enough to be visible both on white and on a page at night.
    pub fn on_any_page(self) -> Colour {
        // Between these luminances, a colour has at least LINE_CONTRAST with both backgrounds.
        let (low, high) = (0.13, 0.29);
        let luminance = self.luminance();
        if (low..=high).contains(&luminance) {
            return self;
        }
        let end = if luminance < low { WHITE } else { Colour::of(0) };
        let fits = |colour: &Colour| {
            if luminance < low { colour.luminance() >= low } else { colour.luminance() <= high }
        };
        (1..=50).map(|step| self.towards(end, f64::from(step) / 50.0)).find(fits).unwrap_or(end)
    }

    fn towards(self, end: Colour, share: f64) -> Colour {
        let byte =
            |from: u8, to: u8| (f64::from(from) + (f64::from(to) - f64::from(from)) * share).round() as u8;
        Colour {
            red: byte(self.red, end.red),
            green: byte(self.green, end.green),
            blue: byte(self.blue, end.blue),
        }
    }
}

fn hexadecimal(digits: &str) -> Option<Colour> {
    let nibbles: Vec<u32> = digits.chars().map(|digit| digit.to_digit(16)).collect::<Option<_>>()?;
    let pair = |high: u32, low: u32| (high * 16 + low) as u8;
    match nibbles[..] {
        [r, g, b] | [r, g, b, _] => Some(Colour { red: pair(r, r), green: pair(g, g), blue: pair(b, b) }),
        [r, rr, g, gg, b, bb] | [r, rr, g, gg, b, bb, _, _] => {
            Some(Colour { red: pair(r, rr), green: pair(g, gg), blue: pair(b, bb) })
        }
        _ => None,
    }
}

/// The numbers in `name(…)` or `namea(…)`. In `rgb`, a percentage is a share of 255.
fn arguments(text: &str, name: &str) -> Option<Vec<f64>> {
    let rest = text.strip_prefix(name)?;
    let inner = rest.strip_prefix('a').unwrap_or(rest).trim_start().strip_prefix('(')?.strip_suffix(')')?;
    let number = |part: &str| {
        let share = part.strip_suffix('%');
        let value: f64 = share.unwrap_or(part).trim_end_matches("deg").parse().ok()?;
        let scale = if share.is_some() && name == "rgb" { 2.55 } else { 1.0 };
        value.is_finite().then_some(value * scale)
    };
    inner.split([',', ' ', '/']).filter(|part| !part.is_empty()).map(number).collect()
}

/// The colour mixed with white by its opacity. Red, green and blue are from 0 to 255.
fn mix(red: f64, green: f64, blue: f64, opacity: Option<f64>) -> Colour {
    let share = opacity.unwrap_or(1.0).clamp(0.0, 1.0);
    let byte = |value: f64| (255.0 + (value - 255.0) * share).round().clamp(0.0, 255.0) as u8;
    Colour { red: byte(red), green: byte(green), blue: byte(blue) }
}

/// Converts hue in degrees, and saturation and lightness in percent, to red, green and blue from 0 to 255. The
/// formula is the one in CSS Color 4.
fn of_hue(hue: f64, saturation: f64, lightness: f64) -> (f64, f64, f64) {
    let (saturation, lightness) = ((saturation / 100.0).clamp(0.0, 1.0), (lightness / 100.0).clamp(0.0, 1.0));
    let reach = saturation * lightness.min(1.0 - lightness);
    let channel = |shift: f64| {
        let turn = (shift + hue / 30.0).rem_euclid(12.0);
        (lightness - reach * (turn - 3.0).min(9.0 - turn).clamp(-1.0, 1.0)) * 255.0
    };
    (channel(0.0), channel(8.0), channel(4.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notation_of_a_colour_is_read() {
        for text in
            ["#f00", "#FF0000", "#ff0000ff", "red", "rgb(255, 0, 0)", "rgb(100% 0% 0%)", "hsl(0, 100%, 50%)"]
        {
            assert_eq!(Colour::read(text), Some(Colour::of(0xff_00_00)), "{text}");
        }
        assert_eq!(Colour::read("rgba(0, 0, 0, 0.5)"), Some(Colour::of(0x80_80_80)));
        assert_eq!(Colour::read("hsl(120, 100%, 25%)"), Some(Colour::of(0x00_80_00)));
        for text in
            ["url(#x)", "var(--a)", "#12", "expression(1)", "rgb(NaN,0,0)", "rgb(1e999,0,0)", "inherit", ""]
        {
            assert_eq!(Colour::read(text), None, "{text}");
        }
    }

    #[test]
    fn ink_can_be_read_on_every_ground() {
        for bits in (0..0x100_0000).step_by(0x01_03_07) {
            let ground = Colour::of(bits);
            assert!(ground.ink().contrast(ground) >= TEXT_CONTRAST, "{bits:06x}");
        }
    }

    #[test]
    fn a_line_is_seen_by_day_and_by_night() {
        for bits in [0x00_00_00, 0xff_ff_ff, 0xff_ff_00, 0x00_00_ff, 0xff_66_66, 0x33_33_33] {
            let line = Colour::of(bits).on_any_page();
            assert!(line.contrast(WHITE) >= LINE_CONTRAST, "{bits:06x} → {line:?}");
            assert!(line.contrast(Colour::of(0x10_18_1c)) >= LINE_CONTRAST, "{bits:06x} → {line:?}");
        }
    }
}
