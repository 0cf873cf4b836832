//! What a driver of one database product implements; everything else of reading is the same for all.

use std::time::Duration;

use arrow::record_batch::RecordBatch;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use yuanliu_contract::{DecodedRows, Result};

use crate::catalog::{Column, Stream};
use crate::dialect::Dialect;

/// A statement and the values of its parameters, in order. Values are texts that the statement
/// casts to the type of the column they are compared with, so that no precision is lost on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The text, with the dialect's placeholders.
    pub sql: String,
    /// One text for each placeholder.
    pub parameters: Vec<String>,
    /// What is being done to which object, lower case: `reading sales_order`.
    pub action: String,
}

/// The rows of one page.
#[derive(Debug, Clone)]
pub struct RowPage {
    /// Typed rows, and those that could not be typed.
    pub rows: DecodedRows,
    /// How many rows the server sent: `rows.batch` and `rows.rejects` together.
    pub received: usize,
    /// The exact texts of the last received row's marks (see [`PageRequest::marks_at`]); none if no row came.
    pub last: Option<Vec<Option<String>>>,
    /// How long the server held the statement open.
    pub took: Duration,
}

/// One page to read.
#[derive(Debug, Clone)]
pub struct PageRequest<'a> {
    /// The statement. Its select list is `columns` in order, followed by `marks` text columns.
    pub statement: Statement,
    /// What the columns are to become.
    pub columns: &'a [Column],
    /// How many text columns follow: exact values of change column and key, for the next page.
    pub marks: usize,
    /// Where in a row the exact values of change column and key stand, in the order the next page
    /// goes on in: a text column that follows, or a column itself where
    /// [`Dialect::is_its_mark`](crate::Dialect::is_its_mark) says that it tells as much.
    pub marks_at: Vec<usize>,
}

/// A column as the server describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribedColumn {
    /// Its name.
    pub name: String,
    /// The server's own type, with length and precision: `decimal(28,10)`, `nvarchar(60)`.
    pub data_type: String,
    /// The catalogue type it would be read as (`decimal(28,10)`, `text`); none: it cannot be read, and why.
    pub readable: std::result::Result<String, String>,
    /// Part of the primary key.
    pub is_key: bool,
    /// Whether it may hold null; true if the server does not say.
    pub is_nullable: bool,
    /// Can tell that a row changed: rowversion, times, identity.
    pub is_change_candidate: bool,
}

/// A table or view as the server describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribedTable {
    /// Quoted nowhere, with its schema: `dbo.SO_SOMain`.
    pub name: String,
    /// A comment on it, if the server keeps any.
    pub comment: Option<String>,
    /// About how many rows it has, if the login may know.
    pub rows: Option<u64>,
    /// Column names of each index, leading column first; used to say whether a keyset is supported.
    pub indexes: Vec<Vec<String>>,
    /// Its columns.
    pub columns: Vec<DescribedColumn>,
}

/// What change tracking says about deleted rows.
#[derive(Debug, Clone)]
pub struct Deletions {
    /// The version the answer reaches up to, to ask after next time.
    pub version: String,
    /// Keys of rows deleted since, in the order of the stream's key and named as in the lake; none
    /// if nothing was asked after or nothing was deleted.
    pub keys: Option<RecordBatch>,
    /// The source has forgotten what happened since: the stream is to be read anew.
    pub is_too_old: bool,
}

/// Who answered a login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Greeting {
    /// What the server calls its own version.
    pub version: String,
    /// The server's clock.
    pub now: DateTime<Utc>,
    /// Remarks for `systems check`: isolation, rights that are missing, TLS in use.
    pub notes: Vec<String>,
}

/// One configured database server (or file). Shared between tasks; every method may be called concurrently.
///
/// Methods return the first error with its kind and never retry. A statement that does not end within
/// the configured limit is an [`ErrorKind::Timeout`](yuanliu_contract::ErrorKind::Timeout), and its connection is closed.
#[async_trait]
pub trait Database: Send + Sync + 'static {
    /// How statements are written for this product.
    fn dialect(&self) -> &dyn Dialect;

    /// Logs in if need be; tells who is there.
    async fn greet(&self) -> Result<Greeting>;

    /// The upper fence of a change counter (rowversion): the greatest value below which every
    /// transaction has ended, as a mark text; none if the product has no such counter.
    async fn counter_fence(&self, database: Option<&str>) -> Result<Option<String>>;

    /// Rows deleted after a version, and the version now; without one only the latter. None if the
    /// product knows no change tracking. Called only for streams that ask for it.
    async fn deletions(
        &self,
        _database: Option<&str>,
        _stream: &Stream,
        _since: Option<&str>,
    ) -> Result<Option<Deletions>> {
        Ok(None)
    }

    /// Runs a page's statement and types its rows.
    async fn page(&self, request: PageRequest<'_>) -> Result<RowPage>;

    /// The columns of a table or of a query (`select …`), without reading rows.
    async fn describe(&self, database: Option<&str>, source: &str) -> Result<Vec<DescribedColumn>>;

    /// Tables and views this login can see, system objects left out; at most `tables_max`.
    async fn tables(
        &self,
        database: Option<&str>,
        tables_max: usize,
    ) -> Result<Vec<DescribedTable>>;

    /// Types payloads of rejected rows again (the JSON objects this driver made of them).
    fn decode(&self, columns: &[Column], payloads: &[String]) -> Result<DecodedRows>;
}
