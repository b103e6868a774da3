//! A finished site on disk, all or nothing.
//!
//! A site is written into a folder beside the published one and takes its place in one step, when it is
//! whole and durable; until then, and after any failure, the published site stays as it was. What is
//! deleted afterwards is only what an earlier build has listed in its own manifest. Knows nothing of pages.
//!
//! The promise holds for whoever opens the published folder once and reads from there, such as `rsync`. A
//! server that looks every path up anew may answer one request from the old and the next from the new site.

mod archive;
mod exchange;
mod flush;
mod lock;
mod manifest;
mod place;
mod readers;
mod staging;
mod tree;

pub use archive::{Archive, Bundled};
pub use manifest::{MANIFEST, Manifest};
pub use place::{Around, Place};
pub use readers::Readers;
pub use staging::{Published, Staging};
