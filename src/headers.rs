//! The headers that a site is to be sent with, and the policy in the head of each of its pages: one table.
//!
//! Owns which they are and what they say. Pages carry the policy themselves, `emit` writes the headers for hosts, and
//! `serve` sends them. Knows no site.

/// Whether browsers keep pages, which takes a service worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worker {
    Absent,
    Allowed,
}

/// What a browser may do with a page, as it stands in the head of the page.
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
pub fn all(worker: Worker) -> [(&'static str, String); 5] {
    [
        // Who may show a page in a frame counts only in a header.
        ("Content-Security-Policy", format!("{}; frame-ancestors 'none'", policy(worker))),
        ("X-Content-Type-Options", "nosniff".to_owned()),
        ("X-Frame-Options", "DENY".to_owned()),
        ("Referrer-Policy", "same-origin".to_owned()),
        // Pages of others cannot read the search index.
        ("Cross-Origin-Resource-Policy", "same-origin".to_owned()),
    ]
}
