//! The description of a form: what QueryBusinessInfo tells and what queries are checked against.

use super::decimal::Decimal;
use super::value::Value;

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// Text.
    Text,
    /// Integer.
    Int,
    /// Exact decimal.
    Decimal,
    /// Date without time.
    Date,
    /// Date with time.
    DateTime,
    /// True or false.
    Bool,
    /// A code with captions, as `(code, caption)` pairs.
    Enum(Vec<(String, String)>),
    /// Base data: the internal id of a row of another form.
    Base(String),
    /// Assistant data (辅助资料): a text id, with `.FDataValue` and `.FNumber`.
    Assistant,
}

impl FieldKind {
    /// The value of a field that was never filled.
    #[must_use]
    pub fn empty(&self) -> Value {
        match self {
            Self::Text | Self::Enum(_) | Self::Assistant => Value::text(""),
            Self::Int | Self::Base(_) => Value::Int(0),
            Self::Decimal => Value::Decimal(Decimal::ZERO),
            Self::Date | Self::DateTime => Value::Null,
            Self::Bool => Value::Bool(false),
        }
    }
}

/// One field of a header or an entry.
#[derive(Debug, Clone)]
pub struct FieldMeta {
    /// Field key, for example `FBillNo`.
    pub key: String,
    /// Chinese caption.
    pub caption: String,
    /// What it holds.
    pub kind: FieldKind,
    /// Whether a save without it is refused.
    pub must_input: bool,
    pub(crate) removed: bool,
}

impl FieldMeta {
    /// An optional field.
    #[must_use]
    pub fn new(key: impl Into<String>, caption: impl Into<String>, kind: FieldKind) -> Self {
        Self { key: key.into(), caption: caption.into(), kind, must_input: false, removed: false }
    }

    /// The ORM property name: the key without its leading `F`.
    #[must_use]
    pub fn property(&self) -> &str {
        match self.key.strip_prefix('F') {
            Some(rest) if !rest.is_empty() => rest,
            _ => &self.key,
        }
    }
}

/// The entry list of a document form.
#[derive(Debug, Clone)]
pub struct EntityMeta {
    /// Entity key, for example `FEntity`.
    pub key: String,
    /// Chinese caption.
    pub caption: String,
    /// Database table.
    pub table: String,
    /// Name of the list in the ORM object that View returns.
    pub entry_name: String,
    /// Fields in order.
    pub fields: Vec<FieldMeta>,
}

/// The description of one form.
#[derive(Debug, Clone)]
pub struct FormMeta {
    /// FormId as the catalogue spells it.
    pub id: String,
    /// Chinese caption.
    pub caption: String,
    /// Key of the header's primary key.
    pub pk: String,
    /// Key of the number field (`FNumber` or `FBillNo`).
    pub number: String,
    /// Database table.
    pub table: String,
    /// Header fields in order, the primary key excluded.
    pub header: Vec<FieldMeta>,
    /// Entry list, for documents.
    pub entity: Option<EntityMeta>,
}

impl FormMeta {
    /// Position of a live header field, by key in any case.
    pub(crate) fn header_index(&self, key: &str) -> Option<usize> {
        index(&self.header, key)
    }

    /// Position of a live entry field, by key in any case.
    pub(crate) fn entry_index(&self, key: &str) -> Option<usize> {
        index(&self.entity.as_ref()?.fields, key)
    }

    /// Adds a field to the header, or to the entry list; a field of that key is replaced in place.
    pub(crate) fn add_field(&mut self, in_entry: bool, field: FieldMeta) {
        let fields = match (in_entry, self.entity.as_mut()) {
            (true, Some(entity)) => &mut entity.fields,
            _ => &mut self.header,
        };
        match fields.iter_mut().find(|known| known.key.eq_ignore_ascii_case(&field.key)) {
            Some(known) => *known = field,
            None => fields.push(field),
        }
    }

    /// Makes a field vanish, as an upgrade or a developer does. Answers whether it was there.
    pub(crate) fn remove_field(&mut self, key: &str) -> bool {
        let entry = self.entity.iter_mut().flat_map(|entity| entity.fields.iter_mut());
        let found = self
            .header
            .iter_mut()
            .chain(entry)
            .find(|field| field.key.eq_ignore_ascii_case(key) && !field.removed);
        found.map(|field| field.removed = true).is_some()
    }
}

fn index(fields: &[FieldMeta], key: &str) -> Option<usize> {
    fields.iter().position(|field| !field.removed && field.key.eq_ignore_ascii_case(key))
}
