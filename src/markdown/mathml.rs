//! Reads MathML that a foreign library wrote and writes it again.
//!
//! Owns the tables of elements and attributes that a formula may contain. Nothing that was read is copied into a tag:
//! names come from the tables, values are checked against the syntax that the table requires, and text is escaped. Must
//! not know LaTeX, and trusts nothing that it reads.

use html5ever::Attribute;
use html5ever::tokenizer::TagKind;

use super::html_pieces::{HtmlPiece, pieces, tokens};
use crate::html_escape::{escape_text, push_text};

/// The elements of MathML Core that formulas contain.
const ELEMENTS: [&str; 17] = [
    "math", "mfrac", "mi", "mn", "mo", "mover", "mroot", "mrow", "msqrt", "mspace", "msub", "msubsup",
    "msup", "mtable", "mtd", "mtext", "mtr",
];

/// Elements with a base and something under it.
const UNDER: [&str; 2] = ["munder", "munderover"];

/// The syntax of an attribute value.
#[derive(Debug, Clone, Copy)]
enum ValueSyntax {
    /// One of these words.
    Word(&'static [&'static str]),
    /// A number, with or without a unit.
    Length,
    /// Class names, all from the style sheet of formulas.
    Classes,
    /// An inline style. It is left out, because the content security policy forbids it.
    Style,
}

const ATTRIBUTES: [(&str, ValueSyntax); 16] = [
    ("class", ValueSyntax::Classes),
    ("depth", ValueSyntax::Length),
    ("display", ValueSyntax::Word(&["block", "inline"])),
    ("displaystyle", ValueSyntax::Word(&["false", "true"])),
    ("height", ValueSyntax::Length),
    ("largeop", ValueSyntax::Word(&["false", "true"])),
    ("linethickness", ValueSyntax::Length),
    ("mathvariant", ValueSyntax::Word(&["normal"])),
    ("maxsize", ValueSyntax::Length),
    ("minsize", ValueSyntax::Length),
    ("movablelimits", ValueSyntax::Word(&["false", "true"])),
    ("scriptlevel", ValueSyntax::Word(&["0", "1", "2"])),
    ("stretchy", ValueSyntax::Word(&["false", "true"])),
    ("style", ValueSyntax::Style),
    ("symmetric", ValueSyntax::Word(&["false", "true"])),
    ("width", ValueSyntax::Length),
];

/// Writes the same formula from the tables and nothing else.
///
/// # Errors
/// The element or attribute that is not in the tables, or a tag that closes nothing, as a sentence without a full stop.
pub(super) fn written_anew(mathml: &str) -> Result<String, String> {
    let mut formula = Formula { out: String::with_capacity(mathml.len()), open: Vec::new() };
    for (piece, range) in pieces(mathml) {
        match piece {
            HtmlPiece::Text => push_text(&mut formula.out, &tokens(&mathml[range]).text),
            HtmlPiece::Tag => formula.tag(&mathml[range])?,
            HtmlPiece::Comment | HtmlPiece::Unclosed | HtmlPiece::Declaration => {
                return Err("the formula would hold a comment or a declaration of HTML".to_owned());
            }
        }
    }
    match formula.open.last() {
        None => Ok(formula.out),
        Some(open) => Err(format!("the formula would leave `<{open}>` open")),
    }
}

struct Formula {
    out: String,
    open: Vec<&'static str>,
}

impl Formula {
    fn tag(&mut self, written: &str) -> Result<(), String> {
        let unknown = || format!("the formula would hold `{written}`, which is not part of a formula");
        let tag = tokens(written).tag.ok_or_else(unknown)?;
        let name = ELEMENTS.iter().chain(&UNDER).find(|name| ***name == *tag.name).ok_or_else(unknown)?;
        // Every other element must be inside the one `math` element.
        let beginning = self.out.is_empty() && tag.kind == TagKind::StartTag;
        if (*name == "math") != (beginning || self.open.len() == 1 && tag.kind == TagKind::EndTag) {
            return Err(unknown());
        }
        if tag.kind == TagKind::EndTag {
            self.open.pop().filter(|open| open == name).ok_or_else(unknown)?;
            self.out.push_str(&format!("</{name}>"));
            return Ok(());
        }
        self.out.push_str(&format!("<{name}"));
        for attribute in &tag.attrs {
            self.attribute(attribute)?;
        }
        if tag.self_closing {
            self.out.push_str(" />");
        } else {
            self.out.push('>');
            self.open.push(name);
        }
        Ok(())
    }

