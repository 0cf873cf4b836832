//! The content of a lake as text, without what differs between two honest runs.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::record_batch::RecordBatch;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use chrono::Utc;
use futures::TryStreamExt;
use yuanliu_warehouse::{Lake, LakeOptions, ModelGraph, QueryScope, QuerySources};

use crate::hub::TestHub;

/// Columns that say when and in which order rows arrived, not what they say.
const VOLATILE: [&str; 3] = ["_landed_at", "_seq", "landed_at"];

/// The sorted rows of every table of the lake.
pub fn tables(hub: &TestHub) -> BTreeMap<String, Vec<String>> {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let options = LakeOptions::new(hub.path("data/lake"));
        let lake = Lake::open_read_only(options).expect("the lake opens");
        let names = lake.table_names().expect("the lake lists its tables");
        let sources = Arc::new(QuerySources::default());
        let scope = QueryScope::new(lake, Arc::new(ModelGraph::default()), sources, Utc::now());
        let mut dump = BTreeMap::new();
        for name in names {
            let rows = scope.query(&format!("select * from {name}"), Vec::new()).await;
            let batches: Vec<_> =
                rows.expect("a table").try_collect().await.expect("the table's rows");
            let mut rows: Vec<_> = batches.iter().flat_map(lines).collect();
            rows.sort();
            dump.insert(name.to_string(), rows);
        }
        dump
    })
}

fn lines(batch: &RecordBatch) -> Vec<String> {
    let schema = batch.schema();
    let options = FormatOptions::default().with_null("-");
    let kept = schema.fields().iter().zip(batch.columns());
    let kept = kept.filter(|(field, _)| !VOLATILE.contains(&field.name().as_str()));
    let columns: Vec<_> = kept
        .map(|(_, column)| ArrayFormatter::try_new(column.as_ref(), &options).expect("a column"))
        .collect();
    let line = |row| {
        let texts: Vec<_> = columns.iter().map(|column| column.value(row).to_string()).collect();
        texts.join("|")
    };
    (0..batch.num_rows()).map(line).collect()
}
