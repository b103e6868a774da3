//! Paths of files, URLs of pages, ids of headings, and relative URLs.
//!
//! Owns the newtypes [`FilePath`] (a file of the handbook, relative to its root) and [`UrlPath`] (a page or a file in
//! the finished site), URL segments, heading ids and percent-encoding. This module does not touch the file system: a
//! path is text that was checked once.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use unicode_normalization::UnicodeNormalization;

/// The path of an input file, relative to the handbook's root. It has `/` between segments and no `.` or `..`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FilePath(Arc<str>);

/// The path of a page or a file in the site, not percent-encoded and without a leading slash. The path of a page ends
/// with `/`, and that of the home page is empty. Any other path is a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UrlPath(Arc<str>);

macro_rules! text_newtype {
    ($name:ident) => {
        impl $name {
            /// The path as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}
text_newtype!(FilePath);
text_newtype!(UrlPath);

impl<'de> Deserialize<'de> for FilePath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<FilePath, D::Error> {
        let text = String::deserialize(deserializer)?;
        FilePath::new(&text).ok_or_else(|| D::Error::custom("no path of a file"))
    }
}

impl FilePath {
    /// Resolves `.` and `..` by text alone, without the file system. `None` if the path is absolute, leaves the root,
    /// or contains a backslash or a NUL character.
    pub fn new(text: &str) -> Option<FilePath> {
        if text.starts_with('/') || text.contains(['\\', '\0']) {
            return None;
        }
        let mut segments: Vec<&str> = Vec::new();
        for segment in text.split('/') {
            match segment {
                "" | "." => {}
                ".." => {
                    segments.pop()?;
                }
                name => segments.push(name),
            }
        }
        Some(FilePath(segments.join("/").into()))
    }

    /// The file of the settings, to which diagnostics without a page belong.
    pub fn of_settings() -> FilePath {
        FilePath::new("book.toml").expect("the name is a plain one")
    }

    /// The file that `reference` names, relative to the folder of this file. `None` if it leaves the root.
    pub fn join(&self, reference: &str) -> Option<FilePath> {
        FilePath::in_folder(self.folder(), reference)
    }

    /// The path of `reference` in `folder`, which is empty for the root. `None` if it leaves the root.
    pub fn in_folder(folder: &str, reference: &str) -> Option<FilePath> {
        FilePath::new(format!("{folder}/{reference}").trim_start_matches('/'))
    }

    /// The folder of the file, without a trailing slash; empty for the root.
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The file name: the last segment.
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&self.0, |(_, name)| name)
    }

    /// The file name without its extension.
    pub fn stem(&self) -> &str {
        self.name().rsplit_once('.').map_or(self.name(), |(stem, _)| stem)
    }

    /// The extension in lower case, without the dot; empty if there is none.
    pub fn extension(&self) -> String {
        self.name().rsplit_once('.').map_or(String::new(), |(_, ext)| ext.to_ascii_lowercase())
    }

    /// The path relative to `folder`; `None` if the file is not in that folder.
    pub fn beneath(&self, folder: &str) -> Option<&str> {
        if folder.is_empty() {
            return Some(&self.0);
        }
        self.0.strip_prefix(folder)?.strip_prefix('/')
    }
}

/// How pages are addressed. Links, files and everything that names a page ask this type for its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PageAddresses {
    /// `a/b/`, the file `a/b/index.html`: a web server adds the name of the file.
    #[default]
    Folders,
    /// `a/b/index.html`: for bundles, which are opened without a server.
    IndexFiles,
    /// `a/b.html`: for stores that send nothing but files.
    Files,
}

impl PageAddresses {
    /// The form with this name in `book.toml`.
    pub fn named(name: &str) -> Option<PageAddresses> {
        match name {
            "folders" => Some(PageAddresses::Folders),
            "files" => Some(PageAddresses::Files),
            _ => None,
        }
    }

