//! `INFORMATION_SCHEMA`.

use super::{Made, NAME, ordinal, text};
use crate::data::Database;
use crate::values::{MAX, SqlType, Value};

pub(super) fn view(database: &Database, name: &str) -> Option<Made> {
    match name {
        "tables" => Some(tables(database)),
        "columns" => Some(columns(database)),
        "table_constraints" => Some(constraints(database)),
        "key_column_usage" => Some(key_columns(database)),
        "views" => Some(views(database)),
        "schemata" => Some(schemata(database)),
        _ => None,
    }
}

fn tables(database: &Database) -> Made {
    let mut made = Made::new(&[
        ("TABLE_CATALOG", NAME),
        ("TABLE_SCHEMA", NAME),
        ("TABLE_NAME", NAME),
        ("TABLE_TYPE", SqlType::VarChar(10)),
    ]);
    for table in &database.tables {
        made.row([
            text(&database.name),
            text(&table.def.schema),
            text(&table.def.name),
            text("BASE TABLE"),
        ]);
    }
    for view in &database.views {
        made.row([text(&database.name), text(&view.schema), text(&view.name), text("VIEW")]);
    }
    made
}

fn views(database: &Database) -> Made {
    let mut made = Made::new(&[
        ("TABLE_CATALOG", NAME),
        ("TABLE_SCHEMA", NAME),
        ("TABLE_NAME", NAME),
        ("VIEW_DEFINITION", SqlType::NVarChar(4000)),
    ]);
    for view in &database.views {
        made.row([text(&database.name), text(&view.schema), text(&view.name), text(&view.sql)]);
    }
    made
}

fn schemata(database: &Database) -> Made {
    let mut made =
        Made::new(&[("CATALOG_NAME", NAME), ("SCHEMA_NAME", NAME), ("SCHEMA_OWNER", NAME)]);
    for schema in super::sys_objects::schemas(database) {
        made.row([text(&database.name), text(&schema), text("dbo")]);
    }
    made
}

fn columns(database: &Database) -> Made {
    let mut made = Made::new(&[
        ("TABLE_CATALOG", NAME),
        ("TABLE_SCHEMA", NAME),
        ("TABLE_NAME", NAME),
        ("COLUMN_NAME", NAME),
        ("ORDINAL_POSITION", SqlType::Int),
        ("COLUMN_DEFAULT", SqlType::NVarChar(4000)),
        ("IS_NULLABLE", SqlType::VarChar(3)),
        ("DATA_TYPE", NAME),
        ("CHARACTER_MAXIMUM_LENGTH", SqlType::Int),
        ("CHARACTER_OCTET_LENGTH", SqlType::Int),
        ("NUMERIC_PRECISION", SqlType::TinyInt),
        ("NUMERIC_SCALE", SqlType::Int),
        ("DATETIME_PRECISION", SqlType::SmallInt),
        ("CHARACTER_SET_NAME", NAME),
        ("COLLATION_NAME", NAME),
    ]);
    for (object, at, name, ty, nullable) in super::sys_objects::columns(database) {
        let (characters, octets) = lengths(&ty);
        let is_number = ty.is_integer() && ty != SqlType::Bit
            || matches!(
                ty,
                SqlType::Decimal(..)
                    | SqlType::Money
                    | SqlType::SmallMoney
                    | SqlType::Real
                    | SqlType::Float
            );
        let only = |yes: bool, value: Value| if yes { value } else { Value::Null };
        made.row([
            text(&database.name),
            text(&object.schema),
            text(&object.name),
            text(&name),
            ordinal(at),
            Value::Null,
            text(if nullable { "YES" } else { "NO" }),
            text(ty.name()),
            characters,
            octets,
            only(is_number, Value::from(i64::from(ty.precision()))),
            only(
                is_number && !matches!(ty, SqlType::Real | SqlType::Float),
                Value::from(i64::from(ty.scale())),
            ),
            only(ty.is_temporal(), Value::from(i64::from(ty.scale()))),
            only(ty.is_text(), text(if ty.is_wide() { "UNICODE" } else { "cp936" })),
            only(ty.is_text(), text(database.collation.name())),
        ]);
    }
    made
}

fn lengths(ty: &SqlType) -> (Value, Value) {
    match ty {
        SqlType::Text | SqlType::Image => (Value::Int(2_147_483_647), Value::Int(2_147_483_647)),
        SqlType::NText => (Value::Int(1_073_741_823), Value::Int(2_147_483_646)),
        SqlType::Xml | SqlType::VarChar(MAX) | SqlType::NVarChar(MAX) | SqlType::VarBinary(MAX) => {
            (Value::Int(-1), Value::Int(-1))
        }
        SqlType::NChar(n) | SqlType::NVarChar(n) => {
            (Value::from(i64::from(*n)), Value::from(i64::from(*n) * 2))
        }
        SqlType::Char(n) | SqlType::VarChar(n) | SqlType::Binary(n) | SqlType::VarBinary(n) => {
            (Value::from(i64::from(*n)), Value::from(i64::from(*n)))
        }
        _ => (Value::Null, Value::Null),
    }
}

fn constraints(database: &Database) -> Made {
    let mut made = Made::new(&[
        ("CONSTRAINT_CATALOG", NAME),
        ("CONSTRAINT_SCHEMA", NAME),
        ("CONSTRAINT_NAME", NAME),
        ("TABLE_CATALOG", NAME),
        ("TABLE_SCHEMA", NAME),
        ("TABLE_NAME", NAME),
        ("CONSTRAINT_TYPE", SqlType::VarChar(11)),
    ]);
    for table in database.tables.iter().filter(|table| !table.def.key.is_empty()) {
        let (schema, name) = (&table.def.schema, &table.def.name);
        let (catalog, key) = (text(&database.name), text(&format!("PK_{name}")));
        made.row([
            catalog.clone(),
            text(schema),
            key,
            catalog,
            text(schema),
            text(name),
            text("PRIMARY KEY"),
        ]);
    }
    made
}

fn key_columns(database: &Database) -> Made {
    let mut made = Made::new(&[
        ("CONSTRAINT_CATALOG", NAME),
        ("CONSTRAINT_SCHEMA", NAME),
        ("CONSTRAINT_NAME", NAME),
        ("TABLE_CATALOG", NAME),
        ("TABLE_SCHEMA", NAME),
        ("TABLE_NAME", NAME),
        ("COLUMN_NAME", NAME),
        ("ORDINAL_POSITION", SqlType::Int),
    ]);
    for table in &database.tables {
        let (schema, name) = (&table.def.schema, &table.def.name);
        for (at, &column) in table.def.key.iter().enumerate() {
            let (catalog, key) = (text(&database.name), text(&format!("PK_{name}")));
            let column = text(&table.def.columns[column].name);
            made.row([
                catalog.clone(),
                text(schema),
                key,
                catalog,
                text(schema),
                text(name),
                column,
                ordinal(at),
            ]);
        }
    }
    made
}
