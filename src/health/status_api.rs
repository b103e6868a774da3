//! Reads health data in the form of the SCS status page API (version 1): components, incidents, severities and phases.
//!
//! The API answers one question at a time. The file holds the answers side by side, each as it came or only its list,
//! with the time and the provider, which the API does not say:
//!
//! ```json
//! { "provider": "Example Cloud", "measured_at": "2026-11-20T06:00:00Z",
//!   "components": { "data": [] }, "incidents": { "data": [] }, "severities": { "data": [] }, "phases": { "data": {} } }
//! ```

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

use super::days::ImpactHistory;
use super::own_form::STALE_AFTER;
use super::reader::HealthReader;
use super::{HealthFile, HealthImpact, HealthIncident, HealthLevel, Measurement, days};
use crate::fields::{FieldEntry, Value, text_of};
use crate::utc::day_of;

/// The severities of the API's own configuration, each with its highest value.
const SEVERITIES: [(&str, f64); 3] = [("operational", 33.0), ("limited", 66.0), ("broken", 100.0)];

/// The names of severities, sorted by their highest value; at least one.
struct Severities(Vec<(String, f64)>);

impl Severities {
    fn index(&self, value: f64) -> usize {
        self.0.partition_point(|(_, most)| *most < value).min(self.0.len() - 1)
    }

    fn name(&self, value: f64) -> &str {
        &self.0[self.index(value)].0
    }

    /// The first severity is green, the last one red.
    fn level(&self, value: f64) -> HealthLevel {
        match self.index(value) {
            0 => HealthLevel::Green,
            index if index == self.0.len() - 1 => HealthLevel::Red,
            _ => HealthLevel::Orange,
        }
    }
}

/// A component, as far as it is read before the incidents.
struct ApiComponent {
    place: FieldEntry,
    name: String,
    labels: Vec<(String, String)>,
    /// The severities of what affects it now; `None` if the component does not say so.
    affected_by: Option<Vec<f64>>,
    impacts: Vec<(HealthImpact, f64)>,
    /// Whether a part of what affects it has a mistake. Such a component must not look as if it worked.
    is_unclear: bool,
}

pub(super) fn read(reader: &mut HealthReader<'_>, fields: Vec<FieldEntry>) -> HealthFile {
    let mut top = reader.fields(fields);
    let (provider, source) = (top.text(&["provider"]), top.text(&["source"]).unwrap_or_default());
    let (measured_at, stale_after) = (top.take(&["measured_at"]), top.take(&["stale_after_days"]));
    let since = top.take(&["complete_since"]);
    let answers = [&["components"][..], &["incidents"], &["severities"], &["phases"]];
    let [components, incidents, severities, phases] = answers.map(|names| top.take(names).map(answer));
    // The names of the types of impacts decide no light.
    top.take(&["impacttypes", "impactTypes"]);
    top.finish(&[]);
    let mut file = HealthFile::default();
    let Some(components) = components else { return file };
    let (Some(provider), Some(measured_at)) = (provider, measured_at) else {
        let message = "answers of a status page need `provider` and `measured_at` beside them".to_owned();
        reader.report(&components, message);
        return file;
    };
    let Some(measured_at) = reader.past_time(&measured_at) else { return file };
    let stale_after = stale_after.and_then(|field| reader.stale_after(&field)).unwrap_or(STALE_AFTER);
    let since = since.and_then(|field| reader.past_day(&field));
    let severities = reader.severities_of(severities.as_ref());
    let phases = phases.map(|field| reader.phases(&field)).unwrap_or_default();
    let mut known = reader.components(&components);
    let has_incidents = incidents.is_some();
    if let Some(incidents) = incidents {
        for (place, fields) in reader.objects(&incidents) {
            let found = reader.incident(&place, fields, &mut known, &severities);
            file.incidents.extend(found.map(|(incident, phase)| HealthIncident {
                provider: provider.clone(),
                phase: phase.and_then(|at| phases.get(at).cloned()).unwrap_or_default(),
                ..incident
            }));
        }
    }
    let first = file.incidents.iter().map(|incident| day_of(incident.began)).min();
    for component in known.into_values() {
        let now = |impact: &&(HealthImpact, f64)| {
            impact.0.began <= measured_at && impact.0.ended.is_none_or(|ended| ended > measured_at)
        };
        let of_incidents = component.impacts.iter().filter(now).map(|(_, severity)| *severity);
        let worst = match component.affected_by {
            _ if component.is_unclear => None,
            Some(affected) => Some(affected.into_iter().chain(of_incidents).fold(0.0, f64::max)),
            None => has_incidents.then(|| of_incidents.fold(0.0, f64::max)),
        };
        let impacts: Vec<HealthImpact> = component.impacts.into_iter().map(|(impact, _)| impact).collect();
        let history = ImpactHistory {
            impacts: &impacts,
            since: since.or(first).filter(|_| has_incidents && !component.is_unclear),
            until: day_of(measured_at),
        };
        file.measurements.push(Measurement {
            span: reader.span(&component.place),
            provider: provider.clone(),
            service: component.name,
            source: source.clone(),
            measured_at: Some(measured_at),
            stale_after,
            level: worst.map(|worst| severities.level(worst)),
            value: worst.map(|worst| severities.name(worst).to_owned()).unwrap_or_default(),
            thresholds: None,
            numbers: component.labels,
            days: days::of_impacts(&history, reader.today),
        });
    }
    file.measurements.sort_by_key(|measurement| measurement.span.start);
    file
}

