//! The words of a text, with their places.
//!
//! Owns where a word ends. Names, versions and addresses are one word each: `node01.example.org`, `2001:db8::7`.

/// A word of a text, without punctuation around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word<'t> {
    /// Its offset in bytes.
    pub start: usize,
    pub text: &'t str,
}

/// The words of a text: letters, digits and what stands between them in a name, a version or an address.
pub(super) fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let is_inside = |c: char| c.is_alphanumeric() || ".:_-".contains(c);
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + text[at..].find(is_inside)?;
            let end = text[start..].find(|c| !is_inside(c)).map_or(text.len(), |length| start + length);
            at = end;
            let word = text[start..end].trim_end_matches(['.', ':', '-', '_']);
            let trimmed = word.trim_start_matches(['.', '-', '_']);
            if !trimmed.is_empty() {
                return Some(Word { start: start + word.len() - trimmed.len(), text: trimmed });
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_no_punctuation_around_them() {
        let found: Vec<(usize, &str)> =
            words("A TODO: (x-y) … 10.0.0.1.").map(|word| (word.start, word.text)).collect();
        assert_eq!(found, [(0, "A"), (2, "TODO"), (9, "x-y"), (18, "10.0.0.1")]);
        assert_eq!(words("... -- _").next(), None);
    }
}
