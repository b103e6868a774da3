//! Tables and cells, made the same way for all registers.
//!
//! Owns how many rows a page shows: a page's size must not grow without limit; all rows are in the data beside it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{CellView, GroupView, ROOT, StatView};
use crate::path::{UrlPath, encode, heading_id};
use crate::site::PageId;
use crate::view::nav::Here;
use crate::view::{LinkView, State};

/// At most this many rows of one table are shown.
const MOST_ROWS: usize = 300;
/// Of many tables each shows this many rows, as long as the page has room.
const LEAST_ROWS: usize = 8;
/// At most this many rows of one page are shown.
const MOST_ON_PAGE: usize = 1_200;
/// At most this many links stand in one cell.
const MOST_LINKS: usize = 12;

/// Tables of one page, with ids of their own and a limit for all.
pub(super) struct Groups {
    groups: Vec<GroupView>,
    /// Rows so far.
    rows: usize,
    /// At most this many in each.
    most: usize,
}

impl Default for Groups {
    fn default() -> Groups {
        Groups { groups: Vec::new(), rows: 0, most: MOST_ROWS }
    }
}

impl Groups {
    /// For about this many tables, of which each shall show some rows.
    pub fn sharing(tables: usize) -> Groups {
        let most = (MOST_ON_PAGE / tables.max(1)).clamp(LEAST_ROWS, MOST_ROWS);
        Groups { most, ..Groups::default() }
    }

    /// Adds a table; nothing where it has no rows.
    pub fn add<T>(&mut self, head: Head<'_>, items: &[T], row: impl Fn(&T) -> Vec<CellView>) {
        if items.is_empty() {
            return;
        }
        let shown = items.len().min(self.most).min(MOST_ON_PAGE.saturating_sub(self.rows));
        self.rows += shown;
        let rows: Vec<Vec<CellView>> = items[..shown].iter().map(row).collect();
        let (columns, rows) = filled(head.columns, rows);
        let group = GroupView {
            id: String::new(),
            title: head.title.to_owned(),
            note: head.note.to_owned(),
            code: String::new(),
            columns,
            rows,
            count: items.len(),
            more: items.len() - shown,
        };
        self.groups.push(group);
    }

    /// Adds texts to be copied; nothing where there are none.
    pub fn code(&mut self, title: &str, note: &str, lines: &[String]) {
        if lines.is_empty() {
            return;
        }
        let shown = lines.len().min(MOST_ROWS);
        self.groups.push(GroupView {
            title: title.to_owned(),
            note: note.to_owned(),
            code: lines[..shown].join("\n"),
            count: lines.len(),
            more: lines.len() - shown,
            ..GroupView::default()
        });
    }

    /// The tables, each with an id for its heading.
    pub fn finish(mut self, here: &Here<'_>) -> Vec<GroupView> {
        let mut taken: BTreeMap<String, usize> = BTreeMap::new();
        for group in &mut self.groups {
            let id = heading_id(&english(here, &group.title));
            let id = if id.is_empty() { "rest".to_owned() } else { id };
            let same = taken.entry(id.clone()).or_default();
            group.id = if *same == 0 { id } else { format!("{id}-{same}") };
            *same += 1;
        }
        self.groups
    }
}

/// A title as it is in English: ids must not change with the language of a handbook, or with its wording.
fn english<'a>(here: &'a Here<'_>, title: &'a str) -> Cow<'a, str> {
    let kind = here.site.kinds.all().find(|kind| here.wording(kind).plural() == title);
    let cause = || here.site.kinds.all().find_map(|kind| here.wording(kind).written("cause_class", title));
    match kind {
        Some(kind) => Cow::Borrowed(&*kind.plural),
        None => cause().map_or_else(|| Cow::Borrowed(here.t.english(title)), Cow::Borrowed),
    }
}

