//! Converts formulas in LaTeX notation to MathML.
//!
//! Owns the limits that keep hostile formulas small. The output of the foreign library is not trusted: `mathml` reads
//! it and writes it again. Must not know pages.

use std::error::Error;

use pulldown_latex::config::{DisplayMode, RenderConfig};
use pulldown_latex::event::Content;
use pulldown_latex::{Event, Parser, ParserError, Storage, push_mathml};

use super::mathml::written_anew;
use crate::bounds::{FORMULA_BYTES, FORMULA_COMMANDS, FORMULA_LEVELS};

/// Commands that define commands. They could define themselves and expand without end.
const DEFINITIONS: &[&str] = &[
    "def",
    "edef",
    "gdef",
    "xdef",
    "let",
    "futurelet",
    "newcommand",
    "renewcommand",
    "providecommand",
    "global",
    "long",
    "outer",
];

/// How a formula is placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// In a line of text: `$x$`.
    Inline,
    /// On its own: `$$x$$`.
    Block,
}

/// Converts a formula to a `<math>` element.
///
/// # Errors
/// The reason why the formula cannot be read, as a sentence without a full stop. The position within the formula is
/// unknown.
pub fn mathml(formula: &str, placement: Placement) -> Result<String, String> {
    check_limits(formula)?;
    let storage = Storage::new();
    let parsed: Result<Vec<Event>, ParserError> = Parser::new(formula, &storage).collect();
    let events =
        parsed.map_err(|error| error.source().map_or_else(|| error.to_string(), ToString::to_string))?;
    events.iter().try_for_each(check_name)?;
    let display_mode = match placement {
        Placement::Inline => DisplayMode::Inline,
        Placement::Block => DisplayMode::Block,
    };
    let config = RenderConfig { display_mode, ..RenderConfig::default() };
    let mut html = String::new();
    let events = events.into_iter().map(Ok::<Event, std::convert::Infallible>);
    push_mathml(&mut html, events, config).map_err(|error| error.to_string())?;
    let formula = written_anew(&html)?;
    Ok(match placement {
        Placement::Inline => formula,
        // A wide formula scrolls, which needs the focus where there is no pointer.
        Placement::Block => formula.replacen("<math ", "<math tabindex=\"0\" ", 1),
    })
}

fn check_limits(formula: &str) -> Result<(), String> {
    if FORMULA_BYTES.is_exceeded(formula.len()) {
        let most = FORMULA_BYTES.most;
        return Err(format!("the formula has {} bytes; at most {most} are read", formula.len()));
    }
    // `depth` counts braces, environments and delimiters; `commands` counts `^`, `_` and everything that begins with a
    // backslash.
    let (mut depth, mut commands) = (0_usize, 0);
    let mut rest = formula;
    while let Some(at) = rest.find(['{', '}', '\\', '^', '_']) {
        let byte = rest.as_bytes()[at];
        rest = &rest[at + 1..];
        commands += usize::from(!matches!(byte, b'{' | b'}'));
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b'\\' => {
                let name = &rest[..rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len())];
                if DEFINITIONS.contains(&name) {
                    return Err(format!("`\\{name}` is not allowed: formulas cannot define commands"));
                }
                depth += usize::from(matches!(name, "left" | "begin"));
                depth = depth.saturating_sub(usize::from(matches!(name, "right" | "end")));
                // An escaped brace does not open or close a group.
                let skip =
                    if name.is_empty() { rest.chars().next().map_or(0, char::len_utf8) } else { name.len() };
                rest = &rest[skip..];
            }
            _ => {}
        }
        if FORMULA_LEVELS.is_exceeded(depth) {
            return Err(format!("the formula is nested deeper than {FORMULA_LEVELS}"));
        }
        if FORMULA_COMMANDS.is_exceeded(commands) {
            return Err(format!("the formula has more than {FORMULA_COMMANDS}"));
        }
    }
    Ok(())
}

