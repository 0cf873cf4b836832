//! Runs and jobs.

use futures::stream::{BoxStream, StreamExt};

use super::*;

pub fn run(run_id: &str, kind: &str, system: &str, minute: u32) -> Run {
    Run {
        run_id: run_id.to_owned(),
        kind: kind.to_owned(),
        system: system.to_owned(),
        stream: if kind == "sync" { "sales_order" } else { "" }.to_owned(),
        started_at: at(minute),
        ended_at: Some(at(minute + 1)),
        outcome: RunOutcome::Green,
        read: 10,
        loaded: 7,
        unchanged: 2,
        rejected: 1,
        message: None,
        trigger: "schedule".to_owned(),
        job: Some("sync-erp-main".to_owned()),
    }
}

pub fn fill(state: &mut State) {
    state.runs =
        (0..250).rev().map(|n| run(&format!("run-{n}"), "sync", "erp-main", n % 58)).collect();
    let job = |name: &str, kind: &str, after: &[&str]| Job {
        name: name.to_owned(),
        kind: kind.to_owned(),
        system: (kind == "sync").then(|| "erp-main".to_owned()),
        schedule: after.is_empty().then(|| "0 */15 * * * *".to_owned()),
        time_zone: "Asia/Shanghai".to_owned(),
        missed: MissedRuns::Last,
        overlap: Overlap::Skip,
        after: after.iter().map(|name| (*name).to_owned()).collect(),
        paused: false,
        next_due: Some(at(15)),
        last: Some(run("run-249", kind, "erp-main", 3)),
    };
    state.jobs = vec![job("build", "build", &["sync-erp-main"]), job("sync-erp-main", "sync", &[])];
}

#[async_trait]
impl RunLog for Memory {
    async fn runs(&self, _: &Principal, filter: &RunFilter, page: &PageAsked) -> Answer<Page<Run>> {
        let fits = |run: &Run| {
            filter.system.as_ref().is_none_or(|system| *system == run.system)
                && filter.kind.as_ref().is_none_or(|kind| *kind == run.kind)
                && filter.outcome.is_none_or(|outcome| outcome == run.outcome)
                && filter.job.as_ref().is_none_or(|job| Some(job) == run.job.as_ref())
        };
        page_of(self.state().runs.iter().filter(|run| fits(run)).cloned().collect(), page)
    }

    async fn run(&self, _: &Principal, run_id: &str) -> Answer<Run> {
        let state = self.state();
        let found = state.runs.iter().find(|run| run.run_id == run_id).cloned();
        found.ok_or_else(|| missing("run", run_id))
    }

    async fn start(&self, _: &Principal, draft: &RunDraft) -> Answer<Run> {
        if let Some(system) = draft.system.as_deref().filter(|system| *system != "erp-main") {
            return Err(missing("system", system));
        }
        let mut state = self.state();
        let kind = if draft.kind == RunKind::Sync { "sync" } else { "build" };
        let run_id = state.id("run-now");
        let run = Run {
            outcome: RunOutcome::Running,
            ended_at: None,
            trigger: "person".to_owned(),
            job: None,
            ..run(&run_id, kind, draft.system.as_deref().unwrap_or_default(), 9)
        };
        state.runs.insert(0, run.clone());
        Ok(run)
    }

    async fn live(&self, _: &Principal) -> Answer<BoxStream<'static, RunEvent>> {
        let receiver = self.live.subscribe();
        let events = futures::stream::unfold(receiver, async |mut receiver| {
            loop {
                match receiver.recv().await {
                    Ok(event) => return Some((event, receiver)),
                    Err(broadcast::error::RecvError::Lagged(_)) => {}
                    Err(broadcast::error::RecvError::Closed) => return None,
                }
            }
        });
        Ok(events.boxed())
    }
}

#[async_trait]
impl Jobs for Memory {
    async fn jobs(&self, _: &Principal) -> Answer<Vec<Job>> {
        Ok(self.state().jobs.clone())
    }

    async fn run_now(&self, _: &Principal, name: &str) -> Answer<Run> {
        let mut state = self.state();
        if !state.jobs.iter().any(|job| job.name == name) {
            return Err(missing("job", name));
        }
        let run_id = state.id("run-now");
        let run = run(&run_id, "sync", "erp-main", 10);
        state.runs.insert(0, run.clone());
        Ok(run)
    }

    async fn set_paused(&self, _: &Principal, name: &str, paused: bool) -> Answer<Job> {
        let mut state = self.state();
        let job = state.jobs.iter_mut().find(|job| job.name == name);
        let job = job.ok_or_else(|| missing("job", name))?;
        job.paused = paused;
        Ok(job.clone())
    }

    async fn runs(&self, _: &Principal, name: &str, page: &PageAsked) -> Answer<Page<Run>> {
        let state = self.state();
        if !state.jobs.iter().any(|job| job.name == name) {
            return Err(missing("job", name));
        }
        let of_job = state.runs.iter().filter(|run| run.job.as_deref() == Some(name));
        page_of(of_job.cloned().collect(), page)
    }
}
