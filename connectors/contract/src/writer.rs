//! Sending approved documents back to a system.
//!
//! Registered apart from [`Connector`](crate::Connector), so that systems that are only read carry
//! no empty methods. The hub keeps documents in an outbox, sends only approved ones, and keeps what
//! the system answered; a writer keeps nothing.

use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::config::{ConfigProblem, ConfigSpec, Settings};
use crate::connector::Seams;
use crate::error::Result;

/// What can be sent back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutgoingKind {
    /// What was really shipped, as a sales outbound document (销售出库单). Body:
    /// `delivery_no, order_no, dealer_code, warehouse_code, shipped_at` (RFC 3339), and `lines[]` of
    /// `line_no, order_line_no, product_code, qty` (decimal as text), `unit, batch_no`.
    DeliveryResult,
    /// What an inspection found. Body: `inspection_no, subject` (`batch` or `lot`), `product_code` or
    /// `material_code`, `batch_no` or `lot_no`, `stage, result` (`passed` or `failed`), `qty`,
    /// `inspector, report_ref, inspected_at` (RFC 3339).
    InspectionResult,
}

/// A document on its way to a system.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutgoingDocument {
    /// What it is.
    pub kind: OutgoingKind,
    /// Names the document for good: at most 32 characters of `A-Z a-z 0-9 -`. The system must hold at
    /// most one document of a key, however often it is sent.
    pub key: String,
    /// Its fields, canonical names and codes.
    pub body: Value,
}

/// What a system answered to a document it now holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteReceipt {
    /// The system's own number of the document.
    pub number: Option<String>,
    /// The system's own id of the document.
    pub id: Option<String>,
    /// Whether the system had the document before this call.
    pub was_known: bool,
    /// The answer as received, without secrets, at most 64 KiB.
    pub answer: String,
}

/// What a writer of a kind of system can send, as data.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WriterSpec {
    /// The documents it can send.
    pub documents: Vec<OutgoingKind>,
    /// Configuration fields beside those of the connector, in the system's `[write]` section.
    pub fields: ConfigSpec,
}

/// A kind of system that takes documents, one value per connector crate.
pub trait WriteBack: Send + Sync {
    /// The same word as the connector's kind.
    fn kind(&self) -> &'static str;

    /// What it can send, and what must be configured for it.
    fn spec(&self) -> WriterSpec;

    /// Builds a writer without contacting the system; `write` are the checked values of the
    /// system's `[write]` section. The path of a problem of the section is `[write] KEY`.
    fn open(
        &self,
        settings: &Settings,
        write: &Settings,
        seams: Seams,
    ) -> std::result::Result<Arc<dyn Writer>, Vec<ConfigProblem>>;
}

/// Sends documents to one configured system, one at a time.
///
/// Like a [`System`](crate::System) it makes remote calls at once, never retries, and returns the
/// first error with its kind.
#[async_trait]
pub trait Writer: Send + Sync {
    /// The receipt of a document the system already holds under this key, none if it holds none.
    ///
    /// Called before every send of a document whose earlier send has no known outcome.
    async fn find(&self, document: &OutgoingDocument) -> Result<Option<WriteReceipt>>;

    /// Sends a document. On return the system holds it durably, exactly once.
    ///
    /// [`ErrorKind::Refused`](crate::ErrorKind::Refused) means that the system holds nothing of it and
    /// says why; after any other error the outcome is unknown.
    async fn write(&self, document: &OutgoingDocument) -> Result<WriteReceipt>;
}
