//! From one record to one event, or to the reason why not.

use std::borrow::Cow;
use std::net::IpAddr;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use yuanliu_law::EventType;

use crate::codes::{CODE_LENGTH_MAX, CodeReader, spelled};
use crate::content::Content;
use crate::decimal::{DecimalError, parse_decimal};
use crate::event::{Code, ScanEvent};
use crate::fields::{FIELD_COUNT, Field, Kind};
use crate::flat::entries;
use crate::inputs::{read_attributes, read_inputs};
use crate::names;
use crate::record::{LIST_SEPARATOR, Raw, Slots};
use crate::reject::{Reason, Rejection, shown};
use crate::rules::ScanRules;
use crate::times::{Time, parse_time};

/// The longest text of a field other than a code, in bytes.
const TEXT_LENGTH_MAX: usize = 4_096;
const REGION_DIGITS_MIN: usize = 2;
const REGION_DIGITS_MAX: usize = 12;

/// Reads one JSON record; `arrived_at` stands in for an absent `recorded_at`.
///
/// Pure: the same record under the same rules gives the same event. Field names, event types and
/// words are taken in any common spelling; an empty value is an absent one.
pub fn parse_event<'a>(
    record: &'a Map<String, Value>,
    rules: &ScanRules,
    arrived_at: DateTime<Utc>,
) -> Result<ScanEvent<'a>, Rejection> {
    read_slots(&Slots::of_object(record)?, rules, arrived_at)
}

pub(crate) fn read_slots<'a>(
    slots: &Slots<'a>,
    rules: &ScanRules,
    arrived_at: DateTime<Utc>,
) -> Result<ScanEvent<'a>, Rejection> {
    let mut event = ScanEvent {
        event_id: Cow::Borrowed(""),
        event_type: read_type(slots)?,
        event_time_us: None,
        recorded_at_us: arrived_at.timestamp_micros(),
        codes: Vec::new(),
        parent_code: None,
        aliases: Vec::new(),
        inputs: Vec::new(),
        quantity: None,
        attributes: None,
        content_hash: 0,
        texts: [None; FIELD_COUNT],
        measures: [None; 3],
    };
    let mut content = Content::new();
    content.put(Field::EventType.name(), event.event_type.as_str().as_bytes());
    let mut extra_inputs = None;
    for (field, raw) in slots.given() {
        match field.spec().kind {
            Kind::Head | Kind::Attributes => {}
            Kind::Instant => read_instant(&mut event, &mut content, field, raw, rules)?,
            Kind::Codes => read_codes(&mut event, &mut content, field, raw, &rules.codes)?,
            Kind::Code => {
                let code = read_code(field, text(field, raw)?, &rules.codes)?;
                content.put(field.name(), spelled(code.printed).as_bytes());
                event.parent_code = Some(code.normal).filter(|code| !code.is_empty());
            }
            Kind::Text | Kind::Word(_) => {
                let value = read_text(field, raw)?;
                content.put(field.name(), value.as_bytes());
                event.texts[field as usize] = Some(value);
            }
            Kind::Measure { min, max } => {
                let value = read_measure(field, text(field, raw)?, min, max)?;
                content.put(field.name(), &value.to_bits().to_le_bytes());
                event.set_measure(field, value);
            }
            Kind::Quantity => {
                let value = read_quantity(field, text(field, raw)?)?;
                content.put(field.name(), &value.to_le_bytes());
                event.quantity = Some(value);
            }
            Kind::Inputs => {
                (event.inputs, extra_inputs) = read_inputs(raw)?;
                put_inputs(&mut content, &event);
            }
        }
    }
    check_codes(&mut event)?;
    if slots.get(Field::EventTime).is_none() {
        return reject(Reason::EventTimeMissing, "give `event_time` as RFC 3339");
    }
    event.attributes = read_attributes(slots, extra_inputs)?;
    if let Some(attributes) = &event.attributes {
        content.put(Field::Attributes.name(), attributes.as_bytes());
    }
    event.content_hash = content.hash();
    event.event_id = match slots.get(Field::EventId) {
        Some(raw) => Cow::Borrowed(read_text(Field::EventId, raw)?),
        None => Cow::Owned(content.id()),
    };
    Ok(event)
}

fn reject<T>(reason: Reason, detail: impl Into<String>) -> Result<T, Rejection> {
    Err(Rejection::new(reason, detail))
}

fn read_type(slots: &Slots<'_>) -> Result<EventType, Rejection> {
    let Some(raw) = slots.get(Field::EventType) else {
        return reject(Reason::EventTypeMissing, "give `event_type`");
    };
    let name = raw.text().unwrap_or_default();
    names::event_type(name).ok_or_else(|| {
        let known = EventType::ALL.map(EventType::as_str).join(", ");
        let detail = format!("`{}` is none of {known}", shown(name));
        Rejection::new(Reason::EventTypeUnknown, detail)
    })
}

