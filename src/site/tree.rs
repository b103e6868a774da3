//! The order of pages: sections, children, reading order.
//!
//! Owns how siblings sort and which page follows which. Knows neither URLs' making nor links.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::names::{Name, names};
use super::urls::{Origin, Placed};
use super::{PageId, Parts, Section};
use crate::kinds::Order;
use crate::path::UrlPath;

/// A page's place in the tree.
#[derive(Debug)]
pub(super) struct Place {
    pub origin: Origin,
    pub url: UrlPath,
    /// The URL percent-encoded.
    pub encoded: Arc<str>,
    pub parent: Option<PageId>,
    /// What it is called in lists.
    pub name: Name,
    pub children: Arc<[PageId]>,
    /// That of the children.
    pub order: Order,
    /// The day that decides where the page stands among its siblings.
    pub day: Option<Date>,
    /// How many pages lie beneath it; folders without a page do not count.
    pub beneath: usize,
    pub section: Section,
}

/// Pages by the URL of the section that they belong to.
type Beneath = HashMap<Option<UrlPath>, Vec<Placed>>;

/// Puts pages into reading order: a section, then each child with all that lies beneath it.
pub(super) fn order(placed: Vec<Placed>, parts: &Parts<'_>) -> Vec<Place> {
    let mut beneath = Beneath::new();
    for page in placed {
        beneath.entry(page.parent.clone()).or_default().push(page);
    }
    let mut ordered: Vec<Ordered> = Vec::new();
    let mut children: Vec<Vec<PageId>> = Vec::new();
    let mut waiting: Vec<Ordered> = sorted(beneath.remove(&None), (None, Order::Title), parts).collect();
    while let Some(mut page) = waiting.pop() {
        let id = PageId(ordered.len() as u32);
        page.order = order_within(&page.placed, &beneath, parts);
        let below = beneath.remove(&Some(page.placed.url.clone()));
        waiting.extend(sorted(below, (Some(id), page.order), parts));
        if let Some(PageId(parent)) = page.parent {
            children[parent as usize].push(id);
        }
        children.push(Vec::new());
        ordered.push(page);
    }
    let place = |(Ordered { parent, name, day, order, placed }, children): (Ordered, Vec<PageId>)| Place {
        encoded: placed.url.encoded().into(),
        origin: placed.origin,
        url: placed.url,
        parent,
        name,
        children: children.into(),
        order,
        day,
        beneath: 0,
        section: placed.section,
    };
    let mut places: Vec<Place> = ordered.into_iter().zip(children).map(place).collect();
    count(&mut places);
    places
}

/// Counts what lies beneath each page. Pages stand after the one that they lie beneath.
fn count(places: &mut [Place]) {
    for at in (0..places.len()).rev() {
        let own = usize::from(places[at].section != Section::Listing);
        if let Some(PageId(parent)) = places[at].parent {
            places[parent as usize].beneath += places[at].beneath + own;
        }
    }
}

/// A page that knows its place among its siblings.
struct Ordered {
    parent: Option<PageId>,
    name: Name,
    /// See [`Place::day`].
    day: Option<Date>,
    /// That of its own children.
    order: Order,
    placed: Placed,
}

/// The order of a section: as its page says, else as the kind of most of its pages wants.
fn order_within(section: &Placed, beneath: &Beneath, parts: &Parts<'_>) -> Order {
    if let Some(own) = section.origin.page(parts).front.data.text("order").and_then(Order::parse) {
        return own;
    }
    let children = beneath.get(&Some(section.url.clone())).map_or(&[][..], Vec::as_slice);
    let wanted: Vec<Order> = children.iter().filter_map(|child| wanted(child, beneath, parts)).collect();
    let is_most = |order: &Order| wanted.iter().filter(|other| *other == order).count() * 2 > wanted.len();
    [Order::Newest, Order::Oldest].into_iter().find(is_most).unwrap_or_default()
}

/// The order that a page wants for itself and those beside it. A folder that is no matter of one day has no wish, unless
/// its name is a year or a month: then those beside it follow each other as the pages in it do.
fn wanted(page: &Placed, beneath: &Beneath, parts: &Parts<'_>) -> Option<Order> {
    let front = &page.origin.page(parts).front;
    match page.section {
        Section::No => Some(front.kind.order()),
        _ if front.date.is_some() => Some(front.kind.order()),
        _ => day_of_folder(page).map(|_| order_within(page, beneath, parts)),
    }
}

/// The first day of the year or month that a folder is named after.
fn day_of_folder(page: &Placed) -> Option<Date> {
    let name = page.url.last_segment();
    let (year, month) = name.split_once('-').unwrap_or((name, "01"));
    let number = |text: &str, digits| {
        let sound = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| sound && page.section != Section::No)
    };
    Date::new(number(year, 4)?, number(month, 2)? as i8, 1).ok()
}

/// What siblings are compared by.
struct Key {
    /// What is no matter of one day stands before what is.
    is_dated: bool,
    day: Option<Date>,
    name: Name,
    lower: String,
}

/// Siblings, last first: they are taken from a stack. By weight, then by date where that decides, then by name without
/// regard to case.
fn sorted(
    pages: Option<Vec<Placed>>,
    (parent, order): (Option<PageId>, Order),
    parts: &Parts<'_>,
) -> impl Iterator<Item = Ordered> {
    let pages = pages.unwrap_or_default();
    let names = names(&pages, parts);
    let keyed = |(placed, name): (Placed, Name)| {
        let date = placed.origin.page(parts).front.date.filter(|_| order.is_by_date());
        let day = date.or_else(|| day_of_folder(&placed).filter(|_| order.is_by_date()));
        (Key { is_dated: date.is_some(), day, lower: name.full.to_lowercase(), name }, placed)
    };
    let mut pages: Vec<(Key, Placed)> = pages.into_iter().zip(names).map(keyed).collect();
    pages.sort_by(|(a_key, a), (b_key, b)| {
        a.weight
            .total_cmp(&b.weight)
            .then(a_key.is_dated.cmp(&b_key.is_dated))
            .then_with(|| order.compare(a_key.day, b_key.day))
            .then_with(|| a_key.lower.cmp(&b_key.lower))
            .then_with(|| a.url.cmp(&b.url))
    });
    let ordered = move |(key, placed): (Key, Placed)| {
        let day = key.day.filter(|_| key.is_dated && placed.weight.is_infinite());
        Ordered { parent, name: key.name, day, order: Order::Title, placed }
    };
    pages.into_iter().rev().map(ordered)
}
