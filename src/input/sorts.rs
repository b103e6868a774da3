//! Which sorts of files there are, by name: texts that a page may include, files that may be published.
//!
//! Owns the lists of extensions. Knows no disk; a file's content never decides its sort.

use crate::path::FilePath;

/// Extensions of texts that a page may include as code.
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

/// Extensions of files that may be published as they are. Nothing here runs in a browser on its own;
/// SVG images are looked into.
const ASSETS: &[&str] = &[
    "7z", "asc", "avif", "bz2", "cfg", "conf", "csv", "docx", "drawio", "epub", "gif", "gpg", "gz", "ico",
    "ics", "ini", "jpeg", "jpg", "json", "log", "m4a", "m4v", "mov", "mp3", "mp4", "odg", "odp", "ods",
    "odt", "oga", "ogg", "ogv", "opus", "otf", "patch", "pcap", "pdf", "png", "pptx", "pub", "sh", "sig",
    "sql", "svg", "tar", "tf", "tgz", "toml", "tsv", "ttf", "txt", "wav", "webm", "webp", "woff", "woff2",
    "xlsx", "xz", "yaml", "yml", "zip", "zst",
];

/// Extensions of images whose width and height are read.
const IMAGES: &[&str] = &["avif", "gif", "ico", "jpeg", "jpg", "png", "webp"];

/// Whether the file is a text that a page may include; pages are.
pub fn is_text(file: &FilePath) -> bool {
    file.is_markdown() || among(TEXTS, file) || NAMED_TEXTS.contains(&file.name())
}

/// Whether the file may be published as it is.
pub fn is_asset(file: &FilePath) -> bool {
    among(ASSETS, file)
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
        for list in [TEXTS, ASSETS, IMAGES, NAMED_TEXTS] {
            assert!(list.is_sorted(), "{list:?}");
        }
    }

    #[test]
    fn a_yaml_file_may_be_included_and_published_a_script_only_included() {
        assert!(is_text(&file("a/x.yaml")) && is_asset(&file("a/x.yaml")));
        assert!(is_text(&file("x.js")) && !is_asset(&file("x.js")));
        assert!(is_text(&file("Dockerfile")) && file("A.MD").is_markdown() && is_asset(&file("x.PNG")));
        assert!(!is_asset(&file("x.html")) && !is_asset(&file("x.md")));
    }
}
