//! `/api/v1/verify`: is this code genuine.
//!
//! Anybody may ask. Against trying codes out: an address may ask so often a minute, and one answer
//! takes as long as another, whatever it says.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{SecondsFormat, Utc};
use serde_json::{Value, json};
use xxhash_rust::xxh3::xxh3_64;
use yuanliu_api::Problem;
use yuanliu_api::ports::{Consumer, Verified as Answer, VerifyQuestion};
use yuanliu_trace_index::IndexError;

use super::{Service, index_refuses, panicked};
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

impl Service {
    /// Whether codes are genuine. A question of the public is kept as a verify event.
    pub(crate) async fn verify(
        self: &Arc<Self>,
        is_staff: bool,
        consumer: &Consumer,
        question: &VerifyQuestion,
    ) -> Result<Vec<Answer>, Problem> {
        let began = Instant::now();
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
        let rules = self.hub.config.rules.verify.clone();
        if !is_staff {
            match (self.attempts.count(consumer.address, codes.len() as u32, &rules), &self.captcha)
            {
                (Attempt::TooMany(wait), _) => {
                    return Err(Problem::too_many("too many codes from this address", wait));
                }
                (Attempt::Suspect, Some(captcha)) => {
                    captcha.expect(consumer.captcha.as_deref(), consumer.address).await?;
                }
                (Attempt::Fair | Attempt::Suspect, _) => {}
            }
        }
        let asker = asker(question, consumer);
        let judging = Arc::clone(self);
        let (asked, by) = (codes.clone(), asker.clone());
        let verified = self.read(move || {
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
        let verified = verified.await.map_err(panicked)?.map_err(index_refuses)?;
        if !is_staff {
            record(self, &codes, &asker, question.region_code.as_deref()).await?;
        }
        let answers = verified.into_iter().map(|one| one.into_json(is_staff)).collect();
        // A code that exists is read longer than one that does not: neither shows in the time.
        let even = Duration::from_millis(u64::try_from(rules.answer_ms).unwrap_or_default());
        if !is_staff {
            tokio::time::sleep(even.saturating_sub(began.elapsed())).await;
        }
        serde_json::from_value(Value::Array(answers)).map_err(|e| Problem::internal(&e.to_string()))
    }
}

/// A stable name for whoever asks that does not say who they are.
fn asker(question: &VerifyQuestion, consumer: &Consumer) -> String {
    let agent = consumer.user_agent.as_bytes();
    let name = match &question.consumer_ref {
        Some(name) => xxh3_64(name.as_bytes()),
        None => xxh3_64(consumer.address.to_string().as_bytes()) ^ xxh3_64(agent).rotate_left(1),
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
