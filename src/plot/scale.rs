//! Scales: from numbers to positions, and the ticks of axes.
//!
//! This module owns which numbers an axis names: steps of 1, 2 or 5 times a power of ten for counts, and common
//! lengths of time for durations.

use super::{CHARACTER, Category};

/// The times that ticks of a duration are at, in seconds: from a minute to three years.
const DURATIONS: [i64; 11] = [
    60,
    5 * 60,
    15 * 60,
    3600,
    4 * 3600,
    86_400,
    3 * 86_400,
    10 * 86_400,
    30 * 86_400,
    365 * 86_400,
    1095 * 86_400,
];

/// The ticks from 0 to the first one that is not below `most`: whole numbers, at most about `count` of them.
pub(super) fn count_ticks(most: usize, count: usize) -> Vec<usize> {
    let wanted = most.max(1).div_ceil(count.max(1));
    let mut power = 1;
    let step = loop {
        match [1, 2, 5].into_iter().map(|digit| digit * power).find(|step| *step >= wanted) {
            Some(step) => break step,
            None => power *= 10,
        }
    };
    (0..=most.max(1).div_ceil(step)).map(|number| number * step).collect()
}

/// A logarithmic scale of durations. A duration below its first tick is at the first tick.
pub(super) struct LogScale {
    pub ticks: Vec<i64>,
}

impl LogScale {
    /// The scale for durations from `least` to `most` seconds. It has at least two ticks.
    pub fn new(least: i64, most: i64) -> LogScale {
        let first = DURATIONS.iter().rposition(|tick| *tick <= least).unwrap_or(0).min(DURATIONS.len() - 2);
        let last = DURATIONS.iter().position(|tick| *tick >= most).unwrap_or(DURATIONS.len() - 1);
        LogScale { ticks: DURATIONS[first..=last.max(first + 1)].to_vec() }
    }

    /// The position of a duration between the first tick, 0, and the last one, 1.
    pub fn place(&self, seconds: i64) -> f64 {
        let (first, last) = (self.ticks[0], self.ticks[self.ticks.len() - 1]);
        let log = |seconds: i64| (seconds.clamp(first, last) as f64).ln();
        (log(seconds) - log(first)) / (log(last) - log(first))
    }
}

/// Every how many periods an axis of this width in units has a label, so that labels do not touch.
pub(super) fn label_step(categories: &[Category], width: f64) -> usize {
    let longest = categories.iter().map(|period| period.short.chars().count()).max().unwrap_or(1);
    let room = width / categories.len().max(1) as f64;
    let needed = (longest as f64 * CHARACTER + 3.5) / room;
    let steps = [1, 2, 3, 4, 6, 12, 24];
    steps.into_iter().find(|step| *step as f64 >= needed).unwrap_or(categories.len().max(1))
}

#[cfg(test)]
mod tests {
    use super::super::tests::months;
    use super::*;

    #[test]
    fn counts_have_ticks_at_round_whole_numbers() {
        assert_eq!(count_ticks(0, 4), [0, 1]);
        assert_eq!(count_ticks(1, 4), [0, 1]);
        assert_eq!(count_ticks(4, 4), [0, 1, 2, 3, 4]);
        assert_eq!(count_ticks(5, 4), [0, 2, 4, 6]);
        assert_eq!(count_ticks(61, 4), [0, 20, 40, 60, 80]);
        assert_eq!(count_ticks(2000, 4), [0, 500, 1000, 1500, 2000]);
        for most in 0..3000 {
            let ticks = count_ticks(most, 4);
            assert!(*ticks.last().unwrap() >= most && (2..=5).contains(&ticks.len()), "{most}: {ticks:?}");
        }
    }

    #[test]
    fn durations_have_equal_distances_for_equal_ratios() {
        let scale = LogScale::new(3600, 14_400);
        assert_eq!(scale.ticks, [3600, 14_400]);
        assert!((scale.place(7200) - 0.5).abs() < 1e-9);
        assert_eq!(
            [scale.place(0), scale.place(3600), scale.place(14_400), scale.place(i64::MAX)],
            [0.0, 0.0, 1.0, 1.0]
        );
    }

    #[test]
    fn a_scale_holds_every_duration_and_has_two_ticks() {
        for (least, most) in [(0, 0), (60, 60), (59, 61), (1, i64::MAX), (i64::MAX, i64::MAX)] {
            let scale = LogScale::new(least, most);
            assert!(scale.ticks.len() >= 2, "{least} {most}");
            assert!(scale.place(least).is_finite() && scale.place(most) <= 1.0);
        }
    }

    #[test]
    fn labels_of_months_do_not_touch() {
        assert_eq!(label_step(&months(12), 345.0), 1);
        assert_eq!(label_step(&months(13), 345.0), 2);
        assert_eq!(label_step(&months(24), 330.0), 3);
        assert_eq!(label_step(&months(200), 330.0), 24);
        assert_eq!(label_step(&[], 330.0), 1);
    }
}
