//! Yonyou U8 (用友 U8) over its OpenAPI, the vendor's cloud relay to an agent beside the U8 server.
//!
//! Speaks the protocol and hands over the system's own fields, typed by `catalog.toml`; it does not map
//! a field to the canonical model, does not retry and keeps no position. Lists of documents give
//! headers only, so lines are fetched document by document, each call out of the account's budget.
//!
//! Reading order: `catalog`, `config`, `client`, `envelope`, `passes`, `source`, `decode`, `writer`.

mod catalog;
mod check;
mod client;
mod config;
mod decode;
mod discover;
mod envelope;
mod error;
mod fetch;
mod passes;
mod position;
mod preview;
mod source;
mod system;
mod writer;

use std::sync::Arc;

use yuanliu_contract::{
    Capabilities, ConfigProblem, ConfigSpec, Connector, Seams, Settings, StreamSpec, System,
    WriteBack, Writer, WriterSpec,
};

/// The kind of system written as `kind = "yonyou_u8_openapi"`.
#[derive(Debug, Clone, Copy, Default)]
pub struct YonyouU8OpenApi;

const KIND: &str = "yonyou_u8_openapi";

impl Connector for YonyouU8OpenApi {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn title(&self) -> &'static str {
        "用友 U8 OpenAPI Yonyou U8 OpenAPI"
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
        system::U8System::open(settings, seams).map(|system| Arc::new(system) as Arc<dyn System>)
    }
}

impl WriteBack for YonyouU8OpenApi {
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
        writer::U8Writer::open(settings, write, seams)
            .map(|writer| Arc::new(writer) as Arc<dyn Writer>)
    }
}
