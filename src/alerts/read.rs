//! Reads the alerts of a rule file.
//!
//! Owns the keys of rule files that matter here, and the limits against hostile files. Accepts what Prometheus accepts;
//! each problem is reported at its position.

use std::collections::BTreeSet;

use super::{Alert, UrlWithSpan, label_names, text};
use crate::bounds::{ALERT_FILE_BRACKETS, ALERT_FILE_BYTES, ALERT_FILE_VALUES};
use crate::diagnostic::{Diagnostic, nearest};
use crate::fields::{self, FieldEntry, Value, text_of};
use crate::rules::ALERT_RULES;
use crate::source::{Source, Span};

/// The most characters of a summary. A longer one is cut.
const MOST_SUMMARY: usize = 300;

/// The alerts of a file, in the order of the file. A file that is not a rule file has no alerts and no problems.
pub fn read(source: &Source, diagnostics: &mut Vec<Diagnostic>) -> Vec<Alert> {
    let masked = text::masked(&source.text);
    // The limits are checked before YAML is parsed: they protect the parser.
    if let Some(problem) = beyond_limits(source, &masked) {
        diagnostics.extend(Some(problem).filter(|_| looks_like_rules(source, &masked)));
        return Vec::new();
    }
    let mut file = AlertFile { source, text: &masked, alerts: Vec::new(), diagnostics };
    for range in text::documents(&masked) {
        let at = range.start;
        match fields::yaml::read(&masked[range], at, ALERT_FILE_VALUES.most) {
            Ok(map) => file.document(&map.fields),
            Err(problem) if looks_like_rules(source, &masked) => {
                file.report(problem.at..problem.at, problem.message);
            }
            Err(_) => {}
        }
    }
    file.alerts
}

/// The problem of a file that is too large or too deeply nested to be parsed.
fn beyond_limits(source: &Source, text: &str) -> Option<Diagnostic> {
    let problem =
        |at, message: String| Diagnostic::new(&ALERT_RULES, Span::new(&source.path, at..at), message);
    if ALERT_FILE_BYTES.is_exceeded(text.len()) {
        let most = ALERT_FILE_BYTES.most;
        let message = format!("the rule file has {} bytes; at most {most} are read", text.len());
        return Some(problem(0, message).help("split it into one file for each group"));
    }
    // Brackets in expressions also count, although they need not be closed.
    let at = text::too_deep(text, ALERT_FILE_BRACKETS.most)?;
    let message = format!("more than {ALERT_FILE_BRACKETS} are open here");
    Some(problem(at, message).help("close them, or split the file"))
}

/// Whether a file that is not valid YAML was meant as a rule file. Only then is its problem reported.
fn looks_like_rules(source: &Source, text: &str) -> bool {
    let has = |key: &str| text.lines().any(|l| l.trim_start_matches([' ', '-']).starts_with(key));
    let rules = || text.contains("alert:") || text.contains("record:");
    has("groups:") && (source.path.extension() == "rules" || rules())
}

