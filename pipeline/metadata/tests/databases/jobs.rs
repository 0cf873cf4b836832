//! Leases and jobs: one holder at a time, one run for a due time, whoever else tries.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use yuanliu_metadata::{FreshnessMark, Metadata};
use yuanliu_schedule::{
    JobCounts, JobRun, JobStore, Lease, Leases, Outcome, ReportAges, RunEnd, StoreError, Trigger,
};

use crate::world::{World, at, on_both};

on_both!(
    a_lease_has_one_holder_and_a_growing_fence,
    contenders_hold_a_lease_one_after_the_other,
    a_paused_holder_changes_nothing_any_more,
    a_due_time_is_run_once,
    a_run_is_kept_from_queue_to_end,
    who_asks_twice_gets_the_run_that_waits,
    a_pause_is_not_made_up_for,
    history_is_paged,
    freshness_never_goes_back,
);

const HOUR: Duration = Duration::from_secs(3600);

async fn take(store: &Metadata, name: &str, owner: &str, ttl: Duration) -> Option<Lease> {
    store.acquire(name, owner, Utc::now(), ttl).await.unwrap()
}

#[derive(Debug, Clone, Copy)]
enum Step {
    /// Contender asks; whether its lease then lasts or has ended at once, as for one that was stopped.
    Acquire(usize, bool),
    Renew(usize, bool),
    Release(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0..2_usize, any::<bool>(), 0..3_u8).prop_map(|(who, lasts, what)| match what {
        0 => Step::Acquire(who, lasts),
        1 => Step::Renew(who, lasts),
        _ => Step::Release(who),
    });
    prop::collection::vec(step, 1..25)
}

/// Two contenders, each with the lease it believes in, against what must be true.
async fn contend(stores: &[Metadata; 2], name: &str, steps: &[Step]) -> Result<(), String> {
    let owners = ["one", "two"];
    let mut believed: [Option<Lease>; 2] = [None, None];
    // Who holds the lease, and whether it still lasts.
    let mut holder: Option<(usize, bool)> = None;
    let mut fence = 0;
    for step in steps {
        match *step {
            Step::Acquire(who, lasts) => {
                let ttl = if lasts { HOUR } else { Duration::ZERO };
                let got = take(&stores[who], name, owners[who], ttl).await;
                let may = holder.is_none_or(|(held_by, lasts)| held_by == who || !lasts);
                if got.is_some() != may {
                    return Err(format!("{step:?} got {got:?} while {holder:?}"));
                }
                if let Some(lease) = got {
                    if lease.fence <= fence {
                        return Err(format!("{step:?}: fence {} after {fence}", lease.fence));
                    }
                    fence = lease.fence;
                    believed[who] = Some(lease);
                    holder = Some((who, lasts));
                }
            }
            Step::Renew(who, lasts) => {
                let Some(lease) = &believed[who] else { continue };
                let ttl = if lasts { HOUR } else { Duration::ZERO };
                let renewed = stores[who].renew(lease, Utc::now(), ttl).await.unwrap();
                let is_latest = holder.is_some_and(|(held_by, _)| held_by == who);
                if renewed != is_latest {
                    return Err(format!("{step:?} was {renewed} while {holder:?}"));
                }
                if renewed {
                    holder = Some((who, lasts));
                }
            }
            Step::Release(who) => {
                let Some(lease) = believed[who].take() else { continue };
                stores[who].release(&lease).await.unwrap();
                if holder.is_some_and(|(held_by, _)| held_by == who) {
                    holder = None;
                }
            }
        }
    }
    Ok(())
}

