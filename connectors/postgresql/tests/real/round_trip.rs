//! Random values of every type, read by the connector and told by the server itself.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Int64Type, Time64NanosecondType, TimestampMicrosecondType,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sqlx::{AssertSqlSafe, Row};
use yuanliu_sandbox_servers as servers;
use yuanliu_sandbox_servers::DATABASE;

use crate::source::{connect, open, pages, run};

/// Name, the server's type, the catalogue's, and what the server says the stored number or text is.
const COLUMNS: &[(&str, &str, &str, &str)] = &[
    ("small", "smallint", "integer", "small"),
    ("whole", "integer", "integer", "whole"),
    ("big", "bigint", "integer", "big"),
    ("money", "numeric(38,10)", "decimal(38,10)", "(money * 10000000000)::numeric(40,0)"),
    ("rate", "numeric", "decimal(20,4)", "(rate * 10000)::numeric(40,0)"),
    (
        "single",
        "real",
        "decimal(38,10)",
        "(round(single::text::numeric, 10) * 1e10)::numeric(60,0)",
    ),
    (
        "double",
        "float8",
        "decimal(38,10)",
        "(round(double::text::numeric, 10) * 1e10)::numeric(60,0)",
    ),
    ("flag", "boolean", "boolean", "flag"),
    ("words", "text", "text", "words"),
    ("short", "varchar(30)", "text", "short"),
    ("fixed", "char(12)", "text", "fixed::text"),
    ("bytes", "bytea", "binary", "encode(bytes, 'hex')"),
    ("day", "date", "date", "day - date '1970-01-01'"),
    ("clock", "time(6)", "time", "(extract(epoch from clock) * 1000000)::bigint * 1000"),
    (
        "wall",
        "timestamp(6)",
        "datetime",
        "(extract(epoch from wall at time zone 'Asia/Shanghai') * 1000000)::bigint",
    ),
    ("instant", "timestamptz(6)", "instant", "(extract(epoch from instant) * 1000000)::bigint"),
    ("code", "uuid", "uuid", "code"),
    ("note", "json", "json", "note"),
    ("extra", "jsonb", "json", "extra"),
    ("kind", "order_kind", "text", "kind"),
    ("network", "inet", "text", "network"),
    ("span", "interval", "text", "span"),
];

fn decimal(digits: u32, scale: usize) -> BoxedStrategy<String> {
    let limit = 10_i128.pow(digits) - 1;
    (-limit..=limit)
        .prop_map(move |unscaled| {
            let digits = format!("{:0width$}", unscaled.unsigned_abs(), width = scale + 1);
            let (whole, fraction) = digits.split_at(digits.len() - scale);
            format!("{}{whole}.{fraction}", if unscaled < 0 { "-" } else { "" })
        })
        .boxed()
}

/// A literal of the column's type.
fn value(name: &str) -> BoxedStrategy<String> {
    let day = (1_i32..9_999, 1_u32..=12, 1_u32..=28);
    let day = day.prop_map(|(year, month, day)| format!("{year:04}-{month:02}-{day:02}"));
    let clock = (0_u64..86_400_000_000).prop_map(|micros| {
        let seconds = micros / 1_000_000;
        let (hour, minute) = (seconds / 3_600, seconds / 60 % 60);
        format!("{hour:02}:{minute:02}:{:02}.{:06}", seconds % 60, micros % 1_000_000)
    });
    // Summer time, which Shanghai had until 1991, makes some walls mean two instants or none.
    let modern = (1992_i32..2_100, 1_u32..=12, 1_u32..=28, clock.clone());
    match name {
        "small" => any::<i16>().prop_map(|n| n.to_string()).boxed(),
        "whole" => any::<i32>().prop_map(|n| n.to_string()).boxed(),
        "big" => any::<i64>().prop_map(|n| n.to_string()).boxed(),
        "money" => decimal(38, 10),
        "rate" => decimal(20, 4),
        // With more digits the shortest text is not unique, and the server may choose another one.
        "single" => (-99_999_i32..=99_999).prop_map(|n| format!("{}e-2", n)).boxed(),
        // Fifteen digits: of more, server and client may each write another one of two that are as near.
        "double" => {
            let thousandths = -1_000_000_000_000_000_i64..1_000_000_000_000_000;
            thousandths.prop_map(|n| (n as f64 / 1e3).to_string()).boxed()
        }
        "flag" => any::<bool>().prop_map(|flag| flag.to_string()).boxed(),
        "words" => "[^\\x00]{0,40}".boxed(),
        "short" => "[a-z箱瓶 '\\\\\"]{0,30}".boxed(),
        "fixed" => "[a-z箱]{0,12}".boxed(),
        "bytes" => prop::collection::vec(any::<u8>(), 0..40)
            .prop_map(|bytes| {
                let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                format!("\\x{digits}")
            })
            .boxed(),
        "day" => day.boxed(),
        "clock" => clock.boxed(),
        "wall" => modern.prop_map(|(y, m, d, clock)| format!("{y}-{m:02}-{d:02} {clock}")).boxed(),
        "instant" => (day, clock).prop_map(|(day, clock)| format!("{day} {clock}+08")).boxed(),
        "code" => any::<u128>()
            .prop_map(|n| {
                let hex = format!("{n:032x}");
                let parts = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]];
                parts.join("-")
            })
            .boxed(),
        "note" | "extra" => ("[a-z ]{0,9}", any::<i32>())
            .prop_map(|(text, number)| format!("{{\"箱\": {number},  \"{text}\": [null, 1.50]}}"))
            .boxed(),
        "kind" => prop::sample::select(vec!["普通", "urgent"]).prop_map(str::to_owned).boxed(),
        "network" => any::<u32>()
            .prop_map(|address| std::net::Ipv4Addr::from_bits(address).to_string())
            .boxed(),
        _ => (0_u32..90, 0_u32..1_000).prop_map(|(d, h)| format!("{d} days {h} hours")).boxed(),
    }
}