/// Collects the alerts of one file.
struct AlertFile<'a> {
    source: &'a Source,
    text: &'a str,
    alerts: Vec<Alert>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl AlertFile<'_> {
    /// Reads one YAML document. Groups are at the top, under `spec` of a resource, or in each resource of a list.
    fn document(&mut self, fields: &[FieldEntry]) {
        if let Some(groups) = get(fields, "groups") {
            self.groups(groups);
        } else if let Some(Value::Map(spec)) = value(fields, "spec") {
            if let Some(groups) = get(spec, "groups") {
                self.groups(groups);
            }
        } else if let Some(Value::List(items)) = value(fields, "items") {
            items.iter().filter_map(map_of).for_each(|fields| self.document(fields));
        }
    }

    fn groups(&mut self, field: &FieldEntry) {
        // Other YAML files may have a key `groups`: only `.rules` files are reported for its value.
        let strict = self.source.path.extension() == "rules";
        let Value::List(groups) = &field.value else {
            if strict {
                self.report(field.at.clone(), "`groups` must be a list".to_owned());
            }
            return;
        };
        let is_group = |group: &Value| map_of(group).is_some_and(|fields| get(fields, "rules").is_some());
        if strict || groups.iter().any(is_group) {
            groups.iter().for_each(|group| self.group(group, field));
        }
    }

    fn group(&mut self, group: &Value, groups: &FieldEntry) {
        let Some(fields) = map_of(group) else {
            return self
                .report(groups.at.clone(), "a group must be a map with `name` and `rules`".to_owned());
        };
        let place = fields.first().map_or(groups.at.clone(), |field| field.at.clone());
        let name = value(fields, "name").and_then(text_of).unwrap_or_default();
        if name.is_empty() {
            self.report(place.clone(), "a group needs a `name`".to_owned());
        }
        match get(fields, "rules").map(|field| (field, &field.value)) {
            None | Some((_, Value::Null)) => {}
            Some((field, Value::List(rules))) => rules.iter().for_each(|rule| self.rule(rule, &name, field)),
            Some((field, _)) => self.report(field.at.clone(), "`rules` must be a list".to_owned()),
        }
    }

    fn rule(&mut self, rule: &Value, group: &str, rules: &FieldEntry) {
        let Some(fields) = map_of(rule) else {
            return self.report(rules.at.clone(), "a rule must be a map".to_owned());
        };
        // A recording rule raises no alert.
        if get(fields, "record").is_some() {
            return;
        }
        let Some(alert) = get(fields, "alert") else {
            return self.nameless(fields, rules);
        };
        let Some(name) = text_of(&alert.value).filter(|name| !name.trim().is_empty()) else {
            return self.report(alert.at.clone(), "`alert` must be the name of an alert".to_owned());
        };
        let span = self.line(alert);
        let severity = inner(fields, "labels", "severity").and_then(|field| text_of(&field.value));
        let url = inner(fields, "annotations", "runbook_url");
        let link = |field: &FieldEntry| {
            let url = text::plain(&text_of(&field.value)?);
            (!url.is_empty()).then(|| UrlWithSpan { url, span: self.line(field) })
        };
        let runbook_url = url.and_then(link);
        let (name, group) = (name.trim().to_owned(), group.to_owned());
        let summary = summary(fields);
        let label_names = names_of_labels(fields);
        self.alerts.push(Alert { name, severity, group, summary, label_names, runbook_url, span });
    }

    /// Reports a rule without `alert` and `record`, with a similar key as the likely typing error.
    fn nameless(&mut self, fields: &[FieldEntry], rules: &FieldEntry) {
        let place = fields.first().map_or(rules.at.clone(), |field| field.at.clone());
        let near = fields.iter().find(|field| nearest(&field.key, ["alert", "record"]).is_some());
        self.report(place, "a rule needs `alert` or `record`".to_owned());
        let (Some(near), Some(problem)) = (near, self.diagnostics.last_mut()) else { return };
        let meant = nearest(&near.key, ["alert", "record"]).unwrap_or("alert");
        problem.help = Some(format!("did you mean `{meant}` instead of `{}`?", near.key).into());
    }

    /// The line of a key, from the key on.
    fn line(&self, field: &FieldEntry) -> Span {
        Span::new(&self.source.path, text::line_of(self.text, field.at.clone()))
    }

    fn report(&mut self, at: std::ops::Range<usize>, message: String) {
        let span = Span::new(&self.source.path, at);
        self.diagnostics.push(Diagnostic::new(&ALERT_RULES, span, message));
    }
}

/// The first line of the first annotation that describes the alert, as plain text of at most [`MOST_SUMMARY`]
/// characters.
fn summary(fields: &[FieldEntry]) -> Option<String> {
    let keys = ["summary", "message", "title", "description"];
    let found = keys.iter().find_map(|key| inner(fields, "annotations", key))?;
    let text = text_of(&found.value)?;
    let text = text::plain(text.trim().lines().next().unwrap_or(""));
    let short: String = text.chars().take(MOST_SUMMARY).collect();
    (!short.is_empty()).then(|| if short.len() < text.len() { format!("{short}…") } else { short })
}

