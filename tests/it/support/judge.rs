//! What is judged about a finished body: is it safe, and do its tags nest?
//!
//! Owns the judges, which know nothing of how the body was made. A sanitiser that others wrote is one of them.

use std::collections::HashSet;

use super::scan::{Element, elements, tags};

/// What in a body could run script, load from elsewhere, or change how the page looks.
pub fn hazards(body: &str) -> Vec<String> {
    let mut found = Vec::new();
    for element in elements(body) {
        if HAZARDS.contains(&element.name.as_str()) {
            found.push(format!("<{}>", element.name));
        }
        for (name, value) in &element.attributes {
            let scheme = value
                .chars()
                .filter(|c| !c.is_whitespace() && !c.is_control())
                .collect::<String>()
                .to_lowercase();
            let runs = ["javascript:", "vbscript:", "data:"].iter().any(|bad| scheme.starts_with(bad));
            if name.starts_with("on")
                || ["style", "srcdoc", "srcset", "formaction"].contains(&name.as_str())
                || runs
            {
                found.push(format!("{name}={value:?}"));
            }
        }
    }
    found
}

/// What a strict sanitiser takes out of a body: the elements before and after.
pub fn sanitiser_changes(body: &str) -> Option<(Vec<Element>, Vec<Element>)> {
    let before = sanitised(body, Strictness::Everything);
    let after = sanitised(body, Strictness::Strict);
    (before != after).then_some((before, after))
}

/// The elements of a body as the browser builds them, without what a strict sanitiser takes out.
fn sanitised(body: &str, strict: Strictness) -> Vec<Element> {
    let found = elements(body);
    let strict = strict == Strictness::Strict;
    let harmless = |name: &str| !(strict && HAZARDS.contains(&name));
    let inert = |name: &str| !(strict && (name.starts_with("on") || name == "style"));
    let tags: Vec<&str> = found.iter().map(|e| e.name.as_str()).filter(|name| harmless(name)).collect();
    let attributes = found.iter().flat_map(|e| &e.attributes).map(|(name, _)| name.as_str());
    let mut sanitiser = ammonia::Builder::empty();
    sanitiser
        .clean_content_tags(HashSet::new())
        .tags(tags.into_iter().collect())
        .generic_attributes(attributes.filter(|name| inert(name)).collect())
        .link_rel(None);
    if strict {
        sanitiser.url_schemes(HashSet::from(["http", "https", "mailto", "tel"]));
    } else {
        sanitiser.url_schemes(HashSet::from([
            "http",
            "https",
            "mailto",
            "tel",
            "javascript",
            "data",
            "vbscript",
        ]));
    }
    elements(&sanitiser.clean(body).to_string())
}

/// How much a sanitiser lets through.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Strictness {
    Strict,
    Everything,
}

/// Where the tags of a body do not nest, or a paragraph holds a block.
pub fn misnested(body: &str) -> Vec<String> {
    let (mut open, mut found): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for tag in tags(body) {
        let name = tag.name;
        let foreign = open.iter().any(|parent| parent == "svg" || parent == "math");
        if VOID.contains(&name.as_str()) || tag.closed && foreign {
            continue;
        }
        if tag.end {
            let expected = open.pop();
            if expected.as_ref() != Some(&name) {
                found.push(format!("</{name}> where {expected:?} is open"));
            }
            continue;
        }
        if BLOCKS.contains(&name.as_str()) && open.iter().any(|parent| parent == "p") {
            found.push(format!("<{name}> in a paragraph"));
        }
        open.push(name);
    }
    found.extend(open.into_iter().map(|name| format!("<{name}> is never closed")));
    found
}

/// Elements that have no place in a body.
const HAZARDS: &[&str] = &[
    "script", "style", "iframe", "object", "embed", "svg", "base", "link", "meta", "form", "template",
    "textarea", "title", "noscript", "select", "frame", "frameset", "applet", "portal", "html", "head",
    "body",
];

const VOID: &[&str] = &["area", "br", "col", "hr", "img", "input", "source", "track", "wbr"];

/// Elements that end an open paragraph.
const BLOCKS: &[&str] = &[
    "aside",
    "blockquote",
    "details",
    "div",
    "dl",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "ul",
];
