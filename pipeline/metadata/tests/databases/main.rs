//! Every case on both databases: a SQLite file, and a real PostgreSQL with a database per case.

#![allow(clippy::unwrap_used, reason = "a test whose world cannot be set up should stop")]

mod access;
mod alerts;
mod backup;
mod decisions;
mod history;
mod jobs;
mod migrations;
mod outbox;
mod place;
mod shapes;
mod world;
