//! Finds URLs that stand bare in a text.
//!
//! Owns where such a URL begins and ends. Must not write HTML.

use std::ops::Range;

/// The bare URLs of a text (GFM's extended autolinks: `http://`, `https://`, `www.`).
pub(super) fn urls(text: &str) -> Urls<'_> {
    Urls { text, from: 0, barren: 0 }
}

/// The bare URLs of a text, in order. The search takes linear time for any text.
pub(super) struct Urls<'a> {
    text: &'a str,
    /// The offset up to which the text has been read.
    from: usize,
    /// The end of a word without a host. Before this offset only a URL of `localhost` can begin.
    barren: usize,
}

impl Iterator for Urls<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let rest = &self.text[self.from..];
        let starts = rest.match_indices(['h', 'w']).map(|(at, _)| self.from + at);
        for start in starts {
            let Some(host) = host_from(self.text, start) else { continue };
            let local = self.text[host..].starts_with(LOCAL);
            // Otherwise a long word would be read again from each beginning of a URL in it.
            if start < self.barren && !local {
                continue;
            }
            let word = until_stop(&self.text[start..]);
            let url = without_closing(word);
            let end = start + url.len();
            let named = end.saturating_sub(host) > 4 && self.text[host..end].contains('.');
            if named || local {
                self.from = end;
                return Some(start..end);
            }
            self.barren = start + word.len();
        }
        self.from = self.text.len();
        None
    }
}

/// The reader's own machine, which is a host name without a dot.
const LOCAL: &str = "localhost";

/// The offset of the host in a URL that may begin at `start`. For `www.` it is `start`.
fn host_from(text: &str, start: usize) -> Option<usize> {
    let (before, rest) = text.split_at(start);
    let scheme = ["https://", "http://"].into_iter().find(|scheme| rest.starts_with(scheme));
    let host = match scheme {
        Some(scheme) => start + scheme.len(),
        None if rest.starts_with("www.") => start,
        None => return None,
    };
    let inside = before.ends_with(|c: char| c.is_ascii_alphanumeric() || "/@.-_".contains(c));
    (!inside).then_some(host)
}

/// The text before whitespace, `<` or East Asian text.
fn until_stop(text: &str) -> &str {
    let stop = |c: char| {
        c.is_whitespace()
            || c == '<'
            || ('\u{3000}'..='\u{9fff}').contains(&c)
            || ('\u{ac00}'..='\u{d7a3}').contains(&c)
            || ('\u{ff00}'..='\u{ffef}').contains(&c)
    };
    text.find(stop).map_or(text, |end| &text[..end])
}

/// Removes trailing punctuation, and closing brackets that the URL does not open.
fn without_closing(word: &str) -> &str {
    let mut unopened = word.matches(')').count().saturating_sub(word.matches('(').count());
    let mut url = word;
    loop {
        url = url.trim_end_matches(|c: char| "?!.,:*_~'\";”“’".contains(c));
        match url.strip_suffix(')') {
            Some(shorter) if unopened > 0 => {
                unopened -= 1;
                url = shorter;
            }
            _ => return url,
        }
    }
}

#[cfg(test)]
mod tests {
    fn urls(text: &str) -> Vec<&str> {
        super::urls(text).map(|range| &text[range]).collect()
    }

    #[test]
    fn bare_urls_end_before_punctuation() {
        assert_eq!(urls("See https://a.example/x. Then"), ["https://a.example/x"]);
        assert_eq!(urls("(https://a.example/x_(y))"), ["https://a.example/x_(y)"]);
        assert_eq!(urls("www.example.org, http://b.example"), ["www.example.org", "http://b.example"]);
        assert_eq!(urls("https://a.example/xを参照"), ["https://a.example/x"]);
        assert_eq!(urls("xhttps://a.example https:// www."), Vec::<&str>::new());
        assert_eq!(
            urls("http://localhost:80/x, https://,https://localhost"),
            ["http://localhost:80/x", "https://localhost"]
        );
        assert_eq!(
            urls("https://a.example/(x)).) www.b.example)"),
            ["https://a.example/(x)", "www.b.example"]
        );
        assert_eq!(
            urls("hhttps://x https://keystone:5000/v2.0 wwww.c.example"),
            ["https://keystone:5000/v2.0"]
        );
    }

    /// A word with many beginnings of URLs but no URL is read once, not once for each beginning.
    #[test]
    fn words_that_only_begin_as_urls_do_are_read_once() {
        let text = "https://,".repeat(100_000);
        assert_eq!(urls(&text), Vec::<&str>::new());
        let text = format!("https://a.example/{}", ")".repeat(1_000_000));
        assert_eq!(urls(&text), ["https://a.example/"]);
    }
}
