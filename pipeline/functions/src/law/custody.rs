//! `custody(list)`: who held one unit when.

use arrow::array::{ArrayRef, BooleanArray, BooleanBuilder, StringArray, StringBuilder};
use arrow::datatypes::{DataType, Fields};
use datafusion::error::Result;
use yuanliu_law::CustodyEvent;

use super::events::{EventLists, Moments, text_at};
use super::rows::{Finished, flag, instant, instants, list_of, lists, text};

fn fields() -> Fields {
    Fields::from(vec![
        text("holder"),
        instant("held_from"),
        instant("held_to"),
        instant("held_since"),
        text("channel"),
        text("start_event_id"),
        flag("inferred"),
        text("ship_event_id"),
        instant("shipped_at"),
        text("ship_via_code"),
        text("delivery_no"),
        text("order_no"),
        flag("continues"),
    ])
}

pub(super) fn returns() -> DataType {
    list_of(fields())
}

/// The columns of the events that move custody.
pub(super) struct CustodyColumns {
    moments: Moments,
    inferred: BooleanArray,
    via_code: StringArray,
    holder: StringArray,
    channel: StringArray,
    delivery_no: StringArray,
    order_no: StringArray,
    corrects_event_id: StringArray,
}

impl CustodyColumns {
    pub(super) fn new(input: &EventLists) -> Result<Self> {
        Ok(Self {
            moments: Moments::new(input)?,
            inferred: input.flag("inferred")?,
            via_code: input.text("via_code")?,
            holder: input.text("holder")?,
            channel: input.text("channel")?,
            delivery_no: input.text("delivery_no")?,
            order_no: input.text("order_no")?,
            corrects_event_id: input.text("corrects_event_id")?,
        })
    }

    pub(super) fn at(&self, position: usize) -> Option<CustodyEvent<'_>> {
        let (moment, event_type) = self.moments.at(position)?;
        Some(CustodyEvent {
            moment,
            inferred: self.inferred.value(position),
            via_code: text_at(&self.via_code, position),
            event_type,
            holder: text_at(&self.holder, position),
            channel: text_at(&self.channel, position),
            delivery_no: text_at(&self.delivery_no, position),
            order_no: text_at(&self.order_no, position),
            corrects_event_id: text_at(&self.corrects_event_id, position),
        })
    }
}

pub(super) fn body(argument: &ArrayRef) -> Result<ArrayRef> {
    let input = EventLists::new(argument)?;
    let columns = CustodyColumns::new(&input)?;

    let (mut holder, mut channel) = (StringBuilder::new(), StringBuilder::new());
    let (mut from, mut to, mut since) = (instants(), instants(), instants());
    let mut shipped = instants();
    let (mut start, mut ship) = (StringBuilder::new(), StringBuilder::new());
    let (mut via, mut delivery) = (StringBuilder::new(), StringBuilder::new());
    let mut order = StringBuilder::new();
    let (mut inferred, mut continues) = (BooleanBuilder::new(), BooleanBuilder::new());
    let mut lengths = Vec::new();
    let mut events = Vec::new();
    for row in input.rows() {
        events.clear();
        events.extend(row.filter_map(|position| columns.at(position)));
        let holds = yuanliu_law::custody(&mut events);
        lengths.push(holds.len());
        for held in holds {
            holder.append_value(held.holder);
            from.append_value(held.from_us);
            to.append_option(held.to_us);
            since.append_value(held.since_us);
            channel.append_option(held.channel);
            start.append_value(held.start_event_id);
            inferred.append_value(held.inferred);
            ship.append_option(held.ship_event_id);
            shipped.append_option(held.shipped_us);
            via.append_option(held.ship_via_code);
            delivery.append_option(held.delivery_no);
            order.append_option(held.order_no);
            continues.append_value(held.continues);
        }
    }
    let columns = vec![
        holder.finished(),
        from.finished(),
        to.finished(),
        since.finished(),
        channel.finished(),
        start.finished(),
        inferred.finished(),
        ship.finished(),
        shipped.finished(),
        via.finished(),
        delivery.finished(),
        order.finished(),
        continues.finished(),
    ];
    lists(fields(), lengths, columns)
}
