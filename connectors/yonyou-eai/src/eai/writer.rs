//! Sends delivery results as sales outbound documents: root tag `storeout`, voucher type 32.
//!
//! The document's number is made from the key, so that U8 refuses a second one; the key itself stands
//! in the remark, so that a document of the same number that is not ours is told apart.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::DateTime;
use chrono_tz::Tz;
use serde_json::Value;
use yuanliu_contract::{
    ConfigProblem, ConfigSpec, ConnectorError, ErrorKind, FieldKind, FieldSpec, OutgoingDocument,
    OutgoingKind, Result, Seams, Settings, WriteReceipt, Writer, WriterSpec,
};

use super::answer::{Outcome, outcome};
use super::client::Client;
use super::config::Config;
use super::query::{CONTENT_TYPE, Condition, ask};
use crate::catalog::Stream;
use crate::receipt::{field, lines, shorten, tags};
use crate::xml::{attribute, element};

/// Characters of a document's number (reference: yonyou.md 4.2, `cCode nv30`).
const CODE_CHARS_MAX: usize = 30;

/// Characters of a longer key that stay readable before its hash.
const CODE_CHARS_KEPT: usize = 13;

/// What can be sent, and what must be configured for it.
pub(crate) fn spec() -> WriterSpec {
    let table = |name, help| FieldSpec {
        name,
        kind: FieldKind::Table,
        required: false,
        default: Some("{}"),
        help,
    };
    let fields = vec![
        table(
            "header",
            "表头固定标签，如 businesstype、receivecode、maker。Fixed header tags as U8 names them",
        ),
        table("entry", "表体固定标签。Fixed tags of every line"),
    ];
    WriterSpec { documents: vec![OutgoingKind::DeliveryResult], fields: ConfigSpec { fields } }
}

/// Sends documents to one registered external system.
pub(crate) struct EaiWriter {
    client: Client,
    sender: String,
    zone: Tz,
    stream: Arc<Stream>,
    header: Vec<(String, String)>,
    entry: Vec<(String, String)>,
}

impl EaiWriter {
    /// Builds a writer from settings, or says everything that is wrong with them.
    pub(crate) fn open(
        settings: &Settings,
        write: &Settings,
        seams: Seams,
    ) -> std::result::Result<Self, Vec<ConfigProblem>> {
        let config = Config::read(settings)?;
        let mut problems = Vec::new();
        let header = tags(write, "header", &mut problems);
        let entry = tags(write, "entry", &mut problems);
        let stream = config.catalog.streams.into_iter().find(|stream| stream.name == "delivery");
        let Some(stream) = stream.filter(|_| problems.is_empty()) else { return Err(problems) };
        let client = Client::new(config.url, config.http, &seams)
            .map_err(|error| vec![ConfigProblem::new("ca_file", error.to_string())])?;
        let zone = config.plan.time_zone;
        let stream = Arc::new(stream);
        Ok(Self { client, sender: config.sender, zone, stream, header, entry })
    }

    fn document(&self, document: &OutgoingDocument) -> Result<String> {
        let body = &document.body;
        let shipped_at = field(body, "shipped_at");
        let shipped_at = DateTime::parse_from_rfc3339(&shipped_at).map_err(|source| {
            refused(document, format!("shipped_at is `{shipped_at}`")).with_source(source)
        })?;
        if lines(body).is_empty() {
            return Err(refused(document, "it has no lines"));
        }
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<ufinterface");
        for (name, value) in [
            ("sender", self.sender.as_str()),
            ("receiver", "u8"),
            ("roottag", "storeout"),
            ("docid", document.key.as_str()),
            ("proc", "Add"),
            ("codeexchanged", "N"),
            ("exportneedexch", "N"),
            ("version", "2.0"),
        ] {
            xml.push_str(&attribute(name, value));
        }
        xml.push_str("><storeout><header>");
        let header = [
            ("receiveflag", "0".to_owned()),
            ("vouchtype", "32".to_owned()),
            ("code", code(&document.key)),
            ("date", shipped_at.with_timezone(&self.zone).date_naive().to_string()),
            ("warehousecode", field(body, "warehouse_code")),
            ("customercode", field(body, "dealer_code")),
            ("memory", document.key.clone()),
        ];
        push(&mut xml, &header, &self.header);
        xml.push_str("</header><body>");
        for line in lines(body) {
            xml.push_str("<entry>");
            let entry = [
                ("inventorycode", field(line, "product_code")),
                ("quantity", field(line, "qty")),
                ("serial", field(line, "batch_no")),
            ];
            push(&mut xml, &entry, &self.entry);
            xml.push_str("</entry>");
        }
        xml.push_str("</body></storeout></ufinterface>");
        Ok(xml)
    }
}

