//! The history of one unit.

mod ancestry;
mod answer;
mod below;
mod custody;
mod facts;
mod origin;
mod reader;
mod scan;
mod settings;
mod unit;
mod unit_events;

pub(crate) use settings::SettingCache;

pub use answer::{Custody, Inside, Origin, Shipment, Stay, UnitEvent, UnitHistory};
pub use below::Descendants;
pub use facts::Facts;
pub use reader::Reader;