/// The number or text that a batch holds, as the oracle writes it.
fn stored(array: &ArrayRef, at: usize) -> Option<String> {
    array.is_valid(at).then(|| match array.data_type() {
        DataType::Int64 => array.as_primitive::<Int64Type>().value(at).to_string(),
        DataType::Decimal128(..) => array.as_primitive::<Decimal128Type>().value(at).to_string(),
        DataType::Boolean => array.as_boolean().value(at).to_string(),
        DataType::Utf8 => array.as_string::<i32>().value(at).to_owned(),
        DataType::Binary => {
            let bytes = array.as_binary::<i32>().value(at);
            bytes.iter().map(|byte| format!("{byte:02x}")).collect()
        }
        DataType::Date32 => array.as_primitive::<Date32Type>().value(at).to_string(),
        DataType::Time64(_) => array.as_primitive::<Time64NanosecondType>().value(at).to_string(),
        _ => array.as_primitive::<TimestampMicrosecondType>().value(at).to_string(),
    })
}

#[test]
fn every_type_reads_as_the_server_stored_it() {
    let server = servers::PostgreSql::start_with(&["fsync=off"]).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let _entered = runtime.enter();
    let pool = runtime.block_on(connect(server.port(), DATABASE));
    let defined: Vec<_> = COLUMNS.iter().map(|(name, ty, ..)| format!("{name} {ty}")).collect();
    let create = format!(
        "create type order_kind as enum ('普通', 'urgent'); create table t (id bigint primary key, {})",
        defined.join(", ")
    );
    runtime.block_on(run(&pool, &create));
    let columns: Vec<_> = COLUMNS
        .iter()
        .map(|(name, _, kind, _)| format!("{{ name = \"{name}\", type = \"{kind}\" }}"))
        .collect();
    let stream = format!(
        "page_rows = 7\n[[stream]]\nname = \"t\"\ntable = \"t\"\nkey = [\"id\"]\n\
         columns = [{{ name = \"id\", type = \"integer\" }}, {}]\n",
        columns.join(", ")
    );
    let system = open(server.port(), &stream);
    let casts: Vec<_> = COLUMNS
        .iter()
        .enumerate()
        .map(|(at, (_, ty, ..))| format!("${}::text::{ty}", at + 2))
        .collect();
    let insert = format!("insert into t values ($1, {})", casts.join(", "));
    let oracle: Vec<_> = COLUMNS.iter().map(|(.., oracle)| format!("({oracle})::text")).collect();
    let oracle = format!("select {} from t order by id", oracle.join(", "));

    let row: Vec<_> =
        COLUMNS.iter().map(|(name, ..)| prop::option::weighted(0.9, value(name))).collect();
    let rows = prop::collection::vec(row, 1..20);
    TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(40) })
        .run(&rows, |rows| {
            let (told, read) = runtime.block_on(async {
                run(&pool, "truncate t").await;
                for (id, row) in (0_i64..).zip(&rows) {
                    let query = sqlx::query(AssertSqlSafe(insert.clone())).bind(id);
                    let query = row.iter().fold(query, |query, value| query.bind(value.clone()));
                    query.execute(&pool).await.unwrap();
                }
                let told = sqlx::query(AssertSqlSafe(oracle.clone())).fetch_all(&pool).await;
                (told.unwrap(), pages(&*system, "t").await)
            });
            let rejects: Vec<_> = read.iter().flat_map(|page| &page.rows.rejects).collect();
            prop_assert!(rejects.is_empty(), "{rejects:?}");
            let mut told = told.iter();
            for batch in read.iter().map(|page| &page.rows.batch) {
                for at in 0..batch.num_rows() {
                    let told = told.next().unwrap();
                    for (column, (name, ..)) in COLUMNS.iter().enumerate() {
                        let wanted: Option<String> = told.get(column);
                        prop_assert_eq!(stored(&batch[*name], at), wanted, "{}", name);
                    }
                }
            }
            prop_assert!(told.next().is_none());
            Ok(())
        })
        .unwrap();
}
