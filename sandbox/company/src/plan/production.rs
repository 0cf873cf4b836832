//! Production orders, material lots and moves, receipts, inspections.

use chrono::{NaiveDateTime, TimeDelta};

use super::{Frame, ITEMS_PER_PALLET, Masters, stream};
use crate::dice::Dice;
use crate::exact::Exact;
use crate::model::{
    Inspected, Inspection, MaterialLot, MaterialMove, MoveKind, Pallet, Receipt, Run, Status,
};

/// Production runs on this many days, so that the goods reach consumers before the end.
const DAYS: i64 = 125;
/// A new lot of each material comes in every so many days.
const LOT_DAYS: i64 = 15;
/// Time a line takes for one pallet.
const PALLET_SECONDS: i64 = 900;
/// Items made per unit of scale.
const ITEMS_PER_SCALE: u32 = 2_000;

/// What production leaves behind.
pub(crate) struct Production {
    pub(crate) runs: Vec<Run>,
    pub(crate) pallets: Vec<Pallet>,
    pub(crate) lots: Vec<MaterialLot>,
    pub(crate) moves: Vec<MaterialMove>,
    pub(crate) receipts: Vec<Receipt>,
    pub(crate) inspections: Vec<Inspection>,
    /// The run whose goods are diverted.
    pub(crate) diverted_run: usize,
}

/// Plans production.
pub(crate) fn production(frame: &Frame, masters: &Masters) -> Production {
    let mut dice = Dice::new(frame.seed, stream::PRODUCTION);
    let total = (frame.scale.max(1) * ITEMS_PER_SCALE).div_ceil(ITEMS_PER_PALLET) as usize;
    let usual = (2 + frame.scale as usize / 10).min(16);
    let mut sizes = Vec::new();
    let mut planned = 0;
    while planned < total {
        let size = (usual + dice.below(2)).min(total - planned);
        sizes.push(size);
        planned += size;
    }
    let diverted_run = sizes.len() * 2 / 5;
    let mut runs = runs(frame, masters, &mut dice, &sizes, diverted_run);
    let pallets = (0..runs.len())
        .flat_map(|run| std::iter::repeat_n(run, runs.get(run).map_or(0, |run| run.pallets)))
        .map(|run| Pallet { run, delivery: None, diverted_cases: 0 })
        .collect();
    let lots = lots(frame, masters);
    let moves = moves(frame, masters, &mut dice, &runs, &lots);
    let receipts = receipts(&runs);
    let inspections = inspections(&mut dice, &runs, &lots);
    never_made(frame, &mut runs);
    Production { runs, pallets, lots, moves, receipts, inspections, diverted_run }
}

fn runs(
    frame: &Frame,
    masters: &Masters,
    dice: &mut Dice,
    sizes: &[usize],
    diverted_run: usize,
) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::with_capacity(sizes.len());
    let (mut first_pallet, mut document) = (0, 0);
    for (at, &pallets) in sizes.iter().enumerate() {
        let day = at as i64 * DAYS / sizes.len() as i64;
        // One order in six has a second line, which makes another product.
        let second = at % 6 == 1 && runs.last().is_some_and(|run| run.line_no == 1);
        if !second {
            document += 1;
        }
        let mut product = if at == diverted_run { 0 } else { dice.below(masters.products.len()) };
        if second && runs.last().is_some_and(|run| run.product == product) {
            product = (product + 1) % masters.products.len().max(1);
        }
        let line = at % 4 + 1;
        let start = frame.at(day, 8 * 3_600 + (at % 4) as i64 * 60);
        let end = start + TimeDelta::seconds(pallets as i64 * PALLET_SECONDS);
        runs.push(Run {
            document_no: format!("MO{document:06}"),
            line_no: if second { 2 } else { 1 },
            product,
            batch_no: format!("L{}{line}{:02}", start.format("%y%m%d"), at % 100),
            line: format!("L{line:02}"),
            workshop: if line <= 2 { "一车间" } else { "二车间" },
            team: if day % 2 == 0 { "甲班" } else { "乙班" },
            status: if day < 60 { Status::Closed } else { Status::Approved },
            start,
            end,
            first_pallet,
            pallets,
            planned_qty: pallets as i64 * i64::from(ITEMS_PER_PALLET),
        });
        first_pallet += pallets;
    }
    runs
}

