//! How a handbook will be read: on a web server, or as a folder of files.
//!
//! Owns what a caller asks for. What a bundle then holds is worked out in `site`.

/// The form of a build.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum Form {
    /// A site: folders are addresses, scripts fetch what they need.
    #[default]
    Site,
    /// Files that are opened one by one, without a server and without a network.
    Bundle {
        /// The URLs of the sections that it is limited to, as they were typed; empty for all of the handbook.
        sections: Vec<String>,
    },
}
