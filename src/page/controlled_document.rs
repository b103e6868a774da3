//! The extra rules for controlled documents (`controlled: true`).
//!
//! This module owns the checks of their dates and review interval: a controlled document is reviewed at least every
//! year and takes effect only after its approval. Its kind defines which fields it must have.

use jiff::civil::{Date, date};

use crate::diagnostic::Diagnostic;
use crate::kinds::{PageFields, Period};
use crate::path::FilePath;
use crate::rules::FRONT_MATTER_VALUE;
use crate::source::Span;

/// The longest interval between two reviews.
const YEAR: &str = "12m";

/// Reports values that a controlled document may not have.
pub(super) fn check(file: &FilePath, data: &PageFields, diagnostics: &mut Vec<Diagnostic>) {
    if !data.flag("controlled") {
        return;
    }
    let mut report = |name: &str, message: String, help: &str| {
        let span = data.span(name).unwrap_or_else(|| Span::start_of(file));
        diagnostics.push(Diagnostic::new(&FRONT_MATTER_VALUE, span, message).help(help.to_owned()));
    };
    if let Some(every) = data.period("review_every").filter(|every| is_longer_than_a_year(*every)) {
        let message =
            format!("a controlled document is reviewed every 12 months at least, not every {every}");
        report("review_every", message, "write `review_every: 12m`, or leave it to the kind");
    }
    if let (Some(approved), Some(effective)) = (data.date("approved_on"), data.date("effective_from"))
        && effective < approved
    {
        let message = format!("`effective_from` {effective} is before `approved_on` {approved}");
        report("effective_from", message, "a document is in force only when it has been approved");
    }
}

/// Compares both periods from a fixed day in a year of 365 days, because months and days have no common length.
fn is_longer_than_a_year(every: Period) -> bool {
    let day: Date = date(2026, 1, 1);
    Period::parse(YEAR).is_some_and(|year| every.after(day) > year.after(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_long_enough_in_any_unit() {
        let longer = |text: &str| is_longer_than_a_year(Period::parse(text).unwrap());
        assert!(["12m", "1y", "52w", "365d", "6m"].into_iter().all(|text| !longer(text)));
        assert!(["13m", "2y", "53w", "366d"].into_iter().all(longer));
    }
}
