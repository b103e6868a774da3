//! Renders HTML pages: fills the holes of a finished body and puts it into a template.
//!
//! Owns [`Renderer`]. Sees views and documents only, and does not decide what a page shows.

mod humps;
mod say;
mod scoped;
mod sidebar;
mod timeline_rows;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use tera::{Context, ErrorKind, Tera, Value};

use crate::diagnostic::Diagnostic;
use crate::html_escape::{escape_attribute, escape_text};
use crate::markdown::{Document, HoleContent, Link, LinkRole};
use crate::path::FilePath;
use crate::rules::THEME_TEMPLATE;
use crate::source::{Source, Span};
use crate::strings::{Languages, Strings};
use crate::theme::Theme;
use crate::view::{Href, PageJob, PageView, PrintedPage, SiteView, TermLink, TimelineRowView};

use sidebar::RenderedSidebars;

/// The text of an author as finished HTML.
#[derive(Debug, Default)]
pub struct Content {
    pub body: String,
    /// On the printed page of a section: the bodies of its pages.
    pub printed_bodies: Vec<String>,
}

/// Compiled templates and the texts for them.
pub struct Renderer {
    tera: Tera,
    files: BTreeMap<String, FilePath>,
    strings: Arc<Languages>,
    /// The texts of the program itself, by language, as values for templates.
    texts: BTreeMap<String, Value>,
}

/// The data that every page shows, as a value for templates, and the sidebars that many pages share.
pub struct Shared {
    site: Value,
    sidebars: RenderedSidebars,
}

/// Prepares the data that every page shows, once for all pages.
pub fn shared(site: &SiteView) -> Shared {
    Shared { site: Value::from_serializable(site), sidebars: RenderedSidebars::default() }
}

impl Renderer {
    /// Compiles the theme's templates.
    ///
    /// # Errors
    /// Returns the problem of a template that cannot be compiled, with its position.
    pub fn new(theme: &Theme) -> Result<Renderer, Vec<Diagnostic>> {
        let mut tera = Tera::new();
        tera.register_filter("humps", humps::humps);
        tera.register_filter("say", say::say);
        let templates = theme.templates.iter().map(|(name, source)| (name.as_str(), &*source.text));
        let path = |(name, source): (&String, &Source)| (name.clone(), source.path.clone());
        let files: BTreeMap<String, FilePath> = theme.templates.iter().map(path).collect();
        let strings = Arc::clone(&theme.strings);
        let text =
            |strings: &Arc<Strings>| (strings.language.clone(), Value::from_serializable(&strings.tree()));
        let texts = strings.all().map(text).collect();
        match tera.add_raw_templates(templates) {
            Ok(()) => Ok(Renderer { tera, files, strings, texts }),
            Err(error) => Err(vec![problem(&error, "", &files)]),
        }
    }

    /// The template for a page: its own if the theme has it, else `usual`.
    pub fn choose<'a>(&self, own: Option<&'a str>, usual: &'a str) -> &'a str {
        own.filter(|name| self.files.contains_key(*name)).unwrap_or(usual)
    }

    /// Renders one page.
    ///
    /// # Errors
    /// Returns an error if the template asks for a value that it does not get.
    pub fn page(
        &self,
        template: &str,
        shared: &Shared,
        page: &PageView,
        content: &Content,
    ) -> Result<Arc<str>, Box<Diagnostic>> {
        let sidebar = self.sidebar(shared, page)?;
        let mut context = self.context(shared, page);
        // `nav` is the data of the sidebar, and `sidebar` is its rendered HTML.
        context.insert_value("nav", sidebar.data.clone());
        context.insert_value("sidebar", Value::safe_string(&sidebar.on(&page.here)));
        context.insert("page", page);
        context.insert("body", &content.body);
        context.insert("bodies", &content.printed_bodies);
        self.rendered(template, &context).map(Arc::from)
    }

    /// The values that every template gets.
    fn context(&self, shared: &Shared, page: &PageView) -> Context {
        let mut context = Context::new();
        context.insert_value("site", shared.site.clone());
        if let Some(texts) = self.texts.get(&self.strings.for_language(&page.frame).language) {
            context.insert_value("t", texts.clone());
        }
        context
    }

    fn rendered(&self, template: &str, context: &Context) -> Result<String, Box<Diagnostic>> {
        let rendered = self.tera.render(template, context);
        rendered.map_err(|error| Box::new(problem(&error, template, &self.files)))
    }
}

/// The diagnostic for an error of the template engine. `template` is reported where the engine names no position.
fn problem(error: &tera::Error, template: &str, files: &BTreeMap<String, FilePath>) -> Diagnostic {
    let file = |name: &str| files.get(name).cloned().or_else(|| FilePath::new(name));
    let (name, range, message) = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            (report.filename(), report.span().range.clone(), report.message().to_owned())
        }
        _ => (template, 0..0, error.to_string()),
    };
    let message = message.lines().next().unwrap_or("the template failed").to_owned();
    let file = file(name).or_else(|| file("")).expect("the root is a path");
    Diagnostic::new(&THEME_TEMPLATE, Span::new(&file, range), message)
}

