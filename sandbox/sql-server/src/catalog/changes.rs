//! `CHANGETABLE(CHANGES table, @last)`.

use super::{Made, text};
use crate::data::Database;
use crate::error::SqlError;
use crate::values::{Row, SqlType, Value};

/// The net changes after a version; all tracked ones if it is null.
pub(crate) fn changes(database: &Database, arguments: &[Value]) -> Result<Made, SqlError> {
    let [Value::Text(name), last] = arguments else { return Err(SqlError::syntax("changetable")) };
    let last = match last {
        Value::Int(last) => *last,
        other => other.as_text().and_then(|text| text.trim().parse().ok()).unwrap_or(-1),
    };
    let at = database.position(name).map_err(|_| SqlError::invalid_object(name))?;
    let table = &database.tables[at];
    if !(database.change_tracking && table.def.change_tracking) {
        return Err(SqlError::new(
            22105,
            16,
            format!("Change tracking is not enabled on table '{name}'."),
        ));
    }
    let mut columns = vec![
        ("SYS_CHANGE_VERSION", SqlType::BigInt),
        ("SYS_CHANGE_CREATION_VERSION", SqlType::BigInt),
        ("SYS_CHANGE_OPERATION", SqlType::NChar(1)),
        ("SYS_CHANGE_COLUMNS", SqlType::VarBinary(4100)),
        ("SYS_CHANGE_CONTEXT", SqlType::VarBinary(128)),
    ];
    columns.extend(
        table
            .def
            .key
            .iter()
            .map(|&at| (table.def.columns[at].name.as_str(), table.def.columns[at].ty)),
    );
    let mut made = Made::new(&columns);
    for net in table.tracked.net(last, &table.def.key) {
        let mut row = vec![
            Value::Int(net.version),
            Value::from(net.created),
            text(&net.operation.to_string()),
            Value::Null,
            Value::Null,
        ];
        row.extend(table.def.key.iter().map(|&at| net.row[at].clone()));
        made.rows.push(Row::from(row));
    }
    Ok(made)
}
