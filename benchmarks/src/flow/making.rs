//! From the line to a full pallet.

use super::codes::{case_code, item_code, pallet_code};
use super::plan::{
    BATCH_PALLETS, CASE_ITEMS, MATERIAL_CODE, PALLET_CASES, PALLET_ITEMS, line, product,
};
use super::slot::{Flow, Scan, Slot};

impl Flow {
    /// Commissions and packs a pallet with its cases and items; the first of a batch uses up material.
    pub(super) fn make(&mut self, pallet: u64, slot: &mut Slot) {
        let (batch, line) = (pallet / BATCH_PALLETS, line(pallet));
        let device = format!("LINE-{line:02}");
        let made_of = format!(
            ",\"product_code\":\"P{:03}\",\"batch_no\":\"B{batch:07}\",\"work_order_no\":\"MO{batch:07}\"",
            product(batch)
        );
        let made_at = format!(
            ",\"line\":\"L{line:02}\",\"team\":\"T{}\",\"operator\":\"E{:04}\"",
            batch % 3,
            batch % 97
        );
        let of_line = |flow: &mut Self, slot: &mut Slot, event: &Scan<'_>| {
            flow.write(slot, &Scan { device: (line as usize, &device), ..*event });
        };
        let tail = format!("{made_of}{made_at}");
        if pallet.is_multiple_of(BATCH_PALLETS) {
            let lot = self.plan.lot_no(batch);
            let inputs = format!(
                ",\"inputs\":[{{\"material_code\":\"{MATERIAL_CODE}\",\"lot_no\":\"{lot}\",\
                 \"qty\":\"1250.5\",\"unit\":\"kg\"}}]{tail}"
            );
            of_line(self, slot, &Scan { tail: inputs.as_bytes(), ..Scan::of("consume", &[]) });
        }
        let seed = self.plan.seed;
        let first = pallet * PALLET_ITEMS;
        let commission = |level: &str| format!(",\"level\":\"{level}\"{tail}");
        let (of_item, of_case) = (commission("item"), commission("case"));
        let mut commissioned = first;
        let mut cases = Vec::new();
        for case in pallet * PALLET_CASES..(pallet + 1) * PALLET_CASES {
            let end = (case + 1) * CASE_ITEMS;
            while commissioned < end {
                let group = self.plan.codes_per_commission_of(commissioned);
                let through = (commissioned + group).min(first + PALLET_ITEMS);
                let codes: Vec<_> = (commissioned..through).map(|n| item_code(seed, n)).collect();
                let items = through - commissioned;
                let scan =
                    Scan { tail: of_item.as_bytes(), items, ..Scan::of("commission", &codes) };
                of_line(self, slot, &scan);
                commissioned = through;
            }
            let code = [case_code(seed, case)];
            of_line(
                self,
                slot,
                &Scan { tail: of_case.as_bytes(), ..Scan::of("commission", &code) },
            );
            let codes: Vec<_> = (end - CASE_ITEMS..end).map(|n| item_code(seed, n)).collect();
            let into = format!(",\"parent_code\":\"{}\"{made_at}", code[0]);
            of_line(self, slot, &Scan { tail: into.as_bytes(), ..Scan::of("pack", &codes) });
            cases.extend(code);
        }
        let code = [pallet_code(seed, pallet)];
        let of_pallet = commission("pallet");
        of_line(self, slot, &Scan { tail: of_pallet.as_bytes(), ..Scan::of("commission", &code) });
        let into = format!(",\"parent_code\":\"{}\"{made_at}", code[0]);
        of_line(self, slot, &Scan { tail: into.as_bytes(), ..Scan::of("pack", &cases) });
    }
}
