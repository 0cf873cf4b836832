//! Functions of a unit's code.

use std::sync::Arc;

use arrow::array::{ArrayRef, StringArray};
use arrow::datatypes::DataType;
use datafusion::logical_expr::ScalarUDF;
use xxhash_rust::xxh3::xxh3_64;

use crate::options::FunctionOptions;
use crate::scalar::{as_text, map_text, scalar};

/// Into how many pieces unit-wise tables are cut. Changing it rebuilds the warehouse.
const BUCKETS: u64 = 16;

const BUCKET_NAMES: [&str; BUCKETS as usize] = [
    "00", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14", "15",
];

pub(crate) fn functions(options: &FunctionOptions) -> Vec<ScalarUDF> {
    let normalize = Arc::clone(&options.normalize);
    vec![
        scalar("bucket", vec![DataType::Utf8], DataType::Utf8, |arguments| {
            let codes = as_text(&arguments[0])?;
            Ok(Arc::new(map_text(&codes, |code| Some(bucket(code)))) as ArrayRef)
        }),
        scalar("normalize_code", vec![DataType::Utf8], DataType::Utf8, move |arguments| {
            let codes = as_text(&arguments[0])?;
            let normal: StringArray = codes.iter().map(|code| code.map(|c| normalize(c))).collect();
            Ok(Arc::new(normal))
        }),
    ]
}

/// The pieces there are, in order.
pub fn buckets() -> &'static [&'static str] {
    &BUCKET_NAMES
}

/// The piece a code's rows are kept in: two digits, stable across builds and machines.
fn bucket(code: &str) -> &'static str {
    BUCKET_NAMES[(xxh3_64(code.as_bytes()) % BUCKETS) as usize]
}
