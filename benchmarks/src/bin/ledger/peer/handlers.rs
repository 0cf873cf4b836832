//! The handlers, in the shape of the hub's.

use std::io::Cursor;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::Utc;
use serde_json::{Value, json};
use sqlx::PgPool;
use tokio::sync::Semaphore;
use yuanliu_scans::{Chunk, CodeRules, EventReader, Format, Receipt, ScanRules};

use super::trace::{chain, trace};
use super::writer::{Write, Writer};

/// The hub's bounds: events taken at a time, bytes of a body, KiB of bodies in memory.
const CHUNK_EVENTS: usize = 20_000;
const BODY_BYTES_MAX: usize = 16 << 20;
const BODIES_KIB_MAX: usize = 128 << 10;

/// What the handlers share.
pub(super) struct Service {
    pool: PgPool,
    writer: Writer,
    rules: ScanRules,
    bodies: Arc<Semaphore>,
}

pub(super) async fn service(pool: PgPool, by: Write) -> Result<Arc<Service>> {
    let rules = ScanRules::new(&CodeRules::default(), chrono_tz::Asia::Shanghai)?;
    let writer = Writer::new(pool.clone(), by).await?;
    let bodies = Arc::new(Semaphore::new(BODIES_KIB_MAX));
    Ok(Arc::new(Service { pool, writer, rules, bodies }))
}

pub(super) fn router(service: Arc<Service>) -> Router {
    Router::new()
        .route("/api/v1/events", post(take))
        .route("/api/v1/trace/{code}", get(one))
        .route("/api/v1/chain/{code}", get(whole))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(service)
}

/// Anything that went wrong.
struct Failed(anyhow::Error);

impl<E: Into<anyhow::Error>> From<E> for Failed {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, format!("{:#}", self.0)).into_response()
    }
}

async fn take(State(service): State<Arc<Service>>, body: Bytes) -> Result<Response, Failed> {
    let kib = (body.len() >> 10) as u32 + 1;
    let Ok(permit) = service.bodies.clone().try_acquire_many_owned(kib) else {
        return Ok((StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "1")]).into_response());
    };
    let rules = service.rules.clone();
    let reading = tokio::task::spawn_blocking(move || {
        let input = Cursor::new(body);
        EventReader::from_reader(input, Format::JsonLines, "http", &rules, Utc::now())
    });
    let mut reader = reading.await.context("reading a body")??;
    let mut receipt = Receipt::default();
    loop {
        let reading = tokio::task::spawn_blocking(move || {
            let chunk = reader.next_chunk(CHUNK_EVENTS);
            (reader, chunk)
        });
        let (again, chunk) = reading.await.context("reading a body")?;
        reader = again;
        let Some(Chunk { events, receipt: counts, .. }) = chunk? else { break };
        let duplicate = service.writer.write(&events).await?;
        receipt.add(&counts);
        receipt.accepted -= duplicate;
        receipt.duplicate += duplicate;
    }
    drop(permit);
    Ok(Json(json!(receipt)).into_response())
}

async fn one(
    State(service): State<Arc<Service>>,
    Path(code): Path<String>,
) -> Result<(StatusCode, Json<Value>), Failed> {
    let code = service.rules.codes().normalize(&code);
    Ok(found(trace(&service.pool, &code).await?))
}

async fn whole(
    State(service): State<Arc<Service>>,
    Path(code): Path<String>,
) -> Result<(StatusCode, Json<Value>), Failed> {
    let code = service.rules.codes().normalize(&code);
    Ok(found(chain(&service.pool, &code).await?))
}

fn found(answer: Option<Value>) -> (StatusCode, Json<Value>) {
    match answer {
        Some(answer) => (StatusCode::OK, Json(answer)),
        None => (StatusCode::NOT_FOUND, Json(Value::Null)),
    }
}
