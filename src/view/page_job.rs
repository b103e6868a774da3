//! An HTML page as the views hand it on: the file, the template and the data for it.
//!
//! Owns [`PageJob`], [`PagePath`] and the digest by which an unchanged page is recognised. `pages` decides which pages there are.

use std::sync::OnceLock;

use super::PageView;
use super::glossary::TermLink;
use super::href::Href;
use super::print::PrintedPage;
use crate::memo::Digest;
use crate::site::PageId;

/// An HTML page to render.
#[derive(Debug)]
pub struct PageJob {
    /// The path of the file in the output.
    pub path: String,
    pub template: &'static str,
    /// A template that is used instead if the theme has it.
    pub own_template: Option<String>,
    pub view: PageView,
    /// The page of content, if any.
    pub page: Option<PageId>,
    /// The target of each link in the content, relative to this page.
    pub hrefs: Vec<Href>,
    /// The words in the content that lead to the glossary.
    pub terms: Vec<TermLink>,
    /// On the long page of a section: its pages.
    pub printed_pages: Vec<PrintedPage>,
    /// The digest of the content.
    pub(super) content: Option<Digest>,
    pub(super) digest: OnceLock<Digest>,
}

/// The file of an HTML page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PagePath {
    /// In the output.
    pub path: String,
    /// The page of content, if any.
    pub page: Option<PageId>,
}

impl PageJob {
    /// A job for a page that no author wrote. The job of a written page adds its content.
    pub(super) fn from_view(path: String, template: &'static str, view: PageView) -> PageJob {
        PageJob {
            path,
            template,
            own_template: None,
            view,
            page: None,
            content: None,
            hrefs: Vec::new(),
            terms: Vec::new(),
            printed_pages: Vec::new(),
            digest: OnceLock::new(),
        }
    }

    /// The file that is made of it.
    pub fn file(&self) -> PagePath {
        PagePath { path: self.path.clone(), page: self.page }
    }

    /// The digest of the whole job, including the content. It is computed on first use: a single build never needs
    /// it.
    pub fn digest(&self) -> Digest {
        let links = (&self.hrefs, &self.terms);
        let own =
            || (self.template, &self.own_template, &self.view, self.content, links, &self.printed_pages);
        *self.digest.get_or_init(|| Digest::of_value(&own()))
    }

    /// Whether a browser may keep this page for reading offline. Long pages are excluded, because they repeat
    /// texts, and so is the page for an unknown address.
    pub fn is_cacheable_offline(&self) -> bool {
        !matches!(self.template, "print.html" | "404.html")
    }
}
