//! The text that `convert(varchar, …, style)` makes of a value.

use super::temporal::{datetime_units, to_chrono};
use super::value::DAY;
use super::{SqlType, Value};

/// The text of a value of `ty` in that style; none: no such style for the type, or the value is binary.
pub(super) fn format(value: &Value, ty: &SqlType, style: i64) -> Option<String> {
    Some(match value {
        Value::Null => return None,
        Value::Bit(bit) => u8::from(*bit).to_string(),
        Value::Int(int) => int.to_string(),
        Value::Decimal(decimal) if matches!(ty, SqlType::Money | SqlType::SmallMoney) => {
            match style {
                2 => decimal.to_string(),
                _ => decimal.rescale(2)?.to_string(),
            }
        }
        Value::Decimal(decimal) => decimal.to_string(),
        Value::Float(float) => format_float(*float, *ty == SqlType::Real, style),
        Value::Date(days) => format_date_time(i64::from(*days) * DAY, ty, style, None)?,
        Value::Time(ticks) => clock(*ticks, ty.scale(), style != 108),
        Value::DateTime(ticks) => format_date_time(*ticks, ty, style, None)?,
        Value::DateTimeOffset(ticks, offset) => format_date_time(*ticks, ty, style, Some(*offset))?,
        Value::Text(text) => text.to_string(),
        Value::Utf16(units) => String::from_utf16_lossy(units),
        Value::Binary(bytes) => hex(bytes, style)?,
        Value::RowVersion(version) => hex(&version.to_be_bytes(), style)?,
        Value::Uuid(uuid) => format_uuid(uuid),
        Value::Variant(inner) => format(&inner.1, &inner.0, style)?,
    })
}

fn hex(bytes: &[u8], style: i64) -> Option<String> {
    let prefix = match style {
        1 => "0x",
        2 => "",
        _ => return None,
    };
    Some(bytes.iter().fold(prefix.to_owned(), |text, byte| text + &format!("{byte:02X}")))
}

/// Six digits in style 0; style 3 keeps every digit (17, or 9 of a `real`).
fn format_float(value: f64, single: bool, style: i64) -> String {
    let digits = match (style, single) {
        (0, _) => 6,
        (1, _) => 8,
        (2, _) => 16,
        (_, true) => 9,
        (_, false) => 17,
    };
    let scientific = format!("{value:.*e}", digits - 1);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if style != 0 || !(-5..6).contains(&exponent) {
        let mantissa = if style == 0 { trim_zeros(mantissa) } else { mantissa };
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{mantissa}e{sign}{:03}", exponent.abs());
    }
    let decimals = usize::try_from(5 - exponent).unwrap_or_default();
    let text = format!("{value:.decimals$}");
    if text.contains('.') { trim_zeros(&text).to_owned() } else { text }
}

fn trim_zeros(text: &str) -> &str {
    text.trim_end_matches('0').trim_end_matches('.')
}

/// Date and time styles of the Transact-SQL reference, "CAST and CONVERT": the fraction of a zero
/// second part is left out in styles 126 and 127 alone.
fn format_date_time(ticks: i64, ty: &SqlType, style: i64, offset: Option<i16>) -> Option<String> {
    let minutes = i64::from(offset.unwrap_or(0)) * 600_000_000;
    let local = if style == 127 { ticks } else { ticks + minutes };
    let at = to_chrono(local);
    let date = |format: &str| at.format(format).to_string();
    let digits = ty.scale();
    let of_day = local.rem_euclid(DAY);
    let of_day = match ty {
        SqlType::DateTime => datetime_units(of_day) * 10 / 3 * 10_000 + rounding(of_day),
        _ => of_day,
    };
    let offset_text = |minutes: i16| {
        let sign = if minutes < 0 { '-' } else { '+' };
        format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
    };
    let is_date = *ty == SqlType::Date;
    let style = match (style, ty) {
        (0, SqlType::DateTime | SqlType::SmallDateTime) => 100,
        (0, _) => 121,
        (other, _) => other,
    };
    Some(match style {
        23 => date("%Y-%m-%d"),
        111 => date("%Y/%m/%d"),
        112 => date("%Y%m%d"),
        _ if is_date => date("%Y-%m-%d"),
        100 => date("%b %e %Y %l:%M%p"),
        108 | 8 => date("%H:%M:%S"),
        120 | 20 => date("%Y-%m-%d %H:%M:%S"),
        121 | 21 | 25 => {
            let tail = offset.map(|o| format!(" {}", offset_text(o))).unwrap_or_default();
            date("%Y-%m-%d ") + &clock(of_day, digits, true) + &tail
        }
        126 | 127 => {
            let fraction = of_day % 10_000_000 != 0;
            let tail = match (style, offset) {
                (127, Some(_)) => "Z".to_owned(),
                (_, Some(minutes)) => offset_text(minutes),
                _ => String::new(),
            };
            date("%Y-%m-%dT") + &clock(of_day, digits, fraction) + &tail
        }
        _ => return None,
    })
}

/// The third of a `datetime` is shown as rounded milliseconds: .003, .007, .010.
fn rounding(of_day: i64) -> i64 {
    if datetime_units(of_day) % 3 == 2 { 10_000 } else { 0 }
}

fn clock(of_day: i64, digits: u8, with_fraction: bool) -> String {
    let seconds = of_day / 10_000_000;
    let text = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if digits == 0 || !with_fraction {
        return text;
    }
    let fraction = format!("{:07}", of_day % 10_000_000);
    format!("{text}.{}", &fraction[..usize::from(digits.min(7))])
}

fn format_uuid(uuid: &[u8; 16]) -> String {
    let mut text = String::with_capacity(36);
    for (at, byte) in uuid.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text += &format!("{byte:02X}");
    }
    text
}

/// The other order of a GUID's bytes: the first three groups are little-endian on the wire
/// (MS-TDS 2.2.5.5.1.5). The same turn in both directions.
pub(crate) fn uuid_from_wire(bytes: [u8; 16]) -> [u8; 16] {
    let b = bytes;
    [
        b[3], b[2], b[1], b[0], b[5], b[4], b[7], b[6], b[8], b[9], b[10], b[11], b[12], b[13],
        b[14], b[15],
    ]
}
