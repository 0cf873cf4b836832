//! The fields of a scan event: names, spellings, order of columns and kind, as one table.

use yuanliu_law::EventType;

/// A field of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are those of the published record")]
pub enum Field {
    EventId,
    EventType,
    EventTime,
    RecordedAt,
    Codes,
    ParentCode,
    Level,
    Aliases,
    ProductCode,
    BatchNo,
    WorkOrderNo,
    OrderNo,
    DeliveryNo,
    FromParty,
    ToParty,
    StoreCode,
    PromoterCode,
    WarehouseCode,
    Bin,
    Line,
    Team,
    Operator,
    DeviceId,
    Longitude,
    Latitude,
    AccuracyM,
    Datum,
    LocationSource,
    RegionCode,
    Address,
    Ip,
    Inputs,
    ConsumerRef,
    Channel,
    Quantity,
    Unit,
    CorrectsEventId,
    Attributes,
}

/// How many fields there are.
pub(crate) const FIELD_COUNT: usize = FIELDS.len();

/// What a field holds and therefore how it is read, hashed and stored.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// Read by itself: the id and the type.
    Head,
    /// An instant.
    Instant,
    /// A list of codes.
    Codes,
    /// One code.
    Code,
    /// Text, kept trimmed.
    Text,
    /// One of these words; the second of each pair is the word it stands for.
    Word(&'static [(&'static str, &'static str)]),
    /// A fraction within bounds, both inclusive.
    Measure { min: f64, max: f64 },
    /// An exact decimal.
    Quantity,
    /// The material that was used up.
    Inputs,
    /// Everything else.
    Attributes,
}

/// One row of the table.
#[derive(Debug)]
pub(crate) struct FieldSpec {
    pub(crate) field: Field,
    /// The canonical name and the name of the column.
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// Other spellings in folded form; case, `_`, `-` and spaces never matter anyway.
    pub(crate) spellings: &'static [&'static str],
}

impl Field {
    /// The canonical name.
    pub fn name(self) -> &'static str {
        self.spec().name
    }

    pub(crate) const fn spec(self) -> &'static FieldSpec {
        &FIELDS[self as usize]
    }
}

const LEVELS: Kind =
    Kind::Word(&[("item", "item"), ("case", "case"), ("carton", "case"), ("pallet", "pallet")]);
const DATUMS: Kind =
    Kind::Word(&[("wgs84", "wgs84"), ("gcj02", "gcj02"), ("bd09", "bd09"), ("bd09ll", "bd09")]);
const LOCATION_SOURCES: Kind = Kind::Word(&[
    ("store", "store"),
    ("gps", "gps"),
    ("lbs", "lbs"),
    ("address", "address"),
    ("ip", "ip"),
]);
/// Half the circumference of the earth: no fix is less accurate.
const ACCURACY_MAX_M: f64 = 20_037_508.0;

const fn text(field: Field, name: &'static str) -> FieldSpec {
    also(field, name, Kind::Text, &[])
}

const fn also(
    field: Field,
    name: &'static str,
    kind: Kind,
    spellings: &'static [&'static str],
) -> FieldSpec {
    FieldSpec { field, name, kind, spellings }
}

/// The table, in the order of the columns; a field's place is its discriminant.
pub(crate) const FIELDS: [FieldSpec; 38] = [
    also(Field::EventId, "event_id", Kind::Head, &[]),
    also(Field::EventType, "event_type", Kind::Head, &[]),
    also(Field::EventTime, "event_time", Kind::Instant, &[]),
    also(Field::RecordedAt, "recorded_at", Kind::Instant, &["recordtime"]),
    also(Field::Codes, "codes", Kind::Codes, &["code"]),
    also(Field::ParentCode, "parent_code", Kind::Code, &["parent", "parentid"]),
    also(Field::Level, "level", LEVELS, &[]),
    also(Field::Aliases, "aliases", Kind::Codes, &["alias"]),
    text(Field::ProductCode, "product_code"),
    also(Field::BatchNo, "batch_no", Kind::Text, &["batch"]),
    text(Field::WorkOrderNo, "work_order_no"),
    text(Field::OrderNo, "order_no"),
    text(Field::DeliveryNo, "delivery_no"),
    text(Field::FromParty, "from_party"),
    text(Field::ToParty, "to_party"),
    text(Field::StoreCode, "store_code"),
    text(Field::PromoterCode, "promoter_code"),
    text(Field::WarehouseCode, "warehouse_code"),
    text(Field::Bin, "bin"),
    text(Field::Line, "line"),
    text(Field::Team, "team"),
    text(Field::Operator, "operator"),
    also(Field::DeviceId, "device_id", Kind::Text, &["device"]),
    also(Field::Longitude, "longitude", Kind::Measure { min: -180.0, max: 180.0 }, &["lon", "lng"]),
    also(Field::Latitude, "latitude", Kind::Measure { min: -90.0, max: 90.0 }, &["lat"]),
    also(
        Field::AccuracyM,
        "accuracy_m",
        Kind::Measure { min: 0.0, max: ACCURACY_MAX_M },
        &["accuracy"],
    ),
    also(Field::Datum, "datum", DATUMS, &[]),
    also(Field::LocationSource, "location_source", LOCATION_SOURCES, &[]),
    text(Field::RegionCode, "region_code"),
    text(Field::Address, "address"),
    also(Field::Ip, "ip", Kind::Text, &["ipaddress"]),
    also(Field::Inputs, "inputs", Kind::Inputs, &[]),
    text(Field::ConsumerRef, "consumer_ref"),
    text(Field::Channel, "channel"),
    also(Field::Quantity, "quantity", Kind::Quantity, &["qty"]),
    also(Field::Unit, "unit", Kind::Text, &["uom"]),
    text(Field::CorrectsEventId, "corrects_event_id"),
    also(Field::Attributes, "attributes", Kind::Attributes, &[]),
];

/// Spellings of event types besides their own names, folded; the `-ing` words are those of EPCIS.
pub(crate) const EVENT_TYPE_SPELLINGS: &[(&str, EventType)] = &[
    ("commissioning", EventType::Commission),
    ("packing", EventType::Pack),
    ("unpacking", EventType::Unpack),
    ("consuming", EventType::Consume),
    ("inspecting", EventType::Inspect),
    ("storing", EventType::StoreIn),
    ("shipping", EventType::Ship),
    ("voidshipping", EventType::VoidShip),
    ("receiving", EventType::Receive),
    ("transferring", EventType::Transfer),
    ("returning", EventType::Return),
    ("selling", EventType::Sell),
    ("retailselling", EventType::Sell),
    ("verifying", EventType::Verify),
    ("decommissioning", EventType::Decommission),
];

#[cfg(test)]
mod tests {
    use super::{FIELDS, Field};

    #[test]
    fn a_field_stands_at_its_discriminant() {
        for (at, spec) in FIELDS.iter().enumerate() {
            assert_eq!(spec.field as usize, at, "{}", spec.name);
        }
        assert_eq!(Field::Attributes.name(), "attributes");
    }
}
