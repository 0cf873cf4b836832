//! A segment with columns of every kind that an inbox keeps.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Decimal128Array, FixedSizeBinaryArray, Float64Array, Int64Array,
    ListArray, RecordBatch, StringArray, StructArray, TimestampMicrosecondArray,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit};
use yuanliu_inbox::InboxOptions;

use crate::batches::{open, options, wait};
use crate::disk::Sim;

/// The first segment of a folder.
pub(crate) const NAME: &str = "00000000000001.segment";

fn parts() -> Fields {
    let amount = DataType::Decimal128(28, 10);
    Fields::from(vec![Field::new("text", DataType::Utf8, true), Field::new("amount", amount, true)])
}

pub(crate) fn schema() -> SchemaRef {
    let instant = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    Arc::new(Schema::new(vec![
        Field::new("id", DataType::Int64, false),
        Field::new("text", DataType::Utf8, true),
        Field::new("never", DataType::Utf8, true),
        Field::new("at", instant, true),
        Field::new("place", DataType::Float64, true),
        Field::new("yes", DataType::Boolean, true),
        Field::new("hash", DataType::FixedSizeBinary(3), true),
        Field::new("parts", DataType::new_list(DataType::Struct(parts()), true), true),
    ]))
}

/// Some rows, and some of their values.
pub(crate) fn batch(rows: i64) -> RecordBatch {
    let ids = 1..=rows;
    let some = |id: &i64| id % 2 == 0;
    let texts: StringArray = ids.clone().map(|id| some(&id).then_some("上海")).collect();
    let amounts: Decimal128Array = ids.clone().map(|id| some(&id).then_some(-7)).collect();
    let amounts = amounts.with_precision_and_scale(28, 10).expect("as the schema says");
    let columns: Vec<ArrayRef> = vec![Arc::new(texts.clone()), Arc::new(amounts)];
    let values = StructArray::new(parts(), columns, None);
    let item = Arc::new(Field::new_list_field(DataType::Struct(parts()), true));
    let lists = ListArray::new(
        item,
        OffsetBuffer::from_lengths(ids.clone().map(|_| 1)),
        Arc::new(values),
        Some(ids.clone().map(|id| some(&id)).collect()),
    );
    let times: TimestampMicrosecondArray = ids.clone().map(|id| some(&id).then_some(id)).collect();
    let places: Float64Array = ids.clone().map(|id| some(&id).then_some(31.2)).collect();
    let flags: BooleanArray = ids.clone().map(|id| Some(some(&id))).collect();
    let hashes = FixedSizeBinaryArray::try_from_sparse_iter_with_size(
        ids.clone().map(|id| some(&id).then_some(*b"abc")),
        3,
    );
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from_iter_values(ids)),
        Arc::new(texts),
        Arc::new(StringArray::new_null(rows as usize)),
        Arc::new(times.with_timezone("UTC")),
        Arc::new(places),
        Arc::new(flags),
        Arc::new(hashes.expect("three bytes each")),
        Arc::new(lists),
    ];
    RecordBatch::try_new(schema(), columns).expect("as the schema says")
}

/// What an inbox writes of three batches; the frames of the last two are one group.
pub(crate) fn segment() -> Vec<u8> {
    let disk = Sim::default();
    let bounds = InboxOptions { schema: schema(), segment_bytes: 1 << 20, ..options() };
    let (inbox, _) = open(&disk, bounds).expect("an empty disk opens");
    for batches in [vec![batch(1)], vec![batch(3), batch(0)]] {
        wait(inbox.append_many(&batches)).expect("nothing fails");
    }
    drop(inbox);
    disk.content(NAME)
}
