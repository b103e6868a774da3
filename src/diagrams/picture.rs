//! Reads Mermaid's SVG picture into a drawing.
//!
//! Owns the conversion of SVG elements into a [`Drawing`]: each shape and text with its position, its paint and its
//! link, in the order in which they are painted. What a drawing cannot hold is left out.

use std::collections::HashMap;

use roxmltree::{Document, Node, ParsingOptions};

use super::drawing::{
    Drawing, DrawnShape, Item, Join, Length, MOST_ITEMS, Marker, MarkerDirection, MarkerUnits, Paint,
    PaintColour,
};
use super::geometry::{Matrix, numbers, path, pixels, points};
use super::label_align;
use super::style::{ColourUse, Style};
use super::stylesheet::Sheet;
use super::svg_text;

/// The deepest nesting of elements. Deeper elements are left out.
const MOST_DEPTH: usize = 60;

/// The most XML nodes in Mermaid's picture.
const MOST_NODES: u32 = 400_000;

/// The style, position, link and depth that hold for the children of an element.
#[derive(Clone)]
struct ElementContext<'a> {
    style: Style<'a>,
    matrix: Matrix,
    link: Option<u16>,
    depth: usize,
}

/// Reads elements and collects the parts of the drawing.
struct PictureReader<'a> {
    sheet: Sheet<'a>,
    by_id: HashMap<&'a str, Node<'a, 'a>>,
    authored: &'a dyn Fn(&str) -> bool,
    /// The indexes of markers by their ids; `None` for a marker that cannot be read.
    marker_numbers: HashMap<&'a str, Option<u16>>,
    markers: Vec<Marker>,
    links: Vec<String>,
    items: Vec<Item>,
}

/// Why a picture cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureFault {
    /// The picture is empty.
    NoSize,
    /// The picture is not well formed: a defect of Mermaid's writer, not of the author.
    NotXml,
}

/// Reads a picture. `authored` returns whether the author wrote a colour.
///
/// # Errors
/// See [`PictureFault`].
pub fn drawing(svg: &str, authored: &dyn Fn(&str) -> bool) -> Result<Drawing, PictureFault> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(svg, options).map_err(|_| PictureFault::NotXml)?;
    let root = document.root_element();
    let mut sheet = Sheet::default();
    let styles = root
        .descendants()
        .filter(|node| node.has_tag_name((root.tag_name().namespace().unwrap_or(""), "style")));
    styles.filter_map(|node| node.text()).for_each(|css| sheet.read(css));
    // Markers and `use` elements may refer to elements that come later, so the ids are collected first.
    let by_id = root.descendants().filter_map(|node| Some((node.attribute("id")?, node))).collect();
    let mut reader = PictureReader {
        sheet,
        by_id,
        authored,
        marker_numbers: HashMap::new(),
        markers: Vec::new(),
        links: Vec::new(),
        items: Vec::new(),
    };
    let around = ElementContext { style: Style::outermost(), matrix: Matrix::HERE, link: None, depth: 0 };
    let view = view_of(root).ok_or(PictureFault::NoSize)?;
    let inner = reader.context_inside(root, &around);
    reader.children(root, &inner);
    Ok(Drawing {
        view,
        title: String::new(),
        description: String::new(),
        links: reader.links,
        markers: reader.markers,
        items: reader.items,
    })
}

/// Left, top, width and height of a `viewBox`.
fn view_of(node: Node<'_, '_>) -> Option<[Length; 4]> {
    let all = numbers(node.attribute("viewBox")?);
    let [left, top, width, height] = all[..] else { return None };
    let sound = width > 0.0 && height > 0.0;
    sound.then_some([
        Length::from_pixels(left)?,
        Length::from_pixels(top)?,
        Length::from_pixels(width)?,
        Length::from_pixels(height)?,
    ])
}

