//! Sends delivery results as bills of a type whose tags the administrator maps.
//!
//! Tags differ by bill type and installation: they come from the exchange definition (XSD) of the
//! customer. `bill/@id` is the key and `replace="N"`, so NC keeps at most one document of a key and
//! calls the second sending an error, which here means that it has the document.

use async_trait::async_trait;
use serde_json::Value;
use yuanliu_contract::{
    ConfigProblem, ConfigSpec, ConnectorError, ErrorKind, FieldKind, FieldSpec, OutgoingDocument,
    OutgoingKind, Result, Seams, Settings, WriteReceipt, Writer, WriterSpec,
};

use super::answer::{Outcome, outcome};
use super::config::Config;
use crate::eai::Client;
use crate::receipt::{field, is_tag, lines, shorten, tags};
use crate::xml::{attribute, element};

/// What the reference and working clients send.
const CONTENT_TYPE: &str = "text/xml; charset=utf-8";

/// What can be sent, and what must be configured for it.
pub(crate) fn spec() -> WriterSpec {
    use FieldKind::{Choice, Table, Text, TextList};
    let field = |name, kind, default, help| FieldSpec {
        name,
        kind,
        required: false,
        default: Some(default),
        help,
    };
    let fields = vec![
        FieldSpec {
            name: "billtype",
            kind: Text,
            required: true,
            default: None,
            help: "单据类型，见 NC 的交换定义。The bill type, as the exchange definition names it",
        },
        field(
            "isexchange",
            Choice(&["Y", "N"]),
            "\"Y\"",
            "Y 按规则翻译编码，N 期望主键。Y translates codes by rule, N expects primary keys",
        ),
        field(
            "head_tag",
            Text,
            "\"billhead\"",
            "表头标签，见导出的 XSD。The tag of the head, from the exported XSD",
        ),
        field("lines_tag", Text, "\"lines\"", "表体标签，见导出的 XSD。The tag around the lines"),
        field("line_tag", Text, "\"item\"", "行标签。The tag of a line"),
        field(
            "head",
            Table,
            "{}",
            "表头标签与取值：以 $ 开头为单据字段，否则为固定值。Tags of the head: `$field` of the document, else fixed text",
        ),
        field(
            "line",
            Table,
            "{}",
            "行标签与取值，同上。Tags of a line: `$field` of the line, else fixed text",
        ),
        field(
            "duplicate_texts",
            TextList,
            "[\"重复\", \"已存在\", \"已导入\"]",
            "表示单据此前已导入的说明文字。Words by which NC says that it has the bill",
        ),
    ];
    WriterSpec { documents: vec![OutgoingKind::DeliveryResult], fields: ConfigSpec { fields } }
}

/// Sends documents to one registered external system.
pub(crate) struct NcWriter {
    client: Client,
    config: Envelope,
    head: Vec<(String, String)>,
    line: Vec<(String, String)>,
    duplicate_texts: Vec<String>,
}

/// Attributes and tags around the values.
struct Envelope {
    attributes: Vec<(&'static str, String)>,
    head_tag: String,
    lines_tag: String,
    line_tag: String,
}

impl NcWriter {
    /// Builds a writer from settings, or says everything that is wrong with them.
    pub(crate) fn open(
        settings: &Settings,
        write: &Settings,
        seams: Seams,
    ) -> std::result::Result<Self, Vec<ConfigProblem>> {
        let config = Config::read(settings)?;
        let mut problems = Vec::new();
        let head = tags(write, "head", &mut problems);
        let line = tags(write, "line", &mut problems);
        let text = |name| write.text(name).unwrap_or_default().trim().to_owned();
        for name in ["head_tag", "lines_tag", "line_tag"] {
            if !is_tag(&text(name)) {
                problems.push(ConfigProblem::new(format!("[write] {name}"), "is not a tag"));
            }
        }
        if head.is_empty() {
            let message = "map at least one tag, such as vbillcode = \"$delivery_no\"";
            problems.push(ConfigProblem::new("[write] head", message));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let attributes = vec![
            ("account", config.account),
            ("billtype", text("billtype")),
            ("businessunitcode", String::new()),
            ("groupcode", config.groupcode),
            ("isexchange", text("isexchange")),
            ("orgcode", config.orgcode),
            ("receiver", config.receiver),
            ("replace", "N".to_owned()),
            ("roottag", String::new()),
            ("sender", config.sender),
        ];
        let client = Client::new(config.url, config.http, &seams)
            .map_err(|error| vec![ConfigProblem::new("ca_file", error.to_string())])?;
        let (head_tag, lines_tag) = (text("head_tag"), text("lines_tag"));
        Ok(Self {
            client,
            config: Envelope { attributes, head_tag, lines_tag, line_tag: text("line_tag") },
            head,
            line,
            duplicate_texts: write.text_list("duplicate_texts"),
        })
    }

    fn document(&self, document: &OutgoingDocument) -> String {
        let Envelope { attributes, head_tag, lines_tag, line_tag } = &self.config;
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ufinterface");
        for (name, value) in attributes {
            xml.push_str(&attribute(name, value));
        }
        xml.push_str(&attribute("filename", &format!("{}.xml", document.key)));
        xml.push_str(&format!("><bill{}><{head_tag}>", attribute("id", &document.key)));
        fill(&mut xml, &self.head, &document.body);
        xml.push_str(&format!("<{lines_tag}>"));
        for line in lines(&document.body) {
            xml.push_str(&format!("<{line_tag}>"));
            fill(&mut xml, &self.line, line);
            xml.push_str(&format!("</{line_tag}>"));
        }
        xml.push_str(&format!("</{lines_tag}></{head_tag}></bill></ufinterface>"));
        xml
    }
}

#[async_trait]
impl Writer for NcWriter {
    /// The servlet cannot be asked; a second sending tells.
    async fn find(&self, _document: &OutgoingDocument) -> Result<Option<WriteReceipt>> {
        Ok(None)
    }

    async fn write(&self, document: &OutgoingDocument) -> Result<WriteReceipt> {
        let action = format!("sending bill {}", document.key);
        if document.kind != OutgoingKind::DeliveryResult || lines(&document.body).is_empty() {
            return Err(ConnectorError::new(ErrorKind::Refused, action)
                .with_detail("only delivery results with lines can be sent"));
        }
        let answer = self.client.post(self.document(document), CONTENT_TYPE, action).await?;
        let receipt = |id, was_known| WriteReceipt {
            number: None,
            id,
            was_known,
            answer: shorten(&answer.text),
        };
        match outcome(&answer.root, &answer.text) {
            Outcome::Done(id) => Ok(receipt(id, false)),
            Outcome::Refused(said)
                if self.duplicate_texts.iter().any(|text| said.contains(text.as_str())) =>
            {
                Ok(receipt(None, true))
            }
            Outcome::Refused(said) => Err(answer.error(ErrorKind::Refused).with_detail(said)),
            Outcome::Unknown(said) => Err(answer
                .error(ErrorKind::Malformed)
                .with_detail(said)
                .with_hint("look the bill up in NC's exchange log before it is sent again")),
        }
    }
}

/// Elements of a mapping over a document or line; `$field` that is empty writes no element.
fn fill(xml: &mut String, mapping: &[(String, String)], values: &Value) {
    for (tag, text) in mapping {
        let value = match text.strip_prefix('$') {
            Some(name) => field(values, name),
            None => text.clone(),
        };
        if !value.is_empty() {
            xml.push_str(&element(tag, &value));
        }
    }
}
