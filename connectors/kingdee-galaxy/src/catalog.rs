//! The streams as data: `catalog.toml`, checked as a whole.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field as ArrowField, Schema, SchemaRef, TimeUnit};
use serde::Deserialize;
use yuanliu_contract::{ConfigProblem, Feeds, StreamSpec};

/// The catalogue that is part of the program.
const EMBEDDED: &str = include_str!("../catalog.toml");

/// Digits of a quantity or amount in all, and after the point: what the vendor's own tables hold.
pub(crate) const DECIMAL_PRECISION: u8 = 28;
pub(crate) const DECIMAL_SCALE: i8 = 10;

/// A key has at most this many parts, as in `FAuxPropId.FF100001.FName`.
const KEY_PARTS_MAX: usize = 3;

/// How a field is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FieldType {
    Id,
    Text,
    Enum,
    Decimal,
    Date,
    Datetime,
    Boolean,
}

impl FieldType {
    fn arrow(self) -> DataType {
        match self {
            Self::Id => DataType::Int64,
            Self::Text | Self::Enum => DataType::Utf8,
            Self::Decimal => DataType::Decimal128(DECIMAL_PRECISION, DECIMAL_SCALE),
            Self::Date => DataType::Date32,
            Self::Datetime => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Self::Boolean => DataType::Boolean,
        }
    }
}

/// One field that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Field {
    /// As it is asked for.
    pub(crate) key: String,
    #[serde(rename = "type")]
    pub(crate) kind: FieldType,
    /// Left out of the query if the server does not know it.
    #[serde(default)]
    pub(crate) optional: bool,
}

impl Field {
    /// The raw table's column.
    pub(crate) fn column(&self) -> String {
        self.key.replace('.', "__")
    }
}

/// One stream.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stream {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) form: String,
    pub(crate) entity: Option<String>,
    pub(crate) pk: String,
    pub(crate) entry_pk: Option<String>,
    pub(crate) change: Option<String>,
    pub(crate) condition: Option<String>,
    #[serde(default)]
    pub(crate) optional: bool,
    #[serde(default)]
    pub(crate) expects_rows: bool,
    pub(crate) fields: Vec<Field>,
}

impl Stream {
    /// The place of a field among the fields.
    pub(crate) fn index(&self, key: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.key == key)
    }

    /// The place of the header's primary key; the catalogue is checked to have it.
    pub(crate) fn pk_index(&self) -> Option<usize> {
        self.index(&self.pk)
    }

    /// The place of the entry's primary key.
    pub(crate) fn entry_index(&self) -> Option<usize> {
        self.entry_pk.as_deref().and_then(|key| self.index(key))
    }

    /// The place of the change field.
    pub(crate) fn change_index(&self) -> Option<usize> {
        self.change.as_deref().and_then(|key| self.index(key))
    }

    /// The key columns: never null.
    pub(crate) fn is_key(&self, field: &Field) -> bool {
        field.key == self.pk || Some(&field.key) == self.entry_pk.as_ref()
    }

    /// The raw table's own columns.
    pub(crate) fn schema(&self) -> SchemaRef {
        let column = |field: &Field| {
            ArrowField::new(field.column(), field.kind.arrow(), !self.is_key(field))
        };
        Arc::new(Schema::new(self.fields.iter().map(column).collect::<Vec<_>>()))
    }

    /// The stream as the hub sees it.
    pub(crate) fn spec(&self) -> StreamSpec {
        let column = |key: &String| key.replace('.', "__");
        StreamSpec {
            name: self.name.clone(),
            title: self.title.clone(),
            schema: self.schema(),
            key: std::iter::once(&self.pk).chain(&self.entry_pk).map(column).collect(),
            change: self.change.as_ref().map(column),
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
            for key in keys {
                let key = key.trim().to_owned();
                stream.fields.push(Field { key, kind: FieldType::Text, optional: false });
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
    if stream.entity.is_some() != stream.entry_pk.is_some() {
        wrong("entity and entry_pk are given together or not at all".to_owned());
    }
    let mut columns = BTreeSet::new();
    for field in &stream.fields {
        if !is_field_key(&field.key) {
            wrong(format!("`{}` is not a field key such as F_ABCD_Text", field.key));
        }
        if !columns.insert(field.column().to_ascii_lowercase()) {
            wrong(format!("field {} is there twice", field.key));
        }
    }
    for key in std::iter::once(&stream.pk).chain(&stream.entry_pk) {
        match stream.fields.iter().find(|field| field.key == *key) {
            Some(field) if field.kind == FieldType::Id && !field.optional => {}
            Some(_) => wrong(format!("key {key} must be an id that is not optional")),
            None => wrong(format!("key {key} is not among the fields")),
        }
    }
    if let Some(key) = &stream.change {
        match stream.fields.iter().find(|field| field.key == *key) {
            Some(field) if field.kind == FieldType::Datetime => {}
            Some(_) => wrong(format!("change field {key} must be a datetime")),
            None => wrong(format!("change field {key} is not among the fields")),
        }
    }
    if stream.condition.as_deref().is_some_and(|text| text.contains('<')) {
        wrong("the condition holds `<`, which the server's screening rule may refuse".to_owned());
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
            "product dealer supplier work_order material_issue material_feed material_return \
             product_receipt sales_order delivery employee inspection warehouse"
        );
        let order = catalog.streams.iter().find(|s| s.name == "sales_order").unwrap().spec();
        assert_eq!(order.key, ["FID", "FSaleOrderEntry_FEntryID"]);
        assert!(order.schema.field_with_name("FCustId__FNumber").unwrap().is_nullable());
        assert!(!order.schema.field_with_name("FID").unwrap().is_nullable());
    }

    #[test]
    fn extra_fields_become_text_columns() {
        let fields = extra("sales_order", &["F_ABCD_Text", "F_ABCD_Base.FNumber"]);
        let catalog = Catalog::with_extra_fields(&fields).unwrap();
        let order = catalog.streams.iter().find(|s| s.name == "sales_order").unwrap();
        let schema = order.schema();
        assert_eq!(
            schema.field_with_name("F_ABCD_Base__FNumber").unwrap().data_type(),
            &DataType::Utf8
        );
    }

    #[test]
    fn every_problem_is_reported() {
        let mut fields = extra("sales_order", &["F A", "fqty"]);
        fields.extend(extra("no_such", &["F_X"]));
        let problems = Catalog::with_extra_fields(&fields).unwrap_err();
        let lines: Vec<_> = problems.iter().map(|p| format!("{}: {}", p.path, p.message)).collect();
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert!(lines[0].starts_with("extra_fields.no_such: no such stream; streams are product,"));
        assert!(lines[1].contains("`F A` is not a field key"));
        assert!(lines[2].contains("field fqty is there twice"));
    }

    #[test]
    fn a_broken_catalogue_names_every_fault() {
        let text = r#"
            [[stream]]
            name = "A"
            title = "t"
            form = "X"
            entity = "FEntity"
            pk = "FID"
            change = "FDate"
            condition = "FQty < 1"
            fields = [{ key = "FID", type = "text" }]
        "#;
        assert_eq!(Catalog::parse(text).unwrap_err().len(), 5);
        assert_eq!(Catalog::parse("[[stream]]\nnam = 1").unwrap_err().len(), 1);
    }
}
