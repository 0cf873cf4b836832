//! `yuanliu outbox approve` and `discard`: what a person decides.

use anyhow::Result;
use chrono::Utc;
use clap::Args;
use serde_json::json;
use yuanliu_metadata::{Metadata, OutboxFilter};

use super::super::args::Common;
use crate::exit::{self, UsageError};

/// Entries read at a time; the rest follow.
const PAGE_ROWS: u32 = 1_000;

#[derive(Debug, Args)]
pub(crate) struct ApproveArgs {
    /// numbers from `outbox list`
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    ids: Vec<i64>,
    /// 全部草稿 every draft
    #[arg(long)]
    all: bool,
    /// 批准人 who answers for it
    #[arg(long)]
    by: String,
}

#[derive(Debug, Args)]
pub(crate) struct DiscardArgs {
    /// numbers from `outbox list`
    #[arg(required = true)]
    ids: Vec<i64>,
    /// 说明 why it is right to drop them
    #[arg(long)]
    note: String,
}

pub(super) async fn approve(common: &Common, metadata: &Metadata, args: ApproveArgs) -> Result<u8> {
    let by = args.by.trim();
    if by.is_empty() {
        return Err(UsageError("--by names the person who answers for it".to_owned()).into());
    }
    let ids = if args.all { drafts(metadata).await? } else { args.ids };
    let (mut approved, mut passed_over) = (Vec::new(), Vec::new());
    for id in ids {
        let done = metadata.approve_outbox(id, by, Utc::now()).await?;
        let list = if done { &mut approved } else { &mut passed_over };
        list.push(id);
    }
    answer_picked(common, "approved", approved, passed_over, "is neither a draft nor refused")
}

async fn drafts(metadata: &Metadata) -> Result<Vec<i64>> {
    let mut filter = OutboxFilter { status: Some("draft".to_owned()), ..Default::default() };
    let mut ids = Vec::new();
    loop {
        let page = metadata.outbox(&filter, PAGE_ROWS).await?;
        let Some(last) = page.last() else { return Ok(ids) };
        filter.after_id = last.entry_id;
        ids.extend(page.iter().map(|entry| entry.entry_id));
    }
}

pub(super) async fn discard(common: &Common, metadata: &Metadata, args: DiscardArgs) -> Result<u8> {
    let (mut discarded, mut passed_over) = (Vec::new(), Vec::new());
    for id in args.ids {
        let done = metadata.discard_outbox(id, &args.note, Utc::now()).await?;
        let list = if done { &mut discarded } else { &mut passed_over };
        list.push(id);
    }
    let why = "does not exist, is discarded, or its system holds the document or may hold it";
    answer_picked(common, "discarded", discarded, passed_over, why)
}

fn answer_picked(
    common: &Common,
    done: &str,
    ids: Vec<i64>,
    passed_over: Vec<i64>,
    why: &str,
) -> Result<u8> {
    let code = if passed_over.is_empty() { exit::DONE } else { exit::PROBLEMS };
    let mut answer = json!({"passed_over": passed_over});
    answer[done] = json!(ids);
    if code != exit::DONE {
        answer["message"] = json!(format!("passed over: each {why}"));
    }
    common.json_output().write_json(&answer)?;
    Ok(code)
}
