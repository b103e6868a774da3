//! Values of fields that are given on the command line or at a question.
//!
//! Owns their names, their check by the definition of the kind, and their refusal. Writes no page.

use std::collections::BTreeMap;

use crate::diagnostic::nearest;
use crate::input::Failure;
use crate::kinds::{self, Field, FieldType, Kind, Kinds};

/// Reads each `NAME=VALUE`. A flag needs no value. Several values of one list are joined.
///
/// # Errors
/// A name that the kind does not have, a value that the field cannot have, or a second value for a field that
/// is not a list.
pub(super) fn parse_field_values(
    kinds: &Kinds,
    kind: &Kind,
    options: &[String],
) -> Result<BTreeMap<String, String>, Failure> {
    let mut given: BTreeMap<String, String> = BTreeMap::new();
    for option in options {
        let (name, value) =
            option.split_once('=').map_or((option.as_str(), None), |(n, v)| (n, Some(v.trim())));
        let field = field(kinds, kind, name.trim())?;
        let value = match value {
            Some(value) => value,
            None if field.field_type == FieldType::Flag => "true",
            None => {
                let message = format!("`--{name}` has no value");
                return Err(Failure::new(message, format!("It must be {}.", kinds::expected(field))));
            }
        };
        checked(field, value)?;
        match given.get_mut(&field.name) {
            Some(before) if field.list => *before += &format!(", {value}"),
            Some(_) => {
                return Err(Failure::new(format!("`--{name}` is given twice"), "Keep one of the two."));
            }
            None => drop(given.insert(field.name.clone(), value.to_owned())),
        }
    }
    Ok(given)
}

/// Checks the value of a field.
///
/// # Errors
/// The value is wrong; the failure names what is expected.
pub(super) fn checked(field: &Field, value: &str) -> Result<(), Failure> {
    kinds::value(field, value).map(drop).map_err(|expected| {
        let message = format!("`{}` must be {expected}, not `{value}`", field.name);
        Failure::new(message, format!("{} Nothing was written.", field.help).trim().to_owned())
    })
}

fn field<'a>(kinds: &'a Kinds, kind: &'a Kind, name: &str) -> Result<&'a Field, Failure> {
    if ["title", "kind"].contains(&name) {
        let usage = "Kind and title are not options: `opsbook new KIND \"Title\"`.";
        return Err(Failure::new(format!("`--{name}` is not an option of `new`"), usage));
    }
    // Options are written with hyphens, fields with underscores.
    let underscored = name.replace('-', "_");
    let found = kind.field(&kinds.common, name).or_else(|| kind.field(&kinds.common, &underscored));
    let Some(field) = found else { return Err(unknown(kinds, kind, &underscored)) };
    if matches!(field.field_type, FieldType::Record(_) | FieldType::Map) {
        let message = format!("`{}` holds entries of its own and cannot be given as an option", field.name);
        return Err(Failure::new(message, "Write it into the new page."));
    }
    if field.is_computed() {
        let message = format!("`{}` is computed and cannot be given as an option", field.name);
        return Err(Failure::new(message, format!("It follows from {}.", field.quoted_sources())));
    }
    Ok(field)
}

fn unknown(kinds: &Kinds, kind: &Kind, name: &str) -> Failure {
    let fields = kind.fields.iter().chain(kinds.common.iter()).map(|field| field.name.as_str());
    let options = ["root", "list", "field", "help"];
    let message = format!("{} has no field `{name}`", kind.with_article());
    let all = format!("`opsbook new {} --list` shows all of them.", kind.name);
    Failure::new(
        message,
        match nearest(&name.to_lowercase(), fields.chain(options)) {
            Some(near) => format!("Did you mean `--{near}`? {all}"),
            None => all,
        },
    )
}
