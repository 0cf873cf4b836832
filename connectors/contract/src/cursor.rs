//! A position in a stream.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{ConnectorError, ErrorKind, Result};

/// An opaque position, ordered only within its stream; the connector that made it can read it.
///
/// The text is JSON with a version field `v`, so that a connector can refuse or convert an old form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(String);

impl Cursor {
    /// Wraps text read back from the lake.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Writes a connector's own position.
    pub fn encode<P: Serialize>(position: &P) -> Result<Self> {
        serde_json::to_string(position).map(Self).map_err(|source| {
            ConnectorError::new(ErrorKind::Internal, "writing a cursor").with_source(source)
        })
    }

    /// Reads a connector's own position back.
    pub fn decode<P: DeserializeOwned>(&self) -> Result<P> {
        serde_json::from_str(&self.0).map_err(|source| {
            ConnectorError::new(ErrorKind::Config, format!("reading the cursor {}", self.0))
                .with_hint("run the stream once with --full to start from the beginning")
                .with_source(source)
        })
    }

    /// The text that is committed with the data.
    pub fn as_text(&self) -> &str {
        &self.0
    }
}
