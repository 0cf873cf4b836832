//! The one state a unit is in.

/// Where a unit is, in the order in which the states are tried: the first that holds decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnitState {
    /// No line ever bound the code to a unit.
    Unknown,
    /// Taken out of use before it entered a warehouse or was shipped.
    LineReject,
    /// Taken out of use later.
    Destroyed,
    /// With a consumer or an inspector, and not returned since.
    Sold,
    /// It came back and was not moved since.
    Returned,
    /// At a store.
    InStore,
    /// At a dealer.
    DealerStock,
    /// Shipped and not received.
    InTransit,
    /// Not shipped.
    InFactory,
}

impl UnitState {
    /// Every state, in the order in which they are tried.
    pub const ALL: [Self; 9] = [
        Self::Unknown,
        Self::LineReject,
        Self::Destroyed,
        Self::Sold,
        Self::Returned,
        Self::InStore,
        Self::DealerStock,
        Self::InTransit,
        Self::InFactory,
    ];

    /// The name in every answer.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::LineReject => "line_reject",
            Self::Destroyed => "destroyed",
            Self::Sold => "sold",
            Self::Returned => "returned",
            Self::InStore => "in_store",
            Self::DealerStock => "dealer_stock",
            Self::InTransit => "in_transit",
            Self::InFactory => "in_factory",
        }
    }

    /// The state with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// When something happened to a unit, and whether it was scanned on a container of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fact {
    /// When, in microseconds since 1970 UTC.
    pub at_us: i64,
    /// Whether no scan of its own code says so.
    pub inferred: bool,
}

/// What is known of a unit at one instant: void events and cancelled ships left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct UnitFacts {
    /// What was shipped before this instant has arrived by now: the instant of the answer less the
    /// transit time, in microseconds since 1970 UTC.
    pub arrived_before_us: i64,
    /// Whether a line bound the code to a unit.
    pub is_commissioned: bool,
    /// The first store_in or ship, cancelled or not, in microseconds since 1970 UTC.
    pub left_line_us: Option<i64>,
    /// The first decommission.
    pub decommissioned: Option<Fact>,
    /// The sale that holds: dropped by whoever decides on sales if the unit was returned later.
    pub sold: Option<Fact>,
    /// The last purchase by an inspector.
    pub bought: Option<Fact>,
    /// The last return.
    pub returned: Option<Fact>,
    /// The last time it was received or opened at a store.
    pub reached_store: Option<Fact>,
    /// The last time a dealer or store received it, or it went from one to another.
    pub reached_dealer: Option<Fact>,
    /// The last ship to a dealer.
    pub shipped: Option<Fact>,
}

/// A state, and whether what decided it was scanned on a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Standing {
    /// The state.
    pub state: UnitState,
    /// Whether no scan of the unit's own code says so.
    pub inferred: bool,
}

/// The state of a unit.
pub fn unit_state(facts: &UnitFacts) -> UnitState {
    standing(facts).state
}

/// The state of a unit and how well it is known.
///
/// Of two events at one time the one of the greater type precedence is the later: a receive comes
/// after a ship, a return after both, a purchase after a return.
pub fn standing(facts: &UnitFacts) -> Standing {
    let of = |state, fact: Fact| Standing { state, inferred: fact.inferred };
    if !facts.is_commissioned {
        return Standing { state: UnitState::Unknown, inferred: true };
    }
    if let Some(end) = facts.decommissioned {
        let had_left = facts.left_line_us.is_some_and(|left| left <= end.at_us);
        return of(if had_left { UnitState::Destroyed } else { UnitState::LineReject }, end);
    }
    if let Some(sale) = facts.sold.or(facts.bought.filter(|buy| !is_before(buy, facts.returned))) {
        return of(UnitState::Sold, sale);
    }
    let moved = facts.shipped.max(facts.reached_dealer);
    if let Some(back) = facts.returned.filter(|back| !is_before(back, moved)) {
        return of(UnitState::Returned, back);
    }
    if let Some(store) = facts.reached_store.filter(|store| !is_before(store, facts.shipped)) {
        return of(UnitState::InStore, store);
    }
    if let Some(dealer) = facts.reached_dealer.filter(|dealer| !is_before(dealer, facts.shipped)) {
        return of(UnitState::DealerStock, dealer);
    }
    match facts.shipped {
        Some(ship) if ship.at_us < facts.arrived_before_us => of(UnitState::DealerStock, ship),
        Some(ship) => of(UnitState::InTransit, ship),
        // Only its own code can have been bound to it.
        None => Standing { state: UnitState::InFactory, inferred: false },
    }
}

fn is_before(one: &Fact, other: Option<Fact>) -> bool {
    other.is_some_and(|other| one.at_us < other.at_us)
}
