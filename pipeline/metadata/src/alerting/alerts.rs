//! The alerts.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use yuanliu_alerts::{Alert, AlertFilter, AlertStatus, Delivery, Saved, Severity, SignalKind};

use super::delivery_row;
use crate::error::{Cause, MetadataError};
use crate::store::Metadata;
use crate::store::value::{Sql, Value, asked, count, exact, json, time, time_if_any, values, word};

macro_rules! columns {
    () => {
        "alert_id, rule, dedup_key, kind, subject, severity, first_at, last_at, signals, status, \
         fields, region_code, dealer_code, opened_at, notified_at, round, escalation_step, \
         escalates_at, silenced_until, handled_by, handled_at, note, resolved_at, version"
    };
}

#[derive(FromRow)]
struct AlertRow {
    alert_id: String,
    rule: String,
    dedup_key: String,
    kind: String,
    subject: String,
    severity: String,
    first_at: String,
    last_at: String,
    signals: i64,
    status: String,
    fields: String,
    region_code: Option<String>,
    dealer_code: Option<String>,
    opened_at: String,
    notified_at: String,
    round: i64,
    escalation_step: i64,
    escalates_at: Option<String>,
    silenced_until: Option<String>,
    handled_by: Option<String>,
    handled_at: Option<String>,
    note: Option<String>,
    resolved_at: Option<String>,
    version: i64,
}

impl AlertRow {
    fn alert(self) -> Result<Alert, Cause> {
        Ok(Alert {
            kind: word(&self.kind, SignalKind::parse(&self.kind))?,
            severity: word(&self.severity, Severity::parse(&self.severity))?,
            first_at: time(&self.first_at)?,
            last_at: time(&self.last_at)?,
            count: count(self.signals)?,
            status: word(&self.status, AlertStatus::parse(&self.status))?,
            fields: json(&self.fields)?,
            opened_at: time(&self.opened_at)?,
            notified_at: time(&self.notified_at)?,
            round: count(self.round)?,
            escalation_step: count(self.escalation_step)?,
            escalates_at: time_if_any(self.escalates_at.as_deref())?,
            silenced_until: time_if_any(self.silenced_until.as_deref())?,
            handled_at: time_if_any(self.handled_at.as_deref())?,
            resolved_at: time_if_any(self.resolved_at.as_deref())?,
            version: count(self.version)?,
            alert_id: self.alert_id,
            rule: self.rule,
            dedup_key: self.dedup_key,
            subject: self.subject,
            region_code: self.region_code,
            dealer_code: self.dealer_code,
            handled_by: self.handled_by,
            note: self.note,
        })
    }
}

/// The values of an alert in the order of its columns.
fn row(alert: &Alert) -> Vec<Value> {
    values![
        &alert.alert_id,
        &alert.rule,
        &alert.dedup_key,
        alert.kind.as_str(),
        &alert.subject,
        alert.severity.as_str(),
        exact(alert.first_at),
        exact(alert.last_at),
        alert.count,
        alert.status.as_str(),
        serde_json::Value::Object(alert.fields.clone()).to_string(),
        &alert.region_code,
        &alert.dealer_code,
        exact(alert.opened_at),
        exact(alert.notified_at),
        alert.round,
        alert.escalation_step,
        alert.escalates_at.map(exact),
        alert.silenced_until.map(exact),
        &alert.handled_by,
        alert.handled_at.map(exact),
        &alert.note,
        alert.resolved_at.map(exact),
        alert.version,
    ]
}

const INSERT: &str = concat!(
    "insert into alert (",
    columns!(),
    ") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
     $19, $20, $21, $22, $23, $24) on conflict do nothing"
);

const UPDATE: &str = "update alert set rule = $2, dedup_key = $3, kind = $4, subject = $5, \
    severity = $6, first_at = $7, last_at = $8, signals = $9, status = $10, fields = $11, \
    region_code = $12, dealer_code = $13, opened_at = $14, notified_at = $15, round = $16, \
    escalation_step = $17, escalates_at = $18, silenced_until = $19, handled_by = $20, \
    handled_at = $21, note = $22, resolved_at = $23, version = $24 \
    where alert_id = $1 and version = $24 - 1";

impl Metadata {
    pub(super) async fn alert_of_key(&self, key: &str) -> Result<Option<Alert>, MetadataError> {
        self.one(
            format!("reading the alert of {key}"),
            concat!(
                "select ",
                columns!(),
                " from alert where dedup_key = $1 order by \
                 case when status <> 'resolved' then 0 else 1 end, opened_at desc limit 1"
            ),
            values![key],
            AlertRow::alert,
        )
        .await
    }

    pub(super) async fn alert_of_id(&self, alert_id: &str) -> Result<Option<Alert>, MetadataError> {
        self.one(
            format!("reading alert {alert_id}"),
            concat!("select ", columns!(), " from alert where alert_id = $1"),
            values![alert_id],
            AlertRow::alert,
        )
        .await
    }

    pub(super) async fn write_alert(
        &self,
        alert: &Alert,
        deliveries: &[Delivery],
    ) -> Result<Saved, MetadataError> {
        let sql = if alert.version <= 1 { INSERT } else { UPDATE };
        let action = format!("writing alert {} of {}", alert.alert_id, alert.rule);
        let writing = self.within(action, async {
            let mut work = self.begin_work().await?;
            if work.execute(sql, row(alert)).await? == 0 {
                return Ok(Saved::Conflict);
            }
            for delivery in deliveries {
                work.execute(delivery_row::INSERT, delivery_row::row(delivery)).await?;
            }
            work.commit().await?;
            Ok(Saved::Saved)
        });
        match writing.await {
            // An alert that lives again beside one that came to live meanwhile.
            Err(MetadataError { cause: Cause::Conflict(error), .. })
                if error.as_database_error().is_some_and(|e| e.is_unique_violation()) =>
            {
                Ok(Saved::Conflict)
            }
            written => written,
        }
    }

    pub(super) async fn escalating_alerts(
        &self,
        now: DateTime<Utc>,
        rows_max: u32,
    ) -> Result<Vec<Alert>, MetadataError> {
        self.all(
            "reading the alerts to escalate",
            concat!(
                "select ",
                columns!(),
                " from alert where status = 'open' and escalates_at is not null \
                 and escalates_at <= $1 order by escalates_at, alert_id limit $2"
            ),
            values![exact(now), rows_max],
            AlertRow::alert,
        )
        .await
    }

    pub(super) async fn list_alerts(
        &self,
        filter: &AlertFilter,
        rows_max: u32,
    ) -> Result<Vec<Alert>, MetadataError> {
        let (opened_at, alert_id) = below(filter.after.as_ref());
        let sql = format!(
            "select {} from alert where {} and {} and (opened_at, alert_id) < ($3, $4) \
             order by opened_at desc, alert_id desc limit $5",
            columns!(),
            asked("status", 1, &filter.status),
            asked("rule", 2, &filter.rule),
        );
        self.all(
            "listing alerts",
            Sql::Made(sql),
            values![
                filter.status.map(AlertStatus::as_str),
                &filter.rule,
                opened_at,
                alert_id,
                rows_max
            ],
            AlertRow::alert,
        )
        .await
    }
}

/// Where a list by time and id in descending order goes on; without a row, before every one.
pub(super) fn below(after: Option<&(DateTime<Utc>, String)>) -> (String, String) {
    match after {
        Some((at, id)) => (exact(*at), id.clone()),
        None => ("~".to_owned(), "~".to_owned()),
    }
}
