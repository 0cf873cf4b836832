//! The protocol: envelopes, routing, operations, and faults on the way out.

mod business_info;
mod envelope;
mod query_call;
mod response;
mod route;
mod server;
mod view;
mod write_call;

pub(crate) use envelope::Call;
pub use server::{KingdeeHandle, KingdeeSandbox, StartError};
