//! The stored form of an event.
//!
//! What its key says already is not in it: time, type, and the hash of its content. What the events
//! of one place and shift have in common stands once in a setting, under a hash of itself; the
//! record of a commission is then an id and that hash.

use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_64;
use yuanliu_law::EventType;

use super::bytes::{Bytes, put_text, put_varint};
use super::event_id::{get_id, put_id};
use super::row::{EventRow, InputRow};
use super::texts::{Text, Texts};
use super::{Event, Input};
use crate::store::EventKey;

/// The first byte of every record.
const VERSION: u8 = 1;

const SETTING: u8 = 1;
const ACCURACY: u8 = 2;
const ALIASES: u8 = 4;
const INPUTS: u8 = 8;

/// The fields that many events of production and logistics share.
const SHARED: u32 = Text::Level.bit()
    | Text::ProductCode.bit()
    | Text::BatchNo.bit()
    | Text::WorkOrderNo.bit()
    | Text::FromParty.bit()
    | Text::ToParty.bit()
    | Text::StoreCode.bit()
    | Text::WarehouseCode.bit()
    | Text::Bin.bit()
    | Text::Line.bit()
    | Text::Team.bit()
    | Text::Operator.bit()
    | Text::DeviceId.bit()
    | Text::Channel.bit();

/// Writes the setting of an event in place of what `out` held and answers its hash; scans of
/// consumers have none, because they share little.
pub(crate) fn encode_setting(out: &mut Vec<u8>, row: &EventRow<'_>) -> Option<u64> {
    use EventType::{OpenCase, PurchaseCheck, Sell, Verify};
    out.clear();
    if matches!(row.event_type, OpenCase | PurchaseCheck | Sell | Verify) {
        return None;
    }
    out.push(VERSION);
    Texts::put(out, &row.texts, SHARED);
    Some(xxh3_64(out))
}

/// Appends the record of an event whose setting has this hash.
pub(crate) fn encode(out: &mut Vec<u8>, row: &EventRow<'_>, setting: Option<u64>) {
    let aliases = row.declared_aliases();
    let flag = |bit, is_set: bool| if is_set { bit } else { 0 };
    out.push(VERSION);
    out.push(
        flag(SETTING, setting.is_some())
            | flag(ACCURACY, row.accuracy_m.is_some())
            | flag(ALIASES, !aliases.is_empty())
            | flag(INPUTS, !row.inputs.is_empty()),
    );
    put_id(out, row.event_id);
    if let Some(setting) = setting {
        out.extend_from_slice(&setting.to_be_bytes());
    }
    if let Some(accuracy) = row.accuracy_m {
        out.extend_from_slice(&accuracy.to_be_bytes());
    }
    Texts::put(out, &row.texts, if setting.is_some() { !SHARED } else { u32::MAX });
    if !aliases.is_empty() {
        put_varint(out, aliases.len() as u64);
        aliases.iter().for_each(|alias| put_text(out, alias));
    }
    if !row.inputs.is_empty() {
        put_varint(out, row.inputs.len() as u64);
        row.inputs.iter().for_each(|input| put_input(out, input));
    }
}

/// Reads a setting.
pub(crate) fn decode_setting(bytes: &[u8]) -> Option<Texts> {
    let mut bytes = Bytes::new(bytes);
    (bytes.byte()? == VERSION).then_some(())?;
    Texts::read(&mut bytes)
}

/// Reads the record under `key`; `setting` finds a setting by its hash.
pub(crate) fn decode<E>(
    key: &EventKey,
    bytes: &[u8],
    setting: impl FnOnce(u64) -> Result<Arc<Texts>, E>,
) -> Result<Option<Event>, E> {
    let Some((mut event, setting_hash)) = decode_own(key, bytes) else {
        return Ok(None);
    };
    event.setting = setting_hash.map(setting).transpose()?;
    Ok(Some(event))
}

