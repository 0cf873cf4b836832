//! Reads a stream in passes over windows of the change field.
//!
//! Lists are paged by number, and a row that leaves the list moves all behind it forward. Where a
//! list can be ordered and filtered by id, every page is therefore the first one from the last
//! document's id on; rows of that document come again and are passed over. Where it cannot, the
//! total tells how many rows left, and reading goes back by so many.

use std::collections::VecDeque;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use yuanliu_contract::{ConnectorError, Cursor, ErrorKind, Page, ReadRange, Result, Source};

use crate::catalog::{Bounds, Stream};
use crate::decode::{RowDecoder, RowMark};
use crate::list::ListPage;
use crate::pass::{self, Pass};
use crate::position::{Position, Progress};
use crate::system::Tenant;

/// A list from which rows vanish faster than this over one run cannot be read to its end.
const REWINDS_MAX: u32 = 200;

/// An opened stream.
pub(crate) struct BipSource {
    tenant: Arc<Tenant>,
    stream: Arc<Stream>,
    range: ReadRange,
    position: Option<Position>,
    /// Planned when the first page is asked for.
    passes: Option<VecDeque<Pass>>,
    newest: Option<DateTime<Utc>>,
    /// Until the list turns out not to honour the order or the filter.
    is_keyset: bool,
    /// As configured, until the list cuts it.
    page_rows: usize,
    /// Rows of the last document read, which the next page begins with.
    tail: Vec<String>,
    rewinds: u32,
}

impl BipSource {
    /// Opens a stream after a cursor; contacts nothing.
    pub(crate) fn open(
        tenant: Arc<Tenant>,
        stream: Arc<Stream>,
        cursor: Option<&Cursor>,
        range: &ReadRange,
    ) -> Result<Self> {
        let position = cursor.map(Position::decode).transpose()?;
        Ok(Self {
            page_rows: stream.page_rows(tenant.page_rows),
            tenant,
            range: range.clone(),
            newest: position.as_ref().and_then(|position| position.newest),
            position,
            passes: None,
            is_keyset: stream.is_keyset(),
            stream,
            tail: Vec::new(),
            rewinds: 0,
        })
    }

    /// The pass to read on, none at the end.
    async fn pass(&mut self) -> Result<Option<Pass>> {
        if self.passes.is_none() {
            // The fence follows the server's clock, which shows in the first reply.
            self.tenant.client.session().await?;
            let now = self.tenant.client.source_now();
            let position = self.position.as_ref();
            self.passes = Some(pass::plan(&self.stream, &self.range, position, now));
        }
        let passes = self.passes.get_or_insert_default();
        while passes.front().is_some_and(|pass| pass.progress.is_done) {
            passes.pop_front();
            self.tail.clear();
        }
        Ok(passes.front().copied())
    }

    /// Reads one page and moves on; none if it held nothing new.
    async fn read_page(&mut self, pass: Pass) -> Result<Option<Page>> {
        let (tenant, stream) = (self.tenant.clone(), self.stream.clone());
        let page_rows = self.page_rows;
        let (query, index) = pass.query(&stream, page_rows);
        let Some(answer) = query.send(&tenant.client).await? else {
            self.move_to(Progress { is_done: true, ..pass.progress });
            return Ok(None);
        };
        let list = ListPage::read(&answer)?;
        let mut decoder = RowDecoder::new(&stream, list.rows.len())?;
        let mut marks = Vec::with_capacity(list.rows.len());
        for row in &list.rows {
            let is_known = self.tail.iter().any(|known| known == row.get());
            let is_wanted = |mark: &RowMark| !is_known && is_within(&stream, &pass, mark);
            marks.push(decoder.push(row.get(), is_wanted));
        }
        if self.is_keyset && !is_ordered(&marks, pass.progress.from_id) {
            self.is_keyset = false;
            self.move_to(Progress::default());
            return Ok(None);
        }
        let size = list.size(page_rows);
        let before = (index - 1).saturating_mul(size);
        let is_short = list.rows.is_empty() && list.rows_in_all.is_some_and(|all| all > before);
        let next = self.next_progress(pass.progress, &list, &marks, (index, size));
        if is_short && next.is_done {
            return Err(answer.malformed(format!(
                "page {index} is empty, although there are {} rows",
                list.rows_in_all.unwrap_or_default()
            )));
        }
        if next.rows < pass.progress.rows && next.from_id == pass.progress.from_id {
            self.rewinds += 1;
            if self.rewinds > REWINDS_MAX {
                return Err(answer
                    .error(ErrorKind::Busy)
                    .with_detail("rows leave the list faster than it can be read")
                    .with_hint(
                        "read it by parts, with sync --from and --to, or at a quieter hour",
                    ));
            }
        }
        let newest = self.newest.max(marks.iter().filter_map(|mark| mark.newest()).max());
        let rows = decoder.finish()?;
        let position = Position::new(pass.kind, (pass.start, pass.end), next, newest);
        let cursor = Cursor::encode(&position)?;
        // Nothing can fail from here on: the same page would be asked for again.
        let tail = self.tail_of(&list, &marks, next.from_id);
        self.tail = tail;
        self.page_rows = usize::try_from(size).unwrap_or(page_rows);
        self.newest = newest;
        self.move_to(next);
        let is_empty = rows.batch.num_rows() == 0 && rows.rejects.is_empty();
        Ok((!is_empty).then(|| Page::new(rows, cursor)))
    }

