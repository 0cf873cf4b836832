//! The binary form of `numeric`: base-10000 digits.
//!
//! Layout: `numeric_send` in the server's `src/backend/utils/adt/numeric.c`: ndigits, weight, sign,
//! dscale as 16-bit numbers, then the digits.

use yuanliu_sql_kit::CellFault;

const NEGATIVE: u16 = 0x4000;
const NAN: u16 = 0xC000;
const POSITIVE_INFINITY: u16 = 0xD000;
const NEGATIVE_INFINITY: u16 = 0xF000;

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

struct Parts<'a> {
    weight: i32,
    sign: u16,
    digits: &'a [[u8; 2]],
}

fn parts(bytes: &[u8]) -> Option<Parts<'_>> {
    let (head, rest) = bytes.split_first_chunk::<8>()?;
    let [n0, n1, w0, w1, s0, s1, _, _] = *head;
    let (digits, rest) = rest.as_chunks::<2>();
    let count = usize::from(u16::from_be_bytes([n0, n1]));
    (rest.is_empty() && digits.len() == count).then_some(Parts {
        weight: i32::from(i16::from_be_bytes([w0, w1])),
        sign: u16::from_be_bytes([s0, s1]),
        digits,
    })
}

/// The unscaled value with `scale` digits after the point; none if the text must say what is wrong.
#[inline]
pub(crate) fn unscaled(bytes: &[u8], precision: u8, scale: i8) -> Option<i128> {
    let Parts { weight, sign, digits } = parts(bytes)?;
    if sign != 0 && sign != NEGATIVE {
        return None;
    }
    let mut value: i128 = 0;
    for (at, digit) in digits.iter().enumerate() {
        let digit = u16::from_be_bytes(*digit);
        let exponent = (weight - i32::try_from(at).ok()?) * 4 + i32::from(scale);
        if exponent >= 0 {
            let power = POWERS.get(usize::try_from(exponent).ok()?)?;
            value = value.checked_add(i128::from(digit).checked_mul(*power)?)?;
        } else if digit != 0 {
            // Four decimals a digit: one that ends further behind the point has a surplus.
            let power = 10_u16.checked_pow(u32::try_from(-exponent).ok()?)?;
            if digit % power != 0 {
                return None;
            }
            value = value.checked_add(i128::from(digit / power))?;
        }
    }
    let limit = POWERS.get(usize::from(precision))?;
    let value = (value < *limit).then_some(value)?;
    Some(if sign == NEGATIVE { -value } else { value })
}

/// The value as the server writes it, without the zeros its scale would add.
pub(crate) fn text(bytes: &[u8]) -> Result<String, CellFault> {
    let wrong = || CellFault::new("bad_decimal", "is not the binary form of a numeric");
    let Parts { weight, sign, digits } = parts(bytes).ok_or_else(wrong)?;
    match sign {
        NAN => return Ok("NaN".to_owned()),
        POSITIVE_INFINITY => return Ok("Infinity".to_owned()),
        NEGATIVE_INFINITY => return Ok("-Infinity".to_owned()),
        _ => {}
    }
    let digit = |position: i32| {
        let at = usize::try_from(weight - position).ok();
        at.and_then(|at| digits.get(at)).map_or(0, |digit| u16::from_be_bytes(*digit))
    };
    let last = weight - i32::try_from(digits.len()).map_err(|_| wrong())? + 1;
    let whole: String = (0..=weight.max(0)).rev().map(|at| format!("{:04}", digit(at))).collect();
    let fraction: String = (last..0).rev().map(|at| format!("{:04}", digit(at))).collect();
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    let sign = if sign == NEGATIVE { "-" } else { "" };
    Ok(format!("{sign}{whole}{point}{fraction}"))
}
