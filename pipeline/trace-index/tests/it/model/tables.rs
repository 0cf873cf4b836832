//! `core.scan_event`, `core.code_alias`, `core.event_code`.

use std::collections::{BTreeMap, BTreeSet};

use yuanliu_law::EventType;

use super::{EventCode, Model, is_placeholder};
use crate::support::Told;

impl Model {
    pub(crate) fn new(told: &[Told], as_of: i64) -> Self {
        let mut once: BTreeMap<(String, i64), Told> = BTreeMap::new();
        for event in told.iter().filter(|event| event.time.is_none_or(|time| time <= as_of)) {
            once.entry((event.id.clone(), event.hash)).or_insert_with(|| event.clone());
        }
        let corrected: BTreeSet<String> = once
            .values()
            .filter(|event| event.event_type != EventType::VoidShip)
            .filter_map(|event| Some((event, event.text("corrects_event_id")?)))
            .filter(|(event, named)| event.id != *named)
            .map(|(_, named)| named.to_owned())
            .collect();
        let events = once.into_values().map(|event| {
            let is_void = corrected.contains(&event.id);
            (event, is_void)
        });
        let mut model = Self {
            events: events.collect(),
            aliases: Vec::new(),
            event_codes: Vec::new(),
            containment: Vec::new(),
            ancestry: Vec::new(),
        };
        model.aliases = model.code_alias();
        model.event_codes = model.event_code();
        model.containment = model.all_containment();
        model.ancestry = model.all_ancestry();
        model
    }

    pub(crate) fn resolve(&self, code: &str) -> String {
        let alias = self.aliases.iter().find(|(alias, _)| alias == code);
        alias.map_or(code, |(_, code)| code).to_owned()
    }

    fn code_alias(&self) -> Vec<(String, String)> {
        let commissions = || {
            let all = self.events.iter().filter(|(_, is_void)| !is_void);
            all.map(|(event, _)| event).filter(|event| event.event_type == EventType::Commission)
        };
        let commissioned: BTreeSet<&String> =
            commissions().flat_map(|event| &event.codes).collect();
        let mut first: BTreeMap<&String, (bool, Option<i64>, &str, i64, &String)> = BTreeMap::new();
        for event in commissions().filter(|event| event.codes.len() == 1) {
            let code = &event.codes[0];
            for alias in &event.aliases {
                if alias == code || is_placeholder(alias) || commissioned.contains(alias) {
                    continue;
                }
                let rank = (event.time.is_none(), event.time, event.id.as_str(), event.hash, code);
                let best = first.entry(alias).or_insert(rank);
                *best = (*best).min(rank);
            }
        }
        first.into_iter().map(|(alias, rank)| (alias.clone(), rank.4.clone())).collect()
    }

    fn event_code(&self) -> Vec<EventCode> {
        let mut rows: BTreeMap<(usize, String), EventCode> = BTreeMap::new();
        for (at, (event, _)) in self.events.iter().enumerate() {
            let parent = event.text("parent_code").map(|parent| self.resolve(parent));
            for scanned in event.codes.iter().filter(|code| !is_placeholder(code)) {
                let printed = event.printed(scanned);
                let code = self.resolve(scanned);
                let row = rows.entry((at, code.clone())).or_insert_with(|| EventCode {
                    code,
                    printed: printed.clone(),
                    event: at,
                    parent: parent.clone(),
                });
                row.printed = printed.min(row.printed.clone());
            }
        }
        rows.into_values().collect()
    }
}
