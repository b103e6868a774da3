//! Whether a drawing could run something, or load something from another place.
//!
//! Owns the checks of each piece of an SVG image before it is written: URLs lead into the drawing or contain a picture
//! themselves, style sheets load nothing, and references are those that XML defines. The tables of allowed elements and
//! attributes are in `svg_allowlist`. Changes nothing.

use crate::entities;

use super::svg_allowlist::{self, Verdict};
use super::svg_namespaces::{SvgNamespace, local};
use super::svg_style;
use super::xml;

/// A part of a drawing that makes it unfit to be published.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Danger {
    /// The part in words, such as `` `<script>` ``.
    pub what: String,
    pub way: WayOut,
    /// Its line in the author's file, from 1.
    pub line: Option<usize>,
}

/// What an author can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WayOut {
    /// Save the drawing without animations and scripts.
    SavePlain,
    /// Save the drawing with its pictures, fonts and styles in the file.
    Embed,
}

/// The encodings in which a tag has the same bytes as in UTF-8.
const ENCODINGS: [&str; 3] = ["utf-8", "us-ascii", "iso-8859-1"];

/// The danger of an element that could run or load something, by itself or by its position.
pub(super) fn element(name: &str) -> Danger {
    Danger::new(format!("`<{}>`", shortened(name)), WayOut::SavePlain)
}

/// The danger of an attribute that runs something, such as `onload`.
pub(super) fn handler(name: &str) -> Danger {
    Danger::new(format!("the attribute `{}`", shortened(name)), WayOut::SavePlain)
}

/// The danger of an attribute's value, which could load or animate something. References in it are not decoded yet.
pub(super) fn attribute(element: &str, name: &str, value: &str) -> Option<Danger> {
    if let Some(danger) = references(value) {
        return Some(danger);
    }
    let value = entities::decode_xml(value);
    if svg_allowlist::is_address(name) && !may_lead(local(element), &value) {
        return Some(Danger::new(format!("`{name}=\"{}\"`", shortened(&value)), WayOut::Embed));
    }
    if local(name).eq_ignore_ascii_case("attributeName") && !may_move(&value) {
        return Some(Danger::new(format!("an animation of `{}`", shortened(&value)), WayOut::SavePlain));
    }
    // Presentation attributes such as `fill` take CSS values.
    let what = svg_style::load(&value)?;
    Some(Danger::new(format!("`{}` in `{name}`", shortened(&what)), WayOut::Embed))
}

/// The danger of a style sheet that would load something. References in it are decoded already.
pub(super) fn sheet(sheet: &str) -> Option<Danger> {
    let what = svg_style::load(sheet)?;
    Some(Danger::new(format!("`{}` in a style sheet", shortened(&what)), WayOut::Embed))
}

/// The danger of a reference to an entity of the document type, which is never published.
pub(super) fn references(text: &str) -> Option<Danger> {
    let unknown = xml::unknown_reference(text)?;
    Some(Danger::new(format!("the entity `{}`", shortened(unknown)), WayOut::SavePlain))
}

/// The danger of an XML declaration with another encoding, in which the same bytes can be other tags.
pub(super) fn declaration(text: &str) -> Option<Danger> {
    let lower = text.to_ascii_lowercase();
    let (_, value) = lower.split_once("encoding")?;
    let name = value.trim_start_matches([' ', '=', '"', '\'']);
    let is_known = ENCODINGS.iter().any(|known| name.starts_with(known));
    (!is_known).then(|| Danger::new("another encoding than UTF-8", WayOut::SavePlain))
}

/// Whether an element may have this URL: a fragment of the drawing, a picture as `data:`, or a page in links, which
/// only people follow.
fn may_lead(element: &str, address: &str) -> bool {
    let tight: String = address.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let scheme = tight.split(['/', '?', '#']).next().and_then(|start| start.split_once(':'));
    // Only the whitespace that every browser strips: with a control character before the `#`, it is not a fragment.
    let trimmed = address.trim_matches([' ', '\t', '\n', '\r']);
    match element {
        _ if trimmed.is_empty() || trimmed.starts_with('#') => true,
        "image" | "feImage" => tight.starts_with("data:image/") && address == tight,
        "a" => scheme.is_none_or(|(scheme, _)| {
            ["http", "https", "mailto"].contains(&scheme.to_ascii_lowercase().as_str())
        }),
        _ => false,
    }
}

/// Whether an animation may change this attribute.
fn may_move(name: &str) -> bool {
    let name = name.trim();
    !svg_allowlist::is_address(name)
        && !local(name).eq_ignore_ascii_case("style")
        && svg_allowlist::attribute(SvgNamespace::Svg, name) == Verdict::Stays
}

