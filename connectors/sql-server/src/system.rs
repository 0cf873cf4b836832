//! One configured system of a kind over SQL Server.

use std::sync::Arc;

use yuanliu_contract::{ConfigProblem, Seams, Settings, StreamSpec, System};
use yuanliu_sql_kit::catalog::{self, Deletes, Stream};
use yuanliu_sql_kit::{SqlConfig, SqlSystem, SystemOptions};

use crate::config::Config;
use crate::kind::SqlServerKind;
use crate::pool::Pool;
use crate::server::Server;

/// The streams of a system that configures nothing.
pub(crate) fn default_streams(kind: &SqlServerKind) -> Vec<StreamSpec> {
    let streams = catalog::parse(kind.catalog).unwrap_or_default();
    streams.iter().map(Stream::spec).collect()
}

/// Builds a system from settings, or says everything that is wrong with them.
pub(crate) fn open(
    kind: SqlServerKind,
    settings: &Settings,
    seams: Seams,
) -> Result<Arc<dyn System>, Vec<ConfigProblem>> {
    let shared = SqlConfig::read(settings, catalog::parse(kind.catalog)?)?;
    let problems: Vec<_> = shared.streams.iter().filter_map(untrackable).collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    let config = Config::read(settings, &shared)?;
    let options = SystemOptions {
        name: settings.system.clone(),
        streams: shared.streams,
        time_zone: shared.time_zone,
        page_rows: shared.page_rows,
        databases: config.databases.clone(),
    };
    let server = Server::new(Pool::new(config, seams.budget.clone()));
    Ok(Arc::new(SqlSystem::new(server, options, seams)))
}

/// Change tracking belongs to a table.
fn untrackable(stream: &Stream) -> Option<ConfigProblem> {
    let is_wrong = stream.deletes == Deletes::ChangeTracking && stream.table.is_none();
    is_wrong.then(|| {
        let message = "deletes = \"change_tracking\" works for a table, not for a query";
        ConfigProblem::new(format!("stream {}", stream.name), message)
    })
}
