//! What a build produces: a site for a web server, or a bundle of files.
//!
//! Owns what the caller asks for. `site` decides which pages a bundle holds.

/// What a build produces.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum BuildTarget {
    /// A site for a web server: URLs are folders, and scripts fetch what they need.
    #[default]
    Site,
    /// Files that readers open one by one, without a server and without a network.
    Bundle {
        /// The URLs of the sections that the bundle is limited to, as typed; empty for the whole handbook.
        sections: Vec<String>,
    },
}
