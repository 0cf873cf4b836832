//! The connector over real files.

#![allow(clippy::unwrap_used, reason = "a test whose world cannot be set up should stop")]

mod access;
mod faults;
mod order_lines;
mod readme;
mod round_trip;
mod setup;
