//! Tokens whose form takes more than a prefix: JSON Web Tokens, signatures of Azure, keys of Ceph.
//!
//! Owns how each is recognised. A JSON Web Token may be one that was made for a manual, so it only is a likely leak;
//! that of a Kubernetes service account is a sure one.

use std::ops::Range;

use crate::rules::{LEAK_SECRET, LEAK_TOKEN, Rule};

use super::real::is_random;
use crate::base64;

use super::{Detector, Find, Form, after, before, run_around, run_end, run_most};

const fn row(
    rule: &'static Rule,
    what: &'static str,
    triggers: &'static [&'static str],
    find: Find,
) -> Detector {
    Detector { rule, what, triggers, form: Form::Found(find) }
}

pub(super) const DETECTORS: &[Detector] = &[
    row(&LEAK_SECRET, "a token of a Kubernetes service account", &["eyJ"], of_service_account),
    row(&LEAK_TOKEN, "a JSON Web Token", &["eyJ"], web_token),
    row(&LEAK_SECRET, "a key in an Azure connection string", &["AccountKey=", "SharedAccessKey="], azure_key),
    row(&LEAK_SECRET, "an Azure signature (SAS)", &["sig="], azure_signature),
    row(&LEAK_SECRET, "an Azure client secret", &["8Q~", "7Q~"], azure_secret),
    row(&LEAK_SECRET, "a Terraform token", &[".atlasv1."], terraform),
    row(&LEAK_SECRET, "a Telegram token", &[":AA"], telegram),
    row(&LEAK_SECRET, "a Ceph key", &["AQ"], ceph),
];

fn is_url_sign(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_".contains(&byte)
}

/// Three parts of base64url; the first two are JSON.
fn web_token(text: &[u8], at: Range<usize>) -> Option<Range<usize>> {
    let (header, claims, signature) = parts(text, at)?;
    let signed = signature.len() >= 20 && is_random(&text[signature.clone()]);
    let json = |part: &Range<usize>| base64::decode_prefix(&text[part.clone()]).starts_with(b"{\"");
    (signed && json(&header) && json(&claims)).then_some(header.start..signature.end)
}

fn of_service_account(text: &[u8], at: Range<usize>) -> Option<Range<usize>> {
    let (_, claims, _) = parts(text, at.clone())?;
    let claims = base64::decode_prefix(&text[claims]);
    let holds = |needle: &[u8]| claims.windows(needle.len()).any(|part| part == needle);
    (holds(b"kubernetes.io") || holds(b"system:serviceaccount:")).then(|| web_token(text, at)).flatten()
}

type Parts = (Range<usize>, Range<usize>, Range<usize>);

fn parts(text: &[u8], at: Range<usize>) -> Option<Parts> {
    if before(text, at.start, |byte| is_url_sign(byte) || byte == b'.') {
        return None;
    }
    let header = at.start..run_end(text, at.start, is_url_sign);
    let claims = header.end + 1..run_end(text, (header.end + 1).min(text.len()), is_url_sign);
    let dotted = |end: usize| text.get(end) == Some(&b'.');
    if !dotted(header.end) || !dotted(claims.end) || claims.len() < 10 {
        return None;
    }
    let signature = claims.end + 1..run_end(text, claims.end + 1, is_url_sign);
    Some((header, claims, signature))
}

/// A run of a key of known length is followed no farther. Bytes.
const SHORT: usize = 128;

/// `AccountKey=` with 64 bytes, `SharedAccessKey=` with 32.
fn azure_key(text: &[u8], at: Range<usize>) -> Option<Range<usize>> {
    let end = run_most(text, at.end, SHORT, |byte| base64::is_digit(byte) || byte == b'=');
    (matches!(end - at.end, 44 | 88) && is_random(&text[at.end..end])).then_some(at.end..end)
}

/// The signature of a shared access: 32 bytes, also percent-encoded, beside the version or the end of the access.
fn azure_signature(text: &[u8], at: Range<usize>) -> Option<Range<usize>> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=%".contains(&byte);
    let end = run_most(text, at.end, SHORT, is_part);
    if !(43..=70).contains(&(end - at.end))
        || before(text, at.start, is_part)
        || !is_random(&text[at.end..end])
    {
        return None;
    }
    let url = run_around(text, at.start, 2048, |byte| byte.is_ascii_graphic() && !b"\"'<>`".contains(&byte));
    let named = [&b"se="[..], b"sv=", b"SharedAccessSignature"]
        .iter()
        .any(|name| text[url.clone()].windows(name.len()).any(|part| part == *name));
    named.then_some(at.end..end)
}

/// Three signs, a digit, `Q~`, and 34 more or so.
fn azure_secret(text: &[u8], at: Range<usize>) -> Option<Range<usize>> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"_~.-".contains(&byte);
    let run = run_around(text, at.start, SHORT, is_part);
    let sound = at.start - run.start == 3 && (31..=35).contains(&(run.end - at.end));
    (sound && text[at.clone()].ends_with(b"Q~") && is_random(&text[run.clone()])).then_some(run)
}

/// Fourteen letters and digits, `.atlasv1.`, and some sixty more.
fn terraform(text: &[u8], at: Range<usize>) -> Option<Range<usize>> {
    let letters = |byte: &&u8| byte.is_ascii_alphanumeric();
    let start = at.start - text[..at.start].iter().rev().take(SHORT).take_while(letters).count();
    let end = run_most(text, at.end, SHORT, |byte| is_url_sign(byte) || byte == b'=');
    let sound = at.start - start == 14 && (60..=75).contains(&(end - at.end));
    (sound && is_random(&text[at.end..end])).then_some(start..end)
}

