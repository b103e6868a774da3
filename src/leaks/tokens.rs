//! Access tokens that are known by their form: a prefix, an alphabet, a length.
//!
//! Owns the table. A row is right when its makers document the form, or when their own scanners look for it.

use std::ops::Range;

use crate::rules::LEAK_SECRET;

use super::real::is_random;
use super::{Detector, Form, after, before, run_end};

/// What follows the prefix.
#[derive(Debug)]
pub(super) struct Tail {
    signs: Signs,
    /// The least and the greatest number of them.
    length: (usize, usize),
}

/// An alphabet.
#[derive(Debug, Clone, Copy)]
enum Signs {
    /// Letters and digits.
    Alnum,
    /// And `_`.
    Word,
    /// And `-`.
    Url,
    /// And `.`.
    Dotted,
    /// And `=`, `+`, `/`.
    Base64,
    /// Digits and small letters to `f`.
    Hex,
    /// Capitals and `2` to `7`.
    Base32,
    /// Capitals and digits.
    Capitals,
    /// Digits, letters, `-`, and `:` between the parts of a chat bot's token.
    Bot,
}

impl Signs {
    fn has(self, byte: u8) -> bool {
        match self {
            Signs::Alnum => byte.is_ascii_alphanumeric(),
            Signs::Word => byte.is_ascii_alphanumeric() || byte == b'_',
            Signs::Url => byte.is_ascii_alphanumeric() || b"_-".contains(&byte),
            Signs::Dotted => byte.is_ascii_alphanumeric() || b"_-.".contains(&byte),
            Signs::Base64 => byte.is_ascii_alphanumeric() || b"+/=_-".contains(&byte),
            Signs::Hex => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
            Signs::Base32 => matches!(byte, b'A'..=b'Z' | b'2'..=b'7'),
            Signs::Capitals => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Signs::Bot => byte.is_ascii_alphanumeric() || b"-_/".contains(&byte),
        }
    }
}

impl Tail {
    /// The token whose prefix stands at `at`.
    pub(super) fn find(&self, text: &[u8], at: Range<usize>, prefixes: &[&str]) -> Option<Range<usize>> {
        let exact = prefixes.iter().any(|prefix| &text[at.clone()] == prefix.as_bytes());
        if !exact || before(text, at.start, |byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        let mut end = run_end(text, at.end, |byte| self.signs.has(byte));
        while end > at.end && b".-=".contains(&text[end - 1]) && end - at.end > self.length.0 {
            end -= 1;
        }
        let (least, most) = self.length;
        let fits = (least..=most).contains(&(end - at.end))
            && !after(text, end, |byte| byte.is_ascii_alphanumeric());
        (fits && is_random(&text[at.end..end])).then_some(at.start..end)
    }
}

/// A row with tokens of a fixed or of a least length; without a greatest one 512 signs are the most.
const fn row(
    what: &'static str,
    triggers: &'static [&'static str],
    signs: Signs,
    least: usize,
    most: usize,
) -> Detector {
    Detector { rule: &LEAK_SECRET, what, triggers, form: Form::Token(Tail { signs, length: (least, most) }) }
}

const LONG: usize = 512;