/// Leaves out columns in which no row has anything; the first one stays.
fn filled(columns: &[&str], rows: Vec<Vec<CellView>>) -> (Vec<String>, Vec<Vec<CellView>>) {
    let says = |cell: &CellView| !cell.text.is_empty() || !cell.more.is_empty();
    let stays = |at: &usize| *at == 0 || rows.iter().any(|row| row.get(*at).is_some_and(says));
    let stay: Vec<usize> = (0..columns.len()).filter(stays).collect();
    if stay.len() == columns.len() {
        return (columns.iter().map(|column| (*column).to_owned()).collect(), rows);
    }
    let kept = |mut row: Vec<CellView>| {
        let cell = |at: &usize| row.get_mut(*at).map(std::mem::take).unwrap_or_default();
        stay.iter().map(cell).collect()
    };
    let names = stay.iter().map(|at| columns[*at].to_owned()).collect();
    (names, rows.into_iter().map(kept).collect())
}

/// What stands above the rows of a table.
#[derive(Clone, Copy)]
pub(super) struct Head<'a> {
    pub title: &'a str,
    pub note: &'a str,
    pub columns: &'a [&'a str],
}

/// A cell with nothing but a text.
pub(super) fn text(text: impl Into<String>) -> CellView {
    CellView { text: text.into(), ..CellView::default() }
}

/// A cell with a name that machines know: of an alert, of a file.
pub(super) fn name(text: impl Into<String>) -> CellView {
    CellView { text: text.into(), name: true, ..CellView::default() }
}

/// A cell with a link to a page.
pub(super) fn page(here: &Here<'_>, id: PageId) -> CellView {
    let LinkView { title, url, lang } = here.link(id);
    CellView { text: title, url: Some(url), lang, ..CellView::default() }
}

/// The URL of a heading on a page, or of the page.
pub(super) fn anchored(here: &Here<'_>, id: PageId, anchor: Option<&str>) -> String {
    let url = here.page(here.site.page(id));
    anchor.map_or(url.clone(), |anchor| format!("{url}#{}", encode(anchor)))
}

/// A cell with a date; empty where there is none.
pub(super) fn date(date: Option<Date>) -> CellView {
    CellView {
        text: date.map(|date| date.to_string()).unwrap_or_default(),
        date: true,
        ..CellView::default()
    }
}

/// A cell with a state.
pub(super) fn state(text: impl Into<String>, state: Option<State>) -> CellView {
    CellView { text: text.into(), state, ..CellView::default() }
}

/// What a value of a field is called, by the definition of the page's kind.
pub(super) fn choice<'a>(here: &'a Here<'_>, id: PageId, field: &str, value: &'a str) -> &'a str {
    here.wording(&here.site.page(id).page.front.kind).value(field, value)
}

/// A cell with links, as many as a reader can use.
pub(super) fn links(here: &Here<'_>, links: impl IntoIterator<Item = LinkView>) -> CellView {
    let mut more: Vec<LinkView> = links.into_iter().collect();
    let rest = more.len().saturating_sub(MOST_LINKS);
    more.truncate(MOST_LINKS);
    let note = if rest > 0 { here.t.fill("register.and_more", &[("count", &rest)]) } else { String::new() };
    CellView { more, note, ..CellView::default() }
}

/// Links to files with the same as data.
pub(super) fn downloads(here: &Here<'_>, paths: &[&str]) -> Vec<LinkView> {
    let url = |path: &str| here.url(&UrlPath::new(format!("{ROOT}{path}")));
    let link = |path: &&str| LinkView::new(path.rsplit('/').next().unwrap_or(path), url(path));
    paths.iter().map(link).collect()
}

/// A figure with what it counts, and how good it is that there are any.
pub(super) fn stat_of(value: usize, label: &str, state: State) -> StatView {
    StatView { state: (value > 0).then_some(state), ..stat(value, label) }
}

/// A figure with what it counts.
pub(super) fn stat(value: impl ToString, label: &str) -> StatView {
    StatView { value: value.to_string(), label: label.to_owned(), state: None }
}
