//! `/api/v1/verify`: is this code genuine.
//!
//! Anybody may ask. Against trying codes out: an address may ask so often a minute, and one answer
//! takes as long as another, whatever it says.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{ConnectInfo, Query, State};
use axum::http::HeaderMap;
use chrono::{SecondsFormat, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use xxhash_rust::xxh3::xxh3_64;
use yuanliu_trace_index::IndexError;

use super::problem::Problem;
use super::{Service, blocking};
use crate::answers::{self, Verified, Verifier};
use crate::config::VerifyRules;

/// Codes in one question.
const CODES_MAX: usize = 50;

/// Addresses whose questions are counted; beyond it the count begins anew.
const ADDRESSES_MAX: usize = 100_000;

/// The window in which questions are counted.
const WINDOW: Duration = Duration::from_secs(60);

/// How often each address asked in its present minute.
#[derive(Debug, Default)]
pub(super) struct Attempts(Mutex<HashMap<IpAddr, (Instant, u32)>>);

impl Attempts {
    /// Counts codes asked by an address.
    fn count(&self, address: IpAddr, codes: u32, rules: &VerifyRules) -> Attempt {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if known.len() >= ADDRESSES_MAX {
            known.retain(|_, (since, _)| now.duration_since(*since) < WINDOW);
            if known.len() >= ADDRESSES_MAX {
                known.clear();
            }
        }
        let (since, asked) = known.entry(address).or_insert((now, 0));
        if now.duration_since(*since) >= WINDOW {
            (*since, *asked) = (now, 0);
        }
        *asked = asked.saturating_add(codes);
        let asked = i64::from(*asked);
        if asked > rules.codes_per_minute {
            Attempt::TooMany(WINDOW.saturating_sub(now.duration_since(*since)))
        } else if asked > rules.captcha_after {
            Attempt::Suspect
        } else {
            Attempt::Fair
        }
    }
}

/// What an address may do now.
enum Attempt {
    /// It is answered.
    Fair,
    /// It shows first that a person asks, where a CAPTCHA is set up.
    Suspect,
    /// It waits.
    TooMany(Duration),
}

/// What is asked.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Question {
    /// One code, or several with `;` between.
    codes: String,
    /// Who asks, as the page or the program calls them; kept as a hash.
    consumer_ref: Option<String>,
    /// Where, if they say so.
    region_code: Option<String>,
}

/// `GET`: nothing is recorded but the question itself, as a verify event.
pub(super) async fn by_query(
    State(service): State<Arc<Service>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    question: Result<Query<Question>, QueryRejection>,
) -> Result<Json<Value>, Problem> {
    let Query(question) = question?;
    answer(service, from, headers, question).await
}

/// `POST`: the same with a JSON body.
pub(super) async fn by_body(
    State(service): State<Arc<Service>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    question: Result<Json<Question>, JsonRejection>,
) -> Result<Json<Value>, Problem> {
    let Json(question) = question?;
    answer(service, from, headers, question).await
}

async fn answer(
    service: Arc<Service>,
    from: SocketAddr,
    headers: HeaderMap,
    question: Question,
) -> Result<Json<Value>, Problem> {
    let began = Instant::now();
    let is_staff = service.tokens.is_staff(&headers);
    let codes: Vec<String> = answers::codes_in(&question.codes).map(str::to_owned).collect();
    if codes.is_empty() {
        return Err(Problem::bad_request(
            "`codes` is empty: give one code, or several with ; between",
        ));
    }
    if codes.len() > CODES_MAX {
        let detail = format!("{} codes at once; ask for at most {CODES_MAX}", codes.len());
        return Err(Problem::bad_request(detail));
    }
    let rules = service.hub.config.rules.verify.clone();
    if !is_staff {
        match (service.attempts.count(from.ip(), codes.len() as u32, &rules), &service.captcha) {
            (Attempt::TooMany(wait), _) => {
                return Err(Problem::too_many("too many codes from this address", wait));
            }
            (Attempt::Suspect, Some(captcha)) => captcha.expect(&headers, from.ip()).await?,
            (Attempt::Fair | Attempt::Suspect, _) => {}
        }
    }
    let asker = asker(&question, from, &headers);
    let judging = Arc::clone(&service);
    let (asked, by) = (codes.clone(), asker.clone());
    let verified = blocking(move || {
        let known = judging.knowledge();
        let verifier = Verifier {
            known: &known,
            rules: &judging.hub.config.rules.verify,
            regions: &judging.hub.regions,
            zone: judging.hub.config.hub.time_zone,
            now_us: Utc::now().timestamp_micros(),
        };
        let one = |code: &String| {
            let history = judging.history(code, verifier.now_us)?;
            Ok(verifier.verify(code, history.as_ref(), Some(&by)))
        };
        asked.iter().map(one).collect::<Result<Vec<Verified>, IndexError>>()
    });
    let verified = verified.await??;
    if !is_staff {
        record(&service, &codes, &asker, question.region_code.as_deref()).await?;
    }
    let answers: Vec<Value> = verified.into_iter().map(|one| one.into_json(is_staff)).collect();
    // A code that exists is read longer than one that does not: neither shows in the time.
    let even = Duration::from_millis(u64::try_from(rules.answer_ms).unwrap_or_default());
    if !is_staff {
        tokio::time::sleep(even.saturating_sub(began.elapsed())).await;
    }
    Ok(Json(json!(answers)))
}

/// A stable name for whoever asks that does not say who they are.
fn asker(question: &Question, from: SocketAddr, headers: &HeaderMap) -> String {
    let agent = headers.get("user-agent").map(|value| value.as_bytes()).unwrap_or_default();
    let name = match &question.consumer_ref {
        Some(name) => xxh3_64(name.as_bytes()),
        None => xxh3_64(from.ip().to_string().as_bytes()) ^ xxh3_64(agent).rotate_left(1),
    };
    format!("web-{name:016x}")
}

/// Keeps the question as a verify event, so that the next one knows of it.
async fn record(
    service: &Service,
    codes: &[String],
    asker: &str,
    region_code: Option<&str>,
) -> Result<(), Problem> {
    let now = Utc::now();
    let text = now.to_rfc3339_opts(SecondsFormat::Micros, true);
    let mut body = String::new();
    for code in codes {
        let event = json!({
            "event_type": "verify",
            "event_time": text,
            "recorded_at": text,
            "codes": [code],
            "device_id": asker,
            "region_code": region_code,
        });
        body.push_str(&event.to_string());
        body.push('\n');
    }
    service.keep_own(body).await
}
