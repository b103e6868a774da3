//! Profiles of AWS: the credentials, the region and the endpoint that `~/.aws/credentials` and `~/.aws/config` keep by name.
//!
//! Owns the form of these files and which profile counts. No message quotes a line: it may hold a key.

#![expect(
    clippy::disallowed_methods,
    reason = "reads the files of profiles, and asks the environment where they are"
)]

use std::collections::BTreeMap;
use std::env;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::input::Failure;

/// The profile without a name.
const DEFAULT: &str = "default";

/// Keys of profiles that get their credentials from elsewhere.
const FROM_ELSEWHERE: [&str; 6] = [
    "role_arn",
    "credential_process",
    "sso_session",
    "sso_start_url",
    "web_identity_token_file",
    "login_session",
];

/// What a profile says.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct AwsProfile {
    pub access_key_id: String,
    pub secret_access_key: String,
    pub session_token: Option<String>,
    pub region: Option<String>,
    pub endpoint: Option<String>,
}

/// Keys are not written into logs.
impl fmt::Debug for AwsProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AwsProfile")
            .field("region", &self.region)
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

/// A file of profiles.
struct ProfileFile {
    path: PathBuf,
    text: String,
}

/// The names of the profiles in a file with what each says.
type Profiles = BTreeMap<String, BTreeMap<String, String>>;

/// Which of the two files is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ProfileFileType {
    /// `~/.aws/credentials`, with `[name]`.
    Credentials,
    /// `~/.aws/config`, with `[profile name]`, and further sections.
    Config,
}

/// The profile that `AWS_PROFILE` names, else the one named `default` if a file has it with credentials.
///
/// # Errors
/// A file cannot be read, or the named profile does not exist or has no keys of its own.
pub(super) fn of_environment() -> Result<Option<AwsProfile>, Failure> {
    let named = env::var("AWS_PROFILE").ok().filter(|name| !name.is_empty());
    let credentials = read("AWS_SHARED_CREDENTIALS_FILE", "credentials")?;
    let config = read("AWS_CONFIG_FILE", "config")?;
    let files = [(ProfileFileType::Config, config), (ProfileFileType::Credentials, credentials)];
    select(named.as_deref(), &files)
}

/// Reads the file that a variable of the environment names, else the one in `~/.aws`.
fn read(variable: &str, name: &str) -> Result<Option<ProfileFile>, Failure> {
    let given = env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from);
    let Some(path) = given.or_else(|| Some(env::home_dir()?.join(".aws").join(name))) else {
        return Ok(None);
    };
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(ProfileFile { path, text })),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => {
            let message = format!("cannot read the profiles in `{}`: {error}", path.display());
            Err(Failure::new(
                message,
                "Make the file readable, or set `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`.",
            ))
        }
    }
}

/// The profile with this name, or the default one. Later files count more.
fn select(
    named: Option<&str>,
    files: &[(ProfileFileType, Option<ProfileFile>)],
) -> Result<Option<AwsProfile>, Failure> {
    let name = named.unwrap_or(DEFAULT);
    let mut values: BTreeMap<String, String> = BTreeMap::new();
    let mut is_known = false;
    let mut known: Vec<String> = Vec::new();
    for (file_type, file) in files {
        let Some(file) = file else { continue };
        let mut profiles = profiles(&file.text, *file_type).map_err(|line| broken(&file.path, line))?;
        known.extend(profiles.keys().cloned());
        if let Some(profile) = profiles.remove(name) {
            is_known = true;
            values.extend(profile);
        }
    }
    let mut take = |key: &str| values.remove(key).filter(|value| !value.is_empty());
    let keys = (take("aws_access_key_id"), take("aws_secret_access_key"));
    if let (Some(access_key_id), Some(secret_access_key)) = keys {
        return Ok(Some(AwsProfile {
            access_key_id,
            secret_access_key,
            session_token: take("aws_session_token"),
            region: take("region"),
            endpoint: take("endpoint_url"),
        }));
    }
    // Without a name there need not be a profile.
    if named.is_none() {
        return Ok(None);
    }
    if !is_known {
        known.sort();
        known.dedup();
        let help = match known.as_slice() {
            [] => "There is no profile in `~/.aws/credentials` and `~/.aws/config`.".to_owned(),
            known => format!("There are: {}.", known.join(", ")),
        };
        return Err(Failure::new(format!("`AWS_PROFILE` names `{name}`, which is not a profile"), help));
    }
    let elsewhere = FROM_ELSEWHERE.into_iter().find(|key| values.contains_key(*key));
    let reason = elsewhere.map_or_else(
        || "has no `aws_access_key_id` with `aws_secret_access_key`".to_owned(),
        |key| format!("gets its credentials by `{key}`, which Opsbook does not do"),
    );
    let help = format!(
        "`eval \"$(aws configure export-credentials --profile {name} --format env)\"` puts them into the environment."
    );
    Err(Failure::new(format!("the profile `{name}` {reason}"), help))
}

fn broken(path: &Path, line: usize) -> Failure {
    let message = format!(
        "cannot read the profiles in `{}`: line {line} is no `[name]` and no `key = value`",
        path.display()
    );
    Failure::new(message, "Correct the line, or set `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`.")
}