/// The value of an answer of the API: what is in `data`, or the value itself.
fn answer(field: FieldEntry) -> FieldEntry {
    match field.value {
        Value::Map(parts) if parts.iter().any(|part| part.key == "data") => {
            let data = parts.into_iter().find(|part| part.key == "data");
            FieldEntry { value: data.map_or(Value::Null, |part| part.value), ..field }
        }
        _ => field,
    }
}

impl HealthReader<'_> {
    fn severities_of(&mut self, field: Option<&FieldEntry>) -> Severities {
        let mut severities = Vec::new();
        for (place, fields) in field.map(|field| self.objects(field)).unwrap_or_default() {
            let mut fields = self.fields(fields);
            let (name, value) = (fields.text(&["displayName"]), fields.take(&["value"]));
            fields.finish(&["*".to_owned()]);
            let (Some(name), Some(value)) = (name, value) else {
                self.report(&place, "a severity needs `displayName` and `value`".to_owned());
                continue;
            };
            severities.extend(self.number(&value, 100.0).map(|value| (name, value)));
        }
        severities.sort_by(|(_, one), (_, other)| one.total_cmp(other));
        if severities.is_empty() {
            severities = SEVERITIES.map(|(name, most)| (name.to_owned(), most)).into();
        }
        Severities(severities)
    }

    /// The names of the phases, in their order.
    fn phases(&mut self, field: &FieldEntry) -> Vec<String> {
        let list = match &field.value {
            Value::Map(parts) => parts.iter().find(|part| part.key == "phases").map(|part| &part.value),
            value => Some(value),
        };
        let Some(Value::List(phases)) = list else {
            self.wrong(field, "a list of names");
            return Vec::new();
        };
        phases.iter().filter_map(text_of).collect()
    }

    /// The components by their ids.
    fn components(&mut self, field: &FieldEntry) -> BTreeMap<String, ApiComponent> {
        let mut components: BTreeMap<String, ApiComponent> = BTreeMap::new();
        for (place, fields) in self.objects(field) {
            let mut fields = self.fields(fields);
            let (id, name) = (fields.text(&["id"]), fields.text(&["displayName"]));
            let (labels, affected) = (fields.take(&["labels"]), fields.take(&["activelyAffectedBy"]));
            fields.finish(&["*".to_owned()]);
            let (Some(id), Some(name)) = (id, name) else {
                self.report(&place, "a component needs `id` and `displayName`".to_owned());
                continue;
            };
            let mut is_unclear = false;
            let affected_by = affected.map(|field| {
                let mut severities = Vec::new();
                for (place, fields) in self.objects(&field) {
                    let (_, severity) = self.impact(&place, fields);
                    is_unclear |= severity.is_none();
                    severities.extend(severity);
                }
                is_unclear |= !matches!(field.value, Value::List(_));
                severities
            });
            let labels = match labels.map(|field| field.value) {
                Some(Value::Map(parts)) => parts,
                _ => Vec::new(),
            };
            let label = |part: FieldEntry| Some((part.key, text_of(&part.value)?));
            let labels = labels.into_iter().filter_map(label).collect();
            if components.contains_key(&id) {
                self.report(&place, format!("there are two components `{id}`"));
                continue;
            }
            components.insert(
                id,
                ApiComponent { place, name, labels, affected_by, impacts: Vec::new(), is_unclear },
            );
        }
        tell_names_apart(&mut components);
        components
    }

    /// The id that an impact refers to, and its severity, as far as they are right.
    fn impact(&mut self, place: &FieldEntry, fields: Vec<FieldEntry>) -> (Option<String>, Option<f64>) {
        let mut fields = self.fields(fields);
        let (reference, severity) = (fields.text(&["reference"]), fields.take(&["severity"]));
        fields.finish(&["*".to_owned()]);
        if reference.is_none() || severity.is_none() {
            self.report(place, "an impact needs `reference` and `severity`".to_owned());
        }
        (reference, severity.and_then(|severity| self.number(&severity, 100.0)))
    }

    /// An incident, and the index of its phase. Its impacts are added to the components.
    fn incident(
        &mut self,
        place: &FieldEntry,
        fields: Vec<FieldEntry>,
        components: &mut BTreeMap<String, ApiComponent>,
        severities: &Severities,
    ) -> Option<(HealthIncident, Option<usize>)> {
        let mut fields = self.fields(fields);
        let (id, title) = (fields.text(&["id"]), fields.text(&["displayName"]));
        let description = fields.text(&["description"]).unwrap_or_default();
        let (began, ended) = (fields.take(&["beganAt"]), fields.take(&["endedAt"]));
        let (affects, phase) = (fields.take(&["affects"]), fields.take(&["phase"]));
        let updates = fields.take(&["updates"]);
        fields.finish(&["*".to_owned()]);
        if id.is_none() || began.is_none() {
            self.report(place, "an incident needs `id` and `beganAt`".to_owned());
        }
        // A planned maintenance is an incident that begins later.
        let began = began.and_then(|field| self.time(&field));
        let times = began.and_then(|began| match ended {
            Some(field) => Some((began, Some(self.end(&field, began)?))),
            None => Some((began, None)),
        });
        let mut services = Vec::new();
        let mut worst = None;
        for (place, fields) in affects.map(|field| self.objects(&field)).unwrap_or_default() {
            let (reference, severity) = self.impact(&place, fields);
            let Some(reference) = reference else { continue };
            let Some(component) = components.get_mut(&reference) else {
                self.report(&place, format!("there is no component `{reference}`"));
                continue;
            };
            let (Some((began, ended)), Some(severity)) = (times, severity) else {
                component.is_unclear = true;
                continue;
            };
            let level = severities.level(severity);
            worst = worst.max(Some(level));
            services.push(component.name.clone());
            component.impacts.push((HealthImpact { began, ended, level }, severity));
        }
        let (Some(id), Some((began, ended))) = (id, times) else { return None };
        let phase = phase.and_then(|field| match field.value {
            Value::Map(parts) => parts.into_iter().find(|part| part.key == "order"),
            _ => None,
        });
        let phase = phase.and_then(|order| text_of(&order.value)?.parse().ok());
        let incident = HealthIncident {
            span: self.span(place),
            title: title.unwrap_or_else(|| id.clone()),
            id,
            provider: String::new(),
            services,
            level: worst,
            began,
            ended,
            phase: String::new(),
            last_update: updates.and_then(|updates| last_update(&updates)).unwrap_or(description),
        };
        Some((incident, phase))
    }
}

