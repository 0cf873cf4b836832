//! Does the address answer, does U8 know the sender, what may be read.

use std::sync::Arc;

use yuanliu_contract::{CheckReport, ErrorKind, Result};

use super::preview::first_rows;
use super::system::Shared;
use crate::catalog::Stream;

/// What the page says when EAI is alive.
const ALIVE: &str = "正常";

/// Looks at everything the streams need. An error is returned only if the server cannot be reached.
pub(crate) async fn check(shared: &Shared, streams: &[Arc<Stream>]) -> Result<CheckReport> {
    let said = shared.client.greet().await?;
    let mut report = CheckReport::default();
    if said.contains(ALIVE) {
        report.pass("address", said);
    } else {
        let hint = "the address should end in /U8EAI/import.asp";
        report.fail("address", format!("it says `{said}`, not {ALIVE}"), hint);
    }
    for stream in streams {
        let what = format!("stream {}", stream.name);
        match first_rows(shared, stream, 1).await {
            Ok(rows) if rows.is_empty() => {
                report.pass(what, format!("{}, no row of late", stream.root));
            }
            Ok(_) => report.pass(what, stream.root.clone()),
            Err(error) if matches!(error.kind, ErrorKind::Unreachable | ErrorKind::Timeout) => {
                return Err(error);
            }
            Err(error) => {
                let hint = error.hint.clone().unwrap_or_else(|| hint(error.kind).to_owned());
                report.fail(what, error.to_string(), hint);
            }
        }
    }
    report.pass(
        "production orders, inspections, warehouses",
        "EAI documents no root tag for them; read them with kind yonyou_u8 from the database",
    );
    Ok(report)
}

fn hint(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Busy | ErrorKind::Malformed => "check again when the system is less loaded",
        _ => "register the external system (外部系统注册) and grant it this document",
    }
}
