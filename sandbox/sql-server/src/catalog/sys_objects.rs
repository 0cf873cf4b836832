//! `sys` views of the objects of a database.

use super::{Made, NAME, number, ordinal, text};
use crate::data::{Database, Table};
use crate::values::{SqlType, Value};

/// A table or view, as the catalogue shows it.
pub(super) struct Object {
    pub(super) id: i64,
    pub(super) schema: String,
    pub(super) name: String,
    pub(super) is_view: bool,
}

pub(super) fn schemas(database: &Database) -> Vec<String> {
    let mut schemas = vec!["dbo".to_owned()];
    let named = database
        .tables
        .iter()
        .map(|t| &t.def.schema)
        .chain(database.views.iter().map(|v| &v.schema));
    for schema in named {
        if !schemas.iter().any(|held| held.eq_ignore_ascii_case(schema)) {
            schemas.push(schema.clone());
        }
    }
    schemas
}

fn schema_id(database: &Database, name: &str) -> Value {
    let at =
        schemas(database).iter().position(|schema| schema.eq_ignore_ascii_case(name)).unwrap_or(0);
    Value::Int(if at == 0 { 1 } else { at as i64 + 4 })
}

fn objects(database: &Database) -> Vec<Object> {
    let tables = database.tables.iter().map(|t| Object {
        id: t.object_id,
        schema: t.def.schema.clone(),
        name: t.def.name.clone(),
        is_view: false,
    });
    let views = database.views.iter().map(|v| Object {
        id: v.object_id,
        schema: v.schema.clone(),
        name: v.name.clone(),
        is_view: true,
    });
    tables.chain(views).collect()
}

/// Object, position, name, type, nullable of every column. A view's columns are those of its text.
pub(super) fn columns(database: &Database) -> Vec<(Object, usize, String, SqlType, bool)> {
    let mut columns = Vec::new();
    for table in &database.tables {
        for (at, column) in table.def.columns.iter().enumerate() {
            let object = Object {
                id: table.object_id,
                schema: table.def.schema.clone(),
                name: table.def.name.clone(),
                is_view: false,
            };
            columns.push((object, at, column.name.clone(), column.ty, column.nullable));
        }
    }
    for view in &database.views {
        for (at, (name, ty)) in
            super::describe::view_columns(database, view).into_iter().enumerate()
        {
            let object = Object {
                id: view.object_id,
                schema: view.schema.clone(),
                name: view.name.clone(),
                is_view: true,
            };
            columns.push((object, at, name, ty, true));
        }
    }
    columns
}

pub(super) fn view(database: &Database, name: &str) -> Option<Made> {
    Some(match name {
        "objects" | "all_objects" | "tables" | "views" => object_rows(database, name),
        "schemas" => {
            let mut made = Made::new(&[
                ("name", NAME),
                ("schema_id", SqlType::Int),
                ("principal_id", SqlType::Int),
            ]);
            for schema in schemas(database) {
                made.row([text(&schema), schema_id(database, &schema), Value::Int(1)]);
            }
            made
        }
        "columns" | "all_columns" => column_rows(database),
        "computed_columns" => computed(database),
        "identity_columns" => {
            let mut made = Made::new(&[
                ("object_id", SqlType::Int),
                ("name", NAME),
                ("column_id", SqlType::Int),
            ]);
            for table in &database.tables {
                for (at, column) in
                    table.def.columns.iter().enumerate().filter(|(_, column)| column.identity)
                {
                    made.row([Value::Int(table.object_id), text(&column.name), ordinal(at)]);
                }
            }
            made
        }
        "types" => types(database),
        "indexes" => indexes(database),
        "index_columns" => index_columns(database),
        "key_constraints" => {
            let mut made = Made::new(&[
                ("name", NAME),
                ("object_id", SqlType::Int),
                ("parent_object_id", SqlType::Int),
                ("type", SqlType::Char(2)),
                ("unique_index_id", SqlType::Int),
            ]);
            for table in database.tables.iter().filter(|table| !table.def.key.is_empty()) {
                made.row([
                    text(&format!("PK_{}", table.def.name)),
                    Value::Int(table.object_id + 1),
                    Value::Int(table.object_id),
                    text("PK"),
                    Value::Int(1),
                ]);
            }
            made
        }
        "partitions" => partitions(database),
        "dm_db_partition_stats" => partition_stats(database),
        "change_tracking_tables" => {
            let mut made = Made::new(&[
                ("object_id", SqlType::Int),
                ("is_track_columns_updated_on", SqlType::Bit),
                ("min_valid_version", SqlType::BigInt),
                ("begin_version", SqlType::BigInt),
                ("cleanup_version", SqlType::BigInt),
            ]);
            for table in database
                .tables
                .iter()
                .filter(|table| database.change_tracking && table.def.change_tracking)
            {
                let valid = Value::Int(table.tracked.min_valid);
                made.row([
                    Value::Int(table.object_id),
                    Value::Bit(false),
                    valid.clone(),
                    Value::Int(0),
                    valid,
                ]);
            }
            made
        }
        "extended_properties" => Made::new(&[
            ("class", SqlType::TinyInt),
            ("class_desc", SqlType::NVarChar(60)),
            ("major_id", SqlType::Int),
            ("minor_id", SqlType::Int),
            ("name", NAME),
            ("value", SqlType::SqlVariant),
        ]),
        _ => return None,
    })
}

