//! How the fields of systems changed, over the API.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use yuanliu_access::Principal;
use yuanliu_api::ports::{Answer, DriftDesk, DriftKind, DriftLine, DriftPolicy, PortError};
use yuanliu_engine::FieldChange;

use super::Desk;
use super::answer::failed;
use super::rejects::instant;
use crate::drift::{affected_reports, known_drift};

#[async_trait]
impl DriftDesk for Desk {
    async fn drift(&self, _who: &Principal) -> Answer<Vec<DriftLine>> {
        let mut lines = Vec::new();
        for system in &self.service().hub.config.systems {
            lines.extend(self.drift_of(&system.name).await?);
        }
        Ok(lines)
    }

    async fn accept(&self, _who: &Principal, system: &str, stream: &str) -> Answer<Vec<DriftLine>> {
        let lines = self.drift_of(system).await?;
        let accepted: Vec<_> = lines.into_iter().filter(|line| line.stream == stream).collect();
        if accepted.is_empty() {
            let told = format!("{system} {stream} has no change that waits to be accepted");
            return Err(PortError::NotFound(told));
        }
        let metadata = &self.service().hub.metadata;
        let done = metadata.accept_shape(system, stream, Utc::now()).await;
        done.map_err(|error| failed(error.into()))?;
        Ok(accepted)
    }
}

impl Desk {
    async fn drift_of(&self, name: &str) -> Answer<Vec<DriftLine>> {
        let service = self.service();
        let system = service.hub.config.system(name).map_err(PortError::NotFound)?;
        let metadata = &service.hub.metadata;
        let drift = known_drift(metadata, name).await.map_err(failed)?;
        let shapes = metadata.shapes(name).await.map_err(|error| failed(error.into()))?;
        let mut lines = Vec::new();
        for (stream, changes) in drift {
            let seen = shapes.iter().find(|shapes| shapes.stream == stream);
            let seen_at = seen.map(|shapes| instant(&shapes.seen_at)).transpose()?;
            let policy = match system.sync.on_drift(&stream) {
                yuanliu_engine::DriftPolicy::Evolve => DriftPolicy::Evolve,
                yuanliu_engine::DriftPolicy::Freeze => DriftPolicy::Freeze,
                yuanliu_engine::DriftPolicy::Quarantine => DriftPolicy::Quarantine,
            };
            for change in changes {
                let reports =
                    affected_reports(&service.models, &system.mapping, &stream, &change.field);
                let reports = reports.map_err(failed)?;
                lines.push(line(name, &stream, change, seen_at, policy, reports));
            }
        }
        Ok(lines)
    }
}

fn line(
    system: &str,
    stream: &str,
    change: FieldChange,
    seen_at: Option<DateTime<Utc>>,
    policy: DriftPolicy,
    reports: Vec<String>,
) -> DriftLine {
    DriftLine {
        system: system.to_owned(),
        stream: stream.to_owned(),
        change: match change.change.as_str() {
            "new" => DriftKind::New,
            "vanished" => DriftKind::Vanished,
            _ => DriftKind::Retyped,
        },
        field: change.field,
        from: change.was,
        to: change.now,
        seen_at: seen_at.unwrap_or_default(),
        policy,
        reports,
    }
}
