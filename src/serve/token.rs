//! The secret that lets another machine see the preview.
//!
//! Owns how it is made and compared. A browser gets it from the URL that `opsbook serve` prints, and keeps it in a
//! cookie.

use crate::input::{Failure, random_hex};

/// The number of random bytes.
const BYTES: usize = 16;

/// A random text of hexadecimal digits.
#[derive(Clone)]
pub(super) struct Token(String);

impl Token {
    /// A new token.
    ///
    /// # Errors
    /// The operating system gives no random bytes.
    pub fn random() -> Result<Token, Failure> {
        random_hex(BYTES).map(Token)
    }

    pub fn text(&self) -> &str {
        &self.0
    }

    /// Whether a text is the token. The time does not depend on how much of it is right.
    pub fn is(&self, text: &str) -> bool {
        blake3::hash(self.0.as_bytes()) == blake3::hash(text.as_bytes())
    }
}

impl std::fmt::Debug for Token {
    /// Leaves the secret out, because debug output ends up in logs.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Token")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_are_only_themselves() {
        let (one, two) = (Token::random().unwrap(), Token::random().unwrap());
        assert!(one.is(one.text()) && !one.is(two.text()) && !one.is("") && !one.is(&one.text()[..31]));
        assert_eq!(one.text().len(), 32);
        assert!(!format!("{one:?}").contains(one.text()));
    }
}
