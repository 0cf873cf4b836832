//! What `systems check` answers.

use serde::Serialize;

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckItem {
    /// What: `login`, `stream sales_order`, `field FTaxPrice`, `clock`.
    pub what: String,
    /// Whether it will do.
    pub ok: bool,
    /// What was found.
    pub detail: String,
    /// What to do if it will not do.
    pub hint: Option<String>,
}

/// The answer of a system to a check.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CheckReport {
    /// What the system calls its own version, if it says.
    pub version: Option<String>,
    /// Everything that was looked at, in order.
    pub items: Vec<CheckItem>,
}

impl CheckReport {
    /// Whether every item will do.
    pub fn is_ok(&self) -> bool {
        self.items.iter().all(|item| item.ok)
    }

    /// Notes a thing that will do.
    pub fn pass(&mut self, what: impl Into<String>, detail: impl Into<String>) {
        self.items.push(CheckItem {
            what: what.into(),
            ok: true,
            detail: detail.into(),
            hint: None,
        });
    }

    /// Notes a thing that will not do, and what to do about it.
    pub fn fail(
        &mut self,
        what: impl Into<String>,
        detail: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.items.push(CheckItem {
            what: what.into(),
            ok: false,
            detail: detail.into(),
            hint: Some(hint.into()),
        });
    }
}
