//! What becomes of signals over time.

use chrono::Duration;
use yuanliu_alerts::{
    AlertFilter, AlertStatus, DeliveryFilter, DeliveryStatus, Handled, HttpAnswer, Severity,
    Signal, SignalKind,
};

use crate::desk::{Bench, ManualClock, Recorder, Secrets, bench};

const FILE: &str = r#"
    [alerts]
    language = "en"
    link = "https://hub.example.com/alerts/{alert_id}"
    [channels.ops]
    kind = "webhook"
    url = "env:OPS"
    secret = "env:KEY"
    per_minute = 10
    [channels.chief]
    kind = "webhook"
    url = "env:CHIEF"
    secret = "env:KEY"
    [channels.mail]
    kind = "mail"
    server = "localhost"
    from = "hub@example.com"
    [people]
    hebei = ["mail:hebei@example.com"]
    zhengding = ["mail:zhengding@example.com"]
    everywhere = ["mail:sales@example.com"]
    [region_managers]
    "130000" = ["hebei"]
    "130123" = ["zhengding"]
    "*" = ["everywhere"]
    [[quiet_hours]]
    from = "22:00"
    to = "07:00"
    channels = ["ops"]
    [[rules]]
    name = "sync"
    on = "sync_failed"
    to = ["ops"]
    dedup_min = 60
    [[rules.escalation]]
    after_min = 30
    to = ["chief"]
    [[rules]]
    name = "diversion"
    on = "diversion_case"
    where = { grade = ["A", "B"] }
    to = ["region_manager"]
    [[rules]]
    name = "undeliverable"
    on = "delivery_given_up"
    to = ["chief"]
"#;

/// Noon in Shanghai.
fn start() -> Bench<Recorder> {
    at("2026-03-02T04:00:00Z")
}

fn at(now: &str) -> Bench<Recorder> {
    let secrets = Secrets::of(&[("OPS", "http://ops/"), ("CHIEF", "http://chief/"), ("KEY", "k")]);
    bench(FILE, &secrets, Recorder::default(), ManualClock::at(now))
}

impl Bench<Recorder> {
    async fn failed(&self, stream: &str, severity: Severity) {
        let now = yuanliu_alerts::Clock::now(&*self.clock);
        let signal = Signal::raised(SignalKind::SyncFailed, format!("erp/{stream}"), severity, now)
            .with("system", "erp")
            .with("stream", stream);
        self.desk.tell(&signal).await.unwrap();
    }

    async fn titles(&self) -> Vec<String> {
        self.desk.tick().await.unwrap();
        self.transport.titles()
    }
}

const TITLE: &str = "[warning] Sync failed: erp orders";

#[tokio::test]
async fn a_thing_is_told_once_a_window() {
    let bench = start();
    for _ in 0..3 {
        bench.failed("orders", Severity::Warning).await;
    }
    assert_eq!(bench.titles().await, [TITLE]);
    bench.clock.minutes(29);
    bench.failed("orders", Severity::Warning).await;
    assert!(bench.titles().await.is_empty());
    let alerts = bench.store.alerts(&AlertFilter::default(), 10).await.unwrap();
    assert_eq!((alerts.len(), alerts[0].count, alerts[0].round), (1, 4, 1));
    // It grows worse: that is news.
    bench.failed("orders", Severity::Critical).await;
    assert_eq!(bench.titles().await, ["[critical] Sync failed: erp orders"]);
    // Its window is over, and still it goes on.
    bench.desk.acknowledge(&alerts[0].alert_id, "li", None).await.unwrap();
    bench.clock.minutes(61);
    bench.failed("orders", Severity::Critical).await;
    assert!(bench.titles().await.is_empty(), "somebody has it");
}

