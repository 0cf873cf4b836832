//! How long reports take over HTTP, from the tables that the last build left.
//!
//! ```sh
//! cargo build --release -p yuanliu
//! YUANLIU_PASSWORD=… cargo run --release -p yuanliu-benchmarks --bin answers -- --config home/config
//! ```
//!
//! Serves a home that is there, or a demo, and asks what the sales map, the diversion desk and the promoter
//! month ask: the same report for another region or another month each time, one question after the other.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use chrono::{Months, NaiveDate};
use clap::Parser;
use serde_json::Value;
use yuanliu_benchmarks::http::{Answer, Connection, Latencies};
use yuanliu_benchmarks::served::Served;
use yuanliu_benchmarks::table::Table;

#[derive(Debug, Parser)]
struct Options {
    /// The configuration of a home with built models; without it a demo is made.
    #[arg(long)]
    config: Option<PathBuf>,
    /// Who asks; the password is `YUANLIU_PASSWORD`, or that of the demo.
    #[arg(long, default_value = "admin")]
    login: String,
    /// The hub's binary.
    #[arg(long, default_value = "target/release/yuanliu")]
    yuanliu: PathBuf,
    /// How often each report is asked for.
    #[arg(long, default_value_t = 200)]
    rounds: usize,
    /// The size of the demo's company.
    #[arg(long, default_value_t = 20)]
    scale: u32,
}

/// A question, of which every round is another one.
struct Question {
    what: &'static str,
    path: fn(&Place) -> String,
}

/// Where and when a round asks about.
struct Place {
    from: NaiveDate,
    to: NaiveDate,
    region_code: String,
}

impl Place {
    /// The digits of the province's code, which those of its cities and counties begin with.
    fn province(&self) -> &str {
        self.region_code.get(..2).unwrap_or_default()
    }

    fn city(&self) -> &str {
        self.region_code.get(..4).unwrap_or_default()
    }
}

const QUESTIONS: [Question; 8] = [
    Question { what: "sales of all provinces in a month", path: |at| sales(at, "province", "") },
    Question {
        what: "sales of the cities of a province",
        path: |at| sales(at, "city", &format!("&region_code={}*", at.province())),
    },
    Question {
        what: "sales of the counties of a city",
        path: |at| sales(at, "county", &format!("&region_code={}*", at.city())),
    },
    Question {
        what: "dealers of a province by sales",
        path: |at| {
            let of = format!("&by=dealer_code&region_code={}*&sort=-sold_qty", at.province());
            sales(at, "province", &of)
        },
    },
    Question { what: "dealers by diversion", path: |at| report("diversion-dealers", 100, at) },
    Question { what: "diversion cases of a month", path: |at| report("diversion-cases", 100, at) },
    Question { what: "the promoter month", path: |at| report("promoter-summary", 1000, at) },
    Question {
        what: "a thousand claims of the promoter month",
        path: |at| report("promoter-settlement", 1000, at),
    },
];

fn report(name: &str, limit: u32, at: &Place) -> String {
    format!("/api/v1/reports/{name}?limit={limit}&from={}&to={}", at.from, at.to)
}

fn sales(at: &Place, level: &str, rest: &str) -> String {
    format!("{}&grain=total&level={level}{rest}", report("regional-sales", 1000, at))
}

#[tokio::main]
async fn main() -> Result<()> {
    let options = Options::parse();
    let folder = tempfile::tempdir().context("making a folder")?;
    let hub = if let Some(config) = &options.config {
        let mut command = Command::new(&options.yuanliu);
        command.args(["--quiet", "--format", "json", "--config"]).arg(config);
        Served::start(command.args(["serve", "--port", "0"]))?
    } else {
        Served::demo(&options.yuanliu, options.scale, &folder.path().join("demo"))?
    };
    let password = std::env::var("YUANLIU_PASSWORD").ok().or_else(|| hub.said("password"));
    let password = password.context("YUANLIU_PASSWORD is the password of the login")?;
    let mut asking = Connection::log_in(hub.address(), &options.login, &password).await?;
    let places = places(&mut asking).await?;

    let mut table = Table::new(&["ms", "asked", "rows", "p50", "p99", "most"]);
    for question in &QUESTIONS {
        let (mut latencies, mut rows) = (Latencies::default(), 0);
        for place in places.iter().cycle().take(options.rounds) {
            let path = (question.path)(place);
            let began = Instant::now();
            let answer = asking.get(&path).await?;
            latencies.push(began.elapsed());
            rows += rows_of(&path, &answer)?.len();
        }
        ensure!(rows > 0, "{}: no round had a row; is the home built?", question.what);
        let ms = |per_mille| format!("{:.0}", latencies.within(per_mille).as_secs_f64() * 1e3);
        let (asked, rows) = (options.rounds.to_string(), (rows / options.rounds).to_string());
        table.line(&[question.what.to_owned(), asked, rows, ms(500), ms(990), ms(1_000)]);
    }
    println!("{table}");
    println!("memory: {} MB at most", hub.peak()? >> 20);
    hub.stop()
}

/// The counties where something was sold, each with a month in which it was.
async fn places(asking: &mut Connection) -> Result<Vec<Place>> {
    let path = "/api/v1/reports/regional-sales?grain=month&level=county&sort=-sold_qty&limit=300";
    let answer = asking.get(path).await?;
    let mut places = Vec::new();
    for row in rows_of(path, &answer)? {
        let (Some(period), Some(region_code)) =
            (row["period"].as_str(), row["region_code"].as_str())
        else {
            continue;
        };
        let from: NaiveDate = format!("{period}-01").parse().context("a month")?;
        let to = from + Months::new(1) - chrono::Days::new(1);
        places.push(Place { from, to, region_code: region_code.to_owned() });
    }
    ensure!(!places.is_empty(), "nothing was sold; is the home built?");
    Ok(places)
}

fn rows_of(path: &str, answer: &Answer) -> Result<Vec<Value>> {
    let told = String::from_utf8_lossy(&answer.body);
    ensure!(answer.status.is_success(), "{path}: {}: {told}", answer.status);
    let answer: Value = serde_json::from_slice(&answer.body).context("reading a report")?;
    answer["rows"].as_array().cloned().context("a report has rows")
}
