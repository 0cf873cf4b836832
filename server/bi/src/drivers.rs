//! Catalogue questions of drivers, put so that the engine can plan them.
//!
//! Only texts that hold one of [`MARKS`] are looked at; whatever people ask passes as it is.

use std::borrow::Cow;
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, CastKind, Expr, Query, SelectItem, SetExpr, Statement, Value, VisitMut,
    VisitorMut,
};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::parser::Parser;

use crate::rewrite::rewrite;

/// pgjdbc, `PgDatabaseMetaData.getPrimaryKeys`, `getIndexInfo`, `getBestRowIdentifier`: the columns of a key.
const KEYS: &str = "_pg_expandarray";
/// pgjdbc, `PgDatabaseMetaData.getImportedKeys`, `getExportedKeys`: the columns of a foreign key.
const FOREIGN_KEYS: &str = "conkey[pos.n]";
/// pgjdbc, `PgDatabaseMetaData.getTypeInfo`: whether a type is composite, as a scalar subquery.
const COMPOSITE: &str = "relkind = 'c'";
/// pgjdbc, `TypeInfoCache`: whether a type is an array, by the function that reads it.
const READER: &str = "::regproc";

/// pgjdbc, `PgDatabaseMetaData.getMaxIndexKeys`, which `getImportedKeys` asks first: a setting of the server.
const KEY_COLUMNS: &str = "max_index_keys";
/// The setting that every PostgreSQL is built with.
const KEY_COLUMNS_MAX: &str = "SELECT '32' AS setting";

const MARKS: [&str; 5] = [KEYS, FOREIGN_KEYS, COMPOSITE, READER, KEY_COLUMNS];

/// The text that says the same to the engine.
pub(crate) fn understood(sql: &str) -> Cow<'_, str> {
    if !MARKS.iter().any(|mark| sql.contains(mark)) {
        return Cow::Borrowed(sql);
    }
    if sql.contains(KEY_COLUMNS) && sql.contains("pg_settings") {
        return Cow::Borrowed(KEY_COLUMNS_MAX);
    }
    rewrite(sql, |statement| {
        let text = statement.to_string();
        if text.contains(KEYS) || text.contains(FOREIGN_KEYS) {
            without_rows(statement);
        } else {
            let _ = VisitMut::visit(statement, &mut Rephrase);
        }
    })
}

/// No table has a key or an index: the answer has the columns that were asked for and no row.
fn without_rows(statement: &mut Statement) {
    let Statement::Query(query) = statement else { return };
    let SetExpr::Select(select) = &*query.body else { return };
    let columns: Vec<_> = select.projection.iter().filter_map(name).collect();
    let nothing = columns.iter().map(|name| format!("cast(null as text) as {name}"));
    let text = format!("select {} where false", nothing.collect::<Vec<_>>().join(", "));
    if let Ok(mut rewritten) = Parser::parse_sql(&PostgreSqlDialect {}, &text)
        && let Some(rewritten) = rewritten.pop()
    {
        *statement = rewritten;
    }
}

fn name(item: &SelectItem) -> Option<String> {
    match item {
        SelectItem::ExprWithAlias { alias, .. } => Some(alias.to_string()),
        SelectItem::UnnamedExpr(Expr::Identifier(name)) => Some(name.to_string()),
        SelectItem::UnnamedExpr(Expr::CompoundIdentifier(path)) => {
            path.last().map(ToString::to_string)
        }
        _ => None,
    }
}

struct Rephrase;

impl VisitorMut for Rephrase {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        let Expr::BinaryOp { left, op, right } = expr else { return ControlFlow::Continue(()) };
        match op {
            BinaryOperator::And | BinaryOperator::Or => {
                for side in [left, right] {
                    if let Some(exists) = as_existence(side) {
                        **side = exists;
                    }
                }
            }
            BinaryOperator::Eq => {
                if let Some(name) = function_name(right) {
                    // The catalogue holds the names of such functions, without their schema.
                    **right = Expr::value(Value::SingleQuotedString(name));
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

/// `(select p from t where c)` beside `and` or `or` is true exactly where `exists (select p from t where c and p)`
/// is, as long as there is one row at most, and neither is where it is null.
fn as_existence(side: &Expr) -> Option<Expr> {
    let Expr::Subquery(query) = side else { return None };
    let mut query: Query = (**query).clone();
    let SetExpr::Select(select) = &mut *query.body else { return None };
    let [SelectItem::UnnamedExpr(asked @ Expr::BinaryOp { .. })] = select.projection.as_slice()
    else {
        return None;
    };
    let asked = Expr::Nested(Box::new(asked.clone()));
    select.selection = Some(match select.selection.take() {
        None => asked,
        Some(held) => Expr::BinaryOp {
            left: Box::new(Expr::Nested(Box::new(held))),
            op: BinaryOperator::And,
            right: Box::new(asked),
        },
    });
    Some(Expr::Exists { subquery: Box::new(query), negated: false })
}

/// The function that `'pg_catalog.array_in'::regproc` names.
fn function_name(expr: &Expr) -> Option<String> {
    let Expr::Cast { kind: CastKind::DoubleColon, expr, data_type, .. } = expr else { return None };
    let is_function = data_type.to_string().eq_ignore_ascii_case("regproc");
    let Expr::Value(value) = &**expr else { return None };
    let Value::SingleQuotedString(name) = &value.value else { return None };
    is_function.then(|| name.rsplit('.').next().unwrap_or(name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::understood;

    #[test]
    fn what_people_ask_passes_as_it_is() {
        for sql in
            ["select 'a'::text", "select  *  from marts.regional_sales", "not sql at all ::regproc"]
        {
            assert_eq!(understood(sql), sql);
        }
    }

    #[test]
    fn keys_are_answered_with_their_columns_and_no_row() {
        let sql = "SELECT result.TABLE_CAT, result.KEY_SEQ AS n FROM (SELECT NULL AS TABLE_CAT, \
                   (information_schema._pg_expandarray(i.indkey)).n AS KEY_SEQ FROM pg_catalog.pg_index i) result";
        assert_eq!(
            understood(sql),
            "SELECT CAST(NULL AS TEXT) AS TABLE_CAT, CAST(NULL AS TEXT) AS n WHERE false"
        );
    }

    #[test]
    fn a_scalar_question_becomes_one_of_existence() {
        let sql =
            "SELECT 1 FROM t WHERE (t.r = 0 OR (SELECT c.relkind = 'c' FROM c WHERE c.oid = t.r))";
        assert_eq!(
            understood(sql),
            "SELECT 1 FROM t WHERE (t.r = 0 OR EXISTS (SELECT c.relkind = 'c' FROM c \
             WHERE (c.oid = t.r) AND (c.relkind = 'c')))"
        );
    }

    #[test]
    fn a_function_is_compared_by_its_name() {
        let sql =
            "SELECT typinput='pg_catalog.array_in'::regproc as is_array FROM pg_catalog.pg_type";
        assert_eq!(
            understood(sql),
            "SELECT typinput = 'array_in' AS is_array FROM pg_catalog.pg_type"
        );
    }
}
