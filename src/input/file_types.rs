//! Types of files by name: texts that a page may include, files that may be published.
//!
//! Owns the lists of extensions. Reads no file: the content of a file never decides its type.

use crate::alerts;
use crate::dialect::Dialect;
use crate::health;
use crate::page::is_section;
use crate::path::FilePath;
use crate::people;

/// Extensions of texts that a page may include as code. Sorted for binary search, as all lists here.
const TEXTS: &[&str] = &[
    "adoc",
    "awk",
    "bash",
    "bat",
    "c",
    "cfg",
    "cnf",
    "conf",
    "cpp",
    "css",
    "csv",
    "diff",
    "env",
    "fish",
    "go",
    "gotmpl",
    "graphql",
    "h",
    "hcl",
    "hosts",
    "html",
    "http",
    "ics",
    "ini",
    "j2",
    "java",
    "jinja",
    "jinja2",
    "jq",
    "js",
    "json",
    "json5",
    "jsonl",
    "jsonnet",
    "kt",
    "libsonnet",
    "log",
    "lua",
    "mermaid",
    "mjs",
    "mk",
    "mmd",
    "nft",
    "nix",
    "patch",
    "php",
    "pl",
    "promql",
    "properties",
    "proto",
    "ps1",
    "psql",
    "puppet",
    "py",
    "rb",
    "rego",
    "repo",
    "rs",
    "rst",
    "rules",
    "service",
    "sh",
    "socket",
    "spec",
    "sql",
    "target",
    "tcl",
    "tf",
    "tfvars",
    "timer",
    "toml",
    "tpl",
    "transcript",
    "ts",
    "tsv",
    "tsx",
    "txt",
    "unit",
    "xml",
    "yaml",
    "yml",
    "zsh",
];

/// Names of texts without an extension.
const NAMED_TEXTS: &[&str] = &[
    "Caddyfile",
    "Containerfile",
    "Dockerfile",
    "Jenkinsfile",
    "Justfile",
    "Makefile",
    "Procfile",
    "Vagrantfile",
];

/// Extensions of files that may be published as they are. No file here runs in a browser on its own; SVG images
/// and certificates are checked for their contents.
const ASSETS: &[&str] = &[
    "7z", "asc", "avif", "bz2", "cer", "crt", "csv", "docx", "drawio", "epub", "gif", "gpg", "gz", "ico",
    "ics", "jpeg", "jpg", "json", "m4a", "m4v", "mov", "mp3", "mp4", "odg", "odp", "ods", "odt", "oga",
    "ogg", "ogv", "opus", "otf", "pcap", "pdf", "pem", "png", "pptx", "pub", "sig", "svg", "tar", "tgz",
    "tsv", "ttf", "txt", "wav", "webm", "webp", "woff", "woff2", "xlsx", "xz", "zip", "zst",
];

/// Extensions of texts that may be published as well: scripts, configuration and the like. Few servers know
/// these extensions, so neither the rest of the name nor the beginning of the text may let a browser take the
/// file for a page.
const PLAIN: &[&str] = &[
    "adoc",
    "awk",
    "bash",
    "bat",
    "c",
    "cfg",
    "cnf",
    "conf",
    "cpp",
    "diff",
    "fish",
    "go",
    "gotmpl",
    "graphql",
    "h",
    "hcl",
    "hosts",
    "ini",
    "ipynb",
    "j2",
    "java",
    "jinja",
    "jinja2",
    "jq",
    "json5",
    "jsonl",
    "jsonnet",
    "kt",
    "libsonnet",
    "log",
    "lua",
    "mk",
    "nft",
    "nix",
    "patch",
    "pl",
    "promql",
    "properties",
    "proto",
    "ps1",
    "psql",
    "puppet",
    "py",
    "rb",
    "rego",
    "repo",
    "rs",
    "rst",
    "rules",
    "sample",
    "service",
    "sh",
    "socket",
    "spec",
    "sql",
    "target",
    "tcl",
    "tf",
    "timer",
    "toml",
    "tpl",
    "unit",
    "yaml",
    "yml",
    "zsh",
];

