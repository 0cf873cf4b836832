//! One registered external system.

use std::sync::Arc;

use async_trait::async_trait;
use yuanliu_contract::{
    CheckReport, ConfigProblem, ConnectorError, Cursor, DecodedRows, DiscoveredObject, ErrorKind,
    Preview, ReadRange, Result, Seams, Settings, Source, StreamSpec, System,
};

use super::client::Client;
use super::config::{Config, Plan};
use super::source::EaiSource;
use super::{check, discover, preview};
use crate::catalog::Stream;
use crate::decode::decode_payloads;

/// What every call of a system shares.
pub(crate) struct Shared {
    pub(crate) client: Client,
    pub(crate) sender: String,
    pub(crate) plan: Plan,
}

/// One registered external system.
pub(crate) struct EaiSystem {
    name: String,
    shared: Arc<Shared>,
    streams: Vec<Arc<Stream>>,
}

impl EaiSystem {
    /// Builds a system from settings, or says everything that is wrong with them.
    pub(crate) fn open(
        settings: &Settings,
        seams: Seams,
    ) -> std::result::Result<Self, Vec<ConfigProblem>> {
        let config = Config::read(settings)?;
        let client = Client::new(config.url, config.http, &seams)
            .map_err(|error| vec![ConfigProblem::new("ca_file", error.to_string())])?;
        Ok(Self {
            name: config.system,
            shared: Arc::new(Shared { client, sender: config.sender, plan: config.plan }),
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
impl System for EaiSystem {
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
        Ok(Box::new(EaiSource::open(self.shared.clone(), stream, cursor, range)?))
    }

    fn decode(&self, stream: &str, payloads: &[String]) -> Result<DecodedRows> {
        decode_payloads(self.stream(stream)?, self.shared.plan.time_zone, payloads)
    }
}
