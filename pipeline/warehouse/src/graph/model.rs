//! One model file, read and checked by itself.

use super::header::{self, Header};
use super::layers;
use super::statement::{self, Parsed};
use crate::lake::TableName;

/// What becomes of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A Delta table, built.
    Table,
    /// A query that stands for itself; nothing is built.
    View,
    /// A query whose rows are findings; they are kept as a Delta table.
    Audit,
}

/// A documented column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelColumn {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub text: String,
}

/// A model: one select and what its header says about it.
#[derive(Debug, Clone)]
pub struct Model {
    /// Its name, which is also where it is stored.
    pub name: TableName,
    /// The file it came from.
    pub path: String,
    /// What becomes of it.
    pub kind: Kind,
    /// The column by which it is stored and rebuilt piecewise.
    pub partition: Option<String>,
    /// What that column follows from, if the header says so: an expression over the grain.
    pub partition_is: Option<String>,
    /// A query for the partition values that a change of its inputs touches.
    pub touched: Option<String>,
    /// Tables that `touched` names and the select still reads only in the partition it yields.
    pub slice: Vec<TableName>,
    /// Columns that are sums over the keys of the sliced tables; all others tell what is summed.
    pub sums: Vec<String>,
    /// A query for the next instant at which time alone changes the result.
    pub expires: Option<String>,
    /// The columns that name a row.
    pub grain: Vec<String>,
    /// Those of the grain that may be empty.
    pub grain_optional: Vec<String>,
    /// Its columns, in order.
    pub columns: Vec<ModelColumn>,
    /// The whole file.
    pub sql: String,
    /// The tables it reads, in order of name, as written.
    pub reads: Vec<TableName>,
    /// The tables that `touched` and `expires` read.
    pub(crate) helpers_read: Vec<TableName>,
}

impl Model {
    /// Whether the SQL itself depends on the instant of the build.
    pub(crate) fn calls_as_of(&self) -> bool {
        let sql: String = self.sql.lines().filter(|line| !line.starts_with("--")).collect();
        sql.to_lowercase().contains("as_of(")
    }

    /// The column that the partition follows from alone, if there is one.
    pub(crate) fn partition_source(&self) -> Option<&str> {
        let (_, argument) = self.partition_is.as_ref()?.split_once('(')?;
        let source = argument.strip_suffix(')')?;
        self.columns.iter().any(|column| column.name == source).then_some(source)
    }
}

/// A model whose columns have not been compared with its select yet.
pub(super) struct Draft {
    pub(super) model: Model,
    pub(super) parsed: Parsed,
}

/// Reads one file; none if it is too broken to go on with.
pub(super) fn read(path: &str, text: &str, problems: &mut Vec<String>) -> Option<Draft> {
    let header = header::parse(text, problems);
    let layer = path.split('/').next().unwrap_or_default();
    let name = name(&header, layer, problems);
    let kind = kind(&header, layer, problems);
    let parsed = statement::parse(text, problems);
    let mut helpers_read = Vec::new();
    for (key, sql) in [("touched", &header.touched), ("expires", &header.expires)] {
        let Some(sql) = sql else { continue };
        let mut found = Vec::new();
        if let Some(parsed) = statement::parse(sql, &mut found) {
            helpers_read.extend(parsed.reads);
        }
        problems.extend(found.into_iter().map(|problem| format!("`{key}`: {problem}")));
    }
    if kind == Kind::Table && header.grain.is_empty() {
        problems.push("a table needs `grain`: the columns that name a row".to_owned());
    }
    if header.touched.is_some() && header.partition.is_none() {
        problems.push("`touched` needs `partition`".to_owned());
    }
    if kind == Kind::View && (header.partition.is_some() || header.expires.is_some()) {
        problems.push("a view is not built: it has no `partition` and no `expires`".to_owned());
    }
    if kind != Kind::Audit && header.columns.is_empty() {
        problems.push("`columns` are not described".to_owned());
    }
    let slice = slice(&header, problems);
    sums(&header, problems);
    let parsed = parsed?;
    for table in &parsed.reads {
        problems.extend(layers::refusal(layer, table));
    }
    let (partition, partition_is) = partition(header.partition);
    let columns = header.columns.into_iter().map(|(name, text)| ModelColumn { name, text });
    let model = Model {
        name: name?,
        path: path.to_owned(),
        kind,
        partition,
        partition_is,
        touched: header.touched,
        slice,
        sums: header.sums,
        expires: header.expires,
        grain: header.grain,
        grain_optional: header.grain_optional,
        columns: columns.collect(),
        sql: text.to_owned(),
        reads: parsed.reads.clone(),
        helpers_read,
    };
    Some(Draft { model, parsed })
}

/// The column, and what it follows from.
fn partition(text: Option<String>) -> (Option<String>, Option<String>) {
    let Some(text) = text else { return (None, None) };
    match text.split_once('=') {
        Some((column, is)) => (Some(column.trim().to_owned()), Some(is.trim().to_owned())),
        None => (Some(text), None),
    }
}

fn slice(header: &Header, problems: &mut Vec<String>) -> Vec<TableName> {
    if !header.slice.is_empty() && header.touched.is_none() {
        problems
            .push("`slice` needs `touched`: other inputs are read by partition anyway".to_owned());
    }
    let mut names = Vec::new();
    for text in &header.slice {
        match text.parse() {
            Ok(name) => names.push(name),
            Err(error) => problems.push(format!("`slice`: {error}")),
        }
    }
    names
}

fn sums(header: &Header, problems: &mut Vec<String>) {
    if header.sums.is_empty() {
        return;
    }
    if header.slice.is_empty() {
        problems.push("`sums` needs `slice`: the tables whose rows are summed".to_owned());
    }
    let is_described = |name: &String| header.columns.iter().any(|(column, _)| column == name);
    for name in header.sums.iter().filter(|name| !is_described(name)) {
        problems.push(format!("`sums` names {name}, which is no column"));
    }
    let columns = header.columns.iter().map(|(column, _)| column);
    for column in columns.filter(|column| !header.sums.contains(column)) {
        if !header.grain.contains(column) {
            problems.push(format!("{column} is neither in `grain` nor in `sums`"));
        }
    }
}

fn name(header: &Header, layer: &str, problems: &mut Vec<String>) -> Option<TableName> {
    let Some(text) = &header.name else {
        problems.push("the header has no `name`".to_owned());
        return None;
    };
    match text.parse::<TableName>() {
        Ok(name) if name.schema() == layer => Some(name),
        Ok(name) => {
            problems.push(format!("{name} does not belong into folder {layer}"));
            None
        }
        Err(error) => {
            problems.push(error.to_string());
            None
        }
    }
}

fn kind(header: &Header, layer: &str, problems: &mut Vec<String>) -> Kind {
    match header.kind.as_deref() {
        None | Some("audit") if layer == "audits" => Kind::Audit,
        Some("table") if layer != "audits" => Kind::Table,
        Some("view") if layer != "audits" => Kind::View,
        Some(other) => {
            problems.push(format!("kind `{other}` is not one of table, view, audit"));
            Kind::Table
        }
        None => {
            problems.push("the header has no `kind`: table or view".to_owned());
            Kind::Table
        }
    }
}
