//! Checks the references within definitions: fields and values in conditions, aliases and translations.
//!
//! Owns the checks that run when all files have been read, because a file of the handbook may refer to fields that a
//! built-in definition has.

use std::collections::BTreeMap;

use super::built_in::COMMON;
use super::{Field, FieldType, Kind, typed_front_matter};
use crate::diagnostic::{Diagnostic, nearest};
use crate::rules::KIND_DEFINITION;
use crate::source::Span;

/// Something that must be true of the finished definitions, and where it is written.
pub(super) struct DefinitionClaim {
    pub span: Span,
    /// The kind that the claim is about.
    pub kind: String,
    /// The name of a field, or an alias of the kind.
    pub name: String,
    pub about: ClaimSubject,
}

pub(super) enum ClaimSubject {
    /// The field exists and may have these values.
    Values(Vec<String>),
    /// The field is a choice and may have these values.
    Marked(Vec<String>),
    /// The field exists and holds a date or a time.
    Date,
    /// The field exists and holds a period.
    Period,
    /// The kind has a section with this heading.
    Section,
    /// The same as `Values` for a field with a translation. The field is named by its path: `patches.state`.
    Words(Vec<String>),
    /// No other kind has this name or alias.
    Alias,
}

impl ClaimSubject {
    /// Whether it is about texts and marks of values: where a handbook defines the field anew, they do not count.
    pub fn is_about_values(&self) -> bool {
        matches!(self, ClaimSubject::Words(_) | ClaimSubject::Marked(_))
    }
}

/// Reports the claims that are not true.
pub(super) fn check(
    claims: &[DefinitionClaim],
    kinds: &BTreeMap<String, Kind>,
    common: &[Field],
) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for claim in claims {
        // The common fields are not a kind of their own, so claims about them are checked with the kind `page`.
        let kind = if claim.kind == COMMON { "page" } else { &claim.kind };
        let Some(kind) = kinds.get(kind) else { continue };
        match &claim.about {
            ClaimSubject::Values(values) | ClaimSubject::Words(values) => {
                problems.extend(claim.of_field(kind, common, values))
            }
            ClaimSubject::Marked(values) => problems.extend(claim.of_choice(kind, common, values)),
            ClaimSubject::Date => problems.extend(claim.of_date(kind, common)),
            ClaimSubject::Period => problems.extend(claim.of_period(kind, common)),
            ClaimSubject::Section => problems.extend(claim.of_section(kind)),
            ClaimSubject::Alias => problems.extend(claim.of_alias(kinds)),
        }
    }
    problems
}

impl DefinitionClaim {
    fn of_field(&self, kind: &Kind, common: &[Field], values: &[String]) -> Vec<Diagnostic> {
        let Some(field) = found(kind, common, &self.name) else {
            let problem = self.problem(format!("{} has no field `{}`", kind.with_article(), self.name));
            let names = kind.fields.iter().chain(common).map(|field| field.name.as_str());
            let near = nearest(&self.name, names).map(|near| format!("did you mean `{near}`?"));
            return vec![near.into_iter().fold(problem, Diagnostic::help)];
        };
        let wrong = |value: &String| {
            let expected = typed_front_matter::value(field, value).err()?;
            Some(self.problem(format!("`{}` must be {expected}, not `{value}`", field.name)))
        };
        values.iter().filter_map(wrong).collect()
    }

    fn of_choice(&self, kind: &Kind, common: &[Field], values: &[String]) -> Vec<Diagnostic> {
        match found(kind, common, &self.name).map(|field| (&field.field_type, field.list)) {
            Some((FieldType::Choice(_), false)) | None => self.of_field(kind, common, values),
            Some(_) => {
                vec![self.problem(format!("`{}` has no marks: it is not a choice of one value", self.name))]
            }
        }
    }

    fn of_date(&self, kind: &Kind, common: &[Field]) -> Vec<Diagnostic> {
        match found(kind, common, &self.name).map(|field| (&field.field_type, field.list)) {
            Some((FieldType::Date | FieldType::Time, false)) => Vec::new(),
            Some(_) => {
                vec![self.problem(format!("`{}` must be a field of type `date` or `time`", self.name))]
            }
            None => self.of_field(kind, common, &[]),
        }
    }

    fn of_period(&self, kind: &Kind, common: &[Field]) -> Vec<Diagnostic> {
        match found(kind, common, &self.name).map(|field| (&field.field_type, field.list)) {
            Some((FieldType::Period, false)) => Vec::new(),
            Some(_) => vec![self.problem(format!("`{}` must be a field of type `period`", self.name))],
            None => self.of_field(kind, common, &[]),
        }
    }

    fn of_section(&self, kind: &Kind) -> Option<Diagnostic> {
        if kind.section(&self.name).is_some() {
            return None;
        }
        let problem = self.problem(format!("{} has no section `{}`", kind.with_article(), self.name));
        let near = nearest(&self.name, kind.sections.iter().map(|section| section.heading.as_str()));
        Some(near.into_iter().fold(problem, |problem, near| problem.help(format!("did you mean `{near}`?"))))
    }

    fn of_alias(&self, kinds: &BTreeMap<String, Kind>) -> Option<Diagnostic> {
        let taken = |kind: &&Kind| {
            kind.name != self.kind && kind.aliases.iter().any(|(alias, _)| *alias == self.name)
        };
        let other = kinds.get(&self.name).or_else(|| kinds.values().find(taken))?;
        Some(self.problem(format!("`{}` already means the kind `{}`", self.name, other.name)))
    }

    fn problem(&self, message: String) -> Diagnostic {
        Diagnostic::new(&KIND_DEFINITION, self.span.clone(), message)
    }
}

/// The field with a name, or with a path into records: `patches.state`.
fn found<'a>(kind: &'a Kind, common: &'a [Field], path: &str) -> Option<&'a Field> {
    let mut names = path.split('.');
    let mut field = kind.field(common, names.next()?)?;
    for name in names {
        let FieldType::Record(inner) = &field.field_type else { return None };
        field = inner.iter().find(|field| field.name == name)?;
    }
    Some(field)
}
