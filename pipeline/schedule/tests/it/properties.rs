//! Whatever happens to three processes that share a store, due times keep what they were promised.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use yuanliu_schedule::{JobRun, JobStore, Outcome, Trigger};

use crate::world::{Fault, LEASE_TTL, World};

const JOBS: [&str; 4] = ["queued", "skipped", "forbidden", "follower"];

/// Schedules of different pace; the bounds are beyond what a trial reaches, so nothing may be dropped.
fn jobs(minutes: [u32; 3]) -> String {
    let job = |name: &str, minutes: u32, missed: &str, overlap: &str| {
        format!(
            "[[job]]\nname = \"{name}\"\nkind = \"maintain\"\nschedule = \"*/{minutes} * * * *\"\n\
             missed = \"{missed}\"\nmissed_max = 1000\noverlap = \"{overlap}\"\ntimeout_s = 600\n"
        )
    };
    let [a, b, c] = minutes;
    [
        job("queued", a, "all", "queue"),
        job("skipped", b, "last", "skip"),
        job("forbidden", c, "none", "forbid"),
        "[[job]]\nname = \"follower\"\nkind = \"build\"\nafter = [\"skipped\"]\n".to_owned(),
    ]
    .concat()
}

#[derive(Debug, Clone)]
enum Step {
    /// Time passes; the processes of the set look at the same time, the others stand still.
    Pass(i64, [bool; 3]),
    Finish(prop::sample::Index, Outcome),
    Start(usize),
    Kill(usize),
    ShutDown(usize),
    Pause(usize),
    Resume(usize),
    RunNow(usize),
    Fail(Vec<Fault>),
}

fn step() -> impl Strategy<Value = Step> {
    let outcome =
        prop_oneof![4 => Just(Outcome::Green), 1 => Just(Outcome::Yellow), 2 => Just(Outcome::Red)];
    let fault = prop_oneof![Just(Fault::Refused), Just(Fault::AnswerLost), Just(Fault::No)];
    prop_oneof![
        8 => (1i64..200, Just([true; 3])).prop_map(|(seconds, all)| Step::Pass(seconds, all)),
        3 => (1i64..400, any::<[bool; 3]>()).prop_map(|(seconds, who)| Step::Pass(seconds, who)),
        8 => (any::<prop::sample::Index>(), outcome).prop_map(|(run, end)| Step::Finish(run, end)),
        3 => (0usize..3).prop_map(Step::Start),
        2 => (0usize..3).prop_map(Step::Kill),
        1 => (0usize..3).prop_map(Step::ShutDown),
        1 => (0usize..JOBS.len()).prop_map(Step::Pause),
        2 => (0usize..JOBS.len()).prop_map(Step::Resume),
        1 => (0usize..JOBS.len()).prop_map(Step::RunNow),
        1 => prop::collection::vec(fault, 1..5).prop_map(Step::Fail),
    ]
}

/// From, exclusive, to, inclusive.
type Span = (DateTime<Utc>, DateTime<Utc>);

/// What the trial itself knows.
#[derive(Default)]
struct Known {
    /// Since when a job is paused, by the last due time decided before.
    paused: BTreeMap<&'static str, DateTime<Utc>>,
    /// Times in which a job owes nothing.
    silent: BTreeMap<&'static str, Vec<Span>>,
    begun: usize,
    made_up: usize,
}

