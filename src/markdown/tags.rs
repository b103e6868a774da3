//! Decides which raw HTML is allowed.
//!
//! Owns the tables of tags and attributes. Everything that is not in them is shown as text or left out with a
//! diagnostic. Nothing of an author's tag is copied: it is written again from its parts.

/// What happens to a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Policy {
    /// Written again with its allowed attributes.
    Allowed,
    /// Allowed, and has no end tag.
    Void,
    /// Left out, but its content stays.
    Unwrapped,
    /// Left out with its content.
    Dropped,
    /// Replaced by a link to its source.
    Embed,
    /// A Docusaurus tab. Its label stays as text.
    Tab,
    /// Not HTML: shown as text.
    Unknown,
}

const ALLOWED: &[&str] = &[
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "i",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
];
const VOID: &[&str] = &["br", "hr", "img", "wbr"];
const UNWRAPPED: &[&str] = &[
    "article", "aside", "big", "body", "button", "center", "colgroup", "col", "fieldset", "font", "footer",
    "form", "header", "html", "label", "legend", "main", "nav", "nobr", "picture", "section", "tabs", "tt",
    "track", "param",
];
const DROPPED: &[&str] = &[
    // Parts of an SVG that a blank line separated from its start.
    "circle",
    "defs",
    "ellipse",
    "g",
    "line",
    "lineargradient",
    "path",
    "polygon",
    "polyline",
    "rect",
    "stop",
    "tspan",
    "applet",
    "base",
    "head",
    "input",
    "link",
    "math",
    "meta",
    "noscript",
    "script",
    "select",
    "style",
    "svg",
    "template",
    "textarea",
    "title",
];
const EMBEDS: &[&str] = &["audio", "embed", "iframe", "object", "source", "video"];

/// Elements whose end tag is optional in HTML.
const END_OPTIONAL: &[&str] = &["dd", "dt", "li", "p", "tbody", "td", "tfoot", "th", "thead", "tr"];

/// What happens to a tag with this name, in lower case.
pub(super) fn policy(name: &str) -> Policy {
    let tables = [
        (ALLOWED, Policy::Allowed),
        (VOID, Policy::Void),
        (UNWRAPPED, Policy::Unwrapped),
        (DROPPED, Policy::Dropped),
        (EMBEDS, Policy::Embed),
        (&["tabitem"], Policy::Tab),
    ];
    tables.iter().find(|(names, _)| names.contains(&name)).map_or(Policy::Unknown, |(_, policy)| *policy)
}

/// Whether an attribute is allowed in a tag unchanged. Links, images, ids and classes are handled separately.
pub(super) fn attribute(tag: &str, name: &str) -> bool {
    let own: &[&str] = match tag {
        "td" | "th" => &["colspan", "rowspan", "scope"],
        "ol" => &["start", "type", "reversed"],
        "li" => &["value"],
        "details" => &["open"],
        "time" => &["datetime"],
        _ => &[],
    };
    matches!(name, "title" | "lang" | "dir") || own.contains(&name)
}

/// Whether an attribute contains an address, in HTML or in a component of another tool.
pub(super) fn is_address(name: &str) -> bool {
    const ADDRESSES: &[&str] = &[
        "action",
        "background",
        "cite",
        "data",
        "file",
        "formaction",
        "href",
        "image",
        "img",
        "link",
        "longdesc",
        "path",
        "poster",
        "source",
        "src",
        "srcset",
        "to",
        "url",
        "xlink:href",
    ];
    ADDRESSES.contains(&name)
}

/// Whether an element ends without an end tag when its container does.
pub(super) fn end_may_be_left_out(name: &str) -> bool {
    END_OPTIONAL.contains(&name) || policy(name) != Policy::Allowed
}

/// Whether an open element `open` ends where a tag `next` begins.
pub(super) fn ends_at(open: &str, next: &str) -> bool {
    match next {
        "li" => matches!(open, "li" | "p"),
        "dt" | "dd" => matches!(open, "dt" | "dd" | "p"),
        "td" | "th" => matches!(open, "td" | "th" | "p"),
        "tr" => matches!(open, "tr" | "td" | "th" | "p"),
        "thead" | "tbody" | "tfoot" => matches!(open, "tr" | "td" | "th" | "thead" | "tbody" | "tfoot" | "p"),
        "p" | "div" | "ul" | "ol" | "dl" | "table" | "pre" | "blockquote" | "figure" | "details" | "hr"
        | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => open == "p",
        _ => false,
    }
}

/// Whether an element is only allowed where blocks are.
pub(super) fn is_block(name: &str) -> bool {
    const BLOCKS: &[&str] = &[
        "blockquote",
        "caption",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "ol",
        "p",
        "pre",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ];
    BLOCKS.contains(&name)
}
