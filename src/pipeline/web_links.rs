//! The links into the web that authors have written, with those that the audience may not see.
//!
//! Owns [`WebLink`], and whether a link may be sent to its host: only if the audience of the inputs may see it. Asks no host.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::audience_filter::VisibleInputs;
use super::redacted_texts::RedactedTexts;
use super::{Engine, redacted_texts};
use crate::bounds::FRONT_MATTER_VALUES;
use crate::fields::yaml;
use crate::input::Inputs;
use crate::markdown::{self, AddressSyntax, Flavor, Reference, classify, front};
use crate::page;
use crate::path::FilePath;
use crate::source::{Source, Span};
use crate::visibility::WithheldPart;

/// A link into the web.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebLink {
    /// The address, as browsers read it.
    pub url: String,
    /// The address in the written text, without brackets and quotes.
    pub span: Span,
    /// The syntax around it; `None` in front matter.
    pub syntax: Option<AddressSyntax>,
    pub reach: LinkReach,
}

/// Who may see a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkReach {
    /// The audience of the inputs.
    Audience,
    /// Fewer people.
    Withheld,
}

/// A link of one text, before it is known who may see it.
struct FoundLink {
    url: String,
    range: Range<usize>,
    syntax: Option<AddressSyntax>,
}

impl Engine {
    /// The links into the web in all texts, also of drafts and partials. Those that the audience of the inputs may not see
    /// are withheld. Where it is unclear, a link is withheld.
    pub fn web_links(&mut self, inputs: &Inputs) -> Vec<WebLink> {
        let texts = redacted_texts::redact_texts(inputs, &mut self.texts);
        let shown = self.parse(inputs, &texts);
        let reader = WebLinkReader::new(inputs, &shown);
        let visible = reader.visible_spans(&texts);
        let mut links = Vec::new();
        for source in inputs.sources.values() {
            for link in reader.links(source) {
                let span = Span::new(&source.path, link.range);
                let is_visible = visible.contains(&(span.clone(), link.url.clone()));
                let reach = if is_visible { LinkReach::Audience } else { LinkReach::Withheld };
                links.push(WebLink { url: link.url, span, syntax: link.syntax, reach });
            }
        }
        links
    }
}

/// Reads the links of texts.
struct WebLinkReader<'a> {
    inputs: &'a Inputs,
    shown: &'a VisibleInputs<'a>,
    flavors: BTreeMap<&'a FilePath, Flavor>,
    /// The pages whose front matter is shown as it is written.
    whole_fronts: BTreeSet<&'a FilePath>,
}

impl<'a> WebLinkReader<'a> {
    fn new(inputs: &'a Inputs, shown: &'a VisibleInputs<'_>) -> WebLinkReader<'a> {
        let notes = shown.pages.iter().filter(|page| page.front.kind.feeds("meetings"));
        let flavors = notes.map(|page| (&page.file, Flavor::Notes)).collect();
        let mut whole_fronts: BTreeSet<&FilePath> = shown.pages.iter().map(|page| &page.file).collect();
        // The span of a withheld field does not always hold all its text, so that no field of such a page counts.
        for withheld in shown.withheld.iter().filter(|withheld| withheld.what == WithheldPart::Field) {
            whole_fronts.remove(&withheld.span.file);
        }
        WebLinkReader { inputs, shown, flavors, whole_fronts }
    }

    /// The links that the audience sees, by their spans in the written texts.
    fn visible_spans(&self, texts: &RedactedTexts<'_>) -> BTreeSet<(Span, String)> {
        let audience = self.inputs.config.visibility.audience;
        let mut visible = BTreeSet::new();
        for source in texts.sources.values() {
            let access = self.shown.access.get(&source.path);
            if access.is_none_or(|access| access.why_hidden(audience, self.inputs.now).is_some()) {
                continue;
            }
            for link in self.links(source) {
                if link.syntax.is_none() && !self.whole_fronts.contains(&source.path) {
                    continue;
                }
                let mut span = Span::new(&source.path, link.range);
                texts.move_back(&mut span);
                visible.insert((span, link.url));
            }
        }
        visible
    }

    fn links(&self, source: &Source) -> Vec<FoundLink> {
        let flavor = self.flavors.get(&source.path).copied().unwrap_or(Flavor::Plain);
        let mut links = front_matter_links(source);
        for address in markdown::addresses(source, page::extensions(&self.inputs.config), flavor) {
            if address.syntax != AddressSyntax::Include
                && let Some(url) = web_url(&address.destination)
            {
                links.push(FoundLink { url, range: address.range, syntax: Some(address.syntax) });
            }
        }
        links
    }
}

/// The values of front matter that are addresses as a whole.
fn front_matter_links(source: &Source) -> Vec<FoundLink> {
    let yaml = source.dialect.and_then(|_| front::split(&source.text).yaml);
    let Some(range) = yaml else { return Vec::new() };
    let scalars = yaml::scalars(&source.text[range.clone()], range.start, FRONT_MATTER_VALUES.most);
    let mut links = Vec::new();
    for scalar in scalars.unwrap_or_default() {
        let is_one_word = !scalar.text.trim().contains(char::is_whitespace);
        if let Some(url) = web_url(&scalar.text).filter(|_| is_one_word) {
            links.push(FoundLink { url, range: scalar.range, syntax: None });
        }
    }
    links
}

/// The address, if it leads into the web.
fn web_url(destination: &str) -> Option<String> {
    let Reference::Outside(url) = classify(destination) else { return None };
    let scheme = url.split(':').next().unwrap_or_default();
    ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)).then(|| url.into_owned())
}
