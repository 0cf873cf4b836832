//! Only the rows that a change reaches are computed, and it is the same as if all were.

use yuanliu_warehouse::{BuildError, LakeOptions, MemorySource};

use crate::fixture::{Fixture, name, rows};
use crate::numbers::Numbers;

/// The last word on every event; one without a number is none.
pub(crate) const EVENT: &str = "\
-- name: core.event
-- kind: table
-- partition: bucket
-- touched: select right(r.code, 1) as bucket, r.code from raw.scans__event as r join changed.raw__scans__event as c on c.event_id = r.event_id
-- grain: event_id
-- columns:
--   event_id: the event
--   code: the unit
--   bucket: its bucket
--   n: a number
with last as (
    select *, row_number() over (partition by event_id order by seq desc) as place from raw.scans__event
)
select event_id, code, right(code, 1) as bucket, n from last where place = 1 and n > 0";

const CODE: &str = "\
-- name: core.code
-- kind: table
-- partition: bucket
-- touched: select bucket, code from changed.core__event group by bucket, code, event_id, n having count(*) = 1
-- slice: core.event
-- grain: code
-- columns:
--   code: the unit
--   bucket: its bucket
--   n: sum of its numbers, times a factor
--   events: their texts
select e.code, e.bucket, sum(e.n) * max(f.factor) as n, array_sort(array_agg(e.event_id)) as events
from core.event as e
cross join rules.factor as f
group by e.code, e.bucket
order by n, e.code";

const TOTAL: &str = "\
-- name: marts.total
-- kind: table
-- partition: bucket
-- grain: bucket
-- columns:
--   bucket: the bucket
--   n: sum of its numbers
select bucket, sum(n) as n from core.code group by bucket";

pub(crate) const MODELS: [(&str, &str); 3] =
    [("core/event.sql", EVENT), ("core/code.sql", CODE), ("marts/total.sql", TOTAL)];

/// A hub of which `core.code` multiplies by `factor`. Its version never changes: nothing is told to be touched by it.
pub(crate) async fn with_factor(fixture: &mut Fixture, factor: u32) {
    let batches = rows(&format!("select {factor} as factor")).await;
    let schema = batches[0].schema();
    let version = "the same".to_owned();
    fixture.sources.memory =
        vec![MemorySource { name: name("rules.factor"), schema, batches, version }];
}

pub(crate) fn events(events: &[(&str, u32, &str, u32)]) -> String {
    let one = |(id, seq, code, n): &(&str, u32, &str, u32)| {
        format!("select '{id}' as event_id, {seq} as seq, '{code}' as code, {n} as n")
    };
    events.iter().map(one).collect::<Vec<_>>().join(" union all ")
}

/// So many rows by chance, with numbers below these for events, codes and `n`; those of a later landing are the last word.
pub(crate) fn drawn(numbers: &mut Numbers, landing: u64, count: u64, below: [u64; 3]) -> String {
    let one = |place| {
        let [event, code, n] = below.map(|most| numbers.below(most));
        let seq = landing * 1_000 + place;
        format!("select 'e{event}' as event_id, {seq} as seq, 'c{code}' as code, {n} as n")
    };
    (0..count).map(one).collect::<Vec<_>>().join(" union all ")
}

pub(crate) const FIRST: [(&str, u32, &str, u32); 6] = [
    ("e1", 1, "a0", 1),
    ("e2", 1, "b0", 2),
    ("e3", 1, "c0", 3),
    ("e4", 1, "d0", 4),
    ("e5", 1, "a1", 5),
    ("e6", 1, "b1", 6),
];

#[tokio::test]
async fn rows_of_other_keys_stand() {
    let mut fixture = Fixture::new(&MODELS);
    with_factor(&mut fixture, 1).await;
    fixture.land("raw.scans__event", 1, &events(&FIRST)).await;
    fixture.built().await;
    // Whatever is computed from here on shows.
    with_factor(&mut fixture, 100).await;
    fixture.land("raw.scans__event", 2, &events(&[("e7", 1, "b0", 3)])).await;
    assert_eq!(
        fixture.built().await,
        "core.event 1/2 changed 1\ncore.code 1/2 changed 1\nmarts.total 1/2 changed 1"
    );
    let all = "select code, n, events from core.code where bucket = '0'";
    // In the order of the model, which the written file keeps.
    assert_eq!(fixture.read(all).await, "a0|1|[e1]\nc0|3|[e3]\nd0|4|[e4]\nb0|500|[e2, e7]");
    assert_eq!(fixture.read("select n from marts.total order by bucket").await, "508\n11");
}

