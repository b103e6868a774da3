//! Renders a source as SVG with Mermaid, by means of the crate `merman`.
//!
//! Owns the settings of the renderer and the limits that make it end: bytes, nodes, layout steps and elements, never
//! time, so that a diagram is drawn on every machine or on none. Must not know how a picture is shown.

use std::borrow::Cow;
use std::ops::Range;
use std::panic::{self, AssertUnwindSafe};
use std::sync::LazyLock;

use merman::svg::{
    DeterministicTextMeasurer, MeasurementProfileId, RenderResourcePolicy, SvgPipeline, SvgPipelinePreset,
    SvgRenderOptions, TextMeasurementPolicy, TextMeasurementProfile, TextMeasurementProfileIdentity,
};
use merman::{
    Engine, MermaidConfig, OperationControl, ParseOptions, RenderError, RenderOutput, RenderRequest,
    Renderer, ResourceLimitExceeded, SvgEnvironment, SvgRequest,
};
use serde_json::json;

use super::problem::{self, DiagramProblem, Reason, clamp_range, first_line, says_something};
use super::{measure, theme_colours};
use crate::bounds::DIAGRAM_BYTES;

/// The deepest nesting of brackets and blocks.
const NESTING_LIMIT: usize = 48;

/// Limits by their names in the crate. Real diagrams need a tenth of them.
static LIMITS: &[(&str, usize)] = &[
    ("max_source_bytes", DIAGRAM_BYTES.most),
    ("max_model_items", 4000),
    ("max_model_text_bytes", DIAGRAM_BYTES.most * 2),
    ("max_model_nesting_depth", NESTING_LIMIT),
    ("max_layout_work_units", 4_000_000),
    ("max_svg_bytes", 8 * 1024 * 1024),
    ("max_svg_elements", 60_000),
];

/// Settings that an author cannot change: the theme decides the look, and nothing loads or runs.
const FIXED: &[&str] = &[
    "secure",
    "securityLevel",
    "startOnLoad",
    "maxTextSize",
    "maxEdges",
    "suppressErrorRendering",
    "theme",
    "themeVariables",
    "themeCSS",
    "darkMode",
    "look",
    "handDrawnSeed",
    "layout",
    "defaultRenderer",
    "htmlLabels",
    "fontFamily",
    "altFontFamily",
    "fontSize",
    "dompurifyConfig",
    "forceLegacyMathML",
    "legacyMathML",
    "arrowMarkerAbsolute",
    "deterministicIds",
    "deterministicIDSeed",
];

/// The tags that have a meaning in a label.
const LABEL_TAGS: &[&str] = &[
    "#text", "a", "b", "big", "br", "center", "code", "del", "div", "em", "font", "hr", "i", "ins", "kbd",
    "li", "mark", "ol", "p", "pre", "q", "s", "small", "span", "strong", "sub", "sup", "u", "ul",
];

static RENDERER: LazyLock<(Renderer, SvgRequest)> = LazyLock::new(|| (renderer(), request()));

fn renderer() -> Renderer {
    let config = json!({
        "theme": "base",
        "look": "classic",
        "layout": "dagre",
        "securityLevel": "strict",
        "htmlLabels": false,
        "fontFamily": "sans-serif",
        "fontSize": 16,
        "maxEdges": 2000,
        "maxTextSize": DIAGRAM_BYTES.most,
        "secure": FIXED,
        // The renderer cleans each label that has a tag, and builds these lists anew each time; the default lists
        // have 500 entries. Tags that are not listed are removed and their text stays. `picture` decides about the
        // rest.
        "dompurifyConfig": { "ALLOWED_TAGS": LABEL_TAGS, "ALLOWED_ATTR": ["href"] },
        "themeVariables": theme_colours::variables(),
        "flowchart": { "htmlLabels": false, "wrappingWidth": 220, "minNodeWidth": 30 },
        "state": { "minNodeWidth": 30 },
        "class": { "htmlLabels": false },
        "er": { "fontSize": 14 },
        "gantt": { "fontSize": 14, "sectionFontSize": 14, "barHeight": 28, "barGap": 6, "leftPadding": 110 },
        "quadrantChart": { "pointLabelFontSize": 14, "quadrantLabelFontSize": 16 },
        "journey": { "taskFontFamily": "sans-serif" },
    });
    Renderer::new()
        .with_engine(Engine::new().with_site_config(MermaidConfig::from_value(config)))
        .with_parse_options(ParseOptions::strict())
}

fn request() -> SvgRequest {
    let mut limits = RenderResourcePolicy::interactive();
    for (name, value) in LIMITS {
        limits.apply_override(name, *value).expect("the limit's name is one of the crate's");
    }
    // Widths come from a table, not from the fonts of the machine, so that a picture is the same everywhere.
    let width = |text: &str, style: &merman::svg::TextStyle| {
        measure::width(text, style.font_size, style.font_weight.as_deref())
    };
    let measurer = DeterministicTextMeasurer::default().with_width_callback(width);
    let name = MeasurementProfileId::new("opsbook.widest-usual-font").expect("the name is a plain one");
    let identity = TextMeasurementProfileIdentity::new(name, "1").expect("the version is a plain one");
    let measured = TextMeasurementPolicy::uniform(TextMeasurementProfile::new(identity, measurer));
    SvgRequest {
        environment: SvgEnvironment::deterministic()
            .with_text_measurement_policy(measured)
            .with_resource_policy(limits),
        options: SvgRenderOptions { diagram_id: Some("d".to_owned()), ..SvgRenderOptions::default() },
        ..SvgRequest::default()
    }
}

