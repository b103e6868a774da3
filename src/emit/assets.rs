//! Files that are published as they are.
//!
//! Owns nothing but their paths: which files go out, was decided in the site. Opens none of them.

use crate::output::{Body, Output};
use crate::site::Site;

pub fn emit(site: &Site) -> Vec<Output> {
    let output = |(url, asset): (&crate::path::UrlPath, &crate::asset::Asset)| Output {
        path: url.output_file(),
        body: Body::File(asset.location.clone()),
    };
    site.assets.iter().map(output).collect()
}
