//! `shipments(list)`: every ship and every return of one unit.

use arrow::array::{ArrayRef, BooleanBuilder, StringBuilder};
use arrow::datatypes::{DataType, Fields};
use datafusion::error::Result;
use yuanliu_law::{EventType, Shipment};

use super::custody::CustodyColumns;
use super::events::EventLists;
use super::rows::{Finished, flag, instant, instants, list_of, lists, text};

fn fields() -> Fields {
    Fields::from(vec![
        text("event_id"),
        text("event_type"),
        instant("event_time"),
        text("holder"),
        text("channel"),
        text("delivery_no"),
        text("order_no"),
        flag("inferred"),
        text("via_code"),
        flag("is_voided"),
        flag("is_repeat"),
    ])
}

pub(super) fn returns() -> DataType {
    list_of(fields())
}

pub(super) fn body(argument: &ArrayRef) -> Result<ArrayRef> {
    let input = EventLists::new(argument)?;
    let columns = CustodyColumns::new(&input)?;

    let (mut event_id, mut event_type) = (StringBuilder::new(), StringBuilder::new());
    let mut time = instants();
    let (mut holder, mut channel) = (StringBuilder::new(), StringBuilder::new());
    let (mut delivery, mut order) = (StringBuilder::new(), StringBuilder::new());
    let (mut inferred, mut voided) = (BooleanBuilder::new(), BooleanBuilder::new());
    let mut repeat = BooleanBuilder::new();
    let mut via = StringBuilder::new();
    let mut lengths = Vec::new();
    let mut events = Vec::new();
    for row in input.rows() {
        events.clear();
        events.extend(row.filter_map(|position| columns.at(position)));
        let found = yuanliu_law::shipments(&mut events);
        lengths.push(found.len());
        let mut last: Option<Shipment<'_>> = None;
        for one in found {
            repeat.append_value(last.is_some_and(|last| is_repeat(&last, &one)));
            if !one.voided {
                last = Some(one);
            }
            event_id.append_value(one.event_id);
            event_type.append_value(one.event_type.as_str());
            time.append_value(one.time_us);
            holder.append_option(one.holder);
            channel.append_option(one.channel);
            delivery.append_option(one.delivery_no);
            order.append_option(one.order_no);
            inferred.append_value(one.inferred);
            via.append_option(one.via_code);
            voided.append_value(one.voided);
        }
    }
    let columns = vec![
        event_id.finished(),
        event_type.finished(),
        time.finished(),
        holder.finished(),
        channel.finished(),
        delivery.finished(),
        order.finished(),
        inferred.finished(),
        via.finished(),
        voided.finished(),
        repeat.finished(),
    ];
    lists(fields(), lengths, columns)
}

/// Whether `next` scans the same shipment again: same dealer, same delivery, nothing in between.
fn is_repeat(last: &Shipment<'_>, next: &Shipment<'_>) -> bool {
    let both_ship = last.event_type == EventType::Ship && next.event_type == EventType::Ship;
    let is_same = last.holder == next.holder && last.delivery_no == next.delivery_no;
    both_ship && is_same && !next.voided && next.holder.is_some() && next.delivery_no.is_some()
}
