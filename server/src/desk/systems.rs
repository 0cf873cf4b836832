//! Connected systems over the API.

use async_trait::async_trait;
use serde_json::{Value, json};
use yuanliu_access::Principal;
use yuanliu_api::ports::{
    Answer, CheckItem, PortError, Preview, RejectedRow, Row, StreamField, SystemCheck, SystemKind,
    SystemLine, SystemStatus, SystemStream, Systems,
};
use yuanliu_contract::ConnectorError;
use yuanliu_engine::retry::with_policy;
use yuanliu_metadata::{PageRequest, RunFilter};

use super::Desk;
use super::answer::failed;
use super::kinds;
use super::rejects::instant;
use super::rows;
use crate::adapters::SystemClock;
use crate::config::SystemConfig;
use crate::exit;
use crate::hub::open_system;
use crate::models::mapped_preview;

#[async_trait]
impl Systems for Desk {
    async fn systems(&self, _who: &Principal) -> Answer<Vec<SystemLine>> {
        let mut lines = Vec::new();
        let next = self.next_syncs().await?;
        for system in &self.service().hub.config.systems {
            let filter = RunFilter { system: Some(system.name.clone()), ..RunFilter::default() };
            let last = self.service().hub.metadata.run_page(&filter, &PageRequest::first(1)).await;
            let last = last.map_err(|error| failed(error.into()))?.items.into_iter().next();
            lines.push(SystemLine {
                name: system.name.clone(),
                kind: system.kind.clone(),
                enabled: system.enabled,
                title: kinds::title(&system.kind).0,
                last_run: last.as_ref().map(|run| instant(&run.started_at)).transpose()?,
                next_run: next.get(&system.name).copied(),
                status: match last.as_ref().map(|run| run.outcome.as_str()) {
                    _ if !system.enabled => SystemStatus::Off,
                    None => SystemStatus::New,
                    Some("green" | "running") => SystemStatus::Green,
                    Some("yellow" | "interrupted") => SystemStatus::Yellow,
                    Some(_) => SystemStatus::Red,
                },
            });
        }
        Ok(lines)
    }

    async fn kinds(&self, _who: &Principal) -> Answer<Vec<SystemKind>> {
        Ok(kinds::all())
    }

    async fn check(&self, _who: &Principal, system: &str) -> Answer<SystemCheck> {
        let opened = self.open(system)?;
        let report = with_policy(&SystemClock, || opened.check()).await;
        let report = match report {
            Ok(report) => report,
            Err(error) => {
                let hint = error.hint.clone().unwrap_or_else(|| {
                    yuanliu_engine::policy::directive(error.kind).hint.to_owned()
                });
                let item = CheckItem {
                    what: "login".to_owned(),
                    is_ok: false,
                    detail: exit::chain(&error.into()),
                    hint: Some(hint),
                };
                return Ok(SystemCheck { is_ok: false, items: vec![item] });
            }
        };
        let is_ok = report.is_ok();
        let items = report.items.into_iter().map(|item| CheckItem {
            what: item.what,
            is_ok: item.ok,
            detail: item.detail,
            hint: item.hint,
        });
        Ok(SystemCheck { is_ok, items: items.collect() })
    }

    async fn streams(&self, _who: &Principal, system: &str) -> Answer<Vec<SystemStream>> {
        let opened = self.open(system)?;
        let config = self.configured(system)?;
        let objects = with_policy(&SystemClock, || opened.discover()).await;
        let specs = opened.streams();
        let streams = objects.map_err(unreachable)?.into_iter().map(|object| {
            let spec = specs.iter().find(|spec| Some(&spec.name) == object.stream.as_ref());
            let is_key = |name: &str| {
                spec.is_some_and(|spec| spec.key.iter().any(|key| key.eq_ignore_ascii_case(name)))
            };
            let fields = object.fields.into_iter().map(|field| StreamField {
                is_key: is_key(&field.name),
                name: field.name,
                title: field.title,
                data_type: field.data_type,
                is_custom: field.is_custom,
                is_read: field.is_read,
            });
            let wanted = &config.sync.streams;
            let is_selected = spec.is_some()
                && (wanted.is_empty()
                    || object.stream.as_ref().is_some_and(|stream| wanted.contains(stream)));
            SystemStream {
                stream: object.stream.unwrap_or(object.name),
                title: object.title,
                fields: fields.collect(),
                is_selected,
            }
        });
        Ok(streams.collect())
    }

    async fn preview(
        &self,
        _who: &Principal,
        system: &str,
        stream: &str,
        rows: u32,
    ) -> Answer<Preview> {
        let opened = self.open(system)?;
        if !opened.streams().iter().any(|spec| spec.name == stream) {
            let told = format!("the system {system} has no stream `{stream}`");
            return Err(PortError::NotFound(told));
        }
        let wanted = usize::try_from(rows).unwrap_or(usize::MAX);
        let shown = with_policy(&SystemClock, || opened.preview(stream, wanted)).await;
        let shown = shown.map_err(unreachable)?;
        let hub = &self.service().hub;
        let config = self.configured(system)?;
        let mapped = mapped_preview(&hub.config, config, stream, &shown.rows.batch).await;
        let zone = hub.config.hub.time_zone;
        let mapped = mapped.map_err(failed)?;
        let raw = |text: &String| match serde_json::from_str(text) {
            Ok(Value::Object(row)) => Row(row),
            Ok(value) => Row([("row".to_owned(), value)].into_iter().collect()),
            Err(_) => Row([("row".to_owned(), json!(text))].into_iter().collect()),
        };
        let rejected = shown.rows.rejects.iter().map(|reject| RejectedRow {
            reason: reject.reason.to_string(),
            message: reject.message.clone(),
            row: raw(&reject.payload),
        });
        Ok(Preview {
            raw: shown.raw.iter().map(raw).collect(),
            mapped: mapped.iter().flat_map(|batch| rows::of_batch(batch, zone)).collect(),
            rejected: rejected.collect(),
        })
    }
}

impl Desk {
    fn configured(&self, name: &str) -> Answer<&SystemConfig> {
        self.service().hub.config.system(name).map_err(PortError::NotFound)
    }

    fn open(&self, name: &str) -> Answer<std::sync::Arc<dyn yuanliu_contract::System>> {
        let system = self.configured(name)?;
        if !system.enabled {
            return Err(PortError::Conflict(format!(
                "the system {name} is switched off; set enabled = true in systems/{name}.toml"
            )));
        }
        open_system(system).map_err(failed)
    }
}

fn unreachable(error: ConnectorError) -> PortError {
    PortError::Unavailable { what: exit::chain(&error.into()), retry_after: None }
}
