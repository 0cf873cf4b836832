//! What a query may mention, and what it may not do.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema};
use arrow::util::pretty::pretty_format_batches;
use datafusion::common::ScalarValue;
use datafusion::datasource::MemTable;
use datafusion::prelude::SessionContext;
use futures::TryStreamExt;
use yuanliu_warehouse::{CurrentStream, DeclaredTable, Lake, Position};

use crate::fixture::{Fixture, chain, name, options, read, rows};

fn stream(systems: &[&str]) -> CurrentStream {
    let schema = Schema::new(vec![
        Field::new("code", DataType::Utf8, false),
        Field::new("price", DataType::Decimal128(18, 4), true),
    ]);
    CurrentStream {
        kind: "erp".to_owned(),
        stream: "product".to_owned(),
        schema: Arc::new(schema),
        systems: systems.iter().map(ToString::to_string).collect(),
    }
}

fn row(code: &str, price: &str, op: &str, seq: i64, extra: &str) -> String {
    format!(
        "select '{code}' as code, cast({price} as decimal(18, 4)) as price, '{code}' as _key, \
         'h{seq}' as _hash, '{op}' as _op, to_timestamp_micros({seq}) as _landed_at, \
         {seq} as _seq{extra}"
    )
}

#[tokio::test]
async fn current_streams_unite_the_newest_rows_of_all_systems() {
    let mut fixture = Fixture::new(&[]);
    fixture.sources.current = vec![stream(&["main", "sub-1"])];
    let all = "select _system, code, price, _op from current.erp__product order by 1, 2";
    assert_eq!(fixture.read(all).await, "");
    fixture.land("raw.main__product", 1, &row("a", "1.5", "upsert", 1, "")).await;
    fixture.land("raw.main__product", 2, &row("a", "2.5", "upsert", 2, "")).await;
    fixture.land("raw.main__product", 3, &row("b", "null", "delete", 3, "")).await;
    fixture.land("raw.sub-1__product", 1, &row("a", "9", "upsert", 1, ", 'red' as f_color")).await;
    assert_eq!(
        fixture.read(all).await,
        "main|a|2.5000|upsert\nmain|b||delete\nsub-1|a|9.0000|upsert"
    );
    let columns = "select * from current.erp__product where _system = 'sub-1'";
    assert_eq!(
        fixture.read(columns).await,
        "sub-1|a|9.0000|red|a|h1|upsert||1970-01-01T00:00:00.000001Z|1"
    );
}

#[tokio::test]
async fn declared_tables_read_as_empty() {
    let mut fixture = Fixture::new(&[]);
    let schema = Arc::new(Schema::new(vec![Field::new("event_id", DataType::Utf8View, true)]));
    fixture.sources.declared = vec![DeclaredTable { name: name("raw.scans__event"), schema }];
    let count = "select count(*) from raw.scans__event where event_id = 'x'";
    assert_eq!(fixture.read(count).await, "0");
    fixture.land("raw.scans__event", 1, "select 'x' as event_id").await;
    assert_eq!(fixture.read(count).await, "1");
}

#[tokio::test]
async fn parameters_have_names() {
    let fixture = Fixture::new(&[]);
    fixture.land("raw.scans__event", 1, "select 'x' as code, 1 as n union all select 'y', 2").await;
    let scope = fixture.scope();
    let parameters = vec![("code".to_owned(), ScalarValue::from("y"))];
    let found = scope.query("select n from raw.scans__event where code = $code", parameters).await;
    let batches: Vec<_> = found.unwrap().try_collect().await.unwrap();
    assert_eq!(batches.iter().map(|batch| batch.num_rows()).sum::<usize>(), 1);
}

#[tokio::test]
async fn a_condition_that_is_null_keeps_no_row() {
    let fixture = Fixture::new(&[]);
    fixture.land("raw.scans__event", 1, "select 'x' as code, 1 as n union all select 'y', 2").await;
    for condition in ["n = 1 and code = cast(null as varchar)", "n = 1 and null", "null"] {
        let count = format!("select count(*) from raw.scans__event where {condition}");
        assert_eq!(fixture.read(&count).await, "0", "{condition}");
    }
    let scope = fixture.scope();
    let parameters = vec![("code".to_owned(), ScalarValue::Utf8(None))];
    let sql = "select n from raw.scans__event where n = 1 and code = $code";
    let batches: Vec<_> = scope.query(sql, parameters).await.unwrap().try_collect().await.unwrap();
    assert_eq!(batches.iter().map(|batch| batch.num_rows()).sum::<usize>(), 0);
}

