//! A drawing as data: what may be drawn, and nothing else.
//!
//! Owns the types between Mermaid's picture and our HTML. They are the allowlist: a drawing has shapes, lines and
//! texts, with numbers for places and roles or plain colours for paint. There is no place in it for a script, a
//! style, a foreign element or an address, wherever it was read from. Knows neither SVG nor HTML.

use serde::{Deserialize, Serialize};

use super::theme_colours::ColourRole;

/// The most items and characters of a drawing; more would be no picture any more.
pub const MOST_ITEMS: usize = 20_000;

/// A drawing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Drawing {
    /// Left, top, width and height of what is shown.
    pub view: [Length; 4],
    /// What Mermaid calls this sort of diagram, or the title that the author gave it.
    pub title: String,
    /// What the author says about it, else its texts in order. May be empty.
    pub description: String,
    /// Destinations as written; items refer to them by number.
    pub links: Vec<String>,
    pub markers: Vec<Marker>,
    pub items: Vec<Item>,
}

/// A length in hundredths of a pixel: always finite, and equal on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Length(i32);

/// One thing that is drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    pub place: Transform,
    /// The number of its link.
    pub link: Option<u16>,
    pub form: DrawnShape,
    pub paint: Paint,
}

/// A map of the plane: turned and scaled, then shifted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Transform {
    /// In ten-thousandths; `None` where nothing is turned or scaled.
    pub linear: Option<[i32; 4]>,
    pub shift: [Length; 2],
}

/// What is drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum DrawnShape {
    /// Left, top, width, height, and the radii of its corners.
    Rectangle([Length; 4], [Length; 2]),
    /// Centre and radii.
    Ellipse([Length; 4]),
    /// From and to.
    Line([Length; 4]),
    /// Corners, and whether the last is joined to the first.
    Corners(Vec<[Length; 2]>, Join),
    Path(Vec<PathStep>),
    Text(TextLines),
}

/// Whether the end of a line meets its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Join {
    Closed,
    Open,
}

/// One step of a path: the command's letter and its numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PathStep(pub PathCommands, pub Vec<Length>);

/// The commands of paths. Small letters are relative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "char", into = "char")]
pub struct PathCommands(pub Stroke, pub DrawingReference);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stroke {
    Move,
    Line,
    Across,
    Down,
    Curve,
    Smooth,
    Quadratic,
    SmoothQuadratic,
    Arc,
    Close,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DrawingReference {
    Absolute,
    Relative,
}

/// Lines of text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TextLines {
    pub size: Length,
    pub anchor: Anchor,
    pub baseline: Baseline,
    pub runs: Vec<Run>,
}

/// A stretch of text of one sort. A run without `at` follows the one before it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    pub at: Option<[Length; 2]>,
    pub weight: LineWeight,
    pub slant: Slant,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Baseline {
    Alphabetic,
    Central,
    Hanging,
    Above,
    Below,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LineWeight {
    Normal,
    Bold,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Slant {
    Upright,
    Italic,
}

/// How a form is painted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Paint {
    pub fill: PaintColour,
    pub line: PaintColour,
    /// Of the line.
    pub width: Length,
    pub dashes: Vec<Length>,
    /// In percent.
    pub opacity: u8,
    /// The number of the marker at the beginning of the line, and at its end.
    pub markers: [Option<u16>; 2],
}

/// A colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PaintColour {
    None,
    /// The theme's.
    Of(ColourRole),
    /// The author's own: red, green and blue as one number.
    Own(u32),
}

/// What stands at the end of a line, such as an arrowhead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Marker {
    pub view: Option<[Length; 4]>,
    /// The point that lies on the line's end.
    pub reference: [Length; 2],
    pub size: [Length; 2],
    pub scale: MarkerUnits,
    pub turn: MarkerDirection,
    pub items: Vec<Item>,
}

/// What the size of a marker is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MarkerUnits {
    Pixels,
    LineWidths,
}

/// Which way a marker points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MarkerDirection {
    Along,
    Against,
    Fixed,
}

impl Length {
    /// The nearest length; `None` where the number is none, or far from any picture.
    pub fn from_pixels(pixels: f64) -> Option<Length> {
        let hundredths = (pixels * 100.0).round();
        (hundredths.abs() <= 1e8).then_some(Length(hundredths as i32))
    }

    pub fn pixels(self) -> f64 {
        f64::from(self.0) / 100.0
    }

    pub fn hundredths(self) -> i32 {
        self.0
    }
}

/// Each stroke by its letter.
const LETTERS: [(char, Stroke); 10] = [
    ('M', Stroke::Move),
    ('L', Stroke::Line),
    ('H', Stroke::Across),
    ('V', Stroke::Down),
    ('C', Stroke::Curve),
    ('S', Stroke::Smooth),
    ('Q', Stroke::Quadratic),
    ('T', Stroke::SmoothQuadratic),
    ('A', Stroke::Arc),
    ('Z', Stroke::Close),
];

impl TryFrom<char> for PathCommands {
    type Error = &'static str;

    fn try_from(letter: char) -> Result<PathCommands, &'static str> {
        let capital = letter.to_ascii_uppercase();
        let stroke = LETTERS.iter().find(|(known, _)| *known == capital).ok_or("no command of paths")?.1;
        let reference =
            if letter == capital { DrawingReference::Absolute } else { DrawingReference::Relative };
        Ok(PathCommands(stroke, reference))
    }
}

impl From<PathCommands> for char {
    fn from(PathCommands(stroke, reference): PathCommands) -> char {
        let letter = LETTERS.iter().find(|(_, known)| *known == stroke).map_or('Z', |(letter, _)| *letter);
        if reference == DrawingReference::Relative { letter.to_ascii_lowercase() } else { letter }
    }
}

impl Transform {
    /// Where nothing is moved.
    pub const HERE: Transform = Transform { linear: None, shift: [Length(0), Length(0)] };
}

impl Drawing {
    /// How many markers there are.
    pub fn markers(&self) -> usize {
        self.markers.len()
    }

    /// The texts in the order in which they are drawn.
    pub fn texts(&self) -> impl Iterator<Item = &TextLines> {
        self.items.iter().filter_map(|item| match &item.form {
            DrawnShape::Text(words) => Some(words),
            _ => None,
        })
    }
}