    /// The address of a page or file by its path in the site, percent-encoded or not.
    pub fn written(self, path: &str) -> Cow<'_, str> {
        let is_page = path.is_empty() || path.ends_with('/');
        match (self, path.strip_suffix('/')) {
            _ if !is_page => Cow::Borrowed(path),
            (PageAddresses::Folders, _) => Cow::Borrowed(path),
            (PageAddresses::Files, Some(name)) => Cow::Owned(format!("{name}.html")),
            (PageAddresses::IndexFiles, _) | (PageAddresses::Files, None) => {
                Cow::Owned(format!("{path}index.html"))
            }
        }
    }

    /// The path of the file with a page, or of any other file.
    pub fn output_file(self, path: &str) -> String {
        let files = if self == PageAddresses::Folders { PageAddresses::IndexFiles } else { self };
        files.written(path).into_owned()
    }

    /// The path of the Markdown beside a page.
    pub fn markdown_file(self, page: &UrlPath) -> UrlPath {
        let html = self.output_file(&page.0);
        let stem = html.strip_suffix(".html").unwrap_or(&html);
        UrlPath::new(format!("{stem}.md"))
    }

    /// The path of the card beside a page.
    pub fn card_file(self, page: &UrlPath) -> UrlPath {
        let html = self.output_file(&page.0);
        let stem = html.strip_suffix(".html").unwrap_or(&html);
        UrlPath::new(format!("{stem}.card.svg"))
    }

    /// The path of the page at an address of the site, in any spelling: with a slash at the end, and empty for the home page.
    pub fn page_path(self, address: &str) -> String {
        let path = match address.strip_suffix(".html") {
            Some(page) if self == PageAddresses::Files && !address.ends_with("/index.html") => page,
            _ => address.strip_suffix("index.html").unwrap_or(address),
        };
        match path.trim_matches('/') {
            "" => String::new(),
            "index" if self == PageAddresses::Files && address == "index.html" => String::new(),
            path => format!("{path}/"),
        }
    }
}

impl UrlPath {
    /// Takes `text` unchanged. The caller must have made every segment with [`segment`].
    pub fn new(text: impl Into<Arc<str>>) -> UrlPath {
        UrlPath(text.into())
    }

    /// Whether this is the path of a page, which is a folder, and not of a file.
    pub fn is_page(&self) -> bool {
        self.0.is_empty() || self.0.ends_with('/')
    }

    /// The path as links name it: that of a page in the form of the site, any other unchanged.
    pub fn written(&self, addresses: PageAddresses) -> UrlPath {
        match addresses.written(&self.0) {
            Cow::Borrowed(_) => self.clone(),
            Cow::Owned(path) => UrlPath(path.into()),
        }
    }

    /// The path of the output file that a web server sends for this URL.
    pub fn output_file(&self, addresses: PageAddresses) -> String {
        addresses.output_file(&self.0)
    }

    /// The URL of the section above; `None` for the home page.
    pub fn parent(&self) -> Option<UrlPath> {
        let trimmed = self.0.strip_suffix('/').unwrap_or(&self.0);
        if trimmed.is_empty() {
            return None;
        }
        let parent = trimmed.rsplit_once('/').map_or("", |(parent, _)| parent);
        Some(UrlPath::new(if parent.is_empty() { String::new() } else { format!("{parent}/") }))
    }

    /// The last segment without a trailing slash; empty for the home page.
    pub fn last_segment(&self) -> &str {
        let path = self.0.strip_suffix('/').unwrap_or(&self.0);
        path.rsplit('/').next().unwrap_or(path)
    }

    /// The relative, percent-encoded URL from this page to `target`. A site with relative URLs works in any sub-path.
    pub fn relative(&self, target: &UrlPath) -> String {
        let (from, to) = (self.0.as_bytes(), target.0.as_bytes());
        let same = from.iter().zip(to).take_while(|(a, b)| a == b).count();
        // The common beginning may end within a segment, so only whole segments are shared.
        let shared = from[..same].iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
        let up = self.0[shared..].matches('/').count();
        let mut url = String::with_capacity(3 * up + to.len() - shared);
        (0..up).for_each(|_| url.push_str("../"));
        push_encoded(&mut url, &target.0[shared..]);
        if url.is_empty() { "./".to_owned() } else { url }
    }

    /// The percent-encoded path, for absolute URLs.
    pub fn encoded(&self) -> String {
        let mut url = String::with_capacity(self.0.len());
        push_encoded(&mut url, &self.0);
        url
    }
}

/// The id of a heading, made as on GitHub: lower case, `-` for each space, punctuation dropped.
pub fn heading_id(text: &str) -> String {
    let mut id = String::with_capacity(text.len());
    for c in text.trim().chars().flat_map(char::to_lowercase) {
        match c {
            ' ' | '\t' | '\n' => id.push('-'),
            '-' | '_' => id.push(c),
            c if c.is_alphanumeric() || is_mark(c) => id.push(c),
            _ => {}
        }
    }
    id
}

