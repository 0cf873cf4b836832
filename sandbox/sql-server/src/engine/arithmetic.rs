//! `+ - * / %` on exact numbers, floats and texts, with Transact-SQL's result types.

use crate::error::SqlError;
use crate::values::{Decimal, MAX, SqlType, Value, cast, divide_rounded, power};

/// The type of `a op b` (Transact-SQL reference, "Precision, scale, and length").
pub(super) fn result_type(op: char, a: &SqlType, b: &SqlType) -> SqlType {
    if op == '+' && a.is_text() && b.is_text() {
        let length = |ty: &SqlType| match ty {
            SqlType::Char(n) | SqlType::VarChar(n) | SqlType::NChar(n) | SqlType::NVarChar(n) => *n,
            _ => MAX,
        };
        let wide = a.is_wide() || b.is_wide();
        let most = if wide { 4000 } else { 8000 };
        let total = match (length(a), length(b)) {
            (MAX, _) | (_, MAX) => MAX,
            (a, b) => (a + b).min(most),
        };
        return if wide { SqlType::NVarChar(total) } else { SqlType::VarChar(total) };
    }
    let winner = if a.rank() >= b.rank() { *a } else { *b };
    match winner {
        SqlType::Decimal(..) => {
            let ((p1, s1), (p2, s2)) = (digits(a), digits(b));
            let (p, s) = match op {
                '*' => (p1 + p2 + 1, s1 + s2),
                '/' => (p1 - s1 + s2 + 6.max(s1 + p2 + 1), 6.max(s1 + p2 + 1)),
                '%' => ((p1 - s1).min(p2 - s2) + s1.max(s2), s1.max(s2)),
                _ => (s1.max(s2) + (p1 - s1).max(p2 - s2) + 1, s1.max(s2)),
            };
            let (p, s) = if p > 38 { (38, (38 - (p - s)).max(s.min(6))) } else { (p, s) };
            SqlType::Decimal(u8::try_from(p).unwrap_or(38), u8::try_from(s).unwrap_or(0))
        }
        SqlType::Bit => SqlType::Int,
        ty if ty.is_text() => SqlType::Int,
        ty => ty,
    }
}

fn digits(ty: &SqlType) -> (i32, i32) {
    match ty {
        SqlType::Decimal(p, s) => (i32::from(*p), i32::from(*s)),
        SqlType::Money => (19, 4),
        SqlType::SmallMoney => (10, 4),
        other => (i32::from(other.precision().max(1)), 0),
    }
}

/// The value of `a op b`, both cast to fitting types by the binder.
pub(super) fn apply(op: char, a: &Value, b: &Value, ty: &SqlType) -> Result<Value, SqlError> {
    let overflow = || SqlError::overflow(ty.name());
    let zero = || SqlError::new(8134, 16, "Divide by zero error encountered.");
    Ok(match (a, b) {
        (Value::Null, _) | (_, Value::Null) => Value::Null,
        (Value::Int(a), Value::Int(b)) => {
            let result = match op {
                '+' => a.checked_add(*b),
                '-' => a.checked_sub(*b),
                '*' => a.checked_mul(*b),
                '&' => Some(a & b),
                '|' => Some(a | b),
                _ if *b == 0 => return Err(zero()),
                '/' => a.checked_div(*b),
                _ => a.checked_rem(*b),
            };
            cast(&Value::Int(result.ok_or_else(overflow)?), &SqlType::BigInt, ty)?
        }
        (Value::Float(a), Value::Float(b)) => match op {
            '+' => Value::Float(a + b),
            '-' => Value::Float(a - b),
            '*' => Value::Float(a * b),
            _ if *b == 0.0 => return Err(zero()),
            _ => Value::Float(a / b),
        },
        (Value::Decimal(a), Value::Decimal(b)) => {
            let result = decimals(op, *a, *b, ty.scale())
                .ok_or_else(|| if b.units() == 0 { zero() } else { overflow() })?;
            cast(&Value::Decimal(result), &SqlType::Decimal(38, result.scale()), ty)?
        }
        (a, b) => match (op, a.as_text(), b.as_text()) {
            ('+', Some(a), Some(b)) => Value::text(format!("{a}{b}")),
            _ => {
                return Err(SqlError::new(
                    402,
                    16,
                    format!("The data types are incompatible in the operator '{op}'."),
                ));
            }
        },
    })
}

fn decimals(op: char, a: Decimal, b: Decimal, scale: u8) -> Option<Decimal> {
    let common = a.scale().max(b.scale());
    let aligned = || Some((a.rescale(common)?.units(), b.rescale(common)?.units()));
    Some(match op {
        '+' => Decimal::new(aligned()?.0.checked_add(aligned()?.1)?, common),
        '-' => Decimal::new(aligned()?.0.checked_sub(aligned()?.1)?, common),
        '*' => Decimal::new(a.units().checked_mul(b.units())?, a.scale() + b.scale()),
        '/' => {
            let shift =
                u8::try_from(i32::from(scale) + i32::from(b.scale()) - i32::from(a.scale()))
                    .ok()?;
            let units = a.units().checked_mul(power(shift)?)?;
            (b.units() != 0).then(|| Decimal::new(divide_rounded(units, b.units()), scale))?
        }
        _ => Decimal::new(aligned()?.0.checked_rem(aligned()?.1)?, common),
    })
}
