//! The check that every table keeps to its grain, which nobody has to write.

use super::model::{Kind, Model, ModelColumn};
use crate::lake::{LakeError, TableName};

const PREFIX: &str = "grain__";

/// By what a check is stored whose table's partitions say nothing of its grain.
const PIECE: &str = "_piece";

/// An audit that finds rows of `model` whose grain is not unique, or null where it may not be.
pub(super) fn check(model: &Model) -> Result<Model, LakeError> {
    let name = &model.name;
    let piece = piece(model);
    let mut columns = model.grain.clone();
    let stored = piece.iter().filter(|piece| piece.is.is_none());
    columns.extend(stored.map(|piece| piece.column.to_owned()));
    columns.sort();
    columns.dedup();
    let columns: Vec<_> = columns.iter().map(|column| format!("\"{column}\"")).collect();
    let columns = columns.join(", ");
    let computed = piece.as_ref().and_then(|piece| Some((piece.is.as_ref()?, piece.column)));
    let computed = computed.map(|(is, column)| format!(", {is} as \"{column}\""));
    let computed = computed.unwrap_or_default();
    let misplaced = piece.as_ref().map(|piece| piece.misplaced.as_str()).unwrap_or_default();
    let required = model.grain.iter().filter(|column| !model.grain_optional.contains(column));
    let nulls: String = required.map(|column| format!(" or \"{column}\" is null")).collect();
    let sql = format!(
        "select {columns}, count(*) as \"_rows\"{computed}\nfrom {}.\"{}\"\ngroup by {columns}\n\
         having count(*) > 1{nulls}{misplaced}",
        name.schema(),
        name.table(),
    );
    let followed = piece.as_ref().and_then(|piece| Followed::of(model, piece));
    let (touched, helpers_read, columns) = match followed {
        Some(Followed { sql, changed, key }) => (Some(sql), vec![changed], vec![key]),
        None => (None, Vec::new(), Vec::new()),
    };
    Ok(Model {
        name: TableName::new("audits", &format!("{PREFIX}{}__{}", name.schema(), name.table()))?,
        path: model.path.clone(),
        kind: Kind::Audit,
        partition: piece.map(|piece| piece.column.to_owned()),
        partition_is: None,
        slice: if touched.is_some() { vec![name.clone()] } else { Vec::new() },
        touched,
        sums: Vec::new(),
        expires: None,
        grain: Vec::new(),
        grain_optional: Vec::new(),
        columns,
        sql,
        reads: vec![name.clone()],
        helpers_read,
    })
}

/// How a check follows the rows of a table that changed: a row can only repeat, or lack, what a changed row does.
struct Followed {
    sql: String,
    changed: TableName,
    key: ModelColumn,
}

impl Followed {
    /// By the first column of the grain that is always there; none if that is the partition itself.
    fn of(model: &Model, piece: &Piece<'_>) -> Option<Self> {
        let key = key(model, piece.column)?;
        let key = model.columns.iter().find(|column| column.name == *key)?.clone();
        let place = piece.is.clone().unwrap_or_else(|| format!("\"{}\"", piece.column));
        let changed = format!("{}__{}", model.name.schema(), model.name.table());
        let changed = TableName::new("changed", &changed).ok()?;
        let sql = format!(
            "select {place} as \"{}\", \"{}\" from {}.\"{}\"",
            piece.column,
            key.name,
            changed.schema(),
            changed.table()
        );
        Some(Self { sql, changed, key })
    }
}

/// How a check may go through a table partition by partition and still find every repeated row.
struct Piece<'a> {
    column: &'a str,
    /// What the column is where the table has none.
    is: Option<String>,
    /// A further condition that finds rows which stand in the wrong partition.
    misplaced: String,
}

/// The first column of the grain that is always there and is not the partition.
fn key<'a>(model: &'a Model, partition: &str) -> Option<&'a String> {
    let is_key = |column: &&String| *column != partition && !model.grain_optional.contains(column);
    model.grain.iter().find(is_key)
}

/// Rows of one grain share a partition if the grain names it, or if it follows from the grain. Where they need not, those that
/// share a key are a piece.
fn piece(model: &Model) -> Option<Piece<'_>> {
    let column = model.partition.as_deref()?;
    let is_grain = |name: &str| model.grain.iter().any(|column| column == name);
    if is_grain(column) {
        return Some(Piece { column, is: None, misplaced: String::new() });
    }
    if let Some(is) = &model.partition_is {
        let misplaced = format!(" or \"{column}\" <> {is}");
        return Some(Piece { column, is: None, misplaced });
    }
    let key = key(model, column)?;
    let is = format!("nullif(right(cast(\"{key}\" as varchar), 1), '')");
    Some(Piece { column: PIECE, is: Some(is), misplaced: String::new() })
}

impl Model {
    /// Whether this is the check of a table's grain.
    pub(crate) fn is_grain_check(&self) -> bool {
        self.kind == Kind::Audit && self.name.table().starts_with(PREFIX)
    }
}
