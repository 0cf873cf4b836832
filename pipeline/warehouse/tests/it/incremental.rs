//! Only what changed is built.

use yuanliu_warehouse::{BuildEvent, MemorySource, ModelGraph};

use crate::fixture::{Fixture, at, chain, name, rows, told};

pub(crate) const EVENT: &str = "\
-- name: core.event
-- kind: table
-- partition: bucket
-- touched: select distinct right(code, 1) from changed.raw__scans__event
-- grain: event_id
-- columns:
--   event_id: the event
--   code: the unit
--   bucket: its bucket
--   month: its month
--   n: a number
select event_id, code, right(code, 1) as bucket, month, n from raw.scans__event";

pub(crate) const CODE: &str = "\
-- name: core.code
-- kind: table
-- partition: bucket
-- grain: code
-- columns:
--   code: the unit
--   bucket: its bucket
--   month: of its last event
--   n: sum of its numbers
select code, bucket, max(month) as month, sum(n) as n from core.event group by code, bucket";

pub(crate) const MONTH: &str = "\
-- name: marts.month
-- kind: table
-- partition: month
-- grain: month
-- columns:
--   month: the month
--   codes: how many codes
select month, count(*) as codes from core.code group by month";

pub(crate) const TOTAL: &str = "\
-- name: marts.total
-- kind: table
-- grain: codes
-- columns:
--   codes: how many codes
select cast(sum(codes) as bigint) as codes from marts.month";

pub(crate) const MODELS: [(&str, &str); 4] = [
    ("core/event.sql", EVENT),
    ("core/code.sql", CODE),
    ("marts/month.sql", MONTH),
    ("marts/total.sql", TOTAL),
];

const FIRST: &str = "select * from (values ('e1', 'x0', '2026-01', 1), ('e2', 'x1', '2026-01', 2), \
                     ('e3', 'y1', '2026-02', 3)) as t(event_id, code, month, n)";

fn event(id: &str, code: &str, month: &str, n: i64) -> String {
    format!("select '{id}' as event_id, '{code}' as code, '{month}' as month, {n} as n")
}

#[tokio::test]
async fn rebuilds_only_touched_partitions() {
    let fixture = Fixture::new(&MODELS);
    fixture.land("raw.scans__event", 1, FIRST).await;
    assert_eq!(
        fixture.built().await,
        "core.event 2/2 changed 2\ncore.code 2/2 changed 2\nmarts.month 2/2 changed 2\n\
         marts.total 1/1 changed 1"
    );
    let unchanged = "core.event -\ncore.code -\nmarts.month -\nmarts.total -";
    assert_eq!(fixture.built().await, unchanged);

    // A new code in a bucket of its own leaves the other buckets alone.
    fixture.land("raw.scans__event", 2, &event("e4", "x2", "2026-02", 4)).await;
    assert_eq!(
        fixture.built().await,
        "core.event 1/3 changed 1\ncore.code 1/3 changed 1\nmarts.month 1/2 changed 1\n\
         marts.total 1/1 changed 1"
    );
    // A late event moves a code to another month: both months are touched, none is left behind.
    fixture.land("raw.scans__event", 3, &event("e5", "x0", "2026-02", 5)).await;
    assert_eq!(
        fixture.built().await,
        "core.event 1/3 changed 1\ncore.code 1/3 changed 1\nmarts.month 2/2 changed 2\n\
         marts.total 1/1 changed 0"
    );
    let months = fixture.read("select * from marts.month order by month").await;
    assert_eq!(months, "2026-01|1\n2026-02|3");
    let codes = fixture.read("select code, month, n from core.code order by code").await;
    assert_eq!(codes, "x0|2026-02|6\nx1|2026-01|2\nx2|2026-02|4\ny1|2026-02|3");
    assert_eq!(fixture.built().await, unchanged);

    // A position without rows changes nothing.
    fixture.land("raw.scans__event", 4, &format!("{} limit 0", event("", "", "", 0))).await;
    assert_eq!(fixture.built().await, unchanged);
}

