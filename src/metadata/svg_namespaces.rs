//! Namespaces of a drawing: which names belong to what browsers draw.
//!
//! Owns the declarations in force at a place of a document. A namespace is known by its address, never by its prefix.

use super::xml::Attribute;

/// Declarations that may be in force at one place: each tag looks through all of them.
const MOST: usize = 256;

/// What a name belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SvgNamespace {
    /// SVG, or no namespace at all.
    Svg,
    Xlink,
    Xml,
    Html,
    MathMl,
    /// Nothing that browsers draw: editors, licences, RDF.
    Other,
}

const KNOWN: [(&str, SvgNamespace); 6] = [
    ("", SvgNamespace::Svg),
    ("http://www.w3.org/2000/svg", SvgNamespace::Svg),
    ("http://www.w3.org/1999/xlink", SvgNamespace::Xlink),
    ("http://www.w3.org/XML/1998/namespace", SvgNamespace::Xml),
    ("http://www.w3.org/1999/xhtml", SvgNamespace::Html),
    ("http://www.w3.org/1998/Math/MathML", SvgNamespace::MathMl),
];

/// Prefixes and what they stand for, the nearest last.
#[derive(Debug, Default)]
pub(super) struct Namespaces<'a> {
    declared: Vec<(&'a str, SvgNamespace)>,
    /// How many declarations were in force outside each open element.
    outside: Vec<usize>,
}

impl<'a> Namespaces<'a> {
    /// Enters an element with these attributes. `None` where more is declared than anybody needs.
    pub fn enter(&mut self, attributes: &[Attribute<'a>]) -> Option<()> {
        self.outside.push(self.declared.len());
        let declared = attributes.iter().filter_map(|attribute| {
            let prefix = match attribute.name.split_once(':') {
                None if attribute.name == "xmlns" => "",
                Some(("xmlns", prefix)) => prefix,
                _ => return None,
            };
            let known = KNOWN.iter().find(|(address, _)| *address == attribute.value);
            Some((prefix, known.map_or(SvgNamespace::Other, |(_, space)| *space)))
        });
        self.declared.extend(declared);
        (self.declared.len() <= MOST).then_some(())
    }

    /// Leaves the innermost element.
    pub fn leave(&mut self) {
        if let Some(outside) = self.outside.pop() {
            self.declared.truncate(outside);
        }
    }

    /// What an element's name belongs to.
    pub fn namespace_of(&self, name: &str) -> SvgNamespace {
        let prefix = name.split_once(':').map_or("", |(prefix, _)| prefix);
        let found = self.declared.iter().rev().find(|(known, _)| *known == prefix);
        match (found, prefix) {
            (Some((_, space)), _) => *space,
            (None, "") => SvgNamespace::Svg,
            (None, "xml") => SvgNamespace::Xml,
            (None, _) => SvgNamespace::Other,
        }
    }

    /// What an attribute's name belongs to: without a prefix to its element, whatever that is.
    pub fn of_attribute(&self, name: &str) -> SvgNamespace {
        if name.contains(':') { self.namespace_of(name) } else { SvgNamespace::Svg }
    }
}

/// A name without its prefix.
pub(super) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}
