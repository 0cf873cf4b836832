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

#[tokio::test]
async fn tables_are_read_before_anyone_asks_as_far_as_half_of_the_room_goes() {
    let table = "-- name: core.title\n-- kind: table\n-- grain: code\n-- columns:\n--   code: the note\n\
        select 'N1' as code";
    let view = "-- name: marts.titled\n-- kind: view\n-- columns:\n--   code: the note\n\
        select code from core.title";
    let fixture = Fixture::new(&[("core/title.sql", table), ("marts/titled.sql", view)]);
    fixture.built().await;
    for table in ["a", "b", "c", "d"] {
        fixture.land(&format!("raw.main__{table}"), 1, &notes(1, 15_000)).await;
    }
    let warmed = async |room: usize, names: &[&str]| {
        let hot = Arc::new(HotTables::new(room));
        let names = names.iter().map(|name| name.parse().unwrap());
        hot.warm(&fixture.scope(), names).await.unwrap();
        hot
    };
    let title = warmed(1 << 20, &["marts.titled"]).await.bytes();
    let note = warmed(1 << 20, &["raw.main__a"]).await.bytes();
    assert!(title > 0 && note > 15_000, "{title}, {note}");
    // Half of the room has the title, two notes and some of the third.
    let room = 2 * (title + 2 * note) + note;
    let names = ["raw.main__c", "marts.titled", "raw.main__none", "raw.main__b", "raw.main__a"];
    let hot = warmed(room, &[&names[..], &["raw.main__d"]].concat()).await;
    assert_eq!(hot.bytes(), title + 3 * note);
    let scope = fixture.scope().with_hot_tables(Arc::clone(&hot));
    for table in ["marts.titled", "raw.main__a", "raw.main__b", "raw.main__c"] {
        assert_eq!(read(&scope, &format!("select code from {table}")).await.len(), 2);
        assert_eq!(hot.bytes(), title + 3 * note, "{table} had been read");
    }
    assert_eq!(read(&scope, "select code from raw.main__d").await, "N1");
    assert_eq!(hot.bytes(), title + 4 * note, "there was no room for it");
    // A newer version takes the place of the one before, also where half of the room is taken.
    fixture.land("raw.main__a", 2, &notes(2, 20)).await;
    hot.warm(&fixture.scope(), names.map(|name| name.parse().unwrap())).await.unwrap();
    let held = hot.bytes();
    assert_eq!(read(&scope, "select max(code) from raw.main__a").await, "N2");
    assert_eq!(hot.bytes(), held);
}
