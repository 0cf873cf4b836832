//! The kinds of scan event and their precedence.

/// What happened to a unit. The order of the variants is the type precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventType {
    /// A code was bound to a unit.
    Commission,
    /// Units were put into a container.
    Pack,
    /// Units were taken out of a container.
    Unpack,
    /// Material was used up in production.
    Consume,
    /// A unit was inspected.
    Inspect,
    /// A unit entered a warehouse.
    StoreIn,
    /// A unit changed its place in a warehouse.
    StoreMove,
    /// A unit left for a dealer.
    Ship,
    /// An earlier ship was cancelled.
    VoidShip,
    /// A dealer or store took a unit in.
    Receive,
    /// A unit went from one dealer to another.
    Transfer,
    /// A unit came back.
    Return,
    /// A case was opened.
    OpenCase,
    /// A unit was sold to a consumer.
    Sell,
    /// A consumer checked a code.
    Verify,
    /// An inspector bought a unit.
    PurchaseCheck,
    /// A code was taken out of use.
    Decommission,
    /// A unit was called back.
    Recall,
}

impl EventType {
    /// Every type, in precedence order.
    pub const ALL: [Self; 18] = [
        Self::Commission,
        Self::Pack,
        Self::Unpack,
        Self::Consume,
        Self::Inspect,
        Self::StoreIn,
        Self::StoreMove,
        Self::Ship,
        Self::VoidShip,
        Self::Receive,
        Self::Transfer,
        Self::Return,
        Self::OpenCase,
        Self::Sell,
        Self::Verify,
        Self::PurchaseCheck,
        Self::Decommission,
        Self::Recall,
    ];

    /// The type with this canonical name; other spellings are the reader's business.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event_type| event_type.as_str() == name)
    }

    /// The canonical name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Commission => "commission",
            Self::Pack => "pack",
            Self::Unpack => "unpack",
            Self::Consume => "consume",
            Self::Inspect => "inspect",
            Self::StoreIn => "store_in",
            Self::StoreMove => "store_move",
            Self::Ship => "ship",
            Self::VoidShip => "void_ship",
            Self::Receive => "receive",
            Self::Transfer => "transfer",
            Self::Return => "return",
            Self::OpenCase => "open_case",
            Self::Sell => "sell",
            Self::Verify => "verify",
            Self::PurchaseCheck => "purchase_check",
            Self::Decommission => "decommission",
            Self::Recall => "recall",
        }
    }

    /// Its rank among events of the same time: the smaller happened first.
    pub const fn precedence(self) -> u8 {
        self as u8
    }
}

#[cfg(test)]
mod tests {
    use super::EventType;

    #[test]
    fn names_and_precedence_follow_the_published_order() {
        let names: Vec<&str> = EventType::ALL.iter().map(|t| t.as_str()).collect();
        assert_eq!(
            names.join(" "),
            "commission pack unpack consume inspect store_in store_move ship void_ship receive \
             transfer return open_case sell verify purchase_check decommission recall"
        );
        for (rank, event_type) in EventType::ALL.into_iter().enumerate() {
            assert_eq!(usize::from(event_type.precedence()), rank);
            assert_eq!(EventType::parse(event_type.as_str()), Some(event_type));
        }
        assert_eq!(EventType::parse("Ship"), None);
    }
}
