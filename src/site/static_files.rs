//! The files of the static folder, which are published in the root of the site under their own names.
//!
//! Owns which of them are published. Their types were judged when they were read, and who may see them is decided before.

use std::collections::BTreeMap;

use super::{SiteInputs, assets};
use crate::asset::Asset;
use crate::diagnostic::Diagnostic;
use crate::path::{FilePath, UrlPath};
use crate::source::Span;

/// The files that are published, and the problems of the others.
pub(super) fn published(inputs: &SiteInputs<'_>) -> (BTreeMap<UrlPath, Asset>, Vec<Diagnostic>) {
    let (mut files, mut diagnostics) = (BTreeMap::new(), Vec::new());
    for asset in inputs.static_files.values() {
        diagnostics.extend(assets::problems(asset, &Span::start_of(&asset.file)));
        if let Some(url) = url(asset, inputs) {
            files.insert(url, asset.clone());
        }
    }
    (files, diagnostics)
}

/// The file of the static folder that a link to `path` in the content folder leads to, if there is none at `path` itself.
pub(super) fn find<'a>(path: &FilePath, inputs: &SiteInputs<'a>) -> Option<&'a Asset> {
    let beside = beside(path, inputs)?;
    // Where the root is the content folder, authors may also name the folder.
    inputs.static_files.get(&beside).or_else(|| inputs.static_files.get(path))
}

/// The path in the static folder whose file has the address that `path` in the content folder stands for.
pub(super) fn beside(path: &FilePath, inputs: &SiteInputs<'_>) -> Option<FilePath> {
    FilePath::in_folder(&inputs.config.static_folder, path.beneath(&inputs.config.content)?)
}

/// The URL of a file; `None` if it is not published.
pub(super) fn url(asset: &Asset, inputs: &SiteInputs<'_>) -> Option<UrlPath> {
    let path = asset.file.beneath(&inputs.config.static_folder)?;
    assets::is_published(asset).then(|| UrlPath::new(path))
}
