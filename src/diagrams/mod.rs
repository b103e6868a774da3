//! Diagrams: the source of a Mermaid diagram becomes a drawing that can stand in a page.
//!
//! Owns everything between the text in a fence and inline SVG: the engine with its limits, the way from its picture to
//! a [`Drawing`], which is data and can hold nothing harmful, and the way from a drawing to HTML. Pure: the same text
//! gives the same drawing. Knows no page, no link's target and no file.
//!
//! The policy of a page allows no style, and the output of a large foreign renderer is nothing to copy into a page. So
//! Mermaid's SVG is taken apart: its style sheet is weighed as a browser would, and what is left are rectangles, ellipses,
//! lines, paths and texts with numbers for places and theme tokens or plain colours for paint. The types are the list of
//! what is allowed; every element and attribute is written from them.
//!
//! Mermaid wants a colour for each of its variables. Each theme token is given to it as a colour that nobody writes by chance;
//! where that colour comes out, the class of the token is written. Text is measured with the widest usual fonts, so labels
//! fit whatever font a reader has. Limits count bytes, nodes and elements, never time.
//!
//! The cache on disk holds the drawing as data, never markup. Each text must be a part of the diagram's source and each link a
//! destination in it, so a forged entry can spoil a picture and nothing else.

#![cfg_attr(
    not(feature = "diagrams"),
    expect(
        dead_code,
        reason = "without Mermaid nothing is drawn, and drawings from a cache are still shown"
    )
)]

mod cache;
mod colour;
mod contrast;
mod describe;
mod drawing;
#[cfg(feature = "diagrams")]
mod engine;
#[cfg(not(feature = "diagrams"))]
#[path = "no_engine.rs"]
mod engine;
mod geometry;
mod label_align;
mod measure;
mod picture;
mod problem;
mod references;
mod style;
mod stylesheet;
mod svg;
mod svg_text;
mod theme_colours;

use picture::PictureFault;
use problem::Reason;

pub use cache::DrawingCache;
pub use drawing::Drawing;
pub use problem::DiagramProblem;
pub use svg::{MarkupPiece, pieces};

/// Changes whenever the same text could give another drawing: engine, settings, or how its picture is read.
pub const VERSION: &str = "merman 0.9.3, drawings 3";

/// Draws the diagram with this source.
///
/// # Errors
/// What is wrong with the source, with the place in it.
pub fn draw(source: &str) -> Result<Drawing, DiagramProblem> {
    engine::check(source)?;
    drawn(source).map_err(|reason| reason.problem(source))
}

/// Draws a source that was checked.
fn drawn(source: &str) -> Result<Drawing, Reason> {
    let picture = engine::picture(source)?;
    let written = squeezed(source);
    let authored = |colour: &str| written.contains(&squeezed(colour));
    let mut drawing = match picture::drawing(&picture, &authored) {
        Ok(drawing) if drawing.items.is_empty() => return Err(Reason::Nothing),
        Ok(drawing) => drawing,
        Err(PictureFault::NoSize) => return Err(Reason::Nothing),
        Err(PictureFault::NotXml) => return Err(Reason::Broken),
    };
    contrast::settle(&mut drawing.items);
    drawing.markers.iter_mut().for_each(|marker| contrast::settle_marker(&mut marker.items));
    (drawing.title, drawing.description) = describe::names(&drawing, source);
    Ok(drawing)
}

/// A text without blanks and capitals: how a colour is looked up in a source.
fn squeezed(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests;
