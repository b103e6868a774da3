//! Tests of redaction, in tables: on the left the author's text, on the right the public's.
//!
//! Owns the examples. Each has one secret word where something is hidden.

use super::*;
use crate::markdown::fixture::plain_context;
use crate::markdown::{ClosedWorld, MarkdownContext};
use crate::path::FilePath;

const S: &str = "qsecretq";

fn redaction(text: &str, audience: &str, mark: &str) -> Option<Redaction> {
    let levels = Levels::default();
    let audience = Audience::from_level(levels.find(audience).expect("it is a level"));
    let source = Source::new(FilePath::new("content/a.md").expect("it is a path"), text);
    let extensions = Extensions { math: false, smart_punctuation: false };
    redact(
        &source,
        &RedactionContext { levels: &levels, audience, replacement: mark, extensions, included: None },
    )
}

fn left(text: &str, audience: &str) -> String {
    redaction(text, audience, "").map_or(text.to_owned(), |redaction| redaction.source.text.to_string())
}

/// The page and its Markdown export, and the rules that a build for the public reports: for the marks, then for the
/// redacted text.
fn found(text: &str) -> (String, Vec<String>) {
    found_as(text, Flavor::Plain)
}

fn found_as(text: &str, flavor: Flavor) -> (String, Vec<String>) {
    let file = FilePath::new("content/a.md").expect("it is a path");
    let mut redactions = Redactions::default();
    redactions.insert(file.clone(), Arc::new(redaction(text, "public", "")));
    let redaction = redactions.get(&file);
    let source = redaction.map_or_else(|| Source::new(file.clone(), text), |found| found.source.clone());
    let closed_world = ClosedWorld { used: true, ..plain_context().closed_world };
    let environment = MarkdownContext { closed_world, flavor, redactions: &redactions, ..plain_context() };
    let body = crate::markdown::front::split(&source.text).body;
    let document = crate::markdown::parse(&source, body, None, &environment);
    let redacted = redaction.iter().flat_map(|redaction| &redaction.diagnostics);
    let guards = redacted.chain(&document.diagnostics).filter(|found| found.rule.guards());
    let named = guards.map(|found| found.rule.name.trim_start_matches("visibility.").to_owned());
    (document.html + &document.markdown.text, named.collect())
}

/// How often a text is parsed before its page is written.
fn parses(text: &str) -> usize {
    let before = crate::markdown::parses();
    found(text);
    crate::markdown::parses() - before
}

#[test]
fn a_text_is_parsed_once() {
    assert_eq!(parses("# a\n\n:::note A *b*\nc[^1]\n:::\n\n```\n:::note\n```\n\n[^1]: d\n"), 1);
    assert_eq!(parses("<div>\n:::note\n</div>\n"), 2, "a line that looks like a directive is raw HTML");
    assert_eq!(parses("a\n\n:::internal\nb\n:::\n"), 2, "whole, and as a page, which is the proof");
}

/// Whether a text is notes of a meeting is unknown when it is redacted.
#[test]
fn only_a_text_that_notes_change_is_redacted_in_both_flavors() {
    let hidden = ":::internal\nx\n:::\n";
    let dividers = "a\nb\n---\nc\n";
    assert_eq!(parses(&format!("```yaml\n{dividers}```\n\n{hidden}")), 2, "the dashes are code");
    assert_eq!(parses(&format!("```\n![](a.png =5x)\n```\n\n{hidden}")), 2, "the size is code");
    assert_eq!(parses(&format!("{dividers}\n{hidden}")), 3, "in each flavor, and as a page");
    assert_eq!(parses(&format!("~~~ ![](a.png =5x)\nb\n~~~\n\n{hidden}")), 3, "the size is beside the code");
}

fn problems(text: &str) -> Vec<String> {
    found(text).1
}

/// Each case has the token where something is hidden.
fn check(cases: &[(&str, &str)]) {
    for (written, wanted) in cases {
        let written = written.replace('$', S);
        assert!(written.contains(S), "{written:?} hides nothing");
        assert_eq!(left(&written, "public"), *wanted, "of {written:?}");
        assert_eq!(problems(&written), Vec::<String>::new(), "{written:?}");
        let seen = left(&written, "internal");
        assert!(seen.contains(S) && !seen.contains("{."), "{seen:?}");
        assert_eq!(left(&left(&written, "public"), "public"), *wanted, "twice: {written:?}");
    }
}

