//! Tables of sums follow a change by what it adds and takes away, and it is the same as if all were summed.

use chrono::Duration;
use yuanliu_warehouse::{BuildError, LakeOptions};

use crate::fixture::{Fixture, name};
use crate::narrowed::{EVENT, FIRST, drawn, events, with_factor};
use crate::numbers::Numbers;

/// Events by their number, some of which have no kind.
const TALLY: &str = "\
-- name: marts.tally
-- kind: table
-- partition: bucket
-- touched: select distinct bucket, code from changed.core__event
-- slice: core.event
-- sums: events, total
-- grain: bucket, kind?
-- columns:
--   bucket: the bucket
--   kind: what number they have, if that is below three
--   events: how many
--   total: sum of their numbers, times a factor
select
    e.bucket,
    case when e.n < 3 then e.n end as kind,
    count(*) as events,
    sum(e.n * f.factor) as total
from core.event as e
cross join rules.factor as f
group by e.bucket, case when e.n < 3 then e.n end";

/// The same behind a view.
const SEEN: &str = "\
-- name: core.seen
-- kind: view
-- columns:
--   place: the bucket
--   n: a number
select bucket as place, n from core.event";

const VIEWED: &str = "\
-- name: marts.viewed
-- kind: table
-- partition: bucket
-- touched: select distinct bucket, code from changed.core__event
-- slice: core.event
-- sums: events
-- grain: bucket, n
-- columns:
--   bucket: the bucket
--   n: a number
--   events: how many have it
select place as bucket, n, count(*) as events from core.seen group by place, n";

const MODELS: [(&str, &str); 4] = [
    ("core/event.sql", EVENT),
    ("core/seen.sql", SEEN),
    ("marts/tally.sql", TALLY),
    ("marts/viewed.sql", VIEWED),
];

async fn contents(fixture: &Fixture) -> String {
    let tally = "select bucket, kind, events, total from marts.tally order by bucket, kind";
    let viewed = "select bucket, n, events from marts.viewed order by bucket, n";
    format!("{}\n{}", fixture.read(tally).await, fixture.read(viewed).await)
}

async fn vacuum(fixture: &Fixture) {
    fixture.lake.vacuum(&name("core.event"), Duration::zero()).await.unwrap();
}

#[tokio::test]
async fn a_change_adds_what_came_and_takes_away_what_went() {
    let mut fixture = Fixture::new(&MODELS);
    with_factor(&mut fixture, 1).await;
    fixture.land("raw.scans__event", 1, &events(&FIRST)).await;
    fixture.built().await;
    let tally = "select kind, events, total from marts.tally where bucket = '0' order by kind";
    assert_eq!(fixture.read(tally).await, "1|1|1\n2|1|2\n|2|7");
    // Whatever is summed from here on shows: what stands does not.
    with_factor(&mut fixture, 100).await;
    fixture.land("raw.scans__event", 2, &events(&[("e7", 1, "b0", 2), ("e4", 2, "d0", 3)])).await;
    assert_eq!(
        fixture.built().await,
        "core.event 1/2 changed 1\nmarts.tally 1/2 changed 1\nmarts.viewed 1/2 changed 1"
    );
    assert_eq!(fixture.read(tally).await, "1|1|1\n2|2|202\n|2|-93");
    let viewed = "select n, events from marts.viewed where bucket = '0' order by n";
    assert_eq!(fixture.read(viewed).await, "1|1\n2|2\n3|2");
}

#[tokio::test]
async fn a_sum_of_which_nothing_is_left_goes() {
    let mut fixture = Fixture::new(&MODELS);
    with_factor(&mut fixture, 1).await;
    fixture.land("raw.scans__event", 1, &events(&FIRST)).await;
    fixture.built().await;
    fixture.land("raw.scans__event", 2, &events(&[("e1", 2, "a0", 0), ("e2", 2, "b0", 2)])).await;
    fixture.built().await;
    let viewed = "select n, events from marts.viewed where bucket = '0' order by n";
    assert_eq!(fixture.read(viewed).await, "2|1\n3|1\n4|1");
}

#[tokio::test]
async fn what_depends_on_the_order_is_no_sum() {
    let tally = TALLY.replace("sum(e.n * f.factor)", "sum(e.n * 0.1e0)");
    let mut fixture = Fixture::new(&[("core/event.sql", EVENT), ("marts/tally.sql", &tally)]);
    with_factor(&mut fixture, 1).await;
    fixture.land("raw.scans__event", 1, &events(&FIRST)).await;
    let error = fixture.run(&fixture.build()).await.unwrap_err();
    assert!(matches!(error, BuildError::SumType { .. }), "{error:?}");
    assert!(error.to_string().contains("`total`"), "{error}");
}

#[tokio::test]
async fn all_is_summed_anew_where_what_was_summed_is_gone() {
    let mut fixture = Fixture::with_options(&MODELS, |options| options.amended_rows_min = 0);
    with_factor(&mut fixture, 1).await;
    let many = "select concat('f', cast(value as varchar)) as event_id, 1 as seq, \
                concat('c', cast(value as varchar), '0') as code, 1 as n from generate_series(1, 40)";
    fixture.land("raw.scans__event", 1, many).await;
    fixture.built().await;
    fixture.land("raw.scans__event", 2, &events(&[("e2", 1, "b0", 2)])).await;
    fixture.built().await;
    // The rows lie in another file then, and the files of the version that was summed are gone.
    fixture.lake.compact(&name("core.event")).await.unwrap();
    vacuum(&fixture).await;
    fixture.land("raw.scans__event", 3, &events(&[("e3", 1, "c0", 2)])).await;
    fixture.built().await;
    let viewed = "select n, events from marts.viewed where bucket = '0' order by n";
    assert_eq!(fixture.read(viewed).await, "1|40\n2|2");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sums_kept_by_and_by_equal_all_at_once() {
    // With little room for them, some pieces of a build are summed by their keys and others whole.
    for (seed, held_bytes_max) in [(1, 128 << 20), (2, 128 << 20), (3, 200), (4, 0)] {
        println!("seed {seed}, {held_bytes_max} bytes held");
        let mut numbers = Numbers(seed);
        let hold = |options: &mut LakeOptions| {
            options.held_bytes_max = held_bytes_max;
            options.amended_rows_min = 0;
        };
        let (mut piecewise, mut whole) =
            (Fixture::with_options(&MODELS, hold), Fixture::new(&MODELS));
        with_factor(&mut piecewise, 3).await;
        with_factor(&mut whole, 3).await;
        for landing in 1..=16_u64 {
            let count = if landing == 1 { 200 } else { 1 + numbers.below(5) };
            let sql = drawn(&mut numbers, landing, count, [250, 60, 9]);
            for fixture in [&piecewise, &whole] {
                fixture.land("raw.scans__event", landing as i64, &sql).await;
            }
            if numbers.below(4) > 0 {
                piecewise.built().await;
            }
            match numbers.below(8) {
                // What was summed before is gone then, and all is summed anew.
                0 => vacuum(&piecewise).await,
                1 => drop(piecewise.lake.compact(&name("core.event")).await.unwrap()),
                2 => {
                    piecewise.lake.compact(&name("core.event")).await.unwrap();
                    vacuum(&piecewise).await;
                }
                3 => drop(piecewise.lake.compact(&name("marts.tally")).await.unwrap()),
                _ => {}
            }
        }
        piecewise.built().await;
        whole.built().await;
        assert_eq!(contents(&piecewise).await, contents(&whole).await, "seed {seed}");
    }
}
