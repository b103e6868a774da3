//! Pictures inside a drawing: `data:` URLs in its attributes and styles.
//!
//! Owns the search for these URLs, and their replacement by URLs of the cleaned pictures.

use std::borrow::Cow;

use crate::base64;
use crate::entities;

use super::{ImageFormat, MetadataProblem, clean, svg};

/// The most levels of drawings inside drawings.
pub(super) const DEEPEST: usize = 3;

/// The text with every picture in it cleaned. `depth` is the number of drawings around it.
///
/// # Errors
/// The problem of the first picture that cannot be cleaned.
pub(super) fn cleaned(text: &str, depth: usize) -> Result<Cow<'_, str>, MetadataProblem> {
    if !text.contains("data:") {
        return Ok(Cow::Borrowed(text));
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("data:") {
        let (before, address) = rest.split_at(at);
        out.push_str(before);
        let (address, after) = address.split_at(end(before, address));
        out.push_str(&picture(address, depth)?);
        rest = after;
    }
    out.push_str(rest);
    Ok(Cow::Owned(out))
}

/// The length of the URL at the start of `address`, in bytes: up to the quote or bracket that also stands before it.
fn end(before: &str, address: &str) -> usize {
    let marks = [
        ("\"", "\""),
        ("'", "'"),
        ("&quot;", "&quot;"),
        ("&apos;", "&apos;"),
        ("&#34;", "&#34;"),
        ("&#39;", "&#39;"),
    ];
    let marks = marks.into_iter().chain([("(", ")")]);
    // CSS allows whitespace between the bracket of `url(` and the URL.
    let in_brackets = before.trim_end().ends_with('(');
    let mark = marks.into_iter().find(|(open, _)| before.ends_with(open) || *open == "(" && in_brackets);
    mark.and_then(|(_, close)| address.find(close)).unwrap_or(address.len())
}

/// One URL with its picture cleaned. URLs without a picture stay as they are.
fn picture(address: &str, depth: usize) -> Result<Cow<'_, str>, MetadataProblem> {
    let Some((head, data)) = address.split_once(',') else { return Ok(Cow::Borrowed(address)) };
    let kind = head["data:".len()..].split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let Some(kind) = kind.strip_prefix("image/") else { return Ok(Cow::Borrowed(address)) };
    let packed = head.rsplit(';').next().is_some_and(|last| last.trim().eq_ignore_ascii_case("base64"));
    let bytes = if packed {
        base64::decode(&crate::path::decode(&entities::decode_xml(data)))
            .ok_or(MetadataProblem::Unreadable)?
    } else {
        crate::path::decode(&entities::decode_xml(data)).into_owned().into_bytes()
    };
    let cleaned = match kind {
        "svg+xml" if depth < DEEPEST => svg::clean_at(&bytes, depth + 1)?,
        "svg+xml" => return Err(MetadataProblem::Unreadable),
        // `clean` goes by the first bytes, as browsers do, so `Png` stands for all formats with pixels.
        _ => clean(ImageFormat::Png, &bytes)?.into_owned(),
    };
    if cleaned == bytes {
        return Ok(Cow::Borrowed(address));
    }
    Ok(Cow::Owned(format!("data:image/{kind};base64,{}", base64::encode(&cleaned))))
}
