//! Link previews in other programs, such as messengers and search engines (the Open Graph protocol).
//!
//! This module owns [`PreviewView`]. Title and description are those of the page. A picture needs an absolute URL,
//! so there is none without a base URL. A page without a picture has that of the settings.

use serde::Serialize;

use super::fields::is_picture;
use crate::path::UrlPath;
use crate::site::{PageId, Site, Target};

/// The field with the picture of a page, in any kind that has it.
const IMAGE: &str = "image";

/// The preview of a page.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct PreviewView {
    /// `website` for the home page, else `article`.
    pub kind: &'static str,
    /// The absolute URL of the picture.
    pub image: Option<String>,
}

/// The preview of a page. A bundle has none, because it has no address to share.
pub(super) fn preview(site: &Site, id: PageId) -> Option<PreviewView> {
    let home = site.page(id).url.as_str().is_empty();
    let kind = if home { "website" } else { "article" };
    site.bundle.is_none().then(|| PreviewView { kind, image: image(site, id) })
}

/// The picture of the page, else that of the whole handbook.
fn image(site: &Site, id: PageId) -> Option<String> {
    let base = site.config.base_url.as_ref()?;
    let url = picture(site, id).or(site.brand.card.as_ref().map(|card| &card.url))?;
    Some(format!("{base}{}", url.encoded()))
}

fn picture(site: &Site, id: PageId) -> Option<&UrlPath> {
    let page = site.page(id);
    let target = page.resolved.files.get(page.page.front.data.text(IMAGE)?)?;
    match target {
        Target::Asset { url, .. } if is_picture(target) => Some(url),
        _ => None,
    }
}