fn object_rows(database: &Database, view: &str) -> Made {
    let mut made = Made::new(&[
        ("name", NAME),
        ("object_id", SqlType::Int),
        ("principal_id", SqlType::Int),
        ("schema_id", SqlType::Int),
        ("parent_object_id", SqlType::Int),
        ("type", SqlType::Char(2)),
        ("type_desc", SqlType::NVarChar(60)),
        ("is_ms_shipped", SqlType::Bit),
        ("is_memory_optimized", SqlType::Bit),
        ("temporal_type", SqlType::TinyInt),
    ]);
    for object in objects(database) {
        if (view == "tables" && object.is_view) || (view == "views" && !object.is_view) {
            continue;
        }
        let (ty, description) = if object.is_view { ("V ", "VIEW") } else { ("U ", "USER_TABLE") };
        made.row([
            text(&object.name),
            Value::Int(object.id),
            Value::Null,
            schema_id(database, &object.schema),
            Value::Int(0),
            text(ty),
            text(description),
            Value::Bit(false),
            Value::Bit(false),
            Value::Int(0),
        ]);
    }
    made
}

fn definition<'a>(
    database: &'a Database,
    object: &Object,
    at: usize,
) -> Option<&'a crate::data::ColumnDef> {
    database.tables.iter().find(|table| table.object_id == object.id)?.def.columns.get(at)
}

fn column_rows(database: &Database) -> Made {
    let mut made = Made::new(&[
        ("object_id", SqlType::Int),
        ("name", NAME),
        ("column_id", SqlType::Int),
        ("system_type_id", SqlType::TinyInt),
        ("user_type_id", SqlType::Int),
        ("max_length", SqlType::SmallInt),
        ("precision", SqlType::TinyInt),
        ("scale", SqlType::TinyInt),
        ("collation_name", NAME),
        ("is_nullable", SqlType::Bit),
        ("is_identity", SqlType::Bit),
        ("is_computed", SqlType::Bit),
        ("is_hidden", SqlType::Bit),
        ("is_rowguidcol", SqlType::Bit),
        ("is_sparse", SqlType::Bit),
        ("is_column_set", SqlType::Bit),
        ("default_object_id", SqlType::Int),
    ]);
    for (object, at, name, ty, nullable) in columns(database) {
        let column = definition(database, &object, at);
        let collation = if ty.is_text() && ty != SqlType::Xml {
            text(database.collation.name())
        } else {
            Value::Null
        };
        made.row([
            Value::Int(object.id),
            text(&name),
            ordinal(at),
            Value::Int(ty.system_type_id()),
            Value::Int(ty.user_type_id()),
            Value::Int(ty.max_length()),
            Value::from(i64::from(ty.precision())),
            Value::from(i64::from(ty.scale())),
            collation,
            Value::Bit(nullable),
            Value::Bit(column.is_some_and(|c| c.identity)),
            Value::Bit(column.is_some_and(|c| c.computed.is_some())),
            Value::Bit(false),
            Value::Bit(false),
            Value::Bit(false),
            Value::Bit(false),
            Value::Int(0),
        ]);
    }
    made
}

fn computed(database: &Database) -> Made {
    let mut made = Made::new(&[
        ("object_id", SqlType::Int),
        ("name", NAME),
        ("column_id", SqlType::Int),
        ("definition", SqlType::NVarChar(4000)),
        ("is_persisted", SqlType::Bit),
        ("system_type_id", SqlType::TinyInt),
        ("user_type_id", SqlType::Int),
        ("is_nullable", SqlType::Bit),
    ]);
    for table in &database.tables {
        for (at, column) in table.def.columns.iter().enumerate() {
            if let Some(expression) = &column.computed {
                let (system, user) = (column.ty.system_type_id(), column.ty.user_type_id());
                made.row([
                    Value::Int(table.object_id),
                    text(&column.name),
                    ordinal(at),
                    text(&format!("({expression})")),
                    Value::Bit(true),
                    Value::Int(system),
                    Value::Int(user),
                    Value::Bit(column.nullable),
                ]);
            }
        }
    }
    made
}

