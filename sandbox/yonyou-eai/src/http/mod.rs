//! The server: starting it, routes, EAI, XChange.

mod eai;
mod response;
mod route;
mod server;
mod tree;
mod xchange;

pub use server::{ACCOUNT, EaiHandle, EaiOptions, EaiSandbox, SENDER, StartError};
