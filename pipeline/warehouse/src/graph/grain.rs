//! The check that every table keeps to its grain, which nobody has to write.

use super::model::{Kind, Model};
use crate::lake::{LakeError, TableName};

const PREFIX: &str = "grain__";

/// An audit that finds rows of `model` whose grain is not unique, or null where it may not be.
pub(super) fn check(model: &Model) -> Result<Model, LakeError> {
    let name = &model.name;
    let columns: Vec<_> = model.grain.iter().map(|column| format!("\"{column}\"")).collect();
    let columns = columns.join(", ");
    let required = model.grain.iter().filter(|column| !model.grain_optional.contains(column));
    let nulls: String = required.map(|column| format!(" or \"{column}\" is null")).collect();
    let sql = format!(
        "select {columns}, count(*) as \"_rows\"\nfrom {}.\"{}\"\ngroup by {columns}\n\
         having count(*) > 1{nulls}",
        name.schema(),
        name.table(),
    );
    Ok(Model {
        name: TableName::new("audits", &format!("{PREFIX}{}__{}", name.schema(), name.table()))?,
        path: model.path.clone(),
        kind: Kind::Audit,
        partition: None,
        touched: None,
        expires: None,
        grain: Vec::new(),
        grain_optional: Vec::new(),
        columns: Vec::new(),
        sql,
        reads: vec![name.clone()],
        helpers_read: Vec::new(),
    })
}

impl Model {
    /// Whether this is the check of a table's grain.
    pub(crate) fn is_grain_check(&self) -> bool {
        self.kind == Kind::Audit && self.name.table().starts_with(PREFIX)
    }
}
