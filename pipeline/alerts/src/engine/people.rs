//! What people do with an alert.

use chrono::{DateTime, Utc};

use super::{AlertDesk, CONFLICTS_MAX, contended};
use crate::alert::{Alert, AlertStatus};
use crate::store::{Saved, StoreError};

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Handled {
    /// It is so now; the alert as it is.
    Done(Box<Alert>),
    /// There is no such alert.
    NotFound,
    /// It is over already.
    AlreadyResolved,
}

impl AlertDesk {
    /// Somebody takes an alert: it escalates no further and is told again only if it grows worse.
    pub async fn acknowledge(
        &self,
        alert_id: &str,
        by: &str,
        note: Option<&str>,
    ) -> Result<Handled, StoreError> {
        self.handle(alert_id, |alert, now| {
            alert.status = AlertStatus::Acknowledged;
            alert.escalates_at = None;
            signed(alert, by, note, now);
        })
        .await
    }

    /// Somebody says that it is over; a signal of a later time opens another alert.
    pub async fn resolve(
        &self,
        alert_id: &str,
        by: &str,
        note: Option<&str>,
    ) -> Result<Handled, StoreError> {
        self.handle(alert_id, |alert, now| {
            alert.status = AlertStatus::Resolved;
            alert.escalates_at = None;
            // The clock of whoever told of it may be ahead.
            alert.resolved_at = Some(now.max(alert.last_at));
            signed(alert, by, note, now);
        })
        .await
    }

    /// Nobody is told anything more of it until then; what waits already is sent.
    pub async fn silence(
        &self,
        alert_id: &str,
        by: &str,
        until: DateTime<Utc>,
    ) -> Result<Handled, StoreError> {
        self.handle(alert_id, |alert, now| {
            alert.silenced_until = Some(until);
            signed(alert, by, None, now);
        })
        .await
    }

    async fn handle(
        &self,
        alert_id: &str,
        change: impl Fn(&mut Alert, DateTime<Utc>),
    ) -> Result<Handled, StoreError> {
        for _ in 0..CONFLICTS_MAX {
            let Some(mut alert) = self.store.alert(alert_id).await? else {
                return Ok(Handled::NotFound);
            };
            if !alert.is_live() {
                return Ok(Handled::AlreadyResolved);
            }
            change(&mut alert, self.clock.now());
            alert.version += 1;
            match self.store.save_alert(&alert, &[]).await? {
                Saved::Saved => return Ok(Handled::Done(Box::new(alert))),
                Saved::Conflict => {}
            }
        }
        Err(contended(format!("changing alert {alert_id}")))
    }
}

fn signed(alert: &mut Alert, by: &str, note: Option<&str>, now: DateTime<Utc>) {
    alert.handled_by = Some(by.to_owned());
    alert.handled_at = Some(now);
    if let Some(note) = note {
        alert.note = Some(note.to_owned());
    }
}
