//! A server that speaks the Kingdee Galaxy WebAPI (金蝶云星空), for demonstrations and tests.
//!
//! [`KingdeeSandbox::start`] serves a [`Dataset`] on 127.0.0.1 inside the calling process and
//! answers a [`KingdeeHandle`], through which a test changes rows, drops sessions and injects
//! [`Fault`]s while clients are reading. It is faithful where clients depend on it: routing,
//! envelopes, both request signatures, all login variants, sessions, paging, the filter language,
//! value formats, and errors inside HTTP 200.
//!
//! Save, Submit, Audit, UnAudit and Delete write; every other operation that writes answers with a
//! business error. It is no place for real data: its one account is public.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use serde_json::json;
//! use yuanliu_sandbox_kingdee::{Fault, KingdeeOptions, KingdeeSandbox};
//!
//! let sandbox = KingdeeSandbox::start(KingdeeOptions::default()).await?;
//! sandbox.put("PRD_MO", &json!({
//!     "FBillNo": "MO000117", "FDocumentStatus": "C", "FModifyDate": "2026-01-01 09:42:59.073",
//!     "FTreeEntity": [{"FMaterialId.FNumber": "01.02.0007", "FQty": "1200"}]
//! }))?;
//! sandbox.inject(Fault::SessionLost);
//! let url = sandbox.base_url(); // http://127.0.0.1:…/k3cloud/
//! # drop(url);
//! sandbox.shutdown().await;
//! # Ok(())
//! # }
//! ```

mod auth;
mod clock;
mod data;
mod fault;
mod fill;
mod forms;
mod http;
mod options;
mod query;
mod reply;

pub use auth::{Credentials, mint_app_id};
pub use clock::Clock;
pub use data::{
    Dataset, Decimal, DecimalError, EntityMeta, FieldKind, FieldMeta, FormMeta, PutError, Value,
};
pub use fault::{Fault, Faults, FaultsError};
pub use http::{KingdeeHandle, KingdeeSandbox, StartError};
pub use options::KingdeeOptions;
