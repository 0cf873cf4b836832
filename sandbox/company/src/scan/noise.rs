//! What real devices do to good records: spellings, resends, lost ids, foreign codes.

use chrono::NaiveTime;

use super::codes::PLACEHOLDER;
use super::event::ScanEvent;
use super::life::Life;

/// Spoils some of a pallet's events without changing what happened.
pub(super) fn spoil(life: &mut Life<'_>) {
    let mut resent = Vec::new();
    for at in 0..life.events.len() {
        let roll = life.dice.below(1_000);
        let Some(event) = life.events.get_mut(at) else { continue };
        if event.event_type == "verify" {
            respell(event, roll);
            // A check without an id and without a zone, as a simple web page sends it.
            if roll % 50 == 7 {
                event.event_id = None;
                event.event_time.truncate("2026-01-01T00:00:00".len());
            }
        }
        if life.dice.chance(8) {
            resent.extend(life.events.get(at).cloned());
        }
    }
    life.events.extend(resent);
    if life.position.is_multiple_of(40) {
        foreign(life);
    }
}

fn respell(event: &mut ScanEvent, roll: usize) {
    for code in &mut event.codes {
        *code = match roll {
            0..60 => code.to_lowercase(),
            60..100 => code.chars().map(full_width).collect(),
            100..220 => format!("https://q.example.com/c/{code}"),
            220..260 => format!("https://id.example.com/01/06901234567892/21/{code}"),
            260..280 => format!(" {code} "),
            _ => return,
        };
    }
}

fn full_width(character: char) -> char {
    match u32::from(character) {
        ascii @ 0x21..=0x7E => char::from_u32(ascii + 0xFEE0).unwrap_or(character),
        _ => character,
    }
}

/// Checks of a damaged label and of a code that was never made, and an id used twice.
fn foreign(life: &mut Life<'_>) {
    let at = life.company.start.and_time(NaiveTime::MIN)
        + chrono::TimeDelta::days(40 + life.position as i64 % 90);
    for code in [PLACEHOLDER.to_owned(), format!("A9{:012}", life.position)] {
        let device_id = Some("PHONE-0000001".to_owned());
        life.add(at, ScanEvent { device_id, ..ScanEvent::new("verify", at, vec![code]) });
    }
    let Some(mut twin) = life.events.iter().find(|event| event.event_type == "inspect").cloned()
    else {
        return;
    };
    twin.operator = Some("E0002".to_owned());
    life.events.push(twin);
}
