//! The risk of running a command.
//!
//! Owns the four levels, which are the same as in the definition of runbooks. Must not know pages.

/// The levels, in the order of their danger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Risk {
    ReadOnly,
    Change,
    Disruptive,
    Destructive,
}

impl Risk {
    pub const ALL: [Risk; 4] = [Risk::ReadOnly, Risk::Change, Risk::Disruptive, Risk::Destructive];

    /// Reads `read-only`, `change`, `disruptive` or `destructive`.
    pub fn parse(text: &str) -> Option<Risk> {
        Risk::ALL.into_iter().find(|risk| risk.name() == text)
    }

    /// The name that authors write.
    pub fn name(self) -> &'static str {
        match self {
            Risk::ReadOnly => "read-only",
            Risk::Change => "change",
            Risk::Disruptive => "disruptive",
            Risk::Destructive => "destructive",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::{FieldType, Kinds};

    #[test]
    fn runbooks_have_the_same_levels() {
        let (kind, _) = Kinds::built_in().find("runbook").unwrap();
        let FieldType::Choice(values) = &kind.field(&[], "risk").unwrap().field_type else { panic!() };
        let names: Vec<&str> = values.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, Risk::ALL.map(Risk::name));
    }
}
