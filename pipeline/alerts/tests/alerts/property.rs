//! Whatever comes in whatever order, and wherever the process ends: each live alert reaches each of
//! its recipients, once a dedup window and step.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use proptest::prelude::*;
use serde_json::Value;
use yuanliu_alerts::{
    Alert, AlertDesk, AlertFilter, AlertStore, AlertsConfig, ByDigits, Clock, Delivery,
    DeliveryFilter, HttpAnswer, HttpPost, Mail, MailServer, MemoryAlertStore, Saved, Severity,
    Signal, SignalKind, StoreError, Transport, TransportError,
};

use crate::desk::{ManualClock, Secrets, time};

const WINDOW_MIN: i64 = 60;
const FILE: &str = r#"
    [alerts]
    digest_over = 2
    attempts_max = 100
    give_up_h = 720
    [channels.a]
    kind = "webhook"
    url = "env:A"
    secret = "env:K"
    per_minute = 3
    [channels.b]
    kind = "webhook"
    url = "env:B"
    secret = "env:K"
    [channels.chief]
    kind = "webhook"
    url = "env:CHIEF"
    secret = "env:K"
    [[quiet_hours]]
    from = "22:00"
    to = "07:00"
    channels = ["b"]
    [[rules]]
    name = "sync"
    on = "sync_failed"
    to = ["a", "b"]
    dedup_min = 60
    [[rules.escalation]]
    after_min = 45
    to = ["chief"]
"#;

/// What a step of the store comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    /// The process ends before it.
    Before,
    /// It is durable, and the process ends before it knows.
    After,
}

/// A store whose writes meet faults from a list.
struct FaultyStore {
    inner: MemoryAlertStore,
    faults: Mutex<Vec<Fault>>,
    /// Deliveries whose taking could not be noted.
    unnoted: Mutex<BTreeSet<String>>,
}

impl FaultyStore {
    fn fault(&self) -> Fault {
        self.faults.lock().unwrap().pop().unwrap_or(Fault::None)
    }
}

fn ended() -> StoreError {
    StoreError::new("a fault of the test", "the process ended")
}

/// Whether something failed; it may only by a fault of the test.
fn is_fault<T>(outcome: Result<T, StoreError>) -> bool {
    let Err(error) = outcome else { return false };
    assert_eq!(error.action, ended().action, "{error:?}");
    true
}

#[async_trait]
impl AlertStore for FaultyStore {
    async fn latest_alert(&self, key: &str) -> Result<Option<Alert>, StoreError> {
        self.inner.latest_alert(key).await
    }

    async fn alert(&self, id: &str) -> Result<Option<Alert>, StoreError> {
        self.inner.alert(id).await
    }

    async fn save_alert(&self, alert: &Alert, new: &[Delivery]) -> Result<Saved, StoreError> {
        match self.fault() {
            Fault::None => self.inner.save_alert(alert, new).await,
            Fault::Before => Err(ended()),
            Fault::After => {
                let _ = self.inner.save_alert(alert, new).await?;
                Err(ended())
            }
        }
    }

    async fn alerts_to_escalate(
        &self,
        now: DateTime<Utc>,
        max: u32,
    ) -> Result<Vec<Alert>, StoreError> {
        self.inner.alerts_to_escalate(now, max).await
    }

    async fn alerts(&self, filter: &AlertFilter, max: u32) -> Result<Vec<Alert>, StoreError> {
        self.inner.alerts(filter, max).await
    }

    async fn due_deliveries(
        &self,
        channel: &str,
        now: DateTime<Utc>,
        max: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        self.inner.due_deliveries(channel, now, max).await
    }

    async fn begin_deliveries(
        &self,
        deliveries: &[Delivery],
        until: DateTime<Utc>,
    ) -> Result<Vec<Delivery>, StoreError> {
        match self.fault() {
            Fault::None => self.inner.begin_deliveries(deliveries, until).await,
            Fault::Before => Err(ended()),
            Fault::After => {
                self.inner.begin_deliveries(deliveries, until).await?;
                Err(ended())
            }
        }
    }

    async fn settle_deliveries(&self, deliveries: &[Delivery]) -> Result<(), StoreError> {
        let fault = self.fault();
        if fault == Fault::Before {
            let ids = deliveries.iter().map(|delivery| delivery.delivery_id.clone());
            self.unnoted.lock().unwrap().extend(ids);
            return Err(ended());
        }
        self.inner.settle_deliveries(deliveries).await?;
        if fault == Fault::After { Err(ended()) } else { Ok(()) }
    }

    async fn deliveries(
        &self,
        filter: &DeliveryFilter,
        max: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        self.inner.deliveries(filter, max).await
    }

    async fn messages_since(
        &self,
        channel: &str,
        since: DateTime<Utc>,
    ) -> Result<Vec<DateTime<Utc>>, StoreError> {
        self.inner.messages_since(channel, since).await
    }
}

/// One alert told to one address, as whoever receives it sees it.
type Told = (String, u64, u64, String);

