//! The audit log over the API.

use async_trait::async_trait;
use serde_json::json;
use yuanliu_access::{Actor, AuditLog, AuditOutcome, Principal, Role};
use yuanliu_api::ports::{Answer, AuditDesk, AuditEntry, AuditFilter, Page, PageAsked};

use super::Desk;
use super::sessions::access_error;

#[async_trait]
impl AuditDesk for Desk {
    async fn record(&self, entry: AuditEntry) -> Answer<()> {
        let actor = Actor {
            login: entry.actor,
            role: entry.role.unwrap_or(Role::Public),
            address: Some(entry.address),
        };
        let outcome = match entry.outcome {
            yuanliu_api::ports::AuditOutcome::Done => AuditOutcome::Done,
            yuanliu_api::ports::AuditOutcome::Refused => AuditOutcome::Refused,
            yuanliu_api::ports::AuditOutcome::Failed => AuditOutcome::Failed,
        };
        let detail = json!({ "told": entry.detail });
        let noted = self.0.access.note(&actor, &entry.action, &entry.object, outcome, detail);
        noted.await.map_err(access_error)
    }

    async fn list(
        &self,
        _who: &Principal,
        filter: &AuditFilter,
        page: &PageAsked,
    ) -> Answer<Page<AuditEntry>> {
        let asked = yuanliu_access::AuditFilter {
            actor: filter.actor.clone(),
            action: filter.action.clone(),
            from: filter.from,
            to: filter.to,
            before_entry: page.after.clone(),
            entries_max: page.limit.saturating_add(1),
        };
        let found = self.service().hub.metadata.entries(&asked).await;
        let mut found = found.map_err(|error| access_error(error.into()))?;
        let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
        let has_more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| has_more).map(|entry| entry.entry_id.clone());
        Ok(Page { items: found.into_iter().map(line).collect(), next })
    }
}

fn line(entry: yuanliu_access::AuditEntry) -> AuditEntry {
    let told = entry.detail.get("told").and_then(|told| told.as_str());
    AuditEntry {
        at: entry.at,
        actor: entry.actor,
        role: entry.role,
        address: entry.address.unwrap_or_default(),
        action: entry.action,
        object: entry.object,
        outcome: match entry.outcome {
            AuditOutcome::Done => yuanliu_api::ports::AuditOutcome::Done,
            AuditOutcome::Refused => yuanliu_api::ports::AuditOutcome::Refused,
            AuditOutcome::Failed => yuanliu_api::ports::AuditOutcome::Failed,
        },
        detail: match told {
            Some(told) => told.to_owned(),
            None if entry.detail.is_null() => String::new(),
            None => entry.detail.to_string(),
        },
    }
}
