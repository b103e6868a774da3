//! The new spelling of an address, in the style of its author.
//!
//! Owns how a path is written: relative or from the root, with or without extension, as a folder or as a URL,
//! percent-encoded or not. A spelling counts only if the resolver reads it as the wanted file.

use crate::dialect::MARKDOWN;
use crate::fields::yaml::YamlStyle;
use crate::markdown::AddressSyntax;
use crate::path::{FilePath, decode, encode, relative};
use crate::site::{AddressBase, AddressForm, ReadAddress};

use super::text_addresses::{AddressPlace, AddressReader, Meaning, TextAddress};

/// An address that needs another spelling after a move.
pub(super) struct Respelling<'a> {
    pub address: &'a TextAddress,
    /// The address as it is written.
    pub written: &'a str,
    /// What it meant.
    pub meaning: &'a Meaning,
    /// The file that contains it, at its new path.
    pub file: &'a FilePath,
    /// The page that shows it, at its new path.
    pub shown_by: Option<&'a FilePath>,
    /// The file that it should name, at its new path.
    pub target: &'a FilePath,
}

impl Respelling<'_> {
    /// The new text of the address; `None` if there is no spelling that leads to the target.
    pub fn find(&self, after: AddressReader<'_>) -> Option<String> {
        let (path, rest) = split(self.written_destination());
        let read = match self.meaning {
            Meaning::SiteUrl(_) => return self.site_url(after, rest),
            Meaning::Path(read) => read,
        };
        // The author's own style first, then spellings that always work.
        let spellings = [
            (read.base, read.form),
            (read.base, AddressForm::File),
            (AddressBase::Root, read.form),
            (AddressBase::Root, AddressForm::File),
        ];
        for (base, form) in spellings {
            let Some(spelled) = self.path(after, (base, form), read, path) else { continue };
            let destination = format!("{spelled}{rest}");
            let address =
                TextAddress { destination, shown_by: self.shown_by.cloned(), ..self.address.clone() };
            let found = after.read(self.file, &address);
            if found.is_some_and(|found| found.file() == self.target) {
                return self.escaped(&spelled, rest);
            }
        }
        None
    }

    /// The address without the quotes of YAML, as far as nothing in it is escaped; else decoded.
    fn written_destination(&self) -> &str {
        match self.address.place {
            AddressPlace::Text(AddressSyntax::Unclear) | AddressPlace::Field(_) => &self.address.destination,
            AddressPlace::Text(_) if self.written.contains(['\\', '&']) => &self.address.destination,
            AddressPlace::Text(_) => self.written,
        }
    }

    fn site_url(&self, after: AddressReader<'_>, rest: &str) -> Option<String> {
        let base = after.inputs.config.base_url.as_deref()?;
        self.escaped(&format!("{base}{}", after.inputs.config.web_path(after.book.url(self.target)?)), rest)
    }

    /// A path to the target, before it is escaped for its syntax.
    fn path(
        &self,
        after: AddressReader<'_>,
        (base, form): (AddressBase, AddressForm),
        read: &ReadAddress,
        old: &str,
    ) -> Option<String> {
        let content = after.inputs.config.content.as_str();
        let old = decode(old);
        let mut target = match form {
            AddressForm::File => self.target.as_str().to_owned(),
            AddressForm::Stem => {
                self.target.as_str().strip_suffix(&format!(".{}", self.target.extension()))?.to_owned()
            }
            AddressForm::Folder => self.target.folder().to_owned(),
            AddressForm::Url => {
                in_folder(content, after.book.url(self.target)?.as_str().trim_end_matches('/'))
            }
        };
        if form == read.form && form != AddressForm::File {
            target.push_str(ending(&old, form)?);
        }
        let from_content = target.strip_prefix(content)?.trim_start_matches('/');
        let path = match base {
            AddressBase::Root => format!("/{from_content}"),
            AddressBase::Content => from_content.to_owned(),
            AddressBase::File => relative(self.file.folder(), &target),
            AddressBase::Url => {
                let url = after.book.url(self.shown_by?)?;
                relative(&in_folder(content, url.as_str().trim_end_matches('/')), &target)
            }
        };
        // A dot stays also before `../`, so that the way back restores it.
        let needs_dot = old.starts_with("./") && path != "."
            || path.split('/').next().is_some_and(|first| first.contains(':'));
        let is_relative = matches!(base, AddressBase::File | AddressBase::Url);
        let path = if needs_dot && is_relative { format!("./{path}") } else { path };
        Some(self.percent_encoded(&path))
    }

    fn percent_encoded(&self, path: &str) -> String {
        if self.address.place == AddressPlace::Text(AddressSyntax::Include) {
            return path.to_owned();
        }
        let was_encoded = decode(self.written) != self.written;
        let segments = path.split('/').map(|name| {
            if was_encoded {
                encode(name).into_owned()
            } else {
                name.replace('%', "%25").replace('#', "%23").replace('?', "%3F")
            }
        });
        segments.collect::<Vec<_>>().join("/")
    }

    /// The text to write in place of the old address.
    fn escaped(&self, path: &str, rest: &str) -> Option<String> {
        match self.address.place {
            AddressPlace::Text(AddressSyntax::Unclear) => None,
            AddressPlace::Text(AddressSyntax::Include) if path.contains('#') => None,
            AddressPlace::Text(syntax) => {
                let is_verbatim = std::ptr::eq(self.written_destination(), self.written);
                let rest = if is_verbatim { rest.to_owned() } else { syntax.written(rest) };
                Some(syntax.written(path) + &rest)
            }
            AddressPlace::Field(style) => yaml_scalar(&format!("{path}{rest}"), style),
        }
    }
}

