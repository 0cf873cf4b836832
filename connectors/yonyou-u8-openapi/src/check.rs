//! Can I log in, does the agent answer, what may I read.

use std::sync::Arc;

use yuanliu_contract::{CheckReport, ErrorKind, Result};

use crate::catalog::Stream;
use crate::system::Shared;

/// Looks at everything the streams need. An error is returned only if the relay or the agent cannot
/// be reached, or the login is refused.
pub(crate) async fn check(shared: &Shared, streams: &[Arc<Stream>]) -> Result<CheckReport> {
    shared.client.greet().await?;
    let mut report = CheckReport::default();
    report.pass("login", "the relay gave a token");
    for stream in streams {
        let what = format!("stream {}", stream.name);
        match shared.list(stream, &[], 1).await {
            Ok(listing) if listing.is_empty() => {
                report.pass(what, format!("{}, no row visible to this app", stream.list));
            }
            Ok(listing) => {
                report.pass(what, format!("{}, {} rows", stream.list, listing.row_count));
            }
            Err(error) if is_about_account(error.kind) => return Err(error),
            Err(error) => {
                let hint = error.hint.clone().unwrap_or_else(|| hint(error.kind).to_owned());
                report.fail(what, error.to_string(), hint);
            }
        }
    }
    report.pass(
        "production orders",
        "the OpenAPI documents no resource for them; read them with kind yonyou_u8 from the database",
    );
    Ok(report)
}

fn hint(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Busy | ErrorKind::Malformed => "check again when the system is less loaded",
        _ => "have the app granted this resource",
    }
}

/// Failures that every stream would meet.
fn is_about_account(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Auth
            | ErrorKind::Unreachable
            | ErrorKind::Timeout
            | ErrorKind::RateLimited
            | ErrorKind::SessionExpired
    )
}
