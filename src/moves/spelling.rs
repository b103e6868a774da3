//! The new spelling of an address, in the style of its author.
//!
//! Owns how a path is written: relative or from the root, with or without extension, as a folder or as a URL,
//! percent-encoded or not. A spelling counts only if the resolver reads it as the wanted file.

use crate::dialect::MARKDOWN;
use crate::fields::yaml::YamlStyle;
use crate::markdown::AddressSyntax;
use crate::path::{FilePath, UrlPath, climbing, decode, encode};
use crate::site::{AddressBase, AddressForm, ReadAddress};

use super::text_addresses::{AddressPlace, AddressReader, Meaning, TextAddress};

/// An address that needs another spelling after a move.
pub(super) struct Respelling<'a> {
    pub address: &'a TextAddress,
    /// The address as it is written.
    pub written: &'a str,
    /// What it meant.
    pub meaning: &'a Meaning,
    /// The folder that it was relative to, if it was relative.
    pub old_base: Option<String>,
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
        let target = match form {
            AddressForm::File => self.target.as_str().to_owned(),
            AddressForm::Stem => {
                self.target.as_str().strip_suffix(&format!(".{}", self.target.extension()))?.to_owned()
            }
            AddressForm::Folder => self.target.folder().to_owned(),
            AddressForm::Url => {
                in_folder(content, after.book.url(self.target)?.as_str().trim_end_matches('/'))
            }
        };
        let keeps_form = form == read.form;
        let target =
            SpelledTarget { path: &target, form, ending: if keeps_form { ending(&old, form)? } else { "" } };
        let from_content = || Some(target.whole().strip_prefix(content)?.trim_start_matches('/').to_owned());
        let path = match base {
            AddressBase::Root => format!("/{}", from_content()?),
            AddressBase::Content => from_content()?,
            AddressBase::File => self.relative(self.file.folder(), &target, read),
            AddressBase::Url => {
                self.relative(&url_folder(content, after.book.url(self.shown_by?)?), &target, read)
            }
        };
        // A dot stays also before `../`, so that the way back restores it.
        let had_dot = old.strip_prefix("./").is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'));
        // The dot of `.//x.md` belongs to the slashes, which would begin at the root of the host without it.
        let has_dot = path == "." || path.starts_with("./") && !path.starts_with(".//");
        let needs_dot =
            had_dot && !has_dot || path.split('/').next().is_some_and(|first| first.contains(':'));
        let is_relative = matches!(base, AddressBase::File | AddressBase::Url);
        let path = if needs_dot && is_relative { format!("./{path}") } else { path };
        Some(self.percent_encoded(&path))
    }

    /// A relative path with the detours of the old one: it climbs as much more than it must, and has the same parts that
    /// lead nowhere.
    fn relative(&self, folder: &str, target: &SpelledTarget<'_>, read: &ReadAddress) -> String {
        let parse = |base| RelativePath::parse(base, &self.address.destination, read.form);
        let Some(old) = self.old_base.as_deref().and_then(parse) else { return target.from(folder, 0) };
        let path = target.from(folder, old.climb);
        match &old.detour {
            Some(parts) if path.trim_end_matches('/') != "." => {
                let (names, slash) = path.strip_suffix('/').map_or((&*path, ""), |names| (names, "/"));
                parts.insert_into(names) + slash
            }
            _ => path,
        }
    }

    /// The path with each name as the old one has it, if it does; else percent-encoded in the same manner.
    fn percent_encoded(&self, path: &str) -> String {
        if self.address.place == AddressPlace::Text(AddressSyntax::Include) {
            return path.to_owned();
        }
        let was_encoded = decode(self.written) != self.written;
        let old = split(self.written_destination()).0;
        let segments = path.split('/').map(|name| {
            if let Some(written) = old.split('/').find(|written| decode(written) == name) {
                written.to_owned()
            } else if was_encoded {
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
                // What the author has written needs no escapes where it stood already.
                let is_kept =
                    |name: &str| is_verbatim && split(self.written).0.split('/').any(|old| old == name);
                let names = path.split('/');
                let names =
                    names.map(|name| if is_kept(name) { name.to_owned() } else { syntax.written(name) });
                Some(names.collect::<Vec<_>>().join("/") + &rest)
            }
            AddressPlace::Field(style) => yaml_scalar(&format!("{path}{rest}"), style),
        }
    }
}

/// A relative path as an author wrote it.
pub(super) struct RelativePath {
    /// How many levels up it goes more than it must: one for `../b/x.md` in the folder `b`.
    pub climb: usize,
    /// Parts that lead nowhere, such as `c/..` in `c/../x.md` and the empty one in `c//x.md`.
    detour: Option<PathDetour>,
}

/// Parts of a path that lead nowhere.
struct PathDetour {
    parts: String,
    place: DetourPlace,
}

