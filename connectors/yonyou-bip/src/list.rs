//! One page of a list (reference: yonyou.md 1.4).

use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use yuanliu_contract::Result;

use crate::catalog::{ID, Stream};
use crate::client::{Answer, Client};
use crate::envelope;
use crate::error::NO_DATA;

/// What to ask for.
pub(crate) struct ListQuery<'a> {
    pub(crate) stream: &'a Stream,
    /// Conditions of `simpleVOs` that must all hold.
    pub(crate) conditions: Vec<Value>,
    /// Keys of the request and their values; a `.` leads into an object.
    pub(crate) named: Vec<(String, String)>,
    /// From 1.
    pub(crate) page_index: u64,
    pub(crate) page_rows: usize,
}

impl<'a> ListQuery<'a> {
    /// A query for one page of all rows.
    pub(crate) fn all(stream: &'a Stream, page_index: u64, page_rows: usize) -> Self {
        Self { stream, conditions: Vec::new(), named: Vec::new(), page_index, page_rows }
    }

    /// Asks; none if the system says that there is no data.
    pub(crate) async fn send(self, client: &Client) -> Result<Option<Answer>> {
        let action = format!("listing {}", self.stream.path);
        match client.post(&self.stream.path, &action, &self.body()).await {
            Ok(answer) => Ok(Some(answer)),
            Err(refusal) if refusal.code.as_deref() == Some(NO_DATA) => Ok(None),
            Err(refusal) => Err(*refusal.error),
        }
    }

    fn body(&self) -> Value {
        let mut body = Map::new();
        body.insert("pageIndex".to_owned(), json!(self.page_index));
        body.insert("pageSize".to_owned(), json!(self.page_rows));
        for (key, value) in &self.stream.request {
            body.insert(key.clone(), json!(value));
        }
        if !self.conditions.is_empty() {
            let group = json!([{ "logicOp": "and", "conditions": self.conditions }]);
            body.insert("simpleVOs".to_owned(), group);
        }
        if self.stream.is_ordered {
            body.insert("queryOrders".to_owned(), json!([{ "field": ID, "order": "asc" }]));
        }
        for (key, value) in &self.named {
            put(&mut body, key, json!(value));
        }
        Value::Object(body)
    }
}

/// Sets a key of a request; a `.` leads into an object, which is made if it is not there.
pub(crate) fn put(body: &mut Map<String, Value>, key: &str, value: Value) {
    match key.split_once('.') {
        None => {
            body.insert(key.to_owned(), value);
        }
        Some((outer, inner)) => {
            let object = body.entry(outer).or_insert_with(|| json!({}));
            if let Some(object) = object.as_object_mut() {
                put(object, inner, value);
            }
        }
    }
}

/// What a page holds. Totals are numbers or texts, or not there at all.
#[derive(Debug, Default)]
pub(crate) struct ListPage<'a> {
    pub(crate) rows: Vec<&'a RawValue>,
    /// Rows of all pages.
    pub(crate) rows_in_all: Option<u64>,
    page_rows: Option<u64>,
    page_count: Option<u64>,
}

impl<'a> ListPage<'a> {
    /// Reads an answer: a page object, or a bare array of rows.
    pub(crate) fn read(answer: &'a Answer) -> Result<Self> {
        let text = answer.data()?.map_or("null", |data| data.get());
        match text.as_bytes().first() {
            Some(b'n') => Ok(Self::default()),
            Some(b'[') => {
                Ok(Self { rows: envelope::parse(answer.reply(), text)?, ..Self::default() })
            }
            _ => Self::read_object(answer, text),
        }
    }

    fn read_object(answer: &'a Answer, text: &'a str) -> Result<Self> {
        let parts: std::collections::BTreeMap<String, &'a RawValue> =
            envelope::parse(answer.reply(), text)?;
        let number = |name: &str| {
            let value: Value = serde_json::from_str(parts.get(name)?.get()).ok()?;
            envelope::integer(&value).and_then(|number| u64::try_from(number).ok())
        };
        let rows = match parts.get("recordList").map(|rows| rows.get()) {
            None | Some("null") => Vec::new(),
            Some(rows) => envelope::parse(answer.reply(), rows)?,
        };
        Ok(Self {
            rows,
            rows_in_all: number("recordCount"),
            // The staff list spells it in its own way.
            page_rows: number("pageSize").or_else(|| number("pageSIze")),
            page_count: number("pageCount"),
        })
    }

    /// The page size that counts: some lists cut what was asked for without a word.
    pub(crate) fn size(&self, asked: usize) -> u64 {
        let asked = asked as u64;
        self.page_rows.filter(|&size| size > 0 && size < asked).unwrap_or(asked)
    }

    /// Whether nothing is behind this page, which was asked for as `index` with `page_rows` rows.
    pub(crate) fn is_last(&self, index: u64, page_rows: u64) -> bool {
        if self.rows.is_empty() {
            return true;
        }
        match (self.rows_in_all, self.page_count) {
            (Some(in_all), _) => index.saturating_mul(page_rows) >= in_all,
            (None, Some(pages)) => index >= pages,
            (None, None) => (self.rows.len() as u64) < page_rows,
        }
    }
}