#[tokio::test]
async fn nobody_acknowledges_and_somebody_does() {
    let bench = start();
    bench.failed("orders", Severity::Warning).await;
    bench.failed("stock", Severity::Warning).await;
    bench.titles().await;
    let alerts = bench.store.alerts(&AlertFilter::default(), 10).await.unwrap();
    let stock = alerts.iter().find(|alert| alert.subject == "erp/stock").unwrap();
    let done = bench.desk.acknowledge(&stock.alert_id, "li", Some("ERP is updated")).await.unwrap();
    let Handled::Done(alert) = done else { panic!("{done:?}") };
    assert_eq!(
        (alert.status, alert.handled_by.as_deref()),
        (AlertStatus::Acknowledged, Some("li"))
    );
    bench.clock.minutes(29);
    assert!(bench.titles().await.is_empty());
    bench.clock.minutes(1);
    bench.desk.tick().await.unwrap();
    let posts = bench.transport.posted();
    assert_eq!(posts.len(), 1, "{posts:?}");
    assert_eq!(posts[0]["url"], "http://chief/");
    assert!(posts[0]["data"]["text"].as_str().unwrap().contains("Nobody acknowledged: step 1"));
    bench.clock.minutes(240);
    assert!(bench.titles().await.is_empty(), "there is no further step");
    bench.failed("orders", Severity::Warning).await;
    assert_eq!(bench.titles().await.len(), 2, "who was drawn in stays in");
    assert_eq!(bench.desk.acknowledge("none", "li", None).await.unwrap(), Handled::NotFound);
}

#[tokio::test]
async fn the_all_clear_ends_it_whatever_comes_late() {
    let bench = start();
    let t = |minute| crate::desk::time("2026-03-02T04:00:00Z") + Duration::minutes(minute);
    let raised =
        |minute| Signal::raised(SignalKind::SyncFailed, "erp/a", Severity::Warning, t(minute));
    let cleared = |minute| Signal::cleared(SignalKind::SyncFailed, "erp/a", t(minute));
    bench.desk.tell(&raised(2)).await.unwrap();
    bench.desk.tell(&cleared(1)).await.unwrap();
    let status = async || {
        let alerts = bench.store.alerts(&AlertFilter::default(), 10).await.unwrap();
        alerts.iter().map(|alert| alert.status).collect::<Vec<_>>()
    };
    assert_eq!(status().await, [AlertStatus::Open], "an older all-clear says nothing");
    bench.desk.tell(&cleared(3)).await.unwrap();
    bench.desk.tell(&raised(2)).await.unwrap();
    assert_eq!(status().await, [AlertStatus::Resolved], "a repeat from before does not open it");
    // At the same moment of the hub's clock.
    bench.desk.tell(&raised(5)).await.unwrap();
    assert_eq!(status().await, [AlertStatus::Open, AlertStatus::Resolved]);
}

#[tokio::test]
async fn the_nearest_region_with_a_manager_decides() {
    let bench = start();
    for (region, grade) in
        [("130123", "A"), ("130102", "B"), ("429004", "A"), ("130123005", "A"), ("130000", "D")]
    {
        let now = yuanliu_alerts::Clock::now(&*bench.clock);
        let kind = SignalKind::DiversionCase;
        let signal = Signal::raised(kind, format!("{region}/{grade}"), Severity::Warning, now)
            .in_region(region)
            .of_dealer("D7")
            .with("grade", grade);
        bench.desk.tell(&signal).await.unwrap();
    }
    bench.desk.tick().await.unwrap();
    let mails = bench.transport.mails.lock().unwrap();
    let mut to: Vec<_> = mails.iter().map(|mail| mail.to.as_str()).collect();
    to.sort_unstable();
    let zhengding = "zhengding@example.com";
    assert_eq!(to, ["hebei@example.com", "sales@example.com", zhengding, zhengding]);
    assert!(mails.iter().all(|mail| mail.subject == "[warning] Diversion alert: dealer D7"));
}

