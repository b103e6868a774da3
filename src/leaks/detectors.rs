//! The search for leaks by rules.
//!
//! Owns the meaning of a rule's fields, as in gitleaks: keywords decide whether an expression is tried at all, a group
//! selects the secret, and too little entropy or an allowlist discards a find.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex_automata::meta::Regex;
use regex_automata::util::captures::Captures;

use super::Leak;
use super::placeholder::entropy;
use super::validators::Validator;
use crate::rules::Rule;

/// Rules, and the automaton that finds all their keywords in one pass.
#[derive(Debug, Default)]
pub struct Detectors {
    detectors: Vec<Detector>,
    /// The allowlists for all rules without a validator.
    allow: Vec<Allowlist>,
    keywords: Option<AhoCorasick>,
    /// For each keyword, the index of its detector.
    by_keyword: Vec<usize>,
    /// The indexes of detectors without keywords.
    always: Vec<usize>,
}

/// One rule.
#[derive(Debug)]
pub(super) struct Detector {
    /// The rule of Opsbook under which a find is reported.
    pub rule: &'static Rule,
    /// With its article, for messages: `a GitHub token`.
    pub what: Arc<str>,
    pub regex: Expression,
    /// Matches the paths of the files that the rule is about; `None` means all files.
    pub path: Option<Expression>,
    /// The group of the secret; 0 means the first group that is not empty, or else the whole match.
    pub secret_group: usize,
    /// The entropy that a secret must exceed, in bits per byte; 0 means no limit.
    pub entropy: f64,
    /// The expression is tried only where the text contains one of these, in any case.
    pub keywords: Vec<String>,
    pub allow: Vec<Allowlist>,
    pub validator: Option<Validator>,
}

/// An expression that is compiled when it is read or when it is first needed.
#[derive(Debug)]
pub(super) struct Expression {
    pub text: String,
    pub regex: OnceLock<Regex>,
}

/// Conditions under which a find is discarded.
#[derive(Debug)]
pub(super) struct Allowlist {
    /// Whether all of its conditions must hold, instead of one.
    pub needs_all: bool,
    pub target: AllowTarget,
    pub regexes: Vec<Expression>,
    pub paths: Vec<Expression>,
    /// Words in lower case, one of which must be in the secret.
    pub stopwords: Vec<String>,
}

/// The text that the expressions of an allowlist are matched against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AllowTarget {
    Secret,
    Match,
    Line,
}

impl Detectors {
    pub(super) fn new(detectors: Vec<Detector>, allow: Vec<Allowlist>) -> Detectors {
        let (mut keywords, mut by_keyword, mut always) = (Vec::new(), Vec::new(), Vec::new());
        for (number, detector) in detectors.iter().enumerate() {
            if detector.keywords.is_empty() {
                always.push(number);
            }
            for keyword in &detector.keywords {
                keywords.push(keyword.as_str());
                by_keyword.push(number);
            }
        }
        // A DFA is the fastest automaton, but its memory grows with the number of keywords.
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind((keywords.len() < 1000).then_some(AhoCorasickKind::DFA))
            .build(&keywords)
            .expect("keywords are short");
        Detectors { keywords: Some(automaton), detectors, allow, by_keyword, always }
    }

    /// The leaks that the rules find. `path` is the path of the file; without one, rules with a path are not tried.
    pub(super) fn find(&self, text: &[u8], path: Option<&str>) -> Vec<Leak> {
        let Some(keywords) = &self.keywords else { return Vec::new() };
        let mut tried: BTreeSet<usize> = self.always.iter().copied().collect();
        for hit in keywords.find_overlapping_iter(text) {
            tried.insert(self.by_keyword[hit.pattern().as_usize()]);
        }
        let mut found = Vec::new();
        for number in tried {
            self.search(&self.detectors[number], text, path, &mut found);
        }
        found
    }

    fn search(&self, detector: &Detector, text: &[u8], path: Option<&str>, found: &mut Vec<Leak>) {
        let is_about =
            |expression: &Expression| path.is_some_and(|path| expression.regex().is_match(path.as_bytes()));
        if !detector.path.as_ref().is_none_or(is_about) {
            return;
        }
        for captures in detector.regex.regex().captures_iter(text) {
            let Some(whole) = captures.get_match().map(|found| found.range()) else { continue };
            let range = match detector.validator {
                Some(validate) => validate(text, whole.clone()),
                None => secret(&captures, detector.secret_group),
            };
            let Some(range) = range.filter(|range| !range.is_empty()) else { continue };
            if detector.entropy > 0.0 && entropy(&text[range.clone()]) <= detector.entropy {
                continue;
            }
            // A validator has checked for placeholders itself.
            let general = if detector.validator.is_none() { self.allow.as_slice() } else { &[] };
            let mut lists = detector.allow.iter().chain(general);
            if !lists.any(|list| list.allows(text, &whole, &range, path)) {
                found.push(Leak { range, rule: detector.rule, what: Arc::clone(&detector.what) });
            }
        }
    }
}

