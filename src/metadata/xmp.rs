//! XMP, the form of metadata that documents carry in XML.
//!
//! Owns which properties say nothing about people and places. Documents must carry some by their standards (that
//! they are PDF/A, their language, their title), so only others count.

use super::xml::{Token, Tokens};

/// Prefixes whose properties are about the format alone; `xml` is the language, `x` and `rdf` the frame.
const FORMAL: &[&str] = &[
    "x",
    "rdf",
    "xml",
    "xmlns",
    "pdfaid",
    "pdfuaid",
    "pdfxid",
    "pdfaExtension",
    "pdfaSchema",
    "pdfaProperty",
    "pdfaType",
    "pdfaField",
    "stEvt",
];
/// Properties that name a program, a time, a number or what viewers show anyway.
const HARMLESS: &[&str] = &[
    "dc:format",
    "dc:language",
    "dc:title",
    "dc:type",
    "pdf:Producer",
    "pdf:PDFVersion",
    "pdf:Trapped",
    "xmp:CreateDate",
    "xmp:CreatorTool",
    "xmp:MetadataDate",
    "xmp:ModifyDate",
    "xmpMM:DocumentID",
    "xmpMM:History",
    "xmpMM:InstanceID",
    "xmpMM:OriginalDocumentID",
    "xmpMM:RenditionClass",
    "xmpMM:VersionID",
    "xap:CreateDate",
    "xap:CreatorTool",
    "xap:MetadataDate",
    "xap:ModifyDate",
    "xapMM:DocumentID",
    "xapMM:InstanceID",
];

/// Whether the text holds a property that says more; one that cannot be read may.
pub(super) fn says_more(text: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    for token in Tokens::new(text) {
        let Some(token) = token else { return true };
        match token {
            Token::Open(tag) => {
                let own = tag
                    .attributes()
                    .any(|a| a.is_none_or(|a| !is_formal(a.name) && !a.value.trim().is_empty()));
                if own {
                    return true;
                }
                if !tag.closed {
                    open.push(tag.name);
                }
            }
            Token::Close(_) => drop(open.pop()),
            Token::Text(text) | Token::Data(text)
                if !text.trim().is_empty() && open.iter().any(|name| !is_formal(name)) =>
            {
                return true;
            }
            _ => {}
        }
        if open.len() > 64 {
            return true;
        }
    }
    false
}

fn is_formal(name: &str) -> bool {
    let prefix = name.split(':').next().unwrap_or(name);
    FORMAL.contains(&prefix) || HARMLESS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_standards_ask_for_is_no_find() {
        let quiet = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF><rdf:Description rdf:about='' xmlns:dc='d' \
            pdfaid:part='2'><dc:title><rdf:Alt><rdf:li xml:lang='x-default'>Title</rdf:li></rdf:Alt></dc:title>\
            <xmp:CreatorTool>Writer</xmp:CreatorTool><dc:creator/></rdf:Description></rdf:RDF></x:xmpmeta>";
        assert!(!says_more(quiet));
        assert!(says_more(&quiet.replace("<dc:creator/>", "<dc:creator><rdf:li>Jane</rdf:li></dc:creator>")));
        assert!(says_more(&quiet.replace("pdfaid:part='2'", "photoshop:City='Berlin'")));
        assert!(says_more("<x:xmpmeta"));
    }
}
