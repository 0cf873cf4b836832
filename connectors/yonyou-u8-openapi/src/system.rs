//! One configured account.

use std::sync::Arc;

use async_trait::async_trait;
use chrono_tz::Tz;
use yuanliu_contract::{
    CheckReport, ConfigProblem, ConnectorError, Cursor, DecodedRows, DiscoveredObject, ErrorKind,
    Preview, ReadRange, Result, Seams, Settings, Source, StreamSpec, System,
};

use crate::catalog::Stream;
use crate::client::Client;
use crate::config::Config;
use crate::decode::decode_payloads;
use crate::fetch::Listing;
use crate::source::U8Source;
use crate::{check, discover, preview};

/// What every call of a system shares.
pub(crate) struct Shared {
    pub(crate) client: Client,
    pub(crate) time_zone: Tz,
    pub(crate) page_rows: usize,
    pub(crate) document_days: u64,
}

impl Shared {
    /// Asks for a page of a stream's list.
    pub(crate) async fn list(
        &self,
        stream: &Stream,
        filters: &[(String, String)],
        page: u64,
    ) -> Result<Listing> {
        Listing::ask(&self.client, stream, filters, page, self.page_rows).await
    }

    /// Rows of a page, at least one.
    pub(crate) fn page_rows_u64(&self) -> u64 {
        u64::try_from(self.page_rows).unwrap_or(u64::MAX).max(1)
    }
}

/// One configured account.
pub(crate) struct U8System {
    name: String,
    shared: Arc<Shared>,
    streams: Vec<Arc<Stream>>,
}

impl U8System {
    /// Builds a system from settings, or says everything that is wrong with them.
    pub(crate) fn open(
        settings: &Settings,
        seams: Seams,
    ) -> std::result::Result<Self, Vec<ConfigProblem>> {
        let config = Config::read(settings)?;
        let client = Client::new(config.account, config.http, &seams)
            .map_err(|error| vec![ConfigProblem::new("ca_file", error.to_string())])?;
        Ok(Self {
            name: config.system,
            shared: Arc::new(Shared {
                client,
                time_zone: config.time_zone,
                page_rows: config.page_rows,
                document_days: config.document_days,
            }),
            streams: config.catalog.streams.into_iter().map(Arc::new).collect(),
        })
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
impl System for U8System {
    fn streams(&self) -> Vec<StreamSpec> {
        self.streams.iter().map(|stream| stream.spec()).collect()
    }

    async fn check(&self) -> Result<CheckReport> {
        check::check(&self.shared, &self.streams).await
    }

    async fn discover(&self) -> Result<Vec<DiscoveredObject>> {
        discover::discover(&self.shared, &self.streams).await
    }

    async fn preview(&self, stream: &str, rows_max: usize) -> Result<Preview> {
        preview::preview(&self.shared, self.stream(stream)?, rows_max).await
    }

    async fn read(
        &self,
        stream: &str,
        cursor: Option<&Cursor>,
        range: &ReadRange,
    ) -> Result<Box<dyn Source>> {
        let stream = self.stream(stream)?.clone();
        Ok(Box::new(U8Source::open(self.shared.clone(), stream, cursor, range)?))
    }

    fn decode(&self, stream: &str, payloads: &[String]) -> Result<DecodedRows> {
        decode_payloads(self.stream(stream)?, self.shared.time_zone, payloads)
    }
}
