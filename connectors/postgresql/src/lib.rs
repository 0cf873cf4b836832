//! PostgreSQL by binary COPY.
//!
//! Pages are `COPY (select …) TO STDOUT (FORMAT binary)`, decoded straight into Arrow columns. COPY
//! takes no parameters, so marks are literals (`dialect`). Sessions are read-only and have a limit for
//! every statement. The connector never writes and never retries.
//!
//! Reading order: `config`, `dialect`, `session`, `database`, `wire`, `numeric`, `describe`, `error`.

mod config;
mod database;
mod describe;
mod dialect;
mod error;
mod numeric;
mod session;
mod wire;

use std::sync::Arc;

use yuanliu_contract::{
    Capabilities, ConfigProblem, ConfigSpec, Connector, Seams, Settings, StreamSpec, System,
};

/// The kind of system written as `kind = "postgresql"`.
#[derive(Debug, Clone, Copy, Default)]
pub struct PostgreSql;

impl Connector for PostgreSql {
    fn kind(&self) -> &'static str {
        "postgresql"
    }

    fn title(&self) -> &'static str {
        "PostgreSQL 数据库 PostgreSQL"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            incremental: true,
            reports_deletes: false,
            write_back: false,
            own_streams: true,
        }
    }

    fn config_spec(&self) -> ConfigSpec {
        config::spec()
    }

    fn default_streams(&self) -> Vec<StreamSpec> {
        Vec::new()
    }

    fn open(
        &self,
        settings: &Settings,
        seams: Seams,
    ) -> Result<Arc<dyn System>, Vec<ConfigProblem>> {
        config::open(settings, seams)
    }
}
