//! From the bytes of a body to a reader of events.

use std::io::{BufReader, Cursor, Read};

use axum::body::Bytes;
use axum::http::{HeaderMap, header};
use flate2::read::MultiGzDecoder;
use yuanliu_scans::Format;

use super::problem::Problem;

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
