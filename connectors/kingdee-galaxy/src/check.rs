//! Can I log in, which version, what may I read, do the clocks agree.

use std::sync::Arc;

use chrono::TimeDelta;
use yuanliu_contract::{CheckItem, CheckReport, ConnectorError, ErrorKind, Result};

use crate::catalog::Stream;
use crate::plan::StreamPlan;
use crate::query::{BillQuery, rows};
use crate::session::Greeting;
use crate::system::Account;
use crate::zone;

/// Clocks that differ by more make people misread times; reading follows the server's clock.
const SKEW_MAX: TimeDelta = TimeDelta::seconds(120);

/// Looks at everything the streams need. An error is returned only if the account cannot be
/// reached or refuses the login.
pub(crate) async fn check(account: &Account, streams: &[Arc<Stream>]) -> Result<CheckReport> {
    let greeting = account.client.greet().await?;
    let mut report = CheckReport { version: greeting.version.clone(), items: Vec::new() };
    report.pass("login", greeting.version.as_deref().unwrap_or("accepted"));
    // A wrong signature is refused like a missing right, but on every call.
    let mut is_proven = !account.client.is_signed();
    let mut refusal = None;
    for stream in streams {
        match check_stream(account, stream).await {
            Ok(item) => {
                is_proven = true;
                report.items.push(item);
            }
            Err(error) if is_about_account(error.kind) => return Err(error),
            Err(error) => {
                is_proven |= error.kind != ErrorKind::Permission;
                let hint = error.hint.clone().unwrap_or_else(|| hint(error.kind).to_owned());
                report.fail(format!("stream {}", stream.name), error.to_string(), hint);
                refusal.get_or_insert(error);
            }
        }
    }
    if let Some(mut error) = refusal.filter(|_| !is_proven) {
        error.kind = ErrorKind::Auth;
        return Err(error.with_hint("check acct_id, user, app_id and app_secret"));
    }
    check_clock(account, &greeting, &mut report);
    Ok(report)
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

fn hint(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Permission => {
            "ask the ERP administrator to grant the integration user this form"
        }
        ErrorKind::NotFound | ErrorKind::Refused => {
            "run systems discover and compare the form's fields; check the module's licence"
        }
        _ => "check again when the system is less loaded",
    }
}

/// Asks for one row with every field: the only proof that a query will pass.
async fn check_stream(
    account: &Account,
    stream: &Arc<Stream>,
) -> std::result::Result<CheckItem, ConnectorError> {
    let plan = StreamPlan::fit(&account.client, stream).await?;
    let what = format!("stream {}", stream.name);
    if plan.is_absent {
        let detail = format!("the server has no form {}; nothing will be read", stream.form);
        let hint = Some("activate the module if you use it".to_owned());
        return Ok(CheckItem { what, ok: true, detail, hint });
    }
    let query = BillQuery { plan: &plan, conditions: Vec::new(), after: None, limit: 1 };
    let answer = query.send(&account.client).await.map_err(|e| account.explain(&plan, e))?;
    let found = rows(&answer, plan.asked.len())?.len();
    let mut detail = format!("{} with {} fields", stream.form, plan.asked.len());
    if found == 0 {
        detail.push_str(", no row visible to this user");
    }
    match (&stream.change, plan.change()) {
        (Some(wanted), None) => {
            detail.push_str(&format!(", read whole every time: no change field {wanted}"));
        }
        (None, _) => detail.push_str(", read whole every time"),
        (Some(_), Some(change)) => detail.push_str(&format!(", changes by {change}")),
    }
    let left_out = plan.left_out();
    let hint = (!left_out.is_empty())
        .then(|| format!("not known to this server, columns stay empty: {}", left_out.join(", ")));
    Ok(CheckItem { what, ok: true, detail, hint })
}

fn check_clock(account: &Account, greeting: &Greeting, report: &mut CheckReport) {
    match account.client.skew() {
        Some(skew) if skew.abs() > SKEW_MAX => report.fail(
            "clock",
            format!("the server's clock differs by {} s", skew.num_seconds()),
            "synchronise the clocks of both machines by NTP",
        ),
        Some(skew) => {
            report.pass("clock", format!("the server's clock differs by {} s", skew.num_seconds()));
        }
        None => report.pass("clock", "the server does not show its clock; this machine's is used"),
    }
    let zone = account.time_zone;
    let expected_s = zone::offset_at(account.client.source_now(), zone).local_minus_utc();
    match greeting.offset_s {
        Some(offset_s) if offset_s != i64::from(expected_s) => report.fail(
            "time_zone",
            format!("the server is {offset_s} s from UTC, {zone} is {expected_s} s"),
            "set time_zone to the zone of the server's wall clock",
        ),
        Some(_) => report.pass("time_zone", format!("{zone}, as the server says")),
        None => {}
    }
}
