//! A small part of Transact-SQL: parsing, binding to tables, and running over sorted rows in memory.

mod access;
mod aggregate;
mod arithmetic;
mod bind;
mod bind_expr;
mod bind_from;
mod data_type;
mod eval;
mod expr;
mod functions;
mod plan;
mod run;
mod script;

pub(crate) use bind::{Binder, Context, Variables};
pub(crate) use data_type::{parse_declaration, to_sql_type};
pub(crate) use expr::Node;
pub(crate) use plan::Plan;
pub(crate) use run::Cursor;
pub(crate) use script::{Command, Script};

use crate::data::TableDef;
use crate::error::SqlError;
use crate::values::{SqlType, Value};

/// Works out a computed column from the other values of its row.
pub(crate) fn compute(
    expression: &str,
    def: &TableDef,
    row: &[Value],
) -> Result<(Value, SqlType), SqlError> {
    let mut binder = Binder::detached();
    binder.push_table(def);
    let expression = script::parse_expression(expression)?;
    let node = binder.expression(&expression)?;
    let rows = [std::sync::Arc::from(row)];
    Ok((node.eval(&eval::Env { rows: &rows, outer: None })?.into_owned(), node.ty))
}
