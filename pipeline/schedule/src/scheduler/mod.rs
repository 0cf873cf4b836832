//! The scheduler of one process: decides on due times, runs jobs under their leases, notes how they end.
//!
//! One task owns all of it. Work runs beside it and only reports; so every change of a state happens in
//! [`Scheduler::tick`], in an order that a test can repeat.

mod active;
mod launch;
mod pass;
mod shutdown;
mod tell;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::{Notify, broadcast, mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::desk::JobDesk;
use crate::event::Event;
use crate::file::Jobs;
use crate::freshness::FreshnessWatch;
use crate::ports::{Clock, JobStore, Leases, ReportAges, SignalSink, Work};
use active::{Active, Finished};

/// Watchers that fall further behind than this miss events.
const EVENTS_MAX: usize = 1024;

/// What the scheduler works with.
#[derive(Clone)]
pub struct Parts {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// States and history.
    pub store: Arc<dyn JobStore>,
    /// Leases, shared by all processes.
    pub leases: Arc<dyn Leases>,
    /// Who does what jobs say.
    pub work: Arc<dyn Work>,
    /// Who tells people.
    pub signals: Arc<dyn SignalSink>,
    /// Who knows how old data is; none: nothing is late.
    pub ages: Option<Arc<dyn ReportAges>>,
}

/// How it works.
#[derive(Debug, Clone)]
pub struct Options {
    /// The name of this process among those that share the store. Where only one can be alive at a time,
    /// a fixed name lets it go on at once after a crash.
    pub owner: String,
    /// So many jobs run at once in this process.
    pub runs_max: usize,
    /// A process that does not speak for this long has lost its jobs.
    pub lease_ttl: Duration,
    /// The store is looked at so often for what other processes did.
    pub poll: Duration,
    /// How long work that was told to stop may take to leave things whole.
    pub stop_grace: Duration,
    /// How often reports are looked at.
    pub freshness_every: Duration,
}

impl Options {
    /// The usual ones.
    pub fn named(owner: impl Into<String>) -> Self {
        Self {
            owner: owner.into(),
            runs_max: 2,
            lease_ttl: Duration::from_secs(30),
            poll: Duration::from_secs(5),
            stop_grace: Duration::from_secs(10),
            freshness_every: Duration::from_secs(60),
        }
    }
}

/// The scheduler of one process.
pub struct Scheduler {
    parts: Parts,
    options: Options,
    jobs: watch::Receiver<Arc<Jobs>>,
    wake: Arc<Notify>,
    events: broadcast::Sender<Event>,
    active: BTreeMap<String, Active>,
    finished: (mpsc::UnboundedSender<Finished>, mpsc::UnboundedReceiver<Finished>),
    told: BTreeSet<String>,
    freshness: FreshnessWatch,
    freshness_at: Option<DateTime<Utc>>,
}

impl Scheduler {
    /// A scheduler and the desk that people speak to.
    pub fn new(parts: Parts, options: Options, jobs: Jobs) -> (Self, JobDesk) {
        let (sender, receiver) = watch::channel(Arc::new(jobs));
        let desk = JobDesk {
            clock: parts.clock.clone(),
            store: parts.store.clone(),
            jobs: sender,
            wake: Arc::new(Notify::new()),
            events: broadcast::Sender::new(EVENTS_MAX),
        };
        let scheduler = Self {
            parts,
            options,
            jobs: receiver,
            wake: desk.wake.clone(),
            events: desk.events.clone(),
            active: BTreeMap::new(),
            finished: mpsc::unbounded_channel(),
            told: BTreeSet::new(),
            freshness: FreshnessWatch::default(),
            freshness_at: None,
        };
        (scheduler, desk)
    }

    /// Runs jobs until `shutdown` is cancelled, then lets what runs end within `bound` and stops the rest.
    pub async fn run(mut self, shutdown: CancellationToken, bound: Duration) {
        let clock = self.parts.clock.clone();
        while !shutdown.is_cancelled() {
            let next = self.tick().await;
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = self.wait() => {}
                () = clock.sleep_until(next) => {}
            }
        }
        self.shut_down(bound).await;
    }

    /// Does everything that is to be done now; gives when there will be something again at the latest.
    pub async fn tick(&mut self) -> DateTime<Utc> {
        self.renew_leases().await;
        self.stop_overdue().await;
        self.note_ends().await;
        self.pass().await;
        self.watch_freshness().await;
        self.next_tick()
    }

    /// Waits until a run of this process ended or a person asked for something. The next tick notes it;
    /// so nothing is lost if the wait is given up.
    pub async fn wait(&mut self) {
        tokio::select! {
            Some(finished) = self.finished.1.recv() => self.finish(finished),
            () = self.wake.notified() => {}
        }
        while let Ok(finished) = self.finished.1.try_recv() {
            self.finish(finished);
        }
    }

    /// The jobs that run in this process.
    pub fn running(&self) -> impl Iterator<Item = &str> {
        self.active.keys().map(String::as_str)
    }

    fn next_tick(&self) -> DateTime<Utc> {
        let now = self.parts.clock.now();
        let mut next = now + span(self.options.poll);
        for job in &self.jobs.borrow().jobs {
            let due = job.timetable.as_ref().and_then(|timetable| timetable.next_after(now));
            next = due.map_or(next, |due| next.min(due));
        }
        for active in self.active.values() {
            next = next.min(active.next_look(&self.options, now));
        }
        next.max(now + TimeDelta::milliseconds(1))
    }

    async fn watch_freshness(&mut self) {
        let now = self.parts.clock.now();
        let Some(ages) = self.parts.ages.clone() else { return };
        if self.freshness_at.is_some_and(|at| now < at) {
            return;
        }
        self.freshness_at = Some(now + span(self.options.freshness_every));
        let bounds = self.jobs.borrow().freshness.clone();
        match ages.times().await {
            Ok(times) => {
                for signal in self.freshness.observe(&times, &bounds, now) {
                    self.parts.signals.raise(signal).await;
                }
            }
            Err(error) => self.trouble("asking how old reports are", &error),
        }
    }

    fn emit(&self, event: Event) {
        // Nobody watching is no error.
        let _ = self.events.send(event);
    }

    fn trouble(&self, action: &str, error: &dyn std::error::Error) {
        let mut message = format!("{action}: {error}");
        let mut below = error.source();
        while let Some(layer) = below {
            message = format!("{message}: {layer}");
            below = layer.source();
        }
        tracing::error!(%message, "the scheduler tries again");
        self.emit(Event::Trouble { message });
    }
}

/// A duration as a difference of times.
fn span(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}