impl<'a> PictureReader<'a> {
    /// The context inside an element.
    fn context_inside(&self, node: Node<'a, 'a>, outer: &ElementContext<'a>) -> ElementContext<'a> {
        let style = outer.style.inside(node, &self.sheet);
        let mut own = Matrix::read(style.value("transform"));
        if let [x, y] = numbers(style.value("transform-origin"))[..] {
            own = Matrix::shift(x, y).compose(own).compose(Matrix::shift(-x, -y));
        }
        ElementContext { style, matrix: outer.matrix.compose(own), link: outer.link, depth: outer.depth + 1 }
    }

    fn children(&mut self, node: Node<'a, 'a>, around: &ElementContext<'a>) {
        for child in node.children().filter(Node::is_element) {
            self.element(child, around);
        }
    }

    fn element(&mut self, node: Node<'a, 'a>, outer: &ElementContext<'a>) {
        if outer.depth > MOST_DEPTH || self.items.len() >= MOST_ITEMS {
            return;
        }
        let mut around = self.context_inside(node, outer);
        if around.style.gone {
            return;
        }
        match node.tag_name().name() {
            "g" | "switch" => self.group(node, &around),
            "a" => {
                around.link = self.link(node).or(around.link);
                self.children(node, &around);
            }
            "svg" => {
                around.matrix = around.matrix.compose(nested(node, around.style.size));
                self.children(node, &around);
            }
            "use" => self.used(node, around),
            "text" => self.text(node, &around),
            name => self.shape(name, node, &around),
        }
    }

    fn group(&mut self, node: Node<'a, 'a>, around: &ElementContext<'a>) {
        let is = |class: &str| {
            node.attribute("class").is_some_and(|all| all.split_ascii_whitespace().any(|one| one == class))
        };
        // Where the picture has a text of its own for viewers without HTML, that text is used, not this group.
        if node.attribute("data-merman-foreignobject-source") == Some("switch-native-fallback") {
            return;
        }
        let first = self.items.len();
        self.children(node, around);
        let [x, y] = around.matrix.point([0.0, 0.0]);
        let items = &mut self.items[first..];
        if is("edgeLabel") {
            label_align::label(items, [x, y]);
        } else if is("node") {
            label_align::only_text(items, x);
        } else if is("merman-foreignobject-fallback") {
            // The backgrounds of HTML labels lie on top of their nodes, so only the texts are kept.
            let texts: Vec<Item> =
                self.items.drain(first..).filter(|item| matches!(item.shape, DrawnShape::Text(_))).collect();
            self.items.extend(texts);
        }
    }

    /// The index of a link's destination.
    fn link(&mut self, node: Node<'a, 'a>) -> Option<u16> {
        let destination = node.attributes().find(|attribute| attribute.name() == "href")?.value().trim();
        if destination.is_empty() {
            return None;
        }
        let known = self.links.iter().position(|link| link == destination);
        let number = known.unwrap_or_else(|| {
            self.links.push(destination.to_owned());
            self.links.len() - 1
        });
        u16::try_from(number).ok()
    }

    /// Reads a `use` element: a copy of an element elsewhere in the picture.
    fn used(&mut self, node: Node<'a, 'a>, mut around: ElementContext<'a>) {
        let name = node.attributes().find(|attribute| attribute.name() == "href");
        let target = name.and_then(|name| self.by_id.get(name.value().strip_prefix('#')?).copied());
        let Some(target) = target else { return };
        let em = around.style.size;
        let at = |name: &str| node.attribute(name).and_then(|text| pixels(text, em)).unwrap_or(0.0);
        around.matrix = around.matrix.compose(Matrix::shift(at("x"), at("y")));
        // An element that refers to itself soon reaches the limit of nesting, because each copy counts as ten levels.
        around.depth += 10;
        match target.tag_name().name() {
            "symbol" => {
                let inner = self.context_inside(target, &around);
                self.children(target, &inner);
            }
            _ => self.element(target, &around),
        }
    }

    fn text(&mut self, node: Node<'a, 'a>, around: &ElementContext<'a>) {
        if !around.style.is_seen() {
            return;
        }
        let Some((words, style)) = svg_text::read(node, &around.style, &self.sheet) else { return };
        let fill = match style.tone("fill", ColourUse::Text, self.authored) {
            PaintColour::None => return,
            tone => tone,
        };
        let paint = Paint { fill, line: PaintColour::None, ..plain(&style) };
        self.push(DrawnShape::Text(words), paint, around);
    }

    fn shape(&mut self, name: &str, node: Node<'a, 'a>, around: &ElementContext<'a>) {
        let style = &around.style;
        if !style.is_seen() {
            return;
        }
        let Some(form) = form(name, node, style.size) else { return };
        let fill = style.tone("fill", ColourUse::Fill, self.authored);
        let width = pixels(style.value("stroke-width"), style.size).unwrap_or(1.0).clamp(0.0, 40.0);
        let line = if width > 0.0 {
            style.tone("stroke", ColourUse::Line, self.authored)
        } else {
            PaintColour::None
        };
        let fill = if matches!(form, DrawnShape::Line(_)) { PaintColour::None } else { fill };
        let markers = ["marker-start", "marker-end"].map(|end| self.marker(style.value(end), around.depth));
        // Markers are visible even on an invisible line.
        if fill == PaintColour::None && line == PaintColour::None && markers == [None, None] {
            return;
        }
        let dashes =
            numbers(style.value("stroke-dasharray")).into_iter().take(8).filter_map(Length::from_pixels);
        let dashes: Vec<Length> = dashes.collect();
        // Dashes without gaps, or without strokes, make a solid line.
        let none = |from: usize| dashes.iter().skip(from).step_by(2).all(|dash| dash.hundredths() <= 0);
        let solid = none(0) || (dashes.len().is_multiple_of(2) && none(1));
        let paint = Paint {
            fill,
            line,
            width: Length::from_pixels(width).unwrap_or_default(),
            dashes: if solid { Vec::new() } else { dashes },
            markers,
            ..plain(style)
        };
        self.push(form, paint, around);
    }

    fn push(&mut self, form: DrawnShape, paint: Paint, around: &ElementContext<'a>) {
        let Some(place) = around.matrix.place() else { return };
        self.items.push(Item { transform: place, link: around.link, shape: form, paint });
    }

    /// The index of the marker that `url(#id)` names.
    fn marker(&mut self, reference: &'a str, depth: usize) -> Option<u16> {
        let id =
            reference.strip_prefix("url(")?.strip_suffix(')')?.trim_matches(['"', '\'']).strip_prefix('#')?;
        if let Some(number) = self.marker_numbers.get(id) {
            return *number;
        }
        // Entered before it is read, so that reading ends for a marker that contains itself.
        self.marker_numbers.insert(id, None);
        let node = self.by_id.get(id).copied().filter(|node| node.tag_name().name() == "marker")?;
        let marker = self.read_marker(node, depth)?;
        self.markers.push(marker);
        let number = u16::try_from(self.markers.len() - 1).ok();
        self.marker_numbers.insert(id, number);
        number
    }

    fn read_marker(&mut self, node: Node<'a, 'a>, depth: usize) -> Option<Marker> {
        let outer =
            ElementContext { style: Style::outermost(), matrix: Matrix::HERE, link: None, depth: depth + 10 };
        let mut inner = self.context_inside(node, &outer);
        inner.matrix = Matrix::HERE;
        // The items of a marker do not belong to those of the picture.
        let items = std::mem::take(&mut self.items);
        self.children(node, &inner);
        let items = std::mem::replace(&mut self.items, items);
        let length = |name: &str, usual: f64| {
            Length::from_pixels(node.attribute(name).and_then(|text| pixels(text, 16.0)).unwrap_or(usual))
        };
        let user = node.attribute("markerUnits") == Some("userSpaceOnUse");
        Some(Marker {
            view: view_of(node),
            reference: [length("refX", 0.0)?, length("refY", 0.0)?],
            size: [length("markerWidth", 3.0)?, length("markerHeight", 3.0)?],
            scale: if user { MarkerUnits::Pixels } else { MarkerUnits::LineWidths },
            turn: match node.attribute("orient") {
                Some("auto") => MarkerDirection::Along,
                Some("auto-start-reverse") => MarkerDirection::Against,
                _ => MarkerDirection::Fixed,
            },
            items,
        })
    }
}

/// A paint without colours and with the opacity of the style.
fn plain(style: &Style<'_>) -> Paint {
    Paint {
        fill: PaintColour::None,
        line: PaintColour::None,
        width: Length::default(),
        dashes: Vec::new(),
        opacity: (style.opacity * 100.0).round() as u8,
        markers: [None, None],
    }
}

/// The map of a nested `svg` element into the picture around it.
fn nested(node: Node<'_, '_>, em: f64) -> Matrix {
    let at = |name: &str| node.attribute(name).and_then(|text| pixels(text, em));
    let shift = Matrix::shift(at("x").unwrap_or(0.0), at("y").unwrap_or(0.0));
    let (Some(view), Some(width), Some(height)) = (view_of(node), at("width"), at("height")) else {
        return shift;
    };
    let [left, top, wide, high] = view.map(Length::pixels);
    // One scale for both axes keeps the proportions; the smaller one lets everything fit.
    let scale = (width / wide).min(height / high);
    shift.compose(Matrix::scale(scale, scale)).compose(Matrix::shift(-left, -top))
}

/// The shape of an element. Returns `None` for other elements and for numbers that cannot be read.
fn form(name: &str, node: Node<'_, '_>, em: f64) -> Option<DrawnShape> {
    let at = |name: &str| match node.attribute(name) {
        None => Some(Length::default()),
        Some(text) => Length::from_pixels(pixels(text, em)?),
    };
    match name {
        "rect" => {
            let (x, y) = (at("rx")?, at("ry")?);
            // A missing radius equals the other one, as in SVG.
            let round =
                [if node.has_attribute("rx") { x } else { y }, if node.has_attribute("ry") { y } else { x }];
            let sides = [at("x")?, at("y")?, at("width")?, at("height")?];
            (sides[2].hundredths() > 0 && sides[3].hundredths() > 0)
                .then_some(DrawnShape::Rectangle(sides, round))
        }
        "circle" => Some(DrawnShape::Ellipse([at("cx")?, at("cy")?, at("r")?, at("r")?])),
        "ellipse" => Some(DrawnShape::Ellipse([at("cx")?, at("cy")?, at("rx")?, at("ry")?])),
        "line" => Some(DrawnShape::Line([at("x1")?, at("y1")?, at("x2")?, at("y2")?])),
        "polygon" => Some(DrawnShape::Corners(points(node.attribute("points")?)?, Join::Closed)),
        "polyline" => Some(DrawnShape::Corners(points(node.attribute("points")?)?, Join::Open)),
        "path" => Some(DrawnShape::Path(path(node.attribute("d")?)?)),
        _ => None,
    }
}
