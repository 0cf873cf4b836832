//! Schedulers that share a store, on a clock that the test moves. No test sleeps: each awaits a state.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    unreachable_pub,
    reason = "a test ends where its ground is missing"
)]

mod dependencies;
mod due_times;
mod ends;
mod freshness;
mod processes;
mod properties;
mod world;
