//! The text of a decimal as the server sends it: a sign, digits, a point, digits.

/// Digits that fit 64 bits whatever they are.
const DIGITS_NARROW: usize = 18;

/// Ten to the power of the index.
const POWERS: [i128; 39] = {
    let mut powers = [1_i128; 39];
    let mut at = 1;
    while at < powers.len() {
        powers[at] = powers[at - 1] * 10;
        at += 1;
    }
    powers
};

/// The unscaled value with `scale` digits after the point; none if the text must say what is wrong.
#[inline]
pub(super) fn unscaled(text: &[u8], precision: u8, scale: i8) -> Option<i128> {
    let (is_negative, digits) = match text.split_first()? {
        (b'-', rest) => (true, rest),
        _ => (false, text),
    };
    let point = digits.iter().position(|byte| *byte == b'.');
    let (whole, fraction) = match point {
        Some(at) => (digits.get(..at)?, digits.get(at + 1..)?),
        None => (digits, &[][..]),
    };
    if whole.is_empty() {
        return None;
    }
    let value = match whole.len() + fraction.len() <= DIGITS_NARROW {
        true => i128::from(narrow(fraction, narrow(whole, 0)?)?),
        false => wide(fraction, wide(whole, 0)?)?,
    };
    let missing = usize::try_from(scale).ok()?.checked_sub(fraction.len())?;
    let value = value.checked_mul(*POWERS.get(missing)?)?;
    let value = (value < *POWERS.get(usize::from(precision))?).then_some(value)?;
    Some(if is_negative { -value } else { value })
}

fn narrow(digits: &[u8], start: u64) -> Option<u64> {
    digits.iter().try_fold(start, |value, byte| {
        let digit = byte.wrapping_sub(b'0');
        (digit < 10).then(|| value * 10 + u64::from(digit))
    })
}

fn wide(digits: &[u8], start: i128) -> Option<i128> {
    digits.iter().try_fold(start, |value, byte| {
        let digit = byte.wrapping_sub(b'0');
        if digit >= 10 {
            return None;
        }
        value.checked_mul(10)?.checked_add(i128::from(digit))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use yuanliu_sql_kit::decimal::{Surplus, parse, render};

    use super::*;

    #[test]
    fn leaves_to_the_text_what_does_not_fit() {
        assert_eq!(unscaled(b"12.50", 10, 3), Some(12_500));
        assert_eq!(unscaled(b"-0.001", 10, 3), Some(-1));
        assert_eq!(unscaled(b"1.0000", 10, 3), None);
        assert_eq!(unscaled(b"12345678.0", 10, 3), None);
        assert_eq!(unscaled(b"", 10, 3), None);
        assert_eq!(unscaled(b"1e3", 10, 3), None);
    }

    proptest! {
        #[test]
        fn agrees_with_the_general_parser(
            value in -10_i128.pow(38)..10_i128.pow(38),
            written in 0_i8..=30,
            precision in 1_u8..=38,
            more in 0_i8..=8,
        ) {
            let text = render(value, written);
            let scale = written.saturating_add(more);
            let found = unscaled(text.as_bytes(), precision, scale);
            prop_assert_eq!(found, parse(&text, precision, scale, Surplus::Reject).ok());
        }
    }
}
