//! Runs and rejects: what they keep, and lists by page while others write.

use std::sync::Arc;

use yuanliu_metadata::{
    Cause, Metadata, NewReject, NewRun, PageRequest, RejectFilter, RunCounts, RunEnd, RunFilter,
};

use crate::world::{World, at, on_both};

on_both!(
    a_run_keeps_why_it_began_and_what_a_comparison_found,
    counts_that_do_not_balance_are_refused,
    runs_come_newest_first_page_by_page,
    a_cursor_of_another_list_is_refused,
    a_reject_seen_again_is_one,
    rejects_are_listed_counted_and_closed,
    writers_do_not_lose_each_others_rejects,
);

fn reject(reason: &str, payload: &str) -> NewReject {
    NewReject {
        reason: reason.into(),
        message: "qty is no number; a number is needed".into(),
        payload: payload.into(),
        payload_hash: format!("hash of {payload}"),
        position: "page 1".into(),
    }
}

async fn run(store: &Metadata, run_id: &str, system: &str, second: i64) {
    let run = NewRun {
        run_id,
        kind: "sync",
        system,
        stream: "order",
        trigger: Some("schedule"),
        job: Some("nightly"),
    };
    store.note_run_begin(&run, at(second)).await.unwrap();
}

async fn a_run_keeps_why_it_began_and_what_a_comparison_found(world: Arc<World>) {
    let store = world.open().await;
    run(&store, "a", "erp", 0).await;
    let counts = RunCounts { read: 10, loaded: 7, unchanged: 2, rejected: 1 };
    let message = Some("one row rejected");
    let end = RunEnd { outcome: "yellow", counts, deleted: 3, missing: 4, message };
    store.note_run_end("a", &end, at(5)).await.unwrap();
    let kept = store.run("a").await.unwrap().unwrap();
    assert_eq!((kept.trigger.as_deref(), kept.job.as_deref()), (Some("schedule"), Some("nightly")));
    assert_eq!((kept.read, kept.loaded, kept.unchanged, kept.rejected), (10, 7, 2, 1));
    assert_eq!((kept.deleted, kept.missing), (3, 4));
    assert_eq!(kept.started_at, "2026-01-01T00:00:00.000Z");
    assert_eq!(kept.ended_at.as_deref(), Some("2026-01-01T00:00:05.000Z"));
    assert_eq!((kept.outcome.as_str(), kept.message.as_deref()), ("yellow", message));
    // A command line has neither.
    store.begin_run("b", "build", "warehouse", "models", at(1)).await.unwrap();
    let kept = store.run("b").await.unwrap().unwrap();
    assert_eq!((kept.trigger, kept.job, kept.deleted), (None, None, 0));
    assert_eq!(store.run("c").await.unwrap(), None);
    assert_eq!(store.mark_interrupted(at(9)).await.unwrap(), 1);
    assert_eq!(store.run("b").await.unwrap().unwrap().outcome, "interrupted");
}

async fn counts_that_do_not_balance_are_refused(world: Arc<World>) {
    let store = world.open().await;
    run(&store, "a", "erp", 0).await;
    let counts = RunCounts { read: 10, loaded: 7, unchanged: 2, rejected: 0 };
    let error = store.end_run("a", "green", counts, None, at(1)).await.unwrap_err();
    assert!(matches!(error.cause, Cause::Conflict(_)), "{error:?}");
    assert_eq!(store.run("a").await.unwrap().unwrap().outcome, "running");
    store.end_run("a", "red", counts, None, at(1)).await.unwrap();
}

async fn runs_come_newest_first_page_by_page(world: Arc<World>) {
    let store = world.open().await;
    // Several begin in one instant; systems take turns.
    for n in 0..20 {
        run(&store, &format!("run-{n:02}"), ["erp", "mes"][n % 2], (n / 4) as i64).await;
    }
    let mut seen = Vec::new();
    let mut request = PageRequest::first(7);
    loop {
        let page = store.run_page(&RunFilter::default(), &request).await.unwrap();
        assert!(page.items.len() <= 7);
        seen.extend(page.items.into_iter().map(|run| run.run_id));
        // A run that begins meanwhile moves nothing.
        run(&store, &format!("later-{}", seen.len()), "erp", 100).await;
        let Some(cursor) = page.next_cursor else { break };
        request = PageRequest::after(Some(cursor), 7);
    }
    let expected: Vec<_> = (0..20).rev().map(|n| format!("run-{n:02}")).collect();
    assert_eq!(seen, expected);
    let filter = RunFilter {
        system: Some("mes".into()),
        from: Some(at(1)),
        until: Some(at(3)),
        ..Default::default()
    };
    let page = store.run_page(&filter, &PageRequest::first(10)).await.unwrap();
    let ids: Vec<_> = page.items.iter().map(|run| run.run_id.as_str()).collect();
    assert_eq!(ids, ["run-11", "run-09", "run-07", "run-05"]);
    assert_eq!(page.next_cursor, None);
    for filter in [
        RunFilter { kind: Some("build".into()), ..Default::default() },
        RunFilter { stream: Some("dealer".into()), ..Default::default() },
        RunFilter { outcome: Some("green".into()), ..Default::default() },
        RunFilter { job: Some("hourly".into()), ..Default::default() },
    ] {
        let page = store.run_page(&filter, &PageRequest::first(10)).await.unwrap();
        assert_eq!(page.items, [], "{filter:?}");
    }
    // The order of the list without pages is the same.
    let all = store.runs(100).await.unwrap();
    assert!(all.is_sorted_by(|a, b| (&a.started_at, &a.run_id) > (&b.started_at, &b.run_id)));
}

