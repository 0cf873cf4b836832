//! Sends delivery results as documents of a resource the administrator names.
//!
//! The document's number is the key, and the add carries the key as `biz_id` (or a trade id), so that
//! the relay holds it once however often it is sent (reference: yonyou.md 2.2).

use async_trait::async_trait;
use chrono::DateTime;
use chrono_tz::Tz;
use serde_json::{Map, Value, json};
use yuanliu_contract::{
    ConfigProblem, ConfigSpec, ConnectorError, ErrorKind, FieldKind, FieldSpec, OutgoingDocument,
    OutgoingKind, Result, Seams, Settings, WriteReceipt, Writer, WriterSpec,
};

use crate::client::Client;
use crate::config::Config;
use crate::envelope::{Row, scalar};

/// As much of an answer as a receipt keeps.
const ANSWER_CHARS_MAX: usize = 16_000;

/// What can be sent, and what must be configured for it.
pub(crate) fn spec() -> WriterSpec {
    let field = |name, kind, default, help| FieldSpec {
        name,
        kind,
        required: false,
        default: Some(default),
        help,
    };
    let fields = vec![
        FieldSpec {
            name: "resource",
            kind: FieldKind::Text,
            required: true,
            default: None,
            help: "接收出货结果的接口资源，须支持 add，例如 saleout。The resource that takes delivery results; it must offer add, for instance saleout",
        },
        field(
            "idempotency",
            FieldKind::Choice(&["biz_id", "tradeid"]),
            "\"biz_id\"",
            "幂等方式：以单据键为 biz_id，或每次申请 tradeid。The key as biz_id, or a trade id asked for before each add",
        ),
        field(
            "header",
            FieldKind::Table,
            "{}",
            "表头固定字段，如 businesstype、receivecode。Fixed header fields as U8 names them",
        ),
        field("entry", FieldKind::Table, "{}", "表体固定字段。Fixed fields of every line"),
    ];
    WriterSpec { documents: vec![OutgoingKind::DeliveryResult], fields: ConfigSpec { fields } }
}

/// Sends documents to one account.
pub(crate) struct U8Writer {
    client: Client,
    zone: Tz,
    resource: String,
    is_trade: bool,
    header: Row,
    entry: Row,
}

impl U8Writer {
    /// Builds a writer from settings, or says everything that is wrong with them.
    pub(crate) fn open(
        settings: &Settings,
        write: &Settings,
        seams: Seams,
    ) -> std::result::Result<Self, Vec<ConfigProblem>> {
        let config = Config::read(settings)?;
        let resource = write.text("resource").unwrap_or_default().trim().to_owned();
        let mut problems = Vec::new();
        if resource.is_empty() || !resource.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            let message = "should be a resource such as saleout";
            problems.push(ConfigProblem::new("[write] resource", message));
        }
        let header = fixed(write, "header", &mut problems);
        let entry = fixed(write, "entry", &mut problems);
        if !problems.is_empty() {
            return Err(problems);
        }
        let client = Client::new(config.account, config.http, &seams)
            .map_err(|error| vec![ConfigProblem::new("ca_file", error.to_string())])?;
        let is_trade = write.text("idempotency") == Some("tradeid");
        Ok(Self { client, zone: config.time_zone, resource, is_trade, header, entry })
    }

    fn body(&self, document: &OutgoingDocument) -> Result<Value> {
        let body = &document.body;
        let text = |name: &str| body.get(name).and_then(scalar).unwrap_or_default();
        let shipped_at = text("shipped_at");
        let shipped_at = DateTime::parse_from_rfc3339(&shipped_at).map_err(|source| {
            self.unfit(document, format!("shipped_at is `{shipped_at}`")).with_source(source)
        })?;
        let mut header = self.header.clone();
        let date = shipped_at.with_timezone(&self.zone).date_naive().to_string();
        put(&mut header, "code", document.key.clone());
        put(&mut header, "date", date);
        put(&mut header, "customercode", text("dealer_code"));
        put(&mut header, "warehousecode", text("warehouse_code"));
        let lines = body.get("lines").and_then(Value::as_array);
        let lines = lines.filter(|lines| !lines.is_empty());
        let lines = lines.ok_or_else(|| self.unfit(document, "it has no lines".to_owned()))?;
        let order_no = text("order_no");
        let entry = |line: &Value| {
            let text = |name: &str| line.get(name).and_then(scalar).unwrap_or_default();
            let mut entry = self.entry.clone();
            put(&mut entry, "inventorycode", text("product_code"));
            put(&mut entry, "quantity", text("qty"));
            put(&mut entry, "serial", text("batch_no"));
            put(&mut entry, "ordercode", order_no.clone());
            Value::Object(entry)
        };
        header.insert("entry".to_owned(), lines.iter().map(entry).collect());
        Ok(json!({ self.resource.as_str(): header }))
    }

    fn unfit(&self, document: &OutgoingDocument, detail: String) -> ConnectorError {
        let action = format!("writing {} as {}", document.key, self.resource);
        ConnectorError::new(ErrorKind::Refused, action).with_detail(detail)
    }
}

