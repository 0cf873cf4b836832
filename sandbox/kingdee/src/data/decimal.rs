//! Exact decimals as the server prints them: a number with at least one fraction digit.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// Largest number of fraction digits kept, as in `decimal(28,10)` columns with room to spare.
const SCALE_MAX: u32 = 18;

/// An exact decimal number.
#[derive(Debug, Clone, Copy)]
pub struct Decimal {
    mantissa: i128,
    scale: u32,
}

/// The text is not a plain decimal number of supported size.
#[derive(Debug, Clone, thiserror::Error)]
#[error("`{0}` is not a decimal number")]
pub struct DecimalError(String);

impl Decimal {
    /// Zero.
    pub const ZERO: Self = Self { mantissa: 0, scale: 0 };

    /// A number of `mantissa` times ten to the power of minus `scale`.
    #[must_use]
    pub const fn new(mantissa: i128, scale: u32) -> Self {
        Self { mantissa, scale }
    }

    fn aligned(self, scale: u32) -> Option<i128> {
        self.mantissa.checked_mul(10i128.checked_pow(scale.checked_sub(self.scale)?)?)
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Self::new(i128::from(value), 0)
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, DecimalError> {
        let refuse = || DecimalError(text.chars().take(40).collect());
        let trimmed = text.trim();
        let (negative, digits) = match trimmed.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all = format!("{whole}{fraction}");
        let scale = u32::try_from(fraction.len()).map_err(|_| refuse())?;
        let plain = !all.is_empty() && all.bytes().all(|byte| byte.is_ascii_digit());
        if !plain || scale > SCALE_MAX || all.len() > 36 {
            return Err(refuse());
        }
        let mantissa: i128 = all.parse().map_err(|_| refuse())?;
        Ok(Self::new(if negative { -mantissa } else { mantissa }, scale))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.mantissa.unsigned_abs().to_string();
        let scale = self.scale as usize;
        let padded = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = padded.split_at(padded.len() - scale);
        let fraction = fraction.trim_end_matches('0');
        let sign = if self.mantissa < 0 { "-" } else { "" };
        write!(f, "{sign}{whole}.{}", if fraction.is_empty() { "0" } else { fraction })
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let scale = self.scale.max(other.scale);
        match (self.aligned(scale), other.aligned(scale)) {
            (Some(left), Some(right)) => left.cmp(&right),
            // One side does not fit at the common scale, so the whole parts differ.
            _ => {
                let whole = |value: &Self| value.mantissa / 10i128.pow(value.scale.min(38));
                whole(self).cmp(&whole(other))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_as_the_server_does() {
        let cases = [
            ("1000", "1000.0"),
            ("35.50", "35.5"),
            ("-0.05", "-0.05"),
            ("0", "0.0"),
            ("0.72721263", "0.72721263"),
        ];
        for (text, printed) in cases {
            assert_eq!(text.parse::<Decimal>().unwrap().to_string(), printed);
        }
        for text in ["", "-", "1e3", "1.2.3", "0x1", "."] {
            assert!(text.parse::<Decimal>().is_err(), "{text}");
        }
    }
}
