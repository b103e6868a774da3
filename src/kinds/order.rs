//! The order of the pages of a section.
//!
//! Owns [`PageOrder`]: its names, and how two dates compare in each order. Callers sort the pages.

use std::cmp::Ordering;

use jiff::civil::Date;

/// The order of the pages of a section.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum PageOrder {
    /// The latest date first.
    Newest,
    /// The earliest date first.
    Oldest,
    /// By title; dates are ignored.
    #[default]
    Title,
}

impl PageOrder {
    /// The names in definitions and in front matter, in the order of the variants.
    pub const NAMES: [&str; 3] = ["newest", "oldest", "title"];

    /// The order with that name.
    pub fn parse(name: &str) -> Option<PageOrder> {
        let at = PageOrder::NAMES.iter().position(|known| *known == name)?;
        Some([PageOrder::Newest, PageOrder::Oldest, PageOrder::Title][at])
    }

    /// Whether pages are sorted by date.
    pub fn is_by_date(self) -> bool {
        self != PageOrder::Title
    }

    /// Compares the dates of two pages. Pages without a date come last. All dates are equal in the order by title.
    pub fn compare(self, one: Option<Date>, other: Option<Date>) -> Ordering {
        let dated = other.is_some().cmp(&one.is_some());
        match self {
            PageOrder::Newest => dated.then(other.cmp(&one)),
            PageOrder::Oldest => dated.then(one.cmp(&other)),
            PageOrder::Title => Ordering::Equal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::{FieldType, Kinds};

    #[test]
    fn front_matter_knows_the_same_orders() {
        let common = &Kinds::built_in().common;
        let order = common.iter().find(|field| field.name == "order").unwrap();
        let FieldType::Choice(choices) = &order.field_type else { panic!("a choice") };
        let named: Vec<&str> = choices.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(named, PageOrder::NAMES);
        assert!(named.iter().all(|name| PageOrder::parse(name).is_some()));
    }

    #[test]
    fn what_has_no_date_comes_last() {
        let sorted = |order: PageOrder| {
            let mut days =
                [Some(1), None, Some(3), Some(2)].map(|day| day.map(|day| Date::constant(2026, 1, day)));
            days.sort_by(|one, other| order.compare(*one, *other));
            days.map(|day| day.map_or(0, |day| day.day()))
        };
        assert_eq!(sorted(PageOrder::Newest), [3, 2, 1, 0]);
        assert_eq!(sorted(PageOrder::Oldest), [1, 2, 3, 0]);
        assert_eq!(sorted(PageOrder::Title), [1, 0, 3, 2]);
    }
}
