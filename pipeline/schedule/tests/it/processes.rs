//! Several processes over one store.

use chrono::TimeDelta;
use yuanliu_schedule::{JobRun, JobStore, Leases, Outcome, StoreError, Trigger};

use crate::world::{LEASE_TTL, World};

const TIDY: &str = "[[job]]\nname = \"tidy\"\nkind = \"maintain\"\nschedule = \"*/10 * * * *\"\n";

async fn three() -> World {
    let mut world = World::of(TIDY, 3);
    (0..3).for_each(|process| world.start(process));
    world.tick_all().await;
    world
}

#[tokio::test]
async fn a_due_time_is_run_by_one_of_them() {
    let mut world = three().await;
    world.pass_time(600).await;
    assert_eq!(world.going_on().len(), 1);
    world.finish("tidy", Outcome::Green).await;
    world.tick_all().await;
    assert_eq!(world.history("tidy").await, ["12:10 schedule green"]);
}

#[tokio::test]
async fn a_long_run_keeps_its_lease() {
    let mut world = three().await;
    world.pass_time(900).await;
    assert_eq!(world.going_on().len(), 1);
    world.finish("tidy", Outcome::Green).await;
    assert_eq!(world.history("tidy").await, ["12:10 schedule green"]);
}

#[tokio::test]
async fn what_a_killed_process_left_is_closed_by_another_when_its_lease_has_run_out() {
    let mut world = three().await;
    world.pass_time(600).await;
    let (process, _) = world.going_on().first().cloned().unwrap();
    world.kill(process);
    world.pass_time(20).await;
    assert_eq!(world.history("tidy").await, ["12:10 schedule running"]);
    world.pass_time(LEASE_TTL.as_secs() as i64).await;
    assert_eq!(world.history("tidy").await, ["12:10 schedule interrupted"]);
    assert_eq!(world.signals(), ["job_interrupted tidy"]);
    world.pass_time(600).await;
    assert_eq!(world.history("tidy").await.last().unwrap(), "12:20 schedule running");
}

#[tokio::test]
async fn a_process_that_comes_back_under_its_name_closes_its_own_runs_at_once() {
    let mut world = World::running(TIDY).await;
    world.pass_time(600).await;
    world.kill(0);
    world.start(0);
    world.tick(0).await;
    assert_eq!(world.history("tidy").await, ["12:10 schedule interrupted"]);
}

#[tokio::test]
async fn a_process_that_stood_still_stops_and_its_end_is_not_noted() {
    let mut world = three().await;
    world.pass_time(600).await;
    let (stalled, run_id) = world.going_on().first().cloned().unwrap();
    let others: Vec<_> = (0..3).filter(|process| *process != stalled).collect();
    for _ in 0..6 {
        world.clock.advance(TimeDelta::seconds(10));
        for process in &others {
            world.tick(*process).await;
        }
    }
    assert_eq!(world.history("tidy").await, ["12:10 schedule interrupted"]);
    world.tick(stalled).await;
    world.work.over(&run_id).await;
    assert!(world.going_on().is_empty());
    assert_eq!(world.history("tidy").await, ["12:10 schedule interrupted"]);
}

#[tokio::test]
async fn an_old_lease_changes_nothing() {
    let world = three().await;
    let (store, now) = (&world.store, world.now());
    let old = store.acquire("tidy", "a", now, LEASE_TTL).await.unwrap().unwrap();
    assert!(store.acquire("tidy", "b", now, LEASE_TTL).await.unwrap().is_none());
    let later = now + TimeDelta::seconds(30);
    let new = store.acquire("tidy", "b", later, LEASE_TTL).await.unwrap().unwrap();
    assert!(new.fence > old.fence);
    assert!(!store.renew(&old, later, LEASE_TTL).await.unwrap());
    let refused = store.admit(&old, later, &[]).await.unwrap_err();
    assert!(matches!(refused, StoreError::Fenced { name } if name == "tidy"));
    store.release(&old).await.unwrap();
    assert!(store.acquire("tidy", "c", later, LEASE_TTL).await.unwrap().is_none());
}

#[tokio::test]
async fn a_due_time_is_noted_once_whoever_notes_it() {
    let world = three().await;
    let (store, now) = (&world.store, world.now());
    let lease = store.acquire("tidy", "a", now, LEASE_TTL).await.unwrap().unwrap();
    let run = |due| JobRun::queued("tidy", Trigger::Schedule, due, now);
    store.admit(&lease, now, &[run(Some(now)), run(None)]).await.unwrap();
    store.admit(&lease, now, &[run(Some(now)), run(None)]).await.unwrap();
    let history = world.history("tidy").await;
    assert_eq!(history, ["12:00 schedule queued", "- schedule queued", "- schedule queued"]);
}

#[tokio::test]
async fn a_process_runs_no_more_jobs_at_once_than_it_may_and_the_oldest_first() {
    let job = |name: &str, minute: u32| {
        format!(
            "[[job]]\nname = \"{name}\"\nkind = \"maintain\"\nschedule = \"{minute} * * * *\"\n"
        )
    };
    let text = [job("c", 1), job("b", 2), job("a", 3)].concat();
    let mut world = World::of(&text, 1);
    world.runs_max = 1;
    world.start(0);
    world.tick(0).await;
    world.pass_time(240).await;
    let mut order = Vec::new();
    while let Some((_, run_id)) = world.going_on().first().cloned() {
        assert_eq!(world.going_on().len(), 1);
        let job = world.work.job_of(&run_id);
        world.finish(&job, Outcome::Green).await;
        order.push(job);
    }
    assert_eq!(order, ["c", "b", "a"]);
}

#[tokio::test]
async fn a_queue_that_one_process_has_no_room_for_is_worked_off_by_another() {
    let text = "[[job]]\nname = \"a\"\nkind = \"maintain\"\nschedule = \"1 * * * *\"\n\
                [[job]]\nname = \"b\"\nkind = \"maintain\"\nschedule = \"1 * * * *\"\n";
    let mut world = World::of(text, 2);
    world.runs_max = 1;
    (0..2).for_each(|process| world.start(process));
    world.tick_all().await;
    world.pass_time(60).await;
    let mut processes: Vec<_> = world.going_on().iter().map(|(process, _)| *process).collect();
    processes.sort_unstable();
    assert_eq!(processes, [0, 1]);
}
