//! Yonyou BIP and YonSuite (用友 BIP) over their OpenAPI.
//!
//! Speaks the protocol and hands over the system's own fields, typed by `catalog.toml`. It does not
//! map a field to the canonical model, does not retry and keeps no position.
//!
//! Reading order: `catalog`, `config`, `auth`, `client`, `envelope`, `error`, `list`, `source`,
//! `decode`, `write`.

mod auth;
mod budget;
mod catalog;
mod check;
mod client;
mod config;
mod decode;
mod discover;
mod envelope;
mod error;
mod list;
mod pass;
mod position;
mod preview;
mod source;
mod system;
mod wall_clock;
mod write;

use std::sync::Arc;

use yuanliu_contract::{
    Capabilities, ConfigProblem, ConfigSpec, Connector, Seams, Settings, StreamSpec, System,
    WriteBack, Writer, WriterSpec,
};

const KIND: &str = "yonyou_bip";

/// The kind of system written as `kind = "yonyou_bip"`.
#[derive(Debug, Clone, Copy, Default)]
pub struct YonyouBip;

impl Connector for YonyouBip {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn title(&self) -> &'static str {
        "用友 BIP / YonSuite Yonyou BIP"
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
        system::BipSystem::open(settings, &seams).map(|system| Arc::new(system) as Arc<dyn System>)
    }
}

impl WriteBack for YonyouBip {
    fn kind(&self) -> &'static str {
        KIND
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
        write::BipWriter::open(settings, write, &seams)
            .map(|writer| Arc::new(writer) as Arc<dyn Writer>)
    }
}
