//! Rows and position in one commit, exactly once.

use yuanliu_warehouse::{Lake, LakeError, Position};

use crate::fixture::{Fixture, chain, name, options, rows};

const TABLE: &str = "raw.erp__product";

#[tokio::test]
async fn lands_exactly_once_and_resumes() {
    let fixture = Fixture::new(&[]);
    assert_eq!(fixture.lake.position(&name(TABLE)).await.unwrap(), None);
    fixture.land(TABLE, 1, "select 'a' as _key, 1 as n").await;
    fixture.land(TABLE, 2, "select 'b' as _key, 2 as n").await;
    let again = fixture.try_land(TABLE, 2, "select 'c' as _key, 3 as n").await.unwrap_err();
    assert_eq!(
        again.to_string(),
        "landing 2 of raw.erp__product has already landed: the last one is 2"
    );

    let (dir, sources) = (fixture.dir, fixture.sources);
    drop(fixture.lake);
    let lake = Lake::open(options(&dir.path().join("lake"))).unwrap();
    let position = lake.position(&name(TABLE)).await.unwrap();
    assert_eq!(position, Some(Position { sequence: 2, text: "after 2".to_owned() }));
    let fixture = Fixture { dir, lake, sources, ..Fixture::new(&[]) };
    assert_eq!(fixture.read("select * from raw.erp__product order by n").await, "a|1\nb|2");
}

#[tokio::test]
async fn a_landing_without_rows_moves_the_position() {
    let fixture = Fixture::new(&[]);
    let table = name("raw.erp__empty");
    let position = |sequence| Position { sequence, text: format!("p{sequence}") };
    let none = fixture.lake.append(&table, Vec::new(), position(1)).await.unwrap_err();
    assert!(matches!(none, LakeError::NoSchema { .. }));
    let schema = rows("select 'a' as _key").await[0].slice(0, 0);
    fixture.lake.append(&table, vec![schema], position(1)).await.unwrap();
    fixture.lake.append(&table, Vec::new(), position(2)).await.unwrap();
    assert_eq!(fixture.lake.position(&table).await.unwrap(), Some(position(2)));
    assert_eq!(fixture.read("select count(*) from raw.erp__empty").await, "0");
}

#[tokio::test]
async fn new_columns_are_added_and_retyped_ones_refused() {
    let fixture = Fixture::new(&[]);
    fixture.land(TABLE, 1, "select 'a' as _key, 1 as n").await;
    fixture.land(TABLE, 2, "select 'b' as _key, 2 as n, 'red' as color").await;
    fixture.land(TABLE, 3, "select 'c' as _key").await;
    let all = fixture.read("select * from raw.erp__product order by _key").await;
    assert_eq!(all, "a|1|\nb|2|red\nc||");
    let retyped = fixture.try_land(TABLE, 4, "select 'd' as _key, 'two' as n").await.unwrap_err();
    assert_eq!(
        chain(&retyped),
        "column `n` of raw.erp__product holds Int64 but Utf8 was given: convert it at its source, \
         or move the table away and read the stream again from the start"
    );
    let null = fixture.try_land(TABLE, 4, "select 'd' as _key, null as what").await.unwrap_err();
    assert_eq!(
        null.to_string(),
        "column `what` of raw.erp__product has type Null, which the lake cannot store: cast it"
    );
    let schema = fixture.lake.schema_text(&name(TABLE)).await.unwrap().unwrap();
    assert_eq!(schema, "_key utf8\nn int64\ncolor utf8\n");
}

#[tokio::test]
async fn one_process_writes() {
    let fixture = Fixture::new(&[]);
    let root = fixture.dir.path().join("lake");
    let message = Lake::open(options(&root)).unwrap_err().to_string();
    assert!(message.contains("is being written by another process (process"), "{message}");
    let reader = Lake::open_read_only(options(&root)).unwrap();
    let position = Position { sequence: 1, text: String::new() };
    let refused = reader.append(&name(TABLE), Vec::new(), position).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "cannot write raw.erp__product: the lake was opened for reading only"
    );
}
