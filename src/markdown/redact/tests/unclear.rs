//! Tests of texts whose author may have meant to hide something but did not: each is an error, and is hidden.
//!
//! Owns examples only.

use super::*;
use crate::bounds::{MARKS, PAGE_PARTS};

/// Each text must give an error, from redaction or from the writer, so that its site is not published.
fn stops(texts: &[&str]) {
    let texts: Vec<String> = texts.iter().map(|text| text.replace('$', S)).collect();
    assert!(texts.iter().all(|text| text.contains(S)));
    let published: Vec<_> = texts.iter().filter(|text| problems(text).is_empty()).collect();
    assert!(published.is_empty(), "{published:#?}");
}

#[test]
fn marks_in_the_wrong_place_are_errors() {
    stops(&[
        "[$] {.internal} b\n",
        "{.internal}[$] b\n",
        "{.internal} $ b\n",
        "a $\u{200b}{.internal} b\n",
        "a $\u{a0}{.internal}\n",
        "$\n\n{.internal}\n\n$\n",
        "```\n$\n```\n{.internal}\n",
        "| a |\n|---|\n| $ |\n{.internal}\n",
        "# $\n{.internal}\n\na\n",
        "{.internal}\n# $\n",
        "{.internal}\n\n- $\n",
        "- {.internal}\n- $\n",
        "[$\n\n$]{.internal}\n",
        "| [$ | $]{.internal} |\n|---|---|\n",
        "<b>$</b>{.internal} b\n",
        "https://$.example/{.internal} b\n",
        "a <span title=\"$ {.internal}\">b</span> c\n",
        "<div>\n[$]{.internal}\n</div>\n",
        "<div>\n:::internal\n$\n:::\n</div>\n",
        "<table>\n<tr><td>$ {.internal}</td></tr>\n</table>\n",
        ":::note $ {.internal}\na\n:::\n",
        ":::note {.internal}\n$\n:::\n",
        "::: {.internal}\n$\n:::\n",
        "> [!NOTE]{.internal}\n> $\n",
        "- [ ]{.internal} $\n",
        "- [x]{.internal} $\n",
        "[^1]{.internal}: $\n\na[^1]\n",
        "$ [^1]{.internal} a\n",
        "[$]{.internal}{.partner} b\n",
        "[$]{.internal .red} b\n",
        "a\n\n    [$]{.internal}\n",
        "a\n\n    $ {.intern}\n",
        "```sh\na\n\n[$]{.internal}\n",
        "```sh\na\n\n:::internal\n$\n:::\n",
        "> ```sh\n> a\n\n$ {.internal} b\n",
        "```\nx\n```\n::include $.md {.internal}\n",
        "a [b](c \"[$]{.internal} d\") e\n",
        "a ![$](x.png =50%x){.internal} b\n",
        "## A {.internal}\n\nb\nc\n---\n\n$\n\n## D\n",
        ":::internal\n[x]: https://$\n:::\n\nsee [x]\n",
        "[$]{.internal}\n: $\n\nb\n",
        "T\n: a\n\nU $ {.internal}\n: $\n: $\n\nV\n: b\n",
        "A\n{.internal}\n---\n\n$\n\n## B\n",
        "[^k]: a\n\n        `$`{.internal}\n",
        "## A $ {.internal} ##\n\n$\n\n## B\n",
        "# A\n\n##$ {.internal}\n\n$\n",
        "[$ word]{\n.internal } x\n",
        "<div\n  class=\"internal\">\n$\n</div>\n",
        "```sh\nuptime\n~~~\n\n:::internal\n$\n:::\n\n~~~sh\nls\n~~~\n",
        "1. Do it:\n\n   ```sh {.internal}\n   first\n$\n   ```\n\n2. Next\n",
    ]);
}

#[test]
fn marks_that_name_no_level_are_errors() {
    stops(&[
        "[$]{Internal} b\n",
        "[$]{internal} b\n",
        "**$**{internal} b\n",
        "`$`{internal} b\n",
        "$ {internal}\n",
        "$ {internal} b\n",
        "- $ {Internal}\n",
        "## A {internal}\n\n$\n",
        "```sh {internal}\n$\n```\n",
        "```sh {.Internal}\n$\n```\n",
        "[$]{. internal} b\n",
        "$ {,internal}\n",
        "$ {:internal}\n",
        "$ {class=internal}\n",
        "$ {level: internal}\n",
        "{% internal %}\n$\n{% endinternal %}\n",
        "[$]{.internal b\n",
        "[$]{.internal\n",
        "[$]{.internal] b\n",
        "[$]{{.internal}} b\n",
        "[$]{.some} b\n",
        "[$]{.INTERNAL} b\n",
        "[$]{.intèrnal} b\n",
        "[$]{.\u{456}nternal} b\n",
        "[$]{.int\u{200b}ernal} b\n",
        "[$]｛.internal｝ b\n",
        "[$]{.internal｝ b\n",
        "[$]{．internal} b\n",
        "$ {．internal}\n",
        "$ {.ｉｎｔｅｒｎａｌ}\n",
        "$ {.secret}\n",
        "$ {.Confidential}\n",
        "## A {.private}\n\n$\n",
        ":::secret\n$\n:::\n",
        ":::confidential Title\n$\n:::\n",
        ":::Internal\n$\n:::\n",
        ":::INTERNAL\n$\n:::\n",
        ":::internals\n$\n:::\n",
        ":::internal-only\n$\n:::\n",
        ":::internal_only\n$\n:::\n",
        "> :::Internal\n> $\n> :::\n",
        "- a\n  :::Internal\n  $\n  :::\n",
    ]);
}

