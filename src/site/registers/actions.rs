//! Action items: one list over all pages, with each item once, however many minutes carry it.
//!
//! This module owns the rule which mentions are the same item, the values that follow from its mentions (when it
//! was first seen, how often it was carried over, its age), and the columns of the register. `page::facts` reads a
//! single page.

use std::borrow::Cow;
use std::collections::HashMap;

use jiff::civil::Date;

use super::mentions::Addresses;
use super::periods::{Periods, month_ends};
use super::plot_rows::FEWEST_OF_PLOT;
use super::table::{
    Cell, CellLabel, CellLink, CellValue, Column, FileContent, FileRows, Layout, NO_VALUE, Register,
    RegisterContent, RegisterFigure, RegisterPage, RegisterPlot, RegisterTask, RowList, TableHeading, Tables,
    Tone,
};
use super::{CollectedRegister, RegisterInputs};
use crate::memo::Digest;
use crate::page::facts::{Action, ActionState};
use crate::plot::{Bars, Category, Ink, Look, Series, Texture};
use crate::site::{PageId, Site};

pub const NAME: &str = "actions";

pub(super) static REGISTER: CollectedRegister = CollectedRegister {
    name: NAME,
    is_fed_by_kinds: true,
    is_shown_on_pages: false,
    collect: |inputs, made| made.actions = collect(inputs.pages, inputs.addresses),
    register: |made| Box::new(&made.actions),
};

/// Every item: open ones first, the oldest first, then closed ones, the latest first.
#[derive(Debug, Default, Hash)]
pub struct ActionItems {
    pub items: Vec<ActionItem>,
}

/// One action item.
#[derive(Debug, Clone, Hash)]
pub struct ActionItem {
    /// Stays the same while the first mention does.
    pub uid: String,
    /// The text of the last mention.
    pub text: String,
    pub owners: Vec<String>,
    pub state: ActionState,
    pub due: Option<Date>,
    /// Its name in an analysis.
    pub id: Option<String>,
    pub kind: Option<String>,
    pub link: Option<String>,
    /// The group whose minutes carry it.
    pub group: Option<String>,
    /// The mentions, the earliest first: one for each meeting or page.
    pub occurrences: Vec<Occurrence>,
    /// The days from the first mention to the day of the build or to the day when it was closed.
    pub age: Option<u32>,
    /// Whether it is open after its due date.
    pub overdue: bool,
}

/// One page or meeting that mentions an item.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Occurrence {
    pub page: PageId,
    pub date: Option<Date>,
    pub anchor: Option<String>,
    pub state: ActionState,
}

impl ActionItems {
    /// The items that are not closed, the oldest first.
    pub fn open(&self) -> impl Iterator<Item = &ActionItem> {
        self.items.iter().filter(|item| !item.state.is_closed())
    }

    /// The number of open items after their due date.
    pub fn overdue(&self) -> usize {
        self.open().filter(|item| item.overdue).count()
    }

    /// Open items without an owner.
    pub fn without_owner(&self) -> impl Iterator<Item = &ActionItem> {
        self.open().filter(|item| item.owners.is_empty())
    }

