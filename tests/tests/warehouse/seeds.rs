//! Seed rows written as text.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Int64Array, ListBuilder, RecordBatch, StringArray, StringBuilder, StructBuilder,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Schema};

/// The zone in which seeds are written.
const ZONE: &str = "+08:00";

/// A table from its columns and a header line with rows below it; cells stand between bars.
pub(crate) fn table(columns: &[(String, DataType)], text: &str) -> RecordBatch {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty()).map(cells);
    let header = lines.next().unwrap_or_default();
    let rows: Vec<Vec<Option<String>>> = lines.collect();
    let header: Vec<String> = header.into_iter().flatten().collect();
    for name in &header {
        assert!(columns.iter().any(|(column, _)| column == name), "the table has no column {name}");
    }
    for row in &rows {
        assert_eq!(row.len(), header.len(), "cells of {row:?} under {header:?}");
    }
    let arrays = columns.iter().map(|(name, data_type)| {
        let place = header.iter().position(|known| known == name);
        let cells: Vec<Option<&str>> =
            rows.iter().map(|row| place.and_then(|place| row[place].as_deref())).collect();
        if name == "content_hash" && place.is_none() {
            return Arc::new(Int64Array::from_iter_values(1..=rows.len() as i64)) as ArrayRef;
        }
        array(data_type, &cells)
    });
    let arrays: Vec<ArrayRef> = arrays.collect();
    let fields: Vec<Field> =
        columns.iter().map(|(name, data_type)| Field::new(name, data_type.clone(), true)).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap()
}

fn cells(line: &str) -> Vec<Option<String>> {
    line.split('|').map(str::trim).map(|c| (!c.is_empty()).then(|| c.to_owned())).collect()
}

fn array(data_type: &DataType, cells: &[Option<&str>]) -> ArrayRef {
    match data_type {
        DataType::Utf8 => Arc::new(cells.iter().copied().collect::<StringArray>()),
        DataType::Timestamp(..) => {
            let zoned: StringArray = cells.iter().map(|cell| cell.map(zoned)).collect();
            cast(&zoned, data_type).unwrap()
        }
        DataType::List(item) if item.data_type() == &DataType::Utf8 => {
            let mut lists = ListBuilder::new(StringBuilder::new());
            for cell in cells {
                match cell {
                    Some(cell) => {
                        cell.split(',').for_each(|code| lists.values().append_value(code));
                        lists.append(true);
                    }
                    None => lists.append(false),
                }
            }
            Arc::new(lists.finish())
        }
        DataType::List(item) => inputs(item.data_type(), cells),
        _ => {
            let text: StringArray = cells.iter().copied().collect();
            let array = cast(&text, data_type).unwrap();
            let lost =
                cells.iter().zip(0..).find(|(cell, row)| cell.is_some() && array.is_null(*row));
            assert!(lost.is_none(), "{lost:?} is no {data_type}");
            array
        }
    }
}

/// Materials of a consume: `material lot qty` with commas between them.
fn inputs(item: &DataType, cells: &[Option<&str>]) -> ArrayRef {
    let DataType::Struct(fields) = item else { panic!("{item} is no struct") };
    let mut lists = ListBuilder::new(StructBuilder::from_fields(fields.clone(), 0));
    for cell in cells {
        for input in cell.iter().flat_map(|cell| cell.split(',')) {
            let words: Vec<&str> = input.split_whitespace().collect();
            let structs = lists.values();
            structs.field_builder::<StringBuilder>(0).unwrap().append_value(words[0]);
            structs.field_builder::<StringBuilder>(1).unwrap().append_value(words[1]);
            let qty: i128 = words[2].parse().unwrap();
            structs
                .field_builder::<arrow::array::Decimal128Builder>(2)
                .unwrap()
                .append_value(qty * 10_000_000_000);
            structs.field_builder::<StringBuilder>(3).unwrap().append_null();
            structs.append(true);
        }
        lists.append(cell.is_some());
    }
    Arc::new(lists.finish())
}

fn zoned(text: &str) -> String {
    let text = text.replace(' ', "T");
    match text.len() {
        10 => format!("{text}T00:00:00{ZONE}"),
        16 => format!("{text}:00{ZONE}"),
        19 => format!("{text}{ZONE}"),
        _ => text,
    }
}