/// The beginning of a text, for a message.
fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    let mut short: String = text.chars().take(MOST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

impl Danger {
    fn new(what: impl Into<String>, way: WayOut) -> Danger {
        Danger { what: what.into(), way, line: None }
    }

    /// The problem, to be written after the name of the file.
    pub(super) fn message(&self) -> String {
        let line = self.line.map_or(String::new(), |line| format!(" in line {line}"));
        format!("holds {}{line}, so it is not published", self.what)
    }

    /// What an author can do about it, in the imperative.
    pub fn way_out(&self) -> &'static str {
        match self.way {
            WayOut::SavePlain => "save it as plain SVG, or as PNG",
            WayOut::Embed => "embed pictures and fonts when you export it, or save it as PNG",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ImageFormat, MetadataProblem, clean};

    const ROOT: &str = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'>";

    /// The cleaned file, or its danger in words.
    fn judged(drawing: &str) -> Result<String, String> {
        match clean(ImageFormat::Svg, drawing.as_bytes()) {
            Ok(cleaned) => Ok(String::from_utf8(cleaned.into_owned()).unwrap()),
            Err(MetadataProblem::Active(danger)) => Err(danger.what),
            Err(problem) => Err(problem.message()),
        }
    }

    fn inside(drawing: &str) -> Result<String, String> {
        judged(&format!("{ROOT}{drawing}</svg>"))
    }

    #[test]
    fn scripts_are_found_however_they_hide() {
        let script = "<script>document.title='PWN'</script>";
        for drawing in [
            format!("{ROOT}<text><![CDATA[ <!-- ]]></text>{script}<text><![CDATA[ --> ]]></text></svg>"),
            format!("{ROOT}<?x <!-- ?>{script}<?x --> ?></svg>"),
            format!("<!DOCTYPE svg SYSTEM \"<!--\">{ROOT}{script}</svg><!-- -->"),
            format!("{ROOT}<style><![CDATA[ <!-- ]]></style>{script}<style><![CDATA[ --> ]]></style></svg>"),
            format!("{ROOT}<style>{script}</style></svg>"),
            format!("{ROOT}<metadata><!-- </metadata> --></metadata>{script}</svg>"),
            ROOT.replace("<svg", "<svg onload='x()'") + "</svg>",
            ROOT.replace("<svg", "<?x <!-- ?><svg onload='x()'") + "<?x --> ?></svg>",
            format!("{ROOT}<s:script xmlns:s='http://www.w3.org/2000/svg'/></svg>"),
            format!("{ROOT}<h:script xmlns:h='http://www.w3.org/1999/xhtml'/></svg>"),
            format!("{ROOT}<g\nonclick = 'x'></g></svg>"),
            format!("{ROOT}<g ONCLICK='x'/></svg>"),
            format!("{ROOT}<a href='java&#x73;cript:alert(1)'/></svg>"),
            format!("{ROOT}<a xlink:href=' java\tscript:alert(1)'/></svg>"),
            format!("{ROOT}<a href='data:text/html,x'/></svg>"),
            format!("{ROOT}<set attributeName='onmouseover' to='x'/></svg>"),
            format!("{ROOT}<a><set attributeName='xlink:href' to='javascript:x'/></a></svg>"),
            format!("{ROOT}<animate attributeName='&#104;ref' values='javascript:x'/></svg>"),
            format!("<!DOCTYPE svg [<!ENTITY x '<script/>'>]>{ROOT}&x;</svg>"),
            format!("<?xml version='1.0' encoding='iso-2022-jp'?>{ROOT}</svg>"),
            format!(
                "{ROOT}<foreignObject><iframe xmlns='http://www.w3.org/1999/xhtml'/></foreignObject></svg>"
            ),
            format!("{ROOT}<use href='data:image/svg+xml,x#y'/></svg>"),
        ] {
            let judged = judged(&drawing);
            assert!(judged.is_err(), "{drawing}: {judged:?}");
        }
    }

    #[test]
    fn nothing_is_asked_from_elsewhere() {
        let html = |element: &str| {
            format!(
                "<foreignObject><div xmlns='http://www.w3.org/1999/xhtml'>{element}</div></foreignObject>"
            )
        };
        for drawing in [
            "<image href='https://example.org/t.png' width='9' height='9'/>".to_owned(),
            "<image href='\0#a' width='9' height='9'/>".to_owned(),
            "<image xlink:href='//example.org/t.png'/>".to_owned(),
            "<image href='t.png'/>".to_owned(),
            "<feImage href='https://example.org/t.png'/>".to_owned(),
            "<use href='https://example.org/t.svg#a'/>".to_owned(),
            "<rect fill='url(https://example.org/t.svg#a)'/>".to_owned(),
            "<rect style='fill:url( \"https://example.org/t.svg#a\" )'/>".to_owned(),
            "<rect style='fill:u\\72l(https://example.org/t.svg#a)'/>".to_owned(),
            "<animate attributeName='fill' to='url(https://example.org/t.svg#a)'/>".to_owned(),
            "<style>@\\69mport 'https://example.org/t.css';</style>".to_owned(),
            "<style>a{background:url(https://example.org/t.png)}</style>".to_owned(),
            "<style>a{background:image-set('https://example.org/t.png' 1x)}</style>".to_owned(),
            "<style>a{background:-webkit-image-set(\"https://example.org/t.png\" 1x)}</style>".to_owned(),
            "<style><![CDATA[a{background:URL(https://example.org/t.png)}]]></style>".to_owned(),
            "<style>a{background:u&#114;l(https://example.org/t.png)}</style>".to_owned(),
            "<style>a{background:u<!-- -->rl(https://example.org/t.png)}</style>".to_owned(),
            html("<img src='https://example.org/t.png'/>"),
            html("<link rel='stylesheet' href='https://example.org/t.css'/>"),
            html("<meta http-equiv='refresh' content='0;url=https://example.org/'/>"),
            html("<form action='https://example.org/'/>"),
            html("<p style='background:url(https://example.org/t.png)'/>"),
            html("<style>@media all{@\\69mport 'https://example.org'}</style>"),
        ] {
            let judged = inside(&drawing);
            assert!(judged.is_err(), "{drawing}: {judged:?}");
        }
    }

    #[test]
    fn a_danger_is_named_with_its_line_in_the_authors_file() {
        let drawing = format!("<!-- a\n b -->\n{ROOT}\n<metadata>\n</metadata>\n<g onload='x'/></svg>");
        let Err(problem) = clean(ImageFormat::Svg, drawing.as_bytes()) else { panic!("{drawing}") };
        assert_eq!(problem.message(), "holds the attribute `onload` in line 6, so it is not published");
        let inner = "<image href='data:image/svg+xml,%3Csvg%3E%3Cscript/%3E%3C/svg%3E'/>";
        assert_eq!(inside(inner), Err("`<script>`".to_owned()));
    }

    #[test]
    fn drawings_of_usual_programs_are_fit() {
        for drawing in [
            "<text>if a &lt; b then on = off; javascript: is a scheme, url(https://x) too</text>",
            "<style>.on{fill:red;filter:url(#f)}</style><path d='M0 0' style='fill:url(\"#g\")'/>",
            "<style>@font-face{font-family:f;src:url(data:font/woff2;base64,AAAA)}</style>",
            "<style>@media (max-width:1px){a{fill:red}}@keyframes k{to{opacity:0}}</style>",
            "<a href='https://example.org/?a=1&amp;b=2'><use xlink:href='#a'/></a>",
            "<linearGradient id='a' xlink:href='#b'/><rect fill='url(#a)' clip-path='url(\"#c\")'/>",
            "<animate attributeName='opacity' values='0;1'/><set attributeName='fill' to='url(#a)'/>",
            "<switch><foreignObject requiredFeatures='http://x'><div xmlns='http://www.w3.org/1999/xhtml' \
                style='color:red'>a<br/>b</div></foreignObject><text>a</text></switch>",
            "<g xml:space='preserve' aria-label='a' role='img'><title>t</title></g>",
        ] {
            assert_eq!(inside(drawing), Ok(format!("{ROOT}{drawing}</svg>")));
        }
        assert_eq!(judged("<?xml version='1.0' encoding=\"ISO-8859-1\"?><svg/>").map(drop), Ok(()));
    }

    #[test]
    fn what_no_browser_draws_goes() {
        for (loud, quiet) in [
            ("<g xml:base='https://example.org/' unknown='a'/>", "<g/>"),
            ("<font><glyph d='M0 0'/></font><unknown>a</unknown>", ""),
            (
                "<style>@import url('https://example.org/c?a=1;2&amp;b');.a{fill:red}</style>",
                "<style>.a{fill:red}</style>",
            ),
            (
                "<style>.a{fill:red}@font-face{font-family:f;src:url(https://example.org/f)}</style>",
                "<style>.a{fill:red}</style>",
            ),
        ] {
            assert_eq!(inside(loud), Ok(format!("{ROOT}{quiet}</svg>")), "{loud}");
        }
    }
}
