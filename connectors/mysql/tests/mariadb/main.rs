//! The connector over a real MariaDB.

#![allow(clippy::unwrap_used, reason = "a test whose world cannot be set up should stop")]

mod access;
mod encryption;
mod faults;
mod order_lines;
mod proxy;
mod readme;
mod round_trip;
mod setup;