    /// Opened and closed items by period, and the ages of open ones.
    fn plots<'a>(&'a self, site: &Site) -> Vec<RegisterPlot<'a>> {
        self.course_plot(site).into_iter().chain(self.ages_plot(site)).collect()
    }

    fn course_plot<'a>(&'a self, site: &Site) -> Option<RegisterPlot<'a>> {
        let t = site.words();
        let opened = || self.items.iter().filter_map(ActionItem::first);
        let closed = || self.items.iter().filter_map(ActionItem::closed_on);
        if opened().count() < FEWEST_OF_PLOT {
            return None;
        }
        let periods = Periods::covering(t, opened().chain(closed()).min()?, site.today);
        let of_opened = Series {
            name: t.say("plots.opened").to_owned(),
            look: Look::new(Ink::Orange, Texture::Hatched),
            values: periods.count(opened()),
        };
        let of_closed = Series {
            name: t.say("plots.closed").to_owned(),
            look: Look::new(Ink::Green, Texture::Solid),
            values: periods.count(closed()),
        };
        let categories = periods.categories.clone();
        let bars = Bars { categories, above: vec![of_opened], below: Some(of_closed) };
        let mut plot = RegisterPlot::of_bars(site, "plots.course", bars, periods.unit.heading());
        plot.data.headings.push(TableHeading::plain(t.say("plots.open_at_end")));
        for (row, end) in plot.data.rows.iter_mut().zip(periods.ends()) {
            row.push(Cell::new(self.open_on(end)));
        }
        plot.note = t.say("plots.course_note").to_owned();
        Some(plot)
    }

    /// The number of items that were open at the end of a day.
    fn open_on(&self, day: Date) -> usize {
        let opened = |item: &&ActionItem| item.first().is_some_and(|first| first <= day);
        let closed = |item: &&ActionItem| {
            item.state.is_closed() && item.closed_on().is_none_or(|closed| closed <= day)
        };
        self.items.iter().filter(|item| opened(item) && !closed(item)).count()
    }

    /// The number of items that were overdue at the end of each of the last twelve months; of the current one, today.
    pub fn overdue_by_month(&self, site: &Site) -> Vec<usize> {
        month_ends(site).into_iter().map(|end| self.overdue_on(end)).collect()
    }

    /// The number of items that were open on a day after their due date. An item without a first day was always there.
    fn overdue_on(&self, day: Date) -> usize {
        let mut count = 0;
        for item in &self.items {
            let was_there = item.first().is_none_or(|first| first <= day);
            let was_closed = item.state.is_closed() && item.closed_on().is_none_or(|closed| closed <= day);
            count += usize::from(was_there && !was_closed && item.due.is_some_and(|due| due < day));
        }
        count
    }

    fn ages_plot<'a>(&'a self, site: &Site) -> Option<RegisterPlot<'a>> {
        let t = site.words();
        let mut counts = [[0; AGES.len()]; 2];
        for item in self.open() {
            let Some(age) = item.age else { continue };
            let class = AGES.iter().rposition(|(_, days)| age >= *days).unwrap_or(0);
            counts[usize::from(!item.overdue)][class] += 1;
        }
        if counts.iter().flatten().sum::<usize>() < FEWEST_OF_PLOT {
            return None;
        }
        let category = |(months, _): &(&str, u32)| Category {
            start: site.today,
            name: t.fill("plots.age_months", &[("months", months)]),
            short: (*months).to_owned(),
            year: String::new(),
        };
        let series = |key: &str, look: Look, values: [usize; AGES.len()]| Series {
            name: t.say(key).to_owned(),
            look,
            values: values.into(),
        };
        let [overdue, in_time] = counts;
        let bars = Bars {
            categories: AGES.iter().map(category).collect(),
            above: vec![
                series("action.overdue", Look::new(Ink::Red, Texture::Solid), overdue),
                series("plots.not_overdue", Look::new(Ink::Grey, Texture::Lined), in_time),
            ],
            below: None,
        };
        let mut plot = RegisterPlot::of_bars(site, "plots.ages", bars, "column.age");
        plot.note = t.say("plots.ages_note").to_owned();
        Some(plot)
    }

    /// The items that a page mentions.
    pub fn for_page(&self, page: PageId) -> impl Iterator<Item = &ActionItem> {
        self.items.iter().filter(move |item| item.occurrences.iter().any(|saying| saying.page == page))
    }
}

impl ActionItem {
    /// The number of meetings or pages that mention it.
    pub fn carried(&self) -> usize {
        self.occurrences.len()
    }

    pub fn first(&self) -> Option<Date> {
        self.occurrences.iter().find_map(|saying| saying.date)
    }

    pub fn last(&self) -> Option<Date> {
        self.occurrences.iter().rev().find_map(|saying| saying.date)
    }

