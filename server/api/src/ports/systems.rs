//! Connected systems.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::error::Answer;
use super::page::Row;
use crate::access::Principal;

/// How a system is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SystemStatus {
    /// Its last runs ended well.
    Green,
    /// Its last run ended with something to look at.
    Yellow,
    /// Its last run failed.
    Red,
    /// It never ran.
    New,
    /// It is switched off.
    Off,
}

/// A configured system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SystemLine {
    /// Its name, which is part of its raw tables' names.
    #[schema(example = "erp-main")]
    pub name: String,
    /// Its kind of connector.
    #[schema(example = "kingdee-galaxy")]
    pub kind: String,
    /// Whether it is read.
    pub enabled: bool,
    /// What its kind is called.
    #[schema(example = "金蝶云星空")]
    pub title: String,
    /// When it last ran; null: never.
    pub last_run: Option<DateTime<Utc>>,
    /// When a job next runs it; null: no job does.
    pub next_run: Option<DateTime<Utc>>,
    /// How it is.
    pub status: SystemStatus,
}

/// A configuration field of a kind of system.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SystemField {
    /// As written in the file.
    #[schema(example = "base_url")]
    pub name: String,
    /// `text`, `secret`, `integer`, `fraction`, `boolean`, `choice`, `url`, `path`, `text_list`,
    /// `text_list_table`, `integer_table`, `table`, `table_list` or `time_zone`.
    #[serde(rename = "type")]
    #[schema(example = "url")]
    pub data_type: String,
    /// What it is called in English.
    pub title: String,
    /// What it is called in Chinese.
    pub title_zh: String,
    /// One sentence in English.
    pub description: String,
    /// One sentence in Chinese.
    pub description_zh: String,
    /// Whether it must be given.
    pub required: bool,
    /// Whether it holds a reference to a secret.
    pub secret: bool,
    /// The value if it is left out; null: none.
    #[schema(value_type = Value)]
    pub default: Option<Value>,
    /// The words it may be; empty: anything.
    pub choices: Vec<String>,
    /// The smallest number; null: no bound.
    pub min: Option<f64>,
    /// The largest number; null: no bound.
    pub max: Option<f64>,
}

/// A kind of system that can be connected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SystemKind {
    /// Its name in a file.
    #[schema(example = "kingdee-galaxy")]
    pub kind: String,
    /// What it is called in English.
    #[schema(example = "Kingdee Cloud Galaxy")]
    pub title: String,
    /// What it is called in Chinese.
    #[schema(example = "金蝶云星空")]
    pub title_zh: String,
    /// Its fields in the order of a form.
    pub fields: Vec<SystemField>,
    /// What can be written back to it; null: nothing.
    pub writer: Option<SystemWriter>,
}

/// What a kind of system takes, and the fields of the section `[write]` of its file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SystemWriter {
    /// The documents it takes: `delivery_result`, `inspection_result`.
    pub documents: Vec<String>,
    /// The fields of the section in the order of a form.
    pub fields: Vec<SystemField>,
}

/// One thing looked at by a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckItem {
    /// What was looked at.
    #[schema(example = "login")]
    pub what: String,
    /// Whether it is as it should be.
    pub is_ok: bool,
    /// What was found.
    pub detail: String,
    /// What to do; null if nothing.
    pub hint: Option<String>,
}

/// The answer of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SystemCheck {
    /// Whether everything is as it should be.
    pub is_ok: bool,
    /// What was looked at, in order.
    pub items: Vec<CheckItem>,
}

/// A field of a stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StreamField {
    /// The name to ask for it by.
    #[schema(example = "FBillNo")]
    pub name: String,
    /// What its users call it.
    #[schema(example = "单据编号")]
    pub title: String,
    /// The system's own word for its type.
    #[serde(rename = "type")]
    pub data_type: String,
    /// Added by this customer, not by the vendor.
    pub is_custom: bool,
    /// Part of the key.
    pub is_key: bool,
    /// Whether the hub reads it now.
    pub is_read: bool,
}

/// A stream that a system offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SystemStream {
    /// Its name; the system's own where no stream reads the object.
    #[schema(example = "sales_order")]
    pub stream: String,
    /// What its users call it.
    #[schema(example = "销售订单")]
    pub title: String,
    /// Its fields.
    pub fields: Vec<StreamField>,
    /// Whether the hub reads it.
    pub is_selected: bool,
}

/// A row that would be rejected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RejectedRow {
    /// A stable code.
    #[schema(example = "bad_decimal")]
    pub reason: String,
    /// What is wrong and what would be right.
    pub message: String,
    /// The row as received.
    pub row: Row,
}

/// The first rows of a stream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Preview {
    /// As read.
    pub raw: Vec<Row>,
    /// As the mapping makes them.
    pub mapped: Vec<Row>,
    /// Those that would be rejected.
    pub rejected: Vec<RejectedRow>,
}

/// Asks connected systems.
#[async_trait]
pub trait Systems: Send + Sync {
    /// Every configured system.
    async fn systems(&self, who: &Principal) -> Answer<Vec<SystemLine>>;

    /// Every kind there is.
    async fn kinds(&self, who: &Principal) -> Answer<Vec<SystemKind>>;

    /// Logs in and looks at what may be read.
    async fn check(&self, who: &Principal, system: &str) -> Answer<SystemCheck>;

    /// What the system offers, custom fields included.
    async fn streams(&self, who: &Principal, system: &str) -> Answer<Vec<SystemStream>>;

    /// The first rows of a stream.
    async fn preview(
        &self,
        who: &Principal,
        system: &str,
        stream: &str,
        rows: u32,
    ) -> Answer<Preview>;
}
