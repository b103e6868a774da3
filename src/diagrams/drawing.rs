//! A drawing as data: what may be drawn, and nothing else.
//!
//! Owns the types between Mermaid's picture and our HTML. They are the allowlist: a drawing has shapes, lines and
//! texts, with numbers for places and roles or plain colours for paint. There is no place in it for a script, a
//! style, a foreign element or an address, wherever it was read from. Knows neither SVG nor HTML.

use serde::{Deserialize, Serialize};

use super::role::Role;

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
    pub place: Place,
    /// The number of its link.
    pub link: Option<u16>,
    pub form: Form,
    pub paint: Paint,
}

/// A map of the plane: turned and scaled, then shifted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// In ten-thousandths; `None` where nothing is turned or scaled.
    pub linear: Option<[i32; 4]>,
    pub shift: [Length; 2],
}

/// What is drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Form {
    /// Left, top, width, height, and the radii of its corners.
    Rectangle([Length; 4], [Length; 2]),
    /// Centre and radii.
    Ellipse([Length; 4]),
    /// From and to.
    Line([Length; 4]),
    /// Corners, and whether the last is joined to the first.
    Corners(Vec<[Length; 2]>, Join),
    Path(Vec<Step>),
    Text(Words),
}

/// Whether the end of a line meets its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Join {
    Closed,
    Open,
}

/// One step of a path: the command's letter and its numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step(pub Command, pub Vec<Length>);

/// The commands of paths. Small letters are relative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "char", into = "char")]
pub struct Command(pub Stroke, pub Reference);

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
pub enum Reference {
    Absolute,
    Relative,
}

/// Lines of text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Words {
    pub size: Length,
    pub anchor: Anchor,
    pub baseline: Baseline,
    pub runs: Vec<Run>,
}

/// A stretch of text of one sort. A run without `at` follows the one before it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    pub at: Option<[Length; 2]>,
    pub weight: Weight,
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
pub enum Weight {
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
    Of(Role),
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
    pub scale: Scale,
    pub turn: Turn,
    pub items: Vec<Item>,
}

/// What the size of a marker is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scale {
    Pixels,
    LineWidths,
}

/// Which way a marker points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Turn {
    Along,
    Against,
    Fixed,
}

impl Length {
    /// The nearest length; `None` where the number is none, or far from any picture.
    pub fn of(pixels: f64) -> Option<Length> {
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

impl TryFrom<char> for Command {
    type Error = &'static str;

    fn try_from(letter: char) -> Result<Command, &'static str> {
        let capital = letter.to_ascii_uppercase();
        let stroke = LETTERS.iter().find(|(known, _)| *known == capital).ok_or("no command of paths")?.1;
        let reference = if letter == capital { Reference::Absolute } else { Reference::Relative };
        Ok(Command(stroke, reference))
    }
}

impl From<Command> for char {
    fn from(Command(stroke, reference): Command) -> char {
        let letter = LETTERS.iter().find(|(_, known)| *known == stroke).map_or('Z', |(letter, _)| *letter);
        if reference == Reference::Relative { letter.to_ascii_lowercase() } else { letter }
    }
}

impl Place {
    /// Where nothing is moved.
    pub const HERE: Place = Place { linear: None, shift: [Length(0), Length(0)] };
}

impl Drawing {
    /// How many markers there are.
    pub fn markers(&self) -> usize {
        self.markers.len()
    }

    /// The texts in the order in which they are drawn.
    pub fn texts(&self) -> impl Iterator<Item = &Words> {
        self.items.iter().filter_map(|item| match &item.form {
            Form::Text(words) => Some(words),
            _ => None,
        })
    }
}
