//! The hub's reports a second time: slow, obvious functions over a made-up company, written from what each
//! report means; where that is open, from the heads of the SQL models.
//!
//! Nothing here shares code or SQL with the hub. [`company`] makes small companies with every trap of the
//! field, [`law`] says who had which unit where and when, one item at a time, [`report`] has one file per
//! report, and [`hub`] and [`compare`] ask the real binary and set its answers beside these.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test ends where its ground is missing"
)]

pub mod company;
pub mod compare;
pub mod fraud;
pub mod hub;
pub mod law;
pub mod report;
