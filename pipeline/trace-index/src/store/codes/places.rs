//! Which of the keyspaces of codes holds what.

/// One of two keyspaces that take turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    First = 0,
    Second = 1,
}

/// Where entries of codes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Places {
    /// Among the bases.
    pub(super) base: Option<Place>,
    /// Among those that entries are written to: what a compaction is at.
    pub(super) older: Option<Place>,
    pub(super) newest: Place,
}

const NONE: u8 = u8::MAX;

impl Place {
    pub(super) const ALL: [Self; 2] = [Self::First, Self::Second];

    pub(super) fn other(self) -> Self {
        match self {
            Self::First => Self::Second,
            Self::Second => Self::First,
        }
    }

    fn read(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|place| *place as u8 == byte)
    }
}

impl Places {
    /// Of an index that has kept none yet.
    pub(super) fn first(has_base: bool) -> Self {
        Self { base: has_base.then_some(Place::First), older: None, newest: Place::First }
    }

    /// What was written stands still, and entries go to the other place.
    pub(super) fn turned(self) -> Self {
        Self { older: Some(self.newest), newest: self.newest.other(), ..self }
    }

    /// Where the next base is written.
    pub(super) fn next_base(self) -> Place {
        self.base.map_or(Place::First, Place::other)
    }

    /// That base holds the one before it and what stood still.
    pub(super) fn with_next_base(self) -> Self {
        Self { base: Some(self.next_base()), older: None, ..self }
    }

    pub(super) fn to_bytes(self) -> [u8; 3] {
        let byte = |place: Option<Place>| place.map_or(NONE, |place| place as u8);
        [byte(self.base), byte(self.older), self.newest as u8]
    }

    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let [base, older, newest] = *bytes else { return None };
        let maybe = |byte: u8| if byte == NONE { Some(None) } else { Place::read(byte).map(Some) };
        let read = Self { base: maybe(base)?, older: maybe(older)?, newest: Place::read(newest)? };
        (read.older != Some(read.newest)).then_some(read)
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, Places};

    #[test]
    fn places_take_turns_and_are_read_as_they_were_written() {
        let mut places = Places::first(false);
        for _ in 0..4 {
            let (base, newest) = (places.base, places.newest);
            places = places.turned();
            assert_eq!((places.older, places.newest), (Some(newest), newest.other()));
            assert_eq!(Places::read(&places.to_bytes()), Some(places));
            places = places.with_next_base();
            assert_eq!(places.older, None);
            assert_eq!(places.base, Some(base.map_or(Place::First, Place::other)));
            assert_eq!(Places::read(&places.to_bytes()), Some(places));
        }
        for unreadable in [&[0, 255][..], &[0, 1, 1], &[2, 255, 0], &[255, 255, 255]] {
            assert_eq!(Places::read(unreadable), None, "{unreadable:?}");
        }
    }
}
