//! The files that pages of registers link, beside these pages: JSON, CSV, iCalendar, and the poster as SVG.
//!
//! Owns how the rows of a register are written in these formats, and how they name a page. URLs in JSON are relative
//! to the file itself, so the data works wherever the site is hosted. Depends on no particular register.

mod calendar;
mod csv;
mod json;
mod sheet;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{atom, later};
use crate::output::Output;
use crate::site::Site;
use crate::site::registers::table::{FileContent, ROOT};

/// The files of all registers.
pub fn emit(site: &Arc<Site>) -> Vec<Output> {
    // Several pages may link the same file; each file is made once.
    let mut files: BTreeMap<String, (String, String)> = BTreeMap::new();
    for (name, register) in site.all_registers() {
        for page in register.pages(site) {
            for file in page.files {
                files.entry(file).or_insert_with(|| (name.to_owned(), page.title.clone()));
            }
        }
    }
    let output = |(file, (register, title)): (String, (String, String))| {
        later(site, format!("{ROOT}{file}"), move |site| text(site, &register, &title, &file))
    };
    files.into_iter().map(output).collect()
}

/// The text of one file of the register called `name`.
fn text(site: &Site, name: &str, title: &str, file: &str) -> String {
    let registers = site.all_registers();
    let (_, register) = registers.iter().find(|(known, _)| *known == name).expect("registers stay the same");
    match register.data(site, file) {
        FileContent::Appointments(appointments) => calendar::appointments(site, title, &appointments),
        FileContent::Events(content) => calendar::events(site, title, &content),
        FileContent::Tasks(tasks) => calendar::tasks(site, title, &tasks),
        FileContent::Feed(pages, page) => {
            atom::of_pages(site, &format!("{ROOT}{file}"), title, &pages, page.as_str())
        }
        FileContent::Plots(plots) => sheet::sheet(site, title, &plots),
        FileContent::Rows(rows) if file.ends_with(".csv") => csv::table(site, rows),
        FileContent::Rows(rows) => json::document(site, &format!("{ROOT}{file}"), &rows),
    }
}

#[cfg(test)]
mod tests;