    fn attribute(&mut self, attribute: &Attribute) -> Result<(), String> {
        let (name, value) = (&*attribute.name.local, &*attribute.value);
        let known = ATTRIBUTES.iter().find(|(known, _)| *known == name);
        let Some((name, form)) = known.filter(|(_, form)| form.allows(value)) else {
            return Err(format!("the formula would hold the attribute `{name}=\"{value}\"`"));
        };
        if !matches!(form, ValueSyntax::Style) {
            self.out.push_str(&format!(" {name}=\"{}\"", escape_text(value)));
        }
        Ok(())
    }
}

impl ValueSyntax {
    fn allows(self, value: &str) -> bool {
        match self {
            ValueSyntax::Word(words) => words.contains(&value),
            ValueSyntax::Length => is_length(value),
            ValueSyntax::Classes => value.split(' ').all(is_class),
            ValueSyntax::Style => true,
        }
    }
}

fn is_length(value: &str) -> bool {
    let number = value.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let unit = &value[number.len()..];
    unit.len() <= 3 && number.bytes().all(|b| b.is_ascii_digit() || b"+-.".contains(&b))
}

fn is_class(name: &str) -> bool {
    let plain = |name: &str| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    name.strip_prefix("menv-").is_some_and(plain)
        || matches!(name, "cell-left" | "cell-right" | "mop-negated" | "small")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_made_of_the_tables() {
        let formula = "<math display=\"inline\"><mi mathvariant=\"normal\">a</mi><mo><</mo><mo>&</mo>\
            <mspace width=\"-0.2em\" style=\"margin-left: -0.2em\" /><mo stretchy=\"true\"minsize=\"1.2em\">(</mo></math>";
        let wanted = "<math display=\"inline\"><mi mathvariant=\"normal\">a</mi><mo>&lt;</mo><mo>&amp;</mo>\
            <mspace width=\"-0.2em\" /><mo stretchy=\"true\" minsize=\"1.2em\">(</mo></math>";
        assert_eq!(written_anew(formula).as_deref(), Ok(wanted));
        assert_eq!(written_anew(wanted).as_deref(), Ok(wanted));
    }

    #[test]
    fn whatever_the_tables_do_not_name_is_refused() {
        for hostile in [
            "<script src=../x.txt></script>",
            "<SCRIPT>x",
            "<meta http-equiv=refresh content=0;url=https://example.org/>",
            "<img src=x>",
            "<svg><style>",
            "</mi></math><script>",
            "</mi></math><math><mi>",
            "<math>",
            "</mrow>",
            "<mrow>",
            "<mi href=\"javascript:x\">y</mi>",
            "<mi onclick=\"x\">y</mi>",
            "<mi class=\"button\">y</mi>",
            "<mspace width=\"1em;x\"/>",
            "<annotation-xml encoding=\"text/html\">x</annotation-xml>",
            "<!-- x -->",
            "<!doctype html>",
            "<?x?>",
            "<![CDATA[x]]>",
        ] {
            let formula = format!("<math><mi>{hostile}</mi></math>");
            assert!(written_anew(&formula).is_err(), "{hostile}: {:?}", written_anew(&formula));
        }
        assert!(written_anew("<mi>x</mi>").is_err());
    }

    #[test]
    fn what_looks_like_markup_in_a_text_stays_text() {
        let text = "<math><mtext>&lt;script&gt; a < b &amp;lt; &nbsp;</mtext></math>";
        let wanted = "<math><mtext>&lt;script&gt; a &lt; b &amp;lt; \u{A0}</mtext></math>";
        assert_eq!(written_anew(text).as_deref(), Ok(wanted));
    }
}
