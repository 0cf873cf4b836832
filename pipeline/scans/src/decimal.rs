//! Exact decimals.

/// Digits in all.
pub(crate) const PRECISION: u8 = 28;
/// Digits after the point.
pub(crate) const SCALE: i8 = 10;

const LIMIT: i128 = 10_i128.pow(PRECISION as u32);
/// Longer texts are no quantity.
const TEXT_BYTES_MAX: usize = 64;

/// Why a text is no quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DecimalError {
    Invalid,
    Range,
}

/// The number times ten to the scale, exactly; a number that would have to be rounded is refused.
pub(crate) fn parse_decimal(text: &str) -> Result<i128, DecimalError> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(DecimalError::Invalid);
    }
    let (negative, digits) = match text.as_bytes() {
        [b'-', ..] => (true, &text[1..]),
        [b'+', ..] => (false, &text[1..]),
        _ => (false, text),
    };
    let (digits, exponent) = match digits.split_once(['e', 'E']) {
        Some((digits, exponent)) => {
            (digits, exponent.parse::<i16>().map_err(|_| DecimalError::Invalid)?)
        }
        None => (digits, 0),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || !all_digits(whole) || !all_digits(fraction) {
        return Err(DecimalError::Invalid);
    }
    let fraction = fraction.trim_end_matches('0');
    let mantissa = whole.bytes().chain(fraction.bytes()).try_fold(0_i128, |value, digit| {
        value.checked_mul(10)?.checked_add(i128::from(digit - b'0'))
    });
    let places = i32::try_from(fraction.len()).map_err(|_| DecimalError::Invalid)?;
    let shift = i32::from(SCALE) + i32::from(exponent) - places;
    let value = mantissa.and_then(|value| shifted(value, shift)).ok_or(DecimalError::Range)?;
    if value >= LIMIT {
        return Err(DecimalError::Range);
    }
    Ok(if negative { -value } else { value })
}

fn shifted(value: i128, shift: i32) -> Option<i128> {
    if value == 0 {
        return Some(0);
    }
    let power = 10_i128.checked_pow(shift.unsigned_abs())?;
    if shift >= 0 { value.checked_mul(power) } else { (value % power == 0).then(|| value / power) }
}

#[cfg(test)]
mod tests {
    use super::{DecimalError, parse_decimal};

    #[test]
    fn decimals_are_exact_or_refused() {
        for (text, expected) in [
            ("1", Ok(10_000_000_000)),
            ("-0.1", Ok(-1_000_000_000)),
            ("1.50000000000000", Ok(15_000_000_000)),
            ("0.0000000001", Ok(1)),
            ("1e3", Ok(10_000_000_000_000)),
            ("1.5E-1", Ok(1_500_000_000)),
            ("0e9999", Ok(0)),
            (".5", Ok(5_000_000_000)),
            ("999999999999999999.9999999999", Ok(9_999_999_999_999_999_999_999_999_999)),
            ("1000000000000000000", Err(DecimalError::Range)),
            ("0.00000000001", Err(DecimalError::Range)),
            ("1e999", Err(DecimalError::Range)),
            ("1e-999", Err(DecimalError::Range)),
            ("1,000", Err(DecimalError::Invalid)),
            ("NaN", Err(DecimalError::Invalid)),
            ("", Err(DecimalError::Invalid)),
            ("-", Err(DecimalError::Invalid)),
            ("1.2.3", Err(DecimalError::Invalid)),
            ("１", Err(DecimalError::Invalid)),
        ] {
            assert_eq!(parse_decimal(text), expected, "{text}");
        }
    }
}