async fn take(world: &mut World, step: &Step, known: &mut Known) {
    match step {
        Step::Pass(seconds, who) => {
            world.clock.advance(TimeDelta::seconds(*seconds));
            world.tick_together(*who).await;
        }
        Step::Finish(which, outcome) => {
            let runs = world.going_on();
            if !runs.is_empty() {
                let (process, run_id) = which.get(&runs).clone();
                world.finish_run(process, &run_id, *outcome).await;
            }
        }
        Step::Start(process) => {
            if world.processes.get(*process).is_some_and(Option::is_none) {
                world.start(*process);
                world.tick(*process).await;
            }
        }
        Step::Kill(process) => world.kill(*process),
        Step::ShutDown(process) => {
            // A store that does not answer holds a shutdown until its clock runs on.
            world.flaky.heal();
            if let Some(process) = world.processes.get_mut(*process).and_then(Option::take) {
                process.scheduler.shut_down(std::time::Duration::ZERO).await;
            }
        }
        Step::Pause(job) => {
            let job = JOBS.get(*job).copied().unwrap_or_default();
            let state = world.store.state(job).await.unwrap();
            let decided = state.map_or(world.now(), |state| state.decided_until);
            known.paused.entry(job).or_insert(decided);
            world.store.pause(job, true, world.now()).await.unwrap();
        }
        Step::Resume(job) => {
            let job = JOBS.get(*job).copied().unwrap_or_default();
            if let Some(since) = known.paused.remove(job) {
                known.silent.entry(job).or_default().push((since, world.now()));
            }
            world.store.pause(job, false, world.now()).await.unwrap();
        }
        Step::RunNow(job) => {
            let job = JOBS.get(*job).copied().unwrap_or_default();
            let run = JobRun::queued(job, Trigger::Manual, None, world.now());
            world.store.ask(&run).await.unwrap();
        }
        Step::Fail(faults) => world.flaky.fail(faults),
    }
}

async fn runs(world: &World, job: &str) -> Vec<JobRun> {
    let mut runs = world.store.history(job, None, u32::MAX).await.unwrap();
    runs.reverse();
    runs
}

/// One look makes up for one missed due time of `skipped` at most.
async fn check_missed(world: &World, known: &mut Known) {
    let made_up =
        runs(world, "skipped").await.iter().filter(|r| r.trigger == Trigger::Missed).count();
    assert!(made_up <= known.made_up + 1, "{made_up} made up for after {}", known.made_up);
    known.made_up = made_up;
}

async fn check(world: &World, known: &mut Known) {
    let log = world.work.log();
    for begun in log.iter().skip(known.begun) {
        let is_paused = known.paused.contains_key(begun.job.as_str());
        assert!(!is_paused || begun.trigger == Trigger::Manual, "{begun:?} while paused");
        let earlier = log.iter().take_while(|other| other.run_id != begun.run_id);
        for other in earlier.filter(|other| other.job == begun.job) {
            assert!(other.fence <= begun.fence, "{begun:?} has an older lease than {other:?}");
            if !other.is_over {
                let left = begun.at - other.at;
                assert!(
                    left >= TimeDelta::from_std(LEASE_TTL).unwrap(),
                    "{begun:?} beside {other:?}"
                );
            }
        }
    }
    known.begun = log.len();
    check_followed(world).await;

    let twice = |job: &str| {
        let due = log.iter().filter(|begun| begun.job == job).filter_map(|begun| begun.due_at);
        let due: Vec<_> = due.collect();
        (due.len(), due.iter().collect::<BTreeSet<_>>().len(), due.is_sorted())
    };
    for job in JOBS {
        let (begun, distinct, is_in_order) = twice(job);
        assert_eq!(begun, distinct, "a due time of {job} was run twice");
        assert!(is_in_order, "due times of {job} were run out of order");
        let runs = runs(world, job).await;
        let open: Vec<_> = runs.iter().filter(|run| run.outcome.is_open()).collect();
        let running = open.iter().filter(|run| run.outcome == Outcome::Running).count();
        assert!(running <= 1, "{job} runs {running} times");
        let scheduled = open.iter().filter(|run| run.trigger == Trigger::Schedule).count();
        assert!(job == "queued" || scheduled <= 1, "{job}: {open:?}");
        assert!(runs.iter().all(|run| run.counts.is_balanced()));
        for (from, to) in known.silent.get(job).into_iter().flatten() {
            let is_silent = |at: DateTime<Utc>| *from < at && at <= *to;
            assert!(!runs.iter().any(|run| run.due_at.is_some_and(is_silent)), "{job} in a pause");
        }
    }
}

