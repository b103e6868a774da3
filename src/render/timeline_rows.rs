//! Writes what a page adds to the rows of a timeline.
//!
//! Owns the HTML of the number, the time since the beginning and the phase of a row.

use crate::html_escape::{escape_attribute, escape_text};
use crate::markdown::RowPlace;
use crate::view::TimelineRowView;

/// Fills a place of a row. Other rows stay as their author wrote them.
pub(super) fn fill(html: &mut String, place: RowPlace, rows: &[TimelineRowView]) {
    let Some(row) = rows.iter().find(|row| row.block == place.block()) else { return };
    match place {
        RowPlace::Attributes(_) => {
            html.push_str(&format!(" id=\"{}\" data-phase=\"{}\"", row.id, row.phase));
            html.push_str(&format!(" data-minutes=\"{}\"", row.minutes));
        }
        RowPlace::Start(_) => number(html, row),
        RowPlace::End(_) => {
            html.push_str(&format!(" <span class=\"ob-after-start\">{}</span>", escape_text(&row.after)));
            if !row.begins.is_empty() {
                html.push_str(&format!(" <b class=\"ob-phase-name\">{}</b>", escape_text(&row.begins)));
            }
        }
    }
}

/// The number as links into the drawings: the style sheet shows that into the visible one.
fn number(html: &mut String, row: &TimelineRowView) {
    for link in &row.links {
        let (url, name) = (escape_attribute(&link.url), escape_attribute(&link.name));
        let (form, number) = (link.form, row.number);
        html.push_str(&format!(
            "<a class=\"ob-nr {form}\" href=\"{url}\" aria-label=\"{name}\">{number}</a> "
        ));
    }
}
