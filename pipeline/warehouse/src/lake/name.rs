//! Names of tables in the lake.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::LakeError;

/// The name of a table: `schema.table`, which is also its folder below the lake's root.
///
/// Both parts hold lower-case ASCII letters, digits, `_` and `-`, so that a name is a safe path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableName {
    schema: String,
    table: String,
}

impl TableName {
    /// Checks both parts and joins them.
    pub fn new(schema: &str, table: &str) -> Result<Self, LakeError> {
        if is_part(schema) && is_part(table) {
            Ok(Self { schema: schema.to_owned(), table: table.to_owned() })
        } else {
            Err(LakeError::Name { text: format!("{schema}.{table}") })
        }
    }

    /// The part before the dot.
    pub fn schema(&self) -> &str {
        &self.schema
    }

    /// The part after the dot.
    pub fn table(&self) -> &str {
        &self.table
    }
}

fn is_part(text: &str) -> bool {
    let is_allowed = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-')
    };
    !text.is_empty() && !text.starts_with('-') && text.bytes().all(is_allowed)
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.schema, self.table)
    }
}

impl FromStr for TableName {
    type Err = LakeError;

    fn from_str(text: &str) -> Result<Self, LakeError> {
        match text.split_once('.') {
            Some((schema, table)) => Self::new(schema, table),
            None => Err(LakeError::Name { text: text.to_owned() }),
        }
    }
}

impl Serialize for TableName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TableName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
