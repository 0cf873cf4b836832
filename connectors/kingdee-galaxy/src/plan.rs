//! What of a stream is asked for on this server: optional fields it does not know are left out.

use std::sync::Arc;

use yuanliu_contract::Result;

use crate::catalog::Stream;
use crate::client::Client;
use crate::metadata::FormInfo;

/// A stream fitted to a server.
#[derive(Debug, Clone)]
pub(crate) struct StreamPlan {
    pub(crate) stream: Arc<Stream>,
    /// Places of the fields that are asked for, in order.
    pub(crate) asked: Vec<usize>,
    /// An optional stream whose form the server does not know: nothing is read.
    pub(crate) is_absent: bool,
    /// Required fields that the server does not describe; asked for nonetheless.
    pub(crate) undescribed: Vec<String>,
}

impl StreamPlan {
    /// Fits a stream to what the server says about its form.
    pub(crate) async fn fit(client: &Client, stream: &Arc<Stream>) -> Result<Self> {
        let form = FormInfo::fetch(client, &stream.form).await?;
        Ok(Self::with(stream, form.as_ref()))
    }

    /// Fits a stream to a description, or to none.
    pub(crate) fn with(stream: &Arc<Stream>, form: Option<&FormInfo>) -> Self {
        let is_known = |key: &str| form.is_none_or(|form| form.knows(key));
        let fields = || stream.fields.iter().enumerate();
        let is_asked = |field: &crate::catalog::Field| !field.optional || is_known(&field.key);
        Self {
            stream: stream.clone(),
            asked: fields().filter(|(_, field)| is_asked(field)).map(|(at, _)| at).collect(),
            is_absent: stream.optional && form.is_none(),
            undescribed: fields()
                .filter(|(_, field)| !field.optional && !is_known(&field.key))
                .map(|(_, field)| field.key.clone())
                .collect(),
        }
    }

    /// The columns to ask for, in order.
    pub(crate) fn field_keys(&self) -> String {
        let keys: Vec<_> = self.asked_fields().map(|(_, field)| field.key.as_str()).collect();
        keys.join(",")
    }

    /// The asked fields with their places.
    pub(crate) fn asked_fields(&self) -> impl Iterator<Item = (usize, &crate::catalog::Field)> {
        self.asked.iter().filter_map(|&at| self.stream.fields.get(at).map(|field| (at, field)))
    }

    /// Optional fields that are left out on this server.
    pub(crate) fn left_out(&self) -> Vec<&str> {
        let fields = self.stream.fields.iter().enumerate();
        let left_out = fields.filter(|(at, _)| !self.asked.contains(at));
        left_out.map(|(_, field)| field.key.as_str()).collect()
    }

    /// The change field, if this server has it.
    pub(crate) fn change(&self) -> Option<&str> {
        let at = self.stream.change_index()?;
        self.asked.contains(&at).then_some(self.stream.change.as_deref()).flatten()
    }
}
