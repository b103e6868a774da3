//! The graph of a register: its pages as boxes, and arrows from each to those that a field names.
//!
//! Owns the source of the diagram and its links. `diagrams` draws it.

use crate::diagrams::{self, MarkupPiece, pieces};
use crate::html_escape::escape_attribute;
use crate::site::registers::table::RegisterGraph;
use crate::view::LinkView;

/// The id of the drawing. Ids of headings do not begin so.
const ID: &str = "ob-graph";

/// The graph as inline SVG; empty if nothing can be drawn. `links` are those to its pages.
pub(super) fn graph(graph: &RegisterGraph, links: &[LinkView]) -> String {
    let mut source = format!("flowchart LR\naccTitle: {}\n", label(&graph.title));
    for (number, link) in links.iter().enumerate() {
        let title = label(&link.title);
        source.push_str(&format!("p{number}[\"{title}\"]\nclick p{number} \"{number}.md\"\n"));
    }
    for (from, to) in &graph.arrows {
        source.push_str(&format!("p{from} --> p{to}\n"));
    }
    let Ok(drawing) = diagrams::draw(&source) else { return String::new() };
    let mut html = String::new();
    for piece in pieces(&drawing, ID) {
        match piece {
            MarkupPiece::Html(text) => html.push_str(&text),
            MarkupPiece::Open(link) => {
                let number = drawing.links[link].trim_end_matches(".md").parse::<usize>().unwrap_or(0);
                let url = links.get(number).map_or("", |link| link.url.as_str());
                html.push_str(&format!("<a href=\"{}\"", escape_attribute(url)));
            }
            MarkupPiece::Close(_) => html.push_str("</a>"),
        }
    }
    html
}

/// A title within quotation marks of Mermaid, without what has a meaning there.
fn label(title: &str) -> String {
    let plain = |c: char| match c {
        '"' | '`' => '\'',
        '<' => '‹',
        '>' => '›',
        '#' | ';' | '\n' | '\r' => ' ',
        c => c,
    };
    title.chars().map(plain).collect()
}
