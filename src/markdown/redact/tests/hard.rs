//! Tests of difficult cases for marks: nested containers, lines that belong together, characters that must not remain
//! alone.
//!
//! Owns examples only. On the right is the text that an author would have after deleting the words by hand.

use super::*;

#[test]
fn blocks_in_containers_go_with_one_blank_line_of_the_container() {
    check(&[
        ("- a\n\n  :::internal\n  $\n  :::\n- b\n", "- a\n- b\n"),
        ("- a\n\n  :::internal\n  $\n  :::\n\n- b\n", "- a\n\n- b\n"),
        ("1. a\n\n   :::internal\n   $\n   :::\n\n   c\n2. b\n", "1. a\n\n   c\n2. b\n"),
        ("> a\n>\n> :::internal\n> $\n> :::\n\nb\n", "> a\n\nb\n"),
        ("> :::internal\n> $\n> :::\n>\n> a\n", "> a\n"),
        ("> :::internal\n> $\n> :::\n\na\n", "a\n"),
        ("a\n\n> $ {.internal}\n\nb\n", "a\n\nb\n"),
        ("- > a\n  >\n  > :::internal\n  > $\n  > :::\n- b\n", "- > a\n- b\n"),
        ("- a\n  > $ {.internal}\n- b\n", "- a\n- b\n"),
        ("> - a\n>   :::internal\n>   $\n>   :::\n> - b\n", "> - a\n> - b\n"),
        ("> > $ {.internal}\n>\n> a\n", "> a\n"),
        ("-\ta\n\t:::internal\n\t$\n\t:::\n-\tb\n", "-\ta\n-\tb\n"),
        ("::::note\na\n\n:::internal\n$\n:::\n::::\n", "::::note\na\n::::\n"),
        (":::note\n::::internal\n$\n::::\n\na\n:::\n", ":::note\na\n:::\n"),
        ("> [!NOTE]\n> a\n>\n> :::internal\n> $\n> :::\n", "> [!NOTE]\n> a\n"),
        ("[^1]: a\n\n    :::internal\n    $\n    :::\n\n    b\n\nc[^1]\n", "[^1]: a\n\n    b\n\nc[^1]\n"),
        ("T\n: a\n\n  :::internal\n  $\n  :::\n\nb\n", "T\n: a\n\nb\n"),
        ("<details>\n\n:::internal\n$\n:::\n\n</details>\n", "<details>\n\n</details>\n"),
    ]);
}

#[test]
fn the_end_of_a_text_is_as_if_nothing_had_stood_there() {
    check(&[
        ("a\n\n:::internal\n$\n:::", "a\n"),
        ("a\n\n:::internal\n$\n:::\n", "a\n"),
        ("a\n\n$ {.internal}", "a\n"),
        ("a [$]{.internal}", "a"),
        ("- a\n- $ {.internal}", "- a\n"),
        ("| a |\n|-|\n| $ {.internal} |", "| a |\n|-|\n"),
        (":::internal\n$\n:::", ""),
        ("$ {.internal}", ""),
        ("a\n[$]{.internal}", "a"),
        ("# A\n\n## B {.internal}\n\n$", "# A\n"),
        ("a\n\n$ {.internal}\n\n$ {.internal}\n\n:::internal\n$\n:::\n", "a\n"),
        ("- a\n\n  $ {.internal}\n\n  $ {.internal}\n- b\n", "- a\n- b\n"),
        ("- a\n- $ {.internal}\n\n- $ {.internal}\n- b\n", "- a\n\n- b\n"),
        ("a\n\n$ {.internal}\n\n$ {.internal}\n\nb\n", "a\n\nb\n"),
        ("---\ntitle: T\n---\n\n:::internal\n$\n:::\n\na\n", "---\ntitle: T\n---\n\na\n"),
    ]);
}

#[test]
fn code_and_comments_hold_no_marks() {
    for text in [
        "```md\n:::internal\na {.internal}\n:::\n```\n",
        "<!--\n:::internal\n[a]{.internal}\n:::\n-->\n",
        "a <!-- [b]{.internal} --> c\n",
        "`[a]{.internal}` c\n",
        "- ```\n  [a]{.internal}\n  ```\n",
        "~~~\n```sh {.internal}\n~~~\n",
    ] {
        assert!(redaction(text, "public", "").is_none(), "{text:?}");
        let more = format!("{text}\n{S} {{.internal}}\n");
        assert_eq!(left(&more, "public"), text);
        assert_eq!(problems(&more), Vec::<String>::new());
    }
}

