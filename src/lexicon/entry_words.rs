//! The words by which a register that a file defines finds its entries.
//!
//! Owns [`EntryWords`]. `registers` reads them from a definition, and `page::facts` compares texts with them.

/// The words of one register.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct EntryWords {
    /// The name of the register.
    pub register: String,
    /// The names of the kinds whose pages are read; empty for all kinds.
    pub kinds: Vec<String>,
    /// Headings in lower case. Each item of a list below one is an entry.
    pub headings: Vec<String>,
    /// Labels in lower case. The text after a label and its colon is an entry.
    pub labels: Vec<String>,
}

impl EntryWords {
    /// Whether pages of a kind are read.
    pub fn reads(&self, kind: &str) -> bool {
        self.kinds.is_empty() || self.kinds.iter().any(|name| name == kind)
    }
}
