//! The canonical tables as data, checked once.

use std::sync::{Arc, OnceLock};

use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use serde::Deserialize;
use yuanliu_contract::{ConnectorError, ErrorKind, Feeds, Result, StreamSpec};

/// The column that gathers what a file holds beyond the canonical columns, as JSON.
pub const ATTRIBUTES: &str = "attributes";

/// Decimal columns: precision.
pub const DECIMAL_PRECISION: u8 = 28;

/// Decimal columns: scale.
pub const DECIMAL_SCALE: i8 = 10;

const CATALOG: &str = include_str!("../catalog.toml");

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    /// Any text, trimmed.
    Text,
    /// An exact number; one with more than ten decimals is rejected, never rounded.
    Decimal,
    /// A coordinate; decimals beyond the tenth are dropped.
    Degrees,
    /// A calendar day.
    Date,
    /// An instant; without an offset it is read in the configured zone.
    Datetime,
}

impl ColumnType {
    fn data_type(self) -> DataType {
        match self {
            Self::Text => DataType::Utf8,
            Self::Decimal | Self::Degrees => DataType::Decimal128(DECIMAL_PRECISION, DECIMAL_SCALE),
            Self::Date => DataType::Date32,
            Self::Datetime => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        }
    }
}

/// One column: its name and type.
#[derive(Debug, Clone, Deserialize)]
pub struct Column(pub String, pub ColumnType);

/// One canonical table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The file's name without its extension, and the stream's.
    pub name: String,
    /// Chinese, then English.
    pub title: String,
    /// The columns that name a row.
    pub key: Vec<String>,
    /// Those of them that may be empty.
    #[serde(default)]
    pub empty_key: Vec<String>,
    /// All columns but [`ATTRIBUTES`].
    pub columns: Vec<Column>,
}

impl Table {
    /// The canonical columns and [`ATTRIBUTES`].
    pub fn schema(&self) -> SchemaRef {
        let canonical =
            self.columns.iter().map(|Column(name, kind)| Field::new(name, kind.data_type(), true));
        let attributes = Field::new(ATTRIBUTES, DataType::Utf8, true);
        Arc::new(Schema::new(canonical.chain([attributes]).collect::<Vec<_>>()))
    }

    /// Whether a row cannot be without this column.
    pub fn is_required(&self, column: &str) -> bool {
        self.key.iter().any(|key| key == column) && !self.empty_key.iter().any(|key| key == column)
    }

    /// The table as a stream.
    pub fn stream(&self) -> StreamSpec {
        StreamSpec {
            name: self.name.clone(),
            title: self.title.clone(),
            schema: self.schema(),
            key: self.key.clone(),
            change: None,
            expects_rows: false,
            feeds: Feeds::Models,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Catalog {
    table: Vec<Table>,
}

/// All canonical tables, in the order of the core model.
pub fn tables() -> Result<&'static [Table]> {
    static TABLES: OnceLock<std::result::Result<Vec<Table>, String>> = OnceLock::new();
    let tables = TABLES.get_or_init(|| {
        let catalog: Catalog = toml::from_str(CATALOG).map_err(|error| error.to_string())?;
        Ok(catalog.table)
    });
    tables.as_deref().map_err(|message| {
        ConnectorError::new(ErrorKind::Internal, "reading the catalogue of canonical tables")
            .with_detail(message)
    })
}

/// The table of that name.
pub fn table(name: &str) -> Result<&'static Table> {
    tables()?.iter().find(|table| table.name == name).ok_or_else(|| {
        ConnectorError::new(ErrorKind::NotFound, format!("opening stream {name}"))
            .with_hint(format!("the streams are {}", names()))
    })
}

/// All table names for a message.
pub fn names() -> String {
    let tables = tables().unwrap_or_default();
    tables.iter().map(|table| table.name.as_str()).collect::<Vec<_>>().join(", ")
}
