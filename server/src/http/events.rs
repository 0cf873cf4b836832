//! `POST /api/v1/events`: scan events from devices.

use std::sync::Arc;

use axum::extract::Request;
use chrono::Utc;
use serde_json::json;
use yuanliu_api::Problem;
use yuanliu_api::ports::Receipt as Answer;
use yuanliu_scans::{Chunk, EventReader, Format, Receipt, Rejected, ScanError};

use super::{Service, blocking, body, ledger_refuses};
use crate::cli::keep_rejects;
use crate::exit;

/// Events taken at a time; a longer body is taken in parts.
const CHUNK_EVENTS: usize = 20_000;

/// Rejects told one by one; all of them are kept and counted.
const REJECTS_TOLD_MAX: usize = 1_000;

impl Service {
    /// Takes the events of one body and answers with the receipt of design §5.
    ///
    /// A 2xx means that the accepted ones survive a power cut. After any other answer the same body
    /// may be sent again: what was kept is a duplicate then.
    pub(crate) async fn take(
        self: &Arc<Self>,
        source: String,
        request: Request,
    ) -> Result<Answer, Problem> {
        let headers = request.headers().clone();
        let format = body::format(&headers)?;
        let (body, room) = body::received(request, &self.bodies).await?;
        let input = body::unfolded(&headers, body)?;
        let rules = self.rules.clone();
        let opened =
            blocking(move || EventReader::from_reader(input, format, &source, &rules, Utc::now()));
        let answer = self.accept_all(opened.await?.map_err(unreadable)?).await;
        drop(room);
        answer
    }

    /// Takes the events of JSON Lines that the hub has read and bounded itself.
    pub(crate) async fn take_lines(&self, source: &str, lines: String) -> Result<Answer, Problem> {
        let opened =
            EventReader::from_bytes(lines, Format::JsonLines, source, &self.rules, Utc::now());
        self.accept_all(opened.map_err(unreadable)?).await
    }

    async fn accept_all(&self, mut reader: EventReader) -> Result<Answer, Problem> {
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
            let Some(Chunk { events, rejected, receipt: counts }) = chunk.map_err(unreadable)?
            else {
                break;
            };
            if !rejected.is_empty() {
                let kept = keep_rejects(&self.hub, "http", "http", &rejected).await;
                kept.map_err(|e| Problem::internal(&exit::chain(&e)))?;
            }
            let classified = self.ledger.accept(events).await.map_err(ledger_refuses)?;
            receipt.add(&counts);
            receipt.classified(&classified);
            let room = REJECTS_TOLD_MAX - told.len();
            told.extend(rejected.into_iter().take(room));
            collisions.extend(classified.collisions);
        }
        if receipt.total == 0 {
            return Err(Problem::bad_request("the body holds no event"));
        }
        let Receipt { accepted, duplicate, rejected, .. } = receipt;
        self.hub.metrics.events(accepted, duplicate, rejected);
        let status = match (receipt.rejected, receipt.total) {
            (0, _) => "ACCEPTED",
            (rejected, total) if rejected == total => "REJECTED",
            _ => "PARTIALLY_ACCEPTED",
        };
        let mut answer = json!(receipt);
        answer["status"] = json!(status);
        answer["rejected_events"] = json!(told);
        answer["collided_events"] = json!(collisions);
        serde_json::from_value(answer).map_err(|e| Problem::internal(&e.to_string()))
    }
}

fn unreadable(error: ScanError) -> Problem {
    Problem::bad_request(exit::chain(&error.into()))
}

impl Service {
    /// Keeps an event that the hub itself makes, written as JSON Lines.
    pub(super) async fn keep_own(&self, lines: String) -> Result<(), Problem> {
        let reader =
            EventReader::from_bytes(lines, Format::JsonLines, "hub", &self.rules, Utc::now());
        let mut reader = reader.map_err(|e| Problem::internal(&exit::chain(&e.into())))?;
        let chunk = reader
            .next_chunk(CHUNK_EVENTS)
            .map_err(|e| Problem::internal(&exit::chain(&e.into())))?;
        if let Some(chunk) = chunk.filter(|chunk| chunk.events.num_rows() > 0) {
            self.ledger.accept(chunk.events).await.map_err(ledger_refuses)?;
        }
        Ok(())
    }
}
