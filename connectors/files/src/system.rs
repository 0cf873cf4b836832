//! One configured folder.

use std::ops::ControlFlow;
use std::sync::Arc;

use async_trait::async_trait;
use yuanliu_contract::{
    CheckReport, Clock, ConnectorError, Cursor, DecodedRows, DiscoveredField, DiscoveredObject,
    ErrorKind, Preview, ReadRange, Result, Source, StreamSpec, System,
};

use crate::batch::{BATCH_BYTES_MAX, BATCH_ROWS_MAX, BatchBuilder};
use crate::catalog::{self, Column, Table};
use crate::config::FilesConfig;
use crate::decode::{BadRow, payload, type_row, unpack};
use crate::fingerprint;
use crate::folder::{self, TableFile};
use crate::header::{Header, Slot};
use crate::position::Position;
use crate::reader::{position_text, rejected, visit};
use crate::rows::{Cells, RowVisitor};
use crate::source::FilesSource;

/// A folder of canonical files.
#[derive(Clone)]
pub(crate) struct FilesSystem {
    config: FilesConfig,
    clock: Arc<dyn Clock>,
}

impl FilesSystem {
    pub(crate) fn new(config: FilesConfig, clock: Arc<dyn Clock>) -> Self {
        Self { config, clock }
    }

    /// Runs file work away from the threads that serve other systems.
    async fn blocking<T: Send + 'static>(
        &self,
        doing: &str,
        work: impl FnOnce(Self) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let system = self.clone();
        let ended = tokio::task::spawn_blocking(move || work(system)).await;
        ended
            .map_err(|source| ConnectorError::new(ErrorKind::Internal, doing).with_source(source))?
    }

    /// The first rows of a file: header, then up to `rows_max` rows.
    fn sample(&self, file: &TableFile, table: &'static Table, rows_max: usize) -> Result<Sample> {
        let now = self.clock.now();
        let (_, content) = fingerprint::fingerprint(file, self.config.file_bytes_max, now)?;
        let mut sampler = Sampler {
            table,
            zone: self.config.zone,
            file: &file.name,
            rows_max,
            raw: Vec::new(),
            header: None,
            batch: BatchBuilder::new(table),
            bytes: 0,
        };
        visit(file, table, &self.config, content, &mut sampler)?;
        let Sampler { raw, header, mut batch, .. } = sampler;
        let header = header.unwrap_or(Header { names: Vec::new(), slots: Vec::new() });
        Ok(Sample { header, preview: Preview { raw, rows: batch.take()? } })
    }

    fn check_files(&self) -> Result<CheckReport> {
        let mut report = CheckReport::default();
        let files = match folder::list(&self.config.folder) {
            Ok(files) => files,
            Err(error) => {
                fail(&mut report, "folder", &error);
                return Ok(report);
            }
        };
        report.pass("folder", format!("{} CSV and XLSX files", files.len()));
        for (stem, file) in files {
            let Ok(table) = catalog::table(&stem) else {
                let detail = "no canonical table has this name";
                report.fail(format!("file {}", file.name), detail, folder::unknown_table_hint());
                continue;
            };
            let what = format!("file {}", file.name);
            let sample =
                folder::find(&self.config.folder, table).and_then(|_| self.sample(&file, table, 0));
            match sample {
                Ok(sample) => report.pass(what, describe(&sample.header)),
                Err(error) => fail(&mut report, &what, &error),
            }
        }
        Ok(report)
    }

    fn discover_files(&self) -> Result<Vec<DiscoveredObject>> {
        let mut objects = Vec::new();
        for (stem, file) in folder::list(&self.config.folder)? {
            let table = catalog::table(&stem).ok();
            let header = table.and_then(|table| self.sample(&file, table, 0).ok());
            let fields = match (table, header) {
                (Some(table), Some(sample)) => fields(table, &sample.header),
                _ => Vec::new(),
            };
            objects.push(DiscoveredObject {
                title: table.map_or(String::new(), |table| table.title.clone()),
                stream: table.map(|table| table.name.clone()),
                name: file.name,
                fields,
            });
        }
        Ok(objects)
    }
}

fn fail(report: &mut CheckReport, what: &str, error: &ConnectorError) {
    report.fail(what, error.to_string(), error.hint.clone().unwrap_or_default());
}

