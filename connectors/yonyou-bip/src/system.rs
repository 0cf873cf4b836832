//! One configured tenant.

use std::sync::Arc;

use async_trait::async_trait;
use yuanliu_contract::{
    CheckReport, ConfigProblem, ConnectorError, Cursor, DecodedRows, DiscoveredObject, ErrorKind,
    Preview, ReadRange, Result, Seams, Settings, Source, StreamSpec, System,
};

use crate::catalog::Stream;
use crate::client::Client;
use crate::config::{Access, Config};
use crate::decode::decode_payloads;
use crate::source::BipSource;
use crate::{check, discover, preview};

/// What every call of a system shares.
pub(crate) struct Tenant {
    pub(crate) client: Client,
    pub(crate) page_rows: usize,
}

/// One configured tenant.
pub(crate) struct BipSystem {
    name: String,
    tenant: Arc<Tenant>,
    streams: Vec<Arc<Stream>>,
}

/// A client over checked access; only the certificate file can be wrong by now.
pub(crate) fn client(
    access: Access,
    seams: &Seams,
) -> std::result::Result<Client, Vec<ConfigProblem>> {
    Client::new(access, seams)
        .map_err(|error| vec![ConfigProblem::new("ca_file", explain_chain(&error))])
}

impl BipSystem {
    /// Builds a system from settings, or says everything that is wrong with them.
    pub(crate) fn open(
        settings: &Settings,
        seams: &Seams,
    ) -> std::result::Result<Self, Vec<ConfigProblem>> {
        let config = Config::read(settings)?;
        let client = client(config.access, seams)?;
        Ok(Self {
            name: config.system,
            tenant: Arc::new(Tenant { client, page_rows: config.page_rows }),
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

fn explain_chain(error: &ConnectorError) -> String {
    let mut text = error.to_string();
    let mut below = std::error::Error::source(error);
    while let Some(source) = below {
        text.push_str(&format!(": {source}"));
        below = source.source();
    }
    text
}

#[async_trait]
impl System for BipSystem {
    fn streams(&self) -> Vec<StreamSpec> {
        self.streams.iter().map(|stream| stream.spec()).collect()
    }

    async fn check(&self) -> Result<CheckReport> {
        check::check(&self.tenant, &self.streams).await
    }

    async fn discover(&self) -> Result<Vec<DiscoveredObject>> {
        discover::discover(&self.tenant, &self.streams).await
    }

    async fn preview(&self, stream: &str, rows_max: usize) -> Result<Preview> {
        preview::preview(&self.tenant, self.stream(stream)?, rows_max).await
    }

    async fn read(
        &self,
        stream: &str,
        cursor: Option<&Cursor>,
        range: &ReadRange,
    ) -> Result<Box<dyn Source>> {
        let stream = self.stream(stream)?.clone();
        Ok(Box::new(BipSource::open(self.tenant.clone(), stream, cursor, range)?))
    }

    fn decode(&self, stream: &str, payloads: &[String]) -> Result<DecodedRows> {
        decode_payloads(self.stream(stream)?, payloads)
    }
}
