//! The driver.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::{Buf, Bytes, BytesMut};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use futures::StreamExt;
use sqlx::{AssertSqlSafe, Column as _, Executor, Row, SqlSafeStr, Statement as _, TypeInfo};
use yuanliu_contract::{ConnectorError, DecodedRows, ErrorKind, Result};
use yuanliu_sql_kit::{
    Column, Database, DescribedColumn, DescribedTable, Dialect, Greeting, PageRequest, RowBuilder,
    RowPage, payload,
};

use crate::describe;
use crate::dialect::PgDialect;
use crate::session::{Failure, Sessions};
use crate::wire::{self, SIGNATURE, WireType};

/// Rows a page makes room for before the first one has come.
const ROWS_TYPICAL: usize = 20_000;

pub(crate) struct PgDatabase {
    pub(crate) sessions: Sessions,
    pub(crate) time_zone: Tz,
}

#[async_trait]
impl Database for PgDatabase {
    fn dialect(&self) -> &dyn Dialect {
        &PgDialect
    }

    async fn greet(&self) -> Result<Greeting> {
        let sql = "select version(), clock_timestamp(), pg_is_in_recovery()";
        let row = self
            .sessions
            .with("logging in", async |session| Ok(session.fetch_one(sqlx::raw_sql(sql)).await?));
        let row = row.await?;
        let read = |error| crate::error::explain("logging in", error);
        let mut notes = Vec::new();
        if row.try_get::<bool, _>(2).map_err(read)? {
            notes.push("reads from a standby, which may lag behind".to_owned());
        }
        Ok(Greeting {
            version: row.try_get(0).map_err(read)?,
            now: row.try_get::<DateTime<Utc>, _>(1).map_err(read)?,
            notes,
        })
    }

    async fn counter_fence(&self, _database: Option<&str>) -> Result<Option<String>> {
        Ok(None)
    }

    async fn page(&self, request: PageRequest<'_>) -> Result<RowPage> {
        let PageRequest { statement, columns, marks, marks_at } = request;
        let (zone, action) = (self.time_zone, statement.action.as_str());
        self.sessions
            .with(action, async |session| {
                let started = Instant::now();
                let sql = statement.sql.as_str();
                let described = session.prepare(AssertSqlSafe(sql).into_sql_str()).await?;
                let types = types(columns, described.columns(), action)?;
                let copy = format!("copy ({sql}) to stdout (format binary)");
                let mut stream = session.copy_out_raw(&copy).await?;
                let shape = Shape { columns, types: &types, marks, marks_at: &marks_at };
                let mut page = PageReader::new(shape, zone, action)?;
                while let Some(chunk) = stream.next().await {
                    page.read(chunk?)?;
                }
                Ok(page.finish(started.elapsed())?)
            })
            .await
    }

    async fn describe(&self, _: Option<&str>, source: &str) -> Result<Vec<DescribedColumn>> {
        describe::source(&self.sessions, source).await
    }

    async fn tables(&self, _: Option<&str>, tables_max: usize) -> Result<Vec<DescribedTable>> {
        describe::tables(&self.sessions, tables_max).await
    }

    fn decode(&self, columns: &[Column], payloads: &[String]) -> Result<DecodedRows> {
        payload::decode(columns, self.time_zone, payloads)
    }
}

fn types(
    columns: &[Column],
    described: &[sqlx::postgres::PgColumn],
    action: &str,
) -> std::result::Result<Vec<WireType>, Failure> {
    let mut types = Vec::with_capacity(columns.len());
    for (column, described) in columns.iter().zip(described) {
        let name = described.type_info().name();
        types.push(WireType::named(name).ok_or_else(|| {
            ConnectorError::new(ErrorKind::Config, action)
                .with_detail(format!("column {} is {name}, which cannot be read", column.name))
                .with_hint("give an expr that casts it, for instance to text")
        })?);
    }
    Ok(types)
}

/// What a tuple consists of: columns, then text columns that are marks and nothing else.
#[derive(Clone, Copy)]
struct Shape<'a> {
    columns: &'a [Column],
    types: &'a [WireType],
    marks: usize,
    marks_at: &'a [usize],
}

impl Shape<'_> {
    /// The exact texts of a tuple's marks.
    fn marks_of(&self, tuple: &[u8]) -> Vec<Option<String>> {
        let fields: Vec<_> = Fields(tuple.get(2..).unwrap_or_default()).collect();
        let text = |at: &usize| {
            let bytes = fields.get(*at).copied().flatten()?;
            Some(match self.columns.get(*at).zip(self.types.get(*at)) {
                Some((column, wire)) => wire::render(*wire, column.kind, bytes),
                None => String::from_utf8_lossy(bytes).into_owned(),
            })
        };
        self.marks_at.iter().map(text).collect()
    }
}

