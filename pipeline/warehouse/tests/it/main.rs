//! The warehouse from outside: rows in, tables out, over lakes in temporary folders.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod amended;
mod as_of;
mod cut;
mod fixture;
mod graph;
mod hot;
mod incremental;
mod landing;
mod lookup;
mod maintenance;
mod narrowed;
mod numbers;
mod paged;
mod query;
mod random;
mod rows;
mod sums;
