//! Finds characters in code that readers cannot see, or that show the text around them in another order.
//!
//! Owns which characters these are. Sources: Unicode TR36 and TR55, "Trojan Source".

/// The invisible characters of a text with their offsets in bytes.
pub fn invisible_characters(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut previous = ' ';
    text.char_indices().filter(move |(_, c)| {
        let before = std::mem::replace(&mut previous, *c);
        match c {
            // Emoji and some scripts need joiners between their characters.
            '\u{200c}' | '\u{200d}' => before.is_ascii(),
            _ => name(*c).is_some(),
        }
    })
}

/// How an invisible character is called in a message: `U+200B (zero-width space)`.
pub fn describe(c: char) -> String {
    format!("U+{:04X} ({})", u32::from(c), name(c).unwrap_or("invisible"))
}

fn name(c: char) -> Option<&'static str> {
    match c {
        '\u{ad}' => Some("soft hyphen"),
        '\u{180e}' | '\u{200b}' => Some("zero-width space"),
        '\u{200c}' => Some("zero-width non-joiner"),
        '\u{200d}' => Some("zero-width joiner"),
        '\u{2060}' | '\u{feff}' => Some("zero-width no-break space"),
        '\u{2061}'..='\u{2064}' => Some("invisible operator"),
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            Some("changes the direction of the text")
        }
        '\u{e0000}'..='\u{e007f}' => Some("invisible tag"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joiners_between_visible_characters_that_need_them_are_right() {
        let found = |text| invisible_characters(text).map(|(at, _)| at).collect::<Vec<_>>();
        assert_eq!(found("👩\u{200d}💻 ناه\u{200c}ار é ♥\u{fe0f}"), [0; 0]);
        assert_eq!(found("rm\u{200d} x\u{200b}\u{202e}y"), [2, 7, 10]);
        assert_eq!(describe('\u{200b}'), "U+200B (zero-width space)");
    }
}
