//! One id for a request in its answer, its logs and its trace.

use http::HeaderMap;
use uuid::Uuid;

/// The header of the id, taken from a proxy and given back.
pub const REQUEST_ID: &str = "x-request-id";

/// An id longer than this is none.
const ID_BYTES_MAX: usize = 64;

/// The id of a request; handlers find it among the request's extensions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub String);

impl RequestId {
    /// The id that came with a request, if it is one that may stand in a log, else a new one.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let given = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok());
        let is_plain = |id: &&str| {
            (1..=ID_BYTES_MAX).contains(&id.len())
                && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        };
        match given.filter(is_plain) {
            Some(id) => Self(id.to_owned()),
            None => Self(Uuid::now_v7().to_string()),
        }
    }
}
