//! What several tests share: handbooks as values, generators, judges of finished HTML, and a reader of Rust files.
//!
//! Owns no test of a feature. The fuzzer and the benchmarks read some of these files, too, so that they name each other
//! with `super::`.

pub mod case;
pub mod graph;
pub mod handbook;
pub mod html;
pub mod judge;
pub mod random;
pub mod rust;
pub mod scan;
pub mod schema;
