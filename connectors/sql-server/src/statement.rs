//! Runs one statement within the limit, from its text to the last row.

use futures::TryStreamExt;
use tiberius::{ColumnData, Query, QueryItem};
use tokio::time::timeout;
use yuanliu_contract::{ConnectorError, Result};

use crate::connect::too_long;
use crate::decode::text_of;
use crate::error::explain;
use crate::pool::Pool;

/// A row of a catalogue query, every value as text.
pub(crate) type TextRow = Vec<Option<String>>;

/// A statement with its parameters.
pub(crate) struct Call<'a> {
    pub(crate) database: Option<&'a str>,
    pub(crate) sql: &'a str,
    pub(crate) parameters: &'a [&'a str],
    pub(crate) action: &'a str,
}

/// Runs a statement and hands each row to `take`; gives its first result's column types.
pub(crate) async fn run(
    pool: &Pool,
    call: &Call<'_>,
    mut take: impl FnMut(Vec<ColumnData<'static>>) -> Result<()>,
) -> Result<Vec<tiberius::Column>> {
    let mut lease = pool.lease(call.database).await?;
    let limit = pool.config.statement_limit;
    let reading = async {
        let failed = |error| explain(call.action, error);
        let mut query = Query::new(call.sql);
        for parameter in call.parameters {
            query.bind(*parameter);
        }
        let mut answer = query.query(lease.connection()?).await.map_err(failed)?;
        let mut columns = Vec::new();
        while let Some(item) = answer.try_next().await.map_err(failed)? {
            match item {
                QueryItem::Row(row) => take(row.into_iter().collect())?,
                QueryItem::Metadata(metadata) => columns = metadata.columns().to_vec(),
            }
        }
        Ok::<_, ConnectorError>(columns)
    };
    let columns = timeout(limit, reading).await.map_err(|_| too_long(call.action, limit))??;
    lease.give_back();
    Ok(columns)
}

/// Runs a statement of few rows, at most `rows_max` of which are kept.
pub(crate) async fn texts(pool: &Pool, call: &Call<'_>, rows_max: usize) -> Result<Vec<TextRow>> {
    let mut rows = Vec::new();
    run(pool, call, |row| {
        if rows.len() < rows_max {
            rows.push(row.iter().map(text_of).collect());
        }
        Ok(())
    })
    .await?;
    Ok(rows)
}

/// A text of a row; empty if it is null.
pub(crate) fn text(row: &TextRow, at: usize) -> &str {
    row.get(at).and_then(Option::as_deref).unwrap_or_default()
}

/// A whole number of a row; 0 if it is null.
pub(crate) fn number(row: &TextRow, at: usize) -> i64 {
    text(row, at).parse().unwrap_or_default()
}