/// Whether `c` is a combining mark. Scripts such as Devanagari and decomposed Japanese need them inside a word.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// Reserved names of devices on Windows, besides `com0` to `com9` and `lpt0` to `lpt9`.
const DEVICES: [&str; 4] = ["aux", "con", "nul", "prn"];

/// Whether Windows takes a name in lower case for a device. An extension does not help, nor do spaces before the dot.
pub fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end();
    let port = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    let is_port = port.is_some_and(|port| port.len() == 1 && port.bytes().all(|b| b.is_ascii_digit()));
    is_port || DEVICES.contains(&stem)
}

/// Makes one URL segment from a file name, a folder name or a `slug`: NFC, lower case, with letters, digits and `-_.~`.
/// Each run of other characters becomes one `-`. `-` and `.` are removed from both ends. The result may be empty.
pub fn segment(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    if name.is_ascii() {
        name.bytes().for_each(|byte| push(&mut out, char::from(byte.to_ascii_lowercase())));
    } else {
        name.nfc().flat_map(char::to_lowercase).for_each(|c| push(&mut out, c));
    }
    // A segment must never be `.` or `..`, which would lead to another folder.
    out.truncate(out.trim_end_matches(['-', '.']).len());
    out.drain(..out.len() - out.trim_start_matches(['-', '.']).len());
    out
}

/// The number before a name, and the rest of the name. Dates such as `20240614-x` and versions are not numbers.
pub fn number(name: &str) -> Option<(f64, &str)> {
    let digits = name.bytes().take_while(u8::is_ascii_digit).count();
    let rest = name[digits..].trim_start_matches(' ').strip_prefix(['-', '_', '.'])?.trim_start();
    let sound =
        (1..=3).contains(&digits) && !rest.is_empty() && !rest.starts_with(|c: char| c.is_ascii_digit());
    Some((name[..digits].parse().ok().filter(|_| sound)?, rest))
}

/// Appends one character to a segment, or a `-` in its place.
fn push(out: &mut String, c: char) {
    match c {
        '_' | '.' | '~' => out.push(c),
        c if c.is_alphanumeric() || is_mark(c) => out.push(c),
        _ if out.ends_with('-') => {}
        _ => out.push('-'),
    }
}

/// Percent-encodes every byte that RFC 3986 does not allow in a path segment, and also `&` and `:`.
pub fn encode(segment: &str) -> Cow<'_, str> {
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b"-_.~!$'()*+,;=@".contains(b);
    if segment.bytes().all(|b| plain(&b)) {
        return Cow::Borrowed(segment);
    }
    let mut out = String::with_capacity(segment.len() * 3);
    for b in segment.bytes() {
        if plain(&b) {
            out.push(char::from(b));
        } else {
            out.push('%');
            out.extend([b >> 4, b & 15].map(|digit| char::from(b"0123456789ABCDEF"[usize::from(digit)])));
        }
    }
    Cow::Owned(out)
}

fn push_encoded(url: &mut String, path: &str) {
    for (number, segment) in path.split('/').enumerate() {
        url.push_str(if number > 0 { "/" } else { "" });
        url.push_str(&encode(segment));
    }
}

/// Decodes percent-encoding. Returns `text` unchanged if the result is not valid UTF-8. A `%` that no two hexadecimal
/// digits follow stays as it is.
pub fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        // `get` returns `None` if the text ends here or if the range would split a character.
        let hex = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        // `from_str_radix` alone would accept a sign.
        let hex = hex.filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// The relative path from a folder to a path. A trailing slash stays.
pub fn relative(folder: &str, path: &str) -> String {
    let relative = climbing(folder, path, 0);
    if relative.is_empty() { ".".to_owned() } else { relative }
}

