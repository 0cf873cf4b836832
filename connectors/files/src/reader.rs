//! Pages out of a table's file: runs on a thread of its own and is held back by its receiver.

use std::collections::HashMap;
use std::ops::ControlFlow;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use tokio::sync::mpsc::Sender;
use xxhash_rust::xxh3::Xxh3;
use yuanliu_contract::{Cursor, Page, RejectedRow, Result};

use crate::batch::BatchBuilder;
use crate::catalog::Table;
use crate::config::FilesConfig;
use crate::decode::{BadRow, payload, type_row};
use crate::error::unfinished;
use crate::fingerprint::{self, Content, Stamp};
use crate::folder::{self, Format, TableFile};
use crate::header::Header;
use crate::position::{Position, Reading};
use crate::rows::{Cells, RowVisitor};

/// Rows of one file whose keys are compared; about 100 MiB. Beyond it the later of two rows wins.
const COMPARED_KEYS_MAX: usize = 3_500_000;

/// A page and the position after it.
pub(crate) type Message = Result<(Page, Position)>;

/// What a reading needs to know.
pub(crate) struct Assignment {
    pub(crate) table: &'static Table,
    pub(crate) config: FilesConfig,
    pub(crate) position: Position,
    pub(crate) now: DateTime<Utc>,
}

/// Sends the pages of the table's file, or nothing if it has not changed.
pub(crate) fn read(assignment: Assignment, pages: &Sender<Message>) {
    if let Err(error) = try_read(assignment, pages) {
        // Nobody listens any more if the run was given up.
        let _ = pages.blocking_send(Err(error));
    }
}

fn try_read(assignment: Assignment, pages: &Sender<Message>) -> Result<()> {
    let Assignment { table, config, position, now } = assignment;
    let Some(file) = folder::find(&config.folder, table)? else { return Ok(()) };
    let (bytes, modified_us) = fingerprint::glance(&file, config.file_bytes_max, now)?;
    let finished = position.finished.as_ref().filter(|stamp| stamp.name == file.name);
    if finished.is_some_and(|stamp| {
        modified_us.is_some() && stamp.bytes == bytes && stamp.modified_us == modified_us
    }) {
        return Ok(());
    }
    let (stamp, content) = fingerprint::fingerprint(&file, config.file_bytes_max, now)?;
    if finished.is_some_and(|finished| finished.hash == stamp.hash) && position.reading.is_none() {
        if finished == Some(&stamp) {
            return Ok(());
        }
        let mut batch = BatchBuilder::new(table);
        return send(pages, &mut batch, position.after(stamp)).map(drop);
    }
    let mut maker = PageMaker {
        table,
        zone: config.zone,
        file: &file.name,
        rows_done: position.rows_done(&stamp.hash),
        rows_seen: 0,
        header: Header { names: Vec::new(), slots: Vec::new() },
        lines_by_key: HashMap::new(),
        batch: BatchBuilder::new(table),
        position,
        hash: stamp.hash.clone(),
        pages,
        is_abandoned: false,
    };
    visit(&file, table, &config, content, &mut maker)?;
    if maker.is_abandoned {
        return Ok(());
    }
    let after = fingerprint::fingerprint(&file, config.file_bytes_max, now)?.0;
    if after.hash != stamp.hash {
        return Err(unfinished(&file.name, "it was changed while it was being read"));
    }
    maker.finish(stamp)
}

/// Hands the rows of a file to a visitor, whatever the file's form.
pub(crate) fn visit(
    file: &TableFile,
    table: &Table,
    config: &FilesConfig,
    content: Content,
    visitor: &mut dyn RowVisitor,
) -> Result<()> {
    match file.format {
        Format::Csv => crate::csv_file::visit(file, config.encoding, content, visitor),
        Format::Xlsx => crate::xlsx_file::visit(file, &table.name, visitor),
    }
}

fn send(
    pages: &Sender<Message>,
    batch: &mut BatchBuilder,
    position: Position,
) -> Result<ControlFlow<()>> {
    let page = Page::new(batch.take()?, Cursor::encode(&position)?);
    Ok(match pages.blocking_send(Ok((page, position))) {
        Ok(()) => ControlFlow::Continue(()),
        Err(_) => ControlFlow::Break(()),
    })
}

