//! NC's exchange platform: one result per bill, replace semantics by the bill's id.

use std::collections::BTreeMap;

use quick_xml::escape::escape;

use super::server::{ACCOUNT, SENDER};
use super::tree::Node;
use crate::data::Dataset;

/// Answers a document.
pub(super) fn answer(
    dataset: &mut Dataset,
    root: &Node,
    parameters: &BTreeMap<String, String>,
) -> String {
    let account = parameters.get("account").map_or(root.attribute("account"), String::as_str);
    let has_target = parameters.contains_key("receiver") || parameters.contains_key("groupcode");
    let refusal = if account != ACCOUNT || !has_target {
        Some("账套、公司或集团不存在")
    } else if root.attribute("sender") != SENDER {
        Some("外部系统未注册")
    } else {
        None
    };
    let mut results = String::new();
    let mut is_good = true;
    for bill in root.all("bill") {
        let id = bill.attribute("id");
        let (code, said, content) = match refusal {
            Some(said) => ("-1", said.to_owned(), String::new()),
            None => take(dataset, root, bill),
        };
        is_good &= code == "1";
        results.push_str(&format!(
            "<sendresult><billpk></billpk><bdocid>{}</bdocid><filename>{}</filename>\
             <resultcode>{code}</resultcode><resultdescription>{}</resultdescription>\
             <content>{content}</content></sendresult>",
            escape(id),
            escape(root.attribute("filename")),
            escape(&said)
        ));
    }
    let successful = if is_good { "Y" } else { "N" };
    format!(
        "<ufinterface billtype=\"{}\" roottag=\"sendresult\" sender=\"{}\" replace=\"{}\" \
         successful=\"{successful}\">{results}</ufinterface>",
        escape(root.attribute("billtype")),
        escape(root.attribute("sender")),
        escape(root.attribute("replace"))
    )
}

fn take(dataset: &mut Dataset, root: &Node, bill: &Node) -> (&'static str, String, String) {
    let id = bill.attribute("id").to_owned();
    let has_head = bill.children.iter().any(|head| !head.children.is_empty());
    if id.is_empty() || !has_head {
        return ("-2", format!("单据 {id} 缺少表头"), String::new());
    }
    let known = dataset.bills.get(&id).cloned();
    let pk = match (known, root.attribute("replace")) {
        (Some(_), "N") => return ("-3", format!("单据 {id} 已导入，不允许重复"), String::new()),
        (Some(pk), _) => pk,
        (None, _) => format!("1001ZZ{:014}", dataset.bills.len() + 1),
    };
    dataset.bills.insert(id.clone(), pk.clone());
    ("1", format!("单据 {id} 开始处理... 单据 {id} 处理完毕!"), pk)
}
