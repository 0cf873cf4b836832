//! How runs end: limits, stops, counts that do not add up, work that breaks off.

use std::time::Duration;

use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;
use yuanliu_schedule::{Event, JobCounts, JobStore, Outcome, WorkReport};

use crate::world::World;

const TIDY: &str =
    "[[job]]\nname = \"tidy\"\nkind = \"maintain\"\nschedule = \"*/10 * * * *\"\ntimeout_s = 120\n";

async fn in_a_run() -> World {
    let mut world = World::running(TIDY).await;
    world.pass_time(600).await;
    assert_eq!(world.going_on().len(), 1);
    world
}

async fn message(world: &World) -> String {
    let runs = world.store.history("tidy", None, 1).await.unwrap();
    let run = runs.first().unwrap();
    assert_eq!(run.message.is_some(), run.message_zh.is_some());
    run.message.clone().unwrap_or_default()
}

#[tokio::test]
async fn work_that_takes_too_long_is_stopped_and_red() {
    let mut world = in_a_run().await;
    let (process, run_id) = world.going_on().first().cloned().unwrap();
    world.pass_time(120).await;
    world.finish_run(process, &run_id, Outcome::Green).await;
    assert_eq!(world.history("tidy").await, ["12:10 schedule red"]);
    assert!(message(&world).await.starts_with("took longer than its timeout_s allows"));
}

#[tokio::test]
async fn work_that_does_not_heed_is_dropped_after_the_grace() {
    let mut world = in_a_run().await;
    world.work.deaf.lock().unwrap().push("tidy".to_owned());
    world.finish("tidy", Outcome::Green).await;
    world.pass_time(600).await;
    let (_, run_id) = world.going_on().first().cloned().unwrap();
    world.pass_time(125).await;
    assert_eq!(world.history("tidy").await.last().unwrap(), "12:20 schedule running");
    world.pass_time(10).await;
    world.work.over(&run_id).await;
    world.processes.first_mut().unwrap().as_mut().unwrap().scheduler.wait().await;
    world.tick(0).await;
    assert_eq!(world.history("tidy").await.last().unwrap(), "12:20 schedule red");
}

#[tokio::test]
async fn work_that_breaks_off_is_red_and_the_scheduler_goes_on() {
    let mut world = World::running(TIDY).await;
    world.work.broken.lock().unwrap().push("tidy".to_owned());
    world.pass_time(600).await;
    world.finish("tidy", Outcome::Green).await;
    assert!(message(&world).await.starts_with("the work broke off"));
    world.work.broken.lock().unwrap().clear();
    world.pass_time(600).await;
    world.finish("tidy", Outcome::Green).await;
    assert_eq!(world.history("tidy").await, ["12:10 schedule red", "12:20 schedule green"]);
    assert_eq!(world.signals(), ["job_failed tidy", "job_recovered tidy"]);
}

#[tokio::test]
async fn counts_that_do_not_balance_are_red() {
    let mut world = in_a_run().await;
    let (process, run_id) = world.going_on().first().cloned().unwrap();
    let counts = JobCounts { read: 5, loaded: 3, unchanged: 1, rejected: 0 };
    let report = WorkReport { outcome: Outcome::Green, counts, message: None, message_zh: None };
    world.work.end(&run_id, report);
    world.finish_run(process, &run_id, Outcome::Green).await;
    assert_eq!(world.history("tidy").await, ["12:10 schedule red"]);
    assert!(message(&world).await.contains("do not balance"));
}

#[tokio::test]
async fn an_end_that_the_store_refuses_is_noted_later() {
    let mut world = in_a_run().await;
    let (_, run_id) = world.going_on().first().cloned().unwrap();
    world.work.end(&run_id, crate::world::report(Outcome::Green));
    world.processes.first_mut().unwrap().as_mut().unwrap().scheduler.wait().await;
    world.flaky.fail(&[crate::world::Fault::Refused]);
    world.tick(0).await;
    assert_eq!(world.history("tidy").await, ["12:10 schedule running"]);
    world.tick(0).await;
    assert_eq!(world.history("tidy").await, ["12:10 schedule green"]);
}

#[tokio::test]
async fn a_shutdown_lets_what_runs_end() {
    let mut world = in_a_run().await;
    let process = world.processes.first_mut().unwrap().take().unwrap();
    let (work, desk) = (world.work.clone(), process.desk.clone());
    let run_id = work.log().first().unwrap().run_id.clone();
    let mut events = desk.watch();
    let end = tokio::spawn(process.scheduler.shut_down(Duration::from_secs(60)));
    work.end(&run_id, crate::world::report(Outcome::Green));
    let ended = events.recv().await.unwrap();
    assert!(matches!(ended, Event::Ended(run) if run.outcome == Outcome::Green));
    end.await.unwrap();
    assert_eq!(world.history("tidy").await, ["12:10 schedule green"]);
}

#[tokio::test]
async fn a_shutdown_stops_what_does_not_end_within_its_bound() {
    let mut world = in_a_run().await;
    let (process, before) = (world.processes.first_mut().unwrap().take().unwrap(), world.now());
    let end = tokio::spawn(process.scheduler.shut_down(Duration::from_secs(60)));
    while !end.is_finished() {
        tokio::task::yield_now().await;
        world.clock.advance(TimeDelta::seconds(1));
    }
    assert!((60..70).contains(&(world.now() - before).num_seconds()));
    assert_eq!(world.history("tidy").await, ["12:10 schedule interrupted"]);
    assert_eq!(world.signals(), ["job_interrupted tidy"]);
    world.start_named(0, "another");
    world.pass_time(600).await;
    world.finish("tidy", Outcome::Green).await;
    assert_eq!(world.history("tidy").await.last().unwrap(), "12:20 schedule green");
}

#[tokio::test]
async fn the_loop_runs_by_its_clock_and_ends_when_told() {
    let mut world = World::of(TIDY, 1);
    world.start(0);
    let process = world.processes.first_mut().unwrap().take().unwrap();
    let mut events = process.desk.watch();
    let shutdown = CancellationToken::new();
    let running = tokio::spawn(process.scheduler.run(shutdown.clone(), Duration::from_secs(60)));
    // The first look makes the job known; it is due from then on.
    let desk = process.desk.clone();
    desk.run_now("tidy", "admin").await.unwrap();
    let started = events.recv().await.unwrap();
    let Event::Started(run) = started else { panic!("{started:?}") };
    world.work.begun(&run.run_id).await;
    world.work.end(&run.run_id, crate::world::report(Outcome::Green));
    assert!(matches!(events.recv().await.unwrap(), Event::Ended(_)));
    world.clock.advance(TimeDelta::minutes(10));
    let admitted = events.recv().await.unwrap();
    assert!(matches!(admitted, Event::Admitted(run) if run.due_at == Some(world.now())));
    let Event::Started(run) = events.recv().await.unwrap() else { panic!("not started") };
    world.work.begun(&run.run_id).await;
    world.work.end(&run.run_id, crate::world::report(Outcome::Green));
    assert!(matches!(events.recv().await.unwrap(), Event::Ended(_)));
    shutdown.cancel();
    running.await.unwrap();
    assert_eq!(world.history("tidy").await, ["- manual green", "12:10 schedule green"]);
}
