//! The table of access: every path of the handbook with its [`Access`].
//!
//! This module owns what folders hand down, and how front matter, folders, patterns and the default are combined. A
//! section's page speaks for everything in its folder, and a page for itself. A pattern sets the lowest level that
//! is possible. In all other cases the strictest value holds. Other modules ask this table who may see a path.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::statement::{DRAFT, is_finished};
use super::{Access, DeclaredAccess, VisibleFrontMatter};
use crate::asset::Asset;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::fields::{FieldEntry, text_of};
use crate::kinds::FieldSource;
use crate::memo::{Digest, Memo};
use crate::page::{FrontMatterContext, is_near_section, is_page, section_rank};
use crate::path::{FilePath, segment};
use crate::source::Source;
use crate::visibility::{Level, WithheldReason, folded};

/// The files of a handbook that may be withheld. Files of the theme and definitions of kinds are not among them:
/// their content is in every site.
#[derive(Debug, Clone, Copy)]
pub struct HandbookPaths<'a> {
    /// Texts as far as the audience may see them.
    pub sources: &'a BTreeMap<FilePath, Source>,
    pub assets: &'a BTreeMap<FilePath, Asset>,
    pub data: &'a BTreeMap<FilePath, Source>,
    /// The files that are published in the root of the site.
    pub static_files: &'a BTreeMap<FilePath, Asset>,
    /// The targets of files that are symbolic links.
    pub links: &'a BTreeMap<FilePath, FilePath>,
    /// Files and folders that exist but could not be read. The access that they declare is unknown.
    pub unread: &'a BTreeSet<FilePath>,
}

impl<'a> HandbookPaths<'a> {
    /// Every path, some of them twice.
    fn all(self) -> impl Iterator<Item = &'a FilePath> {
        let attached = self.assets.keys().chain(self.static_files.keys());
        self.sources.keys().chain(attached).chain(self.data.keys())
    }
}

/// The access of every path.
pub struct AccessTable<'a> {
    context: FrontMatterContext<'a>,
    /// The sections' pages that declare something, by the folded path of the folder. Usually one; several where
    /// names differ only in case, or where pages have the same rank.
    sections: BTreeMap<String, Vec<FolderAccess>>,
    fronts: Fronts<'a>,
    unread: BTreeSet<&'a str>,
    access_by_path: BTreeMap<&'a FilePath, Access>,
    /// Problems of front matter that declares access for a folder in vain.
    pub problems: Vec<Diagnostic>,
}

/// The access and fields that a section's page hands down to its folder.
#[derive(Debug)]
pub struct FolderAccess {
    file: FilePath,
    front: Arc<VisibleFrontMatter>,
    /// The fields that it hands down. A section that is marked as hidden hands down only [`READING_FIELDS`].
    handed: Vec<FieldEntry>,
}

/// The fields that decide how a page is read, and whether it is left out. Without `kind: minutes` from a hidden section,
/// a public page in it would show its participants, and its fields would be unknown keys. They hold no words of the
/// author.
const READING_FIELDS: [&str; 3] = ["kind", "participants", DRAFT];

