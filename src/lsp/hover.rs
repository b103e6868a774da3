//! What the editor shows of the link or the field at the cursor.
//!
//! Owns the wording of hovers: of a page its title, state, owner and first sentences; of a field its definition.

use gen_lsp_types as lsp;

use super::client_view::AskedPlace;
use super::front_matter_cursor::{FrontMatterCursor, field_at_path};
use super::navigation::address_at;
use crate::kinds::{Field, FieldType, Required, expected};
use crate::report::{escape, owners};
use crate::site::{PageId, SitePage};

/// The hover at the cursor.
pub fn hover(place: &AskedPlace<'_>) -> Option<lsp::Hover> {
    let lines = place.client.lines(&place.source.path, &place.source.text);
    let (text, range) = match address_at(place) {
        Some(named) => {
            let (id, page) = place.analysis.page(named.file.as_ref()?)?;
            let heading = named.anchor.as_ref().and_then(|anchor| {
                let heading = place.analysis.heading(&page.page.file, anchor)?;
                Some(heading.text.as_str())
            });
            (page_text(place, id, page, heading), named.address.range)
        }
        None => {
            let cursor = FrontMatterCursor::find(&place.source.text, place.offset)?;
            let key = cursor.key_range.clone().filter(|key| (key.start..=key.end).contains(&place.offset))?;
            let kind = cursor.kind(place.analysis, &place.source.path);
            let field = field_at_path(&place.analysis.inputs().kinds, kind, &cursor.path)?;
            (field_text(field), key)
        }
    };
    Some(lsp::Hover {
        contents: lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value: text }.into(),
        range: Some(lines.range(range)),
    })
}

fn page_text(place: &AskedPlace<'_>, id: PageId, page: &SitePage, heading: Option<&str>) -> String {
    let front = &page.page.front;
    let mut text = format!("**{}**", plain(&page.page.title));
    if let Some(heading) = heading {
        text.push_str(&format!(" › {}", plain(heading)));
    }
    let mut facts = vec![front.kind.title.clone()];
    facts.extend(front.data.text("status").map(str::to_owned));
    if front.draft {
        facts.push("draft".to_owned());
    }
    if let Some(review) = place.analysis.handbook.site.registers.reviews.for_page(id) {
        let until = review.until.map(|day| format!(", until {day}")).unwrap_or_default();
        facts.push(format!("review {}{until}", review.state.name()));
    }
    let levels = &place.analysis.inputs().config.visibility;
    if levels.is_in_use() {
        facts.push(levels.levels.name(front.visibility.access.level).to_owned());
    }
    let code_owners = place.analysis.inputs().code_owners(&page.page.file);
    let people = &place.analysis.handbook.site.registers.people;
    let (owners, _) = owners::of_page(front, code_owners, people);
    if !owners.is_empty() {
        facts.push(format!("owner: {}", owners.join(", ")));
    }
    let facts: Vec<String> = facts.iter().map(|fact| plain(fact)).collect();
    text.push_str(&format!("  \n{}", facts.join(" · ")));
    if !page.page.description.is_empty() {
        text.push_str(&format!("\n\n{}", plain(&page.page.description)));
    }
    text
}

/// What the definition of a field says.
pub fn field_text(field: &Field) -> String {
    let mut text = format!("{}\n\n`{}`: {}", field.help, field.name, expected(field));
    if field.required == Required::Always {
        text.push_str(", required");
    }
    if let Some(default) = &field.default {
        text.push_str(&format!(", default `{default}`"));
    }
    if let FieldType::Choice(choices) = &field.field_type {
        for (value, help) in choices {
            text.push_str(&format!("\n- `{value}`: {help}"));
        }
    } else if let Some(example) = &field.example {
        text.push_str(&format!("\n\nExample: `{example}`"));
    }
    text
}

/// A text of the handbook as Markdown that shows it as it is.
fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in escape::escape(text).chars() {
        if "\\`*_{}[]<>()#+!|~&".contains(character) {
            shown.push('\\');
        }
        shown.push(character);
    }
    shown
}