/// What a page puts into a body.
#[derive(Debug, Clone, Copy, Default)]
pub struct BodyParts<'a> {
    /// The target of each link.
    pub hrefs: &'a [Href],
    /// The words that become links, in order. None of them holds a hole.
    pub terms: &'a [TermLink],
    /// The rows of its timeline.
    pub rows: &'a [TimelineRowView],
}

impl<'a> BodyParts<'a> {
    /// The parts of a page.
    pub fn of_page(job: &'a PageJob) -> BodyParts<'a> {
        BodyParts { hrefs: &job.hrefs, terms: &job.terms, rows: job.view.timeline_rows() }
    }
}

/// The body with its holes filled.
pub fn body(document: &Document, parts: BodyParts<'_>) -> String {
    let BodyParts { hrefs, mut terms, rows } = parts;
    let mut html = String::with_capacity(document.html.len() + document.holes.len() * 48);
    let mut at = 0;
    for hole in &document.holes {
        text(&mut html, document, at..hole.at as usize, &mut terms);
        at = hole.at as usize;
        match hole.fill {
            HoleContent::Row(place) => timeline_rows::fill(&mut html, place, rows),
            _ => fill(&mut html, document, hrefs, hole.fill),
        }
    }
    text(&mut html, document, at..document.html.len(), &mut terms);
    html
}

/// Writes the HTML between two holes, and takes the words in it that become links.
fn text(html: &mut String, document: &Document, range: Range<usize>, terms: &mut &[TermLink]) {
    let mut at = range.start;
    while let Some((term, others)) =
        terms.split_first().filter(|(term, _)| term.text.end as usize <= range.end)
    {
        let word = term.text.start as usize..term.text.end as usize;
        html.push_str(&document.html[at..word.start]);
        let (url, definition) = (escape_attribute(&term.url), escape_attribute(&term.definition));
        html.push_str(&format!("<a class=\"term\" href=\"{url}\" title=\"{definition}\">"));
        html.push_str(&document.html[word.clone()]);
        html.push_str("</a>");
        at = word.end;
        *terms = others;
    }
    html.push_str(&document.html[at..range.end]);
}

/// The body of a page on the long page of a section. The id of the page makes the ids in it unique there.
pub fn printed_body(document: &Document, page: &PrintedPage) -> String {
    // The page has no drawing, so the rows of a timeline get no links to it.
    scoped::scoped(&body(document, BodyParts { hrefs: &page.hrefs, ..BodyParts::default() }), &page.id)
}

fn fill(html: &mut String, document: &Document, hrefs: &[Href], fill: HoleContent) {
    let (HoleContent::Open(link)
    | HoleContent::Close(link)
    | HoleContent::Image(link)
    | HoleContent::Name(link)) = fill
    else {
        return;
    };
    let (href, link) = (&hrefs[link as usize], &document.links[link as usize]);
    let drawn = matches!(link.role, LinkRole::Point);
    match (fill, href) {
        (HoleContent::Open(_), Href::To { url, .. }) => {
            html.push_str("<a href=\"");
            html.push_str(&escape_attribute(url));
            html.push('"');
        }
        // Inside a drawing only elements of SVG are allowed.
        (HoleContent::Open(_), Href::Broken) if drawn => html.push_str("<g"),
        (HoleContent::Close(_), Href::Broken) if drawn => html.push_str("</g>"),
        (HoleContent::Open(_), Href::Broken) => html.push_str("<span class=\"unlinked\""),
        (HoleContent::Close(_), Href::To { .. }) => html.push_str("</a>"),
        (HoleContent::Close(_), Href::Broken) => html.push_str("</span>"),
        (HoleContent::Image(_), href) => image(html, &link.role, href),
        (HoleContent::Name(_), href) => name(html, link, href),
        (HoleContent::Row(_), _) => {}
    }
}

/// Writes the address as its author wrote it. For media with a hidden target it writes the name of the element,
/// because a hidden target has no name.
fn name(html: &mut String, link: &Link, href: &Href) {
    let name = match (href, &link.role) {
        (Href::Broken, LinkRole::Play { element }) => element,
        (Href::Broken | Href::To { .. }, _) => &link.destination,
    };
    html.push_str(&escape_text(name));
}

fn image(html: &mut String, role: &LinkRole, href: &Href) {
    let LinkRole::Show { alt, title, width, height } = role else { return };
    let Href::To { url, size } = href else {
        html.push_str(&format!("<span class=\"unlinked\">{}</span>", escape_text(alt)));
        return;
    };
    html.push_str(&format!("<img src=\"{}\" alt=\"{}\"", escape_attribute(url), escape_attribute(alt)));
    if !title.is_empty() {
        html.push_str(&format!(" title=\"{}\"", escape_attribute(title)));
    }
    let (width, height) = dimensions((*width, *height), *size);
    for (name, value) in [("width", width), ("height", height)] {
        if let Some(value) = value {
            html.push_str(&format!(" {name}=\"{value}\""));
        }
    }
    html.push_str(" loading=\"lazy\">");
}

/// The width and height to show: as the author wants, in the image's own proportions.
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