impl<'a> AccessTable<'a> {
    /// Reads the front matter of every text, and combines it with folders and settings.
    pub fn new(
        paths: HandbookPaths<'a>,
        context: FrontMatterContext<'a>,
        memo: &mut Memo<VisibleFrontMatter>,
    ) -> AccessTable<'a> {
        let has_front = |source: &&Source| source.dialect.is_some() || is_near_section(&source.path);
        let texts: Vec<&Source> =
            paths.sources.values().chain(paths.data.values()).filter(has_front).collect();
        let salt = Digest::of_value(&(context.config.semantic_digest(), context.kinds.digest));
        let key = |source: &&Source| Digest::of_value(&(salt, source.digest));
        let read = memo.map(&texts, key, |source| VisibleFrontMatter::read(source, context));
        let mut fronts: BTreeMap<_, _> = texts.iter().map(|source| &source.path).zip(read).collect();
        let unclear = Arc::new(VisibleFrontMatter { is_unclear: true, ..VisibleFrontMatter::default() });
        for file in paths.unread.iter().filter(|file| Dialect::from_path(file).is_some()) {
            fronts.insert(file, Arc::clone(&unclear));
        }
        let folders = folders(paths);
        let mut problems = Vec::new();
        let sections = sections(&fronts, &folders, context.config, &mut problems);
        let unread = paths.unread.iter().map(FilePath::as_str).collect();
        let mut table =
            AccessTable { context, sections, fronts, unread, access_by_path: BTreeMap::new(), problems };
        table.access_by_path = table.accesses(paths);
        // Only now is it known which sections are hidden. This changes the fields that they hand down, not the access.
        table.withhold_from_sections();
        table
    }

    /// The settings that front matter is read with.
    pub fn context(&self) -> FrontMatterContext<'a> {
        self.context
    }

    /// The front matter of a text.
    pub fn front(&self, file: &FilePath) -> Arc<VisibleFrontMatter> {
        self.fronts.get(file).cloned().unwrap_or_default()
    }

    /// The front matter of every text that is not a page.
    pub fn fronts_besides_pages(&self) -> impl Iterator<Item = &VisibleFrontMatter> {
        let content = &self.context.config.content;
        self.fronts.iter().filter(|(file, _)| !is_page(file, content)).map(|(_, front)| &**front)
    }

    /// The access of a path. No one sees a path that the handbook does not have.
    pub fn access(&self, file: &FilePath) -> Access {
        self.access_by_path.get(file).cloned().unwrap_or_else(Access::unclear)
    }

    /// The access of every path that the handbook has.
    pub fn all(&self) -> BTreeMap<FilePath, Access> {
        self.access_by_path.iter().map(|(file, access)| ((*file).clone(), access.clone())).collect()
    }

    /// The reason why the audience does not see a path; `None` if it does.
    pub fn why_hidden(&self, file: &FilePath) -> Option<WithheldReason> {
        self.access(file).why_hidden(self.context.config.visibility.audience, self.context.now)
    }

    /// The reason why a text is excluded from the pages that include it, as the end of a sentence.
    pub fn exclusion_reason(&self, file: &FilePath) -> Option<&'static str> {
        if self.why_hidden(file).is_some() {
            return Some("is not for the audience of this build");
        }
        self.is_left_draft(file).then_some("is a draft, which is left out of this build")
    }

    /// Whether a text is a draft that is excluded, as declared by itself or by the nearest folder that has the key.
    fn is_left_draft(&self, file: &FilePath) -> bool {
        if self.context.drafts || Dialect::from_path(file).is_none() {
            return false;
        }
        let front = self.front(file);
        let sections = self.inherited(file);
        let handed = sections.iter().flat_map(|section| section.layer().fields);
        let said = front.fields.fields.iter().chain(handed).find(|field| field.key == DRAFT);
        said.is_some_and(|field| !is_finished(&field.value))
    }

    /// The sections that hand something down to a file, the nearest first.
    pub fn inherited(&self, file: &FilePath) -> Vec<&FolderAccess> {
        self.sections_by_folder(file).into_iter().flatten().collect()
    }

    /// The same sections, grouped by folder. A section's page takes only from other pages.
    fn sections_by_folder(&self, file: &FilePath) -> Vec<Vec<&FolderAccess>> {
        if self.sections.is_empty() {
            return Vec::new();
        }
        let folder = folded(file.folder());
        let sections = with_above(&folder).filter_map(|folder| self.sections.get(folder));
        sections.map(|sections| sections.iter().filter(|section| section.file != *file).collect()).collect()
    }

    fn accesses(&self, paths: HandbookPaths<'a>) -> BTreeMap<&'a FilePath, Access> {
        let mut accesses = BTreeMap::new();
        for file in paths.all() {
            if accesses.contains_key(file) {
                continue;
            }
            let mut access = self.access_at(file, file, self.default_level(file, paths));
            // A symbolic link must not show a file that its target's folder hides.
            if let Some(place) = paths.links.get(file) {
                access = access.strictest(self.access_at(place, file, self.default_level(place, paths)));
            }
            accesses.insert(file, access);
        }
        accesses
    }

    /// The level of a path for which neither its front matter nor a folder declares one.
    fn default_level(&self, place: &FilePath, paths: HandbookPaths<'_>) -> Level {
        let Config { content, visibility: settings, .. } = self.context.config;
        if is_page(place, content) {
            return settings.default_level();
        }
        // Data files, and files of the static folder, have no front matter of their own, so a pattern may also lower
        // their level.
        if paths.data.contains_key(place) || paths.static_files.contains_key(place) {
            return settings.paths.level_as_written(place).unwrap_or(settings.default_level());
        }
        // Texts that pages include, and assets, are published with the pages that show them.
        settings.levels.lowest()
    }

    /// The access of `file` at the path `place`: its own path, or the target of a symbolic link.
    fn access_at(&self, place: &FilePath, file: &FilePath, default: Level) -> Access {
        let front = self.front(file);
        let folders = self.sections_by_folder(place);
        if front.is_unclear
            || self.is_unread(place)
            || folders.iter().flatten().any(|section| section.front.is_unclear)
        {
            return Access::unclear();
        }
        let mut access = Access { level: default, ..Access::default() };
        for folder in folders.iter().rev() {
            access = Access {
                level: handed_on(access.level, folder, |declared| declared.level),
                clearance: handed_on(access.clearance, folder, |declared| declared.clearance),
                embargo: handed_on(access.embargo, folder, |declared| declared.embargo.clone().map(Some)),
            };
        }
        let own = &front.own;
        let pattern = self.context.config.visibility.paths.level(place).unwrap_or_default();
        Access {
            level: own.level.unwrap_or(access.level).max(pattern),
            clearance: own.clearance.unwrap_or(access.clearance),
            embargo: own.embargo.clone().or(access.embargo),
        }
    }

    /// Reduces what a section hands down if its page is marked as hidden from the audience, because then the words in it are
    /// hidden, and those in its `cascade` as well. A section that is hidden by the default level alone is not marked.
    fn withhold_from_sections(&mut self) {
        let mut sections = std::mem::take(&mut self.sections);
        for section in sections.values_mut().flatten() {
            let access = self.access_at(&section.file, &section.file, Level::default());
            let audience = self.context.config.visibility.audience;
            if access.why_hidden(audience, self.context.now).is_some() {
                section.handed.retain(|field| READING_FIELDS.contains(&field.key.as_str()));
            }
        }
        self.sections = sections;
    }

    /// Whether a path, or a folder above it, could not be read.
    fn is_unread(&self, place: &FilePath) -> bool {
        !self.unread.is_empty() && with_above(place.as_str()).any(|path| self.unread.contains(path))
    }
}

