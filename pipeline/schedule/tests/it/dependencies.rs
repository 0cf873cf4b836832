//! Jobs that come after others.

use yuanliu_schedule::{Outcome, Readiness};

use crate::world::World;

const TWO_SYNCS: &str = r#"
[[job]]
name = "pull_a"
kind = "sync"
system = "a"
schedule = "0 * * * *"

[[job]]
name = "pull_b"
kind = "sync"
system = "b"
schedule = "0 * * * *"

[[job]]
name = "build"
kind = "build"
after = ["pull_a", "pull_b"]
"#;

#[tokio::test]
async fn a_build_follows_when_both_syncs_ended_well_once() {
    let mut world = World::running(TWO_SYNCS).await;
    world.pass_time(3600).await;
    world.finish("pull_a", Outcome::Green).await;
    world.pass_time(60).await;
    assert!(world.history("build").await.is_empty(), "pull_b goes on");
    world.finish("pull_b", Outcome::Yellow).await;
    world.tick(0).await;
    world.finish("build", Outcome::Green).await;
    world.pass_time(600).await;
    assert_eq!(world.history("build").await, ["- after green"]);
    assert_eq!(world.signals(), ["job_doubtful pull_b"]);
}

#[tokio::test]
async fn a_failed_sync_holds_the_build_and_says_so_once() {
    let mut world = World::running(TWO_SYNCS).await;
    world.pass_time(3600).await;
    world.finish("pull_a", Outcome::Green).await;
    world.finish("pull_b", Outcome::Red).await;
    world.pass_time(600).await;
    assert!(world.history("build").await.is_empty());
    assert_eq!(world.signals(), ["job_failed pull_b", "job_held build"]);
    assert!(world.last_message().contains("pull_b did not end well"));
    let views = world.desk().views().await.unwrap();
    assert!(
        matches!(&views.get(2).unwrap().readiness, Readiness::Held { by, .. } if by == "pull_b")
    );

    world.desk().run_now("pull_b", "admin").await.unwrap();
    world.tick(0).await;
    world.finish("pull_b", Outcome::Green).await;
    world.tick(0).await;
    world.finish("build", Outcome::Green).await;
    assert_eq!(world.history("build").await, ["- after green"]);
    assert_eq!(world.signals().last().unwrap(), "job_recovered pull_b");
}

#[tokio::test]
async fn a_build_that_a_person_asks_for_waits_for_nobody() {
    let mut world = World::running(TWO_SYNCS).await;
    world.desk().run_now("build", "admin").await.unwrap();
    world.tick(0).await;
    world.finish("build", Outcome::Green).await;
    assert_eq!(world.history("build").await, ["- manual green"]);
}

#[tokio::test]
async fn a_due_time_waits_for_the_job_before() {
    let text = format!(
        "{TWO_SYNCS}\n[[job]]\nname = \"monday\"\nkind = \"maintain\"\nschedule = \"30 12 * * *\"\nafter = [\"build\"]"
    );
    let mut world = World::running(&text).await;
    world.pass_time(1900).await;
    assert_eq!(world.history("monday").await, ["12:30 schedule queued"]);
    world.desk().run_now("build", "admin").await.unwrap();
    world.tick(0).await;
    world.finish("build", Outcome::Green).await;
    world.tick(0).await;
    world.finish("monday", Outcome::Green).await;
    assert_eq!(world.history("monday").await, ["12:30 schedule green"]);
}

#[tokio::test]
async fn a_build_that_was_cut_off_is_done_again() {
    let mut world = World::running(TWO_SYNCS).await;
    world.pass_time(3600).await;
    world.finish("pull_a", Outcome::Green).await;
    world.finish("pull_b", Outcome::Green).await;
    world.tick(0).await;
    world.kill(0);
    world.start(0);
    world.tick(0).await;
    world.tick(0).await;
    world.finish("build", Outcome::Green).await;
    assert_eq!(world.history("build").await, ["- after interrupted", "- after green"]);
}
