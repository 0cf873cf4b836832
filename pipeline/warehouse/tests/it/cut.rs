//! A piece that does not fit into memory is computed in parts, and comes out the same.

use yuanliu_warehouse::{BuildError, LakeOptions};

use crate::fixture::{Fixture, chain};

/// Every event with the one before it: the side of a join that is held is as large as a partition.
const AFTER: &str = "\
-- name: core.after
-- kind: table
-- partition: piece = left(code, 1)
-- touched: select left(code, 1) as piece, code from changed.raw__scans__event
-- grain: code, n
-- columns:
--   piece: its piece
--   code: the unit
--   n: the event
--   before: the text of the one before it
select left(b.code, 1) as piece, b.code, b.n, a.text as before
from raw.scans__event as a
join raw.scans__event as b on b.code = a.code and b.n = a.n + 1";

/// So many events make some 30 megabytes.
fn events(from: u32, to: u32) -> String {
    format!(
        "select concat(cast(value % 2 as varchar), '-', cast(value % 998 as varchar)) as code, \
         value / 998 as n, repeat(cast(value as varchar), 40) as text \
         from generate_series({from}, {to})"
    )
}

/// Events of one unit, so that its code tells none of them apart.
fn of_one_unit(count: u32) -> String {
    format!(
        "select '0-0' as code, value as n, repeat(cast(value as varchar), 40) as text \
         from generate_series(0, {count})"
    )
}

fn with_memory(mib: usize) -> Fixture {
    Fixture::with_options(&[("core/after.sql", AFTER)], |options: &mut LakeOptions| {
        options.memory_limit_bytes = mib << 20;
    })
}

#[tokio::test]
async fn a_piece_that_does_not_fit_into_memory_is_cut_and_comes_out_the_same() {
    const COUNT: &str = "select count(*), sum(n), min(before), max(before) from core.after";
    let (little, much) = (with_memory(8), with_memory(1_024));
    let mut told = Vec::new();
    for fixture in [&little, &much] {
        fixture.land("raw.scans__event", 1, &events(0, 149_999)).await;
        let first = fixture.built().await;
        fixture.land("raw.scans__event", 2, &events(150_000, 150_020)).await;
        told.push((first, fixture.built().await, fixture.read(COUNT).await));
    }
    assert_eq!(told[0], told[1]);
    assert_eq!(told[0].2.split('|').next(), Some("149023"));
    assert!(files(&little) > files(&much), "nothing was cut");
}

/// How many files the table has.
fn files(fixture: &Fixture) -> usize {
    let mut open = vec![fixture.dir.path().join("lake/core/after")];
    let mut files = 0;
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|kind| kind == "parquet") {
                files += 1;
            }
        }
    }
    files
}

#[tokio::test]
async fn what_cannot_be_cut_says_what_to_do() {
    let fixture = with_memory(8);
    fixture.land("raw.scans__event", 1, &of_one_unit(150_000)).await;
    let error = fixture.run(&fixture.build()).await.unwrap_err();
    assert!(matches!(error, BuildError::Memory { .. }), "{error:?}");
    let told = chain(&error);
    assert!(told.contains("core.after") && told.contains("memory_limit_mib"), "{told}");
}
