//! Renumbers the items of ordered lists after some of them were removed.
//!
//! Owns how a list counts. A gap would reveal that something is missing.

use std::collections::BTreeMap;
use std::ops::Range;

use super::hidden::HiddenRanges;
use super::nodes::{NodeKind, NodeTree};

/// The numbers that change, with their replacements.
pub(super) fn changed(document: &NodeTree<'_>, cover: &HiddenRanges) -> Vec<(Range<usize>, String)> {
    let mut lists: BTreeMap<usize, Vec<Range<usize>>> = BTreeMap::new();
    for node in &document.nodes {
        if node.kind == (NodeKind::Item { ordered: true }) {
            lists.entry(node.parent).or_default().push(node.range.clone());
        }
    }
    lists.values().flat_map(|items| changed_in_list(document.text, items, cover)).collect()
}

fn changed_in_list(body: &str, items: &[Range<usize>], cover: &HiddenRanges) -> Vec<(Range<usize>, String)> {
    let (mut changed, mut gone, mut last) = (Vec::new(), 0, None);
    for item in items {
        let written = &body[item.clone()];
        let digits = written.len() - written.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let Ok(number) = written[..digits].parse::<u64>() else { return Vec::new() };
        // A list that does not count up, or repeats a number, is written so on purpose.
        if last.is_some_and(|last: u64| number != last + 1) {
            return changed;
        }
        last = Some(number);
        if cover.at(item.start).is_some() {
            gone += 1;
        } else if gone > 0 {
            let new = (number - gone).to_string();
            // The other lines of the item keep their indent, so a shorter number is padded.
            let pad = if written.trim_end().contains('\n') { digits - new.len() } else { 0 };
            let range = item.start..item.start + digits + usize::from(pad > 0);
            let delimiter = if pad > 0 { &written[digits..=digits] } else { "" };
            changed.push((range, format!("{new}{delimiter}{}", " ".repeat(pad))));
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::super::hidden::{HiddenBy, HiddenNode};
    use super::*;
    use crate::visibility::{Level, WithheldPart};

    /// The numbers written for items, of which some are removed.
    fn numbers(items: &[&str], gone: &[usize]) -> Vec<String> {
        let body = items.concat();
        let start = |number: usize| items[..number].concat().len();
        let item = |number: usize| start(number)..start(number + 1);
        let hide = |number: &usize| HiddenNode {
            range: item(*number),
            what: WithheldPart::Item,
            level: Level::default(),
            cause: HiddenBy::Mark,
        };
        let cover = HiddenRanges::of_nodes(&gone.iter().map(hide).collect::<Vec<_>>());
        let list: Vec<Range<usize>> = (0..items.len()).map(item).collect();
        let changed = changed_in_list(&body, &list, &cover);
        changed.into_iter().map(|(range, new)| format!("{} {new}", &body[range])).collect()
    }

    #[test]
    fn lists_count_on_without_a_gap() {
        assert_eq!(numbers(&["1. a\n", "2. b\n", "3. c\n"], &[1]), ["3 2"]);
        assert_eq!(numbers(&["1. a\n", "2. b\n", "3. c\n"], &[0]), ["2 1", "3 2"]);
        assert_eq!(numbers(&["8. a\n", "9. b\n", "10. c\n", "11. d\n   e\n"], &[1]), ["10 9", "11 10"]);
        assert_eq!(numbers(&["9) a\n", "10) b\n    c\n"], &[0]), ["10) 9) "]);
        assert_eq!(numbers(&["1. a\n", "2. b\n"], &[1]), Vec::<String>::new());
        assert_eq!(numbers(&["1. a\n", "2. b\n"], &[]), Vec::<String>::new());
    }

    #[test]
    fn lists_that_do_not_count_stay() {
        assert_eq!(numbers(&["1. a\n", "1. b\n", "1. c\n"], &[1]), Vec::<String>::new());
        assert_eq!(numbers(&["1. a\n", "2. b\n", "5. c\n", "6. d\n"], &[0]), ["2 1"]);
    }
}
