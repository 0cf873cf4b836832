//! What can go wrong when reading.

use datafusion::error::DataFusionError;

use crate::lake::LakeError;

/// A failure of a query.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// The statement would change something.
    #[error("only queries are allowed here, this statement would change something: {statement}")]
    NotAQuery {
        /// Its beginning.
        statement: String,
    },
    /// The statement does not make sense against the tables there are.
    #[error("cannot understand the query")]
    Plan {
        /// The error below.
        source: Box<DataFusionError>,
    },
    /// What is wanted of the answer names a column that it does not have.
    #[error("the answer has no column `{column}`; it has: {}", known.join(", "))]
    NoColumn {
        /// The column.
        column: String,
        /// Those there are.
        known: Vec<String>,
    },
    /// The query failed on its way.
    #[error("the query failed")]
    Run {
        /// The error below.
        source: Box<DataFusionError>,
    },
    /// The lake refused.
    #[error(transparent)]
    Lake(#[from] LakeError),
}

impl QueryError {
    pub(crate) fn plan(source: DataFusionError) -> Self {
        Self::Plan { source: Box::new(source) }
    }

    pub(crate) fn run(source: DataFusionError) -> Self {
        Self::Run { source: Box::new(source) }
    }
}
