//! The forms of the catalogue as the server describes them, custom fields included.

use std::sync::Arc;

use yuanliu_contract::{DiscoveredField, DiscoveredObject, ErrorKind, Result};

use crate::catalog::Stream;
use crate::metadata::FormInfo;
use crate::system::Account;

/// Fields a customer adds start with it; the vendor's do not.
const CUSTOM_PREFIX: &str = "F_";

/// Describes every form of the catalogue. A form the server does not know, or does not show this
/// user, has no fields; a check says why.
pub(crate) async fn discover(
    account: &Account,
    streams: &[Arc<Stream>],
) -> Result<Vec<DiscoveredObject>> {
    let mut objects = Vec::with_capacity(streams.len());
    for stream in streams {
        let form = match FormInfo::fetch(&account.client, &stream.form).await {
            Ok(form) => form,
            Err(error) if error.kind == ErrorKind::Permission => None,
            Err(error) => return Err(error),
        };
        let title = form.as_ref().map(|form| form.title.clone()).filter(|title| !title.is_empty());
        objects.push(DiscoveredObject {
            name: stream.form.clone(),
            title: title.unwrap_or_else(|| stream.title.clone()),
            stream: Some(stream.name.clone()),
            fields: form.map(|form| fields(stream, form)).unwrap_or_default(),
        });
    }
    Ok(objects)
}

fn fields(stream: &Stream, form: FormInfo) -> Vec<DiscoveredField> {
    let is_read = |key: &str| {
        let same = |asked: &str| asked.eq_ignore_ascii_case(key);
        stream.fields.iter().any(|field| {
            same(&field.key) || field.key.split_once('.').is_some_and(|(base, _)| same(base))
        })
    };
    let described = form.fields.into_iter().map(|field| DiscoveredField {
        is_custom: field.key.starts_with(CUSTOM_PREFIX),
        is_read: is_read(&field.key),
        name: field.key,
        title: field.title,
        data_type: field.data_type,
    });
    described.collect()
}