impl FolderAccess {
    /// The fields that it hands down, as a layer for reading a page by its kind.
    pub fn layer(&self) -> FieldSource<'_> {
        static NOTHING: BTreeSet<String> = BTreeSet::new();
        let (fields, places) = (&self.handed, &self.front.cascade.places);
        FieldSource { file: &self.file, fields, places, withheld: &NOTHING }
    }

    /// Whether it hands down a field, by its key.
    pub fn hands_down(&self, key: &str) -> bool {
        self.handed.iter().any(|field| field.key == key)
    }

    /// The digest of everything that it hands down.
    pub fn digest(&self) -> Digest {
        Digest::of_value(&(self.front.digest, self.handed.len()))
    }
}

/// A value as a folder hands it on, given the sections of the folder. A `cascade` replaces the value from above. The
/// section's own value is the least strict one: an audience that may not see a section may not see its content.
fn handed_on<T: Ord>(
    above: T,
    folder: &[&FolderAccess],
    declared: impl Fn(&DeclaredAccess) -> Option<T>,
) -> T {
    let (mut stated, mut floor) = (None, None);
    for section in folder {
        match declared(&section.front.for_folder) {
            Some(beneath) => stated = stated.max(Some(beneath)),
            None => floor = floor.max(declared(&section.front.own)),
        }
    }
    let handed = stated.unwrap_or(above);
    match floor {
        Some(floor) => handed.max(floor),
        None => handed,
    }
}

