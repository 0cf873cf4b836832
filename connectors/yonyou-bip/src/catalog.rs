//! The streams as data: `catalog.toml`, checked as a whole.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field as ArrowField, Schema, SchemaRef, TimeUnit};
use serde::Deserialize;
use yuanliu_contract::{ConfigProblem, Feeds, StreamSpec};

/// The catalogue that is part of the program.
const EMBEDDED: &str = include_str!("../catalog.toml");

/// Digits of a quantity or amount in all, and after the point, as of every other system.
pub(crate) const DECIMAL_PRECISION: u8 = 28;
pub(crate) const DECIMAL_SCALE: i8 = 10;

/// A key has at most this many parts, as in `orderDetailPrices.oriMoney`.
const KEY_PARTS_MAX: usize = 3;

/// The column that names a document in every list; lists are read in its order.
pub(crate) const ID: &str = "id";

/// How a field is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FieldType {
    /// A number of up to 19 digits, as a JSON number or a text.
    Id,
    /// A text; a number or a yes is taken as it is written.
    Text,
    /// A text, or an object of it in several languages.
    Name,
    /// Any value, as JSON text.
    Json,
    Decimal,
    Date,
    Datetime,
    Boolean,
}

impl FieldType {
    fn arrow(self) -> DataType {
        match self {
            Self::Id => DataType::Int64,
            Self::Text | Self::Name | Self::Json => DataType::Utf8,
            Self::Decimal => DataType::Decimal128(DECIMAL_PRECISION, DECIMAL_SCALE),
            Self::Date => DataType::Date32,
            Self::Datetime => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Self::Boolean => DataType::Boolean,
        }
    }
}

/// One field that is read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Field {
    /// As it stands in a row; a `.` leads into an object.
    pub(crate) key: String,
    #[serde(rename = "type")]
    pub(crate) kind: FieldType,
    /// Other spellings, tried in order where a row has no value under `key`.
    #[serde(default)]
    pub(crate) or: Vec<String>,
}

impl Field {
    /// The raw table's column.
    pub(crate) fn column(&self) -> String {
        column(&self.key)
    }
}

fn column(key: &str) -> String {
    key.replace('.', "__")
}

/// How a list takes bounds of the change column.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Bounds {
    /// As conditions of `simpleVOs`, both ends, and the null as well.
    SimpleVos,
    /// As keys of the request; without `to` rows beyond the end are passed over as they come.
    #[serde(untagged)]
    Named { from: String, to: Option<String> },
}

/// One stream.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stream {
    pub(crate) name: String,
    pub(crate) title: String,
    /// The list's path below the gateway.
    pub(crate) path: String,
    /// The document's id, then the line's or the organisation's.
    pub(crate) key: Vec<String>,
    pub(crate) change: Option<String>,
    pub(crate) bounds: Option<Bounds>,
    /// The list takes `queryOrders`.
    #[serde(default)]
    pub(crate) is_ordered: bool,
    /// The list refuses larger pages.
    pub(crate) page_rows_max: Option<usize>,
    /// Further keys of every request.
    #[serde(default)]
    pub(crate) request: toml::Table,
    #[serde(default)]
    pub(crate) expects_rows: bool,
    pub(crate) fields: Vec<Field>,
}

impl Stream {
    /// The place of a field among the fields.
    pub(crate) fn index(&self, key: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.key == key)
    }

    /// Whether rows can be asked for from an id on, in its order.
    pub(crate) fn is_keyset(&self) -> bool {
        self.is_ordered && self.bounds == Some(Bounds::SimpleVos)
    }

    /// Rows of a page, given what is configured.
    pub(crate) fn page_rows(&self, configured: usize) -> usize {
        self.page_rows_max.map_or(configured, |max| configured.min(max)).max(1)
    }

    /// The raw table's own columns.
    pub(crate) fn schema(&self) -> SchemaRef {
        let column = |field: &Field| {
            ArrowField::new(field.column(), field.kind.arrow(), !self.key.contains(&field.key))
        };
        Arc::new(Schema::new(self.fields.iter().map(column).collect::<Vec<_>>()))
    }

    /// The stream as the hub sees it.
    pub(crate) fn spec(&self) -> StreamSpec {
        StreamSpec {
            name: self.name.clone(),
            title: self.title.clone(),
            schema: self.schema(),
            key: self.key.iter().map(|key| column(key)).collect(),
            change: self.change.as_deref().map(column),
            expects_rows: self.expects_rows,
            feeds: Feeds::Models,
        }
    }
}

