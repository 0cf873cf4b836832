//! Why a build stopped.

use arrow::datatypes::DataType;
use datafusion::error::DataFusionError;

use crate::lake::{LakeError, TableName};
use crate::query::QueryError;

/// A failure of a build. Models built before it stay built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// A selected model does not exist.
    #[error("there is no model {model}")]
    UnknownModel {
        /// As selected.
        model: String,
    },
    /// The lake refused.
    #[error("cannot build {model}")]
    Lake {
        /// The model.
        model: TableName,
        /// The error below.
        source: Box<LakeError>,
    },
    /// The model's query, or one of its header, does not work.
    #[error("cannot run `{part}` of {model}")]
    Query {
        /// Which query of the file.
        part: &'static str,
        /// The model.
        model: TableName,
        /// The error below.
        source: Box<QueryError>,
    },
    /// The model's query failed on its way.
    #[error("the query of {model} failed")]
    Rows {
        /// The model.
        model: TableName,
        /// The error below.
        source: Box<DataFusionError>,
    },
    /// The model's query takes more memory than there is, however little of it is computed at a time.
    #[error(
        "{model} does not fit into the memory a build may take, in however many parts: give it more \
         (`[lake] memory_limit_mib` in hub.toml)"
    )]
    Memory {
        /// The model.
        model: TableName,
        /// The error below.
        source: Box<BuildError>,
    },
    /// The query yields other columns than are described.
    #[error("{model} yields columns {selected} but describes {described}")]
    Columns {
        /// The model.
        model: TableName,
        /// What the header says.
        described: String,
        /// What the query yields.
        selected: String,
    },
    /// The `touched` query names rows by something that the model does not have.
    #[error(
        "`touched` of {model} yields `{key}` as its second column, which is no column of the model: \
         name the column whose values it yields, or leave it out"
    )]
    Key {
        /// The model.
        model: TableName,
        /// The column.
        key: String,
    },
    /// What is left after adding and taking away depends on the order of both.
    #[error(
        "{model} cannot keep `{column}` as one of its `sums`, because it holds {given}: sum whole numbers or \
         decimals, or leave `sums` out"
    )]
    SumType {
        /// The model.
        model: TableName,
        /// The column.
        column: String,
        /// Its type.
        given: Box<DataType>,
    },
    /// A table cannot be stored by this column.
    #[error(
        "{model} cannot be partitioned by `{column}`, which holds {given}: use a column of text, \
         whole numbers or dates"
    )]
    PartitionType {
        /// The model.
        model: TableName,
        /// The column.
        column: String,
        /// Its type.
        given: Box<DataType>,
    },
}

impl BuildError {
    /// Whether less at a time might do.
    pub(crate) fn is_out_of_memory(&self) -> bool {
        let Self::Rows { source, .. } = self else { return false };
        matches!(source.find_root(), DataFusionError::ResourcesExhausted(_))
    }

    /// This error of a model that cannot be computed in smaller parts.
    pub(crate) fn of_size(self, model: &TableName) -> Self {
        Self::Memory { model: model.clone(), source: Box::new(self) }
    }

    pub(crate) fn lake(model: &TableName) -> impl FnOnce(LakeError) -> Self {
        let model = model.clone();
        move |source| Self::Lake { model, source: Box::new(source) }
    }

    pub(crate) fn rows(model: &TableName) -> impl FnOnce(DataFusionError) -> Self {
        let model = model.clone();
        move |source| Self::Rows { model, source: Box::new(source) }
    }

    pub(crate) fn query(part: &'static str, model: &TableName) -> impl FnOnce(QueryError) -> Self {
        let model = model.clone();
        move |source| Self::Query { part, model, source: Box::new(source) }
    }

    pub(crate) fn delta(
        action: &'static str,
        table: &TableName,
    ) -> impl FnOnce(deltalake::DeltaTableError) -> Self {
        let table = table.clone();
        move |source| Self::Lake {
            model: table.clone(),
            source: Box::new(LakeError::delta(action, &table)(source)),
        }
    }
}
