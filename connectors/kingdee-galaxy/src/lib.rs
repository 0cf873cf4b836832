//! Kingdee Galaxy (金蝶云星空) over its WebAPI.
//!
//! Speaks the protocol and hands over the system's own fields, typed by `catalog.toml`. It does not
//! map a field it reads to the canonical model, does not retry and keeps no position. Documents it
//! writes come in canonical names and are mapped in `write`. One request at a time
//! goes to one system: sessions of one user disturb each other's edit locks.
//!
//! Reading order: `catalog`, `config`, `auth`, `client`, `envelope`, `plan`, `source`, `decode`,
//! `write`.

mod auth;
mod catalog;
mod check;
mod client;
mod config;
mod decode;
mod discover;
mod envelope;
mod error;
mod metadata;
mod plan;
mod position;
mod preview;
mod query;
mod session;
mod source;
mod system;
mod write;
mod zone;

use std::sync::Arc;

use yuanliu_contract::{
    Capabilities, ConfigProblem, ConfigSpec, Connector, Seams, Settings, StreamSpec, System,
    WriteBack, Writer, WriterSpec,
};

/// The kind of system written as `kind = "kingdee_galaxy"`.
#[derive(Debug, Clone, Copy, Default)]
pub struct KingdeeGalaxy;

impl Connector for KingdeeGalaxy {
    fn kind(&self) -> &'static str {
        "kingdee_galaxy"
    }

    fn title(&self) -> &'static str {
        "金蝶云星空 Kingdee Galaxy"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            incremental: true,
            reports_deletes: false,
            write_back: true,
            own_streams: false,
        }
    }

    fn config_spec(&self) -> ConfigSpec {
        config::spec()
    }

    fn default_streams(&self) -> Vec<StreamSpec> {
        catalog::default_streams()
    }

    fn open(
        &self,
        settings: &Settings,
        seams: Seams,
    ) -> Result<Arc<dyn System>, Vec<ConfigProblem>> {
        system::GalaxySystem::open(settings, seams)
            .map(|system| Arc::new(system) as Arc<dyn System>)
    }
}

impl WriteBack for KingdeeGalaxy {
    fn kind(&self) -> &'static str {
        Connector::kind(self)
    }

    fn spec(&self) -> WriterSpec {
        write::spec()
    }

    fn open(
        &self,
        settings: &Settings,
        write: &Settings,
        seams: Seams,
    ) -> Result<Arc<dyn Writer>, Vec<ConfigProblem>> {
        write::GalaxyWriter::open(settings, write, &seams)
            .map(|writer| Arc::new(writer) as Arc<dyn Writer>)
    }
}
