use arrow::array::{Array, AsArray};
use arrow::datatypes::{Decimal128Type, Int64Type, TimestampMicrosecondType, UInt64Type};
use chrono_tz::Asia::Shanghai;
use proptest::prelude::*;
use tiberius::numeric::Numeric;
use tiberius::time as tds;
use yuanliu_sql_kit::ColumnType;

use super::*;

fn decode(kind: ColumnType, cell: ColumnData<'static>) -> DecodedRows {
    let columns = [Column::new("c", kind)];
    let mut decoder = RowDecoder::new(&columns, &[1], Shanghai, 1).unwrap();
    decoder.push(&[cell, text("7")]);
    decoder.finish().unwrap()
}

#[track_caller]
fn shows(kind: ColumnType, cell: ColumnData<'static>, wanted: &str) {
    let rows = decode(kind, cell);
    assert!(rows.rejects.is_empty(), "{:?}", rows.rejects);
    let shown = arrow::util::display::array_value_to_string(rows.batch.column(0), 0).unwrap();
    assert_eq!(shown, wanted);
}

#[track_caller]
fn rejects(kind: ColumnType, cell: ColumnData<'static>, reason: &str) {
    let rows = decode(kind, cell);
    assert_eq!(rows.batch.num_rows(), 0);
    assert_eq!(rows.rejects[0].reason, reason);
    assert_eq!(rows.rejects[0].position, "key=7");
}

