//! Types of files that a handbook publishes: by extension, the media type and how their contents are treated.
//!
//! Owns the one table of these types, the extensions that are never published, and [`AssetTypes`], the types that a handbook
//! adds. Loading, the preview, `deploy` and the headers for web servers read it. Opens no file.

use std::collections::BTreeMap;

use crate::dialect::Dialect;
use crate::path::FilePath;

/// The media type of text that no browser runs.
pub const PLAIN_TEXT: &str = "text/plain; charset=utf-8";

/// The media type of bytes that a browser offers to save.
const BYTES: &str = "application/octet-stream";

/// A type of files that may be published.
#[derive(Debug, Clone, Copy)]
struct PublishedType {
    extension: &'static str,
    treatment: Treatment,
    media: &'static str,
}

/// How a file of a published type is treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Treatment {
    /// No browser runs it. SVG images are checked for their contents.
    AsIs,
    /// A script, a configuration and the like. Few servers know these extensions, so neither the rest of the name nor the
    /// beginning of the text may let a browser take the file for a page.
    Text,
    /// It must hold certificates or public keys.
    Certificate,
}

use Treatment::{AsIs, Certificate, Text};

const fn row(extension: &'static str, treatment: Treatment, media: &'static str) -> PublishedType {
    PublishedType { extension, treatment, media }
}

