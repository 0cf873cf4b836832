//! Reads a stream in keyset pages.
//!
//! A run is a few passes over each database: what is left of the pass the cursor stands in, then
//! either all rows by key (`load`) or the rows changed since (`window`) and those without a change
//! value (`null`). Rows that change while a pass reads move beyond its fence and wait for the next run.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::max;
use arrow::datatypes::TimestampMicrosecondType;
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use yuanliu_contract::{
    ConnectorError, Cursor, DecodedRows, ErrorKind, Page, ReadRange, Result, Source,
};

use crate::account::Account;
use crate::catalog::{Column, DATABASE_COLUMN, Deletes, Stream};
use crate::column_type::ColumnType;
use crate::database::{Database, RowPage};
use crate::plan::StreamPlan;
use crate::position::{Part, PassKind, Position};
use crate::query::{self, Pass};

/// A page that held a statement open for longer halves the next, so that none nears a second.
const PAGE_SLOW: Duration = Duration::from_millis(700);

/// A page that took less doubles the next, up to what is configured.
const PAGE_FAST: Duration = Duration::from_millis(200);

/// An opened stream.
pub(crate) struct SqlSource<D> {
    account: Arc<Account<D>>,
    stream: Arc<Stream>,
    range: ReadRange,
    position: Position,
    /// Databases that are still to be read; the first one is being read.
    databases: VecDeque<String>,
    current: Option<Current>,
    page_rows: usize,
}

/// The database being read.
struct Current {
    plan: Arc<StreamPlan>,
    /// The pass being read, its bounds taken.
    pass: Option<Pass>,
    waiting: VecDeque<PassKind>,
    newest: Option<DateTime<Utc>>,
    deletions: Option<String>,
    /// A page of deletions that is to go first.
    deleted: Option<RecordBatch>,
}

impl<D: Database> SqlSource<D> {
    /// Opens a stream after a cursor; contacts nothing.
    pub(crate) fn open(
        account: Arc<Account<D>>,
        stream: Arc<Stream>,
        cursor: Option<&Cursor>,
        range: &ReadRange,
    ) -> Result<Self> {
        let is_range = range.changed_from.is_some() || range.changed_to.is_some();
        let change = stream.change_index().and_then(|at| stream.columns.get(at));
        if is_range && !change.is_some_and(|column| column.kind.is_time()) {
            let action = format!("reading a range of {}", stream.name);
            return Err(ConnectorError::new(ErrorKind::Config, action)
                .with_detail("it has no change column of type datetime or instant")
                .with_hint("read it whole with --full"));
        }
        let position = cursor.map(|cursor| Position::decode(cursor, stream.key.len()));
        let position = position.transpose()?.unwrap_or_else(Position::start);
        let databases = account.databases_of(&stream).into();
        let (page_rows, range) = (account.page_rows, range.clone());
        Ok(Self { account, stream, range, position, databases, current: None, page_rows })
    }

    async fn begin(&mut self, name: &str) -> Result<Current> {
        let plan = self.account.plan(&self.stream, name).await?;
        let part = self.position.databases.get(name).cloned();
        let mut current = Current {
            plan,
            pass: None,
            waiting: VecDeque::new(),
            newest: part.as_ref().and_then(|part| part.newest),
            deletions: part.as_ref().and_then(|part| part.deletions.clone()),
            deleted: None,
        };
        if current.plan.is_absent {
            return Ok(current);
        }
        let is_range = self.range.changed_from.is_some() || self.range.changed_to.is_some();
        if self.range.keys_only {
            current.resume(part, &[PassKind::Keys], [PassKind::Keys]);
        } else if is_range {
            current.waiting.push_back(PassKind::Range);
        } else {
            let part = self.ask_deletions(&mut current, name, part).await?;
            self.queue(&mut current, part);
        }
        Ok(current)
    }

    fn queue(&self, current: &mut Current, part: Option<Part>) {
        let kinds = [PassKind::Load, PassKind::Window, PassKind::Null];
        let part = part.filter(|part| kinds.contains(&part.pass));
        let Some(change) = current.plan.change().cloned() else {
            current.resume(part, &kinds, [PassKind::Load]);
            return;
        };
        if part.is_none() {
            current.waiting.push_back(PassKind::Load);
            return;
        }
        current.resume(part, &kinds, [PassKind::Window]);
        if change.is_nullable && change.kind != ColumnType::Rowversion {
            current.waiting.push_back(PassKind::Null);
        }
    }

    async fn ask_deletions(
        &self,
        current: &mut Current,
        name: &str,
        part: Option<Part>,
    ) -> Result<Option<Part>> {
        if self.stream.deletes == Deletes::None {
            return Ok(part);
        }
        self.account.seams.budget.acquire().await;
        let since = current.deletions.as_deref();
        let answer = self.account.database.deletions(named(name), &self.stream, since).await?;
        let Some(answer) = answer else { return Ok(part) };
        current.deletions = Some(answer.version);
        if answer.is_too_old {
            current.newest = None;
            return Ok(None);
        }
        current.deleted = answer.keys.filter(|keys| keys.num_rows() > 0 && part.is_some());
        Ok(part)
    }

