//! Finished HTML as lines to compare.
//!
//! Owns the canonical form of bodies in test cases: one block a line, white space that a browser does not
//! show left out. Knows nothing of where the HTML comes from and takes it to be well-formed.

const BLOCKS: &[&str] = &[
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "blockquote",
    "aside",
    "figure",
    "figcaption",
    "table",
    "thead",
    "tbody",
    "tr",
    "td",
    "th",
    "div",
    "section",
    "dl",
    "dt",
    "dd",
    "details",
    "summary",
    "hr",
    "pre",
    "main",
];

/// The inside of the main element; the whole text where there is none.
pub fn main(page: &str) -> &str {
    let Some((_, inside)) = page.split_once("<main>") else { return page };
    inside.split_once("</main>").map_or(inside, |(inside, _)| inside)
}

/// The HTML, one block a line; the text of `pre` keeps its lines.
pub fn lines(html: &str) -> Vec<String> {
    let mut writer = Lines::default();
    for token in tokens(html) {
        writer.token(token);
    }
    writer.out.lines().map(str::trim_end).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[derive(Default)]
struct Lines {
    out: String,
    in_pre: bool,
    /// Whether the last thing written closed a block.
    closed: bool,
}

impl Lines {
    fn token(&mut self, token: &str) {
        let name = tag_name(token);
        if name == Some("pre") {
            self.in_pre = !token.starts_with("</");
        }
        match name {
            Some(name) if BLOCKS.contains(&name) => self.block(token),
            Some(_) => self.inline(token),
            None if self.in_pre => self.inline(token),
            None => self.text(token),
        }
    }

    fn block(&mut self, tag: &str) {
        let closing = tag.starts_with("</");
        if tag != "</pre>" {
            self.out.truncate(self.out.trim_end_matches([' ', '\n']).len());
        }
        if !closing || self.closed {
            self.out.push('\n');
        }
        self.out.push_str(tag);
        self.closed = closing || tag.starts_with("<hr");
    }

    fn inline(&mut self, text: &str) {
        if std::mem::take(&mut self.closed) {
            self.out.push('\n');
        }
        self.out.push_str(text);
    }

    fn text(&mut self, text: &str) {
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        let text = if self.out.ends_with("<br>") { text.trim_start() } else { text };
        if words.is_empty() && (self.closed || self.after_open_block()) {
            return;
        }
        let blank = |c: char| c.is_ascii_whitespace();
        let before =
            text.starts_with(blank) && !self.closed && !self.out.ends_with(' ') && !self.after_open_block();
        let after = text.ends_with(blank) && !words.is_empty();
        self.inline(&format!(
            "{}{}{}",
            ["", " "][usize::from(before)],
            words.join(" "),
            ["", " "][usize::from(after)]
        ));
    }

    /// Whether nothing was written since the opening tag of a block.
    fn after_open_block(&self) -> bool {
        let Some(start) = self.out.rfind('<') else { return self.out.is_empty() };
        let tag = &self.out[start..];
        tag.ends_with('>') && !tag.starts_with("</") && tag_name(tag).is_some_and(|n| BLOCKS.contains(&n))
    }
}

/// Tags and the texts between them.
fn tokens(html: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = html;
    while !rest.is_empty() {
        let end = if rest.starts_with('<') {
            rest.find('>').map_or(rest.len(), |at| at + 1)
        } else {
            rest.find('<').unwrap_or(rest.len())
        };
        tokens.push(&rest[..end]);
        rest = &rest[end..];
    }
    tokens
}

fn tag_name(token: &str) -> Option<&str> {
    let name = token.strip_prefix('<')?.trim_start_matches('/');
    let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
    (end > 0).then(|| &name[..end])
}

#[test]
fn blocks_stand_on_lines_of_their_own() {
    let html =
        "<ul>\n<li>a <b>c</b>\n</li><li><p>d</p>\n\n</li></ul>\n<pre><code>x\n  y\n</code></pre> <hr> e";
    let wanted = [
        "<ul>",
        "<li>a <b>c</b></li>",
        "<li>",
        "<p>d</p>",
        "</li>",
        "</ul>",
        "<pre><code>x",
        "  y",
        "</code></pre>",
        "<hr>",
        "e",
    ];
    assert_eq!(lines(html), wanted);
}

#[test]
fn white_space_between_words_counts_once() {
    assert_eq!(lines("<p>\n a\n<em>b</em> c </p>"), ["<p>a <em>b</em> c</p>"]);
    assert_eq!(lines(&lines("<p>\n a\n<em>b</em> c </p>").join("\n")), ["<p>a <em>b</em> c</p>"]);
}
