//! Every type, with the server's own text of it as the oracle, and as a key.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{
    DataType, Date32Type, Int64Type, Time64NanosecondType, TimestampMicrosecondType, UInt64Type,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use yuanliu_contract::{ErrorKind, RejectedRow};
use yuanliu_sandbox_servers::MariaDb;

use crate::setup::{open, read};

/// A column: its declared type, what it is read as, literals, and the server's text of a value.
struct Kind {
    declared: &'static str,
    read_as: &'static str,
    literals: BoxedStrategy<String>,
    text: fn(&str) -> String,
}

fn kind(
    declared: &'static str,
    read_as: &'static str,
    literals: impl Strategy<Value = String> + 'static,
    text: fn(&str) -> String,
) -> Kind {
    Kind { declared, read_as, literals: literals.boxed(), text }
}

fn plain(column: &str) -> String {
    column.to_owned()
}

fn as_number(column: &str) -> String {
    format!("{column} + 0")
}

fn as_hex(column: &str) -> String {
    format!("hex(convert({column} using utf8mb4))")
}

fn as_micros(column: &str) -> String {
    format!("timestampdiff(microsecond, '1970-01-01', {column})")
}

fn text_of(pattern: &str) -> impl Strategy<Value = String> + use<> {
    let text = proptest::string::string_regex(pattern).unwrap();
    text.prop_map(|text| format!("convert(x'{}' using utf8mb4)", hex(text.as_bytes())))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

fn times() -> impl Strategy<Value = String> {
    let micros = prop_oneof![Just(0_i64), 0..1_000_000_i64];
    // From 1001-01-01 to 9999-12-30.
    (-30_578_688_000_i64..253_402_200_000, micros).prop_map(|(seconds, micros)| {
        let time = chrono::DateTime::from_timestamp_micros(seconds * 1_000_000 + micros).unwrap();
        format!("'{}'", time.format("%Y-%m-%d %H:%M:%S%.6f"))
    })
}

fn decimals(precision: u32, scale: i8) -> impl Strategy<Value = String> {
    let limit = 10_i128.pow(precision);
    (-limit + 1..limit).prop_map(move |value| yuanliu_sql_kit::decimal::render(value, scale))
}

fn number<T: std::fmt::Debug + ToString>(
    strategy: impl Strategy<Value = T>,
) -> impl Strategy<Value = String> {
    strategy.prop_map(|value| value.to_string())
}

fn kinds() -> Vec<Kind> {
    let day = times().prop_map(|time| format!("'{}'", &time[1..11]));
    let clock = (0_i64..86_400_000_000).prop_map(|micros| {
        let time = chrono::DateTime::from_timestamp_micros(micros).unwrap();
        format!("'{}'", time.format("%H:%M:%S%.6f"))
    });
    let stamp = (1_i64..2_147_483_647, 0..1_000_000_i64).prop_map(|(seconds, micros)| {
        let time = chrono::DateTime::from_timestamp_micros(seconds * 1_000_000 + micros).unwrap();
        format!("'{}'", time.format("%Y-%m-%d %H:%M:%S%.6f"))
    });
    let bytes = |max| {
        proptest::collection::vec(any::<u8>(), 0..=max)
            .prop_map(|bytes| format!("x'{}'", hex(&bytes)))
    };
    let any_text = "[ -~]{0,6}[一-龥箱🍶𠮷é'\"\\\\\t\n]{0,6}";
    vec![
        kind("tinyint", "integer", number(any::<i8>()), plain),
        kind("tinyint(1) unsigned", "integer", number(any::<u8>()), plain),
        kind("smallint unsigned", "integer", number(any::<u16>()), plain),
        kind("mediumint", "integer", number(-8_388_608_i32..8_388_608), plain),
        kind("int(10) unsigned zerofill", "integer", number(any::<u32>()), as_number),
        kind("bigint", "integer", number(any::<i64>()), plain),
        kind("bigint unsigned", "unsigned", number(any::<u64>()), plain),
        kind("decimal(38,10)", "decimal(38,10)", decimals(38, 10), plain),
        kind("decimal(12,4)", "decimal(12,4)", decimals(12, 4), plain),
        kind("year", "integer", number(1901_i32..2156), as_number),
        kind("bit(1)", "boolean", number(0_u8..2), as_number),
        kind("bit(64)", "unsigned", number(any::<u64>()), as_number),
        kind("date", "date", day, |c| format!("to_days({c}) - to_days('1970-01-01')")),
        kind("time(6)", "time", clock, |c| format!("round(time_to_sec({c}) * 1000000)")),
        kind("datetime(6)", "datetime", times(), as_micros),
        kind("datetime", "datetime", times(), as_micros),
        kind("timestamp(6)", "instant", stamp, |c| format!("round(unix_timestamp({c}) * 1000000)")),
        kind("varchar(60) character set utf8mb4", "text", text_of(any_text), as_hex),
        kind(
            "varchar(60) character set utf8mb4 collate utf8mb4_bin",
            "text",
            text_of(any_text),
            as_hex,
        ),
        kind("char(8) character set gbk", "text", text_of("[一二三箱码扫描 a-c']{0,8}"), as_hex),
        kind("varchar(20) character set gbk", "text", text_of("[饮料订单龥丂 a-c]{0,12}"), as_hex),
        kind("varchar(20) character set latin1", "text", text_of("[À-ÿa-c€]{0,12}"), as_hex),
        kind("enum('合格','不合格','a','B')", "text", text_of("合格|不合格|a|B"), as_hex),
        kind("set('x','y','箱')", "text", text_of("x|y|x,y|箱|x,箱|x,y,箱"), as_hex),
        kind("varbinary(16)", "binary", bytes(16), |c| format!("hex({c})")),
        kind("binary(8)", "binary", bytes(8), |c| format!("hex({c})")),
        kind("longtext", "text", text_of("[一-龥 ]{0,300}"), as_hex),
        kind("blob", "binary", bytes(300), |c| format!("hex({c})")),
        kind("json", "json", text_of("\\{\"箱\": [1-9][0-9]{0,8}\\}"), as_hex),
        kind(
            "uuid",
            "uuid",
            text_of("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
            as_hex,
        ),
    ]
}

/// A value as the oracle writes it.
fn shown(array: &ArrayRef, at: usize) -> String {
    if array.is_null(at) {
        return "NULL".to_owned();
    }
    match array.data_type() {
        DataType::Int64 => array.as_primitive::<Int64Type>().value(at).to_string(),
        DataType::UInt64 => array.as_primitive::<UInt64Type>().value(at).to_string(),
        DataType::Boolean => u8::from(array.as_boolean().value(at)).to_string(),
        DataType::Utf8 => hex(array.as_string::<i32>().value(at).as_bytes()),
        DataType::Binary => hex(array.as_binary::<i32>().value(at)),
        DataType::Date32 => array.as_primitive::<Date32Type>().value(at).to_string(),
        DataType::Time64(_) => {
            (array.as_primitive::<Time64NanosecondType>().value(at) / 1_000).to_string()
        }
        DataType::Timestamp(..) => {
            array.as_primitive::<TimestampMicrosecondType>().value(at).to_string()
        }
        _ => arrow::util::display::array_value_to_string(array, at).unwrap(),
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

fn runner(cases: u32) -> TestRunner {
    let rng = proptest::test_runner::TestRng::deterministic_rng(Default::default());
    TestRunner::new_with_rng(Config { cases, ..Config::default() }, rng)
}

fn stream(table: &str, key: &str, columns: &[(String, &str)]) -> String {
    let columns =
        columns.iter().map(|(name, kind)| format!("{{ name = \"{name}\", type = \"{kind}\" }}"));
    format!(
        "time_zone = \"Etc/UTC\"\npage_rows = 7\n[[stream]]\nname = \"values\"\ntable = \"{table}\"\n\
         key = [\"{key}\"]\ncolumns = [{}]\n",
        columns.collect::<Vec<_>>().join(", ")
    )
}

#[test]
fn every_type_reads_as_the_server_writes_it() {
    let server = MariaDb::start().unwrap();
    let kinds = kinds();
    let named = || kinds.iter().enumerate().map(|(at, kind)| (format!("c{at}"), kind));
    let declared: Vec<_> =
        named().map(|(name, kind)| format!("{name} {} null", kind.declared)).collect();
    server.run(&format!("create table v (id int primary key, {})", declared.join(", "))).unwrap();
    let mut columns = vec![("id".to_owned(), "integer")];
    columns.extend(named().map(|(name, kind)| (name, kind.read_as)));
    let system = open(server.port(), &stream("v", "id", &columns));
    let texts: Vec<_> = named().map(|(name, kind)| (kind.text)(&name)).collect();
    let oracle =
        format!("set time_zone = '+00:00'; select id, {} from v order by id", texts.join(", "));
    let row: Vec<_> = kinds
        .iter()
        .map(|kind| prop_oneof![9 => kind.literals.clone(), 1 => Just("null".to_owned())])
        .collect();
    let runtime = runtime();
    let tried = runner(24).run(&proptest::collection::vec(row, 1..30), |rows| {
        let rows: Vec<_> = rows
            .iter()
            .enumerate()
            .map(|(id, row)| format!("({id}, {})", row.join(", ")))
            .collect();
        server
            .run(&format!(
                "set time_zone = '+00:00'; truncate v; insert into v values {}",
                rows.join(", ")
            ))
            .map_err(|error| TestCaseError::fail(error.to_string()))?;
        let wanted: Vec<_> = server.run(&oracle).unwrap().lines().map(str::to_owned).collect();
        let pages = runtime.block_on(read(&*system, "values", None));
        let pages = pages.map_err(|error| TestCaseError::fail(format!("{error:?}")))?;
        let rejects: Vec<_> = pages.iter().flat_map(|page| &page.rows.rejects).collect();
        prop_assert!(rejects.is_empty(), "{:?}", rejects);
        let batches = pages.iter().map(|page| &page.rows.batch);
        let got: Vec<_> = batches
            .flat_map(|batch| {
                (0..batch.num_rows()).map(|at| {
                    let cells: Vec<_> =
                        batch.columns().iter().map(|array| shown(array, at)).collect();
                    cells.join("\t")
                })
            })
            .collect();
        prop_assert_eq!(got, wanted);
        Ok(())
    });
    tried.unwrap();
}

#[test]
fn every_type_pages_as_a_key() {
    let server = MariaDb::start().unwrap();
    let runtime = runtime();
    let mut runner = runner(1);
    let floats = [
        kind(
            "float",
            "decimal(38,10)",
            number(-99_999_i32..99_999).prop_map(|n| format!("{n} / 1000")),
            plain,
        ),
        kind(
            "double",
            "decimal(38,18)",
            number(any::<i32>()).prop_map(|n| format!("{n} / 3e9")),
            plain,
        ),
    ];
    for (at, kind) in kinds().into_iter().chain(floats).enumerate() {
        if ["longtext", "blob", "json"].contains(&kind.declared) {
            continue;
        }
        let literals = proptest::collection::vec(&kind.literals, 60).new_tree(&mut runner).unwrap();
        let literals: Vec<_> =
            literals.current().iter().map(|literal| format!("({literal})")).collect();
        let table = format!("k{at}");
        server
            .run(&format!(
                "set time_zone = '+00:00'; create table {table} (c {} not null, primary key (c)); \
                 insert ignore into {table} values {}",
                kind.declared,
                literals.join(", ")
            ))
            .unwrap();
        let count: usize =
            server.run(&format!("select count(*) from {table}")).unwrap().trim().parse().unwrap();
        let columns = [("c".to_owned(), kind.read_as)];
        let system = open(server.port(), &stream(&table, "c", &columns));
        let pages = runtime.block_on(read(&*system, "values", None)).unwrap();
        let shown = pages.iter().flat_map(|page| {
            let array = Arc::clone(page.rows.batch.column(0));
            (0..array.len()).map(move |at| shown(&array, at))
        });
        let shown: Vec<_> = shown.collect();
        let distinct: std::collections::BTreeSet<_> = shown.iter().collect();
        let rejects: Vec<&RejectedRow> = pages.iter().flat_map(|page| &page.rows.rejects).collect();
        assert_eq!((shown.len(), distinct.len()), (count, count), "{} {rejects:?}", kind.declared);
    }
}

#[tokio::test]
async fn floats_are_whole_and_rounded_to_what_is_declared() {
    let server = MariaDb::start().unwrap();
    // The server's own text of a float has six digits.
    server
        .run("create table f (id int primary key, a float, b double);
              insert into f values (1, 16777215, 0.1), (2, 0.1, 1234567890.12345), (3, -2.5e-7, 1e25)")
        .unwrap();
    let columns = [
        ("id".to_owned(), "integer"),
        ("a".to_owned(), "decimal(20,6)"),
        ("b".to_owned(), "decimal(38,5)"),
    ];
    let system = open(server.port(), &stream("f", "id", &columns));
    let pages = read(&*system, "values", None).await.unwrap();
    let cells = |name: &str| {
        let column = &pages[0].rows.batch[name];
        (0..3).map(|at| shown(column, at)).collect::<Vec<_>>()
    };
    assert_eq!(cells("a"), ["16777215.000000", "0.100000", "0.000000"]);
    assert_eq!(cells("b"), ["0.10000", "1234567890.12345", "10000000000000000000000000.00000"]);
}

const ODD: &str = "
    create table odd (id int primary key, d date not null, t datetime(6), s timestamp null, h time);
    set sql_mode = '', time_zone = '+00:00';
    insert into odd values
        (1, '2026-03-31', '2026-03-31 08:00:00', '2026-03-31 08:00:00', '08:00:00'),
        (2, '0000-00-00', null, null, null),
        (3, '2026-03-31', '0000-00-00', null, null),
        (4, '2026-03-31', null, '0000-00-00', null),
        (5, '2026-02-00', null, null, null),
        (6, '2026-03-31', null, null, '24:00:00'),
        (7, '2026-03-31', null, null, '-838:59:59');";

const ODD_STREAM: &str = r#"
    [[stream]]
    name = "odd"
    table = "odd"
    key = ["id"]
    columns = [
        { name = "id", type = "integer" }, { name = "d", type = "date", not_null = true },
        { name = "t", type = "datetime" }, { name = "s", type = "instant" },
        { name = "h", type = "time" },
    ]
"#;

#[tokio::test]
async fn what_is_no_time_is_rejected_with_its_reason() {
    let server = MariaDb::start().unwrap();
    server.run(ODD).unwrap();
    let reasons = async |more: &str| {
        let system = open(server.port(), &format!("{more}{ODD_STREAM}"));
        let pages = read(&*system, "odd", None).await.unwrap();
        let rejects: Vec<_> = pages.into_iter().flat_map(|page| page.rows.rejects).collect();
        let payloads: Vec<_> = rejects.iter().map(|reject| reject.payload.clone()).collect();
        let again = system.decode("odd", &payloads).unwrap().rejects;
        let told = |rejects: &[RejectedRow]| {
            let told = |r: &RejectedRow| (r.reason, r.message.clone(), r.payload.clone());
            rejects.iter().map(told).collect::<Vec<_>>()
        };
        assert_eq!(told(&again), told(&rejects));
        rejects.iter().map(|r| (r.position.clone(), r.reason)).collect::<Vec<_>>()
    };
    let at = |id: u8, reason| (format!("key={id}"), reason);
    let always = [at(5, "bad_date"), at(6, "bad_time"), at(7, "bad_time")];
    let mut wanted = vec![at(2, "zero_date"), at(3, "zero_date"), at(4, "zero_date")];
    wanted.extend(always.clone());
    assert_eq!(reasons("").await, wanted);
    // A column declared not_null has no null to stand for them.
    let mut wanted = vec![at(2, "zero_date")];
    wanted.extend(always);
    assert_eq!(reasons("zero_dates = \"null\"").await, wanted);
}

#[tokio::test]
async fn columns_that_cannot_be_read_say_why() {
    let server = MariaDb::start().unwrap();
    server.run("create table p (id int primary key, g point, s timestamp)").unwrap();
    let refused = async |column: &str| {
        let stream = format!(
            "[[stream]]\nname = \"p\"\ntable = \"p\"\nkey = [\"id\"]\n\
             columns = [{{ name = \"id\", type = \"integer\" }}, {column}]"
        );
        let error = read(&*open(server.port(), &stream), "p", None).await.unwrap_err();
        (error.kind, format!("{error} {}", error.hint.clone().unwrap_or_default()))
    };
    let (kind, told) = refused("{ name = \"g\", type = \"text\" }").await;
    assert_eq!(kind, ErrorKind::Config);
    assert!(told.contains("st_astext"), "{told}");
    let (kind, told) = refused("{ name = \"s\", type = \"datetime\" }").await;
    assert_eq!(kind, ErrorKind::Config);
    assert!(told.contains("declare it as instant"), "{told}");
    server.run("insert into p values (1, null, now())").unwrap();
    let (kind, told) = refused("{ name = \"t\", expr = \"s\", type = \"datetime\" }").await;
    assert_eq!(kind, ErrorKind::Config);
    assert!(told.contains("declare it as instant"), "{told}");
}
