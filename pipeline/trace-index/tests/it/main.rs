//! The trace index against a slow reading of the models, in any order, through crashes and damage.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking and prints its seed"
)]

mod bounds;
mod codes;
mod compaction;
mod crash;
mod damage;
mod holder;
mod model;
mod random;
mod rules;
mod shown;
mod support;
