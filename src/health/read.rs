//! Reads a file of health data, whose keys say which form it has.
//!
//! Owns the limits. An entry with a wrong value is left out.

use jiff::civil::Date;

use super::reader::HealthReader;
use super::{HealthFile, own_form, status_api};
use crate::bounds::{HEALTH_FILE_BYTES, HEALTH_FILE_VALUES};
use crate::diagnostic::Diagnostic;
use crate::fields;
use crate::path::FilePath;
use crate::source::Source;

/// The folder of health data below the data folder.
pub const FOLDER: &str = "health";

/// Whether a file may hold health data, by its path.
pub fn may_hold(file: &FilePath) -> bool {
    file.extension() == "json" && file.as_str().split('/').rev().skip(1).any(|folder| folder == FOLDER)
}

/// Reads one file. `today` is the day of the build: a time after it is a mistake.
pub fn read(source: &Source, today: Date, diagnostics: &mut Vec<Diagnostic>) -> HealthFile {
    let mut reader = HealthReader { source, today, diagnostics };
    let size = source.text.len();
    if HEALTH_FILE_BYTES.is_exceeded(size) {
        let most = HEALTH_FILE_BYTES.most;
        reader.report_at(0, format!("the file has {size} bytes; at most {most} are read"));
        return HealthFile::default();
    }
    let fields = match fields::json::read(&source.text, HEALTH_FILE_VALUES.most) {
        Ok(fields) => fields,
        Err(problem) => {
            reader.report_at(problem.at, problem.message);
            return HealthFile::default();
        }
    };
    let has = |key: &str| fields.iter().any(|field| field.key == key);
    let file = if has("components") {
        status_api::read(&mut reader, fields)
    } else if has("lights") || has("incidents") {
        own_form::read(&mut reader, fields)
    } else {
        let message = "the file has neither `lights` nor `components`".to_owned();
        reader.report_at(0, message);
        HealthFile::default()
    };
    without_outer_whitespace(file)
}

/// A service is known by its name, and a space before it must not make another one of it.
fn without_outer_whitespace(mut file: HealthFile) -> HealthFile {
    for measured in &mut file.measurements {
        for name in [&mut measured.provider, &mut measured.service] {
            *name = name.trim().to_owned();
        }
    }
    for incident in &mut file.incidents {
        incident.provider = incident.provider.trim().to_owned();
        for service in &mut incident.services {
            *service = service.trim().to_owned();
        }
    }
    file
}
