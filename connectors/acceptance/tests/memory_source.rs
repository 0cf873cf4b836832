//! The suite against a source in memory: sound, it passes; with a defect, the right behaviour fails.

#![allow(unreachable_pub, clippy::unwrap_used)]

mod memory;

use yuanliu_acceptance::{behaviours, run_all, run_one};

use crate::memory::{Defect, MemorySubject};

#[tokio::test]
async fn a_sound_source_passes() {
    let report = run_all(async || MemorySubject::new(None)).await;
    assert!(report.is_ok(), "{report}");
    assert!(report.not_applicable().is_empty(), "{report}");
}

#[tokio::test]
async fn every_defect_is_found() {
    for (defect, behaviour) in [
        (Defect::ResumesByChangeOnly, "ties_survive_page_border"),
        (Defect::PagesByOffset, "shifting_pages_lose_nothing"),
        (Defect::NoLookBack, "late_rows_are_picked_up"),
        (Defect::NoNullPass, "null_change_is_read"),
        (Defect::NoFence, "fence_is_respected"),
        (Defect::ErrorIsEmptyPage, "error_inside_200_is_error"),
        (Defect::SkipsPageAfterError, "malformed_page_recovers"),
        (Defect::IgnoresRetryAfter, "retry_after_seconds"),
        (Defect::DropsBadRows, "bad_row_is_rejected"),
        (Defect::ShowsSecret, "session_is_renewed"),
    ] {
        let subject = MemorySubject::new(Some(defect));
        let behaviour = behaviours::named(behaviour).expect("listed");
        let outcome = run_one(behaviour, &subject).await;
        assert!(outcome.is_err(), "{defect:?} passes {}: {outcome:?}", behaviour.name);
    }
}