/// The number of a bot, a colon, and 35 signs that begin with `AA`.
fn telegram(text: &[u8], at: Range<usize>) -> Option<Range<usize>> {
    let digits = text[..at.start].iter().rev().take(SHORT).take_while(|byte| byte.is_ascii_digit()).count();
    let start = at.start - digits;
    let end = run_most(text, at.start + 1, SHORT, is_url_sign);
    let sound = (8..=10).contains(&digits) && end - at.start == 36 && &text[at.clone()] == b":AA";
    let free = !before(text, start, |byte| byte.is_ascii_digit() || byte == b'.' || byte == b':');
    (sound && free && is_random(&text[at.start + 1..end])).then_some(start..end)
}

/// A secret key of cephx: 28 bytes in base64 with a type (1), a time, and a length (16).
fn ceph(text: &[u8], at: Range<usize>) -> Option<Range<usize>> {
    let end = run_most(text, at.start, SHORT, base64::is_digit);
    if end - at.start != 38 || !text[end..].starts_with(b"==") || before(text, at.start, base64::is_digit) {
        return None;
    }
    let bytes = base64::decode_prefix(&text[at.start..end]);
    let sound = bytes.len() == 28 && bytes[..2] == [1, 0] && bytes[10..12] == [16, 0];
    let free = !after(text, end + 2, |byte| byte.is_ascii_alphanumeric() || byte == b'=');
    (sound && free && is_random(&text[at.start..end])).then_some(at.start..end + 2)
}

#[cfg(test)]
mod tests {
    use crate::leaks::tests::{assert_found, assert_silent};
    use crate::leaks::tokens::tests::random;

    /// `{"alg":"RS256"}`, `{"sub":"someone"}`, `{"iss":"kubernetes.io/serviceaccount"}`.
    const HEADER: &str = "eyJhbGciOiJSUzI1NiJ9";
    const CLAIMS: &str = "eyJzdWIiOiJzb21lb25lIn0";
    const OF_CLUSTER: &str = "eyJpc3MiOiJrdWJlcm5ldGVzLmlvL3NlcnZpY2VhY2NvdW50In0";

    fn any(length: usize, seed: u64) -> String {
        random("Alnum", length, seed)
    }

    #[test]
    fn web_tokens_are_found() {
        let token = |claims: &str, seed| format!("{HEADER}.{claims}.{}", any(43, seed));
        let around = ["«»", "Bearer «»", "\"«»\"", "t=«»;", "(«»)"];
        let filled = |claims: &str| -> Vec<String> {
            around
                .iter()
                .zip(1..)
                .map(|(a, seed)| a.replace("«»", &format!("«{}»", token(claims, seed))))
                .collect()
        };
        let texts = filled(CLAIMS);
        assert_found("leak.token", &texts.iter().map(String::as_str).collect::<Vec<_>>());
        let texts = filled(OF_CLUSTER);
        assert_found("leak.secret", &texts.iter().map(String::as_str).collect::<Vec<_>>());
        let silent = [
            format!("{HEADER}.{CLAIMS}."),
            format!("{HEADER}.{CLAIMS}.signature"),
            format!("{HEADER}.{}", any(50, 3)),
            format!("{HEADER}.{}.{}", any(30, 3), any(43, 4)),
            format!("a{HEADER}.{CLAIMS}.{}", any(43, 5)),
            format!("{HEADER}.{CLAIMS}.{}", "x".repeat(43)),
        ];
        assert_silent("leak.token", &silent.iter().map(String::as_str).collect::<Vec<_>>());
    }

    /// 28 bytes as Ceph makes them: type, seconds, nanoseconds, length, key.
    const CEPH: &str = "AQCrGhlhq83vERAAkX0/VTuvT+IKKbvAeS1ycg==";

    #[test]
    fn signatures_and_keys_of_services_are_found() {
        let texts = [
            format!("DefaultEndpointsProtocol=https;AccountName=x;AccountKey=«{}==»;", any(86, 1)),
            format!("Endpoint=sb://x/;SharedAccessKey=«{}=»", any(43, 2)),
            format!("https://x.blob.example/c?sv=2022-11-02&se=2030-01-01&sr=c&sig=«{}%3D»", any(43, 3)),
            format!("secret: «abC8Q~{}»", any(34, 4)),
            format!("token = \"«{}.atlasv1.{}»\"", any(14, 5), any(67, 6)),
            format!("bot «123456789:AA{}»", any(33, 7)),
            format!("key = «{CEPH}»"),
        ];
        assert_found("leak.secret", &texts.iter().map(String::as_str).collect::<Vec<_>>());
    }

    #[test]
    fn what_only_looks_like_them_is_none() {
        let texts = [
            "AccountKey=<key>;EndpointSuffix=core".to_owned(),
            format!("AccountKey={}==", "A".repeat(86)),
            format!("https://x.example/?sig={}", any(43, 3)),
            "?sv=2022&sig=abc".to_owned(),
            format!("abC8Q~{}", any(12, 4)),
            format!("{}.atlasv1.{}", any(13, 5), any(67, 6)),
            "12:AA:BB:CC:00:11".to_owned(),
            format!("1234:AA{}", any(33, 7)),
            format!("AQ{}==", any(36, 8)),
            "key = AQ==".to_owned(),
        ];
        assert_silent("leak.secret", &texts.iter().map(String::as_str).collect::<Vec<_>>());
    }
}
