//! Where a site is deployed to: a bucket with a prefix, or a folder.
//!
//! Owns the addresses, the connection to the store, and the few requests that a run makes. It knows paths and bytes, no site.

#![expect(clippy::disallowed_methods, reason = "makes folders, and asks the environment for credentials")]

use std::env;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    Attribute, Attributes, BackoffConfig, ClientConfigKey, ObjectMeta, ObjectStore, ObjectStoreExt, PutMode,
    PutOptions, PutPayload, RetryConfig, UpdateVersion,
};

use crate::headers::FileHeaders;
use crate::input::Failure;
use crate::published_types::media_type;
use crate::tls;

use super::aws_profile;
use super::signing;
use super::store_failure::{is_damaged_on_the_way, store_failure};

/// The address of a target, as given on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetAddress {
    /// `s3://bucket/prefix`; the prefix has no slash at its ends and may be empty.
    Bucket { bucket: String, prefix: String },
    /// `file:///folder`
    Folder(PathBuf),
}

impl std::str::FromStr for TargetAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<TargetAddress, String> {
        if let Some(rest) = text.strip_prefix("file://") {
            return if rest.starts_with('/') && rest.len() > 1 {
                Ok(TargetAddress::Folder(PathBuf::from(rest)))
            } else {
                Err("a folder is written `file:///path/of/the/folder`".to_owned())
            };
        }
        let Some(rest) = text.strip_prefix("s3://") else {
            return Err("it must be `s3://bucket/prefix` or `file:///path`; other stores are not supported"
                .to_owned());
        };
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let prefix = prefix.trim_end_matches('/');
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if bucket.is_empty() || !bucket.chars().all(is_plain) {
            return Err("the name of a bucket has letters, digits, `.`, `-` and `_`".to_owned());
        }
        let is_clean = |segment: &str| !matches!(segment, "" | "." | ".." | ".opsbook");
        if !prefix.is_empty() && (!prefix.split('/').all(is_clean) || prefix.contains(char::is_control)) {
            return Err(
                "a prefix has names between single slashes; `.`, `..` and `.opsbook` are none".to_owned()
            );
        }
        Ok(TargetAddress::Bucket { bucket: bucket.to_owned(), prefix: prefix.to_owned() })
    }
}

impl fmt::Display for TargetAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TargetAddress::Bucket { bucket, prefix } if prefix.is_empty() => write!(f, "s3://{bucket}"),
            TargetAddress::Bucket { bucket, prefix } => write!(f, "s3://{bucket}/{prefix}"),
            TargetAddress::Folder(path) => write!(f, "file://{}", path.display()),
        }
    }
}

/// Whether anything is written to a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetUse {
    Read,
    Write,
}

/// An open target.
#[derive(Debug)]
pub(super) struct DeployTarget {
    store: Arc<dyn ObjectStore>,
    /// The path of the site in the store.
    prefix: String,
    pub address: String,
    /// The folder of a local target.
    folder: Option<PathBuf>,
}

/// The answer to a conditional write.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ConditionalWrite {
    Done,
    /// Another run has written the object, or it is already there.
    Refused,
}

/// An object with its entity tag.
#[derive(Debug)]
pub(super) struct StoredObject {
    pub bytes: Vec<u8>,
    etag: Option<String>,
}

impl DeployTarget {
    /// Opens a target without asking the store.
    ///
    /// # Errors
    /// There are no credentials, or a folder cannot be made.
    pub fn open(address: &TargetAddress, purpose: TargetUse) -> Result<DeployTarget, Failure> {
        let text = address.to_string();
        match address {
            TargetAddress::Bucket { bucket, prefix } => {
                let store: Arc<dyn ObjectStore> = Arc::new(bucket_store(bucket, &text)?);
                Ok(DeployTarget { store, prefix: prefix.clone(), address: text, folder: None })
            }
            TargetAddress::Folder(path) => {
                let unusable = |error: &dyn fmt::Display| {
                    let message = format!("cannot use the folder `{}`: {error}", path.display());
                    Failure::new(message, "Check the path, and that you may write there.")
                };
                if purpose == TargetUse::Read && !path.exists() {
                    let store: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
                    let folder = future_path(path).map_err(|error| unusable(&error))?;
                    return Ok(DeployTarget {
                        store,
                        prefix: String::new(),
                        address: text,
                        folder: Some(folder),
                    });
                }
                fs::create_dir_all(path).map_err(|error| unusable(&error))?;
                let folder = fs::canonicalize(path).map_err(|error| unusable(&error))?;
                let store = LocalFileSystem::new_with_prefix(&folder).map_err(|error| unusable(&error))?;
                let store: Arc<dyn ObjectStore> =
                    Arc::new(store.with_automatic_cleanup(true).with_fsync(true));
                Ok(DeployTarget { store, prefix: String::new(), address: text, folder: Some(folder) })
            }
        }
    }