/// `follower` runs by itself once for each good end of `skipped`, and once more for a run that was cut off.
async fn check_followed(world: &World) {
    let ends: Vec<_> =
        runs(world, "skipped").await.into_iter().filter(|r| r.outcome.is_well()).collect();
    let begun = |run: &JobRun| run.started_at.is_some();
    let followed: Vec<_> = runs(world, "follower").await.into_iter().filter(begun).collect();
    for pair in followed.windows(2) {
        let [before, run] = pair else { continue };
        let is_between =
            |end: &JobRun| end.ended_at > before.started_at && end.ended_at <= run.started_at;
        assert!(
            run.trigger == Trigger::Manual
                || before.outcome == Outcome::Interrupted
                || ends.iter().any(is_between),
            "{run:?} after {before:?}"
        );
    }
}

/// Ends what goes on, starts one process, and lets it work everything off.
async fn come_to_rest(world: &mut World, known: &mut Known) {
    world.flaky.heal();
    (0..3).for_each(|process| world.kill(process));
    for at in 0..JOBS.len() {
        take(world, &Step::Resume(at), known).await;
    }
    world.clock.advance(TimeDelta::from_std(LEASE_TTL).unwrap());
    world.start_named(0, "the last");
    world.tick(0).await;
    check_missed(world, known).await;
    world.tick(0).await;
    while let Some((process, run_id)) = world.going_on().first().cloned() {
        world.finish_run(process, &run_id, Outcome::Green).await;
        world.tick(0).await;
    }
    check(world, known).await;
    let last = world.store.state("skipped").await.unwrap().and_then(|state| state.last);
    let holds = last.as_ref().is_some_and(|run| !run.outcome.is_well());
    // A run that a person asked for waits for nobody, and may do what the queued one was to do.
    let follower = runs(world, "follower").await;
    let begun = follower.iter().filter_map(|run| run.started_at).max();
    let waits = begun >= last.and_then(|run| run.ended_at);
    for job in JOBS {
        let open = runs(world, job).await.iter().any(|run| run.outcome.is_open());
        assert!(!open || (job == "follower" && (holds || waits)), "{job} is left open");
    }
}

/// Every due time of `queued` outside of pauses is in the history once.
async fn check_complete(world: &World, known: &Known, since: DateTime<Utc>) {
    let spec = world.jobs.job("queued").unwrap();
    let timetable = spec.timetable.as_ref().unwrap();
    let (due, has_earlier) = timetable.between(since, world.now(), 100_000);
    assert!(!has_earlier);
    let silent = known.silent.get("queued").cloned().unwrap_or_default();
    let is_owed = |at: &DateTime<Utc>| !silent.iter().any(|(from, to)| from < at && at <= to);
    let owed: Vec<_> = due.into_iter().filter(is_owed).collect();
    let found: Vec<_> = runs(world, "queued").await.iter().filter_map(|run| run.due_at).collect();
    assert_eq!(found, owed);
}

async fn trial(minutes: [u32; 3], runs_max: usize, pace: Vec<u8>, steps: &[Step]) {
    let mut world = World::of(&jobs(minutes), 3);
    world.runs_max = runs_max;
    world.flaky.pace(pace);
    let mut known = Known::default();
    let since = world.now();
    world.start(0);
    world.tick(0).await;
    for step in steps {
        take(&mut world, step, &mut known).await;
        check_missed(&world, &mut known).await;
        check(&world, &mut known).await;
    }
    come_to_rest(&mut world, &mut known).await;
    check_complete(&world, &known, since).await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn due_times_keep_what_they_were_promised(
        minutes in [1u32..20, 1u32..20, 1u32..20],
        runs_max in 1usize..5,
        // How long each call of the store takes, so that the processes come between each other's calls.
        pace in prop::collection::vec(0u8..4, 1..20),
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(trial(minutes, runs_max, pace, &steps));
    }
}