fn text(text: &'static str) -> ColumnData<'static> {
    ColumnData::String(Some(text.into()))
}

fn datetime2(days: u32, increments: u64) -> tds::DateTime2 {
    tds::DateTime2::new(tds::Date::new(days), tds::Time::new(increments, 7))
}

#[test]
fn reads_every_wire_type() {
    shows(ColumnType::Integer, ColumnData::U8(Some(255)), "255");
    shows(ColumnType::Integer, ColumnData::I64(Some(i64::MIN)), "-9223372036854775808");
    shows(ColumnType::Boolean, ColumnData::Bit(Some(true)), "true");
    let number = Numeric::new_with_scale(12_345_678_901_234_567_890_123_456_789_012_345_678, 10);
    shows(
        ColumnType::Decimal(38, 10),
        ColumnData::Numeric(Some(number)),
        "1234567890123456789012345678.9012345678",
    );
    shows(ColumnType::Decimal(10, 2), ColumnData::F64(Some(0.1 + 0.2)), "0.30");
    shows(ColumnType::Decimal(10, 1), ColumnData::F32(Some(0.25)), "0.2");
    shows(ColumnType::Date, ColumnData::Date(Some(tds::Date::new(739_676))), "2026-03-02");
    shows(
        ColumnType::Time,
        ColumnData::Time(Some(tds::Time::new(863_999_999_999, 7))),
        "23:59:59.999999900",
    );
    shows(
        ColumnType::Datetime,
        ColumnData::DateTime2(Some(datetime2(739_676, 288_000_000_000 + 1_234_567))),
        "2026-03-02T00:00:00.123456Z",
    );
    shows(
        ColumnType::Instant,
        ColumnData::DateTimeOffset(Some(tds::DateTimeOffset::new(datetime2(739_676, 0), 480))),
        "2026-03-02T00:00:00Z",
    );
    shows(
        ColumnType::Datetime,
        ColumnData::DateTime(Some(tds::DateTime::new(46_081, 25_919_999))),
        "2026-03-02T15:59:59.997Z",
    );
    shows(
        ColumnType::Rowversion,
        ColumnData::Binary(Some(vec![0, 0, 0, 0, 0, 0, 7, 209].into())),
        "2001",
    );
    shows(ColumnType::Text, text(" 订单\u{fffd} "), " 订单\u{fffd} ");
    shows(ColumnType::Binary, ColumnData::Binary(Some(vec![1, 255].into())), "01ff");
}

#[test]
fn texts_are_typed_as_declared() {
    shows(ColumnType::Decimal(10, 2), text(" 12.5 "), "12.50");
    shows(ColumnType::Decimal(10, 2), text(""), "");
    shows(ColumnType::Datetime, text("2026-03-02 08:00:00"), "2026-03-02T00:00:00Z");
    shows(
        ColumnType::Uuid,
        text("6F9619FF-8B86-D011-B42D-00C04FC964FF"),
        "6f9619ff-8b86-d011-b42d-00c04fc964ff",
    );
    rejects(ColumnType::Decimal(10, 2), text("twelve"), "bad_decimal");
    shows(ColumnType::Date, text("2026-03-02 00:00:00"), "2026-03-02");
    rejects(ColumnType::Decimal(4, 2), ColumnData::I32(Some(1000)), "bad_decimal");
    rejects(ColumnType::Unsigned, ColumnData::I32(Some(-1)), "bad_unsigned");
    rejects(ColumnType::Rowversion, ColumnData::Binary(Some(vec![1].into())), "bad_unsigned");
    rejects(ColumnType::Date, text("2026-02-30"), "bad_date");
    rejects(
        ColumnType::Datetime,
        ColumnData::DateTime(Some(tds::DateTime::new(i32::MAX, 0))),
        "bad_datetime",
    );
}

#[test]
fn a_bad_row_leaves_the_others_in_place() {
    let columns =
        [Column::new("id", ColumnType::Integer), Column::new("price", ColumnType::Decimal(9, 2))];
    let mut decoder = RowDecoder::new(&columns, &[1], Shanghai, 3).unwrap();
    for (id, price) in [(1, "1"), (2, "x"), (3, "3")] {
        decoder.push(&[ColumnData::I32(Some(id)), text(price)]);
    }
    assert_eq!(decoder.received(), 3);
    let rows = decoder.finish().unwrap();
    assert_eq!(rows.batch["id"].as_primitive::<Int64Type>().values(), &[1, 3]);
    assert_eq!(rows.rejects[0].payload, r#"{"id":"2","price":"x"}"#);
    assert!(rows.rejects[0].message.contains("column price"), "{}", rows.rejects[0].message);
    let mended = [rows.rejects[0].payload.replace('x', "2.5"), "[]".to_owned()];
    let again = payload::decode(&columns, Shanghai, &mended).unwrap();
    assert_eq!(again.batch["price"].as_primitive::<Decimal128Type>().values(), &[250]);
    assert_eq!(again.rejects.len(), 1);
}

fn payload_of(columns: &[Column], row: &[ColumnData<'static>]) -> String {
    let texts: Vec<_> =
        columns.iter().zip(row).map(|(column, cell)| value::kept(column.kind, cell)).collect();
    payload::encode(columns, texts.iter().map(Option::as_deref))
}

proptest! {
    /// What a reject keeps reads back to what the wire said.
    #[test]
    fn payloads_read_back(
        number in -(10i128.pow(38) - 1)..10i128.pow(38),
        float: f32,
        version: u64,
        days in 0u32..3_652_059,
        increments in 0u64..864_000_000_000,
        words in "\\PC{0,20}",
        bytes: Vec<u8>,
        offset in -840i16..=840,
    ) {
        let columns = [
            Column::new("n", ColumnType::Decimal(38, 10)),
            Column::new("f", ColumnType::Decimal(38, 10)),
            Column::new("v", ColumnType::Rowversion),
            Column::new("t", ColumnType::Datetime),
            Column::new("o", ColumnType::Instant),
            Column::new("w", ColumnType::Text),
            Column::new("b", ColumnType::Binary),
            Column::new("c", ColumnType::Time),
            Column::new("d", ColumnType::Date),
        ];
        let float = (float % 1e9) as f64;
        let row = [
            ColumnData::Numeric(Some(Numeric::new_with_scale(number, 10))),
            ColumnData::F64(Some(if float.is_finite() { float } else { 0.0 })),
            ColumnData::Binary(Some(version.to_be_bytes().to_vec().into())),
            ColumnData::DateTime2(Some(datetime2(days, increments))),
            ColumnData::DateTimeOffset(Some(tds::DateTimeOffset::new(datetime2(days, increments), offset))),
            ColumnData::String(Some(words.into())),
            ColumnData::Binary(Some(bytes.into())),
            ColumnData::Time(Some(tds::Time::new(increments, 7))),
            ColumnData::Date(Some(tds::Date::new(days))),
        ];
        let mut decoder = RowDecoder::new(&columns, &[1], Shanghai, 1).unwrap();
        decoder.push(&row);
        let direct = decoder.finish().unwrap();
        prop_assert!(direct.rejects.is_empty(), "{:?}", direct.rejects);
        let kept = [payload_of(&columns, &row)];
        let again = payload::decode(&columns, Shanghai, &kept).unwrap();
        prop_assert!(again.rejects.is_empty(), "{:?}", again.rejects);
        prop_assert_eq!(&direct.batch, &again.batch);
        prop_assert_eq!(direct.batch["v"].as_primitive::<UInt64Type>().value(0), version);
        prop_assert!(direct.batch["t"].as_primitive::<TimestampMicrosecondType>().is_valid(0));
    }
}