/// Checks size and nesting, before anything else reads the source.
///
/// # Errors
/// Returns an error if the source is larger or nested deeper than the limits.
pub fn check(source: &str) -> Result<(), DiagramProblem> {
    problem::check(source, NESTING_LIMIT, DIAGRAM_BYTES.most)
}

/// The SVG picture of a source that was checked.
///
/// # Errors
/// Returns the mistake in the source, or the limit that it exceeds.
pub fn picture(source: &str) -> Result<String, Reason> {
    let source = &*with_plain_whitespace(source);
    let (renderer, request) = &*RENDERER;
    let render = |pipeline: Option<SvgPipelinePreset>| {
        let request = SvgRequest { pipeline: pipeline.map(SvgPipeline::from_preset), ..request.clone() };
        let request = RenderRequest::svg(source, OperationControl::new(), request);
        // The last resort: the crate promises not to panic, and this code does not rely on it.
        panic::catch_unwind(AssertUnwindSafe(|| renderer.render(request)))
    };
    let foreign = |svg: &str| svg.contains("<foreignObject");
    let output = match render(None) {
        // A few types of diagrams have labels as HTML only. They are rendered again, with a text beside each label.
        Ok(Ok(RenderOutput::Svg(Some(svg)))) if foreign(svg.svg()) => {
            render(Some(SvgPipelinePreset::Readable))
        }
        output => output,
    };
    match output {
        Ok(Ok(RenderOutput::Svg(Some(svg)))) => Ok(svg.into_parts().0),
        Ok(Ok(_)) => Err(Reason::Kind),
        Ok(Err(error)) => Err(Reason::of_engine(source, &error, |said| line_of(source, said))),
        Err(_) => Err(Reason::Panic),
    }
}

/// A source in which all whitespace is ASCII, with every offset unchanged. The crate takes one byte for each
/// whitespace character, and panics on longer ones.
fn with_plain_whitespace(source: &str) -> Cow<'_, str> {
    let is_long = |c: char| c.is_whitespace() && !c.is_ascii();
    if !source.contains(is_long) {
        return Cow::Borrowed(source);
    }
    let mut plain = String::with_capacity(source.len());
    for c in source.chars() {
        if is_long(c) { plain.extend(std::iter::repeat_n(' ', c.len_utf8())) } else { plain.push(c) }
    }
    Cow::Owned(plain)
}

/// The line that a message is about: the last line of the shortest beginning of the source that gives the same
/// message. A binary search finds it.
fn line_of(source: &str, said: &str) -> Option<Range<usize>> {
    let ends: Vec<usize> = source.match_indices('\n').map(|(at, _)| at).chain([source.len()]).collect();
    let fails = |end: usize| {
        let parse = || RENDERER.0.prepare_semantic(&source[..end], OperationControl::new());
        match panic::catch_unwind(AssertUnwindSafe(parse)) {
            Ok(Err(error)) => error.to_string().contains(said),
            _ => false,
        }
    };
    // This assumes that every longer beginning gives the message as well.
    let (mut low, mut high) = (0, ends.len() - 1);
    while low < high {
        let middle = usize::midpoint(low, high);
        if fails(ends[middle]) { high = middle } else { low = middle + 1 }
    }
    let start = if low == 0 { 0 } else { ends[low - 1] + 1 };
    let line = &source[start..ends[low]];
    let start = start + line.len() - line.trim_start().len();
    Some(start..start + line.trim().len())
}

impl Reason {
    /// The reason for an error of the crate. `locate` finds the line if the error names no exact span.
    fn of_engine(source: &str, error: &RenderError, locate: impl Fn(&str) -> Option<Range<usize>>) -> Reason {
        match error {
            RenderError::ResourceLimitExceeded(limit) => Reason::of_limit(limit),
            RenderError::Parse(diagnostic) => {
                let details = diagnostic.terminal_diagnostic_details();
                if details.code.ends_with("no_diagram_detected")
                    || details.code.ends_with("unsupported_diagram")
                {
                    return Reason::Kind;
                }
                let said = diagnostic.terminal_safe_message();
                let said = said.split_once("): ").map_or(said.as_str(), |(_, message)| message);
                let exact = details.span.filter(|_| format!("{:?}", details.span_kind).contains("Exact"));
                let exact = exact.map(|span| clamp_range(source, span.start..span.end));
                let position = exact.or_else(|| locate(said)).unwrap_or_else(|| first_line(source));
                Reason::said(said, &position)
            }
            // The first line is the type alone, so there is nothing to draw.
            _ if source.lines().filter(|line| says_something(line)).count() < 2 => Reason::Nothing,
            _ => Reason::Broken,
        }
    }

    fn of_limit(limit: &ResourceLimitExceeded) -> Reason {
        let most = u32::try_from(limit.maximum).unwrap_or(u32::MAX);
        match limit.id {
            "max_model_items" => Reason::Items(most),
            "max_model_nesting_depth" => Reason::Depth(most),
            _ => Reason::Size,
        }
    }
}
