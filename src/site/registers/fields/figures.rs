//! The numbers above the tables of a register of fields.
//!
//! Owns which of them select the counted rows when readers click on them.

use crate::registers::{FieldCondition, FieldRegister, Filter};
use crate::site::registers::table::{RegisterFigure, TableHeading, Tone};

impl FieldRegister {
    /// The figures of the definition. `count` is the number of rows that meet a condition.
    pub(super) fn figures_of(&self, language: &str, count: impl Fn(&Filter) -> usize) -> Vec<RegisterFigure> {
        let mut figures = Vec::new();
        for figure in &self.figures {
            let label = self.figure_label(language, figure);
            let counted = match figure.tone.as_deref().and_then(tone_by_name) {
                Some(tone) => RegisterFigure::toned(count(&figure.filter), label, tone),
                None => RegisterFigure::new(count(&figure.filter), label),
            };
            figures.push(match one_facet(&figure.filter) {
                Some((facet, value)) => counted.filter(facet, value),
                None => counted,
            });
        }
        figures
    }
}

/// The facet and the value that select the same pages as a filter, if it names one value of one facet.
fn one_facet(filter: &Filter) -> Option<(&'static str, &str)> {
    let mut fields = filter.iter();
    let (field, FieldCondition::OneOf(values)) = fields.next()? else { return None };
    let [value] = values.as_slice() else { return None };
    let facet = TableHeading::new(field.clone(), "").facet?;
    fields.next().is_none().then_some((facet, value.as_str()))
}

fn tone_by_name(name: &str) -> Option<Tone> {
    match name {
        "good" => Some(Tone::Good),
        "warn" => Some(Tone::Warn),
        "bad" => Some(Tone::Bad),
        _ => None,
    }
}
