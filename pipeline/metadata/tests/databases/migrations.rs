//! Stores of every released version become stores of this one, and several processes may begin at once.

use std::sync::Arc;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{SqlSafeStr, SqlitePool};
use yuanliu_metadata::{Cause, Metadata, OutboxFilter, RejectFilter};

use crate::world::{World, at, on_both};

on_both!(
    processes_that_begin_at_once_wait_for_each_other,
    a_store_is_opened_again_without_a_change,
);

/// The steps as they were released.
const RELEASED: [&str; 3] = [
    include_str!("../../migrations/sqlite/0001_runs_and_rejects.sql"),
    include_str!("../../migrations/sqlite/0002_outbox.sql"),
    include_str!("../../migrations/sqlite/0003_shapes.sql"),
];

/// What versions that kept `steps` steps left behind, with rows in every table they had.
async fn released(world: &World, steps: usize) -> SqlitePool {
    let options = SqliteConnectOptions::new().filename(world.url()).create_if_missing(true);
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
    let step = |n: usize| {
        let sql = RELEASED[n].into_sql_str();
        Migration::new(n as i64 + 1, "as released".into(), MigrationType::Simple, sql, false)
    };
    let steps: Vec<_> = (0..steps).map(step).collect();
    Migrator::with_migrations(steps).run(&pool).await.unwrap();
    pool
}

const ROWS: [&str; 3] = [
    "insert into run (run_id, kind, system, stream, started_at, outcome, read, loaded) \
     values ('r1', 'sync', 'erp', 'order', '2026-01-01T00:00:00.000Z', 'green', 5, 5); \
     insert into reject (system, stream, reason, message, payload, payload_hash, position, first_run_id, seen_at) \
     values ('erp', 'order', 'late', 'm', '{}', 'h', 'p', 'r1', '2026-01-01T00:00:00.000Z')",
    "insert into outbox (system, kind, key, body, content_hash, created_at, updated_at) \
     values ('erp', 'delivery_result', 'A', '{}', 'c', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z')",
    "insert into stream_shape values \
     ('erp', 'order', '{}', '2026-01-01T00:00:00.000Z', '{}', '2026-01-01T00:00:00.000Z')",
];

#[tokio::test]
async fn a_store_of_every_released_version_goes_on() {
    for steps in 0..=RELEASED.len() {
        let world = World::sqlite();
        let pool = released(&world, steps).await;
        for row in &ROWS[..steps] {
            sqlx::raw_sql(*row).execute(&pool).await.unwrap();
        }
        pool.close().await;
        let store = world.open().await;
        let runs = store.runs(10).await.unwrap();
        assert_eq!(runs.len(), steps.min(1), "after {steps} steps");
        assert!(runs.iter().all(|run| (run.read, run.deleted) == (5, 0) && run.job.is_none()));
        let rejects = store.rejects(&RejectFilter::default(), 10).await.unwrap();
        assert_eq!(rejects.len(), steps.min(1));
        let outbox = store.outbox(&OutboxFilter::default(), 10).await.unwrap();
        assert_eq!(outbox.len(), usize::from(steps >= 2));
        assert_eq!(store.shapes("erp").await.unwrap().len(), usize::from(steps >= 3));
        store.begin_run("r2", "sync", "erp", "order", at(9)).await.unwrap();
    }
}

#[tokio::test]
async fn a_store_of_a_newer_version_or_with_a_changed_step_is_left_alone() {
    let world = World::sqlite();
    let pool = released(&world, 2).await;
    sqlx::query("update _sqlx_migrations set checksum = x'00' where version = 2")
        .execute(&pool)
        .await
        .unwrap();
    let error = Metadata::connect(world.url()).await.unwrap_err();
    assert!(matches!(error.cause, Cause::Changed(2)), "{error:?}");
    sqlx::query("update _sqlx_migrations set version = 4000 where version = 2")
        .execute(&pool)
        .await
        .unwrap();
    let error = Metadata::connect(world.url()).await.unwrap_err();
    assert!(matches!(error.cause, Cause::Newer { found: 4000, .. }), "{error:?}");
    let (steps,): (i64,) =
        sqlx::query_as("select count(*) from _sqlx_migrations").fetch_one(&pool).await.unwrap();
    assert_eq!(steps, 2, "nothing was applied");
}

async fn processes_that_begin_at_once_wait_for_each_other(world: Arc<World>) {
    let mut openings = tokio::task::JoinSet::new();
    for n in 0..6 {
        let url = world.url().to_owned();
        openings.spawn(async move {
            let store = Metadata::connect(&url).await.unwrap();
            store.begin_run(&format!("r{n}"), "sync", "erp", "order", at(n)).await.unwrap();
        });
    }
    while let Some(opened) = openings.join_next().await {
        opened.unwrap();
    }
    assert_eq!(world.open().await.runs(10).await.unwrap().len(), 6);
}

async fn a_store_is_opened_again_without_a_change(world: Arc<World>) {
    let store = world.open().await;
    store.begin_run("r", "sync", "erp", "order", at(0)).await.unwrap();
    store.close().await;
    assert_eq!(world.open().await.runs(10).await.unwrap().len(), 1);
}
