//! Missed due times, overlap, run now, pause.

use chrono::TimeDelta;
use yuanliu_schedule::{Outcome, Readiness};

use crate::world::World;

fn job(extra: &str) -> String {
    format!("[[job]]\nname = \"tidy\"\nkind = \"maintain\"\nschedule = \"*/10 * * * *\"\n{extra}\n")
}

/// A process is gone from 12:05 to 12:47; then each run that begins ends green.
async fn after_a_downtime(extra: &str) -> World {
    let mut world = World::running(&job(extra)).await;
    world.pass_time(300).await;
    world.kill(0);
    world.clock.advance(TimeDelta::minutes(42));
    world.start(0);
    world.tick(0).await;
    while !world.going_on().is_empty() {
        world.finish("tidy", Outcome::Green).await;
    }
    world
}

#[tokio::test]
async fn a_due_time_is_run_when_it_comes_and_not_before() {
    let mut world = World::running(&job("")).await;
    world.pass_time(590).await;
    assert!(world.going_on().is_empty());
    world.pass_time(10).await;
    world.finish("tidy", Outcome::Green).await;
    world.pass_time(590).await;
    assert_eq!(world.history("tidy").await, ["12:10 schedule green"]);
}

#[tokio::test]
async fn all_missed_ones_are_made_up_for_oldest_first() {
    let world = after_a_downtime("missed = \"all\"").await;
    let expected =
        ["12:10 missed green", "12:20 missed green", "12:30 missed green", "12:40 missed green"];
    assert_eq!(world.history("tidy").await, expected);
    assert!(world.signals().is_empty());
}

#[tokio::test]
async fn more_missed_ones_than_the_bound_are_passed_over_and_told() {
    let world = after_a_downtime("missed = \"all\"\nmissed_max = 2").await;
    let expected = ["12:20 missed skipped", "12:30 missed green", "12:40 missed green"];
    assert_eq!(world.history("tidy").await, expected);
    assert_eq!(world.signals(), ["due_times_dropped tidy"]);
    assert!(world.last_message().contains("due times up to 2026-03-02 12:20"));
}

#[tokio::test]
async fn the_last_missed_one_is_made_up_for() {
    let world = after_a_downtime("missed = \"last\"").await;
    assert_eq!(world.history("tidy").await, ["12:40 missed green"]);
}

#[tokio::test]
async fn no_missed_one_is_made_up_for_and_the_history_says_so() {
    let world = after_a_downtime("missed = \"none\"").await;
    assert_eq!(world.history("tidy").await, ["12:40 missed skipped"]);
}

#[tokio::test]
async fn a_due_time_on_time_makes_up_for_the_last_missed_one() {
    let mut world = World::running(&job("missed = \"last\"")).await;
    world.kill(0);
    world.clock.advance(TimeDelta::seconds(20 * 60 + 5));
    world.start(0);
    world.tick(0).await;
    world.finish("tidy", Outcome::Green).await;
    assert_eq!(world.history("tidy").await, ["12:20 schedule green"]);
}

/// The run of 12:10 lasts until 12:35.
async fn a_long_run(overlap: &str) -> World {
    let mut world = World::running(&job(&format!("overlap = \"{overlap}\""))).await;
    world.pass_time(35 * 60).await;
    while !world.going_on().is_empty() {
        world.finish("tidy", Outcome::Green).await;
    }
    world
}

#[tokio::test]
async fn due_times_during_a_run_are_skipped() {
    let world = a_long_run("skip").await;
    let expected = ["12:10 schedule green", "12:20 schedule skipped", "12:30 schedule skipped"];
    assert_eq!(world.history("tidy").await, expected);
    assert!(world.signals().is_empty());
}

#[tokio::test]
async fn due_times_during_a_run_wait_in_order() {
    let world = a_long_run("queue").await;
    let expected = ["12:10 schedule green", "12:20 schedule green", "12:30 schedule green"];
    assert_eq!(world.history("tidy").await, expected);
    let begun: Vec<_> = world.work.log().iter().map(|begun| begun.due_at).collect();
    assert!(begun.is_sorted() && begun.len() == 3);
}

