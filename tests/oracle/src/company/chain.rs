//! Small steps the generator is made of: choices, times, records.

use chrono::{DateTime, Duration, TimeZone, Utc};
use chrono_tz::Asia::Shanghai;
use rand::{Rng, RngExt};
use serde_json::{Map, Value, json};

/// One of them.
pub fn pick<'a, T>(random: &mut impl Rng, list: &'a [T]) -> &'a T {
    &list[random.random_range(0..list.len())]
}

/// An instant of a clock in Shanghai.
pub fn local(month: u32, day: u32, hour: u32, minute: u32, second: u32) -> DateTime<Utc> {
    Shanghai
        .with_ymd_and_hms(2025, month, day, hour, minute, second)
        .single()
        .expect("a time")
        .to_utc()
}

/// A time some hours later, with seconds of its own; sometimes at the border of a month or day.
pub fn later(random: &mut impl Rng, at: DateTime<Utc>, hours_max: i64) -> DateTime<Utc> {
    let next = at + Duration::seconds(random.random_range(30..hours_max * 3600));
    if !random.random_bool(0.06) {
        return next;
    }
    let border = *pick(random, &[(2, 1), (3, 1), (3, 3), (4, 1)]);
    let midnight = local(border.0, border.1, 0, 0, 0);
    let near = midnight + Duration::seconds(random.random_range(-40..40));
    if near > at && near < at + Duration::days(14) { near } else { next }
}

/// How a record writes an instant.
pub fn written(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

/// A record of a scan: uploaded some minutes, sometimes days after it happened.
pub fn record(
    random: &mut impl Rng,
    id: &str,
    kind: &str,
    at: DateTime<Utc>,
    codes: &[String],
    fields: &[(&str, &str)],
) -> Value {
    let lag = match random.random_range(0..20) {
        0 => Duration::days(3),
        1 => Duration::minutes(-5),
        2 => Duration::seconds(3600),
        3 => Duration::seconds(3601),
        _ => Duration::seconds(random.random_range(1..2500)),
    };
    let mut record = Map::new();
    record.insert("event_id".to_owned(), json!(id));
    record.insert("event_type".to_owned(), json!(kind));
    record.insert("event_time".to_owned(), json!(written(at)));
    record.insert("recorded_at".to_owned(), json!(written(at + lag)));
    record.insert("codes".to_owned(), json!(codes));
    for (name, text) in fields.iter().filter(|(_, text)| !text.is_empty()) {
        record.insert((*name).to_owned(), json!(text));
    }
    Value::Object(record)
}
