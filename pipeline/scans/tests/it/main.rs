//! Reading scan events, as text in and text out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

mod classify;
mod content;
mod files;
mod flat;
mod generated;
mod properties;
mod records;
mod support;