fn types(database: &Database) -> Made {
    let mut made = Made::new(&[
        ("name", NAME),
        ("system_type_id", SqlType::TinyInt),
        ("user_type_id", SqlType::Int),
        ("schema_id", SqlType::Int),
        ("max_length", SqlType::SmallInt),
        ("precision", SqlType::TinyInt),
        ("scale", SqlType::TinyInt),
        ("collation_name", NAME),
        ("is_nullable", SqlType::Bit),
        ("is_user_defined", SqlType::Bit),
        ("is_assembly_type", SqlType::Bit),
        ("is_table_type", SqlType::Bit),
    ]);
    let mut row = |name: &str, ty: &SqlType, system: i64, user: i64| {
        let collation = if ty.is_text() { text(database.collation.name()) } else { Value::Null };
        made.row([
            text(name),
            Value::Int(system),
            Value::Int(user),
            Value::Int(4),
            Value::Int(ty.max_length()),
            Value::from(i64::from(ty.precision())),
            Value::from(i64::from(ty.scale())),
            collation,
            Value::Bit(true),
            Value::Bit(false),
            Value::Bit(ty.is_clr()),
            Value::Bit(false),
        ]);
    };
    for ty in &SqlType::SYSTEM {
        row(ty.name(), ty, ty.system_type_id(), ty.user_type_id());
    }
    row("numeric", &SqlType::Decimal(38, 38), 108, 108);
    row("sysname", &SqlType::NVarChar(128), 231, 256);
    made
}

fn index_names(table: &Table) -> Vec<(i64, Option<String>, &[usize], bool)> {
    let def = &table.def;
    let mut names: Vec<(i64, Option<String>, &[usize], bool)> = Vec::new();
    if def.key.is_empty() {
        names.push((0, None, &[], false));
    } else {
        names.push((1, Some(format!("PK_{}", def.name)), &def.key, true));
    }
    names.extend(
        def.indexes.iter().enumerate().map(|(at, index)| {
            (at as i64 + 2, Some(index.name.clone()), &index.columns[..], false)
        }),
    );
    names
}

fn indexes(database: &Database) -> Made {
    let mut made = Made::new(&[
        ("object_id", SqlType::Int),
        ("name", NAME),
        ("index_id", SqlType::Int),
        ("type", SqlType::TinyInt),
        ("type_desc", SqlType::NVarChar(60)),
        ("is_unique", SqlType::Bit),
        ("is_primary_key", SqlType::Bit),
        ("is_unique_constraint", SqlType::Bit),
        ("is_disabled", SqlType::Bit),
        ("has_filter", SqlType::Bit),
        ("is_hypothetical", SqlType::Bit),
    ]);
    for table in &database.tables {
        for (id, name, _, primary) in index_names(table) {
            let (ty, description) = match id {
                0 => (0, "HEAP"),
                1 => (1, "CLUSTERED"),
                _ => (2, "NONCLUSTERED"),
            };
            made.row([
                Value::Int(table.object_id),
                Value::from(name),
                Value::Int(id),
                Value::Int(ty),
                text(description),
                Value::Bit(primary),
                Value::Bit(primary),
                Value::Bit(false),
                Value::Bit(false),
                Value::Bit(false),
                Value::Bit(false),
            ]);
        }
    }
    made
}

fn index_columns(database: &Database) -> Made {
    let mut made = Made::new(&[
        ("object_id", SqlType::Int),
        ("index_id", SqlType::Int),
        ("index_column_id", SqlType::Int),
        ("column_id", SqlType::Int),
        ("key_ordinal", SqlType::TinyInt),
        ("partition_ordinal", SqlType::TinyInt),
        ("is_descending_key", SqlType::Bit),
        ("is_included_column", SqlType::Bit),
    ]);
    for table in &database.tables {
        for (id, _, columns, _) in index_names(table) {
            for (at, &column) in columns.iter().enumerate() {
                let object = Value::Int(table.object_id);
                made.row([
                    object,
                    Value::Int(id),
                    ordinal(at),
                    ordinal(column),
                    ordinal(at),
                    Value::Int(0),
                    Value::Bit(false),
                    Value::Bit(false),
                ]);
            }
        }
    }
    made
}

fn partitions(database: &Database) -> Made {
    let mut made = Made::new(&[
        ("partition_id", SqlType::BigInt),
        ("object_id", SqlType::Int),
        ("index_id", SqlType::Int),
        ("partition_number", SqlType::Int),
        ("rows", SqlType::BigInt),
    ]);
    for table in &database.tables {
        for (id, ..) in index_names(table) {
            let rows = number(table.data.rows().len());
            made.row([
                Value::Int(table.object_id * 8 + id),
                Value::Int(table.object_id),
                Value::Int(id),
                Value::Int(1),
                rows,
            ]);
        }
    }
    made
}

fn partition_stats(database: &Database) -> Made {
    let mut made = Made::new(&[
        ("partition_id", SqlType::BigInt),
        ("object_id", SqlType::Int),
        ("index_id", SqlType::Int),
        ("partition_number", SqlType::Int),
        ("row_count", SqlType::BigInt),
        ("used_page_count", SqlType::BigInt),
        ("reserved_page_count", SqlType::BigInt),
    ]);
    for table in &database.tables {
        for (id, ..) in index_names(table) {
            let rows = table.data.rows().len();
            let pages = number(rows / 50 + 1);
            made.row([
                Value::Int(table.object_id * 8 + id),
                Value::Int(table.object_id),
                Value::Int(id),
                Value::Int(1),
                number(rows),
                pages.clone(),
                pages,
            ]);
        }
    }
    made
}
