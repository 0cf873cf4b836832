//! What is to be recalled.

use chrono::{DateTime, SecondsFormat, SubsecRound, Utc};
use chrono_tz::Tz;
use serde_json::{Value, json};
use yuanliu_warehouse::ScalarValue;

/// One kind of scope with its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asked {
    /// A lot of a material, or a batch made for further use.
    Lot { material: String, lot: String },
    /// A batch of a product.
    Batch { product: String, batch: String },
    /// A work order, or the document whose lines are work orders.
    WorkOrder { work_order: String },
    /// What a line made in a time, both ends inclusive.
    Line { line: String, from: DateTime<Utc>, to: DateTime<Utc> },
    /// Codes between two, both inclusive, and what containers among them ever held.
    Codes { from: String, to: String },
}

impl Asked {
    /// Every parameter that a file of `warehouse-sql/recall` may name; those of other kinds are null.
    pub(super) fn parameters(&self) -> Vec<(String, ScalarValue)> {
        let mut values = Values::default();
        match self {
            Self::Lot { material, lot } => {
                (values.material, values.lot) = (Some(material), Some(lot));
            }
            Self::Batch { product, batch } => {
                (values.product, values.batch) = (Some(product), Some(batch));
            }
            Self::WorkOrder { work_order } => values.work_order = Some(work_order),
            Self::Line { line, from, to } => {
                (values.line, values.from, values.to) = (Some(line), Some(from), Some(to));
            }
            Self::Codes { from, to } => {
                (values.codes_from, values.codes_to) = (Some(from), Some(to));
            }
        }
        values.named()
    }

    /// The scope as part of the answer.
    pub(super) fn as_json(&self, as_of: DateTime<Utc>, zone: Tz) -> Value {
        let shown = |at: DateTime<Utc>| {
            at.trunc_subsecs(3).with_timezone(&zone).to_rfc3339_opts(SecondsFormat::AutoSi, false)
        };
        let mut scope = match self {
            Self::Lot { material, lot } => {
                json!({"kind": "lot", "material_code": material, "lot_no": lot})
            }
            Self::Batch { product, batch } => {
                json!({"kind": "batch", "product_code": product, "batch_no": batch})
            }
            Self::WorkOrder { work_order } => {
                json!({"kind": "work_order", "work_order_no": work_order})
            }
            Self::Line { line, from, to } => {
                json!({"kind": "line", "line": line, "from": shown(*from), "to": shown(*to)})
            }
            Self::Codes { from, to } => {
                json!({"kind": "codes", "codes_from": from, "codes_to": to})
            }
        };
        scope["as_of"] = json!(shown(as_of));
        scope
    }

    /// What was looked for and where a person who found nothing looks next.
    pub(crate) fn not_found(&self) -> String {
        let (sought, check) = match self {
            Self::Lot { material, lot } => (
                format!("lot {lot} of material {material}"),
                "no work order is known to have used it; compare with \
                 `yuanliu sql \"select * from core.material_use\"`",
            ),
            Self::Batch { product, batch } => (
                format!("batch {batch} of product {product}"),
                "no work order and no unit has it; compare with \
                 `yuanliu sql \"select distinct product_code, batch_no from core.unit\"`",
            ),
            Self::WorkOrder { work_order } => (
                format!("work order {work_order}"),
                "neither a system nor a scan names it; compare with \
                 `yuanliu sql \"select work_order_no, document_no from core.work_order\"`",
            ),
            Self::Line { line, from, to } => (
                format!("line {line} between {from} and {to}"),
                "no unit was commissioned there then; check the time zone of --from and --to, and \
                 compare with `yuanliu sql \"select distinct line from core.scan_event\"`",
            ),
            Self::Codes { from, to } => (
                format!("codes between {from} and {to}"),
                "no unit has such a code; check that both ends are whole codes as printed",
            ),
        };
        format!(
            "nothing to recall for {sought}: {check}. What was read or scanned since the last \
             `yuanliu build` is not seen"
        )
    }
}

/// The parameters of all kinds.
#[derive(Default)]
struct Values<'a> {
    material: Option<&'a String>,
    lot: Option<&'a String>,
    product: Option<&'a String>,
    batch: Option<&'a String>,
    work_order: Option<&'a String>,
    line: Option<&'a String>,
    from: Option<&'a DateTime<Utc>>,
    to: Option<&'a DateTime<Utc>>,
    codes_from: Option<&'a String>,
    codes_to: Option<&'a String>,
}

impl Values<'_> {
    fn named(&self) -> Vec<(String, ScalarValue)> {
        let text = |value: Option<&String>| ScalarValue::Utf8(value.cloned());
        let instant = |value: Option<&DateTime<Utc>>| {
            let micros = value.map(DateTime::timestamp_micros);
            ScalarValue::TimestampMicrosecond(micros, Some("UTC".into()))
        };
        let named = [
            ("material", text(self.material)),
            ("lot", text(self.lot)),
            ("product", text(self.product)),
            ("batch", text(self.batch)),
            ("work_order", text(self.work_order)),
            ("line", text(self.line)),
            ("from", instant(self.from)),
            ("to", instant(self.to)),
            ("codes_from", text(self.codes_from)),
            ("codes_to", text(self.codes_to)),
        ];
        named.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}