async fn a_lease_has_one_holder_and_a_growing_fence(world: Arc<World>) {
    let stores = [world.open().await, world.open().await];
    let names = AtomicU32::new(0);
    let mut runner =
        TestRunner::new(Config { cases: 40, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&steps(), |steps| {
        let name = format!("job {}", names.fetch_add(1, Ordering::Relaxed));
        let run = contend(&stores, &name, &steps);
        let handle = tokio::runtime::Handle::current();
        tokio::task::block_in_place(|| handle.block_on(run)).map_err(TestCaseError::fail)
    });
    outcome.unwrap();
}

async fn contenders_hold_a_lease_one_after_the_other(world: Arc<World>) {
    let (is_held, turns) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
    let mut contenders = tokio::task::JoinSet::new();
    for n in 0..4 {
        let store = world.open().await;
        let (is_held, turns) = (Arc::clone(&is_held), Arc::clone(&turns));
        contenders.spawn(async move {
            let mut fences = Vec::new();
            while turns.load(Ordering::SeqCst) < 40 {
                let Some(lease) = take(&store, "build", &format!("process {n}"), HOUR).await else {
                    tokio::task::yield_now().await;
                    continue;
                };
                assert!(!is_held.swap(true, Ordering::SeqCst), "two hold it");
                assert!(store.renew(&lease, Utc::now(), HOUR).await.unwrap());
                turns.fetch_add(1, Ordering::SeqCst);
                fences.push(lease.fence);
                is_held.store(false, Ordering::SeqCst);
                store.release(&lease).await.unwrap();
            }
            assert!(fences.is_sorted_by(|a, b| a < b));
            fences
        });
    }
    let mut fences: Vec<_> = contenders.join_all().await.into_iter().flatten().collect();
    let turns = fences.len();
    fences.sort_unstable();
    fences.dedup();
    assert_eq!((fences.len(), turns >= 40), (turns, true), "each turn has a fence of its own");
}

fn due(second: i64) -> JobRun {
    JobRun::queued("sync", Trigger::Schedule, Some(at(second)), at(second))
}

fn green(second: i64) -> RunEnd {
    RunEnd {
        at: at(second),
        outcome: Outcome::Green,
        counts: JobCounts { read: 10, loaded: 6, unchanged: 3, rejected: 1 },
        message: Some("done".into()),
        message_zh: Some("完成".into()),
    }
}

async fn a_paused_holder_changes_nothing_any_more(world: Arc<World>) {
    let (store, other) = (world.open().await, world.open().await);
    let old = take(&store, "sync", "one", Duration::ZERO).await.unwrap();
    let run = due(0);
    store.admit(&old, at(0), std::slice::from_ref(&run)).await.unwrap();
    store.begin(&old, &run.run_id, at(0)).await.unwrap();
    // It stands still beyond its time, and another takes over.
    let new = take(&other, "sync", "two", HOUR).await.unwrap();
    assert!(new.fence > old.fence);
    let fenced = |outcome| matches!(outcome, Err(StoreError::Fenced { name }) if name == "sync");
    assert!(fenced(store.end(&old, &run.run_id, &green(1)).await));
    assert!(fenced(store.admit(&old, at(9), &[due(9)]).await));
    assert!(fenced(store.begin(&old, &run.run_id, at(9)).await));
    assert!(!store.renew(&old, Utc::now(), HOUR).await.unwrap());
    store.release(&old).await.unwrap();
    assert!(take(&store, "sync", "one", HOUR).await.is_none(), "still the other's");
    let state = store.state("sync").await.unwrap().unwrap();
    assert_eq!((state.decided_until, state.open.len()), (at(0), 1));
    assert_eq!(state.open[0].outcome, Outcome::Running);
    other.end(&new, &run.run_id, &green(2)).await.unwrap();
}

async fn a_due_time_is_run_once(world: Arc<World>) {
    let store = world.open().await;
    let lease = take(&store, "sync", "one", HOUR).await.unwrap();
    store.admit(&lease, at(60), &[due(0), due(60)]).await.unwrap();
    store.admit(&lease, at(120), &[due(60), due(120)]).await.unwrap();
    let state = store.state("sync").await.unwrap().unwrap();
    let dues: Vec<_> = state.open.iter().map(|run| run.due_at.unwrap()).collect();
    assert_eq!(dues, [at(0), at(60), at(120)]);
    // An earlier decision takes nothing back.
    store.admit(&lease, at(30), &[]).await.unwrap();
    assert_eq!(store.state("sync").await.unwrap().unwrap().decided_until, at(120));
    // Another job has due times of its own.
    let other = take(&store, "build", "one", HOUR).await.unwrap();
    let run = JobRun::queued("build", Trigger::Schedule, Some(at(0)), at(0));
    store.admit(&other, at(0), &[run]).await.unwrap();
    let states = store.states().await.unwrap();
    let told: Vec<_> = states.iter().map(|s| (s.job.as_str(), s.open.len())).collect();
    assert_eq!(told, [("build", 1), ("sync", 3)]);
    assert_eq!(store.state("report").await.unwrap(), None);
}

async fn a_run_is_kept_from_queue_to_end(world: Arc<World>) {
    let store = world.open().await;
    let lease = take(&store, "sync", "one", HOUR).await.unwrap();
    let run = JobRun { queued_at: at(1) + chrono::TimeDelta::nanoseconds(7), ..due(0) };
    store.admit(&lease, at(0), std::slice::from_ref(&run)).await.unwrap();
    assert_eq!(store.history("sync", None, 9).await.unwrap(), std::slice::from_ref(&run));
    store.begin(&lease, &run.run_id, at(2)).await.unwrap();
    let gone = |outcome| matches!(outcome, Err(StoreError::NoSuchRun { .. }));
    assert!(gone(store.begin(&lease, &run.run_id, at(2)).await), "begun once");
    let unbalanced = RunEnd { counts: JobCounts { read: 1, ..Default::default() }, ..green(3) };
    assert!(store.end(&lease, &run.run_id, &unbalanced).await.is_err());
    store.end(&lease, &run.run_id, &green(3)).await.unwrap();
    assert!(gone(store.end(&lease, &run.run_id, &green(4)).await), "ended once");
    assert!(gone(store.end(&lease, "nothing", &green(4)).await));
    let end = green(3);
    let ended = JobRun {
        started_at: Some(at(2)),
        ended_at: Some(at(3)),
        outcome: end.outcome,
        counts: end.counts,
        message: end.message,
        message_zh: end.message_zh,
        ..run
    };
    let state = store.state("sync").await.unwrap().unwrap();
    assert_eq!((state.open, state.last), (vec![], Some(ended)));
    // What was passed over was never begun, and is not the last run.
    let skipped = due(60).passed_over(Outcome::Skipped, "still running", "仍在运行");
    store.admit(&lease, at(60), std::slice::from_ref(&skipped)).await.unwrap();
    let state = store.state("sync").await.unwrap().unwrap();
    assert_eq!(state.last.unwrap().due_at, Some(at(0)));
    assert_eq!(store.history("sync", None, 1).await.unwrap(), [skipped]);
}

async fn who_asks_twice_gets_the_run_that_waits(world: Arc<World>) {
    let asked = |by: &str| JobRun {
        asked_by: Some(by.into()),
        ..JobRun::queued("sync", Trigger::Manual, None, at(5))
    };
    let mut asking = tokio::task::JoinSet::new();
    for n in 0..5 {
        let (store, run) = (world.open().await, asked(&format!("person {n}")));
        asking.spawn(async move { store.ask(&run).await.unwrap() });
    }
    let mut runs = asking.join_all().await;
    runs.dedup();
    assert_eq!(runs.len(), 1);
    let store = world.open().await;
    let state = store.state("sync").await.unwrap().unwrap();
    assert_eq!((state.decided_until, state.open), (at(5), runs.clone()));
    // Once it has begun, the next one is another run.
    let lease = take(&store, "sync", "one", HOUR).await.unwrap();
    store.begin(&lease, &runs[0].run_id, at(6)).await.unwrap();
    let next = asked("person 0");
    assert_eq!(store.ask(&next).await.unwrap(), next);
}

async fn a_pause_is_not_made_up_for(world: Arc<World>) {
    let store = world.open().await;
    store.pause("sync", true, at(10)).await.unwrap();
    let state = async || {
        let state = store.state("sync").await.unwrap().unwrap();
        (state.is_paused, state.decided_until)
    };
    assert_eq!(state().await, (true, at(10)));
    store.pause("sync", true, at(20)).await.unwrap();
    store.pause("sync", false, at(30)).await.unwrap();
    assert_eq!(state().await, (false, at(30)));
    store.pause("sync", false, at(40)).await.unwrap();
    assert_eq!(state().await, (false, at(30)), "it was not paused");
}

async fn history_is_paged(world: Arc<World>) {
    let store = world.open().await;
    let lease = take(&store, "sync", "one", HOUR).await.unwrap();
    let runs: Vec<_> = (0..5).map(|n| due(n * 60)).collect();
    store.admit(&lease, at(300), &runs).await.unwrap();
    let page = async |before: Option<&str>| store.history("sync", before, 2).await.unwrap();
    assert_eq!(page(None).await, [runs[4].clone(), runs[3].clone()]);
    assert_eq!(page(Some(&runs[3].run_id)).await, [runs[2].clone(), runs[1].clone()]);
    assert_eq!(page(Some(&runs[1].run_id)).await, [runs[0].clone()]);
    assert!(page(Some(&runs[0].run_id)).await.is_empty());
}

async fn freshness_never_goes_back(world: Arc<World>) {
    let store = world.open().await;
    let mark = |report: &str, until: Option<DateTime<Utc>>, noted: i64| FreshnessMark {
        report: report.into(),
        built_at: Some(at(noted)),
        data_until: until,
        slowest: Some("erp".into()),
        noted_at: at(noted),
    };
    store.note_freshness(&[mark("a", Some(at(1)), 1), mark("b", None, 1)]).await.unwrap();
    store.note_freshness(&[mark("a", Some(at(5)), 5)]).await.unwrap();
    store.note_freshness(&[mark("a", Some(at(3)), 3)]).await.unwrap();
    assert_eq!(store.freshness().await.unwrap(), [mark("a", Some(at(5)), 5), mark("b", None, 1)]);
    let times = store.times().await.unwrap();
    let told: Vec<_> =
        times.iter().map(|t| (t.report.as_str(), t.built_at, t.data_until)).collect();
    assert_eq!(told, [("a", Some(at(5)), Some(at(5))), ("b", Some(at(1)), None)]);
}

/// Something in every table of this file.
pub(crate) async fn fill(store: &Metadata) {
    let lease = take(store, "sync", "one", HOUR).await.unwrap();
    let run = due(0);
    store.admit(&lease, at(60), &[run.clone(), due(60)]).await.unwrap();
    store.begin(&lease, &run.run_id, at(2)).await.unwrap();
    store.end(&lease, &run.run_id, &green(3)).await.unwrap();
    let mark = FreshnessMark {
        report: "sightings".into(),
        built_at: None,
        data_until: None,
        slowest: None,
        noted_at: at(0),
    };
    store.note_freshness(&[mark]).await.unwrap();
}