/// A draft and a cancelled order, which made nothing.
fn never_made(frame: &Frame, runs: &mut Vec<Run>) {
    let Some(last) = runs.last().cloned() else { return };
    for (number, status) in [(900_001, Status::Draft), (900_002, Status::Cancelled)] {
        let start = frame.at(DAYS + 5, 8 * 3_600);
        runs.push(Run {
            document_no: format!("MO{number}"),
            line_no: 1,
            batch_no: format!("L{}9", start.format("%y%m%d")),
            status,
            start,
            end: start + TimeDelta::hours(8),
            first_pallet: last.first_pallet + last.pallets,
            pallets: 0,
            planned_qty: 240,
            ..last.clone()
        });
    }
}

fn lots(frame: &Frame, masters: &Masters) -> Vec<MaterialLot> {
    let mut lots = Vec::new();
    for period in 0..=DAYS / LOT_DAYS {
        let received = frame.at(period * LOT_DAYS, 0).date();
        for material in 0..masters.materials.len() {
            // The supplier's letter repeats, so one lot number stands on several materials.
            let letter = if material % 2 == 0 { 'A' } else { 'B' };
            let lot_no = format!("R{}{letter}", received.format("%y%m%d"));
            lots.push(MaterialLot { lot_no, material, received });
        }
    }
    lots
}

/// The lot of a material in use at a time.
fn lot_in_use(lots: &[MaterialLot], material: usize, at: NaiveDateTime) -> Option<usize> {
    lots.iter().rposition(|lot| lot.material == material && lot.received <= at.date())
}

fn moves(
    frame: &Frame,
    masters: &Masters,
    dice: &mut Dice,
    runs: &[Run],
    lots: &[MaterialLot],
) -> Vec<MaterialMove> {
    let mut moves: Vec<MaterialMove> = Vec::new();
    for (at, run) in runs.iter().enumerate() {
        let materials =
            masters.products.get(run.product).map_or(&[][..], |product| &product.materials);
        let lines: Vec<(usize, Exact)> = materials
            .iter()
            .filter_map(|&material| {
                let per_item = masters.materials.get(material)?.per_item;
                Some((lot_in_use(lots, material, run.start)?, per_item.times(run.planned_qty)))
            })
            .collect();
        let first = lines.first().copied();
        moves.push(MaterialMove {
            no: format!("SCLL{:06}", at + 1),
            kind: MoveKind::Issue,
            run: at,
            at: run.start - TimeDelta::hours(1),
            lines,
        });
        let Some((lot, quantity)) = first else { continue };
        let part = |percent: i64| Exact { units: quantity.units * percent / 100, ..quantity };
        if dice.chance(150) {
            // A feed may come from the lot before: then one batch has two lots of a material.
            let older = lots.get(lot).and_then(|used| {
                let before = frame.at(0, 0).max(used.received.and_time(chrono::NaiveTime::MIN));
                lot_in_use(lots, used.material, before - TimeDelta::days(1))
            });
            moves.push(MaterialMove {
                no: format!("SCBL{:06}", at + 1),
                kind: MoveKind::Feed,
                run: at,
                at: run.start + TimeDelta::minutes(20),
                lines: vec![(older.unwrap_or(lot), part(4))],
            });
        }
        if dice.chance(150) {
            moves.push(MaterialMove {
                no: format!("SCTL{:06}", at + 1),
                kind: MoveKind::Return,
                run: at,
                at: run.end + TimeDelta::minutes(30),
                lines: vec![(lot, part(2))],
            });
        }
    }
    moves
}

fn receipts(runs: &[Run]) -> Vec<Receipt> {
    let receipt = |(at, run): (usize, &Run)| Receipt {
        no: format!("SCRK{:06}", at + 1),
        run: at,
        base_qty: run.planned_qty,
        at: run.end + TimeDelta::hours(1),
    };
    runs.iter().enumerate().map(receipt).collect()
}

fn inspections(dice: &mut Dice, runs: &[Run], lots: &[MaterialLot]) -> Vec<Inspection> {
    let incoming = lots.iter().enumerate().map(|(at, lot)| {
        let when = lot.received.and_time(chrono::NaiveTime::MIN) + TimeDelta::hours(6);
        (Inspected::Lot(at), when)
    });
    let made = runs
        .iter()
        .enumerate()
        .map(|(at, run)| (Inspected::Run(at), run.end + TimeDelta::minutes(40)));
    let inspection = |(at, (subject, when)): (usize, (Inspected, NaiveDateTime))| Inspection {
        no: format!("JYD{:06}", at + 1),
        subject,
        passed: !dice.chance(30),
        inspector: 1 + 4 * dice.below(4),
        at: when,
    };
    incoming.chain(made).enumerate().map(inspection).collect()
}
