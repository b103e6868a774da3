//! Finds characters in code that readers cannot see, or that show the text around them in another order.
//!
//! Owns which characters these are. Sources: Unicode TR36 and TR55, "Trojan Source".

/// The invisible characters of a text with their offsets in bytes.
pub fn invisible_characters(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut previous = ' ';
    let mut end_of_flag = 0;
    // Most code is ASCII, which has none of them.
    let searched = if text.is_ascii() { "" } else { text };
    searched.char_indices().filter(move |(offset, c)| {
        let before = std::mem::replace(&mut previous, *c);
        match c {
            // Emoji and some scripts need joiners between their characters.
            '\u{200c}' | '\u{200d}' => before.is_ascii(),
            '\u{1f3f4}' => {
                let behind = offset + c.len_utf8();
                end_of_flag = behind + region_length(&text[behind..]);
                false
            }
            _ => *offset >= end_of_flag && name(*c).is_some(),
        }
    })
}

/// The length in bytes of the tag characters at the beginning of a text that name a region and make its flag of a black one, such
/// as `gbsct` with the end of tags; 0 if there are none. Source: Unicode TS51, emoji tag sequences.
fn region_length(text: &str) -> usize {
    let is_tag = |c: &char| matches!(c, '\u{e0030}'..='\u{e0039}' | '\u{e0061}'..='\u{e007a}');
    let tags = text.chars().take(8).take_while(is_tag).count();
    let end = tags * '\u{e0061}'.len_utf8();
    let is_region = (3..=7).contains(&tags) && text[end..].starts_with('\u{e007f}');
    if is_region { end + '\u{e007f}'.len_utf8() } else { 0 }
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
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' => Some("Hangul filler"),
        '\u{206a}'..='\u{206f}' => Some("deprecated format character"),
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
        let found = |text: &str| invisible_characters(text).map(|(at, _)| at).collect::<Vec<_>>();
        let flag = "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}";
        assert_eq!(found(&format!("é {flag}{flag}")), [0; 0]);
        // Tags that name no region can hide a text, also after a flag.
        assert_eq!(found(&format!("{flag}\u{e0067}")), [flag.len()]);
        assert_eq!(found("🏴\u{e0067}\u{e0062}x"), [4, 8]);
        assert_eq!(found("👩\u{200d}💻 ناه\u{200c}ار é ♥\u{fe0f}"), [0; 0]);
        assert_eq!(found("rm\u{200d} x\u{200b}\u{202e}y"), [2, 7, 10]);
        assert_eq!(found("a\u{3164}b\u{ffa0}\u{115f}\u{1160}\u{206a}\u{206f}"), [1, 5, 8, 11, 14, 17]);
        assert_eq!(describe('\u{200b}'), "U+200B (zero-width space)");
    }
}