    /// The day of the first mention that says it is done or dropped, or of the last mention where that one has no day;
    /// `None` while it is open.
    pub fn closed_on(&self) -> Option<Date> {
        if !self.state.is_closed() {
            return None;
        }
        let first = self.occurrences.iter().find(|saying| saying.state.is_closed());
        first.and_then(|saying| saying.date).or(self.last())
    }

    /// The item as a task for calendars; `None` where it has no due date.
    fn task(&self) -> Option<RegisterTask<'_>> {
        let due = self.due?;
        let last = self.occurrences.last();
        Some(RegisterTask {
            uid: self.uid.as_str().into(),
            summary: self.text.as_str().into(),
            due,
            changed: self.last().unwrap_or(due),
            is_begun: self.state == ActionState::Doing,
            owners: self.owners.as_slice().into(),
            page: last.map(|saying| saying.page),
            anchor: last.and_then(|saying| saying.anchor.as_deref()),
        })
    }

    /// The days from the first to the last meeting that mentions it.
    pub fn span(&self) -> u32 {
        days(self.first(), self.last()).unwrap_or(0)
    }
}

static COLUMNS: &[Column<ActionItem>] = &[
    Column::new("uid", |_, item| Cell::new(item.uid.as_str())),
    // Its name in an analysis.
    Column::new("id", |_, item| Cell::new(item.id.as_deref())),
    Column::new("text", |_, item| {
        let note = [item.id.as_deref(), item.kind.as_deref()];
        let link = item.occurrences.last().map(Occurrence::link);
        Cell::new(item.text.as_str())
            .link(link)
            .note(note.into_iter().flatten().collect::<Vec<_>>().join(", "))
    }),
    Column::new("owners", |_, item| Cell::texts(&item.owners)),
    Column::new("state", |site, item| {
        let (name, tone) = if item.overdue {
            ("overdue", Tone::Bad)
        } else {
            (item.state.name(), tone_of_action(item.state))
        };
        Cell::new(item.state.name()).label(site.words().word("action", name).to_owned()).tone(tone).key(name)
    }),
    Column::new("kind", |_, item| Cell::new(item.kind.as_deref())),
    Column::new("due", |_, item| Cell::new(item.due).tone(item.overdue.then_some(Tone::Bad))),
    Column::new("overdue", |_, item| Cell::new(CellValue::Flag(item.overdue))),
    Column::new("link", |_, item| Cell::new(item.link.as_deref())),
    Column::new("group", |_, item| Cell::new(item.group.as_deref())),
    Column::new("first_seen", |_, item| Cell::new(item.first())),
    Column::new("last_seen", |_, item| Cell::new(item.last())),
    // The number of meetings or pages that mention it.
    Column::new("seen", |_, item| Cell::new(item.carried())),
    Column::new("days_carried", |_, item| Cell::new(CellValue::Number(item.span().into()))),
    Column::new("age_days", |site, item| match item.age {
        Some(days) => {
            let text = site.words().counted("unit.day", days as usize);
            Cell { label: CellLabel::Text(text.into()), ..Cell::new(CellValue::Number(days.into())) }
        }
        None => Cell::default(),
    }),
    Column::new("sources", |_, item| Cell::new(sources(&item.occurrences))),
    Column::on_pages("named_in", named_in),
];

pub(super) static OPEN: Layout<ActionItem> = Layout {
    columns: COLUMNS,
    shown: &[
        ("text", "column.action"),
        ("state", "column.state"),
        ("due", "column.due"),
        ("owners", "column.owner"),
        ("age_days", "column.age"),
        ("named_in", "column.named_in"),
    ],
};

static CLOSED: Layout<ActionItem> = Layout {
    columns: COLUMNS,
    shown: &[
        ("text", "column.action"),
        ("state", "column.state"),
        ("age_days", "column.took"),
        ("named_in", "column.named_in"),
        ("owners", "column.owner"),
    ],
};

const CALENDAR: &str = "actions.ics";

