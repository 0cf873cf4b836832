//! Rejects kept in the metadata store.

use async_trait::async_trait;
use chrono::Utc;
use xxhash_rust::xxh3::xxh3_128;
use yuanliu_contract::RejectedRow;
use yuanliu_engine::{RejectStore, StoreError};
use yuanliu_metadata::{Metadata, NewReject};

use super::store_error;

/// The metadata store as the engine sees it.
pub(crate) struct MetadataRejects<'a>(pub(crate) &'a Metadata);

#[async_trait]
impl RejectStore for MetadataRejects<'_> {
    async fn keep(
        &self,
        run_id: &str,
        system: &str,
        stream: &str,
        rejects: &[RejectedRow],
    ) -> Result<(), StoreError> {
        let new: Vec<NewReject> = rejects.iter().map(new_reject).collect();
        let kept = self.0.keep_rejects(run_id, system, stream, &new, Utc::now()).await;
        kept.map_err(|e| store_error(format!("keeping rejects of {system}.{stream}"))(e.into()))
    }
}

/// The position takes part: the same bad row in two places is two rejects.
fn new_reject(row: &RejectedRow) -> NewReject {
    let identity = format!("{}\n{}", row.position, row.payload);
    NewReject {
        reason: row.reason.to_owned(),
        message: row.message.clone(),
        payload: row.payload.clone(),
        payload_hash: format!("{:032x}", xxh3_128(identity.as_bytes())),
        position: row.position.clone(),
    }
}
