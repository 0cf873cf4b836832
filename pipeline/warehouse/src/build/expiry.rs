//! When time alone changes a model.

use chrono::{DateTime, Utc};
use futures::TryStreamExt;

use arrow::array::{Array, AsArray};
use arrow::compute::cast;
use arrow::datatypes::TimestampMicrosecondType;

use super::BuildError;
use crate::graph::Model;
use crate::lake::{LakeError, instant};
use crate::query::{QueryError, QueryScope};

/// The instant that the model's `expires` query yields, none if it yields none.
pub(crate) async fn expires(
    scope: &QueryScope,
    model: &Model,
    sql: &str,
) -> Result<Option<DateTime<Utc>>, BuildError> {
    let failed = || BuildError::query("expires", &model.name);
    let rows = scope.query(sql, Vec::new()).await.map_err(failed())?;
    let batches: Vec<_> = rows.try_collect().await.map_err(QueryError::run).map_err(failed())?;
    let Some(batch) = batches.iter().find(|batch| batch.num_rows() > 0) else { return Ok(None) };
    let column = cast(batch.column(0), &instant()).map_err(|error| {
        BuildError::lake(&model.name)(LakeError::arrow("read the expiry of", &model.name)(error))
    })?;
    let instants = column.as_primitive::<TimestampMicrosecondType>();
    let first = instants.is_valid(0).then(|| instants.value(0));
    Ok(first.and_then(DateTime::from_timestamp_micros))
}
