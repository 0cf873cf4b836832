//! One query from request to rows.

use std::cmp::Ordering;

use serde_json::Value as Json;

use super::columns::{Column, Row};
use super::evaluate::Condition;
use super::parser::parse;
use super::{QueryError, filter_array};
use crate::data::value::write_json_text;
use crate::data::{Dataset, Form, Value};

/// The members of a query's `data` object.
#[derive(Debug, Clone, Default)]
pub(crate) struct QueryRequest {
    pub(crate) form_id: String,
    pub(crate) field_keys: Vec<String>,
    pub(crate) filter: String,
    pub(crate) order: String,
    pub(crate) top: usize,
    pub(crate) start: usize,
    pub(crate) limit: usize,
}

impl QueryRequest {
    /// Reads the members by name without regard to case.
    pub(crate) fn read(data: &Json) -> Result<Self, QueryError> {
        let empty = serde_json::Map::new();
        let object = data.as_object().unwrap_or(&empty);
        let get = |name: &str| {
            object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
        };
        let text = |name| get(name).and_then(Json::as_str).unwrap_or_default().trim().to_owned();
        let count = |name: &'static str| match get(name) {
            None | Some(Json::Null) => Ok(0),
            Some(Json::String(text)) if text.is_empty() => Ok(0),
            Some(value) => {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                text.parse().map_err(|_| QueryError::Parameter(name.to_owned()))
            }
        };
        let field_keys = match get("FieldKeys") {
            Some(Json::Array(keys)) => {
                keys.iter().filter_map(Json::as_str).map(|key| key.trim().to_owned()).collect()
            }
            _ => text("FieldKeys").split(',').map(|key| key.trim().to_owned()).collect::<Vec<_>>(),
        };
        Ok(Self {
            form_id: text("FormId"),
            field_keys: field_keys.into_iter().filter(|key| !key.is_empty()).collect(),
            filter: match get("FilterString") {
                Some(Json::Array(items)) => filter_array::text(items)?,
                Some(Json::String(text)) if text.trim_start().starts_with("[{") => {
                    let items: Vec<Json> = serde_json::from_str(text)
                        .map_err(|_| QueryError::Parameter("FilterString".to_owned()))?;
                    filter_array::text(&items)?
                }
                _ => text("FilterString"),
            },
            order: text("OrderString"),
            top: count("TopRowCount")?,
            start: count("StartRow")?,
            limit: count("Limit")?,
        })
    }
}

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowShape {
    /// Arrays in field order (ExecuteBillQuery).
    Arrays,
    /// Objects named by the keys as requested (BillQuery).
    Objects,
}

/// The rows of one answer.
pub(crate) struct Selection {
    /// The JSON array.
    pub(crate) json: String,
    /// Primary key of the first row's document.
    pub(crate) first_pk: Option<i64>,
}

/// Answers a query with at most `cap` rows.
pub(crate) fn select(
    data: &Dataset,
    request: &QueryRequest,
    cap: usize,
    shape: RowShape,
) -> Result<Selection, QueryError> {
    if request.form_id.is_empty() {
        return Err(QueryError::NoForm);
    }
    let form = data
        .form(&request.form_id)
        .ok_or_else(|| QueryError::UnknownForm(request.form_id.chars().take(80).collect()))?;
    if request.field_keys.is_empty() {
        return Err(QueryError::NoFields);
    }
    let resolve = |key: &String| Column::resolve(data, &form.meta, key);
    let columns: Vec<_> = request.field_keys.iter().map(resolve).collect::<Result<_, _>>()?;
    let condition = Condition::compile(data, &form.meta, &parse(&request.filter)?)?;
    let order = order(data, form, &request.order)?;
    let expands = columns.iter().chain(order.iter().map(|(column, _)| column)).any(|c| c.of_entry)
        || condition.names_entry();

    let mut rows = matching(data, form, &condition, expands);
    let end = page_end(request, cap, rows.len());
    let start = request.start.min(end);
    sort(data, &order, &mut rows, end);
    let page = &rows[start..end];
    let mut json = String::with_capacity(page.len() * 64 + 2);
    json.push('[');
    for (position, row) in page.iter().enumerate() {
        json.push_str(if position > 0 { "," } else { "" });
        write_row(data, &columns, &request.field_keys, *row, shape, &mut json);
    }
    json.push(']');
    Ok(Selection { json, first_pk: page.first().map(|row| row.document.pk) })
}

