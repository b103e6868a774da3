//! Turns a request into a response.
//!
//! Owns the look-up: a target is decoded once and must then be the exact path of a file of the site. Targets
//! are not mapped to files on disk, so no target can reach another file. Adds the headers that every response
//! has, including refusals.

use std::io::Read;
use std::sync::LazyLock;

use hyper::header::{HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::{HeaderMap, Method, Response, StatusCode, Uri, header};

use crate::headers::{self, Worker};
use crate::input::cleaned_assets::{self, OpenedAsset};
use crate::output::{Body, MediaOfFile, Original};
use crate::path::{decode, encode};
use crate::published_types::{PLAIN_TEXT, media_type};

use super::guard::{self, Admission, Guard};
use super::payload::Payload;
use super::store::{ServedState, Store};

/// The text of a refusal. Through a tunnel, the browser must ask for the name and the port of the preview.
const REFUSED: &str = "This address is not served here.\n\nThe preview answers at the address that `opsbook serve` has \
    printed, with its port. Through a tunnel, use the same port on both ends: ssh -L 4567:localhost:4567 HOST\n\n\
    For another name, start it with --allow-host NAME.\n";
/// The text for a request to a shared preview that does not know its token.
const UNKNOWN: &str = "This preview is not public.\n\nOpen it with the whole address that `opsbook serve` has printed, \
    with its token.\n";
const SCRIPT: &str = include_str!("client/reload.js");
const STYLE: &str = include_str!("client/overlay.css");

/// The headers of every response: those of a published site, and those that a preview needs in addition,
/// because its text is not finished.
static COMMON: LazyLock<HeaderMap> = LazyLock::new(|| {
    let mut common = HeaderMap::new();
    for (name, value) in headers::site_headers(Worker::Absent) {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("the table holds names of headers");
        common.insert(name, HeaderValue::from_str(&value).expect("the table holds visible ASCII"));
    }
    common.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    common.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    common
});

/// Answers any request. `events` makes the response that stays open.
pub(super) fn answer(
    request: &Parts,
    store: &Store,
    guard: &Guard,
    events: impl FnOnce() -> Payload,
) -> Response<Payload> {
    let mut response = match guard.admit(request) {
        Admission::Refused => plain(StatusCode::FORBIDDEN, REFUSED),
        Admission::Unknown => plain(StatusCode::FORBIDDEN, UNKNOWN),
        Admission::Enters { cookie, target } => entered(&cookie, target),
        Admission::Admitted => admitted(request, store, events),
    };
    for (name, value) in COMMON.iter() {
        response.headers_mut().insert(name, value.clone());
    }
    response
}

/// Moves the token from the URL into a cookie.
fn entered(cookie: &str, target: String) -> Response<Payload> {
    let cookie = HeaderValue::try_from(cookie).expect("a token is visible ASCII");
    let target = HeaderValue::try_from(target).expect("the target of a request is visible ASCII");
    let response = with_header(plain(StatusCode::SEE_OTHER, ""), header::SET_COOKIE, cookie);
    with_header(response, header::LOCATION, target)
}

fn admitted(request: &Parts, store: &Store, events: impl FnOnce() -> Payload) -> Response<Payload> {
    if request.method != Method::GET && request.method != Method::HEAD {
        let refusal = plain(StatusCode::METHOD_NOT_ALLOWED, "Only GET and HEAD are answered.");
        with_header(refusal, header::ALLOW, HeaderValue::from_static("GET, HEAD"))
    } else if request.uri.path() == "/_opsbook/events" {
        let stream = Response::new(events());
        with_header(stream, header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"))
    } else {
        look_up(&request.uri, store)
    }
}

/// The response after a panic, so that no client waits for ever.
pub(super) fn defect() -> Response<Payload> {
    plain(StatusCode::INTERNAL_SERVER_ERROR, "Opsbook has failed: a defect. The terminal says more.")
}

fn look_up(uri: &Uri, store: &Store) -> Response<Payload> {
    let target = uri.path();
    let shown = store.shown();
    match target.strip_prefix(guard::OWN_PREFIX) {
        Some("reload.js") => return typed("reload.js", SCRIPT),
        Some("overlay.css") => return typed("overlay.css", STYLE),
        Some("problems.json") => return typed("problems.json", shown.problems.to_string()),
        _ => {}
    }
    let path = decode(target);
    let Some(path) = path.strip_prefix('/') else { return not_found(&shown, store) };
    let page = if path.is_empty() || path.ends_with('/') { Some(format!("{path}index.html")) } else { None };
    let name = page.as_deref().unwrap_or(path);
    if let Some(body) = shown.files.get(name) {
        return file(name, body, &shown, store);
    }
    if !path.is_empty() && shown.files.get(&format!("{path}/index.html")).is_some() {
        return to_folder(path, uri.query());
    }
    not_found(&shown, store)
}

/// Redirects to the URL with a slash at the end. Without it, the relative links of the page would lead
/// elsewhere.
fn to_folder(path: &str, query: Option<&str>) -> Response<Payload> {
    let encoded: Vec<_> = path.split('/').map(encode).collect();
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    let location = format!("/{}/{query}", encoded.join("/"));
    let moved = plain(StatusCode::TEMPORARY_REDIRECT, "");
    let location =
        HeaderValue::try_from(location).expect("an address of the site is encoded, and so is a query");
    with_header(moved, header::LOCATION, location)
}

fn not_found(shown: &ServedState, store: &Store) -> Response<Payload> {
    let mut response = match shown.files.get("404.html") {
        Some(body) => file("404.html", body, shown, store),
        None => plain(StatusCode::NOT_FOUND, "There is no such page."),
    };
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

fn file(name: &str, body: &Body, shown: &ServedState, store: &Store) -> Response<Payload> {
    let mut media = media_type(name);
    let content = match body.bytes() {
        Ok(bytes) => bytes.to_vec(),
        Err(original) => match read_original(original, store) {
            Ok(bytes) => {
                if original.media == MediaOfFile::PlainText {
                    media = PLAIN_TEXT;
                }
                bytes
            }
            Err(_) => return plain(StatusCode::NOT_FOUND, "The file is gone."),
        },
    };
    // The page reads the version of the site in which it was made, and so knows whether it missed a reload.
    let state = format!("opsbook;desc=\"{}\"", shown.news.site);
    let state = HeaderValue::try_from(state).expect("a number is visible ASCII");
    with_header(of_media(media, content), HeaderName::from_static("server-timing"), state)
}

/// Reads an asset as it would be published. It must still lie in the handbook's folder.
fn read_original(file: &Original, store: &Store) -> std::io::Result<Vec<u8>> {
    match cleaned_assets::open(&store.inputs()?, file)? {
        OpenedAsset::Bytes(bytes) => Ok(bytes),
        OpenedAsset::File(mut file) => {
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            Ok(bytes)
        }
    }
}

fn typed(name: &str, content: impl Into<Payload>) -> Response<Payload> {
    of_media(media_type(name), content)
}

fn of_media(media: &'static str, content: impl Into<Payload>) -> Response<Payload> {
    with_header(Response::new(content.into()), header::CONTENT_TYPE, HeaderValue::from_static(media))
}

fn plain(status: StatusCode, text: &'static str) -> Response<Payload> {
    let media_type = HeaderValue::from_static("text/plain; charset=utf-8");
    let mut response = with_header(Response::new(text.into()), header::CONTENT_TYPE, media_type);
    *response.status_mut() = status;
    response
}

fn with_header(mut response: Response<Payload>, name: HeaderName, value: HeaderValue) -> Response<Payload> {
    response.headers_mut().insert(name, value);
    response
}
