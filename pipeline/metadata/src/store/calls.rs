//! One call of the database: its time limit, its error, and the one place that tells the databases apart.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures::TryStreamExt;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Postgres, Sqlite, Transaction, query_as_with, query_with, raw_sql};

use tokio::time::timeout;

use super::value::{Sql, Value, for_postgresql, for_sqlite, values};
use super::{Metadata, Pool};
use crate::error::{Cause, MetadataError};

/// A row that both databases can give.
pub(crate) trait Record:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}

impl<T> Record for T where
    T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}

/// Statements that become durable together, or not at all when this is dropped.
pub(crate) enum Work {
    Sqlite(Transaction<'static, Sqlite>),
    PostgreSql(Transaction<'static, Postgres>),
}

impl Metadata {
    /// Runs one statement; answers how many rows it concerned.
    pub(crate) async fn execute(
        &self,
        action: impl Into<String>,
        sql: impl Into<Sql>,
        values: Vec<Value>,
    ) -> Result<u64, MetadataError> {
        let sql = sql.into();
        self.within(action, async {
            Ok(match &self.pool {
                Pool::Sqlite(pool) => {
                    let query = query_with(sql.for_sqlite(), for_sqlite(values)?);
                    query.execute(pool).await?.rows_affected()
                }
                Pool::PostgreSql(pool) => {
                    let query = query_with(sql.for_postgresql(), for_postgresql(values)?);
                    query.execute(pool).await?.rows_affected()
                }
            })
        })
        .await
    }

    /// The rows of one statement.
    pub(crate) async fn rows<T: Record>(
        &self,
        action: impl Into<String>,
        sql: impl Into<Sql>,
        values: Vec<Value>,
    ) -> Result<Vec<T>, MetadataError> {
        let sql = sql.into();
        self.within(action, async {
            Ok(match &self.pool {
                Pool::Sqlite(pool) => {
                    query_as_with(sql.for_sqlite(), for_sqlite(values)?).fetch_all(pool).await?
                }
                Pool::PostgreSql(pool) => {
                    let query = query_as_with(sql.for_postgresql(), for_postgresql(values)?);
                    query.fetch_all(pool).await?
                }
            })
        })
        .await
    }

    /// The first row of one statement, if there is one.
    pub(crate) async fn row<T: Record>(
        &self,
        action: impl Into<String>,
        sql: impl Into<Sql>,
        values: Vec<Value>,
    ) -> Result<Option<T>, MetadataError> {
        let sql = sql.into();
        self.within(action, async {
            Ok(match &self.pool {
                Pool::Sqlite(pool) => {
                    query_as_with(sql.for_sqlite(), for_sqlite(values)?)
                        .fetch_optional(pool)
                        .await?
                }
                Pool::PostgreSql(pool) => {
                    let query = query_as_with(sql.for_postgresql(), for_postgresql(values)?);
                    query.fetch_optional(pool).await?
                }
            })
        })
        .await
    }

    /// The rows of one statement as what they stand for.
    pub(crate) async fn all<T: Record, U>(
        &self,
        action: impl Into<String>,
        sql: impl Into<Sql>,
        values: Vec<Value>,
        meaning: impl Fn(T) -> Result<U, Cause>,
    ) -> Result<Vec<U>, MetadataError> {
        let action = action.into();
        let rows = self.rows(action.clone(), sql, values).await?;
        let rows: Result<_, Cause> = rows.into_iter().map(meaning).collect();
        rows.map_err(|cause| self.failed(action, cause))
    }

    /// The first row of one statement as what it stands for.
    pub(crate) async fn one<T: Record, U>(
        &self,
        action: impl Into<String>,
        sql: impl Into<Sql>,
        values: Vec<Value>,
        meaning: impl Fn(T) -> Result<U, Cause>,
    ) -> Result<Option<U>, MetadataError> {
        let action = action.into();
        let row = self.row(action.clone(), sql, values).await?;
        row.map(meaning).transpose().map_err(|cause| self.failed(action, cause))
    }

    pub(crate) fn failed(&self, action: impl Into<String>, cause: Cause) -> MetadataError {
        MetadataError { action: action.into(), place: Arc::clone(&self.place), cause }
    }

    /// Runs statements of one transaction, which they end with [`Work::commit`].
    pub(crate) async fn within<T>(
        &self,
        action: impl Into<String>,
        calls: impl Future<Output = Result<T, Cause>>,
    ) -> Result<T, MetadataError> {
        let outcome = match timeout(self.call_timeout, calls).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Cause::TimedOut(self.call_timeout)),
        };
        outcome.map_err(|cause| self.failed(action, cause))
    }

