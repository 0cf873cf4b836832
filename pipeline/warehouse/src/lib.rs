//! The Delta lake and the SQL model graph.
//!
//! This crate keeps tables, builds models and answers queries. It knows nothing of connectors,
//! events or reports: it receives batches, SQL texts and scalar functions. It is the only crate
//! that names Delta, and with `functions` the only one that names DataFusion.
//!
//! # Use
//!
//! ```no_run
//! # use std::sync::Arc;
//! # use yuanliu_warehouse::*;
//! # async fn example(batches: Vec<arrow::array::RecordBatch>) -> Result<(), Box<dyn std::error::Error>> {
//! // One process writes a lake; any number read it beside.
//! let lake = Lake::open(LakeOptions::new("lake"))?;
//!
//! // Landing: rows and position in one commit, a repeated sequence is refused.
//! let table: TableName = "raw.erp-main__product".parse()?;
//! let next = lake.position(&table).await?.map_or(1, |position| position.sequence + 1);
//! lake.append(&table, batches, Position { sequence: next, text: "page 7".into() }).await?;
//!
//! // Models: every problem of every file is told at once.
//! let files = [("core/product.sql", "-- name: core.product …")];
//! let graph = ModelGraph::load(files).map_err(|problems| problems[0].to_string())?;
//! let build = Build {
//!     lake,
//!     graph: Arc::new(graph),
//!     sources: Arc::new(QuerySources::default()),
//!     now: chrono::Utc::now(),
//!     as_of: None,
//!     selection: Selection::All,
//! };
//! let report = build.run(&mut |_| {}).await?;
//! assert!(report.is_clean());
//!
//! // Queries: read only, `$name` parameters, rows stream.
//! let rows = build.scope().query("select * from core.product", Vec::new()).await?;
//! # drop(rows);
//! # Ok(())
//! # }
//! ```
//!
//! # Invariants
//!
//! - A commit to one table is the only way anything changes; a process killed at any point leaves
//!   the old version or the new one.
//! - Landing sequences of a table rise; the same landing is never there twice.
//! - A build looks only at what its recorded inputs say has changed; compaction is no change.
//! - Building piece by piece equals building everything once, provided that a partitioned model
//!   keeps the promise told in [`build`].
//! - Memory of queries and builds is bounded by [`LakeOptions::memory_limit_bytes`] beyond the
//!   buffers of files being read and written; what does not fit spills.

pub mod build;
pub mod graph;
pub mod lake;
pub mod landing;
pub mod maintenance;
pub mod query;

pub use build::{
    AsOf, AuditReport, Build, BuildError, BuildEvent, BuildReport, ModelReport, Outcome, Selection,
};
pub use graph::{Kind, Model, ModelColumn, ModelGraph, ModelProblem};
pub use lake::{FunctionsAt, Lake, LakeError, LakeOptions, TableName};
pub use landing::Position;
pub use maintenance::MaintenanceReport;
pub use query::{
    CurrentStream, DeclaredTable, HotTables, MemorySource, Only, Order, QueryError, QueryScope,
    QuerySources, RegionLimit, RowLimit, RowPolicy, RowPolicyText, RowRange, RowRule, Shape,
    Through, optimizer_rules,
};

/// The rows of an answer, as they arrive.
pub use datafusion::execution::SendableRecordBatchStream as Rows;

/// The value of a query's parameter.
pub use datafusion::common::ScalarValue;
