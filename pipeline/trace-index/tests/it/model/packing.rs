//! `core.containment` and `core.ancestry`.

use std::collections::BTreeSet;

use yuanliu_law::EventType;

use super::{Model, Within, is_placeholder, least, order};

impl Model {
    pub(super) fn all_containment(&self) -> Vec<Within> {
        let codes: BTreeSet<&String> = self.event_codes.iter().map(|row| &row.code).collect();
        codes.into_iter().flat_map(|code| self.containment_of(code)).collect()
    }

    fn containment_of(&self, code: &str) -> Vec<Within> {
        let mut packing: Vec<_> = self
            .rows_of(code)
            .filter(|row| !self.is_void(row) && self.told(row).time.is_some())
            .filter(|row| match self.told(row).event_type {
                EventType::Pack => row.parent.as_deref().is_some_and(|p| !is_placeholder(p)),
                EventType::Unpack => true,
                _ => false,
            })
            .filter(|row| row.parent.as_deref() != Some(code))
            .map(|row| (order(self.told(row)), row.parent.clone()))
            .collect();
        packing.sort();
        let times: BTreeSet<i64> = packing.iter().filter_map(|(order, _)| order.1).collect();
        let mut rows: Vec<Within> = Vec::new();
        for time in times {
            // Where the unit is once everything up to this time has happened.
            let mut place: Option<String> = None;
            for ((_, _, event_type, ..), parent) in
                packing.iter().filter(|(order, _)| order.1 <= Some(time))
            {
                if *event_type == EventType::Pack {
                    place.clone_from(parent);
                } else if parent.is_none() || *parent == place {
                    place = None;
                }
            }
            let is_same = rows
                .last()
                .is_some_and(|row| row.to.is_none() && Some(&row.ancestor) == place.as_ref());
            if is_same {
                continue;
            }
            if let Some(open) = rows.last_mut().filter(|row| row.to.is_none()) {
                open.to = Some(time);
            }
            rows.extend(place.map(|ancestor| Within {
                code: code.to_owned(),
                from: time,
                depth: 1,
                ancestor,
                to: None,
            }));
        }
        rows
    }

    pub(super) fn all_ancestry(&self) -> Vec<Within> {
        let mut all = self.containment.clone();
        let mut level = self.containment.clone();
        for depth in 2..=4 {
            let mut next = Vec::new();
            for a in &level {
                for c in self.containment.iter().filter(|c| c.code == a.ancestor) {
                    let overlaps =
                        a.to.is_none_or(|to| c.from < to) && c.to.is_none_or(|to| a.from < to);
                    if c.ancestor != a.code && overlaps {
                        next.push(Within {
                            code: a.code.clone(),
                            from: a.from.max(c.from),
                            depth,
                            ancestor: c.ancestor.clone(),
                            to: least(a.to, c.to),
                        });
                    }
                }
            }
            all.extend(next.iter().cloned());
            level = next;
        }
        all
    }

    /// What is in a unit at a time, by depth, with the container each is in.
    pub(crate) fn below(&self, code: &str, time: i64) -> BTreeSet<(String, u8)> {
        let is_then = |row: &&Within| row.from <= time && row.to.is_none_or(|to| time < to);
        let rows = self.ancestry.iter().filter(|row| row.ancestor == code).filter(is_then);
        rows.map(|row| (row.code.clone(), row.depth)).collect()
    }
}
