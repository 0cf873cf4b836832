//! Making a scalar function from a closure over arrays.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, StringArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use datafusion::error::Result;
use datafusion::functions::utils::make_scalar_function;
use datafusion::logical_expr::{ScalarUDF, Signature, SimpleScalarUDF, Volatility, create_udf};

/// A function of exactly these argument types; the arrays it sees are equally long.
pub(crate) fn scalar(
    name: &str,
    arguments: Vec<DataType>,
    returns: DataType,
    body: impl Fn(&[ArrayRef]) -> Result<ArrayRef> + Send + Sync + 'static,
) -> ScalarUDF {
    let body = Arc::new(make_scalar_function(body, vec![]));
    create_udf(name, arguments, returns, Volatility::Immutable, body)
}

/// A function of `count` arguments whose types the body checks itself.
pub(crate) fn scalar_of_any(
    name: &str,
    count: usize,
    returns: DataType,
    body: impl Fn(&[ArrayRef]) -> Result<ArrayRef> + Send + Sync + 'static,
) -> ScalarUDF {
    let signature = Signature::any(count, Volatility::Immutable);
    let body = Arc::new(make_scalar_function(body, vec![]));
    ScalarUDF::from(SimpleScalarUDF::new_with_signature(name, signature, returns, body))
}

/// Applies `convert` to every text that is there.
pub(crate) fn map_text<'a>(
    texts: &'a StringArray,
    mut convert: impl FnMut(&'a str) -> Option<&'a str>,
) -> StringArray {
    texts.iter().map(|text| text.and_then(&mut convert)).collect()
}

/// A column as plain text, whatever text encoding it came in.
pub(crate) fn as_text(column: &ArrayRef) -> Result<StringArray> {
    if column.data_type() == &DataType::Utf8 {
        return Ok(column.as_string::<i32>().clone());
    }
    Ok(cast(column, &DataType::Utf8)?.as_string::<i32>().clone())
}