#[async_trait]
impl Writer for U8Writer {
    async fn find(&self, document: &OutgoingDocument) -> Result<Option<WriteReceipt>> {
        let list = format!("{}list", self.resource);
        let key = &document.key;
        let parameters = [
            ("code_begin", key.clone()),
            ("code_end", key.clone()),
            ("page_index", "1".to_owned()),
            ("rows_per_page", "1".to_owned()),
        ];
        let answer = self.client.ask(&list, "batch_get", &parameters).await?;
        let rows = answer.get(&list).and_then(Value::as_array).into_iter().flatten();
        let same = |row: &&Value| row.get("code").and_then(scalar).as_ref() == Some(key);
        Ok(rows.into_iter().find(same).map(|row| WriteReceipt {
            number: Some(key.clone()),
            id: row.get("id").and_then(scalar),
            was_known: true,
            answer: shorten(row.to_string()),
        }))
    }

    async fn write(&self, document: &OutgoingDocument) -> Result<WriteReceipt> {
        if document.kind != OutgoingKind::DeliveryResult {
            let detail = "the OpenAPI documents no resource for inspections";
            return Err(self.unfit(document, detail.to_owned()));
        }
        let body = self.body(document)?;
        let once = match self.is_trade {
            true => ("tradeid", self.client.trade_id().await?),
            false => ("biz_id", document.key.clone()),
        };
        let parameters = [once, ("sync", "1".to_owned())];
        let answer = self.client.add(&self.resource, &parameters, body.to_string()).await?;
        Ok(WriteReceipt {
            number: Some(document.key.clone()),
            id: answer.get("id").and_then(scalar),
            was_known: false,
            answer: shorten(Value::Object(answer).to_string()),
        })
    }
}

/// Sets a field unless there is nothing to set it to: the relay knows no empty values.
fn put(row: &mut Row, name: &str, text: String) {
    if !text.is_empty() {
        row.insert(name.to_owned(), Value::String(text));
    }
}

/// A table of fixed fields; the protocol has texts only.
fn fixed(write: &Settings, name: &str, problems: &mut Vec<ConfigProblem>) -> Row {
    let mut row = Map::new();
    for (key, value) in write.table(name) {
        match value {
            toml::Value::String(text) => put(&mut row, &key, text),
            toml::Value::Integer(number) => put(&mut row, &key, number.to_string()),
            _ => {
                let path = format!("[write] {name}.{key}");
                problems.push(ConfigProblem::new(path, "should be a text or a whole number"));
            }
        }
    }
    row
}

fn shorten(text: String) -> String {
    text.chars().take(ANSWER_CHARS_MAX).collect()
}