#[tokio::test]
async fn vanished_partitions_are_removed() {
    let fixture = Fixture::new(&MODELS);
    fixture.land("raw.scans__event", 1, &event("e1", "x0", "2026-01", 1)).await;
    fixture.built().await;
    fixture.land("raw.scans__event", 2, &event("e2", "x0", "2026-02", 1)).await;
    assert_eq!(
        fixture.built().await,
        "core.event 1/1 changed 1\ncore.code 1/1 changed 1\nmarts.month 2/1 changed 2\n\
         marts.total 1/1 changed 0"
    );
    assert_eq!(fixture.read("select * from marts.month").await, "2026-02|1");
}

#[tokio::test]
async fn a_changed_text_rebuilds_the_model_and_stops_where_nothing_comes_out_different() {
    let mut fixture = Fixture::new(&MODELS);
    fixture.land("raw.scans__event", 1, FIRST).await;
    fixture.built().await;
    let changed = CODE.replace("sum(n) as n from", "sum(n) + 0 as n from");
    let mut models = MODELS;
    models[1].1 = &changed;
    fixture.graph = ModelGraph::load(models).unwrap().into();
    assert_eq!(
        fixture.built().await,
        "core.event -\ncore.code 2/2 changed 0\nmarts.month -\nmarts.total -"
    );
    // Another type is another table, whatever it holds.
    let changed = CODE.replace("sum(n) as n from", "cast(sum(n) as decimal(20, 2)) as n from");
    models[1].1 = &changed;
    fixture.graph = ModelGraph::load(models).unwrap().into();
    assert_eq!(
        fixture.built().await,
        "core.event -\ncore.code 2/2 changed 2\nmarts.month 2/2 changed 0\nmarts.total -"
    );
    let schema = fixture.lake.schema_text(&name("core.code")).await.unwrap().unwrap();
    assert_eq!(schema, "code utf8\nbucket utf8\nmonth utf8\nn decimal(20, 2)\n");
}

#[tokio::test]
async fn a_changed_memory_table_rebuilds_its_readers() {
    let model = "-- name: core.limit\n-- kind: table\n-- grain: n\n-- columns:\n--   n: n\n\
                 select n from rules.limit";
    let mut fixture = Fixture::new(&[("core/limit.sql", model)]);
    for (version, expected) in [("1", "1/1 changed 1"), ("1", "-"), ("2", "1/1 changed 1")] {
        let batches = rows(&format!("select {version} as n")).await;
        fixture.sources.memory = vec![MemorySource {
            name: name("rules.limit"),
            schema: batches[0].schema(),
            batches,
            version: version.to_owned(),
        }];
        assert_eq!(fixture.built().await, format!("core.limit {expected}"));
    }
    assert_eq!(fixture.read("select * from core.limit").await, "2");
}

#[tokio::test]
async fn expiry_is_a_change() {
    let model = "-- name: core.past\n-- kind: table\n-- grain: event_id\n\
                 -- expires: select min(at) from raw.scans__event where at > as_of()\n\
                 -- columns:\n--   event_id: the event\n\
                 select event_id from raw.scans__event where at <= as_of()";
    let mut fixture = Fixture::new(&[("core/past.sql", model)]);
    let event = |id: &str, at: &str| {
        format!(
            "select '{id}' as event_id, arrow_cast('{at}', 'Timestamp(Microsecond, Some(\"UTC\"))') as at"
        )
    };
    let sql = [event("e1", "2026-01-01T00:00:00Z"), event("e2", "2026-03-02T00:00:00Z")];
    fixture.land("raw.scans__event", 1, &sql.join(" union all ")).await;
    assert_eq!(fixture.built().await, "core.past 1/1 changed 1");
    fixture.now = at("2026-03-01T23:59:59Z");
    assert_eq!(fixture.built().await, "core.past -");
    fixture.now = at("2026-03-02T00:00:00Z");
    assert_eq!(fixture.built().await, "core.past 1/1 changed 1");
    fixture.now = at("2027-01-01T00:00:00Z");
    assert_eq!(fixture.built().await, "core.past -");
    assert_eq!(fixture.read("select * from core.past order by 1").await, "e1\ne2");
}

