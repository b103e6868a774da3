//! Periods of time as the categories of plots: months, quarters or years.
//!
//! This module owns which unit fits a range of days, and the names of periods in the language of the handbook.

use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::plot::Category;
use crate::site::Site;
use crate::strings::Strings;

/// The fewest months on an axis: a single bar says nothing about time.
const FEWEST_MONTHS: usize = 6;
/// The most months, quarters or years on an axis.
const MOST_PERIODS: usize = 24;

/// Consecutive periods of one unit.
#[derive(Debug, Clone)]
pub struct Periods {
    pub unit: PeriodUnit,
    pub categories: Vec<Category>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeriodUnit {
    Month,
    Quarter,
    Year,
}

impl PeriodUnit {
    const fn months(self) -> i32 {
        match self {
            PeriodUnit::Month => 1,
            PeriodUnit::Quarter => 3,
            PeriodUnit::Year => 12,
        }
    }

    /// The key of the heading of a column with periods.
    pub fn heading(self) -> &'static str {
        match self {
            PeriodUnit::Month => "column.month",
            PeriodUnit::Quarter => "column.quarter",
            PeriodUnit::Year => "column.year",
        }
    }
}

impl Periods {
    /// Periods from one day to another in the smallest unit of which there are at most [`MOST_PERIODS`]. Of more years
    /// the last ones are taken.
    pub fn covering(t: &Strings, from: Date, to: Date) -> Periods {
        let months = usize::try_from(month_number(to) - month_number(from)).unwrap_or(0) + 1;
        let units = [PeriodUnit::Month, PeriodUnit::Quarter];
        let fits =
            |unit: &PeriodUnit| index_of_unit(*unit, to) - index_of_unit(*unit, from) < MOST_PERIODS as i32;
        let unit = units.into_iter().find(fits).unwrap_or(PeriodUnit::Year);
        let count = usize::try_from(index_of_unit(unit, to) - index_of_unit(unit, from)).unwrap_or(0) + 1;
        let count = if months < FEWEST_MONTHS { FEWEST_MONTHS } else { count.min(MOST_PERIODS) };
        Periods::until(t, unit, to, count)
    }

    /// The last `count` months up to the one of a day.
    pub fn last_months(t: &Strings, to: Date, count: usize) -> Periods {
        Periods::until(t, PeriodUnit::Month, to, count)
    }

    fn until(t: &Strings, unit: PeriodUnit, to: Date, count: usize) -> Periods {
        let last = index_of_unit(unit, to);
        let indexes = last - count as i32 + 1..=last;
        let starts = indexes.filter_map(|index| {
            let month = index * unit.months();
            let year = i16::try_from(month.div_euclid(12)).ok()?;
            Date::new(year, month.rem_euclid(12) as i8 + 1, 1).ok()
        });
        Periods { unit, categories: starts.map(|start| category(t, unit, start)).collect() }
    }

    /// The index of the period that a day is in, if it is in one.
    pub fn index(&self, day: Date) -> Option<usize> {
        let after = self.categories.partition_point(|period| period.start <= day);
        let last = self.categories.last()?.start;
        // The end of the last period.
        let end = last.checked_add(self.unit.months().months()).unwrap_or(date(9999, 12, 31));
        if day < end { after.checked_sub(1) } else { None }
    }

    /// The number of days in each period.
    pub fn count(&self, days: impl Iterator<Item = Date>) -> Vec<usize> {
        let mut counts = vec![0; self.categories.len()];
        for period in days.filter_map(|day| self.index(day)) {
            counts[period] += 1;
        }
        counts
    }

    /// The last day of each period.
    pub fn ends(&self) -> impl Iterator<Item = Date> {
        let months = self.unit.months();
        self.categories.iter().map(move |period| {
            let next = period.start.checked_add(months.months());
            next.and_then(Date::yesterday).unwrap_or(date(9999, 12, 31))
        })
    }
}