/// Checks the name of an operator. The foreign library writes it without escaping, so mark-up in it would become part
/// of the formula.
fn check_name(event: &Event) -> Result<(), String> {
    match event {
        Event::Content(Content::Function(name)) if name.contains(['<', '&']) => {
            Err(format!("the operator's name `{name}` holds `<` or `&`"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use html5ever::tokenizer::Tag;
    use proptest::prelude::*;

    use super::super::html_pieces::{HtmlPiece, pieces, tokens};
    use super::*;

    #[test]
    fn formulas_become_mathml() {
        let inline = mathml("x^2", Placement::Inline).unwrap();
        assert!(
            inline.starts_with("<math display=\"inline\"><msup>") && inline.ends_with("</math>"),
            "{inline}"
        );
        let block = mathml(
            "\\frac{a}{b} \\begin{matrix} 1 & 2 \\\\[2em] 3 & 4 \\end{matrix} \\color{red} x",
            Placement::Block,
        );
        let block = block.unwrap();
        assert!(
            block.starts_with("<math tabindex=\"0\" display=\"block\">") && !block.contains("style=\""),
            "{block}"
        );
    }

    #[test]
    fn problems_are_named() {
        for wrong in ["\\frac{a", "\\nonsense", "}", "\\def\\a{\\a}\\a", "x^"] {
            let error = mathml(wrong, Placement::Inline).unwrap_err();
            assert!(!error.is_empty() && !error.contains('\n'), "{wrong}: {error}");
        }
    }

    #[test]
    fn text_is_escaped() {
        let html = mathml("\\text{<script>&\" style=\"x\"} < y", Placement::Inline).unwrap();
        assert!(!html.contains("<script") && html.contains("&lt;script"), "{html}");
    }

    #[test]
    fn hostile_formulas_are_small_errors() {
        for hostile in
            ["{", "\\left(", "\\begin{matrix}", "x^", "\\sqrt", "\\text{", "_{", "a'", "{}", "\\not", "&"]
        {
            for count in [30, 500, 3000] {
                let _either = mathml(&hostile.repeat(count), Placement::Block);
            }
        }
    }

    /// The names of commands, environments and colours that the parser knows, and some that it does not know.
    const NAMES: &str = include_str!("../../tests/it/support/latex-names.txt");

    /// Texts that must never become mark-up, in forms that a browser would take for it.
    const HOSTILE: [&str; 8] = [
        "<script src=../x.txt></script>",
        "</mi></math><style>@import 'x'</style>",
        "\" onclick=\"x",
        "&lt;script>x&lt;/script>",
        "<meta http-equiv=refresh content=0;url=https://example.org/>",
        "<img src=x onerror=y>",
        "<!--<a href=javascript:x>",
        "a<b",
    ];

    /// Whether HTML's own tokenizer finds only parts of formulas in the text.
    fn is_formula(html: &str) -> bool {
        let tag =
            |range: Range<usize>| tokens(&html[range]).tag.expect("a piece that is a tag is read as one");
        let sound = |tag: Tag| {
            let known =
                tag.name.starts_with('m') && !["meta", "map", "menu", "marquee"].contains(&&*tag.name);
            let quiet = |attribute: &str| {
                !attribute.starts_with("on") && !["style", "href", "src", "http-equiv"].contains(&attribute)
            };
            known && tag.attrs.iter().all(|attribute| quiet(&attribute.name.local))
        };
        pieces(html).into_iter().all(|(piece, range)| match piece {
            HtmlPiece::Text => !html[range].contains('<'),
            HtmlPiece::Tag => sound(tag(range)),
            HtmlPiece::Comment | HtmlPiece::Unclosed | HtmlPiece::Declaration => false,
        })
    }

    #[test]
    fn names_of_operators_are_no_markup() {
        for command in ["operatorname", "operatorname*", "mathop"] {
            for hostile in HOSTILE {
                let html = mathml(&format!("\\{command}{{{hostile}}}"), Placement::Inline);
                assert!(html.is_err() || is_formula(html.as_ref().unwrap()), "{command}: {html:?}");
            }
        }
        let problem = mathml("\\operatorname{<script src=x>}", Placement::Inline).unwrap_err();
        assert_eq!(problem, "the operator's name `<script src=x>` holds `<` or `&`");
        assert!(mathml("\\operatorname{arg\\,max} x < y", Placement::Inline).is_ok());
    }

    #[test]
    fn every_command_that_is_read_can_be_written() {
        let mut read = 0;
        for name in NAMES.split_whitespace() {
            for formula in [
                format!("\\{name}"),
                format!("\\{name}{{x}}"),
                format!("a \\{name}{{x}}{{y}}_1^2 < b"),
                format!("\\{name}[b]{{x}}{{y}}"),
                format!("\\{name}{{2em}} \\{name} 3pt"),
                format!("\\{name}{{red}} x"),
                format!("\\big\\{name} x \\left\\{name} y \\right)"),
                format!("\\begin{{{name}}} a & b \\\\[2em] \\hline c & d \\end{{{name}}}"),
                format!("\\begin{{{name}}}{{|c||l:r|}} a & b & c \\\\ \\hdashline d \\end{{{name}}}"),
            ] {
                let result = mathml(&formula, Placement::Block);
                read += usize::from(result.is_ok());
                assert!(
                    !result.is_err_and(|problem| problem.contains("would")),
                    "{formula}: {:?}",
                    mathml(&formula, Placement::Block)
                );
            }
        }
        assert!(read > 3000, "{read} formulas were read");
    }

    #[test]
    fn no_command_lets_markup_through() {
        let mut formulas = 0;
        for name in NAMES.split_whitespace() {
            for hostile in &HOSTILE[..4] {
                for formula in [
                    format!("\\{name}{{{hostile}}}"),
                    format!("\\{name}{{{hostile}}}{{{hostile}}}{{x}}"),
                    format!("\\{name}{{x}}{{{hostile}}}"),
                    format!("\\{name}[{hostile}]{{{hostile}}}"),
                    format!("\\{name} {hostile}"),
                    format!("\\begin{{{name}}}{{{hostile}}}{hostile}&{hostile}\\end{{{name}}}"),
                    format!("\\{name}{{\\operatorname{{{hostile}}}}}"),
                ] {
                    let Ok(html) = mathml(&formula, Placement::Block) else { continue };
                    formulas += 1;
                    assert!(is_formula(&html), "{formula}: {html}");
                }
            }
        }
        assert!(formulas > 10_000, "{formulas} formulas were read");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn no_formula_panics_or_becomes_markup(formula in r#"(\\[a-z]{1,4}|\\(frac|sqrt|left|right|begin|end|text|hline|middle|over|color|operatorname|mathop|limits|array|cases|matrix)|\{(matrix|array|align|cases)\}|<script|</script>|<meta |</m(i|ath)>|<!--| (href|onload|style)=|&(lt|#60|amp);|[{}^_&'"\[\]()|#$%~=]|\\\\|[0-9a-z<>/é]){0,20}"#) {
            let html = mathml(&formula, Placement::Block).unwrap_or_default();
            prop_assert!(is_formula(&html), "{}", html);
        }
    }
}
