//! What the scanner finds in seeded files, and what it says of it.
//!
//! Each seed must be found; what has no seed must be clean. No message may tell what was found.

use opsbook::audit::{BuildMachine, Scanner, Sources, gather};
use opsbook::config::AuditSettings;
use opsbook::diagnostic::Diagnostic;

use super::seeds::{Seed, WORD, base64, documents, encoded, framed, gzip, noise, texts};

fn scanner() -> Scanner {
    let audit = AuditSettings { deny: vec![WORD.to_owned()], ..AuditSettings::default() };
    Scanner::new(&audit, &BuildMachine::default()).unwrap()
}

fn finds(path: &str, bytes: &[u8]) -> Vec<Diagnostic> {
    let scanner = scanner();
    let (rules, pages) = (Default::default(), |_: &str| Vec::new());
    let sources = Sources { pages: &pages, rules: &rules, levels: &Default::default() };
    gather(vec![scanner.look(path, bytes)], &scanner, &sources)
}

#[test]
fn every_seed_is_found() {
    let seeds: Vec<Seed> = [texts(), encoded(), documents()].concat();
    assert!(seeds.len() >= 40, "{}", seeds.len());
    let found =
        |(_, path, bytes): &Seed| finds(path, bytes).iter().any(|find| find.rule.name == "leak.denied");
    let missed: Vec<&str> = seeds.iter().filter(|seed| !found(seed)).map(|(channel, ..)| *channel).collect();
    assert_eq!(missed, [""; 0], "of {}", seeds.len());
}

#[test]
fn a_seed_without_the_word_is_clean() {
    let other = |text: &[u8]| {
        String::from_utf8_lossy(text)
            .replace(WORD, "Kieselsteine")
            .replace(&WORD.to_lowercase(), "kieselsteine")
    };
    for (channel, path, bytes) in texts() {
        let (path, text) = (other(path.as_bytes()), other(&bytes));
        let still = [
            "title", "entities", "code", "accents", "escapes", "script", "address", "calendar", "feed",
            "stem", "percent", "capitals",
        ];
        if !still.iter().any(|part| channel.contains(part)) {
            assert_eq!(finds(&path, text.as_bytes()), [], "{channel}");
        }
    }
    assert_eq!(finds("a.bin", &framed(b"\x89PNG", &noise(300_000))), []);
    assert_eq!(finds("a.gz", &gzip(&noise(100_000))), []);
}

#[test]
fn a_token_is_found_behind_two_encodings() {
    let token = ["glpat", "Zk3vQ9xW7rT2mB8nL4pY"].join("-");
    let bytes = format!("{{\"x\": \"{}\"}}", base64(&gzip(format!("t={token}").as_bytes()), b"+/"));
    let found = finds("a.json", bytes.as_bytes());
    assert_eq!(found.len(), 1, "{found:?}");
    let message = "a GitLab token: `glpa… (26 characters)`";
    assert_eq!((found[0].rule.name, &*found[0].message), ("leak.secret", message));
    assert_eq!(found[0].published[0].decoded, ["base64", "compressed data"]);
}

#[test]
fn no_entry_of_the_list_is_told() {
    for (channel, path, bytes) in texts() {
        for find in finds(&path, &bytes) {
            assert!(!find.message.to_lowercase().contains("zephyrq"), "{channel}");
        }
    }
}

#[test]
fn texts_made_of_one_piece_come_to_an_end() {
    let pieces = [
        "a@",
        "a.local",
        "password=",
        "secret",
        "-----BEGIN PRIVATE KEY-----",
        "\"d\":\"",
        "eyJ",
        "10.1.1.1.",
        "fd00:",
        "https://u:p@",
        "&sig=",
        "AQ",
        ":AA",
        ".atlasv1.",
        "ghp_",
        "$6$",
        "%41",
        "&#64;",
        "\\u0041",
        "QUJDREVGR0hJSktM",
        "</a>",
        "Zephyrquelle",
        "a\0",
        "\u{e4}",
    ];
    let scanner = scanner();
    for piece in pieces {
        // No clock: what does not come to an end is stopped by the runner.
        scanner.look("a.txt", piece.repeat((96 << 10) / piece.len()).as_bytes());
    }
}