#[tokio::test]
async fn what_comes_out_as_it_was_is_not_replaced() {
    let mut fixture = Fixture::new(&MODELS);
    with_factor(&mut fixture, 1).await;
    fixture.land("raw.scans__event", 1, &events(&FIRST)).await;
    fixture.built().await;
    fixture.land("raw.scans__event", 2, &events(&[("e2", 2, "b0", 2)])).await;
    assert_eq!(
        fixture.built().await,
        "core.event 1/2 changed 0\ncore.code -\nmarts.total -",
        "the correction says what was said before"
    );
}

#[tokio::test]
async fn a_key_that_moves_leaves_its_old_place() {
    let mut fixture = Fixture::new(&MODELS);
    with_factor(&mut fixture, 1).await;
    fixture.land("raw.scans__event", 1, &events(&FIRST)).await;
    fixture.built().await;
    fixture.land("raw.scans__event", 2, &events(&[("e5", 2, "a0", 5)])).await;
    fixture.built().await;
    let all = "select bucket, code, n from core.code order by bucket, code";
    assert_eq!(fixture.read(all).await, "0|a0|6\n0|b0|2\n0|c0|3\n0|d0|4\n1|b1|6");
    fixture.land("raw.scans__event", 3, &events(&[("e6", 2, "b1", 0)])).await;
    fixture.built().await;
    assert_eq!(fixture.read(all).await, "0|a0|6\n0|b0|2\n0|c0|3\n0|d0|4");
}

#[tokio::test]
async fn a_key_that_is_no_column_is_refused() {
    let code = CODE.replace("select bucket, code from", "select bucket, event_id from");
    let mut fixture = Fixture::new(&[("core/event.sql", EVENT), ("core/code.sql", &code)]);
    with_factor(&mut fixture, 1).await;
    fixture.land("raw.scans__event", 1, &events(&FIRST)).await;
    fixture.built().await;
    fixture.land("raw.scans__event", 2, &events(&[("e7", 1, "b0", 3)])).await;
    let error = fixture.run(&fixture.build()).await.unwrap_err();
    assert!(matches!(error, BuildError::Key { .. }), "{error:?}");
    assert!(error.to_string().contains("`event_id`"), "{error}");
}

pub(crate) async fn contents(fixture: &Fixture) -> [String; 3] {
    let read = async |table: &str| {
        let text = fixture.read(&format!("select * from {table}")).await;
        let mut lines: Vec<_> = text.lines().collect();
        lines.sort_unstable();
        lines.join("\n")
    };
    [read("core.event").await, read("core.code").await, read("marts.total").await]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn some_rows_after_others_equal_all_at_once() {
    // With little room for them, some pieces of a build are computed for their keys and others whole.
    for (seed, held_bytes_max) in [(1, 128 << 20), (2, 128 << 20), (3, 300), (4, 300), (5, 0)] {
        println!("seed {seed}, {held_bytes_max} bytes held");
        let mut numbers = Numbers(seed);
        let hold = |options: &mut LakeOptions| options.held_bytes_max = held_bytes_max;
        let (mut piecewise, mut whole) =
            (Fixture::with_options(&MODELS, hold), Fixture::new(&MODELS));
        with_factor(&mut piecewise, 3).await;
        with_factor(&mut whole, 3).await;
        for landing in 1..=12_u64 {
            let count = if landing == 1 { 120 } else { 1 + numbers.below(5) };
            let sql = drawn(&mut numbers, landing, count, [150, 40, 4]);
            for fixture in [&piecewise, &whole] {
                fixture.land("raw.scans__event", landing as i64, &sql).await;
            }
            if numbers.below(4) > 0 {
                piecewise.built().await;
            }
        }
        piecewise.built().await;
        whole.built().await;
        assert_eq!(contents(&piecewise).await, contents(&whole).await, "seed {seed}");
    }
}
