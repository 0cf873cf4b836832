//! ExecuteBillQuery: rows as arrays, the call every release has.

use serde_json::json;
use serde_json::value::RawValue;
use yuanliu_contract::Result;

use crate::client::{Answer, Client};
use crate::envelope::parse;
use crate::plan::StreamPlan;
use crate::position::Key;

/// What to ask for: filter and page size; order and columns follow from the plan.
pub(crate) struct BillQuery<'a> {
    pub(crate) plan: &'a StreamPlan,
    /// Conditions that must all hold.
    pub(crate) conditions: Vec<String>,
    /// Only rows after this key.
    pub(crate) after: Option<Key>,
    pub(crate) limit: usize,
}

impl BillQuery<'_> {
    /// Asks; the answer's rows have one cell per asked field.
    pub(crate) async fn send(self, client: &Client) -> Result<Answer> {
        let stream = &self.plan.stream;
        let mut conditions = self.conditions;
        conditions.extend(stream.condition.as_ref().map(|condition| format!("({condition})")));
        conditions.extend(self.after.map(|key| after(&stream.pk, stream.entry_pk.as_deref(), key)));
        let order = match &stream.entry_pk {
            Some(entry_pk) => format!("{} ASC,{entry_pk} ASC", stream.pk),
            None => format!("{} ASC", stream.pk),
        };
        let data = json!({
            "FormId": stream.form,
            "FieldKeys": self.plan.field_keys(),
            "FilterString": conditions.join(" and "),
            "OrderString": order,
            // The absolute end row, not a page size: with StartRow it empties later pages.
            "TopRowCount": 0,
            "StartRow": 0,
            "Limit": self.limit,
            "SubSystemId": "",
        });
        client.call("ExecuteBillQuery", format!("querying {}", stream.form), data).await
    }
}

/// The rows of an answer, each with `width` cells as raw JSON.
pub(crate) fn rows(answer: &Answer, width: usize) -> Result<Vec<Vec<&RawValue>>> {
    let rows: Vec<Vec<&RawValue>> = parse(answer.reply(), answer.text()?)?;
    match rows.iter().position(|row| row.len() != width) {
        Some(at) => Err(answer.malformed(format!(
            "row {} has {} columns, {width} were asked for",
            at + 1,
            rows.get(at).map_or(0, Vec::len),
        ))),
        None => Ok(rows),
    }
}

/// Keyset paging over one or two keys, written without `<`: request screening objects to it.
fn after(pk: &str, entry_pk: Option<&str>, Key(id, entry): Key) -> String {
    match entry_pk {
        Some(entry_pk) => {
            format!("({pk} > {id} or ({pk} = {id} and {entry_pk} > {entry}))")
        }
        None => format!("{pk} > {id}"),
    }
}
