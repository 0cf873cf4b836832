//! What a dealer sees of itself.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::Answer;
use super::page::{Page, PageAsked, Row};
use crate::access::Principal;

/// What a dealer has of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DealerStock {
    /// The product.
    #[schema(example = "P1")]
    pub product_code: String,
    /// Its name; null: not known.
    #[schema(example = "源流一号 500 mL")]
    pub name: Option<String>,
    /// Items.
    #[schema(example = 240)]
    pub items: i64,
    /// Whole cases among them.
    #[schema(example = 10)]
    pub cases: i64,
    /// Days that the oldest has been there.
    #[schema(example = 31)]
    pub oldest_days: i64,
}

/// A code in a dealer's custody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DealerCode {
    /// The code.
    #[schema(example = "8800000000000017")]
    pub code: String,
    /// The product.
    pub product_code: String,
    /// The batch; null: not known.
    pub batch_no: Option<String>,
    /// What contains it; null: nothing.
    pub parent_code: Option<String>,
    /// The dealer of the subtree that has it.
    pub dealer_code: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// `in_transit`, `dealer_stock` or `in_store`.
    #[schema(example = "dealer_stock")]
    pub state: String,
}

/// How well a dealer reports.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DealerScore {
    /// The rows of the report `dealer-scorecard`, newest month first.
    pub months: Vec<Row>,
}

/// Answers dealers about themselves.
#[async_trait]
pub trait DealerDesk: Send + Sync {
    /// What the dealer and its subtree have, by product.
    async fn stock(&self, who: &Principal) -> Answer<Vec<DealerStock>>;

    /// The codes they have.
    async fn codes(
        &self,
        who: &Principal,
        product_code: Option<&str>,
        page: &PageAsked,
    ) -> Answer<Page<DealerCode>>;

    /// How well they report.
    async fn score(&self, who: &Principal) -> Answer<DealerScore>;
}
