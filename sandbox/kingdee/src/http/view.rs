//! View: one document as an ORM object, under property names instead of field keys.

use serde_json::{Map, Value as Json, json};

use super::envelope::{Call, member};
use crate::data::{Dataset, Document, FieldKind, FieldMeta, Fields, Form, Value};
use crate::reply::{self, Wrapping, code};

/// Answers a View call.
pub(super) fn answer(data: &Dataset, call: &Call) -> String {
    let refuse = |code, message: &str| reply::error(Wrapping::Plain, code, message);
    let form_id = call.form_id();
    if form_id.is_empty() {
        return refuse(code::FORM_EMPTY, "业务对象标识不能为空");
    }
    let Some(form) = data.form(&form_id) else {
        return refuse(code::NOT_EXIST, &format!("业务对象标识“{form_id}”不存在"));
    };
    let request = call.data();
    let text = |name: &str| match request.as_object().and_then(|object| member(object, name)) {
        Some(Json::String(text)) => text.clone(),
        Some(Json::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    match find(form, &text("Id"), &text("Number")) {
        Some(document) => reply::success("Result", object(data, form, document)),
        None => refuse(code::NO_DATA, "没有符合条件的数据"),
    }
}

fn find<'a>(form: &'a Form, id: &str, number: &str) -> Option<&'a Document> {
    if let Ok(pk) = id.parse() {
        return form.documents.get(&pk);
    }
    if number.is_empty() {
        return None;
    }
    let index = form.meta.header_index(&form.meta.number)?;
    let wanted = Value::text(number);
    let same = |document: &&Document| document.header.values.get(index) == Some(&wanted);
    form.documents.values().find(same)
}

fn object(data: &Dataset, form: &Form, document: &Document) -> Json {
    let mut out = Map::new();
    out.insert("Id".to_owned(), json!(document.pk));
    write(data, &form.meta.header, &document.header, &mut out);
    if let Some(entity) = &form.meta.entity {
        let entry = |entry: &crate::data::Entry| {
            let mut out = Map::new();
            out.insert("Id".to_owned(), json!(entry.id));
            out.insert("Seq".to_owned(), json!(entry.seq));
            write(data, &entity.fields, &entry.fields, &mut out);
            Json::Object(out)
        };
        let entries = document.entries.iter().map(entry).collect();
        out.insert(entity.entry_name.clone(), Json::Array(entries));
    }
    Json::Object(out)
}

fn write(data: &Dataset, known: &[FieldMeta], fields: &Fields, out: &mut Map<String, Json>) {
    for (index, field) in known.iter().enumerate().filter(|(_, field)| !field.removed) {
        let property = field.property();
        let value = fields.values.get(index).cloned().unwrap_or_else(|| field.kind.empty());
        match &field.kind {
            FieldKind::Base(form) if property == "Lot" => {
                out.insert("Lot_Id".to_owned(), plain(&value));
                let number = referenced(data, form, &value).and_then(|found| found.0);
                let given = fields.given(index, "fnumber").cloned();
                let text = given.or(number).unwrap_or(Value::text(""));
                out.insert("Lot_Text".to_owned(), plain(&text));
            }
            FieldKind::Base(form) => {
                let object = match referenced(data, form, &value) {
                    Some((number, name)) => json!({
                        "Id": plain(&value), "Number": number.as_ref().map(plain),
                        "Name": [{"Key": 2052, "Value": name.as_ref().map(plain)}]}),
                    None => match fields.given(index, "fnumber") {
                        Some(number) => json!({"Id": plain(&value), "Number": plain(number)}),
                        None => Json::Null,
                    },
                };
                out.insert(format!("{property}_Id"), plain(&value));
                out.insert(property.to_owned(), object);
            }
            // Multi-language texts are lists here, one text in queries.
            FieldKind::Text if property == "Name" => {
                let list = json!([{"Key": 2052, "Value": plain(&value)}]);
                out.insert(property.to_owned(), list);
            }
            _ => {
                out.insert(property.to_owned(), plain(&value));
            }
        }
    }
}

/// Number and name of a referenced row.
fn referenced(data: &Dataset, form: &str, id: &Value) -> Option<(Option<Value>, Option<Value>)> {
    let Value::Int(pk) = id else { return None };
    let form = data.form(form)?;
    let row = form.documents.get(pk)?;
    let get = |key: &str| {
        form.meta.header_index(key).and_then(|index| row.header.values.get(index)).cloned()
    };
    Some((get(&form.meta.number), get("FName")))
}

fn plain(value: &Value) -> Json {
    let mut text = String::new();
    value.write_json(&mut text);
    serde_json::from_str(&text).unwrap_or(Json::Null)
}
