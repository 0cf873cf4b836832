//! One configured account.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

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
use crate::error::is_about_fields;
use crate::plan::StreamPlan;
use crate::source::GalaxySource;
use crate::{check, discover, preview};

/// What every call of a system shares.
pub(crate) struct Account {
    pub(crate) client: Client,
    pub(crate) time_zone: Tz,
    pub(crate) page_rows: usize,
    plans: Mutex<HashMap<String, Arc<StreamPlan>>>,
}

impl Account {
    /// The stream as this server has it; asked once, until a query says it is out of date.
    pub(crate) async fn plan(&self, stream: &Arc<Stream>) -> Result<Arc<StreamPlan>> {
        let known = self.plans().get(&stream.name).cloned();
        if let Some(plan) = known {
            return Ok(plan);
        }
        let plan = Arc::new(StreamPlan::fit(&self.client, stream).await?);
        self.plans().insert(stream.name.clone(), plan.clone());
        Ok(plan)
    }

    /// Adds to a refused query which fields the server does not describe, and forgets the plan.
    pub(crate) fn explain(&self, plan: &StreamPlan, mut error: ConnectorError) -> ConnectorError {
        if !is_about_fields(error.kind) {
            return error;
        }
        self.plans().remove(&plan.stream.name);
        if !plan.undescribed.is_empty() {
            error.kind = ErrorKind::NotFound;
            error.hint = Some(format!(
                "{} has no field {}; run systems discover, then correct extra_fields or grant the \
                 fields",
                plan.stream.form,
                plan.undescribed.join(", "),
            ));
        }
        error
    }

    fn plans(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<StreamPlan>>> {
        self.plans.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One configured account.
pub(crate) struct GalaxySystem {
    name: String,
    account: Arc<Account>,
    streams: Vec<Arc<Stream>>,
}

impl GalaxySystem {
    /// Builds a system from settings, or says everything that is wrong with them.
    pub(crate) fn open(
        settings: &Settings,
        seams: Seams,
    ) -> std::result::Result<Self, Vec<ConfigProblem>> {
        let config = Config::read(settings)?;
        let client = Client::new(config.base_url, config.auth, config.http, &seams)
            .map_err(|error| vec![ConfigProblem::new("ca_file", explain_chain(&error))])?;
        let account = Account {
            client,
            time_zone: config.time_zone,
            page_rows: config.page_rows,
            plans: Mutex::new(HashMap::new()),
        };
        Ok(Self {
            name: config.system,
            account: Arc::new(account),
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

pub(crate) fn explain_chain(error: &ConnectorError) -> String {
    let mut text = error.to_string();
    let mut below = std::error::Error::source(error);
    while let Some(source) = below {
        text.push_str(&format!(": {source}"));
        below = source.source();
    }
    text
}

#[async_trait]
impl System for GalaxySystem {
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
        Ok(Box::new(GalaxySource::open(self.account.clone(), stream, cursor, range)?))
    }

    fn decode(&self, stream: &str, payloads: &[String]) -> Result<DecodedRows> {
        decode_payloads(self.stream(stream)?, self.account.time_zone, payloads)
    }
}
