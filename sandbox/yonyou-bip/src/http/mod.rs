//! The server.

mod list;
mod response;
mod route;
mod save;
mod server;

pub use server::{BipHandle, BipSandbox, StartError};
