//! What a unit is.

use std::collections::BTreeSet;

use super::clock::Instant;
use super::ledger::Ledger;

/// A unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// Its code.
    pub code: String,
    /// item, case or pallet.
    pub level: Option<String>,
    /// Its product.
    pub product: Option<String>,
    /// Its batch.
    pub batch: Option<String>,
    /// Its work order.
    pub work_order: Option<String>,
    /// When a line bound the code to it; none without a valid time.
    pub commissioned: Option<Instant>,
    /// Whether a line bound the code to it.
    pub is_commissioned: bool,
}

const KNOWING: [&str; 13] = [
    "commission",
    "pack",
    "unpack",
    "inspect",
    "store_in",
    "store_move",
    "ship",
    "void_ship",
    "receive",
    "transfer",
    "return",
    "decommission",
    "recall",
];

impl Ledger {
    /// Every unit that production, packing or logistics knows.
    pub fn units(&self) -> Vec<Unit> {
        let mut codes: BTreeSet<String> = BTreeSet::new();
        for event in &self.events {
            if !event.is_void && KNOWING.contains(&event.kind.as_str()) {
                codes.extend(event.codes.iter().cloned());
            }
            if event.is_live() && event.kind == "pack" {
                let parent = event.parent.iter().filter(|parent| !self.is_placeholder(parent));
                codes.extend(parent.cloned());
            }
        }
        codes.iter().map(|code| self.unit(code)).collect()
    }

    /// What is known of a code.
    pub fn unit(&self, code: &str) -> Unit {
        let mut unit = self.origin(code);
        if unit.product.is_none() {
            // What all it contained or was contained in agree on.
            let relatives = self.ever_around(code).into_iter().chain(self.ever_inside(code));
            let said: BTreeSet<String> =
                relatives.filter_map(|one| self.origin(&one).product).collect();
            unit.product = said.iter().next().filter(|_| said.len() == 1).cloned();
        }
        unit
    }

    /// What the unit says of itself.
    fn origin(&self, code: &str) -> Unit {
        let named: Vec<_> = self.naming(code).into_iter().filter(|event| !event.is_void).collect();
        let commissions = named.iter().filter(|event| event.kind == "commission");
        let commission = commissions.min_by_key(|event| (event.at.is_none(), event.at, &event.id));
        let text = |name: &str| commission.and_then(|event| event.text(name)).map(str::to_owned);
        let work_order = text("work_order_no");
        let order = work_order.as_ref().and_then(|no| self.find("work_order", "work_order_no", no));
        let of_order = |name: &str| order.and_then(|row| row.text(name)).map(str::to_owned);
        let scanned = named
            .iter()
            .filter(|event| event.kind != "commission" && KNOWING.contains(&event.kind.as_str()));
        let scanned = scanned.filter_map(|event| event.text("product_code")).min();
        Unit {
            code: code.to_owned(),
            level: text("level").or_else(|| self.level_by_packing(code, commission.is_some())),
            product: text("product_code")
                .or_else(|| of_order("product_code"))
                .or_else(|| scanned.map(str::to_owned)),
            batch: text("batch_no").or_else(|| of_order("batch_no")),
            commissioned: commission.and_then(|event| event.at),
            is_commissioned: commission.is_some(),
            work_order,
        }
    }

    fn level_by_packing(&self, code: &str, is_commissioned: bool) -> Option<String> {
        let inside = self.directly_inside(code);
        let holds_containers = inside.iter().any(|one| !self.directly_inside(one).is_empty());
        let level = match () {
            () if holds_containers => "pallet",
            () if !inside.is_empty() => "case",
            () if is_commissioned || !self.ever_around(code).is_empty() => "item",
            () => return None,
        };
        Some(level.to_owned())
    }

    fn directly_inside(&self, code: &str) -> Vec<String> {
        let packs = self.by_parent.get(code).into_iter().flatten().map(|at| &self.events[*at]);
        packs.filter(|event| event.is_live()).flat_map(|event| event.codes.clone()).collect()
    }

    /// Everything that was ever inside, directly or not.
    pub fn ever_inside(&self, code: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut open = vec![code.to_owned()];
        while let Some(outer) = open.pop() {
            for inner in self.directly_inside(&outer) {
                if found.insert(inner.clone()) {
                    open.push(inner);
                }
            }
        }
        found
    }
}
