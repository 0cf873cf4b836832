//! The configuration of one SQLite file.

use std::sync::Arc;

use yuanliu_contract::{ConfigProblem, ConfigSpec, FieldKind, FieldSpec, Seams, Settings, System};
use yuanliu_sql_kit::{SqlConfig, SqlSystem, SystemOptions, config};

use crate::database::SqliteDatabase;
use crate::file::DatabaseFile;

/// The configuration fields.
pub(crate) fn spec() -> ConfigSpec {
    let mut fields = vec![FieldSpec {
        name: "file",
        kind: FieldKind::Path,
        required: true,
        default: None,
        help: "数据库文件，可放在共享文件夹。The database file; WAL files must not lie on a network share",
    }];
    // Opening a file is not a connection.
    fields.extend(config::fields().into_iter().filter(|field| field.name != "connect_timeout_ms"));
    ConfigSpec { fields }
}

/// Builds a system from settings, or says everything that is wrong with them.
pub(crate) fn open(
    settings: &Settings,
    seams: Seams,
) -> Result<Arc<dyn System>, Vec<ConfigProblem>> {
    let config = SqlConfig::read(settings, Vec::new())?;
    let path = settings.path("file").cloned();
    let path = path.ok_or_else(|| vec![ConfigProblem::new("file", "is required")])?;
    let database = SqliteDatabase {
        file: DatabaseFile { path, limit: config.statement_limit },
        clock: seams.clock.clone(),
        zone: config.time_zone,
    };
    let options = SystemOptions {
        name: settings.system.clone(),
        streams: config.streams,
        time_zone: config.time_zone,
        page_rows: config.page_rows,
        databases: Vec::new(),
    };
    Ok(Arc::new(SqlSystem::new(database, options, seams)))
}
