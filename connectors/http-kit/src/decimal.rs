//! Exact decimals from the texts of an answer, never by way of a float.

/// No real quantity has an exponent beyond it; keeps the arithmetic in bounds.
const EXPONENT_MAX: i64 = 1_000;

/// Why a text is not a decimal of the size asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecimalError {
    /// No number at all.
    NotANumber,
    /// More digits before the point than fit.
    TooManyDigits,
    /// More digits after the point than fit.
    TooManyFractionDigits,
}

/// The unscaled value of plain digits: no exponents, no group separators.
pub fn parse_plain(text: &str, precision: u8, scale: i8) -> Result<i128, DecimalError> {
    match text.contains(['e', 'E']) {
        true => Err(DecimalError::NotANumber),
        false => parse(text, precision, scale),
    }
}

/// The unscaled value of a JSON number, with `scale` digits after the point.
pub fn parse(text: &str, precision: u8, scale: i8) -> Result<i128, DecimalError> {
    let (is_negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
        None => (rest, Some(0)),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.len() + fraction.len() == 0
        || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit())
    {
        return Err(DecimalError::NotANumber);
    }
    let digits = whole.bytes().chain(fraction.bytes());
    let significant = |position: Option<usize>| position.unwrap_or(0);
    let count = whole.len() + fraction.len();
    let leading = significant(digits.clone().position(|byte| byte != b'0'));
    let trailing = significant(digits.clone().rev().position(|byte| byte != b'0'));
    if digits.clone().all(|byte| byte == b'0') {
        return Ok(0);
    }
    let exponent = exponent.ok_or(DecimalError::TooManyDigits)?;
    // The digits without outer zeros, times ten to the power of `shift`, are the unscaled value.
    let kept = count - leading - trailing;
    let shift = i64::from(scale) + exponent + as_i64(trailing) - as_i64(fraction.len());
    if shift < 0 {
        return Err(DecimalError::TooManyFractionDigits);
    }
    if as_i64(kept) + shift > i64::from(precision) {
        return Err(DecimalError::TooManyDigits);
    }
    let value = digits
        .skip(leading)
        .take(kept)
        .fold(0i128, |value, byte| value * 10 + i128::from(byte - b'0'));
    let value = (0..shift).fold(value, |value, _| value * 10);
    Ok(if is_negative { -value } else { value })
}

/// The exponent, or none if it is out of all proportion.
fn parse_exponent(text: &str) -> Result<Option<i64>, DecimalError> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(DecimalError::NotANumber);
    }
    let exponent = text.parse::<i64>().ok();
    Ok(exponent.filter(|exponent| exponent.abs() <= EXPONENT_MAX))
}

fn as_i64(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX / 4)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ONE: i128 = 10_000_000_000;

    fn parse(text: &str) -> Result<i128, DecimalError> {
        super::parse(text, 28, 10)
    }

    fn parse_plain(text: &str) -> Result<i128, DecimalError> {
        super::parse_plain(text, 28, 10)
    }

    #[track_caller]
    fn check(text: &str, wanted: Result<i128, DecimalError>) {
        assert_eq!(parse(text), wanted, "{text}");
    }

    #[test]
    fn reads_what_the_server_writes() {
        check("0", Ok(0));
        check("-0.0", Ok(0));
        check("1000.0", Ok(1000 * ONE));
        check("0.72721263", Ok(7_272_126_300));
        check("-35.50", Ok(-355_000_000_000));
        check("1E-10", Ok(1));
        check("1e-05", Ok(100_000));
        check("1.5E+3", Ok(1500 * ONE));
        check("0.10000000000000000000", Ok(ONE / 10));
        check("0e999999999999999999999", Ok(0));
        check("999999999999999999.9999999999", Ok(10i128.pow(28) - 1));
        check("00012", Ok(12 * ONE));
        check(".5", Ok(ONE / 2));
        check("5.", Ok(5 * ONE));
    }

    #[test]
    fn refuses_what_does_not_fit() {
        check("1000000000000000000", Err(DecimalError::TooManyDigits));
        check("1e18", Err(DecimalError::TooManyDigits));
        check("1e999999999999999999999", Err(DecimalError::TooManyDigits));
        check("0.00000000001", Err(DecimalError::TooManyFractionDigits));
        check("0.10000000001", Err(DecimalError::TooManyFractionDigits));
        for text in ["", "-", ".", "e5", "1e", "1,000", "1 000", "０", "NaN", "1.2.3", "--1", "0x1"]
        {
            check(text, Err(DecimalError::NotANumber));
        }
    }

    #[test]
    fn plain_digits_know_no_exponent() {
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
            assert_eq!(parse_plain(text), wanted, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_plain_value_reads_back(
            value in -(10i128.pow(28) - 1)..10i128.pow(28),
            zeros in 0usize..9,
        ) {
            let sign = if value < 0 { "-" } else { "" };
            let digits = value.unsigned_abs();
            let (whole, fraction) = (digits / ONE as u128, digits % ONE as u128);
            let zeros = "0".repeat(zeros);
            let text = format!("{sign}{zeros}{whole}.{fraction:010}{zeros}");
            prop_assert_eq!(parse_plain(&text), Ok(value));
        }

        /// Any value that fits comes back whatever way it is written.
        #[test]
        fn every_writing_of_a_value_reads_back(
            value in -(10i128.pow(28) - 1)..10i128.pow(28),
            zeros in 0usize..20,
            moved in -40i64..40,
        ) {
            let sign = if value < 0 { "-" } else { "" };
            let digits = value.unsigned_abs();
            let (whole, fraction) = (digits / ONE as u128, digits % ONE as u128);
            let plain = format!("{sign}{whole}.{fraction:010}{}", "0".repeat(zeros));
            prop_assert_eq!(parse(&plain), Ok(value));
            let padded = format!("{sign}{}{digits}{}", "0".repeat(zeros), "0".repeat(40));
            let exponent = format!("{padded}e{}", -50);
            prop_assert_eq!(parse(&exponent), Ok(value));
            // Moving the point and the exponent against each other changes nothing.
            let text = format!("{digits:0>80}");
            let at = (text.len() as i64 - 40 + moved) as usize;
            let moved = format!("{sign}{}.{}E{}", &text[..at], &text[at..], 30 - moved);
            prop_assert_eq!(parse(&moved), Ok(value));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,40}") {
            let _ = parse(&text);
            let _ = parse_plain(&text);
        }
    }
}
