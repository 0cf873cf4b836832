//! `yuanliu demo`: the whole path over a made-up company.

mod claims;
mod home;
mod logins;

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use chrono::Utc;
use futures::TryStreamExt;
use yuanliu_company::Company;
use yuanliu_engine::retry::with_policy;
use yuanliu_warehouse::ScalarValue;

use super::args::{BuildArgs, Common, DemoArgs, ReportArgs, SandboxArgs, ServeArgs, SyncArgs};
use super::{build, ingest, report, sandbox, serve, sync};
use crate::adapters::SystemClock;
use crate::exit;
use crate::hub::{Hub, open_system};
use crate::ledger::{Bounds, Ledger};
use crate::models::Models;
use crate::output::{Format, batch_json};

/// Writes the company's scans and canonical files: `scans.jsonl` and `files/`.
pub(in crate::cli) fn write_company_files(folder: &Path, seed: u64, scale: u32) -> Result<Company> {
    let company = Company::demo(seed, scale);
    let writing = || format!("writing the company's files to {}", folder.display());
    let files = folder.join("files");
    std::fs::create_dir_all(&files).with_context(writing)?;
    company.write_canonical(&files).with_context(writing)?;
    company.write_scans(&folder.join("scans.jsonl")).with_context(writing)?;
    Ok(company)
}

pub(in crate::cli) async fn run(common: &Common, args: DemoArgs) -> Result<u8> {
    let start = Instant::now();
    let home = home::make(&args.home)?;
    step(1, "沙箱 a made-up company behind a Kingdee server");
    let company = write_company_files(&home.join("company"), args.seed, args.scale)?;
    let sandbox = sandbox::start(&SandboxArgs {
        kind: super::args::SandboxKind::Kingdee,
        port: 0,
        seed: args.seed,
        scale: args.scale,
        faults: None,
        scans: None,
    })
    .await?;
    home::write_config(&home, &sandbox.description, args.port)?;
    eprintln!("  {} items; {}", company.items(), sandbox.description["base_url"]);

    let common = Common { config: home.join("config"), ..common.clone() };
    let hub = Hub::open_for_writing(&common).await?;
    step(2, "检查与发现 check and discover");
    check_and_discover(&hub).await?;
    step(3, "同步 sync");
    let quiet = common.is_quiet();
    let (runs, mut code) = sync::sync(&hub, None, quiet, &SyncArgs::default()).await?;
    let read: u64 = runs.iter().map(|run| run.read).sum();
    eprintln!("  {} streams, {read} rows", runs.len());
    step(4, "导入扫码 ingest the scans");
    let scans = home.join("company/scans.jsonl");
    let receipt = {
        let ledger = Ledger::open(&hub, Bounds::COMMAND).await?;
        ingest::ingest(&hub, &ledger, quiet, &scans).await?
    };
    eprintln!(
        "  total {} accepted {} duplicate {} rejected {} collisions {}",
        receipt.total, receipt.accepted, receipt.duplicate, receipt.rejected, receipt.collisions
    );
    step(5, "构建 build staging, core and marts");
    let built = build::build(&hub, quiet, &BuildArgs::default()).await?;
    let rows: u64 = built.models.iter().map(|model| model.rows).sum();
    let findings: u64 = built.audits.iter().map(|audit| audit.rows).sum();
    eprintln!("  {} tables, {rows} rows, {findings} audit finding(s)", built.models.len());
    let seen = seen_code(&hub, &company).await?;
    if args.serve {
        claims::hold_some(&hub, &home.join("company"), quiet).await?;
    }
    drop(hub);
    if args.serve {
        logins::provide(&common, &company).await?;
        say_what_next(&home, &company, &seen, start);
        let bind = IpAddr::V4(Ipv4Addr::LOCALHOST);
        // The company's ERP answers as long as the hub does, so that its jobs have something to read.
        let served = serve::run(&common, ServeArgs { bind, port: args.port }).await;
        sandbox.stop.await;
        return served;
    }
    sandbox.stop.await;

    for (number, (name, title, extra)) in (6..).zip(REPORTS) {
        step(number, title);
        let question = ReportArgs {
            name: (*name).to_owned(),
            from: None,
            to: None,
            as_of: None,
            grain: extra.grain,
            regions: None,
            level: None,
            by: Vec::new(),
            system: None,
            filter: extra.filters.iter().map(|f| (*f).to_owned()).collect(),
        };
        let table = Common { format: Format::Table, output: None, ..common.clone() };
        code = code.max(report::run(&table, question).await?);
    }
    say_what_next(&home, &company, &seen, start);
    Ok(if code == exit::UNREACHABLE { code } else { exit::DONE })
}