/// Types rows and sends a page whenever one is full.
struct PageMaker<'a> {
    table: &'static Table,
    zone: Tz,
    file: &'a str,
    /// Rows of this content that an earlier run delivered.
    rows_done: u64,
    rows_seen: u64,
    header: Header,
    /// The line of the first row with a key, by the key's hash.
    lines_by_key: HashMap<u64, u32>,
    batch: BatchBuilder,
    position: Position,
    hash: String,
    pages: &'a Sender<Message>,
    is_abandoned: bool,
}

impl PageMaker<'_> {
    fn finish(mut self, stamp: Stamp) -> Result<()> {
        send(self.pages, &mut self.batch, self.position.after(stamp)).map(drop)
    }

    /// The line of an earlier row with the same key.
    fn earlier_line(&mut self, line: u64, values: &[crate::cell::Value<'_>]) -> Option<u32> {
        let key = key_hash(self.table, values);
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        if let Some(earlier) = self.lines_by_key.get(&key) {
            return Some(*earlier);
        }
        if self.lines_by_key.len() < COMPARED_KEYS_MAX {
            self.lines_by_key.insert(key, line);
        }
        None
    }
}

/// Two keys of one file have the same hash by accident about once in a million files.
fn key_hash(table: &Table, values: &[crate::cell::Value<'_>]) -> u64 {
    use crate::cell::Value;
    let mut hasher = Xxh3::new();
    for (column, value) in table.columns.iter().zip(values) {
        if !table.key.contains(&column.0) {
            continue;
        }
        match value {
            Value::Null => hasher.update(&[0]),
            Value::Text(text) => {
                hasher.update(&(text.len() as u64 + 1).to_le_bytes());
                hasher.update(text.as_bytes());
            }
            Value::Decimal(n) => hasher.update(&n.to_le_bytes()),
            Value::Date(days) => hasher.update(&days.to_le_bytes()),
            Value::Instant(us) => hasher.update(&us.to_le_bytes()),
        }
    }
    hasher.digest()
}

impl RowVisitor for PageMaker<'_> {
    fn header(&mut self, cells: Cells<'_>) -> Result<ControlFlow<()>> {
        self.header = Header::parse(self.table, self.file, cells)?;
        Ok(ControlFlow::Continue(()))
    }

    fn row(&mut self, line: u64, cells: Cells<'_>) -> Result<ControlFlow<()>> {
        self.rows_seen += 1;
        let is_done = self.rows_seen <= self.rows_done;
        let header =
            std::mem::replace(&mut self.header, Header { names: Vec::new(), slots: Vec::new() });
        let typed = type_row(self.table, self.zone, &header, cells);
        let bad = match typed {
            Ok(values) => match self.earlier_line(line, &values) {
                None if is_done => None,
                None => {
                    self.batch.push(&values);
                    None
                }
                Some(earlier) => Some(BadRow {
                    reason: "duplicate_key",
                    message: format!("line {earlier} has the same key; keep one of the two"),
                    column: self.table.key.first().cloned().unwrap_or_default(),
                }),
            },
            Err(bad) => Some(bad),
        };
        if let Some(bad) = bad.filter(|_| !is_done) {
            let position = position_text(self.file, line, &bad.column);
            self.batch.reject(rejected(bad, payload(&header, cells), position));
        }
        self.header = header;
        if !self.batch.is_full() {
            return Ok(ControlFlow::Continue(()));
        }
        self.position.reading = Some(Reading { hash: self.hash.clone(), rows: self.rows_seen });
        let flow = send(self.pages, &mut self.batch, self.position.clone())?;
        self.is_abandoned = flow.is_break();
        Ok(flow)
    }
}

/// `product.csv:17:base_unit`, or `product.csv:17` if the whole row is meant.
pub(crate) fn position_text(file: &str, line: u64, column: &str) -> String {
    match column {
        "" => format!("{file}:{line}"),
        column => format!("{file}:{line}:{column}"),
    }
}

pub(crate) fn rejected(bad: BadRow, payload: String, position: String) -> RejectedRow {
    RejectedRow { reason: bad.reason, message: bad.message, payload, position }
}
