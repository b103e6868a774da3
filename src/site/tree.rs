//! The order of pages: sections, children, reading order.
//!
//! This module owns the order of siblings and the order of all pages. It knows neither how URLs are made nor links.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::list_names::{ListName, names};
use super::urls::{PageOrigin, PlacedPage};
use super::{FolderRole, PageId, SiteInputs};
use crate::kinds::PageOrder;
use crate::natural_order;
use crate::path::UrlPath;

/// A page with its position in the tree.
#[derive(Debug)]
pub(super) struct TreeNode {
    pub origin: PageOrigin,
    pub url: UrlPath,
    /// The URL percent-encoded.
    pub encoded: Arc<str>,
    pub parent: Option<PageId>,
    /// The name of the page in lists.
    pub name: ListName,
    pub children: Arc<[PageId]>,
    /// The order of the children.
    pub order: PageOrder,
    /// The day that decides its position among its siblings.
    pub day: Option<Date>,
    /// The number of pages below it; folders without a page of their own do not count.
    pub descendants: usize,
    pub section: FolderRole,
}

/// Pages by the URL of the section that they belong to.
type PagesBySection = HashMap<Option<UrlPath>, Vec<PlacedPage>>;

/// Puts pages into reading order: a section, then each child with everything below it.
pub(super) fn order(placed: Vec<PlacedPage>, inputs: &SiteInputs<'_>) -> Vec<TreeNode> {
    let mut by_section = PagesBySection::new();
    for page in placed {
        by_section.entry(page.parent.clone()).or_default().push(page);
    }
    let mut ordered: Vec<OrderedPage> = Vec::new();
    let mut children: Vec<Vec<PageId>> = Vec::new();
    // Depth first. Siblings are pushed in reverse order, so each child comes with everything below it before the
    // next one.
    let mut waiting: Vec<OrderedPage> =
        sorted(by_section.remove(&None), (None, PageOrder::Title), inputs).collect();
    while let Some(mut page) = waiting.pop() {
        let id = PageId(ordered.len() as u32);
        page.order = order_within(&page.placed, &by_section, inputs);
        let below = by_section.remove(&Some(page.placed.url.clone()));
        waiting.extend(sorted(below, (Some(id), page.order), inputs));
        if let Some(PageId(parent)) = page.parent {
            children[parent as usize].push(id);
        }
        children.push(Vec::new());
        ordered.push(page);
    }
    let mut places = Vec::with_capacity(ordered.len());
    for (OrderedPage { parent, name, day, order, placed }, children) in ordered.into_iter().zip(children) {
        places.push(TreeNode {
            encoded: placed.url.encoded().into(),
            origin: placed.origin,
            url: placed.url,
            parent,
            name,
            children: children.into(),
            order,
            day,
            // Known only when all pages have their parents.
            descendants: 0,
            section: placed.section,
        });
    }
    count(&mut places);
    places
}

/// Counts the pages below each page. A page always follows its parent, so the counts are complete when going
/// backwards.
fn count(places: &mut [TreeNode]) {
    for at in (0..places.len()).rev() {
        let own = usize::from(places[at].section != FolderRole::Listing);
        if let Some(PageId(parent)) = places[at].parent {
            places[parent as usize].descendants += places[at].descendants + own;
        }
    }
}

/// A page in the order of its siblings.
struct OrderedPage {
    parent: Option<PageId>,
    name: ListName,
    /// See [`TreeNode::day`].
    day: Option<Date>,
    /// The order of its own children.
    order: PageOrder,
    placed: PlacedPage,
}

/// The order of a section: the one that its page sets, else the one that most of its pages want.
fn order_within(section: &PlacedPage, by_section: &PagesBySection, inputs: &SiteInputs<'_>) -> PageOrder {
    if let Some(own) = section.origin.page(inputs).front.data.text("order").and_then(PageOrder::parse) {
        return own;
    }
    let children = by_section.get(&Some(section.url.clone())).map_or(&[][..], Vec::as_slice);
    let wanted: Vec<PageOrder> =
        children.iter().filter_map(|child| wanted(child, by_section, inputs)).collect();
    for order in [PageOrder::Newest, PageOrder::Oldest] {
        // A few news among guides must not turn the order of the guides.
        if wanted.iter().filter(|other| **other == order).count() * 2 > wanted.len() {
            return order;
        }
    }
    PageOrder::default()
}

/// The order that a page wants for itself and its siblings. A folder without a date has no preference, unless its
/// name is a year or a month: then it is sorted like the pages in it.
fn wanted(page: &PlacedPage, by_section: &PagesBySection, inputs: &SiteInputs<'_>) -> Option<PageOrder> {
    let front = &page.origin.page(inputs).front;
    match page.section {
        FolderRole::No => Some(front.kind.order()),
        _ if front.date.is_some() => Some(front.kind.order()),
        _ => day_of_folder(page).map(|_| order_within(page, by_section, inputs)),
    }
}

/// The first day of the year or month that a folder is named after.
fn day_of_folder(page: &PlacedPage) -> Option<Date> {
    let name = page.url.last_segment();
    let (year, month) = name.split_once('-').unwrap_or((name, "01"));
    let number = |text: &str, digits| {
        let sound = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| sound && page.section != FolderRole::No)
    };
    Date::new(number(year, 4)?, number(month, 2)? as i8, 1).ok()
}

/// The values that siblings are compared by.
struct SiblingKey {
    /// Pages without a date come before those with one.
    is_dated: bool,
    day: Option<Date>,
    name: ListName,
    lower: String,
}

/// Sorts siblings by weight, then by date where the order wants it, then by name ignoring case, numbers in it by their
/// value. The last one comes first, because they are pushed onto a stack.
fn sorted(
    pages: Option<Vec<PlacedPage>>,
    (parent, order): (Option<PageId>, PageOrder),
    inputs: &SiteInputs<'_>,
) -> impl Iterator<Item = OrderedPage> {
    let pages = pages.unwrap_or_default();
    let names = names(&pages, inputs);
    let keyed = |(placed, name): (PlacedPage, ListName)| {
        let date = placed.origin.page(inputs).front.date.filter(|_| order.is_by_date());
        let day = date.or_else(|| day_of_folder(&placed).filter(|_| order.is_by_date()));
        (SiblingKey { is_dated: date.is_some(), day, lower: name.full.to_lowercase(), name }, placed)
    };
    let mut pages: Vec<(SiblingKey, PlacedPage)> = pages.into_iter().zip(names).map(keyed).collect();
    pages.sort_by(|(a_key, a), (b_key, b)| {
        a.weight
            .total_cmp(&b.weight)
            .then(a_key.is_dated.cmp(&b_key.is_dated))
            .then_with(|| order.compare(a_key.day, b_key.day))
            .then_with(|| natural_order::compare(&a_key.lower, &b_key.lower))
            .then_with(|| a.url.cmp(&b.url))
    });
    let ordered = move |(key, placed): (SiblingKey, PlacedPage)| {
        // The day did not decide the position of a page that has a weight.
        let day = key.day.filter(|_| key.is_dated && placed.weight.is_infinite());
        OrderedPage { parent, name: key.name, day, order: PageOrder::Title, placed }
    };
    pages.into_iter().rev().map(ordered)
}
