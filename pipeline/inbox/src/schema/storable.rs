//! The kinds of columns an inbox keeps, as Arrow has them and as a header writes them.

use arrow::datatypes::DataType;
use arrow::ipc::{self, DateUnit, Endianness, IntervalUnit, Precision, TimeUnit, Type};

/// Whether values of this type can be kept.
pub(super) fn is_storable(data_type: &DataType) -> bool {
    match data_type {
        DataType::List(item) | DataType::LargeList(item) => is_storable(item.data_type()),
        DataType::Struct(fields) => {
            !fields.is_empty() && fields.iter().all(|field| is_storable(field.data_type()))
        }
        DataType::FixedSizeBinary(width) => *width > 0,
        DataType::Boolean
        | DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Binary
        | DataType::LargeBinary => true,
        other => other.is_primitive(),
    }
}

/// Whether a stored schema has such columns only; Arrow's own reader ends the thread at others.
pub(super) fn is_readable(schema: ipc::Schema<'_>) -> bool {
    schema.endianness() == Endianness::Little
        && schema.fields().is_some_and(|fields| fields.iter().all(is_readable_field))
}

fn is_readable_field(field: ipc::Field<'_>) -> bool {
    let is_known = match field.type_type() {
        Type::Bool | Type::Utf8 | Type::LargeUtf8 | Type::Binary | Type::LargeBinary => Some(true),
        Type::Int => field.type_as_int().map(|int| matches!(int.bitWidth(), 8 | 16 | 32 | 64)),
        Type::FloatingPoint => field.type_as_floating_point().map(|float| {
            matches!(float.precision(), Precision::HALF | Precision::SINGLE | Precision::DOUBLE)
        }),
        Type::Decimal => field.type_as_decimal().map(|decimal| {
            matches!(decimal.bitWidth(), 32 | 64 | 128 | 256)
                && u8::try_from(decimal.precision()).is_ok()
                && i8::try_from(decimal.scale()).is_ok()
        }),
        Type::Date => field
            .type_as_date()
            .map(|date| matches!(date.unit(), DateUnit::DAY | DateUnit::MILLISECOND)),
        Type::Time => field.type_as_time().map(|time| match time.bitWidth() {
            32 => matches!(time.unit(), TimeUnit::SECOND | TimeUnit::MILLISECOND),
            64 => matches!(time.unit(), TimeUnit::MICROSECOND | TimeUnit::NANOSECOND),
            _ => false,
        }),
        Type::Timestamp => field.type_as_timestamp().map(|time| is_time_unit(time.unit())),
        Type::Duration => field.type_as_duration().map(|time| is_time_unit(time.unit())),
        Type::Interval => field.type_as_interval().map(|interval| {
            use IntervalUnit as Unit;
            matches!(interval.unit(), Unit::YEAR_MONTH | Unit::DAY_TIME | Unit::MONTH_DAY_NANO)
        }),
        Type::FixedSizeBinary => {
            field.type_as_fixed_size_binary().map(|binary| binary.byteWidth() > 0)
        }
        Type::List | Type::LargeList => field
            .children()
            .map(|children| children.len() == 1 && children.iter().all(is_readable_field)),
        Type::Struct_ => field
            .children()
            .map(|children| !children.is_empty() && children.iter().all(is_readable_field)),
        _ => None,
    };
    field.dictionary().is_none() && is_known == Some(true)
}

fn is_time_unit(unit: TimeUnit) -> bool {
    use TimeUnit as Unit;
    matches!(unit, Unit::SECOND | Unit::MILLISECOND | Unit::MICROSECOND | Unit::NANOSECOND)
}
