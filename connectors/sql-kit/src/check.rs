//! Can I log in, which version, what may I read, do the clocks agree, does an index serve.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::TimeDelta;
use yuanliu_contract::{CheckReport, ErrorKind, Result};

use crate::account::Account;
use crate::catalog::Stream;
use crate::database::{Database, DescribedTable};
use crate::discover::is_same;
use crate::plan::StreamPlan;
use crate::preview::first_rows;

/// Clocks that differ by more make people misread times; reading follows the server's clock.
const SKEW_MAX: TimeDelta = TimeDelta::seconds(120);

/// Tables looked at for indexes.
const TABLES_MAX: usize = 5_000;

/// Looks at everything the streams need. An error is returned only if the server cannot be reached
/// or refuses the login.
pub(crate) async fn check<D: Database>(
    account: &Account<D>,
    streams: &[Arc<Stream>],
) -> Result<CheckReport> {
    account.seams.budget.acquire().await;
    let greeting = account.database.greet().await?;
    let skew = greeting.now - account.seams.clock.now();
    let mut report = CheckReport { version: Some(greeting.version.clone()), items: Vec::new() };
    report.pass("login", greeting.version);
    for note in greeting.notes {
        report.pass("note", note);
    }
    let detail = format!("the server's clock differs by {} s", skew.num_seconds());
    match skew.abs() > SKEW_MAX {
        true => report.fail("clock", detail, "synchronise the clocks of both machines by NTP"),
        false => report.pass("clock", detail),
    }
    report.pass("time_zone", format!("times without an offset are read as {}", account.time_zone));
    let mut tables: BTreeMap<String, Vec<DescribedTable>> = BTreeMap::new();
    for stream in streams {
        for name in account.databases_of(stream) {
            if !tables.contains_key(&name) {
                account.seams.budget.acquire().await;
                let database = Some(name.as_str()).filter(|name| !name.is_empty());
                // What is not told is left out of the report.
                let found = account.database.tables(database, TABLES_MAX).await;
                tables.insert(name.clone(), found.unwrap_or_default());
            }
            let tables = tables.get(&name).map_or(&[][..], Vec::as_slice);
            check_stream(account, stream, &name, tables, &mut report).await?;
        }
    }
    Ok(report)
}

async fn check_stream<D: Database>(
    account: &Account<D>,
    stream: &Arc<Stream>,
    name: &str,
    tables: &[DescribedTable],
    report: &mut CheckReport,
) -> Result<()> {
    let what = match name.is_empty() {
        true => format!("stream {}", stream.name),
        false => format!("stream {} in {name}", stream.name),
    };
    let looked = async {
        let plan = account.plan(stream, name).await?;
        let rows = match plan.is_absent {
            true => None,
            false => Some(first_rows(account, &plan, 1).await?),
        };
        Ok::<_, yuanliu_contract::ConnectorError>((plan, rows))
    };
    match looked.await {
        Ok((_, None)) => {
            report
                .pass(what, format!("there is no {}; nothing will be read", stream.source_name()));
        }
        Ok((plan, Some(rows))) => {
            let is_empty = rows.batch.num_rows() + rows.rejects.len() == 0;
            report.pass(what, describe(&plan, tables, is_empty));
        }
        Err(error) if is_about_server(error.kind) => return Err(error),
        Err(error) => {
            let hint = error.hint.clone().unwrap_or_else(|| hint(error.kind).to_owned());
            report.fail(what, error.to_string(), hint);
        }
    }
    Ok(())
}

/// Failures that every stream would meet. A statement that lasts too long is its stream's own.
fn is_about_server(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::Auth | ErrorKind::Unreachable | ErrorKind::SessionExpired)
}

fn hint(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Permission => "grant the login select on the table",
        ErrorKind::NotFound | ErrorKind::Refused | ErrorKind::Config => {
            "run systems discover and compare the table's columns"
        }
        _ => "check again when the server is less loaded",
    }
}

fn describe(plan: &StreamPlan, tables: &[DescribedTable], is_empty: bool) -> String {
    let stream = &plan.stream;
    let mut detail = format!("{} with {} columns", stream.source_name(), plan.asked.len());
    let table = stream.table.as_deref();
    let table = table.and_then(|wanted| tables.iter().find(|table| is_same(wanted, &table.name)));
    match table.and_then(|table| table.rows) {
        Some(rows) => detail.push_str(&format!(", about {rows} rows")),
        None if is_empty => detail.push_str(", no row visible to this login"),
        None => {}
    }
    match (&stream.change, plan.change()) {
        (Some(wanted), None) => {
            detail.push_str(&format!(", read whole every time: no change column {wanted}"));
        }
        (None, _) => detail.push_str(", read whole every time"),
        (Some(change), Some(_)) => {
            detail.push_str(&format!(", changes by {change}"));
            let is_served = |index: &Vec<String>| {
                index.first().is_some_and(|first| first.eq_ignore_ascii_case(change))
            };
            if table.is_some_and(|table| !table.indexes.iter().any(is_served)) {
                let columns: Vec<_> =
                    [change].into_iter().chain(&stream.key).map(String::as_str).collect();
                detail.push_str(&format!(
                    "; no index on ({}): each increment scans the table",
                    columns.join(", ")
                ));
            }
        }
    }
    let left_out = plan.left_out();
    if !left_out.is_empty() {
        detail.push_str(&format!("; missing there, columns stay empty: {}", left_out.join(", ")));
    }
    detail
}
