//! Where a store is, what an error tells, and how long a call may take.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use yuanliu_metadata::{Cause, Metadata, MetadataError};
use yuanliu_sandbox_servers::PASSWORD;

use crate::world::{World, at, on_both};

on_both!(
    an_open_store_answers_and_shows_no_password,
    a_call_ends_in_time,
    a_conflict_is_told_from_a_failure,
    text_that_the_wire_carries_is_kept,
);

fn whole(error: &MetadataError) -> String {
    let mut text = format!("{error} {error:?}");
    let mut below = error.source();
    while let Some(error) = below {
        text.push_str(&format!(": {error}"));
        below = error.source();
    }
    text
}

async fn an_open_store_answers_and_shows_no_password(world: Arc<World>) {
    let store = world.open().await;
    store.check().await.unwrap();
    assert!(!format!("{store:?} {}", store.place()).contains(PASSWORD));
    assert_eq!(store.place().starts_with("postgres://yuanliu@127.0.0.1:"), world.is_postgresql());
    store.close().await;
    let error = store.check().await.unwrap_err();
    assert!(error.is_transient(), "{error:?}");
    assert!(error.to_string().starts_with("asking the database in the metadata store "), "{error}");
    assert!(!whole(&error).contains(PASSWORD));
}

async fn a_call_ends_in_time(world: Arc<World>) {
    let store = world.open().await.with_call_timeout(Duration::ZERO);
    // A database that is quick enough answers before anybody looks at the clock, but not every time.
    let mut cut_off = None;
    for call in 0..200 {
        let run = format!("r{call}");
        if let Err(error) = store.begin_run(&run, "sync", "erp", "order", at(0)).await {
            cut_off = Some((run, error));
            break;
        }
    }
    let (run, error) = cut_off.unwrap();
    assert!(matches!(error.cause, Cause::TimedOut(_)), "{error:?}");
    assert!(error.to_string().contains(&format!("run {run} (sync of order of erp)")), "{error}");
}

async fn a_conflict_is_told_from_a_failure(world: Arc<World>) {
    let store = world.open().await;
    store.begin_run("r", "sync", "erp", "order", at(0)).await.unwrap();
    let error = store.begin_run("r", "sync", "erp", "order", at(0)).await.unwrap_err();
    assert!(matches!(error.cause, Cause::Conflict(_)), "{error:?}");
    assert!(!error.is_transient());
}

async fn text_that_the_wire_carries_is_kept(world: Arc<World>) {
    let store = world.open().await;
    let stream = "订单\u{0}'\"; drop table run; --\u{1f600}";
    store.begin_run("r", "sync", "erp", stream, at(0)).await.unwrap();
    let kept = store.run("r").await.unwrap().unwrap().stream;
    // PostgreSQL holds no NUL; its picture stands for it.
    let expected = if world.is_postgresql() { stream.replace('\0', "␀") } else { stream.into() };
    assert_eq!(kept, expected);
}

#[tokio::test]
async fn a_store_that_is_not_there_is_told() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("postgres://hub:s3cret@127.0.0.1:{free}/yuanliu");
    let error = Metadata::connect(&url).await.unwrap_err();
    assert!(matches!(error.cause, Cause::Unreachable(_) | Cause::Busy(_)), "{error:?}");
    assert!(whole(&error).contains(&format!("postgres://hub@127.0.0.1:{free}/yuanliu")));
    assert!(!whole(&error).contains("s3cret"));
    for url in ["", "redis://hub:s3cret@localhost/0", "postgres://hub:s3cret@localhost:x/y"] {
        let error = Metadata::connect(url).await.unwrap_err();
        assert!(matches!(error.cause, Cause::Address(_)), "{error:?}");
        assert!(!whole(&error).contains("s3cret"), "{error:?}");
    }
    let error = Metadata::connect("/nowhere/at/all/metadata.db").await.unwrap_err();
    assert!(error.to_string().contains("/nowhere/at/all/metadata.db"), "{error}");
}

#[test]
fn a_wrong_password_and_a_missing_database_are_told() {
    crate::world::run(World::postgresql(), async |world: Arc<World>| {
        let wrong = world.url().replace(PASSWORD, "s3cret");
        let error = Metadata::connect(&wrong).await.unwrap_err();
        assert!(matches!(error.cause, Cause::Unreachable(_)), "{error:?}");
        assert!(!whole(&error).contains("s3cret"));
        let (server, _) = world.url().rsplit_once('/').unwrap();
        let error = Metadata::connect(&format!("{server}/nowhere")).await.unwrap_err();
        assert!(matches!(error.cause, Cause::Unreachable(_)), "{error:?}");
    });
}
