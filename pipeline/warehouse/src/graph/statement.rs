//! What the SQL of a model says by itself: what it reads and which columns it yields.

use std::collections::HashMap;

use datafusion::sql::parser::{DFParser, Statement as DfStatement};
use datafusion::sql::resolve::resolve_table_references;
use datafusion::sql::sqlparser::ast::{
    Expr, Ident, ObjectName, Query, Select, SelectItem, SelectItemQualifiedWildcardKind, SetExpr,
    Statement, TableFactor,
};
use datafusion::sql::sqlparser::dialect::GenericDialect;

use crate::lake::TableName;

/// Functions in the place of a table.
const TABLE_FUNCTIONS: [&str; 3] = ["unnest", "generate_series", "range"];

/// A parsed select.
#[derive(Debug)]
pub(super) struct Parsed {
    /// Tables it reads, in order of name.
    pub(super) reads: Vec<TableName>,
    query: Query,
}

/// Parses one select statement; every problem is told.
pub(super) fn parse(sql: &str, problems: &mut Vec<String>) -> Option<Parsed> {
    let mut statements = match DFParser::parse_sql_with_dialect(sql, &GenericDialect {}) {
        Ok(statements) => statements,
        Err(error) => {
            problems.push(format!("the SQL cannot be read: {error}"));
            return None;
        }
    };
    let (Some(statement), None) = (statements.pop_front(), statements.pop_front()) else {
        problems.push("the file should hold exactly one select statement".to_owned());
        return None;
    };
    let reads = references(&statement, problems);
    let DfStatement::Statement(statement) = statement else {
        problems.push("the statement should be a select".to_owned());
        return None;
    };
    match *statement {
        Statement::Query(query) => Some(Parsed { reads, query: *query }),
        _ => {
            problems.push("the statement should be a select".to_owned());
            None
        }
    }
}

fn references(statement: &DfStatement, problems: &mut Vec<String>) -> Vec<TableName> {
    let tables = match resolve_table_references(statement, true) {
        Ok((tables, _)) => tables,
        Err(error) => {
            problems.push(format!("the tables it reads cannot be told: {error}"));
            return Vec::new();
        }
    };
    let mut names = Vec::new();
    for table in tables {
        match table.schema() {
            Some(schema) => match TableName::new(schema, table.table()) {
                Ok(name) => names.push(name),
                Err(error) => problems.push(error.to_string()),
            },
            None if TABLE_FUNCTIONS.contains(&table.table()) => {}
            None => problems.push(format!("table `{table}` has no schema: write schema.table")),
        }
    }
    names
}

/// The columns of a table that a model reads, if they are known.
pub(super) type ColumnsOf<'a> = dyn Fn(&TableName) -> Option<Vec<String>> + 'a;

impl Parsed {
    /// The names of the columns the select yields, or why they cannot be told.
    pub(super) fn columns(&self, of: &ColumnsOf<'_>) -> Result<Vec<String>, String> {
        query_columns(&self.query, &HashMap::new(), of)
    }
}

type Ctes = HashMap<String, Result<Vec<String>, String>>;

fn query_columns(query: &Query, outer: &Ctes, of: &ColumnsOf<'_>) -> Result<Vec<String>, String> {
    let mut ctes = outer.clone();
    for cte in query.with.iter().flat_map(|with| &with.cte_tables) {
        let columns = if cte.alias.columns.is_empty() {
            query_columns(&cte.query, &ctes, of)
        } else {
            Ok(cte.alias.columns.iter().map(|column| text(&column.name)).collect())
        };
        ctes.insert(text(&cte.alias.name), columns);
    }
    set_columns(&query.body, &ctes, of)
}

fn set_columns(body: &SetExpr, ctes: &Ctes, of: &ColumnsOf<'_>) -> Result<Vec<String>, String> {
    match body {
        SetExpr::Select(select) => select_columns(select, ctes, of),
        SetExpr::Query(query) => query_columns(query, ctes, of),
        SetExpr::SetOperation { left, .. } => set_columns(left, ctes, of),
        _ => Err("its columns cannot be told: end with a select".to_owned()),
    }
}

