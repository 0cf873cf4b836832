//! The Delta lake and the SQL model graph.

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
pub use query::{CurrentStream, DeclaredTable, MemorySource, QueryError, QueryScope, QuerySources};

/// The value of a query's parameter.
pub use datafusion::common::ScalarValue;

/// The rows of an answer, as they arrive.
pub use datafusion::execution::SendableRecordBatchStream as Rows;