#[async_trait]
impl Writer for EaiWriter {
    async fn find(&self, document: &OutgoingDocument) -> Result<Option<WriteReceipt>> {
        let number = code(&document.key);
        let conditions = [Condition("cCode".to_owned(), "=", number.clone())];
        let records = ask(&self.client, &self.sender, &self.stream, &conditions).await?;
        let headers = records.iter().map(|record| record.child("header").unwrap_or(record));
        let mut same = headers.filter(|header| header.child_text("code") == number);
        let Some(header) = same.next() else { return Ok(None) };
        let remark = header.child_text("memory");
        if remark != document.key {
            let detail = format!("U8 has another document {number}, whose remark is `{remark}`");
            return Err(refused(document, detail));
        }
        let id = header.child_text("id");
        Ok(Some(WriteReceipt {
            number: Some(number),
            id: (!id.is_empty()).then(|| id.to_owned()),
            was_known: true,
            answer: shorten(&Value::Object(crate::row::texts(header)).to_string()),
        }))
    }

    async fn write(&self, document: &OutgoingDocument) -> Result<WriteReceipt> {
        if document.kind != OutgoingKind::DeliveryResult {
            return Err(refused(document, "EAI documents no root tag for inspections"));
        }
        let xml = self.document(document)?;
        let action = format!("sending storeout {}", document.key);
        let answer = self.client.post(xml, CONTENT_TYPE, action).await?;
        match outcome(&answer) {
            Outcome::Done(id) => Ok(WriteReceipt {
                number: Some(code(&document.key)),
                id,
                was_known: false,
                answer: shorten(&answer.text),
            }),
            Outcome::Exists(said) => match self.find(document).await? {
                Some(receipt) => Ok(receipt),
                None => Err(answer.error(ErrorKind::Refused).with_detail(said)),
            },
            Outcome::Refused(said) => Err(answer.error(ErrorKind::Refused).with_detail(said)),
            Outcome::Unknown(said) => Err(answer
                .error(ErrorKind::Malformed)
                .with_detail(said)
                .with_hint("look the document up in U8 before it is sent again")),
        }
    }
}

/// Elements for what there is; a configured tag wins over none, never over a value of the document.
fn push(xml: &mut String, own: &[(&str, String)], fixed: &[(String, String)]) {
    let given = || own.iter().filter(|(_, value)| !value.is_empty());
    for (name, value) in given() {
        xml.push_str(&element(name, value));
    }
    for (name, value) in fixed.iter().filter(|(name, _)| given().all(|(own, _)| own != name)) {
        xml.push_str(&element(name, value));
    }
}

fn refused(document: &OutgoingDocument, detail: impl Into<String>) -> ConnectorError {
    ConnectorError::new(ErrorKind::Refused, format!("sending storeout {}", document.key))
        .with_detail(detail)
}

/// The number of a key: the key itself if U8 has room for it, else its start and its hash.
fn code(key: &str) -> String {
    if key.chars().count() <= CODE_CHARS_MAX {
        return key.to_owned();
    }
    let start: String = key.chars().take(CODE_CHARS_KEPT).collect();
    format!("{start}-{:016X}", fnv(key))
}

/// FNV-1a, 64 bits.
fn fnv(text: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_become_numbers_of_at_most_thirty_characters() {
        assert_eq!(code("DR-0001"), "DR-0001");
        let long = |last: char| code(&format!("ABCDEFGHIJKLMNOPQRSTUVWXYZ01234{last}"));
        assert_eq!(long('5').len(), CODE_CHARS_MAX);
        assert_ne!(long('5'), long('6'));
        assert_eq!(fnv("a"), 0xaf63_dc4c_8601_ec8c);
    }
}
