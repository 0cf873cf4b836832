//! The run ledger, runs started by people, and what runs now.

use std::sync::Arc;

use async_trait::async_trait;
use futures::stream::{self, BoxStream, StreamExt};
use tokio::sync::broadcast::error::RecvError;
use yuanliu_access::Principal;
use yuanliu_api::ports::{
    Answer, Page, PageAsked, PortError, Run, RunDraft, RunEvent, RunFilter, RunKind, RunLog,
    RunOutcome,
};
use yuanliu_metadata::{PageRequest, RunRecord};

use super::Desk;
use super::answer::failed;
use super::rejects::instant;
use crate::cli::{SyncArgs, sync};
use crate::live::Cause;

#[async_trait]
impl RunLog for Desk {
    async fn runs(
        &self,
        _who: &Principal,
        filter: &RunFilter,
        page: &PageAsked,
    ) -> Answer<Page<Run>> {
        let asked = yuanliu_metadata::RunFilter {
            system: filter.system.clone(),
            kind: filter.kind.clone(),
            outcome: filter.outcome.map(|outcome| word(outcome).to_owned()),
            job: filter.job.clone(),
            ..yuanliu_metadata::RunFilter::default()
        };
        let request = PageRequest::after(page.after.clone(), page.limit);
        let found = self.service().hub.metadata.run_page(&asked, &request).await;
        let found = found.map_err(|error| failed(error.into()))?;
        let items = found.items.into_iter().map(run).collect::<Answer<_>>()?;
        Ok(Page { items, next: found.next_cursor })
    }

    async fn run(&self, _who: &Principal, run_id: &str) -> Answer<Run> {
        let found = self.service().hub.metadata.run(run_id).await;
        match found.map_err(|error| failed(error.into()))? {
            Some(found) => run(found),
            None => Err(PortError::NotFound(format!("there is no run {run_id}"))),
        }
    }

    async fn start(&self, who: &Principal, draft: &RunDraft) -> Answer<Run> {
        let service = Arc::clone(self.service());
        let mut live = service.hub.live.watch();
        let draft = draft.clone();
        if let (RunKind::Sync, Some(system)) = (&draft.kind, &draft.system) {
            service.hub.config.system(system).map_err(PortError::NotFound)?;
        }
        let by = who.login.clone();
        self.0.started.start(async move {
            let done = match draft.kind {
                RunKind::Sync => {
                    let args = SyncArgs {
                        system: draft.system,
                        stream: draft.stream.into_iter().collect(),
                        full: draft.full,
                        cause: Cause::PERSON,
                        ..SyncArgs::default()
                    };
                    sync(&service.hub, Some(&service.ledger), true, &args).await.map(drop)
                }
                RunKind::Build => service.bring_up_to_date(Cause::PERSON).await,
            };
            if let Err(error) = done {
                ::tracing::error!(by, error = %format!("{error:#}"), "a run that was asked for");
            }
        });
        // The first thing that happens from now on is the run that was asked for, or one like it.
        let first = tokio::time::timeout(std::time::Duration::from_secs(10), live.recv()).await;
        match first {
            Ok(Ok(first)) => RunLog::run(self, who, &first.run_id).await,
            _ => Err(PortError::Unavailable {
                what: "the run has not begun yet: another one is under way".to_owned(),
                retry_after: None,
            }),
        }
    }

    async fn live(&self, _who: &Principal) -> Answer<BoxStream<'static, RunEvent>> {
        let watch = self.service().hub.live.watch();
        let metadata = self.service().hub.metadata.clone();
        let events = stream::unfold((watch, metadata), |(mut watch, metadata)| async move {
            loop {
                match watch.recv().await {
                    Ok(told) if told.has_ended => {
                        let Ok(Some(record)) = metadata.run(&told.run_id).await else { continue };
                        let Ok(ended) = run(record) else { continue };
                        return Some((RunEvent::Ended { run: ended }, (watch, metadata)));
                    }
                    Ok(told) => {
                        let event = RunEvent::Progress {
                            run_id: told.run_id,
                            kind: told.kind.to_owned(),
                            system: told.system,
                            stream: told.stream,
                            job: None,
                            rows: told.rows,
                            phase: told.phase,
                        };
                        return Some((event, (watch, metadata)));
                    }
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return None,
                }
            }
        });
        Ok(events.boxed())
    }
}

fn word(outcome: RunOutcome) -> &'static str {
    match outcome {
        RunOutcome::Running => "running",
        RunOutcome::Green => "green",
        RunOutcome::Yellow => "yellow",
        RunOutcome::Red => "red",
        RunOutcome::Interrupted => "interrupted",
    }
}

pub(super) fn outcome(word: &str) -> RunOutcome {
    match word {
        "running" | "queued" => RunOutcome::Running,
        "green" => RunOutcome::Green,
        "yellow" | "skipped" => RunOutcome::Yellow,
        "interrupted" => RunOutcome::Interrupted,
        _ => RunOutcome::Red,
    }
}

fn run(row: RunRecord) -> Answer<Run> {
    Ok(Run {
        started_at: instant(&row.started_at)?,
        ended_at: row.ended_at.as_deref().map(instant).transpose()?,
        outcome: outcome(&row.outcome),
        run_id: row.run_id,
        kind: row.kind,
        system: row.system,
        stream: row.stream,
        read: row.read,
        loaded: row.loaded,
        unchanged: row.unchanged,
        rejected: row.rejected,
        message: row.message,
        trigger: row.trigger.unwrap_or_else(|| "command".to_owned()),
        job: row.job,
    })
}
