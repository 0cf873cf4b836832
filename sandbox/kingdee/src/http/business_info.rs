//! QueryBusinessInfo: the description of a form.

use serde_json::{Value as Json, json};

use super::envelope::Call;
use crate::data::{Dataset, FieldKind, FieldMeta, FormMeta};
use crate::reply::{self, Wrapping, code};

/// Answers a QueryBusinessInfo call.
pub(super) fn answer(data: &Dataset, call: &Call) -> String {
    let form_id = call.form_id();
    if form_id.is_empty() {
        return reply::error(Wrapping::Plain, code::FORM_EMPTY, "业务对象标识不能为空");
    }
    match data.form(&form_id) {
        Some(form) => reply::success("NeedReturnData", describe(&form.meta)),
        None => {
            let message = format!("业务对象标识“{form_id}”不存在");
            reply::error(Wrapping::Plain, code::NOT_EXIST, &message)
        }
    }
}

fn describe(form: &FormMeta) -> Json {
    let fields = |fields: &[FieldMeta]| -> Vec<Json> {
        fields.iter().filter(|field| !field.removed).map(describe_field).collect()
    };
    let mut entries = vec![json!({
        "Key": "FBillHead", "Name": caption("基本信息"), "TableName": form.table, "ParentKey": "",
        "EntryName": "", "EntryPkFieldName": form.pk, "Fields": fields(&form.header)})];
    if let Some(entity) = &form.entity {
        entries.push(json!({
            "Key": entity.key, "Name": caption(&entity.caption), "TableName": entity.table,
            "ParentKey": "FBillHead", "EntryName": entity.entry_name,
            "EntryPkFieldName": "FEntryID", "Fields": fields(&entity.fields)}));
    }
    json!({"Id": form.id, "Name": caption(&form.caption), "PkFieldName": form.pk,
        "Entrys": entries})
}

fn describe_field(field: &FieldMeta) -> Json {
    let (field_type, element_type) = codes(&field.kind);
    let lookup = match &field.kind {
        FieldKind::Base(form) => form.as_str(),
        FieldKind::Assistant => "BOS_ASSISTANTDATA_DETAIL",
        _ => "",
    };
    let extends: Vec<Json> = match &field.kind {
        FieldKind::Enum(codes) => codes
            .iter()
            .map(|(value, caption)| json!({"Value": value, "Caption": caption}))
            .collect(),
        _ => Vec::new(),
    };
    json!({"Key": field.key, "Name": caption(&field.caption),
        "FieldName": field.key.to_ascii_uppercase(), "PropertyName": field.property(),
        "FieldType": field_type, "ElementType": element_type,
        "MustInput": i32::from(field.must_input), "IsViewVisible": true,
        "LookUpObjectFormId": lookup, "Extends": extends})
}

/// `FieldType` and `ElementType`. Of these 61 (date and time) and 127 (base data) have been seen;
/// the others are the database type numbers they most likely are.
fn codes(kind: &FieldKind) -> (i32, i32) {
    match kind {
        FieldKind::Text => (231, 1),
        FieldKind::Int => (56, 5),
        FieldKind::Decimal => (106, 4),
        FieldKind::Date => (61, 7),
        FieldKind::DateTime => (61, 59),
        FieldKind::Bool => (175, 8),
        FieldKind::Enum(_) => (167, 9),
        FieldKind::Base(_) => (127, 13),
        FieldKind::Assistant => (167, 29),
    }
}

fn caption(text: &str) -> Json {
    json!([{"Key": 2052, "Value": text}])
}
