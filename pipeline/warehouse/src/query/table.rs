//! A table of the lake as a query scans it.

use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown, TableType};
use datafusion::physical_plan::ExecutionPlan;
use deltalake::delta_datafusion::DeltaScanNext;

/// A scan that leaves conditions without columns to the query.
///
/// delta-rs says of a condition that names no column that it has filtered by it exactly, and then
/// does not: `a = 1 and b = null`, where the engine makes `null` of the second half, would keep the
/// rows with `a = 1`.
#[derive(Debug)]
pub(super) struct LakeTable(pub(super) DeltaScanNext);

#[async_trait]
impl TableProvider for LakeTable {
    fn schema(&self) -> SchemaRef {
        self.0.schema()
    }

    fn table_type(&self) -> TableType {
        self.0.table_type()
    }

    async fn scan(
        &self,
        session: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        self.0.scan(session, projection, filters, limit).await
    }

    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> Result<Vec<TableProviderFilterPushDown>> {
        let mut supported = self.0.supports_filters_pushdown(filters)?;
        for (answer, filter) in supported.iter_mut().zip(filters) {
            if filter.column_refs().is_empty() {
                *answer = TableProviderFilterPushDown::Unsupported;
            }
        }
        Ok(supported)
    }
}