/// Reads tuples out of COPY's chunks: one tuple a chunk, as servers send them, or cut anywhere.
struct PageReader<'a> {
    shape: Shape<'a>,
    zone: Tz,
    action: &'a str,
    rows: RowBuilder<'a>,
    has_header: bool,
    /// What is left of a tuple that a chunk cut.
    rest: BytesMut,
    /// The last tuple, for its marks.
    last: Option<Bytes>,
}

impl<'a> PageReader<'a> {
    fn new(shape: Shape<'a>, zone: Tz, action: &'a str) -> Result<Self> {
        let rows = RowBuilder::new(shape.columns, ROWS_TYPICAL)?;
        let rest = BytesMut::new();
        Ok(Self { shape, zone, action, rows, has_header: false, rest, last: None })
    }

    fn read(&mut self, chunk: Bytes) -> Result<()> {
        let mut data = chunk;
        if !self.rest.is_empty() {
            self.rest.extend_from_slice(&data);
            data = std::mem::take(&mut self.rest).freeze();
        }
        if !self.has_header {
            if data.len() < 19 {
                self.rest.extend_from_slice(&data);
                return Ok(());
            }
            if !data.starts_with(SIGNATURE) {
                return Err(self.malformed("the answer does not start as COPY does"));
            }
            let mut head = data.slice(15..19);
            let extension = usize::try_from(head.get_u32()).unwrap_or(usize::MAX);
            data.advance((19_usize.saturating_add(extension)).min(data.len()));
            self.has_header = true;
        }
        while !data.is_empty() {
            if data.starts_with(&[0xff, 0xff]) {
                return Ok(());
            }
            let Some(length) = self.tuple_length(&data)? else {
                self.rest.extend_from_slice(&data);
                return Ok(());
            };
            let tuple = data.split_to(length);
            self.tuple(&tuple)?;
            self.last = Some(tuple);
        }
        Ok(())
    }

    /// How long the tuple is that data starts with; none if it is cut.
    fn tuple_length(&self, data: &[u8]) -> Result<Option<usize>> {
        let Some((count, _)) = data.split_first_chunk::<2>() else { return Ok(None) };
        let wanted = self.shape.columns.len() + self.shape.marks;
        if usize::from(u16::from_be_bytes(*count)) != wanted {
            return Err(self.malformed("a row has another number of columns than was asked for"));
        }
        let mut at = 2_usize;
        for _ in 0..wanted {
            let Some((length, _)) = data.get(at..).and_then(<[u8]>::split_first_chunk::<4>) else {
                return Ok(None);
            };
            let length = i32::from_be_bytes(*length).max(0);
            at = at.saturating_add(4).saturating_add(usize::try_from(length).unwrap_or(usize::MAX));
        }
        Ok((at <= data.len()).then_some(at))
    }

    fn tuple(&mut self, tuple: &[u8]) -> Result<()> {
        let mut fields = Fields(tuple.get(2..).unwrap_or_default());
        let shape = self.shape;
        for (column, wire) in shape.columns.iter().zip(shape.types) {
            let field = fields.next();
            self.rows.push(wire::cell(*wire, column, self.zone, field.flatten()));
        }
        let Shape { columns, types, .. } = shape;
        self.rows.end(
            || {
                let fields = Fields(tuple.get(2..).unwrap_or_default());
                let texts: Vec<_> = columns
                    .iter()
                    .zip(types)
                    .zip(fields)
                    .map(|((column, wire), field)| {
                        field.map(|bytes| wire::render(*wire, column.kind, bytes))
                    })
                    .collect();
                payload::encode(columns, texts.iter().map(Option::as_deref))
            },
            || {
                let marks = shape.marks_of(tuple);
                payload::position(marks.iter().map(Option::as_deref))
            },
        );
        Ok(())
    }

    fn finish(self, took: Duration) -> Result<RowPage> {
        if !self.rest.is_empty() {
            return Err(self.malformed("the answer ends in the middle of a row"));
        }
        let received = self.rows.len();
        let last = self.last.as_ref().map(|tuple| self.shape.marks_of(tuple));
        Ok(RowPage { rows: self.rows.finish()?, received, last, took })
    }

    fn malformed(&self, detail: &str) -> ConnectorError {
        ConnectorError::new(ErrorKind::Malformed, self.action).with_detail(detail)
    }
}

/// The fields of a tuple whose length has been checked.
struct Fields<'a>(&'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = Option<&'a [u8]>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let (length, rest) = self.0.split_first_chunk::<4>()?;
        let Ok(length) = usize::try_from(i32::from_be_bytes(*length)) else {
            self.0 = rest;
            return Some(None);
        };
        let (field, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some(Some(field))
    }
}
