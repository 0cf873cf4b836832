//! `sys` views of the server and its sessions.

use super::{Made, NAME, number, text};
use crate::data::Database;
use crate::engine::Context;
use crate::values::{SqlType, Value};

pub(super) fn view(context: Context<'_>, database: &Database, name: &str) -> Option<Made> {
    Some(match name {
        "databases" => databases(context),
        "change_tracking_databases" => {
            let mut made = Made::new(&[
                ("database_id", SqlType::Int),
                ("is_auto_cleanup_on", SqlType::TinyInt),
                ("retention_period", SqlType::Int),
            ]);
            for (at, _) in
                context.world.databases.iter().enumerate().filter(|(_, d)| d.change_tracking)
            {
                made.row([number(at + 5), Value::Int(1), Value::Int(2)]);
            }
            made
        }
        "dm_exec_sessions" => {
            let mut made = Made::new(&[
                ("session_id", SqlType::SmallInt),
                ("login_name", NAME),
                ("program_name", NAME),
                ("database_id", SqlType::SmallInt),
            ]);
            made.row([
                Value::Int(context.session_id),
                text(context.user),
                text(context.application),
                Value::Int(5),
            ]);
            made
        }
        "dm_exec_connections" => {
            let mut made = Made::new(&[
                ("session_id", SqlType::Int),
                ("net_transport", SqlType::NVarChar(40)),
                ("encrypt_option", SqlType::NVarChar(40)),
            ]);
            made.row([Value::Int(context.session_id), text("TCP"), text("TRUE")]);
            made
        }
        "fn_helpcollations" => {
            Made::new(&[("name", NAME), ("description", SqlType::NVarChar(1000))])
        }
        "database_principals" => {
            let mut made = Made::new(&[
                ("name", NAME),
                ("principal_id", SqlType::Int),
                ("type", SqlType::Char(1)),
            ]);
            made.row([text("dbo"), Value::Int(1), text("S")]);
            made
        }
        "foreign_keys"
        | "foreign_key_columns"
        | "triggers"
        | "synonyms"
        | "default_constraints" => {
            let _ = database;
            Made::new(&[
                ("name", NAME),
                ("object_id", SqlType::Int),
                ("parent_object_id", SqlType::Int),
                ("schema_id", SqlType::Int),
                ("definition", SqlType::NVarChar(4000)),
            ])
        }
        _ => return None,
    })
}

fn databases(context: Context<'_>) -> Made {
    let mut made = Made::new(&[
        ("name", NAME),
        ("database_id", SqlType::Int),
        ("collation_name", NAME),
        ("state", SqlType::TinyInt),
        ("state_desc", SqlType::NVarChar(60)),
        ("compatibility_level", SqlType::TinyInt),
        ("is_read_only", SqlType::Bit),
        ("snapshot_isolation_state", SqlType::TinyInt),
        ("snapshot_isolation_state_desc", SqlType::NVarChar(60)),
        ("is_read_committed_snapshot_on", SqlType::Bit),
        ("user_access", SqlType::TinyInt),
    ]);
    let master = (1, &context.world.master);
    let users = context.world.databases.iter().enumerate().map(|(at, database)| (at + 5, database));
    for (id, database) in std::iter::once(master).chain(users) {
        let (state, description) = if database.snapshot { (1, "ON") } else { (0, "OFF") };
        made.row([
            text(&database.name),
            number(id),
            text(database.collation.name()),
            Value::Int(0),
            text("ONLINE"),
            Value::Int(150),
            Value::Bit(false),
            Value::Int(state),
            text(description),
            Value::Bit(database.snapshot),
            Value::Int(0),
        ]);
    }
    made
}
