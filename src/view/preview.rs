//! What other programs show of a link to a page: messengers, chats, search engines (the Open Graph protocol).
//!
//! Owns [`PreviewView`]. Title and description are those of the page; a picture needs its whole address, so there is
//! none where the handbook does not say where it stands.

use serde::Serialize;

use super::fields::is_picture;
use crate::site::{PageId, Site, Target};

/// The field that names the picture of a page, in whatever kind has it.
const IMAGE: &str = "image";

/// A page as a preview shows it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct PreviewView {
    /// `website` for the home page, else `article`.
    pub kind: &'static str,
    /// Absolute.
    pub image: Option<String>,
}

/// The preview of a written page; a bundle has no address that somebody could pass on.
pub(super) fn preview(site: &Site, id: PageId) -> Option<PreviewView> {
    let home = site.page(id).url.as_str().is_empty();
    let kind = if home { "website" } else { "article" };
    site.bundle.is_none().then(|| PreviewView { kind, image: image(site, id) })
}

fn image(site: &Site, id: PageId) -> Option<String> {
    let page = site.page(id);
    let target = page.resolved.files.get(page.page.front.data.text(IMAGE)?)?;
    let Target::Asset { url, .. } = target else { return None };
    let base = site.config.base_url.as_ref().filter(|_| is_picture(target))?;
    Some(format!("{base}{}", url.encoded()))
}
