//! What the hub tells of itself, as Prometheus, a collector, Grafana and a reader of logs see it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where its ground is missing"
)]

mod dashboard;
mod requests;
mod text;
mod traces;
