//! Answers about one code, from the trace index and the documents in memory.

mod state;
mod trace;
mod verify;

pub(crate) use self::state::status;
pub(crate) use self::trace::trace;
pub(crate) use self::verify::{Verdict, Verified, verify};

use chrono::{DateTime, SecondsFormat};
use chrono_tz::Tz;
use serde_json::Value;

/// An instant as every answer writes it: in the business zone, to the microsecond if it needs to be.
pub(crate) fn instant(us: i64, zone: Tz) -> Value {
    let Some(time) = DateTime::from_timestamp_micros(us) else { return Value::Null };
    Value::from(time.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::AutoSi, false))
}
