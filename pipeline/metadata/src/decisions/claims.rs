//! Decisions about held promoter claims.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::FromRow;

use super::after;
use crate::error::MetadataError;
use crate::store::Metadata;
use crate::store::value::values;

/// A decision to record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewClaimDecision {
    /// The claim's event.
    pub event_id: String,
    /// The unit; empty: all units of the event.
    pub code: String,
    /// `released` or `confirmed`.
    pub decision: String,
    /// Who.
    pub decided_by: String,
    /// Why, in their words.
    pub note: Option<String>,
}

/// A decision as recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromRow)]
pub struct ClaimDecision {
    /// Names the decision.
    pub decision_id: i64,
    /// The claim's event.
    pub event_id: String,
    /// The unit; empty: all units of the event.
    pub code: String,
    /// When, RFC 3339 UTC; later than every decision of the claim before it.
    pub decided_at: String,
    /// `released` or `confirmed`.
    pub decision: String,
    /// Who.
    pub decided_by: String,
    /// Why, in their words.
    pub note: Option<String>,
}

macro_rules! columns {
    () => {
        "decision_id, event_id, code, decided_at, decision, decided_by, note"
    };
}

impl Metadata {
    /// Records a decision about a claim.
    pub async fn record_claim_decision(
        &self,
        decision: &NewClaimDecision,
        at: DateTime<Utc>,
    ) -> Result<ClaimDecision, MetadataError> {
        let NewClaimDecision { event_id, code, decision, decided_by, note } = decision;
        self.within(format!("recording {decision} of the claim {event_id} {code}"), async {
            let mut work = self.begin_work().await?;
            work.one_at_a_time("claim decisions").await?;
            let last = work
                .row(
                    "select max(decided_at) from claim_decision where event_id = $1 and code = $2",
                    values![event_id, code],
                )
                .await?;
            let decided_at = after(last, at)?;
            let recorded = work
                .rows(
                    concat!(
                        "insert into claim_decision (event_id, code, decided_at, decision, \
                         decided_by, note) values ($1, $2, $3, $4, $5, $6) returning ",
                        columns!()
                    ),
                    values![event_id, code, decided_at, decision, decided_by, note],
                )
                .await?;
            work.commit().await?;
            super::only(recorded)
        })
        .await
    }

    /// Every decision about a claim, of all its units, the first one first.
    pub async fn claim_decisions(
        &self,
        event_id: &str,
    ) -> Result<Vec<ClaimDecision>, MetadataError> {
        self.rows(
            format!("reading the decisions of the claim {event_id}"),
            concat!(
                "select ",
                columns!(),
                " from claim_decision where event_id = $1 order by decided_at, code"
            ),
            values![event_id],
        )
        .await
    }

    /// Every decision about every claim in the order they were recorded.
    pub async fn all_claim_decisions(&self) -> Result<Vec<ClaimDecision>, MetadataError> {
        self.rows(
            "reading the decisions of all claims",
            concat!("select ", columns!(), " from claim_decision order by decision_id"),
            vec![],
        )
        .await
    }
}
