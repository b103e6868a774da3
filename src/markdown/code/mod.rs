//! Reads and writes code blocks: the opening line, the text as HTML with classed tokens, and the variables that readers
//! fill in.
//!
//! Owns the HTML of a code block and the limits of highlighting. Must not know pages. Highlighting is a pure function
//! of language and text; [`HighlightCache`] only caches its results. Limits count bytes, never time, so the same text
//! gives the same HTML on every machine.

mod cache;
mod command;
mod console;
mod fence;
mod figure;
mod grammar;
mod invisible;
mod languages;
mod markdown_source;
mod prompt;
mod risk;
mod shell;
mod shell_commands;
mod small_lexers;
mod token;
mod variable_marks;
mod variables;
mod wildcard;

use std::sync::Arc;

pub use cache::HighlightCache;
pub use fence::{FenceError, FenceInfo};
pub use figure::{Figure, FigureContext, Highlight};
pub use grammar::forget as forget_grammars;
pub use invisible::{describe, invisible_characters};
pub use risk::Risk;
pub use shell::is_name;
pub use variables::{CodeVariable, JoinedLiteral, Variables};
pub use wildcard::wildcard;

use languages::Lexer;
use token::TokenWriter;

/// The most bytes of a highlighted block. Larger blocks are shown plain.
const BLOCK_LIMIT: usize = 64 * 1024;

/// The most bytes of a line in a highlighted block. A block with a longer line is shown plain.
const LINE_LIMIT: usize = 2000;

/// Must change whenever the same text could give other HTML: with new grammars, classes or lexers.
const VERSION: &str = "syntect 5.3.0, two-face 0.5.2, tokens 3";

/// The HTML of inline code, and the variables in it.
pub fn inline(code: &str, variables: &Variables) -> (String, Vec<(usize, Option<usize>)>) {
    let marks = variable_marks::of_inline(code, variables);
    let used = marks.iter().map(|mark| (mark.found.variable, mark.found.literal)).collect();
    (variable_marks::text(code, &marks, variables), used)
}

/// The text as HTML with tokens in `<span class="c-…">`, with as many lines as `code`. Returns `None` if the language
/// is unknown or plain, or if a limit is exceeded; the caller then escapes the text.
pub fn highlight(language: &str, code: &str) -> Option<String> {
    if code.len() > BLOCK_LIMIT || code.split('\n').any(|line| line.len() > LINE_LIMIT) {
        return None;
    }
    let mut writer = TokenWriter::with_capacity(code.len() * 2);
    match languages::lexer(language, code)? {
        Lexer::Grammar(name) => grammar::write(name, code, &mut writer)?,
        Lexer::Small(words) => small_lexers::write(words, code, &mut writer),
        Lexer::Console => console::write(code, &mut writer)?,
        Lexer::Markdown => markdown_source::write(code, &mut writer),
    }
    Some(writer.finish())
}

