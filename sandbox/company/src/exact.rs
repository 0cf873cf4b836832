//! Exact decimals: quantities and money.

use std::fmt;

/// A decimal number of `units` times ten to the power of minus `scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Exact {
    /// The digits.
    pub units: i64,
    /// How many of them are fraction digits.
    pub scale: u32,
}

impl Exact {
    /// A whole number.
    #[must_use]
    pub const fn whole(units: i64) -> Self {
        Self { units, scale: 0 }
    }

    /// An amount of money in hundredths.
    #[must_use]
    pub const fn cents(units: i64) -> Self {
        Self { units, scale: 2 }
    }

    /// This number times a whole one.
    #[must_use]
    pub const fn times(self, factor: i64) -> Self {
        Self { units: self.units * factor, scale: self.scale }
    }

    /// An amount with tax taken out, rounded half up to hundredths.
    #[must_use]
    pub const fn untaxed(self, tax_percent: i64) -> Self {
        let whole = 100 + tax_percent;
        Self { units: (self.units * 200 + whole) / (2 * whole), scale: self.scale }
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = self.scale as usize;
        let digits = format!("{:0>width$}", self.units.unsigned_abs(), width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        let sign = if self.units < 0 { "-" } else { "" };
        if scale == 0 { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.{fraction}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_exact() {
        assert_eq!(Exact { units: 525, scale: 3 }.times(120).to_string(), "63.000");
        assert_eq!(Exact::cents(-5).to_string(), "-0.05");
        assert_eq!(Exact::cents(67_800).untaxed(13).to_string(), "600.00");
        assert_eq!(Exact::cents(100).untaxed(13).to_string(), "0.88");
    }
}