/// Every published type, sorted by extension for binary search.
#[rustfmt::skip]
const PUBLISHED: &[PublishedType] = &[
    row("7z", AsIs, "application/x-7z-compressed"),
    row("adoc", Text, PLAIN_TEXT),
    row("asc", AsIs, PLAIN_TEXT),
    row("avif", AsIs, "image/avif"),
    row("awk", Text, PLAIN_TEXT),
    row("bash", Text, PLAIN_TEXT),
    row("bat", Text, PLAIN_TEXT),
    row("bz2", AsIs, "application/x-bzip2"),
    row("c", Text, PLAIN_TEXT),
    row("cer", Certificate, PLAIN_TEXT),
    row("cfg", Text, PLAIN_TEXT),
    row("cnf", Text, PLAIN_TEXT),
    row("conf", Text, PLAIN_TEXT),
    row("cpp", Text, PLAIN_TEXT),
    row("crt", Certificate, PLAIN_TEXT),
    row("csv", AsIs, "text/csv; charset=utf-8"),
    row("diff", Text, PLAIN_TEXT),
    row("docx", AsIs, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    row("drawio", AsIs, BYTES),
    row("epub", AsIs, "application/epub+zip"),
    row("fish", Text, PLAIN_TEXT),
    row("gif", AsIs, "image/gif"),
    row("go", Text, PLAIN_TEXT),
    row("gotmpl", Text, PLAIN_TEXT),
    row("gpg", AsIs, BYTES),
    row("graphql", Text, PLAIN_TEXT),
    row("gz", AsIs, "application/gzip"),
    row("h", Text, PLAIN_TEXT),
    row("hcl", Text, PLAIN_TEXT),
    row("hosts", Text, PLAIN_TEXT),
    row("ico", AsIs, "image/x-icon"),
    row("ics", AsIs, "text/calendar; charset=utf-8"),
    row("ini", Text, PLAIN_TEXT),
    row("ipynb", Text, PLAIN_TEXT),
    row("j2", Text, PLAIN_TEXT),
    row("java", Text, PLAIN_TEXT),
    row("jinja", Text, PLAIN_TEXT),
    row("jinja2", Text, PLAIN_TEXT),
    row("jpeg", AsIs, "image/jpeg"),
    row("jpg", AsIs, "image/jpeg"),
    row("jq", Text, PLAIN_TEXT),
    row("json", AsIs, "application/json"),
    row("json5", Text, PLAIN_TEXT),
    row("jsonl", Text, PLAIN_TEXT),
    row("jsonnet", Text, PLAIN_TEXT),
    row("kt", Text, PLAIN_TEXT),
    row("libsonnet", Text, PLAIN_TEXT),
    row("log", Text, PLAIN_TEXT),
    row("lua", Text, PLAIN_TEXT),
    row("m4a", AsIs, "audio/mp4"),
    row("m4v", AsIs, "video/mp4"),
    row("mk", Text, PLAIN_TEXT),
    row("mov", AsIs, "video/quicktime"),
    row("mp3", AsIs, "audio/mpeg"),
    row("mp4", AsIs, "video/mp4"),
    row("nft", Text, PLAIN_TEXT),
    row("nix", Text, PLAIN_TEXT),
    row("odg", AsIs, "application/vnd.oasis.opendocument.graphics"),
    row("odp", AsIs, "application/vnd.oasis.opendocument.presentation"),
    row("ods", AsIs, "application/vnd.oasis.opendocument.spreadsheet"),
    row("odt", AsIs, "application/vnd.oasis.opendocument.text"),
    row("oga", AsIs, "audio/ogg"),
    row("ogg", AsIs, "audio/ogg"),
    row("ogv", AsIs, "video/ogg"),
    row("opus", AsIs, "audio/ogg"),
    row("otf", AsIs, "font/otf"),
    row("patch", Text, PLAIN_TEXT),
    row("pcap", AsIs, BYTES),
    row("pdf", AsIs, "application/pdf"),
    row("pem", Certificate, PLAIN_TEXT),
    row("pl", Text, PLAIN_TEXT),
    row("png", AsIs, "image/png"),
    row("pptx", AsIs, "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    row("promql", Text, PLAIN_TEXT),
    row("properties", Text, PLAIN_TEXT),
    row("proto", Text, PLAIN_TEXT),
    row("ps1", Text, PLAIN_TEXT),
    row("psql", Text, PLAIN_TEXT),
    row("pub", AsIs, PLAIN_TEXT),
    row("puppet", Text, PLAIN_TEXT),
    row("py", Text, PLAIN_TEXT),
    row("rb", Text, PLAIN_TEXT),
    row("rego", Text, PLAIN_TEXT),
    row("repo", Text, PLAIN_TEXT),
    row("rs", Text, PLAIN_TEXT),
    row("rst", Text, PLAIN_TEXT),
    row("rules", Text, PLAIN_TEXT),
    row("sample", Text, PLAIN_TEXT),
    row("service", Text, PLAIN_TEXT),
    row("sh", Text, PLAIN_TEXT),
    row("sig", AsIs, BYTES),
    row("socket", Text, PLAIN_TEXT),
    row("spec", Text, PLAIN_TEXT),
    row("sql", Text, PLAIN_TEXT),
    row("svg", AsIs, "image/svg+xml"),
    row("tar", AsIs, "application/x-tar"),
    row("target", Text, PLAIN_TEXT),
    row("tcl", Text, PLAIN_TEXT),
    row("tf", Text, PLAIN_TEXT),
    row("tgz", AsIs, "application/gzip"),
    row("timer", Text, PLAIN_TEXT),
    row("toml", Text, PLAIN_TEXT),
    row("tpl", Text, PLAIN_TEXT),
    row("tsv", AsIs, "text/tab-separated-values; charset=utf-8"),
    row("ttf", AsIs, "font/ttf"),
    row("txt", AsIs, PLAIN_TEXT),
    row("unit", Text, PLAIN_TEXT),
    row("wav", AsIs, "audio/wav"),
    row("webm", AsIs, "video/webm"),
    row("webp", AsIs, "image/webp"),
    row("woff", AsIs, "font/woff"),
    row("woff2", AsIs, "font/woff2"),
    row("xlsx", AsIs, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    row("xz", AsIs, "application/x-xz"),
    row("yaml", Text, PLAIN_TEXT),
    row("yml", Text, PLAIN_TEXT),
    row("zip", AsIs, "application/zip"),
    row("zsh", Text, PLAIN_TEXT),
    row("zst", AsIs, "application/zstd"),
];

/// Names of texts that have no extension, sorted for binary search. They are treated as [`Treatment::Text`].
const NAMED_TEXTS: &[&str] = &[
    "Caddyfile",
    "Containerfile",
    "Dockerfile",
    "Gemfile",
    "Jenkinsfile",
    "Justfile",
    "Makefile",
    "Procfile",
    "Rakefile",
    "Vagrantfile",
];

/// Media types of outputs that Opsbook makes itself.
const MADE: &[(&str, &str)] = &[
    ("css", "text/css; charset=utf-8"),
    ("html", "text/html; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("map", "application/json"),
    ("md", "text/markdown; charset=utf-8"),
    ("mjs", "text/javascript; charset=utf-8"),
    ("webmanifest", "application/manifest+json"),
    ("xml", "application/xml; charset=utf-8"),
];

/// Extensions for which servers send a media type that a browser runs, or start a program.
const ACTIVE: &[&str] = &[
    "cgi", "htm", "html", "js", "mjs", "php", "phtml", "shtml", "svg", "svgz", "xht", "xhtml", "xml", "xsl",
    "xslt",
];

/// Those of them that say only what a file is, so that a known extension after them replaces them. The others start a program or
/// unpack the file wherever they stand in its name.
const REPLACED_BY_TXT: &[&str] = &["htm", "html", "js", "mjs", "svg", "xht", "xhtml", "xml", "xsl", "xslt"];

/// More extensions that no handbook can add: browsers or desktops run such files.
const EXECUTABLE: &[&str] = &[
    "apk",
    "app",
    "appimage",
    "asp",
    "aspx",
    "atom",
    "cjs",
    "class",
    "com",
    "cpl",
    "css",
    "deb",
    "desktop",
    "dll",
    "dmg",
    "exe",
    "hta",
    "iso",
    "jar",
    "jnlp",
    "jse",
    "jsp",
    "jsx",
    "lnk",
    "mathml",
    "mht",
    "mhtml",
    "mml",
    "msi",
    "pif",
    "rdf",
    "reg",
    "rpm",
    "rss",
    "scr",
    "swf",
    "ts",
    "tsx",
    "vbe",
    "vbs",
    "wasm",
    "webmanifest",
    "wsf",
];

/// Extensions of files that contain, or may contain, private keys.
const SECRETS: &[&str] = &["jks", "kdbx", "key", "keytab", "p12", "pfx", "ppk"];

/// Extensions of compressed files. Servers derive the media type from the part of the name before the extension.
const PACKED: &[&str] = &["bz2", "gz", "xz", "zst"];

/// How the files of a type that a handbook adds are published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AssetForm {
    /// A link leads to a page that shows the text, with the file beside it.
    Page,
    /// A link leads to the file, which is sent as plain text.
    Download,
}

impl AssetForm {
    /// The form with this name in `book.toml`.
    pub fn named(name: &str) -> Option<AssetForm> {
        match name {
            "page" => Some(AssetForm::Page),
            "download" => Some(AssetForm::Download),
            _ => None,
        }
    }
}

/// The types of files that a handbook adds, by extension in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct AssetTypes(pub BTreeMap<String, AssetForm>);

impl AssetTypes {
    /// How a file of an added type is published; `None` for other files.
    pub fn form_of(&self, file: &FilePath) -> Option<AssetForm> {
        self.0.get(&file.extension()).copied()
    }

    /// Whether the file may be published.
    pub fn may_publish(&self, file: &FilePath) -> bool {
        let is_packed = is_packed(&file.extension());
        if !self.is_plain(file) && !is_packed {
            return treatment(file).is_some();
        }
        // A server may read `page.php.j2` as `page.php`.
        let is_harmless =
            |part: &str| !ACTIVE.contains(&part) || (!is_packed && REPLACED_BY_TXT.contains(&part));
        inner_extensions(file).all(|part| is_harmless(&part))
    }

    /// Whether the file is published as plain text.
    pub fn is_plain(&self, file: &FilePath) -> bool {
        treatment(file) == Some(Text) || self.form_of(file).is_some()
    }
}

/// Whether the published file gets another name, because a server would read `page.html.j2` as `page.html`: it is published as
/// `page.html.j2.txt`, which is a text everywhere. The file must be one that may be published.
pub fn is_renamed(file: &FilePath) -> bool {
    let is_text = matches!(treatment(file), None | Some(Text)) && !is_packed(&file.extension());
    is_text && inner_extensions(file).any(|part| REPLACED_BY_TXT.contains(&part.as_str()))
}

/// The extensions of a name before the last one, in lower case: `html` of `page.html.j2`.
fn inner_extensions(file: &FilePath) -> impl Iterator<Item = String> {
    file.name().split('.').skip(1).map(str::to_ascii_lowercase)
}

/// Why a handbook cannot add a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusedType {
    /// The text is not an extension.
    NoExtension,
    /// A browser or a desktop runs such files.
    Active,
    /// Such files hold private keys.
    Secret,
    /// Such files are pages.
    Markdown,
    /// Such files are published already, in a form of their own.
    Known,
}

impl RefusedType {
    /// Why files with this extension cannot be added; `None` if they can.
    pub fn of(extension: &str) -> Option<RefusedType> {
        let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_+".contains(&byte);
        if extension.is_empty() || extension.len() > 32 || !extension.bytes().all(is_name) {
            return Some(RefusedType::NoExtension);
        }
        if ACTIVE.contains(&extension) || EXECUTABLE.contains(&extension) {
            return Some(RefusedType::Active);
        }
        if is_secret(extension) {
            return Some(RefusedType::Secret);
        }
        let name = FilePath::new(&format!("x.{extension}"));
        if name.is_some_and(|name| Dialect::from_path(&name).is_some()) {
            return Some(RefusedType::Markdown);
        }
        match find(extension).map(|published| published.treatment) {
            None | Some(Text) => None,
            Some(AsIs | Certificate) => Some(RefusedType::Known),
        }
    }

    /// The problem, as the end of a sentence that begins with the extension.
    pub fn message(self) -> &'static str {
        match self {
            RefusedType::NoExtension => "is not an extension of a file name",
            RefusedType::Active => {
                "files could run in a browser or on a desktop, so they are never published"
            }
            RefusedType::Secret => "files may hold private keys, so they are never published",
            RefusedType::Markdown => "files are pages",
            RefusedType::Known => "files are published already, with a media type of their own",
        }
    }

    /// What the author can do about it, as an imperative.
    pub fn way_out(self) -> &'static str {
        match self {
            RefusedType::NoExtension => {
                "write what follows the last dot, in lower case: `ovpn = \"download\"`"
            }
            RefusedType::Active => "include such a file as a code block, or pack it into an archive (.zip)",
            RefusedType::Secret => {
                "publish the certificate or the public key as a `.crt`, `.pem` or `.pub` file"
            }
            RefusedType::Markdown | RefusedType::Known => "delete the line",
        }
    }
}