struct Extra {
    grain: Option<super::args::Grain>,
    filters: &'static [&'static str],
}

/// What the demo prints at its end.
const REPORTS: &[(&str, &str, Extra)] = &[
    (
        "regional-sales",
        "区域销售 regional sales, whole period, by province",
        Extra { grain: Some(super::args::Grain::Total), filters: &[] },
    ),
    (
        "diversion-dealers",
        "窜货经销商 dealers seen outside their territory, June",
        Extra { grain: None, filters: &["month=2026-06"] },
    ),
    (
        "diversion-cases",
        "窜货预警 diversion cases with an alert",
        Extra { grain: None, filters: &["alert=true"] },
    ),
];

fn step(number: u32, title: &str) {
    eprintln!("\n[{number}/8] {title}");
}

async fn check_and_discover(hub: &Hub) -> Result<()> {
    for system in &hub.config.systems {
        let opened = open_system(system)?;
        let report = with_policy(&SystemClock, || opened.check()).await?;
        let objects = with_policy(&SystemClock, || opened.discover()).await?;
        let custom = objects.iter().flat_map(|o| &o.fields).filter(|field| field.is_custom).count();
        let version = report.version.clone().unwrap_or_default();
        eprintln!(
            "  {}: {} {version}, {} check(s), {} object(s), {custom} custom field(s)",
            system.name,
            if report.is_ok() { "ok" } else { "problems" },
            report.items.len(),
            objects.len()
        );
        for item in report.items.iter().filter(|item| !item.ok) {
            let hint = item.hint.clone().unwrap_or_default();
            eprintln!("    {}: {}; {hint}", item.what, item.detail);
        }
    }
    Ok(())
}

/// A code whose trace is worth looking at: goods of the diverting dealer seen far away.
async fn seen_code(hub: &Hub, company: &Company) -> Result<String> {
    let models = Models::load(hub)?;
    let dealer = ScalarValue::Utf8(Some(company.truth.diverting_dealer.clone()));
    let sql = "select min(code) as code from marts.sightings \
               where dealer_code = $dealer and verdict = 'off_territory'";
    let rows =
        models.scope(hub, Utc::now()).query(sql, vec![("dealer".to_owned(), dealer)]).await?;
    let batches: Vec<_> = rows.try_collect().await?;
    let found = batches.iter().flat_map(|batch| batch_json(batch, hub.config.hub.time_zone)).next();
    Ok(found.and_then(|row| Some(row["code"].as_str()?.to_owned())).unwrap_or_default())
}

fn say_what_next(home: &Path, company: &Company, code: &str, start: Instant) {
    let config = home.join("config");
    let shown = std::env::current_dir()
        .ok()
        .and_then(|here| config.strip_prefix(here).ok().map(Path::to_owned))
        .unwrap_or(config);
    let yuanliu = std::env::args().next().unwrap_or_else(|| "yuanliu".to_owned());
    let call = format!("{yuanliu} --config {}", shown.display());
    let truth = &company.truth;
    eprintln!(
        "\ndone in {:.1} s; the lake is in {}",
        start.elapsed().as_secs_f64(),
        home.join("data/lake").display()
    );
    eprintln!(
        "the diverting dealer is {} and its goods surface in {}",
        truth.diverting_dealer, truth.destination_county
    );
    eprintln!("try next:");
    for line in [
        format!("trace {code}"),
        format!("report sightings --dealer-code {} --format csv", truth.diverting_dealer),
        "report regional-sales --grain month --level city --by product_code --format xlsx --output sales.xlsx".to_owned(),
        "report promoter-summary --grain month".to_owned(),
        "sql \"select verdict, count(*) from marts.sightings group by verdict\"".to_owned(),
        "runs".to_owned(),
    ] {
        eprintln!("  {call} {line}");
    }
}
