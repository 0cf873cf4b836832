//! Lists a page at a time, rows, and files.

use bytes::Bytes;
use futures::stream::BoxStream;
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, Schema};
use utoipa::openapi::{RefOr, Type};
use utoipa::{PartialSchema, ToSchema};

/// Which part of a list is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageAsked {
    /// The `next` of the page before; none: the first page.
    pub after: Option<String>,
    /// At most so many items.
    pub limit: u32,
}

/// A part of a list.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// What names the place after the last item in words of the port's own; none: the list ends.
    pub next: Option<String>,
}

/// One row: values by column. Decimals are strings, so that nothing is rounded on the way.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Row(pub serde_json::Map<String, serde_json::Value>);

impl PartialSchema for Row {
    fn schema() -> RefOr<Schema> {
        let value = ObjectBuilder::new().schema_type(utoipa::openapi::schema::SchemaType::AnyValue);
        ObjectBuilder::new()
            .schema_type(Type::Object)
            .description(Some(
                "One row: values by column name. Decimals are strings, instants RFC 3339, missing is null.",
            ))
            .additional_properties(Some(AdditionalProperties::RefOr(value.build().into())))
            .into()
    }
}

impl ToSchema for Row {
    fn name() -> std::borrow::Cow<'static, str> {
        "Row".into()
    }
}

/// A column of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Column {
    /// Its name in every format.
    #[schema(example = "region_code")]
    pub name: String,
    /// `text`, `integer`, `decimal`, `fraction`, `boolean`, `date`, `instant` or `list`.
    #[serde(rename = "type")]
    #[schema(example = "text")]
    pub data_type: String,
}

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileFormat {
    /// A JSON document.
    Json,
    /// Comma separated values, UTF-8 with a byte order mark.
    Csv,
    /// An Excel workbook.
    Xlsx,
}

/// A file on its way out.
pub struct FileAnswer {
    /// What it is saved as, without a folder; may hold any letters.
    pub name: String,
    /// Its bytes as they are made; an error cuts the transfer off.
    pub bytes: BoxStream<'static, std::io::Result<Bytes>>,
}

impl std::fmt::Debug for FileAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileAnswer").field("name", &self.name).finish_non_exhaustive()
    }
}