#[test]
fn sections_end_where_their_heading_ends_to_count() {
    check(&[
        ("## A {.internal}\n\n:::note\n## B\n:::\n\n$\n\n## C\n", "## C\n"),
        ("## A {.internal}\n\n> ## B\n\n$\n\n## C\n", "## C\n"),
        ("> ## A {.internal}\n> $\n> ## B\n> b\n", "> ## B\n> b\n"),
        ("## A {.internal}\n\n- ## B\n  $\n\n# C\n", "# C\n"),
        ("- a\n\n  ## B {.internal}\n\n  $\n- c\n", "- a\n- c\n"),
        ("- ## B {.internal}\n  $\n- c\n", "- c\n"),
        ("# A\n\n:::internal\n## $\n:::\n\nb\n", "# A\n\nb\n"),
        ("## A {.internal}\n\n:::internal\n$\n:::\n\n$\n\n## B\n", "## B\n"),
        ("<details>\n\n## A {.internal}\n\n$\n\n</details>\n\n$\n", "<details>\n"),
        ("## A {.internal}\n\n$\n\n</br>\n\n$\n\n## B\n", "## B\n"),
        ("## A {.internal}\n\nSee <details>\n\n$\n\n</details>\n\n$\n\n## B\n", "## B\n"),
        ("## A {.internal}\n\n<details>\n\n$\n\n</details>\n\n$\n\n## B\n", "## B\n"),
        ("a\n## B {.internal}\n$\n## C\n", "a\n## C\n"),
        (":::note\na\n\n## B {.internal}\n\n$\n:::\n\nc\n", ":::note\na\n:::\n\nc\n"),
    ]);
}

#[test]
fn dashes_below_text_end_no_section() {
    check(&[
        ("---\ntype: slide\n---\n## A {.internal}\n\nB\n---\n\n$\n", "---\ntype: slide\n---\n"),
        ("## A {.internal}\n\n$\n\nB\n---\n\nc\n", "B\n---\n\nc\n"),
        ("---\ntitle: T\n---\n## A {.internal}\n\n$\n\nB\n---\n", "---\ntitle: T\n---\nB\n---\n"),
    ]);
}

#[test]
fn what_holds_nothing_else_goes_with_it() {
    check(&[
        ("- a\n- [$]{.internal}\n- b\n", "- a\n- b\n"),
        ("- [ ] [$]{.internal} [$]{.partner}\n- b\n", "- b\n"),
        ("a\n\n[$]{.internal} [$]{.internal}\n\nb\n", "a\n\nb\n"),
        ("a\n\n[$]{.internal}\n`$`{.partner}\n\nb\n", "a\n\nb\n"),
        (
            "| a | b |\n|---|---|\n| [$]{.internal} | [$]{.internal} |\n| c | d |\n",
            "| a | b |\n|---|---|\n| c | d |\n",
        ),
        ("| a | b |\n|---|---|\n| c | [$]{.internal} |\n", "| a | b |\n|---|---|\n| c | |\n"),
        ("> [$]{.internal}\n>\n> $ {.internal}\n\nb\n", "b\n"),
        ("- a\n  - $ {.internal}\n  - [$]{.internal}\n- b\n", "- a\n- b\n"),
        ("- > - $ {.internal}\n- b\n", "- b\n"),
        ("a **[$]{.internal}** b\n", "a b\n"),
        ("a [*[$]{.internal}*](https://$) b\n", "a b\n"),
        ("T\n: [$]{.internal}\n: b\n", "T\n: b\n"),
        ("T [$]{.internal}\n: b\n", "T\n: b\n"),
    ]);
}

#[test]
fn terms_and_what_is_said_of_them_can_be_hidden() {
    check(&[
        ("T\n: a\n: $ {.internal}\n: c\n", "T\n: a\n: c\n"),
        ("T\n\n: $ {.internal}\n\n  $\n\n: c\n", "T\n\n: c\n"),
    ]);
}