/// Classes of ages: the months, and the days from which on an age is in the class.
const AGES: [(&str, u32); 5] = [("< 1", 0), ("1–3", 30), ("3–6", 91), ("6–12", 183), ("> 12", 365)];

impl Register for ActionItems {
    fn pages(&self, site: &Site) -> Vec<RegisterPage> {
        if self.items.is_empty() {
            return Vec::new();
        }
        let (t, open, overdue) = (site.words(), self.open().count(), self.overdue());
        let key = if overdue > 0 { "actions.open_overdue" } else { "actions.open" };
        let count = t.fill(key, &[("count", &open), ("overdue", &overdue)]);
        let tone = match (open, overdue) {
            (0, _) => Tone::Good,
            (_, 0) => Tone::Warn,
            _ => Tone::Bad,
        };
        let mut files = vec!["actions.json", "actions.csv"];
        if self.open().any(|item| item.due.is_some()) {
            files.push(CALENDAR);
        }
        let page = RegisterPage::new("actions/", t.say("actions.title"))
            .entry(t.say("register.computed"), count, t.say("actions.lead"))
            .tone(tone)
            .files(files);
        vec![page]
    }

    fn content(&self, site: &Site, _: &RegisterPage) -> RegisterContent<'_> {
        let t = site.words();
        let mut tables = Tables::new(site, 2);
        let mut open: Vec<&ActionItem> = self.open().collect();
        // What is late comes first, then what is due next. The order of the rest stays.
        open.sort_by_key(|item| (!item.overdue, item.due.is_none(), item.due));
        let without_owner = self.without_owner().count();
        let note = match without_owner {
            0 => String::new(),
            count => t.fill("actions.no_owner", &[("count", &count)]),
        };
        tables.add(t.say("actions.open_title"), &note, &OPEN, &open);
        let mut closed: Vec<&ActionItem> = self.items.iter().filter(|item| item.state.is_closed()).collect();
        closed.sort_by_key(|item| std::cmp::Reverse(item.closed_on()));
        tables.add(t.say("actions.closed"), "", &CLOSED, &closed);
        RegisterContent {
            lead: t.say("actions.lead").to_owned(),
            figures: vec![
                RegisterFigure::new(self.open().count(), t.say("actions.figure_open"))
                    .table(t.say("actions.open_title")),
                RegisterFigure::toned(self.overdue(), t.say("actions.figure_overdue"), Tone::Bad)
                    .filter("state", "overdue"),
                RegisterFigure::toned(without_owner, t.say("actions.figure_no_owner"), Tone::Warn)
                    .filter("owner", NO_VALUE),
                RegisterFigure::new(closed.len(), t.say("actions.figure_closed"))
                    .table(t.say("actions.closed")),
            ],
            plots: self.plots(site),
            tables: tables.finish(),
            ..RegisterContent::default()
        }
    }

    fn data(&self, site: &Site, file: &str) -> FileContent<'_> {
        if file == CALENDAR {
            return FileContent::Tasks(self.open().filter_map(ActionItem::task).collect());
        }
        let head = vec![("today", site.today.into())];
        FileContent::Rows(FileRows { head, lists: vec![RowList::new("actions", COLUMNS, site, &self.items)] })
    }

    /// The plots end with the day of the build.
    fn digest(&self, site: &Site) -> Digest {
        Digest::of_value(&(self, site.today))
    }
}

/// The tone of a state.
pub fn tone_of_action(state: ActionState) -> Tone {
    match state {
        ActionState::Open | ActionState::Doing => Tone::Warn,
        ActionState::Done => Tone::Good,
        ActionState::Dropped => Tone::Quiet,
    }
}

impl Occurrence {
    fn link(&self) -> CellLink<'_> {
        CellLink::Page { page: self.page, anchor: self.anchor.as_deref().map(Into::into) }
    }
}