/// The profiles in a file. Sections that are not profiles are left out, such as `[sso-session work]`.
///
/// # Errors
/// The number of the first line that has another form.
fn profiles(text: &str, file_type: ProfileFileType) -> Result<Profiles, usize> {
    let mut profiles = Profiles::new();
    let mut section = OpenSection::None;
    for (number, line) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        let is_indented = line.starts_with([' ', '\t']);
        let line = line.trim();
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(rest) = line.strip_prefix('[') {
            let (heading, _) = rest.split_once(']').ok_or(number)?;
            section = match profile_name(heading, file_type) {
                Some(name) => {
                    profiles.entry(name.clone()).or_default();
                    OpenSection::Profile(name)
                }
                None => OpenSection::Other,
            };
            continue;
        }
        // Indented lines are settings of one service, below a key such as `s3`.
        if is_indented && section != OpenSection::None {
            continue;
        }
        let (key, value) = line.split_once('=').ok_or(number)?;
        match &section {
            OpenSection::Profile(name) => {
                let profile = profiles.entry(name.clone()).or_default();
                profile.insert(key.trim().to_ascii_lowercase(), without_comment(value).to_owned());
            }
            OpenSection::Other => {}
            OpenSection::None => return Err(number),
        }
    }
    Ok(profiles)
}

#[derive(Debug, PartialEq, Eq)]
enum OpenSection {
    None,
    Profile(String),
    /// A section that is not a profile.
    Other,
}

/// The name of the profile that a section is for.
fn profile_name(heading: &str, file_type: ProfileFileType) -> Option<String> {
    let heading = heading.trim();
    let name = match file_type {
        ProfileFileType::Credentials => heading,
        ProfileFileType::Config if heading == DEFAULT => heading,
        ProfileFileType::Config => heading.strip_prefix("profile")?.strip_prefix([' ', '\t'])?.trim(),
    };
    Some(name.trim_matches(['"', '\'']).to_owned())
}

/// A value without the comment after it, which whitespace separates.
fn without_comment(value: &str) -> &str {
    let starts = [" #", " ;", "\t#", "\t;"];
    let end = starts.iter().filter_map(|start| value.find(start)).min().unwrap_or(value.len());
    value[..end].trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(named: Option<&str>, credentials: &str, config: &str) -> Result<Option<AwsProfile>, String> {
        let file =
            |name: &str, text: &str| Some(ProfileFile { path: PathBuf::from(name), text: text.to_owned() });
        let files = [
            (ProfileFileType::Config, file("config", config)),
            (ProfileFileType::Credentials, file("credentials", credentials)),
        ];
        select(named, &files).map_err(|failure| format!("{} {}", failure.message, failure.help))
    }

    const CREDENTIALS: &str = "\u{feff}# keys\n[default]\naws_access_key_id = AKIDEFAULT\naws_secret_access_key=s3cret/+= ; ours\n\n\
        [ops]\r\nAWS_ACCESS_KEY_ID=AKIOPS\r\naws_secret_access_key = o#ps\r\naws_session_token = t\r\n[half]\n\
        aws_access_key_id = AKIHALF\n";

    const CONFIG: &str = "[default]\nregion = eu-central-1\n[profile ops]\nregion = local\nendpoint_url = \
        https://s3.example.org\ns3 =\n  addressing_style = path\n[profile \"two words\"]\naws_access_key_id = AKITWO\n\
        aws_secret_access_key = two\n[ops]\nregion = wrong\n[sso-session work]\nsso_region = eu-central-1\n\
        [profile role]\nrole_arn = arn:aws:iam::123456789012:role/ops\nsource_profile = default\n";

    #[test]
    fn a_profile_is_read_from_both_files() {
        let ops = chosen(Some("ops"), CREDENTIALS, CONFIG).unwrap().unwrap();
        assert_eq!((&*ops.access_key_id, &*ops.secret_access_key), ("AKIOPS", "o#ps"));
        assert_eq!(ops.session_token.as_deref(), Some("t"));
        assert_eq!(ops.region.as_deref(), Some("local"));
        assert_eq!(ops.endpoint.as_deref(), Some("https://s3.example.org"));
        let two = chosen(Some("two words"), CREDENTIALS, CONFIG).unwrap().unwrap();
        assert_eq!((&*two.access_key_id, two.region), ("AKITWO", None));
    }

    #[test]
    fn without_a_name_it_is_the_default_profile_if_there_is_one() {
        let default = chosen(None, CREDENTIALS, CONFIG).unwrap().unwrap();
        assert_eq!(
            (&*default.secret_access_key, default.region.as_deref()),
            ("s3cret/+=", Some("eu-central-1"))
        );
        assert_eq!(chosen(None, "", CONFIG), Ok(None));
        assert_eq!(chosen(None, "[default]\naws_access_key_id = A\n", ""), Ok(None));
    }

    #[test]
    fn what_is_wrong_with_a_profile_is_said_without_a_key() {
        let problem = |named, credentials| chosen(Some(named), credentials, CONFIG).unwrap_err();
        let unknown = problem("opps", CREDENTIALS);
        assert!(unknown.contains("`opps`, which is not a profile"), "{unknown}");
        assert!(unknown.contains("default, half, ops, role, two words"), "{unknown}");
        assert!(problem("half", CREDENTIALS).contains("has no `aws_access_key_id`"));
        let role = problem("role", CREDENTIALS);
        assert!(role.contains("`role_arn`") && role.contains("--profile role"), "{role}");
        for broken in ["aws_secret_access_key = s3cret\n", "[default\n", "[default]\ns3cret\n"] {
            let problem = problem("ops", broken);
            assert!(problem.contains("line ") && !problem.contains("s3cret"), "{problem}");
        }
    }

    #[test]
    fn a_profile_is_logged_without_its_keys() {
        let ops = chosen(Some("ops"), CREDENTIALS, CONFIG).unwrap().unwrap();
        assert!(!format!("{ops:?}").contains("AKIOPS"));
    }
}
