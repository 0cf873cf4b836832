//! Reads a stream in keyset pages within half-open windows of the change field.
//!
//! A run is a few passes: what is left of the pass the cursor stands in, then a new window up to the
//! fence, then the rows without a change value. Rows that change while a window is read move beyond
//! its end and are read by the next run. A pass ends on an empty page only: a server may cut pages
//! shorter than they were asked for without saying so.

use std::collections::VecDeque;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use yuanliu_contract::{ConnectorError, Cursor, Page, ReadRange, Result, Source};

use crate::catalog::Stream;
use crate::decode::{RowDecoder, RowMark, payload, spread};
use crate::plan::StreamPlan;
use crate::position::{Key, PassKind, Position};
use crate::query::{BillQuery, rows};
use crate::system::Account;
use crate::zone;

/// One pass over part of the stream, and how far it has come.
#[derive(Debug, Clone, Copy)]
struct Pass {
    kind: PassKind,
    start: Option<DateTime<Utc>>,
    end: Option<DateTime<Utc>>,
    after: Option<Key>,
}

/// An opened stream.
pub(crate) struct GalaxySource {
    account: Arc<Account>,
    stream: Arc<Stream>,
    range: ReadRange,
    position: Option<Position>,
    /// Set when the first page is asked for.
    plan: Option<Arc<StreamPlan>>,
    passes: VecDeque<Pass>,
    newest: Option<DateTime<Utc>>,
}

impl GalaxySource {
    /// Opens a stream after a cursor; contacts nothing.
    pub(crate) fn open(
        account: Arc<Account>,
        stream: Arc<Stream>,
        cursor: Option<&Cursor>,
        range: &ReadRange,
    ) -> Result<Self> {
        let position = cursor.map(Position::decode).transpose()?;
        let newest = position.as_ref().and_then(|position| position.newest);
        let (plan, passes) = (None, VecDeque::new());
        Ok(Self { account, stream, range: range.clone(), position, plan, passes, newest })
    }

    async fn plan(&mut self) -> Result<Arc<StreamPlan>> {
        if let Some(plan) = &self.plan {
            return Ok(plan.clone());
        }
        let plan = self.account.plan(&self.stream).await?;
        if !plan.is_absent {
            self.passes = self.passes(&plan);
        }
        self.plan = Some(plan.clone());
        Ok(plan)
    }

    fn passes(&self, plan: &StreamPlan) -> VecDeque<Pass> {
        let pass = |kind, start, end| Pass { kind, start, end, after: None };
        let lag = TimeDelta::from_std(self.range.safety_lag).unwrap_or(TimeDelta::MAX);
        let now = self.account.client.source_now();
        let fence = now.checked_sub_signed(lag).unwrap_or(DateTime::UNIX_EPOCH).trunc_subsecs(0);
        let mut passes = VecDeque::new();
        if plan.change().is_none() {
            passes.extend(self.unfinished(&[PassKind::Whole]));
            passes.push_back(pass(PassKind::Whole, None, None));
            return passes;
        }
        let (from, to) = (self.range.changed_from, self.range.changed_to);
        if from.is_some() || to.is_some() {
            let end = to.map_or(fence, |to| to.min(fence));
            let unfinished = self.unfinished(&[PassKind::Range]);
            passes.push_back(
                unfinished
                    .filter(|left| left.start == from && (to.is_none() || left.end == Some(end)))
                    .unwrap_or(pass(PassKind::Range, from, Some(end))),
            );
        } else {
            passes.extend(self.unfinished(&[PassKind::Window, PassKind::Null]));
            let look_back = TimeDelta::from_std(self.range.look_back).unwrap_or(TimeDelta::MAX);
            // Without a row read so far the window has no start.
            let newest = self.newest.filter(|_| !passes.is_empty());
            let start = newest.and_then(|newest| newest.checked_sub_signed(look_back));
            passes.push_back(pass(PassKind::Window, start, Some(fence)));
            passes.push_back(pass(PassKind::Null, None, None));
        }
        passes.retain(|pass| pass.start.zip(pass.end).is_none_or(|(start, end)| end > start));
        passes
    }

    /// What is left of the pass the cursor stands in, if it is one of these.
    fn unfinished(&self, kinds: &[PassKind]) -> Option<Pass> {
        let position = self.position.as_ref().filter(|p| kinds.contains(&p.pass))?;
        Some(Pass {
            kind: position.pass,
            start: position.window_start,
            end: position.window_end,
            after: Some(position.after_key),
        })
    }

    async fn read_page(&mut self, plan: &StreamPlan, pass: Pass) -> Result<Option<Page>> {
        let account = self.account.clone();
        let zone = account.time_zone;
        let query = BillQuery {
            plan,
            conditions: conditions(plan, pass, zone),
            after: pass.after,
            limit: account.page_rows,
        };
        let answer = match query.send(&account.client).await {
            Ok(answer) => answer,
            Err(error) => return Err(account.explain(plan, error)),
        };
        let rows = rows(&answer, plan.asked.len())?;
        if rows.is_empty() {
            return Ok(None);
        }
        let mut decoder = RowDecoder::new(&plan.stream, zone, rows.len())?;
        let mut cells = Vec::with_capacity(plan.stream.fields.len());
        let (mut reached, mut newest) = (pass.after, self.newest);
        for row in &rows {
            spread(plan, row, &mut cells);
            let RowMark { key, changed_at } = decoder.push(&cells, || payload(plan, row));
            if key.is_some() && key < reached {
                return Err(
                    answer.malformed(format!("rows are not in the order of {}", plan.stream.pk))
                );
            }
            reached = key.or(reached);
            newest = newest.max(changed_at);
        }
        let Some(key) = reached.filter(|_| reached > pass.after) else {
            return Err(answer.malformed("the page did not come further than the one before"));
        };
        let rows = decoder.finish()?;
        let position = Position::new(pass.kind, (pass.start, pass.end), key, newest);
        let cursor = Cursor::encode(&position)?;
        // Nothing can fail from here on: the same page would be asked for again.
        self.newest = newest;
        if let Some(pass) = self.passes.front_mut() {
            pass.after = Some(key);
        }
        Ok(Some(Page::new(rows, cursor)))
    }
}

#[async_trait]
impl Source for GalaxySource {
    async fn next_page(&mut self) -> Result<Option<Page>> {
        let in_stream = |stream: &Stream, mut error: ConnectorError| {
            error.action = format!("reading {}: {}", stream.name, error.action);
            error
        };
        let stream = self.stream.clone();
        let plan = self.plan().await.map_err(|error| in_stream(&stream, error))?;
        while let Some(pass) = self.passes.front().copied() {
            let page = self.read_page(&plan, pass).await;
            match page.map_err(|error| in_stream(&stream, error))? {
                Some(page) => return Ok(Some(page)),
                None => self.passes.pop_front(),
            };
        }
        Ok(None)
    }
}

/// The filter of a pass. `<` is avoided: the server's request screening may object to it.
fn conditions(plan: &StreamPlan, pass: Pass, zone: chrono_tz::Tz) -> Vec<String> {
    let Some(change) = plan.change() else { return Vec::new() };
    match pass.kind {
        PassKind::Whole => Vec::new(),
        PassKind::Null => vec![format!("{change} is null")],
        PassKind::Window | PassKind::Range => {
            let start = pass.start.map(|start| zone::lower_bound(start, zone));
            let end = pass.end.map(|end| zone::upper_bound(end, zone));
            let start = start.map(|start| format!("{change} >= '{start}'"));
            let end = end.map(|end| format!("'{end}' > {change}"));
            start.into_iter().chain(end).collect()
        }
    }
}
