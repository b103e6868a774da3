//! `[assets]` of `book.toml`: further types of files that the handbook publishes.
//!
//! Owns the check of these settings. [`crate::published_types`] knows which types can be added.

use crate::fields::{FieldEntry, FieldReader, text_of};
use crate::published_types::{AssetForm, AssetTypes, RefusedType};

pub(super) fn read(mut assets: FieldReader<'_>) -> AssetTypes {
    let mut types = AssetTypes::default();
    for field in assets.map(&["types"]) {
        if let Some(form) = form(&mut assets, &field) {
            types.0.insert(field.key, form);
        }
    }
    assets.finish(&[]);
    types
}

/// How files of a type are published; `None` after a report.
fn form(assets: &mut FieldReader<'_>, field: &FieldEntry) -> Option<AssetForm> {
    if let Some(refused) = RefusedType::of(&field.key) {
        let message = format!("`{}` {}", field.key, refused.message());
        assets.report(field, message, Some(refused.way_out().to_owned()));
        return None;
    }
    let form = text_of(&field.value).as_deref().and_then(AssetForm::named);
    if form.is_none() {
        let message = format!("`{}` must be `page` or `download`", field.key);
        let help = "`page` shows the text on a page of its own; `download` sends it as plain text";
        assets.report(field, message, Some(help.to_owned()));
    }
    form
}
