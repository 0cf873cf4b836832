//! What a query would return: `sys.dm_exec_describe_first_result_set` and the columns of views.

use super::{Made, NAME, number, ordinal, text};
use crate::clock::Clock;
use crate::data::{Database, View};
use crate::engine::{Binder, Command, Context, Plan, Script, Variables, parse_declaration};
use crate::error::SqlError;
use crate::server::World;
use crate::values::{SqlType, Value};

/// One row for each column of the first result of a batch; an error is a row too, as the real view has it.
pub(crate) fn describe_rows(context: Context<'_>, arguments: &[Value]) -> Result<Made, SqlError> {
    let sql = arguments.first().and_then(Value::as_text).unwrap_or_default().into_owned();
    let declared = arguments.get(1).and_then(Value::as_text).unwrap_or_default().into_owned();
    let mut made = Made::new(&[
        ("is_hidden", SqlType::Bit),
        ("column_ordinal", SqlType::Int),
        ("name", NAME),
        ("is_nullable", SqlType::Bit),
        ("system_type_id", SqlType::Int),
        ("system_type_name", SqlType::NVarChar(256)),
        ("max_length", SqlType::SmallInt),
        ("precision", SqlType::TinyInt),
        ("scale", SqlType::TinyInt),
        ("collation_name", NAME),
        ("user_type_id", SqlType::Int),
        ("user_type_name", NAME),
        ("assembly_qualified_type_name", SqlType::NVarChar(4000)),
        ("is_identity_column", SqlType::Bit),
        ("is_computed_column", SqlType::Bit),
        ("is_updateable", SqlType::Bit),
        ("error_number", SqlType::Int),
        ("error_severity", SqlType::Int),
        ("error_state", SqlType::Int),
        ("error_message", SqlType::NVarChar(4000)),
    ]);
    match plan(context, &sql, &variables(&declared)?) {
        Ok(plan) => {
            for (at, output) in plan.outputs.iter().enumerate() {
                let ty = output.node.ty;
                let clr = |value: Value| if ty.is_clr() { value } else { Value::Null };
                let collation = if ty.is_text() && ty != SqlType::Xml {
                    text("Chinese_PRC_CI_AS")
                } else {
                    Value::Null
                };
                let name = if output.name.is_empty() { Value::Null } else { text(&output.name) };
                made.row([
                    Value::Bit(false),
                    ordinal(at),
                    name,
                    Value::Bit(output.node.nullable),
                    Value::Int(ty.system_type_id()),
                    if ty.is_clr() {
                        text(&format!("sys.{}", ty.name()))
                    } else {
                        text(&ty.to_string())
                    },
                    Value::Int(ty.max_length()),
                    Value::from(i64::from(ty.precision())),
                    Value::from(i64::from(ty.scale())),
                    collation,
                    clr(Value::Int(ty.user_type_id())),
                    clr(text(ty.name())),
                    clr(text(ty.name())),
                    Value::Bit(false),
                    Value::Bit(false),
                    Value::Bit(output.plain),
                    Value::Null,
                    Value::Null,
                    Value::Null,
                    Value::Null,
                ]);
            }
        }
        Err(error) => {
            let mut row = vec![Value::Null; made.columns.len()];
            row[0] = Value::Bit(false);
            row[1] = number(0);
            row[16] = Value::from(error.number);
            row[17] = Value::from(i32::from(error.class));
            row[18] = Value::from(i32::from(error.state));
            row[19] = text(&error.message);
            made.rows.push(row.into());
        }
    }
    Ok(made)
}

fn plan(context: Context<'_>, sql: &str, variables: &Variables) -> Result<Plan, SqlError> {
    let mut script = Script::new(sql)?;
    while let Some(command) = script.next()? {
        if let Command::Query(query) = command {
            return Binder::new(context, variables).query(&query);
        }
    }
    Ok(Plan::default())
}

/// `@P1 nvarchar(4000), @P2 int`, all null.
fn variables(declared: &str) -> Result<Variables, SqlError> {
    let mut variables = Variables::new();
    let mut depth = 0;
    let parts = declared.split(|c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ',' && depth == 0
    });
    for part in parts.map(str::trim).filter(|part| !part.is_empty()) {
        if let Some((name, ty)) = part.split_once(char::is_whitespace) {
            variables.insert(name.to_ascii_lowercase(), (Value::Null, parse_declaration(ty)?));
        }
    }
    Ok(variables)
}

/// The columns of a view; none if its text cannot be bound.
pub(super) fn view_columns(database: &Database, view: &View) -> Vec<(String, SqlType)> {
    let world = World {
        databases: vec![database.clone()],
        master: Database::new("master"),
        clock: Clock::System,
        utc_offset_minutes: 0,
        view_database_state: false,
        denied: Default::default(),
    };
    let context = Context {
        world: &world,
        database: &database.name,
        session_id: 0,
        application: "",
        user: "",
    };
    let plan = plan(context, &view.sql, &Variables::new()).unwrap_or_default();
    plan.outputs.into_iter().map(|output| (output.name, output.node.ty)).collect()
}
