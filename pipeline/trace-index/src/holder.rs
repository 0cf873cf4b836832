//! Who has the goods after a movement: the rules of `core.movement` for one event.

use std::borrow::Cow;

use yuanliu_law::EventType;

use crate::documents::{Delivery, Documents, Party};
use crate::event::{Event, Text};

/// Where a movement takes the goods.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Placed<'a> {
    /// The dealer that has them afterwards; none: nobody, or not known.
    pub holder: Option<Cow<'a, str>>,
    /// They went to a warehouse of our own.
    pub is_internal: bool,
    /// The channel they go into: the event's, else the dealer's.
    pub channel: Option<Cow<'a, str>>,
    /// The order: the event's, else its delivery's.
    pub order_no: Option<Cow<'a, str>>,
    /// The event names a store we know.
    pub is_at_store: bool,
}

/// Where a movement takes the goods.
///
/// That is `to_party` if it is a dealer, or the dealer of the store it names; nobody for a warehouse
/// of our own; any other party as it is written. A ship that names nobody goes to the dealer of its
/// delivery, else of its order; a receive or transfer to the dealer of its store.
pub fn placed<'a>(event: &'a Event, documents: &'a dyn Documents) -> Placed<'a> {
    let to_party = event.text(Text::ToParty);
    let party = to_party.map(|code| documents.party(code)).unwrap_or_default();
    let shop = event.text(Text::StoreCode).and_then(|code| documents.party(code).store);
    let delivery = event.text(Text::DeliveryNo).and_then(|no| documents.delivery(no));
    let delivery = delivery.unwrap_or_default();
    let is_at_store = party.store.is_some() || shop.is_some();
    let is_internal = party.dealer.is_none() && party.store.is_none() && party.is_warehouse;
    let order_no = event.text(Text::OrderNo).map(Cow::Borrowed).or(delivery.order_no.clone());
    let holder = match event.event_type {
        EventType::Ship | EventType::Receive | EventType::Transfer => match to_party {
            Some(code) => named(code, party),
            None if event.event_type == EventType::Ship => {
                documented(delivery, order_no.as_deref(), documents)
            }
            None => shop.and_then(|store| store.dealer_code),
        },
        _ => None,
    };
    let channel = event.text(Text::Channel).map(Cow::Borrowed).or_else(|| {
        let dealer = documents.party(holder.as_deref()?).dealer?;
        dealer.channel.map(|channel| Cow::Owned(channel.into_owned()))
    });
    Placed { holder, is_internal, channel, order_no, is_at_store }
}

/// The holder an event names.
fn named<'a>(code: &'a str, party: Party<'a>) -> Option<Cow<'a, str>> {
    match party {
        Party { dealer: Some(_), .. } => Some(Cow::Borrowed(code)),
        Party { store: Some(store), .. } => store.dealer_code,
        Party { is_warehouse: true, .. } => None,
        _ => Some(Cow::Borrowed(code)),
    }
}

/// The holder its documents name.
fn documented<'a>(
    delivery: Delivery<'a>,
    order_no: Option<&str>,
    documents: &'a dyn Documents,
) -> Option<Cow<'a, str>> {
    delivery.dealer_code.or_else(|| documents.order_dealer(order_no?))
}