async fn a_cursor_of_another_list_is_refused(world: Arc<World>) {
    let store = world.open().await;
    let request = PageRequest::after(Some("; drop table run".into()), 5);
    let error = store.run_page(&RunFilter::default(), &request).await.unwrap_err();
    assert!(matches!(error.cause, Cause::Cursor(_)), "{error:?}");
    let error = store.reject_page(&RejectFilter::default(), &request).await.unwrap_err();
    assert!(matches!(error.cause, Cause::Cursor(_)), "{error:?}");
}

async fn a_reject_seen_again_is_one(world: Arc<World>) {
    let store = world.open().await;
    let rows = [reject("bad_number", "{a}"), reject("bad_number", "{b}"), reject("late", "{a}")];
    store.keep_rejects("run-1", "erp", "order", &rows, at(0)).await.unwrap();
    store.keep_rejects("run-2", "erp", "order", &rows[..1], at(1)).await.unwrap();
    let kept = store.rejects(&RejectFilter::default(), 10).await.unwrap();
    let told: Vec<_> = kept
        .iter()
        .map(|r| (r.payload.as_str(), r.reason.as_str(), r.first_run_id.as_str()))
        .collect();
    assert_eq!(told, [("{a}", "bad_number", "run-1"), ("{b}", "bad_number", "run-1")]);
    // Closed, it is a new one when it comes again.
    let first = kept[0].reject_id;
    assert!(store.close_reject(first, "discarded", "test data", at(2)).await.unwrap());
    assert!(!store.close_reject(first, "discarded", "test data", at(2)).await.unwrap());
    store.keep_rejects("run-3", "erp", "order", &rows[..1], at(3)).await.unwrap();
    let closed = store.reject(first).await.unwrap().unwrap();
    assert_eq!(closed.closed_at.as_deref(), Some("2026-01-01T00:00:02.000Z"));
    assert_eq!(store.rejects(&RejectFilter::default(), 10).await.unwrap().len(), 3);
    assert!(store.close_reject(kept[1].reject_id, "lost", "", at(4)).await.is_err());
}

async fn rejects_are_listed_counted_and_closed(world: Arc<World>) {
    let store = world.open().await;
    for n in 0..5 {
        let row = reject(["bad_number", "late"][n % 2], &format!("{n}"));
        store.keep_rejects("run-1", "erp", "order", &[row], at(n as i64)).await.unwrap();
    }
    let mut seen = Vec::new();
    let mut request = PageRequest::first(2);
    loop {
        let page = store.reject_page(&RejectFilter::default(), &request).await.unwrap();
        seen.extend(page.items.into_iter().map(|reject| reject.payload));
        let Some(cursor) = page.next_cursor else { break };
        request = PageRequest::after(Some(cursor), 2);
    }
    assert_eq!(seen, ["4", "3", "2", "1", "0"]);
    let late = RejectFilter { reason: Some("late".into()), ..Default::default() };
    let page = store.reject_page(&late, &PageRequest::first(1)).await.unwrap();
    assert_eq!((page.items[0].payload.as_str(), page.next_cursor.is_some()), ("3", true));
    let counts = store.reject_counts().await.unwrap();
    let told: Vec<_> = counts.iter().map(|c| (c.reason.as_str(), c.rejects)).collect();
    assert_eq!(told, [("bad_number", 3), ("late", 2)]);
}

async fn writers_do_not_lose_each_others_rejects(world: Arc<World>) {
    // The same rows in another order from another process: neither waits for the other for good.
    let rows: Vec<_> = (0..50).map(|n| reject("bad_number", &format!("{n}"))).collect();
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..4 {
        let store = world.open().await;
        let mut rows = rows.clone();
        if writer % 2 == 1 {
            rows.reverse();
        }
        writers.spawn(async move {
            for round in 0..3 {
                let run = format!("run-{writer}-{round}");
                store.keep_rejects(&run, "erp", "order", &rows, at(round)).await.unwrap();
                let own = [reject("late", &format!("{writer} {round}"))];
                store.keep_rejects(&run, "erp", "order", &own, at(round)).await.unwrap();
                store.begin_run(&run, "sync", "erp", "order", at(round)).await.unwrap();
            }
        });
    }
    while let Some(done) = writers.join_next().await {
        done.unwrap();
    }
    let store = world.open().await;
    assert_eq!(store.rejects(&RejectFilter::default(), 1000).await.unwrap().len(), 50 + 12);
    assert_eq!(store.runs(100).await.unwrap().len(), 12);
}
