//! Exact decimals of up to 38 digits.

use std::cmp::Ordering;
use std::fmt;

/// A decimal: `units` times ten to the minus `scale`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    // Two halves, so that a value needs no 16-byte alignment and rows stay small.
    high: i64,
    low: u64,
    scale: u8,
}

const LIMIT: i128 = 10i128.pow(38);

impl Decimal {
    /// A decimal of these units.
    #[must_use]
    pub const fn new(units: i128, scale: u8) -> Self {
        Self { high: (units >> 64) as i64, low: units as u64, scale }
    }

    /// The digits as one integer.
    #[must_use]
    pub const fn units(self) -> i128 {
        ((self.high as i128) << 64) | self.low as i128
    }

    /// Digits after the point.
    #[must_use]
    pub const fn scale(self) -> u8 {
        self.scale
    }

    /// The same number at another scale, half away from zero as SQL Server rounds; none: beyond 38 digits.
    #[must_use]
    pub fn rescale(self, scale: u8) -> Option<Self> {
        let units = match scale.cmp(&self.scale) {
            Ordering::Equal => self.units(),
            Ordering::Greater => self
                .units()
                .checked_mul(power(scale - self.scale)?)
                .filter(|units| units.abs() < LIMIT)?,
            Ordering::Less => match power(self.scale - scale) {
                Some(by) => divide_rounded(self.units(), by),
                None => 0,
            },
        };
        Some(Self::new(units, scale))
    }

    /// Whether it has no more than `precision` digits.
    #[must_use]
    pub fn fits(self, precision: u8) -> bool {
        power(precision).is_none_or(|limit| self.units().abs() < limit)
    }

    /// The whole part, cut towards zero.
    #[must_use]
    pub fn whole(self) -> i128 {
        power(self.scale).map_or(0, |by| self.units() / by)
    }

    /// The nearest float.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// Reads `-12.50` or `1.5e3`; none: not a number of at most 38 digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some((mantissa, exponent)) = text.split_once(['e', 'E']) {
            let mantissa = Self::parse(mantissa)?;
            let exponent: i32 = exponent.trim_start_matches('+').parse().ok()?;
            let scale = i32::from(mantissa.scale) - exponent;
            return match u8::try_from(scale) {
                Ok(scale) if scale <= 38 => Some(Self::new(mantissa.units(), scale)),
                Ok(_) => Self::new(mantissa.units(), 38).rescale(38),
                Err(_) => {
                    let units = mantissa.units().checked_mul(power(u8::try_from(-scale).ok()?)?)?;
                    Some(Self::new(units, 0))
                }
            };
        }
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let mut units = 0i128;
        for digit in whole.bytes().chain(fraction.bytes()) {
            if !digit.is_ascii_digit() {
                return None;
            }
            units = units.checked_mul(10)?.checked_add(i128::from(digit - b'0'))?;
        }
        if units >= LIMIT {
            return None;
        }
        let scale = u8::try_from(fraction.len()).ok().filter(|scale| *scale <= 38)?;
        Some(Self::new(if negative { -units } else { units }, scale))
    }
}

/// Ten to the power, if it fits.
pub(crate) fn power(exponent: u8) -> Option<i128> {
    10i128.checked_pow(u32::from(exponent))
}

/// Division with halves away from zero.
pub(crate) fn divide_rounded(units: i128, by: i128) -> i128 {
    let (quotient, rest) = (units / by, units % by);
    if rest.abs() >= (by.abs() + 1) / 2 { quotient + rest.signum() * by.signum() } else { quotient }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.scale == other.scale {
            return self.units().cmp(&other.units());
        }
        let scale = self.scale.max(other.scale);
        let at = |d: &Self| power(scale - d.scale).and_then(|by| d.units().checked_mul(by));
        match (at(self), at(other)) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => self.whole().cmp(&other.whole()).then(self.to_f64().total_cmp(&other.to_f64())),
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = self.units();
        let digits = units.unsigned_abs().to_string();
        let scale = usize::from(self.scale);
        let padded = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = padded.split_at(padded.len() - scale);
        let sign = if units < 0 { "-" } else { "" };
        if fraction.is_empty() {
            write!(f, "{sign}{whole}")
        } else {
            write!(f, "{sign}{whole}.{fraction}")
        }
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
