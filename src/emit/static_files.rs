//! The files of the static folder, under their own names in the root of the site.
//!
//! Owns which of them a bundle has: what its pages link. The others are for web servers and programs.

use std::sync::Arc;

use super::assets::original;
use crate::output::Output;
use crate::site::Site;

/// The published files of the static folder.
pub fn emit(site: &Arc<Site>) -> Vec<Output> {
    let files = site.static_files.iter().filter(|(url, _)| site.bundle.is_none() || site.links(url));
    files.map(|(url, asset)| Output::new(site.output_file(url), original(asset))).collect()
}
