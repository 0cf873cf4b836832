//! The entries one event makes.
//!
//! They depend on that event alone, so events can come in any order and be written again. The two
//! spaces where several events share an entry, ids and voids, are merged: see `merge`.

use std::collections::HashSet;

use yuanliu_law::EventType;

use super::merge::{content_bytes, void_bytes};
use crate::event::{EventRow, Text, encode, id_hash, put_id, put_text, put_varint, setting_of};
use crate::store::{
    CODE_BYTES_MAX, EventKey, Role, Space, code_key, made_key, scope_key, scope_pair,
};

/// Settings known to be written; more are written again, which changes nothing.
const KNOWN_SETTINGS_MAX: usize = 65_536;

/// In an entry of a scanned code: the record follows.
pub(crate) const RECORD: u8 = 1;
/// In an entry of a scanned code: the printed form, which differs from the code, follows.
pub(crate) const PRINTED: u8 = 2;

/// The settings that have been written, and whether as settings of commissions.
#[derive(Debug, Default)]
pub(crate) struct KnownSettings(HashSet<(u64, bool)>);

impl KnownSettings {
    fn is_new(&mut self, setting: u64, is_commission: bool) -> bool {
        if self.0.len() >= KNOWN_SETTINGS_MAX {
            self.0.clear();
        }
        self.0.insert((setting, is_commission))
    }

    /// Forgets all: what was to be written may not have been.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

/// Tells `put` every entry of an event but its id and what it voids.
pub(super) fn put_entries(
    row: &EventRow<'_>,
    known: &mut KnownSettings,
    put: &mut impl FnMut(Space, Vec<u8>, Vec<u8>),
) {
    let key = EventKey::of(row);
    let is_commission = row.event_type == EventType::Commission;
    let setting = setting_of(row);
    if let Some((hash, stored)) = &setting
        && known.is_new(*hash, is_commission)
    {
        put(Space::Setting, hash.to_be_bytes().to_vec(), stored.clone());
        if is_commission {
            put_setting_scopes(row, *hash, put);
        }
    }
    let setting = setting.map(|(hash, _)| hash);
    let mut record = Vec::new();
    encode(&mut record, row, setting);

    // A consume is found by what it used up as well.
    let is_inline = row.codes.len() == 1 && row.event_type != EventType::Consume;
    for (code, printed) in row.codes.iter().filter(|(code, _)| fits(code)) {
        let printed = printed.filter(|printed| printed != code);
        let mut value =
            vec![if is_inline { RECORD } else { 0 } | if printed.is_some() { PRINTED } else { 0 }];
        if let Some(printed) = printed {
            put_text(&mut value, printed);
        }
        if is_inline {
            value.extend_from_slice(&record);
        }
        put(Space::Code, code_key(code, Role::Own, &key), value);
        if let Some(setting) = setting.filter(|_| is_commission) {
            put(Space::Made, made_key(setting, row.time_us, code), Vec::new());
        }
    }
    if !is_inline {
        put(Space::Event, key.as_bytes().to_vec(), record);
    }
    put_claims(row, &key, put);
    put_contained(row, &key, put);
    put_consumed(row, &key, put);
}

/// The id of an event and its content under it.
pub(super) fn id_entry(row: &EventRow<'_>) -> (u128, [u8; 8]) {
    (id_hash(row.event_id), content_bytes(row.content_hash))
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

fn put_setting_scopes(
    row: &EventRow<'_>,
    setting: u64,
    put: &mut impl FnMut(Space, Vec<u8>, Vec<u8>),
) {
    for text in [Text::BatchNo, Text::WorkOrderNo, Text::Line] {
        if let Some(name) = row.text(text) {
            let key = scope_key(text.name(), name.as_bytes(), &setting.to_be_bytes());
            put(Space::Scope, key, Vec::new());
        }
    }
}

fn put_claims(row: &EventRow<'_>, key: &EventKey, put: &mut impl FnMut(Space, Vec<u8>, Vec<u8>)) {
    let Some(code) = row.only_code() else {
        return;
    };
    let others = row.declared_aliases().iter().filter(|alias| **alias != code && fits(alias));
    for alias in others {
        let mut value = Vec::new();
        put_text(&mut value, code);
        put_id(&mut value, row.event_id);
        put(Space::Code, code_key(alias, Role::Alias, key), value);
    }
}

fn put_contained(
    row: &EventRow<'_>,
    key: &EventKey,
    put: &mut impl FnMut(Space, Vec<u8>, Vec<u8>),
) {
    let parent = row.text(Text::ParentCode).filter(|parent| fits(parent));
    if let Some(parent) = parent.filter(|_| row.event_type == EventType::Pack) {
        let mut value = Vec::new();
        put_varint(&mut value, row.codes.len() as u64);
        row.codes.iter().for_each(|(code, _)| put_text(&mut value, code));
        put(Space::Code, code_key(parent, Role::Parent, key), value);
    }
}

fn put_consumed(row: &EventRow<'_>, key: &EventKey, put: &mut impl FnMut(Space, Vec<u8>, Vec<u8>)) {
    if row.event_type != EventType::Consume {
        return;
    }
    for input in &row.inputs {
        if let Some(material) = input.material_code {
            let name = scope_pair(material, input.lot_no.unwrap_or_default());
            put(Space::Scope, scope_key("lot", &name, key.as_bytes()), Vec::new());
        }
    }
}
