//! The text fields of an event, packed.

use super::bytes::{Bytes, put_varint};

/// A text field of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are those of the published record")]
pub enum Text {
    Level,
    ParentCode,
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
    LocationSource,
    RegionCode,
    Address,
    Channel,
    CorrectsEventId,
}

/// How many text fields there are.
pub(crate) const TEXT_COUNT: usize = Text::ALL.len();

impl Text {
    /// Every field, in the order in which they are stored. A new one goes to the end and makes a new
    /// format of the index.
    pub const ALL: [Self; 22] = [
        Self::Level,
        Self::ParentCode,
        Self::ProductCode,
        Self::BatchNo,
        Self::WorkOrderNo,
        Self::OrderNo,
        Self::DeliveryNo,
        Self::FromParty,
        Self::ToParty,
        Self::StoreCode,
        Self::PromoterCode,
        Self::WarehouseCode,
        Self::Bin,
        Self::Line,
        Self::Team,
        Self::Operator,
        Self::DeviceId,
        Self::LocationSource,
        Self::RegionCode,
        Self::Address,
        Self::Channel,
        Self::CorrectsEventId,
    ];

    /// The name of the field and of its column.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Level => "level",
            Self::ParentCode => "parent_code",
            Self::ProductCode => "product_code",
            Self::BatchNo => "batch_no",
            Self::WorkOrderNo => "work_order_no",
            Self::OrderNo => "order_no",
            Self::DeliveryNo => "delivery_no",
            Self::FromParty => "from_party",
            Self::ToParty => "to_party",
            Self::StoreCode => "store_code",
            Self::PromoterCode => "promoter_code",
            Self::WarehouseCode => "warehouse_code",
            Self::Bin => "bin",
            Self::Line => "line",
            Self::Team => "team",
            Self::Operator => "operator",
            Self::DeviceId => "device_id",
            Self::LocationSource => "location_source",
            Self::RegionCode => "region_code",
            Self::Address => "address",
            Self::Channel => "channel",
            Self::CorrectsEventId => "corrects_event_id",
        }
    }

    pub(crate) const fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// Some text fields: which, where each ends, and all of them in one piece.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Texts {
    mask: u32,
    ends: Box<[u32]>,
    text: Box<str>,
}

impl Texts {
    pub(crate) fn get(&self, text: Text) -> Option<&str> {
        if self.mask & text.bit() == 0 {
            return None;
        }
        let at = (self.mask & (text.bit() - 1)).count_ones() as usize;
        let end = *self.ends.get(at)? as usize;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied();
        self.text.get(start.unwrap_or(0) as usize..end)
    }

    /// Writes those of `texts`, which stand in the order of [`Text::ALL`], that `mask` names.
    pub(crate) fn put(out: &mut Vec<u8>, texts: &[Option<&str>; TEXT_COUNT], mask: u32) {
        let chosen = || {
            let all = Text::ALL.iter().zip(texts);
            all.filter_map(|(text, value)| Some((text.bit(), (*value)?)))
                .filter(|(bit, _)| bit & mask != 0)
        };
        let given = chosen().fold(0, |given, (bit, _)| given | bit);
        put_varint(out, u64::from(given));
        for (_, value) in chosen() {
            put_varint(out, value.len() as u64);
        }
        for (_, value) in chosen() {
            out.extend_from_slice(value.as_bytes());
        }
    }

    pub(crate) fn read(bytes: &mut Bytes<'_>) -> Option<Self> {
        let mask = u32::try_from(bytes.varint()?).ok()?;
        let mut end = 0_u32;
        let mut ends = Vec::with_capacity(mask.count_ones() as usize);
        for _ in 0..mask.count_ones() {
            end = end.checked_add(u32::try_from(bytes.varint()?).ok()?)?;
            ends.push(end);
        }
        let text = std::str::from_utf8(bytes.take(end as usize)?).ok()?;
        Some(Self { mask, ends: ends.into(), text: text.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::{Bytes, TEXT_COUNT, Text, Texts};

    #[test]
    fn chosen_fields_come_back_and_others_do_not() {
        let mut texts = [None; TEXT_COUNT];
        texts[Text::ProductCode as usize] = Some("P1");
        texts[Text::Line as usize] = Some("线一");
        texts[Text::Channel as usize] = Some("");
        texts[Text::CorrectsEventId as usize] = Some("e9");
        let mut out = Vec::new();
        Texts::put(&mut out, &texts, !Text::CorrectsEventId.bit());
        let read = Texts::read(&mut Bytes::new(&out)).unwrap();
        assert_eq!(read.get(Text::ProductCode), Some("P1"));
        assert_eq!(read.get(Text::Line), Some("线一"));
        assert_eq!(read.get(Text::Channel), Some(""));
        assert_eq!(read.get(Text::CorrectsEventId), None);
        assert_eq!(read.get(Text::Level), None);
        for length in 0..out.len() {
            assert_eq!(Texts::read(&mut Bytes::new(&out[..length])), None);
        }
        for (at, text) in Text::ALL.into_iter().enumerate() {
            assert_eq!(text as usize, at, "{}", text.name());
        }
    }
}
