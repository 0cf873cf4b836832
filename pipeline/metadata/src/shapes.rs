//! The fields of each stream's object as accepted and as last seen; what they mean is the engine's.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use crate::error::MetadataError;
use crate::store::Metadata;
use crate::store::value::values;

/// Both shapes of one stream, as JSON texts.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct StreamShapes {
    /// The stream.
    pub stream: String,
    /// The shape someone accepted, or the first that was seen.
    pub accepted: String,
    /// The shape last seen.
    pub seen: String,
    /// When it was last seen, RFC 3339 UTC.
    pub seen_at: String,
}

impl Metadata {
    /// Both shapes of every stream of a system, in the order of their names.
    pub async fn shapes(&self, system: &str) -> Result<Vec<StreamShapes>, MetadataError> {
        self.rows(
            format!("reading the shapes of {system}"),
            "select stream, accepted, seen, seen_at from stream_shape where system = $1 order by stream",
            values![system],
        )
        .await
    }

    /// Notes the shape a stream has now; the first one is accepted with it.
    pub async fn note_shape(
        &self,
        system: &str,
        stream: &str,
        shape: &str,
        at: DateTime<Utc>,
    ) -> Result<(), MetadataError> {
        self.execute(
            format!("noting the shape of {stream} of {system}"),
            "insert into stream_shape (system, stream, accepted, accepted_at, seen, seen_at) \
             values ($1, $2, $3, $4, $3, $4) \
             on conflict (system, stream) do update set seen = excluded.seen, seen_at = excluded.seen_at",
            values![system, stream, shape, at],
        )
        .await
        .map(|_| ())
    }

    /// Takes the shapes last seen of a system as they are; answers how many differed.
    pub async fn accept_shapes(
        &self,
        system: &str,
        at: DateTime<Utc>,
    ) -> Result<u64, MetadataError> {
        self.execute(
            format!("accepting the shapes of {system}"),
            "update stream_shape set accepted = seen, accepted_at = $2 \
             where system = $1 and accepted <> seen",
            values![system, at],
        )
        .await
    }

    /// Takes the shape last seen of one stream as it is; false if it did not differ.
    pub async fn accept_shape(
        &self,
        system: &str,
        stream: &str,
        at: DateTime<Utc>,
    ) -> Result<bool, MetadataError> {
        self.execute(
            format!("accepting the shape of {stream} of {system}"),
            "update stream_shape set accepted = seen, accepted_at = $3 \
             where system = $1 and stream = $2 and accepted <> seen",
            values![system, stream, at],
        )
        .await
        .map(|rows| rows == 1)
    }
}