fn decode_own(key: &EventKey, bytes: &[u8]) -> Option<(Event, Option<u64>)> {
    let mut bytes = Bytes::new(bytes);
    (bytes.byte()? == VERSION).then_some(())?;
    let flags = bytes.byte()?;
    let event_id = get_id(&mut bytes)?;
    let setting = if flags & SETTING == 0 { None } else { Some(bytes.array()?) };
    let accuracy = if flags & ACCURACY == 0 { None } else { Some(bytes.array()?) };
    let own = Texts::read(&mut bytes)?;
    let mut aliases = Vec::new();
    if flags & ALIASES != 0 {
        for _ in 0..bytes.length()? {
            aliases.push(bytes.text()?.into());
        }
    }
    let mut inputs = Vec::new();
    if flags & INPUTS != 0 {
        for _ in 0..bytes.length()? {
            inputs.push(get_input(&mut bytes)?);
        }
    }
    let event = Event {
        content_hash: key.content_hash(&event_id),
        event_id: event_id.into(),
        event_type: key.event_type()?,
        time_us: key.time_us(),
        accuracy_m: accuracy.map(f64::from_be_bytes),
        aliases,
        inputs,
        own,
        setting: None,
    };
    Some((event, setting.map(u64::from_be_bytes)))
}

fn put_input(out: &mut Vec<u8>, input: &InputRow<'_>) {
    for text in [input.material_code, input.lot_no, input.unit] {
        out.push(u8::from(text.is_some()));
        if let Some(text) = text {
            put_text(out, text);
        }
    }
    out.push(u8::from(input.qty.is_some()));
    if let Some(qty) = input.qty {
        out.extend_from_slice(&qty.to_be_bytes());
    }
}

fn get_input(bytes: &mut Bytes<'_>) -> Option<Input> {
    let mut text = || -> Option<Option<Box<str>>> {
        Some(if bytes.byte()? == 0 { None } else { Some(bytes.text()?.into()) })
    };
    let (material_code, lot_no, unit) = (text()?, text()?, text()?);
    let qty = if bytes.byte()? == 0 { None } else { Some(i128::from_be_bytes(bytes.array()?)) };
    Some(Input { material_code, lot_no, qty, unit })
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::Arc;

    use yuanliu_law::EventType;

    use super::{decode, decode_setting, encode, encode_setting};
    use crate::event::{EventRow, InputRow, TEXT_COUNT, Text};
    use crate::store::EventKey;

    fn row(event_type: EventType) -> EventRow<'static> {
        let mut texts = [None; TEXT_COUNT];
        texts[Text::BatchNo as usize] = Some("B1");
        texts[Text::DeliveryNo as usize] = Some("DN1");
        let input =
            InputRow {
                material_code: Some("M"), lot_no: None, qty: Some(-3), unit: Some("千克")
            };
        EventRow {
            event_id: "e1",
            content_hash: -7,
            event_type,
            time_us: Some(-1),
            texts,
            accuracy_m: Some(12.5),
            codes_listed: 1,
            codes: vec![("A", None)],
            aliases: vec!["RF1", "RF2"],
            inputs: vec![input],
        }
    }

    #[test]
    fn a_record_says_what_was_written_with_and_without_a_setting() {
        for (event_type, has_setting) in [(EventType::Commission, true), (EventType::Sell, false)] {
            let row = row(event_type);
            let mut stored = Vec::new();
            let setting = encode_setting(&mut stored, &row);
            assert_eq!(setting.is_some(), has_setting);
            let mut out = Vec::new();
            encode(&mut out, &row, setting);
            let key = EventKey::of(&row);
            let find = |hash| {
                assert_eq!(Some(hash), setting);
                Ok::<_, Infallible>(Arc::new(decode_setting(&stored).unwrap()))
            };
            let event = decode(&key, &out, find).unwrap().unwrap();
            assert_eq!((&*event.event_id, event.content_hash), ("e1", -7));
            assert_eq!((event.event_type, event.time_us), (event_type, Some(-1)));
            assert_eq!(event.text(Text::BatchNo), Some("B1"));
            assert_eq!(event.text(Text::DeliveryNo), Some("DN1"));
            assert_eq!(event.accuracy_m, Some(12.5));
            assert_eq!(event.aliases.len(), if has_setting { 2 } else { 0 });
            assert_eq!(event.inputs[0].qty, Some(-3));
            assert_eq!(event.inputs[0].unit.as_deref(), Some("千克"));
            for length in 0..out.len() {
                let find = |_| Ok::<_, Infallible>(Arc::default());
                assert_eq!(decode(&key, &out[..length], find).unwrap(), None);
            }
        }
    }
}