fn select_columns(select: &Select, ctes: &Ctes, of: &ColumnsOf<'_>) -> Result<Vec<String>, String> {
    let mut columns = Vec::new();
    for item in &select.projection {
        match item {
            SelectItem::ExprWithAlias { alias, .. } => columns.push(text(alias)),
            SelectItem::UnnamedExpr(expr) => columns.push(expr_name(expr)?),
            SelectItem::Wildcard(_) => {
                for table in &select.from {
                    columns.extend(factor_columns(&table.relation, ctes, of)?);
                    for join in &table.joins {
                        columns.extend(factor_columns(&join.relation, ctes, of)?);
                    }
                }
            }
            SelectItem::QualifiedWildcard(kind, _) => {
                columns.extend(qualified_columns(kind, select, ctes, of)?);
            }
            SelectItem::ExprWithAliases { aliases, .. } => columns.extend(aliases.iter().map(text)),
        }
    }
    Ok(columns)
}

fn expr_name(expr: &Expr) -> Result<String, String> {
    match expr {
        Expr::Identifier(name) => Ok(text(name)),
        Expr::CompoundIdentifier(parts) => {
            parts.last().map(text).ok_or_else(|| "a column has no name".to_owned())
        }
        Expr::Nested(inner) => expr_name(inner),
        other => Err(format!("`{other}` has no name: write `as name`")),
    }
}

fn qualified_columns(
    kind: &SelectItemQualifiedWildcardKind,
    select: &Select,
    ctes: &Ctes,
    of: &ColumnsOf<'_>,
) -> Result<Vec<String>, String> {
    let SelectItemQualifiedWildcardKind::ObjectName(wanted) = kind else {
        return Err(format!("the columns of `{kind}` cannot be told: name them"));
    };
    let wanted = last_part(wanted);
    let tables = select.from.iter();
    let mut factors = tables
        .flat_map(|t| std::iter::once(&t.relation).chain(t.joins.iter().map(|j| &j.relation)));
    match factors.find(|factor| factor_name(factor) == wanted) {
        Some(factor) => factor_columns(factor, ctes, of),
        None => Err("the columns of a `*` cannot be told: name them".to_owned()),
    }
}

fn factor_name(factor: &TableFactor) -> Option<String> {
    match factor {
        TableFactor::Table { name, alias, .. } => match alias {
            Some(alias) => Some(text(&alias.name)),
            None => last_part(name),
        },
        TableFactor::Derived { alias, .. } => alias.as_ref().map(|alias| text(&alias.name)),
        _ => None,
    }
}

fn factor_columns(
    factor: &TableFactor,
    ctes: &Ctes,
    of: &ColumnsOf<'_>,
) -> Result<Vec<String>, String> {
    let unknown = || "the columns of a `*` cannot be told: name them".to_owned();
    match factor {
        TableFactor::Table { name, .. } => {
            let parts: Option<Vec<String>> =
                name.0.iter().map(|part| part.as_ident().map(text)).collect();
            match parts.unwrap_or_default().as_slice() {
                [name] => ctes.get(name).cloned().unwrap_or_else(|| Err(unknown())),
                [schema, table] => {
                    TableName::new(schema, table).ok().and_then(|n| of(&n)).ok_or_else(unknown)
                }
                _ => Err(unknown()),
            }
        }
        TableFactor::Derived { subquery, .. } => query_columns(subquery, ctes, of),
        _ => Err(unknown()),
    }
}

fn last_part(name: &ObjectName) -> Option<String> {
    name.0.last().and_then(|part| part.as_ident()).map(text)
}

/// Names without quotes are compared in lower case, as the query engine does.
fn text(ident: &Ident) -> String {
    match ident.quote_style {
        Some(_) => ident.value.clone(),
        None => ident.value.to_lowercase(),
    }
}
