//! Who is let in and what they may do, over stores in memory.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where its ground is missing"
)]

mod accounts;
mod audit;
mod login;
mod oidc;
mod permissions;
mod properties;
mod secrets;
mod sessions;
mod support;
mod tokens;