#[tokio::test]
async fn audits_find_rows_and_grains_are_checked_unasked() {
    let audit = "-- name: audits.positive\nselect event_id, n from core.event where n <= 0";
    let models = [("core/event.sql", EVENT), ("audits/positive.sql", audit)];
    let fixture = Fixture::new(&models);
    fixture.land("raw.scans__event", 1, FIRST).await;
    let report = fixture.run(&fixture.build()).await.unwrap();
    assert!(report.is_clean(), "{report:?}");
    let bad = [event("e1", "z9", "2026-01", 1), event("e9", "z9", "2026-01", -1)];
    fixture.land("raw.scans__event", 2, &bad.join(" union all ")).await;
    for _ in 0..2 {
        let report = fixture.run(&fixture.build()).await.unwrap();
        let findings: Vec<_> =
            report.audits.iter().map(|audit| format!("{} {}", audit.name, audit.rows)).collect();
        assert_eq!(findings, ["audits.grain__core__event 1", "audits.positive 1"]);
        assert_eq!(report.audits[0].sample.as_ref().unwrap().num_rows(), 1);
    }
    assert_eq!(fixture.read("select * from audits.positive").await, "e9|-1");
}

/// Also where the rows of one grain stand in two partitions: `x1` is another than `x0`.
#[tokio::test]
async fn a_repeated_row_is_found_among_many_that_were_there() {
    let by_code = EVENT
        .replace("-- partition: bucket\n", "-- partition: bucket = right(code, 1)\n")
        .replace("-- grain: event_id\n", "-- grain: event_id, code\n");
    repeated_rows_are_found(&by_code, "x0").await;
    repeated_rows_are_found(EVENT, "x1").await;
}

async fn repeated_rows_are_found(model: &str, code: &str) {
    let fixture = Fixture::new(&[("core/event.sql", model)]);
    let many = |from: i64| (from..from + 20).map(|n| event(&format!("e{n}"), "x0", "2026-01", n));
    let first: Vec<_> = many(0).collect();
    fixture.land("raw.scans__event", 1, &first.join(" union all ")).await;
    assert!(fixture.run(&fixture.build()).await.unwrap().is_clean());
    for (landing, row, findings) in [
        (2, event("e20", "x0", "2026-01", 1), 0),
        (3, event("e7", code, "2026-01", 1), 1),
        (4, event("e8", code, "2026-01", 1), 2),
        (5, event("e21", "x0", "2026-01", 1), 2),
    ] {
        fixture.land("raw.scans__event", landing, &row).await;
        let report = fixture.run(&fixture.build()).await.unwrap();
        assert_eq!(report.audits[0].rows, findings, "landing {landing}");
    }
}

#[tokio::test]
async fn a_column_of_the_grain_may_be_said_to_be_empty() {
    let model = |optional: &str| {
        format!(
            "-- name: core.place\n-- kind: table\n-- grain: code, place{optional}\n-- columns:\n\
             --   code: code\n--   place: place\n\
             select code, cast(null as varchar) as place from core.event"
        )
    };
    for (optional, findings) in [("", 3), ("?", 0)] {
        let text = model(optional);
        let fixture = Fixture::new(&[("core/event.sql", EVENT), ("core/place.sql", &text)]);
        fixture.land("raw.scans__event", 1, FIRST).await;
        let report = fixture.run(&fixture.build()).await.unwrap();
        let found: u64 = report.audits.iter().map(|audit| audit.rows).sum();
        assert_eq!(found, findings, "{report:?}");
    }
}

#[tokio::test]
async fn a_failing_model_is_named_and_the_earlier_ones_stay() {
    let broken = "-- name: marts.broken\n-- kind: table\n-- grain: x\n-- columns:\n--   x: x\n\
                  select absent as x from core.event";
    let fixture = Fixture::new(&[("core/event.sql", EVENT), ("marts/broken.sql", broken)]);
    fixture.land("raw.scans__event", 1, FIRST).await;
    let error = fixture.run(&fixture.build()).await.unwrap_err();
    let chain = chain(&error);
    assert!(chain.starts_with("cannot run `select` of marts.broken: "), "{chain}");
    assert_eq!(fixture.read("select count(*) from core.event").await, "3");
}

