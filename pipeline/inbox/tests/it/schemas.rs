//! Batches and segments of other columns.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use yuanliu_inbox::{InboxError, InboxOptions};

use crate::batches::{batch, ids, open, options, schema, wait};
use crate::disk::Sim;

fn with(change: impl FnOnce(&mut Vec<Field>)) -> SchemaRef {
    let mut fields: Vec<Field> = schema().fields().iter().map(|f| f.as_ref().clone()).collect();
    change(&mut fields);
    Arc::new(Schema::new(fields))
}

#[test]
fn a_batch_of_other_columns_is_refused() {
    let (inbox, _) = open(&Sim::default(), options()).unwrap();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("id", Arc::new(Int64Array::from(vec![1]))),
        ("text", Arc::new(Float64Array::from(vec![1.0]))),
    ];
    let other = RecordBatch::try_from_iter(columns).unwrap();
    let error = wait(inbox.append(other)).unwrap_err();
    assert!(matches!(error, InboxError::Schema { .. }), "{error}");
    assert!(error.to_string().contains("`text` of type"), "{error}");

    let word = DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Utf8));
    let words = with(|fields| fields.push(Field::new("word", word, true)));
    let refused = open(&Sim::default(), InboxOptions { schema: words, ..options() });
    assert!(matches!(refused, Err(InboxError::Schema { .. })));
}

#[test]
fn a_later_version_reads_what_an_earlier_one_kept() {
    let disk = Sim::default();
    let (inbox, _) = open(&disk, options()).unwrap();
    wait(inbox.append(batch(&[1, 2]))).unwrap();
    drop(inbox);

    let added = with(|fields| {
        fields.insert(0, Field::new("added", DataType::Float64, true));
        fields.swap(1, 2);
    });
    let later = InboxOptions { schema: Arc::clone(&added), ..options() };
    let (inbox, _) = open(&disk, later.clone()).unwrap();
    assert_eq!(wait(inbox.append(RecordBatch::new_empty(Arc::clone(&added)))).unwrap(), 2);
    let read = inbox.read_after(0, 10).unwrap();
    assert_eq!(read.len(), 2);
    assert_eq!(read[0].1.schema(), added);
    assert_eq!(ids(&read[0].1), [1, 2]);
    assert_eq!(read[0].1.column_by_name("added").unwrap().null_count(), 2);
    assert_eq!(disk.names().len(), 2);
    drop(inbox);
    assert_eq!(open(&disk, later).unwrap().1.frames, 2);
}

#[test]
fn columns_that_cannot_be_read_any_more_are_told() {
    for (changed, expected) in [
        (with(|fields| drop(fields.pop())), "`never` of type Utf8, which is not known"),
        (with(|fields| fields[0] = Field::new("id", DataType::Utf8, true)), "expected is `id`"),
        (with(|f| f.push(Field::new("new", DataType::Int8, false))), "it lacks `new`"),
        (with(|f| f[1] = Field::new("text", DataType::Utf8, false)), "may hold no value in `text`"),
    ] {
        let disk = Sim::default();
        let (inbox, _) = open(&disk, options()).unwrap();
        wait(inbox.append(batch(&[1]))).unwrap();
        drop(inbox);
        let error = open(&disk, InboxOptions { schema: changed, ..options() }).unwrap_err();
        assert!(matches!(error, InboxError::Schema { .. }), "{error}");
        assert!(error.to_string().contains(expected), "{error}");
        // The version that wrote it still reads it.
        assert_eq!(open(&disk, options()).unwrap().1.frames, 1);
    }
}
