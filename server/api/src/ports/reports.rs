//! Reports: which there are, their rows, and how old they are.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::Answer;
use super::page::{Column, FileAnswer, FileFormat, PageAsked, Row};
use crate::access::Principal;

/// A column that names a report's rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Dimension {
    /// The column.
    #[schema(example = "dealer_code")]
    pub name: String,
    /// Only there if asked for with `by`.
    pub optional: bool,
}

/// A report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Report {
    /// Its name.
    #[schema(example = "regional-sales")]
    pub name: String,
    /// What it is called in English.
    #[schema(example = "Regional sales")]
    pub title: String,
    /// What it is called in Chinese.
    #[schema(example = "区域销售")]
    pub title_zh: String,
    /// The columns that name a row, in order.
    pub dimensions: Vec<Dimension>,
    /// The parameters it knows.
    pub parameters: Vec<Column>,
    /// Every column.
    pub columns: Vec<Column>,
}

/// What is asked of a report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportQuestion {
    /// First business day.
    pub from: Option<NaiveDate>,
    /// Last business day.
    pub to: Option<NaiveDate>,
    /// `day`, `week`, `month` or `total`.
    pub grain: Option<String>,
    /// `province`, `city` or `county`.
    pub level: Option<String>,
    /// `then` or `today`.
    pub regions: Option<String>,
    /// Optional dimensions wanted.
    pub by: Vec<String>,
    /// Only rows of this system.
    pub system: Option<String>,
    /// As it stood then.
    pub as_of: Option<DateTime<Utc>>,
    /// Wanted values by column; an empty value: missing.
    pub filters: BTreeMap<String, String>,
    /// Columns to sort by, the most important first; `true`: falling. Empty: the report's own order.
    pub sort: Vec<(String, bool)>,
}

/// A page of a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReportRows {
    /// The columns of the rows, in order.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
    /// Give this as `cursor` for the next page; null: these are the last rows.
    pub next_cursor: Option<String>,
    /// When the tables behind the report were last built; null: never.
    pub built_at: Option<DateTime<Utc>>,
    /// The version of `rules.toml` the rows stand on.
    #[schema(example = "b1c7…")]
    pub rule_version: Option<String>,
}

/// How old a report is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Freshness {
    /// The report.
    #[schema(example = "regional-sales")]
    pub report: String,
    /// When it was last built; null: never.
    pub built_at: Option<DateTime<Utc>>,
    /// Up to when its sources were read; null: never.
    pub data_until: Option<DateTime<Utc>>,
    /// How old the data may be, in seconds; null: nobody said.
    #[schema(example = 3600)]
    pub bound_s: Option<i64>,
    /// Older than that.
    pub is_late: bool,
    /// What keeps it, in English; null if nothing does.
    pub why: Option<String>,
    /// What keeps it, in Chinese.
    pub why_zh: Option<String>,
}

/// Answers reports.
#[async_trait]
pub trait ReportDesk: Send + Sync {
    /// Every report there is; the API leaves out those that the role may not read.
    async fn reports(&self, who: &Principal) -> Answer<Vec<Report>>;

    /// A page of a report's rows within what the principal sees. `next_cursor` is the port's own word
    /// for the next page.
    async fn rows(
        &self,
        who: &Principal,
        report: &str,
        question: &ReportQuestion,
        page: &PageAsked,
    ) -> Answer<ReportRows>;

    /// The whole report as a file.
    async fn file(
        &self,
        who: &Principal,
        report: &str,
        question: &ReportQuestion,
        format: FileFormat,
    ) -> Answer<FileAnswer>;

    /// How old the reports are; the API leaves out those that the role may not read.
    async fn freshness(&self, who: &Principal) -> Answer<Vec<Freshness>>;
}
