//! Kinds of systems as data, from which forms are drawn.

use serde_json::{Value, json};
use yuanliu_api::ports::{SystemField, SystemKind, SystemWriter};
use yuanliu_contract::{FieldKind, FieldSpec, OutgoingKind, WriterSpec};

/// Every kind there is, in the order of a form.
pub(super) fn all() -> Vec<SystemKind> {
    let writers = yuanliu_registry::write_backs();
    let kinds = yuanliu_registry::connectors().into_iter().map(|connector| {
        let (title, title_zh) = title(connector.kind());
        let writer = writers.iter().find(|writer| writer.kind() == connector.kind());
        SystemKind {
            kind: connector.kind().to_owned(),
            title,
            title_zh,
            fields: connector.config_spec().fields.iter().map(field).collect(),
            writer: writer.map(|writer| self::writer(&writer.spec())),
        }
    });
    kinds.collect()
}

/// The names of the fields that hold references to secrets, of every kind and its writer.
pub(super) fn secrets() -> Vec<String> {
    let own = yuanliu_registry::connectors().into_iter().map(|connector| connector.config_spec());
    let writers = yuanliu_registry::write_backs();
    let written = writers.iter().map(|writer| writer.spec().fields);
    let fields = own.chain(written).flat_map(|spec| spec.fields);
    let secrets = fields.filter(|field| matches!(field.kind, FieldKind::Secret));
    secrets.map(|field| field.name.to_owned()).collect()
}

/// What a kind is called in English and in Chinese.
pub(super) fn title(kind: &str) -> (String, String) {
    match yuanliu_registry::find(kind) {
        Ok(connector) => halves(connector.title()),
        Err(_) => (kind.to_owned(), kind.to_owned()),
    }
}

fn writer(spec: &WriterSpec) -> SystemWriter {
    let documents = spec.documents.iter().map(|kind| match kind {
        OutgoingKind::DeliveryResult => "delivery_result".to_owned(),
        OutgoingKind::InspectionResult => "inspection_result".to_owned(),
    });
    SystemWriter {
        documents: documents.collect(),
        fields: spec.fields.fields.iter().map(field).collect(),
    }
}

fn field(spec: &FieldSpec) -> SystemField {
    let (description, description_zh) = halves(spec.help);
    let (data_type, bounds, choices) = match spec.kind {
        FieldKind::Text => ("text", None, Vec::new()),
        FieldKind::Secret => ("secret", None, Vec::new()),
        FieldKind::Integer { min, max } => ("integer", Some((min as f64, max as f64)), Vec::new()),
        FieldKind::Fraction { min, max } => ("fraction", Some((min, max)), Vec::new()),
        FieldKind::Boolean => ("boolean", None, Vec::new()),
        FieldKind::Choice(words) => {
            ("choice", None, words.iter().map(ToString::to_string).collect())
        }
        FieldKind::Url => ("url", None, Vec::new()),
        FieldKind::Path => ("path", None, Vec::new()),
        FieldKind::TextList => ("text_list", None, Vec::new()),
        FieldKind::TextListTable => ("text_list_table", None, Vec::new()),
        FieldKind::IntegerTable => ("integer_table", None, Vec::new()),
        FieldKind::Table => ("table", None, Vec::new()),
        FieldKind::TableList => ("table_list", None, Vec::new()),
        FieldKind::TimeZone => ("time_zone", None, Vec::new()),
    };
    SystemField {
        name: spec.name.to_owned(),
        data_type: data_type.to_owned(),
        title: spec.name.to_owned(),
        title_zh: spec.name.to_owned(),
        description,
        description_zh,
        required: spec.required,
        secret: data_type == "secret",
        default: spec.default.map(default),
        choices,
        min: bounds.map(|(min, _)| min),
        max: bounds.map(|(_, max)| max),
    }
}

/// A default, which a specification writes as TOML.
fn default(text: &str) -> Value {
    let value = toml::from_str::<toml::Table>(&format!("value = {text}"));
    let value = value.ok().and_then(|mut table| table.remove("value"));
    value.and_then(|value| serde_json::to_value(value).ok()).unwrap_or_else(|| json!(text))
}

/// English and Chinese of a text written as `中文 English`.
fn halves(text: &str) -> (String, String) {
    let is_latin = |c: char| c.is_ascii_alphabetic();
    let last_han = text.rfind(|c: char| !c.is_ascii());
    let at = last_han.and_then(|han| Some(han + text.get(han..)?.find(is_latin)?));
    match at {
        Some(at) if at > 0 => (text[at..].trim().to_owned(), text[..at].trim().to_owned()),
        _ => (text.to_owned(), text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{all, default, halves};

    #[test]
    fn a_default_is_the_value_that_it_stands_for() {
        assert_eq!(default("\"sha256\""), json!("sha256"));
        assert_eq!(default("2052"), json!(2052));
        assert_eq!(default("false"), json!(false));
    }

    #[test]
    fn a_text_of_two_languages_is_taken_apart() {
        let two = |text| halves(text);
        assert_eq!(two("每分钟调用次数 on this account").1, "每分钟调用次数");
        assert_eq!(two("文件夹（CSV、XLSX） Folder of files").0, "Folder of files");
        assert_eq!(two("plain"), ("plain".to_owned(), "plain".to_owned()));
    }

    #[test]
    fn a_kind_that_takes_documents_tells_the_fields_of_its_section() {
        let told = |wanted: &str| all().into_iter().find(|kind| kind.kind == wanted).unwrap();
        let galaxy = told("kingdee_galaxy").writer.unwrap();
        assert_eq!(galaxy.documents, ["delivery_result", "inspection_result"]);
        let key = &galaxy.fields[0];
        assert_eq!(
            (key.name.as_str(), key.data_type.as_str(), key.required),
            ("key_field", "text", true)
        );
        assert!(key.description_zh.starts_with("存放幂等键"), "{key:?}");
        assert!(key.description.starts_with("The custom text field"), "{key:?}");
        let fixed = galaxy.fields.iter().find(|field| field.name == "defaults").unwrap();
        assert_eq!(fixed.data_type, "table");
        assert_eq!(told("mysql").writer, None);
    }

    #[test]
    fn every_kind_that_takes_documents_is_told() {
        let told = all().into_iter().filter(|kind| kind.writer.is_some()).count();
        assert_eq!(told, yuanliu_registry::write_backs().len());
    }
}