#[test]
fn blocks_go_with_their_lines_and_one_blank_line() {
    check(&[
        ("a\n\n:::internal\n$\n:::\n\nb\n", "a\n\nb\n"),
        ("a\n:::internal\n$\n:::\nb\n", "a\n\nb\n"),
        (":::internal\n$\n:::\n\nb\n", "b\n"),
        ("a\n\n:::internal\n$\n:::\n", "a\n"),
        (":::partner T $\nx\n:::\nb\n", "b\n"),
        ("a\n\n:::internal\n```\n:::\n$\n```\n:::\n\nb\n", "a\n\nb\n"),
        ("a\n\n::::internal\n:::note\n$\n:::\n$\n::::\n\nb\n", "a\n\nb\n"),
        (":::note\na\n::::internal\n$\n::::\nb\n:::\n", ":::note\na\n\nb\n:::\n"),
        ("::::internal\n:::public\n$\n:::\n::::\na\n", "a\n"),
        ("> a\n> :::internal\n> $\n> :::\n> b\n", "> a\n>\n> b\n"),
        ("<!-- x -->\n\n:::internal\n<div>$</div>\n\n:::\n", "<!-- x -->\n"),
    ]);
}

#[test]
fn lists_stay_tight() {
    check(&[
        ("- a\n  :::internal\n  $\n  :::\n- b\n", "- a\n- b\n"),
        ("- a\n- $ {.internal}\n- b\n", "- a\n- b\n"),
        ("- a $ {.internal}\n  - c\n- b\n", "- b\n"),
        ("- a\n  - $ {.internal}\n- b\n", "- a\n- b\n"),
        ("1. a\n2. $\n   more {.internal}\n\n   - x\n3. c\n", "1. a\n2. c\n"),
        ("- a\n\n- $ {.internal}\n\n- b\n", "- a\n\n- b\n"),
        ("- [ ] a\n- [x] $ {.internal}\n", "- [ ] a\n"),
        ("> - a\n> - $ {.internal}\n", "> - a\n"),
    ]);
}

#[test]
fn rows_sections_paragraphs_and_code_go_as_a_whole() {
    check(&[
        (
            "| a | b |\n|---|---|\n| 1 | 2 |\n| $ | 4 {.internal} |\n| 5 | 6 |\n",
            "| a | b |\n|---|---|\n| 1 | 2 |\n| 5 | 6 |\n",
        ),
        ("a | b\n-|-\n$ | 4 {.internal}\n5 | 6\n", "a | b\n-|-\n5 | 6\n"),
        ("# A\n\n## B {.internal}\n\n$\n\n### C\n\n$\n\n## D\n\nd\n", "# A\n\n## D\n\nd\n"),
        ("# A\n\n## B {#b .internal}\n\n$\n", "# A\n"),
        (":::note\n## B {.internal}\n\n$\n:::\nc\n", ":::note\n:::\nc\n"),
        ("a\n\n$ b\nc {.internal}\n\nd\n", "a\n\nd\n"),
        ("a\n\n```sh {.internal}\n$\n```\n\nb\n", "a\n\nb\n"),
        ("B $ {.internal}\n=====\n\n$\n\nC\n===\n", "C\n===\n"),
    ]);
}

#[test]
fn words_go_with_one_blank() {
    check(&[
        ("a [$]{.internal} b\n", "a b\n"),
        ("a [$]{.internal}, b\n", "a, b\n"),
        ("[$]{.internal} b\n", "b\n"),
        ("a [$]{.internal}\n", "a\n"),
        ("a([$]{.internal})\n", "a()\n"),
        ("a [b [c](d) `]` \\] $]{.internal} e\n", "a e\n"),
        ("a [x](http://$){.internal} b\n", "a b\n"),
        ("a **$**{.internal} b\n", "a b\n"),
        ("a `$`{.internal} b\n", "a b\n"),
        ("a ![$](x.png){.internal} b\n", "a b\n"),
        ("| a | [$]{.internal} b |\n|-|-|\n| c | d |\n", "| a | b |\n|-|-|\n| c | d |\n"),
        ("## A [$]{.internal} b\n", "## A b\n"),
        ("a [$\nc]{.internal} b\n", "a b\n"),
    ]);
}