pub(super) const DETECTORS: &[Detector] = &[
    row("an age key", &["AGE-SECRET-KEY-1"], Signs::Capitals, 58, 58),
    row("an Anthropic key", &["sk-ant-api03-", "sk-ant-admin01-"], Signs::Url, 80, 120),
    row("an Atlassian token", &["ATATT3xFfGF0", "ATCTT3xFfGN0"], Signs::Base64, 100, 260),
    row("an AWS access key", &["AKIA", "ASIA", "ABIA", "ACCA"], Signs::Base32, 16, 16),
    row("a Bitbucket token", &["ATBB"], Signs::Alnum, 32, 36),
    row("a crates.io token", &["cio"], Signs::Alnum, 32, 32),
    row("a DigitalOcean token", &["dop_v1_", "doo_v1_", "dor_v1_"], Signs::Hex, 64, 64),
    row("a Docker Hub token", &["dckr_pat_", "dckr_oat_"], Signs::Url, 27, 36),
    row("a Doppler token", &["dp.pt.", "dp.ct.", "dp.sa."], Signs::Alnum, 40, 44),
    row("a GitHub token", &["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], Signs::Alnum, 36, 255),
    row("a GitHub token", &["github_pat_"], Signs::Word, 82, 82),
    row(
        "a GitLab token",
        &[
            "glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "glsoat-", "glimt-", "glagent-",
            "gloas-", "glffct-",
        ],
        Signs::Dotted,
        20,
        300,
    ),
    row("a GitLab runner token", &["GR1348941"], Signs::Url, 20, 50),
    row("a Google API key", &["AIza"], Signs::Url, 35, 35),
    row("a Google client secret", &["GOCSPX-"], Signs::Url, 28, 28),
    row("a Google access token", &["ya29."], Signs::Url, 40, LONG),
    row("a Grafana token", &["glsa_"], Signs::Word, 41, 41),
    row("a Grafana token", &["glc_eyJ"], Signs::Base64, 60, LONG),
    row("a Heroku key", &["HRKU-AA"], Signs::Url, 30, 64),
    row("a Hugging Face token", &["hf_"], Signs::Alnum, 34, 38),
    row("a Linear key", &["lin_api_"], Signs::Alnum, 40, 40),
    row("a New Relic key", &["NRAK-"], Signs::Capitals, 27, 27),
    row("a Notion token", &["ntn_"], Signs::Alnum, 43, 50),
    row("an npm token", &["npm_"], Signs::Alnum, 36, 36),
    row("an OpenAI key", &["sk-proj-", "sk-svcacct-", "sk-admin-"], Signs::Url, 70, 220),
    row("an OpenStack token", &["gAAAAA"], Signs::Base64, 94, LONG),
    row("a Postman key", &["PMAK-"], Signs::Url, 59, 59),
    row("a Pulumi token", &["pul-"], Signs::Hex, 40, 40),
    row("a PyPI token", &["pypi-AgEIcHlwaS5vcmc", "pypi-AgENdGVzdC5weXBpLm9yZw"], Signs::Url, 50, LONG),
    row("a RubyGems key", &["rubygems_"], Signs::Hex, 48, 48),
    row("a SendGrid key", &["SG."], Signs::Dotted, 66, 66),
    row("a Sentry token", &["sntryu_"], Signs::Hex, 64, 64),
    row("a Sentry token", &["sntrys_eyJ"], Signs::Base64, 80, LONG),
    row("a Shopify token", &["shpat_", "shpca_", "shppa_", "shpss_"], Signs::Hex, 32, 32),
    row(
        "a Slack token",
        &["xoxb-", "xoxp-", "xoxa-", "xoxo-", "xoxs-", "xoxr-", "xoxe-", "xoxe.xoxp-", "xoxe.xoxb-", "xapp-"],
        Signs::Url,
        24,
        300,
    ),
    row(
        "a Slack webhook",
        &["hooks.slack.com/services/T", "hooks.slack.com/workflows/T"],
        Signs::Bot,
        40,
        90,
    ),
    row("a Stripe key", &["sk_live_", "sk_test_", "rk_live_", "rk_test_"], Signs::Alnum, 24, 247),
    row("a Stripe webhook secret", &["whsec_"], Signs::Base64, 32, 64),
    row("a Vault token", &["hvs.", "hvb.", "hvr."], Signs::Url, 24, 300),
];

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::leaks::secrets;

    /// Signs of an alphabet by chance, the same for the same seed.
    pub fn random(alphabet: &str, length: usize, seed: u64) -> String {
        let signs: &[u8] = match alphabet {
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
            char::from(signs[(state >> 33) as usize % signs.len()])
        };
        (0..length).map(|_| next()).collect()
    }

    fn rows() -> impl Iterator<Item = (&'static Detector, &'static Tail)> {
        DETECTORS.iter().map(|row| match &row.form {
            Form::Token(tail) => (row, tail),
            Form::Found(_) => panic!("the table holds tokens only"),
        })
    }

    fn is_found(text: &str, token: &str) -> bool {
        secrets(text).iter().any(|(range, _)| &text[range.clone()] == token)
    }

    #[test]
    fn every_token_is_found_wherever_it_stands() {
        for (row, tail) in rows() {
            for prefix in row.triggers {
                for (seed, around) in
                    ["«»", "x=«»;", "\"«»\"", "see «».", "https://a.example/?k=«»&b"].iter().enumerate()
                {
                    let length = [tail.length.0, tail.length.1][seed % 2];
                    let token =
                        format!("{prefix}{}", random(&format!("{:?}", tail.signs), length, seed as u64 + 3));
                    let text = around.replace("«»", &token);
                    assert!(is_found(&text, &token), "{}: {text}", row.what);
                }
            }
        }
    }

    #[test]
    fn what_only_looks_like_a_token_is_none() {
        for (row, tail) in rows() {
            let prefix = row.triggers[0];
            let signs = format!("{:?}", tail.signs);
            let whole = random(&signs, tail.length.0, 9);
            let texts = [
                prefix.to_owned(),
                format!("{prefix}{}", &whole[..tail.length.0 / 2]),
                format!("{prefix}{}", "x".repeat(tail.length.0)),
                format!("{prefix}{}", "A".repeat(tail.length.1)),
                format!("a{prefix}{whole}"),
                format!("{prefix} {whole}"),
                format!("{prefix}{}", random(&signs, LONG * 2, 4)),
            ];
            for text in texts {
                assert!(secrets(&text).is_empty(), "{}: {text}", row.what);
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
}
