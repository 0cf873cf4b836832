//! The API over made-up data in memory.

#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "modules of one test, which ends where its ground is missing"
)]

#[path = "../memory/mod.rs"]
#[allow(dead_code, reason = "each test uses a part of it")]
mod memory;

mod bodies;
mod client;
mod csrf;
mod downloads;
mod live;
mod openapi;
mod paging;
mod problems;
mod roles;
mod sessions;
mod web;
