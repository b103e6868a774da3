//! HTML pages: the finished body with its holes filled, inside a template.
//!
//! Owns [`Renderer`]. Sees views and documents only; decides nothing about what a page shows.

use std::collections::BTreeMap;
use std::sync::Arc;

use tera::{Context, Tera};

use crate::diagnostic::Diagnostic;
use crate::markdown::{Document, Fill, Role, escape};
use crate::path::FilePath;
use crate::rules::THEME_TEMPLATE;
use crate::source::{Source, Span};
use crate::theme::Theme;
use crate::view::{Href, PageView, SiteView};

/// Compiled templates.
pub struct Renderer {
    tera: Tera,
    files: BTreeMap<String, FilePath>,
}

impl Renderer {
    /// Compiles the theme's templates.
    ///
    /// # Errors
    /// Every template that cannot be read, with the place in it.
    pub fn new(theme: &Theme) -> Result<Renderer, Vec<Diagnostic>> {
        let mut tera = Tera::new();
        let templates = theme.templates.iter().map(|(name, source)| (name.as_str(), &*source.text));
        let files =
            theme.templates.iter().map(|(name, source)| (name.clone(), source.path.clone())).collect();
        match tera.add_raw_templates(templates) {
            Ok(()) => Ok(Renderer { tera, files }),
            Err(error) => Err(vec![problem(&error, &theme.templates)]),
        }
    }

    /// Renders one page.
    ///
    /// # Errors
    /// What the template asks for and does not get.
    pub fn page(
        &self,
        template: &str,
        site: &SiteView,
        page: &PageView,
        body: &str,
    ) -> Result<Arc<str>, Box<Diagnostic>> {
        let mut context = Context::new();
        context.insert("site", site);
        context.insert("page", page);
        context.insert("body", body);
        self.tera.render(template, &context).map(Arc::from).map_err(|error| {
            let nowhere = FilePath::new(template).expect("template names are paths");
            let file = self.files.get(template).unwrap_or(&nowhere);
            Box::new(Diagnostic::new(&THEME_TEMPLATE, Span::file(file), describe(&error)))
        })
    }
}

/// The place and the message of a template that cannot be read.
fn problem(error: &tera::Error, templates: &BTreeMap<String, Source>) -> Diagnostic {
    let nowhere = FilePath::new("").expect("the root is a path");
    let (file, range) = match error.kind() {
        tera::ErrorKind::SyntaxError(report) => {
            let file = templates.get(report.filename()).map_or(&nowhere, |source| &source.path);
            (file, report.span().range.clone())
        }
        _ => (templates.values().next().map_or(&nowhere, |source| &source.path), 0..0),
    };
    Diagnostic::new(&THEME_TEMPLATE, Span::new(file, range), describe(error))
}

fn describe(error: &tera::Error) -> String {
    let text = error.to_string();
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("the template failed");
    first.trim().trim_start_matches("ERROR ").to_owned()
}

/// The body with its holes filled.
pub fn body(document: &Document, hrefs: &[Href]) -> String {
    let mut html = String::with_capacity(document.html.len() + document.holes.len() * 48);
    let mut at = 0;
    for hole in &document.holes {
        html.push_str(&document.html[at..hole.at as usize]);
        at = hole.at as usize;
        fill(&mut html, document, hrefs, hole.fill);
    }
    html.push_str(&document.html[at..]);
    html
}

fn fill(html: &mut String, document: &Document, hrefs: &[Href], fill: Fill) {
    let (Fill::Open(link) | Fill::Close(link) | Fill::Image(link)) = fill;
    let href = &hrefs[link as usize];
    match (fill, href) {
        (Fill::Open(_), Href::To { url, .. }) => {
            html.push_str("<a href=\"");
            html.push_str(&escape(url));
            html.push('"');
        }
        (Fill::Open(_), Href::Broken) => html.push_str("<span class=\"broken-link\""),
        (Fill::Close(_), Href::To { .. }) => html.push_str("</a>"),
        (Fill::Close(_), Href::Broken) => html.push_str("</span>"),
        (Fill::Image(_), href) => image(html, &document.links[link as usize].role, href),
    }
}

fn image(html: &mut String, role: &Role, href: &Href) {
    let Role::Show { alt, title, width, height } = role else { return };
    let Href::To { url, size } = href else {
        html.push_str(&format!("<span class=\"broken-link\">{}</span>", escape(alt)));
        return;
    };
    html.push_str(&format!("<img src=\"{}\" alt=\"{}\"", escape(url), escape(alt)));
    if !title.is_empty() {
        html.push_str(&format!(" title=\"{}\"", escape(title)));
    }
    let (width, height) = dimensions((*width, *height), *size);
    for (name, value) in [("width", width), ("height", height)] {
        if let Some(value) = value {
            html.push_str(&format!(" {name}=\"{value}\""));
        }
    }
    html.push_str(" loading=\"lazy\">");
}

/// The size to show: as the author wants, in the image's own proportions.
fn dimensions(wanted: (Option<u32>, Option<u32>), own: Option<(u32, u32)>) -> (Option<u32>, Option<u32>) {
    let scale = |length: u32, by: u32, of: u32| {
        u32::try_from(u64::from(length) * u64::from(by) / u64::from(of.max(1))).ok()
    };
    match (wanted, own) {
        ((Some(width), None), Some((w, h))) => (Some(width), scale(h, width, w)),
        ((None, Some(height)), Some((w, h))) => (scale(w, height, h), Some(height)),
        ((None, None), Some((w, h))) => (Some(w), Some(h)),
        (wanted, _) => wanted,
    }
}