#[tokio::test]
async fn progress_names_each_model() {
    let fixture = Fixture::new(&MODELS);
    fixture.land("raw.scans__event", 1, FIRST).await;
    let mut seen = Vec::new();
    let report = fixture
        .build()
        .run(&mut |event| {
            if let BuildEvent::Started { name, place, of } = event {
                seen.push(format!("{place}/{of} {name}"));
            }
        })
        .await
        .unwrap();
    assert_eq!(seen.len(), 8);
    assert_eq!(told(&report).lines().count(), 4);
}

#[tokio::test]
async fn models_are_built_side_by_side_and_each_after_what_it_reads() {
    let model = |name: &str, from: &str| {
        format!(
            "-- name: core.{name}\n-- kind: table\n-- grain: n\n-- columns:\n--   n: a number\n\
             select n from {from}"
        )
    };
    let texts = [
        ("core/a.sql", model("a", "(select 1 as n)")),
        ("core/b.sql", model("b", "core.seen")),
        ("core/c.sql", model("c", "core.b")),
        ("core/z.sql", model("z", "(select 2 as n)")),
        (
            "core/seen.sql",
            "-- name: core.seen\n-- kind: view\n-- columns:\n--   n: a number\nselect n from core.z"
                .to_owned(),
        ),
    ];
    let fixture = Fixture::new(&texts.each_ref().map(|(path, text)| (*path, text.as_str())));
    let mut told = Vec::new();
    let mut tell = |event: BuildEvent<'_>| {
        told.push(match event {
            BuildEvent::Started { name, .. } => format!("+{}", name.table()),
            BuildEvent::Finished(one) => format!("-{}", one.name.table()),
        });
    };
    let report = fixture.build().run(&mut tell).await.unwrap();
    let at = |event: &str| told.iter().position(|told| told == event).unwrap();
    for (before, after) in [("-z", "+b"), ("-b", "+c")] {
        assert!(at(before) < at(after), "{told:?}");
    }
    let mut running = 0_i32;
    let most = told.iter().map(|event| {
        running += if event.starts_with('+') { 1 } else { -1 };
        running
    });
    assert!(most.max().is_some_and(|most| (2..=3).contains(&most)), "{told:?}");
    assert_eq!(running, 0);
    // What is told at the end is in the order of the models, whatever ended first.
    let names: Vec<_> = report.models.iter().map(|one| one.name.table()).collect();
    assert_eq!(names, ["a", "z", "b", "c"]);
    assert_eq!(fixture.read("select n from core.c").await, "2");
}

#[tokio::test]
async fn a_query_of_changes_sees_through_a_view() {
    let view = "\
-- name: core.odd
-- kind: view
-- grain: event_id
-- columns:
--   event_id: the event
--   kind: of its code
--   n: a number
select event_id, bucket as kind, n from core.event where n % 2 = 1";
    let sum = "\
-- name: marts.odd
-- kind: table
-- partition: kind
-- touched: select bucket as kind from changed.core__event
-- grain: kind
-- columns:
--   kind: of its code
--   n: sum of its numbers
select kind, sum(n) as n from core.odd group by kind";
    let models = [("core/event.sql", EVENT), ("core/odd.sql", view), ("marts/odd.sql", sum)];
    let fixture = Fixture::new(&models);
    fixture.land("raw.scans__event", 1, FIRST).await;
    fixture.built().await;
    let more = "select 'e4' as event_id, 'x1' as code, '2026-02' as month, 7 as n";
    fixture.land("raw.scans__event", 2, more).await;
    let built = fixture.built().await;
    assert!(built.contains("marts.odd 1/"), "{built}");
    assert_eq!(fixture.read("select * from marts.odd order by kind").await, "0|1\n1|10");
}
