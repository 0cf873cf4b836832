//! How a table is defined.

use crate::values::SqlType;

/// A column of a table.
#[derive(Debug, Clone)]
pub struct ColumnDef {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: SqlType,
    /// Whether it may be null.
    pub nullable: bool,
    /// Whether new rows without a value get the next number.
    pub identity: bool,
    /// The expression of a computed column; it is worked out when a row is put.
    pub computed: Option<String>,
}

/// An index that is not the primary key.
#[derive(Debug, Clone)]
pub struct IndexDef {
    /// Its name.
    pub name: String,
    /// Positions of its columns, leading one first.
    pub columns: Vec<usize>,
}

/// A table's definition, built by chaining:
///
/// ```
/// use yuanliu_sandbox_sql_server::{SqlType, TableDef};
///
/// let table = TableDef::new("dbo", "SO_SODetails")
///     .column("AutoID", SqlType::Int)
///     .column("iQuantity", SqlType::Decimal(30, 10))
///     .column("dufts", SqlType::RowVersion)
///     .key(["AutoID"])
///     .index("IX_dufts", ["dufts"]);
/// assert_eq!(table.columns.len(), 3);
/// ```
///
/// A name that is no column of the table is left out of a key or an index; a column of a name that is
/// there already takes its place.
#[derive(Debug, Clone)]
pub struct TableDef {
    /// Schema: `dbo`.
    pub schema: String,
    /// Name.
    pub name: String,
    /// Columns in order.
    pub columns: Vec<ColumnDef>,
    /// Positions of the primary key's columns; empty for a heap.
    pub key: Vec<usize>,
    /// Further indexes.
    pub indexes: Vec<IndexDef>,
    /// Whether Change Tracking is on.
    pub change_tracking: bool,
}

impl TableDef {
    /// A table without columns.
    #[must_use]
    pub fn new(schema: &str, name: &str) -> Self {
        Self {
            schema: schema.to_owned(),
            name: name.to_owned(),
            columns: Vec::new(),
            key: Vec::new(),
            indexes: Vec::new(),
            change_tracking: false,
        }
    }

    fn add(mut self, name: &str, ty: SqlType, nullable: bool) -> Self {
        let known = self.position(name);
        let name = name.to_owned();
        let column = ColumnDef { name, ty, nullable, identity: false, computed: None };
        match known {
            Some(at) => self.columns[at] = column,
            None => self.columns.push(column),
        }
        self
    }

    /// Adds a column that may be null (a `rowversion` never is).
    #[must_use]
    pub fn column(self, name: &str, ty: SqlType) -> Self {
        self.add(name, ty, ty != SqlType::RowVersion)
    }

    /// Adds a column that is never null.
    #[must_use]
    pub fn required(self, name: &str, ty: SqlType) -> Self {
        self.add(name, ty, false)
    }

    /// Adds a column that new rows get numbers in.
    #[must_use]
    pub fn identity(mut self, name: &str, ty: SqlType) -> Self {
        self = self.add(name, ty, false);
        if let Some(column) = self.columns.last_mut() {
            column.identity = true;
        }
        self
    }

    /// Adds a computed column: `("total", SqlType::Decimal(38, 10), "qty * price")`.
    #[must_use]
    pub fn computed(mut self, name: &str, ty: SqlType, expression: &str) -> Self {
        self = self.add(name, ty, true);
        if let Some(column) = self.columns.last_mut() {
            column.computed = Some(expression.to_owned());
        }
        self
    }

    /// Makes these columns the clustered primary key; they become not null.
    #[must_use]
    pub fn key<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        self.key = names.into_iter().filter_map(|name| self.position(name)).collect();
        for &at in &self.key {
            self.columns[at].nullable = false;
        }
        self
    }

    /// Adds an index.
    #[must_use]
    pub fn index<'a>(mut self, name: &str, columns: impl IntoIterator<Item = &'a str>) -> Self {
        let columns = columns.into_iter().filter_map(|name| self.position(name)).collect();
        self.indexes.push(IndexDef { name: name.to_owned(), columns });
        self
    }

    /// Switches Change Tracking on for the table; the database must have it too.
    #[must_use]
    pub fn change_tracking(mut self) -> Self {
        self.change_tracking = true;
        self
    }

    /// The position of a column; case does not count.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns
            .iter()
            .position(|column| column.name.eq_ignore_ascii_case(name) || column.name == name)
    }

    /// `schema.name`
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{}.{}", self.schema, self.name)
    }

    pub(crate) fn rowversion(&self) -> Option<usize> {
        self.columns.iter().position(|column| column.ty == SqlType::RowVersion)
    }
}