/// All streams.
#[derive(Debug, Clone, PartialEq, Deserialize)]
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
            for key in keys {
                let key = key.trim().to_owned();
                stream.fields.push(Field { key, kind: FieldType::Text, or: Vec::new() });
            }
            let found = problems_of(stream);
            problems.extend(found.into_iter().map(|message| ConfigProblem::new(&path, message)));
        }
        if problems.is_empty() { Ok(catalog) } else { Err(problems) }
    }

    /// Reads a catalogue and reports everything that is wrong with it.
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
    let is_snake = |c: char| c.is_ascii_lowercase() || c == '_';
    if stream.name.is_empty() || !stream.name.chars().all(is_snake) {
        wrong("the name is not snake case".to_owned());
    }
    if !stream.path.starts_with('/') || stream.path.contains(['?', '#']) {
        wrong(format!("path {} does not start with / or holds a query", stream.path));
    }
    let mut columns = BTreeSet::new();
    for field in &stream.fields {
        for key in std::iter::once(&field.key).chain(&field.or) {
            if !is_field_key(key) {
                wrong(format!("`{key}` is not a field key such as headItem.define1"));
            }
        }
        if !columns.insert(field.column().to_ascii_lowercase()) {
            wrong(format!("field {} is there twice", field.key));
        }
    }
    if stream.key.first().is_none_or(|key| key != ID) {
        wrong(format!("the key does not begin with {ID}"));
    }
    for key in &stream.key {
        match stream.index(key).and_then(|at| stream.fields.get(at)).map(|field| field.kind) {
            Some(FieldType::Id) => {}
            Some(FieldType::Text) if key != ID || !stream.is_keyset() => {}
            Some(_) => wrong(format!("key {key} must be an id, or a text where no order needs it")),
            None => wrong(format!("key {key} is not among the fields")),
        }
    }
    if let Some(key) = &stream.change {
        match stream.index(key).and_then(|at| stream.fields.get(at)).map(|field| field.kind) {
            Some(FieldType::Datetime) => {}
            Some(_) => wrong(format!("change field {key} must be a datetime")),
            None => wrong(format!("change field {key} is not among the fields")),
        }
    }
    if stream.change.is_some() != stream.bounds.is_some() {
        wrong("change and bounds are given together or not at all".to_owned());
    }
    problems
}

fn is_field_key(key: &str) -> bool {
    let is_part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    key.split('.').count() <= KEY_PARTS_MAX && key.split('.').all(is_part)
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
            "product unit dealer supplier work_order material_issue product_receipt sales_order \
             delivery employee"
        );
        let order = catalog.streams.iter().find(|s| s.name == "sales_order").unwrap();
        assert!(order.is_keyset());
        let spec = order.spec();
        assert_eq!(spec.key, ["id", "orderDetailId"]);
        assert_eq!(spec.change.as_deref(), Some("pubts"));
        assert!(spec.schema.field_with_name("orderDetailPrices__oriMoney").unwrap().is_nullable());
        assert!(!spec.schema.field_with_name("id").unwrap().is_nullable());
        let unit = catalog.streams.iter().find(|s| s.name == "unit").unwrap();
        let (from, to) = ("open_pubts_begin".to_owned(), Some("open_pubts_end".to_owned()));
        assert_eq!(unit.bounds, Some(Bounds::Named { from, to }));
    }

    #[test]
    fn extra_fields_become_text_columns() {
        let fields = extra("sales_order", &["headItem.define1", "bodyItem.define60"]);
        let catalog = Catalog::with_extra_fields(&fields).unwrap();
        let order = catalog.streams.iter().find(|s| s.name == "sales_order").unwrap();
        let schema = order.schema();
        let column = schema.field_with_name("headItem__define1").unwrap();
        assert_eq!(column.data_type(), &DataType::Utf8);
    }

    #[test]
    fn every_problem_is_reported() {
        let mut fields = extra("sales_order", &["head Item", "QTY"]);
        fields.extend(extra("no_such", &["a"]));
        let problems = Catalog::with_extra_fields(&fields).unwrap_err();
        let lines: Vec<_> = problems.iter().map(|p| format!("{}: {}", p.path, p.message)).collect();
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert!(lines[0].starts_with("extra_fields.no_such: no such stream; streams are product,"));
        assert!(lines[1].contains("`head Item` is not a field key"));
        assert!(lines[2].contains("field QTY is there twice"));
    }

    #[test]
    fn a_broken_catalogue_names_every_fault() {
        let text = r#"
            [[stream]]
            name = "A"
            title = "t"
            path = "x?y"
            key = ["code"]
            change = "pubts"
            fields = [{ key = "code", type = "name" }]
        "#;
        assert_eq!(Catalog::parse(text).unwrap_err().len(), 6);
        assert_eq!(Catalog::parse("[[stream]]\nnam = 1").unwrap_err().len(), 1);
    }
}