#[test]
fn lines_that_become_empty_go() {
    check(&[
        ("a\n[$]{.internal}\nb\n", "a\nb\n"),
        ("a\n[$]{.internal} [$]{.internal}\nb\n", "a\nb\n"),
        ("> a\n> [$]{.internal}\n> b\n", "> a\n> b\n"),
        ("> a\n[$]{.internal}\n> b\n", "> a\n> b\n"),
        ("- a\n  [$]{.internal}\n  b\n", "- a\n  b\n"),
        ("- [$]{.internal}\n  b\n", "- b\n"),
        ("- [$]{.internal}\n  - b\n", "-\n  - b\n"),
        ("- [ ] [$]{.internal}\n  b\n", "- [ ] b\n"),
        ("[$]{.internal}\nb\n", "b\n"),
        ("> [$]{.internal}\n> b\n", "> b\n"),
        ("a [$\nc]{.internal}\nb\n", "a\nb\n"),
        ("a  \n[$]{.internal}  \nb\n", "a  \nb\n"),
        ("a [$]{.internal}\\\nb\n", "a\\\nb\n"),
    ]);
}

#[test]
fn blanks_go_with_words_as_by_hand() {
    check(&[
        ("**a [$]{.internal}** b\n", "**a** b\n"),
        ("**[$]{.internal} a** b\n", "**a** b\n"),
        ("[a [$]{.internal}](u) b\n", "[a](u) b\n"),
        ("(a [$]{.internal}) b\n", "(a) b\n"),
        ("([$]{.internal} a) b\n", "(a) b\n"),
        ("\"a [$]{.internal}\" b\n", "\"a\" b\n"),
        ("\"[$]{.internal} a\" b\n", "\"a\" b\n"),
        ("a [$]{.internal}; b [$]{.internal}: c\n", "a; b: c\n"),
        ("a [$]{.internal}…\n", "a…\n"),
        ("a-[$]{.internal}-b\n", "a--b\n"),
        ("|[$]{.internal} b|\n|-|\n", "|b|\n|-|\n"),
        ("a [$]{.internal} [$]{.internal} b\n", "a b\n"),
        ("## [$]{.internal} A\n", "## A\n"),
        ("- [x] [$]{.internal} A\n", "- [x] A\n"),
        ("一[$]{.internal}二\n", "一二\n"),
        ("a\u{a0}[$]{.internal}\u{a0}b\n", "a\u{a0}\u{a0}b\n"),
    ]);
}

#[test]
fn elements_of_every_sort_can_be_hidden() {
    check(&[
        ("a [$][]{.internal} b\n\n[$]: https://x\n", "a b\n"),
        ("a [b $][x]{.internal} c\n\n[x]: https://$\n", "a c\n"),
        ("a <https://$.example>{.internal} b\n", "a b\n"),
        ("a ~~$~~{.internal} b\n", "a b\n"),
        ("a ***$***{.internal} b\n", "a b\n"),
        ("a [![$](x.png)](https://$){.internal} b\n", "a b\n"),
        ("a ``$ ` ``{.internal} b\n", "a b\n"),
        ("a [b [c](d)`]` ![e](f) [[$]]]{.internal} g\n", "a g\n"),
        ("a [b [$]{.internal} c]{.public} d\n", "a b c d\n"),
        ("a [b\\]$]{.internal} c\n", "a c\n"),
        ("a ![b [$]{.internal}](c.png) d\n", "a ![b](c.png) d\n"),
    ]);
}

#[test]
fn tables_lose_whole_rows() {
    check(&[
        ("| a |\n|---|\n| b \\| $ {.internal} |\n| c |\n", "| a |\n|---|\n| c |\n"),
        ("> | a |\n> |---|\n> | $ {.internal} |\n> | c |\n", "> | a |\n> |---|\n> | c |\n"),
        ("- | a |\n  |---|\n  | $ {.internal} |\n- c\n", "- | a |\n  |---|\n- c\n"),
        ("a\n\n| a $ {.internal} |\n|---|\n| $ |\n\nc\n", "a\n\nc\n"),
        ("| a | b |\n|---|---|\n| $ {.internal} | |\n", "| a | b |\n|---|---|\n"),
        ("| a |\n|---|\n| `a\\|b` $ {.internal} |\n", "| a |\n|---|\n"),
    ]);
}

