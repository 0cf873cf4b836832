//! The fields of each stream's object as accepted and as last seen; what they mean is the engine's.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, query, query_as};

use crate::error::MetadataError;
use crate::runs::stamp;
use crate::store::Metadata;

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
        query_as(
            "select stream, accepted, seen, seen_at from stream_shape where system = ? order by stream",
        )
        .bind(system)
        .fetch_all(&self.pool)
        .await
        .map_err(MetadataError::while_doing("reading the shapes of a system"))
    }

    /// Notes the shape a stream has now; the first one is accepted with it.
    pub async fn note_shape(
        &self,
        system: &str,
        stream: &str,
        shape: &str,
        at: DateTime<Utc>,
    ) -> Result<(), MetadataError> {
        query(
            "insert into stream_shape (system, stream, accepted, accepted_at, seen, seen_at)
             values (?1, ?2, ?3, ?4, ?3, ?4)
             on conflict (system, stream) do update set seen = ?3, seen_at = ?4",
        )
        .bind(system)
        .bind(stream)
        .bind(shape)
        .bind(stamp(at))
        .execute(&self.pool)
        .await
        .map(|_| ())
        .map_err(MetadataError::while_doing("noting the shape of a stream"))
    }

    /// Takes the shapes last seen of a system as they are; answers how many differed.
    pub async fn accept_shapes(
        &self,
        system: &str,
        at: DateTime<Utc>,
    ) -> Result<u64, MetadataError> {
        query(
            "update stream_shape set accepted = seen, accepted_at = ?2
             where system = ?1 and accepted <> seen",
        )
        .bind(system)
        .bind(stamp(at))
        .execute(&self.pool)
        .await
        .map(|done| done.rows_affected())
        .map_err(MetadataError::while_doing("accepting the shapes of a system"))
    }
}
