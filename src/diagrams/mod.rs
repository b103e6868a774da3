//! Turns the source of a Mermaid diagram into a drawing that is safe to put into a page.
//!
//! Owns everything between the text in a fence and inline SVG: the engine with its limits, the conversion of
//! Mermaid's SVG into a [`Drawing`], which is data and can hold nothing harmful, and the conversion of a drawing into
//! HTML. Pure: the same text always gives the same drawing. Does not know pages, the targets of links or files.
//!
//! The security policy of a page allows no styles, and the output of a large third-party renderer should not be
//! copied into a page. So this module reads Mermaid's SVG and applies its style sheet as a browser would. The result
//! has only rectangles, ellipses, lines, paths and texts. Positions are numbers, and paint is a theme token or a
//! plain colour. The types are the allowlist: every element and attribute is written from them.
//!
//! Mermaid wants a colour for each of its variables. Each theme token is passed to it as a colour that no author
//! writes by chance. Where that colour appears in the output, the class of the token is written. Text is measured
//! with the widest of the common fonts, so that labels fit whatever font a reader has. Limits count bytes, nodes and
//! elements, never time.
//!
//! The cache on disk holds a drawing as data, never as markup. Each text must be part of the diagram's source and
//! each link must be a destination in it, so a forged entry can spoil a picture and do nothing else.

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

/// Part of the cache key. It changes whenever the same text could give another drawing: engine, settings, or how its
/// picture is read.
pub const VERSION: &str = "merman 0.9.3, drawings 3";

/// Draws the diagram with this source.
///
/// # Errors
/// Returns the problem in the source, with its position.
pub fn draw(source: &str) -> Result<Drawing, DiagramProblem> {
    engine::check(source)?;
    drawn(source).map_err(|reason| reason.problem(source))
}

/// Draws a source that `engine::check` accepted.
fn drawn(source: &str) -> Result<Drawing, Reason> {
    let picture = engine::picture(source)?;
    // Only colours that the author wrote are kept. Colours that Mermaid computed become colours of the theme.
    let written = squeezed(source);
    let authored = |colour: &str| written.contains(&squeezed(colour));
    let mut drawing = match picture::drawing(&picture, &authored) {
        Ok(drawing) if drawing.items.is_empty() => return Err(Reason::Nothing),
        Ok(drawing) => drawing,
        Err(PictureFault::NoSize) => return Err(Reason::Nothing),
        Err(PictureFault::NotXml) => return Err(Reason::Broken),
    };
    contrast::adjust_colours(&mut drawing.items);
    drawing.markers.iter_mut().for_each(|marker| contrast::settle_marker(&mut marker.items));
    (drawing.title, drawing.description) = describe::title_and_description(&drawing, source);
    Ok(drawing)
}

/// A text in lower case and without whitespace: the form in which a colour is looked up in a source.
fn squeezed(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests;
