//! What a handbook says at one moment, in values that outlive the survey.
//!
//! Owns [`HandbookState`] and the comparison of two of them: after a move, everything must lead to the same files.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::input::Inputs;
use crate::markdown::Link;
use crate::page::visibility::Access;
use crate::path::{FilePath, PageAddresses, UrlPath};
use crate::pipeline::Survey;
use crate::renames::Renames;
use crate::rules::LINK_MISSING;
use crate::source::Span;

use super::text_addresses::{AddressReader, Meaning, TextAddress};

/// A handbook whose pages are placed and whose addresses are read.
pub(super) struct HandbookState {
    /// How the site addresses pages.
    form: PageAddresses,
    /// The addresses of each text with what they name.
    pub addresses: BTreeMap<FilePath, Vec<(TextAddress, Option<Meaning>)>>,
    /// The URLs of pages that have a file.
    pub urls: BTreeMap<FilePath, UrlPath>,
    /// The URLs of generated pages of folders, by the `_index.md` that the folder does not have.
    pub listings: BTreeMap<FilePath, UrlPath>,
    /// Who may see each file.
    pub access: BTreeMap<FilePath, Access>,
    /// Pages by their URLs and by old ones.
    by_url: BTreeMap<String, FilePath>,
    /// The links of each page as the page has them, with those of texts that it includes.
    links: BTreeMap<FilePath, Vec<PageLink>>,
}

/// A link of a finished page.
struct PageLink {
    span: Span,
    names: Option<FilePath>,
}

impl HandbookState {
    pub fn read(survey: &Survey<'_>, inputs: &Inputs) -> HandbookState {
        let book = &survey.addresses;
        let reader = AddressReader { book, inputs };
        let mut addresses = BTreeMap::new();
        for (file, found) in reader.all() {
            let with_meaning = found.into_iter().map(|address| {
                let meaning = reader.read(&file, &address);
                (address, meaning)
            });
            let with_meaning: Vec<_> = with_meaning.collect();
            addresses.insert(file, with_meaning);
        }
        let link = |page: &FilePath, link: &Link| {
            let found = reader.read_destination(&link.span.file, Some(page), &link.destination);
            PageLink { span: link.span.clone(), names: found.map(|found| found.file().clone()) }
        };
        let links = book.pages().map(|(page, _)| {
            let links = page.document.links.iter().map(|found| link(&page.file, found));
            (page.file.clone(), links.collect())
        });
        let own = book.pages().map(|(page, url)| (url.as_str().to_owned(), page.file.clone()));
        let old = book.redirects().map(|(url, file)| (url.to_owned(), file.clone()));
        HandbookState {
            form: inputs.config.addresses,
            addresses,
            urls: book.pages().map(|(page, url)| (page.file.clone(), url.clone())).collect(),
            listings: book.listings().map(|(file, url)| (file.clone(), url.clone())).collect(),
            access: survey.access.clone(),
            by_url: old.chain(own).collect(),
            links: links.collect(),
        }
    }

    /// The page at a path of the site, decoded; also by an old address.
    pub fn page_at(&self, path: &str) -> Option<&FilePath> {
        self.by_url.get(&self.form.page_path(path))
    }

    /// The addresses and links that lead elsewhere than before. Those that led nowhere may lead anywhere.
    pub fn led_astray(&self, after: &HandbookState, renames: &Renames) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        for (file, before) in &self.addresses {
            let file = renames.after(file);
            let now = after.addresses.get(&file).map_or(&[][..], Vec::as_slice);
            if now.len() != before.len() {
                let message = "the move would change which addresses this text has";
                problems.push(Diagnostic::new(&LINK_MISSING, Span::start_of(&file), message));
                continue;
            }
            for ((_, before), (address, now)) in before.iter().zip(now) {
                let span = Span::new(&file, address.range.clone());
                let wanted = before.as_ref().map(|meaning| renames.after(meaning.file()));
                problems.extend(astray(wanted, now.as_ref().map(Meaning::file), span));
            }
        }
        for (page, before) in &self.links {
            let now = after.links.get(&renames.after(page)).map_or(&[][..], Vec::as_slice);
            for (before, now) in before.iter().zip(now) {
                let wanted = before.names.as_ref().map(|file| renames.after(file));
                problems.extend(astray(wanted, now.names.as_ref(), now.span.clone()));
            }
        }
        problems.sort_by(|one, other| one.span.cmp(&other.span));
        problems.dedup();
        problems
    }
}

fn astray(wanted: Option<FilePath>, now: Option<&FilePath>, span: Span) -> Option<Diagnostic> {
    let wanted = wanted.filter(|wanted| Some(wanted) != now)?;
    let message = match now {
        Some(now) => format!("after the move this would lead to {now} instead of {wanted}"),
        None => format!("after the move this would not lead to {wanted} any more"),
    };
    let help = "write the address in another form, such as a path from the content folder, and move again";
    Some(Diagnostic::new(&LINK_MISSING, span, message).help(help))
}
