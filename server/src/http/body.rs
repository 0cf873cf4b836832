//! From a request to a reader of events.

use std::io::{BufReader, Cursor, Read};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use flate2::read::MultiGzDecoder;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use yuanliu_scans::Format;

use yuanliu_api::{EVENTS_BYTES_MAX, Problem};

/// When to come back if as many bodies are in memory as may be.
const BODIES_RETRY: Duration = Duration::from_secs(1);

/// A body that takes longer to arrive would keep its room from others.
const ARRIVAL_MAX: Duration = Duration::from_secs(60);

/// The bytes of a body once there is room for them, and the room.
///
/// Room is taken for the length that the request declares, for the longest body if it does not, before
/// anything is read.
pub(super) async fn received(
    request: Request,
    room: &Arc<Semaphore>,
) -> Result<(Bytes, OwnedSemaphorePermit), Problem> {
    let declared = request.headers().get(header::CONTENT_LENGTH);
    let declared = declared.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    let bytes = declared.unwrap_or(EVENTS_BYTES_MAX);
    if bytes > EVENTS_BYTES_MAX {
        return Err(Problem::too_large(EVENTS_BYTES_MAX));
    }
    let kib = u32::try_from(bytes >> 10).unwrap_or(u32::MAX).saturating_add(1);
    let taken = Arc::clone(room).try_acquire_many_owned(kib).map_err(|_| {
        Problem::too_many("as many bodies are being read as fit in memory", BODIES_RETRY)
    })?;
    match tokio::time::timeout(ARRIVAL_MAX, Bytes::from_request(request, &())).await {
        Ok(body) => Ok((body?, taken)),
        Err(_) => Err(Problem::bad_request(format!(
            "the body did not arrive within {} seconds; send fewer events at a time",
            ARRIVAL_MAX.as_secs()
        ))),
    }
}

/// What a compressed body may unfold to.
const UNFOLDED_BYTES_MAX: u64 = 256 << 20;

/// The body as plain bytes, unfolded while it is read.
pub(super) fn unfolded(headers: &HeaderMap, body: Bytes) -> Result<Box<dyn Read + Send>, Problem> {
    let coding = headers.get(header::CONTENT_ENCODING).map(|value| value.to_str().unwrap_or("?"));
    let plain = Cursor::new(body);
    let input: Box<dyn Read + Send> = match coding.unwrap_or("identity").trim() {
        "" | "identity" => return Ok(Box::new(plain)),
        "gzip" | "x-gzip" => Box::new(MultiGzDecoder::new(plain)),
        "zstd" => {
            let decoder = zstd::Decoder::with_buffer(BufReader::new(plain));
            let decoder = decoder.map_err(|e| Problem::bad_request(format!("zstd: {e}")))?;
            Box::new(decoder)
        }
        other => {
            let detail = format!("Content-Encoding `{other}` is not gzip or zstd");
            return Err(Problem::unsupported(detail));
        }
    };
    Ok(Box::new(input.take(UNFOLDED_BYTES_MAX)))
}

/// What the body holds, by its type; JSON without a type of its own.
pub(super) fn format(headers: &HeaderMap) -> Result<Format, Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = kind.unwrap_or("application/json").split(';').next().unwrap_or_default();
    match kind.trim().to_ascii_lowercase().as_str() {
        "application/json" | "" => Ok(Format::Json),
        "application/x-ndjson"
        | "application/ndjson"
        | "application/jsonl"
        | "application/x-jsonlines"
        | "application/json-seq" => Ok(Format::JsonLines),
        "text/csv" => Ok(Format::Csv),
        other => Err(Problem::unsupported(format!(
            "Content-Type `{other}` is not application/json, application/x-ndjson or text/csv"
        ))),
    }
}
