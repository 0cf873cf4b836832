//! The server: starting it, routes, answers.

mod call;
mod response;
mod route;
mod server;

pub use server::{Credentials, StartError, U8Handle, U8Options, U8Sandbox};
