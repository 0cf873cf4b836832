//! Change Tracking (更改跟踪): which rows were deleted since a version.
//!
//! Versions count commits, so that a version taken before the question misses nothing. Source:
//! "Work with change tracking" of the vendor's documentation.

use arrow::record_batch::RecordBatch;
use chrono_tz::Tz;
use yuanliu_contract::{ConnectorError, ErrorKind, Result};
use yuanliu_sql_kit::{Column, Deletions, DescribedColumn, Dialect, Operand, Stream};

use crate::decode::RowDecoder;
use crate::dialect::TransactSql;
use crate::pool::Pool;
use crate::statement::{Call, run, text, texts};

/// The version now, and the oldest version that the table can still tell changes since.
const VERSIONS: &str = "select convert(varchar(20), change_tracking_current_version()), \
    convert(varchar(20), change_tracking_min_valid_version(object_id(@P1)))";

/// More deletions than this at once are found cheaper by reading the keys that are left.
const DELETIONS_MAX: usize = 1_000_000;

/// What a table's change tracking says about rows deleted after `since`.
pub(crate) async fn deletions(
    pool: &Pool,
    database: Option<&str>,
    stream: &Stream,
    described: &[DescribedColumn],
    since: Option<&str>,
    zone: Tz,
) -> Result<Option<Deletions>> {
    let Some(table) = &stream.table else {
        return Err(ConnectorError::new(ErrorKind::Config, format!("reading {}", stream.name))
            .with_detail("change tracking belongs to a table, not to a query")
            .with_hint("leave `deletes` out, or read the table itself"));
    };
    let action = format!("reading the change tracking of {table}");
    let versions = Versions::read(pool, database, table, &action).await?;
    let since = match since.map(str::parse::<i64>) {
        None => return Ok(Some(versions.answer(None, false))),
        // A version from another database, or from before a restore, is not one of this table.
        Some(Ok(since)) if since >= versions.oldest && since <= versions.now => since,
        Some(_) => return Ok(Some(versions.answer(None, true))),
    };
    let keys = deleted_keys(pool, database, stream, described, table, since, zone, &action).await?;
    // The clean-up may have run in between.
    let after = Versions::read(pool, database, table, &action).await?;
    match keys {
        Some(keys) if after.oldest <= since => {
            let keys = (keys.num_rows() > 0).then_some(keys);
            Ok(Some(versions.answer(keys, false)))
        }
        _ => Ok(Some(versions.answer(None, true))),
    }
}

struct Versions {
    now: i64,
    oldest: i64,
}

impl Versions {
    async fn read(pool: &Pool, database: Option<&str>, table: &str, action: &str) -> Result<Self> {
        let name = TransactSql.table(database, table);
        let call = Call { database, sql: VERSIONS, parameters: &[&name], action };
        let rows = texts(pool, &call, 1).await?;
        let version = |at| rows.first().and_then(|row| text(row, at).parse::<i64>().ok());
        match (version(0), version(1)) {
            (Some(now), Some(oldest)) => Ok(Self { now, oldest }),
            _ => Err(ConnectorError::new(ErrorKind::Config, action)
                .with_detail("change tracking is not enabled there, or this login may not see it")
                .with_hint(
                    "enable it on the database and the table and grant view change tracking (see \
                     the connector's README), or leave `deletes` out",
                )),
        }
    }

    fn answer(&self, keys: Option<RecordBatch>, is_too_old: bool) -> Deletions {
        Deletions { version: self.now.to_string(), keys, is_too_old }
    }
}

/// Keys of deleted rows; none if there are too many.
#[allow(clippy::too_many_arguments, reason = "one statement's parts")]
async fn deleted_keys(
    pool: &Pool,
    database: Option<&str>,
    stream: &Stream,
    described: &[DescribedColumn],
    table: &str,
    since: i64,
    zone: Tz,
    action: &str,
) -> Result<Option<RecordBatch>> {
    let columns: Vec<Column> =
        stream.key_indices().into_iter().filter_map(|at| stream.columns.get(at).cloned()).collect();
    let list: Vec<_> = columns.iter().map(|column| read(column, described)).collect();
    let sql = deleted_statement(&list, &TransactSql.table(database, table), since);
    let call = Call { database, sql: &sql, parameters: &[], action };
    let mut decoder = RowDecoder::new(&columns, &[], zone, 0)?;
    run(pool, &call, |row| {
        decoder.push(&row);
        Ok(())
    })
    .await?;
    if decoder.received() > DELETIONS_MAX {
        return Ok(None);
    }
    let rows = decoder.finish()?;
    match rows.rejects.first() {
        Some(reject) => Err(ConnectorError::new(ErrorKind::Malformed, action)
            .with_detail(format!("a deleted key cannot be typed: {}", reject.message))),
        None => Ok(Some(rows.batch)),
    }
}

/// A key column of the tracked changes, as it is read.
fn read(column: &Column, described: &[DescribedColumn]) -> String {
    let found = described.iter().find(|found| found.name.eq_ignore_ascii_case(&column.name));
    TransactSql.read(&Operand {
        sql: format!("ct.{}", TransactSql.quote(&column.name)),
        kind: column.kind,
        server_type: found.map(|found| found.data_type.clone()),
        is_nullable: false,
    })
}

fn deleted_statement(list: &[String], table: &str, since: i64) -> String {
    format!(
        "select top ({limit}) {list} from changetable(changes {table}, {since}) as ct \
         where ct.sys_change_operation = 'D'",
        limit = DELETIONS_MAX + 1,
        list = list.join(", "),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_keys_of_deleted_rows_are_asked_for() {
        assert_eq!(
            deleted_statement(&["ct.[ID]".to_owned()], "[dbo].[t]", 42),
            "select top (1000001) ct.[ID] from changetable(changes [dbo].[t], 42) as ct \
             where ct.sys_change_operation = 'D'"
        );
    }
}
