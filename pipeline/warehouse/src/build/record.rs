//! What a model was built from, kept in its own commit.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use deltalake::{DeltaTable, DeltaTableError};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::content::Content;
use crate::lake::{TableName, data_version, find_back, ids};

/// A model's last build.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// Fingerprint of the model's text and of what it calls.
    pub(crate) model: String,
    /// Version of every input.
    pub(crate) inputs: BTreeMap<TableName, String>,
    /// When time alone will change the result.
    pub(crate) expires: Option<DateTime<Utc>>,
    /// False until `expires` has been found out, so that a build cut short there is done again.
    pub(crate) is_complete: bool,
    /// What the table holds.
    pub(crate) content: Content,
}

impl Record {
    /// The record of the last build, none if the table was changed by anyone else since.
    pub(crate) async fn read(table: &DeltaTable) -> Result<Option<Self>, DeltaTableError> {
        let found = find_back(table, |entry| {
            let value = entry.metadata(ids::BUILD)?;
            Some((entry.version, serde_json::from_value::<Self>(value.clone()).ok()))
        });
        let Some((version, Some(record))) = found.await? else { return Ok(None) };
        Ok((data_version(table).await? <= version).then_some(record))
    }

    pub(crate) fn metadata(&self) -> (String, Value) {
        // A record of texts and numbers always has a JSON form; null would only mean a rebuild.
        (ids::BUILD.to_owned(), serde_json::to_value(self).unwrap_or_default())
    }
}
