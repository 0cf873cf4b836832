//! Texts of statements, changed where the engine would read them otherwise than they are meant.

use std::borrow::Cow;

use datafusion::sql::sqlparser::ast::Statement;
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::parser::Parser;

/// The text after `change` was made to each of its statements. What cannot be read here stays as it is, and is
/// told of by whoever plans it.
pub(crate) fn rewrite(sql: &str, change: impl FnMut(&mut Statement)) -> Cow<'_, str> {
    let Ok(mut statements) = Parser::parse_sql(&PostgreSqlDialect {}, sql) else {
        return Cow::Borrowed(sql);
    };
    statements.iter_mut().for_each(change);
    let texts: Vec<_> = statements.iter().map(Statement::to_string).collect();
    Cow::Owned(texts.join("; "))
}
