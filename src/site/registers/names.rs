//! The names of registers in settings and definitions.
//!
//! Owns the problems with such names: the setting `off` and definitions of kinds name registers that do not exist, and a
//! register of fields has a name that is taken.

use super::{COLLECTED, is_collected};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, nearest};
use crate::kinds::Kinds;
use crate::registers::FieldRegister;
use crate::rules::{CONFIG_INVALID, KIND_DEFINITION, REGISTER_DEFINITION};
use crate::site::SiteInputs;
use crate::source::Span;

/// Reports every wrong name of a register.
pub(in crate::site) fn check(inputs: &SiteInputs<'_>) -> Vec<Diagnostic> {
    let of_fields = &inputs.field_registers.list;
    let mut problems = unknown_in_off(inputs.config, of_fields);
    problems.extend(unknown_in_kinds(inputs.kinds));
    problems.extend(of_fields.iter().filter_map(taken));
    problems
}

/// Reports unknown names in the setting `off`, which switches registers off.
fn unknown_in_off(config: &Config, of_fields: &[FieldRegister]) -> Vec<Diagnostic> {
    let Some(span) = &config.registers.off_at else { return Vec::new() };
    let mut names: Vec<&str> = COLLECTED.iter().map(|register| register.name).collect();
    names.extend(of_fields.iter().map(|register| register.name.as_str()));
    names.sort_unstable();
    let mut problems = Vec::new();
    for name in config.registers.off.iter().filter(|name| !names.contains(&name.as_str())) {
        let help = match nearest(name, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the registers are `{}`", names.join("`, `")),
        };
        let message = format!("there is no register `{name}`");
        problems.push(Diagnostic::new(&CONFIG_INVALID, span.clone(), message).help(help));
    }
    problems
}

/// Reports unknown registers that definitions say their kinds feed.
fn unknown_in_kinds(kinds: &Kinds) -> Vec<Diagnostic> {
    let fed = COLLECTED.iter().filter(|register| register.is_fed_by_kinds);
    let mut names: Vec<&str> = fed.map(|register| register.name).collect();
    names.sort_unstable();
    let mut problems = Vec::new();
    for (name, span) in kinds.named_registers.iter().filter(|(name, _)| !names.contains(&name.as_str())) {
        let message = format!("there is no register `{name}`; the registers are {}", names.join(", "));
        problems.push(Diagnostic::new(&KIND_DEFINITION, span.clone(), message));
    }
    problems
}

/// The problem of a register of fields with the name of one that has code of its own.
fn taken(register: &FieldRegister) -> Option<Diagnostic> {
    let span = register.span.as_ref().filter(|_| is_collected(&register.name))?;
    let message = format!("`{}` is a register that Opsbook makes itself", register.name);
    let help = "give the file another name; `[registers] off` in `book.toml` switches the built-in one off";
    Some(Diagnostic::new(&REGISTER_DEFINITION, Span::start_of(&span.file), message).help(help))
}

#[cfg(test)]
mod tests {
    use super::unknown_in_kinds;
    use crate::kinds::Kinds;
    use crate::registers::FieldRegisters;
    use crate::site::registers::is_collected;

    #[test]
    fn built_in_kinds_feed_registers_that_exist() {
        let kinds = Kinds::built_in();
        assert!(!kinds.named_registers.is_empty());
        assert!(unknown_in_kinds(kinds).is_empty());
    }

    #[test]
    fn built_in_registers_of_fields_have_names_of_their_own() {
        let of_fields = &FieldRegisters::built_in().list;
        assert!(of_fields.iter().all(|register| !is_collected(&register.name)));
    }
}
