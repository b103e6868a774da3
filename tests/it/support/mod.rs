//! What several tests share: handbooks as values, generators, judges of finished HTML, and a reader of Rust files.
//!
//! Owns no test of a feature, and the settings that make loops longer. The fuzzer and the benchmarks read some of these files, too, so that they name each other
//! with `super::`.

pub mod case;
pub mod graph;
pub mod handbook;
pub mod html;
pub mod judge;
pub mod program;
pub mod random;
pub mod repository;
pub mod rust;
pub mod scan;
pub mod schema;
pub mod web_server;

/// A number from the environment, for loops that are short unless somebody asks for more: `SITES=5000 cargo test …`.
#[expect(clippy::disallowed_methods, reason = "the environment sets how long a test takes")]
pub fn setting(name: &str, default: u32) -> u32 {
    std::env::var(name)
        .map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")))
}