/// Where a detour stands in a path.
enum DetourPlace {
    /// Before all names.
    First,
    /// With so many names behind it.
    Before(usize),
}

impl RelativePath {
    /// Reads the path of an address that is relative to `folder`. `None` if it leaves the handbook.
    pub fn parse(folder: &str, destination: &str, form: AddressForm) -> Option<RelativePath> {
        let path = decode(split(destination).0);
        let target = FilePath::in_folder(folder, &path)?;
        let target =
            if is_folder(form, &path) { as_folder(target.as_str()) } else { target.as_str().to_owned() };
        let path = path.trim_start_matches("./").trim_end_matches('/');
        let parts: Vec<&str> = path.split('/').collect();
        let up = parts.iter().take_while(|part| **part == "..").count();
        let shortest = climbing(folder, &target, 0).matches("../").count();
        Some(RelativePath { climb: up.saturating_sub(shortest), detour: PathDetour::in_names(&parts[up..]) })
    }
}

impl PathDetour {
    fn in_names(names: &[&str]) -> Option<PathDetour> {
        if matches!(names, ["" | "."]) {
            return None;
        }
        let is_name = |name: &&str| !matches!(*name, "" | "." | "..");
        let mut start = names.iter().position(|name| !is_name(name))?;
        let end = names.iter().rposition(|name| !is_name(name))? + 1;
        // `..` belongs together with the name that it leaves.
        let is_inside = |start: usize| FilePath::new(&format!("./{}", names[start..end].join("/")));
        while start > 0 && is_inside(start).is_none() {
            start -= 1;
        }
        let leads_nowhere = is_inside(start)?.as_str().is_empty();
        let parts = names[start..end].join("/");
        let is_first = start == 0 && !parts.is_empty();
        let place = if is_first { DetourPlace::First } else { DetourPlace::Before(names.len() - end) };
        leads_nowhere.then_some(PathDetour { parts, place })
    }

    /// The path with these parts in it. It stays relative.
    fn insert_into(&self, path: &str) -> String {
        let mut parts: Vec<&str> = path.split('/').collect();
        let up = parts.iter().take_while(|part| **part == "..").count();
        let index = match self.place {
            DetourPlace::First => up,
            DetourPlace::Before(names) => parts.len().saturating_sub(names).max(up),
        };
        parts.insert(index, &self.parts);
        let longer = parts.join("/");
        if longer.starts_with('/') { format!("./{longer}") } else { longer }
    }
}

/// What a relative path should lead to.
struct SpelledTarget<'a> {
    /// From the handbook's root, without its ending.
    path: &'a str,
    form: AddressForm,
    ending: &'static str,
}

impl SpelledTarget<'_> {
    fn whole(&self) -> String {
        format!("{}{}", self.path, self.ending)
    }

    /// The path from a folder, so many levels more up than it must go.
    fn from(&self, folder: &str, climb: usize) -> String {
        let is_folder = is_folder(self.form, self.ending);
        let target = if is_folder { as_folder(self.path) } else { self.path.to_owned() };
        let path = climbing(folder, &target, climb);
        let path = if path.is_empty() { "." } else { path.trim_end_matches('/') };
        format!("{path}{}", self.ending)
    }
}

/// Whether an address with this form and end names a folder.
fn is_folder(form: AddressForm, end: &str) -> bool {
    matches!(form, AddressForm::Folder | AddressForm::Url) && !end.ends_with(".html")
}

/// The path of a folder with `/` at its end; empty for the root.
fn as_folder(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!("{path}/") }
}

/// The folder that relative URLs of a page start from, as a path from the handbook's root.
pub(super) fn url_folder(content: &str, url: &UrlPath) -> String {
    in_folder(content, url.as_str().trim_end_matches('/'))
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

    #[test]
    fn a_path_there_and_back_keeps_its_detours() {
        let spelled = |from: &str, written: &str, to: &str, target: &str| {
            let old = RelativePath::parse(from, written, AddressForm::File).unwrap();
            let path =
                SpelledTarget { path: target, form: AddressForm::File, ending: "" }.from(to, old.climb);
            old.detour.map_or(path.clone(), |detour| detour.insert_into(&path))
        };
        let target = "content/x/q.md";
        for (written, elsewhere) in [
            ("q.md", "../x/q.md"),
            ("../x/q.md", "../../content/x/q.md"),
            ("../x/../x/q.md", "../../x/../content/x/q.md"),
            ("../x//q.md", "../../content/x//q.md"),
            ("t/../q.md", "../t/../x/q.md"),
        ] {
            let there = spelled("content/x", written, "content/y", target);
            assert_eq!(there, elsewhere);
            assert_eq!(spelled("content/y", &there, "content/x", target), written);
        }
    }
}
