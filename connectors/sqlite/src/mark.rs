//! Marks that carry the type a value is stored as: a number and a text of the same digits are different keys.
//!
//! Order of values across types: SQLite documentation, "Datatypes In SQLite", section 4. The library neither writes nor
//! reads every float exactly ("Floating Point Numbers", section 2), so a float goes back as a product of whole numbers.

use crate::value::Stored;

/// The greatest power of two that divides in one step; a float's own digits are below twice as many.
const POWER_MAX: u32 = 52;

/// The mark of a value: `i:` a whole number, `r:` the shortest text of a float, `t:` a text, `x:` and `b:`
/// the hexadecimal digits of a broken text and of bytes.
pub(crate) fn of(value: Stored<'_>) -> Option<String> {
    Some(match value {
        Stored::Null => return None,
        Stored::Integer(number) => format!("i:{number}"),
        Stored::Real(number) => format!("r:{number:?}"),
        Stored::Text(text) => of_text(text),
        Stored::BrokenText(bytes) => format!("x:{}", hex::encode(bytes)),
        Stored::Blob(bytes) => format!("b:{}", hex::encode(bytes)),
    })
}

/// The mark of a text.
pub(crate) fn of_text(text: &str) -> String {
    format!("t:{text}")
}

/// The literal of a mark. What is no mark is a text.
pub(crate) fn literal(mark: &str) -> String {
    let (kind, value) = mark.split_once(':').unwrap_or(("t", mark));
    let is_hex = || value.bytes().all(|byte| byte.is_ascii_hexdigit());
    match (kind, value.parse::<i64>(), value.parse::<f64>()) {
        // Its digits without the sign are no whole number of 64 bits.
        ("i", Ok(i64::MIN), _) => format!("({} - 1)", i64::MIN + 1),
        ("i", Ok(number), _) => number.to_string(),
        ("r", _, Ok(number)) => float_literal(number),
        ("b", ..) if is_hex() => format!("x'{value}'"),
        ("x", ..) if is_hex() => format!("cast(x'{value}' as text)"),
        ("t", ..) => text_literal(value),
        _ => text_literal(mark),
    }
}

/// A text literal whose text cannot end it. A NUL would end the statement, so such a text is written in
/// hexadecimal digits.
pub(crate) fn text_literal(text: &str) -> String {
    match text.contains('\0') {
        true => format!("cast(x'{}' as text)", hex::encode(text)),
        false => format!("'{}'", text.replace('\'', "''")),
    }
}

/// What a person sees of a mark.
pub(crate) fn shown(mark: &str) -> &str {
    mark.split_once(':').map_or(mark, |(_, value)| value)
}

/// A whole number of up to 53 binary digits, multiplied or divided by powers of two, which is exact.
fn float_literal(number: f64) -> String {
    if !number.is_finite() {
        return if number > 0.0 { "9e999" } else { "-9e999" }.to_owned();
    }
    let bits = number.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    let (digits, exponent) = match (bits >> 52) & 0x7ff {
        0 => (fraction, -1_074_i32),
        exponent => (fraction | 1 << 52, i32::try_from(exponent).unwrap_or(0) - 1_075),
    };
    let sign = if number < 0.0 { "-" } else { "" };
    let operator = if exponent < 0 { '/' } else { '*' };
    let mut literal = format!("{sign}{digits}.0");
    let mut left = exponent.unsigned_abs();
    while left > 0 {
        let step = left.min(POWER_MAX);
        literal.push_str(&format!(" {operator} {}.0", 1_u64 << step));
        left -= step;
    }
    format!("({literal})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_has_the_type_of_its_mark() {
        assert_eq!(literal("i:-7"), "-7");
        assert_eq!(literal("i:-9223372036854775808"), "(-9223372036854775807 - 1)");
        assert_eq!(literal("r:-Inf"), "-9e999");
        assert_eq!(literal("t:7"), "'7'");
        assert_eq!(literal("t:it's"), "'it''s'");
        assert_eq!(literal("t:a\0b"), "cast(x'610062' as text)");
        assert_eq!(literal("b:00ff"), "x'00ff'");
        assert_eq!(literal("x:b9a4"), "cast(x'b9a4' as text)");
        assert_eq!(literal("i:1; drop"), "'i:1; drop'");
        assert_eq!(literal("b:'"), "'b:'''");
    }

    #[test]
    fn a_float_is_a_product_of_whole_numbers() {
        assert_eq!(literal("r:0.5"), "(4503599627370496.0 / 4503599627370496.0 / 2.0)");
        assert_eq!(literal("r:-1e16"), "(-5000000000000000.0 * 2.0)");
        assert_eq!(literal("r:0.0"), float_literal(0.0));
    }
}
