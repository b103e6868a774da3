//! The files that `init` writes.
//!
//! Owns the list of the files of a first handbook. Their texts are in the folder `scaffold`.

/// The path and the text of each file.
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

/// Replaces `@DATE@` by a day such as `2026-11-21`, and `@VERSION@` by the version of this program.
pub(super) fn fill(text: &str, date: &str) -> String {
    text.replace("@DATE@", date).replace("@VERSION@", env!("CARGO_PKG_VERSION"))
}
