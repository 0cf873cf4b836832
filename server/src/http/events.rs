//! `POST /api/v1/events`: scan events from devices.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use chrono::Utc;
use serde_json::{Value, json};
use yuanliu_scans::{Chunk, EventReader, Format, Receipt, Rejected, ScanError};

use super::problem::Problem;
use super::{Service, blocking, body};
use crate::cli::keep_rejects;
use crate::exit;

/// Events taken at a time; a longer body is taken in parts.
const CHUNK_EVENTS: usize = 20_000;

/// Rejects told one by one; all of them are kept and counted.
const REJECTS_TOLD_MAX: usize = 1_000;

/// Takes the events of one body and answers with the receipt of design §5.
///
/// A 2xx means that the accepted ones survive a power cut. After any other answer the same body may
/// be sent again: what was kept is a duplicate then.
pub(super) async fn take(
    State(service): State<Arc<Service>>,
    request: Request,
) -> Result<Json<Value>, Problem> {
    let headers = request.headers().clone();
    let device = service.tokens.device(&headers)?.map(str::to_owned);
    let format = body::format(&headers)?;
    let (body, room) = body::received(request, &service.bodies).await?;
    let input = body::unfolded(&headers, body)?;
    let source = device.unwrap_or_else(|| "http".to_owned());
    let rules = service.rules.clone();
    let opened =
        blocking(move || EventReader::from_reader(input, format, &source, &rules, Utc::now()));
    let mut reader = opened.await?.map_err(unreadable)?;
    let mut receipt = Receipt::default();
    let mut told: Vec<Rejected> = Vec::new();
    let mut collisions = Vec::new();
    loop {
        let reading = blocking(move || {
            let chunk = reader.next_chunk(CHUNK_EVENTS);
            (reader, chunk)
        });
        let (again, chunk) = reading.await?;
        reader = again;
        let Some(Chunk { events, rejected, receipt: counts }) = chunk.map_err(unreadable)? else {
            break;
        };
        if !rejected.is_empty() {
            let kept = keep_rejects(&service.hub, "http", "http", &rejected).await;
            kept.map_err(|e| Problem::internal(&e))?;
        }
        let classified = service.ledger.accept(events).await?;
        receipt.add(&counts);
        receipt.classified(&classified);
        let room = REJECTS_TOLD_MAX - told.len();
        told.extend(rejected.into_iter().take(room));
        collisions.extend(classified.collisions);
    }
    drop(room);
    if receipt.total == 0 {
        return Err(Problem::bad_request("the body holds no event"));
    }
    let status = match (receipt.rejected, receipt.total) {
        (0, _) => "ACCEPTED",
        (rejected, total) if rejected == total => "REJECTED",
        _ => "PARTIALLY_ACCEPTED",
    };
    let mut answer = json!(receipt);
    answer["status"] = json!(status);
    answer["rejected_events"] = json!(told);
    answer["collided_events"] = json!(collisions);
    Ok(Json(answer))
}

fn unreadable(error: ScanError) -> Problem {
    Problem::bad_request(exit::chain(&error.into()))
}

impl Service {
    /// Keeps an event that the hub itself makes, written as JSON Lines.
    pub(super) async fn keep_own(&self, lines: String) -> Result<(), Problem> {
        let reader =
            EventReader::from_bytes(lines, Format::JsonLines, "hub", &self.rules, Utc::now());
        let mut reader = reader.map_err(|e| Problem::internal(&e.into()))?;
        let chunk = reader.next_chunk(CHUNK_EVENTS).map_err(|e| Problem::internal(&e.into()))?;
        if let Some(chunk) = chunk.filter(|chunk| chunk.events.num_rows() > 0) {
            self.ledger.accept(chunk.events).await?;
        }
        Ok(())
    }
}
