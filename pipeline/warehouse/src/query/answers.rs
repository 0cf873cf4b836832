//! Queries over the answers of other queries.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;
use datafusion::common::ScalarValue;
use datafusion::datasource::MemTable;

use super::{QueryError, QueryScope};
use crate::lake::TableName;

impl QueryScope {
    /// This scope with `name` standing for rows in memory, instead of what it may stand for so far.
    ///
    /// The rows stay in memory as long as the scope does; whoever hands them over bounds them.
    pub fn with_rows(
        &self,
        name: TableName,
        schema: SchemaRef,
        rows: Vec<RecordBatch>,
    ) -> Result<Self, QueryError> {
        let table = MemTable::try_new(schema, vec![rows]).map_err(QueryError::plan)?;
        Ok(self.with_extra(name, Arc::new(table)))
    }

    /// This scope with `name` standing for a query, computed anew wherever it is read.
    pub async fn with_query(
        &self,
        name: TableName,
        sql: &str,
        parameters: Vec<(String, ScalarValue)>,
    ) -> Result<Self, QueryError> {
        let view = self.frame(sql, parameters).await?.into_view();
        Ok(self.with_extra(name, view))
    }

    fn with_extra(&self, name: TableName, table: Arc<dyn TableProvider>) -> Self {
        let mut extras = self.inner.extras.clone();
        extras.insert(name, table);
        self.with_extras(extras)
    }
}
