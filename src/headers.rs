//! The HTTP headers that a site should be sent with, and the content security policy of its pages.
//!
//! Owns names and values of the headers. Pages contain the policy themselves, `emit` writes the headers for web hosts,
//! and `serve` sends them.

use crate::output::OutputName;

/// Whether the policy allows a service worker, which stores pages for reading offline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worker {
    Absent,
    Allowed,
}

/// The digest of the style in the status page, as policies name it:
/// `openssl dgst -sha256 -binary src/emit/status-page.css | base64`.
pub const STATUS_STYLE_DIGEST: &str = "'sha256-trpLe0Fid/8POUfV6v9R/xDy/h8MVnJiQV0m0szSBi8='";

/// The digest of the style in the drawing of the poster:
/// `openssl dgst -sha256 -binary src/emit/poster.css | base64`.
pub const POSTER_STYLE_DIGEST: &str = "'sha256-fQJS+Egx5uvxAviw0uCrgkXcpysigCV8uQAKuCdc81M='";

/// The content security policy, as it is in the `<head>` of each page.
pub fn policy(worker: Worker) -> String {
    let (workers, types) = match worker {
        Worker::Absent => ("", "'none'"),
        Worker::Allowed => ("worker-src 'self'; ", "opsbook-worker"),
    };
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; \
        {workers}base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types {types}"
    )
}

/// Every header with its value.
pub fn site_headers(worker: Worker) -> [(&'static str, String); 5] {
    [
        // Browsers ignore `frame-ancestors` in a `<meta>` element, so only the header has it.
        ("Content-Security-Policy", header_policy(worker)),
        ("X-Content-Type-Options", "nosniff".to_owned()),
        ("X-Frame-Options", "DENY".to_owned()),
        ("Referrer-Policy", "same-origin".to_owned()),
        // Pages of other sites must not read the search index.
        ("Cross-Origin-Resource-Policy", "same-origin".to_owned()),
    ]
}

/// The policy of a header, which holds for the status page and the drawing of the poster, too: a browser applies it
/// besides that of the page.
fn header_policy(worker: Worker) -> String {
    let styles = format!("style-src 'self' {STATUS_STYLE_DIGEST} {POSTER_STYLE_DIGEST};");
    format!("{}; frame-ancestors 'none'", policy(worker).replace("style-src 'self';", &styles))
}

/// The headers that say what a file is and how long caches may keep it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileHeaders {
    /// `Content-Type`.
    pub media: &'static str,
    /// `Cache-Control`.
    pub cache: &'static str,
}

/// The value of `Cache-Control` for a file of a site: everything but files named by their content is asked for anew, and answered
/// with `304 Not Modified` if it is unchanged.
pub fn cache_control(name: OutputName) -> &'static str {
    match name {
        OutputName::OfContent => "public, max-age=31536000, immutable",
        OutputName::Fixed => "no-cache",
    }
}