/// Whether files with this extension, in lower case, hold private keys.
pub fn is_secret(extension: &str) -> bool {
    SECRETS.contains(&extension)
}

/// Whether the name is one of a text without an extension, such as `Dockerfile`.
pub fn is_named_text(name: &str) -> bool {
    NAMED_TEXTS.binary_search(&name).is_ok()
}

/// How a file is treated by its name; `None` if Opsbook does not publish its type by itself.
pub fn treatment(file: &FilePath) -> Option<Treatment> {
    if is_named_text(file.name()) {
        Some(Text)
    } else {
        find(&file.extension()).map(|published| published.treatment)
    }
}

fn find(extension: &str) -> Option<&'static PublishedType> {
    let place = PUBLISHED.binary_search_by(|published| published.extension.cmp(extension)).ok()?;
    Some(&PUBLISHED[place])
}

fn is_packed(extension: &str) -> bool {
    PACKED.contains(&extension)
}

/// The `Content-Type` of an output by its name. A file with an unknown extension is sent as bytes.
pub fn media_type(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or(path);
    if name == "atom.xml" {
        return "application/atom+xml; charset=utf-8";
    }
    let Some((_, extension)) = name.rsplit_once('.') else { return PLAIN_TEXT };
    let extension = extension.to_ascii_lowercase();
    if let Some((_, media)) = MADE.iter().find(|(made, _)| *made == extension) {
        return media;
    }
    find(&extension).map_or(BYTES, |published| published.media)
}

