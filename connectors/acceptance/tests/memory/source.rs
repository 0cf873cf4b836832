//! The connector and system over the shelf.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use async_trait::async_trait;
use yuanliu_contract::{
    Capabilities, CheckReport, ConfigProblem, ConfigSpec, Connector, ConnectorError, Cursor,
    DecodedRows, DiscoveredField, DiscoveredObject, ErrorKind, Feeds, FieldKind, FieldSpec,
    Preview, ReadRange, Result, Seams, Settings, Source, StreamSpec, System,
};

use crate::memory::pages::{MemoryPages, Position, decode_all, to_json};
use crate::memory::{Defect, Shared};

pub struct MemoryConnector {
    pub shelf: Shared,
    pub defect: Option<Defect>,
}

impl Connector for MemoryConnector {
    fn kind(&self) -> &'static str {
        "memory"
    }

    fn title(&self) -> &'static str {
        "内存 Memory"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            incremental: true,
            reports_deletes: false,
            write_back: false,
            own_streams: false,
        }
    }

    fn config_spec(&self) -> ConfigSpec {
        let field =
            |name, kind| FieldSpec { name, kind, required: true, default: None, help: name };
        ConfigSpec {
            fields: vec![field("user", FieldKind::Text), field("password", FieldKind::Secret)],
        }
    }

    fn default_streams(&self) -> Vec<StreamSpec> {
        streams()
    }

    fn open(
        &self,
        settings: &Settings,
        seams: Seams,
    ) -> std::result::Result<Arc<dyn System>, Vec<ConfigProblem>> {
        let password = settings.secret("password").unwrap().reveal().to_owned();
        Ok(Arc::new(MemorySystem {
            shelf: self.shelf.clone(),
            defect: self.defect,
            seams,
            password,
        }))
    }
}

pub struct MemorySystem {
    shelf: Shared,
    defect: Option<Defect>,
    seams: Seams,
    password: String,
}

pub fn schema() -> SchemaRef {
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let instant = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    Arc::new(Schema::new(vec![
        text("id"),
        text("line"),
        Field::new("changed_at", instant, true),
        text("note"),
        Field::new("amount", DataType::Decimal128(28, 10), true),
    ]))
}

fn streams() -> Vec<StreamSpec> {
    vec![StreamSpec {
        name: "document".to_owned(),
        title: "单据 Document".to_owned(),
        schema: schema(),
        key: vec!["id".to_owned(), "line".to_owned()],
        change: Some("changed_at".to_owned()),
        expects_rows: true,
        feeds: Feeds::Models,
    }]
}

fn known(stream: &str) -> Result<()> {
    if stream == "document" {
        return Ok(());
    }
    Err(ConnectorError::new(ErrorKind::NotFound, format!("opening stream {stream}")))
}

#[async_trait]
impl System for MemorySystem {
    fn streams(&self) -> Vec<StreamSpec> {
        streams()
    }

    async fn check(&self) -> Result<CheckReport> {
        let mut report = CheckReport::default();
        report.pass("login", "reader");
        Ok(report)
    }

    async fn discover(&self) -> Result<Vec<DiscoveredObject>> {
        let field = DiscoveredField {
            name: "note".to_owned(),
            title: "note".to_owned(),
            data_type: "text".to_owned(),
            is_custom: false,
            is_read: true,
        };
        Ok(vec![DiscoveredObject {
            name: "document".to_owned(),
            title: "document".to_owned(),
            stream: Some("document".to_owned()),
            fields: vec![field],
        }])
    }

    async fn preview(&self, stream: &str, rows_max: usize) -> Result<Preview> {
        known(stream)?;
        let shelf = self.shelf.lock();
        let raw: Vec<_> = shelf.rows.values().take(rows_max).map(to_json).collect();
        Ok(Preview { rows: decode_all(&raw), raw })
    }

    async fn read(
        &self,
        stream: &str,
        cursor: Option<&Cursor>,
        range: &ReadRange,
    ) -> Result<Box<dyn Source>> {
        known(stream)?;
        let position = cursor.map(Cursor::decode::<Position>).transpose()?.unwrap_or_default();
        if position.v != 1 {
            return Err(ConnectorError::new(
                ErrorKind::Config,
                "reading a cursor of another version",
            ));
        }
        let leaked = (self.defect == Some(Defect::ShowsSecret)).then(|| self.password.clone());
        let fence = self.seams.clock.now() - range.safety_lag;
        Ok(Box::new(MemoryPages::after(
            position,
            range.look_back,
            fence,
            self.shelf.clone(),
            self.defect,
            leaked,
        )))
    }

    fn decode(&self, stream: &str, payloads: &[String]) -> Result<DecodedRows> {
        known(stream)?;
        Ok(decode_all(payloads))
    }
}
