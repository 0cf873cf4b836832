//! The streams of a SQL system as data: `[[stream]]` tables, from a product's own catalogue or from
//! the system's file, checked as a whole.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use serde::Deserialize;
use yuanliu_contract::{ConfigProblem, Feeds, StreamSpec};

pub use crate::column_type::ColumnType;

/// The column that says which of several databases a row comes from.
pub const DATABASE_COLUMN: &str = "database_name";

/// A key has at most this many columns: each adds a comparison to every statement.
const KEY_COLUMNS_MAX: usize = 8;

/// One column of a stream.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// As the source names it; with `expr`, as the lake names it unless `lake_name` is given.
    pub name: String,
    /// As the lake names it, `as` in the file; the source's name if left out.
    #[serde(rename = "as")]
    pub lake_name: Option<String>,
    /// What it is read as.
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// An expression in the product's own SQL, read instead of a column.
    pub expr: Option<String>,
    /// Left out of the statement where the source lacks it; stays null.
    #[serde(default)]
    pub optional: bool,
    /// The source never holds null there, which spares a pass or a comparison.
    #[serde(default)]
    pub not_null: bool,
}

impl Column {
    /// A plain column of the source.
    pub fn new(name: impl Into<String>, kind: ColumnType) -> Self {
        let name = name.into();
        Self { name, lake_name: None, kind, expr: None, optional: false, not_null: false }
    }

    /// The raw table's column.
    pub fn lake_name(&self) -> &str {
        self.lake_name.as_deref().unwrap_or(&self.name)
    }

    /// The raw table's column with its type. Always nullable: a null counts as an empty part of a
    /// key, and a key-only run leaves other columns empty.
    pub fn field(&self) -> Field {
        Field::new(self.lake_name(), self.kind.arrow(), true)
    }
}

/// Which of several databases a stream is read from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// One after another, oldest first.
    #[default]
    Each,
    /// The last one only: masters that each year's database repeats.
    Latest,
}

/// How deletions become known besides reconciliation by key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deletes {
    /// They do not.
    #[default]
    None,
    /// By the source's own change tracking (SQL Server).
    ChangeTracking,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum FeedsForm {
    #[default]
    Models,
    ScanEvents,
}

/// One stream.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stream {
    /// Snake case.
    pub name: String,
    title: Option<String>,
    /// A table or view, with its schema.
    pub table: Option<String>,
    /// One `select` without `order by`, in place of a table.
    pub query: Option<String>,
    /// Columns that name a row, as the source names them.
    pub key: Vec<String>,
    /// The column that moves when a row changes, as the source names it.
    pub change: Option<String>,
    /// A predicate in the product's own SQL.
    pub condition: Option<String>,
    /// Which databases it is read from.
    #[serde(default)]
    pub scope: Scope,
    /// Whether the database is the first part of the key, with [`Scope::Each`].
    #[serde(default = "yes")]
    pub database_key: bool,
    /// How deletions become known.
    #[serde(default)]
    pub deletes: Deletes,
    #[serde(default)]
    feeds: FeedsForm,
    #[serde(default)]
    expects_rows: bool,
    /// The table may be missing on some installations.
    #[serde(default)]
    pub optional: bool,
    /// What is read.
    pub columns: Vec<Column>,
    /// Set where several databases are read as one system and the scope is [`Scope::Each`].
    #[serde(skip)]
    pub has_database_column: bool,
}

fn yes() -> bool {
    true
}

