//! Answers about one code, from the trace index and the documents in memory.

mod shipped;
mod state;
mod trace;
mod verify;

pub(crate) use self::shipped::items_of;
pub(crate) use self::state::{is_recalled, status};
pub(crate) use self::trace::trace;
pub(crate) use self::verify::{Verdict, Verified, Verifier, codes_in};

use chrono_tz::Tz;
use serde_json::Value;

use crate::output;

/// An instant as every answer writes it: in the business zone.
fn instant(us: i64, zone: Tz) -> Value {
    output::instant(us, zone).into_json()
}
