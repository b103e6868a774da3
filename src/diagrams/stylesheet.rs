//! The style sheet inside Mermaid's SVG: finds the declarations that hold for an element.
//!
//! Owns the subset of CSS that Mermaid writes: rules with types, classes, ids and attributes, joined by the
//! descendant or child combinator. Any other selector matches nothing. Does not know what the properties mean.

use std::collections::HashMap;

use roxmltree::Node;

/// The most rules that are read. Further rules are ignored.
const MOST_RULES: usize = 4000;

/// All rules, indexed by a name that the last part of their selector requires.
#[derive(Debug, Default)]
pub struct Sheet<'a> {
    rules: Vec<StyleRule<'a>>,
    by_key: HashMap<&'a str, Vec<usize>>,
}

#[derive(Debug)]
struct StyleRule<'a> {
    /// From left to right.
    parts: Vec<SelectorPart<'a>>,
    specificity: u32,
    declarations: &'a str,
}

#[derive(Debug, Default)]
struct SelectorPart<'a> {
    /// How the part before it is joined to this one.
    before: Combinator,
    tag: &'a str,
    names: Vec<SelectorName<'a>>,
}

/// How close the element of the part before must be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Combinator {
    #[default]
    Above,
    Parent,
}

#[derive(Debug)]
enum SelectorName<'a> {
    Class(&'a str),
    Id(&'a str),
    Attribute(&'a str, Option<(&'a str, &'a str)>),
}

/// The weight of a declaration. The greater one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Specificity {
    pub important: bool,
    /// 0 for attributes, then rules by their specificity, then the `style` attribute ([`INLINE`]).
    pub specificity: u32,
    pub order: usize,
}

/// The specificity of a `style` attribute, which is above every rule.
pub const INLINE: u32 = u32::MAX;

impl<'a> Sheet<'a> {
    /// Adds the rules of one `<style>`.
    pub fn read(&mut self, css: &'a str) {
        let mut rest = css;
        while let Some(open) = rest.find('{') {
            let selectors = rest[..open].trim();
            let length = block_length(&rest[open..]);
            let block = rest[open + 1..open + length].trim_end_matches('}');
            rest = &rest[open + length..];
            // At-rules hold animations and conditions. A still picture needs nothing in them.
            if !selectors.starts_with('@') {
                for selector in selectors.split(',') {
                    self.add(selector.trim(), block);
                }
            }
        }
    }

    fn add(&mut self, selector: &'a str, declarations: &'a str) {
        let Some(parts) = parts(selector) else { return };
        let Some(last) = parts.last() else { return };
        if self.rules.len() >= MOST_RULES {
            return;
        }
        // Each element that matches has this class, id or type, so that `each` has to test only a few rules.
        let key = last.names.first().map_or(last.tag, |name| match name {
            SelectorName::Class(name) | SelectorName::Id(name) => name,
            SelectorName::Attribute(..) => last.tag,
        });
        let specificity = parts.iter().map(SelectorPart::specificity).sum();
        self.by_key.entry(key).or_default().push(self.rules.len());
        self.rules.push(StyleRule { parts, specificity, declarations });
    }

    /// Calls `take` with each declaration that holds for an element: property, value and weight.
    pub fn each(&self, node: Node<'a, 'a>, take: &mut impl FnMut(&'a str, &'a str, Specificity)) {
        let classes = node.attribute("class").unwrap_or("").split_ascii_whitespace();
        let keys = classes.chain(node.attribute("id")).chain([node.tag_name().name(), "", "*"]);
        for key in keys {
            for at in self.by_key.get(key).into_iter().flatten() {
                let rule = &self.rules[*at];
                if matches(&rule.parts, node) {
                    declarations(rule.declarations, rule.specificity, *at, take);
                }
            }
        }
    }
}

/// Calls `take` with each declaration of a block or of a `style` attribute.
pub fn declarations<'a>(
    block: &'a str,
    specificity: u32,
    order: usize,
    take: &mut impl FnMut(&'a str, &'a str, Specificity),
) {
    for declaration in block.split(';') {
        let Some((property, value)) = declaration.split_once(':') else { continue };
        let value = value.trim();
        let plain = value.strip_suffix("!important").map(str::trim_end);
        take(
            property.trim(),
            plain.unwrap_or(value),
            Specificity { important: plain.is_some(), specificity, order },
        );
    }
}

/// The length in bytes of the block at the start of `text`, braces included.
fn block_length(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth <= 1 => return at + 1,
            b'}' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

/// The parts of a selector. Returns `None` for anything outside the supported subset.
fn parts(selector: &str) -> Option<Vec<SelectorPart<'_>>> {
    let mut parts = Vec::new();
    let mut before = Combinator::Above;
    for word in selector.split_ascii_whitespace() {
        for (at, piece) in word.split('>').enumerate() {
            if at > 0 {
                before = Combinator::Parent;
            }
            if !piece.is_empty() {
                parts.push(part(piece, before)?);
                before = Combinator::Above;
            }
        }
    }
    Some(parts)
}

