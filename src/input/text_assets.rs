//! Checks published texts: none may run in a browser, and none may hold a private key.
//!
//! Owns the forbidden beginnings of a text, and the contents that a file of certificates may have. A server
//! sends a text with an unknown extension without a media type; a browser then guesses the type from the
//! beginning.

use std::fs::File;
use std::io::{self, Read, Seek};

use crate::asset::Refusal;
use crate::path::FilePath;
use crate::published_types::{AssetTypes, Treatment, is_renamed, treatment};

/// The number of bytes that are checked, including whitespace at the start. Browsers look no further.
const BEGINNING: u64 = 2048;

/// The largest file of certificates, in bytes. A file of all authorities that browsers trust is a quarter of
/// it.
const MOST_CERTIFICATES: u64 = 1024 * 1024;

/// The beginnings, in lower case, by which a browser takes a text for a page (WHATWG, *MIME Sniffing*, 7.1).
const PAGES: &[&str] = &[
    "<!doctype html",
    "<html",
    "<head",
    "<script",
    "<iframe",
    "<h1",
    "<div",
    "<font",
    "<table",
    "<a",
    "<style",
    "<title",
    "<b",
    "<body",
    "<br",
    "<p",
    "<!--",
];

/// The labels of PEM blocks that may be public.
const PUBLIC: &[&str] = &[
    "CERTIFICATE",
    "CERTIFICATE REQUEST",
    "PKCS7",
    "PUBLIC KEY",
    "RSA PUBLIC KEY",
    "TRUSTED CERTIFICATE",
    "X509 CRL",
];

/// The reason why a file cannot be published as it is. The file is read from its start and rewound.
///
/// # Errors
/// Errors of the operating system.
pub fn refusal(file: &mut File, path: &FilePath, types: &AssetTypes) -> io::Result<Option<Refusal>> {
    if treatment(path) == Some(Treatment::Certificate) {
        let bytes = beginning(file, MOST_CERTIFICATES + 1)?;
        let public = bytes.len() as u64 <= MOST_CERTIFICATES && is_public(&bytes);
        return Ok((!public).then_some(Refusal::NoCertificate));
    }
    // Whatever a file with another name begins with: every server sends it as text.
    if !types.is_plain(path) || is_renamed(path) {
        return Ok(None);
    }
    Ok(is_page(&beginning(file, BEGINNING)?).then_some(Refusal::Page))
}

/// The same for a file in the static folder. There a name without an extension is a text, and an HTML file may be published that
/// has no markup, as search engines ask for.
///
/// # Errors
/// Errors of the operating system.
pub fn static_refusal(file: &mut File, path: &FilePath, types: &AssetTypes) -> io::Result<Option<Refusal>> {
    let extension = path.extension();
    match extension.as_str() {
        _ if extension.is_empty() || path.name().starts_with('.') => {
            Ok(is_page(&beginning(file, BEGINNING)?).then_some(Refusal::Page))
        }
        "html" | "htm" => {
            let bytes = beginning(file, BEGINNING + 1)?;
            let is_text = bytes.len() as u64 <= BEGINNING && bytes.iter().all(is_plain_ascii);
            Ok((!is_text).then_some(Refusal::Markup))
        }
        "webmanifest" => Ok(None),
        // A static file keeps its name.
        _ if types.may_publish(path) && !is_renamed(path) => refusal(file, path, types),
        other => Ok(Some(Refusal::of_type(other))),
    }
}

/// Whether a byte of an HTML file is text in every encoding that a browser may guess, and begins no tag.
fn is_plain_ascii(byte: &u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~') && !matches!(byte, b'<' | b'&' | b'+')
}

/// The first `most` bytes of a file, which is rewound.
fn beginning(file: &mut File, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.by_ref().take(most).read_to_end(&mut bytes)?;
    file.rewind()?;
    Ok(bytes)
}

/// Whether a browser would take a text for a page, or for XML, which can contain a page.
fn is_page(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
    let text = text.trim_start_matches(['\u{feff}', '\t', '\n', '\u{c}', '\r', ' ']);
    text.starts_with("<?xml")
        || PAGES.iter().any(|tag| text.strip_prefix(tag).is_some_and(|rest| rest.starts_with([' ', '>'])))
        || text.starts_with("<!--")
}

/// Whether a file holds PEM blocks, and only certificates and public keys.
fn is_public(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let mut labels = text.lines().filter_map(|line| line.trim().strip_prefix("-----BEGIN ")).peekable();
    labels.peek().is_some()
        && labels.all(|label| label.strip_suffix("-----").is_some_and(|label| PUBLIC.contains(&label)))
        && !text.contains("PRIVATE KEY")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_a_browser_takes_for_a_page_is_told() {
        for page in
            ["<!DOCTYPE html>", " \n<script>x", "\u{feff}<html >", "<?xml version=\"1.0\"?>", "<!--x", "<p>"]
        {
            assert!(is_page(page.as_bytes()), "{page}");
        }
        for text in ["#!/bin/sh\n<script>", "<VirtualHost *:80>", "<policy>", "a <b>", "", "diff --git a b"] {
            assert!(!is_page(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn an_html_file_without_markup_is_text() {
        let text = |text: &str| text.as_bytes().iter().all(is_plain_ascii);
        assert!(text("google-site-verification: google0123456789abcdef.html\n"));
        for markup in ["<p>", "a &lt; b", "+ADw-script", "\u{fe64}", "\u{1b}(J", "\0"] {
            assert!(!text(markup), "{markup}");
        }
    }

    #[test]
    fn only_certificates_and_public_keys_are_public() {
        let block = |label: &str| format!("-----BEGIN {label}-----\nAAAA\n-----END {label}-----\n");
        let public = |text: &str| is_public(text.as_bytes());
        assert!(public(&block("CERTIFICATE")) && public(&format!("Root\n{}", block("PUBLIC KEY").repeat(2))));
        for label in
            ["PRIVATE KEY", "RSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY", "OTHER"]
        {
            assert!(!public(&format!("{}{}", block("CERTIFICATE"), block(label))), "{label}");
        }
        assert!(!public("") && !public("text") && !is_public(b"\x30\x82\x01"));
    }
}
