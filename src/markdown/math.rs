//! Formulas in LaTeX notation to MathML.
//!
//! Owns the limits that keep hostile formulas small, and what of the MathML is let through: no inline styles,
//! which the content security policy forbids. Knows no page.

use std::error::Error;

use pulldown_latex::config::{DisplayMode, RenderConfig};
use pulldown_latex::{Event, Parser, ParserError, Storage, push_mathml};

/// The longest formula, in bytes.
const LENGTH_LIMIT: usize = 8 * 1024;

/// The deepest nesting of braces, environments and delimiters.
const DEPTH_LIMIT: usize = 40;

/// The most `^`, `_` and commands in one formula.
const COMMAND_LIMIT: usize = 2000;

/// Commands that define commands: they could define themselves.
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

/// Where a formula stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// In a line of text: `$x$`.
    Inline,
    /// On its own: `$$x$$`.
    Block,
}

/// The `<math>` element of a formula.
///
/// # Errors
/// Why the formula cannot be read, a sentence without a full stop. The place within the formula is unknown.
pub fn mathml(formula: &str, placement: Placement) -> Result<String, String> {
    check_limits(formula)?;
    let storage = Storage::new();
    let parsed: Result<Vec<Event>, ParserError> = Parser::new(formula, &storage).collect();
    let events =
        parsed.map_err(|error| error.source().map_or_else(|| error.to_string(), ToString::to_string))?;
    let display_mode = match placement {
        Placement::Inline => DisplayMode::Inline,
        Placement::Block => DisplayMode::Block,
    };
    let config = RenderConfig { display_mode, ..RenderConfig::default() };
    let mut html = String::new();
    let events = events.into_iter().map(Ok::<Event, std::convert::Infallible>);
    push_mathml(&mut html, events, config).map_err(|error| error.to_string())?;
    Ok(without_styles(&html))
}

fn check_limits(formula: &str) -> Result<(), String> {
    if formula.len() > LENGTH_LIMIT {
        return Err(format!("the formula has {} bytes; at most {LENGTH_LIMIT} are read", formula.len()));
    }
    let (mut depth, mut commands) = (0_usize, 0);
    let mut rest = formula;
    while let Some(at) = rest.find(['{', '}', '\\', '^', '_']) {
        let sign = rest.as_bytes()[at];
        rest = &rest[at + 1..];
        commands += usize::from(!matches!(sign, b'{' | b'}'));
        match sign {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b'\\' => {
                let name = &rest[..rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len())];
                if DEFINITIONS.contains(&name) {
                    return Err(format!("`\\{name}` is not allowed: formulas cannot define commands"));
                }
                depth += usize::from(matches!(name, "left" | "begin"));
                depth = depth.saturating_sub(usize::from(matches!(name, "right" | "end")));
                // An escaped brace is no brace.
                let skip =
                    if name.is_empty() { rest.chars().next().map_or(0, char::len_utf8) } else { name.len() };
                rest = &rest[skip..];
            }
            _ => {}
        }
        if depth > DEPTH_LIMIT || commands > COMMAND_LIMIT {
            return Err("the formula is nested too deeply or too long".to_owned());
        }
    }
    Ok(())
}

/// Drops `style="…"` from every tag.
fn without_styles(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find(" style=\"") {
        let inside = rest[..start].rfind('<') > rest[..start].rfind('>') || out.rfind('<') > out.rfind('>');
        let value = &rest[start + " style=\"".len()..];
        let end = value.find('"').map_or(value.len(), |at| at + 1);
        out.push_str(&rest[..start]);
        if !inside {
            out.push_str(&rest[start..rest.len() - value.len() + end]);
        }
        rest = &value[end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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
        assert!(block.starts_with("<math display=\"block\">") && !block.contains("style=\""), "{block}");
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

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn no_formula_panics(formula in r#"(\\[a-z]{1,4}|\\(frac|sqrt|left|right|begin|end|text|hline|middle|over|color|operatorname|limits|array|cases|matrix)|\{(matrix|array|align|cases)\}|[{}^_&'\[\]()|#$%~]|\\\\|[0-9a-z<>"é]){0,20}"#) {
            let html = mathml(&formula, Placement::Block).unwrap_or_default();
            prop_assert!(!html.contains("<script"));
        }
    }
}