fn read_instant(
    event: &mut ScanEvent<'_>,
    content: &mut Content,
    field: Field,
    raw: Raw<'_>,
    rules: &ScanRules,
) -> Result<(), Rejection> {
    let text = raw.text().unwrap_or_default();
    let Some(time) = parse_time(text, rules.device_time_zone) else {
        let reason = match field {
            Field::EventTime => Reason::EventTimeInvalid,
            _ => Reason::RecordedAtInvalid,
        };
        let detail = format!(
            "`{}` in `{}` is no time; write RFC 3339 like 2024-05-01T08:00:00+08:00",
            shown(text),
            field.name()
        );
        return reject(reason, detail);
    };
    match (field, time) {
        (Field::EventTime, Time::At(us)) => {
            event.event_time_us = Some(us);
            content.put(field.name(), &us.to_le_bytes());
        }
        (_, Time::At(us)) => {
            event.recorded_at_us = us;
            content.put(field.name(), &us.to_le_bytes());
        }
        // No time was given: the event has none, or was recorded when it arrived.
        (_, Time::Sentinel) => {}
    }
    Ok(())
}

fn text<'a>(field: Field, raw: Raw<'a>) -> Result<&'a str, Rejection> {
    raw.text().ok_or_else(|| {
        let reason = match field.spec().kind {
            Kind::Codes | Kind::Code => Reason::CodeInvalid,
            Kind::Measure { .. } | Kind::Quantity => Reason::NumberInvalid,
            _ => Reason::TextInvalid,
        };
        Rejection::new(reason, format!("`{}`: write one text or number", field.name()))
    })
}

fn read_text<'a>(field: Field, raw: Raw<'a>) -> Result<&'a str, Rejection> {
    let value = text(field, raw)?;
    let name = field.name();
    if value.len() > TEXT_LENGTH_MAX {
        let detail =
            format!("`{name}` has {} bytes; at most {TEXT_LENGTH_MAX} are kept", value.len());
        return reject(Reason::TextLengthMax, detail);
    }
    if value.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return reject(Reason::TextInvalid, format!("`{name}` holds control characters"));
    }
    match (field, field.spec().kind) {
        (_, Kind::Word(words)) => names::word(value, words).ok_or_else(|| {
            let mut known: Vec<&str> = words.iter().map(|(_, word)| *word).collect();
            known.dedup();
            let detail = format!("`{}` in `{name}` is none of {}", shown(value), known.join(", "));
            Rejection::new(Reason::WordUnknown, detail)
        }),
        (Field::RegionCode, _) if !is_region_code(value) => {
            let detail = format!("`{}` in `{name}`: write 2 to 12 digits", shown(value));
            reject(Reason::RegionCodeInvalid, detail)
        }
        (Field::Ip, _) if value.parse::<IpAddr>().is_err() => {
            let detail = format!("`{}` in `{name}`: write an IPv4 or IPv6 address", shown(value));
            reject(Reason::IpInvalid, detail)
        }
        _ => Ok(value),
    }
}

fn is_region_code(value: &str) -> bool {
    (REGION_DIGITS_MIN..=REGION_DIGITS_MAX).contains(&value.len())
        && value.bytes().all(|byte| byte.is_ascii_digit())
}

fn read_measure(field: Field, text: &str, min: f64, max: f64) -> Result<f64, Rejection> {
    let name = field.name();
    let Some(value) = text.parse::<f64>().ok().filter(|value| value.is_finite()) else {
        let detail = format!("`{}` in `{name}` is no number", shown(text));
        return reject(Reason::NumberInvalid, detail);
    };
    if !(min..=max).contains(&value) {
        let detail = format!("`{}` in `{name}` is not between {min} and {max}", shown(text));
        return reject(Reason::NumberRange, detail);
    }
    // Minus zero is the same place.
    Ok(value + 0.0)
}

fn read_quantity(field: Field, text: &str) -> Result<i128, Rejection> {
    let name = field.name();
    parse_decimal(text).map_err(|error| match error {
        DecimalError::Invalid => {
            let detail = format!("`{}` in `{name}`: write a number like 12.5", shown(text));
            Rejection::new(Reason::NumberInvalid, detail)
        }
        DecimalError::Range => {
            let detail = format!(
                "`{}` in `{name}` has more than 18 digits before or 10 after the point",
                shown(text)
            );
            Rejection::new(Reason::NumberRange, detail)
        }
    })
}

