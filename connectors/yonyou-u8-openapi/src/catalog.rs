//! The streams as data: `catalog.toml`, checked as a whole.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field as ArrowField, Schema, SchemaRef, TimeUnit};
use serde::Deserialize;
use yuanliu_contract::{ConfigProblem, Feeds, StreamSpec};

/// The catalogue that is part of the program.
const EMBEDDED: &str = include_str!("../catalog.toml");

/// Digits of a quantity or amount in all, and after the point: U8's widest columns are
/// `decimal(30,10)`, of which no document uses more than 18 digits before the point.
pub(crate) const DECIMAL_PRECISION: u8 = 28;
pub(crate) const DECIMAL_SCALE: i8 = 10;

/// Names a column of the lines.
pub(crate) const ENTRY: &str = "entry";
const ENTRY_PREFIX: &str = "entry.";

/// The column of a line's place in its document.
pub(crate) const POSITION: &str = "entry_position";

/// How a field is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FieldType {
    Text,
    Decimal,
    Date,
    Datetime,
    Position,
}

impl FieldType {
    fn arrow(self) -> DataType {
        match self {
            Self::Text => DataType::Utf8,
            Self::Decimal => DataType::Decimal128(DECIMAL_PRECISION, DECIMAL_SCALE),
            Self::Date => DataType::Date32,
            Self::Datetime => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Self::Position => DataType::Int64,
        }
    }
}

/// One field.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Field {
    /// As it is answered; a field of the lines with `entry.` before it.
    pub(crate) key: String,
    #[serde(rename = "type")]
    pub(crate) kind: FieldType,
}

impl Field {
    /// The raw table's column.
    pub(crate) fn column(&self) -> String {
        self.key.replace('.', "__")
    }

    /// The name of a field of the lines.
    pub(crate) fn entry_name(&self) -> Option<&str> {
        self.key.strip_prefix(ENTRY_PREFIX)
    }
}

/// Day filters that find rows.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Filter {
    pub(crate) begin: String,
    pub(crate) end: String,
    #[serde(default)]
    pub(crate) sliding: bool,
}

/// Where a document's lines come from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Document {
    pub(crate) resource: String,
    pub(crate) by: String,
}

/// One stream.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stream {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) list: String,
    pub(crate) document: Option<Document>,
    pub(crate) key: Vec<String>,
    pub(crate) change: Option<String>,
    #[serde(default)]
    pub(crate) filters: Vec<Filter>,
    #[serde(default)]
    pub(crate) expects_rows: bool,
    pub(crate) fields: Vec<Field>,
}

impl Stream {
    /// The raw table's own columns.
    pub(crate) fn schema(&self) -> SchemaRef {
        let column = |field: &Field| ArrowField::new(field.column(), field.kind.arrow(), true);
        Arc::new(Schema::new(self.fields.iter().map(column).collect::<Vec<_>>()))
    }

    /// The stream as the hub sees it.
    pub(crate) fn spec(&self) -> StreamSpec {
        StreamSpec {
            name: self.name.clone(),
            title: self.title.clone(),
            schema: self.schema(),
            key: self.key.clone(),
            change: self.change.clone(),
            expects_rows: self.expects_rows,
            feeds: Feeds::Models,
        }
    }
}

/// All streams.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Catalog {
    #[serde(rename = "stream")]
    pub(crate) streams: Vec<Stream>,
}

/// The streams of the embedded catalogue; none if it were broken, which a test rules out.
pub(crate) fn default_streams() -> Vec<StreamSpec> {
    let streams = Catalog::parse(EMBEDDED).map(|catalog| catalog.streams).unwrap_or_default();
    streams.iter().map(Stream::spec).collect()
}

