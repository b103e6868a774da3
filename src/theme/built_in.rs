//! The files of the built-in theme, compiled into the program.
//!
//! Owns the table of these files. A test keeps it equal to the folder `themes/default`.

/// The folder of the files in the project, as diagnostics name it.
pub const FOLDER: &str = "themes/default";

macro_rules! files {
    ($($path:literal)*) => {
        /// Path below [`FOLDER`] → bytes, sorted by path.
        pub static FILES: &[(&str, &[u8])] = &[
            $(($path, include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/themes/default/", $path)))),*
        ];
    };
}

files! {
    "README.md"
    "assets/alert-link.css"
    "assets/alert-link.js"
    "assets/base.css"
    "assets/board.css"
    "assets/board.js"
    "assets/code.css"
    "assets/diagram.css"
    "assets/fonts/OFL.txt"
    "assets/fonts/inter.woff2"
    "assets/found-words.js"
    "assets/home-page.css"
    "assets/home.css"
    "assets/icon.svg"
    "assets/icons.css"
    "assets/kinds.css"
    "assets/lights.css"
    "assets/lights.js"
    "assets/not-found.js"
    "assets/offline.js"
    "assets/page.js"
    "assets/parts.css"
    "assets/parts.js"
    "assets/plots.css"
    "assets/poster.css"
    "assets/print.css"
    "assets/prose.css"
    "assets/register-page.css"
    "assets/registers.css"
    "assets/runbook-bar.js"
    "assets/runbook-copy.js"
    "assets/runbook-focus.js"
    "assets/runbook-steps.js"
    "assets/runbook-store.js"
    "assets/runbook-values.js"
    "assets/runbook.css"
    "assets/runbook.js"
    "assets/search-box.js"
    "assets/search-commands.js"
    "assets/search-engine.js"
    "assets/search-init.js"
    "assets/search-memory.js"
    "assets/search-open.js"
    "assets/search-page.js"
    "assets/search-shared.js"
    "assets/search-view.js"
    "assets/search.css"
    "assets/storage.js"
    "assets/strings.js"
    "assets/style.css"
    "assets/tables.js"
    "assets/tabs.js"
    "assets/theme-init.js"
    "assets/theme.js"
    "assets/timeline.css"
    "assets/timeline.js"
    "assets/value-sets.css"
    "assets/value-sets.js"
    "strings/de.toml"
    "strings/en.toml"
    "templates/404.html"
    "templates/base.html"
    "templates/file.html"
    "templates/home.html"
    "templates/offline.html"
    "templates/page.html"
    "templates/partials/about.html"
    "templates/partials/after.html"
    "templates/partials/banner.html"
    "templates/partials/brand.html"
    "templates/partials/breadcrumbs.html"
    "templates/partials/content-after.html"
    "templates/partials/contents.html"
    "templates/partials/facts.html"
    "templates/partials/footer-end.html"
    "templates/partials/footer.html"
    "templates/partials/glance.html"
    "templates/partials/head-end.html"
    "templates/partials/head.html"
    "templates/partials/header-end.html"
    "templates/partials/header.html"
    "templates/partials/heading.html"
    "templates/partials/headings.html"
    "templates/partials/icons.html"
    "templates/partials/incident-after.html"
    "templates/partials/incident-strip.html"
    "templates/partials/incident.html"
    "templates/partials/lights.html"
    "templates/partials/listing.html"
    "templates/partials/minutes-strip.html"
    "templates/partials/minutes.html"
    "templates/partials/nav.html"
    "templates/partials/outline.html"
    "templates/partials/places.html"
    "templates/partials/register.html"
    "templates/partials/runbook.html"
    "templates/partials/tables.html"
    "templates/print.html"
    "templates/register.html"
    "templates/search.html"
    "templates/term.html"
    "templates/terms.html"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_lists_every_file_of_the_folder() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER);
        let mut there: Vec<String> = walkdir::WalkDir::new(&folder)
            .into_iter()
            .map(|entry| entry.unwrap())
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| entry.path().strip_prefix(&folder).unwrap().to_str().unwrap().to_owned())
            .collect();
        there.sort();
        assert_eq!(there, FILES.iter().map(|(path, _)| *path).collect::<Vec<_>>());
    }
}