#[tokio::test]
async fn answers_are_tables_of_further_queries() {
    let fixture = Fixture::new(&[]);
    fixture.land("raw.scans__event", 1, "select 'x' as code, 1 as n union all select 'y', 2").await;
    let parameters = vec![("least".to_owned(), ScalarValue::Int64(Some(2)))];
    let view = "select code, n from raw.scans__event where n >= $least";
    let scope = fixture.scope().with_query(name("answer.view"), view, parameters).await.unwrap();
    let kept = rows("select 'y' as code, 'yes' as is_kept").await;
    let scope = scope.with_rows(name("answer.kept"), kept[0].schema(), kept).unwrap();
    let sql =
        "select v.n, k.is_kept from answer.view as v join answer.kept as k on k.code = v.code";
    let batches: Vec<_> = scope.query(sql, Vec::new()).await.unwrap().try_collect().await.unwrap();
    assert_eq!(batches.iter().map(|batch| batch.num_rows()).sum::<usize>(), 1);
    assert!(fixture.scope().query(sql, Vec::new()).await.is_err(), "the first scope is as it was");
}

#[tokio::test]
async fn queries_do_not_change_anything() {
    let fixture = Fixture::new(&[]);
    fixture.land("raw.scans__event", 1, "select 'x' as code").await;
    let scope = fixture.scope();
    for sql in [
        "insert into raw.scans__event values ('y')",
        "create table raw.t as select 1 as x",
        "drop table raw.scans__event",
        "copy raw.scans__event to '/tmp/somewhere.csv'",
        "set datafusion.execution.batch_size = 1",
        "create external table t stored as csv location '/etc/passwd'",
    ] {
        let Err(error) = scope.query(sql, Vec::new()).await else { panic!("{sql} was accepted") };
        let chain = chain(&error);
        assert!(chain.starts_with("only queries are allowed here"), "{sql}: {chain}");
    }
    let Err(error) = scope.query("select * from core.absent", Vec::new()).await else { panic!() };
    assert!(chain(&error).starts_with("cannot understand the query"), "{}", chain(&error));
}

#[tokio::test]
async fn results_have_plain_types() {
    let fixture = Fixture::new(&[]);
    let sql = "select arrow_cast('x', 'Utf8View') as v, arrow_cast(1, 'UInt64') as u, \
               row_number() over () as r, now() as t, cast('y' as varchar) as w";
    let rows = fixture.scope().query(sql, Vec::new()).await.unwrap();
    let schema = rows.schema();
    let types: Vec<_> = schema.fields().iter().map(|f| f.data_type().to_string()).collect();
    assert_eq!(types, ["Utf8", "Int64", "Int64", "Timestamp(µs, \"UTC\")", "Utf8"]);
    let batches: Vec<_> = rows.try_collect().await.unwrap();
    assert_eq!(batches[0].num_rows(), 1);
}

#[tokio::test]
async fn large_sorts_spill_below_the_memory_limit() {
    let mut fixture = Fixture::new(&[]);
    let root = fixture.dir.path().join("small");
    let mut small = options(&root);
    small.memory_limit_bytes = 48 << 20;
    fixture.lake = Lake::open(small).unwrap();
    let sql = "select value as n, md5(cast(value as varchar)) as text \
               from generate_series(1, 100000)";
    let batches = rows(sql).await;
    for sequence in 1..=16 {
        let position = Position { sequence, text: String::new() };
        fixture.lake.append(&name("raw.scans__event"), batches.clone(), position).await.unwrap();
    }
    let sql = "select count(*), min(r) from (select n, text, row_number() over \
               (partition by text order by n) as r from raw.scans__event)";
    assert_eq!(read(&fixture.scope(), sql).await, "1600000|1");
}

