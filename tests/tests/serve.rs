//! The ledger over HTTP: events in, durable and visible at once; answers about codes out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test ends where its ground is missing"
)]

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use yuanliu_tests::hub::TestHub;
use yuanliu_tests::sandbox::Sandbox;
use yuanliu_tests::server::{Server, answer};

fn event(id: &str, event_type: &str, minute: u32, code: &str) -> Value {
    json!({
        "event_id": id,
        "event_type": event_type,
        "event_time": format!("2026-03-01T08:{minute:02}:00+08:00"),
        "codes": [code],
    })
}

/// A hub that does not build by itself, so that nothing but the test moves.
fn hub() -> TestHub {
    let hub = TestHub::new();
    let path = hub.path("config/hub.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("build_every_s = 300", "build_every_s = 0")).unwrap();
    hub
}

#[tokio::test]
async fn events_come_in_every_form_and_are_seen_at_once() {
    let hub = hub();
    let server = Server::start(&hub);
    let list = json!([
        event("e1", "commission", 0, "http://t.example/q?c=A1"),
        event("e2", "commission", 1, "ａ２"),
    ]);
    let (status, receipt) = answer(server.post("/api/v1/events").json(&list)).await;
    assert_eq!(
        (status, &receipt["accepted"], &receipt["status"]),
        (200, &json!(2), &json!("ACCEPTED"))
    );

    let pack = json!({"event_id": "e3", "event_type": "pack", "event_time": "2026-03-01T08:05:00+08:00",
        "codes": ["A2"], "parent_code": "C1"});
    let ship = json!({"event_id": "e4", "event_type": "ship", "event_time": "2026-03-02T08:05:00+08:00",
        "codes": ["C1"], "to_party": "D1", "delivery_no": "CK1"});
    let lines = format!("{pack}\n{{broken\n{ship}\n");
    let request = server.post("/api/v1/events").header("content-type", "application/x-ndjson");
    let (status, receipt) = answer(request.body(lines)).await;
    assert_eq!(status, 200);
    assert_eq!(receipt["status"], "PARTIALLY_ACCEPTED");
    assert_eq!(
        (&receipt["total"], &receipt["accepted"], &receipt["rejected"]),
        (&json!(3), &json!(2), &json!(1))
    );
    assert_eq!(receipt["rejected_events"][0]["reason"], "json_invalid");
    assert_eq!(receipt["rejected_events"][0]["line"], 2);

    // The same again is a duplicate; another content under a known id is kept and told.
    let mut other = event("e1", "commission", 0, "A1");
    other["line"] = json!("L2");
    let again = json!([event("e2", "commission", 1, "ａ２"), other]);
    let (_, receipt) = answer(server.post("/api/v1/events").json(&again)).await;
    assert_eq!((&receipt["duplicate"], &receipt["collisions"]), (&json!(1), &json!(1)));
    assert_eq!(receipt["collided_events"][0]["event_id"], "e1");

    let sell = event("e5", "sell", 30, "A2").to_string();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(sell.as_bytes()).unwrap();
    let request = server.post("/api/v1/events").header("content-encoding", "gzip");
    let (status, _) = answer(request.body(gzip.finish().unwrap())).await;
    assert_eq!(status, 200);
    let verify = event("e6", "verify", 40, "A2").to_string();
    let request = server.post("/api/v1/events").header("content-encoding", "zstd");
    let (status, _) = answer(request.body(zstd::encode_all(verify.as_bytes(), 3).unwrap())).await;
    assert_eq!(status, 200);

    let (status, trace) = answer(server.get("/api/v1/trace/a2")).await;
    assert_eq!(status, 200);
    assert_eq!((&trace["code"], &trace["status"]), (&json!("A2"), &json!("sold")));
    let types: Vec<_> =
        trace["movements"].as_array().unwrap().iter().map(|m| &m["event_type"]).collect();
    assert_eq!(types, ["commission", "pack", "sell", "verify", "ship"]);
    assert_eq!(trace["custody"][0]["dealer_code"], "D1");
    assert_eq!(trace["custody"][0]["evidence"], "inferred");
    assert_eq!(trace["containment"][0]["parent_code"], "C1");
    assert_eq!(trace["sightings"].as_array().unwrap().len(), 2);
    let (status, problem) = answer(server.get("/api/v1/trace/NONE")).await;
    assert_eq!((status, &problem["code"]), (404, &json!("not_found")));

    // What the hub was told is in the lake when it has ended.
    server.stop();
    let rows = hub.run(&[
        "sql",
        "select event_id from raw.scans__event order by event_id",
        "--format",
        "csv",
    ]);
    let rows = rows.expect_code(0).stdout;
    assert_eq!(
        rows.lines().skip(1).collect::<Vec<_>>(),
        ["e1", "e1", "e2", "e3", "e4", "e5", "e6"]
    );
    let checked = hub.run(&["index", "check", "--format", "json"]).expect_code(0).json();
    assert_eq!((&checked["compared"], &checked["different"]), (&json!(3), &json!(0)));
    let rejects = hub.run(&["rejects", "list", "--format", "json"]).json();
    assert_eq!(rejects[0]["reason"], "json_invalid", "{rejects}");
}

#[tokio::test]
async fn a_device_needs_its_token_and_a_wrong_body_says_what_to_do() {
    let hub = hub();
    hub.write("config/device_tokens", "line-3 0123456789abcdef\n");
    let path = hub.path("config/hub.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let token = "device_tokens = \"file:device_tokens\"\nflush_s";
    std::fs::write(&path, text.replacen("flush_s", token, 1)).unwrap();
    let server = Server::start(&hub);
    let one = json!([event("e1", "commission", 0, "A1")]);
    let (status, problem) = answer(server.post("/api/v1/events").json(&one)).await;
    assert_eq!((status, &problem["code"]), (401, &json!("unauthorized")));
    let (status, _) = answer(server.get("/api/v1/trace/A1").bearer_auth("0123456789abcdee")).await;
    assert_eq!(status, 401);
    let token = "0123456789abcdef";
    let (status, _) = answer(server.post("/api/v1/events").bearer_auth(token).json(&one)).await;
    assert_eq!(status, 200);

    let post = || server.post("/api/v1/events").bearer_auth(token);
    let cases = [
        (post().body("[]"), 400, "no event"),
        (post().header("content-type", "image/png").body("x"), 415, "text/csv"),
        (post().header("content-encoding", "br").body("x"), 415, "zstd"),
        (post().header("content-type", "text/csv").body("a;b\n1;2\n"), 400, "commas"),
    ];
    for (request, expected, told) in cases {
        let (status, problem) = answer(request).await;
        assert_eq!(status, expected, "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains(told), "{problem}");
        assert!(problem["title_zh"].is_string());
    }
    // Anybody may ask whether a code is genuine, and is not told who the dealer is.
    let (status, verified) = answer(server.get("/api/v1/verify?codes=A1;A9")).await;
    assert_eq!(status, 200);
    assert_eq!(verified[0]["verdict"], "not_shipped");
    assert_eq!(verified[1]["verdict"], "unknown");
    assert!(verified[0].get("dealer_name").is_none());
    // A command beside the hub asks it, as staff and without counting as a check.
    let beside = || hub.run(&["verify", "A1;A9", "--format", "json"]).expect_code(1).json();
    let asked = beside();
    assert_eq!((&asked[0]["verdict"], &asked[0]["checks"]), (&json!("not_shipped"), &json!(1)));
    assert!(asked[0].get("dealer_name").is_some(), "{asked}");
    server.stop();
    assert!(!hub.path("data/serving.json").exists());
    hub.run(&["build"]).expect_code(0);
    assert_eq!(beside(), asked);
    let gates = std::fs::read_to_string(yuanliu_tests::root().join("config/gates.toml")).unwrap();
    hub.write(
        "config/gates.toml",
        &gates.replace("quantity_left >= items", "quantity_left > items"),
    );
    let told = hub.run(&["check-config"]).expect_code(2).stderr;
    assert!(told.contains("gates.toml: example 1 of gate `quantity_left`"), "{told}");
}

/// An open order with some items left: its number, product, what is left, its dealer.
const UNFILLED: &str = "with ordered as (
        select order_no, product_code, cast(round(sum(base_qty)) as bigint) as ordered
        from core.sales_order_line where not is_deleted group by order_no, product_code),
    shipped as (
        select s.order_no, u.product_code, count(distinct s.code) as shipped
        from core.shipment as s join core.unit as u on u.code = s.code
        where s.event_type = 'ship' and not s.is_voided and not s.is_repeat and u.level = 'item'
        group by s.order_no, u.product_code)
    select o.order_no, o.product_code, o.ordered - coalesce(s.shipped, 0), d.dealer_code
    from ordered as o
    left join shipped as s on s.order_no = o.order_no and s.product_code = o.product_code
    join core.sales_order as d on d.order_no = o.order_no and d.status = 'approved' and not d.is_deleted
    where o.ordered - coalesce(s.shipped, 0) between 1 and 2000
    order by 1, 2 limit 1";

#[tokio::test]
async fn a_code_is_checked_against_the_order_before_it_goes() {
    let sandbox = Sandbox::start(1, None);
    let hub = hub();
    sandbox.connect(&hub);
    for step in [vec!["sync"], vec!["ingest", &sandbox.scans()], vec!["build"]] {
        let done = hub.run(&step);
        assert!(matches!(done.code, Some(0 | 1)), "{step:?}: {}", done.stderr);
    }
    let one = |sql: &str| -> Vec<String> {
        let rows = hub.run(&["sql", sql, "--format", "csv"]).expect_code(0).stdout;
        let row = rows.lines().nth(1).unwrap_or_else(|| panic!("no row: {sql}"));
        row.split(',').map(str::to_owned).collect()
    };
    let open = one("select o.order_no, l.product_code from core.sales_order as o \
         join core.sales_order_line as l on l.order_no = o.order_no and not l.is_deleted \
         where o.status in ('approved', 'closed') and not o.is_deleted order by o.order_no limit 1");
    let shipped = one(
        "select s.code, s.order_no, s.dealer_code from core.shipment as s where s.event_type = 'ship' \
         and not s.is_voided and s.order_no is not null order by s.code limit 1",
    );
    let used = one("select work_order_no, material_code, lot_no from core.work_order_material \
         where depth = 1 and lot_no is not null order by 1, 2, 3 limit 1");
    let unfilled = one(UNFILLED);
    let server = Server::start(&hub);
    let check = |question: Value| answer(server.post("/api/v1/checks/shipment").json(&question));
    let (status, again) = check(json!({"code": shipped[0], "order_no": shipped[1]})).await;
    assert_eq!(status, 200);
    assert_eq!(again["allowed"], false);
    let gates: Vec<_> = again["refusals"].as_array().unwrap().iter().map(|r| &r["gate"]).collect();
    assert!(gates.contains(&&json!("in_our_hands")), "{again}");
    assert_eq!(again["gate_version"].as_str().unwrap().len(), 12);
    let (_, unknown) = check(json!({"code": "NEVER-SEEN", "order_no": shipped[1]})).await;
    assert_eq!(unknown["refusals"][0]["gate"], "known_code");
    // A new item of the order's product: nothing but the order itself may stand in the way.
    let mut made = event("made-1", "commission", 0, "NEW-ITEM-1");
    made["level"] = json!("item");
    made["product_code"] = json!(open[1]);
    let (status, _) = answer(server.post("/api/v1/events").json(&json!([made]))).await;
    assert_eq!(status, 200);
    let (_, right) = check(json!({"code": "new-item-1", "order_no": open[0]})).await;
    let told: Vec<_> = right["refusals"].as_array().unwrap().iter().map(|r| &r["gate"]).collect();
    let of_order = [json!("quantity_left"), json!("order_open")];
    assert!(told.iter().all(|gate| of_order.contains(gate)), "{right}");
    let (_, other) = check(json!({"code": "new-item-1", "order_no": "NO-SUCH-ORDER"})).await;
    assert_eq!(other["refusals"][0]["gate"], "order_open", "{other}");
    let (status, problem) = check(json!({"code": 1})).await;
    assert_eq!((status, &problem["code"]), (400, &json!("bad_request")), "{problem}");

    // What is left of an order is known to the last scan, that of a container included.
    let left: usize = unfilled[2].parse().unwrap();
    let items: Vec<String> = (0..=left).map(|at| format!("LEFT-{at}")).collect();
    let made = items.iter().enumerate().map(|(at, code)| {
        let mut made = event(&format!("left-{at}"), "commission", 1, code);
        made["level"] = json!("item");
        made["product_code"] = json!(unfilled[1]);
        made
    });
    let (status, _) = answer(server.post("/api/v1/events").json(&made.collect::<Vec<_>>())).await;
    assert_eq!(status, 200);
    let next = || check(json!({"code": items[left], "order_no": unfilled[0]}));
    assert_eq!(next().await.1["allowed"], true);
    let mut pack = event("left-pack", "pack", 2, "");
    (pack["codes"], pack["parent_code"]) = (json!(items[..left]), json!("LEFT-CASE"));
    let mut ship = event("left-ship", "ship", 3, "LEFT-CASE");
    (ship["order_no"], ship["to_party"]) = (json!(unfilled[0]), json!(unfilled[3]));
    let (status, _) = answer(server.post("/api/v1/events").json(&json!([pack, ship]))).await;
    assert_eq!(status, 200);
    let (_, full) = next().await;
    assert_eq!(full["refusals"][0]["gate"], "quantity_left", "{full}");

    let material = |question: Value| answer(server.post("/api/v1/checks/material").json(&question));
    let question = json!({"work_order_no": used[0], "material_code": used[1], "lot_no": used[2]});
    let (_, match_) = material(question).await;
    let told: Vec<_> = match_["refusals"].as_array().unwrap().iter().map(|r| &r["gate"]).collect();
    assert!(
        !told.contains(&&json!("right_material")) && !told.contains(&&json!("right_lot")),
        "{match_}"
    );
    let question = json!({"work_order_no": used[0], "material_code": "WRONG", "lot_no": used[2]});
    let (_, mismatch) = material(question).await;
    assert_eq!(mismatch["allowed"], false);

    // A mismatch is itself an event, with the version of the gates that decided.
    let (_, trace) = answer(server.get(&format!("/api/v1/trace/{}", shipped[0]))).await;
    let last = trace["movements"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["event_type"], &last["order_no"]), (&json!("inspect"), &json!(shipped[1])));
    server.stop();
    let stamped = one(
        "select attributes from raw.scans__event where event_type = 'inspect' order by landed_at desc limit 1",
    );
    assert!(stamped.join(",").contains("gate_version"), "{stamped:?}");
    let checked = hub.run(&["index", "check", "--format", "json"]).json();
    assert_eq!(checked["different"], 0, "{checked}");
    assert!(checked["compared"].as_u64().unwrap() > 1_000, "{checked}");
}

#[tokio::test]
async fn a_claim_that_was_refused_sells_nothing() {
    let hub = hub();
    let server = Server::start(&hub);
    let mut made = event("k1", "commission", 0, "K1");
    made["level"] = json!("item");
    (made["product_code"], made["batch_no"]) = (json!("P1"), json!("B1"));
    let mut claim = event("k2", "sell", 5, "K1");
    (claim["promoter_code"], claim["store_code"]) = (json!("T1"), json!("S1"));
    let (status, _) = answer(server.post("/api/v1/events").json(&json!([made, claim]))).await;
    assert_eq!(status, 200);
    let trace = async || answer(server.get("/api/v1/trace/K1")).await.1;
    assert_eq!(trace().await["status"], "sold", "nobody has looked at the claim yet");
    let built = server.get("/api/v1/recall?product=P1&batch=B1&fresh=true");
    let (status, recall) = answer(built).await;
    assert_eq!((status, &recall["items"]), (200, &json!(1)), "{recall}");
    // It was never shipped, so that there is nothing to pay for.
    let traced = trace().await;
    assert_eq!(traced["status"], "in_factory");
    // The index does not judge where it was seen; the last build did.
    assert_eq!(traced["sightings"][0]["verdict"], json!(null), "{traced}");
    let (status, judged) = answer(server.get("/api/v1/trace/K1?verdicts=true")).await;
    assert_eq!(
        (status, &judged["sightings"][0]["verdict"]),
        (200, &json!("unlocated")),
        "{judged}"
    );
    let (status, _) = answer(server.get("/api/v1/trace/K1?verdict=true")).await;
    assert_eq!(status, 400);
    server.stop();
}

#[tokio::test]
async fn whoever_asks_for_many_codes_solves_a_challenge() {
    // A service that speaks siteverify: one response is right, and the secret must be ours.
    let judge = |form: String| async move {
        let is_ours = form.contains("secret=s%26cret") && form.contains("remoteip=127.0.0.1");
        axum::Json(json!({"success": is_ours && form.contains("response=solved")}))
    };
    let judge = axum::Router::new().route("/siteverify", axum::routing::post(judge));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let judging = tokio::spawn(async move { axum::serve(listener, judge).await });

    let hub = hub();
    hub.write("config/captcha_secret", "s&cret\n");
    let path = hub.path("config/hub.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let half = format!("{text}\n[captcha]\nurl = \"http://{address}/siteverify\"\n");
    std::fs::write(&path, &half).unwrap();
    let told = hub.run(&["check-config"]).expect_code(2).stderr;
    assert!(told.contains("hub.toml: [captcha]: needs both `url` and `secret`"), "{told}");
    std::fs::write(&path, format!("{half}secret = \"file:captcha_secret\"\n")).unwrap();
    let rules = std::fs::read_to_string(hub.path("config/rules.toml")).unwrap();
    hub.write("config/rules.toml", &rules.replace("captcha_after = 20", "captcha_after = 2"));

    let server = Server::start(&hub);
    let ask = || server.get("/api/v1/verify?codes=A1;A2");
    assert_eq!(answer(ask()).await.0, 200);
    let (status, problem) = answer(ask()).await;
    assert_eq!((status, &problem["code"]), (403, &json!("captcha_required")), "{problem}");
    let (status, problem) = answer(ask().header("x-captcha-token", "guessed")).await;
    assert_eq!(status, 403);
    assert!(problem["detail"].as_str().unwrap().contains("ask for a new one"), "{problem}");
    assert_eq!(answer(ask().header("x-captcha-token", "solved")).await.0, 200);
    // A service that cannot be asked lets nobody pass.
    judging.abort();
    let _ = judging.await;
    let (status, problem) = answer(ask().header("x-captcha-token", "solved")).await;
    assert_eq!((status, &problem["code"]), (503, &json!("unavailable")), "{problem}");
    assert!(!problem.to_string().contains("cret"), "{problem}");
}
