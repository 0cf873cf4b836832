//! Who is let in and what they may do, over stores in memory.

mod accounts;
mod login;
mod oidc;
mod permissions;
mod properties;
mod secrets;
mod sessions;
mod support;
mod tokens;
