//! The inbox on a made-up disk that fails and loses power, and on the real one.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test ends where its ground is missing"
)]

mod appending;
mod batches;
mod bounds;
mod damage;
mod disk;
mod faults;
mod generated;
mod kill;
mod model;
mod properties;
mod random;
mod schemas;
