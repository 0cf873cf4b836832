//! The outbox over the real metadata store, against an ERP in memory that fails on demand.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where its ground is missing")]

mod crash;
mod sending;
mod world;
