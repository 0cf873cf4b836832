//! Reads a stream window by window. Documents are cut into pages by their id: the server has no
//! page size, so a window with more documents than a page is asked for again after the last one.

use std::collections::VecDeque;
use std::sync::Arc;

use async_trait::async_trait;
use yuanliu_contract::{ConnectorError, Cursor, ErrorKind, Page, ReadRange, Result, Source};

use super::passes::{Window, windows};
use super::position::Position;
use super::query::ask;
use super::system::Shared;
use crate::catalog::Stream;
use crate::decode::RowDecoder;
use crate::row::rows;
use crate::xml::Element;

/// An opened stream.
pub(crate) struct EaiSource {
    shared: Arc<Shared>,
    stream: Arc<Stream>,
    range: ReadRange,
    position: Option<Position>,
    /// Set when the first page is asked for.
    windows: Option<VecDeque<Window>>,
}

impl EaiSource {
    /// Opens a stream after a cursor; contacts nothing.
    pub(crate) fn open(
        shared: Arc<Shared>,
        stream: Arc<Stream>,
        cursor: Option<&Cursor>,
        range: &ReadRange,
    ) -> Result<Self> {
        let position = cursor.map(Position::decode).transpose()?;
        Ok(Self { shared, stream, range: range.clone(), position, windows: None })
    }

    fn front(&mut self) -> Option<Window> {
        let (shared, stream) = (&self.shared, &self.stream);
        let windows = self.windows.get_or_insert_with(|| {
            let now = shared.client.now();
            windows(stream, &shared.plan, self.position.as_ref(), &self.range, now)
        });
        windows.front().copied()
    }

    async fn read_page(&mut self, window: Window) -> Result<Option<Page>> {
        let shared = self.shared.clone();
        let stream = self.stream.clone();
        let conditions = window.conditions(&stream, &shared.plan);
        let records = ask(&shared.client, &shared.sender, &stream, &conditions).await?;
        let (records, after, is_done) = match stream.number {
            Some(_) => page(records, window.after, shared.plan.page_rows)
                .map_err(|detail| malformed(&stream, detail))?,
            None => (records, None, true),
        };
        if records.is_empty() {
            return Ok(None);
        }
        let mut decoder = RowDecoder::new(&stream, shared.plan.time_zone, records.len())?;
        for record in &records {
            for row in rows(record, stream.lines) {
                decoder.push(&row);
            }
        }
        let cursor = Cursor::encode(&Position::new(&window, after, is_done))?;
        let page = Page::new(decoder.finish()?, cursor);
        // Nothing can fail from here on: the same page would be asked for again.
        if let Some(windows) = self.windows.as_mut() {
            match windows.front_mut() {
                Some(front) if !is_done => front.after = after,
                _ => {
                    windows.pop_front();
                }
            }
        }
        Ok(Some(page))
    }
}

/// The first documents of an answer in the order of their ids, the last id, and whether they are all.
/// Documents without an id come last: they become rejects.
#[allow(clippy::type_complexity, reason = "the three parts of a page, used once")]
fn page(
    records: Vec<Element>,
    after: Option<i64>,
    page_rows: usize,
) -> std::result::Result<(Vec<Element>, Option<i64>, bool), String> {
    let id = |record: &Element| {
        record.child("header").unwrap_or(record).child_text("id").parse::<i64>().ok()
    };
    let mut numbered: Vec<(i64, Element)> =
        records.into_iter().map(|record| (id(&record).unwrap_or(i64::MAX), record)).collect();
    if numbered.iter().any(|(id, _)| after.is_some_and(|after| *id <= after)) {
        return Err("the server did not keep to the condition on the document's id".to_owned());
    }
    numbered.sort_by_key(|(id, _)| *id);
    let is_done = numbered.len() <= page_rows;
    numbered.truncate(page_rows);
    let last = numbered.last().map(|(id, _)| *id).or(after);
    Ok((numbered.into_iter().map(|(_, record)| record).collect(), last, is_done))
}

fn malformed(stream: &Stream, detail: String) -> ConnectorError {
    ConnectorError::new(ErrorKind::Malformed, format!("querying {}", stream.root))
        .with_detail(detail)
}

#[async_trait]
impl Source for EaiSource {
    async fn next_page(&mut self) -> Result<Option<Page>> {
        let name = self.stream.name.clone();
        let in_stream = |mut error: ConnectorError| {
            error.action = format!("reading {name}: {}", error.action);
            error
        };
        while let Some(window) = self.front() {
            match self.read_page(window).await.map_err(in_stream)? {
                Some(page) => return Ok(Some(page)),
                None => self.windows.as_mut().and_then(VecDeque::pop_front),
            };
        }
        Ok(None)
    }
}
