//! Relations of a page: its review, its replacement, the pages that belong to it.
//!
//! This module owns the facts about a page that are computed, not written in its own fields: those in the heading
//! and those after the text. The links from other pages' texts are in `backlinks`.

use super::fields::{FactView, ValueView};
use super::nav::PageLinks;
use super::registers::{control, query};
use super::times::period;
use crate::kinds::ListSource;
use crate::path::UrlPath;
use crate::site::PageId;
use crate::site::registers::table::ROOT;
use crate::site::registers::{ACTIONS, ReviewState};

/// The most pages that one fact names.
const MOST: usize = 12;

/// The computed facts in the heading: the page that replaces this one, and the state of its review.
pub(super) fn computed(here: &PageLinks<'_>, id: PageId) -> Vec<FactView> {
    replaced(here, id).into_iter().chain(review(here, id)).collect()
}

/// The relations after the text: the pages that this one replaces, related pages, and the controls that it is
/// evidence for.
pub(super) fn relations(here: &PageLinks<'_>, id: PageId) -> Vec<FactView> {
    let references = &here.site.registers.references;
    let own = |field| references.of(id, field).collect::<Vec<PageId>>();
    let replaces = pages(here, "supersedes", "relation.replaces", &own("supersedes"));
    let related = pages(here, "related", "relation.related", &own("related"));
    let mut relations: Vec<FactView> =
        [replaces, related, controls(here, id)].into_iter().flatten().collect();
    relations.extend(lists(here, id));
    relations
}

/// The lists of the page's kind that have entries.
fn lists(here: &PageLinks<'_>, id: PageId) -> Vec<FactView> {
    let site = here.site;
    let place = site.page(id);
    let kind = &place.page.front.kind;
    let mut facts = Vec::new();
    for (list, entries) in kind.lists.iter().zip(site.registers.lists.for_page(id)) {
        let mut values: Vec<ValueView> = Vec::new();
        let mut count = 0;
        match &list.source {
            ListSource::Naming { shows: Some(_), .. } => {
                count = entries.values.len();
                let text = |text: &String| ValueView { text: text.clone(), ..ValueView::default() };
                values.extend(entries.values.iter().take(MOST).map(text));
            }
            ListSource::Naming { .. } => {
                count = entries.pages.len();
                values.extend(entries.pages.iter().take(MOST).map(|other| page(here, *other)));
            }
            ListSource::Below(field) => {
                for folder in site.registers.references.of(id, field) {
                    let children = &site.page(folder).children;
                    count += children.len();
                    values.extend(children.iter().take(MOST).map(|child| page(here, *child)));
                }
            }
            ListSource::Actions if entries.actions > 0 && site.config.has_register(ACTIONS) => {
                let register = here.url(&UrlPath::new(format!("{ROOT}{ACTIONS}/")));
                values.push(ValueView {
                    text: here.t.fill("actions.open", &[("count", &entries.actions)]),
                    url: Some(format!("{register}?{}", query("owner", &place.page.title))),
                    ..ValueView::default()
                });
            }
            ListSource::Actions => {}
        }
        if count > values.len() {
            let text = here.t.fill("register.and_more", &[("count", &(count - values.len()))]);
            values.push(ValueView { text, ..ValueView::default() });
        }
        facts.extend(fact("list", here.wording(kind).list(&list.title), values));
    }
    facts
}

fn fact(name: &str, label: &str, values: Vec<ValueView>) -> Option<FactView> {
    if values.is_empty() {
        return None;
    }
    let (name, label) = (name.to_owned(), label.to_owned());
    Some(FactView { lead: name == "review", name, label, values, ..FactView::default() })
}

fn pages(here: &PageLinks<'_>, name: &str, label: &str, pages: &[PageId]) -> Option<FactView> {
    fact(name, here.t.say(label), pages.iter().take(MOST).map(|id| page(here, *id)).collect())
}

fn page(here: &PageLinks<'_>, id: PageId) -> ValueView {
    let link = here.link(id);
    ValueView { text: link.title, url: Some(link.url), lang: link.lang, ..ValueView::default() }
}

/// The pages that replace this one according to their own fields.
fn replaced(here: &PageLinks<'_>, id: PageId) -> Option<FactView> {
    let naming = here.site.registers.references.to(id).iter();
    // The page may name its replacement itself, in a field that is shown.
    let references = &here.site.registers.references;
    let own: Vec<PageId> =
        ["replaced_by", "superseded_by"].iter().flat_map(|field| references.of(id, field)).collect();
    let by: Vec<PageId> = naming
        .filter(|found| found.field == "supersedes" && !own.contains(&found.page))
        .map(|found| found.page)
        .collect();
    pages(here, "replaced_by", "relation.replaced_by", &by)
}

fn review(here: &PageLinks<'_>, id: PageId) -> Option<FactView> {
    let Some(review) = here.site.registers.reviews.for_page(id) else { return reviewed(here, id) };
    let help = here.t.fill("review.every", &[("period", &period(here.t, review.every))]);
    let state = ValueView {
        text: here.t.say(review.state.word()).to_owned(),
        state: Some(review.state.tone()),
        help,
        ..ValueView::default()
    };
    let until = review.until.map(|day| {
        let key = if review.state == ReviewState::Overdue { "review.since" } else { "review.until" };
        ValueView {
            text: here.t.fill(key, &[("day", &day)]),
            time: Some(day.to_string()),
            ..ValueView::default()
        }
    });
    let used = review.incidents.iter().take(MOST).map(|id| {
        let link = page(here, *id);
        ValueView { text: here.t.fill("review.used_in", &[("title", &link.text)]), lang: None, ..link }
    });
    fact("review", here.t.say("review.title"), std::iter::once(state).chain(until).chain(used).collect())
}

/// The day of the last review of a page without a review interval.
fn reviewed(here: &PageLinks<'_>, id: PageId) -> Option<FactView> {
    let day = here.site.page(id).page.front.data.date("reviewed")?.to_string();
    let value = ValueView { text: day.clone(), time: Some(day), ..ValueView::default() };
    let fact = fact("reviewed", here.t.say("column.reviewed"), vec![value])?;
    Some(FactView { lead: false, ..fact })
}

fn controls(here: &PageLinks<'_>, id: PageId) -> Option<FactView> {
    let named = here.site.page(id).page.front.data.texts("controls");
    let value = |name: &&str| ValueView {
        text: (*name).to_owned(),
        url: control(here.site, name).map(|url| here.url(&url)),
        ..ValueView::default()
    };
    fact("controls", here.t.say("relation.evidence_for"), named.iter().map(value).collect())
}
