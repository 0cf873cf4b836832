//! Connected systems over the API.

use async_trait::async_trait;
use serde_json::{Value, json};
use yuanliu_access::Principal;
use yuanliu_api::ports::{
    Answer, CheckItem, PortError, Preview, RejectedRow, Row, StreamField, SystemCheck, SystemField,
    SystemKind, SystemLine, SystemStatus, SystemStream, Systems,
};
use yuanliu_contract::{ConnectorError, FieldKind, FieldSpec};
use yuanliu_engine::retry::with_policy;
use yuanliu_metadata::{PageRequest, RunFilter};

use super::Desk;
use super::answer::failed;
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
                title: title(&system.kind).0,
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
        let connectors = yuanliu_registry::connectors();
        let kinds = connectors.iter().map(|connector| {
            let (title, title_zh) = title(connector.kind());
            let spec = connector.config_spec();
            let fields = spec.fields.iter().map(field).collect();
            SystemKind { kind: connector.kind().to_owned(), title, title_zh, fields }
        });
        Ok(kinds.collect())
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

/// English and Chinese of a text written as `中文 English`.
fn halves(text: &str) -> (String, String) {
    let is_latin = |c: char| c.is_ascii_alphabetic();
    let last_han = text.rfind(|c: char| !c.is_ascii());
    let at = last_han.and_then(|han| Some(han + text.get(han..)?.find(is_latin)?));
    match at {
        Some(at) if at > 0 => (text[at..].trim().to_owned(), text[..at].trim().to_owned()),
        _ => (text.to_owned(), text.to_owned()),
    }
}

fn title(kind: &str) -> (String, String) {
    match yuanliu_registry::find(kind) {
        Ok(connector) => halves(connector.title()),
        Err(_) => (kind.to_owned(), kind.to_owned()),
    }
}

fn field(spec: &FieldSpec) -> SystemField {
    let (description, description_zh) = halves(spec.help);
    let (data_type, bounds, choices) = match spec.kind {
        FieldKind::Text => ("text", None, Vec::new()),
        FieldKind::Secret => ("secret", None, Vec::new()),
        FieldKind::Integer { min, max } => ("integer", Some((min as f64, max as f64)), Vec::new()),
        FieldKind::Fraction { min, max } => ("fraction", Some((min, max)), Vec::new()),
        FieldKind::Boolean => ("boolean", None, Vec::new()),
        FieldKind::Choice(words) => {
            ("choice", None, words.iter().map(ToString::to_string).collect())
        }
        FieldKind::Url => ("url", None, Vec::new()),
        FieldKind::Path => ("path", None, Vec::new()),
        FieldKind::TextList => ("text_list", None, Vec::new()),
        FieldKind::TextListTable => ("text_list_table", None, Vec::new()),
        FieldKind::IntegerTable => ("integer_table", None, Vec::new()),
        FieldKind::Table => ("table", None, Vec::new()),
        FieldKind::TableList => ("table_list", None, Vec::new()),
        FieldKind::TimeZone => ("time_zone", None, Vec::new()),
    };
    SystemField {
        name: spec.name.to_owned(),
        data_type: data_type.to_owned(),
        title: spec.name.to_owned(),
        title_zh: spec.name.to_owned(),
        description,
        description_zh,
        required: spec.required,
        secret: data_type == "secret",
        default: spec.default.map(default),
        choices,
        min: bounds.map(|(min, _)| min),
        max: bounds.map(|(_, max)| max),
    }
}

/// A default, which a specification writes as TOML.
fn default(text: &str) -> Value {
    let value = toml::from_str::<toml::Table>(&format!("value = {text}"));
    let value = value.ok().and_then(|mut table| table.remove("value"));
    value.and_then(|value| serde_json::to_value(value).ok()).unwrap_or_else(|| json!(text))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{default, halves};

    #[test]
    fn a_default_is_the_value_that_it_stands_for() {
        assert_eq!(default("\"sha256\""), json!("sha256"));
        assert_eq!(default("2052"), json!(2052));
        assert_eq!(default("false"), json!(false));
    }

    #[test]
    fn a_text_of_two_languages_is_taken_apart() {
        let two = |text| halves(text);
        assert_eq!(two("每分钟调用次数 on this account").1, "每分钟调用次数");
        assert_eq!(two("文件夹（CSV、XLSX） Folder of files").0, "Folder of files");
        assert_eq!(two("plain"), ("plain".to_owned(), "plain".to_owned()));
    }
}