#[test]
fn definitions_go_with_all_that_refers_to_them() {
    check(&[
        ("a [b[^1]]{.internal} c\n\n[^1]: $\n\nd\n", "a c\n\nd\n"),
        ("a [b][x]{.internal} c\n\n[x]: https://$\n", "a c\n"),
        ("a [b $]{.internal} c[^1]\n\n[^1]: d\n", "a c[^1]\n\n[^1]: d\n"),
    ]);
}

#[test]
fn an_audience_sees_what_its_level_allows() {
    let text = "a [p]{.partner} [i]{.internal}\n\n:::partner\nP\n:::\n\n## H {#h .internal}\n\nx\n";
    assert_eq!(left(text, "internal"), "a p i\n\n:::partner\nP\n:::\n\n## H {#h}\n\nx\n");
    assert_eq!(left(text, "partner"), "a p\n\n:::partner\nP\n:::\n");
    assert_eq!(left(text, "public"), "a\n");
    assert_eq!(
        left("- a {.internal}\n\n| b |\n|-|\n| c {.internal} |\n", "internal"),
        "- a\n\n| b |\n|-|\n| c |\n"
    );
}

#[test]
fn code_and_other_braces_are_text() {
    for text in [
        "```\n:::internal\n[a]{.internal}\n:::\n```\n",
        "`{.internal}` is a mark\n",
        "{{ .Values.name }}\n",
        ":::note\na\n:::\n",
    ] {
        assert!(redaction(text, "public", "").is_none(), "{text:?}");
    }
}

#[test]
fn a_mark_stands_where_something_was() {
    let marked = |text: &str| {
        let redaction = redaction(text, "public", "[withheld]").expect("something is hidden");
        redaction.source.text.to_string()
    };
    assert_eq!(marked("a\n\n:::internal\nx\n:::\n\nb\n"), "a\n\n\\[withheld\\]\n\nb\n");
    assert_eq!(marked("a\n:::internal\nx\n:::\nb\n"), "a\n\n\\[withheld\\]\n\nb\n");
    assert_eq!(marked("- a\n- x {.internal}\n"), "- a\n- \\[withheld\\]\n");
    assert_eq!(marked("a [x]{.internal}.\n"), "a \\[withheld\\].\n");
    assert_eq!(marked("| a | b |\n|-|-|\n| x | y {.internal} |\n"), "| a | b |\n|-|-|\n| \\[withheld\\] |\n");
}

#[test]
fn each_character_that_is_left_is_found_where_it_was_written() {
    let text =
        "---\ntitle: A\n---\na [x]{.internal} b\n\n:::partner\ny\n:::\n\n- c\n- d {.internal}\n\ne é\n";
    for audience in ["public", "partner", "internal"] {
        let redaction = redaction(text, audience, "").expect("there are marks");
        for (at, byte) in redaction.source.text.bytes().enumerate() {
            assert_eq!(text.as_bytes()[redaction.cuts.written(at)], byte, "{audience} {at}");
        }
    }
}

/// Pages are read again where their source has another digest. A page that was proven must not be reused for a text that
/// leaves the same words and is not proven.
#[test]
fn the_digest_of_a_redacted_text_covers_its_proof_and_nothing_hidden() {
    let source = |text: &str| redaction(text, "public", "").expect("something is hidden").source;
    let apart = |hidden: &str| source(&format!("a\n\n:::internal\n{hidden}\n:::\n\n<br>\n`code`\n"));
    let unproven = format!("a\n\n[{S}]{{.internal}}\n<br>\n`code`\n");
    assert_eq!(problems(&unproven), ["stray"]);
    assert_eq!(apart(S).text, source(&unproven).text);
    assert_ne!(apart(S).digest, source(&unproven).digest);
    assert_eq!(apart(S).digest, apart("*other* words\n\nand more").digest);
}

mod hard;
mod random;
mod unclear;