/// A path and the folders above it, the nearest first.
fn with_above(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| {
        (!path.is_empty()).then(|| path.rsplit_once('/').map_or("", |(above, _)| above))
    })
}

/// The folders that contain files, and all folders above them, by their folded paths.
fn folders(paths: HandbookPaths<'_>) -> BTreeSet<String> {
    let nearest: BTreeSet<&str> = paths.all().map(FilePath::folder).collect();
    let mut folders = BTreeSet::new();
    for folder in nearest {
        for name in with_above(&folded(folder)) {
            if !folders.insert(name.to_owned()) {
                break;
            }
        }
    }
    folders
}

/// The rank of a page `a.md` for the folder `a` next to it. It stands for the folder where no other page does.
const BESIDE_FOLDER: u8 = u8::MAX;

type Fronts<'a> = BTreeMap<&'a FilePath, Arc<VisibleFrontMatter>>;

/// The pages that stand for folders and hand something down, by folder. Of the pages that may stand for a folder, those
/// of the lowest rank do: usually one, several where they share it, as `_index.md` and `_Index.md` do.
fn sections(
    fronts: &Fronts<'_>,
    folders: &BTreeSet<String>,
    config: &Config,
    problems: &mut Vec<Diagnostic>,
) -> BTreeMap<String, Vec<FolderAccess>> {
    let mut folders_by_address: BTreeMap<(&str, String), Vec<&str>> = BTreeMap::new();
    for folder in folders {
        let (above, name) = folder.rsplit_once('/').unwrap_or(("", folder));
        let address = (above, segment(config.without_number(name)));
        folders_by_address.entry(address).or_default().push(folder);
    }
    let mut candidates: BTreeMap<String, BTreeMap<u8, Fronts<'_>>> = BTreeMap::new();
    for (file, front) in fronts.iter().filter(|(file, _)| Dialect::from_path(file).is_some()) {
        let above = folded(file.folder());
        if let Some(rank) = section_rank(file) {
            let by_rank = candidates.entry(above.into_owned()).or_default();
            by_rank.entry(rank).or_default().insert(file, Arc::clone(front));
            continue;
        }
        // Whoever reads the site takes the page at the address of a folder for the page of that folder, so the names of the
        // files need not be the same.
        let slug = front.fields.fields.iter().find(|field| field.key == "slug");
        let slug = slug.and_then(|field| text_of(&field.value));
        let name = slug.as_deref().unwrap_or_else(|| config.without_number(file.stem()));
        let address = (&*above, segment(&folded(name)));
        let beside = &file.as_str()[..file.as_str().len() - file.extension().len() - ".".len()];
        let same_name = folders.get(&*folded(beside)).map(String::as_str);
        let same_address = folders_by_address.get(&address).into_iter().flatten().copied();
        for folder in same_name.into_iter().chain(same_address) {
            let by_rank = candidates.entry(folder.to_owned()).or_default();
            by_rank.entry(BESIDE_FOLDER).or_default().insert(file, Arc::clone(front));
        }
    }
    let mut sections: BTreeMap<String, Vec<FolderAccess>> = BTreeMap::new();
    for (folder, mut by_rank) in candidates {
        let mut speaking = by_rank.pop_first().map(|(_, speaking)| speaking).unwrap_or_default();
        let is_decided = speaking.values().any(|front| front.declares_access());
        by_rank.remove(&BESIDE_FOLDER);
        for (file, front) in by_rank.into_values().flatten() {
            // Where the folder's own page says nothing, any access that another page declares may be meant for the
            // folder. The author wanted to restrict it, or it was restricted before another page came. Until that is
            // clear, no one sees its content.
            if front.for_folder != DeclaredAccess::default() || front.declares_access() && !is_decided {
                problems.push(front.hands_down_in_vain(file));
                let unclear = VisibleFrontMatter { is_unclear: true, ..VisibleFrontMatter::default() };
                speaking.insert(file, Arc::new(unclear));
            }
        }
        speaking.retain(|_, front| front.hands_down());
        for (file, front) in speaking {
            let handed = front.cascade.fields.clone();
            let section = FolderAccess { file: file.clone(), front, handed };
            sections.entry(folder.clone()).or_default().push(section);
        }
    }
    sections
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::config::parse;
    use crate::kinds::Kinds;
    use crate::memo::Retention;

    impl<'a> HandbookPaths<'a> {
        /// The paths of a handbook that has texts and data alone.
        pub fn of_texts(
            sources: &'a BTreeMap<FilePath, Source>,
            data: &'a BTreeMap<FilePath, Source>,
        ) -> HandbookPaths<'a> {
            let assets = const { &BTreeMap::new() };
            let (links, unread) = const { (&BTreeMap::new(), &BTreeSet::new()) };
            HandbookPaths { sources, assets, data, static_files: assets, links, unread }
        }
    }

    /// The access of each path.
    fn accesses(settings: &str, files: &[(&str, String)]) -> BTreeMap<String, Access> {
        let path = |path: &str| FilePath::new(path).unwrap();
        let (config, problems): (Config, _) = parse(&Source::new(path("book.toml"), settings));
        assert_eq!(problems, Vec::new());
        let texts = files.iter().map(|(file, text)| (path(file), Source::new(path(file), text.as_str())));
        let (data, sources): (BTreeMap<_, _>, BTreeMap<_, _>) =
            texts.partition(|(file, _)| file.beneath("data").is_some());
        let now = jiff::Timestamp::UNIX_EPOCH;
        let context = FrontMatterContext { config: &config, kinds: Kinds::built_in(), now, drafts: false };
        let table = AccessTable::new(
            HandbookPaths::of_texts(&sources, &data),
            context,
            &mut Memo::new(Retention::Nothing),
        );
        files.iter().map(|(file, _)| ((*file).to_owned(), table.access(&path(file)))).collect()
    }

    /// The names of the levels of paths, in the order of the files.
    fn levels(settings: &str, files: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<_> = files.iter().map(|(file, text)| (*file, (*text).to_owned())).collect();
        let found = accesses(settings, &files);
        let usual = crate::visibility::Levels::default();
        files.iter().map(|(file, _)| usual.name(found[*file].level).to_owned()).collect()
    }

    const INTERNAL: &str = "---\nvisibility: internal\n---\n";
    const PUBLIC: &str = "---\nvisibility: public\n---\n";

    #[test]
    fn a_section_speaks_for_its_folder_and_a_page_for_itself() {
        let files = [
            ("content/a/_index.md", INTERNAL),
            ("content/a/b.md", ""),
            ("content/a/c.md", PUBLIC),
            ("content/a/d/e.txt", ""),
            ("content/a/_f.md", ""),
            ("content/g.md", ""),
        ];
        let expected = ["internal", "internal", "public", "internal", "internal", "public"];
        assert_eq!(levels("[visibility]\ndefault = \"public\"\n", &files), expected);
    }

    #[test]
    fn a_cascade_weighs_more_than_what_is_above_and_not_more_than_what_is_between() {
        let handing = |level: &str| format!("---\ncascade: {{visibility: {level}}}\n---\n");
        let (internal, public) = (handing("internal"), handing("public"));
        let files = [
            ("content/_index.md", internal.as_str()),
            ("content/a/_index.md", public.as_str()),
            ("content/a/b.md", ""),
            ("content/a/c/_index.md", "---\nvisibility: partner\n---\n"),
            ("content/a/c/d.md", ""),
        ];
        let expected = ["public", "internal", "public", "partner", "partner"];
        assert_eq!(levels("[visibility]\ndefault = \"public\"\n", &files), expected);
    }

    #[test]
    fn data_has_the_default_level_and_attached_files_have_that_of_their_pages() {
        let settings = "[visibility]\ndefault = \"internal\"\n[visibility.paths]\n\"data/b.yml\" = \"public\"\n\
            \"content/e.md\" = \"public\"\n\"content/f.txt\" = \"partner\"\n";
        let files = [
            ("data/a.yml", ""),
            ("data/b.yml", ""),
            ("data/B.yml", ""),
            ("data/c/_index.md", "---\ncascade: {visibility: partner}\n---\n"),
            ("data/c/d.yml", ""),
            ("content/_index.md", PUBLIC),
            ("content/e.md", ""),
            ("content/f.txt", ""),
            ("content/_g.md", ""),
        ];
        let expected = [
            "internal", "public", "internal", "internal", "partner", "public", "internal", "partner",
            "public",
        ];
        assert_eq!(levels(settings, &files), expected);
    }

    #[test]
    fn a_path_that_is_not_there_is_for_nobody() {
        let found = accesses("", &[("content/a.md", String::new())]);
        assert_eq!(found["content/a.md"], Access::default());
        let config = Config::default();
        let now = jiff::Timestamp::UNIX_EPOCH;
        let context = FrontMatterContext { config: &config, kinds: Kinds::built_in(), now, drafts: false };
        let texts = BTreeMap::new();
        let table = AccessTable::new(
            HandbookPaths::of_texts(&texts, &texts),
            context,
            &mut Memo::new(Retention::Nothing),
        );
        assert_eq!(table.why_hidden(&FilePath::new("content/a.md").unwrap()), Some(WithheldReason::Unclear));
    }

    /// What four texts declare: each a level for itself and, in `cascade`, one for its folder.
    type Said = [(Option<usize>, Option<usize>); 4];

    const FILES: [&str; 4] =
        ["content/_index.md", "content/a/_index.md", "content/A/_index.md", "content/a/b/_index.md"];

    fn said_by(said: &Said) -> BTreeMap<String, Access> {
        let usual = crate::visibility::Levels::default();
        let names: Vec<&str> = usual.names().collect();
        let mut files = Vec::new();
        for (file, (own, beneath)) in FILES.into_iter().zip(said) {
            let own = own.map(|level| format!("visibility: {}\n", names[level])).unwrap_or_default();
            let beneath = beneath.map(|level| format!("cascade: {{visibility: {}}}\n", names[level]));
            files.push((file, format!("---\n{own}{}---\n", beneath.unwrap_or_default())));
        }
        for file in ["content/c.md", "content/a/c.md", "content/A/_c.md", "content/a/b/c.txt"] {
            files.push((file, String::new()));
        }
        accesses("[visibility]\ndefault = \"public\"\n", &files)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn who_says_it_more_strictly_opens_nothing(
            said in prop::array::uniform4((prop::option::of(0..4usize), prop::option::of(0..4usize))),
            who in 0..4usize,
        ) {
            let mut stricter = said;
            for level in [&mut stricter[who].0, &mut stricter[who].1].into_iter().flatten() {
                *level = 3;
            }
            let (before, after) = (said_by(&said), said_by(&stricter));
            for (file, access) in &before {
                prop_assert!(access.level <= after[file].level, "{file}: {said:?} {who}");
            }
        }

        #[test]
        fn spellings_of_a_folder_are_one_folder(
            said in prop::array::uniform4((prop::option::of(0..4usize), prop::option::of(0..4usize))),
        ) {
            let mut other = said;
            other.swap(1, 2);
            let (one, other) = (said_by(&said), said_by(&other));
            for file in ["content/a/c.md", "content/A/_c.md", "content/a/b/c.txt"] {
                prop_assert_eq!(&one[file], &other[file]);
            }
        }
    }
}
