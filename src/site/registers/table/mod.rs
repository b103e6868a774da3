//! The typed table of every register. Its page, its JSON, its CSV and its calendar are made from it.
//!
//! This module owns [`Register`], the interface of a register. A register is rows of one type and a list of [`Column`]s;
//! a column makes a [`Cell`] from a row, with a value for data files and the text that the page shows instead.
//! `view::registers` turns a cell into HTML, `emit::registers` writes it to files.

mod cell;
mod columns;
mod content;
mod files;
mod page;
mod plots;

use crate::memo::Digest;
use crate::site::Site;

pub use cell::{Cell, CellLabel, CellLink, CellValue, Tone, tone_of_status};
pub use columns::{Column, Layout, NO_VALUE, OWNER, RegisterTable, TableHeading, Tables, YEAR};
pub use content::{
    CalendarDay, CalendarDayEntry, CalendarMonth, LightGroup, RegisterContent, RegisterFigure, RegisterGraph,
    RegisterLight,
};
pub use files::{
    CalendarTime, FileContent, FileRows, RegisterAppointment, RegisterEvents, RegisterTask, RowList,
};
pub use page::{OverviewEntry, ROOT, RegisterPage};
pub use plots::RegisterPlot;

/// A register: a table of facts over many pages.
///
/// A register has pages, and files with the same rows. Both are made from the same columns. Texts are in the
/// language of the handbook.
pub trait Register: Sync {
    /// The pages of the register; none where there is nothing to show.
    fn pages(&self, site: &Site) -> Vec<RegisterPage>;

    /// The content of one of these pages.
    fn content(&self, site: &Site, page: &RegisterPage) -> RegisterContent<'_>;

    /// The content of one of their files; `file` is relative to [`ROOT`].
    fn data(&self, site: &Site, file: &str) -> FileContent<'_>;

    /// The digest of what its pages show apart from titles, URLs and fields of pages.
    fn digest(&self, site: &Site) -> Digest;
}

impl<R: Register> Register for &R {
    fn pages(&self, site: &Site) -> Vec<RegisterPage> {
        R::pages(self, site)
    }

    fn content(&self, site: &Site, page: &RegisterPage) -> RegisterContent<'_> {
        R::content(self, site, page)
    }

    fn data(&self, site: &Site, file: &str) -> FileContent<'_> {
        R::data(self, site, file)
    }

    fn digest(&self, site: &Site) -> Digest {
        R::digest(self, site)
    }
}
