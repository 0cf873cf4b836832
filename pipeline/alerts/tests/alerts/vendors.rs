//! Each channel against a server that checks signatures and answers as the vendor does.

use std::time::Duration;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::DateTime;
use yuanliu_alerts::{
    Clock, Delivery, DeliveryFilter, DeliveryStatus, Network, Severity, Signal, SignalKind,
};

use crate::desk::{Bench, ManualClock, Secrets, bench};
use crate::server::{Arrived, Server, hmac_base64, ok};

const TOKEN: &str = "t0ken-nobody-sees";
const KEY: &str = "SECkey-nobody-sees";
const NOW: &str = "2026-03-02T04:00:00Z";

/// A desk with one rule that tells one recipient of one channel.
fn desk(channel: &str, to: &str, url: &str) -> Bench<Network> {
    let file = format!(
        "[alerts]\n[channels.it]\n{channel}\n[[rules]]\nname = \"sync\"\non = \"sync_failed\"\n\
         to = [\"{to}\"]\n"
    );
    let secrets = Secrets::of(&[("URL", url), ("KEY", KEY)]);
    let network = Network::with_timeouts(Duration::from_millis(700), Duration::from_secs(2));
    bench(&file, &secrets, network.unwrap(), ManualClock::at(NOW))
}

impl Bench<Network> {
    /// Tells one signal, sends, and gives the delivery as it is then.
    async fn deliver(&self) -> Delivery {
        let signal = Signal::raised(
            SignalKind::SyncFailed,
            "erp/orders",
            Severity::Warning,
            self.clock.now(),
        );
        let signal = signal
            .with("system", "erp")
            .with("stream", "orders")
            .with("run_id", "r1")
            .with("message", "<at id=all></at> [x](http://evil) HTTP 500");
        self.desk.tell(&signal).await.unwrap();
        self.again().await
    }

    async fn again(&self) -> Delivery {
        self.desk.tick().await.unwrap();
        let all = self.store.deliveries(&DeliveryFilter::default(), 10).await.unwrap();
        assert_eq!(all.len(), 1, "{all:?}");
        let told = format!("{all:?} {:?}", self.desk.config());
        assert!(!told.contains(TOKEN) && !told.contains(KEY), "{told}");
        all.into_iter().next().unwrap()
    }
}

fn wait_s(delivery: &Delivery) -> i64 {
    (delivery.next_at - crate::desk::time(NOW)).num_seconds()
}

fn robot(kind: &str, is_signed: bool) -> String {
    let secret = if is_signed { "\nsecret = \"env:KEY\"" } else { "" };
    format!("kind = \"{kind}\"\nwebhook = \"env:URL\"{secret}")
}

