//! Files of the inputs that are published.
//!
//! Owns nothing but their paths: which files go out, was decided in the site. Opens none of them.

use std::sync::Arc;

use crate::asset::Asset;
use crate::output::{Body, Original, Output};
use crate::path::UrlPath;
use crate::site::Site;

pub fn emit(site: &Arc<Site>) -> Vec<Output> {
    let output = |(url, asset): (&UrlPath, &Asset)| Output {
        path: url.output_file(),
        body: Body::File(Original {
            location: asset.location.clone(),
            format: asset.format(),
            digest: asset.digest,
        }),
    };
    let linked = site.assets.iter().filter(|(url, _)| site.is_whole() || site.links(url));
    linked.map(output).collect()
}
