//! Parameters as the client declared them: a fraction stays one beside a column of whole numbers.
//!
//! The engine casts a parameter to the type of what it stands beside, and would cut `0.01` to `0`.

use std::borrow::Cow;
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{Expr, Value, VisitMut, VisitorMut};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::parser::Parser;
use datafusion_postgres::pgwire::api::Type;

use crate::rewrite::rewrite;

/// The text with every parameter that was declared a fraction cast to that type.
pub(crate) fn declared<'s>(sql: &'s str, types: &[Option<Type>]) -> Cow<'s, str> {
    if !types.iter().any(|declared| word(declared.as_ref()).is_some()) {
        return Cow::Borrowed(sql);
    }
    rewrite(sql, |statement| {
        let _ = VisitMut::visit(statement, &mut Fractions { types });
    })
}

/// The engine's word for a type of fractions.
fn word(declared: Option<&Type>) -> Option<&'static str> {
    match declared {
        Some(declared) if *declared == Type::NUMERIC => Some("decimal(38, 10)"),
        Some(declared) if *declared == Type::FLOAT8 => Some("double"),
        Some(declared) if *declared == Type::FLOAT4 => Some("real"),
        _ => None,
    }
}

struct Fractions<'t> {
    types: &'t [Option<Type>],
}

impl VisitorMut for Fractions<'_> {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        let Expr::Value(value) = &*expr else { return ControlFlow::Continue(()) };
        let Value::Placeholder(name) = &value.value else { return ControlFlow::Continue(()) };
        let number = name.strip_prefix('$').and_then(|number| number.parse::<usize>().ok());
        let declared = number.and_then(|number| self.types.get(number.checked_sub(1)?));
        if let Some(word) = word(declared.and_then(Option::as_ref)) {
            let text = format!("cast({name} as {word})");
            let parsed = Parser::new(&PostgreSqlDialect {}).try_with_sql(&text);
            if let Ok(cast) = parsed.and_then(|mut parser| parser.parse_expr()) {
                *expr = cast;
            }
        }
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use datafusion_postgres::pgwire::api::Type;

    use super::declared;

    #[test]
    fn only_declared_fractions_are_cast() {
        let sql = "select * from t where a >= $1 and b = $2";
        assert_eq!(declared(sql, &[None, Some(Type::INT8)]), sql);
        assert_eq!(
            declared(sql, &[Some(Type::NUMERIC), None]),
            "SELECT * FROM t WHERE a >= CAST($1 AS DECIMAL(38,10)) AND b = $2"
        );
    }
}