fn dingtalk(request: &Arrived, before: usize) -> Response {
    let millis = request.query("timestamp").unwrap_or_default();
    let now = crate::desk::time(NOW).timestamp_millis();
    let is_near = millis.parse::<i64>().is_ok_and(|at| (at - now).abs() < 3_600_000);
    let sign = hmac_base64(KEY, &format!("{millis}\n{KEY}"));
    if request.query("access_token").as_deref() != Some(TOKEN) {
        return ok(r#"{"errcode":300005,"errmsg":"token is not exist"}"#);
    }
    if !is_near || request.query("sign") != Some(sign) {
        return ok(r#"{"errcode":310000,"errmsg":"sign not match"}"#);
    }
    if before >= 20 {
        return ok(r#"{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}"#);
    }
    ok(r#"{"errcode":0,"errmsg":"ok"}"#)
}

#[tokio::test]
async fn dingtalk_takes_a_signed_markdown_with_a_mention() {
    let server = Server::start(dingtalk).await;
    let url = format!("{}/robot/send?access_token={TOKEN}", server.url);
    let bench = desk(&robot("dingtalk", true), "it:13800000001", &url);
    assert_eq!(bench.deliver().await.status, DeliveryStatus::Sent);
    let body = server.arrived()[0].json();
    assert_eq!(body["msgtype"], "markdown");
    assert_eq!(body["markdown"]["title"], "【预警】同步失败：erp orders");
    let text = body["markdown"]["text"].as_str().unwrap();
    assert_eq!(
        text,
        "### 【预警】同步失败：erp orders\n\n运行 r1 未成功：＜at id=all＞＜/at＞ ［x］(http://evil) \
         HTTP 500\n\n时间：2026-03-02 12:00\n\n@13800000001"
    );
    assert_eq!(body["at"]["atMobiles"][0], "13800000001");
    assert_eq!(body["at"]["isAtAll"], false);
}

#[tokio::test]
async fn dingtalk_refuses_a_message_without_signature() {
    let server = Server::start(dingtalk).await;
    let url = format!("{}/robot/send?access_token={TOKEN}", server.url);
    let delivery = desk(&robot("dingtalk", false), "it", &url).deliver().await;
    assert_eq!(delivery.status, DeliveryStatus::GivenUp);
    let why = delivery.last_error.unwrap();
    assert!(why.starts_with("DingTalk answered 310000: sign not match; check the key"), "{why}");
}

#[tokio::test]
async fn dingtalk_is_left_alone_for_ten_minutes_when_it_says_too_fast() {
    let server = Server::start(|request, before| dingtalk(request, before + 20)).await;
    let url = format!("{}/robot/send?access_token={TOKEN}", server.url);
    let bench = desk(&robot("dingtalk", true), "it", &url);
    let delivery = bench.deliver().await;
    assert_eq!((delivery.status, wait_s(&delivery)), (DeliveryStatus::Failed, 600));
    bench.clock.minutes(9);
    bench.again().await;
    assert_eq!(server.arrived().len(), 1);
    bench.clock.minutes(1);
    bench.again().await;
    assert_eq!(server.arrived().len(), 2);
}

#[tokio::test]
async fn wecom_takes_markdown_for_all_and_text_with_mentions() {
    let answer = |request: &Arrived, _: usize| match request.query("key").as_deref() {
        Some(TOKEN) => ok(r#"{"errcode":0,"errmsg":"ok"}"#),
        _ => ok(r#"{"errcode":93000,"errmsg":"invalid webhook url"}"#),
    };
    let server = Server::start(answer).await;
    let url = format!("{}/cgi-bin/webhook/send?key={TOKEN}", server.url);
    for to in ["it", "it:ZhangSan", "it:13800000001"] {
        let sent = desk(&robot("wecom", false), to, &url).deliver().await;
        assert_eq!(sent.status, DeliveryStatus::Sent, "{sent:?}");
    }
    let bodies: Vec<_> = server.arrived().iter().map(Arrived::json).collect();
    let content = bodies[0]["markdown"]["content"].as_str().unwrap();
    assert!(content.starts_with("### 【预警】同步失败：erp orders\n") && content.len() <= 4096);
    assert_eq!(bodies[1]["msgtype"], "text");
    assert_eq!(bodies[1]["text"]["mentioned_list"][0], "ZhangSan");
    assert_eq!(bodies[2]["text"]["mentioned_mobile_list"][0], "13800000001");

    let url = format!("{}/cgi-bin/webhook/send?key=other", server.url);
    let refused = desk(&robot("wecom", false), "it", &url).deliver().await;
    assert_eq!(refused.status, DeliveryStatus::GivenUp);
}

#[tokio::test]
async fn wecom_says_too_many_inside_http_200() {
    let answer = |_: &Arrived, before: usize| match before {
        0 => ok(r#"{"errcode":45009,"errmsg":"api freq out of limit"}"#),
        _ => ok(r#"{"errcode":0,"errmsg":"ok"}"#),
    };
    let server = Server::start(answer).await;
    let bench = desk(&robot("wecom", false), "it", &format!("{}/?key={TOKEN}", server.url));
    let delivery = bench.deliver().await;
    assert_eq!((delivery.status, wait_s(&delivery)), (DeliveryStatus::Failed, 60));
    assert_eq!(delivery.attempts, 0, "the message is not at fault");
    bench.clock.minutes(1);
    assert_eq!(bench.again().await.status, DeliveryStatus::Sent);
}

fn feishu(request: &Arrived, _: usize) -> Response {
    let body = request.json();
    let seconds = body["timestamp"].as_str().unwrap_or_default();
    // The text is the key, and what is signed is empty.
    if body["sign"] != hmac_base64(&format!("{seconds}\n{KEY}"), "") {
        let refused = r#"{"code":19021,"data":{},"msg":"sign match fail or timestamp is not within one hour from current time"}"#;
        return ok(refused);
    }
    ok(r#"{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}"#)
}

#[tokio::test]
async fn feishu_takes_a_signed_card_and_refuses_another() {
    let server = Server::start(feishu).await;
    let url = format!("{}/open-apis/bot/v2/hook/{TOKEN}", server.url);
    let sent = desk(&robot("feishu", true), "it:ou_123", &url).deliver().await;
    assert_eq!(sent.status, DeliveryStatus::Sent, "{sent:?}");
    let body = server.arrived()[0].json();
    assert_eq!(body["timestamp"], "1772424000");
    assert_eq!(body["card"]["header"]["template"], "orange");
    let content = body["card"]["elements"][0]["content"].as_str().unwrap();
    assert!(content.ends_with("\n<at id=ou_123></at>"), "{content}");
    assert_eq!(content.matches("<at").count(), 1, "a value mentions nobody: {content}");
    let refused = desk(&robot("feishu", false), "it", &url).deliver().await;
    assert_eq!(refused.status, DeliveryStatus::GivenUp);
    assert!(refused.last_error.unwrap().contains("19021"));
}

#[tokio::test]
async fn feishu_limits_with_a_code_beside_http_429() {
    let limited = |_: &Arrived, _: usize| {
        let body = r#"{"code":11232,"msg":"frequency limited psm"}"#;
        (StatusCode::TOO_MANY_REQUESTS, body).into_response()
    };
    let server = Server::start(limited).await;
    let delivery = desk(&robot("feishu", true), "it", &server.url).deliver().await;
    assert_eq!((delivery.status, wait_s(&delivery)), (DeliveryStatus::Failed, 60));
}

const WEBHOOK: &str = "kind = \"webhook\"\nurl = \"env:URL\"\nsecret = \"env:KEY\"";

fn status(status: StatusCode, retry_after: &'static str) -> Response {
    (status, [("retry-after", retry_after)], "no").into_response()
}

#[tokio::test]
async fn a_webhook_is_signed_and_keeps_its_id_over_attempts() {
    let answer = |request: &Arrived, before: usize| {
        let (id, at) = (request.header("webhook-id"), request.header("webhook-timestamp"));
        let signature = hmac_base64(KEY, &format!("{id}.{at}.{}", request.text));
        assert_eq!(request.header("webhook-signature"), format!("v1,{signature}"));
        match before {
            0 => status(StatusCode::SERVICE_UNAVAILABLE, "120"),
            1 => status(StatusCode::TOO_MANY_REQUESTS, "Mon, 02 Mar 2026 04:10:00 GMT"),
            _ => StatusCode::NO_CONTENT.into_response(),
        }
    };
    let server = Server::start(answer).await;
    let bench = desk(WEBHOOK, "it", &format!("{}/hook/{TOKEN}", server.url));
    assert_eq!(wait_s(&bench.deliver().await), 120);
    bench.clock.minutes(2);
    assert_eq!(wait_s(&bench.again().await), 600);
    bench.clock.minutes(8);
    let delivery = bench.again().await;
    assert_eq!(delivery.status, DeliveryStatus::Sent);
    let arrived = server.arrived();
    assert_eq!(arrived.len(), 3);
    assert!(arrived.iter().all(|request| request.header("webhook-id") == delivery.delivery_id));
    let body = arrived[2].json();
    assert_eq!(body["type"], "alert");
    assert_eq!(body["data"]["alerts"][0]["fields"]["stream"], "orders");
    assert!(DateTime::parse_from_rfc3339(body["timestamp"].as_str().unwrap()).is_ok());
}

#[tokio::test]
async fn slow_broken_and_absent_servers_are_tried_again() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let slow = format!("http://{}/{TOKEN}", silent.local_addr().unwrap());
    let closing = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let broken = format!("http://{}/{TOKEN}", closing.local_addr().unwrap());
    tokio::spawn(async move { while closing.accept().await.is_ok() {} });
    let gone = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let absent = format!("http://{}/{TOKEN}", gone.local_addr().unwrap());
    drop(gone);
    for (url, why) in
        [(slow, "no answer in time"), (broken, "the connection broke"), (absent, "cannot connect")]
    {
        let delivery = desk(WEBHOOK, "it", &url).deliver().await;
        assert_eq!((delivery.status, wait_s(&delivery)), (DeliveryStatus::Failed, 30), "{url}");
        let told = delivery.last_error.unwrap();
        assert!(told.starts_with(why), "{told}");
    }
    drop(silent);
}

#[tokio::test]
async fn an_answer_that_is_none_is_tried_again() {
    for body in ["", "<html>", "{}", r#"{"errcode":"x"}"#] {
        let server = Server::start(move |_, _| ok(body)).await;
        let delivery = desk(&robot("wecom", false), "it", &server.url).deliver().await;
        assert_eq!(delivery.status, DeliveryStatus::Failed, "{body}");
    }
    let redirect = Server::start(|_, _| status(StatusCode::FOUND, "0")).await;
    let delivery = desk(WEBHOOK, "it", &redirect.url).deliver().await;
    assert_eq!(delivery.status, DeliveryStatus::GivenUp);
    let bench = desk(WEBHOOK, "it", &redirect.url);
    let error = bench.desk.test_channel("it", "").await.unwrap_err();
    assert_eq!(error.to_string(), "testing channel `it`");
    assert!(bench.desk.test_channel("other", "").await.is_err());
}
