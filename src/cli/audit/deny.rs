//! Loads the deny list from a file of its own.
//!
//! Owns the loading. The file is missing in a public repository, and the report says so: the audit did not look
//! for the words in it.

use std::io::ErrorKind;

use crate::audit::FileFinds;
use crate::config::AuditSettings;
use crate::input::{Failure, Inputs};
use crate::path::FilePath;

use super::published;

/// A longer list is not used. In bytes.
const LONGEST: usize = 1024 * 1024;

/// The settings with the entries of the file, and the finds for entries that cannot be used.
///
/// # Errors
/// The file lies in a folder from which files are published, or it exists and cannot be read.
pub(super) fn complete(inputs: &Inputs) -> Result<(AuditSettings, Vec<FileFinds>), Failure> {
    let mut audit = inputs.config.audit.clone();
    let Some(name) = audit.deny_file.clone() else { return Ok((audit, Vec::new())) };
    if let Some(folder) = FilePath::new(&name).and_then(|path| published(&inputs.config, &path)) {
        let message = format!("`deny_file` lies in `{folder}`, from where files are published");
        return Err(Failure::new(message, "Keep the list outside of the handbook's content."));
    }
    let missing = |what: &str| vec![FileFinds::unchecked(&name, what)];
    match super::read_up_to(&inputs.root.join(&name), LONGEST) {
        Ok(None) => Ok((audit, missing("a deny list that is too long"))),
        Ok(Some(list)) => {
            let wrong = audit.add(&list);
            let lines = wrong.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
            let what = format!("lines {lines} of the deny list, which are not words or patterns");
            Ok((audit, if wrong.is_empty() { Vec::new() } else { missing(&what) }))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Ok((audit, missing("a deny list that is not there, so nothing in it was looked for")))
        }
        Err(error) => {
            let help = "Check that the file is text and that you may read it.";
            Err(Failure::new(format!("cannot read `{name}`: {error}"), help))
        }
    }
}
