//! Which data centre, does the login pass, which lists are granted, do the clocks agree.

use std::sync::Arc;

use chrono::TimeDelta;
use yuanliu_contract::{CheckReport, ErrorKind, Result};

use crate::catalog::Stream;
use crate::list::{ListPage, ListQuery};
use crate::system::Tenant;

/// Signatures of clocks that differ by more are refused: about five minutes, one client says.
const SKEW_MAX: TimeDelta = TimeDelta::seconds(120);

/// Looks at everything the streams need. An error is returned only if the tenant cannot be reached
/// or refuses the login.
pub(crate) async fn check(tenant: &Tenant, streams: &[Arc<Stream>]) -> Result<CheckReport> {
    let mut report = CheckReport::default();
    let gateway = tenant.client.gateway().await?;
    report.pass("gateway", gateway.gateway_url);
    // A clock that is wrong explains a login that is refused, so its item comes first.
    check_clock(tenant, &mut report);
    tenant.client.session().await?;
    report.pass("login", "a token was granted");
    for stream in streams {
        let what = format!("stream {}", stream.name);
        match check_stream(tenant, stream).await {
            Ok(detail) => report.pass(what, detail),
            Err(error) if is_about_tenant(error.kind) => return Err(error),
            Err(error) => {
                let hint = error.hint.clone();
                let hint = hint.unwrap_or_else(|| hint_for(error.kind).to_owned());
                report.fail(what, error.to_string(), hint);
            }
        }
    }
    Ok(report)
}

/// Failures that every stream would meet.
fn is_about_tenant(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Auth
            | ErrorKind::Unreachable
            | ErrorKind::Timeout
            | ErrorKind::RateLimited
            | ErrorKind::SessionExpired
    )
}

fn hint_for(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Permission => "grant this API to the app in the console (API 授权)",
        ErrorKind::NotFound | ErrorKind::Refused => {
            "check that the tenant has the module, and read the system's message"
        }
        _ => "check again when the system is less loaded",
    }
}

/// Asks for one row: the only proof that the list is granted.
async fn check_stream(tenant: &Tenant, stream: &Stream) -> Result<String> {
    let mut detail = format!("{} is granted", stream.path);
    let answer = ListQuery::all(stream, 1, 1).send(&tenant.client).await?;
    let is_empty = match &answer {
        Some(answer) => ListPage::read(answer)?.rows.is_empty(),
        None => true,
    };
    if is_empty {
        detail.push_str(", no row visible to this app");
    }
    match &stream.change {
        Some(change) => detail.push_str(&format!(", changes by {change}")),
        None => detail.push_str(", read whole every time"),
    }
    Ok(detail)
}

fn check_clock(tenant: &Tenant, report: &mut CheckReport) {
    match tenant.client.skew() {
        Some(skew) if skew.abs() > SKEW_MAX => report.fail(
            "clock",
            format!("the server's clock differs by {} s", skew.num_seconds()),
            "synchronise this machine's clock by NTP: signatures carry the time",
        ),
        Some(skew) => {
            report.pass("clock", format!("the server's clock differs by {} s", skew.num_seconds()));
        }
        None => report.pass("clock", "the server does not show its clock; this machine's is used"),
    }
}