/// Adds to the names of components that share one what differs: their labels, else their ids. A region that works must
/// not stand for one that does not.
fn tell_names_apart(components: &mut BTreeMap<String, ApiComponent>) {
    let mut by_name: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (id, component) in components.iter() {
        by_name.entry(component.name.trim().to_owned()).or_default().push(id.clone());
    }
    for (name, ids) in by_name.into_iter().filter(|(_, ids)| ids.len() > 1) {
        let labels: Vec<String> = ids.iter().map(|id| label_values(&components[id])).collect();
        let distinct: BTreeSet<&String> = labels.iter().filter(|label| !label.is_empty()).collect();
        let has_labels = distinct.len() == ids.len();
        for (id, label) in ids.iter().zip(&labels) {
            let part = if has_labels { label } else { id };
            if let Some(component) = components.get_mut(id) {
                component.name = format!("{name} ({part})");
            }
        }
    }
}

fn label_values(component: &ApiComponent) -> String {
    let values: Vec<&str> = component.labels.iter().map(|(_, value)| value.as_str()).collect();
    values.join(", ")
}

/// The text of the last update. The API gives only numbers of updates with an incident, and their texts separately.
fn last_update(updates: &FieldEntry) -> Option<String> {
    let Value::List(items) = &updates.value else { return None };
    let mut latest: Option<(Timestamp, String)> = None;
    for item in items {
        let Value::Map(parts) = item else { continue };
        let parts: HashMap<&str, &Value> =
            parts.iter().map(|part| (part.key.as_str(), &part.value)).collect();
        let text = |key: &str| parts.get(key).copied().and_then(text_of);
        let created = text("createdAt").and_then(|time| time.parse().ok());
        let said = text("description").or_else(|| text("displayName"));
        if let (Some(created), Some(said)) = (created, said)
            && latest.as_ref().is_none_or(|(before, _)| *before < created)
        {
            latest = Some((created, said));
        }
    }
    latest.map(|(_, said)| said)
}
