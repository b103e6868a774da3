//! Which pages a register of fields lists, and in which order.
//!
//! Owns the conditions of filters, and the values that pages are sorted by.

use std::cmp::Ordering;

use jiff::civil::Date;

use crate::kinds::{FieldType, Kind, TypedValue};
use crate::page::Page;
use crate::registers::{FieldCondition, FieldLimit, FieldRegister, Filter, KIND, SortKey};
use crate::site::registers::table::CalendarTime;
use crate::site::{FolderRole, PageId, Site};

impl FieldRegister {
    /// Whether the register lists a page.
    pub fn lists(&self, page: &Page, today: Date) -> bool {
        (self.kinds.is_empty() || self.kinds.contains(&page.front.kind.name))
            && fits(page, &self.filter, today)
    }

    /// The pages that the register lists, in its order.
    pub(super) fn rows(&self, site: &Site) -> Vec<PageId> {
        let ids = site
            .ids()
            .filter(|(_, page)| page.section != FolderRole::Listing && self.lists(&page.page, site.today));
        let mut rows: Vec<PageId> = ids.map(|(id, _)| id).collect();
        if self.sort.is_empty() {
            if let [name] = self.kinds.as_slice()
                && let Some((kind, _)) = site.kinds.find(name)
            {
                sort_as_kind(site, kind, &mut rows);
            }
            return rows;
        }
        rows.sort_by(|one, other| {
            let keys = self.sort.iter().map(|key| compare(site, key, *one, *other));
            keys.fold(Ordering::Equal, Ordering::then)
        });
        rows
    }
}

pub(super) fn page_of(site: &Site, id: PageId) -> &Page {
    &site.page(id).page
}

pub(super) fn fits(page: &Page, filter: &Filter, today: Date) -> bool {
    filter.iter().all(|(field, condition)| match condition {
        FieldCondition::OneOf(values) => {
            let is_kind = |value: &String| field == KIND && page.front.kind() == value.as_str();
            values.iter().any(|value| is_kind(value) || page.front.data.says(field, value))
        }
        FieldCondition::IsSet(is_set) => has_field(page, field) == *is_set,
        FieldCondition::Within { least, most } => {
            let order = |limit: &FieldLimit| order_to_limit(page, field, limit, today);
            least.as_ref().is_none_or(|limit| order(limit).is_some_and(Ordering::is_ge))
                && most.as_ref().is_none_or(|limit| order(limit).is_some_and(Ordering::is_le))
        }
    })
}

/// Whether a page has a field. Every page has a kind and a title.
fn has_field(page: &Page, field: &str) -> bool {
    match field {
        KIND | "title" => true,
        "date" => page.front.date.is_some(),
        _ => page.front.data.get(field).is_some_and(|value| !value.items().is_empty()),
    }
}

/// How the value of a field compares with a limit; `None` where the page has no value that compares with it.
fn order_to_limit(page: &Page, field: &str, limit: &FieldLimit, today: Date) -> Option<Ordering> {
    let day = || match page.front.data.get(field) {
        Some(TypedValue::Time(moment)) => Some(moment.written_day()),
        _ => date_of(page, field),
    };
    match limit {
        FieldLimit::Today => Some(day()?.cmp(&today)),
        FieldLimit::Day(limit) => Some(day()?.cmp(limit)),
        FieldLimit::Number(limit) => page.front.data.number(field)?.partial_cmp(&limit.parse().ok()?),
        FieldLimit::Period(limit) => Some(page.front.data.period(field)?.days().cmp(&limit.days())),
    }
}

pub(super) fn sort_as_kind(site: &Site, kind: &Kind, rows: &mut [PageId]) {
    rows.sort_by(|one, other| {
        kind.order().compare(page_of(site, *one).front.date, page_of(site, *other).front.date)
    });
}

/// The date of a page in a field. The field `date` may come from the file name.
pub(super) fn date(site: &Site, id: PageId, field: &str) -> Option<Date> {
    date_of(page_of(site, id), field)
}

fn date_of(page: &Page, field: &str) -> Option<Date> {
    if field == "date" { page.front.date } else { page.front.data.date(field) }
}

pub(super) fn calendar_time(site: &Site, id: PageId, field: &str) -> Option<CalendarTime> {
    match page_of(site, id).front.data.get(field) {
        Some(TypedValue::Time(moment)) => Some(CalendarTime::Moment(moment.timestamp)),
        _ => date(site, id, field).map(CalendarTime::Day),
    }
}

/// Compares two pages by a field. Pages without it come last, in both directions.
fn compare(site: &Site, key: &SortKey, one: PageId, other: PageId) -> Ordering {
    let one = sort_value(site, &key.field, one);
    let other = sort_value(site, &key.field, other);
    match (&one, &other) {
        (SortValue::None, SortValue::None) => Ordering::Equal,
        (SortValue::None, _) => Ordering::Greater,
        (_, SortValue::None) => Ordering::Less,
        _ => {
            let order = one.partial_cmp(&other).unwrap_or(Ordering::Equal);
            if key.is_descending { order.reverse() } else { order }
        }
    }
}

/// The value that pages are sorted by.
#[derive(Debug, PartialEq, PartialOrd)]
enum SortValue {
    /// The rank of a choice in its definition, a number, or a length in days.
    Number(f64),
    Date(Date),
    Time(jiff::Timestamp),
    Text(String),
    None,
}

fn sort_value(site: &Site, field: &str, id: PageId) -> SortValue {
    let page = page_of(site, id);
    if field == "title" {
        return SortValue::Text(page.title.to_lowercase());
    }
    if let Some(date) = date(site, id, field) {
        return SortValue::Date(date);
    }
    let Some(first) = page.front.data.get(field).and_then(|value| value.items().first()) else {
        return SortValue::None;
    };
    match first {
        TypedValue::Text(text) => {
            match page.front.kind.field(&site.kinds.common, field).map(|field| &field.field_type) {
                Some(FieldType::Choice(values)) => {
                    let place = values.iter().position(|(value, _)| value == text).unwrap_or(values.len());
                    SortValue::Number(place as f64)
                }
                _ => SortValue::Text(text.to_lowercase()),
            }
        }
        TypedValue::Number(written) => written.parse().map_or(SortValue::None, SortValue::Number),
        TypedValue::Flag(flag) => SortValue::Number(f64::from(u8::from(*flag))),
        TypedValue::Date(date) => SortValue::Date(*date),
        TypedValue::Time(moment) => SortValue::Time(moment.timestamp),
        TypedValue::Period(period) => SortValue::Number(period.days() as f64),
        TypedValue::List(_) | TypedValue::Record(_) => SortValue::None,
    }
}
