//! Traces, recalls, verification and scan events.

use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use yuanliu_api::Problem;

use super::*;

/// The one code there is, held by D1.
pub const CODE: &str = "8800000000000017";

#[async_trait]
impl Tracing for Memory {
    async fn trace(&self, who: &Principal, code: &str, _verdicts: bool) -> Answer<Trace> {
        if code != CODE || who.dealer_code.as_deref().is_some_and(|dealer| dealer != "D1") {
            return Err(missing("code", code));
        }
        Ok(serde_json::from_value(json!({
            "code": code, "printed_code": code, "level": "item", "status": "dealer_stock",
            "product": {"product_code": "P1", "name": "源流一号", "spec": null, "category": null},
            "production": {"work_order_no": "WO-1", "batch_no": "B1", "factory": null,
                "workshop": null, "line": "L1", "team": null, "operator": null,
                "commissioned_at": "2026-03-01T08:00:00+08:00"},
            "siblings": {"items": 9, "cases": 1},
            "materials": [{"material_code": "M1", "lot_no": "L1", "supplier_code": "S1",
                "qty": "12.5", "work_order_no": "WO-1", "depth": 0, "evidence": "issue"}],
            "inspections": [], "containment": [], "movements": [], "custody": [],
            "sightings": [], "dwell": [{"from_node": "ship", "to_node": "sell", "hours": 1.5}],
            "is_truncated": false
        }))
        .unwrap())
    }

    async fn recall(&self, _: &Principal, scope: &RecallScope) -> Answer<RecallAnswer> {
        let states = [("sold", 3), ("dealer_stock", 7)];
        let split = |(state, verified): (&str, i64)| {
            (state.to_owned(), StateCount { verified, inferred: 0 })
        };
        Ok(RecallAnswer {
            scope: row(serde_json::to_value(scope).unwrap()),
            items: 10,
            states: states.map(split).into_iter().collect(),
            balance: serde_json::from_value(json!({"produced": 10, "accounted": 10,
                "pct": "100.0000", "unaccounted": 0, "received_qty": "10"}))
            .unwrap(),
            consignees: vec![row(json!({"dealer_code": "D1", "items": 10, "past": false}))],
            regions: Vec::new(),
            work_orders: Vec::new(),
            materials: Vec::new(),
            timings_ms: BTreeMap::from([("total".to_owned(), 1.0)]),
            unbuilt_events: Some(0),
        })
    }

    async fn recall_codes(
        &self,
        _: &Principal,
        _: &RecallScope,
        page: &PageAsked,
    ) -> Answer<Page<Row>> {
        let code = |n: u32| row(json!({"code": format!("88{n:06}"), "state": "sold"}));
        page_of((0..250).map(code).collect(), page)
    }

    async fn recall_file(
        &self,
        _: &Principal,
        _: &RecallScope,
        format: FileFormat,
    ) -> Answer<FileAnswer> {
        let ending = if format == FileFormat::Csv { "csv" } else { "xlsx" };
        Ok(file(&format!("召回.{ending}"), &["code,state", "88000000,sold"]))
    }
}

#[async_trait]
impl ScanDesk for Memory {
    async fn take(&self, who: &Principal, request: Request) -> Result<Receipt, Problem> {
        let kind = request.headers().get("content-type").and_then(|kind| kind.to_str().ok());
        let kind = kind.unwrap_or("application/json").split(';').next().unwrap_or_default();
        if !["application/json", "application/x-ndjson", "text/csv"].contains(&kind) {
            return Err(Problem::unsupported("send JSON, JSON Lines or CSV"));
        }
        let is_json = kind == "application/json";
        let body = Bytes::from_request(request, &()).await?;
        let events: Vec<ScanEvent> = if is_json {
            serde_json::from_slice(&body)
                .map_err(|error| Problem::bad_request(format!("the events: {error}")))?
        } else {
            Vec::new()
        };
        let may_send = ["receive", "transfer", "return"];
        let refused = events.iter().find(|event| !may_send.contains(&event.event_type.as_str()));
        if let Some(event) = refused.filter(|_| who.role == Role::Dealer) {
            return Err(Problem::forbidden(format!("a dealer sends no `{}`", event.event_type)));
        }
        let total = events.len() as u64;
        Ok(Receipt {
            status: ReceiptStatus::Accepted,
            total,
            accepted: total,
            duplicate: 0,
            rejected: 0,
            collisions: 0,
            sentinels: 0,
            reasons: BTreeMap::new(),
            rejected_events: Vec::new(),
            collided_events: Vec::new(),
        })
    }

    async fn verify(
        &self,
        who: Option<&Principal>,
        _: &Consumer,
        question: &VerifyQuestion,
    ) -> Result<Vec<Verified>, Problem> {
        let codes: Vec<_> = question.codes.split(';').filter(|code| !code.is_empty()).collect();
        if codes.is_empty() || codes.len() > 50 {
            return Err(Problem::bad_request("give 1 to 50 codes with ; between"));
        }
        let verified = |code: &&str| Verified {
            code: (*code).to_owned(),
            verdict: if *code == CODE { "genuine_first" } else { "unknown" }.to_owned(),
            product_name: None,
            batch_no: None,
            dealer_name: who.map(|_| Some("长沙一商".to_owned())),
            first_checked_at: None,
            first_checked_place: None,
            checks: 0,
            message: "首次查询".to_owned(),
        };
        Ok(codes.iter().map(verified).collect())
    }

    async fn check_shipment(&self, _: &Principal, _: &ShipmentQuestion) -> Answer<GateDecision> {
        Ok(GateDecision { allowed: true, refusals: Vec::new(), gate_version: "g1".to_owned() })
    }

    async fn check_material(&self, _: &Principal, _: &MaterialQuestion) -> Answer<GateDecision> {
        let refusal =
            GateRefusal { gate: "lot_passed".to_owned(), message: "检验不合格".to_owned() };
        Ok(GateDecision { allowed: false, refusals: vec![refusal], gate_version: "g1".to_owned() })
    }

    async fn ledger(&self, _: &Principal) -> Answer<LedgerStatus> {
        Ok(LedgerStatus {
            inbox: InboxStatus {
                pending_events: 0,
                pending_bytes: 0,
                last_sequence: 9,
                syncs: 3,
                disk_error: None,
                damage: None,
            },
            index: IndexStatus { inbox_sequence: 9 },
            documents_of: None,
        })
    }
}
