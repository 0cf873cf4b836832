//! The audit log. The database itself refuses to change or delete a line.

use async_trait::async_trait;
use sqlx::FromRow;
use yuanliu_access::{AuditEntry, AuditFilter, AuditLog, AuditOutcome, Role, StoreError};

use super::failed;
use crate::error::Cause;
use crate::store::Metadata;
use crate::store::value::{Sql, asked, exact, json, time, values, word};

#[derive(FromRow)]
struct EntryRow {
    entry_id: String,
    at: String,
    actor: String,
    role: Option<String>,
    address: Option<String>,
    action: String,
    object: String,
    outcome: String,
    detail: String,
}

impl EntryRow {
    fn entry(self) -> Result<AuditEntry, Cause> {
        let role = |name: String| word(&name, name.parse::<Role>().ok());
        Ok(AuditEntry {
            at: time(&self.at)?,
            role: self.role.map(role).transpose()?,
            outcome: word(&self.outcome, AuditOutcome::of_name(&self.outcome))?,
            detail: json(&self.detail)?,
            entry_id: self.entry_id,
            actor: self.actor,
            address: self.address,
            action: self.action,
            object: self.object,
        })
    }
}

#[async_trait]
impl AuditLog for Metadata {
    async fn append(&self, entry: &AuditEntry) -> Result<(), StoreError> {
        let action = "adding to the audit log";
        self.execute(
            format!("{action}: {} by {}", entry.action, entry.actor),
            "insert into audit_entry (entry_id, at, actor, role, address, action, object, outcome, \
             detail) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            values![
                &entry.entry_id,
                exact(entry.at),
                &entry.actor,
                entry.role.map(Role::name),
                &entry.address,
                &entry.action,
                &entry.object,
                entry.outcome.name(),
                entry.detail.to_string(),
            ],
        )
        .await
        .map(|_| ())
        .map_err(failed(action))
    }

    async fn entries(&self, filter: &AuditFilter) -> Result<Vec<AuditEntry>, StoreError> {
        let action = "reading the audit log";
        // An action that ends with a point stands for all that begin so; `/` is the character after it.
        let (first, last) = match filter.action.as_deref() {
            Some(area) if area.ends_with('.') => {
                (Some(area.to_owned()), Some(format!("{}/", area.trim_end_matches('.'))))
            }
            // A NUL is the least that can follow; PostgreSQL has none, and no action holds U+0001 either.
            Some(one) => (Some(one.to_owned()), Some(format!("{one}\u{1}"))),
            None => (None, None),
        };
        let of_action = match &first {
            Some(_) => "action >= $2 and action < $3",
            None => "$2 is null and $3 is null",
        };
        // Without a time asked for the database must not go by the index of times, and sort the whole log.
        let of_time = match (filter.from, filter.to) {
            (None, None) => "$4 is null and $5 is null",
            _ => "at >= coalesce($4, '') and at < coalesce($5, '~')",
        };
        let sql = format!(
            "select entry_id, at, actor, role, address, action, object, outcome, detail \
             from audit_entry where {} and {of_action} and {of_time} \
             and entry_id < coalesce($6, '~') order by entry_id desc limit $7",
            asked("actor", 1, &filter.actor),
        );
        self.all(
            action,
            Sql::Made(sql),
            values![
                &filter.actor,
                first,
                last,
                filter.from.map(exact),
                filter.to.map(exact),
                &filter.before_entry,
                filter.entries_max,
            ],
            EntryRow::entry,
        )
        .await
        .map_err(failed(action))
    }
}
