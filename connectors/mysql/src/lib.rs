//! MySQL and MariaDB by prepared statements.
//!
//! Pages are prepared selects, so that values come in the server's binary form: floats whole, zero dates
//! told apart from null. Values in a statement are literals (`dialect`). Sessions are read-only, in UTC and
//! `utf8mb4`, with a limit for every statement. The connector never writes and never retries.
//!
//! Reading order: `config`, `product`, `session`, `dialect`, `server_type`, `database`, `page`, `wire`,
//! `payload`, `describe`, `error`.

mod config;
mod database;
mod describe;
mod dialect;
mod error;
mod page;
mod payload;
mod product;
mod server_type;
mod session;
mod wire;

use std::sync::Arc;

use yuanliu_contract::{
    Capabilities, ConfigProblem, ConfigSpec, Connector, Seams, Settings, StreamSpec, System,
};

/// The kind of system written as `kind = "mysql"`.
#[derive(Debug, Clone, Copy, Default)]
pub struct MySql;

impl Connector for MySql {
    fn kind(&self) -> &'static str {
        "mysql"
    }

    fn title(&self) -> &'static str {
        "MySQL、MariaDB 数据库 MySQL, MariaDB"
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
