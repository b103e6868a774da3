//! All pages of a kind, of a layer, of a pillar.
//!
//! Owns the landing pages `registers/kinds/…`, `registers/layers/…` and `registers/pillars/…`. Which kinds and values
//! there are is said by the definitions.

use std::collections::BTreeMap;

use super::build::{self, Groups, Head, count, date, state, text};
use super::{CellView, Register, RegisterView, Sheet, kind, status, topic};
use crate::kinds::{Field, Kind, Sort};
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
    let sheet = |definition: &Kind| {
        let url = kind(&definition.name)?;
        let pages = site.registers.kinds.get(&definition.name)?;
        let number = count(pages.len(), "page", "pages");
        let sheet = Sheet { url, ..Sheet::new("", &definition.plural) }.topic(&definition.name);
        Some(sheet.entry("Kinds of pages", number, &definition.help))
    };
    site.kinds.all().filter_map(|definition| sheet(definition)).collect()
}

fn show_kind(here: &Here<'_>, sheet: &Sheet) -> RegisterView {
    let site = here.site;
    let Some((kind, _)) = site.kinds.find(&sheet.topic) else { return RegisterView::default() };
    let mut pages = site.registers.kinds.get(&kind.name).cloned().unwrap_or_default();
    if kind.dated {
        pages.sort_by_key(|id| std::cmp::Reverse(site.page(*id).page.front.date));
    }
    let columns = columns(site, &pages);
    let names: Vec<&str> = std::iter::once("Page").chain(columns.iter().map(|column| column.name)).collect();
    let mut groups = Groups::default();
    let head = Head { title: "All pages", note: "", columns: &names };
    groups.add(head, &pages, |id| row(here, *id, &columns));
    RegisterView {
        label: "Kind of page".to_owned(),
        lead: kind.help.clone(),
        groups: groups.finish(),
        ..RegisterView::default()
    }
}

/// A column of a table of pages, shown only where a page has something to say in it.
#[derive(Clone, Copy)]
struct Column {
    name: &'static str,
    cell: fn(&SitePage) -> CellView,
}

static COLUMNS: &[Column] = &[
    Column { name: "Date", cell: |page| date(page.page.front.date) },
    Column { name: "Status", cell: |page| state_of(page, "status") },
    Column { name: "Report", cell: |page| choice(page, "report_state") },
    Column { name: "Severity", cell: |page| choice(page, "severity") },
    Column { name: "Owner", cell: |page| text(page.page.front.owner.clone().unwrap_or_default()) },
    Column { name: "Layer", cell: |page| text(page.page.front.data.texts("layer").join(", ")) },
    Column { name: "Reviewed", cell: |page| date(page.page.front.data.date("reviewed")) },
];

fn columns(site: &Site, pages: &[PageId]) -> Vec<Column> {
    let says = |column: &&Column| pages.iter().any(|id| !(column.cell)(site.page(*id)).text.is_empty());
    COLUMNS.iter().filter(says).copied().collect()
}

fn row(here: &Here<'_>, id: PageId, columns: &[Column]) -> Vec<CellView> {
    let page = here.site.page(id);
    let title = CellView { note: page.page.description.clone(), ..build::page(here, id) };
    std::iter::once(title).chain(columns.iter().map(|column| (column.cell)(page))).collect()
}

fn choice(page: &SitePage, field: &str) -> CellView {
    text(page.page.front.data.text(field).unwrap_or_default())
}

fn state_of(page: &SitePage, field: &str) -> CellView {
    let value = page.page.front.data.text(field).unwrap_or_default();
    state(value, status(value))
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
    let heading = if field == "layer" { "Layers" } else { "Pillars" };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, page) in site.ids() {
        page.page.front.data.each(field, |value| *counts.entry(value).or_default() += 1);
    }
    let sheet = |(value, help): (&str, &str)| {
        let number = counts.get(value).copied().unwrap_or_default();
        let url = topic(field, value).filter(|_| number > 0)?;
        let sheet = Sheet { url, ..Sheet::new("", &capital(value)) }.topic(value);
        Some(sheet.entry(heading, count(number, "page", "pages"), help))
    };
    values(site, field).into_iter().filter_map(sheet).collect()
}

/// The pages of a layer or pillar, kind by kind.
fn show_topic(here: &Here<'_>, sheet: &Sheet, field: &'static str) -> RegisterView {
    let site = here.site;
    let pages: Vec<PageId> = having(site, field, &sheet.topic).map(|(id, _)| id).collect();
    let columns: Vec<Column> =
        columns(site, &pages).into_iter().filter(|column| column.name.to_lowercase() != field).collect();
    let names: Vec<&str> = std::iter::once("Page").chain(columns.iter().map(|column| column.name)).collect();
    let mut groups = Groups::default();
    for kind in site.kinds.all() {
        let of: Vec<PageId> =
            pages.iter().copied().filter(|id| site.page(*id).page.front.kind() == kind.name).collect();
        let head = Head { title: &kind.plural, note: "", columns: &names };
        groups.add(head, &of, |id| row(here, *id, &columns));
    }
    let values = values(site, field);
    let help = values.iter().find(|(value, _)| *value == sheet.topic).map_or("", |(_, help)| help);
    RegisterView {
        label: crate::kinds::capital(field),
        lead: help.to_owned(),
        groups: groups.finish(),
        ..RegisterView::default()
    }
}

/// `iaas` stays what it is; `hardware` gets a capital.
fn capital(value: &str) -> String {
    match value {
        "iaas" => "IaaS".to_owned(),
        value => crate::kinds::capital(value),
    }
}
