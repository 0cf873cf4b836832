//! People and programs that ask, and one who has the ERP read.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::json;
use tokio::task::JoinHandle;
use yuanliu_benchmarks::http::{Answer, Connection, Latencies};

/// What one kind of visitor met.
#[derive(Debug)]
pub(crate) struct Kind {
    /// Which.
    pub(crate) what: &'static str,
    /// How long answers took.
    pub(crate) latencies: Latencies,
    /// Answers that were no 2xx.
    pub(crate) refused: u64,
    /// The first of them.
    pub(crate) first_refused: Option<String>,
}

impl Kind {
    fn new(what: &'static str) -> Self {
        Self { what, latencies: Latencies::default(), refused: 0, first_refused: None }
    }

    fn add(&mut self, path: &str, took: Duration, answer: &Answer) {
        self.latencies.push(took);
        if !answer.status.is_success() {
            self.refused += 1;
            let told = || {
                let body = String::from_utf8_lossy(&answer.body);
                format!("{path}: {} {body}", answer.status)
            };
            self.first_refused.get_or_insert_with(told);
        }
    }
}

/// A login, what it asks for in turn, and how long it thinks in between.
struct Visitor {
    what: &'static str,
    login: Option<&'static str>,
    paths: &'static [&'static str],
    thinks: Duration,
}

const VISITORS: [Visitor; 5] = [
    Visitor {
        what: "management: sales",
        login: Some("management"),
        paths: &[
            "/api/v1/reports/regional-sales?grain=month&level=province&limit=1000",
            "/api/v1/reports/regional-sales?grain=month&level=county&limit=1000",
            "/api/v1/reports/regional-sales-change?grain=month&level=province&limit=1000",
        ],
        thinks: Duration::from_secs(1),
    },
    Visitor {
        what: "operations: cases",
        login: Some("operations"),
        paths: &[
            "/api/v1/reports/diversion-cases?limit=100",
            "/api/v1/reports/upload-quality?limit=100",
            "/api/v1/alerts",
        ],
        thinks: Duration::from_secs(1),
    },
    Visitor {
        what: "dealer: stock",
        login: Some("dealer"),
        paths: &["/api/v1/dealer/stock", "/api/v1/dealer/codes?limit=50"],
        thinks: Duration::from_secs(2),
    },
    Visitor {
        what: "devices: trace",
        login: None,
        paths: &["/api/v1/trace/A00000001148287", "/api/v1/trace/SOAK000000000007"],
        thinks: Duration::from_millis(50),
    },
    Visitor {
        what: "public: verify",
        login: None,
        paths: &["/api/v1/verify?codes=A00000001148287"],
        thinks: Duration::from_secs(2),
    },
];

/// How often the ERP is read.
const SYNC_EVERY: Duration = Duration::from_secs(60);

/// Everybody, until it is over.
pub(crate) fn all(
    address: &str,
    password: &str,
    over: &Arc<AtomicBool>,
) -> Vec<JoinHandle<Result<Kind>>> {
    let (address, password) = (address.to_owned(), password.to_owned());
    let mut all: Vec<_> = VISITORS
        .iter()
        .map(|visitor| {
            let (address, password, over) = (address.clone(), password.clone(), Arc::clone(over));
            tokio::spawn(async move { ask(visitor, &address, &password, &over).await })
        })
        .collect();
    let over = Arc::clone(over);
    all.push(tokio::spawn(async move { sync(&address, &password, &over).await }));
    all
}

async fn ask(visitor: &Visitor, address: &str, password: &str, over: &AtomicBool) -> Result<Kind> {
    let mut connection = match visitor.login {
        Some(login) => Connection::log_in(address, login, password).await?,
        None => Connection::open(address, None).await?,
    };
    let mut kind = Kind::new(visitor.what);
    for path in visitor.paths.iter().cycle() {
        if over.load(Ordering::Relaxed) {
            break;
        }
        let began = Instant::now();
        let answer = connection.get(path).await?;
        kind.add(path, began.elapsed(), &answer);
        tokio::time::sleep(visitor.thinks).await;
    }
    Ok(kind)
}

async fn sync(address: &str, password: &str, over: &AtomicBool) -> Result<Kind> {
    let mut connection = Connection::log_in(address, "admin", password).await?;
    let mut kind = Kind::new("admin: the ERP is read");
    let mut next = Instant::now();
    while !over.load(Ordering::Relaxed) {
        if Instant::now() >= next {
            next += SYNC_EVERY;
            let began = Instant::now();
            let draft = json!({"kind": "sync", "system": "erp_main"});
            let answer = connection.post_json("/api/v1/runs", &draft).await?;
            kind.add("/api/v1/runs", began.elapsed(), &answer);
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    Ok(kind)
}
