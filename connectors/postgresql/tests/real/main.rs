//! The connector against a real PostgreSQL.

#![allow(clippy::unwrap_used, reason = "a test whose world cannot be set up should stop")]

mod acceptance;
mod proxy;
mod reading;
mod round_trip;
mod source;
