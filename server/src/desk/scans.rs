//! Events, checks and questions whether a code is genuine, over the API.

use async_trait::async_trait;
use axum::body::to_bytes;
use axum::extract::Request;
use serde_json::{Map, Value};
use yuanliu_access::{Principal, Role};
use yuanliu_api::Problem;
use yuanliu_api::ports::{
    Answer, Consumer, GateDecision, InboxStatus, IndexStatus, LedgerStatus, MaterialQuestion,
    PortError, Receipt, ScanDesk, ShipmentQuestion, Verified, VerifyQuestion,
};

use super::Desk;
use super::sessions::COMMAND;

/// A dealer's body; its page sends a few hundred scans at a time.
const DEALER_BYTES_MAX: usize = 1 << 20;

#[async_trait]
impl ScanDesk for Desk {
    async fn take(&self, who: &Principal, request: Request) -> Result<Receipt, Problem> {
        if who.role != Role::Dealer {
            let source = device(who).unwrap_or("http").to_owned();
            return self.service().take(source, request).await;
        }
        let dealer = self.own_dealer(who).map_err(Problem::from)?;
        let body = to_bytes(request.into_body(), DEALER_BYTES_MAX).await;
        let body = body.map_err(|_| Problem::too_large(DEALER_BYTES_MAX))?;
        let lines = dealer_events(&body, dealer, &who.login).map_err(Problem::bad_request)?;
        self.service().take_lines(&format!("dealer:{dealer}"), lines).await
    }

    async fn verify(
        &self,
        who: Option<&Principal>,
        consumer: &Consumer,
        question: &VerifyQuestion,
    ) -> Result<Vec<Verified>, Problem> {
        // A page behind a proxy of this machine asks for the public.
        let is_staff = who.is_some_and(|who| who.role != Role::Local || who.login == COMMAND);
        self.service().verify(is_staff, consumer, question).await
    }

    async fn check_shipment(
        &self,
        who: &Principal,
        question: &ShipmentQuestion,
    ) -> Answer<GateDecision> {
        self.service().check_shipment(question, device(who)).await.map_err(refused)
    }

    async fn check_material(
        &self,
        who: &Principal,
        question: &MaterialQuestion,
    ) -> Answer<GateDecision> {
        self.service().check_material(question, device(who)).await.map_err(refused)
    }

    async fn ledger(&self, _who: &Principal) -> Answer<LedgerStatus> {
        let service = self.service();
        let inbox = service.ledger.inbox_status();
        let progress = service.ledger.index().progress().map_err(|error| {
            PortError::Unavailable { what: error.to_string(), retry_after: None }
        })?;
        Ok(LedgerStatus {
            inbox: InboxStatus {
                pending_events: inbox.pending_events,
                pending_bytes: inbox.pending_bytes,
                last_sequence: inbox.last_sequence,
                syncs: inbox.syncs,
                disk_error: inbox.disk_error,
                damage: inbox.damage,
            },
            index: IndexStatus { inbox_sequence: progress.inbox_sequence },
            documents_of: Some(service.knowledge().loaded_at),
        })
    }
}

fn refused(problem: Problem) -> PortError {
    let told = problem.detail().to_owned();
    match problem.status().as_u16() {
        400 => PortError::invalid(told, "ask again"),
        503 => PortError::Unavailable { what: told, retry_after: None },
        _ => PortError::Failed(told),
    }
}

/// The device that asks, by its token.
fn device(who: &Principal) -> Option<&str> {
    who.login.strip_prefix("token:")
}

/// A dealer's scans as JSON Lines: each is made its own, and what a dealer does not report is refused whole, so that
/// no half of a page's scans is taken.
fn dealer_events(body: &[u8], dealer: &str, login: &str) -> Result<String, String> {
    let wrong = || "send events as a JSON array, or as JSON Lines".to_owned();
    let mut events = Vec::new();
    for value in serde_json::Deserializer::from_slice(body).into_iter::<Value>() {
        match value.map_err(|_| wrong())? {
            Value::Array(some) => events.extend(some),
            event @ Value::Object(_) => events.push(event),
            _ => return Err(wrong()),
        }
    }
    let mut lines = String::new();
    for (at, event) in events.into_iter().enumerate() {
        let Value::Object(mut event) = event else {
            return Err(format!("element {at} is no event"));
        };
        make_own(&mut event, dealer).map_err(|told| format!("element {at}: {told}"))?;
        event.insert("device_id".to_owned(), format!("dealer:{login}").into());
        lines.push_str(&Value::Object(event).to_string());
        lines.push('\n');
    }
    Ok(lines)
}

fn make_own(event: &mut Map<String, Value>, dealer: &str) -> Result<(), String> {
    let own = match event.get("event_type").and_then(Value::as_str) {
        Some("receive") => "to_party",
        Some("transfer" | "return") => "from_party",
        Some(other) => {
            return Err(format!("a dealer reports receive, transfer and return, not {other}"));
        }
        None => return Err("`event_type` is missing".to_owned()),
    };
    match event.get(own) {
        None | Some(Value::Null) => event.insert(own.to_owned(), dealer.into()),
        Some(party) if party.as_str() == Some(dealer) => None,
        Some(_) => return Err(format!("`{own}` is another dealer; leave it out")),
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dealers_scans_are_made_its_own_and_others_are_refused() {
        let body = br#"[{"event_type":"receive","codes":["A"]},{"event_type":"return","codes":["B"],"from_party":"D1"}]"#;
        let lines = dealer_events(body, "D1", "shop").unwrap();
        let lines: Vec<Value> =
            lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines[0]["to_party"], "D1");
        assert_eq!(lines[1]["from_party"], "D1");
        assert_eq!(lines[0]["device_id"], "dealer:shop");
        let two = b"{\"event_type\":\"receive\"}\n{\"event_type\":\"return\"}\n";
        assert_eq!(dealer_events(two, "D1", "shop").unwrap().lines().count(), 2);
        for (body, told) in [
            (r#"[{"event_type":"ship"}]"#, "not ship"),
            (r#"[{"event_type":"transfer","from_party":"D2"}]"#, "another dealer"),
            (r#"[{"codes":["A"]}]"#, "`event_type` is missing"),
            (r#"[3]"#, "no event"),
            ("{", "JSON array"),
            ("{\"event_type\":\"receive\"}\n7", "JSON Lines"),
        ] {
            let refused = dealer_events(body.as_bytes(), "D1", "shop").unwrap_err();
            assert!(refused.contains(told), "{refused}");
        }
    }
}
