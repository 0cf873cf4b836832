//! Every row arrives, wherever a run starts.

use std::time::Duration;

use yuanliu_engine::memory::MemoryStore;
use yuanliu_engine::{RunOptions, RunReport, StreamRun};

use crate::report::{Failure, Outcome, Verdict, ensure};
use crate::subject::{Applicability, Subject};
use crate::trial::{LOOK_BACK, Trial, same_content, same_state, state_of};

pub(super) async fn reads_all_rows(subject: &dyn Subject) -> Outcome {
    let trial = Trial::begin(subject)?;
    let rows = trial.documents(0, trial.documents_of_three_pages());
    subject.put(&rows).await;
    let reading = trial.run(None, LOOK_BACK).await?;
    ensure(reading.pages.len() >= 3, || {
        format!("{} rows came in {} pages", rows.len(), reading.pages.len())
    })?;
    let rejects = reading.pages.iter().map(|page| page.rejects.len()).sum::<usize>();
    ensure(rejects == 0, || format!("{rejects} sound rows were rejected"))?;
    same_state("reading from the beginning", &state_of(&rows), &reading.state())?;
    let wanted: std::collections::BTreeMap<_, _> =
        rows.iter().map(|row| ((&row.id, &row.line), row.changed_at)).collect();
    for row in reading.rows().map(|delivered| &delivered.row) {
        let changed_at = wanted.get(&(&row.id, &row.line)).copied().flatten();
        ensure(row.changed_at == changed_at, || {
            format!("row {} changed at {changed_at:?}, was read as {:?}", row.id, row.changed_at)
        })?;
    }
    Ok(Verdict::Holds)
}

pub(super) async fn reads_empty_stream(subject: &dyn Subject) -> Outcome {
    let trial = Trial::begin(subject)?;
    let reading = trial.run(None, LOOK_BACK).await?;
    ensure(reading.rows().count() == 0, || "an empty source gives rows".to_owned())?;
    subject.put(&trial.documents(0, 1)).await;
    let next = trial.run(reading.last_cursor(), LOOK_BACK).await?;
    ensure(next.rows().count() > 0, || "a first row after an empty run is not read".to_owned())?;
    Ok(Verdict::Holds)
}

/// A crash after any page, with the position that was landed with it, gives the same set.
pub(super) async fn resumes_at_every_cursor(subject: &dyn Subject) -> Outcome {
    let mut trial = Trial::begin(subject)?;
    let rows = trial.documents(0, trial.documents_of_three_pages());
    subject.put(&rows).await;
    let wanted = state_of(&rows);
    let whole = trial.run(None, Duration::ZERO).await?;
    for look_back in [Duration::ZERO, LOOK_BACK] {
        for crashed_after in 0..whole.pages.len() {
            trial.restart()?;
            let landed = &whole.pages[..=crashed_after];
            let cursor = landed.last().map(|page| &page.cursor);
            let rest = trial.run(cursor, look_back).await?;
            let mut state = crate::trial::Reading { pages: landed.to_vec() }.state();
            rest.apply_to(&mut state);
            same_state(
                &format!("resuming after page {} of {}", crashed_after + 1, whole.pages.len()),
                &wanted,
                &state,
            )?;
        }
    }
    Ok(Verdict::Holds)
}

pub(super) async fn reads_concurrently(subject: &dyn Subject) -> Outcome {
    let trial = Trial::begin(subject)?;
    let rows = trial.documents(0, trial.documents_of_three_pages());
    subject.put(&rows).await;
    let (first, second) = tokio::join!(trial.run(None, LOOK_BACK), trial.run(None, LOOK_BACK));
    let wanted = state_of(&rows);
    same_state("the first of two readers", &wanted, &first?.state())?;
    same_state("the second of two readers", &wanted, &second?.state())?;
    Ok(Verdict::Holds)
}

/// The engine's own run over the connector: read = loaded + unchanged + rejected, and a second run
/// lands nothing.
pub(super) async fn run_counts_balance(subject: &dyn Subject) -> Outcome {
    let trial = Trial::begin(subject)?;
    let documents = trial.documents_of_three_pages();
    let rows = trial.documents(0, documents);
    subject.put(&rows).await;
    let bad = subject.put_bad_row("900001", trial.base()).await;
    let wanted_rejects = u64::from(bad == Applicability::Applied);
    let store = MemoryStore::default();
    let first = engine_run(&trial, &store).await?;
    ensure(first.is_balanced(), || format!("counts do not balance: {first:?}"))?;
    ensure(first.loaded == rows.len() as u64, || {
        format!("{} rows were put, {} landed", rows.len(), first.loaded)
    })?;
    ensure(first.rejected == wanted_rejects, || format!("rejects are miscounted: {first:?}"))?;
    let second = engine_run(&trial, &store).await?;
    ensure(second.is_balanced(), || format!("counts do not balance: {second:?}"))?;
    ensure(second.loaded == 0, || {
        format!("a run over an unchanged source landed {} rows", second.loaded)
    })?;
    Ok(Verdict::Holds)
}

async fn engine_run(trial: &Trial<'_>, store: &MemoryStore) -> Result<RunReport, Failure> {
    let run = StreamRun {
        run_id: "acceptance",
        system_name: "acceptance",
        system: trial.system.clone(),
        spec: trial.spec.clone(),
        tables: store,
        rejects: store,
        clock: trial.clock.clone(),
    };
    let options = RunOptions { range: trial.range(LOOK_BACK), ..RunOptions::default() };
    match run.run(&options, &()).await {
        (report, None) => Ok(report),
        (report, Some(_)) => {
            Err(Failure::new(format!("the run failed: {}", report.message.unwrap_or_default())))
        }
    }
}

pub(super) async fn repeats_are_identical(subject: &dyn Subject) -> Outcome {
    let trial = Trial::begin(subject)?;
    subject.put(&trial.documents(0, trial.documents_of_three_pages())).await;
    let first = trial.run(None, LOOK_BACK).await?;
    let next = trial.run(first.last_cursor(), LOOK_BACK).await?;
    let full = trial.run(None, LOOK_BACK).await?;
    let (again, _) = same_content(&[&first, &next, &full])?;
    ensure(again > 0, || "no row was ever delivered twice".to_owned())?;
    Ok(Verdict::Holds)
}
