//! A drawing as data: the allowlist of what a diagram can show.
//!
//! Owns the types between Mermaid's picture and our HTML. A drawing has shapes, lines and texts, with numbers for
//! positions and theme roles or plain colours for paint. It has no room for a script, a style, a foreign element or
//! the address of a resource. This also holds for a drawing from the cache. Must not know SVG or HTML.

use serde::{Deserialize, Serialize};

use super::theme_colours::ColourRole;

/// The most items of a drawing. A drawing with more could not be read as a picture.
pub const MOST_ITEMS: usize = 20_000;

/// A drawing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Drawing {
    /// Left, top, width and height of the visible area.
    pub view: [Length; 4],
    /// The title that the author gave, else the keyword of the diagram's type.
    pub title: String,
    /// The author's description, else the texts of the diagram in order. May be empty.
    pub description: String,
    /// Destinations as written; items refer to them by index.
    pub links: Vec<String>,
    pub markers: Vec<Marker>,
    pub items: Vec<Item>,
}

/// A length in hundredths of a pixel: always finite, and the same on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Length(i32);

/// One shape or text, with its position, link and paint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    pub transform: Transform,
    /// The index of its link in [`Drawing::links`].
    pub link: Option<u16>,
    pub shape: DrawnShape,
    pub paint: Paint,
}

/// An affine map: rotated and scaled, then shifted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Transform {
    /// `[a b c d]` of the matrix in ten-thousandths; `None` if nothing is rotated or scaled.
    pub linear: Option<[i32; 4]>,
    pub shift: [Length; 2],
}

/// The shape of an item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum DrawnShape {
    /// Left, top, width and height, and the horizontal and vertical radius of the corners.
    Rectangle([Length; 4], [Length; 2]),
    /// The centre, then the horizontal and vertical radius.
    Ellipse([Length; 4]),
    /// The start, then the end.
    Line([Length; 4]),
    /// The corners, and whether the last is joined to the first.
    Corners(Vec<[Length; 2]>, Join),
    Path(Vec<PathStep>),
    Text(DrawnText),
}

/// Whether the last corner is joined to the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Join {
    Closed,
    Open,
}

/// One step of a path: a command and its numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PathStep(pub PathCommand, pub Vec<Length>);

/// A path command, stored as its letter in SVG. Lower-case letters are relative to the current point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "char", into = "char")]
pub struct PathCommand(pub Stroke, pub DrawingReference);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stroke {
    Move,
    Line,
    /// A horizontal line.
    Across,
    /// A vertical line.
    Down,
    /// A cubic curve.
    Curve,
    /// A cubic curve whose first control point mirrors the last one of the step before.
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

/// A text of one or more lines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DrawnText {
    pub size: Length,
    pub anchor: Anchor,
    pub baseline: Baseline,
    pub runs: Vec<Run>,
}

/// A stretch of text with one weight and one slant. A run without `at` continues the previous one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    pub at: Option<[Length; 2]>,
    pub weight: FontWeight,
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
    /// The position is at the top edge of the text.
    Above,
    /// The position is at the bottom edge of the text.
    Below,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FontWeight {
    Normal,
    Bold,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Slant {
    Upright,
    Italic,
}

/// How an item is painted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Paint {
    pub fill: PaintColour,
    pub line: PaintColour,
    /// The width of the line.
    pub width: Length,
    pub dashes: Vec<Length>,
    /// In percent.
    pub opacity: u8,
    /// The indexes of the markers at the start and at the end of the line.
    pub markers: [Option<u16>; 2],
}

/// The colour of a fill or a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PaintColour {
    None,
    /// A colour of the theme.
    Of(ColourRole),
    /// A colour that the author wrote: red, green and blue as one number, `0xRRGGBB`.
    Own(u32),
}

/// The symbol at the end of a line, such as an arrowhead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Marker {
    pub view: Option<[Length; 4]>,
    /// The point of the marker at the end of the line.
    pub reference: [Length; 2],
    pub size: [Length; 2],
    pub scale: MarkerUnits,
    pub turn: MarkerDirection,
    pub items: Vec<Item>,
}

/// The unit of a marker's size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MarkerUnits {
    Pixels,
    LineWidths,
}

/// The direction of a marker relative to its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MarkerDirection {
    Along,
    /// Along the line, but reversed at its start.
    Against,
    Fixed,
}

impl Length {
    /// The nearest length. Returns `None` for NaN, and beyond a million pixels, which is far outside any picture.
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

/// The letter of each stroke as an absolute command.
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

impl TryFrom<char> for PathCommand {
    type Error = &'static str;

    fn try_from(letter: char) -> Result<PathCommand, &'static str> {
        let capital = letter.to_ascii_uppercase();
        let stroke = LETTERS.iter().find(|(known, _)| *known == capital).ok_or("no command of paths")?.1;
        let reference =
            if letter == capital { DrawingReference::Absolute } else { DrawingReference::Relative };
        Ok(PathCommand(stroke, reference))
    }
}

impl From<PathCommand> for char {
    fn from(PathCommand(stroke, reference): PathCommand) -> char {
        let letter = LETTERS.iter().find(|(_, known)| *known == stroke).map_or('Z', |(letter, _)| *letter);
        if reference == DrawingReference::Relative { letter.to_ascii_lowercase() } else { letter }
    }
}

impl Transform {
    /// The identity.
    pub const HERE: Transform = Transform { linear: None, shift: [Length(0), Length(0)] };
}

impl Drawing {
    /// The number of markers.
    pub fn markers(&self) -> usize {
        self.markers.len()
    }

    /// The items of the drawing and of its markers.
    pub fn all_items(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().chain(self.markers.iter().flat_map(|marker| &marker.items))
    }

    /// The texts in the order in which they are drawn, without those in markers.
    pub fn texts(&self) -> impl Iterator<Item = &DrawnText> {
        self.all_items().filter_map(|item| match &item.shape {
            DrawnShape::Text(words) => Some(words),
            _ => None,
        })
    }
}
