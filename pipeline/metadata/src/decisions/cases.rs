//! Decisions about diversion cases.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::FromRow;

use super::after;
use crate::error::MetadataError;
use crate::store::Metadata;
use crate::store::value::values;

/// Names a diversion case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseName {
    /// The dealer.
    pub dealer_code: String,
    /// The product; empty if the case has none.
    pub product_code: String,
    /// Where the goods were seen.
    pub destination_region: String,
    /// The business month, `2026-01`.
    pub month: String,
}

/// A decision to record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCaseDecision {
    /// The case.
    pub case: CaseName,
    /// `under_review`, `confirmed`, `dismissed`, or the dealer's `appealed`.
    pub decision: String,
    /// Who.
    pub decided_by: String,
    /// The hash of the case as it was before them.
    pub case_hash: Option<String>,
    /// Why, in their words.
    pub note: Option<String>,
}

/// A decision as recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromRow)]
pub struct CaseDecision {
    /// Names the decision.
    pub decision_id: i64,
    /// The dealer.
    pub dealer_code: String,
    /// The product; empty if the case has none.
    pub product_code: String,
    /// Where the goods were seen.
    pub destination_region: String,
    /// The business month.
    pub month: String,
    /// When, RFC 3339 UTC; later than every decision of the case before it.
    pub decided_at: String,
    /// `under_review`, `confirmed`, `dismissed` or `appealed`.
    pub decision: String,
    /// Who.
    pub decided_by: String,
    /// The hash of the case as it was before them.
    pub case_hash: Option<String>,
    /// Why, in their words.
    pub note: Option<String>,
}

macro_rules! columns {
    () => {
        "decision_id, dealer_code, product_code, destination_region, month, decided_at, decision, \
         decided_by, case_hash, note"
    };
}

impl Metadata {
    /// Records a decision about a case.
    pub async fn record_case_decision(
        &self,
        decision: &NewCaseDecision,
        at: DateTime<Utc>,
    ) -> Result<CaseDecision, MetadataError> {
        let NewCaseDecision { case, decision, decided_by, case_hash, note } = decision;
        let CaseName { dealer_code, product_code, destination_region, month } = case;
        let action = format!(
            "recording {decision} of the case {dealer_code}/{product_code}/{destination_region}/{month}"
        );
        self.within(action, async {
            let mut work = self.begin_work().await?;
            work.one_at_a_time("case decisions").await?;
            let last = work
                .row(
                    "select max(decided_at) from case_decision where dealer_code = $1 \
                     and product_code = $2 and destination_region = $3 and month = $4",
                    values![dealer_code, product_code, destination_region, month],
                )
                .await?;
            let decided_at = after(last, at)?;
            let recorded = work
                .rows(
                    concat!(
                        "insert into case_decision (dealer_code, product_code, destination_region, \
                         month, decided_at, decision, decided_by, case_hash, note) \
                         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning ",
                        columns!()
                    ),
                    values![
                        dealer_code,
                        product_code,
                        destination_region,
                        month,
                        decided_at,
                        decision,
                        decided_by,
                        case_hash,
                        note
                    ],
                )
                .await?;
            work.commit().await?;
            super::only(recorded)
        })
        .await
    }

    /// Every decision about a case, the first one first.
    pub async fn case_decisions(
        &self,
        case: &CaseName,
    ) -> Result<Vec<CaseDecision>, MetadataError> {
        let CaseName { dealer_code, product_code, destination_region, month } = case;
        self.rows(
            format!(
                "reading the decisions of the case \
                 {dealer_code}/{product_code}/{destination_region}/{month}"
            ),
            concat!(
                "select ",
                columns!(),
                " from case_decision where dealer_code = $1 and product_code = $2 \
                 and destination_region = $3 and month = $4 order by decided_at"
            ),
            values![dealer_code, product_code, destination_region, month],
        )
        .await
    }

    /// Every decision about every case in the order they were recorded.
    pub async fn all_case_decisions(&self) -> Result<Vec<CaseDecision>, MetadataError> {
        self.rows(
            "reading the decisions of all cases",
            concat!("select ", columns!(), " from case_decision order by decision_id"),
            vec![],
        )
        .await
    }
}