/// The meetings or pages that mention an item.
fn sources(sayings: &[Occurrence]) -> CellValue<'_> {
    let mut sources = Vec::new();
    for saying in sayings {
        sources.push(CellValue::map([
            ("page", CellValue::Page(saying.page)),
            ("anchor", saying.anchor.as_deref().into()),
            ("date", saying.date.into()),
            ("state", saying.state.name().into()),
        ]));
    }
    CellValue::List(sources)
}

/// The first and the last page that mention an item, and the number of mentions.
fn named_in<'a>(site: &Site, item: &'a ActionItem) -> Cell<'a> {
    let mut ends: Vec<&Occurrence> =
        item.occurrences.first().into_iter().chain(item.occurrences.last()).collect();
    ends.dedup_by_key(|saying| (saying.page, saying.anchor.clone()));
    let cell = Cell::default().links(ends.into_iter().map(Occurrence::link).collect());
    let carried = item.carried();
    if carried > 1 {
        cell.note(site.words().fill("actions.carried", &[("count", &carried), ("days", &item.span())]))
    } else {
        cell
    }
}

/// An action in the text of a page.
struct ActionMention<'b> {
    page: PageId,
    group: Option<&'b str>,
    action: &'b Action,
    /// By their names in `people.yaml`, each once.
    owners: Vec<String>,
    /// The link in the form in which readers of this site may have it.
    link: Option<String>,
}

fn collect(book: &RegisterInputs<'_>, addresses: &Addresses<'_>) -> ActionItems {
    let mut said: Vec<ActionMention<'_>> = Vec::new();
    for (id, page) in book.pages() {
        let group = page.facts.group.as_deref();
        for action in &page.facts.actions {
            let link =
                action.link.as_ref().and_then(|link| addresses.mention_in(id, &action.span.file, link));
            let owners = book.people.names(&action.owners);
            said.push(ActionMention { page: id, group, action, owners, link });
        }
    }
    // The sort is stable: mentions of the same day keep the order of their page.
    said.sort_by_key(|said| said.action.said);
    let file = |page: PageId| book.page(page).file.as_str();
    let mut merging = ActionMerger::default();
    for said in &said {
        merging.take(said, file(said.page));
    }
    let mut items = merging.items;
    items.iter_mut().for_each(|item| finish(item, book.inputs.today));
    sort(&mut items);
    ActionItems { items }
}

/// The items so far, and an index to find the one that a mention belongs to.
#[derive(Default)]
struct ActionMerger<'b> {
    items: Vec<ActionItem>,
    known: HashMap<ActionName<'b>, Vec<usize>>,
}

/// A key that identifies the item of a mention: its text, or an owner and a reference.
#[derive(PartialEq, Eq, Hash)]
struct ActionName<'b> {
    place: NameScope<'b>,
    owner: Option<Cow<'b, str>>,
    what: &'b str,
}

/// The scope within which a key is unique.
#[derive(Clone, PartialEq, Eq, Hash)]
enum NameScope<'b> {
    Group(Cow<'b, str>),
    Page(PageId),
}

impl<'b> ActionMerger<'b> {
    fn take(&mut self, said: &'b ActionMention<'b>, file: &str) {
        let names = names(said);
        let found = names.iter().flat_map(|name| self.known.get(name).into_iter().flatten().rev()).copied();
        let same = found.into_iter().find(|at| continues(&self.items[*at], said));
        let at = match same {
            Some(at) => {
                self.items[at].say(said);
                at
            }
            None => {
                self.items.push(begin(said, file));
                self.items.len() - 1
            }
        };
        for name in names {
            let known = self.known.entry(name).or_default();
            if known.last() != Some(&at) {
                known.push(at);
            }
        }
    }
}

/// The keys of a mention. Only the meetings of one group carry items over; every other page stands alone.
fn names<'b>(said: &'b ActionMention<'b>) -> Vec<ActionName<'b>> {
    let place = said.group.map_or(NameScope::Page(said.page), |group| NameScope::Group(lower(group)));
    let action = said.action;
    let mut names = Vec::new();
    if !action.key.is_empty() {
        names.push(ActionName { place: place.clone(), owner: None, what: &action.key });
    }
    for owner in &said.owners {
        let by_owner = |what| ActionName { place: place.clone(), owner: Some(lower(owner)), what };
        names.extend(action.references.iter().map(String::as_str).map(by_owner));
    }
    names
}