/// The range of the secret in a match.
fn secret(captures: &Captures, group: usize) -> Option<Range<usize>> {
    if group > 0 {
        return captures.get_group(group).map(|span| span.range());
    }
    let groups = (1..captures.group_len()).filter_map(|group| captures.get_group(group));
    let first = groups.map(|span| span.range()).find(|range| !range.is_empty());
    first.or_else(|| captures.get_group(0).map(|span| span.range()))
}

impl Allowlist {
    fn allows(&self, text: &[u8], whole: &Range<usize>, secret: &Range<usize>, path: Option<&str>) -> bool {
        let target = match self.target {
            AllowTarget::Secret => &text[secret.clone()],
            AllowTarget::Match => &text[whole.clone()],
            AllowTarget::Line => line(text, whole),
        };
        // A condition that a list does not have plays no part, even where all must hold.
        let mut checks = Vec::new();
        if !self.paths.is_empty() {
            let is_match = |path: &str| self.paths.iter().any(|p| p.regex().is_match(path.as_bytes()));
            checks.push(path.is_some_and(is_match));
        }
        if !self.regexes.is_empty() {
            checks.push(self.regexes.iter().any(|regex| regex.regex().is_match(target)));
        }
        if !self.stopwords.is_empty() {
            let small = text[secret.clone()].to_ascii_lowercase();
            let holds = |word: &String| small.windows(word.len().max(1)).any(|part| part == word.as_bytes());
            checks.push(self.stopwords.iter().any(holds));
        }
        if self.needs_all {
            !checks.is_empty() && checks.iter().all(|holds| *holds)
        } else {
            checks.contains(&true)
        }
    }
}

/// The lines of a match. A long line, as in minified code, is cut some hundred bytes before and after it.
fn line<'t>(text: &'t [u8], range: &Range<usize>) -> &'t [u8] {
    const AROUND: usize = 512;
    let from = range.start.saturating_sub(AROUND);
    let start =
        text[from..range.start].iter().rposition(|byte| *byte == b'\n').map_or(from, |at| from + at + 1);
    let most = text.len().min(range.end + AROUND);
    let end = text[range.end..most].iter().position(|byte| *byte == b'\n').map_or(most, |at| range.end + at);
    &text[start..end]
}

#[cfg(test)]
pub(super) mod tests {
    use crate::leaks::secrets;
    use crate::leaks::tests::{assert_found, assert_silent};

