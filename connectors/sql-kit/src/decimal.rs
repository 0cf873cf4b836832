//! Exact decimals from text, never by way of a float.

use crate::cell::CellFault;

/// No real quantity has an exponent beyond it; keeps the arithmetic in bounds.
const EXPONENT_MAX: i64 = 1_000;

/// What to do with digits beyond the declared scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surplus {
    /// The value does not fit: exact columns.
    Reject,
    /// Rounded half to even: columns of binary floats.
    Round,
}

/// The unscaled value with `scale` digits after the point.
pub fn parse(text: &str, precision: u8, scale: i8, surplus: Surplus) -> Result<i128, CellFault> {
    let wrong = || CellFault::new("bad_decimal", format!("`{text}` is not a decimal number"));
    let (is_negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().map_err(|_| wrong())?),
        None => (rest, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(wrong());
    }
    if digits.iter().all(|digit| *digit == b'0') {
        return Ok(0);
    }
    let too_large = || {
        let message =
            format!("`{text}` does not fit decimal({precision},{scale}); declare more digits");
        CellFault::new("decimal_overflow", message)
    };
    let exponent = Some(exponent).filter(|e| e.abs() <= EXPONENT_MAX).ok_or_else(too_large)?;
    let as_i64 = |n: usize| i64::try_from(n).unwrap_or(EXPONENT_MAX);
    // How many of the digits stand before the end of the declared scale.
    let kept = as_i64(whole.len()) + exponent + i64::from(scale);
    let count = as_i64(digits.len());
    let head = usize::try_from(kept.clamp(0, count)).unwrap_or(0);
    let (head, tail) = digits.split_at(head);
    let mut value: i128 = 0;
    for digit in head {
        let digit = i128::from(digit - b'0');
        value = value.checked_mul(10).and_then(|v| v.checked_add(digit)).ok_or_else(too_large)?;
    }
    if kept > count && value != 0 {
        let zeros = u32::try_from(kept - count).map_err(|_| too_large())?;
        let factor = 10_i128.checked_pow(zeros).ok_or_else(too_large)?;
        value = value.checked_mul(factor).ok_or_else(too_large)?;
    }
    if tail.iter().any(|digit| *digit != b'0') {
        if surplus == Surplus::Reject {
            let message = format!("`{text}` has more than {scale} digits after the point");
            return Err(CellFault::new("decimal_scale", message));
        }
        if kept >= 0 && rounds_up(tail, value) {
            value += 1;
        }
    }
    let limit = 10_i128.checked_pow(u32::from(precision)).unwrap_or(i128::MAX);
    if value >= limit {
        return Err(too_large());
    }
    Ok(if is_negative { -value } else { value })
}

fn rounds_up(tail: &[u8], value: i128) -> bool {
    let is_above_half = tail.iter().skip(1).any(|digit| *digit != b'0');
    match tail.first() {
        Some(first) if *first == b'5' => is_above_half || value % 2 != 0,
        first => first.is_some_and(|first| *first > b'5'),
    }
}

/// The text of an unscaled value.
pub fn render(value: i128, scale: i8) -> String {
    let scale = usize::try_from(scale).unwrap_or(0);
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let sign = if value < 0 { "-" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keeps_every_digit_or_says_why_not() {
        let exact = |text| parse(text, 10, 3, Surplus::Reject).map_err(|fault| fault.reason);
        assert_eq!(exact("12.5"), Ok(12_500));
        assert_eq!(exact("-0.001"), Ok(-1));
        assert_eq!(exact("1.2300"), Ok(1_230));
        assert_eq!(exact("1e3"), Ok(1_000_000));
        assert_eq!(exact("1.0005"), Err("decimal_scale"));
        assert_eq!(exact("12345678"), Err("decimal_overflow"));
        assert_eq!(exact("NaN"), Err("bad_decimal"));
        assert_eq!(exact(""), Err("bad_decimal"));
    }

    #[test]
    fn floats_round_half_to_even() {
        let round = |text| parse(text, 10, 1, Surplus::Round).unwrap();
        assert_eq!((round("0.25"), round("0.35"), round("0.251")), (2, 4, 3));
        assert_eq!((round("1e-9"), round("-0.25"), round("0.95")), (0, -2, 10));
        assert_eq!(round("5e-2"), 0);
    }

    proptest! {
        #[test]
        fn text_and_value_agree(value in -10_i128.pow(37)..10_i128.pow(37), scale in 0_i8..=37) {
            prop_assert_eq!(parse(&render(value, scale), 38, scale, Surplus::Reject), Ok(value));
        }
    }
}
