//! A hub of made-up data in memory: what the tests and the example serve.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::wildcard_imports,
    reason = "made-up data for tests; its files share one list of words"
)]

mod accounts;
mod alerts;
mod codes;
mod decisions;
mod reports;
mod runs;
mod sessions;
mod work;

pub use self::codes::CODE;
pub use self::decisions::CASE_HASH;
pub use self::runs::run;
pub use self::sessions::ATTEMPTS_MAX;

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use chrono::{DateTime, TimeZone, Utc};
use serde_json::{Value, json};
use tokio::sync::broadcast;
use yuanliu_api::access::{Locale, Principal, Role};
use yuanliu_api::ports::*;
use yuanliu_api::{Api, Assets, NoAssets, Options, Ports};

/// Items whose only key is their place.
pub fn page_of<T>(items: Vec<T>, asked: &PageAsked) -> Answer<Page<T>> {
    let start = match asked.after.as_deref() {
        None => 0,
        Some(after) => after
            .parse::<usize>()
            .map_err(|_| PortError::invalid("the cursor names no place", "begin anew"))?,
    };
    let (limit, total) = (asked.limit as usize, items.len());
    let items: Vec<T> = items.into_iter().skip(start).take(limit).collect();
    let end = start + items.len();
    Ok(Page { next: (end < total).then(|| end.to_string()), items })
}

/// A moment of the made-up past.
pub fn at(minute: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 1, minute % 60, 0).unwrap()
}

/// Rows from JSON objects.
pub fn row(value: Value) -> Row {
    match value {
        Value::Object(columns) => Row(columns),
        other => panic!("{other} is no row"),
    }
}

/// The principal of a role; a dealer sees D1, management Hunan.
pub fn principal(role: Role) -> Principal {
    let name = serde_json::to_value(role).unwrap().as_str().unwrap().to_owned();
    Principal {
        display_name: name.clone(),
        regions: if role == Role::Management { vec!["430000".to_owned()] } else { Vec::new() },
        dealer_code: (role == Role::Dealer).then(|| "D1".to_owned()),
        locale: Locale::Chinese,
        login: name,
        role,
    }
}

/// The password of an account that is named after its role.
pub fn password(login: &str) -> String {
    format!("password of {login}")
}

/// The bearer token of a role.
pub fn token(role: Role) -> String {
    format!("token-{}", principal(role).login)
}

/// Everything that changes.
#[derive(Default)]
pub struct State {
    pub accounts: BTreeMap<String, Account>,
    pub tokens: Vec<Token>,
    pub sessions: HashMap<String, Session>,
    pub failures: HashMap<String, u32>,
    pub audit: Vec<AuditEntry>,
    pub runs: Vec<Run>,
    pub jobs: Vec<Job>,
    pub rejects: Vec<Reject>,
    pub drift: Vec<DriftLine>,
    pub alerts: Vec<Alert>,
    pub deliveries: Vec<Delivery>,
    pub corrections: Vec<Correction>,
    pub case_decisions: Vec<CaseDecision>,
    pub claim_decisions: Vec<ClaimDecision>,
    pub files: BTreeMap<String, String>,
    pub plans: HashMap<String, PlanDraft>,
    pub changes: Vec<ConfigurationChange>,
    pub last_id: u64,
}

impl State {
    /// A new name that was never given before.
    pub fn id(&mut self, of: &str) -> String {
        self.last_id += 1;
        format!("{of}-{}", self.last_id)
    }
}

/// The hub.
pub struct Memory {
    state: Mutex<State>,
    pub live: broadcast::Sender<RunEvent>,
    /// Systems do not answer.
    pub is_stuck: AtomicBool,
}

impl Memory {
    /// Made-up data.
    pub fn new() -> Arc<Self> {
        let mut state = State::default();
        accounts::fill(&mut state);
        runs::fill(&mut state);
        work::fill(&mut state);
        alerts::fill(&mut state);
        Arc::new(Self {
            state: Mutex::new(state),
            live: broadcast::Sender::new(256),
            is_stuck: AtomicBool::new(false),
        })
    }

