//! `[external]` of `book.toml`: which links into the web `opsbook check --external` asks, and how.
//!
//! Owns these keys, their defaults and their limits. Must not know how a host is asked.

use std::time::Duration;

use crate::fields::{FieldEntry, FieldReader, Value, text_of};
use crate::visibility::{Level, Levels};

/// How links into the web are checked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ExternalSettings {
    /// Only addresses that one of these patterns fits are asked; all if the list is empty.
    pub include: Vec<String>,
    /// Addresses that are not asked.
    pub exclude: Vec<String>,
    /// Links of texts up to this level are asked; the first level if it is not set.
    pub audience: Option<Level>,
    /// Whether hosts of private networks and names for documentation are asked.
    pub private: bool,
    /// Whether addresses with a password or a token are asked.
    pub credentials: bool,
    /// How many days a good answer is used again.
    pub max_age: u16,
    /// The requests to one host at the same time.
    pub per_host: u16,
    /// The time between the starts of two requests to one host.
    pub pause: Duration,
    /// The longest time for an answer.
    pub timeout: Duration,
    /// How often a request is repeated after the first.
    pub retries: u16,
}

impl Default for ExternalSettings {
    fn default() -> ExternalSettings {
        ExternalSettings {
            include: Vec::new(),
            exclude: Vec::new(),
            audience: None,
            private: false,
            credentials: false,
            max_age: 7,
            per_host: 2,
            pause: Duration::from_millis(500),
            timeout: Duration::from_secs(20),
            retries: 2,
        }
    }
}

/// A number that a setting may have.
struct NumberRange {
    least: f64,
    most: f64,
    unit: &'static str,
}

pub(super) fn read(mut reader: FieldReader<'_>, levels: &Levels) -> ExternalSettings {
    let default = ExternalSettings::default();
    let known = |text: &str| levels.find(text).is_some();
    let audience = reader.text_where(&["audience"], &levels.listed(), known);
    let days = NumberRange { least: 0.0, most: 365.0, unit: "days" };
    let requests = NumberRange { least: 1.0, most: 16.0, unit: "requests" };
    let pause = NumberRange { least: 0.0, most: 60.0, unit: "seconds" };
    let timeout = NumberRange { least: 0.1, most: 300.0, unit: "seconds" };
    let retries = NumberRange { least: 0.0, most: 10.0, unit: "repetitions" };
    let settings = ExternalSettings {
        include: patterns(&mut reader, "include"),
        exclude: patterns(&mut reader, "exclude"),
        audience: audience.and_then(|name| levels.find(&name)),
        private: reader.flag(&["private"]).unwrap_or(default.private),
        credentials: reader.flag(&["credentials"]).unwrap_or(default.credentials),
        max_age: whole(number(&mut reader, "max_age", &days), default.max_age),
        per_host: whole(number(&mut reader, "per_host", &requests), default.per_host),
        pause: number(&mut reader, "pause", &pause).map_or(default.pause, Duration::from_secs_f64),
        timeout: number(&mut reader, "timeout", &timeout).map_or(default.timeout, Duration::from_secs_f64),
        retries: whole(number(&mut reader, "retries", &retries), default.retries),
    };
    reader.finish(&[]);
    settings
}

fn whole(number: Option<f64>, default: u16) -> u16 {
    // The range of each setting is far smaller than that of the type.
    number.map_or(default, |number| number.round() as u16)
}

fn number(reader: &mut FieldReader<'_>, name: &'static str, range: &NumberRange) -> Option<f64> {
    let field = reader.take(&[name])?;
    match field.value {
        Value::Number(number, _) if (range.least..=range.most).contains(&number) => Some(number),
        _ => {
            let NumberRange { least, most, unit } = range;
            let message = format!("`{name}` must be a number of {unit} from {least} to {most}");
            reader.report(&field, message, None);
            None
        }
    }
}

/// Patterns of addresses without their scheme: `docs.example.com/*`.
fn patterns(reader: &mut FieldReader<'_>, name: &'static str) -> Vec<String> {
    let Some(field) = reader.take(&[name]) else { return Vec::new() };
    let Value::List(items) = &field.value else {
        reader.report(&field, format!("`{name}` must be a list"), None);
        return Vec::new();
    };
    let mut patterns = Vec::new();
    for item in items {
        match text_of(item).map(|text| text.trim().to_owned()).filter(|text| is_pattern(text)) {
            Some(pattern) => patterns.push(pattern),
            None => wrong(reader, &field, item),
        }
    }
    patterns
}

fn wrong(reader: &mut FieldReader<'_>, field: &FieldEntry, item: &Value) {
    let message =
        format!("`{}` has an entry that is not an address: {}", field.key, crate::fields::describe(item));
    let help = "write the host and the path without `https://`, with `*` for any text: `docs.example.com/*`";
    reader.report(field, message, Some(help.to_owned()));
}

fn is_pattern(text: &str) -> bool {
    !text.is_empty() && !text.contains("://") && !text.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::FilePath;
    use crate::source::Source;

    fn parsed(text: &str) -> (ExternalSettings, Vec<String>) {
        let source = Source::new(FilePath::new("book.toml").unwrap(), text);
        let (config, problems) = crate::config::parse(&source);
        (config.external, problems.iter().map(|problem| problem.message.to_string()).collect())
    }

    #[test]
    fn every_key_is_read() {
        let (settings, problems) = parsed(
            "[external]\ninclude = [\"*.example.net/*\"]\nexclude = [\"a.example.net/*\"]\naudience = \"internal\"\n\
             private = true\ncredentials = true\nmax_age = 0\nper_host = 1\npause = 0\ntimeout = 1.5\nretries = 0\n",
        );
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!((settings.include.len(), settings.exclude.len()), (1, 1));
        assert!(settings.private && settings.credentials);
        assert_eq!((settings.max_age, settings.per_host, settings.retries), (0, 1, 0));
        assert_eq!((settings.pause, settings.timeout), (Duration::ZERO, Duration::from_millis(1500)));
        assert_eq!(Levels::default().name(settings.audience.unwrap()), "internal");
    }

    #[test]
    fn what_cannot_be_is_reported_and_gets_its_default() {
        let (settings, problems) = parsed(
            "[external]\ninclude = [\"https://a/\"]\nexclude = \"x\"\naudience = \"all\"\nmax_age = -1\n\
             per_host = 0\ntimeout = 0\nretries = 1e300\npauses = 1\n",
        );
        assert_eq!(settings, ExternalSettings::default());
        assert_eq!(problems.len(), 8, "{problems:?}");
    }
}