    /// Begins a transaction that writes. SQLite takes its one write lock at once: a transaction that read first could
    /// not get it any more.
    pub(crate) async fn begin_work(&self) -> Result<Work, Cause> {
        Ok(match &self.pool {
            Pool::Sqlite(pool) => Work::Sqlite(pool.begin_with("begin immediate").await?),
            Pool::PostgreSql(pool) => Work::PostgreSql(pool.begin().await?),
        })
    }

    /// Begins a transaction that sees the store as it is now, whatever others write meanwhile.
    pub(crate) async fn begin_snapshot(&self) -> Result<Work, Cause> {
        Ok(match &self.pool {
            Pool::Sqlite(pool) => Work::Sqlite(pool.begin().await?),
            Pool::PostgreSql(pool) => {
                let begin = "begin isolation level repeatable read read only";
                Work::PostgreSql(pool.begin_with(begin).await?)
            }
        })
    }
}

impl Work {
    /// Runs one statement; answers how many rows it concerned.
    pub(crate) async fn execute(
        &mut self,
        sql: impl Into<Sql>,
        values: Vec<Value>,
    ) -> Result<u64, Cause> {
        let sql = sql.into();
        Ok(match self {
            Self::Sqlite(work) => {
                let query = query_with(sql.for_sqlite(), for_sqlite(values)?);
                query.execute(&mut **work).await?.rows_affected()
            }
            Self::PostgreSql(work) => {
                let query = query_with(sql.for_postgresql(), for_postgresql(values)?);
                query.execute(&mut **work).await?.rows_affected()
            }
        })
    }

    /// The rows of one statement.
    pub(crate) async fn rows<T: Record>(
        &mut self,
        sql: impl Into<Sql>,
        values: Vec<Value>,
    ) -> Result<Vec<T>, Cause> {
        let sql = sql.into();
        Ok(match self {
            Self::Sqlite(work) => {
                let query = query_as_with(sql.for_sqlite(), for_sqlite(values)?);
                query.fetch_all(&mut **work).await?
            }
            Self::PostgreSql(work) => {
                let query = query_as_with(sql.for_postgresql(), for_postgresql(values)?);
                query.fetch_all(&mut **work).await?
            }
        })
    }

    /// The first row of one statement, if there is one.
    pub(crate) async fn row<T: Record>(
        &mut self,
        sql: impl Into<Sql>,
        values: Vec<Value>,
    ) -> Result<Option<T>, Cause> {
        let sql = sql.into();
        Ok(match self {
            Self::Sqlite(work) => {
                let query = query_as_with(sql.for_sqlite(), for_sqlite(values)?);
                query.fetch_optional(&mut **work).await?
            }
            Self::PostgreSql(work) => {
                let query = query_as_with(sql.for_postgresql(), for_postgresql(values)?);
                query.fetch_optional(&mut **work).await?
            }
        })
    }

    /// Hands every row of one statement to `take`, never holding more than one; each has to come in time.
    pub(crate) async fn each_row<T: Record>(
        &mut self,
        sql: impl Into<Sql>,
        limit: Duration,
        mut take: impl FnMut(T) -> Result<(), Cause>,
    ) -> Result<(), Cause> {
        let sql = sql.into();
        let late = |_| Cause::TimedOut(limit);
        match self {
            Self::Sqlite(work) => {
                let query = query_as_with(sql.for_sqlite(), for_sqlite(vec![])?);
                let mut rows = query.fetch(&mut **work);
                while let Some(row) = timeout(limit, rows.try_next()).await.map_err(late)?? {
                    take(row)?;
                }
            }
            Self::PostgreSql(work) => {
                let query = query_as_with(sql.for_postgresql(), for_postgresql(vec![])?);
                let mut rows = query.fetch(&mut **work);
                while let Some(row) = timeout(limit, rows.try_next()).await.map_err(late)?? {
                    take(row)?;
                }
            }
        }
        Ok(())
    }

    /// Runs statements without values, one after the other.
    pub(crate) async fn script(&mut self, sql: impl Into<Sql>) -> Result<(), Cause> {
        let sql = sql.into();
        match self {
            Self::Sqlite(work) => {
                raw_sql(sql.for_sqlite()).execute(&mut **work).await?;
            }
            Self::PostgreSql(work) => {
                raw_sql(sql.for_postgresql()).execute(&mut **work).await?;
            }
        }
        Ok(())
    }

    /// Waits until no other transaction holds `what`. SQLite has one writer anyhow.
    pub(crate) async fn one_at_a_time(&mut self, what: &str) -> Result<(), Cause> {
        if let Self::PostgreSql(_) = self {
            self.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", values![what])
                .await?;
        }
        Ok(())
    }

    /// Makes everything durable.
    pub(crate) async fn commit(self) -> Result<(), Cause> {
        match self {
            Self::Sqlite(work) => work.commit().await?,
            Self::PostgreSql(work) => work.commit().await?,
        }
        Ok(())
    }
}
