//! Sends approved documents back: the documented envelope, under paths that the tenant names.
//!
//! The reference gives the envelope of a save and its answers (yonyou.md 1.7), but neither the path
//! nor the fields of any save, so both are configuration. The platform remembers an idempotency key
//! for an hour only; a document is therefore also looked for by a field that carries its key.

mod body;
mod mapping;
mod receipt;

use async_trait::async_trait;
use serde_json::{Value, json};
use yuanliu_contract::{
    ConfigProblem, ConfigSpec, ConnectorError, ErrorKind, FieldKind, FieldSpec, OutgoingDocument,
    OutgoingKind, Result, Seams, Settings, WriteReceipt, Writer, WriterSpec,
};

use crate::catalog::ID;
use crate::client::Client;
use crate::config::Access;
use crate::error::ALREADY_SENT;
use crate::system::client;
use mapping::Mapping;

/// The documents, each with the section that maps it.
const DOCUMENTS: [(OutgoingKind, &str); 2] = [
    (OutgoingKind::DeliveryResult, "delivery_result"),
    (OutgoingKind::InspectionResult, "inspection_result"),
];

/// What can be sent, and what must be configured for it.
pub(crate) fn spec() -> WriterSpec {
    let section = |name, help| FieldSpec {
        name,
        kind: FieldKind::Table,
        required: false,
        default: None,
        help,
    };
    WriterSpec {
        documents: DOCUMENTS.map(|(kind, _)| kind).to_vec(),
        fields: ConfigSpec {
            fields: vec![
                section(
                    "delivery_result",
                    "发货结果：path 为保存接口路径，header 为用友字段与本系统字段的对照（其一对应 key），lines 与 line 为明细，fixed 为固定值。Where delivery results are saved: path, header with a field for key, lines and line, fixed",
                ),
                section(
                    "inspection_result",
                    "检验结果：同上，另需 find_path，即能查到已保存单据的列表接口。Where inspection results are saved: as above, and find_path, a list that shows what was saved",
                ),
            ],
        },
    }
}

/// Sends documents to one tenant.
pub(crate) struct BipWriter {
    client: Client,
    mappings: Vec<Mapping>,
}

impl BipWriter {
    /// Builds a writer from checked settings, or says everything that is wrong with them.
    pub(crate) fn open(
        settings: &Settings,
        write: &Settings,
        seams: &Seams,
    ) -> std::result::Result<Self, Vec<ConfigProblem>> {
        let mut problems = Vec::new();
        let access = Access::read(settings).map_err(|found| problems.extend(found));
        let mut mappings = Vec::new();
        for (kind, section) in DOCUMENTS {
            let table = write.table(section);
            if table.is_empty() {
                continue;
            }
            match Mapping::read(kind, section, table) {
                Ok(mapping) => mappings.push(mapping),
                Err(found) => problems.extend(found),
            }
        }
        if mappings.is_empty() && problems.is_empty() {
            let sections = DOCUMENTS.map(|(_, section)| section).join(" or ");
            problems.push(ConfigProblem::new("[write]", format!("needs a section {sections}")));
        }
        match access {
            Ok(access) if problems.is_empty() => {
                Ok(Self { client: client(access, seams)?, mappings })
            }
            _ => Err(problems),
        }
    }

    fn mapping(&self, document: &OutgoingDocument) -> Result<&Mapping> {
        let found = self.mappings.iter().find(|mapping| mapping.kind == document.kind);
        found.ok_or_else(|| {
            ConnectorError::new(ErrorKind::Config, format!("sending {}", document.key))
                .with_detail(format!("no section maps a document of kind {:?}", document.kind))
                .with_hint("add the section to [write] of this system")
        })
    }

    /// Asks the list for documents whose field carries the key.
    async fn look_up(&self, mapping: &Mapping, key: &str) -> Result<Option<WriteReceipt>> {
        let condition = json!({ "field": mapping.find_field, "op": "eq", "value1": key });
        let body = json!({
            "pageIndex": 1,
            "pageSize": 1,
            "isSum": true,
            "simpleVOs": [{ "logicOp": "and", "conditions": [condition] }],
            "queryOrders": [{ "field": ID, "order": "asc" }],
        });
        let action = format!("looking for document {key} at {}", mapping.find_path);
        let answer = self.client.post(&mapping.find_path, &action, &body).await;
        match answer {
            Ok(answer) => receipt::found(&answer, mapping, key),
            Err(refusal) if refusal.code.as_deref() == Some(crate::error::NO_DATA) => Ok(None),
            Err(refusal) => Err(*refusal.error),
        }
    }
}

#[async_trait]
impl Writer for BipWriter {
    async fn find(&self, document: &OutgoingDocument) -> Result<Option<WriteReceipt>> {
        self.look_up(self.mapping(document)?, &document.key).await
    }

    async fn write(&self, document: &OutgoingDocument) -> Result<WriteReceipt> {
        let mapping = self.mapping(document)?;
        let action = format!("saving document {} at {}", document.key, mapping.path);
        let body: Value = body::envelope(mapping, document).map_err(|message| {
            ConnectorError::new(ErrorKind::Refused, action.as_str())
                .with_detail(message)
                .with_hint("correct the document or its mapping in [write], then approve it again")
        })?;
        match self.client.post(&mapping.path, &action, &body).await {
            Ok(answer) => receipt::saved(&answer),
            Err(refusal) if refusal.code.as_deref().is_some_and(|c| ALREADY_SENT.contains(&c)) => {
                let found = self.look_up(mapping, &document.key).await?;
                found.ok_or_else(|| {
                    let mut error = *refusal.error;
                    error.kind = ErrorKind::Busy;
                    error
                        .with_hint("the first attempt may still be running; it is looked for again")
                })
            }
            Err(refusal) => Err(*refusal.error),
        }
    }
}
