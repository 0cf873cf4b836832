//! Addresses that people resolved.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::FromRow;

use crate::error::MetadataError;
use crate::pages::{Page, PageRequest};
use crate::store::Metadata;
use crate::store::value::values;

/// A correction to record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAddressCorrection {
    /// `exact`: this address; `pattern`: every address that holds this text.
    pub kind: String,
    /// The address or the text in it, as typed.
    pub text: String,
    /// The right region.
    pub region_code: String,
    /// Who says so.
    pub corrected_by: String,
    /// Why, in their words.
    pub note: Option<String>,
}

/// A correction as recorded; of two about the same text the later one counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromRow)]
pub struct AddressCorrection {
    /// Names the correction.
    pub correction_id: i64,
    /// `exact` or `pattern`.
    pub kind: String,
    /// The address or the text in it, as typed.
    pub text: String,
    /// The right region.
    pub region_code: String,
    /// Who says so.
    pub corrected_by: String,
    /// When, RFC 3339 UTC; later than every correction of the text before it.
    pub corrected_at: String,
    /// Why, in their words.
    pub note: Option<String>,
}

macro_rules! columns {
    () => {
        "correction_id, kind, text, region_code, corrected_by, corrected_at, note"
    };
}

impl Metadata {
    /// Records a correction.
    pub async fn record_address_correction(
        &self,
        correction: &NewAddressCorrection,
        at: DateTime<Utc>,
    ) -> Result<AddressCorrection, MetadataError> {
        let NewAddressCorrection { kind, text, region_code, corrected_by, note } = correction;
        self.within(format!("recording the region of the address {text}"), async {
            let mut work = self.begin_work().await?;
            work.one_at_a_time("address corrections").await?;
            let last = work
                .row(
                    "select max(corrected_at) from address_correction where kind = $1 and text = $2",
                    values![kind, text],
                )
                .await?;
            let corrected_at = super::after(last, at)?;
            let recorded = work
                .rows(
                    concat!(
                        "insert into address_correction (kind, text, region_code, corrected_by, \
                         corrected_at, note) values ($1, $2, $3, $4, $5, $6) returning ",
                        columns!()
                    ),
                    values![kind, text, region_code, corrected_by, corrected_at, note],
                )
                .await?;
            work.commit().await?;
            super::only(recorded)
        })
        .await
    }

    /// A page of corrections, the last one first.
    pub async fn address_corrections(
        &self,
        request: &PageRequest,
    ) -> Result<Page<AddressCorrection>, MetadataError> {
        let action = "listing address corrections";
        let below = request.below_id().map_err(|cause| self.failed(action, cause))?;
        let rows = self
            .rows(
                action,
                concat!(
                    "select ",
                    columns!(),
                    " from address_correction where correction_id < $1 \
                     order by correction_id desc limit $2"
                ),
                values![below, request.limit()],
            )
            .await?;
        Ok(request.page(rows, |row: &AddressCorrection| row.correction_id.to_string()))
    }

    /// Every correction in the order they were recorded.
    pub async fn all_address_corrections(&self) -> Result<Vec<AddressCorrection>, MetadataError> {
        self.rows(
            "reading all address corrections",
            concat!("select ", columns!(), " from address_correction order by correction_id"),
            vec![],
        )
        .await
    }
}