    /// The real path of a local target.
    pub fn folder(&self) -> Option<&FilePath> {
        self.folder.as_deref()
    }

    /// The path in the store.
    fn key(&self, path: &str) -> Result<Path, Failure> {
        self.key_below(&self.prefix, path)
    }

    fn key_below(&self, prefix: &str, path: &str) -> Result<Path, Failure> {
        let key = if prefix.is_empty() { path.to_owned() } else { format!("{prefix}/{path}") };
        Path::parse(&key).map_err(|error| self.failure(&format!("name `{path}`"), &error.into()))
    }

    fn failure(&self, action: &str, error: &object_store::Error) -> Failure {
        store_failure(&self.address, action, error)
    }

    /// Reads an object; `None` if it does not exist.
    pub async fn get(&self, path: &str) -> Result<Option<StoredObject>, Failure> {
        let found = self.fetch(&self.key(path)?).await;
        found.map_err(|error| self.failure(&format!("read `{path}`"), &error))
    }

    async fn fetch(&self, key: &Path) -> object_store::Result<Option<StoredObject>> {
        let answer = match self.store.get(key).await {
            Ok(answer) => answer,
            // A bucket that does not exist is answered with the same status as an object.
            Err(error @ object_store::Error::NotFound { .. })
                if !format!("{error:?}").contains("NoSuchBucket") =>
            {
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let etag = answer.meta.e_tag.clone();
        Ok(Some(StoredObject { bytes: answer.bytes().await?.into(), etag }))
    }

    /// Reads `path` in each folder or prefix above this target, from the top: what is there, with the address of the place.
    ///
    /// # Errors
    /// A place cannot be read for another reason than missing rights: credentials for this prefix alone may not read above.
    pub async fn get_above(&self, path: &str) -> Result<Vec<(String, Vec<u8>)>, Failure> {
        let mut found = Vec::new();
        if let Some(folder) = &self.folder {
            for above in folder.ancestors().skip(1) {
                let file = above.join(path);
                match fs::read(&file) {
                    Ok(bytes) => found.push((format!("file://{}", above.display()), bytes)),
                    Err(error) if is_hidden(&error) => {}
                    Err(error) => {
                        let message = format!("cannot read `{}`: {error}", file.display());
                        return Err(Failure::new(
                            message,
                            "It says for whom the site around the target is. Make it readable, or choose another target.",
                        ));
                    }
                }
            }
            return Ok(found);
        }
        let ends = self.prefix.match_indices('/').map(|(end, _)| &self.prefix[..end]);
        let above: Vec<&str> = std::iter::once("").filter(|_| !self.prefix.is_empty()).chain(ends).collect();
        for prefix in above {
            match self.fetch(&self.key_below(prefix, path)?).await {
                Ok(Some(object)) => {
                    let place = if prefix.is_empty() {
                        "the bucket of this target".to_owned()
                    } else {
                        prefix.to_owned()
                    };
                    found.push((place, object.bytes));
                }
                Ok(None)
                | Err(
                    object_store::Error::PermissionDenied { .. }
                    | object_store::Error::Unauthenticated { .. },
                ) => {}
                Err(error) => return Err(self.failure(&format!("read `{path}` above the target"), &error)),
            }
        }
        Ok(found)
    }

    /// Writes a file of the site with its headers. Returns its entity tag.
    pub async fn put(
        &self,
        path: &str,
        bytes: Vec<u8>,
        headers: FileHeaders,
    ) -> Result<Option<String>, Failure> {
        self.put_with_headers(path, bytes, headers).await
    }

    /// Writes one of Opsbook's own files, which no cache may keep.
    pub async fn put_own(&self, path: &str, text: String) -> Result<(), Failure> {
        self.put_with_headers(path, text.into_bytes(), own_headers(path)).await.map(|_| ())
    }

    async fn put_with_headers(
        &self,
        path: &str,
        bytes: Vec<u8>,
        headers: FileHeaders,
    ) -> Result<Option<String>, Failure> {
        let key = self.key(path)?;
        let payload = PutPayload::from(bytes);
        let mut tries_left = 3;
        loop {
            let options = PutOptions { attributes: self.attributes(headers), ..PutOptions::default() };
            match self.store.put_opts(&key, payload.clone(), options).await {
                Ok(written) => return Ok(written.e_tag),
                Err(error) if tries_left > 0 && is_damaged_on_the_way(&error) => {
                    tokio::time::sleep(Duration::from_millis(250 << (3 - tries_left))).await;
                    tries_left -= 1;
                }
                Err(error) => return Err(self.failure(&format!("write `{path}`"), &error)),
            }
        }
    }

    /// Writes an object that must not exist yet.
    pub async fn create(&self, path: &str, text: String) -> Result<ConditionalWrite, Failure> {
        self.put_if(path, text, PutMode::Create).await
    }

    /// Writes an object if it is still `there`.
    pub async fn replace(
        &self,
        path: &str,
        text: String,
        there: &StoredObject,
    ) -> Result<ConditionalWrite, Failure> {
        // A folder has no conditional write but the first, so another run could come between.
        if self.folder.is_some() {
            self.delete(vec![path.to_owned()]).await?;
            return self.create(path, text).await;
        }
        let version = UpdateVersion { e_tag: there.etag.clone(), version: None };
        self.put_if(path, text, PutMode::Update(version)).await
    }

    async fn put_if(&self, path: &str, text: String, mode: PutMode) -> Result<ConditionalWrite, Failure> {
        let options =
            PutOptions { mode, attributes: self.attributes(own_headers(path)), ..PutOptions::default() };
        match self.store.put_opts(&self.key(path)?, PutPayload::from(text.into_bytes()), options).await {
            Ok(_) => Ok(ConditionalWrite::Done),
            Err(object_store::Error::AlreadyExists { .. } | object_store::Error::Precondition { .. }) => {
                Ok(ConditionalWrite::Refused)
            }
            // The answer may be lost although the object is written; the caller reads it.
            Err(error) if is_damaged_on_the_way(&error) => Ok(ConditionalWrite::Refused),
            Err(error) => Err(self.failure(&format!("write `{path}`"), &error)),
        }
    }

    /// The headers of an object. A folder keeps none: its web server sets them.
    fn attributes(&self, file: FileHeaders) -> Attributes {
        let mut headers = Attributes::new();
        if self.folder.is_none() {
            headers.insert(Attribute::ContentType, file.media.into());
            headers.insert(Attribute::CacheControl, file.cache.into());
        }
        headers
    }

    /// Deletes objects; those that do not exist are not errors.
    pub async fn delete(&self, paths: Vec<String>) -> Result<(), Failure> {
        let keys = paths.iter().map(|path| self.key(path)).collect::<Result<Vec<Path>, Failure>>()?;
        let keys: BoxStream<'static, object_store::Result<Path>> = stream::iter(keys).map(Ok).boxed();
        let mut deleted = self.store.delete_stream(keys);
        while let Some(answer) = deleted.next().await {
            match answer {
                Ok(_) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(self.failure("delete old files", &error)),
            }
        }
        Ok(())
    }

    /// Everything at the target: paths relative to it with their entity tags. Ends after `most` objects.
    pub async fn list(&self, most: usize) -> Result<Vec<(String, Option<String>)>, Failure> {
        let prefix = if self.prefix.is_empty() { None } else { Some(self.key_below("", &self.prefix)?) };
        let mut objects = self.store.list(prefix.as_ref());
        let mut found = Vec::new();
        while let Some(object) = objects.next().await {
            let ObjectMeta { location, e_tag, .. } =
                object.map_err(|error| self.failure("list files", &error))?;
            let path = location.as_ref();
            let path = match self.prefix.as_str() {
                "" => path,
                prefix => path.strip_prefix(prefix).unwrap_or(path).trim_start_matches('/'),
            };
            found.push((path.to_owned(), e_tag));
            if found.len() >= most {
                break;
            }
        }
        Ok(found)
    }

    /// Removes what a killed run left of files in a folder: they are written as `NAME#1` and then renamed.
    pub fn remove_unfinished<'p>(&self, paths: impl Iterator<Item = &'p String>) {
        let Some(folder) = &self.folder else { return };
        for path in paths {
            let unfinished = (1..).map(|number| folder.join(format!("{path}#{number}")));
            for file in unfinished.take_while(|file| file.is_file()) {
                // A file that cannot be deleted stays; no page leads to it.
                let _ = fs::remove_file(file);
            }
        }
    }
}

/// Whether a file does not exist, or this user may not know.
fn is_hidden(error: &io::Error) -> bool {
    use io::ErrorKind::{NotADirectory, NotFound, PermissionDenied};
    matches!(error.kind(), NotFound | NotADirectory | PermissionDenied)
}

/// The real path that a folder will have when it is made: symbolic links in the part that exists are resolved.
fn future_path(path: &FilePath) -> io::Result<PathBuf> {
    let there = path.ancestors().find(|above| above.exists()).unwrap_or(path);
    let missing = path.strip_prefix(there).unwrap_or(path);
    Ok(fs::canonicalize(there)?.join(missing))
}

/// A client of a bucket, with the endpoint, the region and the credentials of the environment or of a profile.
fn bucket_store(bucket: &str, address: &str) -> Result<object_store::aws::AmazonS3, Failure> {
    tls::install()?;
    let builder = with_profile(AmazonS3Builder::from_env().with_bucket_name(bucket))?;
    let has = |key| is_set(&builder, key);
    let has_credentials = has(AmazonS3ConfigKey::AccessKeyId)
        || has(AmazonS3ConfigKey::WebIdentityTokenFile)
        || has(AmazonS3ConfigKey::ContainerCredentialsRelativeUri)
        || has(AmazonS3ConfigKey::ContainerCredentialsFullUri)
        || has(AmazonS3ConfigKey::MetadataEndpoint);
    if !has_credentials {
        return Err(no_credentials(address));
    }
    let endpoints = [AmazonS3ConfigKey::S3Endpoint, AmazonS3ConfigKey::Endpoint];
    let endpoint = endpoints.iter().find_map(|key| builder.get_config_value(key));
    // Requests are signed, so the key is not readable without encryption either. Stores inside a data centre often have none.
    let is_plain = endpoint.is_some_and(|endpoint| endpoint.starts_with("http://"));
    let backoff = BackoffConfig {
        init_backoff: Duration::from_millis(100),
        max_backoff: Duration::from_secs(10),
        base: 2.0,
    };
    let retry = RetryConfig { backoff, max_retries: 8, retry_timeout: Duration::from_secs(90) };
    let builder = match is_plain {
        // Without encryption the certificates of the system are not needed, which a bare container does not have.
        true => builder
            .with_allow_http(true)
            .with_config(AmazonS3ConfigKey::Client(ClientConfigKey::NoSystemCertificates), "true"),
        false => builder,
    };
    let builder = builder.with_retry(retry).with_crypto_provider(Arc::new(signing::RequestSigning));
    builder.build().map_err(|error| store_failure(address, "connect", &error))
}

fn is_set(builder: &AmazonS3Builder, key: AmazonS3ConfigKey) -> bool {
    builder.get_config_value(&key).is_some_and(|value| !value.is_empty())
}

/// The settings of the environment, with those of a profile where it has none. Keys in the environment count more than a
/// profile, as for other programs. Other credentials of the environment count more than the default profile.
fn with_profile(builder: AmazonS3Builder) -> Result<AmazonS3Builder, Failure> {
    let is_named = env::var_os("AWS_PROFILE").is_some_and(|name| !name.is_empty());
    let others = [
        AmazonS3ConfigKey::WebIdentityTokenFile,
        AmazonS3ConfigKey::ContainerCredentialsRelativeUri,
        AmazonS3ConfigKey::ContainerCredentialsFullUri,
        AmazonS3ConfigKey::MetadataEndpoint,
    ];
    if is_set(&builder, AmazonS3ConfigKey::AccessKeyId)
        || !is_named && others.into_iter().any(|key| is_set(&builder, key))
    {
        return Ok(builder);
    }
    let Some(profile) = aws_profile::of_environment()? else { return Ok(builder) };
    let has_region =
        is_set(&builder, AmazonS3ConfigKey::Region) || is_set(&builder, AmazonS3ConfigKey::DefaultRegion);
    let has_endpoint =
        is_set(&builder, AmazonS3ConfigKey::S3Endpoint) || is_set(&builder, AmazonS3ConfigKey::Endpoint);
    let mut builder =
        builder.with_access_key_id(profile.access_key_id).with_secret_access_key(profile.secret_access_key);
    if let Some(token) = profile.session_token {
        builder = builder.with_token(token);
    }
    if let Some(region) = profile.region.filter(|_| !has_region) {
        builder = builder.with_region(region);
    }
    if let Some(endpoint) = profile.endpoint.filter(|_| !has_endpoint) {
        builder = builder.with_endpoint(endpoint);
    }
    Ok(builder)
}

fn no_credentials(address: &str) -> Failure {
    Failure::new(
        format!("there are no credentials for `{address}`"),
        "Set `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` in the environment, or name a profile by `AWS_PROFILE`.",
    )
}

/// The headers of one of Opsbook's own files, which no cache may keep.
fn own_headers(path: &str) -> FileHeaders {
    FileHeaders { media: media_type(path), cache: "no-store" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn target_addresses_are_read_in_one_spelling() {
        let read = |text: &str| text.parse::<TargetAddress>().map(|address| address.to_string());
        assert_eq!(read("s3://handbook").as_deref(), Ok("s3://handbook"));
        assert_eq!(read("s3://handbook/").as_deref(), Ok("s3://handbook"));
        assert_eq!(read("s3://hand.book/a/b/").as_deref(), Ok("s3://hand.book/a/b"));
        assert_eq!(read("file:///srv/www").as_deref(), Ok("file:///srv/www"));
        for wrong in [
            "",
            "handbook",
            "gs://b",
            "s3://",
            "s3:///a",
            "s3://b//a",
            "s3://b/../a",
            "s3://b/.opsbook",
            "s3://ü",
            "file://",
            "file:///",
            "file://a/b",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        assert!(read("gs://b").unwrap_err().contains("s3://bucket/prefix"));
    }
}
