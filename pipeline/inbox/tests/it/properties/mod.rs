//! What holds whatever stands on the disk. The target in `fuzz/` calls the same functions.

mod edited;
pub(crate) mod forged;
pub(crate) mod stored;

use yuanliu_inbox::InboxError;

/// Panics if an inbox gives out what was never appended, or reads a damaged disk without saying so.
///
/// The first byte says how the others are read: as changes to a folder that an inbox wrote, as the
/// bytes of a segment, or as those of a segment whose checksums are then made right.
pub(crate) fn check(bytes: &[u8]) {
    match bytes.split_first() {
        Some((b'e', changes)) => edited::check(changes),
        Some((b'r', segment)) => forged::check(segment.to_vec()),
        Some((b's', segment)) => forged::check(forged::sealed(segment.to_vec())),
        _ => {}
    }
}

/// Damage is told as such; the disk itself did nothing wrong.
fn assert_told(error: &InboxError) {
    let is_told = matches!(
        error,
        InboxError::Damaged { .. }
            | InboxError::Missing { .. }
            | InboxError::Version { .. }
            | InboxError::Schema { .. }
    );
    assert!(is_told, "{error:?}");
}