impl Stream {
    /// What users call it.
    pub fn title(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.name)
    }

    /// What is read: the table's name, or `the query of <stream>`.
    pub fn source_name(&self) -> String {
        self.table.clone().unwrap_or_else(|| format!("the query of {}", self.name))
    }

    /// The place of a column among the columns, by its name in the source.
    pub fn index(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The places of the key columns; the catalogue is checked to have them.
    pub fn key_indices(&self) -> Vec<usize> {
        self.key.iter().filter_map(|name| self.index(name)).collect()
    }

    /// The place of the change column.
    pub fn change_index(&self) -> Option<usize> {
        self.change.as_deref().and_then(|name| self.index(name))
    }

    /// The raw table's own columns.
    pub fn schema(&self) -> SchemaRef {
        let database = self.has_database_column;
        let database = database.then(|| Field::new(DATABASE_COLUMN, DataType::Utf8, false));
        let columns = self.columns.iter().map(Column::field);
        Arc::new(Schema::new(database.into_iter().chain(columns).collect::<Vec<_>>()))
    }

    /// The stream as the hub sees it.
    pub fn spec(&self) -> StreamSpec {
        let lake_name = |name: &String| {
            let column = self.columns.iter().find(|column| column.name == *name);
            column.map_or_else(|| name.clone(), |column| column.lake_name().to_owned())
        };
        let in_key = self.has_database_column && self.database_key;
        let database = in_key.then(|| DATABASE_COLUMN.to_owned());
        StreamSpec {
            name: self.name.clone(),
            title: self.title().to_owned(),
            schema: self.schema(),
            key: database.into_iter().chain(self.key.iter().map(lake_name)).collect(),
            change: self.change.as_ref().map(lake_name),
            expects_rows: self.expects_rows,
            feeds: match self.feeds {
                FeedsForm::Models => Feeds::Models,
                FeedsForm::ScanEvents => Feeds::ScanEvents,
            },
        }
    }

    /// Everything that is wrong with it, without its name.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        self.check_source(&mut problems);
        self.check_columns(&mut problems);
        self.check_key(&mut problems);
        self.check_change(&mut problems);
        problems
    }

    fn check_source(&self, problems: &mut Vec<String>) {
        let is_snake = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let starts_well = self.name.starts_with(|c: char| c.is_ascii_lowercase());
        if !starts_well || !self.name.chars().all(is_snake) {
            problems.push("the name is not snake case".to_owned());
        }
        match (&self.table, &self.query) {
            (Some(_), Some(_)) => {
                problems.push("give either table or query, not both".to_owned());
            }
            (None, None) => problems.push("give a table or a query".to_owned()),
            (Some(table), None) if table.split('.').any(|part| part.trim().is_empty()) => {
                problems.push(format!("`{table}` is not the name of a table"));
            }
            (None, Some(query)) => problems.extend(query_problem(query)),
            (Some(_), None) => {}
        }
    }

    fn check_columns(&self, problems: &mut Vec<String>) {
        if self.columns.is_empty() {
            problems.push("has no columns".to_owned());
        }
        let mut names = BTreeSet::new();
        let mut lake_names = BTreeSet::new();
        for column in &self.columns {
            let (name, lake_name) = (&column.name, column.lake_name());
            if name.trim().is_empty() || name.contains('\0') {
                problems.push(format!("`{name}` is not the name of a column"));
            }
            if lake_name.trim().is_empty() || lake_name.starts_with('_') {
                problems.push(format!(
                    "column {name}: `{lake_name}` is empty or starts with `_` as the hub's own \
                     columns do; give another name with as"
                ));
            }
            if !names.insert(name) {
                problems.push(format!("column {name} is there twice"));
            }
            if !lake_names.insert(lake_name.to_ascii_lowercase()) {
                problems.push(format!("two columns are named {lake_name} in the lake"));
            }
            if column.optional && column.expr.is_some() {
                problems.push(format!("column {name}: an expression cannot be optional"));
            }
            if lake_name.eq_ignore_ascii_case(DATABASE_COLUMN) && self.has_database_column {
                problems.push(format!("{DATABASE_COLUMN} is added by the hub; give another name"));
            }
        }
    }

    fn check_key(&self, problems: &mut Vec<String>) {
        if self.key.is_empty() || self.key.len() > KEY_COLUMNS_MAX {
            problems.push(format!("the key has 1 to {KEY_COLUMNS_MAX} columns"));
        }
        let mut names = BTreeSet::new();
        for name in &self.key {
            if !names.insert(name) {
                problems.push(format!("key column {name} is there twice"));
            }
            match self.columns.iter().find(|column| column.name == *name) {
                None => problems.push(format!("key column {name} is not among the columns")),
                Some(column) if column.optional => {
                    problems.push(format!("key column {name} cannot be optional"));
                }
                Some(column) if column.kind == ColumnType::Json => {
                    problems.push(format!("key column {name} is json, which has no order"));
                }
                Some(_) => {}
            }
        }
    }

    fn check_change(&self, problems: &mut Vec<String>) {
        let Some(name) = &self.change else { return };
        match self.columns.iter().find(|column| column.name == *name) {
            None => problems.push(format!("change column {name} is not among the columns")),
            Some(column) if !column.kind.is_time() && !column.kind.is_counter() => {
                problems.push(format!(
                    "change column {name} is {}; it must be datetime, instant, rowversion, integer \
                     or unsigned",
                    column.kind
                ));
            }
            Some(_) => {}
        }
    }
}

