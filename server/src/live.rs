//! What runs now, for whoever watches.

use tokio::sync::broadcast;

/// A watcher that falls further behind misses progress.
const EVENTS_MAX: usize = 1024;

/// Something a run tells while it goes on.
#[derive(Debug, Clone)]
pub(crate) struct LiveRun {
    pub(crate) run_id: String,
    pub(crate) kind: &'static str,
    pub(crate) system: String,
    pub(crate) stream: String,
    /// Rows, or models of a build, so far.
    pub(crate) rows: u64,
    /// What it is at.
    pub(crate) phase: String,
    pub(crate) has_ended: bool,
}

/// Where runs tell it; nobody listening costs nothing.
#[derive(Debug, Clone)]
pub(crate) struct Live(broadcast::Sender<LiveRun>);

impl Default for Live {
    fn default() -> Self {
        Self(broadcast::Sender::new(EVENTS_MAX))
    }
}

impl Live {
    pub(crate) fn tell(&self, run: LiveRun) {
        // Nobody may be listening.
        let _ = self.0.send(run);
    }

    pub(crate) fn watch(&self) -> broadcast::Receiver<LiveRun> {
        self.0.subscribe()
    }
}

/// Why a run begins, for the ledger.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cause {
    /// `schedule`, `person` or `dependency`; none: a command.
    pub(crate) trigger: Option<&'static str>,
    /// The job it belongs to.
    pub(crate) job: Option<String>,
}

impl Cause {
    /// Somebody asked for it in the web.
    pub(crate) const PERSON: Self = Self { trigger: Some("person"), job: None };
}
