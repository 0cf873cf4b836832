//! A clock, a store, any number of scheduler processes, and work that ends when the test says so.

mod flaky;
mod scripted;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Asia::Shanghai;
use tokio::sync::broadcast::Receiver;
use yuanliu_schedule::memory::{ManualClock, MemoryJobs};
use yuanliu_schedule::{
    Clock, Event, JobDesk, JobRun, JobStore, Jobs, Known, Options, Outcome, Parts, ReportAges,
    Scheduler, Signal, SignalSink,
};

pub use flaky::{Fault, Flaky};
pub use scripted::{Scripted, report};

/// Long against the steps of the clock in the tests.
pub const LEASE_TTL: Duration = Duration::from_secs(30);

/// Keeps what people are told.
#[derive(Default)]
pub struct Told {
    signals: Mutex<Vec<Signal>>,
}

#[async_trait]
impl SignalSink for Told {
    async fn raise(&self, signal: Signal) {
        self.signals.lock().unwrap().push(signal);
    }
}

pub struct Process {
    pub scheduler: Scheduler,
    pub desk: JobDesk,
    events: Receiver<Event>,
    /// The runs it does, by job.
    runs: BTreeMap<String, String>,
}

impl Process {
    /// Takes note of what it began and ended, once the work has begun.
    async fn follow(&mut self, work: &Scripted) {
        while let Ok(event) = self.events.try_recv() {
            match event {
                Event::Started(run) => {
                    work.begun(&run.run_id).await;
                    self.runs.insert(run.job, run.run_id);
                }
                Event::Ended(run) => {
                    if self.runs.get(&run.job) == Some(&run.run_id) {
                        self.runs.remove(&run.job);
                    }
                }
                Event::Lost { job } => drop(self.runs.remove(&job)),
                Event::Admitted(_) | Event::Trouble { .. } => {}
            }
        }
    }
}

pub struct World {
    pub clock: Arc<ManualClock>,
    pub store: Arc<MemoryJobs>,
    pub flaky: Arc<Flaky>,
    pub work: Arc<Scripted>,
    pub told: Arc<Told>,
    pub ages: Option<Arc<dyn ReportAges>>,
    pub processes: Vec<Option<Process>>,
    pub jobs: Jobs,
    pub runs_max: usize,
}

/// Noon of a Monday in Shanghai.
pub fn noon() -> DateTime<Utc> {
    "2026-03-02T04:00:00Z".parse().unwrap()
}

impl World {
    /// A world with `count` processes that are not started. Noon in Shanghai.
    pub fn of(text: &str, count: usize) -> Self {
        let clock = Arc::new(ManualClock::at(noon()));
        let store = Arc::new(MemoryJobs::default());
        Self {
            flaky: Arc::new(Flaky::over(store.clone())),
            work: Arc::new(Scripted::new(clock.clone())),
            told: Arc::default(),
            ages: None,
            processes: (0..count).map(|_| None).collect(),
            jobs: Jobs::parse(text, Shanghai, &Known::default()).unwrap(),
            runs_max: 8,
            clock,
            store,
        }
    }

