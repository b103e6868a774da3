//! Link previews in other programs, such as messengers and search engines (the Open Graph protocol).
//!
//! This module owns [`PreviewView`]. Title and description are those of the page. A picture needs an absolute URL,
//! so there is none without a base URL. A page without a picture has the card that is drawn for it, or that of the
//! settings.

use serde::Serialize;

use super::fields::is_picture;
use crate::path::UrlPath;
use crate::site::{CARD_HEIGHT, CARD_WIDTH, PageId, Site, Target};

/// The field with the picture of a page, in any kind that has it.
const IMAGE: &str = "image";

/// The preview of a page.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct PreviewView {
    /// `website` for the home page, else `article`.
    pub kind: &'static str,
    /// The absolute URL of the picture.
    pub image: Option<String>,
    /// The size of the picture, if it is a drawn card.
    pub card: Option<CardSizeView>,
}

/// The size of a drawn card in pixels.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct CardSizeView {
    pub width: u32,
    pub height: u32,
}

/// The preview of a page. A bundle has none, because it has no address to share.
pub(super) fn preview(site: &Site, id: PageId) -> Option<PreviewView> {
    if site.bundle.is_some() {
        return None;
    }
    let page = site.page(id);
    let is_home = page.url.as_str().is_empty();
    let of_settings = site.brand.card.as_ref().map(|card| &card.url);
    // The picture of the settings stands for the whole handbook, and so does its home page.
    let is_drawn = site.has_cards() && !(is_home && of_settings.is_some());
    let (own, card) = (picture(site, id), site.card_url(page));
    let url = own.or(is_drawn.then_some(&card)).or(of_settings);
    Some(PreviewView {
        kind: if is_home { "website" } else { "article" },
        image: url
            .and_then(|url| site.config.base_url.as_ref().map(|base| format!("{base}{}", url.encoded()))),
        card: (own.is_none() && is_drawn).then_some(CardSizeView { width: CARD_WIDTH, height: CARD_HEIGHT }),
    })
}

fn picture(site: &Site, id: PageId) -> Option<&UrlPath> {
    let page = site.page(id);
    let target = page.resolved.files.get(page.page.front.data.text(IMAGE)?)?;
    match target {
        Target::Asset { url, .. } if is_picture(target) => Some(url),
        _ => None,
    }
}
