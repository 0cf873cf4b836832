//! One client's connection: handshake, then statements until it closes.

mod handshake;
mod respond;
mod serve;
mod statement;

pub(crate) use handshake::handshake;
pub(crate) use serve::serve;

/// What a session knows of itself.
pub(crate) struct Session {
    pub(crate) id: i64,
    pub(crate) database: String,
    pub(crate) application: String,
    pub(crate) user: String,
    pub(crate) packet_size: usize,
    pub(crate) isolation: String,
    /// Text and declarations of prepared statements, by handle.
    pub(crate) prepared: std::collections::BTreeMap<i32, (String, String)>,
}
