//! Sales orders and deliveries, and which pallets leave with which.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::masters::{DIVERTER, ONLINE};
use super::{Frame, Masters, Production, names, stream};
use crate::dice::Dice;
use crate::model::{Delivery, DeliveryLine, Order, OrderLine, Pallet, Status};

/// Most cases diverted from one pallet.
const DIVERTED_PER_PALLET: u32 = 8;
/// Cases diverted in all: enough to stand out, few enough to be one affair.
const DIVERTED_MAX: u32 = 16;

/// What selling leaves behind.
pub(crate) struct Sales {
    pub(crate) orders: Vec<Order>,
    pub(crate) deliveries: Vec<Delivery>,
}

/// Plans sales and gives every pallet its delivery.
pub(crate) fn sales(frame: &Frame, masters: &Masters, production: &mut Production) -> Sales {
    let mut dice = Dice::new(frame.seed, stream::SALES);
    let mut sales = Sales { orders: Vec::new(), deliveries: Vec::new() };
    let diverted = production.runs.get(production.diverted_run);
    let (diverted_from, diverted_to) =
        diverted.map_or((0, 0), |run| (run.first_pallet, run.first_pallet + run.pallets.min(2)));
    let ordinary: Vec<usize> = (0..masters.dealers.len())
        .filter(|&at| masters.dealers.get(at).is_some_and(|d| d.level == 1) && at != ONLINE)
        .collect();
    let mut at = 0;
    while at < production.pallets.len() {
        let is_diverted = at == diverted_from;
        let wanted = 1 + dice.below(3);
        let limit = if at < diverted_from { diverted_from } else { production.pallets.len() };
        let end = if is_diverted { diverted_to.max(at + 1) } else { (at + wanted).min(limit) };
        let dealer = match is_diverted {
            true => DIVERTER,
            false if dice.chance(100) => ONLINE,
            false => dice.pick(&ordinary).copied().unwrap_or(DIVERTER),
        };
        // The last pallets of the period stay in the factory.
        let stays = !is_diverted && dice.chance(40);
        if !stays {
            sell(&mut dice, masters, production, &mut sales, at..end, dealer);
        }
        if is_diverted {
            divert(masters, production, at..end);
        }
        at = end;
    }
    only_on_paper(frame, masters, &mut dice, &mut sales);
    sales
}

/// One order for the pallets of `range`, delivered at once or in two parts.
fn sell(
    dice: &mut Dice,
    masters: &Masters,
    production: &mut Production,
    sales: &mut Sales,
    range: std::ops::Range<usize>,
    dealer: usize,
) {
    let run = |pallet: usize| {
        production.pallets.get(pallet).and_then(|pallet| production.runs.get(pallet.run))
    };
    let mut cases: BTreeMap<usize, i64> = BTreeMap::new();
    for pallet in range.clone() {
        let Some(run) = run(pallet) else { continue };
        let per_pallet = masters.products.get(run.product).map_or(0, |p| p.cases_per_pallet);
        *cases.entry(run.product).or_default() += i64::from(per_pallet);
    }
    let Some(ready) = range.clone().filter_map(run).map(|run| run.end).max() else { return };
    let at = ready + TimeDelta::hours(dice.between(2, 40));
    let order = sales.orders.len();
    // One order in ten asked for more than it got.
    let more = if dice.chance(100) { dice.between(1, 5) } else { 0 };
    let lines: Vec<OrderLine> = cases
        .iter()
        .enumerate()
        .map(|(line, (&product, &cases))| OrderLine {
            product,
            cases: cases + if line == 0 { more } else { 0 },
        })
        .collect();
    let status = if more == 0 && dice.chance(400) { Status::Closed } else { Status::Approved };
    sales.orders.push(Order {
        no: format!("XSDD{:06}", order + 1),
        dealer,
        at,
        status,
        lines: lines.clone(),
    });
    let middle = if range.len() > 1 && dice.chance(200) { range.start + 1 } else { range.end };
    for part in [range.start..middle, middle..range.end] {
        if part.is_empty() {
            continue;
        }
        let late = if part.start == range.start { 0 } else { 48 };
        let left = at + TimeDelta::hours(dice.between(6, 60) + late);
        deliver(masters, production, sales, part, order, left);
    }
}

fn deliver(
    masters: &Masters,
    production: &mut Production,
    sales: &mut Sales,
    range: std::ops::Range<usize>,
    order: usize,
    at: chrono::NaiveDateTime,
) {
    let number = sales.deliveries.len();
    let Some(ordered) = sales.orders.get(order) else { return };
    let mut cases: BTreeMap<usize, i64> = BTreeMap::new();
    for pallet in production.pallets.get_mut(range).unwrap_or_default() {
        pallet.delivery = Some(number);
        let Some(run) = production.runs.get(pallet.run) else { continue };
        let line = ordered.lines.iter().position(|line| line.product == run.product);
        let per_pallet = masters.products.get(run.product).map_or(0, |p| p.cases_per_pallet);
        *cases.entry(line.unwrap_or(0)).or_default() += i64::from(per_pallet);
    }
    let lines =
        cases.iter().map(|(&order_line, &cases)| DeliveryLine { order_line, cases }).collect();
    sales.deliveries.push(Delivery {
        no: format!("XSCKD{:06}", number + 1),
        order,
        warehouse: number % 2,
        carrier: names::CARRIERS.get(number % names::CARRIERS.len()).copied().unwrap_or_default(),
        waybill_no: format!("YD{:09}", 100_000_000 + number * 37),
        at,
        lines,
    });
}

/// Marks the cases that will show up where they should not.
fn divert(masters: &Masters, production: &mut Production, range: std::ops::Range<usize>) {
    let per_pallet = masters.products.first().map_or(0, |product| product.cases_per_pallet);
    let mut left = DIVERTED_MAX;
    let pallets: &mut [Pallet] = production.pallets.get_mut(range).unwrap_or_default();
    for pallet in pallets {
        pallet.diverted_cases = left.min(DIVERTED_PER_PALLET).min(per_pallet);
        left -= pallet.diverted_cases;
    }
}

/// Orders without goods: cancelled, draft, and approved but not delivered yet.
fn only_on_paper(frame: &Frame, masters: &Masters, dice: &mut Dice, sales: &mut Sales) {
    let made = sales.orders.len();
    for number in 0..3 + made / 20 {
        let status = match number % 3 {
            0 => Status::Cancelled,
            1 => Status::Draft,
            _ => Status::Approved,
        };
        let day = if status == Status::Approved { 178 } else { dice.between(5, 170) };
        sales.orders.push(Order {
            no: format!("XSDD{:06}", sales.orders.len() + 1),
            dealer: dice.below(8.min(masters.dealers.len())),
            at: frame.at(day, dice.between(9 * 3_600, 17 * 3_600)),
            status,
            lines: vec![OrderLine {
                product: dice.below(masters.products.len()),
                cases: dice.between(5, 40),
            }],
        });
    }
}