/// The world outside: takes messages, or does not.
#[derive(Default)]
struct World {
    /// By delivery: how often it was taken.
    taken: Mutex<BTreeMap<String, usize>>,
    told: Mutex<Vec<Told>>,
    answers: Mutex<Vec<u16>>,
}

#[async_trait]
impl Transport for World {
    async fn post(&self, request: HttpPost) -> Result<HttpAnswer, TransportError> {
        let status = self.answers.lock().unwrap().pop().unwrap_or(200);
        if status == 0 {
            return Err(TransportError::Unreachable("gone".to_owned()));
        }
        if status == 200 {
            let body: Value = serde_json::from_str(&request.body).unwrap();
            for alert in body["data"]["alerts"].as_array().unwrap() {
                let text = |key: &str| alert[key].as_str().unwrap().to_owned();
                let number = |key: &str| alert[key].as_u64().unwrap();
                *self.taken.lock().unwrap().entry(text("delivery_id")).or_default() += 1;
                let told = (
                    text("alert_id"),
                    number("round"),
                    number("step"),
                    request.url.reveal().to_owned(),
                );
                self.told.lock().unwrap().push(told);
            }
        }
        Ok(HttpAnswer { status, ..HttpAnswer::default() })
    }

    async fn mail(&self, _: &MailServer, _: Mail) -> Result<(), TransportError> {
        unreachable!("no channel is a mail server")
    }
}

#[derive(Debug, Clone)]
enum Step {
    /// A signal of a subject, so many minutes old.
    Raise {
        subject: u8,
        age_min: i64,
    },
    Clear {
        subject: u8,
        age_min: i64,
    },
    Acknowledge {
        subject: u8,
    },
    Tick,
    Minutes(u64),
    /// Another process begins.
    Restart,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        5 => (0u8..3, 0i64..50).prop_map(|(subject, age_min)| Step::Raise { subject, age_min }),
        1 => (0u8..3, 0i64..50).prop_map(|(subject, age_min)| Step::Clear { subject, age_min }),
        1 => (0u8..3).prop_map(|subject| Step::Acknowledge { subject }),
        4 => Just(Step::Tick),
        4 => (1u64..90).prop_map(Step::Minutes),
        1 => Just(Step::Restart),
    ];
    prop::collection::vec(step, 1..50)
}

struct Run {
    store: Arc<FaultyStore>,
    world: Arc<World>,
    clock: Arc<ManualClock>,
    desk: AlertDesk,
}

impl Run {
    fn new(faults: Vec<Fault>, answers: Vec<u16>) -> Self {
        let store = Arc::new(FaultyStore {
            inner: MemoryAlertStore::default(),
            faults: Mutex::new(faults),
            unnoted: Mutex::default(),
        });
        let world = Arc::new(World { answers: Mutex::new(answers), ..World::default() });
        let clock = ManualClock::at("2026-03-02T04:00:00Z");
        let desk = begin(&store, &world, &clock);
        Self { store, world, clock, desk }
    }

    async fn step(&mut self, step: &Step) {
        let at = |age_min: i64| self.clock.now() - chrono::Duration::minutes(age_min);
        let kind = SignalKind::SyncFailed;
        let failed = match *step {
            Step::Raise { subject, age_min } => {
                let signal =
                    Signal::raised(kind, subject.to_string(), Severity::Warning, at(age_min));
                is_fault(self.desk.tell(&signal).await)
            }
            Step::Clear { subject, age_min } => {
                let signal = Signal::cleared(kind, subject.to_string(), at(age_min));
                is_fault(self.desk.tell(&signal).await)
            }
            Step::Acknowledge { subject } => {
                let alerts = self.store.alerts(&AlertFilter::default(), 1000).await.unwrap();
                let found = alerts.iter().find(|a| a.is_live() && a.subject == subject.to_string());
                match found {
                    Some(alert) => {
                        is_fault(self.desk.acknowledge(&alert.alert_id, "li", None).await)
                    }
                    None => false,
                }
            }
            Step::Tick => is_fault(self.desk.tick().await),
            Step::Minutes(minutes) => {
                self.clock.minutes(minutes);
                false
            }
            Step::Restart => true,
        };
        if failed {
            self.desk = begin(&self.store, &self.world, &self.clock);
        }
    }

    /// No more faults; time goes on until nothing waits.
    async fn settle(&mut self) {
        self.store.faults.lock().unwrap().clear();
        self.world.answers.lock().unwrap().clear();
        for _ in 0..40 {
            self.clock.advance(Duration::from_secs(3600));
            self.desk.tick().await.unwrap();
        }
        let all = self.store.deliveries(&DeliveryFilter::default(), 10_000).await.unwrap();
        let waiting: Vec<_> = all.iter().filter(|d| d.status.is_waiting()).collect();
        assert!(waiting.is_empty(), "{waiting:#?}");
    }

