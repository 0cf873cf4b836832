//! Query documents: conditions on database columns, all of which must hold.

use yuanliu_contract::Result;

use super::answer::refusal;
use super::client::Client;
use crate::catalog::Stream;
use crate::xml::{Element, attribute};

/// What working clients send most, although the body is the raw document (reference: yonyou.md 3.1).
pub(crate) const CONTENT_TYPE: &str = "text/xml; charset=utf-8";

/// A condition: column, comparison, value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Condition(pub(crate) String, pub(crate) &'static str, pub(crate) String);

/// The document of a query. `paginate="0"`: how a split answer goes on is not documented.
pub(crate) fn document(sender: &str, root: &str, conditions: &[Condition]) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<ufinterface");
    for (name, value) in [
        ("sender", sender),
        ("receiver", "u8"),
        ("roottag", root),
        ("docid", ""),
        ("proc", "Query"),
        ("codeexchanged", "N"),
        ("exportneedexch", "N"),
        ("paginate", "0"),
        ("version", "2.0"),
    ] {
        xml.push_str(&attribute(name, value));
    }
    xml.push_str(&format!("><{root} importfile=\"\" exportfile=\"\""));
    xml.push_str(&attribute("code", sender));
    xml.push_str(" bincrementout=\"n\">");
    for (at, Condition(column, operation, value)) in conditions.iter().enumerate() {
        let logic = if at + 1 == conditions.len() { "" } else { "and" };
        xml.push_str("<field display=\"\"");
        for (name, value) in [
            ("name", column.as_str()),
            ("operation", *operation),
            ("value", value.as_str()),
            ("logic", logic),
        ] {
            xml.push_str(&attribute(name, value));
        }
        xml.push_str("/>");
    }
    xml.push_str(&format!("</{root}></ufinterface>"));
    xml
}

/// Asks and answers the records.
pub(crate) async fn ask(
    client: &Client,
    sender: &str,
    stream: &Stream,
    conditions: &[Condition],
) -> Result<Vec<Element>> {
    let mut all = Vec::with_capacity(conditions.len() + 1);
    let vouchtype = stream.vouchtype.as_ref();
    all.extend(vouchtype.map(|kind| Condition("cVouchType".to_owned(), "=", kind.clone())));
    all.extend_from_slice(conditions);
    let xml = document(sender, &stream.root, &all);
    let action = format!("querying {}", stream.root);
    let answer = client.post(xml, CONTENT_TYPE, action).await?;
    if let Some(error) = refusal(&answer) {
        return Err(error);
    }
    let is_record = |child: &Element| child.name.eq_ignore_ascii_case(&stream.root);
    Ok(answer.root.children.into_iter().filter(is_record).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_the_documented_query() {
        let conditions = [
            Condition("cInvCode".to_owned(), "=", "M-1001".to_owned()),
            Condition("dModifyDate".to_owned(), ">=", "2026-03-01".to_owned()),
        ];
        assert_eq!(
            document("001", "inventory", &conditions),
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<ufinterface sender=\"001\" receiver=\"u8\" \
             roottag=\"inventory\" docid=\"\" proc=\"Query\" codeexchanged=\"N\" exportneedexch=\"N\" \
             paginate=\"0\" version=\"2.0\"><inventory importfile=\"\" exportfile=\"\" code=\"001\" \
             bincrementout=\"n\"><field display=\"\" name=\"cInvCode\" operation=\"=\" \
             value=\"M-1001\" logic=\"and\"/><field display=\"\" name=\"dModifyDate\" \
             operation=\"&gt;=\" value=\"2026-03-01\" logic=\"\"/></inventory></ufinterface>"
        );
    }
}