#[test]
fn numbered_lists_count_without_a_gap() {
    check(&[
        ("1. $ {.internal}\n2. b\n3. c\n", "1. b\n2. c\n"),
        ("1. a\n2. $ {.internal}\n3. b\n   - 1) c\n", "1. a\n2. b\n   - 1) c\n"),
        ("7. a\n\n8. $ {.internal}\n\n9. b\n", "7. a\n\n8. b\n"),
        ("1. a\n1. $ {.internal}\n1. b\n", "1. a\n1. b\n"),
        ("- 1. $ {.internal}\n  2. b\n", "- 1. b\n"),
    ]);
}

#[test]
fn what_follows_a_sign_takes_the_place_of_what_is_hidden() {
    check(&[
        ("- - $ {.internal}\n  - b\n- c\n", "- - b\n- c\n"),
        ("- ```sh {.internal}\n  $\n  ```\n\n  b\n- c\n", "- b\n- c\n"),
        ("- ```sh {.internal}\n  $\n  ```\n- c\n", "- c\n"),
        ("- ```sh {.internal}\n  $\n  ```\n  :::note\n  b\n  :::\n", "-\n  :::note\n  b\n  :::\n"),
        ("- ```sh {.internal}\n  $\n  ```\n      b\n", "-\n      b\n"),
        ("- ```sh {.internal}\n  $\n  ```\n     b\n", "- b\n"),
        ("a\n\n- ```sh {.internal}\n  $\n  ```\n      b\n", "a\n\n-\n      b\n"),
        ("> - ## $ {.internal}\n>\n> a\n", "> a\n"),
    ]);
}

#[test]
fn footnotes_go_with_those_who_need_them() {
    check(&[
        ("a[^1] b\n\n[^1]: $ {.internal}\n", "a b\n"),
        ("a [^1] b\n\n[^1]: $ {.internal}\n\nc\n", "a b\n\nc\n"),
        ("a [b[^1]]{.internal} c\n\n[^1]: $[^2]\n\n[^2]: $\n\nd\n", "a c\n\nd\n"),
        ("a [b[^1]]{.internal} c\n\n[^1]: $[^1]\n\nd\n", "a c\n\nd\n"),
        ("a [$[^1]]{.internal} c[^2]\n\n[^1]: b\n\n[^2]: c[^1]\n", "a c[^2]\n\n[^1]: b\n\n[^2]: c[^1]\n"),
        ("a[^1]{.internal} c\n\n[^1]: $\n", "a c\n"),
        ("a [b[^1]]{.internal}\n\n[^1]: $\n\n[^2] c\n\n[^2]: d\n", "a\n\n[^2] c\n\n[^2]: d\n"),
        (":::internal\n$[^1]\n\n[^1]: $\n:::\n\na\n", "a\n"),
        (":::internal\n[^1]: $\n:::\n\na[^1]\n", "a\n"),
        ("a[^1]\n\n[^1]: b\n\n    $ {.internal}\n", "a[^1]\n\n[^1]: b\n"),
        ("a\n\n[^1]\n\nb\n\n[^1]: $ {.internal}\n", "a\n\nb\n"),
        ("see [x]\n\n:::internal\n[$][x]\n:::\n\n[x]: https://x\n", "see [x]\n\n[x]: https://x\n"),
        ("> [$][x]{.internal}\n>\n> [x]: https://$\n\na\n", "a\n"),
    ]);
}

#[test]
fn marks_may_stand_on_a_line_of_their_own() {
    check(&[("a\n\n$\n{.internal}\n\nb\n", "a\n\nb\n"), ("- a\n- $\n  {.internal}\n- b\n", "- a\n- b\n")]);
    assert_eq!(left("a\n{.internal}\n\nb\n", "internal"), "a\n\nb\n");
    assert_eq!(left("- a\n  {.internal}\n- b\n", "internal"), "- a\n- b\n");
    let text = "a [b][]{.internal} c[^1]{.partner} d\n\n[b]: f\n\n[^1]: e\n";
    assert_eq!(left(text, "internal"), "a [b][] c[^1] d\n\n[b]: f\n\n[^1]: e\n");
}

#[test]
fn lazy_lines_belong_to_their_paragraph() {
    check(&[
        ("> $\n$ {.internal}\n\nb\n", "b\n"),
        ("> a\n>\n> $\n$ {.internal}\n\nb\n", "> a\n\nb\n"),
        ("- a\n- $\n$ {.internal}\n\nb\n", "- a\n\nb\n"),
    ]);
}