    /// The pass with its bounds, which are taken when it starts.
    async fn bounded(&self, current: &Current, name: &str, kind: PassKind) -> Result<Option<Pass>> {
        let mut pass = Pass { kind, low: None, fence: None, after: None };
        let Some(change) = current.plan.change() else { return Ok(Some(pass)) };
        let zone = self.account.time_zone;
        let dialect = self.account.database.dialect();
        let part = self.position.databases.get(name);
        match kind {
            PassKind::Keys => {}
            // Carries the counter's fence on, so that the next window starts there.
            PassKind::Null => pass.fence = part.and_then(|part| part.fence.clone()),
            PassKind::Range => {
                let fence = self.fence_time(name).await?;
                let to = self.range.changed_to.map_or(fence, |to| to.min(fence));
                let from = self.range.changed_from;
                pass.low = from.map(|from| dialect.time_from(change, from, zone));
                pass.fence = Some(dialect.time_to(change, to, zone));
            }
            PassKind::Load | PassKind::Window if change.kind.is_time() => {
                let fence = self.fence_time(name).await?;
                pass.fence = Some(dialect.time_to(change, fence, zone));
                if kind == PassKind::Window {
                    let look_back = TimeDelta::from_std(self.range.look_back);
                    let look_back = look_back.unwrap_or(TimeDelta::MAX);
                    let start = current.newest.and_then(|t| t.checked_sub_signed(look_back));
                    pass.low = start.map(|start| dialect.time_from(change, start, zone));
                }
            }
            PassKind::Load | PassKind::Window => {
                pass.fence = self.fence_counter(current, name).await?;
                if kind == PassKind::Window {
                    pass.low = part.and_then(|part| part.fence.clone());
                }
                if pass.fence.is_none() && kind == PassKind::Window {
                    return Ok(None);
                }
            }
        }
        Ok(Some(pass))
    }

    async fn fence_time(&self, name: &str) -> Result<DateTime<Utc>> {
        let now = self.account.source_now(named(name)).await?;
        let lag = TimeDelta::from_std(self.range.safety_lag).unwrap_or(TimeDelta::MAX);
        Ok(now.checked_sub_signed(lag).unwrap_or(DateTime::UNIX_EPOCH))
    }

    async fn fence_counter(&self, current: &Current, name: &str) -> Result<Option<String>> {
        let database = &self.account.database;
        let kind = current.plan.change().map(|change| change.kind);
        self.account.seams.budget.acquire().await;
        if kind == Some(ColumnType::Rowversion) {
            return database.counter_fence(named(name)).await;
        }
        match query::newest(database.dialect(), &current.plan) {
            Some(request) => {
                let last = database.page(request).await?.last;
                Ok(last.and_then(|marks| marks.into_iter().next().flatten()))
            }
            None => Ok(None),
        }
    }

    async fn read_page(&mut self, name: &str, pass: &Pass) -> Result<Option<Page>> {
        let Some(current) = &self.current else { return Ok(None) };
        let plan = current.plan.clone();
        let columns = match pass.kind {
            PassKind::Keys => key_columns(&self.stream),
            _ => plan.asked_columns(),
        };
        let database = &self.account.database;
        let request = query::page(database.dialect(), &plan, pass, &columns, self.page_rows);
        self.account.seams.budget.acquire().await;
        let page = match database.page(request).await {
            Ok(page) => page,
            Err(error) => {
                self.account.forget(&self.stream, name, &error);
                return Err(error);
            }
        };
        let RowPage { rows, received, last, took } = page;
        let Some(marks) = last.filter(|_| received > 0) else { return Ok(None) };
        if pass.after.as_ref() == Some(&marks) {
            let action = format!("reading {}", self.stream.name);
            return Err(ConnectorError::new(ErrorKind::Malformed, action)
                .with_detail("the page did not come further than the one before")
                .with_hint("the key must name one row only; add columns to it"));
        }
        let rows = finish(&plan, rows)?;
        let newest = current.newest.max(newest_of(&self.stream, &rows.batch));
        let part = Part {
            pass: pass.kind,
            low: pass.low.clone(),
            fence: pass.fence.clone(),
            after: marks.clone(),
            newest,
            deletions: current.deletions.clone(),
        };
        let mut position = self.position.clone();
        position.databases.insert(name.to_owned(), part);
        let cursor = Cursor::encode(&position)?;
        // Nothing can fail from here on: the same page would be asked for again.
        self.position = position;
        self.adapt(took);
        if let Some(current) = &mut self.current {
            current.newest = newest;
            current.pass = Some(Pass { after: Some(marks), ..pass.clone() });
        }
        Ok(Some(Page::new(rows, cursor)))
    }

