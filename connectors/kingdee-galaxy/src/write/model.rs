//! The model of a Save from a document: canonical names to field keys (reference: section 2).

use chrono::DateTime;
use serde_json::{Map, Number, Value as Json, json};
use yuanliu_contract::{ConnectorError, ErrorKind, OutgoingDocument, OutgoingKind, Result};

use super::config::WriteConfig;
use super::form;

/// Header fields that always come from the document.
pub(super) const HEADER_FIELDS: [&str; 2] = ["FDate", "FCustomerID"];

/// Entry fields that always come from the document.
pub(super) const LINE_FIELDS: [&str; 8] = [
    "FMaterialID",
    "FEntryID",
    "FRealQty",
    "FStockID",
    "FInspectQty",
    "FQualifiedQty",
    "FUnqualifiedQty",
    "FInspectResult",
];

/// The model of a new document.
pub(super) fn model(write: &WriteConfig, document: &OutgoingDocument) -> Result<Json> {
    let fields = Fields { document };
    let mut model = Map::from_iter([("FID".to_owned(), json!(0))]);
    model.insert(write.key_field.clone(), json!(document.key));
    if write.number_from_key {
        model.insert("FBillNo".to_owned(), json!(document.key));
    }
    let template = write.template(document.kind);
    let body = &document.body;
    let entries = match document.kind {
        OutgoingKind::DeliveryResult => {
            model.insert("FDate".to_owned(), fields.date(write, "shipped_at")?);
            // FCustId does not exist on this form.
            model.insert("FCustomerID".to_owned(), number(fields.text(body, "dealer_code")?));
            let lines = body["lines"].as_array().filter(|lines| !lines.is_empty());
            let lines = lines.ok_or_else(|| fields.wrong("lines"))?;
            lines.iter().map(|line| fields.shipped(write, line)).collect::<Result<Vec<_>>>()?
        }
        OutgoingKind::InspectionResult => {
            model.insert("FDate".to_owned(), fields.date(write, "inspected_at")?);
            vec![fields.inspected()?]
        }
    };
    let mut out = template.map(|template| template.header.clone()).unwrap_or_default();
    if let Some(template) = template {
        template.map_header(body, &mut model);
    }
    out.extend(model);
    let lines = body["lines"].as_array();
    let entries = entries.into_iter().enumerate().map(|(at, mut entry)| {
        let mut line = template.map(|template| template.line.clone()).unwrap_or_default();
        if let (Some(template), Some(given)) = (template, lines.and_then(|lines| lines.get(at))) {
            template.map_line(given, &mut entry);
        }
        line.extend(entry);
        Json::Object(line)
    });
    // Entries come last: fields of the header they depend on go before them.
    out.insert(form(document.kind).entity.to_owned(), Json::Array(entries.collect()));
    Ok(Json::Object(out))
}

struct Fields<'a> {
    document: &'a OutgoingDocument,
}

impl Fields<'_> {
    fn shipped(&self, write: &WriteConfig, line: &Json) -> Result<Map<String, Json>> {
        let mut entry = Map::new();
        let mut put = |key: &str, value| entry.insert(key.to_owned(), value);
        put("FMaterialID", number(self.text(line, "product_code")?));
        put("FRealQty", self.qty(line)?);
        put("FStockID", number(self.text(&self.document.body, "warehouse_code")?));
        if let Some(unit) = line["unit"].as_str() {
            put("FUnitID", number(unit));
        }
        if let Some(batch_no) = line["batch_no"].as_str() {
            put("FLot", number(batch_no));
        }
        if let Some(order_no) = self.document.body["order_no"].as_str() {
            put(&write.order_no_field, json!(order_no));
        }
        Ok(entry)
    }

    /// The one entry of a 检验单; FInspectResult 1 is 合格, 2 is 不合格.
    fn inspected(&self) -> Result<Map<String, Json>> {
        let body = &self.document.body;
        let code = body["product_code"].as_str().or(body["material_code"].as_str());
        let code = code.ok_or_else(|| self.wrong("product_code"))?;
        let lot = body["batch_no"].as_str().or(body["lot_no"].as_str());
        let qty = self.qty(body)?;
        let zero = json!(0);
        let (qualified, unqualified, result) = match body["result"].as_str() {
            Some("passed") => (qty.clone(), zero, "1"),
            Some("failed") => (zero, qty.clone(), "2"),
            _ => return Err(self.wrong("result")),
        };
        let mut entry = Map::new();
        let mut put = |key: &str, value| entry.insert(key.to_owned(), value);
        put("FMaterialId", number(code));
        put("FInspectQty", qty);
        put("FQualifiedQty", qualified);
        put("FUnqualifiedQty", unqualified);
        put("FInspectResult", json!(result));
        if let Some(lot) = lot {
            put("FLot", number(lot));
        }
        Ok(entry)
    }

    fn text<'b>(&self, object: &'b Json, name: &str) -> Result<&'b str> {
        object[name].as_str().filter(|text| !text.is_empty()).ok_or_else(|| self.wrong(name))
    }

    /// A quantity as the number its text is, digit by digit.
    fn qty(&self, object: &Json) -> Result<Json> {
        let text = self.text(object, "qty")?;
        let number: Number = serde_json::from_str(text).map_err(|_| self.wrong("qty"))?;
        Ok(Json::Number(number))
    }

    /// The date an instant has on the server's wall.
    fn date(&self, write: &WriteConfig, name: &str) -> Result<Json> {
        let text = self.text(&self.document.body, name)?;
        let at = DateTime::parse_from_rfc3339(text).map_err(|_| self.wrong(name))?;
        Ok(json!(at.with_timezone(&write.time_zone).format("%Y-%m-%d").to_string()))
    }

    /// The outbox checks documents when they are added, so this one came another way.
    fn wrong(&self, name: &str) -> ConnectorError {
        let action = format!("reading document {}", self.document.key);
        ConnectorError::new(ErrorKind::Refused, action)
            .with_detail(format!("`{name}` is missing or not what the document's kind has there"))
            .with_hint("discard it and add it again")
    }
}

/// Base data by its number.
fn number(code: &str) -> Json {
    json!({ "FNumber": code })
}
