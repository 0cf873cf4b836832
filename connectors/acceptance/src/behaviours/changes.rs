//! Rows that move while and between runs.

use std::time::Duration;

use chrono::TimeDelta;

use crate::report::{Outcome, Verdict, ensure};
use crate::subject::{SourceRow, Subject};
use crate::trial::{LOOK_BACK, Reading, SAFETY_LAG, Trial, same_state, state_of};

/// Many documents changed in the same instant, as after an import, and pages end between them.
pub(super) async fn ties_survive_page_border(subject: &dyn Subject) -> Outcome {
    let mut trial = Trial::begin(subject)?;
    let tied = Some(trial.base());
    let numbers = 0..trial.documents_of_three_pages();
    let rows: Vec<SourceRow> =
        numbers.flat_map(|n| trial.document(n, tied, "changed together")).collect();
    subject.put(&rows).await;
    let wanted = state_of(&rows);
    let whole = trial.run(None, Duration::ZERO).await?;
    same_state("reading rows with one change value", &wanted, &whole.state())?;
    for crashed_after in 0..whole.pages.len() {
        trial.restart()?;
        let landed = Reading { pages: whole.pages[..=crashed_after].to_vec() };
        let mut state = landed.state();
        trial.run(landed.last_cursor(), Duration::ZERO).await?.apply_to(&mut state);
        same_state(
            &format!("resuming among ties after page {}", crashed_after + 1),
            &wanted,
            &state,
        )?;
    }
    Ok(Verdict::Holds)
}

/// A transaction that took its change value early and committed late.
pub(super) async fn late_rows_are_picked_up(subject: &dyn Subject) -> Outcome {
    let trial = Trial::begin(subject)?;
    let documents = trial.documents_of_three_pages();
    let mut rows = trial.documents(0, documents);
    subject.put(&rows).await;
    let first = trial.run(None, LOOK_BACK).await?;
    let newest = trial.base() + TimeDelta::seconds(documents as i64 - 1);
    let late = trial.document(documents, Some(newest - TimeDelta::minutes(5)), "committed late");
    subject.put(&late).await;
    rows.extend(late);
    let next = trial.run(first.last_cursor(), LOOK_BACK).await?;
    let mut state = first.state();
    next.apply_to(&mut state);
    same_state("the run after a late commit", &state_of(&rows), &state)?;
    Ok(Verdict::Holds)
}

pub(super) async fn null_change_is_read(subject: &dyn Subject) -> Outcome {
    let mut trial = Trial::begin(subject)?;
    let half = trial.documents_of_three_pages();
    let mut rows = trial.documents(0, half);
    rows.extend((half..half * 2).flat_map(|n| trial.document(n, None, "never changed")));
    subject.put(&rows).await;
    let first = trial.run(None, Duration::ZERO).await?;
    same_state("reading rows without a change value", &state_of(&rows), &first.state())?;
    for crashed_after in 0..first.pages.len() {
        trial.restart()?;
        let landed = Reading { pages: first.pages[..=crashed_after].to_vec() };
        let mut state = landed.state();
        trial.run(landed.last_cursor(), Duration::ZERO).await?.apply_to(&mut state);
        let what = format!("resuming among nulls after page {}", crashed_after + 1);
        same_state(&what, &state_of(&rows), &state)?;
    }
    let more = trial.document(half * 2, None, "never changed");
    subject.put(&more).await;
    rows.extend(more);
    let mut state = first.state();
    trial.run(first.last_cursor(), LOOK_BACK).await?.apply_to(&mut state);
    same_state("the run after a new row without a change value", &state_of(&rows), &state)?;
    Ok(Verdict::Holds)
}

pub(super) async fn changed_rows_come_again(subject: &dyn Subject) -> Outcome {
    let trial = Trial::begin(subject)?;
    let documents = trial.documents_of_three_pages();
    subject.put(&trial.documents(0, documents)).await;
    let first = trial.run(None, LOOK_BACK).await?;
    let changed_at = trial.base() + TimeDelta::hours(30);
    let changed = trial.document(0, Some(changed_at), "second version");
    subject.put(&changed).await;
    let next = trial.run(first.last_cursor(), LOOK_BACK).await?;
    let mut wanted = first.state();
    wanted.extend(state_of(&changed));
    let mut state = first.state();
    next.apply_to(&mut state);
    same_state("the run after a change", &wanted, &state)?;
    Ok(Verdict::Holds)
}

/// While a run reads, a row it has read moves to the end, one it has read vanishes, one is added.
pub(super) async fn shifting_pages_lose_nothing(subject: &dyn Subject) -> Outcome {
    let trial = Trial::begin(subject)?;
    let documents = trial.documents_of_three_pages();
    let rows = trial.documents(0, documents);
    subject.put(&rows).await;
    let mut source = trial.open(None, LOOK_BACK).await?;
    let mut reading = Reading::default();
    reading.pages.extend(trial.next(&mut *source).await?);

    let moved_at = trial.base() + TimeDelta::hours(30);
    let moved = trial.document(0, Some(moved_at), "second version");
    let added = trial.document(documents, Some(moved_at), "first version");
    let vanished = rows.iter().find(|row| row.id != moved[0].id).map(|row| row.id.clone());
    let vanished = vanished.unwrap_or_default();
    subject.put(&moved).await;
    subject.delete(&vanished).await;
    subject.put(&added).await;

    reading.pages.extend(trial.drain(&mut *source).await?.pages);
    trial.advance(LOOK_BACK).await;
    let next = trial.run(reading.last_cursor(), LOOK_BACK).await?;
    let mut state = reading.state();
    next.apply_to(&mut state);

    let mut wanted = state_of(&rows);
    wanted.extend(state_of(&moved));
    wanted.extend(state_of(&added));
    // Whether a vanished row had been read before it vanished is not the point here.
    wanted.retain(|(id, _), _| *id != vanished);
    state.retain(|(id, _), _| *id != vanished);
    same_state("reading while pages shift", &wanted, &state)?;
    Ok(Verdict::Holds)
}

/// A row newer than the fence could still be joined by earlier ones; it waits for the next run.
pub(super) async fn fence_is_respected(subject: &dyn Subject) -> Outcome {
    if !subject.expectations().has_fence {
        return Ok(Verdict::NotApplicable);
    }
    let trial = Trial::begin(subject)?;
    let documents = trial.documents_of_three_pages();
    let mut rows = trial.documents(0, documents);
    subject.put(&rows).await;
    let fresh_at = subject.now() - TimeDelta::seconds(SAFETY_LAG.as_secs() as i64 / 2);
    let fresh = trial.document(documents, Some(fresh_at), "just now");
    subject.put(&fresh).await;
    let first = trial.run(None, LOOK_BACK).await?;
    same_state("the run before the fence has passed", &state_of(&rows), &first.state())?;
    trial.advance(SAFETY_LAG * 2).await;
    let next = trial.run(first.last_cursor(), Duration::ZERO).await?;
    rows.extend(fresh);
    let mut state = first.state();
    next.apply_to(&mut state);
    same_state("the run after the fence has passed", &state_of(&rows), &state)?;
    ensure(!trial.spec.change.as_deref().unwrap_or_default().is_empty(), || {
        "a stream with a fence names no change column".to_owned()
    })?;
    Ok(Verdict::Holds)
}
