//! The texts that `init` and `new` write.
//!
//! Owns the files of a first handbook and the sections of each kind of page. The texts themselves are in
//! the folder beside this file.

use super::args::Kind;

/// Path and text of each file of a first handbook.
pub(super) const FILES: &[(&str, &str)] = &[
    (".gitignore", include_str!("scaffold/gitignore")),
    (".github/workflows/handbook.yml", include_str!("scaffold/github.yml")),
    (".gitlab-ci.yml", include_str!("scaffold/gitlab.yml")),
    ("README.md", include_str!("scaffold/README.md")),
    ("book.toml", include_str!("scaffold/book.toml")),
    ("content/_index.md", include_str!("scaffold/content/_index.md")),
    ("content/about.md", include_str!("scaffold/content/about.md")),
    ("content/minutes/_index.md", include_str!("scaffold/content/minutes/_index.md")),
    ("content/minutes/first-meeting.md", include_str!("scaffold/content/minutes/first-meeting.md")),
    ("content/processes/_index.md", include_str!("scaffold/content/processes/_index.md")),
    (
        "content/processes/incident-response.md",
        include_str!("scaffold/content/processes/incident-response.md"),
    ),
    ("content/rcas/_index.md", include_str!("scaffold/content/rcas/_index.md")),
    (
        "content/rcas/example-expired-certificate.md",
        include_str!("scaffold/content/rcas/example-expired-certificate.md"),
    ),
    ("content/runbooks/_index.md", include_str!("scaffold/content/runbooks/_index.md")),
    ("content/runbooks/disk-full.md", include_str!("scaffold/content/runbooks/disk-full.md")),
];

/// What is filled into a text: `@TITLE@`, `@DATE@`, and `@VERSION@` of this program.
pub(super) struct Draft<'a> {
    pub title: &'a str,
    /// `2026-11-21`.
    pub date: &'a str,
}

impl Draft<'_> {
    /// Fills the places of a text. The title is quoted, so that any title is sound YAML.
    pub fn fill(&self, text: &str) -> String {
        let title = serde_json::to_string(self.title).expect("a string is always JSON");
        // The title goes last: it may look like a place.
        text.replace("@DATE@", self.date)
            .replace("@VERSION@", env!("CARGO_PKG_VERSION"))
            .replace("@TITLE@", &title)
    }
}

/// The text of a new page.
pub(super) fn kind_text(kind: Kind) -> &'static str {
    match kind {
        Kind::Page => include_str!("scaffold/kinds/page.md"),
        Kind::Guide => include_str!("scaffold/kinds/guide.md"),
        Kind::Runbook => include_str!("scaffold/kinds/runbook.md"),
        Kind::Rca => include_str!("scaffold/kinds/rca.md"),
        Kind::Process => include_str!("scaffold/kinds/process.md"),
        Kind::Minutes => include_str!("scaffold/kinds/minutes.md"),
        Kind::Post => include_str!("scaffold/kinds/post.md"),
        Kind::Standard => include_str!("scaffold/kinds/standard.md"),
        Kind::Manifesto => include_str!("scaffold/kinds/manifesto.md"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_title_is_sound_yaml() {
        let text = Draft { title: "A \"b\": @DATE@ # c\n", date: "2026-11-21" }
            .fill("title: @TITLE@\ndate: @DATE@\n");
        assert_eq!(text, "title: \"A \\\"b\\\": @DATE@ # c\\n\"\ndate: 2026-11-21\n");
    }
}
