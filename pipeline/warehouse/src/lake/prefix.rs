//! The beginning of a text as a number.

/// The first sixteen bytes of a text, as a number with the same order: texts with different numbers are ordered as these are.
pub(crate) fn prefix(text: &[u8]) -> u128 {
    let mut first = [0; size_of::<u128>()];
    let len = text.len().min(first.len());
    first[..len].copy_from_slice(&text[..len]);
    u128::from_be_bytes(first)
}