/// Names that may be labels of the alert: from its expression, its annotations and the labels that the rule adds.
fn names_of_labels(fields: &[FieldEntry]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    if let Some(expression) = value(fields, "expr").and_then(text_of) {
        label_names::in_expression(&expression, &mut names);
    }
    for field in value(fields, "annotations").and_then(map_of).unwrap_or_default() {
        if let Some(template) = text_of(&field.value) {
            label_names::in_template(&template, &mut names);
        }
    }
    let added = value(fields, "labels").and_then(map_of).unwrap_or_default();
    names.extend(added.iter().map(|field| field.key.clone()));
    names
}

fn get<'a>(fields: &'a [FieldEntry], key: &str) -> Option<&'a FieldEntry> {
    fields.iter().find(|field| field.key == key)
}

fn value<'a>(fields: &'a [FieldEntry], key: &str) -> Option<&'a Value> {
    get(fields, key).map(|field| &field.value)
}

fn inner<'a>(fields: &'a [FieldEntry], key: &str, inner: &str) -> Option<&'a FieldEntry> {
    get(map_of(value(fields, key)?)?, inner)
}

fn map_of(value: &Value) -> Option<&[FieldEntry]> {
    match value {
        Value::Map(fields) => Some(fields),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::FilePath;

    fn read_as(name: &str, text: &str) -> (Vec<Alert>, Vec<String>) {
        let source = Source::new(FilePath::new(name).unwrap(), text);
        let mut diagnostics = Vec::new();
        let alerts = read(&source, &mut diagnostics);
        let line = |d: &Diagnostic| {
            assert_eq!(d.rule.name, "alert.rules");
            let at = crate::source::position(text, d.span.start as usize);
            let help = d.help.as_deref().map_or(String::new(), |help| format!(" ({help})"));
            format!("{}:{} {}{help}", at.line, at.column, d.message)
        };
        let problems = diagnostics.iter().map(line).collect();
        (alerts, problems)
    }

    const RULES: &str = r#"# after a template
{% raw %}
groups:
- name: HAProxy
  rules:
    - alert: HaproxyDown
      expr: haproxy_up == 0
      for: 1m
      labels:
        severity: critical
      annotations:
        summary: "HAProxy down ({{ $labels.instance }})"
        runbook_url: https://handbook.example.org/runbooks/haproxy/
    - record: job:up:sum
      expr: sum(up) by (job)
- name: OpenStack
  rules:
  - expr: |
      openstack_nova_up != 1
    alert: os_nova_api_availability
    annotations:
      description: |
        The Nova API is unavailable.
        Customers cannot create instances.
  - {alert: Plain, expr: 'up == 0', labels: {severity: info}}
{% endraw %}
"#;

    #[test]
    fn alerts_are_read_with_their_places_and_recording_rules_are_not() {
        let (alerts, problems) = read_as("data/prometheus/haproxy.rules", RULES);
        assert_eq!(problems, Vec::<String>::new());
        let names: Vec<_> = alerts.iter().map(|a| (a.name.as_str(), a.group.as_str())).collect();
        assert_eq!(
            names,
            [("HaproxyDown", "HAProxy"), ("os_nova_api_availability", "OpenStack"), ("Plain", "OpenStack")]
        );
        let severities: Vec<_> = alerts.iter().map(|a| a.severity.as_deref()).collect();
        assert_eq!(severities, [Some("critical"), None, Some("info")]);
        assert_eq!(alerts[0].summary.as_deref(), Some("HAProxy down ({{ $labels.instance }})"));
        assert_eq!(alerts[1].summary.as_deref(), Some("The Nova API is unavailable."));
        let texts: Vec<_> = alerts.iter().map(|a| &RULES[a.span.range(RULES)]).collect();
        assert_eq!(texts[..2], ["alert: HaproxyDown", "alert: os_nova_api_availability"]);
        let link = alerts[0].runbook_url.as_ref().unwrap();
        assert_eq!(link.url, "https://handbook.example.org/runbooks/haproxy/");
        assert_eq!(
            &RULES[link.span.range(RULES)],
            "runbook_url: https://handbook.example.org/runbooks/haproxy/"
        );
    }

    #[test]
    fn resources_of_kubernetes_hold_rules_too() {
        let rule = "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec:\n  groups:\n  - name: g\n    \
                    rules:\n    - alert: A\n      expr: up == 0\n";
        let (alerts, problems) = read_as("data/rule.yaml", &format!("{rule}---\n{rule}"));
        assert_eq!((alerts.len(), problems.len()), (2, 0));
        assert!(alerts[0].span < alerts[1].span);
        let list =
            "kind: List\nitems:\n- spec:\n    groups:\n    - name: g\n      rules: [{alert: B, expr: up}]\n";
        assert_eq!(read_as("data/list.yml", list).0[0].name, "B");
    }

    #[test]
    fn other_yaml_files_are_passed_over() {
        for text in [
            "a: 1\n",
            "groups: [admins]\n",
            "groups:\n  admins: [a]\n",
            "- a\n- b\n",
            "a: [\n",
            "spec: 1\n",
            "",
            "spec:\n  replicas: 1\n",
            "groups:\n- name: people\n",
        ] {
            assert_eq!(read_as("data/other.yml", text), (Vec::new(), Vec::new()), "{text}");
        }
        for text in ["a: 1\n", "# nothing yet\n", "KERNEL==\"sd*\", OWNER=\"x: [\"\n\t- a\n"] {
            assert_eq!(read_as("data/99-local.rules", text), (Vec::new(), Vec::new()), "{text}");
        }
        assert_eq!(read_as("data/a.rules", "groups: 1\n").1, ["1:1 `groups` must be a list"]);
    }

    #[test]
    fn a_broken_rule_file_is_reported_where_it_breaks() {
        let (_, problems) = read_as("data/a.yml", "groups:\n- name: g\n  rules:\n  - alert: A\n\texpr: x\n");
        assert_eq!(problems, ["5:1 a tab indents this line; YAML allows only spaces there"]);
        let (alerts, problems) = read_as(
            "data/a.yml",
            "groups:\n- rules:\n  - alert: [x]\n  - alter: B\n    expr: up\n  - x\n  - alert: C\n- name: h\n  rules: 1\n",
        );
        assert_eq!(alerts[0].name, "C");
        let expected = [
            "2:3 a group needs a `name`",
            "3:5 `alert` must be the name of an alert",
            "4:5 a rule needs `alert` or `record` (did you mean `alert` instead of `alter`?)",
            "2:3 a rule must be a map",
            "9:3 `rules` must be a list",
        ];
        assert_eq!(problems, expected);
    }

    #[test]
    fn hostile_files_end_soon_with_a_problem() {
        let mut bomb =
            "groups:\n- name: g\n  rules: [{alert: A}]\nx0: &x0 [y,y,y,y,y,y,y,y,y,y]\n".to_owned();
        for level in 1..9 {
            let row = vec![format!("*x{}", level - 1); 10].join(",");
            bomb.push_str(&format!("x{level}: &x{level} [{row}]\n"));
        }
        let (alerts, problems) = read_as("data/a.rules", &bomb);
        assert_eq!((alerts.len(), problems.len()), (0, 1), "{problems:?}");
        let large = format!("groups:\n- name: g\n  rules:\n{}", "  - alert: A\n".repeat(50_000));
        let (alerts, problems) = read_as("data/a.yml", &large);
        assert_eq!(alerts.len(), 0);
        assert!(problems[0].starts_with("1:1 the rule file has"), "{problems:?}");
        for deep in ["[", "{a: ", "- "] {
            let (_, problems) = read_as("data/a.rules", &format!("groups:\n{}", deep.repeat(100_000)));
            assert_eq!(problems.len(), 1);
        }
    }

    #[test]
    fn hundreds_of_alerts_are_read() {
        let mut text = "groups:\n".to_owned();
        for group in 0..13 {
            text.push_str(&format!("- name: group{group}\n  rules:\n"));
            for rule in 0..20 {
                text.push_str(&format!(
                    "  - alert: Alert{group}x{rule}\n    expr: up == 0\n    labels:\n      severity: warning\n"
                ));
            }
        }
        let (alerts, problems) = read_as("data/a.rules", &text);
        assert_eq!((alerts.len(), problems.len()), (260, 0));
        assert_eq!(&text[alerts[259].span.range(&text)], "alert: Alert12x19");
    }
}
