//! A row that cannot be typed is kept whole and explained; the others load.

use crate::report::{Outcome, Verdict, ensure};
use crate::subject::{Applicability, Subject};
use crate::trial::{LOOK_BACK, Trial, contents, same_state, state_of};

pub(super) async fn bad_row_is_rejected(subject: &dyn Subject) -> Outcome {
    let trial = Trial::begin(subject)?;
    let rows = trial.documents(0, trial.documents_of_three_pages());
    subject.put(&rows).await;
    if subject.put_bad_row("900001", trial.base()).await == Applicability::NotApplicable {
        return Ok(Verdict::NotApplicable);
    }
    let reading = trial.run(None, LOOK_BACK).await?;
    same_state("the rows beside a bad one", &state_of(&rows), &reading.state())?;
    let rejects: Vec<_> = reading.pages.iter().flat_map(|page| &page.rejects).collect();
    let [reject] = rejects[..] else {
        return Err(crate::report::Failure::new(format!(
            "one row cannot be typed, {} were rejected: {rejects:?}",
            rejects.len()
        )));
    };
    let is_code = reject.reason.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    ensure(is_code && !reject.reason.is_empty(), || format!("reason `{}`", reject.reason))?;
    ensure(!reject.message.is_empty(), || "the reject does not say what is wrong".to_owned())?;
    ensure(reject.payload.contains("900001"), || {
        format!("the payload is not the whole row: {}", reject.payload)
    })?;
    ensure(!reject.position.is_empty(), || "the reject does not say where it stood".to_owned())?;

    let decoded = trial
        .system
        .decode(subject.stream(), std::slice::from_ref(&reject.payload))
        .map_err(|error| trial.failure("decoding a payload", &error))?;
    ensure(decoded.batch.num_rows() == 0, || "the payload decodes after all".to_owned())?;
    let again: Vec<_> =
        decoded.rejects.iter().map(|r| (r.reason, &r.message, &r.payload)).collect();
    ensure(again == [(reject.reason, &reject.message, &reject.payload)], || {
        format!("decoded again, {reject:?} becomes {:?}", decoded.rejects)
    })?;
    Ok(Verdict::Holds)
}

/// Raw, typed and rejected rows; what is shown raw decodes to what is shown typed.
pub(super) async fn preview_shows_all_three(subject: &dyn Subject) -> Outcome {
    let trial = Trial::begin(subject)?;
    let rows = trial.documents(0, 2);
    subject.put(&rows).await;
    let bad = subject.put_bad_row("900001", trial.base()).await == Applicability::Applied;
    let stream = subject.stream();
    let preview = trial.system.preview(stream, 100).await;
    let preview = preview.map_err(|error| trial.failure("preview", &error))?;
    let (typed, rejected) = (preview.rows.batch.num_rows(), preview.rows.rejects.len());
    ensure(typed == rows.len() && rejected == usize::from(bad), || {
        format!("preview of {} rows types {typed} and rejects {rejected}", rows.len())
    })?;
    ensure(preview.raw.len() == typed + rejected, || {
        format!("preview shows {} raw rows for {}", preview.raw.len(), typed + rejected)
    })?;
    let decoded = trial.system.decode(stream, &preview.raw);
    let decoded = decoded.map_err(|error| trial.failure("decoding the preview", &error))?;
    let shown = contents(&preview.rows.batch)?;
    ensure(contents(&decoded.batch)? == shown && decoded.rejects.len() == rejected, || {
        "the raw rows of a preview decode to other rows than it shows".to_owned()
    })?;
    let short = trial.system.preview(stream, 1).await;
    let short = short.map_err(|error| trial.failure("preview", &error))?;
    ensure(short.raw.len() == 1, || format!("asked for 1 row, preview shows {}", short.raw.len()))?;
    Ok(Verdict::Holds)
}
