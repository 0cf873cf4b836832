//! How a document's fields map to those of a tenant's save, as configured.

use std::collections::BTreeMap;

use serde::Deserialize;
use yuanliu_contract::{ConfigProblem, OutgoingKind};

/// The document's key under the names of its fields.
pub(super) const KEY: &str = "key";

/// The list that shows saved deliveries (reference: yonyou.md 1.6).
const DELIVERY_LIST: &str = "/yonbip/scm/salesout/list";

const DELIVERY_HEADER: &[&str] =
    &[KEY, "delivery_no", "order_no", "dealer_code", "warehouse_code", "shipped_at"];
const DELIVERY_LINE: &[&str] =
    &["line_no", "order_line_no", "product_code", "qty", "unit", "batch_no"];
const INSPECTION: &[&str] = &[
    KEY,
    "inspection_no",
    "subject",
    "product_code",
    "material_code",
    "batch_no",
    "lot_no",
    "stage",
    "result",
    "qty",
    "inspector",
    "report_ref",
    "inspected_at",
];

/// A section as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    path: String,
    find_path: Option<String>,
    find_field: Option<String>,
    header: BTreeMap<String, String>,
    #[serde(default)]
    fixed: toml::Table,
    lines: Option<String>,
    #[serde(default)]
    line: BTreeMap<String, String>,
    #[serde(default)]
    fixed_line: toml::Table,
    #[serde(default)]
    values: BTreeMap<String, toml::Table>,
}

/// A checked section.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mapping {
    pub(super) kind: OutgoingKind,
    /// The save's path below the gateway.
    pub(super) path: String,
    /// A list with `simpleVOs` in which a saved document is found.
    pub(super) find_path: String,
    /// The list's field that carries the document's key.
    pub(super) find_field: String,
    /// The save's field for each of ours.
    pub(super) header: BTreeMap<String, String>,
    /// Fields that are always the same.
    pub(super) fixed: toml::Table,
    /// The array of lines in the save.
    pub(super) lines: Option<String>,
    pub(super) line: BTreeMap<String, String>,
    pub(super) fixed_line: toml::Table,
    /// The save's words for ours, by our field.
    pub(super) values: BTreeMap<String, toml::Table>,
}

impl Mapping {
    /// Reads a section, or says everything that is wrong with it.
    pub(super) fn read(
        kind: OutgoingKind,
        section: &str,
        table: toml::Table,
    ) -> Result<Self, Vec<ConfigProblem>> {
        let (header, line, list) = match kind {
            OutgoingKind::DeliveryResult => (DELIVERY_HEADER, DELIVERY_LINE, Some(DELIVERY_LIST)),
            OutgoingKind::InspectionResult => (INSPECTION, &[][..], None),
        };
        let written: Section = table
            .try_into()
            .map_err(|error: toml::de::Error| vec![problem(section, error.message())])?;
        let mut problems = Vec::new();
        let mut wrong = |message: String| problems.push(problem(section, &message));
        let find_path = written.find_path.or(list.map(str::to_owned)).unwrap_or_default();
        if find_path.is_empty() {
            wrong("find_path is needed: a list in which a saved document is found".to_owned());
        }
        for path in [&written.path, &find_path].into_iter().filter(|path| !path.is_empty()) {
            if !path.starts_with('/') || path.contains(['?', '#']) {
                wrong(format!("`{path}` is not a path such as /yonbip/scm/salesout/list"));
            }
        }
        if written.path.is_empty() {
            wrong("path is empty".to_owned());
        }
        for (ours, known) in [(&written.header, header), (&written.line, line)] {
            for name in ours.values().filter(|name| !known.contains(&name.as_str())) {
                wrong(format!("`{name}` is no field of the document; {}", known.join(", ")));
            }
        }
        if written.lines.is_some() == written.line.is_empty() {
            wrong("lines and line are given together or not at all".to_owned());
        }
        let carrier = written.header.iter().find(|(_, ours)| *ours == KEY).map(|(name, _)| name);
        let find_field = written.find_field.or_else(|| carrier.cloned()).unwrap_or_default();
        if carrier.is_none() {
            wrong(
                "header needs a field for `key`, by which a document that was sent is found again"
                    .to_owned(),
            );
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self {
            kind,
            path: written.path,
            find_path,
            find_field,
            header: written.header,
            fixed: written.fixed,
            lines: written.lines,
            line: written.line,
            fixed_line: written.fixed_line,
            values: written.values,
        })
    }
}

fn problem(section: &str, message: &str) -> ConfigProblem {
    ConfigProblem::new(format!("[write] {section}"), message.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn problems(kind: OutgoingKind, text: &str) -> Vec<String> {
        let read = Mapping::read(kind, "delivery_result", toml::from_str(text).unwrap());
        read.unwrap_err().into_iter().map(|problem| problem.message).collect()
    }

    #[test]
    fn every_problem_is_reported() {
        let text = r#"path = "x"
            header = { code = "no_such" }
            line = { qty = "qty" }"#;
        let found = problems(OutgoingKind::DeliveryResult, text);
        assert_eq!(found.len(), 4, "{found:?}");
        let text = "path = \"/a\"\nheader = { code = \"key\" }";
        let found = problems(OutgoingKind::InspectionResult, text);
        assert_eq!(found, ["find_path is needed: a list in which a saved document is found"]);
        assert!(problems(OutgoingKind::InspectionResult, "header = {}")[0].contains("path"));
    }
}
