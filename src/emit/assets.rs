//! The input files that published pages link.
//!
//! Owns only their output paths. The site has already decided which files are published, and none is opened here.

use std::sync::Arc;

use crate::asset::Asset;
use crate::output::{Body, MediaOfFile, Original, Output};
use crate::site::Site;

/// The files that published pages link.
pub fn emit(site: &Arc<Site>) -> Vec<Output> {
    // A bundle of some sections has only the files that its own pages link.
    let linked = site.assets.iter().filter(|(url, _)| site.is_whole() || site.links(url));
    linked.map(|(url, asset)| Output::new(site.output_file(url), original(asset))).collect()
}

/// The body of an output that is a file of the inputs.
pub(super) fn original(asset: &Asset) -> Body {
    let media = if asset.form.is_some() { MediaOfFile::PlainText } else { MediaOfFile::ByName };
    Body::File(Original {
        location: asset.location.clone(),
        format: asset.format(),
        digest: asset.digest,
        media,
    })
}
