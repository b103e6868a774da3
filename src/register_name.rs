//! The names of the registers that have code of their own.
//!
//! Owns [`RegisterName`], which settings, definitions of kinds and the site use. These registers are made from texts,
//! dates and rule files. Registers of fields are not listed here: files define them, and `registers` reads those files.

/// A register that has code of its own.
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
    Calendar,
    Health,
    Owners,
    Poster,
}

impl RegisterName {
    /// Every register of this type, in the order of the overview page.
    pub const ALL: [RegisterName; 12] = [
        RegisterName::Actions,
        RegisterName::Decisions,
        RegisterName::Meetings,
        RegisterName::Calendar,
        RegisterName::Health,
        RegisterName::Incidents,
        RegisterName::Advisories,
        RegisterName::Reviews,
        RegisterName::Owners,
        RegisterName::Alerts,
        RegisterName::Controls,
        RegisterName::Poster,
    ];

    /// The name in settings and URLs.
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
            RegisterName::Calendar => "calendar",
            RegisterName::Health => "health",
            RegisterName::Owners => "owners",
            RegisterName::Poster => "poster",
        }
    }

    /// Whether the definition of a kind decides that its pages feed the register. If not, any page with the right
    /// fields feeds it.
    pub const fn is_fed_by_kinds(self) -> bool {
        !matches!(
            self,
            RegisterName::Reviews
                | RegisterName::Controls
                | RegisterName::Calendar
                | RegisterName::Health
                | RegisterName::Owners
                | RegisterName::Poster
        )
    }
}