    /// Pseudo-random characters of an alphabet, the same for the same seed.
    pub fn random(alphabet: &str, length: usize, seed: u64) -> String {
        let characters: &[u8] = match alphabet {
            "Hex" => b"0123456789abcdef",
            "Base32" => b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
            "Capitals" => b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
            _ => b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
        };
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            char::from(characters[(state >> 33) as usize % characters.len()])
        };
        (0..length).map(|_| next()).collect()
    }

    fn any(length: usize, seed: u64) -> String {
        random("Alnum", length, seed)
    }

    const LONG: usize = 512;

    /// The formats of tokens: prefixes, alphabet, least and greatest length after the prefix.
    #[rustfmt::skip]
    const TOKENS: &[(&[&str], &str, usize, usize)] = &[
        (&["AGE-SECRET-KEY-1"], "Capitals", 58, 58),
        (&["sk-ant-api03-", "sk-ant-admin01-"], "Url", 80, 120),
        (&["ATATT3xFfGF0", "ATCTT3xFfGN0"], "Base64", 100, 260),
        (&["AKIA", "ASIA", "ABIA", "ACCA"], "Base32", 16, 16),
        (&["ATBB"], "Alnum", 32, 36),
        (&["cio"], "Alnum", 32, 32),
        (&["dop_v1_", "doo_v1_", "dor_v1_"], "Hex", 64, 64),
        (&["dckr_pat_", "dckr_oat_"], "Url", 27, 36),
        (&["dp.pt.", "dp.ct.", "dp.sa."], "Alnum", 40, 44),
        (&["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], "Alnum", 36, 255),
        (&["github_pat_"], "Word", 82, 82),
        (&["glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "glsoat-", "glimt-", "glagent-", "gloas-", "glffct-"], "Dotted", 20, 300),
        (&["GR1348941"], "Url", 20, 50),
        (&["AIza"], "Url", 35, 35),
        (&["GOCSPX-"], "Url", 28, 28),
        (&["ya29."], "Url", 40, LONG),
        (&["glsa_"], "Word", 41, 41),
        (&["glc_eyJ"], "Base64", 60, LONG),
        (&["HRKU-AA"], "Url", 30, 64),
        (&["hf_"], "Alnum", 34, 38),
        (&["lin_api_"], "Alnum", 40, 40),
        (&["NRAK-"], "Capitals", 27, 27),
        (&["ntn_"], "Alnum", 43, 50),
        (&["npm_"], "Alnum", 36, 36),
        (&["sk-proj-", "sk-svcacct-", "sk-admin-"], "Url", 70, 220),
        (&["gAAAAA"], "Base64", 94, LONG),
        (&["PMAK-"], "Url", 59, 59),
        (&["pul-"], "Hex", 40, 40),
        (&["pypi-AgEIcHlwaS5vcmc", "pypi-AgENdGVzdC5weXBpLm9yZw"], "Url", 50, LONG),
        (&["rubygems_"], "Hex", 48, 48),
        (&["SG."], "Dotted", 66, 66),
        (&["sntryu_"], "Hex", 64, 64),
        (&["sntrys_eyJ"], "Base64", 80, LONG),
        (&["shpat_", "shpca_", "shppa_", "shpss_"], "Hex", 32, 32),
        (&["xoxb-", "xoxp-", "xoxa-", "xoxo-", "xoxs-", "xoxr-", "xoxe-", "xoxe.xoxp-", "xoxe.xoxb-", "xapp-"], "Url", 24, 300),
        (&["hooks.slack.com/services/T", "hooks.slack.com/workflows/T"], "Bot", 40, 90),
        (&["sk_live_", "sk_test_", "rk_live_", "rk_test_"], "Alnum", 24, 247),
        (&["whsec_"], "Base64", 32, 64),
        (&["hvs.", "hvb.", "hvr."], "Url", 24, 300),
    ];

    fn is_found(text: &str, token: &str) -> bool {
        secrets(text).iter().any(|(range, _)| &text[range.clone()] == token)
    }

    #[test]
    fn every_token_is_found_wherever_it_stands() {
        for (prefixes, alphabet, least, most) in TOKENS {
            for prefix in *prefixes {
                for (seed, around) in
                    ["«»", "x=«»;", "\"«»\"", "see «».", "https://a.example/?k=«»&b"].iter().enumerate()
                {
                    let length = [*least, *most][seed % 2];
                    let token = format!("{prefix}{}", random(alphabet, length, seed as u64 + 3));
                    let text = around.replace("«»", &token);
                    assert!(is_found(&text, &token), "{text}: {:?}", secrets(&text));
                }
            }
        }
    }

    #[test]
    fn what_only_looks_like_a_token_is_none() {
        for (prefixes, alphabet, least, most) in TOKENS {
            let prefix = prefixes[0];
            let whole = random(alphabet, *least, 9);
            let texts = [
                prefix.to_owned(),
                format!("{prefix}{}", &whole[..least / 2]),
                format!("{prefix}{}", "x".repeat(*least)),
                format!("{prefix}{}", "A".repeat(*most)),
                format!("a{prefix}{whole}"),
                format!("{prefix} {whole}"),
                format!("{prefix}{}", random(alphabet, LONG * 2, 4)),
            ];
            for text in texts {
                assert!(secrets(&text).is_empty(), "{text}: {:?}", secrets(&text));
            }
        }
    }

    #[test]
    fn examples_of_manuals_are_no_secrets() {
        for text in [
            "AKIAIOSFODNN7EXAMPLE",
            "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "glpat-XXXXXXXXXXXXXXXXXXXX",
            "xoxb-your-token-goes-here-please",
            "sk_live_................",
            "hvs.<your token>",
        ] {
            assert!(secrets(text).is_empty(), "{text}");
        }
    }

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

    /// `{"alg":"RS256"}`, `{"sub":"someone"}`, `{"iss":"kubernetes.io/serviceaccount"}`.
    const HEADER: &str = "eyJhbGciOiJSUzI1NiJ9";
    const CLAIMS: &str = "eyJzdWIiOiJzb21lb25lIn0";
    const OF_CLUSTER: &str = "eyJpc3MiOiJrdWJlcm5ldGVzLmlvL3NlcnZpY2VhY2NvdW50In0";

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

    /// 28 bytes of a Ceph key: type, seconds, nanoseconds, length, key.
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

    #[test]
    fn hashes_are_found() {
        let any = |length, seed| random("Alnum", length, seed);
        let texts = [
            format!("root:«$6$saltsalt${}»:19000:0", any(86, 1)),
            format!("«$5$rounds=5000$salt${}»", any(43, 2)),
            format!("admin:«$apr1$x9y8z7w6${}»", any(22, 3)),
            format!("password: «$2y$10${}»", any(53, 4)),
            format!("«$argon2id$v=19$m=65536,t=3,p=4$c2FsdA${}»", any(43, 5)),
            format!("userPassword: «{{SSHA}}{}=»", any(31, 6)),
        ];
        assert_found("leak.password", &texts.iter().map(String::as_str).collect::<Vec<_>>());
    }

    #[test]
    fn dollars_in_texts_are_none() {
        assert_silent(
            "leak.password",
            &[
                "awk '{print $1$2}'",
                "it costs 5$ or $6$",
                "$6$salt$hash",
                "echo $1$@",
                "$2y$10$…",
                "$1$xxxxxxxxxxxxxxxxxxxxxxxxxx",
            ],
        );
    }
}