/// Extensions of compressed files. Servers derive the media type from the part of the name before the
/// extension.
const PACKED: &[&str] = &["bz2", "gz", "xz", "zst"];

/// Extensions for which servers send a media type that a browser runs, or start a program.
const ACTIVE: &[&str] = &[
    "cgi", "htm", "html", "js", "mjs", "php", "phtml", "shtml", "svg", "svgz", "xht", "xhtml", "xml", "xsl",
    "xslt",
];

/// Extensions of certificates and public keys.
const CERTIFICATES: &[&str] = &["cer", "crt", "pem"];

/// Extensions of images whose width and height are read.
const IMAGES: &[&str] = &["avif", "gif", "ico", "jpeg", "jpg", "png", "webp"];

/// Whether a file in the data folder is read: alert rules, controls, health data, and the `_index` page of a folder. In the
/// content folder `content` such a page is an ordinary page.
pub fn is_data(file: &FilePath, content: &str) -> bool {
    let speaks_for_folder = is_section(file) && file.beneath(content).is_none();
    let holds_data = alerts::may_hold(file) || health::may_hold(file) || people::may_hold(file);
    holds_data || file.extension() == "toml" || speaks_for_folder
}

/// Whether the file is a text that a page may include. Pages are such texts.
pub fn is_text(file: &FilePath) -> bool {
    Dialect::from_path(file).is_some() || among(TEXTS, file) || NAMED_TEXTS.contains(&file.name())
}

/// Whether the file may be published as it is.
pub fn is_asset(file: &FilePath) -> bool {
    let packed = among(PACKED, file);
    if packed || among(PLAIN, file) {
        // A server may read `page.html.j2` as `page.html`.
        let mut inner = file.name().split('.').skip(1);
        return !inner.any(|part| ACTIVE.contains(&part.to_ascii_lowercase().as_str()));
    }
    among(ASSETS, file)
}

/// Whether a file with this extension is published as plain text.
pub fn is_plain(extension: &str) -> bool {
    PLAIN.binary_search(&extension).is_ok()
}

/// Whether the file must hold certificates or public keys.
pub fn is_certificate(file: &FilePath) -> bool {
    among(CERTIFICATES, file)
}

/// Whether the file is an image with pixels.
pub fn is_image(file: &FilePath) -> bool {
    among(IMAGES, file)
}

/// Whether the file is an SVG image.
pub fn is_svg(file: &FilePath) -> bool {
    file.extension() == "svg"
}

fn among(extensions: &[&str], file: &FilePath) -> bool {
    extensions.binary_search(&file.extension().as_str()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str) -> FilePath {
        FilePath::new(name).unwrap()
    }

    #[test]
    fn the_lists_are_sorted() {
        for list in [TEXTS, ASSETS, PLAIN, PACKED, ACTIVE, CERTIFICATES, IMAGES, NAMED_TEXTS] {
            assert!(list.is_sorted(), "{list:?}");
        }
    }

    #[test]
    fn texts_are_included_and_published_unless_something_would_run_them() {
        assert!(is_text(&file("a/x.yaml")) && is_asset(&file("a/x.yaml")));
        assert!(is_text(&file("x.js")) && !is_asset(&file("x.js")));
        assert!(is_text(&file("Dockerfile")) && is_asset(&file("x.PNG")));
        assert!(!is_asset(&file("x.html")) && !is_asset(&file("x.md")) && !is_asset(&file("ca.key")));
        let sorts = "py diff rules service hcl j2 crt ps1 go rs sample adoc rst ipynb tf log";
        for extension in sorts.split(' ') {
            assert!(is_asset(&file(&format!("x.{extension}"))), "{extension}");
        }
        for name in ["x.html.j2", "x.HTML.gz", "x.svg.sample", "x.php.bz2", "x.js.en.conf"] {
            assert!(!is_asset(&file(name)), "{name}");
        }
        assert!(is_asset(&file("x.html.zip")) && is_asset(&file("x.tar.gz")) && is_asset(&file("html.j2")));
    }
}
