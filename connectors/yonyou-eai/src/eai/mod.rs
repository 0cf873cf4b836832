//! The kind `yonyou_u8_eai`.

mod answer;
mod check;
mod client;
mod config;
mod discover;
mod passes;
mod position;
mod preview;
mod query;
mod source;
mod system;
mod writer;

use std::sync::Arc;

use yuanliu_contract::{
    Capabilities, ConfigProblem, ConfigSpec, Connector, Seams, Settings, StreamSpec, System,
    WriteBack, Writer, WriterSpec,
};

pub(crate) use client::Client;
pub(crate) use config::{address, http_options};

/// The kind of system written as `kind = "yonyou_u8_eai"`.
#[derive(Debug, Clone, Copy, Default)]
pub struct YonyouU8Eai;

const KIND: &str = "yonyou_u8_eai";

impl Connector for YonyouU8Eai {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn title(&self) -> &'static str {
        "用友 U8 EAI Yonyou U8 EAI"
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
        crate::catalog::default_streams()
    }

    fn open(
        &self,
        settings: &Settings,
        seams: Seams,
    ) -> Result<Arc<dyn System>, Vec<ConfigProblem>> {
        system::EaiSystem::open(settings, seams).map(|system| Arc::new(system) as Arc<dyn System>)
    }
}

impl WriteBack for YonyouU8Eai {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn spec(&self) -> WriterSpec {
        writer::spec()
    }

    fn open(
        &self,
        settings: &Settings,
        write: &Settings,
        seams: Seams,
    ) -> Result<Arc<dyn Writer>, Vec<ConfigProblem>> {
        writer::EaiWriter::open(settings, write, seams)
            .map(|writer| Arc::new(writer) as Arc<dyn Writer>)
    }
}
