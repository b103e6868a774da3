//! Namespaces of a drawing: the vocabulary that each name belongs to.
//!
//! Owns the declarations in force at a position in a document. A namespace is identified by its URI, never by its
//! prefix.

use super::xml::Attribute;

/// The most declarations in force at one position. Each tag searches all of them, so the number must be bounded.
const MOST: usize = 256;

/// The vocabulary that a name belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SvgNamespace {
    /// SVG, or no namespace at all.
    Svg,
    Xlink,
    Xml,
    Html,
    MathMl,
    /// Vocabularies that browsers do not draw: editors, licences, RDF.
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

/// The prefixes in force and their namespaces, the innermost last.
#[derive(Debug, Default)]
pub(super) struct Namespaces<'a> {
    declared: Vec<(&'a str, SvgNamespace)>,
    /// For each open element, the number of declarations in force outside it.
    outside: Vec<usize>,
}

impl<'a> Namespaces<'a> {
    /// Enters an element with these attributes. `None` where more than [`MOST`] declarations are in force.
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

    /// The namespace of an element's name, or of any name with a prefix.
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

    /// The namespace of an attribute's name. A name without a prefix belongs to its element and counts as SVG.
    pub fn of_attribute(&self, name: &str) -> SvgNamespace {
        if name.contains(':') { self.namespace_of(name) } else { SvgNamespace::Svg }
    }
}

/// A name without its prefix.
pub(super) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}
