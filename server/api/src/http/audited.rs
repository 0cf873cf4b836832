//! What is done goes into the audit log.

use chrono::Utc;

use super::caller::Caller;
use crate::access::Principal;
use crate::api::Api;
use crate::ports::{Answer, AuditEntry, AuditOutcome, Origin, PortError};
use crate::problem::Problem;

/// Adds a line about what a caller did.
pub(crate) async fn note(
    api: &Api,
    caller: &Caller,
    action: &str,
    object: &str,
    outcome: AuditOutcome,
    detail: &str,
) -> Result<(), Problem> {
    let entry = AuditEntry {
        at: Utc::now(),
        actor: caller.principal.login.clone(),
        role: Some(caller.principal.role),
        address: caller.origin.address.clone(),
        action: action.to_owned(),
        object: object.to_owned(),
        outcome,
        detail: detail.to_owned(),
    };
    Ok(api.ports.audit.record(entry).await?)
}

/// Adds a line about somebody who logged in, or did not: `principal` is none then.
pub(crate) async fn note_login(
    api: &Api,
    login: &str,
    principal: Option<&Principal>,
    origin: &Origin,
    detail: &str,
) -> Result<(), Problem> {
    let entry = AuditEntry {
        at: Utc::now(),
        actor: login.to_owned(),
        role: principal.map(|principal| principal.role),
        address: origin.address.clone(),
        action: "session.begin".to_owned(),
        object: login.to_owned(),
        outcome: if principal.is_some() { AuditOutcome::Done } else { AuditOutcome::Refused },
        detail: detail.to_owned(),
    };
    Ok(api.ports.audit.record(entry).await?)
}

/// Does something and records how it ended, whichever way it did.
pub(crate) async fn audited<T>(
    api: &Api,
    caller: &Caller,
    action: &str,
    object: &str,
    detail: &str,
    work: impl Future<Output = Answer<T>>,
) -> Result<T, Problem> {
    let done = work.await;
    let (outcome, told) = match &done {
        Ok(_) => (AuditOutcome::Done, detail.to_owned()),
        Err(error @ PortError::Refused(_)) => (AuditOutcome::Refused, error.to_string()),
        Err(error) => (AuditOutcome::Failed, error.to_string()),
    };
    note(api, caller, action, object, outcome, &told).await?;
    Ok(done?)
}
