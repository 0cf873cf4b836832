//! EAI: Query and Add.

use std::cmp::Ordering;

use quick_xml::escape::escape;
use serde_json::Value;

use super::server::SENDER;
use super::tree::Node;
use crate::data::{Dataset, Record, columns, text};

/// Answers a document.
pub(super) fn answer(dataset: &mut Dataset, root: &Node, is_emptied: bool) -> String {
    if root.attribute("sender") != SENDER {
        return refusal("", "-1", "外部系统注册码不存在");
    }
    let tag = root.attribute("roottag");
    let Some(known) = columns(tag) else { return refusal("", "-2", &format!("不支持 {tag}")) };
    match root.attribute("proc").to_ascii_lowercase().as_str() {
        "query" => query(dataset, root, tag, known, is_emptied),
        "add" => add(dataset, root, tag),
        other => refusal("", "-3", &format!("不支持 {other}")),
    }
}

/// An answer with one item that did not succeed.
pub(super) fn refusal(key: &str, succeed: &str, said: &str) -> String {
    format!(
        "<ufinterface sender=\"u8\" receiver=\"{SENDER}\" roottag=\"return\" docid=\"\" proc=\"\">\
         <item key=\"{}\" succeed=\"{succeed}\" dsc=\"{}\" u8key=\"\"/></ufinterface>",
        escape(key),
        escape(said)
    )
}

fn query(
    dataset: &Dataset,
    root: &Node,
    tag: &str,
    known: &[(&str, &str)],
    is_emptied: bool,
) -> String {
    let fields: Vec<&Node> = root.child(tag).into_iter().flat_map(|ask| ask.all("field")).collect();
    let mut conditions = Vec::new();
    for field in &fields {
        let name = field.attribute("name");
        match known.iter().find(|(column, _)| column.eq_ignore_ascii_case(name)) {
            Some((_, tag)) => conditions.push((*tag, *field)),
            None => return refusal("", "-4", &format!("列名 '{name}' 无效")),
        }
    }
    let mut answer = format!(
        "<ufinterface sender=\"u8\" receiver=\"{SENDER}\" roottag=\"{tag}\" docid=\"\" \
         proc=\"Query\" codeexchanged=\"N\" exportneedexch=\"N\" paginate=\"0\" version=\"2.0\">"
    );
    for record in dataset.records(tag).filter(|_| !is_emptied) {
        if conditions.iter().all(|(tag, field)| holds(text(record, tag), field)) {
            answer.push_str(&written(tag, record));
        }
    }
    answer.push_str("</ufinterface>");
    answer
}

/// A comparison as SQL Server makes it: numbers as numbers, days as days, nothing equals null.
fn holds(value: &str, field: &Node) -> bool {
    let wanted = field.attribute("value");
    if value.is_empty() {
        return false;
    }
    let order = match (value.parse::<i64>(), wanted.parse::<i64>()) {
        (Ok(value), Ok(wanted)) => value.cmp(&wanted),
        _ if wanted.len() == 10 && wanted.bytes().filter(|&byte| byte == b'-').count() == 2 => {
            value.get(..10).unwrap_or(value).cmp(wanted)
        }
        _ => value.cmp(wanted),
    };
    match field.attribute("operation") {
        "=" => order == Ordering::Equal,
        ">" => order == Ordering::Greater,
        ">=" => order != Ordering::Less,
        "<" => order == Ordering::Less,
        "<=" => order != Ordering::Greater,
        "<>" => order != Ordering::Equal,
        _ => false,
    }
}

fn written(tag: &str, record: &Record) -> String {
    let lines = record.get("entry").and_then(Value::as_array);
    let flat = leaves(record);
    match lines {
        None => format!("<{tag}>{flat}</{tag}>"),
        Some(lines) => {
            let entry = |line: &Value| match line.as_object() {
                Some(line) => format!("<entry>{}</entry>", leaves(line)),
                None => String::new(),
            };
            let entries: String = lines.iter().map(entry).collect();
            format!("<{tag}><header>{flat}</header><body>{entries}</body></{tag}>")
        }
    }
}

fn leaves(record: &Record) -> String {
    let shown = record.iter().filter(|(tag, _)| !tag.starts_with('_'));
    let leaf = |(tag, value): (&String, &Value)| {
        value.as_str().map(|text| format!("<{tag}>{}</{tag}>", escape(text)))
    };
    shown.filter_map(leaf).collect()
}

fn add(dataset: &mut Dataset, root: &Node, tag: &str) -> String {
    let mut items = String::new();
    for sent in root.all(tag) {
        let record = read(sent);
        let code = text(&record, "code").to_owned();
        let kind = text(&record, "vouchtype").to_owned();
        let is_used = dataset
            .records(tag)
            .any(|known| text(known, "code") == code && text(known, "vouchtype") == kind);
        let (succeed, said, key) = if code.is_empty() {
            ("102", "编码不能为空".to_owned(), None)
        } else if is_used {
            ("101", format!("编码 {code} 已存在"), None)
        } else {
            ("0", "ok".to_owned(), dataset.put(tag, record))
        };
        let key = key.unwrap_or_default();
        items.push_str(&format!(
            "<item key=\"{}\" succeed=\"{succeed}\" dsc=\"{}\" u8key=\"{}\"/>",
            escape(&code),
            escape(&said),
            escape(&key)
        ));
    }
    format!(
        "<ufinterface sender=\"u8\" receiver=\"{SENDER}\" roottag=\"return\" docid=\"\" \
         proc=\"Add\">{items}</ufinterface>"
    )
}

fn read(sent: &Node) -> Record {
    let leaves = |node: &Node| -> Record {
        let leaves = node.children.iter().filter(|child| child.children.is_empty());
        leaves.map(|leaf| (leaf.name.clone(), Value::String(leaf.text.clone()))).collect()
    };
    let Some(header) = sent.child("header") else { return leaves(sent) };
    let mut record = leaves(header);
    let lines = sent.child("body").into_iter().flat_map(|body| body.all("entry"));
    let lines = lines.map(|line| Value::Object(leaves(line))).collect();
    record.insert("entry".to_owned(), Value::Array(lines));
    record
}