fn describe(header: &Header) -> String {
    let known = header.slots.iter().filter(|slot| matches!(slot, Slot::Canonical(_))).count();
    format!("{known} canonical columns, {} into attributes", header.slots.len() - known)
}

fn fields(table: &Table, header: &Header) -> Vec<DiscoveredField> {
    let field = |(name, slot): (&String, &Slot)| DiscoveredField {
        name: name.clone(),
        title: name.clone(),
        data_type: match slot {
            Slot::Canonical(index) => {
                let Column(_, kind) = &table.columns[*index];
                format!("{kind:?}").to_lowercase()
            }
            Slot::Attribute => "text".to_owned(),
        },
        is_custom: *slot == Slot::Attribute,
        is_read: true,
    };
    header.names.iter().zip(&header.slots).map(field).collect()
}

struct Sample {
    header: Header,
    preview: Preview,
}

/// Takes the first rows of a file.
struct Sampler<'a> {
    table: &'static Table,
    zone: chrono_tz::Tz,
    file: &'a str,
    rows_max: usize,
    raw: Vec<String>,
    header: Option<Header>,
    batch: BatchBuilder,
    bytes: usize,
}

impl RowVisitor for Sampler<'_> {
    fn header(&mut self, cells: Cells<'_>) -> Result<ControlFlow<()>> {
        self.header = Some(Header::parse(self.table, self.file, cells)?);
        Ok(if self.rows_max == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    }

    fn row(&mut self, line: u64, cells: Cells<'_>) -> Result<ControlFlow<()>> {
        let Some(header) = &self.header else { return Ok(ControlFlow::Break(())) };
        let raw = payload(header, cells);
        match type_row(self.table, self.zone, header, cells) {
            Ok(values) => self.batch.push(&values),
            Err(bad) => {
                let position = position_text(self.file, line, &bad.column);
                self.batch.reject(rejected(bad, raw.clone(), position));
            }
        }
        self.bytes += raw.len();
        self.raw.push(raw);
        let is_enough = self.raw.len() >= self.rows_max.min(BATCH_ROWS_MAX);
        Ok(match is_enough || self.bytes >= BATCH_BYTES_MAX {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        })
    }
}

#[async_trait]
impl System for FilesSystem {
    fn streams(&self) -> Vec<StreamSpec> {
        catalog::tables().unwrap_or_default().iter().map(Table::stream).collect()
    }

    async fn check(&self) -> Result<CheckReport> {
        self.blocking("checking a folder", |system| system.check_files()).await
    }

    async fn discover(&self) -> Result<Vec<DiscoveredObject>> {
        self.blocking("listing a folder", |system| system.discover_files()).await
    }

    async fn preview(&self, stream: &str, rows_max: usize) -> Result<Preview> {
        let table = catalog::table(stream)?;
        let work = move |system: Self| match folder::find(&system.config.folder, table)? {
            Some(file) => system.sample(&file, table, rows_max).map(|sample| sample.preview),
            None => Ok(Preview { raw: Vec::new(), rows: BatchBuilder::new(table).take()? }),
        };
        self.blocking("previewing a file", work).await
    }

    async fn read(
        &self,
        stream: &str,
        cursor: Option<&Cursor>,
        _range: &ReadRange,
    ) -> Result<Box<dyn Source>> {
        let table = catalog::table(stream)?;
        let position = Position::from_cursor(cursor)?;
        let (config, clock) = (self.config.clone(), self.clock.clone());
        Ok(Box::new(FilesSource::new(table, config, clock, position)))
    }

    fn decode(&self, stream: &str, payloads: &[String]) -> Result<DecodedRows> {
        let table = catalog::table(stream)?;
        let mut batch = BatchBuilder::new(table);
        for (index, payload) in payloads.iter().enumerate() {
            let position = |bad: &BadRow| position_text("payload", index as u64 + 1, &bad.column);
            let unpacked = unpack(table, payload);
            let typed = unpacked.as_ref().map_err(Clone::clone).and_then(|(header, cells)| {
                type_row(table, self.config.zone, header, Cells::List(cells))
            });
            match typed {
                Ok(values) => batch.push(&values),
                Err(bad) => {
                    let position = position(&bad);
                    batch.reject(rejected(bad, payload.clone(), position));
                }
            }
        }
        batch.take()
    }
}