    fn adapt(&mut self, took: Duration) {
        if took > PAGE_SLOW {
            self.page_rows = (self.page_rows / 2).max(1);
        } else if took < PAGE_FAST {
            self.page_rows = self.page_rows.saturating_mul(2).min(self.account.page_rows);
        }
    }

    /// The page of keys that change tracking reports as deleted, if one is due.
    fn deletions_page(&mut self, name: &str) -> Result<Option<Page>> {
        let Some(current) = &mut self.current else { return Ok(None) };
        let Some(keys) = current.deleted.take() else { return Ok(None) };
        let keys = current.plan.assemble(&keys)?;
        let schema = keys.schema();
        let named = |key: &String| schema.index_of(key).ok();
        let at: Vec<_> = self.stream.spec().key.iter().filter_map(named).collect();
        let deleted = keys.project(&at).map_err(crate::rows::broken)?;
        if let Some(part) = self.position.databases.get_mut(name) {
            part.deletions = current.deletions.clone();
        }
        let batch = RecordBatch::new_empty(self.stream.schema());
        let rows = DecodedRows { batch, rejects: Vec::new() };
        let cursor = Cursor::encode(&self.position)?;
        Ok(Some(Page { rows, cursor, deleted: Some(deleted) }))
    }

    async fn next(&mut self) -> Result<Option<Page>> {
        while let Some(name) = self.databases.front().cloned() {
            if self.current.is_none() {
                self.current = Some(self.begin(&name).await?);
            }
            if let Some(page) = self.deletions_page(&name)? {
                return Ok(Some(page));
            }
            while let Some(current) = &self.current {
                let pass = match (&current.pass, current.waiting.front()) {
                    (Some(pass), _) => pass.clone(),
                    (None, Some(kind)) => match self.bounded(current, &name, *kind).await? {
                        Some(pass) => pass,
                        None => {
                            self.end_pass(true);
                            continue;
                        }
                    },
                    (None, None) => break,
                };
                if let Some(current) = &mut self.current
                    && current.pass.is_none()
                {
                    current.waiting.pop_front();
                    current.pass = Some(pass.clone());
                }
                match self.read_page(&name, &pass).await? {
                    Some(page) => return Ok(Some(page)),
                    None => self.end_pass(false),
                }
            }
            self.databases.pop_front();
            self.current = None;
        }
        Ok(None)
    }

    fn end_pass(&mut self, is_skipped: bool) {
        if let Some(current) = &mut self.current {
            current.pass = None;
            if is_skipped {
                current.waiting.pop_front();
            }
        }
    }
}

impl Current {
    /// Goes on with the pass a position stands in, if it is one of these, and then with others.
    fn resume(
        &mut self,
        part: Option<Part>,
        kinds: &[PassKind],
        then: impl IntoIterator<Item = PassKind>,
    ) {
        self.pass = part.filter(|part| kinds.contains(&part.pass)).map(|part| Pass {
            kind: part.pass,
            low: part.low,
            fence: part.fence,
            after: Some(part.after),
        });
        self.waiting.extend(then);
    }
}

#[async_trait]
impl<D: Database> Source for SqlSource<D> {
    async fn next_page(&mut self) -> Result<Option<Page>> {
        self.next().await
    }
}

fn named(name: &str) -> Option<&str> {
    Some(name).filter(|name| !name.is_empty())
}

fn key_columns(stream: &Stream) -> Vec<Column> {
    stream.key_indices().iter().filter_map(|at| stream.columns.get(*at).cloned()).collect()
}

/// Brings rows into the stream's schema and notes the database in the payloads of rejects.
pub(crate) fn finish(plan: &StreamPlan, rows: DecodedRows) -> Result<DecodedRows> {
    let batch = plan.assemble(&rows.batch)?;
    let mut rejects = rows.rejects;
    if plan.stream.has_database_column {
        for reject in &mut rejects {
            let parsed = serde_json::from_str::<serde_json::Map<_, _>>(&reject.payload);
            if let Ok(mut object) = parsed {
                let name = plan.database.clone().unwrap_or_default();
                object.insert(DATABASE_COLUMN.to_owned(), serde_json::Value::from(name));
                reject.payload = serde_json::Value::Object(object).to_string();
            }
        }
    }
    Ok(DecodedRows { batch, rejects })
}

fn newest_of(stream: &Stream, batch: &RecordBatch) -> Option<DateTime<Utc>> {
    let column = stream.columns.get(stream.change_index()?)?;
    let values = batch.column_by_name(column.lake_name())?;
    let times = values.as_primitive_opt::<TimestampMicrosecondType>()?;
    (times.len() > times.null_count())
        .then(|| max(times))
        .flatten()
        .and_then(DateTime::from_timestamp_micros)
}
