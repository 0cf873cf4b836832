//! `ledger measure`: one ledger after the other, then what one is to the other.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use yuanliu_benchmarks::flow::{Bodies, Flow, Plan};

use crate::database::Database;
use crate::hub::{Hub, landed};
use crate::options::{MeasureArgs, Part, Who};
use crate::point::Point;
use crate::report::Report;
use crate::subject::Subject;
use crate::{ingest, lookup, peer, recall};

/// A flow that is held goes on for so many measurements.
const MEASUREMENTS: u64 = 4;

pub(crate) async fn measure(args: &MeasureArgs) -> Result<()> {
    let is_preloaded = args.preload || !args.has(Part::Ingest);
    let plan = args.flow.plan(MEASUREMENTS * args.events);
    let temporary = tempfile::tempdir()?;
    let folder = args.home.as_deref().unwrap_or(temporary.path());
    std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    let folder = folder.canonicalize().with_context(|| format!("finding {}", folder.display()))?;
    let mut report = Report::new();
    let mut before_measuring = None;
    if args.is_about(Who::Hub) {
        let loaded = measure_hub(args, &plan, &folder, is_preloaded, &mut report).await?;
        before_measuring = Some(loaded);
    }
    if args.is_about(Who::Peer) {
        // Both hold the same when they are measured.
        let until = match before_measuring {
            Some(point) => point,
            None if is_preloaded => Point::codes(args.flow.items),
            None => Point::BEGIN,
        };
        measure_peer(args, &plan, until, &mut report).await?;
    }
    println!("{}", report.text());
    Ok(())
}

/// Answers what the hub held before it was measured.
async fn measure_hub(
    args: &MeasureArgs,
    plan: &Plan,
    folder: &Path,
    is_preloaded: bool,
    report: &mut Report,
) -> Result<Point> {
    let hub = Hub::open(args, folder, plan)?;
    let mut bodies = Bodies::new(Flow::new(plan.clone()));
    let mut at = hub.held().unwrap_or(Point::BEGIN);
    if at != Point::BEGIN {
        report.note(format!("hub: found with {} codes, {} events", at.codes, at.events));
        bodies.skip(at.events, u64::MAX);
    } else if is_preloaded {
        let (rest, reached, ingest) = hub.preload(bodies, Point::codes(args.flow.items))?;
        (bodies, at) = (rest, reached);
        report.recall().add("hub filled by `ingest`", &ingest, Some(at.events));
    }
    let before = at;
    if args.has(Part::Ingest) || args.has(Part::Lookup) {
        at = serve_hub(args, &hub, bodies, at, report).await?;
    }
    let (index, lake) = hub.sizes_mb();
    let each = index * 1e6 / at.codes.max(1) as f64;
    report.note(format!("hub: index {index:.0} MB, {each:.0} bytes an item; lake {lake:.0} MB"));
    if args.has(Part::Recall) {
        recall::measure(&hub, plan, at.events, args, report).await?;
    }
    Ok(before)
}

/// Sends to a hub and asks it; answers what it holds then.
async fn serve_hub(
    args: &MeasureArgs,
    hub: &Hub,
    bodies: Bodies,
    mut at: Point,
    report: &mut Report,
) -> Result<Point> {
    let mut subject = Subject::hub(hub)?;
    if args.has(Part::Ingest) {
        (_, at) = ingest::measure(&subject, bodies, at, args, report).await?;
        let acknowledged = Instant::now();
        landed(subject.served.address()).await?;
        let late = acknowledged.elapsed().as_secs_f64();
        report
            .note(format!("hub: the lake held the last event {late:.1} s after the last receipt"));
        hub.hold(at)?;
    }
    if args.has(Part::Lookup) {
        subject = lookup::measure(subject, at.codes, args, report).await?;
    }
    subject.served.stop()?;
    Ok(at)
}

async fn measure_peer(
    args: &MeasureArgs,
    plan: &Plan,
    until: Point,
    report: &mut Report,
) -> Result<()> {
    if !args.has(Part::Ingest) && !args.has(Part::Lookup) {
        return Ok(());
    }
    let database = Database::start()?;
    report.note(format!(
        "peer: PostgreSQL {}, written by {:?}",
        database.version()?,
        args.peer_writer
    ));
    let pool = peer::connect(database.port(), 2).await?;
    let (mut bodies, mut at) = (Bodies::new(Flow::new(plan.clone())), Point::BEGIN);
    if until == Point::BEGIN {
        peer::create(&pool).await?;
    } else {
        let began = Instant::now();
        (bodies, at) = peer::preload(&pool, bodies, until).await?;
        let copied = began.elapsed().as_secs_f64();
        peer::index(&pool).await?;
        let indexed = began.elapsed().as_secs_f64() - copied;
        report.note(format!(
            "peer: {} events copied in {copied:.1} s, indexed in {indexed:.1} s",
            at.events
        ));
    }
    pool.close().await;
    let mut subject = Subject::peer(&database, args)?;
    if args.has(Part::Ingest) {
        (_, at) = ingest::measure(&subject, bodies, at, args, report).await?;
    }
    if args.has(Part::Lookup) {
        subject = lookup::measure(subject, at.codes, args, report).await?;
    }
    subject.served.stop()?;
    let (all, indexes) = database.sizes_mb()?;
    report.note(format!("peer: tables and indexes {all:.0} MB, indexes {indexes:.0} MB"));
    Ok(())
}
