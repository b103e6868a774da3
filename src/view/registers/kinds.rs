//! All pages of a kind, of a layer, of a pillar.
//!
//! Owns the landing pages `registers/kinds/…`, `registers/layers/…` and `registers/pillars/…`. Which kinds and values
//! there are is said by the definitions.

use std::collections::BTreeMap;

use super::build::{self, Groups, Head, date, state, text};
use super::{CellView, Register, RegisterView, Sheet, kind, status, topic};
use crate::kinds::{Field, Kind, Sort, capital};
use crate::memo::Digest;
use crate::site::{PageId, Site, SitePage};
use crate::view::nav::Here;

pub(super) const KINDS: Register = Register { sheets: kinds, digest: fields, show: show_kind };
pub(super) const LAYERS: Register = Register {
    sheets: |site| topics(site, "layer"),
    digest: fields,
    show: |here, sheet| show_topic(here, sheet, "layer"),
};
pub(super) const PILLARS: Register = Register {
    sheets: |site| topics(site, "pillar"),
    digest: fields,
    show: |here, sheet| show_topic(here, sheet, "pillar"),
};

/// Titles and fields are part of every key.
fn fields(site: &Site) -> Digest {
    site.kinds.digest
}

fn kinds(site: &Site) -> Vec<Sheet> {
    let t = site.words();
    let sheet = |definition: &Kind| {
        let url = kind(&definition.name)?;
        let pages = site.registers.kinds.get(&definition.name)?;
        let number = t.counted("unit.page", pages.len());
        let wording = site.kinds.wording(definition, &t.language);
        let sheet = Sheet { url, ..Sheet::new("", wording.plural()) }.topic(&definition.name);
        Some(sheet.entry(t.say("register.kinds"), number, wording.help()))
    };
    site.kinds.all().filter_map(|definition| sheet(definition)).collect()
}

fn show_kind(here: &Here<'_>, sheet: &Sheet) -> RegisterView {
    let (t, site) = (here.t, here.site);
    let Some((kind, _)) = site.kinds.find(&sheet.topic) else { return RegisterView::default() };
    let mut pages = site.registers.kinds.get(&kind.name).cloned().unwrap_or_default();
    let date = |id: &PageId| site.page(*id).page.front.date;
    pages.sort_by(|one, other| kind.order().compare(date(one), date(other)));
    let columns = columns(here, &pages);
    let names = names(here, &columns);
    let mut groups = Groups::default();
    let head = Head { title: t.say("kinds.all"), note: "", columns: &names };
    groups.add(head, &pages, |id| row(here, *id, &columns));
    RegisterView {
        label: t.say("kinds.label").to_owned(),
        lead: here.wording(kind).help().to_owned(),
        groups: groups.finish(here),
        ..RegisterView::default()
    }
}

