//! What came since the last build: how many events, and the ships among them.
//!
//! What is left of an order must be right to the last scan, or two pallets go where one was ordered.
//! The build counts what it has seen; the ships since are kept here until the next one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use arrow::array::{Array, AsArray, ListArray, RecordBatch, StringArray};
use arrow::datatypes::TimestampMicrosecondType;
use yuanliu_law::EventType;

/// Scanned codes kept; beyond it nobody knows what is left of an order until the next build.
const CODES_MAX: usize = 1_000_000;

/// The paper a ship names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum ShipDocument {
    Order(Box<str>),
    Delivery(Box<str>),
}

/// One ship event.
#[derive(Debug)]
pub(crate) struct UnbuiltShip {
    pub(crate) event_id: Box<str>,
    pub(crate) time_us: i64,
    pub(crate) codes: Vec<Box<str>>,
    inbox_sequence: u64,
    items: OnceLock<Vec<ShippedItem>>,
}

/// An item that a ship took along, itself or in a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ShippedItem {
    pub(crate) code: Arc<str>,
    pub(crate) product_code: String,
}

impl UnbuiltShip {
    /// The items it took along, found once.
    pub(crate) fn items<E>(
        &self,
        find: impl FnOnce(&Self) -> Result<Vec<ShippedItem>, E>,
    ) -> Result<&[ShippedItem], E> {
        if let Some(items) = self.items.get() {
            return Ok(items);
        }
        let found = find(self)?;
        Ok(self.items.get_or_init(|| found))
    }
}

/// What came since the last build, as far as this process saw it come.
#[derive(Debug)]
pub(crate) struct Unbuilt {
    kept: Mutex<Kept>,
    /// Somebody will ask for them.
    keeps_ships: bool,
}

/// A moment before a build: what came by then is what it counts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    inbox_sequence: u64,
    events: u64,
}

#[derive(Debug, Default)]
struct Kept {
    /// Events taken since the start.
    events: u64,
    /// Those of them that a build has counted; none before the first one since the start.
    built: Option<u64>,
    last_sequence: u64,
    ships: HashMap<ShipDocument, Vec<Arc<UnbuiltShip>>>,
    codes: usize,
    /// The last frame of which a ship found no room.
    lost_through: Option<u64>,
}

impl Unbuilt {
    /// Without ships nobody knows what is left of an order.
    pub(super) fn new(keeps_ships: bool) -> Self {
        Self { kept: Mutex::default(), keeps_ships }
    }

    /// Notes a batch in the columns of the raw event table.
    pub(super) fn add(&self, events: &RecordBatch, inbox_sequence: u64) {
        let mut kept = self.kept();
        kept.events += events.num_rows() as u64;
        kept.last_sequence = inbox_sequence;
        let Some(columns) = Columns::of(events).filter(|_| self.keeps_ships) else { return };
        for row in 0..events.num_rows() {
            let Some((document, ship)) = columns.ship(row, inbox_sequence) else { continue };
            if kept.codes + ship.codes.len() > CODES_MAX {
                kept.lost_through = Some(inbox_sequence);
                continue;
            }
            kept.codes += ship.codes.len();
            kept.ships.entry(document).or_default().push(Arc::new(ship));
        }
    }

    /// The ships of the papers that are wanted; none if they are not kept or some found no room.
    pub(crate) fn ships_of(
        &self,
        wanted: impl Fn(&ShipDocument) -> bool,
    ) -> Option<Vec<Arc<UnbuiltShip>>> {
        let kept = self.kept();
        if !self.keeps_ships || kept.lost_through.is_some() {
            return None;
        }
        let found = kept.ships.iter().filter(|(document, _)| wanted(document));
        Some(found.flat_map(|(_, ships)| ships).cloned().collect())
    }

    /// Events that no build has counted; none if no build has ended since the start.
    pub(crate) fn events(&self) -> Option<u64> {
        let kept = self.kept();
        kept.built.map(|built| kept.events - built)
    }

    /// What is there now; to be taken before a build.
    pub(crate) fn mark(&self) -> Mark {
        let kept = self.kept();
        Mark { inbox_sequence: kept.last_sequence, events: kept.events }
    }

    /// Lets go of what a build has counted.
    pub(crate) fn built(&self, mark: Mark) {
        let inbox_sequence = mark.inbox_sequence;
        let mut kept = self.kept();
        kept.built = Some(mark.events);
        kept.ships.retain(|_, ships| {
            ships.retain(|ship| ship.inbox_sequence > inbox_sequence);
            !ships.is_empty()
        });
        kept.codes = kept.ships.values().flatten().map(|ship| ship.codes.len()).sum();
        kept.lost_through = kept.lost_through.filter(|lost| *lost > inbox_sequence);
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The columns a ship is read from.
struct Columns<'b> {
    event_type: &'b StringArray,
    event_id: &'b StringArray,
    order_no: &'b StringArray,
    delivery_no: &'b StringArray,
    event_time: &'b arrow::array::TimestampMicrosecondArray,
    codes: &'b ListArray,
}

impl<'b> Columns<'b> {
    fn of(events: &'b RecordBatch) -> Option<Self> {
        let text = |name| events.column_by_name(name)?.as_string_opt::<i32>();
        let event_time = events.column_by_name("event_time")?;
        Some(Self {
            event_type: text("event_type")?,
            event_id: text("event_id")?,
            order_no: text("order_no")?,
            delivery_no: text("delivery_no")?,
            event_time: event_time.as_primitive_opt::<TimestampMicrosecondType>()?,
            codes: events.column_by_name("codes")?.as_list_opt::<i32>()?,
        })
    }

    fn ship(&self, row: usize, inbox_sequence: u64) -> Option<(ShipDocument, UnbuiltShip)> {
        let text = |column: &'b StringArray| column.is_valid(row).then(|| column.value(row));
        if EventType::parse(text(self.event_type)?) != Some(EventType::Ship) {
            return None;
        }
        let document = match (text(self.order_no), text(self.delivery_no)) {
            (Some(order_no), _) => ShipDocument::Order(order_no.into()),
            (None, Some(delivery_no)) => ShipDocument::Delivery(delivery_no.into()),
            (None, None) => return None,
        };
        let codes = self.codes.is_valid(row).then(|| self.codes.value(row))?;
        let codes = codes.as_string_opt::<i32>()?.iter().flatten().map(Box::from).collect();
        let ship = UnbuiltShip {
            event_id: text(self.event_id)?.into(),
            time_us: self.event_time.is_valid(row).then(|| self.event_time.value(row))?,
            codes,
            inbox_sequence,
            items: OnceLock::new(),
        };
        Some((document, ship))
    }
}
