//! The file, the channels against servers that answer as the vendors do, the engine, and what holds
//! whatever happens.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where its ground is missing"
)]

mod desk;
mod engine;
mod file;
mod mail;
mod property;
mod server;
mod vendors;
