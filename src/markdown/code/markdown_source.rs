//! Highlights Markdown in a code block, line by line.
//!
//! Owns which parts of Markdown have colours: headings, fences, front matter, markers, code, comments. Loads no
//! grammar, so code inside a fence stays plain.

use super::token::{Class, TokenWriter};

/// The construct that previous lines have opened.
#[derive(Clone, Copy, PartialEq)]
enum OpenConstruct {
    Text,
    Fence,
    FrontMatter,
}

/// Writes `code` as Markdown.
pub fn write(code: &str, writer: &mut TokenWriter) {
    let mut inside = if code.starts_with("---\n") { OpenConstruct::FrontMatter } else { OpenConstruct::Text };
    for (number, line) in code.split_inclusive('\n').enumerate() {
        let trimmed = line.trim();
        match inside {
            OpenConstruct::FrontMatter if number > 0 && trimmed == "---" => {
                inside = OpenConstruct::Text;
                writer.push(Class::Punctuation, line);
            }
            OpenConstruct::FrontMatter => field(line, writer),
            _ if trimmed.starts_with("```") || trimmed.starts_with("~~~") => {
                inside =
                    if inside == OpenConstruct::Fence { OpenConstruct::Text } else { OpenConstruct::Fence };
                writer.push(Class::Keyword, line);
            }
            OpenConstruct::Fence => writer.push(Class::Plain, line),
            OpenConstruct::Text if trimmed.starts_with(":::") || trimmed.starts_with("::include ") => {
                writer.push(Class::Keyword, line);
            }
            OpenConstruct::Text if is_heading(trimmed) => writer.push(Class::Heading, line),
            OpenConstruct::Text => text(line, writer),
        }
    }
}

fn is_heading(line: &str) -> bool {
    let level = line.len() - line.trim_start_matches('#').len();
    (1..=6).contains(&level) && line[level..].starts_with(' ')
}

/// Writes a line of front matter with a colour for its key.
fn field(line: &str, writer: &mut TokenWriter) {
    match line.split_once(':') {
        Some((key, _)) if !key.trim().is_empty() => {
            writer.push(Class::Attribute, key);
            writer.push(Class::Plain, &line[key.len()..]);
        }
        _ => writer.push(Class::Punctuation, line),
    }
}

/// Writes a line of text: its marker, then the code and comments in it.
fn text(line: &str, writer: &mut TokenWriter) {
    let content = line.trim_start_matches(|c: char| c.is_whitespace() || "->*+|".contains(c));
    writer.push(Class::Operator, &line[..line.len() - content.len()]);
    let mut rest = content;
    while let Some(at) = rest.find(['`', '<']) {
        writer.push(Class::Plain, &rest[..at]);
        let (class, length) = span(&rest[at..]);
        writer.push(class, &rest[at..at + length]);
        rest = &rest[at + length..];
    }
    writer.push(Class::Plain, rest);
}

/// The class and length in bytes of a span that begins with a backtick or `<`.
fn span(rest: &str) -> (Class, usize) {
    let to = |end: &str, from: usize| rest[from..].find(end).map(|at| from + at + end.len());
    if rest.starts_with("<!--") {
        return (Class::Comment, to("-->", 4).unwrap_or(rest.len()));
    }
    match rest.starts_with('`').then(|| to("`", 1)).flatten() {
        Some(length) => (Class::String, length),
        None => (Class::Plain, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_fences_and_code_have_colours() {
        let mut writer = TokenWriter::with_capacity(0);
        write("---\ntitle: A\n---\n# H\n- a `b` <!-- c -->\n```sh\n# no\n```", &mut writer);
        let html = writer.finish();
        for part in [
            "c-attribute\">title<",
            "c-heading\"># H<",
            "c-string\">`b`<",
            "c-comment\">&lt;!-- c --&gt;<",
            "\n# no\n",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }
}
