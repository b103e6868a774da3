//! Pages that show published files of types for which `book.toml` asks for a page.
//!
//! Owns which files have one and their URLs: `check.rules` is shown by `check.rules.html` beside it. A file that is not UTF-8 or
//! too large to be a page has none, and links lead to the file itself.

use std::collections::BTreeMap;

use super::SiteInputs;
use crate::asset::Asset;
use crate::path::{FilePath, UrlPath};
use crate::published_types::AssetForm;
use crate::source::Source;

/// A page that shows a file.
#[derive(Debug, Clone)]
pub struct FilePage {
    pub url: UrlPath,
    /// The URL of the file itself.
    pub file: UrlPath,
    pub path: FilePath,
    /// The text of the file. No line of it is hidden: levels hold for whole files.
    pub source: Source,
}

/// The URL of the page that shows an asset; `None` if it has none.
pub(super) fn url(asset: &Asset, file: &UrlPath, inputs: &SiteInputs<'_>) -> Option<UrlPath> {
    let has_page = asset.form == Some(AssetForm::Page) && inputs.sources.contains_key(&asset.file);
    has_page.then(|| UrlPath::new(format!("{file}.html")))
}

/// The pages of all published assets.
pub(super) fn collect(assets: &BTreeMap<UrlPath, Asset>, inputs: &SiteInputs<'_>) -> Vec<FilePage> {
    let mut pages = Vec::new();
    for (file, asset) in assets {
        let Some(url) = url(asset, file, inputs) else { continue };
        let Some(source) = inputs.sources.get(&asset.file) else { continue };
        pages.push(FilePage { url, file: file.clone(), path: asset.file.clone(), source: source.clone() });
    }
    pages
}
