//! Regions, territories, and corrections of addresses.

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::Answer;
use super::page::{Page, PageAsked};
use crate::access::Principal;

/// How large a region is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RegionLevel {
    /// 省
    Province,
    /// 市
    City,
    /// 县
    County,
}

/// A region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Region {
    /// Its code on the day asked for.
    #[schema(example = "430100")]
    pub region_code: String,
    /// Its name.
    #[schema(example = "长沙市")]
    pub name: String,
    /// How large it is.
    pub level: RegionLevel,
    /// The region it is part of; null: a province.
    #[schema(example = "430000")]
    pub parent_code: Option<String>,
    /// Whether it has parts.
    pub has_children: bool,
}

/// A rule of a territory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Territory {
    /// The dealer.
    #[schema(example = "D1")]
    pub dealer_code: String,
    /// The dealer's name; null: not known.
    pub dealer_name: Option<String>,
    /// Only this product; null: any.
    pub product_code: Option<String>,
    /// Only this category; null: any.
    pub category: Option<String>,
    /// Only this channel; null: any.
    pub channel: Option<String>,
    /// The region.
    #[schema(example = "430100")]
    pub region_code: String,
    /// The region's name; null: not known.
    pub region_name: Option<String>,
    /// The first day; null: always.
    pub valid_from: Option<NaiveDate>,
    /// The last day; null: until further notice.
    pub valid_to: Option<NaiveDate>,
}

/// Which territories are wanted; none means any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TerritoryFilter {
    /// Of this dealer.
    pub dealer_code: Option<String>,
    /// That hold this region or a part of it.
    pub region_code: Option<String>,
    /// That hold on this day; none: today.
    pub on: Option<NaiveDate>,
}

/// How a correction finds its addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CorrectionKind {
    /// The address is this text.
    Exact,
    /// The address matches this regular expression.
    Pattern,
}

/// A correction to make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectionDraft {
    /// How it finds its addresses.
    pub kind: CorrectionKind,
    /// The address or the expression.
    #[schema(example = "星沙街道开元路8号", min_length = 1, max_length = 500)]
    pub text: String,
    /// The region such addresses lie in.
    #[schema(example = "430121", pattern = "^[0-9]{6}$")]
    pub region_code: String,
    /// Why.
    #[schema(max_length = 1000)]
    pub note: String,
}

/// A correction as kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Correction {
    /// How it finds its addresses.
    pub kind: CorrectionKind,
    /// The address or the expression.
    #[schema(example = "星沙街道开元路8号")]
    pub text: String,
    /// The region such addresses lie in.
    #[schema(example = "430121")]
    pub region_code: String,
    /// Why.
    pub note: String,
    /// Who made it; null: it stands in a file.
    pub made_by: Option<String>,
    /// When; null: it stands in a file.
    pub made_at: Option<DateTime<Utc>>,
}

/// Looks up places.
#[async_trait]
pub trait Places: Send + Sync {
    /// The parts of a region, or the provinces, on a day.
    async fn regions(
        &self,
        who: &Principal,
        parent: Option<&str>,
        on: Option<NaiveDate>,
    ) -> Answer<Vec<Region>>;

    /// Territories within what the principal sees.
    async fn territories(
        &self,
        who: &Principal,
        filter: &TerritoryFilter,
        page: &PageAsked,
    ) -> Answer<Page<Territory>>;

    /// The corrections there are, newest first.
    async fn corrections(&self, who: &Principal, page: &PageAsked) -> Answer<Page<Correction>>;

    /// Adds a correction; reports follow with the next build.
    async fn correct(&self, who: &Principal, draft: &CorrectionDraft) -> Answer<Correction>;
}