    async fn check(&self) {
        let alerts = self.store.alerts(&AlertFilter::default(), 10_000).await.unwrap();
        let told = self.world.told.lock().unwrap().clone();
        let has = |alert: &Alert, round: u32, step: u64, url: &str| {
            told.contains(&(alert.alert_id.clone(), u64::from(round), step, url.to_owned()))
        };
        for alert in alerts.iter().filter(|alert| alert.is_live()) {
            // Every window is told to the rule's own people.
            for round in 1..=alert.round {
                for url in ["http://a/", "http://b/"] {
                    assert!(
                        has(alert, round, 0, url),
                        "{url} was not told round {round} of {alert:#?}"
                    );
                }
            }
            if alert.escalation_step == 1 {
                assert!((1..=alert.round).any(|round| has(alert, round, 1, "http://chief/")));
            }
        }
        let live: BTreeSet<_> =
            alerts.iter().filter(|a| a.is_live()).map(|alert| &alert.dedup_key).collect();
        assert_eq!(live.len(), alerts.iter().filter(|alert| alert.is_live()).count());

        // Told more than once only if the first time could not be noted.
        let unnoted = self.store.unnoted.lock().unwrap().clone();
        for (delivery, times) in self.world.taken.lock().unwrap().iter() {
            assert!(*times == 1 || unnoted.contains(delivery), "{delivery} {times} times");
        }
        let all = self.store.deliveries(&DeliveryFilter::default(), 10_000).await.unwrap();
        let keys: BTreeSet<_> = all.iter().map(|delivery| delivery.key.clone()).collect();
        assert_eq!(keys.len(), all.len(), "one delivery for each alert, window, step and address");

        // A window is as long as the rule says.
        let mut rounds: BTreeMap<(&str, u32), DateTime<Utc>> = BTreeMap::new();
        for delivery in all.iter().filter(|delivery| delivery.key.step == 0) {
            rounds.insert((&delivery.key.alert_id, delivery.key.round), delivery.created_at);
        }
        for ((alert, round), at) in &rounds {
            if let Some(next) = rounds.get(&(*alert, round + 1)) {
                assert!(*next - *at >= chrono::Duration::minutes(WINDOW_MIN), "{alert} {round}");
            }
        }
    }
}

fn begin(store: &Arc<FaultyStore>, world: &Arc<World>, clock: &Arc<ManualClock>) -> AlertDesk {
    let pairs = [("A", "http://a/"), ("B", "http://b/"), ("CHIEF", "http://chief/"), ("K", "k")];
    let config = AlertsConfig::parse(FILE, &Secrets::of(&pairs)).unwrap();
    AlertDesk::new(
        Arc::new(config),
        store.clone(),
        world.clone(),
        clock.clone(),
        Arc::new(ByDigits),
    )
}

fn faults() -> impl Strategy<Value = Vec<Fault>> {
    let fault =
        prop_oneof![6 => Just(Fault::None), 1 => Just(Fault::Before), 1 => Just(Fault::After)];
    prop::collection::vec(fault, 0..60)
}

fn answers() -> impl Strategy<Value = Vec<u16>> {
    let answer = prop_oneof![6 => Just(200u16), 1 => Just(503), 1 => Just(429), 1 => Just(0)];
    prop::collection::vec(answer, 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn each_live_alert_reaches_each_recipient_once_a_window_and_step(
        steps in steps(),
        faults in faults(),
        answers in answers(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut run = Run::new(faults, answers);
            for step in &steps {
                run.step(step).await;
            }
            run.settle().await;
            run.check().await;
        });
    }

    #[test]
    fn the_last_word_counts_whatever_the_order(
        mut words in prop::collection::vec((any::<bool>(), 0i64..20), 1..8),
        seed in any::<u64>(),
    ) {
        // The first signal is the earliest, so that there is an alert that a later word can end.
        words.insert(0, (true, -1));
        let last_raise = words.iter().filter(|(is_raise, _)| *is_raise).map(|(_, at)| *at).max();
        let last_clear = words.iter().filter(|(is_raise, _)| !*is_raise).map(|(_, at)| *at).max();
        let is_live_expected = last_raise > last_clear;
        // Any order of the rest, and everything said twice.
        let mut rest: Vec<_> = words[1..].iter().chain(&words[1..]).copied().collect();
        let len = rest.len();
        for index in (1..len).rev() {
            rest.swap(index, (seed.rotate_left(index as u32) % (index as u64 + 1)) as usize);
        }
        // All raises before all clears and the other way round are orders as well; what a clear said
        // before the latest trouble was known is said again at the end.
        rest.extend(words[1..].iter().copied());
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let run = Run::new(Vec::new(), Vec::new());
            for (is_raise, minute) in words[..1].iter().chain(&rest) {
                let at = time("2026-03-02T04:00:00Z") + chrono::Duration::minutes(*minute);
                let kind = SignalKind::SyncFailed;
                let signal = match is_raise {
                    true => Signal::raised(kind, "x", Severity::Warning, at),
                    false => Signal::cleared(kind, "x", at),
                };
                run.clock.advance(Duration::from_secs(1));
                run.desk.tell(&signal).await.unwrap();
            }
            let alerts = run.store.alerts(&AlertFilter::default(), 100).await.unwrap();
            let is_live = alerts.iter().any(Alert::is_live);
            assert_eq!(is_live, is_live_expected, "{words:?}");
        });
    }
}
