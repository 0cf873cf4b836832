//! `yuanliu outbox add`.

use std::path::{Path, PathBuf};

use anyhow::Result;
use chrono::Utc;
use clap::Args;
use serde_json::{Value, json};
use yuanliu_contract::{OutgoingDocument, OutgoingKind};
use yuanliu_engine::outbox::{content_hash, outgoing_document};
use yuanliu_metadata::{Added, Metadata, NewOutboxEntry, OutboxError};

use super::super::args::Common;
use super::writable;
use crate::config::Config;
use crate::exit::{self, UsageError};

/// A file of documents larger than this is no file of documents.
const FILE_BYTES_MAX: u64 = 64 << 20;

#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    /// 系统 the system they are for
    #[arg(long)]
    system: String,
    /// 种类 delivery_result or inspection_result
    #[arg(long)]
    kind: String,
    /// 文件 JSON: one object or an array of them
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

pub(super) async fn add(
    common: &Common,
    config: &Config,
    metadata: &Metadata,
    args: AddArgs,
) -> Result<u8> {
    let kind: OutgoingKind = serde_json::from_value(json!(args.kind)).map_err(|_| {
        let known = "delivery_result, inspection_result";
        UsageError(format!("no kind `{}`; there are {known}", args.kind))
    })?;
    let system = writable(config.system(&args.system).map_err(UsageError)?)?;
    let (mut documents, mut problems) = (Vec::new(), Vec::new());
    for file in &args.files {
        read(file, kind, &mut documents, &mut problems)?;
    }
    if !problems.is_empty() {
        let message = format!("nothing was added:\n  {}", problems.join("\n  "));
        return Err(UsageError(message).into());
    }
    let new = |document: &OutgoingDocument| NewOutboxEntry {
        system: system.name.clone(),
        kind: args.kind.clone(),
        key: document.key.clone(),
        body: document.body.to_string(),
        content_hash: content_hash(document),
    };
    let new: Vec<_> = documents.iter().map(new).collect();
    let added = match metadata.add_to_outbox(&new, Utc::now()).await {
        Ok(added) => added,
        Err(error @ OutboxError::KeysTaken(_)) => return Err(UsageError(error.to_string()).into()),
        Err(error) => return Err(error.into()),
    };
    let ids =
        |wanted: fn(&Added) -> Option<i64>| added.iter().filter_map(wanted).collect::<Vec<_>>();
    let answer = json!({
        "added": ids(|added| if let Added::New(id) = added { Some(*id) } else { None }),
        "known": ids(|added| if let Added::Known(id) = added { Some(*id) } else { None }),
    });
    common.json_output().write_json(&answer)?;
    Ok(exit::DONE)
}

/// Reads the documents of one file; what is wrong with each goes to `problems`.
fn read(
    file: &Path,
    kind: OutgoingKind,
    documents: &mut Vec<OutgoingDocument>,
    problems: &mut Vec<String>,
) -> Result<(), UsageError> {
    let name = file.display();
    let failed = |why: String| UsageError(format!("{name} cannot be read: {why}"));
    let size = std::fs::metadata(file).map_err(|e| failed(e.to_string()))?.len();
    if size > FILE_BYTES_MAX {
        return Err(failed(format!("it is larger than {FILE_BYTES_MAX} bytes")));
    }
    let text = std::fs::read_to_string(file).map_err(|e| failed(e.to_string()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let value: Value = serde_json::from_str(text).map_err(|e| failed(e.to_string()))?;
    let bodies = match value {
        Value::Array(items) => items,
        one => vec![one],
    };
    for (at, body) in bodies.iter().enumerate() {
        match outgoing_document(kind, body) {
            Ok(document) => documents.push(document),
            Err(found) => problems.extend(
                found.into_iter().map(|p| format!("{name}[{at}] {}: {}", p.path, p.message)),
            ),
        }
    }
    Ok(())
}
