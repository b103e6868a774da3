//! Media types by file name, because browsers are told not to guess.
//!
//! Owns the table. A file with an unknown extension is sent as bytes, which a browser offers to save.

use super::file_types;

/// The `Content-Type` of an output.
pub fn media_type(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or(path);
    if name == "atom.xml" {
        return "application/atom+xml; charset=utf-8";
    }
    let Some((_, extension)) = name.rsplit_once('.') else { return "text/plain; charset=utf-8" };
    match extension.to_ascii_lowercase().as_str() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "md" => "text/markdown; charset=utf-8",
        "xml" => "application/xml; charset=utf-8",
        "ics" => "text/calendar; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        // Certificates and keys are published in their text form only, and no browser should import one at a click.
        "txt" | "asc" | "cer" | "crt" | "pem" | "pub" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "pdf" => "application/pdf",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "zip" => "application/zip",
        "gz" | "tgz" => "application/gzip",
        plain if file_types::is_plain(plain) => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_follows_the_name() {
        assert_eq!(media_type("a/index.html"), "text/html; charset=utf-8");
        assert_eq!(media_type("atom.xml"), "application/atom+xml; charset=utf-8");
        assert_eq!(media_type("_redirects"), "text/plain; charset=utf-8");
        assert_eq!(media_type("a.b/LOGO.PNG"), "image/png");
        assert_eq!(
            (media_type("a.py"), media_type("a.YML")),
            ("text/plain; charset=utf-8", "text/plain; charset=utf-8")
        );
        for extension in "py rules service j2 hcl diff crt ipynb conf cfg ini tf sql ps1 pem pub".split(' ') {
            assert_eq!(media_type(&format!("a.{extension}")), "text/plain; charset=utf-8", "{extension}");
        }
        assert_eq!(media_type("a.exe"), "application/octet-stream");
    }
}
