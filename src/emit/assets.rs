//! The input files that published pages link.
//!
//! Owns only their output paths. The site has already decided which files are published, and none is opened here.

use std::sync::Arc;

use crate::asset::Asset;
use crate::output::{Body, Original, Output};
use crate::path::UrlPath;
use crate::site::Site;

pub fn emit(site: &Arc<Site>) -> Vec<Output> {
    let output = |(url, asset): (&UrlPath, &Asset)| {
        let original =
            Original { location: asset.location.clone(), format: asset.format(), digest: asset.digest };
        Output::new(url.output_file(), Body::File(original))
    };
    // A bundle of some sections has only the files that its own pages link.
    let linked = site.assets.iter().filter(|(url, _)| site.is_whole() || site.links(url));
    linked.map(output).collect()
}
