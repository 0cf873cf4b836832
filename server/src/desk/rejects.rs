//! Rejected rows over the API.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use yuanliu_access::Principal;
use yuanliu_api::ports::{
    Answer, Page, PageAsked, PortError, Reject, RejectCount, RejectDesk, RejectFilter,
    RejectStatus, ReplayOutcome,
};
use yuanliu_metadata::PageRequest;

use super::Desk;
use super::answer::failed;
use crate::cli::{RejectPick, replay_picked};

#[async_trait]
impl RejectDesk for Desk {
    async fn rejects(
        &self,
        _who: &Principal,
        filter: &RejectFilter,
        page: &PageAsked,
    ) -> Answer<Page<Reject>> {
        let asked = yuanliu_metadata::RejectFilter {
            system: filter.system.clone(),
            stream: filter.stream.clone(),
            reason: filter.reason.clone(),
            status: filter.status.map(|status| word(status).to_owned()),
            after_id: 0,
        };
        let request = PageRequest::after(page.after.clone(), page.limit);
        let found = self.service().hub.metadata.reject_page(&asked, &request).await;
        let found = found.map_err(|error| failed(error.into()))?;
        let items = found.items.into_iter().map(reject).collect::<Answer<_>>()?;
        Ok(Page { items, next: found.next_cursor })
    }

    async fn counts(&self, _who: &Principal) -> Answer<Vec<RejectCount>> {
        let counts = self.service().hub.metadata.reject_counts().await;
        let counts = counts.map_err(|error| failed(error.into()))?.into_iter();
        counts
            .map(|count| {
                Ok(RejectCount {
                    status: status(&count.status)?,
                    rejects: u64::try_from(count.rejects).unwrap_or_default(),
                    first_seen_at: instant(&count.first_seen_at)?,
                    last_seen_at: instant(&count.last_seen_at)?,
                    system: count.system,
                    stream: count.stream,
                    reason: count.reason,
                })
            })
            .collect()
    }

    async fn replay(&self, _who: &Principal, reject_id: i64) -> Answer<ReplayOutcome> {
        let found = self.service().hub.metadata.reject(reject_id).await;
        match found.map_err(|error| failed(error.into()))? {
            None => Err(no_reject(reject_id)),
            Some(found) if found.status != "open" => Err(closed_already(reject_id)),
            Some(_) => {
                self.again(RejectPick { ids: vec![reject_id], ..RejectPick::default() }).await
            }
        }
    }

    async fn replay_all(&self, _who: &Principal, filter: &RejectFilter) -> Answer<ReplayOutcome> {
        let pick = RejectPick {
            ids: Vec::new(),
            system: filter.system.clone(),
            stream: filter.stream.clone(),
            reason: filter.reason.clone(),
        };
        self.again(pick).await
    }

    async fn discard(&self, _who: &Principal, reject_id: i64, note: &str) -> Answer<Reject> {
        let metadata = &self.service().hub.metadata;
        let closed = metadata.close_reject(reject_id, "discarded", note, Utc::now()).await;
        let closed = closed.map_err(|error| failed(error.into()))?;
        let found = metadata.reject(reject_id).await.map_err(|error| failed(error.into()))?;
        match found {
            Some(found) if closed => reject(found),
            Some(_) => Err(closed_already(reject_id)),
            None => Err(no_reject(reject_id)),
        }
    }
}

impl Desk {
    async fn again(&self, pick: RejectPick) -> Answer<ReplayOutcome> {
        let (loaded, rejected) = replay_picked(&self.service().hub, &pick).await.map_err(failed)?;
        let (loaded, rejected) = (loaded as u64, rejected as u64);
        Ok(ReplayOutcome { replayed: loaded + rejected, loaded, rejected })
    }
}

fn no_reject(reject_id: i64) -> PortError {
    PortError::NotFound(format!("there is no reject {reject_id}"))
}

fn closed_already(reject_id: i64) -> PortError {
    PortError::Conflict(format!("reject {reject_id} is closed already"))
}

fn word(status: RejectStatus) -> &'static str {
    match status {
        RejectStatus::Open => "open",
        RejectStatus::Replayed => "replayed",
        RejectStatus::Discarded => "discarded",
    }
}

fn status(word: &str) -> Answer<RejectStatus> {
    match word {
        "open" => Ok(RejectStatus::Open),
        "replayed" => Ok(RejectStatus::Replayed),
        "discarded" => Ok(RejectStatus::Discarded),
        other => Err(PortError::Failed(format!("a reject has the unknown status {other}"))),
    }
}

fn reject(row: yuanliu_metadata::Reject) -> Answer<Reject> {
    Ok(Reject {
        reject_id: row.reject_id,
        status: status(&row.status)?,
        seen_at: instant(&row.seen_at)?,
        closed_at: row.closed_at.as_deref().map(instant).transpose()?,
        system: row.system,
        stream: row.stream,
        reason: row.reason,
        message: row.message,
        payload: row.payload,
        position: row.position,
        note: row.note,
    })
}

/// An instant of the metadata.
pub(super) fn instant(text: &str) -> Answer<DateTime<Utc>> {
    let read = DateTime::parse_from_rfc3339(text);
    read.map(|at| at.to_utc()).map_err(|_| PortError::Failed(format!("{text} is no instant")))
}
