//! The `[write]` section of a system.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use yuanliu_contract::{
    ConfigProblem, ConfigSpec, FieldKind, FieldSpec, OutgoingKind, Settings, WriterSpec,
};

use super::form;
use super::model::{HEADER_FIELDS, LINE_FIELDS};
use super::template::Template;

/// What can be sent, and its configuration.
pub(crate) fn spec() -> WriterSpec {
    let field =
        |name, kind, default, help| FieldSpec { name, kind, required: false, default, help };
    let fields = vec![
        FieldSpec {
            name: "key_field",
            kind: FieldKind::Text,
            required: true,
            default: None,
            help: "存放幂等键的自定义文本字段（单据头，至少 32 字符）。The custom text field of the header, 32 characters at least, that holds the key of a document: \"F_YL_Key\"",
        },
        field(
            "number_from_key",
            FieldKind::Boolean,
            Some("false"),
            "用幂等键作单据编号，由星空保证唯一。Gives the key as the document's number too, which the ERP keeps unique",
        ),
        field("submit", FieldKind::Boolean, Some("false"), "保存后提交。Submits after saving"),
        field(
            "audit",
            FieldKind::Boolean,
            Some("false"),
            "提交后审核，需要 submit。Audits after submitting",
        ),
        field(
            "order_no_field",
            FieldKind::Text,
            Some("\"FSrcBillNo\""),
            "分录上存放销售订单号的字段。The entry field that takes the sales order's number",
        ),
        field(
            "fields",
            FieldKind::Table,
            None,
            "其余字段对应的标识：键为单据种类 delivery_result 或 inspection_result，其下为本系统字段与星空字段标识。Where further fields of a document go: { inspection_result = { inspector = \"FInspectorId.FNumber\" } }",
        ),
        field(
            "defaults",
            FieldKind::Table,
            None,
            "固定字段模板：键为单据种类 delivery_result 或 inspection_result，其下为星空字段标识与取值。Fixed fields of a site as the form names them: { delivery_result = { FStockOrgId = { FNumber = \"100\" } } }",
        ),
    ];
    WriterSpec { documents: KINDS.map(|(_, kind)| kind).to_vec(), fields: ConfigSpec { fields } }
}

const KINDS: [(&str, OutgoingKind); 2] = [
    ("delivery_result", OutgoingKind::DeliveryResult),
    ("inspection_result", OutgoingKind::InspectionResult),
];

/// The checked section.
pub(super) struct WriteConfig {
    pub(super) key_field: String,
    pub(super) number_from_key: bool,
    pub(super) submit: bool,
    pub(super) audit: bool,
    pub(super) order_no_field: String,
    /// Fixed fields by kind of document.
    templates: BTreeMap<&'static str, Template>,
    /// The zone of the server's wall clock, which dates of documents are in.
    pub(super) time_zone: Tz,
}

impl WriteConfig {
    /// Reads the section, or says everything the field kinds alone could not show.
    pub(super) fn read(write: &Settings) -> Result<Self, Vec<ConfigProblem>> {
        let mut problems = Vec::new();
        let mut problem = |path: String, message: String| {
            problems.push(ConfigProblem::new(format!("[write] {path}"), message));
        };
        let key = |name: &str| write.text(name).unwrap_or_default().trim().to_owned();
        let (key_field, order_no_field) = (key("key_field"), key("order_no_field"));
        for (name, key) in [("key_field", &key_field), ("order_no_field", &order_no_field)] {
            if !is_field_key(key) {
                problem(
                    name.to_owned(),
                    format!("is `{key}`, should be a field key such as F_YL_Key"),
                );
            }
        }
        let yes = |name| write.boolean(name).unwrap_or(false);
        let (submit, audit) = (yes("submit"), yes("audit"));
        if audit && !submit {
            problem(
                "audit".to_owned(),
                "needs submit = true: only what is submitted can be audited".to_owned(),
            );
        }
        let (defaults, fields) = (write.table("defaults"), write.table("fields"));
        for (section, table) in [("defaults", &defaults), ("fields", &fields)] {
            for name in table.keys().filter(|name| !KINDS.iter().any(|(kind, _)| kind == name)) {
                let message =
                    "is no kind of document; there are delivery_result, inspection_result";
                problem(format!("{section}.{name}"), message.to_owned());
            }
        }
        let mut templates = BTreeMap::new();
        for (name, kind) in KINDS {
            let mut owned = vec!["FID".to_owned(), key_field.clone()];
            owned.extend(HEADER_FIELDS.map(str::to_owned));
            if yes("number_from_key") {
                owned.push("FBillNo".to_owned());
            }
            let mut lines = LINE_FIELDS.map(str::to_owned).to_vec();
            lines.push(order_no_field.clone());
            let mut template = Template::new(form(kind).entity);
            template.take_defaults(defaults.get(name), &owned, &lines, &mut |path, message| {
                problem(format!("defaults.{name}{path}"), message);
            });
            template.take_mapping(kind, fields.get(name), &mut |path, message| {
                problem(format!("fields.{name}{path}"), message);
            });
            templates.insert(name, template);
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self {
            key_field,
            number_from_key: yes("number_from_key"),
            submit,
            audit,
            order_no_field,
            templates,
            time_zone: Tz::UTC,
        })
    }

    /// The fixed fields and further mappings of a kind.
    pub(super) fn template(&self, kind: OutgoingKind) -> Option<&Template> {
        let (name, _) = KINDS.iter().find(|(_, known)| *known == kind)?;
        self.templates.get(name)
    }
}

/// Whether a text is a field key: a letter F, then letters, digits and underscores.
pub(super) fn is_field_key(text: &str) -> bool {
    text.starts_with(['F', 'f'])
        && text.len() > 1
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
