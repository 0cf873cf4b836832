//! `core.unit`, `core.unit_event`, and all of one unit as text.

use std::collections::{BTreeMap, BTreeSet};

use yuanliu_law::EventType;
use yuanliu_trace_index::Facts;

use super::custody::{Movement, custody, is_at_store, shipments};
use super::{EventCode, Model, Within, order};
use crate::shown::{end, facts, opt};
use crate::support::Told;

/// A row of `core.unit_event`.
struct Happened<'m> {
    told: &'m Told,
    depth: u8,
    via: String,
}

impl Model {
    /// The same text as that of a history of the index.
    pub(crate) fn shown(&self, asked: &str) -> String {
        let code = &self.resolve(asked);
        let origin = self.origin(code);
        if origin.is_none() && self.rows_of(code).next().is_none() {
            return "nothing\n".into();
        }
        let movements = self.movements(code);
        let shipments = shipments(&movements);
        let happened = self.unit_events(code);
        let mut lines = vec![format!("unit {code}")];
        let product = self.product(code);
        lines.extend(origin.map(|origin| {
            format!(
                "origin {} {} {} {} {} by {}",
                origin.printed,
                opt(origin.level),
                opt(product.as_deref()),
                opt(origin.batch),
                opt(origin.work_order),
                origin.commission.map_or("-".into(), |one| format!("{}/{}", one.id, one.hash))
            )
        }));
        lines.extend(happened.iter().map(|one| {
            let is_voided = shipments.iter().any(|s| {
                let key = |told: &Told| (told.id.clone(), told.event_type, told.time);
                s.is_voided && key(s.told) == key(one.told)
            });
            format!(
                "event {} {}/{} at {} depth {} via {}{}",
                one.told.event_type.as_str(),
                one.told.id,
                one.told.hash,
                one.told.time.unwrap(),
                one.depth,
                one.via,
                if is_voided { " voided" } else { "" }
            )
        }));
        let aside =
            self.rows_of(code).filter(|row| self.is_void(row) || self.told(row).time.is_none());
        let mut aside: Vec<String> = aside
            .map(|row| format!("aside {}/{}", self.told(row).id, self.told(row).hash))
            .collect();
        aside.sort();
        lines.extend(aside);
        let stays = self.containment.iter().filter(|row| row.code == *code);
        lines
            .extend(stays.map(|row| format!("in {} [{},{})", row.ancestor, row.from, end(row.to))));
        let mut inside: Vec<&Within> =
            self.ancestry.iter().filter(|row| row.code == *code).collect();
        inside.sort();
        lines.extend(inside.into_iter().map(|row| {
            format!("inside {} depth {} [{},{})", row.ancestor, row.depth, row.from, end(row.to))
        }));
        lines.extend(custody(&movements));
        lines.extend(shipments.iter().map(|one| one.shown.clone()));
        let last_ship = shipments
            .iter()
            .filter(|one| one.told.event_type == EventType::Ship && !one.is_voided)
            .filter_map(|one| one.told.time)
            .max();
        lines.push(facts(&self.facts(code, &happened, &movements, last_ship)));
        lines.push(String::new());
        lines.join("\n")
    }