fn lower(text: &str) -> Cow<'_, str> {
    let small = text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if small { Cow::Borrowed(text) } else { Cow::Owned(text.to_lowercase()) }
}

/// Whether a mention continues an item: they share an owner, or one of them has none. A closed item is not opened
/// again, except by another mention in the same meeting.
fn continues(item: &ActionItem, said: &ActionMention<'_>) -> bool {
    let action = said.action;
    let same = |owner: &String| item.owners.iter().any(|known| known.eq_ignore_ascii_case(owner));
    let owned = item.owners.is_empty() || said.owners.is_empty() || said.owners.iter().any(same);
    let meets =
        item.occurrences.last().is_some_and(|last| last.page == said.page && last.date == action.said);
    owned && (!item.state.is_closed() || action.state.is_closed() || meets)
}

fn begin(said: &ActionMention<'_>, file: &str) -> ActionItem {
    let action = said.action;
    // As written, so that the identifier stays when `people.yaml` changes.
    let owners = action.owners.join(" ").to_lowercase();
    ActionItem {
        uid: Digest::from_parts(&[file.as_bytes(), action.key.as_bytes(), owners.as_bytes()]).hex(),
        text: action.text.clone(),
        owners: said.owners.clone(),
        state: action.state,
        due: action.due,
        id: action.id.clone(),
        kind: action.kind.clone(),
        link: said.link.clone(),
        group: said.group.map(str::to_owned),
        occurrences: vec![saying(said)],
        age: None,
        overdue: false,
    }
}

fn saying(said: &ActionMention<'_>) -> Occurrence {
    let Action { said: date, anchor, state, .. } = said.action;
    Occurrence { page: said.page, date: *date, anchor: anchor.clone(), state: *state }
}

impl ActionItem {
    /// Adds a later mention, or another one of the same meeting.
    fn say(&mut self, said: &ActionMention<'_>) {
        let action = said.action;
        self.text.clone_from(&action.text);
        if !said.owners.is_empty() {
            self.owners.clone_from(&said.owners);
        }
        self.due = action.due.or(self.due);
        self.link = said.link.clone().or(self.link.take());
        let same =
            self.occurrences.last_mut().filter(|last| last.page == said.page && last.date == action.said);
        match same {
            // Of two mentions in one meeting, the more advanced state counts.
            Some(last) => last.state = last.state.max(action.state),
            None => self.occurrences.push(saying(said)),
        }
        self.state = self.occurrences.last().map_or(action.state, |last| last.state);
    }
}

fn finish(item: &mut ActionItem, today: Date) {
    let end = if item.state.is_closed() { item.closed_on() } else { Some(today) };
    // How long an item took is unknown where its first mention already says that it is done.
    let was_open = item.occurrences.first().is_some_and(|mention| !mention.state.is_closed());
    item.age = if was_open { days(item.first(), end) } else { None };
    item.overdue = !item.state.is_closed() && item.due.is_some_and(|due| due < today);
}

/// The days from one date to another; 0 where the second is earlier.
fn days(from: Option<Date>, to: Option<Date>) -> Option<u32> {
    Some(u32::try_from((to? - from?).get_days()).unwrap_or(0))
}

/// Sorts open items by the day of their first mention, then closed ones by the day on which they were closed, the
/// latest first.
fn sort(items: &mut [ActionItem]) {
    items.sort_by(|a, b| {
        let closed = |item: &ActionItem| item.state.is_closed();
        let order = if closed(a) {
            b.closed_on().cmp(&a.closed_on())
        } else {
            a.first().is_none().cmp(&b.first().is_none()).then(a.first().cmp(&b.first()))
        };
        closed(a).cmp(&closed(b)).then(order)
    });
}
