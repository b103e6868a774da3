//! The rows of a plot: which have one of their own.
//!
//! This module owns the smallest plot, and the last row, which stands for all that are too small to be named.

use std::cmp::Reverse;

/// The fewest items of a plot: of one or two the table says all.
pub const FEWEST_OF_PLOT: usize = 3;

/// The `most` rows with the highest totals, the highest first. `sum` makes one last row of all others, if there are any.
pub fn largest_rows<T>(
    mut rows: Vec<T>,
    most: usize,
    total: impl Fn(&T) -> usize,
    sum: impl FnOnce(Vec<T>) -> T,
) -> Vec<T> {
    rows.sort_by_key(|row| Reverse(total(row)));
    let others = rows.split_off(rows.len().min(most));
    if !others.is_empty() {
        rows.push(sum(others));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_rows_become_one_and_none_is_lost() {
        let rows =
            |most: usize| largest_rows(vec![1, 7, 3, 5], most, |row| *row, |others| others.iter().sum());
        assert_eq!(rows(2), [7, 5, 4]);
        assert_eq!(rows(4), [7, 5, 3, 1]);
        assert_eq!(rows(0), [16]);
    }
}
