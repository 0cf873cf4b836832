//! Tables in memory answer as their files do.

use std::sync::Arc;

use yuanliu_warehouse::HotTables;

use crate::fixture::{Fixture, read};

const COUNT: &str = "select count(*), min(code), max(length(text)) from raw.main__note";

/// Some rows with texts of so many letters.
fn notes(first: u32, letters: u32) -> String {
    format!("select concat('N', {first}) as code, repeat('x', {letters}) as text")
}

#[tokio::test]
async fn a_table_in_memory_is_that_of_the_newest_version() {
    let fixture = Fixture::new(&[]);
    let hot = Arc::new(HotTables::new(1 << 20));
    let scope = || fixture.scope().with_hot_tables(Arc::clone(&hot));
    fixture.land("raw.main__note", 1, &notes(1, 5)).await;
    assert_eq!(read(&scope(), COUNT).await, "1|N1|5");
    let held = hot.bytes();
    assert!(held > 0);
    assert_eq!(read(&scope(), COUNT).await, "1|N1|5");
    assert_eq!(hot.bytes(), held);
    fixture.land("raw.main__note", 2, &notes(2, 9)).await;
    assert_eq!(read(&scope(), COUNT).await, "2|N1|9");
    // Another table of the same name, which counts its versions anew.
    std::fs::remove_dir_all(fixture.dir.path().join("lake/raw/main__note")).unwrap();
    fixture.land("raw.main__note", 1, &notes(7, 3)).await;
    fixture.land("raw.main__note", 2, &notes(8, 4)).await;
    assert_eq!(read(&scope(), COUNT).await, "2|N7|4");
}

#[tokio::test]
async fn tables_in_memory_keep_within_their_room() {
    let fixture = Fixture::new(&[]);
    let hot = Arc::new(HotTables::new(100_000));
    let scope = fixture.scope().with_hot_tables(Arc::clone(&hot));
    fixture.land("raw.main__large", 1, &notes(1, 50_000)).await;
    let large = "select max(length(text)) from raw.main__large";
    assert_eq!(read(&scope, large).await, "50000");
    assert_eq!((hot.bytes(), read(&scope, large).await.as_str()), (0, "50000"));
    for place in 0..9 {
        let table = format!("raw.main__small_{place}");
        fixture.land(&table, 1, &notes(place, 15_000)).await;
        let text = read(&scope, &format!("select code from {table}")).await;
        assert_eq!(text, format!("N{place}"));
        assert!((1..=100_000).contains(&hot.bytes()), "{} bytes", hot.bytes());
    }
}