fn part(text: &str, before: Combinator) -> Option<SelectorPart<'_>> {
    let end = |text: &str| text.find(['.', '#', '[', ':']).unwrap_or(text.len());
    let (tag, mut rest) = text.split_at(end(text));
    let mut part = SelectorPart { before, tag: if tag == "*" { "" } else { tag }, names: Vec::new() };
    while let Some(sign) = rest.chars().next() {
        let body = &rest[1..];
        if sign == '[' {
            let (inside, after) = body.split_once(']')?;
            part.names.push(attribute(inside));
            rest = after;
            continue;
        }
        let (name, after) = body.split_at(end(body));
        part.names.push(match sign {
            '.' => SelectorName::Class(name),
            '#' => SelectorName::Id(name),
            _ => return None,
        });
        rest = after;
    }
    Some(part)
}

fn attribute(inside: &str) -> SelectorName<'_> {
    let Some((name, value)) = inside.split_once('=') else {
        return SelectorName::Attribute(inside.trim(), None);
    };
    let operator = name.find(|c: char| "^$*~|".contains(c)).map_or("", |at| &name[at..]);
    let value = value.trim().trim_matches(['"', '\'']);
    SelectorName::Attribute(name[..name.len() - operator.len()].trim(), Some((operator, value)))
}

fn matches(parts: &[SelectorPart<'_>], node: Node<'_, '_>) -> bool {
    let Some((last, before)) = parts.split_last() else { return true };
    if !last.fits(node) {
        return false;
    }
    let mut above = node.ancestors().skip(1).filter(Node::is_element);
    match (before.is_empty(), last.before) {
        (true, _) => true,
        (false, Combinator::Parent) => above.next().is_some_and(|parent| matches(before, parent)),
        (false, Combinator::Above) => above.any(|ancestor| matches(before, ancestor)),
    }
}

impl SelectorPart<'_> {
    fn specificity(&self) -> u32 {
        // As in CSS: an id outweighs classes and attributes, and these outweigh types.
        let of = |name: &SelectorName<'_>| if matches!(name, SelectorName::Id(_)) { 10_000 } else { 100 };
        self.names.iter().map(of).sum::<u32>() + u32::from(!self.tag.is_empty())
    }

    fn fits(&self, node: Node<'_, '_>) -> bool {
        (self.tag.is_empty() || self.tag == node.tag_name().name())
            && self.names.iter().all(|name| name.fits(node))
    }
}

impl SelectorName<'_> {
    fn fits(&self, node: Node<'_, '_>) -> bool {
        match self {
            SelectorName::Class(class) => node
                .attribute("class")
                .is_some_and(|all| all.split_ascii_whitespace().any(|one| one == *class)),
            SelectorName::Id(id) => node.attribute("id") == Some(id),
            SelectorName::Attribute(name, None) => node.has_attribute(*name),
            SelectorName::Attribute(name, Some((operator, value))) => {
                node.attribute(*name).is_some_and(|is| match *operator {
                    "" => is == *value,
                    "^" => is.starts_with(value),
                    "$" => is.ends_with(value),
                    "*" => is.contains(value),
                    "~" => is.split_ascii_whitespace().any(|one| one == *value),
                    _ => false,
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use roxmltree::Document;

    use super::*;

    const PICTURE: &str = r#"<svg id="d"><style/><g class="node hot" data-look="classic"><rect class="box"/><g><path id="p"/></g></g></svg>"#;

    /// The fill of the first element with this tag.
    fn fill(css: &str, tag: &str) -> Option<String> {
        let document = Document::parse(PICTURE).unwrap();
        let node = document.descendants().find(|node| node.tag_name().name() == tag).unwrap();
        let mut sheet = Sheet::default();
        sheet.read(css);
        let mut best: Option<(Specificity, &str)> = None;
        sheet.each(node, &mut |property, value, weight| {
            if property == "fill" && best.is_none_or(|(known, _)| weight >= known) {
                best = Some((weight, value));
            }
        });
        best.map(|(_, value)| value.to_owned())
    }

    #[test]
    fn the_rule_that_weighs_most_wins() {
        let css = "#d .node rect{fill:red;}#d .node .box{fill:green}rect{fill:blue!important}";
        assert_eq!(fill(css, "rect").unwrap(), "blue");
        assert_eq!(fill("#d .node .box{fill:green}#d .node rect{fill:red}", "rect").unwrap(), "green");
        assert_eq!(fill("rect{fill:red}rect{fill:green}", "rect").unwrap(), "green");
    }

    #[test]
    fn children_and_attributes_are_told_apart() {
        assert_eq!(fill("#d .node>rect{fill:red}", "rect").unwrap(), "red");
        assert_eq!(fill("#d .node > path{fill:red}", "path"), None);
        assert_eq!(fill("#d [data-look=\"classic\"].node path{fill:red}", "path").unwrap(), "red");
        assert_eq!(fill("#d [data-look=neo] path{fill:red}", "path"), None);
        assert_eq!(fill(".a,#d #p{fill:red}", "path").unwrap(), "red");
    }

    #[test]
    fn what_is_not_known_matches_nothing() {
        assert_eq!(fill("rect:hover{fill:red}rect::before{fill:red}rect+g{fill:red}", "rect"), None);
        assert_eq!(fill("@media print{rect{fill:red}}@keyframes a{from{fill:red}}", "rect"), None);
        for broken in ["{", "}", "a{", "[{}", "a[b{}", ":{}", ">{}", ".{}", "a>>b{c}", "{}{{}"] {
            assert_eq!(fill(broken, "rect"), None, "{broken}");
        }
    }
}