#[test]
fn lines_that_open_no_block_are_errors() {
    stops(&[
        "：：：internal\n$\n：：：\n",
        ":：:internal\n$\n:::\n",
        ":::\u{200b}internal\n$\n:::\n",
        "::: \"internal\"\n$\n:::\n",
        ":::internal: T\n$\n:::\n",
        ":::internal.\n$\n:::\n",
        "text\n    :::internal\n    $\n",
        "- :::internal\n  $\n  :::\n",
        "1. :::internal\n   $\n   :::\n",
        "[^1]: :::internal\n    $\n    :::\n\na[^1]\n",
    ]);
}

#[test]
fn blocks_without_an_end_are_errors() {
    stops(&[
        ":::internal\n$\n",
        ":::internal\n$\n::::\n",
        "::::internal\n$\n:::\n",
        ":::internal\n$\n::: end\n",
        "> :::internal\n$\n> :::\n",
        "> :::internal\n> $\n\n$\n",
        "- :::note\n- a\n  :::internal\n  $\n- $\n\n$\n",
        "::::note\n:::internal\n$\n::::\n\n$\n",
    ]);
}

#[test]
fn forms_of_other_programs_are_errors() {
    stops(&[
        "> [!INTERNAL]\n> $\n",
        "> [!internal] T\n> $\n",
        "<div class=\"internal\">$</div>\n",
        "<div class=\"internal\">\n\n$\n\n</div>\n",
        "a <span class=\"internal\">$</span> b\n",
        "{{< internal >}}\n$\n{{< /internal >}}\n",
        "```internal\n$\n```\n",
        "```sh internal\n$\n```\n",
        "~~~ .internal\n$\n~~~\n",
    ]);
}

#[test]
fn what_is_left_must_mean_the_same_in_the_flavor_of_the_page() {
    // The star keeps notes from reading the dashes as a divider. Without it, the heading becomes text and a rule.
    let text = format!("*{S}*{{.internal}} b\nc\n---\n\nd\n");
    assert_eq!(found_as(&text, Flavor::Notes).1, ["stray"]);
    assert_eq!(found_as(&text, Flavor::Plain).1, [""; 0]);
    // Notes read these dashes as a divider with and without the hidden word.
    let text = format!("[{S}]{{.internal}} a\nb\nc\n---\n\nd\n");
    for flavor in [Flavor::Notes, Flavor::Plain] {
        assert_eq!(found_as(&text, flavor).1, [""; 0], "{flavor:?}");
    }
}

#[test]
fn nothing_is_published_of_a_text_that_would_be_read_otherwise_afterwards() {
    // Without its first line, the paragraph becomes raw HTML and the code in it is no longer code.
    let head = "---\ntitle: T\n---\n";
    assert_eq!(problems(&format!("{head}[{S}]{{.internal}}\n<br>\n`code`\n")), ["stray"]);
    // Without its first lines, the text would have other front matter.
    let text = format!(":::internal\n{S}\n:::\n---\ntitle: T\n---\n");
    let found = redaction(&text, "public", "").expect("something is hidden");
    assert_eq!(&*found.source.text, "");
    let problems: Vec<_> = found.diagnostics.iter().map(|d| (d.rule.name, d.span.start as usize)).collect();
    assert_eq!(problems, [("visibility.stray", 0)]);
    assert!(found.withheld.iter().any(|one| one.span.end as usize == text.len()));
}

#[test]
fn a_text_has_only_so_many_marks() {
    let reported = |number: usize| {
        let redaction = redaction(&"[a]{.public}\n".repeat(number), "public", "").expect("there are marks");
        redaction.diagnostics.iter().map(|problem| problem.rule.name).collect::<Vec<_>>()
    };
    assert_eq!(reported(MARKS.most), [""; 0]);
    assert_eq!(reported(MARKS.most + 1), [MARKS.rule.name]);
}

#[test]
fn no_half_of_a_text_with_too_many_parts_is_shown() {
    let text = format!("{}\n\n:::internal\n{S}\n:::\n", "*a* ".repeat(PAGE_PARTS.most / 4 - 5));
    let found = redaction(&text, "public", "").expect("it may hide something");
    assert_eq!(found.diagnostics, [], "{} parts are allowed", PAGE_PARTS.most);
    let text = format!("{}{text}", "*a* ".repeat(10));
    let found = redaction(&text, "public", "").expect("it may hide something");
    assert_eq!(&*found.source.text, "");
    let problems: Vec<_> = found.diagnostics.iter().map(|problem| problem.rule.name).collect();
    assert_eq!(problems, [PAGE_PARTS.rule.name]);
    assert_eq!(found.open_sections.len(), 1, "the rest of a text that includes it may be hidden, too");
}
