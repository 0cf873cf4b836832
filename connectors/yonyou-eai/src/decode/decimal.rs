//! Exact decimals from text, never by way of a float.

use crate::catalog::{DECIMAL_PRECISION, DECIMAL_SCALE};

/// Why a text is not a decimal of the catalogue's size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DecimalError {
    NotANumber,
    TooManyDigits,
    TooManyFractionDigits,
}

/// The unscaled value with [`DECIMAL_SCALE`] digits after the point. U8 writes plain digits, without
/// exponents or group separators.
pub(super) fn parse(text: &str) -> Result<i128, DecimalError> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.len() + fraction.len() == 0
        || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit())
    {
        return Err(DecimalError::NotANumber);
    }
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    let (precision, scale) =
        (usize::from(DECIMAL_PRECISION), usize::from(DECIMAL_SCALE.unsigned_abs()));
    if fraction.len() > scale {
        return Err(DecimalError::TooManyFractionDigits);
    }
    if whole.len() > precision - scale {
        return Err(DecimalError::TooManyDigits);
    }
    let padding = std::iter::repeat_n(b'0', scale - fraction.len());
    let value = whole
        .bytes()
        .chain(fraction.bytes())
        .chain(padding)
        .fold(0i128, |value, byte| value * 10 + i128::from(byte - b'0'));
    Ok(if text.starts_with('-') { -value } else { value })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ONE: i128 = 10_000_000_000;

    #[test]
    fn reads_what_u8_writes() {
        for (text, wanted) in [
            ("0", Ok(0)),
            ("-0.00", Ok(0)),
            ("1130.00", Ok(1130 * ONE)),
            ("-35.5", Ok(-355_000_000_000)),
            (".5", Ok(ONE / 2)),
            ("0.10000000000000", Ok(ONE / 10)),
            ("999999999999999999.9999999999", Ok(10i128.pow(28) - 1)),
            ("1000000000000000000", Err(DecimalError::TooManyDigits)),
            ("0.00000000001", Err(DecimalError::TooManyFractionDigits)),
            ("", Err(DecimalError::NotANumber)),
            ("-", Err(DecimalError::NotANumber)),
            ("1,000", Err(DecimalError::NotANumber)),
            ("1e3", Err(DecimalError::NotANumber)),
            ("--1", Err(DecimalError::NotANumber)),
            ("１", Err(DecimalError::NotANumber)),
        ] {
            assert_eq!(parse(text), wanted, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_value_reads_back(value in -(10i128.pow(28) - 1)..10i128.pow(28), zeros in 0usize..9) {
            let sign = if value < 0 { "-" } else { "" };
            let digits = value.unsigned_abs();
            let (whole, fraction) = (digits / ONE as u128, digits % ONE as u128);
            let zeros = "0".repeat(zeros);
            prop_assert_eq!(parse(&format!("{sign}{zeros}{whole}.{fraction:010}{zeros}")), Ok(value));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,40}") {
            let _ = parse(&text);
        }
    }
}
