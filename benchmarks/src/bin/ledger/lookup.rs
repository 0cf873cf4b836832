//! Lookups measured: cold, then warm.

use std::time::Instant;

use anyhow::Result;

use crate::asking::{Question, ask};
use crate::options::MeasureArgs;
use crate::report::{Report, megabytes};
use crate::subject::Subject;

/// Share of the warm lookups that are made before any is measured, and of public checks.
const PART: u64 = 10;

/// Asks a ledger that holds so many items, and leaves it running.
pub(crate) async fn measure<'a>(
    mut subject: Subject<'a>,
    items: u64,
    args: &MeasureArgs,
    report: &mut Report,
) -> Result<Subject<'a>> {
    let is_cold_asked = args.cold_lookups > 0;
    let question = |subject: &Subject<'_>, path, token: Option<&str>| Question {
        address: subject.served.address().to_owned(),
        token: token.map(str::to_owned),
        path,
        items,
        seed: args.flow.seed,
    };
    let own = "/api/v1/trace/";
    if is_cold_asked {
        for (name, path) in [("trace, cold", own), ("chain, cold", subject.chain())] {
            subject = restart(subject, report)?;
            let cold = ask(&question(&subject, path, None), 1, args.cold_lookups, 1).await?;
            report.asked(subject.name, name, 1, &cold);
        }
    }
    let trace = question(&subject, own, None);
    let read = subject.read_all()?;
    report.note(format!(
        "{}: warm after {:.0} MB were read once and {} lookups were made",
        subject.name,
        megabytes(read),
        args.lookups / PART
    ));
    ask(&trace, 4, args.lookups / PART, 2).await?;
    for (connections, round) in args.concurrency.iter().zip(3..) {
        let warm = ask(&trace, *connections, args.lookups, round).await?;
        report.asked(subject.name, "trace, warm", *connections, &warm);
    }
    let chain = question(&subject, subject.chain(), None);
    for (connections, round) in args.concurrency.iter().zip(50..) {
        let warm = ask(&chain, *connections, args.lookups, round).await?;
        report.asked(subject.name, "chain, warm", *connections, &warm);
    }
    if let Some(token) = subject.token()? {
        let verify = "/api/v1/verify?codes=";
        for (connections, round) in args.concurrency.iter().zip(100..) {
            let staff = question(&subject, verify, Some(&token));
            let staff = ask(&staff, *connections, args.lookups, round).await?;
            report.asked(subject.name, "verify, staff", *connections, &staff);
            // Each of these is kept as an event before it is answered.
            let public = question(&subject, verify, None);
            let public = ask(&public, *connections, args.lookups / PART, round + 50).await?;
            report.asked(subject.name, "verify, public", *connections, &public);
        }
    }
    report.note(format!("{}: at most {:.0} MB", subject.name, megabytes(subject.memory()?)));
    Ok(subject)
}

fn restart<'a>(subject: Subject<'a>, report: &mut Report) -> Result<Subject<'a>> {
    let began = Instant::now();
    let (subject, is_dropped) = subject.restart_cold()?;
    let cache = if is_dropped { "page cache dropped" } else { "page cache not dropped: not root" };
    let seconds = began.elapsed().as_secs_f64();
    report.note(format!("{}: cold after a restart of {seconds:.1} s, {cache}", subject.name));
    Ok(subject)
}