/// The path of an address, and its query and anchor.
fn split(destination: &str) -> (&str, &str) {
    destination.split_at(destination.find(['#', '?']).unwrap_or(destination.len()))
}

fn in_folder(folder: &str, path: &str) -> String {
    format!("{folder}/{path}").trim_matches('/').to_owned()
}

/// The end of a path that its new spelling keeps; `None` if the form does not fit the path.
fn ending(old: &str, form: AddressForm) -> Option<&'static str> {
    let slash = if old.ends_with('/') { "/" } else { "" };
    if form != AddressForm::Url {
        return Some(slash);
    }
    if old.ends_with("/index.html") || old == "index.html" {
        return Some("/index.html");
    }
    if old.ends_with(".html") {
        return Some(".html");
    }
    let is_file = MARKDOWN.iter().any(|(extension, _)| old.ends_with(&format!(".{extension}")));
    (!is_file).then_some(slash)
}

/// A text as a scalar of YAML in a style; `None` if the style cannot be kept in place.
pub fn yaml_scalar(text: &str, style: YamlStyle) -> Option<String> {
    let is_plain = |character: char| character.is_alphanumeric() || "/_.-~%()+=$;^'!@".contains(character);
    let begins = |character: char| character.is_alphanumeric() || "/_.".contains(character);
    match style {
        YamlStyle::Plain
            if text.starts_with(begins) && text.chars().all(|c| is_plain(c) || " #".contains(c)) =>
        {
            let is_comment = text.contains(" #") || text.ends_with(' ');
            if is_comment { yaml_scalar(text, YamlStyle::DoubleQuoted) } else { Some(text.to_owned()) }
        }
        YamlStyle::SingleQuoted => Some(format!("'{}'", text.replace('\'', "''"))),
        YamlStyle::Plain | YamlStyle::DoubleQuoted => {
            let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
            Some(format!("\"{escaped}\""))
        }
        YamlStyle::Other => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_keep_their_quotes_and_get_them_where_they_need_them() {
        let plain = |text| yaml_scalar(text, YamlStyle::Plain).unwrap();
        assert_eq!(plain("/a/b c.md"), "/a/b c.md");
        assert_eq!(plain("a: b"), "\"a: b\"");
        assert_eq!(plain("a #b"), "\"a #b\"");
        assert_eq!(plain("- a"), "\"- a\"");
        assert_eq!(yaml_scalar("a'b", YamlStyle::SingleQuoted).unwrap(), "'a''b'");
        assert_eq!(yaml_scalar("a", YamlStyle::Other), None);
    }
}
