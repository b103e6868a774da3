//! The names of labels that an alert may have, as far as its rule names them.
//!
//! Owns what counts as a name in an expression and in a template. Nothing is evaluated: names of metrics and keywords count, too. A label that
//! the alert does not have is an empty text in a template.

use std::collections::BTreeSet;

/// The identifiers of a PromQL expression outside of strings and comments, without the names of functions.
pub(super) fn in_expression(expression: &str, names: &mut BTreeSet<String>) {
    let mut rest = expression;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' | '\'' | '`' => string_length(rest, first),
            '#' => rest.find('\n').unwrap_or(rest.len()),
            _ if is_name_start(first) => {
                let end = name_end(rest);
                if !rest[end..].trim_start().starts_with('(') {
                    names.insert(rest[..end].to_owned());
                }
                end
            }
            // The unit of a duration such as `5m` is not a name.
            _ if first.is_ascii_digit() => name_end(rest),
            _ => first.len_utf8(),
        };
        rest = &rest[length..];
    }
}

/// The labels that a template shows: `$labels.NAME`, `.Labels.NAME`, `index $labels "NAME"`.
pub(super) fn in_template(template: &str, names: &mut BTreeSet<String>) {
    // Without its first letter, the mark matches `$labels` and `.Labels`.
    for mark in ["abels.", "abels \""] {
        for (start, _) in template.match_indices(mark) {
            let rest = &template[start + mark.len()..];
            if rest.starts_with(is_name_start) {
                names.insert(rest[..name_end(rest)].to_owned());
            }
        }
    }
}

/// Whether a text can be the name of a label.
pub fn is_label_name(text: &str) -> bool {
    text.starts_with(is_name_start) && name_end(text) == text.len()
}

fn is_name_start(first: char) -> bool {
    first.is_ascii_alphabetic() || first == '_'
}

fn name_end(text: &str) -> usize {
    text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len())
}

/// The length of a string in bytes, with its quotes. Without an end it is the rest of the text.
fn string_length(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (offset, character) in text.char_indices().skip(1) {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if quote != '`' => is_escaped = true,
            _ if character == quote => return offset + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(read: fn(&str, &mut BTreeSet<String>), text: &str) -> Vec<String> {
        let mut names = BTreeSet::new();
        read(text, &mut names);
        names.into_iter().collect()
    }

    #[test]
    fn names_of_an_expression_are_labels_metrics_and_keywords_but_no_calls_and_strings() {
        let expression =
            "sum by (host, pool) (rate(up{job=\"node\", zone!~'a\\'b'}[5m])) > 10 # comment\n and 1e3";
        assert_eq!(names(in_expression, expression), ["and", "host", "job", "pool", "sum", "up", "zone"]);
        for open in ["\"", "up{a=\"\\", "`é", "é\"é"] {
            names(in_expression, open);
        }
    }

    #[test]
    fn names_of_a_template_are_the_labels_that_it_shows() {
        let template =
            "{{ $labels.instance }} {{.Labels.osd | toUpper}} {{ index $labels \"pool\" }} $labels. x";
        assert_eq!(names(in_template, template), ["instance", "osd", "pool"]);
    }

    #[test]
    fn labels_have_names_of_letters_digits_and_underscores() {
        assert!(["a", "_a1", "ceph_daemon"].into_iter().all(is_label_name));
        assert!(!["", "1a", "a-b", "a b", "ä", "a."].into_iter().any(is_label_name));
    }
}