    /// Where to read on after page `index` of `size` rows.
    fn next_progress(
        &self,
        before: Progress,
        list: &ListPage<'_>,
        marks: &[RowMark],
        (index, size): (u64, u64),
    ) -> Progress {
        let left = before.rows_in_all.zip(list.rows_in_all);
        if let Some(gone) = left.and_then(|(were, are)| were.checked_sub(are)).filter(|&n| n > 0) {
            // Rows not read yet moved forward by as many, onto pages read before.
            let rows = (index - 1).saturating_mul(size).saturating_sub(gone) / size * size;
            return Progress { rows, rows_in_all: list.rows_in_all, is_done: false, ..before };
        }
        let is_done = list.is_last(index, size);
        let last_id = marks.iter().filter_map(|mark| mark.id).next_back();
        if self.is_keyset && last_id > before.from_id {
            return Progress { from_id: last_id, rows: 0, rows_in_all: None, is_done };
        }
        let rows = index.saturating_mul(size);
        Progress { rows, rows_in_all: list.rows_in_all, is_done, ..before }
    }

    fn tail_of(&self, list: &ListPage<'_>, marks: &[RowMark], from_id: Option<i64>) -> Vec<String> {
        let Some(from_id) = from_id else { return Vec::new() };
        let of_last = marks.iter().zip(&list.rows).filter(|(mark, _)| mark.id == Some(from_id));
        let mut tail: Vec<_> = of_last.map(|(_, row)| row.get().to_owned()).collect();
        // A document longer than a page goes on.
        if marks.first().is_some_and(|mark| mark.id == Some(from_id)) {
            tail.extend(self.tail.iter().cloned());
        }
        tail
    }

    fn move_to(&mut self, progress: Progress) {
        if let Some(pass) = self.passes.as_mut().and_then(VecDeque::front_mut) {
            pass.progress = progress;
        }
    }
}

/// Whether a row belongs to the pass, where the list could not be told to leave others out.
fn is_within(stream: &Stream, pass: &Pass, mark: &RowMark) -> bool {
    let is_bounded = !matches!(stream.bounds, Some(Bounds::Named { to: None, .. }));
    is_bounded || pass.end.is_none() || mark.changed_at <= pass.end
}

/// Whether ids do not fall and none is before `from_id`.
fn is_ordered(marks: &[RowMark], from_id: Option<i64>) -> bool {
    let mut reached = from_id;
    marks.iter().filter_map(|mark| mark.id).all(|id| {
        let holds = Some(id) >= reached;
        reached = Some(id);
        holds
    })
}

#[async_trait]
impl Source for BipSource {
    async fn next_page(&mut self) -> Result<Option<Page>> {
        let name = self.stream.name.clone();
        let in_stream = |mut error: ConnectorError| {
            error.action = format!("reading {name}: {}", error.action);
            error
        };
        while let Some(pass) = self.pass().await.map_err(in_stream)? {
            if let Some(page) = self.read_page(pass).await.map_err(in_stream)? {
                return Ok(Some(page));
            }
        }
        Ok(None)
    }
}