#[tokio::test]
async fn a_condition_on_a_column_asks_no_other_of_the_same_name() {
    let fixture = Fixture::new(&[]);
    let numbered = |from: i64, to: i64| {
        format!(
            "select cast(n as varchar) as code, cast(n + 1 as varchar) as next \
             from (select unnest(range({from}, {to})) as n) as t"
        )
    };
    fixture.land("raw.main__seen", 1, &numbered(5, 9000)).await;
    fixture.land("raw.main__made", 1, &numbered(0, 10)).await;
    // The larger side of the join goes first, and the columns of both change places.
    let unseen = "
        select o.code
        from raw.main__seen as s
        right join raw.main__made as o on o.code = s.code
        where s.code is null
        order by o.code";
    assert_eq!(fixture.read(unseen).await, "0\n1\n2\n3\n4");
    let followed = "
        select s.code, f.code
        from raw.main__made as s
        join (
            select a.code, b.code as code_after, a.next || '!' as said
            from raw.main__seen as b
            right join raw.main__made as a on b.code = a.next
        ) as f on f.code_after = s.next
        order by s.code";
    assert_eq!(fixture.read(followed).await, "4|4\n5|5\n6|6\n7|7\n8|8\n9|9");
}

/// Scan events, of which ten came twice, in a lake that may hold a quarter of them in memory.
async fn wide_events() -> Fixture {
    let fixture = Fixture::with_options(&[], |options| options.memory_limit_bytes = 4 << 20);
    let wide = "select cast(value % 19990 as varchar) as event_id, value as seq, \
                repeat(cast(value as varchar), 160) as address from generate_series(1, 20000)";
    fixture.land("raw.scans__event", 1, wide).await;
    fixture
}

#[tokio::test]
async fn conditions_that_nobody_can_estimate_do_not_change_what_a_join_holds() {
    let fixture = wide_events().await;
    // The engine takes the wide events for a fifth of the ids.
    let others = "with seen as (\
                      select * from raw.scans__event where seq % 7 < 7\
                  ), other as (\
                      select distinct concat('x', event_id) as event_id from raw.scans__event\
                  ) select s.* from other as o right anti join seen as s on o.event_id = s.event_id";
    let count = format!("select count(*), max(length(address)) from ({others}) as t");
    assert_eq!(fixture.read(&count).await, "20000|800");
}

#[tokio::test]
async fn a_join_holds_the_side_that_is_smaller_by_far() {
    let fixture = wide_events().await;
    fixture.land("raw.main__place", 1, "select '7' as event_id, 'x' as place").await;
    let sql = "select count(*), count(p.place), max(length(e.address)) from raw.scans__event as e \
               left join raw.main__place as p on p.event_id = e.event_id";
    assert_eq!(fixture.read(sql).await, "20000|2|800");
}

#[tokio::test]
async fn numbers_of_rows_are_those_of_the_engine() {
    let fixture = Fixture::new(&[]);
    // Partitions of one row and of more rows than a batch has, with and without a key, in two columns.
    let rows_of = "select case when value % 5 = 0 then null \
                               when value % 5 < 3 then cast(value % 5 as varchar) \
                               else cast(value as varchar) end as code, \
                          case when value % 3 = 0 then null else value % 2 end as part, \
                          value * 7919 % 40009 as seq from generate_series(1, 40000)";
    fixture.land("raw.scans__event", 1, rows_of).await;
    let engine = SessionContext::new();
    let all = rows(rows_of).await;
    let table = MemTable::try_new(all[0].schema(), vec![all]).unwrap();
    engine.register_table("event", Arc::new(table)).unwrap();
    for over in [
        "partition by code order by seq",
        "partition by code, part order by seq desc",
        "partition by part, code, seq % 2 order by seq",
        "order by seq",
    ] {
        let sql = format!(
            "select code, part, seq, row_number() over ({over}) as place, \
             row_number() over ({over}) + 1 as next from event order by 3"
        );
        let theirs = engine.sql(&sql).await.unwrap().collect().await.unwrap();
        let ours = sql.replace("from event", "from raw.scans__event");
        let ours = fixture.scope().query(&ours, Vec::new()).await.unwrap();
        let ours: Vec<_> = ours.try_collect().await.unwrap();
        let text = |batches: &[_]| pretty_format_batches(batches).unwrap().to_string();
        assert!(text(&theirs) == text(&ours), "{over}");
    }
    let explained = "explain select row_number() over (partition by code order by seq) as place \
                     from raw.scans__event";
    let plan = fixture.scope().session().sql(explained).await.unwrap().collect().await.unwrap();
    let plan = pretty_format_batches(&plan).unwrap().to_string();
    assert!(plan.contains("CountRows"), "the engine numbers them: {plan}");
}