/// A column of a table of pages, shown only where a page has something to say in it.
#[derive(Clone, Copy)]
struct Column {
    /// The key of its heading.
    name: &'static str,
    cell: fn(&Here<'_>, &SitePage) -> CellView,
}

static COLUMNS: &[Column] = &[
    Column { name: "column.date", cell: |_, page| date(page.page.front.date) },
    Column { name: "column.status", cell: |here, page| state_of(here, page, "status") },
    Column { name: "column.report", cell: |here, page| choice(here, page, "report_state") },
    Column { name: "column.severity", cell: |here, page| choice(here, page, "severity") },
    Column { name: "column.owner", cell: |_, page| text(page.page.front.owner.clone().unwrap_or_default()) },
    Column { name: LAYER, cell: layers },
    Column { name: "column.reviewed", cell: |_, page| date(page.page.front.data.date("reviewed")) },
];

/// The heading of layers, which the page of a layer does without.
const LAYER: &str = "column.layer";

fn columns(here: &Here<'_>, pages: &[PageId]) -> Vec<Column> {
    let page = |id: &PageId| here.site.page(*id);
    let says = |column: &&Column| pages.iter().any(|id| !(column.cell)(here, page(id)).text.is_empty());
    COLUMNS.iter().filter(says).copied().collect()
}

/// The headings of a table of pages.
fn names<'a>(here: &'a Here<'_>, columns: &[Column]) -> Vec<&'a str> {
    let names = std::iter::once("column.page").chain(columns.iter().map(|column| column.name));
    names.map(|name| here.t.say(name)).collect()
}

fn row(here: &Here<'_>, id: PageId, columns: &[Column]) -> Vec<CellView> {
    let page = here.site.page(id);
    let title = CellView { note: page.page.description.clone(), ..build::page(here, id) };
    std::iter::once(title).chain(columns.iter().map(|column| (column.cell)(here, page))).collect()
}

fn choice(here: &Here<'_>, page: &SitePage, field: &str) -> CellView {
    let front = &page.page.front;
    text(here.wording(&front.kind).value(field, front.data.text(field).unwrap_or_default()))
}

fn state_of(here: &Here<'_>, page: &SitePage, field: &str) -> CellView {
    let value = page.page.front.data.text(field).unwrap_or_default();
    state(choice(here, page, field).text, status(value))
}

fn layers(here: &Here<'_>, page: &SitePage) -> CellView {
    let (front, wording) = (&page.page.front, here.wording(&page.page.front.kind));
    let layers: Vec<&str> =
        front.data.texts("layer").into_iter().map(|layer| wording.value("layer", layer)).collect();
    text(layers.join(", "))
}

/// The values of a field that pages have, in the order of the definition.
fn values<'a>(site: &'a Site, field: &str) -> Vec<(&'a str, &'a str)> {
    let field: Option<&Field> = site.kinds.common.iter().find(|known| known.name == field);
    match field.map(|field| &field.sort) {
        Some(Sort::Choice(values)) => values.iter().map(|(value, help)| (&**value, &**help)).collect(),
        _ => Vec::new(),
    }
}

fn having<'a>(
    site: &'a Site,
    field: &'a str,
    value: &'a str,
) -> impl Iterator<Item = (PageId, &'a SitePage)> {
    site.ids().filter(move |(_, page)| page.page.front.data.says(field, value))
}

fn topics(site: &Site, field: &'static str) -> Vec<Sheet> {
    let t = site.words();
    let heading = t.say(if field == "layer" { "register.layers" } else { "register.pillars" });
    let wording = site.kinds.wording(site.kinds.plain(), &t.language);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, page) in site.ids() {
        page.page.front.data.each(field, |value| *counts.entry(value).or_default() += 1);
    }
    let sheet = |(value, help): (&str, &str)| {
        let number = counts.get(value).copied().unwrap_or_default();
        let url = topic(field, value).filter(|_| number > 0)?;
        let title = capital(wording.value(field, value));
        let sheet = Sheet { url, ..Sheet::new("", &title) }.topic(value);
        let help = wording.meaning(field, value).unwrap_or(help);
        Some(sheet.entry(heading, t.counted("unit.page", number), help))
    };
    values(site, field).into_iter().filter_map(sheet).collect()
}

/// The pages of a layer or pillar, kind by kind.
fn show_topic(here: &Here<'_>, sheet: &Sheet, field: &'static str) -> RegisterView {
    let site = here.site;
    let pages: Vec<PageId> = having(site, field, &sheet.topic).map(|(id, _)| id).collect();
    let own = |column: &Column| field == "layer" && column.name == LAYER;
    let columns: Vec<Column> = columns(here, &pages).into_iter().filter(|column| !own(column)).collect();
    let names = names(here, &columns);
    let mut groups = Groups::default();
    for kind in site.kinds.all() {
        let of: Vec<PageId> =
            pages.iter().copied().filter(|id| site.page(*id).page.front.kind() == kind.name).collect();
        let head = Head { title: here.wording(kind).plural(), note: "", columns: &names };
        groups.add(head, &of, |id| row(here, *id, &columns));
    }
    let values = values(site, field);
    let help = values.iter().find(|(value, _)| *value == sheet.topic).map_or("", |(_, help)| help);
    let help = here.wording(site.kinds.plain()).meaning(field, &sheet.topic).unwrap_or(help);
    RegisterView {
        label: here.t.say(if field == "layer" { "kinds.layer" } else { "kinds.pillar" }).to_owned(),
        lead: help.to_owned(),
        groups: groups.finish(here),
        ..RegisterView::default()
    }
}
