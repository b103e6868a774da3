//! The summary of an alert rule, for readers of a page, where no alert fires and templates have no values.
//!
//! Owns the placeholder of each template expression of Prometheus: `{{ $labels.instance }}` becomes `<instance>`.
//! Evaluates nothing.

/// The words that begin a block, a branch or a comment of a template. Their expressions show no value.
const CONTROL: [&str; 9] = ["if", "else", "end", "range", "with", "define", "template", "block", "/*"];

/// The text with `<instance>` for `{{ $labels.instance }}`, `<value>` for `{{ $value | humanize }}` and `<…>` for any
/// other expression. Runs of whitespace become one space.
pub fn readable(summary: &str) -> String {
    let mut text = String::with_capacity(summary.len());
    let mut rest = summary;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((expression, after)) = after.split_once("}}") else { break };
        text.push_str(before);
        text.push_str(&shown(expression.trim_matches(['-', ' ', '\t'])));
        rest = after;
    }
    text.push_str(rest);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The placeholder of one expression. Control words, comments and assignments show nothing.
fn shown(expression: &str) -> String {
    let first = expression.split_whitespace().next().unwrap_or_default();
    if CONTROL.contains(&first) || first.starts_with("/*") || expression.contains(":=") {
        return String::new();
    }
    match label(expression) {
        Some(name) => format!("<{name}>"),
        None if ["$value", ".Value"].iter().any(|value| expression.contains(value)) => "<value>".to_owned(),
        None => "<…>".to_owned(),
    }
}

/// The first label that an expression shows: `$labels.NAME`, `.Labels.NAME` or `index $labels "NAME"`.
fn label(expression: &str) -> Option<&str> {
    // Without its first letter, the name matches `$labels` and `.Labels`.
    let (_, rest) = ["abels.", "abels \""].iter().find_map(|mark| expression.split_once(mark))?;
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    Some(&rest[..end]).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn expressions_are_shown_by_the_name_of_what_they_show() {
        let texts = [
            ("{{ $labels.ceph_daemon }} is down", "<ceph_daemon> is down"),
            ("{{$labels.a}}/{{ .Labels.b }}: {{ $value | humanize }} %", "<a>/<b>: <value> %"),
            ("{{ printf \"%.2f\" $value }} of {{ $labels.host | toUpper }}", "<value> of <host>"),
            ("at {{ index $labels \"node name\" }}", "at <node>"),
            ("{{ with query \"up\" }}{{ . | first | value }}{{ end }} up", "<…> up"),
            ("{{- if gt $value 1.0 }}many{{ else }}one{{ end -}}", "manyone"),
            ("{{ $x := $labels.a }}free", "free"),
            ("an open {{ brace and }} no", "an open <…> no"),
            ("{{ never closed", "{{ never closed"),
            ("plain {text}", "plain {text}"),
        ];
        for (written, shown) in texts {
            assert_eq!(readable(written), shown, "{written}");
        }
    }
}
