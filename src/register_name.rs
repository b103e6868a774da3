//! The names of the registers that Opsbook makes from texts, dates and rule files.
//!
//! Owns [`RegisterName`], by which settings, definitions of kinds and the site speak of them. Registers of fields alone
//! have no name here: they are files, read by `registers`.

/// A register with code of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RegisterName {
    Actions,
    Decisions,
    Meetings,
    Incidents,
    Advisories,
    Reviews,
    Alerts,
    Controls,
}

impl RegisterName {
    /// Every register, in the order of the overview.
    pub const ALL: [RegisterName; 8] = [
        RegisterName::Actions,
        RegisterName::Decisions,
        RegisterName::Meetings,
        RegisterName::Incidents,
        RegisterName::Advisories,
        RegisterName::Reviews,
        RegisterName::Alerts,
        RegisterName::Controls,
    ];

    /// As settings and addresses write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            RegisterName::Actions => "actions",
            RegisterName::Decisions => "decisions",
            RegisterName::Meetings => "meetings",
            RegisterName::Incidents => "incidents",
            RegisterName::Advisories => "advisories",
            RegisterName::Reviews => "reviews",
            RegisterName::Alerts => "alerts",
            RegisterName::Controls => "controls",
        }
    }

    /// Whether a kind says that its pages feed the register. Any page with the right fields feeds the others.
    pub const fn is_fed_by_kinds(self) -> bool {
        !matches!(self, RegisterName::Reviews | RegisterName::Controls)
    }
}
