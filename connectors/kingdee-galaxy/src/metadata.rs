//! QueryBusinessInfo: what the server knows about a form.

use serde_json::{Value, json};
use yuanliu_contract::{ErrorKind, Result};

use crate::client::Client;
use crate::envelope::{integer, parse};

/// A form as the server describes it; members that some versions lack are empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FormInfo {
    pub(crate) title: String,
    pk: String,
    pub(crate) fields: Vec<FieldInfo>,
    entities: Vec<String>,
}

/// A field as the server describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldInfo {
    pub(crate) key: String,
    pub(crate) title: String,
    pub(crate) data_type: String,
    /// A field without a visible view cannot be queried.
    is_visible: bool,
}

impl FormInfo {
    /// Asks the server; none if it does not know the form.
    pub(crate) async fn fetch(client: &Client, form: &str) -> Result<Option<Self>> {
        let action = format!("describing {form}");
        let answer = match client.call("QueryBusinessInfo", action, json!({ "FormId": form })).await
        {
            Ok(answer) => answer,
            // Which message code says "no such form" differs by release.
            Err(e) if matches!(e.kind, ErrorKind::NotFound | ErrorKind::Refused) => {
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let value: Value = parse(answer.reply(), answer.text()?)?;
        let info = &value["Result"]["NeedReturnData"];
        if !info["Entrys"].is_array() {
            return Err(answer.malformed("the description names no entities"));
        }
        Ok(Some(Self::read(info)))
    }

    fn read(info: &Value) -> Self {
        let entries = || info["Entrys"].as_array().into_iter().flatten();
        let fields = entries().flat_map(|entry| entry["Fields"].as_array().into_iter().flatten());
        Self {
            title: title(&info["Name"]),
            pk: text(&info["PkFieldName"]),
            fields: fields.map(FieldInfo::read).filter(|field| !field.key.is_empty()).collect(),
            entities: entries().map(|entry| text(&entry["Key"])).collect(),
        }
    }

    /// Whether a query may ask for this key. Keys are compared without regard to case, and only
    /// by what stands before the first dot: properties of base data are not described.
    pub(crate) fn knows(&self, key: &str) -> bool {
        let base = key.split('.').next().unwrap_or_default();
        let is_virtual = |entity: &String| {
            ["_FEntryID", "_FSeq"]
                .iter()
                .any(|tail| base.eq_ignore_ascii_case(&format!("{entity}{tail}")))
        };
        base.eq_ignore_ascii_case(&self.pk)
            || self.fields.iter().any(|f| f.is_visible && f.key.eq_ignore_ascii_case(base))
            || self.entities.iter().any(is_virtual)
    }
}

impl FieldInfo {
    fn read(field: &Value) -> Self {
        let number = integer(&field["FieldType"]).map(|n| n.to_string()).unwrap_or_default();
        let target = text(&field["LookUpObjectFormId"]);
        Self {
            // A flex field is described with `__` and asked for with a dot.
            key: text(&field["Key"]).replace("__", "."),
            title: title(&field["Name"]),
            data_type: if target.is_empty() { number } else { format!("{number} {target}") },
            is_visible: field["IsViewVisible"] != Value::Bool(false),
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().trim().to_owned()
}

/// The caption in the first language, or the text itself.
fn title(value: &Value) -> String {
    match value.as_array().and_then(|names| names.first()) {
        Some(name) => text(&name["Value"]),
        None => text(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_can_be_asked_for() {
        let info: Value = serde_json::from_str(
            r#"{"Id":"PRD_INSTOCK","Name":[{"Key":2052,"Value":"生产入库单"}],"PkFieldName":"FID",
            "Entrys":[{"Key":"FBillHead","Fields":[{"Key":"FModifyDate","FieldType":61},
              {"Key":"FHidden","IsViewVisible":false}]},
             {"Key":"FEntity","Fields":[{"Key":"FMaterialId","FieldType":"127",
               "LookUpObjectFormId":"BD_MATERIAL"},{"Key":"F_ABCD_Text","Name":"备注"},{}]}]}"#,
        )
        .unwrap();
        let form = FormInfo::read(&info);
        assert_eq!(form.title, "生产入库单");
        for key in ["FID", "fmodifydate", "FMaterialId.FNumber", "FEntity_FENTRYID", "F_ABCD_Text"]
        {
            assert!(form.knows(key), "{key}");
        }
        for key in ["FHidden", "FNoSuch", "FOther_FEntryID", ""] {
            assert!(!form.knows(key), "{key}");
        }
        assert_eq!(form.fields[2].data_type, "127 BD_MATERIAL");
    }
}
