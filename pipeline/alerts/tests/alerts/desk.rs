//! A desk with a clock that a test moves and secrets that a test knows.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::Value;
use yuanliu_alerts::{
    AlertDesk, AlertStore, AlertsConfig, ByDigits, Clock, HttpAnswer, HttpPost, Mail, MailServer,
    MemoryAlertStore, SecretSource, Transport, TransportError,
};

/// Secrets by reference.
#[derive(Default)]
pub(crate) struct Secrets(pub(crate) BTreeMap<String, String>);

impl Secrets {
    pub(crate) fn of(pairs: &[(&str, &str)]) -> Self {
        Self(
            pairs
                .iter()
                .map(|(name, value)| (format!("env:{name}"), (*value).to_owned()))
                .collect(),
        )
    }
}

impl SecretSource for Secrets {
    fn resolve(&self, reference: &str) -> Result<String, String> {
        self.0.get(reference).cloned().ok_or_else(|| format!("{reference} is not set"))
    }
}

/// A clock that stands until a test moves it.
pub(crate) struct ManualClock(Mutex<DateTime<Utc>>);

impl ManualClock {
    pub(crate) fn at(text: &str) -> Arc<Self> {
        Arc::new(Self(Mutex::new(time(text))))
    }

    pub(crate) fn advance(&self, by: Duration) {
        let mut now = self.0.lock().unwrap();
        *now += by;
    }

    pub(crate) fn minutes(&self, minutes: u64) {
        self.advance(Duration::from_secs(minutes * 60));
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

pub(crate) fn time(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().with_timezone(&Utc)
}

/// Takes everything and keeps it, unless it was told to answer otherwise.
#[derive(Default)]
pub(crate) struct Recorder {
    pub(crate) posts: Mutex<Vec<Value>>,
    pub(crate) mails: Mutex<Vec<Mail>>,
    /// Answers to come; when there are none left, everything is taken.
    pub(crate) answers: Mutex<Vec<HttpAnswer>>,
}

impl Recorder {
    pub(crate) fn posted(&self) -> Vec<Value> {
        std::mem::take(&mut *self.posts.lock().unwrap())
    }

    /// The titles of what was posted since it was last asked.
    pub(crate) fn titles(&self) -> Vec<String> {
        let title = |post: Value| post["data"]["title"].as_str().unwrap().to_owned();
        self.posted().into_iter().map(title).collect()
    }
}

#[async_trait]
impl Transport for Recorder {
    async fn post(&self, request: HttpPost) -> Result<HttpAnswer, TransportError> {
        let answer = self.answers.lock().unwrap().pop();
        let answer = answer.unwrap_or(HttpAnswer { status: 200, ..HttpAnswer::default() });
        if answer.status == 200 {
            let mut body: Value = serde_json::from_str(&request.body).unwrap();
            body["url"] = request.url.reveal().into();
            self.posts.lock().unwrap().push(body);
        }
        Ok(answer)
    }

    async fn mail(&self, _: &MailServer, mail: Mail) -> Result<(), TransportError> {
        self.mails.lock().unwrap().push(mail);
        Ok(())
    }
}

/// A desk over a store in memory.
pub(crate) struct Bench<T> {
    pub(crate) desk: AlertDesk,
    pub(crate) store: Arc<dyn AlertStore>,
    pub(crate) transport: Arc<T>,
    pub(crate) clock: Arc<ManualClock>,
}

pub(crate) fn bench<T: Transport + 'static>(
    text: &str,
    secrets: &Secrets,
    transport: T,
    clock: Arc<ManualClock>,
) -> Bench<T> {
    let config = AlertsConfig::parse(text, secrets).unwrap_or_else(|e| panic!("{e:#?}"));
    let store: Arc<dyn AlertStore> = Arc::new(MemoryAlertStore::default());
    let transport = Arc::new(transport);
    let desk = AlertDesk::new(
        Arc::new(config),
        store.clone(),
        transport.clone(),
        clock.clone(),
        Arc::new(ByDigits),
    );
    Bench { desk, store, transport, clock }
}