fn query_problem(query: &str) -> Option<String> {
    let text = query.trim_start().to_ascii_lowercase();
    if !text.starts_with("select") && !text.starts_with("with") {
        return Some("the query must be one select".to_owned());
    }
    query.contains(';').then(|| "the query must be one select without `;`".to_owned())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    stream: Vec<toml::Table>,
}

/// Reads a product's own catalogue, the text of a `catalog.toml`, or says everything that is wrong.
pub fn parse(text: &str) -> Result<Vec<Stream>, Vec<ConfigProblem>> {
    let file: File = toml::from_str(text).map_err(|error| {
        vec![ConfigProblem::new("catalog.toml", error.to_string().trim().to_owned())]
    })?;
    from_tables(&file.stream)
}

/// Reads `[[stream]]` tables, or says everything that is wrong with all of them.
pub fn from_tables(tables: &[toml::Table]) -> Result<Vec<Stream>, Vec<ConfigProblem>> {
    let mut problems = Vec::new();
    let mut streams: Vec<Stream> = Vec::new();
    for (at, table) in tables.iter().enumerate() {
        let name = table.get("name").and_then(toml::Value::as_str).filter(|name| !name.is_empty());
        let path = match name {
            Some(name) => format!("stream {name}"),
            None => format!("stream {}", at + 1),
        };
        match toml::Value::Table(table.clone()).try_into::<Stream>() {
            Err(error) => {
                problems.push(ConfigProblem::new(path, error.to_string().trim().to_owned()));
            }
            Ok(stream) => {
                let found = stream.problems().into_iter();
                problems.extend(found.map(|message| ConfigProblem::new(&path, message)));
                if streams.iter().any(|other| other.name == stream.name) {
                    problems.push(ConfigProblem::new(path, "is there twice"));
                }
                streams.push(stream);
            }
        }
    }
    if problems.is_empty() { Ok(streams) } else { Err(problems) }
}

/// Adds columns by stream, each as `name type`, or says everything that is wrong with them.
pub fn extend(
    streams: &mut [Stream],
    extra: &BTreeMap<String, Vec<String>>,
) -> Result<(), Vec<ConfigProblem>> {
    let mut problems = Vec::new();
    for (name, columns) in extra {
        let path = format!("extra_columns.{name}");
        let known: Vec<_> = streams.iter().map(|stream| stream.name.clone()).collect();
        let Some(stream) = streams.iter_mut().find(|stream| stream.name == *name) else {
            let message = format!("no such stream; streams are {}", known.join(", "));
            problems.push(ConfigProblem::new(path, message));
            continue;
        };
        for text in columns {
            match text.trim().rsplit_once(char::is_whitespace) {
                Some((name, kind)) => match kind.parse() {
                    Ok(kind) => stream.columns.push(Column::new(name.trim(), kind)),
                    Err(message) => problems.push(ConfigProblem::new(&path, message)),
                },
                None => problems.push(ConfigProblem::new(
                    &path,
                    format!("`{text}` should be a name and a type, such as `cDefine1 text`"),
                )),
            }
        }
        let found = stream.problems().into_iter();
        problems.extend(found.map(|message| ConfigProblem::new(&path, message)));
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}
