//! Catalogue views, made from the definitions when a statement asks.

mod changes;
mod describe;
mod information_schema;
mod sys_objects;
mod sys_server;

pub(crate) use changes::changes;
pub(crate) use describe::describe_rows;

use crate::data::Database;
use crate::engine::Context;
use crate::error::SqlError;
use crate::values::{Row, SqlType, Value};

/// Rows made for one statement.
pub(crate) struct Made {
    pub(crate) columns: Vec<(String, SqlType)>,
    pub(crate) rows: Vec<Row>,
}

const NAME: SqlType = SqlType::NVarChar(128);

impl Made {
    fn new(columns: &[(&str, SqlType)]) -> Self {
        Self {
            columns: columns.iter().map(|(name, ty)| ((*name).to_owned(), *ty)).collect(),
            rows: Vec::new(),
        }
    }

    fn row<const N: usize>(&mut self, values: [Value; N]) {
        self.rows.push(Row::from(values.to_vec()));
    }
}

fn text(text: &str) -> Value {
    Value::text(text)
}

fn number(number: usize) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

/// A number from a position, counted from 1.
fn ordinal(at: usize) -> Value {
    number(at + 1)
}

/// The view of that name; none: no such system view.
pub(crate) fn view(
    context: Context<'_>,
    database: &Database,
    schema: &str,
    name: &str,
) -> Result<Option<Made>, SqlError> {
    let name = name.to_ascii_lowercase();
    if schema.eq_ignore_ascii_case("information_schema") {
        return Ok(information_schema::view(database, &name));
    }
    if !schema.eq_ignore_ascii_case("sys") {
        return Ok(None);
    }
    if name == "dm_db_partition_stats" && !context.world.view_database_state {
        return Err(SqlError::new(
            262,
            14,
            format!("VIEW DATABASE STATE permission denied in database '{}'.", database.name),
        ));
    }
    Ok(sys_objects::view(database, &name).or_else(|| sys_server::view(context, database, &name)))
}
