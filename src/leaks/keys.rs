//! Private keys, as files hold them.
//!
//! Owns the forms: PEM, OpenSSH, PGP, PuTTY, JWK. The first line alone is no key: manuals show it.

use std::ops::Range;

use crate::rules::LEAK_SECRET;

use super::{Detector, Form, run_end};

/// So many signs of base64 must follow in one run.
const LEAST: usize = 40;
/// Lines of a key's own header, such as `Proc-Type`, take at most so many bytes.
const HEADER: usize = 1024;
/// A JSON object with a key has at most so many bytes.
const OBJECT: usize = 4096;

const fn row(what: &'static str, triggers: &'static [&'static str], find: super::Find) -> Detector {
    Detector { rule: &LEAK_SECRET, what, triggers, form: Form::Found(find) }
}

pub(super) const DETECTORS: &[Detector] = &[
    row("a private key", &["PRIVATE KEY-----", "PRIVATE KEY BLOCK-----"], armoured),
    row("a private key (PuTTY)", &["PuTTY-User-Key-File-"], putty),
    row("a private key (JWK)", &["\"d\""], jwk),
];

/// `-----BEGIN … PRIVATE KEY-----` and base64 beneath it.
fn armoured(text: &[u8], at: Range<usize>) -> Option<Range<usize>> {
    let opening = b"-----BEGIN ";
    let start = at.start.saturating_sub(40);
    let begin = start + text[start..at.start].windows(opening.len()).rposition(|part| part == opening)?;
    let beneath = &text[at.end..text.len().min(at.end + HEADER)];
    let body = at.end + body(beneath)?;
    let end = run_end(text, body, |byte| is_base64(byte) || byte.is_ascii_whitespace());
    Some(begin..end)
}

/// Where the first long run of base64 begins. What stands before it must be blank or lines of a header.
fn body(beneath: &[u8]) -> Option<usize> {
    let mut at = 0;
    while at < beneath.len() {
        let end = run_end(beneath, at, is_base64);
        if end - at >= LEAST {
            return Some(at);
        }
        let header = beneath[at..].iter().take_while(|byte| **byte != b'\n').any(|byte| *byte == b':');
        let blank = beneath.get(end).is_none_or(u8::is_ascii_whitespace) && end == at;
        if !header && !blank {
            return None;
        }
        at = if header { run_end(beneath, at, |byte| byte != b'\n') + 1 } else { at + 1 };
    }
    None
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/=".contains(&byte)
}

/// A file of PuTTY, with the lines that are private.
fn putty(text: &[u8], at: Range<usize>) -> Option<Range<usize>> {
    let rest = &text[at.start..text.len().min(at.start + 8 * OBJECT)];
    let name = b"Private-Lines:";
    let lines = rest.windows(name.len()).position(|part| part == name)? + name.len();
    let start = lines + rest[lines..].iter().position(|byte| *byte == b'\n')? + 1;
    let end = run_end(rest, start, is_base64);
    (end - start >= LEAST).then_some(at.start..at.start + end)
}

/// The private part of a JSON Web Key, beside its `kty`.
fn jwk(text: &[u8], at: Range<usize>) -> Option<Range<usize>> {
    let mut start = run_end(text, at.end, |byte| byte.is_ascii_whitespace() || byte == b':');
    if start == at.end || text.get(start) != Some(&b'"') {
        return None;
    }
    start += 1;
    let end = run_end(text, start, |byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    if end - start < LEAST || text.get(end) != Some(&b'"') {
        return None;
    }
    let around = &text[at.start.saturating_sub(OBJECT)..text.len().min(end + OBJECT)];
    let typed = around.windows(5).any(|part| part == b"\"kty\"");
    typed.then_some(start..end)
}

#[cfg(test)]
mod tests {
    use crate::leaks::secrets;
    use crate::leaks::tokens::tests::random;

    fn body(lines: usize) -> String {
        (0..lines).map(|line| format!("{}\n", random("Alnum", 64, line as u64 + 1))).collect()
    }

    fn pem(kind: &str, header: &str) -> String {
        format!("-----BEGIN {kind}-----\n{header}{}-----END {kind}-----\n", body(4))
    }

    #[test]
    fn keys_of_all_forms_are_found() {
        let keys = [
            pem("PRIVATE KEY", ""),
            pem("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n"),
            pem("EC PRIVATE KEY", ""),
            pem("OPENSSH PRIVATE KEY", ""),
            pem("ENCRYPTED PRIVATE KEY", "\r\n"),
            pem("PGP PRIVATE KEY BLOCK", "Version: GnuPG v2\n\n"),
            format!(
                "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPublic-Lines: 1\nAAAA\nPrivate-Lines: 1\n{}",
                body(1)
            ),
            format!("{{\"kty\":\"EC\",\"crv\":\"P-256\",\"d\": \"{}\"}}", random("Alnum", 43, 7)),
        ];
        for key in keys {
            let found = secrets(&format!("before\n{key}after"));
            assert_eq!(found.len(), 1, "{key}");
            assert!(found[0].1.starts_with("a private key"));
        }
    }

    #[test]
    fn what_only_names_a_key_is_none() {
        let texts = [
            "-----BEGIN PRIVATE KEY-----".to_owned(),
            "-----BEGIN OPENSSH PRIVATE KEY-----\n…\n-----END OPENSSH PRIVATE KEY-----\n".to_owned(),
            "The file begins with `-----BEGIN RSA PRIVATE KEY-----`. Never commit it.".to_owned(),
            pem("CERTIFICATE", ""),
            pem("PUBLIC KEY", ""),
            "PuTTY-User-Key-File-3: ssh-ed25519\nPublic-Lines: 1\nAAAA\n".to_owned(),
            format!("{{\"d\": \"{}\"}}", random("Alnum", 43, 7)),
            "{\"kty\":\"EC\",\"d\": \"short\"}".to_owned(),
        ];
        for text in texts {
            assert!(secrets(&text).is_empty(), "{text}");
        }
    }
}