impl Catalog {
    /// The embedded catalogue with the fields a configuration adds, or every problem.
    pub(crate) fn with_extra_fields(
        extra: &BTreeMap<String, Vec<String>>,
    ) -> Result<Self, Vec<ConfigProblem>> {
        let at_catalog = |message| ConfigProblem::new("catalog.toml", message);
        let mut catalog = Self::parse(EMBEDDED)
            .map_err(|problems| problems.into_iter().map(at_catalog).collect::<Vec<_>>())?;
        let mut problems = Vec::new();
        for (name, keys) in extra {
            let path = format!("extra_fields.{name}");
            let known: Vec<_> = catalog.streams.iter().map(|s| s.name.clone()).collect();
            let Some(stream) = catalog.streams.iter_mut().find(|s| s.name == *name) else {
                let message = format!("no such stream; streams are {}", known.join(", "));
                problems.push(ConfigProblem::new(path, message));
                continue;
            };
            let fields = keys.iter().map(|key| key.trim().to_owned());
            stream.fields.extend(fields.map(|key| Field { key, kind: FieldType::Text }));
            let found = problems_of(stream);
            problems.extend(found.into_iter().map(|message| ConfigProblem::new(&path, message)));
        }
        if problems.is_empty() { Ok(catalog) } else { Err(problems) }
    }

    fn parse(text: &str) -> Result<Self, Vec<String>> {
        let catalog: Self =
            toml::from_str(text).map_err(|error| vec![error.to_string().trim().to_owned()])?;
        let mut problems: Vec<_> = catalog.streams.iter().flat_map(problems_of).collect();
        let mut names = BTreeSet::new();
        for stream in &catalog.streams {
            if !names.insert(&stream.name) {
                problems.push(format!("stream {} is there twice", stream.name));
            }
        }
        if problems.is_empty() { Ok(catalog) } else { Err(problems) }
    }
}

fn problems_of(stream: &Stream) -> Vec<String> {
    let mut problems = Vec::new();
    let mut wrong = |message: String| problems.push(format!("stream {}: {message}", stream.name));
    let mut columns = BTreeSet::new();
    for field in &stream.fields {
        if !is_field_key(&field.key) {
            wrong(format!("`{}` is not a field such as define1 or entry.define22", field.key));
        }
        if field.entry_name().is_some() && stream.document.is_none() {
            wrong(format!("`{}`: only documents have lines", field.key));
        }
        if !columns.insert(field.column().to_ascii_lowercase()) {
            wrong(format!("field {} is there twice", field.key));
        }
    }
    for key in stream.key.iter().chain(&stream.change) {
        if !stream.fields.iter().any(|field| field.key == *key) {
            wrong(format!("{key} is not among the fields"));
        }
    }
    if stream.key.is_empty() {
        wrong("has no key".to_owned());
    }
    problems
}

fn is_field_key(key: &str) -> bool {
    let name = key.strip_prefix(ENTRY_PREFIX).unwrap_or(key);
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extra(stream: &str, keys: &[&str]) -> BTreeMap<String, Vec<String>> {
        BTreeMap::from([(stream.to_owned(), keys.iter().map(|&k| k.to_owned()).collect())])
    }

    #[test]
    fn the_embedded_catalogue_is_sound() {
        let catalog = Catalog::with_extra_fields(&BTreeMap::new()).unwrap();
        let names: Vec<_> = catalog.streams.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(
            names.join(" "),
            "product dealer supplier employee warehouse unit sales_order delivery material_issue \
             product_receipt"
        );
    }

    #[test]
    fn extra_fields_become_text_columns_or_are_explained() {
        let fields = extra("sales_order", &["define1", "entry.define22"]);
        let catalog = Catalog::with_extra_fields(&fields).unwrap();
        let order = catalog.streams.iter().find(|s| s.name == "sales_order").unwrap();
        assert!(order.schema().field_with_name("entry__define22").is_ok());
        let mut fields = extra("product", &["F A", "entry.x", "CODE"]);
        fields.extend(extra("no_such", &["x"]));
        let problems = Catalog::with_extra_fields(&fields).unwrap_err();
        assert_eq!(problems.len(), 4, "{problems:?}");
        assert!(problems[0].message.starts_with("no such stream; streams are product,"));
    }
}
