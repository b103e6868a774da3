//! Property tests of redaction with random texts.
//!
//! Owns the generators: Markdown made of fragments with marks in it, and plain noise. Each test runs for a second or
//! two.

use proptest::prelude::*;

use super::*;

/// Fragments of lines. `$` is a secret, and every fragment with a `$` has a mark.
const WORDS: &[&str] = &[
    "[$]{.internal}",
    "[$ `]`]{.internal}",
    "`$`{.internal}",
    "**$**{.internal}",
    "[$](https://$){.internal}",
    "![$](x.png){.partner}",
    "[b [$]{.internal} c]{.partner}",
    "**b [$]{.internal}**",
    "[b [$]{.internal}](u)",
    "[$[^n]]{.internal}",
    "[c]{.public}",
    "[$][undefined]{.internal}",
    "[$]{.internal}(https://$)",
    "word",
    "*em*",
    "`code {.internal}`",
    "a\\*b",
    "<br>",
    "é，",
    "[^n]",
    "https://x.example",
];

/// Blocks without containers.
const BLOCKS: &[&str] = &[
    "$ {.internal}",
    "$\n{.partner}",
    "- $ {.internal}\n- b",
    "1. a\n2. $ {.internal}\n3. c",
    "- a\n  - $ {.internal}\n\n    $\n- b",
    "| a | b |\n|---|---|\n| $ | $ {.internal} |\n| c | d |",
    "| a | b |\n|---|---|\n| $ | c | {.internal}",
    "| a | b |\n|---|---|\n| c | d | $ {.internal} |",
    ":::internal\n$\n:::",
    ":::internal $\n- $\n\n> $\n:::",
    ":::note[$]{.internal}\ntext\n:::",
    ":::public {.internal}\n$\n:::",
    ":::\u{a0}internal\n$\n:::",
    "::internal\n$",
    "\u{feff}## A {.internal}\n\n$",
    "```sh {.interal}\n$\n```",
    "::::partner\n:::internal\n$\n:::\n$\n::::",
    "```sh {.internal}\n$\n```",
    "### $ {.internal}",
    "T $ {.internal}\n: $",
    "T\n: $ {.internal}\n: b",
    "[^n]: note",
    "[^m]: $ {.internal}",
    ":::note\n> $ {.internal}\n:::",
    "```md\n:::internal\n```",
    "## Heading",
    "Title\n-----",
    "---",
    "<div>\nraw\n</div>",
    "<!-- {.internal} -->",
    "text",
    "> quote",
    "    code",
];

fn block() -> impl Strategy<Value = String> {
    let words = prop::collection::vec(prop::sample::select(WORDS), 1..6).prop_map(|words| words.join(" "));
    let close = prop::collection::vec(prop::sample::select(WORDS), 1..4).prop_map(|words| words.concat());
    let lines = prop::collection::vec(words.clone(), 1..4).prop_map(|lines| lines.join("\n"));
    prop_oneof![words, close, lines, prop::sample::select(BLOCKS).prop_map(str::to_owned)]
}

/// Puts a prefix before each line, and `sign` before the first line.
fn within(sign: &str, prefix: &str, text: &str) -> String {
    let line = |(number, line): (usize, &str)| match (number, line.is_empty()) {
        (0, _) => format!("{sign}{line}"),
        (_, true) => prefix.trim_end().to_owned(),
        _ => format!("{prefix}{line}"),
    };
    text.split('\n').enumerate().map(line).collect::<Vec<_>>().join("\n")
}

fn text() -> impl Strategy<Value = String> {
    let signs: &[(&str, &str)] = &[("- ", "  "), ("> ", "> "), ("1. ", "   "), ("[^k]: ", "    "), ("", "")];
    let gap = prop_oneof![Just("\n\n"), Just("\n\n"), Just("\n\n\n")];
    let blocks = block().prop_recursive(3, 24, 4, move |inner| {
        let several = prop::collection::vec((inner, gap.clone()), 1..4);
        (several, prop::sample::select(signs)).prop_map(|(blocks, (sign, prefix))| {
            let text: String = blocks.iter().map(|(block, gap)| format!("{block}{gap}")).collect();
            within(sign, prefix, text.trim_end())
        })
    });
    let ends = prop_oneof![Just(""), Just("\n"), Just("\n\n")];
    (prop::collection::vec(blocks, 1..5), ends)
        .prop_map(|(blocks, end)| blocks.join("\n\n").replace('$', S) + end)
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) }
}

