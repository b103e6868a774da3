//! Reads the texts of Mermaid's picture: which characters are where.
//!
//! Owns how a `<text>` with its `<tspan>`s becomes runs with one weight and one slant each.

use roxmltree::Node;

use super::drawing::{DrawnText, Length, Run};
use super::geometry::{numbers, pixels};
use super::references;
use super::style::Style;
use super::stylesheet::Sheet;

/// The most characters of one text.
const MOST_LETTERS: usize = 5000;

/// The current position in a text, and the runs so far.
struct TextCursor<'a> {
    at: [f64; 2],
    /// By axis: a position and a shift that wait for the next character. The values of an inner element replace those
    /// of the elements around it.
    wanted: [[Option<f64>; 2]; 2],
    /// Whether the next run has a position of its own.
    moved: bool,
    runs: Vec<Run>,
    letters: usize,
    /// The style of the first character.
    first: Option<Style<'a>>,
}

/// The text of an element, and the style of its first character. Returns `None` if there are no characters.
pub fn read<'a>(node: Node<'a, 'a>, style: &Style<'a>, sheet: &Sheet<'a>) -> Option<(DrawnText, Style<'a>)> {
    let mut pen = TextCursor {
        at: [0.0, 0.0],
        wanted: [[None; 2]; 2],
        moved: true,
        runs: Vec::new(),
        letters: 0,
        first: None,
    };
    pen.element(node, style, sheet, 0);
    let mut first = pen.first?;
    // A text has one opacity in a drawing, so the `<text>` element decides, not its first part.
    first.opacity = style.opacity;
    if let Some(last) = pen.runs.last_mut() {
        last.text.truncate(last.text.trim_end().len());
    }
    pen.runs.retain(|run| !run.text.is_empty());
    if pen.runs.iter().all(|run| run.text.trim().is_empty()) {
        return None;
    }
    let words = DrawnText {
        size: Length::from_pixels(first.size)?,
        anchor: first.anchor(),
        baseline: first.baseline(),
        runs: pen.runs,
    };
    Some((words, first))
}

impl<'a> TextCursor<'a> {
    fn element(&mut self, node: Node<'a, 'a>, style: &Style<'a>, sheet: &Sheet<'a>, depth: usize) {
        if depth > 8 || style.gone {
            return;
        }
        self.go(node, style.size);
        for child in node.children() {
            if child.is_text() {
                self.write(&references::decoded(child.text().unwrap_or("")), style);
            } else if matches!(child.tag_name().name(), "tspan" | "a") {
                let inner = style.inside(child, sheet);
                self.element(child, &inner, sheet, depth + 1);
            }
        }
    }

    /// Records the position that an element asks for.
    fn go(&mut self, node: Node<'_, '_>, em: f64) {
        let number = |name: &str| {
            let text = node.attribute(name)?;
            pixels(text, em).or_else(|| numbers(text).first().copied())
        };
        for (axis, names) in [["x", "dx"], ["y", "dy"]].into_iter().enumerate() {
            for (sort, name) in names.into_iter().enumerate() {
                self.wanted[axis][sort] = number(name).or(self.wanted[axis][sort]);
            }
        }
    }

    /// Moves to the position that was asked for.
    fn arrive(&mut self) {
        for (axis, [place, shift]) in std::mem::take(&mut self.wanted).into_iter().enumerate() {
            self.moved |= place.is_some() || shift.is_some_and(|shift| shift != 0.0);
            self.at[axis] = place.unwrap_or(self.at[axis]) + shift.unwrap_or(0.0);
        }
    }

    fn write(&mut self, text: &str, style: &Style<'a>) {
        // Whitespace between elements must not use up the position of the character after it.
        if !text.trim().is_empty() {
            self.arrive();
        }
        // After a space, or at the start of a line, further whitespace is not visible.
        let fresh = self.moved || self.runs.last().is_none_or(|run| run.text.ends_with(' '));
        let text = collapse(text, if fresh { Start::Fresh } else { Start::AfterLetter });
        if text.is_empty() || self.letters > MOST_LETTERS {
            return;
        }
        self.letters += text.chars().count();
        self.first.get_or_insert_with(|| style.clone());
        let (weight, slant) = (style.weight(), style.slant());
        match self.runs.last_mut() {
            Some(last) if !self.moved && last.weight == weight && last.slant == slant => {
                last.text.push_str(&text)
            }
            _ => {
                let at = || Some([Length::from_pixels(self.at[0])?, Length::from_pixels(self.at[1])?]);
                let at = if self.moved { at() } else { None };
                self.runs.push(Run { at, weight, slant, text });
            }
        }
        self.moved = false;
    }
}

/// What precedes a stretch of text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    Fresh,
    AfterLetter,
}

/// Collapses whitespace as SVG does: one space between words, and none at the start of a line.
fn collapse(text: &str, start: Start) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = start == Start::Fresh;
    for letter in text.chars() {
        if letter.is_ascii_whitespace() {
            if !blank {
                out.push(' ');
            }
            blank = true;
        } else if !is_control(letter) {
            out.push(letter);
            blank = false;
        }
    }
    out
}

/// Whether a character is left out: a control character, or one that changes the direction of the text after it,
/// which could make a label say something else than its source.
pub fn is_control(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}
