//! A system without streams: it can be reached, and that is all it tells.

use async_trait::async_trait;
use yuanliu_contract::{
    CheckReport, ConfigProblem, ConnectorError, Cursor, DecodedRows, DiscoveredObject, ErrorKind,
    Preview, ReadRange, Result, Seams, Settings, Source, StreamSpec, System,
};

use super::config::Config;
use crate::eai::Client;

/// One registered external system.
pub(crate) struct NcSystem {
    client: Client,
}

impl NcSystem {
    /// Builds a system from settings, or says everything that is wrong with them.
    pub(crate) fn open(
        settings: &Settings,
        seams: Seams,
    ) -> std::result::Result<Self, Vec<ConfigProblem>> {
        let config = Config::read(settings)?;
        let client = Client::new(config.url, config.http, &seams)
            .map_err(|error| vec![ConfigProblem::new("ca_file", error.to_string())])?;
        Ok(Self { client })
    }
}

fn no_stream(stream: &str) -> ConnectorError {
    ConnectorError::new(ErrorKind::NotFound, format!("opening {stream}"))
        .with_detail("the exchange platform only takes documents")
        .with_hint("read NC from its database views with kind sql_server, or by its OpenAPI")
}

#[async_trait]
impl System for NcSystem {
    fn streams(&self) -> Vec<StreamSpec> {
        Vec::new()
    }

    async fn check(&self) -> Result<CheckReport> {
        let mut report = CheckReport::default();
        match self.client.greet().await {
            Ok(_) => report.pass("address", "the servlet answers"),
            Err(error) if matches!(error.kind, ErrorKind::Unreachable | ErrorKind::Timeout) => {
                return Err(error);
            }
            Err(error) => report.fail(
                "address",
                error.to_string(),
                "the address should end in /service/XChangeServlet",
            ),
        }
        Ok(report)
    }

    async fn discover(&self) -> Result<Vec<DiscoveredObject>> {
        Ok(Vec::new())
    }

    async fn preview(&self, stream: &str, _rows_max: usize) -> Result<Preview> {
        Err(no_stream(stream))
    }

    async fn read(
        &self,
        stream: &str,
        _cursor: Option<&Cursor>,
        _range: &ReadRange,
    ) -> Result<Box<dyn Source>> {
        Err(no_stream(stream))
    }

    fn decode(&self, stream: &str, _payloads: &[String]) -> Result<DecodedRows> {
        Err(no_stream(stream))
    }
}
