//! Cards: pictures that are drawn for previews of links to pages.
//!
//! Owns which sites have them, and their URLs. `emit` draws them, `view` names them in the head of pages.

use super::{Site, SitePage};
use crate::path::UrlPath;

/// The size of a card in pixels, as programs with previews expect it.
pub const CARD_WIDTH: u32 = 1200;
pub const CARD_HEIGHT: u32 = 630;

impl Site {
    /// Whether each page has a card. Previews need absolute URLs, so a site without a base URL has none, nor has a bundle.
    pub fn has_cards(&self) -> bool {
        self.config.brand.cards && self.config.base_url.is_some() && self.bundle.is_none()
    }

    /// The URL of a page's card.
    pub fn card_url(&self, page: &SitePage) -> UrlPath {
        self.addresses().card_file(&page.url)
    }
}
