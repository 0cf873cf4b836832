//! Findings: the rows of audits, which are kept as tables like models are.

use arrow::compute::concat_batches;
use futures::TryStreamExt;

use super::{AuditReport, BuildError, ModelReport};
use crate::graph::Model;
use crate::lake::TableName;
use crate::query::{QueryError, QueryScope};

/// How many findings a report shows.
const SAMPLE_ROWS_MAX: usize = 10;

/// The table whose grain an audit checks, none for other audits.
pub(super) fn checked(audit: &Model) -> Option<&TableName> {
    if !audit.is_grain_check() {
        return None;
    }
    audit.reads.first()
}

pub(super) async fn report(
    scope: &QueryScope,
    built: &ModelReport,
) -> Result<AuditReport, BuildError> {
    let name = &built.name;
    let sample = match built.rows {
        0 => None,
        _ => {
            let failed = || BuildError::query("sample", name);
            let sql = format!(
                "select * from {}.\"{}\" limit {SAMPLE_ROWS_MAX}",
                name.schema(),
                name.table()
            );
            let rows = scope.query(&sql, Vec::new()).await.map_err(failed())?;
            let schema = rows.schema();
            let batches: Vec<_> =
                rows.try_collect().await.map_err(QueryError::run).map_err(failed())?;
            let sample = concat_batches(&schema, &batches);
            Some(sample.map_err(|error| BuildError::rows(name)(error.into()))?)
        }
    };
    Ok(AuditReport { name: name.clone(), rows: built.rows, sample })
}
