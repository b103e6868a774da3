//! Lists the values of a page's fields, including those within records.
//!
//! Owns the walk through definitions and values in parallel, which gives each value its name and its path in front
//! matter: `evidence.page` and `evidence[0].page`; and the removal of values.

use super::{Field, FieldType, Kind, Kinds, Record, TypedValue};

/// One value of a field. A field with a list has several.
#[derive(Debug, Clone)]
pub struct FieldValue<'a> {
    pub field: &'a Field,
    /// The record that holds the field: the page's own, or the value of another field.
    pub record: &'a Record,
    /// The fields of that record, in the order of the definition.
    pub fields: Vec<&'a Field>,
    /// The name of the field. Within a record the name of the record comes first: `evidence.page`.
    pub name: String,
    /// The path in front matter: `evidence[0].page`.
    pub path: String,
    pub value: &'a TypedValue,
}

impl Kinds {
    /// Every value of the wanted fields of a page, in the order of the fields.
    pub fn values_of<'a>(
        &'a self,
        kind: &'a Kind,
        data: &'a Record,
        wanted: impl Fn(&Field) -> bool,
    ) -> Vec<FieldValue<'a>> {
        let mut found = Vec::new();
        let page = RecordPlace { fields: &self.fields_of(kind), record: data, name: "", path: "" };
        walk(page, &wanted, &mut found);
        found
    }

    /// Removes the values of a page that `keep` refuses. A field without values is removed, too. A record that loses
    /// a field stays.
    pub fn retain_values(
        &self,
        kind: &Kind,
        data: &mut Record,
        mut keep: impl FnMut(&Field, &TypedValue) -> bool,
    ) {
        retain(&self.fields_of(kind), data, &mut keep);
    }
}

fn retain(fields: &[&Field], record: &mut Record, keep: &mut impl FnMut(&Field, &TypedValue) -> bool) {
    for field in fields {
        let Some(value) = record.get_mut(&field.name) else { continue };
        if let FieldType::Record(inner) = &field.field_type {
            let inner: Vec<&Field> = inner.iter().collect();
            for item in value.items_mut() {
                if let TypedValue::Record(record) = item {
                    retain(&inner, record, keep);
                }
            }
        }
        let is_left = match value {
            // A list that was empty from the beginning stays.
            TypedValue::List(items) if items.is_empty() => true,
            TypedValue::List(items) => {
                items.retain(|item| keep(field, item));
                !items.is_empty()
            }
            value => keep(field, value),
        };
        if !is_left {
            record.remove(&field.name);
        }
    }
}

/// A record with its definition. Name and path are those of the record, each with a dot at the end; both are empty for the
/// page.
#[derive(Clone, Copy)]
struct RecordPlace<'a, 'b> {
    fields: &'b [&'a Field],
    record: &'a Record,
    name: &'b str,
    path: &'b str,
}

/// Appends the wanted values of a record and of the records in it.
fn walk<'a>(place: RecordPlace<'a, '_>, wanted: &impl Fn(&Field) -> bool, found: &mut Vec<FieldValue<'a>>) {
    let RecordPlace { fields, record, name, path } = place;
    for field in fields {
        // A record is entered even if it is not wanted itself, because fields in it may be.
        let Some(value) = record.get(&field.name).filter(|_| wanted(field) || is_record(field)) else {
            continue;
        };
        let (name, path) = (format!("{name}{}", field.name), format!("{path}{}", field.name));
        let listed = matches!(value, TypedValue::List(_));
        for (number, value) in value.items().iter().enumerate() {
            let path = if listed { format!("{path}[{number}]") } else { path.clone() };
            if let (FieldType::Record(inner), TypedValue::Record(record)) = (&field.field_type, value) {
                let inner: Vec<&Field> = inner.iter().collect();
                let (name, path) = (format!("{name}."), format!("{path}."));
                walk(RecordPlace { fields: &inner, record, name: &name, path: &path }, wanted, found);
            }
            if wanted(field) {
                let (name, fields) = (name.clone(), fields.to_vec());
                found.push(FieldValue { field, record, fields, name, path, value });
            }
        }
    }
}

fn is_record(field: &Field) -> bool {
    matches!(field.field_type, FieldType::Record(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_without_values_is_removed() {
        let kinds = Kinds::built_in();
        let (kind, _) = kinds.find("manifesto").unwrap();
        let text = |text: &str| TypedValue::Text(text.to_owned());
        let mut signatory = Record::default();
        signatory.extend([("name".to_owned(), text("a")), ("logo".to_owned(), text("secret"))]);
        let mut data = Record::default();
        data.insert("signatories", TypedValue::List(vec![TypedValue::Record(signatory)]));
        data.insert("related", TypedValue::List(vec![text("secret"), text("open")]));
        data.insert("description", text("secret"));
        kinds.retain_values(kind, &mut data, |_, value| value.text() != Some("secret"));
        let left: Vec<String> = data.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        assert_eq!(left, ["related: open", "signatories: a"]);
    }

    #[test]
    fn values_have_the_path_of_their_place() {
        let kinds = Kinds::built_in();
        let (kind, _) = kinds.find("manifesto").unwrap();
        let signatory = |logo: &str| {
            let mut record = Record::default();
            record.insert("logo", TypedValue::Text(logo.to_owned()));
            TypedValue::Record(record)
        };
        let mut data = Record::default();
        data.insert("signatories", TypedValue::List(vec![signatory("a.svg"), signatory("b.svg")]));
        data.insert("related", TypedValue::Text("c.md".to_owned()));
        let found = kinds
            .values_of(kind, &data, |field| matches!(field.field_type, FieldType::File | FieldType::Page));
        let found: Vec<String> =
            found.iter().map(|found| format!("{} {} {}", found.name, found.path, found.value)).collect();
        assert_eq!(
            found,
            [
                "signatories.logo signatories[0].logo a.svg",
                "signatories.logo signatories[1].logo b.svg",
                "related related c.md"
            ]
        );
    }
}
