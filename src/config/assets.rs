//! `[assets]` of `book.toml`: further types of files that the handbook publishes, and the size of images.
//!
//! Owns the check of these settings. [`crate::published_types`] knows which types can be added.

use crate::fields::{FieldEntry, FieldReader, text_of};
use crate::published_types::{AssetForm, AssetTypes, RefusedType};

/// The size in bytes above which an image is reported if the settings do not say so. It takes a phone with 4 Mbit/s two
/// seconds.
pub(super) const LARGEST_IMAGE: u64 = 1_000_000;

/// The types, and the size of the largest image in bytes.
pub(super) fn read(mut assets: FieldReader<'_>) -> (AssetTypes, u64) {
    let mut types = AssetTypes::default();
    for field in assets.map(&["types"]) {
        if let Some(form) = form(&mut assets, &field) {
            types.0.insert(field.key, form);
        }
    }
    let largest_image = largest_image(&mut assets);
    assets.finish(&[]);
    (types, largest_image)
}

/// The size of the largest image in bytes. Settings name it in kilobytes.
fn largest_image(assets: &mut FieldReader<'_>) -> u64 {
    let Some(field) = assets.take(&["largest_image"]) else { return LARGEST_IMAGE };
    let kilobytes: Option<u64> = text_of(&field.value).and_then(|text| text.parse().ok());
    match kilobytes.filter(|kilobytes| (1..=100_000).contains(kilobytes)) {
        Some(kilobytes) => kilobytes * 1000,
        None => {
            let message = "`largest_image` must be a whole number of kilobytes from 1 to 100000".to_owned();
            assets.report(&field, message, None);
            LARGEST_IMAGE
        }
    }
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
