//! One page: a list, and for documents each one's lines.

use serde_json::Value;
use yuanliu_contract::{ConnectorError, ErrorKind, Result};

use crate::catalog::{ENTRY, POSITION, Stream};
use crate::client::Client;
use crate::envelope::{Row, count, scalar};

/// A document with more lines is not one.
const LINES_MAX: usize = 20_000;

/// A page that is being fetched; what has arrived is kept over an error.
#[derive(Debug)]
pub(crate) struct Listing {
    headers: Vec<Row>,
    /// Rows of the documents that are fetched so far, flattened.
    rows: Vec<Row>,
    /// Headers of which the document is fetched.
    done: usize,
    /// Rows the whole list has, as the relay counts them.
    pub(crate) row_count: u64,
    /// Whether no page follows.
    pub(crate) is_last: bool,
}

impl Listing {
    /// Asks for a page of a list.
    pub(crate) async fn ask(
        client: &Client,
        stream: &Stream,
        filters: &[(String, String)],
        page: u64,
        page_rows: usize,
    ) -> Result<Self> {
        let mut parameters: Vec<(&str, String)> =
            filters.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        parameters.push(("page_index", page.to_string()));
        parameters.push(("rows_per_page", page_rows.to_string()));
        let mut answer = client.ask(&stream.list, "batch_get", &parameters).await?;
        let headers = match answer.remove(&stream.list) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(items)) => {
                items.into_iter().map(object).collect::<Option<_>>().ok_or_else(|| {
                    malformed(stream, format!("{} holds what is no row", stream.list))
                })?
            }
            Some(_) => {
                return Err(malformed(stream, format!("{} is not an array", stream.list)));
            }
        };
        let seen = page.saturating_sub(1).saturating_mul(as_u64(page_rows)) + as_u64(headers.len());
        let is_last = match count(&answer, "page_count") {
            Some(pages) => page >= pages,
            None => headers.len() < page_rows,
        };
        let row_count = count(&answer, "row_count").unwrap_or(seen);
        Ok(Self {
            is_last: is_last || headers.is_empty(),
            headers,
            rows: Vec::new(),
            done: 0,
            row_count,
        })
    }

    /// Whether the page has no rows at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.headers.is_empty()
    }

    /// Keeps at most `limit` headers.
    pub(crate) fn truncate(&mut self, limit: usize) {
        self.headers.truncate(limit);
    }

    /// Fetches the documents that are still missing and gives all rows away.
    pub(crate) async fn complete(&mut self, client: &Client, stream: &Stream) -> Result<Vec<Row>> {
        let Some(document) = &stream.document else {
            self.done = self.headers.len();
            return Ok(std::mem::take(&mut self.headers));
        };
        while let Some(header) = self.headers.get(self.done) {
            let Some(id) = header.get(&document.by).and_then(scalar) else {
                // Without a key it cannot be asked for, and cannot be landed: it becomes a reject.
                self.rows.push(header.clone());
                self.done += 1;
                continue;
            };
            let mut answer = client.ask(&document.resource, "get", &[("id", id.clone())]).await?;
            let found = match answer.remove(&document.resource) {
                Some(Value::Array(items)) => items.into_iter().next().and_then(object),
                Some(value) => object(value),
                None => None,
            };
            // A document that vanished since it was listed has no lines to land.
            if let Some(found) = found {
                let lines = flatten(header, found).map_err(|detail| {
                    malformed(stream, format!("{} {id}: {detail}", document.resource))
                })?;
                self.rows.extend(lines);
            }
            self.done += 1;
        }
        Ok(std::mem::take(&mut self.rows))
    }
}

/// One row per line, header columns repeated; a document without lines is one row.
fn flatten(listed: &Row, mut document: Row) -> std::result::Result<Vec<Row>, String> {
    let entry = document.remove(ENTRY);
    let mut header = listed.clone();
    header.remove(ENTRY);
    header.extend(document);
    let lines = match entry {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(lines)) => lines,
        Some(_) => return Err("entry is not an array".to_owned()),
    };
    if lines.len() > LINES_MAX {
        return Err(format!("{} lines, at most {LINES_MAX} are read", lines.len()));
    }
    if lines.is_empty() {
        return Ok(vec![header]);
    }
    let row = |(at, line): (usize, Value)| {
        let mut row = header.clone();
        row.insert(ENTRY.to_owned(), line);
        row.insert(POSITION.to_owned(), Value::from(at + 1));
        row
    };
    Ok(lines.into_iter().enumerate().map(row).collect())
}

fn object(value: Value) -> Option<Row> {
    match value {
        Value::Object(row) => Some(row),
        _ => None,
    }
}

fn malformed(stream: &Stream, detail: String) -> ConnectorError {
    ConnectorError::new(ErrorKind::Malformed, format!("asking {}/batch_get", stream.list))
        .with_detail(detail)
}

fn as_u64(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