    /// A world with one process that has looked once, so that jobs are due from now on.
    pub async fn running(text: &str) -> Self {
        let mut world = Self::of(text, 1);
        world.start(0);
        world.tick(0).await;
        world
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub fn start(&mut self, process: usize) {
        self.start_named(process, &format!("process {process}"));
    }

    pub fn start_named(&mut self, process: usize, owner: &str) {
        let parts = Parts {
            clock: self.clock.clone(),
            store: self.flaky.clone(),
            leases: self.flaky.clone(),
            work: self.work.clone(),
            signals: self.told.clone(),
            ages: self.ages.clone(),
        };
        let mut options = Options::named(owner);
        options.runs_max = self.runs_max;
        options.lease_ttl = LEASE_TTL;
        let (scheduler, desk) = Scheduler::new(parts, options, self.jobs.clone());
        let events = desk.watch();
        let runs = BTreeMap::new();
        let process_slot = self.processes.get_mut(process).unwrap();
        *process_slot = Some(Process { scheduler, desk, events, runs });
    }

    /// Ends a process as `kill -9` does.
    pub fn kill(&mut self, process: usize) {
        self.processes.get_mut(process).unwrap().take();
    }

    pub fn desk(&self) -> JobDesk {
        self.processes.iter().flatten().next().unwrap().desk.clone()
    }

    /// Lets one process do what is to be done, and the work it begins begin.
    pub async fn tick(&mut self, process: usize) {
        if let Some(Some(process)) = self.processes.get_mut(process) {
            process.scheduler.tick().await;
            process.follow(&self.work).await;
        }
    }

    /// Lets three processes do so at the same time, or those of them that do not stand still.
    pub async fn tick_together(&mut self, who: [bool; 3]) {
        async fn look(process: &mut Option<Process>, does: bool) {
            if let Some(process) = process.as_mut().filter(|_| does) {
                process.scheduler.tick().await;
            }
        }
        let [a, b, c] = self.processes.as_mut_slice() else { panic!("there are three") };
        let [does_a, does_b, does_c] = who;
        tokio::join!(look(a, does_a), look(b, does_b), look(c, does_c));
        for process in self.processes.iter_mut().flatten() {
            process.follow(&self.work).await;
        }
    }

    pub async fn tick_all(&mut self) {
        for process in 0..self.processes.len() {
            self.tick(process).await;
        }
    }

    /// Moves the clock in steps that no lease runs out in, with all processes looking at each.
    pub async fn pass_time(&mut self, seconds: i64) {
        let mut left = seconds;
        while left > 0 {
            let step = left.min(10);
            self.clock.advance(TimeDelta::seconds(step));
            left -= step;
            self.tick_all().await;
        }
    }

    /// The runs that go on, with the process that does them, oldest first.
    pub fn going_on(&self) -> Vec<(usize, String)> {
        let of = |(at, process): (usize, &Option<Process>)| {
            let runs = process.iter().flat_map(|process| process.runs.values().cloned());
            runs.map(move |run| (at, run)).collect::<Vec<_>>()
        };
        let mut found: Vec<_> = self.processes.iter().enumerate().flat_map(of).collect();
        found.sort_by(|a, b| a.1.cmp(&b.1));
        found
    }

    /// Lets the run of a job end, and its process note it.
    pub async fn finish(&mut self, job: &str, outcome: Outcome) {
        let runs = self.going_on();
        let of_job = |(_, run_id): &&(usize, String)| self.work.job_of(run_id) == job;
        let (process, run_id) =
            runs.iter().find(of_job).cloned().expect("a run of the job goes on");
        self.finish_run(process, &run_id, outcome).await;
    }

    pub async fn finish_run(&mut self, process: usize, run_id: &str, outcome: Outcome) {
        self.work.end(run_id, report(outcome));
        let goes_on = |world: &Self| world.going_on().iter().any(|(_, run)| run == run_id);
        while goes_on(self) {
            let Some(Some(alive)) = self.processes.get_mut(process) else { return };
            // A store that fails keeps the end from being noted at first.
            if !self.flaky.is_failing() {
                alive.scheduler.wait().await;
            }
            self.tick(process).await;
        }
    }

    /// A job's history, oldest first, a line each: due time, trigger, outcome.
    pub async fn history(&self, job: &str) -> Vec<String> {
        let mut runs = self.store.history(job, None, 10_000).await.unwrap();
        runs.reverse();
        runs.iter().map(line).collect()
    }

    /// What people were told, kinds and objects.
    pub fn signals(&self) -> Vec<String> {
        let signals = self.told.signals.lock().unwrap();
        let told = signals.iter().inspect(|signal| assert!(!signal.message_zh.is_empty()));
        told.map(|signal| format!("{} {}", signal.kind.as_str(), signal.object)).collect()
    }

    pub fn last_message(&self) -> String {
        self.told.signals.lock().unwrap().last().map(|s| s.message.clone()).unwrap_or_default()
    }
}

fn line(run: &JobRun) -> String {
    let due = run
        .due_at
        .map_or("-".to_owned(), |due| due.with_timezone(&Shanghai).format("%H:%M").to_string());
    format!("{due} {} {}", run.trigger.as_str(), run.outcome.as_str())
}
