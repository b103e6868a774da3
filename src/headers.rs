//! The HTTP headers that a site should be sent with, and the content security policy of its pages.
//!
//! Owns names and values of the headers. Pages contain the policy themselves, `emit` writes the headers for web hosts,
//! and `serve` sends them.

/// Whether the policy allows a service worker, which stores pages for reading offline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worker {
    Absent,
    Allowed,
}

/// The digest of the style in the status page, as policies name it:
/// `openssl dgst -sha256 -binary src/emit/status-page.css | base64`.
pub const STATUS_STYLE_DIGEST: &str = "'sha256-trpLe0Fid/8POUfV6v9R/xDy/h8MVnJiQV0m0szSBi8='";

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

/// The policy of a header, which holds for the status page too: a browser applies it besides that of the page.
fn header_policy(worker: Worker) -> String {
    let styles = format!("style-src 'self' {STATUS_STYLE_DIGEST};");
    format!("{}; frame-ancestors 'none'", policy(worker).replace("style-src 'self';", &styles))
}

/// The value of `Cache-Control` for a file of a site: names with a digest stand for the same bytes forever, everything else is
/// asked for anew and answered with `304 Not Modified` if it is unchanged.
pub fn cache_control(path: &str) -> &'static str {
    if is_named_by_content(path) { "public, max-age=31536000, immutable" } else { "no-cache" }
}

/// Whether the name of a file changes with its content: theme assets (`assets/style.dba8d9ca.css`) and parts of the search index
/// (`search/3cd987e983.json`).
pub fn is_named_by_content(path: &str) -> bool {
    let is_digest = |text: &str, length: usize| {
        text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    match path.split_once('/') {
        Some(("assets", name)) if !name.contains('/') => {
            let mut parts = name.rsplit('.');
            let (extension, digest, stem) = (parts.next(), parts.next(), parts.next());
            extension.is_some() && stem.is_some() && digest.is_some_and(|digest| is_digest(digest, 8))
        }
        Some(("search", name)) => name.strip_suffix(".json").is_some_and(|digest| is_digest(digest, 10)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_digest_are_cached_forever() {
        for path in ["assets/style.dba8d9ca.css", "assets/strings.de.958c9019.js", "search/3cd987e983.json"] {
            assert_eq!(cache_control(path), "public, max-age=31536000, immutable", "{path}");
        }
        for path in [
            "index.html",
            "assets/style.css",
            "assets/dba8d9ca.css",
            "assets/style.DBA8D9CA.css",
            "assets/a/style.dba8d9ca.css",
            "search/index.json",
            "search/3cd987e98.json",
            "a/search/3cd987e983.json",
            "worker.js",
        ] {
            assert_eq!(cache_control(path), "no-cache", "{path}");
        }
    }
}
