//! One configured database system.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use arrow::array::RecordBatch;
use async_trait::async_trait;
use chrono_tz::Tz;
use yuanliu_contract::{
    CheckReport, ConnectorError, Cursor, DecodedRows, DiscoveredObject, ErrorKind, Preview,
    ReadRange, Result, Seams, Source, StreamSpec, System,
};

use crate::account::Account;
use crate::catalog::{Column, ColumnType, DATABASE_COLUMN, Scope, Stream};
use crate::database::Database;
use crate::rows::broken;
use crate::source::SqlSource;
use crate::{check, discover, preview};

/// Everything a system is opened with besides its driver.
#[derive(Clone)]
pub struct SystemOptions {
    /// The system's name in the configuration.
    pub name: String,
    /// What is read.
    pub streams: Vec<Stream>,
    /// The zone of wall-clock columns.
    pub time_zone: Tz,
    /// The most rows of a page.
    pub page_rows: usize,
    /// Databases that are read as one system, oldest first; empty where there is one.
    pub databases: Vec<String>,
}

/// One configured system over a driver.
pub struct SqlSystem<D> {
    name: String,
    account: Arc<Account<D>>,
    streams: Vec<Arc<Stream>>,
}

impl<D: Database> SqlSystem<D> {
    /// Builds a system; contacts nothing.
    pub fn new(database: D, options: SystemOptions, seams: Seams) -> Self {
        let SystemOptions { name, mut streams, time_zone, page_rows, databases } = options;
        for stream in &mut streams {
            stream.has_database_column = !databases.is_empty() && stream.scope == Scope::Each;
        }
        let account = Account {
            database,
            seams,
            time_zone,
            page_rows: page_rows.max(1),
            databases,
            plans: Mutex::new(HashMap::new()),
            skew: Mutex::new(None),
        };
        let streams = streams.into_iter().map(Arc::new).collect();
        Self { name, account: Arc::new(account), streams }
    }

    fn stream(&self, name: &str) -> Result<&Arc<Stream>> {
        self.streams.iter().find(|stream| stream.name == name).ok_or_else(|| {
            let known: Vec<_> = self.streams.iter().map(|stream| stream.name.as_str()).collect();
            ConnectorError::new(ErrorKind::NotFound, format!("opening {name} of {}", self.name))
                .with_detail("there is no such stream")
                .with_hint(format!("streams are {}", known.join(", ")))
        })
    }
}

#[async_trait]
impl<D: Database> System for SqlSystem<D> {
    fn streams(&self) -> Vec<StreamSpec> {
        self.streams.iter().map(|stream| stream.spec()).collect()
    }

    async fn check(&self) -> Result<CheckReport> {
        check::check(&self.account, &self.streams).await
    }

    async fn discover(&self) -> Result<Vec<DiscoveredObject>> {
        discover::discover(&self.account, &self.streams).await
    }

    async fn preview(&self, stream: &str, rows_max: usize) -> Result<Preview> {
        preview::preview(&self.account, self.stream(stream)?, rows_max).await
    }

    async fn read(
        &self,
        stream: &str,
        cursor: Option<&Cursor>,
        range: &ReadRange,
    ) -> Result<Box<dyn Source>> {
        let stream = self.stream(stream)?.clone();
        Ok(Box::new(SqlSource::open(self.account.clone(), stream, cursor, range)?))
    }

    fn decode(&self, stream: &str, payloads: &[String]) -> Result<DecodedRows> {
        let stream = self.stream(stream)?;
        let mut columns = stream.columns.clone();
        if stream.has_database_column {
            columns.insert(0, Column::new(DATABASE_COLUMN, ColumnType::Text));
        }
        let rows = self.account.database.decode(&columns, payloads)?;
        let arrays = rows.batch.columns().to_vec();
        let batch = RecordBatch::try_new(stream.schema(), arrays).map_err(broken)?;
        Ok(DecodedRows { batch, rejects: rows.rejects })
    }
}
