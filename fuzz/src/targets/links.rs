//! Destinations and names: where a link leads, and what a path may be.

use opsbook::markdown::{Reference, classify};
use opsbook::path::{FilePath, UrlPath, decode, encode, heading_id, segment};
use url::Url;

use super::text;

/// Schemes that a reader may follow.
const SCHEMES: &[&str] =
    &["http", "https", "mailto", "tel", "sip", "matrix", "xmpp", "irc", "ircs", "ssh", "git", "ftp"];

/// A destination, read as browsers read it; and the same text as a name of files, pages and headings.
pub fn links(bytes: &[u8]) {
    let text = text(bytes);
    destination(&text);
    name(&text);
    for line in text.lines() {
        destination(line);
        name(line);
    }
}

fn destination(text: &str) {
    let base = Url::parse("https://h.example/a/b/").expect("the address is a plain one");
    match classify(text) {
        Reference::Outside(to) => {
            let Ok(url) = base.join(&to) else { return };
            assert!(SCHEMES.contains(&url.scheme()), "{text:?} leads to {url}");
        }
        Reference::Inside(to) => {
            let Ok(url) = base.join(&to) else { return };
            assert_eq!(url.origin(), base.origin(), "{text:?} leaves the handbook for {url}");
        }
        Reference::Refused => {}
    }
}

fn name(text: &str) {
    assert_eq!(decode(&encode(text)), text);
    assert!(!encode(text).contains(['<', '>', '"', ' ', '\\', '#', '?']), "{text:?}");
    let name = segment(text);
    assert_eq!(segment(&name), name, "{text:?}");
    assert!(!name.contains(['/', '\\', '\0', '%', ':']) && name != "." && name != "..", "{text:?}");
    assert!(!heading_id(text).contains(|c: char| c.is_whitespace() || "<>\"'&".contains(c)), "{text:?}");
    let from = FilePath::new("content/a/b.md").expect("the path is a plain one");
    for path in [FilePath::new(text), from.join(text)].into_iter().flatten() {
        let bad =
            path.as_str().split('/').any(|part| part == ".." || part == "." || part.contains(['\\', '\0']));
        assert!(!bad && !path.as_str().starts_with('/'), "{text:?} is {path}");
        assert_eq!(FilePath::new(path.as_str()).as_ref(), Some(&path), "{text:?}");
    }
    between(text);
}

/// Relative addresses between pages that are named by an input lead from one to the other.
fn between(text: &str) {
    let page = |part: &str| {
        let names: Vec<String> = part.split('/').map(segment).filter(|name| !name.is_empty()).collect();
        let folder = names.iter().fold(String::new(), |path, name| path + name + "/");
        UrlPath::new(folder)
    };
    let middle = opsbook::source::floor_boundary(text, text.len() / 2);
    let (from, to) = (page(&text[..middle]), page(&text[middle..]));
    let base = Url::parse("https://h.example/").expect("the address is a plain one");
    let at = |path: &UrlPath| base.join(&format!("./{}", path.encoded())).expect("a page has an address");
    let led = at(&from).join(&from.relative(&to));
    assert_eq!(led.as_ref(), Ok(&at(&to)), "from {from} to {to} by {}", from.relative(&to));
}