    fn unit_events(&self, code: &str) -> Vec<Happened<'_>> {
        use EventType::{Commission, Pack, Sell, Unpack, Verify};
        let mut nearest: BTreeMap<usize, (u8, String)> = BTreeMap::new();
        let counting = self.event_codes.iter().filter(|row| !self.is_void(row));
        for row in counting.filter(|row| self.told(row).time.is_some()) {
            let told = self.told(row);
            let mut depths = Vec::new();
            if row.code == code {
                depths.push(0);
            }
            if !matches!(told.event_type, Commission | Pack | Unpack | Sell | Verify) {
                let inside = self.ancestry.iter().filter(|a| {
                    a.code == code
                        && a.ancestor == row.code
                        && Some(a.from) <= told.time
                        && a.to.is_none_or(|to| told.time < Some(to))
                });
                depths.extend(inside.map(|a| a.depth));
            }
            for depth in depths {
                let way = (depth, row.code.clone());
                let best = nearest.entry(row.event).or_insert_with(|| way.clone());
                *best = way.min(best.clone());
            }
        }
        let mut rows: Vec<Happened<'_>> = nearest
            .into_iter()
            .map(|(at, (depth, via))| Happened { told: &self.events[at].0, depth, via })
            .collect();
        rows.sort_by(|a, b| order(a.told).cmp(&order(b.told)));
        rows
    }

    fn facts(
        &self,
        code: &str,
        happened: &[Happened<'_>],
        movements: &[Movement<'_>],
        last_ship_us: Option<i64>,
    ) -> Facts {
        use EventType::{
            Decommission, OpenCase, PurchaseCheck, Receive, Return, Ship, StoreIn, Transfer,
        };
        let times = |types: &[EventType]| -> BTreeSet<i64> {
            let rows = happened.iter().filter(|one| types.contains(&one.told.event_type));
            rows.filter_map(|one| one.told.time).collect()
        };
        let opened = happened
            .iter()
            .filter(|one| one.told.event_type == OpenCase && one.told.text("store_code").is_some());
        let moved = |types: &[EventType]| -> Vec<&Told> {
            let rows = movements.iter().map(|one| one.told);
            rows.filter(|told| types.contains(&told.event_type)).collect()
        };
        let last = moved(&[Ship, Transfer, Receive, Return]);
        let last = last.into_iter().max_by(|a, b| order(a).cmp(&order(b)));
        let at_store = moved(&[Receive]).into_iter().filter(|told| is_at_store(told));
        Facts {
            is_commissioned: self.origin(code).is_some_and(|origin| origin.commission.is_some()),
            decommissioned_at_us: times(&[Decommission]).first().copied(),
            left_line_at_us: times(&[StoreIn, Ship]).first().copied(),
            bought_at_us: times(&[PurchaseCheck]).last().copied(),
            returned_at_us: times(&[Return]).last().copied(),
            opened_at_us: opened.filter_map(|one| one.told.time).max(),
            last_moved: last.map(|told| told.event_type),
            at_store_us: at_store.filter_map(|told| told.time).max(),
            at_dealer_us: moved(&[Receive, Transfer]).into_iter().filter_map(|t| t.time).max(),
            last_ship_us,
        }
    }

    fn origin(&self, code: &str) -> Option<Row<'_>> {
        use EventType::{Consume, OpenCase, PurchaseCheck, Sell, Verify};
        let counting: Vec<&EventCode> = self
            .rows_of_owned(code)
            .into_iter()
            .filter(|row| !self.is_void(row))
            .filter(|row| {
                let event_type = self.told(row).event_type;
                !matches!(event_type, Consume | OpenCase | PurchaseCheck | Sell | Verify)
            })
            .collect();
        let height = self.ancestry.iter().filter(|a| a.ancestor == code).map(|a| a.depth).max();
        if counting.is_empty() && height.is_none() {
            return None;
        }
        let commissions =
            counting.iter().filter(|r| self.told(r).event_type == EventType::Commission);
        let commission = commissions.min_by(|a, b| order(self.told(a)).cmp(&order(self.told(b))));
        let told = commission.map(|row| self.told(row));
        let text = |name| told.and_then(|told| told.text(name));
        let named = text("work_order_no");
        let is_known = matches!(named, Some("WO" | "WO-1"));
        let others = || counting.iter().map(|row| self.told(row));
        let other_product = others()
            .filter(|told| told.event_type != EventType::Commission)
            .filter_map(|told| told.text("product_code"))
            .min();
        let delivery = others()
            .filter(|told| told.event_type == EventType::Ship)
            .filter_map(|told| told.text("delivery_no"))
            .min();
        let is_child = self.containment.iter().any(|row| row.code == code);
        let printed = counting.iter().map(|row| row.printed.as_str()).min();
        Some(Row {
            printed: commission
                .map(|row| row.printed.clone())
                .unwrap_or_else(|| printed.unwrap_or(code).to_owned()),
            level: text("level").or(match height {
                Some(2..) => Some("pallet"),
                Some(_) => Some("case"),
                None if commission.is_some() || is_child => Some("item"),
                None => None,
            }),
            product: text("product_code").or(is_known.then_some("P1")).or(other_product),
            delivered: (delivery == Some("N1")).then_some("P9"),
            batch: text("batch_no").or(is_known.then_some("B1")),
            work_order: if is_known { Some("WO-1") } else { named },
            commission: told,
        })
    }

    fn product(&self, code: &str) -> Option<String> {
        let origin = self.origin(code)?;
        if let Some(product) = origin.product {
            return Some(product.to_owned());
        }
        let above = self.ancestry.iter().filter(|a| a.code == code).map(|a| &a.ancestor);
        let below = self.ancestry.iter().filter(|a| a.ancestor == code).map(|a| &a.code);
        let relatives: Vec<Row<'_>> =
            above.chain(below).filter_map(|relative| self.origin(relative)).collect();
        let agreed = |said: BTreeSet<&str>| {
            said.first().filter(|_| said.len() == 1).map(|product| (*product).to_owned())
        };
        let products: BTreeSet<&str> = relatives.iter().filter_map(|row| row.product).collect();
        if !products.is_empty() {
            return agreed(products);
        }
        let delivered = relatives.iter().filter_map(|row| row.delivered).collect();
        origin.delivered.map(str::to_owned).or_else(|| agreed(delivered))
    }

    fn rows_of_owned(&self, code: &str) -> Vec<&EventCode> {
        self.event_codes.iter().filter(|row| row.code == code).collect()
    }
}

/// A row of `core.unit_origin`.
struct Row<'m> {
    printed: String,
    level: Option<&'m str>,
    product: Option<&'m str>,
    delivered: Option<&'m str>,
    batch: Option<&'m str>,
    work_order: Option<&'m str>,
    commission: Option<&'m Told>,
}
