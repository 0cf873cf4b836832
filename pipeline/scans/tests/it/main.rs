//! Reading scan events, as text in and text out.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod classify;
mod content;
mod files;
mod flat;
mod records;
mod support;
