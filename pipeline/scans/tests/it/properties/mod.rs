//! What holds for whatever a sender hands in. The targets in `fuzz/` call the same functions.

pub(crate) mod codes;
pub(crate) mod events;
