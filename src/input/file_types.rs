//! Types of files by name: texts that a page may include, data, images.
//!
//! Owns the lists of extensions; [`crate::published_types`] has those of files that may be published. Reads no file: the content of a file never decides its type.

use crate::alerts;
use crate::dialect::Dialect;
use crate::health;
use crate::path::FilePath;
use crate::people;
use crate::published_types::is_named_text;

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

/// Extensions of images whose width and height are read.
const IMAGES: &[&str] = &["avif", "gif", "ico", "jpeg", "jpg", "png", "webp"];

/// Whether a file in the data folder is read: alert rules, controls, health data, and Markdown, because a page may speak for
/// a folder. In the content folder `content` such a page is an ordinary page.
pub fn is_data(file: &FilePath, content: &str) -> bool {
    let may_speak_for_folder = Dialect::from_path(file).is_some() && file.beneath(content).is_none();
    let holds_data = alerts::may_hold(file) || health::may_hold(file) || people::may_hold(file);
    holds_data || file.extension() == "toml" || may_speak_for_folder
}

/// Whether the file is a text that a page may include. Pages are such texts.
pub fn is_text(file: &FilePath) -> bool {
    Dialect::from_path(file).is_some() || among(TEXTS, file) || is_named_text(file.name())
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
        for list in [TEXTS, IMAGES] {
            assert!(list.is_sorted(), "{list:?}");
        }
    }

    #[test]
    fn texts_are_included() {
        assert!(is_text(&file("a/x.yaml")) && is_text(&file("x.js")) && is_text(&file("Dockerfile")));
        assert!(is_text(&file("x.md")) && !is_text(&file("x.png")));
    }
}