/// End of the page as an absolute row: `TopRowCount` caps the end, not the page size.
fn page_end(request: &QueryRequest, cap: usize, rows: usize) -> usize {
    let limit = if request.limit == 0 { cap } else { request.limit.min(cap) };
    let end = request.start.saturating_add(limit).min(rows);
    if request.top == 0 { end } else { end.min(request.top) }
}

fn matching<'a>(
    data: &Dataset,
    form: &'a Form,
    condition: &Condition,
    expands: bool,
) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    let mut keep = |row: Row<'a>| {
        if condition.holds(data, row) == Some(true) {
            rows.push(row);
        }
    };
    for document in form.documents.values() {
        if expands && !document.entries.is_empty() {
            for entry in &document.entries {
                keep(Row { document, entry: Some(entry) });
            }
        } else {
            keep(Row { document, entry: None });
        }
    }
    rows
}

/// Reads `FModifyDate ASC,FID DESC`.
fn order(data: &Dataset, form: &Form, text: &str) -> Result<Vec<(Column, bool)>, QueryError> {
    let part = |part: &str| {
        let mut words = part.split_whitespace();
        let key = words.next().unwrap_or_default();
        let descending = match words.next().map(str::to_ascii_lowercase).as_deref() {
            None | Some("asc") => false,
            Some("desc") => true,
            Some(_) => return Err(QueryError::Parameter(format!("OrderString“{part}”"))),
        };
        Ok((Column::resolve(data, &form.meta, key)?, descending))
    };
    text.split(',').map(str::trim).filter(|p| !p.is_empty()).map(part).collect()
}

/// Puts the first `end` rows in order; the rest stay in any order.
fn sort(data: &Dataset, order: &[(Column, bool)], rows: &mut Vec<Row<'_>>, end: usize) {
    if order.is_empty() {
        return;
    }
    let keys = |row: &Row<'_>| -> Vec<Value> {
        order.iter().map(|(column, _)| column.value(data, *row)).collect()
    };
    let mut keyed: Vec<_> = rows.iter().enumerate().map(|(at, row)| (keys(row), at)).collect();
    let compare = |left: &(Vec<Value>, usize), right: &(Vec<Value>, usize)| {
        for ((_, descending), (a, b)) in order.iter().zip(left.0.iter().zip(&right.0)) {
            match a.sort_cmp(b) {
                Ordering::Equal => {}
                found => return if *descending { found.reverse() } else { found },
            }
        }
        left.1.cmp(&right.1)
    };
    if end > 0 && end < keyed.len() {
        keyed.select_nth_unstable_by(end - 1, compare);
        keyed.truncate(end);
    }
    keyed.sort_unstable_by(compare);
    let sorted = keyed.iter().filter_map(|(_, at)| rows.get(*at).copied()).collect();
    *rows = sorted;
}

fn write_row(
    data: &Dataset,
    columns: &[Column],
    keys: &[String],
    row: Row<'_>,
    shape: RowShape,
    json: &mut String,
) {
    let (open, close) = match shape {
        RowShape::Arrays => ('[', ']'),
        RowShape::Objects => ('{', '}'),
    };
    json.push(open);
    for (position, (column, key)) in columns.iter().zip(keys).enumerate() {
        json.push_str(if position > 0 { "," } else { "" });
        if shape == RowShape::Objects {
            write_json_text(key, json);
            json.push(':');
        }
        column.value(data, row).write_json(json);
    }
    json.push(close);
}
