//! What a ship took along.

use std::sync::Arc;

use yuanliu_law::EventType;
use yuanliu_trace_index::{IndexError, Reader, UnitHistory};

use crate::knowledge::Knowledge;
use crate::ledger::{ShippedItem, UnbuiltShip};

/// The items a ship took from us, in containers or alone, as `core.shipment` counts them: an item that
/// was shipped before and has not come back counts with its first ship.
///
/// A void_ship that came since is not looked at: until the next build the order has less left than it
/// has, never more.
pub(crate) fn items_of(
    ship: &UnbuiltShip,
    reader: &mut Reader<'_>,
    known: &Knowledge,
) -> Result<Vec<ShippedItem>, IndexError> {
    let mut items = Vec::new();
    for code in &ship.codes {
        let below = reader.descendants(code, ship.time_us)?;
        let below = below.units.into_iter().map(|(code, ..)| code);
        for code in std::iter::once(Arc::from(&**code)).chain(below) {
            if let Some(history) = reader.history(&code, known)?
                && let Some(product_code) = product_of_item(&history)
                && !was_away(&history, &ship.event_id)
            {
                items.push(ShippedItem { code: history.code.into(), product_code });
            }
        }
    }
    Ok(items)
}

fn product_of_item(history: &UnitHistory) -> Option<String> {
    let origin = history.origin.as_ref().filter(|_| history.facts.is_commissioned)?;
    origin.product_code.clone().filter(|_| origin.level.as_deref() == Some("item"))
}

/// Whether the unit was with a dealer already when this ship came.
fn was_away(history: &UnitHistory, event_id: &str) -> bool {
    let before = history.shipments.iter().take_while(|one| one.event_id != event_id);
    before.filter(|one| !one.is_voided).last().is_some_and(|one| one.event_type == EventType::Ship)
}