    /// Waits for ever if systems do not answer.
    pub async fn reach(&self) {
        if self.is_stuck.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// The API over it.
    pub fn api(self: &Arc<Self>, options: Options) -> Arc<Api> {
        self.api_with(options, Arc::new(NoAssets))
    }

    /// The API over it, with a web.
    pub fn api_with(self: &Arc<Self>, options: Options, assets: Arc<dyn Assets>) -> Arc<Api> {
        let ports = Ports {
            accounts: self.clone(),
            alerts: self.clone(),
            audit: self.clone(),
            cases: self.clone(),
            claims: self.clone(),
            configuration: self.clone(),
            dealers: self.clone(),
            drift: self.clone(),
            jobs: self.clone(),
            places: self.clone(),
            rejects: self.clone(),
            reports: self.clone(),
            runs: self.clone(),
            scans: self.clone(),
            sessions: self.clone(),
            systems: self.clone(),
            tracing: self.clone(),
        };
        Arc::new(Api::new(ports, options, assets))
    }
}

/// A file of a few lines.
pub fn file(name: &str, lines: &[&str]) -> FileAnswer {
    let lines: Vec<_> = lines.iter().map(|line| Ok(format!("{line}\n").into())).collect();
    FileAnswer { name: name.to_owned(), bytes: Box::pin(futures::stream::iter(lines)) }
}

pub fn missing(what: &str, name: &str) -> PortError {
    PortError::NotFound(format!("there is no {what} `{name}`"))
}

#[async_trait]
impl AuditDesk for Memory {
    async fn record(&self, entry: AuditEntry) -> Answer<()> {
        self.state().audit.push(entry);
        Ok(())
    }

    async fn list(
        &self,
        _: &Principal,
        filter: &AuditFilter,
        page: &PageAsked,
    ) -> Answer<Page<AuditEntry>> {
        let entries = self.state().audit.clone();
        let fits = |entry: &AuditEntry| {
            filter.actor.as_ref().is_none_or(|actor| *actor == entry.actor)
                && filter.action.as_ref().is_none_or(|action| {
                    let rest = entry.action.strip_prefix(action.as_str());
                    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                })
                && filter.from.is_none_or(|from| entry.at >= from)
                && filter.to.is_none_or(|to| entry.at < to)
        };
        page_of(entries.into_iter().rev().filter(fits).collect(), page)
    }
}

#[async_trait]
impl DealerDesk for Memory {
    async fn stock(&self, _: &Principal) -> Answer<Vec<DealerStock>> {
        Ok(vec![DealerStock {
            product_code: "P1".to_owned(),
            name: Some("源流一号".to_owned()),
            items: 240,
            cases: 10,
            oldest_days: 31,
        }])
    }

    async fn codes(
        &self,
        who: &Principal,
        product_code: Option<&str>,
        page: &PageAsked,
    ) -> Answer<Page<DealerCode>> {
        let code = |number: u32| DealerCode {
            code: format!("88{number:06}"),
            product_code: "P1".to_owned(),
            batch_no: Some("B1".to_owned()),
            parent_code: None,
            dealer_code: who.dealer_code.clone().unwrap_or_default(),
            since: at(number),
            state: "dealer_stock".to_owned(),
        };
        let codes = (0..250).map(code);
        let is_wanted =
            |code: &DealerCode| product_code.is_none_or(|product| product == code.product_code);
        page_of(codes.filter(is_wanted).collect(), page)
    }

    async fn score(&self, who: &Principal) -> Answer<DealerScore> {
        let month =
            row(json!({"dealer_code": who.dealer_code, "month": "2026-03", "score": "0.93"}));
        Ok(DealerScore { months: vec![month] })
    }
}