#[test]
fn a_mark_tells_of_blocks_and_words_but_not_of_what_follows_from_them() {
    let marked = |text: &str| {
        let redaction = redaction(&text.replace('$', S), "public", "[withheld]");
        let left = redaction.expect("something is hidden").source.text.to_string();
        assert!(!left.contains(S), "{left}");
        left.replace("\\[withheld\\]", "#")
    };
    assert_eq!(marked("a\n\n:::internal\n$\n:::\n\nb\n"), "a\n\n#\n\nb\n");
    assert_eq!(marked("a\n\n:::internal\n$\n:::\n"), "a\n\n#\n");
    assert_eq!(marked("> a\n> :::internal\n> $\n> :::\n> b\n"), "> a\n>\n> #\n>\n> b\n");
    assert_eq!(marked("1. a\n2. $ {.internal}\n3. b\n"), "1. a\n2. #\n3. b\n");
    assert_eq!(marked("a [$]{.internal} **[$]{.internal}**, b\n"), "a # #, b\n");
    assert_eq!(marked("a [b[^1]]{.internal} c\n\n[^1]: $\n\nd\n"), "a # c\n\nd\n");
    assert_eq!(marked("- [$]{.internal}\n- b\n"), "- #\n- b\n");
    assert_eq!(marked("[$]{.internal}\n\nb\n"), "#\n\nb\n");
    assert_eq!(marked("- ```sh {.internal}\n  $\n  ```\n  b\n"), "- #\n\n  b\n");
}

#[test]
fn what_is_withheld_is_told_once() {
    let told = |text: &str| {
        let withheld = redaction(text, "public", "").expect("something is hidden").withheld;
        let what = |one: &Withheld| {
            let place = one.span.start as usize..one.span.end as usize;
            (one.what.name(), text[place].to_owned())
        };
        withheld.iter().map(what).collect::<Vec<_>>()
    };
    let words = |text: &str| ("inline", text.to_owned());
    assert_eq!(told("- [a]{.internal}\n- b\n"), [words("[a]{.internal}")]);
    assert_eq!(told("**[a]{.internal}**\n"), [words("[a]{.internal}")]);
    assert_eq!(told("a [b[^1]]{.internal}\n\n[^1]: c\n")[1].0, "block");
    assert_eq!(
        told("a {.internal}\n\n| b |\n|-|\n| c {.partner} |\n\n- d {.internal}\n\n# E {.internal}\n").len(),
        4
    );
    assert_eq!(told("# A {.internal}\n\nb\n"), [("section", "# A {.internal}\n\nb\n".to_owned())]);
}

#[test]
fn comments_of_other_dialects_hold_no_marks() {
    let levels = Levels::default();
    let extensions = Extensions { math: false, smart_punctuation: false };
    let audience = Audience::from_level(levels.lowest());
    let redacting =
        RedactionContext { levels: &levels, audience, replacement: "", extensions, included: None };
    let path = FilePath::new("content/a.mdx").expect("it is a path");
    let source =
        Source::new(path, "a {/* [b]{.internal} */} c\n\n{/*\n[d]{.internal}\n*/}\n\ne {.internal}\n");
    let redaction = redact(&source, &redacting).expect("something is hidden");
    assert_eq!(&*redaction.source.text, "a {/* [b]{.internal} */} c\n\n{/*\n[d]{.internal}\n*/}\n");
    assert_eq!(redaction.diagnostics.len(), 0);
}

#[test]
fn the_first_level_that_not_everybody_sees_is_known() {
    let named = |text: &str| {
        let named = redaction(text, "internal", "").and_then(|redaction| redaction.level_named_at);
        named.map(|span| text[span.start as usize..span.end as usize].to_owned())
    };
    assert_eq!(named("[a]{.public}\n"), None);
    assert_eq!(named(":::public\na\n:::\n\n[b]{.partner} [c]{.internal}\n"), Some("{.partner}".to_owned()));
    assert_eq!(named("[b]{.partner}\n\n:::internal\na\n:::\n"), Some("{.partner}".to_owned()));
    assert_eq!(named(":::internal T\na\n:::\n\n[b]{.partner}\n"), Some(":::internal T".to_owned()));
}
