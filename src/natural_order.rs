//! The order of names as people expect it: numbers in a text are compared by their value.
//!
//! ```
//! use opsbook::natural_order;
//!
//! let mut names = ["Runbook 10", "Runbook 2", "Runbook 1"];
//! names.sort_by(|one, other| natural_order::compare(one, other));
//! assert_eq!(names, ["Runbook 1", "Runbook 2", "Runbook 10"]);
//! ```

use std::cmp::Ordering;

/// Compares two texts. Digits that follow each other are one number; all else is compared by characters. Texts that
/// differ in leading zeros only are compared as they are written.
pub fn compare(one: &str, other: &str) -> Ordering {
    let (mut left, mut right) = (one, other);
    loop {
        let (number, after_number) = leading_number(left);
        let (other_number, after_other_number) = leading_number(right);
        if !number.is_empty() && !other_number.is_empty() {
            let (number, other_number) =
                (number.trim_start_matches('0'), other_number.trim_start_matches('0'));
            // Without leading zeros, the longer number is the larger one.
            let order = number.len().cmp(&other_number.len()).then_with(|| number.cmp(other_number));
            if order.is_ne() {
                return order;
            }
            (left, right) = (after_number, after_other_number);
            continue;
        }
        let (mut characters, mut other_characters) = (left.chars(), right.chars());
        match (characters.next(), other_characters.next()) {
            (None, None) => return one.cmp(other),
            (character, other_character) if character != other_character => {
                return character.cmp(&other_character);
            }
            _ => (left, right) = (characters.as_str(), other_characters.as_str()),
        }
    }
}

/// The digits at the start of a text, and the rest.
fn leading_number(text: &str) -> (&str, &str) {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_by_value_and_the_rest_by_characters() {
        let sorted = [
            "",
            "1",
            "1.9",
            "1.10",
            "01a",
            "2",
            "10",
            "18446744073709551616",
            "Step",
            "Step 2",
            "Step 02b",
            "Step 3",
            "Step 10",
            "Step b",
            "Ä 2",
            "Ä 10",
        ];
        for (number, one) in sorted.iter().enumerate() {
            for (other_number, other) in sorted.iter().enumerate() {
                assert_eq!(compare(one, other), number.cmp(&other_number), "{one} and {other}");
            }
        }
    }

    #[test]
    fn texts_that_differ_in_leading_zeros_are_not_equal() {
        assert_eq!(compare("Step 01", "Step 1"), Ordering::Less);
        assert_eq!(compare("Step 1", "Step 1"), Ordering::Equal);
    }
}