/// The result of [`highlight`] as a shared string, as the cache stores it.
fn highlight_shared(language: &str, code: &str) -> Option<Arc<str>> {
    highlight(language, code).map(Arc::from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The text that a reader sees.
    fn shown(html: &str) -> String {
        let mut text = String::new();
        let mut rest = html;
        while let Some((before, after)) = rest.split_once('<') {
            text.push_str(before);
            rest = after.split_once('>').unwrap().1;
        }
        text.push_str(rest);
        crate::entities::decode_xml(&text)
    }

    #[test]
    fn large_blocks_and_long_lines_stay_plain() {
        assert_eq!(highlight("json", &"x".repeat(LINE_LIMIT + 1)), None);
        assert_eq!(highlight("json", &"[1]\n".repeat(BLOCK_LIMIT / 4 + 1)), None);
        assert!(highlight("json", &"[1]\n".repeat(100)).is_some());
    }

    #[test]
    fn every_language_that_operators_write_is_coloured() {
        let samples = [
            ("bash", "echo \"$HOME\" # x", "c-comment"),
            ("sh", "if true; then ls; fi", "c-keyword"),
            ("yaml", "a:\n  - b: 1 # x", "c-attribute"),
            ("json", "{\"a\": [1, true]}", "c-number"),
            ("toml", "a = \"b\"", "c-string"),
            ("ini", "[a]\nb=c", "c-"),
            ("systemd", "[Unit]\nAfter=x", "c-"),
            ("hcl", "resource \"a\" \"b\" {}", "c-string"),
            ("terraform", "# x", "c-comment"),
            ("python", "def f(): return 1", "c-keyword"),
            ("go", "func main() {}", "c-keyword"),
            ("rust", "fn main() {}", "c-keyword"),
            ("sql", "SELECT 1", "c-keyword"),
            ("nginx", "server { listen 80; }", "c-"),
            ("dockerfile", "FROM debian", "c-keyword"),
            ("jinja2", "{% if a %}{{ b }}{% endif %}", "c-"),
            ("promql", "sum(rate(x{a=\"b\"}[5m])) by (job)", "c-function"),
            ("diff", "-a\n+b", "c-inserted"),
            ("http", "GET / HTTP/1.1", "c-"),
            ("makefile", "all: x\n\techo $(HOME)", "c-variable"),
            ("ruby", "def a; end", "c-keyword"),
            ("javascript", "const a = 'b'", "c-keyword"),
            ("typescript", "let a: string = 'b'", "c-string"),
            ("html", "<a href='b'>c</a>", "c-tag"),
            ("css", "a { color: red }", "c-"),
            ("xml", "<a b='c'/>", "c-tag"),
            ("lua", "local a = 1", "c-number"),
            ("perl", "my $a = 1;", "c-"),
            ("php", "<?php echo f($a); // x", "c-variable"),
            ("java", "class A {}", "c-keyword"),
            ("c", "int main(void) { return 0; }", "c-keyword"),
            ("cpp", "class A {};", "c-keyword"),
            ("powershell", "Get-Item $x | Where-Object { $_.Name -eq 'a' }", "c-variable"),
            ("csv", "a,b", "c-"),
            ("log", "2026-01-01 ERROR x", "c-"),
            ("console", "$ ls -l\ntotal 0", "c-prompt"),
        ];
        for (language, code, class) in samples {
            let html = highlight(language, code).unwrap_or_else(|| panic!("{language} is unknown"));
            assert!(html.contains(&format!("class=\"{class}")), "{language}: {html}");
            assert_eq!(shown(&html), code, "{language}");
        }
    }

    #[test]
    fn payloads_that_made_other_highlighters_hang_are_shown_whole() {
        let payloads = [
            "(".repeat(1900),
            "((((((((((a\n".repeat(150),
            "\"unterminated\n".repeat(300),
            "/* unterminated <<EOF\n".repeat(100),
            "$(eval $(shell $(call x,$(eval $(shell y)))))\n".repeat(40),
            "{\"a\":".repeat(380),
            "a=function(b){return c?d:e};".repeat(70),
            "\u{1}\u{2}\u{7f}\u{fffd}".repeat(200),
            "{{ {% {# ${ #{ <% <?php \n".repeat(80),
            "über node restart <b> [ü] > ö\n$ ü > \\\n> ä\n# é | \n".repeat(20),
            "a: &x *y !!z |\n - [ {\n".repeat(80),
            "<script>a /* b\n*/</script>\n```js\na /* b\n```\n".to_owned(),
            "a = <<~JS\n  a /* b\nJS\nprint <<HTML;\n<script>a /* b\nHTML\n".to_owned(),
            "HTTP/1.1 200 OK\nContent-Type: application/javascript\n\na /* b */\n".to_owned(),
            "/** <script>a /* b */ a /* b */ c\n~H\"\"\"\n<script>a /* b\n".to_owned(),
        ];
        for language in languages::names() {
            for payload in &payloads {
                if let Some(html) = highlight(language, payload) {
                    assert_eq!(shown(&html), *payload, "{language}");
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]
        #[test]
        fn nothing_that_is_written_is_lost(at in 0usize..1000, code in r#"([\PC\n\t]|\$ |# |"|'|\{|\}|<<EOF|\\|\||\n> |/\*|[a-z=]{1,8}){0,60}"#) {
            let names: Vec<_> = languages::names().collect();
            let language = names[at % names.len()];
            if let Some(html) = highlight(language, &code) {
                prop_assert_eq!(shown(&html), code);
            }
        }

        #[test]
        fn any_first_line_is_read(info in r#"([\PC]|[{}\[\]="',:. ]|title|\{1-){0,40}"#) {
            let strings = crate::strings::Languages::built_in().for_language("de");
            Figure::new(&FenceInfo::parse(&info), "a\nb\n", &FigureContext::PLAIN, strings);
        }
    }
}
