//! A client that sends one request after the other over a connection it keeps.

mod connection;
mod latencies;

pub use connection::{Answer, Connection};
pub use latencies::Latencies;
