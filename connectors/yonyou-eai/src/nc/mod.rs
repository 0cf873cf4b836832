//! The kind `yonyou_nc`: NC and NC Cloud over XChangeServlet, which only takes documents.

mod answer;
mod config;
mod system;
mod writer;

use std::sync::Arc;

use yuanliu_contract::{
    Capabilities, ConfigProblem, ConfigSpec, Connector, Seams, Settings, StreamSpec, System,
    WriteBack, Writer, WriterSpec,
};

/// The kind of system written as `kind = "yonyou_nc"`. It has no streams: reading data from NC is not
/// part of the servlet (reference: yonyou.md 3.3).
#[derive(Debug, Clone, Copy, Default)]
pub struct YonyouNc;

const KIND: &str = "yonyou_nc";

impl Connector for YonyouNc {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn title(&self) -> &'static str {
        "用友 NC 外部交换平台 Yonyou NC XChange"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            incremental: false,
            reports_deletes: false,
            write_back: true,
            own_streams: false,
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
        system::NcSystem::open(settings, seams).map(|system| Arc::new(system) as Arc<dyn System>)
    }
}

impl WriteBack for YonyouNc {
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
        writer::NcWriter::open(settings, write, seams)
            .map(|writer| Arc::new(writer) as Arc<dyn Writer>)
    }
}