/// The same, but `more` levels up than the shortest path, as far as there are folders: `../b/x.md` from `a/b` to
/// `a/b/x.md` is one more. Empty if the path is that of the folder, with `/` at its end.
pub fn climbing(folder: &str, path: &str, more: usize) -> String {
    let from: Vec<&str> = folder.split('/').filter(|name| !name.is_empty()).collect();
    let to: Vec<&str> = path.split('/').collect();
    let most = from.len().min(to.len() - 1);
    let shared = (0..most).take_while(|at| from[*at] == to[*at]).count();
    let shared = shared.saturating_sub(more);
    let mut relative = "../".repeat(from.len() - shared);
    relative.push_str(&to[shared..].join("/"));
    relative
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_path_never_leaves_the_root() {
        assert_eq!(FilePath::new("a/./b/../c.md").unwrap().as_str(), "a/c.md");
        for hostile in ["../x", "a/../../x", "/etc/passwd", "a\\b", "a\0b"] {
            assert!(FilePath::new(hostile).is_none(), "{hostile}");
        }
    }

    #[test]
    fn a_relative_url_leads_from_page_to_page() {
        let url = |text: &str| UrlPath::new(text);
        assert_eq!(url("").relative(&url("a/b/")), "a/b/");
        assert_eq!(url("a/b/").relative(&url("")), "../../");
        assert_eq!(url("a/b/").relative(&url("a/c/")), "../c/");
        assert_eq!(url("a/b/").relative(&url("a/b/")), "./");
        assert_eq!(url("a/").relative(&url("a/b.png")), "b.png");
        assert_eq!(url("").relative(&url("")), "./");
        assert_eq!(url("x/").relative(&url("über uns/")), "../%C3%BCber%20uns/");
        assert_eq!(url("a/b/").relative(&url("a/")), "../");
    }

    #[test]
    fn the_address_of_a_page_follows_the_form_of_the_site() {
        use PageAddresses::{Files, Folders, IndexFiles};
        for (path, folder, index, file) in [
            ("", "", "index.html", "index.html"),
            ("a/", "a/", "a/index.html", "a.html"),
            ("a/b.c/", "a/b.c/", "a/b.c/index.html", "a/b.c.html"),
            ("a/b.png", "a/b.png", "a/b.png", "a/b.png"),
            ("404.html", "404.html", "404.html", "404.html"),
        ] {
            assert_eq!((Folders.written(path), IndexFiles.written(path)), (folder.into(), index.into()));
            assert_eq!((Files.written(path), Files.output_file(path)), (file.into(), file.to_owned()));
            assert_eq!(Folders.output_file(path), index);
        }
        let markdown = |form: PageAddresses, path: &str| form.markdown_file(&UrlPath::new(path)).to_string();
        assert_eq!((markdown(Folders, "a/"), markdown(Files, "a/")), ("a/index.md".into(), "a.md".into()));
        assert_eq!((markdown(Folders, ""), markdown(Files, "")), ("index.md".into(), "index.md".into()));
    }

    proptest::proptest! {
        #[test]
        fn the_address_of_a_page_leads_back_to_it(names in proptest::collection::vec("[a-z.]{0,4}[a-z]", 0..4)) {
            let path: String = names.iter().map(|name| format!("{name}/")).collect();
            for form in [PageAddresses::Folders, PageAddresses::IndexFiles, PageAddresses::Files] {
                // The home page takes the file `index.html`; such a page beside it is a conflict of outputs.
                if form == PageAddresses::Files && path == "index/" {
                    continue;
                }
                proptest::prop_assert_eq!(&form.page_path(&form.written(&path)), &path);
                proptest::prop_assert_eq!(&form.page_path(&form.output_file(&path)), &path);
            }
        }
    }

    #[test]
    fn segments_are_lower_case_and_safe() {
        assert_eq!(segment("Über uns!"), "über-uns");
        assert_eq!(segment("../../x"), "x");
        assert_eq!(segment("20240614-post mortem"), "20240614-post-mortem");
        assert_eq!(segment("Cafe\u{301}"), "café");
    }

    #[test]
    fn ids_of_headings_follow_github() {
        assert_eq!(heading_id("What's new? (v2)"), "whats-new-v2");
        assert_eq!(heading_id("A  b_c"), "a--b_c");
        assert_eq!(heading_id("私たちのバリュー"), "私たちのバリュー");
    }

    #[test]
    fn relative_paths_go_up_as_far_as_they_must() {
        assert_eq!(relative("content/a", "content/a/b.md"), "b.md");
        assert_eq!(relative("content/a/b", "content/c.md"), "../../c.md");
        assert_eq!(relative("content", "content/a/"), "a/");
        assert_eq!(relative("content/a", "content/ab/c.md"), "../ab/c.md");
        assert_eq!(relative("content/a", "content/a"), "../a");
        assert_eq!(relative("", "a.md"), "a.md");
    }
}
