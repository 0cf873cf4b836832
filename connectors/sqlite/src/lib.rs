//! SQLite files, such as those of line collectors and small MES.
//!
//! The file is opened read-only for each statement and closed after it, so that nothing is held between pages.
//! A column may hold values of any type whatever it declares; each value is read by the type it is stored as.
//! The connector never writes and never retries.
//!
//! Reading order: `config`, `mark`, `dialect`, `file`, `database`, `page`, `value`, `payload`, `describe`, `error`.

mod config;
mod database;
mod declared;
mod describe;
mod dialect;
mod error;
mod file;
mod mark;
mod page;
mod payload;
mod value;

use std::sync::Arc;

use yuanliu_contract::{
    Capabilities, ConfigProblem, ConfigSpec, Connector, Seams, Settings, StreamSpec, System,
};

/// The kind of system written as `kind = "sqlite"`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sqlite;

impl Connector for Sqlite {
    fn kind(&self) -> &'static str {
        "sqlite"
    }

    fn title(&self) -> &'static str {
        "SQLite 数据库文件 SQLite file"
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
