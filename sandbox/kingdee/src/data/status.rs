//! Submit, Audit, UnAudit, Delete: the steps between document states (reference: kingdee.md 1.12).

use chrono::NaiveDateTime;

use super::dataset::Dataset;
use super::document::Document;
use super::meta::FormMeta;
use super::value::Value;

/// States in which a document may be changed or deleted.
pub(super) const EDITABLE: &[&str] = &["Z", "A", "D"];

/// A step of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Submit,
    Audit,
    UnAudit,
    Delete,
}

impl Step {
    /// The step an operation's name in lower case stands for.
    pub(crate) fn named(operation: &str) -> Option<Self> {
        match operation {
            "submit" => Some(Self::Submit),
            "audit" => Some(Self::Audit),
            "unaudit" => Some(Self::UnAudit),
            "delete" => Some(Self::Delete),
            _ => None,
        }
    }

    fn from(self) -> &'static [&'static str] {
        match self {
            // What was saved as a draft (暂存) has not been checked and is saved first.
            Self::Submit => &["A", "D"],
            Self::Audit => &["B"],
            Self::UnAudit => &["C"],
            Self::Delete => EDITABLE,
        }
    }

    fn caption(self) -> &'static str {
        match self {
            Self::Submit => "提交",
            Self::Audit => "审核",
            Self::UnAudit => "反审核",
            Self::Delete => "删除",
        }
    }
}

impl Document {
    /// Whether the document's state is one of these.
    pub(super) fn is_in(&self, meta: &FormMeta, states: &[&str]) -> bool {
        let at = meta.header_index("FDocumentStatus");
        match at.and_then(|at| self.header.values.get(at)) {
            Some(Value::Text(state)) => states.contains(&&**state),
            _ => false,
        }
    }

    /// Sets a header field if the form has it.
    pub(super) fn put(&mut self, meta: &FormMeta, key: &str, value: Value) {
        if let Some(at) = meta.header_index(key) {
            self.header.set(at, value);
        }
    }
}

impl Dataset {
    /// Takes a document one step further, or says why not.
    pub(crate) fn step(
        &mut self,
        form: &str,
        pk: i64,
        step: Step,
        now: NaiveDateTime,
    ) -> Result<(), String> {
        let failed = |number: &str, caption: &str| {
            format!("单据编号为“{number}”的{caption}，{}失败", step.caption())
        };
        let Some(form) = self.form_mut(form) else {
            return Err("业务对象不存在".to_owned());
        };
        let meta = &form.meta;
        let Some(document) = form.documents.get_mut(&pk) else {
            return Err(failed(&pk.to_string(), &meta.caption));
        };
        if !document.is_in(meta, step.from()) {
            return Err(failed(&document.number(meta), &meta.caption));
        }
        let (state, approved) = match step {
            Step::Submit => ("B", Value::Null),
            Step::Audit => ("C", Value::Moment(now)),
            Step::UnAudit => ("D", Value::Null),
            Step::Delete => {
                form.documents.remove(&pk);
                return Ok(());
            }
        };
        document.put(meta, "FDocumentStatus", Value::text(state));
        document.put(meta, "FApproveDate", approved);
        document.put(meta, "FModifyDate", Value::Moment(now));
        Ok(())
    }
}

impl Document {
    /// The document's number.
    pub(crate) fn number(&self, meta: &FormMeta) -> String {
        let at = meta.header_index(&meta.number);
        match at.and_then(|at| self.header.values.get(at)) {
            Some(Value::Text(number)) => number.to_string(),
            _ => String::new(),
        }
    }
}