#[tokio::test]
async fn quiet_hours_hold_and_end_in_one_digest() {
    // 23:30 in Shanghai.
    let bench = at("2026-03-02T15:30:00Z");
    for stream in ["a", "b", "c"] {
        bench.failed(stream, Severity::Warning).await;
    }
    bench.failed("orders", Severity::Critical).await;
    assert_eq!(
        bench.titles().await,
        ["[critical] Sync failed: erp orders"],
        "what is urgent passes"
    );
    let held = DeliveryFilter { status: Some(DeliveryStatus::Pending), ..Default::default() };
    assert_eq!(bench.store.deliveries(&held, 10).await.unwrap().len(), 3);
    bench.clock.minutes(7 * 60 + 29);
    let told = bench.titles().await;
    assert_eq!(
        told,
        ["[critical] Sync failed: erp orders"],
        "who sleeps is not passed over: {told:?}"
    );
    bench.clock.minutes(1);
    bench.desk.tick().await.unwrap();
    let posts = bench.transport.posted();
    assert_eq!(posts.len(), 1, "{posts:?}");
    assert_eq!(posts[0]["data"]["title"], "3 alerts");
    assert_eq!(posts[0]["data"]["alerts"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn more_than_anybody_reads_is_one_digest_and_nothing_is_lost() {
    let bench = start();
    for stream in 0..40 {
        bench.failed(&format!("s{stream:02}"), Severity::Warning).await;
    }
    bench.desk.tick().await.unwrap();
    let posts = bench.transport.posted();
    assert_eq!(posts.len(), 1, "{}", posts.len());
    assert_eq!(posts[0]["data"]["title"], "40 alerts");
    assert_eq!(posts[0]["data"]["alerts"].as_array().unwrap().len(), 40);
    let text = posts[0]["data"]["text"].as_str().unwrap();
    assert!(text.ends_with("And 20 more; see the list of alerts."), "{text}");
    let sent = DeliveryFilter { status: Some(DeliveryStatus::Sent), ..Default::default() };
    assert_eq!(bench.store.deliveries(&sent, 100).await.unwrap().len(), 40);
}

#[tokio::test]
async fn a_channel_sends_no_more_than_its_limit_in_a_minute() {
    let bench = start();
    let mut told = 0;
    for minute in 0..4 {
        for part in 0..4 {
            for stream in 0..4 {
                bench.failed(&format!("m{minute}p{part}s{stream}"), Severity::Warning).await;
            }
            told += bench.titles().await.len();
        }
        assert!(told <= 10 * (minute + 1), "{told} in minute {minute}");
        bench.clock.minutes(1);
    }
    bench.titles().await;
    let waiting = DeliveryFilter { status: Some(DeliveryStatus::Pending), ..Default::default() };
    assert!(bench.store.deliveries(&waiting, 100).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_refused_is_given_up_and_told_elsewhere() {
    let bench = start();
    bench.failed("orders", Severity::Warning).await;
    let refused = HttpAnswer { status: 401, ..HttpAnswer::default() };
    bench.transport.answers.lock().unwrap().push(refused);
    let reports = bench.desk.tick().await.unwrap();
    assert_eq!(reports["ops"].given_up, 1, "{reports:?}");
    bench.desk.tick().await.unwrap();
    let posts = bench.transport.posted();
    assert_eq!(posts.len(), 1);
    assert_eq!(posts[0]["url"], "http://chief/");
    let text = posts[0]["data"]["text"].as_str().unwrap();
    assert!(text.contains("HTTP 401; check the address, token and key"), "{text}");
    // The channel works again: that alert is over.
    bench.failed("stock", Severity::Warning).await;
    bench.desk.tick().await.unwrap();
    let resolved = AlertFilter { status: Some(AlertStatus::Resolved), ..Default::default() };
    assert_eq!(bench.store.alerts(&resolved, 10).await.unwrap()[0].rule, "undeliverable");
}

#[tokio::test]
async fn the_store_in_memory_keeps_what_a_store_promises() {
    yuanliu_alerts::check_store(&yuanliu_alerts::MemoryAlertStore::default()).await.unwrap();
}

#[tokio::test]
async fn a_silenced_alert_counts_and_keeps_quiet() {
    let bench = start();
    bench.failed("orders", Severity::Warning).await;
    bench.titles().await;
    let alerts = bench.store.alerts(&AlertFilter::default(), 10).await.unwrap();
    let until = yuanliu_alerts::Clock::now(&*bench.clock) + Duration::hours(3);
    bench.desk.silence(&alerts[0].alert_id, "li", until).await.unwrap();
    bench.clock.minutes(120);
    bench.failed("orders", Severity::Critical).await;
    assert!(bench.titles().await.is_empty());
    bench.clock.minutes(60);
    bench.failed("orders", Severity::Critical).await;
    let told = bench.titles().await;
    assert_eq!(told.len(), 2, "its own people and the next step: {told:?}");
}
