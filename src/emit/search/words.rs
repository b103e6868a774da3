//! Splits text into words.
//!
//! Owns where words begin and end. Words are runs of letters and digits, pairs of characters in scripts that write no
//! spaces, the parts of `NovaComputeDown`, and tokens of code as they are (`/etc/kolla/globals.yml`). `search.js`
//! splits a query in the same way.

/// A word as written in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word<'a> {
    /// A whole word, which takes a position in the text.
    Whole(&'a str),
    /// A part of the whole word before it, which takes no position.
    Part(&'a str),
}

/// Calls `take` with each word of `text`, in order.
pub fn words<'a>(text: &'a str, take: &mut impl FnMut(Word<'a>)) {
    let mut start = None;
    for (at, c) in text.char_indices() {
        match (is_letter(c), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                run(&text[from..at], take);
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        run(&text[from..], take);
    }
}

/// Whether the character belongs to a word: letters, digits and marks. The most frequent ones are recognized without
/// a table.
fn is_letter(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    is_frequent(c) || c.is_alphanumeric() || is_mark(c)
}

fn is_mark(c: char) -> bool {
    !is_frequent(c) && unicode_normalization::char::is_combining_mark(c)
}

/// Whether the character is a frequent one of Chinese or Japanese. None of these is a mark.
fn is_frequent(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | '\u{4E00}'..='\u{9FFF}')
}

/// Calls `take` with the words of a run of letters and digits.
fn run<'a>(run: &'a str, take: &mut impl FnMut(Word<'a>)) {
    if run.is_ascii() {
        take(Word::Whole(run));
        parts(run, take);
        return;
    }
    let mut rest = run;
    while let Some(first) = rest.chars().next() {
        let dense = is_dense(first);
        let end = rest.find(|c| is_dense(c) != dense && !is_mark(c)).unwrap_or(rest.len());
        if dense {
            pairs(&rest[..end], take)
        } else {
            take(Word::Whole(&rest[..end]))
        }
        rest = &rest[end..];
    }
}

/// Whether a word is in a script that writes no spaces.
pub fn is_pair(word: &str) -> bool {
    word.chars().next().is_some_and(is_dense)
}

/// Whether the script writes no spaces between words. Hangul belongs to them because its endings hide the words.
fn is_dense(c: char) -> bool {
    matches!(c as u32,
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1100..=0x11FF | 0x1780..=0x17FF | 0x3005..=0x3007
        | 0x3040..=0x30FF | 0x3130..=0x318F | 0x31F0..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF
        | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0xFF66..=0xFF9F | 0x2_0000..=0x3_FFFF)
}

/// Calls `take` with each pair of neighbouring characters, or with a single character.
fn pairs<'a>(run: &'a str, take: &mut impl FnMut(Word<'a>)) {
    // A mark stays with the character before it.
    let mut starts = run.char_indices().filter(|(_, c)| !is_mark(*c)).map(|(at, _)| at);
    let (mut first, mut second) = (starts.next().unwrap_or(0), starts.next());
    if second.is_none() {
        take(Word::Whole(run));
    }
    while let Some(middle) = second {
        let third = starts.next();
        take(Word::Whole(&run[first..third.unwrap_or(run.len())]));
        (first, second) = (middle, third);
    }
}

/// Calls `take` with the parts of a name such as `NovaComputeDown` or `ipv6Address`. A part begins at a capital
/// letter that does not follow a capital letter, or that a small letter follows.
fn parts<'a>(run: &'a str, take: &mut impl FnMut(Word<'a>)) {
    let bytes = run.as_bytes();
    let begins = |at: usize| {
        bytes[at].is_ascii_uppercase()
            && (!bytes[at - 1].is_ascii_uppercase() || bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase))
    };
    let mut from = 0;
    for at in (1..bytes.len()).filter(|at| begins(*at)) {
        take(Word::Part(&run[from..at]));
        from = at;
    }
    if from > 0 {
        take(Word::Part(&run[from..]));
    }
}

/// Characters around a token that do not belong to it.
const BEFORE: &[char] = &['(', '[', '{', '"', '\'', '`', ',', ';'];
const AFTER: &[char] = &[')', ']', '}', '"', '\'', '`', ',', ';', ':', '.', '!', '?'];

/// The token without the characters around it: `--force`, `a.b`, `-1`. `None` for a plain word.
pub fn token(text: &str) -> Option<&str> {
    let bare = text.trim_start_matches(BEFORE).trim_end_matches(AFTER);
    // A text of such characters only, such as `...`, is a token itself.
    let token = if bare.is_empty() { text } else { bare };
    token.contains(|c: char| !is_letter(c)).then_some(token)
}

/// A token in prose that readers search for as written: `5.2.3`, `globals.yml`, `CVE-2026-1`.
pub fn name(text: &str) -> Option<&str> {
    let numbered = text.contains(|c: char| c.is_ascii_digit());
    // Hyphens and colons also join ordinary words (`on-call`), so they count only with a digit.
    let joined = |c: char| matches!(c, '.' | '_' | '/') || (numbered && matches!(c, '-' | ':'));
    token(text).filter(|token| token.trim_matches(|c: char| !c.is_alphanumeric()).contains(joined))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        words(text, &mut |word| {
            found.push(match word {
                Word::Whole(word) => word.to_owned(),
                Word::Part(part) => format!("+{part}"),
            })
        });
        found
    }

    #[test]
    fn words_are_letters_and_digits() {
        assert_eq!(read("don't re-run node_1, v2.0!"), ["don", "t", "re", "run", "node", "1", "v2", "0"]);
        assert_eq!(read("Störung «é»"), ["Störung", "é"]);
    }

    #[test]
    fn names_have_parts() {
        assert_eq!(read("NovaComputeDown"), ["NovaComputeDown", "+Nova", "+Compute", "+Down"]);
        assert_eq!(read("parseHTTPUrl HTTP"), ["parseHTTPUrl", "+parse", "+HTTP", "+Url", "HTTP"]);
    }

    #[test]
    fn scripts_without_spaces_are_cut_in_pairs() {
        assert_eq!(read("OpenStackの構築"), ["OpenStack", "の構", "構築"]);
        assert_eq!(read("字"), ["字"]);
    }

    #[test]
    fn tokens_of_code_keep_their_signs() {
        assert_eq!(token("(--force),"), Some("--force"));
        assert_eq!(token("\"/etc/hosts\":"), Some("/etc/hosts"));
        assert_eq!(token("word."), None);
        assert_eq!(token("..."), Some("..."));
        let names = ["5.2.3,", "(globals.yml)", "CVE-2026-1", "on-call", "...", "word."].map(name);
        assert_eq!(names, [Some("5.2.3"), Some("globals.yml"), Some("CVE-2026-1"), None, None, None]);
    }

    #[test]
    fn texts_are_cut_and_folded_as_search_js_does() {
        let cases: Vec<(String, Vec<String>)> = serde_json::from_str(include_str!("words.json")).unwrap();
        for (text, expected) in cases {
            let mut found = Vec::new();
            words(&text, &mut |word| {
                if let Word::Whole(word) = word {
                    found.push(super::super::fold::fold(word));
                }
            });
            assert_eq!(found, expected, "{text}");
        }
    }
}