#[tokio::test]
async fn due_times_during_a_run_are_forbidden_and_told() {
    let world = a_long_run("forbid").await;
    let expected = ["12:10 schedule green", "12:20 schedule red", "12:30 schedule red"];
    assert_eq!(world.history("tidy").await, expected);
    assert_eq!(world.signals(), ["job_failed tidy", "job_failed tidy"]);
}

#[tokio::test]
async fn a_person_runs_a_job_now_once_and_after_the_run_that_goes_on() {
    let mut world = World::running(&job("")).await;
    world.pass_time(600).await;
    let first = world.desk().run_now("tidy", "admin").await.unwrap();
    let second = world.desk().run_now("tidy", "admin").await.unwrap();
    assert_eq!(first.run_id, second.run_id);
    world.tick(0).await;
    assert_eq!(world.going_on().len(), 1);
    world.finish("tidy", Outcome::Green).await;
    world.finish("tidy", Outcome::Green).await;
    assert_eq!(world.history("tidy").await, ["12:10 schedule green", "- manual green"]);
    let runs = world.desk().history("tidy", None, 1).await.unwrap();
    assert_eq!(runs.first().unwrap().asked_by.as_deref(), Some("admin"));
    let older = world.desk().history("tidy", Some(&first.run_id), 5).await.unwrap();
    assert_eq!(older.len(), 1);
}

#[tokio::test]
async fn nothing_is_due_while_paused_and_nothing_of_it_is_made_up_for() {
    let mut world = World::running(&job("missed = \"all\"")).await;
    world.desk().pause("tidy").await.unwrap();
    assert_eq!(world.desk().views().await.unwrap().first().unwrap().next_due, None);
    world.pass_time(25 * 60).await;
    world.desk().run_now("tidy", "admin").await.unwrap();
    world.tick(0).await;
    world.finish("tidy", Outcome::Green).await;
    world.desk().resume("tidy").await.unwrap();
    world.pass_time(10 * 60).await;
    world.finish("tidy", Outcome::Green).await;
    assert_eq!(world.history("tidy").await, ["- manual green", "12:30 schedule green"]);
}

#[tokio::test]
async fn a_job_that_is_not_there_is_named_with_those_that_are() {
    let world = World::running(&job("")).await;
    let error = world.desk().run_now("tidi", "admin").await.unwrap_err();
    assert_eq!(error.to_string(), "there is no job `tidi`; there are: tidy");
}

#[tokio::test]
async fn a_job_that_was_switched_off_owes_nothing_when_it_is_switched_on() {
    let mut world = World::running(&job("missed = \"all\"")).await;
    let zone = chrono_tz::Asia::Shanghai;
    let parse = |text: &str| {
        yuanliu_schedule::Jobs::parse(text, zone, &yuanliu_schedule::Known::default()).unwrap()
    };
    world.desk().replace(parse(&job("enabled = false")));
    world.pass_time(25 * 60).await;
    assert!(world.history("tidy").await.is_empty());
    world.desk().replace(parse(&job("missed = \"all\"")));
    world.pass_time(5 * 60).await;
    world.finish("tidy", Outcome::Green).await;
    assert_eq!(world.history("tidy").await, ["12:30 schedule green"]);
}

#[tokio::test]
async fn people_see_when_a_job_is_due_next() {
    let mut world = World::running(&job("")).await;
    world.pass_time(61).await;
    let views = world.desk().views().await.unwrap();
    let view = views.first().unwrap();
    let due = view.next_due.unwrap().with_timezone(&chrono_tz::Asia::Shanghai);
    assert_eq!(due.format("%H:%M").to_string(), "12:10");
    assert_eq!(view.readiness, Readiness::Ready);
    assert!(!view.state.as_ref().unwrap().is_paused);
}