fn read_code<'a>(
    field: Field,
    printed: &'a str,
    codes: &CodeReader,
) -> Result<Code<'a>, Rejection> {
    let name = field.name();
    if printed.len() > CODE_LENGTH_MAX {
        let detail = format!(
            "a code in `{name}` has {} bytes, no carrier holds more than {CODE_LENGTH_MAX}; \
             check the scanner's suffix",
            printed.len()
        );
        return reject(Reason::CodeLengthMax, detail);
    }
    let normal = codes.normalize(printed);
    // What an address carries may be encoded.
    if has_control(printed) || (matches!(normal, Cow::Owned(_)) && has_control(&normal)) {
        let detail = format!("`{}` in `{name}` holds control characters", shown(printed));
        return reject(Reason::CodeInvalid, detail);
    }
    Ok(Code { normal, printed })
}

/// A scanner's group separator belongs to GS1 data.
fn has_control(code: &str) -> bool {
    code.chars().any(|c| c.is_control() && c != '\u{1d}')
}

fn read_codes<'a>(
    event: &mut ScanEvent<'a>,
    content: &mut Content,
    field: Field,
    raw: Raw<'a>,
    codes: &CodeReader,
) -> Result<(), Rejection> {
    let mut found = Vec::new();
    let mut take = |printed: &'a str| -> Result<(), Rejection> {
        let code = read_code(field, printed, codes)?;
        if !code.normal.is_empty() {
            found.push(code);
        }
        Ok(())
    };
    match raw {
        Raw::Cell(cell) => cell.split(LIST_SEPARATOR).try_for_each(|part| take(part.trim()))?,
        Raw::Json(Value::Array(list)) => list
            .iter()
            .filter(|entry| !entry.is_null())
            .try_for_each(|entry| take(text(field, Raw::Json(entry))?))?,
        Raw::List(list) => entries(list).try_for_each(take)?,
        Raw::Json(_) | Raw::Text(_) | Raw::Number(_) | Raw::Null => take(text(field, raw)?)?,
    }
    put_codes(content, field, &found);
    keep_first(&mut found);
    match field {
        Field::Aliases => event.aliases = found.into_iter().map(|code| code.normal).collect(),
        _ => event.codes = found,
    }
    Ok(())
}

/// The codes of an event are a set: their order and repetitions are no content.
fn put_codes(content: &mut Content, field: Field, codes: &[Code<'_>]) {
    let mut spellings: Vec<Cow<'_, str>> = codes.iter().map(|code| spelled(code.printed)).collect();
    spellings.sort_unstable();
    spellings.dedup();
    content.put_list(field.name(), spellings.iter().map(AsRef::as_ref));
}

fn put_inputs(content: &mut Content, event: &ScanEvent<'_>) {
    for input in &event.inputs {
        content.put("material_code", input.material_code.as_bytes());
        content.put("lot_no", input.lot_no.as_deref().unwrap_or_default().as_bytes());
        content.put("qty", &input.qty.map(i128::to_le_bytes).unwrap_or_default());
        content.put("unit", input.unit.as_deref().unwrap_or_default().as_bytes());
    }
}

/// Drops repetitions; an event of one code, the usual one, is left alone.
fn keep_first(codes: &mut Vec<Code<'_>>) {
    if codes.len() < 2 {
        return;
    }
    let mut seen = std::collections::HashSet::with_capacity(codes.len());
    let keep: Vec<bool> = codes.iter().map(|code| seen.insert(code.normal.as_ref())).collect();
    let mut keep = keep.into_iter();
    codes.retain(|_| keep.next().unwrap_or(true));
}

/// What the type asks of codes, container and aliases.
fn check_codes(event: &mut ScanEvent<'_>) -> Result<(), Rejection> {
    // Material, a batch or a recall may be named without scanning a unit.
    let needs_none =
        matches!(event.event_type, EventType::Consume | EventType::Inspect | EventType::Recall);
    if event.codes.is_empty() && !needs_none {
        let detail = format!("a {} needs `codes`", event.event_type.as_str());
        return reject(Reason::CodeMissing, detail);
    }
    if event.event_type == EventType::Pack && event.parent_code.is_none() {
        return reject(Reason::ParentMissing, "a pack needs `parent_code`");
    }
    if let Some(parent) = &event.parent_code
        && event.codes.iter().any(|code| code.normal == *parent)
    {
        let detail = format!("`{}` is both `parent_code` and among `codes`", shown(parent));
        return reject(Reason::ParentIsChild, detail);
    }
    if !event.aliases.is_empty() && event.codes.len() != 1 {
        let detail = format!("`aliases` go with exactly one code, not {}", event.codes.len());
        return reject(Reason::AliasesNeedOneCode, detail);
    }
    if let Some(code) = event.codes.first() {
        event.aliases.retain(|alias| *alias != code.normal);
    }
    Ok(())
}
