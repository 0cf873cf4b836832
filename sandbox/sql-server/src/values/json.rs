//! Values of columns written as JSON, the way rows are put.

use serde_json::Value as Json;

use super::{SqlType, Value, cast};
use crate::error::SqlError;

/// The JSON value as a value of `ty`. Decimals, times and GUIDs are strings or numbers, bytes are
/// `0x…` strings; text is cut to the column as an explicit cast would.
pub(crate) fn from_json(json: &Json, ty: &SqlType) -> Result<Value, SqlError> {
    let text = match json {
        Json::Null => return Ok(Value::Null),
        Json::Bool(bit) => return cast(&Value::Bit(*bit), &SqlType::Bit, ty),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    };
    match ty {
        SqlType::SqlVariant => {
            let inner = match json {
                Json::Number(number) if number.is_i64() => (SqlType::Int, SqlType::Int),
                Json::Number(_) => (SqlType::Decimal(18, 4), SqlType::Decimal(18, 4)),
                _ => (SqlType::NVarChar(4000), SqlType::NVarChar(4000)),
            };
            let value = cast(&Value::text(text), &SqlType::NVarChar(4000), &inner.0)?;
            Ok(Value::Variant(Box::new((inner.1, value))))
        }
        _ if ty.is_binary() || ty.is_clr() => {
            let bytes = super::cast::parse_hex(text.strip_prefix("0x").unwrap_or(&text));
            let bytes = bytes.ok_or_else(|| SqlError::conversion("nvarchar", ty.name()))?;
            cast(&Value::binary(bytes), &SqlType::VarBinary(8000), ty)
        }
        _ => cast(&Value::text(text), &SqlType::NVarChar(4000), ty),
    }
}