proptest! {
    #![proptest_config(config(800))]

    #[test]
    fn no_secret_is_left_of_any_text(text in text()) {
        let first = redaction(&text, "public", "");
        let clear = first.as_ref().is_none_or(|first| first.diagnostics.is_empty());
        let once = first.map_or(text.clone(), |first| first.source.text.to_string());
        let (published, problems) = found(&text);
        prop_assert!(!published.contains(S) || !problems.is_empty(), "{text}\n=>\n{once}");
        let clear = clear && problems.is_empty();
        let twice = redaction(&once, "public", "");
        let twice = twice.filter(|twice| clear && (*twice.source.text != *once || !twice.withheld.is_empty()));
        let twice = twice.map(|twice| twice.source.text);
        prop_assert!(twice.is_none(), "{text}\n=>\n{once}\n=>\n{twice:?}");
        let marked = redaction(&text, "public", "[withheld]");
        let hidden = marked.is_none_or(|marked| !marked.source.text.contains(S));
        prop_assert!(hidden || !problems.is_empty(), "{text}");
    }

    #[test]
    fn what_is_left_stands_in_the_order_in_which_it_was_written(text in text(), mark in prop_oneof![Just(""), Just("[x]")]) {
        for audience in ["public", "partner", "internal"] {
            let Some(redaction) = redaction(&text, audience, mark) else { continue };
            let left = &redaction.source.text;
            let mut last = 0;
            for at in 0..=left.len() {
                let written = redaction.cuts.written(at);
                prop_assert!(last <= written && written <= text.len(), "{at} of {left:?} from {text:?}");
                last = written;
            }
            if audience == "internal" {
                prop_assert_eq!(left.matches(S).count(), text.matches(S).count());
            }
            for one in &redaction.withheld {
                prop_assert!(text.get(one.span.start as usize..one.span.end as usize).is_some_and(|t| !t.is_empty()));
            }
        }
    }

    #[test]
    fn noise_is_no_danger(text in "([:{}.\\[\\]()|>#`~*_<!\\\\\\-+ \n\ta1x=：｛｝\"']|internal|\\{\\.internal\\}|:::|\\[\\^a\\]|é|\u{a0}|<!--|-->|```|\\{/\\*){0,60}") {
        for audience in ["public", "internal"] {
            let Some(first) = redaction(&text, audience, "") else { continue };
            let removed = first.source.text.len() < text.len();
            let told = !first.withheld.is_empty() || !first.diagnostics.is_empty();
            let hides = audience == "public" && removed;
            let marked = first.level_named_at.is_some() || text.contains("{.");
            prop_assert!(!hides || told || marked, "{text:?} => {:?}", first.source.text);
        }
    }
}

/// The time for a text of many equal parts is proportional to their number, because nothing is scanned again for each
/// part.
#[test]
fn many_marks_are_no_danger() {
    let parts: &[&str] = &[
        "{.internal} ",
        "[a]{.internal} ",
        "[",
        "]{.internal}",
        "[a]{.internal}\n\n",
        "- a {.internal}\n",
        "1. a {.internal}\n",
        "- :::Internal\n",
        ":::note\n",
        ":::internal\n",
        ":::internal\n:::\n",
        "::::\n",
        ": ",
        "::: ",
        "## A {.internal}\n",
        "- ## A {.internal}\n",
        "[^a]: b[^a] {.internal}\n\n",
        "a[^a]{.internal} ",
        "*a [b]{.internal} ",
        "| a {.internal} |\n",
        "> [a]{.internal}\n>\n",
        "<div class=\"internal\">\n\n",
        "a\n: b {.internal}\n\n",
        "{",
        "{.internal",
        "｛",
    ];
    for part in parts {
        let text = part.repeat(1_000);
        for audience in ["public", "internal"] {
            let left = redaction(&text, audience, "").map(|redaction| redaction.source.text.len());
            assert!(left.is_none_or(|left| left <= text.len()), "{part:?}");
        }
    }
}
