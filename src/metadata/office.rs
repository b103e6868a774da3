//! Documents of word processors, spreadsheets and presentations: who wrote, changed and commented them.
//!
//! They are found and not taken out: other parts of the document refer to these. Owns where names stand in OOXML and
//! OpenDocument. A part that cannot be read is a find of its own, because nothing can be ruled out.

use super::cursor::find as find_bytes;
use super::inflate::Budget;
use super::xml::{Token, Tokens};
use super::zip::{self, Part};

const UNKNOWN: &str = "parts that Opsbook cannot read";
const CHANGES: &str = "names of people in comments or tracked changes";

/// Elements whose text names somebody or something, with what they are called.
const ELEMENTS: &[(&str, &str)] = &[
    ("dc:creator", "author"),
    ("cp:lastModifiedBy", "last author"),
    ("cp:keywords", "keywords"),
    ("dc:subject", "subject"),
    ("dc:description", "description"),
    ("Company", "company"),
    ("Manager", "manager"),
    ("HyperlinkBase", "place of the file"),
    ("vt:lpwstr", "properties of its own"),
    ("meta:initial-creator", "author"),
    ("meta:printed-by", "who printed it"),
    ("meta:keyword", "keywords"),
    ("meta:user-defined", "properties of its own"),
];

/// Elements and attributes by which comments and tracked changes name people.
const PEOPLE: &[&str] = &["author", "dc:creator", "meta:creator-initials"];
const PEOPLES_ATTRIBUTES: &[&str] = &["w:author", "displayName", "w15:author", "userName", "name"];

/// What the document says beside what it shows. `None` where it is no such document.
pub(super) fn find(bytes: &[u8]) -> Option<Vec<&'static str>> {
    let parts = zip::parts(bytes)?;
    parts
        .iter()
        .any(|part| matches!(part.name, "[Content_Types].xml" | "META-INF/manifest.xml"))
        .then_some(())?;
    let (mut budget, mut found) = (Budget::new(bytes.len()), Vec::new());
    for part in &parts {
        let look = match sort(part) {
            Sort::Shown => continue,
            Sort::Properties => properties,
            Sort::People => people,
            Sort::Picture => picture,
        };
        match part.unpack(bytes, &mut budget) {
            Some(content) => look(&content, &mut found),
            None => found.push(UNKNOWN),
        }
    }
    found.sort_unstable();
    found.dedup();
    Some(found)
}

/// What a part is looked through for.
enum Sort {
    Shown,
    Properties,
    /// Names of those who commented or changed something.
    People,
    Picture,
}

fn sort(part: &Part<'_>) -> Sort {
    let (folder, name) = part.name.rsplit_once('/').unwrap_or(("", part.name));
    let text = name.ends_with(".xml");
    match (folder, name) {
        ("docProps", "core.xml" | "app.xml" | "custom.xml") | ("", "meta.xml") => Sort::Properties,
        ("", "content.xml") | ("xl/persons" | "xl/threadedComments" | "ppt/comments", _) if text => {
            Sort::People
        }
        ("word", _) if text && !matches!(name, "styles.xml" | "fontTable.xml" | "webSettings.xml") => {
            Sort::People
        }
        ("xl" | "ppt", _) if name.starts_with("comments") || name.starts_with("commentAuthors") => {
            Sort::People
        }
        _ if name.ends_with(".jpg") || name.ends_with(".jpeg") => Sort::Picture,
        _ => Sort::Shown,
    }
}

fn properties(content: &[u8], found: &mut Vec<&'static str>) {
    let mut inside = None;
    for token in Tokens::new(&String::from_utf8_lossy(content)) {
        match token {
            Some(Token::Open(tag)) if !tag.closed => {
                inside = ELEMENTS.iter().find(|(name, _)| *name == tag.name);
            }
            Some(Token::Text(text)) if !text.trim().is_empty() => found.extend(inside.map(|(_, what)| what)),
            Some(_) => inside = None,
            None => found.push(UNKNOWN),
        }
    }
}

fn people(content: &[u8], found: &mut Vec<&'static str>) {
    let mut inside = false;
    for token in Tokens::new(&String::from_utf8_lossy(content)) {
        match token {
            Some(Token::Open(tag)) => {
                inside = PEOPLE.contains(&tag.name) && !tag.closed;
                let person = matches!(tag.name, "person" | "w15:person" | "p:cmAuthor");
                let mut attributes = tag.attributes().flatten();
                if attributes.any(|attribute| {
                    let known = PEOPLES_ATTRIBUTES.contains(&attribute.name);
                    let names = known && (person || attribute.name == "w:author");
                    names && !attribute.value.trim().is_empty()
                }) {
                    found.push(CHANGES);
                    return;
                }
            }
            Some(Token::Text(text)) if inside && !text.trim().is_empty() => {
                found.push(CHANGES);
                return;
            }
            Some(_) => inside = false,
            None => found.push(UNKNOWN),
        }
    }
}

fn picture(content: &[u8], found: &mut Vec<&'static str>) {
    let tiff = find_bytes(content, b"Exif\0\0").map(|at| &content[at + 6..]);
    if tiff.is_some_and(super::exif::tells) {
        found.push("EXIF of a picture, such as the place and the camera");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::fixtures::{exif, zip};

    fn found(parts: &[(&str, &[u8])]) -> Vec<&'static str> {
        let head: &[(&str, &[u8])] = &[("[Content_Types].xml", b"<Types/>")];
        find(&zip(&[head, parts].concat())).unwrap()
    }

    #[test]
    fn authors_and_companies_are_found_and_programs_are_none() {
        let quiet = b"<p><Application>LibreOffice/24</Application><dc:creator></dc:creator><dc:title>T</dc:title></p>";
        assert!(
            found(&[("docProps/app.xml", quiet), ("word/document.xml", b"<w:p w:rsidR='1'>a</w:p>")])
                .is_empty()
        );
        assert_eq!(found(&[("docProps/core.xml", b"<p><dc:creator>Jane</dc:creator></p>")]), ["author"]);
        assert_eq!(found(&[("docProps/app.xml", b"<p><Company>Acme</Company></p>")]), ["company"]);
        assert_eq!(
            found(&[("meta.xml", b"<o><meta:initial-creator>J</meta:initial-creator></o>")]),
            ["author"]
        );
        assert_eq!(found(&[("docProps/core.xml", b"<p")]), [UNKNOWN]);
    }

    #[test]
    fn comments_changes_and_photographs_are_found() {
        assert_eq!(found(&[("word/document.xml", b"<w:ins w:author='Jane'>a</w:ins>")]), [CHANGES]);
        assert_eq!(found(&[("word/people.xml", b"<w15:person w15:author='Jane'/>")]), [CHANGES]);
        assert_eq!(found(&[("xl/comments1.xml", b"<authors><author>Jane</author></authors>")]), [CHANGES]);
        assert_eq!(
            found(&[("content.xml", b"<o:change><dc:creator>Jane</dc:creator></o:change>")]),
            [CHANGES]
        );
        assert!(found(&[("Thumbnails/thumbnail.png", b"")]).is_empty());
        assert_eq!(found(&[("word/media/a.jpg", &[b"Exif\0\0", exif(1).as_slice()].concat())]).len(), 1);
    }

    #[test]
    fn another_archive_or_a_damaged_one_is_no_document() {
        assert_eq!(find(&zip(&[("a.txt", b"a")])), None);
        assert_eq!(find(b"PK\x05\x06"), None);
    }
}
