//! The entries one event makes.
//!
//! They depend on that event alone, so events can come in any order and be written again. The two
//! spaces where several events share an entry, ids and voids, are merged: see `merge`.

use std::collections::HashSet;

use yuanliu_law::EventType;

use super::merge::void_bytes;
use crate::event::{EventRow, Text, encode, encode_setting, id_hash, put_id, put_text, put_varint};
use crate::store::{CODE_BYTES_MAX, EventKey, Role, Space, set_code_key};

/// Settings known to be written; more are written again, which changes nothing.
const KNOWN_SETTINGS_MAX: usize = 65_536;

/// In an entry of a scanned code: the record follows.
pub(crate) const RECORD: u8 = 1;
/// In an entry of a scanned code: the printed form, which differs from the code, follows.
pub(crate) const PRINTED: u8 = 2;

/// The settings that have been written.
#[derive(Debug, Default)]
struct KnownSettings(HashSet<u64>);

impl KnownSettings {
    fn is_new(&mut self, setting: u64) -> bool {
        if self.0.len() >= KNOWN_SETTINGS_MAX {
            self.0.clear();
        }
        self.0.insert(setting)
    }

    fn clear(&mut self) {
        self.0.clear();
    }
}

/// Makes the entries of one event after the other, in the same memory.
#[derive(Debug, Default)]
pub(crate) struct EntryMaker {
    known: KnownSettings,
    setting: Vec<u8>,
    record: Vec<u8>,
    key: Vec<u8>,
    value: Vec<u8>,
}

impl EntryMaker {
    /// To be called when what was made may not have been written.
    pub(crate) fn forget_settings(&mut self) {
        self.known.clear();
    }

    /// Tells `put` every entry of an event but its id and what it voids.
    pub(super) fn put_entries(
        &mut self,
        row: &EventRow<'_>,
        put: &mut impl FnMut(Space, &[u8], &[u8]),
    ) {
        let event = EventKey::of(row);
        let setting = encode_setting(&mut self.setting, row);
        if let Some(hash) = setting
            && self.known.is_new(hash)
        {
            put(Space::Setting, &hash.to_be_bytes(), &self.setting);
        }
        self.record.clear();
        encode(&mut self.record, row, setting);

        let is_inline = row.codes.len() == 1;
        for (code, printed) in row.codes.iter().filter(|(code, _)| fits(code)) {
            let printed = printed.filter(|printed| printed != code);
            let flag = |bit, is_set: bool| if is_set { bit } else { 0 };
            self.value.clear();
            self.value.push(flag(RECORD, is_inline) | flag(PRINTED, printed.is_some()));
            if let Some(printed) = printed {
                put_text(&mut self.value, printed);
            }
            if is_inline {
                self.value.extend_from_slice(&self.record);
            }
            set_code_key(&mut self.key, code, Role::Own, &event);
            put(Space::Code, &self.key, &self.value);
        }
        if !is_inline {
            put(Space::Event, event.as_bytes(), &self.record);
        }
        self.put_claims(row, &event, put);
        self.put_contained(row, &event, put);
    }

    fn put_claims(
        &mut self,
        row: &EventRow<'_>,
        event: &EventKey,
        put: &mut impl FnMut(Space, &[u8], &[u8]),
    ) {
        let Some(code) = row.only_code() else {
            return;
        };
        let others = row.declared_aliases().iter().filter(|alias| **alias != code && fits(alias));
        for alias in others {
            self.value.clear();
            put_text(&mut self.value, code);
            put_id(&mut self.value, row.event_id);
            set_code_key(&mut self.key, alias, Role::Alias, event);
            put(Space::Code, &self.key, &self.value);
        }
    }

    fn put_contained(
        &mut self,
        row: &EventRow<'_>,
        event: &EventKey,
        put: &mut impl FnMut(Space, &[u8], &[u8]),
    ) {
        let parent = row.text(Text::ParentCode).filter(|parent| fits(parent));
        if let Some(parent) = parent.filter(|_| row.event_type == EventType::Pack) {
            self.value.clear();
            put_varint(&mut self.value, row.codes.len() as u64);
            row.codes.iter().for_each(|(code, _)| put_text(&mut self.value, code));
            set_code_key(&mut self.key, parent, Role::Parent, event);
            put(Space::Code, &self.key, &self.value);
        }
    }
}

/// The id of the event this one voids, and from when on.
pub(super) fn void_entry(row: &EventRow<'_>) -> Option<(u128, [u8; 8])> {
    let named = row.text(Text::CorrectsEventId)?;
    // The law: a `void_ship` is custody's business, and no event voids itself.
    let voids = row.event_type != EventType::VoidShip && named != row.event_id;
    voids.then(|| (id_hash(named), void_bytes(row.time_us)))
}

fn fits(code: &str) -> bool {
    code.len() <= CODE_BYTES_MAX
}
