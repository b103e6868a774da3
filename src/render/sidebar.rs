//! Renders each sidebar once for all pages that share it.
//!
//! Owns the template of the sidebar, and how the link to the current page is marked in the rendered text: the
//! template cannot know the page. Does not decide what a sidebar contains.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tera::{Value, escape_html};

use super::{Renderer, Shared};
use crate::diagnostic::Diagnostic;
use crate::view::{PageView, SidebarView};

const TEMPLATE: &str = "partials/nav.html";

/// A sidebar for templates.
pub(super) struct Sidebar {
    /// The view of the sidebar.
    pub data: Value,
    html: String,
}

type Made = Result<Arc<Sidebar>, Box<Diagnostic>>;

/// Rendered sidebars by the addresses of their views. The map owns the views too, so that no address is used again.
pub(super) type RenderedSidebars = Mutex<HashMap<usize, (Arc<SidebarView>, Made)>>;

impl Renderer {
    /// The sidebar of a page.
    ///
    /// # Errors
    /// Returns an error if the template asks for a value that it does not get.
    pub(super) fn sidebar(&self, shared: &Shared, page: &PageView) -> Made {
        // No other page shares it, so there is nothing to remember.
        if Arc::strong_count(&page.nav) == 1 {
            return self.make_sidebar(shared, page);
        }
        let mut known = shared.sidebars.lock().unwrap_or_else(PoisonError::into_inner);
        let make = || (Arc::clone(&page.nav), self.make_sidebar(shared, page));
        let (_, made) = known.entry(Arc::as_ptr(&page.nav).addr()).or_insert_with(make);
        made.clone()
    }

    fn make_sidebar(&self, shared: &Shared, page: &PageView) -> Made {
        let data = Value::from_serializable(&*page.nav);
        let mut context = self.context(shared, page);
        context.insert_value("nav", data.clone());
        Ok(Arc::new(Sidebar { data, html: self.rendered(TEMPLATE, &context)? }))
    }
}

impl Sidebar {
    /// The rendered text with the first link to `here` marked as the current page.
    pub fn on(&self, here: &str) -> String {
        let mut link = b"href=\"".to_vec();
        escape_html(here, &mut link).expect("writing into bytes cannot fail");
        link.push(b'"');
        let link = String::from_utf8(link).expect("escaped text is text");
        let end = self.html.find(&link).filter(|_| !here.is_empty()).map(|at| at + link.len());
        let (before, after) = self.html.split_at(end.unwrap_or(0));
        match end {
            Some(_) => [before, " aria-current=\"page\"", after].concat(),
            None => after.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_link_to_the_page_is_marked() {
        let html =
            "<a href=\"../a/\">A</a><a href=\"../a&amp;b/\">B</a><a href=\"../a/\">rest</a>".to_owned();
        let sidebar = Sidebar { data: Value::none(), html };
        let marked = |here: &str| sidebar.on(here).replace(" aria-current=\"page\"", "*");
        assert_eq!(
            marked("../a/"),
            "<a href=\"../a/\"*>A</a><a href=\"../a&amp;b/\">B</a><a href=\"../a/\">rest</a>"
        );
        assert!(marked("../a&b/").contains("b/\"*>B"));
        assert!(!marked("../c/").contains('*') && !marked("").contains('*'));
    }
}
