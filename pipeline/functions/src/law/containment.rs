//! `containment(list)`: the stays of one unit in containers.

use arrow::array::{ArrayRef, StringBuilder};
use arrow::datatypes::{DataType, Fields};
use datafusion::error::Result;
use yuanliu_law::PackEvent;

use super::events::{EventLists, Moments, text_at};
use super::rows::{Finished, instant, instants, list_of, lists, text};

fn fields() -> Fields {
    Fields::from(vec![
        text("parent_code"),
        instant("contained_from"),
        instant("contained_to"),
        text("start_event_id"),
        text("end_event_id"),
    ])
}

pub(super) fn returns() -> DataType {
    list_of(fields())
}

pub(super) fn body(argument: &ArrayRef) -> Result<ArrayRef> {
    let input = EventLists::new(argument)?;
    let moments = Moments::new(&input)?;
    let parents = input.text("parent_code")?;

    let mut parent = StringBuilder::new();
    let (mut from, mut to) = (instants(), instants());
    let (mut start, mut end) = (StringBuilder::new(), StringBuilder::new());
    let mut lengths = Vec::new();
    let mut events = Vec::new();
    for row in input.rows() {
        events.clear();
        events.extend(row.filter_map(|position| {
            let (moment, _) = moments.at(position)?;
            Some(PackEvent { moment, parent: text_at(&parents, position) })
        }));
        let stays = yuanliu_law::containment(&mut events);
        lengths.push(stays.len());
        for stay in stays {
            parent.append_value(stay.parent);
            from.append_value(stay.from_us);
            to.append_option(stay.to_us);
            start.append_value(stay.start_event_id);
            end.append_option(stay.end_event_id);
        }
    }
    let columns =
        vec![parent.finished(), from.finished(), to.finished(), start.finished(), end.finished()];
    lists(fields(), lengths, columns)
}