/// The last days of the last twelve months, the earliest first. The current month ends with the day of the build.
pub fn month_ends(site: &Site) -> Vec<Date> {
    let periods = Periods::last_months(site.words(), site.today, 12);
    periods.ends().map(|end| end.min(site.today)).collect()
}

/// The number of months since the year 0.
fn month_number(day: Date) -> i32 {
    i32::from(day.year()) * 12 + i32::from(day.month()) - 1
}

fn index_of_unit(unit: PeriodUnit, day: Date) -> i32 {
    month_number(day).div_euclid(unit.months())
}

fn category(t: &Strings, unit: PeriodUnit, start: Date) -> Category {
    let year = start.year().to_string();
    match unit {
        PeriodUnit::Month => Category {
            start,
            name: start.strftime("%Y-%m").to_string(),
            short: t.say(MONTHS[usize::from(start.month().unsigned_abs()) - 1]).to_owned(),
            year,
        },
        PeriodUnit::Quarter => {
            let quarter = (start.month() - 1) / 3 + 1;
            Category { start, name: format!("{year} Q{quarter}"), short: format!("Q{quarter}"), year }
        }
        PeriodUnit::Year => Category { start, name: year.clone(), short: year, year: String::new() },
    }
}

/// The keys of the short names of months.
const MONTHS: [&str; 12] = [
    "month.january",
    "month.february",
    "month.march",
    "month.april",
    "month.may",
    "month.june",
    "month.july",
    "month.august",
    "month.september",
    "month.october",
    "month.november",
    "month.december",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strings::Languages;

    fn covering(from: Date, to: Date) -> Periods {
        Periods::covering(Languages::built_in().for_language("de"), from, to)
    }

    fn names(periods: &Periods) -> Vec<&str> {
        periods.categories.iter().map(|period| period.name.as_str()).collect()
    }

    #[test]
    fn a_longer_range_has_longer_periods() {
        let months = covering(date(2024, 12, 31), date(2026, 11, 1));
        assert_eq!((months.unit, months.categories.len()), (PeriodUnit::Month, 24));
        assert_eq!((names(&months)[0], &*months.categories[0].short), ("2024-12", "Dez"));
        let quarters = covering(date(2024, 11, 30), date(2026, 11, 1));
        assert_eq!(
            names(&quarters),
            [
                "2024 Q4", "2025 Q1", "2025 Q2", "2025 Q3", "2025 Q4", "2026 Q1", "2026 Q2", "2026 Q3",
                "2026 Q4"
            ]
        );
        let years = covering(date(2020, 11, 30), date(2026, 11, 1));
        assert_eq!(names(&years), ["2020", "2021", "2022", "2023", "2024", "2025", "2026"]);
    }

    #[test]
    fn a_short_range_begins_earlier() {
        let months = covering(date(2026, 11, 3), date(2026, 11, 20));
        assert_eq!(names(&months), ["2026-06", "2026-07", "2026-08", "2026-09", "2026-10", "2026-11"]);
    }

    #[test]
    fn each_day_is_in_its_own_period() {
        let periods = covering(date(2026, 1, 1), date(2026, 11, 1));
        let mut day = date(2025, 12, 1);
        while day < date(2027, 1, 1) {
            let name = day.strftime("%Y-%m").to_string();
            let found = periods.index(day).map(|index| periods.categories[index].name.clone());
            assert_eq!(found, names(&periods).contains(&&*name).then_some(name), "{day}");
            day = day.tomorrow().unwrap();
        }
        assert_eq!(periods.ends().nth(1), Some(date(2026, 2, 28)));
    }

    #[test]
    fn wrong_years_do_no_harm() {
        for (from, to) in
            [(Date::MIN, Date::MAX), (Date::MAX, Date::MIN), (date(1970, 1, 1), date(2026, 1, 1))]
        {
            let periods = covering(from, to);
            assert!(periods.categories.len() <= MOST_PERIODS, "{from} {to}");
            assert_eq!(periods.ends().count(), periods.categories.len());
        }
    }
}
