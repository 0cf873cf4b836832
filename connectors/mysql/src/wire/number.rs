//! Numbers in the width of their column.

/// A signed number of one, two, four or eight bytes.
#[inline]
pub(super) fn signed(bytes: &[u8]) -> Option<i64> {
    Some(match bytes.len() {
        1 => i64::from(i8::from_le_bytes(bytes.try_into().ok()?)),
        2 => i64::from(i16::from_le_bytes(bytes.try_into().ok()?)),
        4 => i64::from(i32::from_le_bytes(bytes.try_into().ok()?)),
        _ => i64::from_le_bytes(bytes.try_into().ok()?),
    })
}

/// A number without a sign of one, two, four or eight bytes.
#[inline]
pub(super) fn unsigned(bytes: &[u8]) -> Option<u64> {
    Some(match bytes.len() {
        1 => u64::from(u8::from_le_bytes(bytes.try_into().ok()?)),
        2 => u64::from(u16::from_le_bytes(bytes.try_into().ok()?)),
        4 => u64::from(u32::from_le_bytes(bytes.try_into().ok()?)),
        _ => u64::from_le_bytes(bytes.try_into().ok()?),
    })
}

/// Up to 64 bits, the highest first.
pub(super) fn bits(bytes: &[u8]) -> Option<u64> {
    let fold = |value: u64, byte: &u8| (value << 8) | u64::from(*byte);
    (bytes.len() <= 8).then(|| bytes.iter().fold(0, fold))
}

/// The shortest text that a float of four or eight bytes is read back from.
pub(super) fn shortest(bytes: &[u8]) -> Option<String> {
    Some(match bytes.len() {
        4 => f32::from_le_bytes(bytes.try_into().ok()?).to_string(),
        _ => f64::from_le_bytes(bytes.try_into().ok()?).to_string(),
    })
}