/// Names of texts without an extension, in lower case as in URLs. Servers do not know them.
pub fn named_texts() -> impl Iterator<Item = String> {
    NAMED_TEXTS.iter().map(|name| name.to_ascii_lowercase())
}

/// The media types of texts that are published, without parameters, each with its extensions. Servers know few of these extensions.
/// The Markdown beside a page is among them as plain text, which browsers show.
pub fn text_types() -> BTreeMap<&'static str, Vec<&'static str>> {
    let mut types: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    types.entry("text/plain").or_default().push("md");
    for published in PUBLISHED.iter().filter(|published| published.media.starts_with("text/")) {
        let media = published.media.split(';').next().unwrap_or(published.media);
        types.entry(media).or_default().push(published.extension);
    }
    types
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str) -> FilePath {
        FilePath::new(name).unwrap()
    }

    #[test]
    fn the_table_is_sorted_and_names_each_extension_once() {
        assert!(PUBLISHED.is_sorted_by(|a, b| a.extension < b.extension));
        for list in [ACTIVE, EXECUTABLE, SECRETS, PACKED, NAMED_TEXTS, REPLACED_BY_TXT] {
            assert!(list.is_sorted_by(|a, b| a < b), "{list:?}");
        }
        for published in PUBLISHED.iter().filter(|published| published.extension != "svg") {
            let extension = published.extension;
            assert!(!ACTIVE.contains(&extension) && !EXECUTABLE.contains(&extension), "{extension}");
            assert!(!is_secret(extension), "{extension}");
            assert!(MADE.iter().all(|(made, _)| *made != extension), "{extension}");
        }
    }

    #[test]
    fn texts_are_published_unless_something_would_run_them() {
        let publishes = |name: &str| AssetTypes::default().may_publish(&file(name));
        assert!(publishes("a/x.yaml") && publishes("x.PNG") && !publishes("x.js"));
        assert!(!publishes("x.html") && !publishes("x.md") && !publishes("ca.key") && !publishes("x"));
        for extension in "py diff rules service hcl j2 crt ps1 go rs sample adoc rst ipynb tf log".split(' ')
        {
            assert!(publishes(&format!("x.{extension}")), "{extension}");
        }
        for name in ["x.php.j2", "x.HTML.gz", "x.shtml.sample", "x.php.bz2", "x.html.cgi.conf", "x.svgz.j2"] {
            assert!(!publishes(name), "{name}");
        }
        assert!(publishes("x.html.zip") && publishes("x.tar.gz") && publishes("html.j2"));
        assert!(publishes("a/Dockerfile") && publishes("Makefile") && !publishes("Dockerfile.html"));
    }

    #[test]
    fn an_added_type_is_published_as_text_and_no_other() {
        let types = AssetTypes(BTreeMap::from([("ovpn".to_owned(), AssetForm::Download)]));
        assert!(types.may_publish(&file("a.OVPN")) && types.is_plain(&file("a.ovpn")));
        assert!(!types.may_publish(&file("a.php.ovpn")) && !types.may_publish(&file("a.ovpns")));
        assert!(!AssetTypes::default().may_publish(&file("a.ovpn")));
    }

    #[test]
    fn a_template_of_a_page_gets_a_name_that_no_server_reads_as_a_page() {
        for name in ["x.html.j2", "x.HTML.j2", "x.svg.sample", "x.js.en.conf", "x.html.ovpn"] {
            assert!(is_renamed(&file(name)), "{name}");
        }
        for name in ["x.j2", "html.j2", "x.html.zip", "x.conf.j2", "x.html.gz", "Dockerfile"] {
            assert!(!is_renamed(&file(name)), "{name}");
        }
    }

    #[test]
    fn types_that_something_runs_cannot_be_added() {
        for extension in "html htm xhtml svg svgz xml js mjs cjs wasm css exe msi vbs swf hta".split(' ') {
            assert_eq!(RefusedType::of(extension), Some(RefusedType::Active), "{extension}");
        }
        for extension in ["", ".ovpn", "OVPN", "a b", "tar.gz", "*", "\u{e9}", "x/y"] {
            assert_eq!(RefusedType::of(extension), Some(RefusedType::NoExtension), "{extension}");
        }
        assert_eq!(RefusedType::of("p12"), Some(RefusedType::Secret));
        assert_eq!(RefusedType::of("md"), Some(RefusedType::Markdown));
        assert_eq!(RefusedType::of("pdf"), Some(RefusedType::Known));
        assert_eq!(RefusedType::of("crt"), Some(RefusedType::Known));
        assert_eq!((RefusedType::of("ovpn"), RefusedType::of("rules")), (None, None));
    }

    #[test]
    fn the_media_type_follows_the_name() {
        assert_eq!(media_type("a/index.html"), "text/html; charset=utf-8");
        assert_eq!(media_type("atom.xml"), "application/atom+xml; charset=utf-8");
        assert_eq!(media_type("_redirects"), PLAIN_TEXT);
        assert_eq!(media_type("a.b/LOGO.PNG"), "image/png");
        for extension in
            "py YML rules service j2 hcl diff crt ipynb conf cfg ini tf sql ps1 pem pub".split(' ')
        {
            assert_eq!(media_type(&format!("a.{extension}")), PLAIN_TEXT, "{extension}");
        }
        assert_eq!(media_type("a.exe"), BYTES);
    }
}
