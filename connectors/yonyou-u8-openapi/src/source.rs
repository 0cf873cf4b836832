//! Reads a stream pass by pass, page by page.
//!
//! The relay has page numbers only. If a pass has fewer rows than on its page before, rows moved to
//! earlier pages, so the reading goes back as many pages as could hold them; rows read twice are
//! harmless. What still slips through while rows are added and removed at once is found by the next
//! run, whose passes overlap this one.

use std::collections::VecDeque;
use std::sync::Arc;

use async_trait::async_trait;
use yuanliu_contract::{ConnectorError, Cursor, Page, ReadRange, Result, Source};

use crate::catalog::Stream;
use crate::decode::RowDecoder;
use crate::fetch::Listing;
use crate::passes::{Occasion, Pass, passes};
use crate::position::Position;
use crate::system::Shared;

/// How often one page is asked for again because rows vanished before it.
const STEPS_BACK_MAX: usize = 3;

/// An opened stream.
pub(crate) struct U8Source {
    shared: Arc<Shared>,
    stream: Arc<Stream>,
    range: ReadRange,
    position: Option<Position>,
    /// Set when the first page is asked for.
    passes: Option<VecDeque<Pass>>,
    /// A page of which some documents are still missing.
    open: Option<Listing>,
}

impl U8Source {
    /// Opens a stream after a cursor; contacts nothing.
    pub(crate) fn open(
        shared: Arc<Shared>,
        stream: Arc<Stream>,
        cursor: Option<&Cursor>,
        range: &ReadRange,
    ) -> Result<Self> {
        let position = cursor.map(Position::decode).transpose()?;
        Ok(Self { shared, stream, range: range.clone(), position, passes: None, open: None })
    }

    fn front(&mut self) -> Option<Pass> {
        let passes = self.passes.get_or_insert_with(|| {
            let occasion = Occasion {
                now: self.shared.client.now(),
                zone: self.shared.time_zone,
                document_days: self.shared.document_days,
                range: &self.range,
            };
            passes(&self.stream, self.position.as_ref(), &occasion)
        });
        passes.front().cloned()
    }

    async fn read_page(&mut self, mut pass: Pass) -> Result<Option<Page>> {
        let shared = self.shared.clone();
        let stream = self.stream.clone();
        if self.open.is_none() {
            let filters = pass.parameters(&stream);
            let mut listing = shared.list(&stream, &filters, pass.page).await?;
            for _ in 0..STEPS_BACK_MAX {
                let gone = pass.rows.saturating_sub(listing.row_count);
                if gone == 0 || listing.is_empty() || pass.page == 1 {
                    break;
                }
                let back = gone.div_ceil(shared.page_rows_u64());
                pass.page = pass.page.saturating_sub(back).max(1);
                pass.rows = listing.row_count;
                listing = shared.list(&stream, &filters, pass.page).await?;
            }
            pass.rows = listing.row_count;
            if let Some(front) = self.passes.as_mut().and_then(VecDeque::front_mut) {
                *front = pass.clone();
            }
            if listing.is_empty() {
                return Ok(None);
            }
            self.open = Some(listing);
        }
        let Some(listing) = self.open.as_mut() else { return Ok(None) };
        let is_last = listing.is_last;
        let rows = listing.complete(&shared.client, &stream).await?;
        let mut decoder = RowDecoder::new(&stream, shared.time_zone, rows.len())?;
        for row in &rows {
            decoder.push(row);
        }
        let position = Position::new(
            pass.kind,
            (pass.begin, pass.end),
            (pass.page, pass.rows, is_last),
            pass.since,
        );
        let page = Page::new(decoder.finish()?, Cursor::encode(&position)?);
        // Nothing can fail from here on: the same page would be asked for again.
        self.open = None;
        if let Some(passes) = self.passes.as_mut() {
            match passes.front_mut() {
                Some(front) if !is_last => front.page = pass.page.saturating_add(1),
                _ => {
                    passes.pop_front();
                }
            }
        }
        Ok(Some(page))
    }
}

#[async_trait]
impl Source for U8Source {
    async fn next_page(&mut self) -> Result<Option<Page>> {
        let name = self.stream.name.clone();
        let in_stream = |mut error: ConnectorError| {
            error.action = format!("reading {name}: {}", error.action);
            error
        };
        while let Some(pass) = self.front() {
            match self.read_page(pass).await.map_err(in_stream)? {
                Some(page) => return Ok(Some(page)),
                None => self.passes.as_mut().and_then(VecDeque::pop_front),
            };
        }
        Ok(None)
    }
}
